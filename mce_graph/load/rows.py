"""Rows that are ready to load: what one system says of one node, or of one period of one relationship."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

Value = str | int | float | bool | datetime | date | list[str] | None
Warn = Callable[[str], None]


@dataclass(slots=True)
class NodeRow:
    """What one system says of one node. ``fields`` holds what it declares; ``None`` says that a property is empty."""

    label: str
    uid: str
    systems: tuple[str, ...]
    """One system; several when a table's row shows the merged view of all of them."""
    fields: dict[str, Value]
    record: int
    as_of: datetime | None = None
    partial: bool = False
    stub: bool = False
    own: bool = True
    also: list[int] = field(default_factory=list)
    """Other records that were folded into it."""

    @property
    def table(self) -> str:
        return self.label


@dataclass(slots=True)
class RelRow:
    """What one system says of one relationship, or of one period of it."""

    type: str
    start: str
    end: str
    systems: tuple[str, ...]
    fields: dict[str, Value]
    """Its properties without the key ones (role, validFrom)."""
    record: int
    role: str | None = None
    valid_from: datetime | None = None
    """``BEGINNING`` when the start is unknown; ``None`` for a type without periods."""
    as_of: datetime | None = None
    partial: bool = False
    own: bool = True
    also: list[int] = field(default_factory=list)

    @property
    def table(self) -> str:
        return self.type

    @property
    def open(self) -> bool:
        """Whether it is a period that has no end yet."""
        return self.valid_from is not None and self.fields.get("validTo") is None


Row = NodeRow | RelRow
