"""The rows of a load cut into batches: by table where there are many, all together where a load is small."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from mce_graph.load.rows import NodeRow, RelRow, Row

T = TypeVar("T")
K = TypeVar("K")


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


def node_batches(label: str, rows: Sequence[NodeRow], size: int) -> Iterator[NodeBatch]:
    """The rows of one label, in their order, cut where the systems change and at ``size``."""
    for systems, same in _runs(rows, lambda row: row.systems):
        columns = tuple(sorted({name for row in same for name in row.fields}))
        for at in range(0, len(same), size):
            yield NodeBatch(label, systems, columns, same[at : at + size])


def rel_batches(type_: str, rows: Sequence[RelRow], size: int) -> Iterator[RelBatch]:
    """The rows of one type, cut where the systems or the labels of the ends change and at ``size``."""

    def kind(row: RelRow) -> tuple[tuple[str, ...], str, str]:
        return (row.systems, row.start.partition(":")[0], row.end.partition(":")[0])

    ordered = sorted(rows, key=kind)
    for (systems, start, end), same in _runs(ordered, kind):
        columns = tuple(sorted({name for row in same for name in row.fields}))
        for at in range(0, len(same), size):
            yield RelBatch(type_, start, end, systems, columns, same[at : at + size])


def mixed_nodes(rows: Sequence[NodeRow], size: int) -> Iterator[MixedNodes]:
    for at in range(0, len(rows), size):
        yield MixedNodes(rows[at : at + size])


def mixed_rels(rows: Sequence[RelRow], size: int) -> Iterator[MixedRels]:
    for at in range(0, len(rows), size):
        yield MixedRels(rows[at : at + size])


def _runs(rows: Sequence[T], key: Callable[[T], K]) -> Iterator[tuple[K, list[T]]]:
    for value, same in groupby(rows, key):
        yield value, list(same)
