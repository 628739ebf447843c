"""Strict RFC 4180 over a stream of bytes, with any delimiter: every row with its line, every faulty row alone.

Python's ``csv`` takes a stray quote, a NUL and an unclosed quote without a word and hides the line numbers; the
readers of DuckDB and pyarrow lose good rows beside a bad one. This one never guesses: a row is right, or is told with
its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mce_graph.errors import SourceError

RECORD_LIMIT = 16 << 20
"""Bytes of one record that are held in memory; a longer line is passed over and rejected."""
_SHOWN = 1 << 20
_ENDS = re.compile(rb"[\r\n]")


@dataclass(slots=True)
class CsvRow:
    """One row: its first line in the file and its cells, or why it has none that can be trusted."""

    line: int
    cells: list[str] = field(repr=False)
    fault: tuple[int | None, str] | None = None
    """(number of the column from 0, reason)."""


class CsvTable:
    """The header of a file, and its rows as a stream. Blank lines are counted in ``blank``, not given."""

    def __init__(self, chunks: Iterator[bytes], name: str, delimiter: str = ",") -> None:
        self.name = name
        self.blank = 0
        self.delimiter = delimiter
        self._records = _Records(_lines(chunks), name, delimiter)
        self.header = self._header()

    def rows(self) -> Iterator[CsvRow]:
        """Every row; a row of another width than the header is faulty."""
        width = len(self.header)
        for row in self._records:
            cells = row.cells
            if row.fault is None:
                if len(cells) == 1 and not cells[0].strip(" \t"):
                    self.blank += 1
                    continue
                if len(cells) != width:
                    row.fault = (None, f"has {len(cells):,} of {width} fields")
                elif not any(cells):
                    self.blank += 1
                    continue
            yield row

    def _header(self) -> list[str]:
        for row in self._records:
            if row.cells and row.cells[0].lstrip()[:1] in ("{", "["):
                raise SourceError(f"{self.name}: it is JSON, not CSV", hint="name it .json")
            if row.fault:
                raise SourceError(f"{self.name}:{row.line}: the header {row.fault[1]}")
            if len(row.cells) == 1 and not row.cells[0].strip(" \t"):
                self.blank += 1
                continue
            header = row.cells
            break
        else:
            raise SourceError(f"{self.name}: it is empty: there is no header")
        if len(header) == 1:
            for sign, named in ((";", "';'"), ("\t", "tab"), ("|", "'|'"), (",", "','")):
                if sign in header[0] and sign != self.delimiter:
                    said = "tab" if sign == "\t" else repr(sign)
                    raise SourceError(
                        f"{self.name}: the header is one column; it looks {named}-delimited",
                        hint=f"--delimiter {said} reads it" if sign != "," else "leave out --delimiter",
                    )
        return header


class _Records:
    """Records of one or more lines, out of the lines of the file."""

    def __init__(self, lines: Iterator[bytes | None], name: str, delimiter: str) -> None:
        self.lines = lines
        self.name = name
        self.text = delimiter
        self.sign = delimiter.encode()
        self.line = 0

    def __iter__(self) -> Iterator[CsvRow]:
        return self

    def __next__(self) -> CsvRow:
        line = next(self.lines)
        self.line += 1
        if line is None:
            return CsvRow(self.line, [], (None, f"is a line of more than {RECORD_LIMIT >> 20} MB"))
        if self.line == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        body = line.rstrip(b"\r\n")
        if b'"' in body:
            return self._quoted(body, line[len(body) :])
        if b"\x00" in body:
            return _faulty(self.line, body.split(self.sign), "holds a NUL byte", lambda cell: b"\x00" in cell)
        try:
            return CsvRow(self.line, body.decode().split(self.text))
        except UnicodeDecodeError as error:
            return _undecodable(self.line, body.split(self.sign), error.start)

    def _quoted(self, body: bytes, end: bytes) -> CsvRow:
        """A record with quotes, read on over the following lines while a quoted field is open."""
        first = self.line
        record = bytearray(body)
        cells: list[bytes] = []
        at = 0
        while True:
            if record[at : at + 1] == b'"':
                close = at + 1
                while True:
                    close = record.find(b'"', close)
                    if close < 0:
                        close = len(record)
                        end = self._append(record, end, first)
                    elif record[close + 1 : close + 2] == b'"':
                        close += 2
                    else:
                        break
                cells.append(bytes(record[at + 1 : close]).replace(b'""', b'"'))
                at = close + 1
                if at < len(record) and record[at : at + 1] != self.sign:
                    return self._stray(first, cells, bytes(record))
            else:
                close = record.find(self.sign, at)
                cell = bytes(record[at : close if close >= 0 else len(record)])
                if b'"' in cell:
                    return self._stray(first, cells, bytes(record))
                cells.append(cell)
                at = close if close >= 0 else len(record)
            if at >= len(record):
                return _decoded(first, cells)
            at += 1

    def _append(self, record: bytearray, end: bytes, first: int) -> bytes:
        """Add the next line to an open record; gives that line's own end."""
        line = next(self.lines, b"")
        if line == b"":
            raise SourceError(
                f"{self.name}:{first}: the quote opened here is never closed", hint="nothing was loaded of it"
            )
        self.line += 1
        if line is None or len(record) + len(line) > RECORD_LIMIT:
            raise SourceError(
                f"{self.name}:{first}: the quote opened here is not closed within {RECORD_LIMIT >> 20} MB",
                hint="nothing was loaded of it",
            )
        body = line.rstrip(b"\r\n")
        record += b"\n" if end == b"\r\n" else end
        record += body
        return line[len(body) :]

    def _stray(self, first: int, cells: list[bytes], record: bytes) -> CsvRow:
        if self.line != first:
            # It may have swallowed good rows: which ones, nobody can tell.
            raise SourceError(
                f"{self.name}:{first}: the quote opened here ends in the middle of a field on line {self.line}",
                hint="nothing was loaded of it: double the quotes inside of fields (RFC 4180)",
            )
        shown = _decoded(first, record.split(self.sign)).cells
        return CsvRow(first, shown, (len(cells), "has a stray quote: quotes inside of a field are doubled (RFC 4180)"))


def _decoded(line: int, cells: list[bytes]) -> CsvRow:
    for i, cell in enumerate(cells):
        if b"\x00" in cell:
            return _faulty(line, cells, "holds a NUL byte", lambda cell: b"\x00" in cell)
        try:
            cell.decode()
        except UnicodeDecodeError as error:
            return _undecodable(line, cells, sum(len(c) + 1 for c in cells[:i]) + error.start)
    return CsvRow(line, [cell.decode() for cell in cells])


def _undecodable(line: int, cells: list[bytes], at: int) -> CsvRow:
    def bad(cell: bytes) -> bool:
        return "\\x" in cell.decode(errors="backslashreplace") and not _decodes(cell)

    return _faulty(line, cells, f"is invalid UTF-8 at byte {at + 1} of its line", bad)


def _decodes(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True


def _faulty(line: int, cells: list[bytes], reason: str, bad: object) -> CsvRow:
    assert callable(bad)
    column = next((i for i, cell in enumerate(cells) if bad(cell)), None)
    shown = [cell.decode(errors="backslashreplace") for cell in cells] if sum(map(len, cells)) < _SHOWN else []
    return CsvRow(line, shown, (column, reason))


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes | None]:
    """Lines with their ends (LF, CRLF, CR); ``None`` for one longer than is held in memory."""
    rest = b""
    skipping = False
    for chunk in chunks:
        if skipping:
            found = _ENDS.search(chunk)
            if not found:
                continue
            skipping = False
            yield None
            at = found.start()
            rest = b""
            chunk = chunk[at + (2 if chunk[at : at + 2] == b"\r\n" else 1) :]
        block = rest + chunk
        lines = block.splitlines(keepends=True)
        # A CR at the end of a block may be half of a CRLF: it waits for the next block.
        rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(rest) > RECORD_LIMIT:
            rest, skipping = b"", True
    if skipping:
        yield None
    elif rest:
        yield rest
