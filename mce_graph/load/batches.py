"""The rows of a load cut into batches: by table where there are many, all together where a load is small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

from mce_graph.load.rows import NodeRow, RelRow, Row

SORTED_OUT = 4
T = TypeVar("T")
K = TypeVar("K", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class NodeBatch:
    """Some rows of one label and the same systems, with the columns that any of them has."""

    label: str
    systems: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[NodeRow]

    @property
    def name(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class RelBatch:
    """Some rows of one type between two key labels and of the same systems."""

    type: str
    start: str
    end: str
    systems: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[RelRow]

    @property
    def name(self) -> str:
        return self.type


@dataclass(frozen=True, slots=True)
class MixedNodes:
    """Rows of any labels and systems: a small load, in which every table would cost more to plan than to write."""

    rows: Sequence[NodeRow]
    name: str = "nodes"


@dataclass(frozen=True, slots=True)
class MixedRels:
    """Rows of any types, ends and systems."""

    rows: Sequence[RelRow]
    name: str = "relationships"


Batch = NodeBatch | RelBatch | MixedNodes | MixedRels


@dataclass(slots=True)
class BatchResult:
    """What one batch did."""

    changed: list[Row]
    """Rows of which anything but the bookkeeping changed the graph."""
    missing: list[tuple[RelRow, str, str]]
    """(row, side, uid) of ends that are not there."""
    refused: list[tuple[Row, str]]
    nodes_created: int = 0
    relationships_created: int = 0
    wrote: bool = False

    @classmethod
    def empty(cls) -> BatchResult:
        return cls([], [], [])


def cut(batch: Batch, start: int, end: int) -> Batch:
    """Some of the rows of a batch."""
    match batch:  # one replace for each, since the rows differ in type
        case NodeBatch():
            return replace(batch, rows=batch.rows[start:end])
        case RelBatch():
            return replace(batch, rows=batch.rows[start:end])
        case MixedNodes():
            return replace(batch, rows=batch.rows[start:end])
        case MixedRels():
            return replace(batch, rows=batch.rows[start:end])


def node_batches(label: str, rows: Iterable[NodeRow], size: int) -> Iterator[NodeBatch]:
    """The rows of one label, in batches of the same systems."""
    for systems, same in _kinds(rows, lambda row: row.systems, size):
        yield NodeBatch(label, systems, _columns(same), same)


def rel_batches(type_: str, rows: Iterable[RelRow], size: int) -> Iterator[RelBatch]:
    """The rows of one type, in batches of the same systems and labels of the ends."""

    def kind(row: RelRow) -> tuple[tuple[str, ...], str, str]:
        return (row.systems, row.start.partition(":")[0], row.end.partition(":")[0])

    for (systems, start, end), same in _kinds(rows, kind, size):
        yield RelBatch(type_, start, end, systems, _columns(same), same)


def mixed_nodes(rows: Iterable[NodeRow], size: int) -> Iterator[MixedNodes]:
    for part in parts(rows, size):
        yield MixedNodes(part)


def mixed_rels(rows: Iterable[RelRow], size: int) -> Iterator[MixedRels]:
    for part in parts(rows, size):
        yield MixedRels(part)


def parts(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Rows in their order, so many at a time."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def _kinds(rows: Iterable[T], kind: Callable[[T], K], size: int) -> Iterator[tuple[K, list[T]]]:
    """Rows of one kind at a time, never more than ``size``.

    They are sorted out of so many rows at once that what several systems say of one thing comes in their order.
    """
    for part in parts(rows, SORTED_OUT * size):
        found: dict[K, list[T]] = {}
        for row in part:
            found.setdefault(kind(row), []).append(row)
        for value in sorted(found):
            for same in parts(found[value], size):
                yield value, same


def _columns(rows: Sequence[NodeRow] | Sequence[RelRow]) -> tuple[str, ...]:
    return tuple(sorted({name for row in rows for name in row.fields}))
