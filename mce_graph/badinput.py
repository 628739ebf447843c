"""What becomes of bad input: examples that the loader reads and checks, told in its own words."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mce_graph.errors import SourceError
from mce_graph.load.check import Checker
from mce_graph.load.records import Skipped
from mce_graph.load.rows import Row
from mce_graph.load.sources import Reading, find
from mce_graph.result import json_value

_LOADED_ON = datetime(2026, 11, 24, tzinfo=UTC)
_CELLS: dict[str, list[tuple[str, str, str, str]]] = {
    "Ids": [
        ("as it is issued", "Customer", "id", "007"),
        ("spaces around it", "Customer", "id", " C-1 "),
        ("nothing", "Customer", "id", ""),
        ("a space inside", "Customer", "id", "C 1"),
        ("an invisible character", "Customer", "id", "C\u200b1"),
        ("a Cyrillic letter among Latin ones", "Customer", "id", "С-1"),
        ("a spreadsheet's number", "Customer", "id", "1001.0"),
        ("a spreadsheet's large number", "Customer", "id", "1.00E+11"),
        ("a line of totals", "Customer", "id", "TOTAL"),
    ],
    "Texts": [
        ("any script", "Customer", "name", "Zoë 李"),
        ("what looks like a formula", "Customer", "name", "=1+1"),
        ("what looks like Cypher", "Customer", "name", "x'}) DETACH DELETE n //"),
        ("the word null", "Customer", "name", "null"),
        ("a control that turns text around", "Customer", "name", "A\u202enn"),
        ("an escape sequence of terminals", "Customer", "name", "A\x1b[31m"),
        ("too long", "Customer", "name", "x" * 5000),
    ],
    "Times and days": [
        ("with an offset", "Customer", "startDate", "2024-01-01T05:30:00+05:30"),
        ("with nanoseconds", "Customer", "startDate", "2024-07-01T12:00:00.123456789Z"),
        ("with the name of a zone", "Customer", "startDate", "2024-07-01T12:00:00[Europe/London]"),
        ("without a zone", "Customer", "startDate", "2024-07-01T12:00:00"),
        ("a day for a time", "Customer", "startDate", "2024-07-01"),
        ("seconds since 1970", "Customer", "startDate", "1719835200"),
        ("day, month or month, day?", "Individual", "birthDate", "01/02/1990"),
        ("a day that is none", "Individual", "birthDate", "2024-02-30"),
        ("not yet born", "Individual", "birthDate", "2026-12-01"),
        ("a spreadsheet's day number", "Individual", "birthDate", "32874"),
    ],
    "Numbers": [
        ("a decimal point", "QoEMeasurement", "mean", "4.1"),
        ("a decimal comma", "QoEMeasurement", "mean", "4,1"),
        ("no number", "QoEMeasurement", "mean", "NaN"),
        ("nothing", "QoEMeasurement", "mean", ""),
        ("outside of its scale", "QoEMeasurement", "mean", "9"),
    ],
    "Words of a list": [
        ("the model's own", "Customer", "status", "active"),
        ("in other letters", "Customer", "status", "ACTIVE"),
        ("another system's word for it", "Customer", "status", "Approved"),
        ("nobody's", "Customer", "status", "Zombie"),
        ("nobody's, where only the list is right", "TroubleTicket", "status", "ongoing"),
    ],
    "Numbers to call and addresses": [
        ("with its country", "Service", "msisdn", "+44 7700 900002"),
        ("with 00", "Service", "msisdn", "0044 7700 900002"),
        ("without its country", "Service", "msisdn", "07700 900002"),
        ("letters", "Service", "msisdn", "call me"),
    ],
}
_CLEAN = b"id,name\nC-1,Ann\nC-2,Ben\n"
_FILES: list[tuple[str, str, bytes]] = [
    ("as it should be", "Customer.csv", _CLEAN),
    ("with a byte order mark, in CRLF", "Customer.csv", b"\xef\xbb\xbf" + _CLEAN.replace(b"\n", b"\r\n")),
    ("packed by gzip", "Customer.csv", gzip.compress(_CLEAN, mtime=0)),
    ("the header in other letters", "Customer.csv", _CLEAN.replace(b"id,name", b"ID, Name ")),
    ("a column that the model does not have", "Customer.csv", b"id,name,shoeSize\nC-1,Ann,41\n"),
    ("a row too short", "Customer.csv", _CLEAN + b"C-3\n"),
    ("a row too long", "Customer.csv", _CLEAN + b"C-3,Cleo,x,y\n"),
    ("bytes that are no UTF-8", "Customer.csv", _CLEAN + b"C-3,Ren\xe9\n"),
    ("a stray quote", "Customer.csv", _CLEAN + b'C-3,An"n\n'),
    ("a quote that is never closed", "Customer.csv", _CLEAN + b'C-3,"Ann\n'),
    ("semicolons", "Customer.csv", _CLEAN.replace(b",", b";")),
    ("in UTF-16", "Customer.csv", b"\xff\xfe" + _CLEAN.decode().encode("utf-16-le")),
    ("no header", "Customer.csv", b"C-1,Ann\n"),
    ("the same column twice", "Customer.csv", b"id,name,Name\nC-1,a,b\n"),
    ("nothing", "Customer.csv", b""),
    ("only a header", "Customer.csv", b"id,name\n"),
    ("a web page", "Customer.csv", b"<!DOCTYPE html><html><body>502</body></html>"),
    ("cut off while it was packed", "Customer.csv", gzip.compress(_CLEAN * 100, mtime=0)[:-9]),
    ("a table of no such name", "Custmer.csv", _CLEAN),
    ("JSON Lines", "Customer.jsonl", b'{"id": "C-1", "name": "Ann"}\n'),
    ("JSON Lines, one line broken", "Customer.jsonl", b'{"id": "C-1"}\n{"id": "C-2"\n{"id": "C-3"}\n'),
    ("JSON Lines, a key twice", "Customer.jsonl", b'{"id": "C-1", "id": "C-2"}\n'),
    ("JSON that is no resource", "note.json", b'{"hello": "world"}'),
]
_SAMPLES = {
    "QoEMeasurement": {
        "subject": "User:U-1", "service": "Service:S-1", "metric": "mos", "granularity": "P1D",
        "windowStart": "2026-10-01T00:00:00Z",
    }
}  # fmt: skip


def page() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Each section with its rows: what it is, how it stands in the file, what becomes of it."""
    for title, cells in _CELLS.items():
        rows = []
        for what, table, name, written in cells:
            sample = {**_SAMPLES.get(table, {"id": "X-1", "name": "Ann"}), name: written}
            quoted = [f'"{v}"' if "," in v else v for v in sample.values()]
            content = f"{','.join(sample)}\n{','.join(quoted)}\n".encode()
            rows.append((what, f"`{table}.{name}` = {_shown(written)}", _outcome(f"{table}.csv", content, name)))
        yield title, rows
    yield "Whole files", [(what, f"`{name}`", _outcome(name, content)) for what, name, content in _FILES]


def _shown(written: str) -> str:
    if not written:
        return "(empty)"
    text = written if len(written) <= 40 else f"{written[:10]}… ({len(written):,} characters)"
    return f"`{''.join(c if c.isprintable() else f'⟨U+{ord(c):04X}⟩' for c in text)}`"


def _outcome(name: str, content: bytes, column: str = "") -> str:
    """What the loader makes of a file: a column's value or the number of records, and whatever it has to say."""
    with TemporaryDirectory() as place:
        path = Path(place, name)
        path.write_bytes(content)
        (source,) = find([path])
        if source.kind == "none":
            return f"skipped: {source.reason}"
        said: list[str] = []
        checker = Checker(now=_LOADED_ON, warn=lambda warning: said.append(f"warning: {warning}"))
        reading = Reading(source)
        rows: list[Row] = []
        try:
            for number, record in enumerate(reading):
                if isinstance(record, Skipped):
                    said.append(f"named: {record.reason}")
                    continue
                checked = checker.check(record, number)
                rows += checked.rows
                said += [f"rejected: {r.column} {r.reason}".replace(":  ", ": ") for r in checked.refused]
        except SourceError as error:
            return f"refused: {str(error).replace(place, '').lstrip('/')}"
        said += [f"warning: {warning}" for warning in reading.warnings]
    loaded = _value(rows[0], column) if column and rows else f"{len(rows)} loaded" if not column and rows else ""
    return "; ".join(filter(None, [loaded, *said])) or "nothing to load"


def _value(row: Row, column: str) -> str:
    value = row.fields.get(column)
    raw = row.fields.get(f"{column}Raw")
    shown = "is empty" if value is None else f"`{json_value(value) if isinstance(value, datetime | date) else value}`"
    return shown + (f", and {column}Raw is `{raw}`" if raw is not None else "")
