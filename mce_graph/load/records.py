"""What passes between the readers of source files and the checker of rows: one input record and what it asserts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in its source: a line of a table, or a JSON pointer into a document."""

    file: str
    line: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        where = f":{self.line}" if self.line is not None else ""
        return f"{self.file}{where}{'#' + self.pointer if self.pointer else ''}"


@dataclass(frozen=True, slots=True)
class Draft:
    """One node or relationship as a source asserts it, not checked yet.

    ``table`` is a key label (``Customer``) or a relationship type (``USES_ACCOUNT``). ``cells`` has the model's
    property names (and ``start``, ``end`` as uids for a relationship); values are texts as found, or JSON values. A
    missing cell says nothing; an empty one says that the property is empty.
    """

    table: str
    cells: Mapping[str, object] = field(repr=False)
    columns: Mapping[str, str] = field(default_factory=dict)
    """Where a cell comes from when its name differs: property to source column or JSON pointer."""
    own: bool = True
    """Whether a fault in it rejects the whole record; a reference of a TM Forum resource is rejected alone."""
    stub: bool = False
    """Only referred to: makes a node with id and name that a later record fills in."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a source: a table's row, a TM Forum resource. It is counted once, whatever it asserts."""

    place: Place
    given: object = field(repr=False)
    """The record as it was read, for the rejects file."""
    drafts: tuple[Draft, ...]
    system: str | None = None
    """The system that asserts it, where the record says so itself (a ``sources`` column)."""
    as_of: str | None = None
    """The record's own time (``lastUpdate``, ``eventTime``, a mapped ``asOf``), as found."""
    faults: tuple[tuple[str, str], ...] = ()
    """(column or pointer, reason) found while reading; such a record is rejected."""
    warnings: tuple[str, ...] = ()
    partial: bool = False
    """A payload in which an absent field says nothing (TM Forum): folded field by field."""
    table: str = ""
    """What the rejects file calls the table of ``given``, where the reader knows better than the loader."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a part of one, that is no record to load, and why: named in the report, not an error."""

    place: Place
    reason: str
