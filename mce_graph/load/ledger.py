"""What became of every input record of a load, by its number: kept in one byte each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mce_graph import model
from mce_graph.load.records import Place
from mce_graph.load.report import Counts, FileReport
from mce_graph.load.rows import NodeRow, Row
from mce_graph.load.sources import Source

HAS_ROW, CHANGED, REJECTED, DUPLICATE = 1, 2, 4, 8
"""It has a row that is loaded; that changed the graph; it is rejected; a row of it says what another one says."""


@dataclass(slots=True)
class FileEntry:
    """One source and the numbers of its records: from ``first`` until before ``end``."""

    source: Source
    first: int = 0
    end: int = 0
    blank: int = 0
    digest: str = ""
    skipped: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """A rejection that shows only after reading: a conflict, a missing end, a refusal of the server."""

    column: str
    reason: str
    table: str = ""
    row: Mapping[str, object] | None = field(default=None, repr=False)
    """The part of the record that is lost; none where it is all of it."""


@dataclass(slots=True)
class Ledger:
    """The records of one load."""

    files: Sequence[FileEntry]
    states: bytearray = field(default_factory=bytearray)
    late: dict[int, list[Late]] = field(default_factory=dict)
    lost: dict[str, Place] = field(default_factory=dict)
    """Nodes whose rows were rejected, and where: the reason for relationships that miss them."""

    def open(self, *, rejected: bool) -> int:
        """The number of a new record."""
        self.states.append(REJECTED if rejected else 0)
        return len(self.states) - 1

    def forget(self, first: int) -> None:
        """Take back every record from a number on: their file is refused."""
        del self.states[first:]

    def rejected(self, first: int = 0) -> int:
        return sum(state & REJECTED > 0 for state in self.states[first:])

    def mark(self, row: Row, flag: int) -> None:
        self.states[row.record] |= flag
        for number in row.also:
            self.states[number] |= flag

    def reject(self, row: Row, column: str, reason: str) -> None:
        """Reject a row after reading: with all of its record where it is all of it, else alone."""
        if row.own:
            for number in (row.record, *row.also):
                self.states[number] |= REJECTED
                self.late.setdefault(number, []).append(Late(column, reason))
        else:
            self.reject_part(row, column, reason, as_table(row))

    def reject_part(self, row: Row, column: str, reason: str, part: Mapping[str, object]) -> None:
        """Note a part of a record that is lost; the record itself is not rejected."""
        self.late.setdefault(row.record, []).append(Late(column, reason, row.table, part))

    def report(self) -> tuple[FileReport, ...]:
        return tuple(self._file(entry) for entry in self.files)

    def _file(self, entry: FileEntry) -> FileReport:
        if entry.skipped:
            return FileReport(entry.source.name, skipped=entry.skipped, refused=entry.refused)
        counts = Counter(_outcome(state) for state in self.states[entry.first : entry.end])
        return FileReport(entry.source.name, Counts(**counts, blank=entry.blank))


def _outcome(state: int) -> str:
    if state & REJECTED:
        return "rejected"
    if state & CHANGED:
        return "written"
    return "duplicate" if state & DUPLICATE and not state & HAS_ROW else "unchanged"


def as_table(row: Row, only: str = "") -> dict[str, object]:
    """A row, or one field of it, in the form of an interchange table, for the rejects file."""
    cells: dict[str, object] = {k: v for k, v in row.fields.items() if v is not None and only in ("", k)}
    if isinstance(row, NodeRow):
        return {"uid": row.uid, **cells, "sources": ";".join(row.systems)}
    known: dict[str, object] = {"start": row.start, "end": row.end}
    if row.role is not None:
        known["role"] = row.role
    if row.valid_from not in (None, model.BEGINNING):
        known["validFrom"] = row.valid_from
    return {**known, **cells, "sources": ";".join(row.systems)}
