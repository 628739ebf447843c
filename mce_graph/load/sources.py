"""Files and folders to records: which files there are, what kind each is, and the records in it, with their places.

A file is an interchange table (``Customer.csv``, ``Customer.jsonl``, ``Customer.parquet``; ``Customer.part2.csv`` is
one more part of it), a table of somebody else's with a mapping file, TM Forum JSON, or the rejects of a former load,
mended, or a page log (``PageView.csv``). ``-`` is standard input, kept in a file that
only its owner can read until the load has ended.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from mce_graph import model
from mce_graph.errors import SourceError, UsageError
from mce_graph.load import scratch, tmf
from mce_graph.load.csvread import CsvTable
from mce_graph.load.pages import PAGE_VIEW, Visits
from mce_graph.load.parquet import ParquetTable, as_text
from mce_graph.load.records import Place, Record, Skipped
from mce_graph.load.strictjson import JsonStream, StrictJsonError, TooLongError, strict_json
from mce_graph.load.tables import Header, faulty, repeated, row_of_json, unknown_columns
from mce_graph.load.unpack import Bytes

if TYPE_CHECKING:
    from mce_graph.load.mapping import ForeignMapping

__all__ = ["Reading", "Source", "find", "strict_json"]

Kind = Literal["table", "foreign", "json", "lines", "parquet", "none"]
JSON_LIMIT = 512 << 20
"""Bytes of one JSON document, which is decoded as a whole."""
_CSV, _JSON, _LINES, _PARQUET = (".csv", ".tsv", ".txt"), (".json",), (".jsonl", ".ndjson"), (".parquet", ".pq")
STDIN, TMF, LINES = "-", "tmf", "jsonl"
"""The path that means standard input, and what it may hold beside a table: TM Forum JSON, or JSON Lines."""
_TABLES: Mapping[str, str] = {name.lower(): name for name in (*model.NODES, *model.RELATIONSHIPS, PAGE_VIEW)}


@dataclass(frozen=True, slots=True)
class Source:
    """One file, as the report and the messages call it, and what kind it is."""

    path: Path
    name: str
    kind: Kind
    table: str = ""
    reason: str = ""
    """Why a file of kind ``none`` is not read."""
    refused: bool = False
    """Whether that is an error, and not just a file of another kind."""


def find(paths: Iterable[Path | str], *, mapped: bool = False, spooled: Source | None = None) -> list[Source]:
    """Every file in a fixed order, whatever the order of ``paths``. Hidden files are passed over.

    ``mapped`` says that there is a mapping file: it then applies to every CSV, Parquet and JSON Lines file of foreign
    rows. ``spooled`` is what stands for ``-``.
    """
    found: dict[Path, tuple[str, bool]] = {}
    for given in map(Path, paths):
        if str(given) == STDIN and spooled is not None:
            continue
        if given.is_dir():
            for path in sorted(given.rglob("*")):
                inside = path.relative_to(given)
                if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
                    found.setdefault(path.resolve(), (inside.as_posix(), False))
        elif given.is_file():
            found[given.resolve()] = (given.name, True)
        else:
            raise UsageError(f"{given}: there is no such file or folder")
    names = [name for name, _ in found.values()]
    sources = [
        _classified(path, name if names.count(name) == 1 else str(path), mapped=mapped, asked=asked)
        for path, (name, asked) in found.items()
    ]
    return sorted([*sources, *([spooled] if spooled else [])], key=lambda s: s.name)


@contextmanager
def spool(stream: BinaryIO, folder: Path, table: str, *, mapped: bool = False) -> Iterator[Source]:
    """Standard input as a source: a file that only its owner can read, and that is gone afterwards.

    ``table`` says what it is: a table of the model, ``tmf`` (TM Forum JSON) or ``jsonl`` (TM Forum payloads or mended
    rejects, one a line). A table may come as CSV, JSON Lines or Parquet.
    """
    known = table in _TABLES.values()
    if not known and table not in (TMF, LINES) and not (mapped and not table):
        close = difflib.get_close_matches(table.lower(), _TABLES, n=1, cutoff=0.6)
        raise UsageError(
            f"--table {table}: there is no such table" if table else "nothing says what standard input holds",
            hint=f"did you mean {_TABLES[close[0]]}?" if close else f"--table NAME of the model, {TMF} or {LINES}",
        )
    path = scratch.place(folder, "spool")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(stream, file, 1 << 20)
        kind: Kind = "foreign" if mapped else "table"
        start = Bytes(path).start(64).lstrip()
        if table == TMF:
            kind = "json"
        elif table == LINES or start.startswith(b"{"):
            kind = "lines"
        elif start.startswith(b"PAR1"):
            kind = "parquet"
        yield Source(path, "standard input", kind, table if known and not mapped else "")
    finally:
        path.unlink(missing_ok=True)


def _classified(path: Path, name: str, *, mapped: bool, asked: bool) -> Source:
    stem, suffix = _stem(path)
    if suffix in _JSON:
        return Source(path, name, "json")
    if suffix in _LINES:
        return Source(path, name, "lines", "" if mapped else table_of(stem))
    if suffix in _PARQUET:
        if mapped or table_of(stem):
            return Source(path, name, "parquet", "" if mapped else table_of(stem))
        return Source(path, name, "none", reason=_no_table(path, stem), refused=True)
    if suffix in _CSV or (not suffix and table_of(stem)):
        if mapped:
            return Source(path, name, "foreign")
        if table := table_of(stem):
            return Source(path, name, "table", table)
        return Source(path, name, "none", reason=_no_table(path, stem), refused=True)
    reason = "not a table (.csv, .jsonl, .parquet), JSON (.json) or rejects (.jsonl)"
    return Source(path, name, "none", reason=reason, refused=asked)


def _stem(path: Path) -> tuple[str, str]:
    name = path.name
    if name.lower().endswith((".gz", ".gzip", ".zst", ".zstd")):
        name = name[: name.rindex(".")]
    stem, dot, suffix = name.rpartition(".")
    return (stem, "." + suffix.lower()) if dot and stem else (name, "")


def table_of(stem: str) -> str:
    """The table that a file's name names: up to the first dot or dash, so that a table may come in parts."""
    first = re.split(r"[.-]", stem, maxsplit=1)[0]
    return first if first in _TABLES.values() else ""


def _no_table(path: Path, stem: str) -> str:
    suffix = path.name[len(stem) :]
    for node in model.NODES.values():
        if stem in node.also or stem in node.markers:
            labels = model.key_labels((stem,))
            return f"{path.name} is not a table: use {' or '.join(f'{label}{suffix}' for label in labels)}"
    word = re.sub(r"[\s-]+", "_", stem.lower())
    close = difflib.get_close_matches(word, _TABLES, n=1, cutoff=0.6)
    if not close:
        close = difflib.get_close_matches(word.rstrip("s"), _TABLES, n=1, cutoff=0.6)
    hint = f"did you mean {_TABLES[close[0]]}{suffix}?" if close else "a foreign table needs a mapping file (--mapping)"
    return f"{path.name} is not a table of the model: {hint}"


_WITH_ITS_LOG = "page views are grouped with their log: mend the row there, and load the log again"


class Reading:
    """One pass over one source. What it counts is complete once every record was taken; it can be made again."""

    def __init__(
        self,
        source: Source,
        *,
        system: str | None = None,
        mapping: ForeignMapping | None = None,
        extracted_at: datetime | None = None,
        strict: bool = False,
        delimiter: str = ",",
        events: bool = True,
        visits: Visits | None = None,
    ) -> None:
        self.delimiter = delimiter
        self.events = events
        self.visits = visits
        """The visits of all page logs that are loaded together; none groups this file alone."""
        self.source = source
        self.system = system
        self.mapping = mapping
        self.extracted_at = extracted_at
        self.strict = strict
        self.blank = 0
        self.warnings: list[str] = []
        self._bytes = Bytes(source.path)
        self._digest = ""
        self._told: set[str] = set()
        """Unknown columns of a JSON Lines file that were spoken of."""

    def table(self, record: Record) -> str:
        """What the rejects file calls the table of a record, so that its mended row can be loaded again."""
        if record.table:
            return record.table
        match self.source.kind:
            case "table":
                return self.source.table
            case "foreign":
                return self._mapped
            case "parquet" | "lines" if self.source.table:
                return self.source.table
            case "parquet":
                return self._mapped
            case _:
                return f"tmf:{record.drafts[0].table if record.drafts else ''}"

    @property
    def digest(self) -> str:
        """SHA-256 of the file, packed as it stands."""
        return self._digest or self._bytes.digest

    @property
    def _mapped(self) -> str:
        return f"mapping:{self.mapping.file if self.mapping else ''}"

    def __iter__(self) -> Iterator[Record | Skipped]:
        """Every record; raises ``SourceError`` for a file in which nothing can be trusted."""
        if not self.pages:
            yield from self.given()
            return
        if self.visits is None:
            self.visits = Visits()
            self.visits.add(self.given())
        for record in self.given():
            yield self.visits.record(record) if isinstance(record, Record) else record

    @property
    def pages(self) -> bool:
        """Whether it is a page log, of our layout or of a mapped one."""
        mapped = self.mapping is not None and self.mapping.page is not None
        return self.source.table == PAGE_VIEW or (mapped and self.source.kind in ("foreign", "parquet", "lines"))

    def given(self) -> Iterator[Record | Skipped]:
        """Every record as it stands; the rows of a page log are not grouped into visits yet."""
        self.blank, self.warnings = 0, []
        match self.source.kind:
            case "table":
                yield from self._table()
            case "foreign":
                yield from self._foreign()
            case "json":
                yield from self._json()
            case "lines":
                yield from self._lines()
            case "parquet":
                yield from self._parquet()
            case "none":
                yield Skipped(Place(self.source.name), self.source.reason)

    # --- tables ---

    def _table(self) -> Iterator[Record]:
        name, table = self.source.name, self.source.table
        csv = CsvTable(self._bytes.chunks(), name, self.delimiter)
        header = Header(csv.header, table, name)
        self._unknown(header.unknown)
        any_row = False
        for row in csv.rows():
            any_row = True
            yield header.record(row, name)
        self.blank = csv.blank
        if not any_row:
            self.warnings.append("only a header, no rows: nothing was loaded, and nothing is removed")

    def _unknown(self, columns: Iterable[str]) -> None:
        """Columns that the table does not have: left out with a warning, or a reason to refuse the file."""
        said = ", ".join(h if re.fullmatch(r"[\w .-]{1,40}", h) else "(unreadable)" for h in columns)
        if said and self.strict:
            name, table = self.source.name, self.source.table
            raise SourceError(f"{name}: {table} has no column {said}", hint="leave out --strict to load the others")
        if said:
            self.warnings.append(f"unknown column, left out: {said}")

    def _parquet(self) -> Iterator[Record]:
        name = self.source.name
        parquet = ParquetTable(self.source.path, name)
        self._digest = parquet.digest
        columns = parquet.header
        if twice := repeated(columns):
            raise SourceError(f"{name}: the column {twice!r} stands twice")
        header: Header | None = None
        if self.source.table:
            header = Header(columns, self.source.table, name)
            self._unknown(header.unknown)
        else:
            assert self.mapping is not None
            self.mapping.check_header(columns, name)
        any_row = False
        for number, values, faults in parquet.rows():
            any_row = True
            place = Place(name, number)
            if faults:
                row = dict(zip(columns, values, strict=True))
                yield Record(place, row, (), faults=tuple((columns[i], reason) for i, reason in faults))
            elif header is not None:
                yield header.filled(values, place)
            else:
                yield from self._foreign_row(dict(zip(columns, map(as_text, values), strict=True)), place)
        if not any_row:
            self.warnings.append("no rows: nothing was loaded, and nothing is removed")

    def _foreign_row(self, cells: dict[str, str], place: Place) -> Iterator[Record]:
        assert self.mapping is not None
        given = [(place.line or 0, cells)]
        for record in self.mapping.records(given, place.file, system=self.system, extracted_at=self.extracted_at):
            yield replace(record, table=self._mapped)

    def _foreign(self) -> Iterator[Record]:
        assert self.mapping is not None
        name = self.source.name
        csv = CsvTable(self._bytes.chunks(), name, self.delimiter)
        twice = repeated(csv.header)
        if twice:
            raise SourceError(f"{name}: the column {twice!r} stands twice in the header")
        bad: list[Record] = []
        header = csv.header

        def good() -> Iterator[tuple[int, dict[str, str]]]:
            for row in csv.rows():
                if row.fault is None:
                    yield row.line, dict(zip(header, row.cells, strict=True))
                else:
                    bad.append(faulty(row, header, name))

        self.mapping.check_header(header, name)
        any_row = False
        for record in self.mapping.records(good(), name, system=self.system, extracted_at=self.extracted_at):
            any_row = True
            yield from _drained(bad)
            yield record
        any_row = any_row or bool(bad)
        yield from _drained(bad)
        self.blank = csv.blank
        if not any_row:
            self.warnings.append("only a header, no rows: nothing was loaded, and nothing is removed")

    # --- JSON ---

    def _json(self) -> Iterator[Record | Skipped]:
        name = self.source.name
        try:
            stream = JsonStream(self._bytes.chunks(), JSON_LIMIT)
            if stream.empty:
                raise SourceError(f"{name}: it is empty")
            if stream.listed:
                yield from tmf.listed(stream, name, system=self.system, events=self.events)
            else:
                (document,) = stream
                yield from tmf.records(document, name, system=self.system, events=self.events)
        except StrictJsonError as error:
            raise SourceError(f"{name}: it is no JSON: {error}") from error
        except TooLongError as error:
            raise SourceError(f"{name}: one value of it has more than {JSON_LIMIT >> 20} million characters") from error

    def _lines(self) -> Iterator[Record | Skipped]:
        """Rows of a table, rejects of a former load, mended, or one TM Forum payload a line."""
        rest, number = b"", 0
        self._told.clear()
        for chunk in self._bytes.chunks():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                number += 1
                yield from self._line(line, number)
            if len(rest) > JSON_LIMIT:
                raise SourceError(f"{self.source.name}:{number + 1}: a line of more than {JSON_LIMIT >> 20} MB")
        if rest:
            number += 1
            yield from self._line(rest, number)
        if number == self.blank and (self.source.table or self.mapping):
            self.warnings.append("no rows: nothing was loaded, and nothing is removed")

    def _line(self, line: bytes, number: int) -> Iterator[Record | Skipped]:
        place = Place(self.source.name, number)
        if not line.strip():
            self.blank += 1
            return
        try:
            value = strict_json(line)
        except StrictJsonError as error:
            yield Record(place, line.decode(errors="backslashreplace"), (), faults=(("", f"is no JSON: {error}"),))
            return
        if not isinstance(value, dict) or "row" not in value or "reason" not in value:
            yield from self._row(value, place)
            return
        row, table = value["row"], value.get("table")
        table = table if isinstance(table, str) else ""
        if table.startswith("tmf"):
            yield from self._payload(row, place)
        elif not isinstance(row, dict):
            yield Record(place, row, (), faults=(("row", "holds no row that can be loaded"),))
        elif table.startswith("mapping"):
            if self.mapping is None:
                raise SourceError(
                    f"{self.source.name}: rows of a mapped table", hint="give the mapping file (--mapping)"
                )
            if self.mapping.page is not None:
                yield Record(place, row, (), faults=(("", _WITH_ITS_LOG),), table=table)
                return
            cells = {str(k): v for k, v in row.items() if isinstance(v, str)}
            for record in self.mapping.records([(number, cells)], self.source.name, system=self.system):
                yield replace(record, table=table)
        elif table == PAGE_VIEW:
            yield Record(place, row, (), faults=(("", _WITH_ITS_LOG),), table=table)
        elif table in model.NODES or table in model.RELATIONSHIPS:
            yield row_of_json(row, table, place)
        else:
            yield Record(place, row, (), faults=(("table", "is none of the model"),))

    def _row(self, value: object, place: Place) -> Iterator[Record | Skipped]:
        """A line that is no reject: a row of the file's table, of a foreign one, or a TM Forum payload."""
        if self.source.table:
            if not isinstance(value, dict):
                yield Record(place, value, (), faults=(("", "is no JSON object"),), table=self.source.table)
                return
            if new := [c for c in unknown_columns(value, self.source.table) if c not in self._told]:
                self._told.update(new)
                self._unknown(new)
            yield row_of_json(value, self.source.table, place)
        elif self.mapping is not None and isinstance(value, dict) and "@type" not in value:
            if odd := [k for k, v in value.items() if isinstance(v, dict)]:
                yield Record(place, value, (), faults=tuple((k, "is an object") for k in odd), table=self._mapped)
                return
            cells = {name: as_text(v) for name, v in value.items()}
            for name in self.mapping.columns:
                cells.setdefault(name, "")
            yield from self._foreign_row(cells, place)
        else:
            yield from self._payload(value, place)

    def _payload(self, value: object, place: Place) -> Iterator[Record | Skipped]:
        for one in tmf.records(value, place.file, system=self.system, events=self.events):
            yield replace(one, place=Place(place.file, place.line, one.place.pointer))


def _drained(faulty: list[Record]) -> Iterator[Record]:
    yield from faulty
    faulty.clear()
