"""One batch of one table: the server finds, compares and creates; what differs is merged here and written after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from mce_graph import model, systems
from mce_graph.load import merge, plan
from mce_graph.load.batches import BatchResult, NodeBatch, RelBatch
from mce_graph.load.checkpoint import Run
from mce_graph.load.periods import RelState, changed_relationship
from mce_graph.load.rows import NodeRow, Value

_Found = tuple[str, Mapping[str, object], list[str]]
"""uid, properties and labels of a node."""
_Relationships = tuple[list[int], list[int], list[int], list[tuple[int, str, Mapping[str, object]]]]
"""Numbers of rows that say the same, without start, without end; and the others with what is there."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the rows of one load have in common: its id, its time, and what earlier loads declared."""

    id: str
    now: datetime
    declares: merge.Declares


def write_nodes(run: Run, batch: NodeBatch, load: Load) -> BatchResult:
    result = BatchResult.empty()
    spec = model.NODES[batch.label]
    answer = run(plan.find_or_create_nodes(batch, load.id))
    touched = answer.summary.counters
    result.nodes_created = touched.get("nodes_created", 0)
    ((same, others),) = cast(list[tuple[list[str], list[_Found]]], answer.rows)
    agreed = set(same)
    there = {uid: (merge.native(properties), labels) for uid, properties, labels in others}
    markers = merge.DERIVED.get(batch.label, ())
    marked: dict[tuple[str, bool], list[str]] = {}
    records = _records(run, batch, there)
    changes: list[tuple[str, Mapping[str, Value]]] = []
    kept: list[tuple[str, str, Mapping[str, Value]]] = []
    dropped: list[str] = []
    for row in batch.rows:
        if row.uid in agreed:
            continue
        before, labels = there.get(row.uid, (None, []))
        if before is None:
            result.changed.append(row)
            after = merge.new_node(row, load.id)
        else:
            change = merge.changed_node(spec, before, row, load.id, load.declares, records.get(row.uid, ()))
            if change.set:
                changes.append((row.uid, change.set))
            kept += [(row.uid, view.uid, record_properties(row, view, load.id)) for view in change.records]
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
        run(plan.keep_records(batch.label, kept, load.now))
    if dropped:
        run(plan.drop_records(dropped))
    result.wrote = bool(touched or changes or marked or kept or dropped)
    return result


def _records(
    run: Run, batch: NodeBatch, there: Mapping[str, tuple[merge.Properties, list[str]]]
) -> dict[str, list[merge.Properties]]:
    """The source records of the nodes that other systems assert too; nothing is asked where there are none."""
    uids = [uid for uid, (p, _) in there.items() if set(cast(list[str], p.get("sources") or [])) - {*batch.systems}]
    found: dict[str, list[merge.Properties]] = {}
    if uids and len(batch.systems) == 1:
        for uid, record in run(plan.records_of(batch.label, uids)).rows:
            found.setdefault(cast(str, uid), []).append(merge.native(cast(Mapping[str, object], record)))
    return found


def record_properties(row: NodeRow, view: merge.SourceView, load: str) -> Mapping[str, Value]:
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
        own[systems.seen(view.system)] = load
    return own


def write_relationships(run: Run, batch: RelBatch, load: Load) -> BatchResult:
    result = BatchResult.empty()
    spec = model.RELATIONSHIPS[batch.type]
    states: dict[tuple[str, str, str], list[RelState]] = {}
    answer = run(plan.find_or_create_relationships(batch, load.id))
    ((same, no_start, no_end, others),) = cast(list[_Relationships], answer.rows)
    result.missing = [(batch.rows[i], "start", batch.rows[i].start) for i in no_start]
    result.missing += [(batch.rows[i], "end", batch.rows[i].end) for i in no_end]
    passed = {*same, *no_start, *no_end}
    known = set()
    for i, element, properties in others:
        known.add(i)
        row = batch.rows[i]
        pair = states.setdefault((row.type, row.start, row.end), [])
        if not any(s.element == element for s in pair):
            pair.append(RelState(element, merge.native(properties)))
    for i, row in enumerate(batch.rows):
        if i in passed:
            continue
        if i not in known:
            result.relationships_created += 1
            result.changed.append(row)
        elif changed_relationship(spec, states[row.type, row.start, row.end], row, load.id, load.declares):
            result.changed.append(row)
    made, wrote = keep_relationships(run, states, batch.start, batch.type, batch.end)
    result.relationships_created += made
    result.wrote = bool(answer.summary.counters) or wrote
    return result


def keep_relationships(
    run: Run,
    states: Mapping[tuple[str, str, str], Sequence[RelState]],
    start: str = plan.ANY,
    types: str = plan.ANY_TYPE,
    end: str = plan.ANY,
) -> tuple[int, bool]:
    """Write what became of relationships, by (type, start, end); gives how many are new, and whether any changed."""
    found = [(*ends, state) for ends, pair in states.items() for state in pair]
    made = [(a, b, t, s.properties) for t, a, b, s in found if not s.element and not s.gone]
    changes = [(a, b, s.element, s.changes) for _, a, b, s in found if s.element and s.changes and not s.gone]
    gone = [(a, b, s.element) for _, a, b, s in found if s.element and s.gone]
    if made:
        run(plan.create_relationships(start, end, made))
    if changes:
        run(plan.change_relationships(start, types, end, changes))
    if gone:
        run(plan.delete_relationships(start, types, end, gone))
    return len(made), bool(made or changes or gone)
