"""Batches into the graph: one transaction each, with its checkpoint in it; halved, tried again and resolved where needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import TypeVar, cast

from mce_graph import model
from mce_graph.errors import OutOfMemoryError, QueryError, TimeoutExceededError, UnreachableError
from mce_graph.graph import Graph
from mce_graph.load import merge, plan
from mce_graph.load.checkpoint import Checkpoint, Run
from mce_graph.load.plan import NodeBatch, RelBatch
from mce_graph.load.rows import NodeRow, RelRow, Row, Value

MOST_REFUSED = 20
"""Single rows that the server may refuse before the load is given up: then it is not the rows."""
UNKNOWN_COMMITS = 20


@dataclass(slots=True)
class BatchResult:
    """What one batch did."""

    changed: list[Row] = field(default_factory=list)
    """Rows of which anything but the bookkeeping changed the graph."""
    missing: list[tuple[RelRow, str, str]] = field(default_factory=list)
    """(row, side, uid) of ends that are not there."""
    refused: list[tuple[Row, str]] = field(default_factory=list)
    nodes_created: int = 0
    relationships_created: int = 0
    wrote: bool = False


Batch = NodeBatch | RelBatch
T = TypeVar("T")
K = TypeVar("K")


@dataclass(slots=True)
class Writer:
    """Writes the batches of one load, one after the other."""

    graph: Graph
    checkpoint: Checkpoint
    run: str
    now: datetime
    refused: int = 0

    def write(self, batch: Batch, done: int) -> Iterator[BatchResult]:
        """Write a batch that ends at row ``done`` of the load: in one transaction, or in halves where it is too big."""
        try:
            yield self._certain(batch, done)
        except (OutOfMemoryError, TimeoutExceededError):
            if len(batch.rows) == 1:
                raise
            yield from self._halves(batch, done)
        except QueryError as error:
            if len(batch.rows) > 1:
                yield from self._halves(batch, done)
                return
            self.refused += 1
            if self.refused > MOST_REFUSED:
                raise
            yield BatchResult(refused=[(batch.rows[0], f"the server refused it: {error.message}")])

    def _halves(self, batch: Batch, done: int) -> Iterator[BatchResult]:
        half = len(batch.rows) // 2
        first, second = _cut(batch, 0, half), _cut(batch, half, len(batch.rows))
        yield from self.write(first, done - len(second.rows))
        yield from self.write(second, done)

    def _certain(self, batch: Batch, done: int) -> BatchResult:
        """Write the batch in one transaction; when nobody knows whether it was committed, ask the graph."""
        result = BatchResult()

        def work(run: Run) -> None:
            nonlocal result
            self.checkpoint.hold(run)
            if isinstance(batch, NodeBatch):
                result = self._nodes(run, batch)
            else:
                result = self._relationships(run, batch)
            if result.wrote:
                self.checkpoint.advance(run, done)

        for attempt in range(UNKNOWN_COMMITS):
            try:
                self.graph.atomically(work, name=f"load {batch.name}", timeout=plan.TIMEOUT)
                break
            except TimeoutExceededError:
                raise
            except UnreachableError:
                if self.checkpoint.committed(done) and result.wrote:
                    break
                if attempt == UNKNOWN_COMMITS - 1:
                    raise
        self.checkpoint.advanced = self.checkpoint.advanced or result.wrote
        return result

    # --- nodes ---

    def _nodes(self, run: Run, batch: NodeBatch) -> BatchResult:
        result = BatchResult()
        spec = model.NODES[batch.label]
        answer = run(plan.find_or_create_nodes(batch, self.run))
        there = {
            cast(str, uid): (merge.native(cast(Mapping[str, object], properties)), cast(list[str], labels))
            for uid, properties, labels in answer.rows
        }
        markers = merge.DERIVED.get(batch.label, ())
        marked: dict[tuple[str, bool], list[str]] = {}
        records = self._records(run, batch, there)
        changes: list[tuple[str, Mapping[str, Value]]] = []
        kept: list[tuple[str, str, Mapping[str, Value]]] = []
        dropped: list[str] = []
        for row in batch.rows:
            before, labels = there.get(row.uid, (None, []))
            if before is None:
                result.nodes_created += 1
                result.changed.append(row)
                after = merge.new_node(row, self.run)
            else:
                change = merge.changed_node(
                    spec, before, row, self.run, self.checkpoint.declares, records.get(row.uid, ())
                )
                if change.set:
                    changes.append((row.uid, change.set))
                kept += [(row.uid, view.uid, self._record(row, view)) for view in change.records]
                dropped += change.drop_records
                after = before | change.set
                if change.content:
                    result.changed.append(row)
            if markers:
                wanted = merge.derived_labels(batch.label, after)
                wrong = [m for m in markers if (m in wanted) != (m in labels)]
                for marker in wrong:
                    marked.setdefault((marker, marker in wanted), []).append(row.uid)
                if wrong and before is not None and not change.content:
                    result.changed.append(row)
        if changes:
            run(plan.change_nodes(batch.label, changes))
        for (marker, on), uids in sorted(marked.items()):
            run(plan.label_nodes(batch.label, marker, uids, on=on))
        if kept:
            run(plan.keep_records(batch.label, kept, self.run, self.now))
        if dropped:
            run(plan.drop_records(dropped))
        result.wrote = bool(result.nodes_created or changes or marked or kept or dropped)
        return result

    def _records(
        self, run: Run, batch: NodeBatch, there: Mapping[str, tuple[merge.Properties, list[str]]]
    ) -> dict[str, list[merge.Properties]]:
        """The source records of the nodes that other systems assert too; nothing is asked where there are none."""
        uids = [uid for uid, (p, _) in there.items() if set(cast(list[str], p.get("sources") or [])) - {*batch.systems}]
        found: dict[str, list[merge.Properties]] = {}
        if uids and len(batch.systems) == 1:
            for uid, record in run(plan.records_of(batch.label, uids)).rows:
                found.setdefault(cast(str, uid), []).append(merge.native(cast(Mapping[str, object], record)))
        return found

    def _record(self, row: NodeRow, view: merge.SourceView) -> Mapping[str, Value]:
        """The properties of a source record that the loader keeps."""
        own: dict[str, Value] = dict(view.fields)
        own |= {
            "system": view.system,
            "entityType": row.label,
            "externalId": row.uid.partition(":")[2],
            "declares": sorted(view.fields),
            "sources": [view.system],
        }
        if view.system in row.systems:
            own[model.seen(view.system)] = self.run
        return own

    # --- relationships ---

    def _relationships(self, run: Run, batch: RelBatch) -> BatchResult:
        result = BatchResult()
        spec = model.RELATIONSHIPS[batch.type]
        states: dict[tuple[str, str], list[merge.RelState]] = {}
        known: set[int] = set()
        for number, no_start, no_end, element, properties in run(
            plan.find_or_create_relationships(batch, self.run)
        ).rows:
            i = cast(int, number)
            row = batch.rows[i]
            if no_start or no_end:
                known.add(i)
                side, uid = ("start", row.start) if no_start else ("end", row.end)
                result.missing.append((row, side, uid))
                continue
            known.add(i)
            pair = states.setdefault((row.start, row.end), [])
            if not any(s.element == element for s in pair):
                pair.append(merge.RelState(cast(str, element), merge.native(cast(Mapping[str, object], properties))))
        lost = {id(row) for row, _, _ in result.missing}
        made: list[tuple[str, str, Mapping[str, Value]]] = []
        changes: dict[str, dict[str, Value]] = {}
        for i, row in enumerate(batch.rows):
            if i not in known:
                result.relationships_created += 1
                result.changed.append(row)
                continue
            if id(row) in lost:
                continue
            there = states[row.start, row.end]
            change = merge.changed_relationship(spec, there, row, self.run, self.checkpoint.declares)
            if change is None:
                continue
            if change.creates:
                made.append((row.start, row.end, change.set))
                result.relationships_created += 1
            elif change.element:
                changes.setdefault(change.element, {}).update(change.set)
            if change.content:
                result.changed.append(row)
        if made:
            run(plan.create_relationships(batch, made))
        if changes:
            run(plan.change_relationships(batch, list(changes.items())))
        result.wrote = bool(result.relationships_created or changes)
        return result


def _cut(batch: Batch, start: int, end: int) -> Batch:
    if isinstance(batch, NodeBatch):
        return replace(batch, rows=batch.rows[start:end])
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


def _runs(rows: Sequence[T], key: Callable[[T], K]) -> Iterator[tuple[K, list[T]]]:
    for value, same in groupby(rows, key):
        yield value, list(same)
