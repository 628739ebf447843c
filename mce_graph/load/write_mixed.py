"""One batch of a small load, of any tables: six statements serve them all, so that none is planned for a few rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from mce_graph import model
from mce_graph.load import merge, plan
from mce_graph.load.batches import BatchResult
from mce_graph.load.checkpoint import Run
from mce_graph.load.merge import Properties
from mce_graph.load.periods import RelState, changed_relationship
from mce_graph.load.rows import NodeRow, RelRow, Value
from mce_graph.load.write_tables import Load, keep_relationships, record_properties


def write_nodes(run: Run, rows: Sequence[NodeRow], load: Load) -> BatchResult:
    result = BatchResult.empty()
    labels: dict[str, list[str]] = {}
    there: dict[str, Properties] = {}
    for uid, properties, found in run(plan.find_nodes(sorted({row.uid for row in rows}))).rows:
        there[cast(str, uid)] = merge.native(cast(Mapping[str, object], properties))
        labels[cast(str, uid)] = cast(list[str], found)
    made: set[str] = set()
    changes: dict[str, dict[str, Value]] = {}
    marked: dict[tuple[str, str, bool], list[str]] = {}
    records = _records(run, rows, there)
    kept: dict[str, tuple[str, str, Mapping[str, Value]]] = {}
    dropped: set[str] = set()
    for row in rows:
        spec = model.NODES[row.label]
        content = True
        if (before := there.get(row.uid)) is None:
            there[row.uid] = merge.new_node(row, load.id)
            made.add(row.uid)
        else:
            of_it = records.setdefault(row.uid, {})
            change = merge.changed_node(spec, before, row, load.id, load.declares, of_it.values())
            content = change.content
            if row.uid not in made and change.set:
                changes.setdefault(row.uid, {}).update(change.set)
            before.update(change.set)
            for view in change.records:
                said = record_properties(row, view, load.id)
                kept[view.uid] = (row.uid, view.uid, said)
                dropped.discard(view.uid)
                of_it[view.uid] = {"uid": view.uid, **said}
            for uid in change.drop_records:
                of_it.pop(uid, None)
                kept.pop(uid, None)
                dropped.add(uid)
        wanted = merge.derived_labels(row.label, there[row.uid])
        if row.uid not in made:
            for marker in merge.DERIVED.get(row.label, ()):
                if (marker in wanted) != (marker in labels[row.uid]):
                    marked.setdefault((row.label, marker, marker in wanted), []).append(row.uid)
                    labels[row.uid] = [x for x in labels[row.uid] if x != marker] + [marker] * (marker in wanted)
                    content = True
        else:
            labels[row.uid] = [row.label, *spec.also, *wanted]
        if content:
            result.changed.append(row)
    if made:
        run(plan.create_nodes([(labels[uid], _without_empty(there[uid])) for uid in sorted(made)]))
    if changes:
        run(plan.change_nodes(plan.ANY, sorted(changes.items())))
    for (label, marker, on), uids in sorted(marked.items()):
        run(plan.label_nodes(label, marker, uids, on=on))
    if kept:
        run(plan.keep_records(plan.ANY, sorted(kept.values(), key=lambda k: k[1]), load.now))
    if dropped:
        run(plan.drop_records(sorted(dropped)))
    result.nodes_created = len(made)
    result.wrote = bool(made or changes or marked or kept or dropped)
    return result


def _records(run: Run, rows: Sequence[NodeRow], there: Mapping[str, Properties]) -> dict[str, dict[str, Properties]]:
    """The source records of the nodes that another system asserts too, by their uid."""
    uids = {
        row.uid
        for row in rows
        if row.uid in there and set(cast(list[str], there[row.uid].get("sources") or [])) - {*row.systems}
    }
    found: dict[str, dict[str, Properties]] = {}
    if uids:
        for uid, record in run(plan.records_of(plan.ANY, sorted(uids))).rows:
            properties = merge.native(cast(Mapping[str, object], record))
            found.setdefault(cast(str, uid), {})[str(properties["uid"])] = properties
    return found


def write_relationships(run: Run, rows: Sequence[RelRow], load: Load) -> BatchResult:
    result = BatchResult.empty()
    states: dict[tuple[str, str, str], list[RelState]] = {}
    lost: set[int] = set()
    asked = [(row.start, row.end, row.type) for row in rows]
    for number, no_start, no_end, element, properties in run(plan.find_relationships(asked)).rows:
        i = cast(int, number)
        row = rows[i]
        if no_start or no_end:
            lost.add(i)
            result.missing.append((row, "start", row.start) if no_start else (row, "end", row.end))
        elif element is not None:
            same_ends = states.setdefault((row.type, row.start, row.end), [])
            if not any(s.element == element for s in same_ends):
                same_ends.append(RelState(cast(str, element), merge.native(cast(Mapping[str, object], properties))))
    for i, row in enumerate(rows):
        if i in lost:
            continue
        there = states.setdefault((row.type, row.start, row.end), [])
        if changed_relationship(model.RELATIONSHIPS[row.type], there, row, load.id, load.declares):
            result.changed.append(row)
    result.relationships_created, result.wrote = keep_relationships(run, states)
    return result


def _without_empty(properties: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in properties.items() if value is not None}
