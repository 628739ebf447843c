"""Every way into the loader has the same checks: CSV, JSON Lines, Parquet, mapped tables, packed files, stdin."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mce_graph.errors import MissingExtraError, SourceError, UsageError
from mce_graph.graph import Graph
from mce_graph.load import mapping as mappings
from mce_graph.load.check import Checker
from mce_graph.load.records import Skipped
from mce_graph.load.rows import NodeRow, RelRow, Row
from mce_graph.load.run import load
from mce_graph.load.sources import Reading, find, spool

from .dump import dump, put
from .test_load_bad_input import BAD_ROWS, NOW, TABLES, BadRow

pa = pytest.importorskip("pyarrow", reason="Parquet and zstd need pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@dataclass
class Outcome:
    rows: list[Row] = field(default_factory=list)
    rejected: list[tuple[int | None, str, str]] = field(default_factory=list)
    refused: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def said(self) -> list[tuple[str, dict[str, object]]]:
        return [
            (r.uid, dict(r.fields)) if isinstance(r, NodeRow) else (f"{r.start}>{r.end}", dict(r.fields))
            for r in self.rows
        ]


def read(path: Path, *, mapping: str = "", strict: bool = False, decimal: str = ".", delimiter: str = ",") -> Outcome:
    """Read and check one file, without a server."""
    outcome = Outcome()
    mapped = mappings.parse(mapping, "map.toml") if mapping else None
    (source,) = find([path], mapped=mapped is not None)
    if source.kind == "none":
        outcome.refused = source.reason
        return outcome
    checker = Checker(now=NOW, warn=outcome.warnings.append, decimal=decimal)
    reading = Reading(source, strict=strict, mapping=mapped, delimiter=delimiter)
    try:
        for number, record in enumerate(reading):
            assert not isinstance(record, Skipped)
            checked = checker.check(record, number)
            outcome.rows += checked.rows
            outcome.rejected += [(record.place.line, r.column, r.reason) for r in checked.refused]
    except SourceError as error:
        return Outcome(refused=f"{error} {error.hint}")
    outcome.warnings += reading.warnings
    return outcome


# --- the corpus of bad rows on every path ------------------------------------------------------------------------

Row_ = dict[str, str]


def cells(table: str, row: bytes) -> Row_ | None:
    """A row of the corpus as columns; ``None`` where its fault is one of CSV alone."""
    header = TABLES[table][0].strip().split(",")
    try:
        (values,) = csv.reader([row.decode()])
    except (UnicodeDecodeError, csv.Error):
        return None
    return dict(zip(header, values, strict=True)) if len(values) == len(header) else None


def json_lines(path: Path, rows: list[Row_]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def parquet(path: Path, rows: list[Row_]) -> Path:
    pq.write_table(pa.table({name: [row[name] for row in rows] for name in rows[0]}), path)
    return path


def mapped_csv(path: Path, rows: list[Row_]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def mapping_of(table: str) -> str:
    header = TABLES[table][0].strip().split(",")
    id_ = 'id = "{id}"\n' if "id" in header else ""
    properties = ", ".join(f'{name} = "{name}"' for name in header if name != "id")
    return f'[[node]]\nlabel = "{table}"\n{id_}properties = {{ {properties} }}\n'


FOR_ALL = [
    (table, bad)
    for table, bad in BAD_ROWS
    if bad.column and "quote:" not in bad.reason and "stray" not in bad.reason and cells(table, bad.row)
]
WRITERS: dict[str, tuple[str, Callable[[Path, list[Row_]], Path]]] = {
    "json lines": ("{}.jsonl", json_lines),
    "parquet": ("{}.parquet", parquet),
    "mapped csv": ("extract.csv", mapped_csv),
    "mapped json lines": ("extract.jsonl", json_lines),
    "mapped parquet": ("extract.parquet", parquet),
}


@pytest.mark.parametrize("way", WRITERS)
@pytest.mark.parametrize(("table", "bad"), FOR_ALL, ids=[bad.name for _, bad in FOR_ALL])
def test_a_bad_row_is_rejected_alone_on_every_path(tmp_path: Path, way: str, table: str, bad: BadRow) -> None:
    name, write = WRITERS[way]
    before, after = (cells(table, row.strip()) for row in TABLES[table][1])
    between = cells(table, bad.row)
    assert before
    assert between
    assert after
    clean = read(
        write(tmp_path / name.format(table), [before, after]), mapping=mapping_of(table) if "mapped" in way else ""
    )
    assert (len(clean.rows), clean.rejected, clean.refused) == (2, [], "")
    outcome = read(
        write(tmp_path / name.format(table), [before, between, after]),
        mapping=mapping_of(table) if "mapped" in way else "",
    )
    ((line, column, reason),) = outcome.rejected
    assert line == (3 if way == "mapped csv" else 2)
    assert bad.column in column
    expected = "control character U+0000" if bad.reason == "NUL" and way != "mapped csv" else bad.reason
    assert expected in reason or (way.startswith("mapped") and "empty" in expected)
    assert outcome.said == clean.said


GOOD = b'{"id": "P-1", "givenName": "Ann"}\n'
BAD_LINES = {
    "no JSON": (b'{"id": "P-3"', "is no JSON"),
    "latin-1": b'{"id": "P-3", "givenName": "Ren\xe9"}',
    "no object": (b'["P-3"]', "no JSON object"),
    "a number": (b"7", "no JSON object"),
    "NaN": (b'{"id": "P-3", "givenName": NaN}', "NaN is no JSON number"),
    "key twice": (b'{"id": "P-3", "id": "P-4"}', "stands twice"),
    "lone surrogate": (b'{"id": "P-3", "givenName": "\\ud800"}', "surrogate"),
    "no id": (b'{"givenName": "Ann"}', "is missing"),
    "null id": (b'{"id": null}', "is empty"),
    "float id": (b'{"id": 1001.0}', "ends in .0"),
    "object as name": (b'{"id": "P-3", "givenName": {"a": 1}}', "is no text"),
    "list as name": (b'{"id": "P-3", "givenName": ["a"]}', "is no text"),
    "footer": (b'{"id": "TOTAL"}', "footer"),
    "comment": (b"# exported", "is no JSON"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_rejected_alone(tmp_path: Path, name: str) -> None:
    said = BAD_LINES[name]
    line, reason = said if isinstance(said, tuple) else (said, "invalid UTF-8 at byte")
    path = tmp_path / "Individual.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD + line + b"\r\n\n" + GOOD.replace(b"P-1", b"P-2").strip())
    outcome = read(path)
    ((number, _, told),) = outcome.rejected
    assert number == 2
    assert reason in told
    assert [uid for uid, _ in outcome.said] == ["Individual:P-1", "Individual:P-2"]


def test_a_line_may_leave_out_columns_and_name_unknown_ones(tmp_path: Path) -> None:
    path = tmp_path / "Customer.jsonl"
    path.write_text('{"id": 7, "shoeSize": 38}\n{"ID": "8", "name": "Ann", "shoeSize": 1}\n', encoding="utf-8")
    outcome = read(path)
    assert outcome.said == [("Customer:7", {"id": "7"}), ("Customer:8", {"id": "8", "name": "Ann"})]
    assert [w for w in outcome.warnings if "unknown column" in w] == ["unknown column, left out: shoeSize"]
    assert "no column shoeSize" in read(path, strict=True).refused


# --- Parquet -----------------------------------------------------------------------------------------------------


def test_typed_values_of_parquet(tmp_path: Path) -> None:
    start = datetime(2024, 1, 1, 12, 0, 0, 1, tzinfo=UTC)
    table = pa.table(
        {
            "transaction": ["T-1", "T-1"],
            "seq": pa.array([1, 2], pa.int32()),
            "enteredAt": pa.array([start, None], pa.timestamp("ns", "Europe/Paris")),
            "isForm": [True, None],
            "lcpMs": pa.array([Decimal("12"), None], pa.decimal128(9, 0)),
            "error": pa.array([None, "x"]),
        }
    )
    pq.write_table(table, tmp_path / "SelfCareStep.parquet")
    outcome = read(tmp_path / "SelfCareStep.parquet")
    assert outcome.rejected == []
    assert outcome.said == [
        (
            "SelfCareStep:T-1|1",
            {"transaction": "T-1", "seq": 1, "enteredAt": start, "isForm": True, "lcpMs": 12, "error": None},
        ),
        (
            "SelfCareStep:T-1|2",
            {"transaction": "T-1", "seq": 2, "enteredAt": None, "isForm": None, "lcpMs": None, "error": "x"},
        ),
    ]
    people = pa.table({"id": pa.array([1, 2]), "birthDate": pa.array([date(1990, 2, 1), None])})
    pq.write_table(people, tmp_path / "Individual.parquet")
    assert read(tmp_path / "Individual.parquet").said[0] == ("Individual:1", {"id": "1", "birthDate": date(1990, 2, 1)})


BAD_TYPED = {
    "time without zone": ("startDate", pa.array([datetime(2024, 1, 1)], pa.timestamp("us")), "without its zone"),
    "year beyond 9999": ("startDate", pa.array([400_000_000_000], pa.timestamp("s", "UTC")), "years 1 to 9999"),
    "bytes": ("name", pa.array([b"Ann"]), "is a bytes"),
    "structure": ("name", pa.array([{"a": 1}]), "is a dict"),
    "invalid UTF-8": ("name", pa.array([b"Ren\xe9"]).cast(pa.string(), safe=False), "invalid UTF-8"),
    "float id": ("id", pa.array([1001.0]), "ends in .0"),
    "a number for a time": ("startDate", pa.array([1704067200000]), "since 1970"),
}


@pytest.mark.parametrize("name", BAD_TYPED)
def test_a_typed_value_that_does_not_fit_is_rejected(tmp_path: Path, name: str) -> None:
    column, values, reason = BAD_TYPED[name]
    given = {"id": pa.array(["C-1"]), column: values}
    pq.write_table(pa.table(given), tmp_path / "Customer.parquet")
    ((line, where, told),) = read(tmp_path / "Customer.parquet").rejected
    assert (line, where) == (1, column)
    assert reason in told


def test_a_mean_that_is_not_finite_is_rejected_as_a_number_too(tmp_path: Path) -> None:
    columns = {"subject": "User:U-1", "service": "Service:S-1", "metric": "mos", "granularity": "P1D"}
    rows = [{**columns, "windowStart": "2026-10-01T00:00:00Z", "mean": mean} for mean in (math.nan, math.inf, 0.9)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "QoEMeasurement.parquet")
    assert [(n, c) for n, c, _ in read(tmp_path / "QoEMeasurement.parquet").rejected] == [
        (n, "mean") for n in (1, 2, 3)
    ]


def parquet_bytes() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": ["C-1"]}), buffer)
    return buffer.getvalue()


REFUSED = {
    "no Parquet": ("Customer.parquet", b"id\nC-1\n", "damaged"),
    "half a file": ("Customer.parquet", parquet_bytes()[:-20], "damaged"),
    "named .csv": ("Customer.csv", parquet_bytes(), "name it .parquet"),
    "without the key": ("USES_ACCOUNT.parquet", parquet_bytes(), "missing"),
    "no table": ("Zebra.parquet", parquet_bytes(), "is not a table of the model"),
    "utf16": ("Customer.jsonl", '{"id": "C-1"}\n'.encode("utf-16"), "UTF-16"),
    "html": ("Customer.jsonl", b"<html><body>502</body></html>", "web page"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, name: str) -> None:
    file, content, reason = REFUSED[name]
    (tmp_path / file).write_bytes(content)
    assert reason in read(tmp_path / file).refused


# --- packed ------------------------------------------------------------------------------------------------------

CLEAN = b"id,name\nC-1,Ann\nC-2,Ben\n"


def zstd(content: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(content, asbytes=True))


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize("name", ["Customer.csv", "Customer.csv.zst", "Customer.csv.gz"])
def test_a_packed_file_is_read_by_its_first_bytes(tmp_path: Path, pack: Callable[[bytes], bytes], name: str) -> None:
    (tmp_path / name).write_bytes(pack(CLEAN))
    assert [uid for uid, _ in read(tmp_path / name).said] == ["Customer:C-1", "Customer:C-2"]


DAMAGED = {
    "truncated": (zstd(CLEAN * 1000)[:-4], "ends too early"),
    "garbage at the end": (zstd(CLEAN) + b"garbage", "damaged"),
    "damaged": (zstd(CLEAN)[:4] + b"\xff" * 6 + zstd(CLEAN)[10:], "damaged"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_packed_file_that_is_damaged_is_refused(tmp_path: Path, name: str) -> None:
    content, reason = DAMAGED[name]
    (tmp_path / "Customer.csv.zst").write_bytes(content)
    outcome = read(tmp_path / "Customer.csv.zst")
    assert reason in outcome.refused
    assert outcome.rows == []


def test_a_zstd_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mce_graph.load.unpack.FREE_OUTPUT", 4 << 20)
    (tmp_path / "Customer.csv.zst").write_bytes(zstd(b"id,name\nC-1," + b"x" * (20 << 20)))
    assert "more than 200 times" in read(tmp_path / "Customer.csv.zst").refused


def test_without_pyarrow_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Customer.csv.zst").write_bytes(zstd(CLEAN))
    (tmp_path / "Account.parquet").write_bytes(parquet_bytes())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "mce-graph[parquet]" in read(tmp_path / "Customer.csv.zst").refused
    with pytest.raises(MissingExtraError, match=r"Account.parquet: reading Parquet needs pyarrow"):
        read(tmp_path / "Account.parquet")


# --- signs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_another_delimiter(tmp_path: Path, sign: str) -> None:
    text = f'id{sign}name\nC-1{sign}"An{sign}n"\nC-2{sign}Be,n\nC-3\nC-4{sign}D"d\n'
    (tmp_path / "Customer.csv").write_text(text, encoding="utf-8")
    outcome = read(tmp_path / "Customer.csv", delimiter=sign)
    assert outcome.said == [
        ("Customer:C-1", {"id": "C-1", "name": f"An{sign}n"}),
        ("Customer:C-2", {"id": "C-2", "name": "Be,n"}),
    ]
    assert [(line, column) for line, column, _ in outcome.rejected] == [(4, ""), (5, "name")]
    assert "-delimited" in read(tmp_path / "Customer.csv").refused


def test_a_decimal_comma_where_it_was_told(tmp_path: Path) -> None:
    text = 'id,monthlyValue\nP-1,"4,5"\nP-2,4.5\nP-3,"1.234,5"\nP-4,4\nP-5,"4,5,6"\n'
    (tmp_path / "Product.csv").write_text(text, encoding="utf-8")
    outcome = read(tmp_path / "Product.csv", decimal=",")
    assert [fields["monthlyValue"] for _, fields in outcome.said] == [4.5, 4.0]
    assert [line for line, _, _ in outcome.rejected] == [3, 4, 6]


@pytest.mark.parametrize("options", [{"delimiter": "ab"}, {"delimiter": '"'}, {"decimal": "x"}, {"table": "Customer"}])
def test_words_that_are_off(tmp_path: Path, options: dict[str, str]) -> None:
    path = put(tmp_path, Customer="id\nC-1\n")
    with pytest.raises(UsageError):
        load(None, path, **options)  # type: ignore[arg-type]


# --- standard input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "content", "uids"),
    [
        ("Customer", CLEAN, ["Customer:C-1", "Customer:C-2"]),
        ("Customer", gzip.compress(CLEAN, mtime=0), ["Customer:C-1", "Customer:C-2"]),
        ("Customer", b'{"id": "C-1"}\n', ["Customer:C-1"]),
        ("Customer", parquet_bytes(), ["Customer:C-1"]),
        ("tmf", b'[{"@type": "Customer", "id": "C-1"}]', ["Customer:C-1"]),
        ("jsonl", b'{"@type": "Customer", "id": "C-1"}\n', ["Customer:C-1"]),
        ("USES_ACCOUNT", b"start,end,role\nUser:U-1,Account:A-1,guest\n", ["User:U-1"]),
    ],
)
def test_standard_input_is_kept_for_its_owner_alone_and_goes(
    tmp_path: Path, table: str, content: bytes, uids: list[str]
) -> None:
    with spool(io.BytesIO(content), tmp_path / "spool", table) as source:
        assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(source.path.parent.stat().st_mode) == 0o700
        checker = Checker(now=NOW, warn=lambda what: None)
        found = [r for i, one in enumerate(Reading(source)) for r in checker.check(one, i).rows]  # type: ignore[arg-type]
        assert [r.start if isinstance(r, RelRow) else r.uid for r in found] == uids
    assert list((tmp_path / "spool").iterdir()) == []


def test_standard_input_needs_a_table(tmp_path: Path) -> None:
    for table in ("", "Customers", "csv"):
        with pytest.raises(UsageError), spool(io.BytesIO(b""), tmp_path, table):
            pass


def test_every_form_of_one_table_is_one_graph(
    empty_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCE_HOME", str(tmp_path / "home"))
    rows: list[Row_] = [{"id": "C-1", "name": "Ann"}, {"id": "C-2", "name": "Ben"}]
    (tmp_path / "Customer.csv").write_bytes(CLEAN)
    assert load(empty_graph, tmp_path / "Customer.csv", now=NOW).written == 2
    before = dump(empty_graph)
    for path in (
        json_lines(tmp_path / "Customer.jsonl", rows),
        parquet(tmp_path / "Customer.parquet", rows),
    ):
        assert load(empty_graph, path, now=NOW).unchanged == 2

    class Stdin:
        buffer = io.BytesIO(zstd(CLEAN))

    monkeypatch.setattr("sys.stdin", Stdin)
    report = load(empty_graph, "-", table="Customer", now=NOW)
    assert (report.unchanged, report.files[0].file) == (2, "standard input")
    assert dump(empty_graph) == before
    assert list((tmp_path / "home" / "spool").iterdir()) == []
