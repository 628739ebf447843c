"""Every class of bad input: the right outcome for the row or the file, its place and reason, and no good row lost."""

from __future__ import annotations

import csv
import gzip
import json
import stat
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mce_graph.errors import SourceError
from mce_graph.graph import Graph
from mce_graph.load.check import Checker
from mce_graph.load.mapping import ForeignMapping
from mce_graph.load.mapping import load as load_mapping
from mce_graph.load.records import Skipped
from mce_graph.load.rows import Row
from mce_graph.load.run import load
from mce_graph.load.sources import Reading, find
from mce_graph.load.strictjson import StrictJsonError, strict_json

from .dump import dump, put

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass
class Outcome:
    """What became of one file."""

    rows: list[Row] = field(default_factory=list)
    rejected: list[tuple[int | None, str, str]] = field(default_factory=list)
    """(line, column, reason)"""
    refused: str = ""
    blank: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [row.uid if hasattr(row, "uid") else row.start for row in self.rows]


def read(
    path: Path,
    *,
    strict: bool = False,
    assume_tz: str | None = None,
    system: str | None = None,
    mapping: ForeignMapping | None = None,
) -> Outcome:
    """Read and check one file, without a server."""
    outcome = Outcome()
    (source,) = find([path], mapped=mapping is not None)
    if source.kind == "none":
        outcome.refused = source.reason
        return outcome
    checker = Checker(
        now=NOW, warn=outcome.warnings.append, system=system, assume_tz=ZoneInfo(assume_tz) if assume_tz else None
    )
    reading = Reading(source, strict=strict, system=system, mapping=mapping)
    try:
        for number, record in enumerate(reading):
            assert not isinstance(record, Skipped)
            checked = checker.check(record, number)
            outcome.rows += checked.rows
            outcome.rejected += [(record.place.line, r.column, r.reason) for r in checked.refused]
    except SourceError as error:
        return Outcome(refused=str(error))
    outcome.blank = reading.blank
    outcome.warnings += reading.warnings
    return outcome


# --- a bad row between two good ones ---------------------------------------------------------------------------

PERSON = "id,givenName,familyName,birthDate\n"
PEOPLE = (b"P-1,Ann,Archer,1990-02-01\n", b"P-2,Ben,Baker,\n")


@dataclass(frozen=True)
class BadRow:
    """A row that must be rejected alone: its column and a word of the reason."""

    name: str
    row: bytes
    column: str
    reason: str


def person(name: str, cells: str | bytes, column: str, reason: str) -> BadRow:
    return BadRow(name, cells.encode() if isinstance(cells, str) else cells, column, reason)


BAD_PEOPLE = (
    person("latin-1 name", b"P-3,Ren\xe9,X,", "givenName", "invalid UTF-8 at byte 8"),
    person("overlong utf8", b"P-3,\xc0\xaf,X,", "givenName", "invalid UTF-8"),
    person("surrogate half in utf8", b"P-3,\xed\xa0\x80,X,", "givenName", "invalid UTF-8"),
    person("NUL byte", b"P-3,A\x00B,X,", "givenName", "NUL"),
    person("NUL byte in quotes", b'P-3,"A\x00B",X,', "givenName", "NUL"),
    person("row too short", "P-3,Ann", "", "2 of 4 fields"),
    person("row too long", "P-3,Ann,X,,extra,more", "", "6 of 4 fields"),
    person("stray quote", 'P-3,An"n,X,', "givenName", "stray quote"),
    person("text after a quote", 'P-3,"Ann"x,X,', "familyName", "stray quote"),
    person("backslash escape", 'P-3,"An\\"n",X,', "familyName", "stray quote"),
    person("1 MB field", "P-3," + "x" * 1_000_000 + ",X,", "givenName", "longer than 4,096"),
    person("9 kB id", "P" * 9000 + ",Ann,X,", "id", "longer than 256"),
    person("empty id", ",Ann,X,", "id", "is empty"),
    person("whitespace id", "   ,Ann,X,", "id", "is empty"),
    person("nbsp in id", "P\u00a03,Ann,X,", "id", "invisible character U+00A0"),
    person("zero-width in id", "P\u200b3,Ann,X,", "id", "invisible character U+200B"),
    person("homoglyph id", "Р-3,Ann,X,", "id", "mixed-script"),  # the first letter is Cyrillic
    person("scripts mixed in id", "PЖ-3,Ann,X,", "id", "several scripts"),
    person("full-width id", "Ｐ-3,Ann,X,", "id", "full width"),
    person("space in id", "P 3,Ann,X,", "id", "U+0020"),
    person("cypher text in id", "P-3'})//,Ann,X,", "id", "U+0027"),
    person("quote in id", '"P""3",Ann,X,', "id", "U+0022"),
    person("spreadsheet's float id", "1001.0,Ann,X,", "id", "ends in .0"),
    person("spreadsheet's scientific id", "1.00E+11,Ann,X,", "id", "mangled number"),
    person("spreadsheet's error", "#REF!,Ann,X,", "id", "U+0021"),
    person("RTL override in name", "P-3,A\u202enn,X,", "givenName", "bidirectional control U+202E"),
    person("RTL isolate in name", "P-3,A\u2067nn,X,", "givenName", "bidirectional control U+2067"),
    person("ANSI escape in name", "P-3,A\x1b[31m,X,", "givenName", "control character U+001B"),
    person("C1 control in name", "P-3,A\u009bn,X,", "givenName", "control character U+009B"),
    person("day that is none", "P-3,Ann,X,2024-02-30", "birthDate", "no such day"),
    person("ambiguous day", "P-3,Ann,X,01/02/1990", "birthDate", "ISO 8601"),
    person("born in the future", "P-3,Ann,X,2026-11-25", "birthDate", "after the day of the load"),
    person("born in 1700", "P-3,Ann,X,1700-01-01", "birthDate", "older than 130"),
    person("spreadsheet's day number", "P-3,Ann,X,32874", "birthDate", "day number"),
    person("week date", "P-3,Ann,X,2024-W01-1", "birthDate", "ISO 8601"),
    person("ordinal date", "P-3,Ann,X,2024-001", "birthDate", "ISO 8601"),
    person("basic date", "P-3,Ann,X,19900201", "birthDate", "ISO 8601"),
    person("Arabic digits in a date", "P-3,Ann,X,١٩٩٠-٠٢-٠١", "birthDate", "ISO 8601"),
    person("comment line", "# exported by tool", "", "1 of 4 fields"),
    person("comment line with commas", "#P-3,Ann,X,", "id", "begins with #"),
    person("footer line", "TOTAL,2,,", "id", "footer"),
    person("100k columns", "P-3" + ",x" * 100_000, "", "100,001 of 4 fields"),
)

MEASURED = "subject,service,metric,granularity,windowStart,mean\n"
WINDOWS = (
    b"User:U-1,Service:S-1,mos,P1D,2026-10-01T00:00:00Z,4.1\n",
    b"User:U-1,Service:S-1,mos,P1D,2026-10-02T00:00:00Z,\n",
)


def mos(name: str, value: str, reason: str) -> BadRow:
    row = f"User:U-1,Service:S-1,mos,P1D,2026-10-03T00:00:00Z,{value}"
    return BadRow(f"mos {name}", row.encode(), "mean", reason)


BAD_WINDOWS = (
    mos("NaN", "NaN", "not finite"),
    mos("inf", "-inf", "not finite"),
    mos("1e400", "1e400", "not finite"),
    mos("0.9", "0.9", "1 to 5"),
    mos("5.1", "5.1", "1 to 5"),
    mos("decimal comma", '"4,1"', "decimal comma"),
    mos("underscore", "1_0", "no number"),
    mos("Arabic digits", "٤", "no number"),
    mos("hex", "0x4", "no number"),
    BadRow(
        "subject of another label",
        b"Account:A-1,Service:S-1,mos,P1D,2026-10-03T00:00:00Z,4",
        "subject",
        "is a Account; expected is User or Service",
    ),
)

CUSTOMER = "id,name,startDate,terminationDate\n"
CUSTOMERS = (b"C-1,Ann,2024-01-01T00:00:00Z,\n", b"C-2,Ben,,\n")


def since(name: str, value: str, reason: str) -> BadRow:
    return BadRow(f"since {name}", f"C-3,Cy,{value},".encode(), "startDate", reason)


BAD_CUSTOMERS = (
    since("without zone", "2024-01-01T10:00:00", "without its zone"),
    since("a day alone", "2024-01-01", "day without time and zone"),
    since("in the gap of the summer time", "2024-03-31T01:30:00[Europe/London]", "no such local time"),
    since("twice at the end of summer time", "2024-10-27T01:30:00[Europe/London]", "came twice"),
    since("in no zone", "2024-03-31T01:30:00[Europe/Nowhere]", "does not exist"),
    since("epoch milliseconds", "1704067200000", "since 1970"),
    since("year 10000", "10000-01-01T00:00:00Z", "ISO 8601"),
    since("before year 1", "0001-01-01T00:00:00+05:00", "years 1 to 9999"),
    since("hour 24", "2024-01-01T24:00:00Z", "no such day or time"),
    since("leap second", "2016-12-31T23:59:60Z", "no such day or time"),
    since("offset of a day", "2024-01-01T00:00:00+24:00", "offset"),
    since("word", "yesterday", "ISO 8601"),
    BadRow(
        "end before start",
        b"C-3,Cy,2024-01-01T00:00:00Z,2023-12-31T23:59:59Z",
        "terminationDate",
        "is before startDate",
    ),
)

SERVICE = "id,name,msisdn\n"
SERVICES = (b"S-1,Mobile,+447700900001\n", b"S-2,Fixed,\n")


def msisdn(name: str, value: str, reason: str) -> BadRow:
    return BadRow(f"msisdn {name}", f"S-3,Mobile,{value}".encode(), "msisdn", reason)


BAD_SERVICES = (
    msisdn("spreadsheet's scientific", "4.4770E+11", "mangled number"),
    msisdn("spreadsheet's float", "447700900001.0", "ends in .0"),
    msisdn("longer than E.164", "9223372036854775808", "more than 15 digits"),
    msisdn("too short", "+4477", "no possible phone number"),
    msisdn("of no country", "+999123456789", "phone number"),
    msisdn("letters", "+44 CALL ME", "no phone number"),
)

TABLES: dict[str, tuple[str, tuple[bytes, bytes], tuple[BadRow, ...]]] = {
    "Individual": (PERSON, PEOPLE, BAD_PEOPLE),
    "QoEMeasurement": (MEASURED, WINDOWS, BAD_WINDOWS),
    "Customer": (CUSTOMER, CUSTOMERS, BAD_CUSTOMERS),
    "Service": (SERVICE, SERVICES, BAD_SERVICES),
}
BAD_ROWS = [(table, bad) for table, (_, _, rows) in TABLES.items() for bad in rows]


def around(table: str, bad: BadRow) -> bytes:
    header, (first, second), _ = TABLES[table]
    return header.encode() + first + bad.row + b"\n" + second


@pytest.mark.parametrize(("table", "bad"), BAD_ROWS, ids=[bad.name for _, bad in BAD_ROWS])
def test_a_bad_row_is_rejected_alone(tmp_path: Path, table: str, bad: BadRow) -> None:
    path = tmp_path / f"{table}.csv"
    path.write_bytes(around(table, bad))
    outcome = read(path)
    assert not outcome.refused
    ((line, column, reason),) = outcome.rejected
    assert (line, column) == (3, bad.column)
    assert bad.reason in reason
    assert len(outcome.rows) == 2, "a good row beside it was lost"


def cells(table: str, row: bytes) -> dict[str, str] | None:
    """The cells of a row by column, as a strict reader of CSV has them; none where it is no row of its table."""
    names = TABLES[table][0].strip().split(",")
    try:
        (found,) = csv.reader([row.decode("utf-8").rstrip("\n")], strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        return None
    return dict(zip(names, found, strict=True)) if len(found) == len(names) else None


IN_CELLS = [
    (table, bad) for table, bad in BAD_ROWS if bad.column and "quote" not in bad.reason and cells(table, bad.row)
]
"""Those that are bad for what a cell holds, whatever the format of the file."""


@pytest.mark.parametrize(("table", "bad"), IN_CELLS, ids=[bad.name for _, bad in IN_CELLS])
@pytest.mark.parametrize("kind", ["jsonl", "parquet", "mapped"])
def test_a_bad_row_is_rejected_alone_in_every_format(tmp_path: Path, kind: str, table: str, bad: BadRow) -> None:
    _, (first, second), _ = TABLES[table]
    rows = [found for row in (first, bad.row, second) if (found := cells(table, row))]
    columns = list(rows[0])
    mapping = None
    path = tmp_path / f"{table}.{kind}"
    if kind == "jsonl":
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    elif kind == "parquet":
        pq.write_table(pa.table({name: [row[name] for row in rows] for name in columns}), path)
    else:
        path = tmp_path / "extract.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *(row.values() for row in rows)])
        kept = ", ".join(f'{name} = "{name}"' for name in columns if name != "id")
        key = 'id = "{id}"\n' if "id" in columns else ""
        toml = f'[[node]]\nlabel = "{table}"\n{key}properties = {{ {kept} }}\n'
        (tmp_path / "map.toml").write_text(toml, encoding="utf-8")
        mapping = load_mapping(tmp_path / "map.toml")
    outcome = read(path, mapping=mapping)
    assert not outcome.refused
    ((line, column, reason),) = outcome.rejected
    assert (line, column) == (3 if kind == "mapped" else 2, bad.column)
    assert ("U+0000" if bad.reason == "NUL" and kind != "mapped" else bad.reason) in reason
    assert len(outcome.rows) == 2, "a good row beside it was lost"


REL = "start,end,role,validFrom,validTo\n"
BAD_LINKS = (
    ("start without label", "U-1,A-1,guest,,", "", ""),
    ("wrong label", "Customer:C-1,Account:A-1,guest,,", "start", "is a Customer; expected is User"),
    ("label of no key", "Party:P-1,Account:A-1,guest,,", "start", "use Individual or Organization"),
    ("empty end", "User:U-1,,guest,,", "end", "is empty"),
    ("bad id in uid", "User:U 1,Account:A-1,guest,,", "start", "U+0020"),
    ("role that is none", "User:U-1,Account:A-1,boss,,", "role", "is none of primary"),
    (
        "end before start",
        "User:U-1,Account:A-1,guest,2024-01-02T00:00:00Z,2024-01-01T00:00:00Z",
        "validTo",
        "is before validFrom",
    ),
)


@pytest.mark.parametrize(("name", "row", "column", "reason"), BAD_LINKS, ids=[b[0] for b in BAD_LINKS])
def test_a_bad_relationship_is_rejected_alone(tmp_path: Path, name: str, row: str, column: str, reason: str) -> None:
    path = tmp_path / "USES_ACCOUNT.csv"
    path.write_text(REL + "User:U-1,Account:A-1,primary,,\n" + row + "\nUser:U-2,Account:A-1,,,\n", encoding="utf-8")
    outcome = read(path)
    assert outcome.keys[0] == "User:U-1"
    assert outcome.keys[-1] == "User:U-2"
    if not reason:  # the only label there can be is taken for a bare id
        assert outcome.rejected == []
        return
    assert [(line, c) for line, c, _ in outcome.rejected] == [(3, column)]
    assert reason in outcome.rejected[0][2]


# --- good input that looks odd -----------------------------------------------------------------------------------


def fields(outcome: Outcome) -> list[dict[str, object]]:
    assert not outcome.rejected, outcome.rejected
    assert not outcome.refused, outcome.refused
    return [dict(row.fields) for row in outcome.rows]


GOOD_BYTES: dict[str, bytes] = {
    "clean": PERSON.encode() + b"".join(PEOPLE),
    "utf8 BOM": b"\xef\xbb\xbf" + PERSON.encode() + b"".join(PEOPLE),
    "CRLF": (PERSON.encode() + b"".join(PEOPLE)).replace(b"\n", b"\r\n"),
    "CR only": (PERSON.encode() + b"".join(PEOPLE)).replace(b"\n", b"\r"),
    "mixed LF and CRLF": PERSON.encode() + PEOPLE[0].replace(b"\n", b"\r\n") + PEOPLE[1],
    "no newline at end": (PERSON.encode() + b"".join(PEOPLE)).rstrip(b"\n"),
    "header case and spaces": b"ID, Given Name ,FAMILY_NAME,birthdate\n" + b"".join(PEOPLE),
    "quoted": PERSON.encode() + b'"P-1","Ann","Archer","1990-02-01"\n"P-2","Ben","Baker",""\n',
    "id padded with spaces": PERSON.encode() + b" P-1 ,Ann,Archer,1990-02-01\n" + PEOPLE[1],
    "gz": gzip.compress(PERSON.encode() + b"".join(PEOPLE)),
    "gz of two members": gzip.compress(PERSON.encode() + PEOPLE[0]) + gzip.compress(PEOPLE[1]),
}


@pytest.mark.parametrize("name", GOOD_BYTES)
def test_an_unusual_file_loads_like_the_clean_one(tmp_path: Path, name: str) -> None:
    path = tmp_path / "Individual.csv"
    path.write_bytes(GOOD_BYTES[name])
    outcome = read(path)
    assert fields(outcome) == [
        {"id": "P-1", "givenName": "Ann", "familyName": "Archer", "birthDate": datetime(1990, 2, 1).date()},
        {"id": "P-2", "givenName": "Ben", "familyName": "Baker", "birthDate": None},
    ]
    assert outcome.keys == ["Individual:P-1", "Individual:P-2"]


def test_blank_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "Individual.csv"
    path.write_bytes(b"\n" + PERSON.encode() + b"\n" + PEOPLE[0] + b"  \t\n,,,\n" + PEOPLE[1] + b"\n\n")
    outcome = read(path)
    assert (len(outcome.rows), outcome.blank, outcome.rejected) == (2, 6, [])


def test_a_quoted_newline_stays_and_the_row_has_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "Individual.csv"
    path.write_bytes(PERSON.encode() + b'P-1,"Ann\r\nMary",Archer,\nP-2,"B, ""Ben""",Baker,2024-02-30\n')
    outcome = read(path)
    assert [row.fields["givenName"] for row in outcome.rows] == ["Ann\nMary"]
    assert [(line, column) for line, column, _ in outcome.rejected] == [(4, "birthDate")]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "-2+3", "+44", "@x", "\t=1", "\r=1", "[bold]x[/]", "'}) DETACH DELETE n //", "null", "NA", "TRUE", "Zoë"],
)
def test_names_are_kept_literally(tmp_path: Path, name: str) -> None:
    path = tmp_path / "Individual.csv"
    path.write_bytes(PERSON.encode() + f'P-1,"{name}",X,\n'.encode())
    assert fields(read(path))[0]["givenName"] == name


def test_ids_are_texts_in_one_normal_form(tmp_path: Path) -> None:
    path = tmp_path / "Individual.csv"
    path.write_bytes(PERSON.encode() + "007,A,,\n7,B,,\nÉ-1,C,,\nE\u0301-1,D,,\n".encode())
    assert read(path).keys == ["Individual:007", "Individual:7", "Individual:É-1", "Individual:É-1"]


INSTANTS = {
    "2024-01-01T05:30:00+05:30": "2024-01-01T00:00:00Z",
    "2024-07-01T12:00:00.123456789Z": "2024-07-01T12:00:00.123456Z",
    "2024-07-01T12:00-0700": "2024-07-01T19:00:00Z",
    "2024-07-01T12:00:00[Europe/London]": "2024-07-01T11:00:00Z",
    "2024-10-27T01:30:00+01:00[Europe/London]": "2024-10-27T00:30:00Z",
}


@pytest.mark.parametrize("said", INSTANTS)
def test_times_become_the_instant_in_utc(tmp_path: Path, said: str) -> None:
    path = put(tmp_path, Customer=f"id,startDate\nC-1,{said}\n") / "Customer.csv"
    assert fields(read(path))[0]["startDate"] == datetime.fromisoformat(INSTANTS[said])


def test_times_without_zone_by_an_assumed_one(tmp_path: Path) -> None:
    text = "id,startDate\nC-1,2024-07-01T12:00:00\nC-2,2024-01-01\nC-3,2024-03-31T01:30:00\n"
    outcome = read(put(tmp_path, Customer=text) / "Customer.csv", assume_tz="Europe/London")
    assert [row.fields["startDate"] for row in outcome.rows] == [
        datetime(2024, 7, 1, 11, tzinfo=UTC),
        datetime(2024, 1, 1, tzinfo=UTC),
    ]
    assert "put forward" in outcome.rejected[0][2]


def test_phones_become_e164_and_keep_their_digits_without_a_country(tmp_path: Path) -> None:
    text = (
        "mediumType,value\nphone,+44 7700 900002\nphone,07700 900-003\nphone,0044 7700 900004\nEMAIL,Ann@Example.ORG\n"
    )
    outcome = read(put(tmp_path, ContactMedium=text) / "ContactMedium.csv")
    assert outcome.keys == [
        "ContactMedium:phone|+447700900002",
        "ContactMedium:phone|07700900003",
        "ContactMedium:phone|+447700900004",
        "ContactMedium:email|ann@example.org",
    ]
    assert outcome.warnings == ["a phone number without its country keeps its digits"]


def test_enums_take_their_own_spelling_and_keep_the_word_that_was_changed(tmp_path: Path) -> None:
    text = "id,status\nC-1,ACTIVE\nC-2,Approved\nC-3,Zombie\nC-4,\nC-5,active\n"
    outcome = read(put(tmp_path, Customer=text) / "Customer.csv")
    assert [(f["status"], f["statusRaw"]) for f in fields(outcome)] == [
        ("active", "ACTIVE"), ("active", "Approved"), (None, "Zombie"), (None, None), ("active", None),
    ]  # fmt: skip
    assert outcome.warnings == ["status has a word that the model does not know: kept in statusRaw"]
    account = read(put(tmp_path, Account="id,state\nA-1,CLOSED\nA-2,Dormant\n") / "Account.csv")
    assert [(f["state"], f["stateRaw"]) for f in fields(account)] == [("Closed", "CLOSED"), ("Dormant", None)]
    ticket = read(put(tmp_path, TroubleTicket="id,status\nT-1,Pending\nT-2,ongoing\n") / "TroubleTicket.csv")
    assert [row.fields["status"] for row in ticket.rows] == ["pending"]
    assert ticket.rejected[0][1] == "status"


def test_a_measurement_without_a_value_has_none(tmp_path: Path) -> None:
    path = tmp_path / "QoEMeasurement.csv"
    path.write_bytes(MEASURED.encode() + b"".join(WINDOWS))
    outcome = read(path)
    assert [f["mean"] for f in fields(outcome)] == [4.1, None]
    assert outcome.keys[0] == "QoEMeasurement:User:U-1|Service:S-1|mos|P1D|2026-10-01T00:00:00Z"


def test_a_composite_key_may_come_whole(tmp_path: Path) -> None:
    text = "id,pageId\nT-1|3,/pay\n"
    outcome = read(put(tmp_path, SelfCareStep=text) / "SelfCareStep.csv")
    assert outcome.keys == ["SelfCareStep:T-1|3"]
    assert fields(outcome) == [{"transaction": "T-1", "seq": 3, "pageId": "/pay"}]


# --- files -------------------------------------------------------------------------------------------------------


def zipped(content: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Individual.csv", content)
    return buffer.getvalue()


CLEAN = GOOD_BYTES["clean"]
REFUSED: dict[str, tuple[bytes, str]] = {
    "utf16 with BOM": (CLEAN.decode().encode("utf-16"), "UTF-16"),
    "utf16 without BOM": (CLEAN.decode().encode("utf-16-le"), "UTF-16"),
    "empty file": (b"", "no header"),
    "blank file": (b"\n\n", "no header"),
    "missing header": (b"".join(PEOPLE), "missing"),
    "missing required column": (b"givenName,familyName\nAnn,Archer\n", "column id of Individual is missing"),
    "duplicate header": (b"id,givenName,Given Name\nP-1,a,b\n", "stands twice"),
    "semicolon delimiter": (CLEAN.replace(b",", b";"), "looks ';'-delimited"),
    "tab delimiter": (CLEAN.replace(b",", b"\t"), "looks tab-delimited"),
    "unterminated quote": (PERSON.encode() + PEOPLE[0] + b'P-3,"Ann,X,\n' + PEOPLE[1], "Individual.csv:3: the quote"),
    "quote that swallows rows": (PERSON.encode() + b'P-3,"Ann,X,\nP-4,"Bob",Y,\n' + PEOPLE[1], "Individual.csv:2: the"),
    "gz truncated": (gzip.compress(CLEAN * 100)[:-9], "ends too early"),
    "gz damaged": (gzip.compress(CLEAN)[:20] + b"\x00\xff\x00\xff" + gzip.compress(CLEAN)[24:], "damaged"),
    "gz trailing garbage": (gzip.compress(CLEAN) + b"garbage", "follows the end"),
    "zip": (zipped(CLEAN), "zip"),
    "html": (b"<!DOCTYPE html><html><body>502</body></html>", "web page"),
    "json": (b'[{"id": "P-1"}]', "JSON"),
    "git-lfs pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "git-lfs"),
    "parquet": (b"PAR1....", "Parquet"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_in_which_nothing_can_be_trusted_is_refused(tmp_path: Path, name: str) -> None:
    content, reason = REFUSED[name]
    path = tmp_path / "Individual.csv"
    path.write_bytes(content)
    outcome = read(path)
    assert reason in outcome.refused
    assert outcome.rows == []


def test_a_bomb_is_refused_in_flat_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mce_graph.load.unpack.FREE_OUTPUT", 8 << 20)
    path = tmp_path / "Individual.csv"
    path.write_bytes(gzip.compress(PERSON.encode() + b"P-1," + b"x" * (40 << 20)))
    assert "more than 200 times" in read(path).refused


def test_a_line_longer_than_memory_is_rejected_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mce_graph.load.csvread.RECORD_LIMIT", 1 << 20)
    path = tmp_path / "Individual.csv"
    path.write_bytes(PERSON.encode() + PEOPLE[0] + b"P-3," + b"x" * (5 << 20) + b"\n" + PEOPLE[1])
    outcome = read(path)
    assert [line for line, _, _ in outcome.rejected] == [3]
    assert outcome.keys == ["Individual:P-1", "Individual:P-2"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Party.csv", "Party.csv is not a table: use Individual.csv or Organization.csv"),
        ("Household.csv", "use Group.csv"),
        ("customer.csv", "did you mean Customer.csv?"),
        ("Customers.csv.gz", "did you mean Customer.csv.gz?"),
        ("uses-account.csv", "did you mean USES_ACCOUNT.csv?"),
        ("zebra.csv", "mapping"),
    ],
)
def test_a_table_that_is_none_is_told_the_right_name(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / name).write_bytes(CLEAN)
    assert hint in read(tmp_path / name).refused


def test_an_unknown_column_is_left_out_or_refused(tmp_path: Path) -> None:
    path = put(tmp_path, Customer="id,name,shoeSize\nC-1,Ann,38\n") / "Customer.csv"
    assert fields(read(path)) == [{"id": "C-1", "name": "Ann"}]
    assert read(path).warnings == ["unknown column, left out: shoeSize"]
    assert "no column shoeSize" in read(path, strict=True).refused


def test_only_a_header_is_no_rows_and_a_warning(tmp_path: Path) -> None:
    outcome = read(put(tmp_path, Customer="id,name\n") / "Customer.csv")
    assert (outcome.rows, outcome.rejected, outcome.refused) == ([], [], "")
    assert "no rows" in outcome.warnings[0]


# --- JSON --------------------------------------------------------------------------------------------------------

BAD_JSON = {
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "1e999": b'{"a": 1e999}',
    "repeated key": b'{"a": 1, "a": 2}',
    "lone surrogate": b'{"a": ["\\ud800"]}',
    "lone surrogate as key": b'{"\\udfff": 1}',
    "30 digits": b'{"a": 123456789012345678901234567890}',
    "int beyond 64 bits": b'{"a": 9223372036854775808}',
    "latin-1": b'{"a": "\xe9"}',
    "trailing text": b'{"a": 1} x',
    "control character in a text": b'{"a": "\x01"}',
    "nested too deeply": b"[" * 100_000 + b"]" * 100_000,
    "nothing": b" ",
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_what_is_no_json_is_refused(name: str) -> None:
    with pytest.raises(StrictJsonError):
        strict_json(BAD_JSON[name])


def test_json_is_decoded() -> None:
    text = '\ufeff{"a": [1, -9223372036854775808, 1.5, "\\ud83d\\ude00", null, true]}'
    assert strict_json(text.encode()) == {"a": [1, -(2**63), 1.5, "😀", None, True]}


# --- all of it beside a clean load -------------------------------------------------------------------------------


def test_the_corpus_beside_the_clean_files_gives_the_clean_graph(empty_graph: Graph, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    put(clean, User="id\nU-1\n")
    for table, (header, rows, _) in TABLES.items():
        (clean / f"{table}.csv").write_bytes(header.encode() + b"".join(rows))
    report = load(empty_graph, clean, rejects=tmp_path / "none.jsonl", now=NOW)
    assert (report.read, report.written, report.rejected, report.rejects) == (9, 9, 0, None)
    before = dump(empty_graph)

    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for i, (table, bad) in enumerate(BAD_ROWS):
        (corpus / f"{table}.case{i}.csv").write_bytes(around(table, bad))
    for i, (content, _) in enumerate(REFUSED.values()):
        (corpus / f"Individual.refused{i}.csv").write_bytes(content)
    report = load(empty_graph, corpus, rejects=tmp_path / "rejects.jsonl", now=NOW)
    assert dump(empty_graph) == before
    assert report.rejected == len(BAD_ROWS)
    assert len(report.refused) == len(REFUSED)
    assert report.read == 3 * len(BAD_ROWS)
    assert report.duplicate == 2 * len(BAD_ROWS) - 8, "each good row is unchanged once, then a duplicate"
    assert report.unchanged == 8
    lines = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len(BAD_ROWS)
    assert all({"file", "line", "column", "reason", "table", "row"} <= line.keys() for line in lines)
    assert stat.S_IMODE((tmp_path / "rejects.jsonl").stat().st_mode) == 0o600


def test_mended_rejects_load_again(empty_graph: Graph, tmp_path: Path) -> None:
    put(tmp_path / "in", Customer="id,name,startDate,sources\nC-1,Ann,2024-02-30T00:00:00Z,SDP\nC-2,Ben,,CRM\n")
    report = load(empty_graph, tmp_path / "in", rejects=tmp_path / "bad.jsonl")
    assert (report.written, report.rejected) == (1, 1)
    assert report.rejects is not None
    text = report.rejects.read_text(encoding="utf-8")
    mended = tmp_path / "mended.jsonl"
    mended.write_text(text.replace("2024-02-30", "2024-02-29"), encoding="utf-8")
    report = load(empty_graph, mended, rejects=tmp_path / "again.jsonl")
    assert (report.read, report.written, report.rejected) == (1, 1, 0)
    assert any("C-1" in line and "'SDP'" in line and "2024, 2, 29" in line for line in dump(empty_graph))


def test_too_many_rejects_stop_before_anything_is_written(empty_graph: Graph, tmp_path: Path) -> None:
    put(tmp_path / "in", Customer="id,name\nC-1,Ann\n,Ben\n,Cy\n")
    with pytest.raises(SourceError, match="2 of 3 records are rejected"):
        load(empty_graph, tmp_path / "in", rejects=tmp_path / "bad.jsonl", max_rejects="50%")
    assert dump(empty_graph) == []
    assert len((tmp_path / "bad.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert load(empty_graph, tmp_path / "in", rejects=tmp_path / "bad.jsonl", max_rejects=2).written == 1


def test_strict_takes_a_file_whole_or_not_at_all(empty_graph: Graph, tmp_path: Path) -> None:
    put(tmp_path / "in", Customer="id,name\nC-1,Ann\n,Ben\n", Account="id\nA-1\n")
    report = load(empty_graph, tmp_path / "in", rejects=tmp_path / "bad.jsonl", strict=True)
    assert [(f.file, f.refused, f.counts.written) for f in report.files] == [
        ("Account.csv", False, 1),
        ("Customer.csv", True, 0),
    ]
    assert report.read == 1


# --- other paths -------------------------------------------------------------------------------------------------

MAPPING = """
[[node]]
as = "customer"
label = "Customer"
id = "{no}"
properties = { name = "who" }
[[node]]
as = "account"
label = "Account"
id = "A-{no}"
[[relationship]]
type = "HOLDS_ACCOUNT"
start = "customer"
end = "account"
properties = { role = { const = "accountHolder" } }
"""


def test_a_mapped_table_costs_its_bad_rows_only_and_they_load_when_mended(empty_graph: Graph, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    (tmp_path / "extract.csv").write_bytes(b'no,who\n1,Ann\n2,Ren\xe9\n3\n4,"D\x1bd"\n\n5,Eve\n')
    report = load(empty_graph, tmp_path / "extract.csv", mapping=mapping, rejects=tmp_path / "bad.jsonl")
    assert report.to_dict()["files"] == [
        {"file": "extract.csv", "read": 6, "written": 2, "unchanged": 0, "duplicate": 0, "rejected": 3, "blank": 1}
    ]
    lines = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(r["line"], r["column"], r["table"]) for r in lines] == [
        (3, "who", "mapping:map.toml"), (4, "", "mapping:map.toml"), (5, "who", "mapping:map.toml"),
    ]  # fmt: skip
    mended = tmp_path / "mended.jsonl"
    rows = [line | {"row": {"no": str(i), "who": "X"}} for i, line in enumerate(lines, start=2)]
    mended.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    report = load(empty_graph, mended, mapping=mapping, rejects=tmp_path / "again.jsonl")
    assert (report.read, report.written, report.rejects) == (3, 3, None)
    assert len([line for line in dump(empty_graph) if "HOLDS_ACCOUNT" in line]) == 5


def test_documents_that_are_no_json_or_no_resource_are_told(empty_graph: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "nan.json").write_text('{"@type": "Customer", "id": "1", "x": NaN}', encoding="utf-8")
    (folder / "patch.json").write_text('[{"op": "replace", "path": "/status", "value": "x"}]', encoding="utf-8")
    (folder / "good.json").write_text('{"@type": "Customer", "id": "1", "name": "Ann"}', encoding="utf-8")
    bad_person = '{"@type": "Individual", "id": "2", "birthDate": "2021-02-30"}'
    (folder / "bad.json").write_text(bad_person, encoding="utf-8")
    report = load(empty_graph, folder, rejects=tmp_path / "bad.jsonl")
    said = {f.file: (f.skipped, f.refused, f.counts.written, f.counts.rejected) for f in report.files}
    assert said["nan.json"] == ("nan.json: it is no JSON: NaN is no JSON number", True, 0, 0)
    assert "JSON Patch" in said["patch.json"][0]
    assert not said["patch.json"][1]
    assert said["good.json"] == ("", False, 1, 0)
    assert said["bad.json"] == ("", False, 0, 1)
    (line,) = (tmp_path / "bad.jsonl").read_text(encoding="utf-8").splitlines()
    reject = json.loads(line)
    assert (reject["file"], reject["column"], reject["table"]) == ("bad.json", "/birthDate", "tmf:Individual")
    mended = tmp_path / "mended.jsonl"
    mended.write_text(line.replace("2021-02-30", "2021-02-28"), encoding="utf-8")
    assert load(empty_graph, mended, rejects=tmp_path / "again.jsonl").written == 1


def test_rejects_go_under_the_home_by_default(
    empty_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCE_HOME", str(tmp_path / "home"))
    report = load(empty_graph, put(tmp_path / "in", Customer="id\nC-1\nC 2\n"))
    assert report.rejects is not None
    assert report.rejects.parent == tmp_path / "home" / "rejects"
    assert stat.S_IMODE(report.rejects.stat().st_mode) == 0o600
    assert [p.name for p in report.rejects.parent.iterdir()] == [report.rejects.name]
