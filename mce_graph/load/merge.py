"""What a row changes in the graph, worked out without a server: merged values, sources, source records, periods.

A field's merged value is that of the best-ranked system that declares it, never of the last to arrive, so that the
order of loads does not matter. Where systems differ, each of them gets a source record with all that it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from mce_graph import model, systems
from mce_graph.load.rows import NodeRow, RelRow, Value
from mce_graph.specs import NodeSpec

Properties = dict[str, Value]
Declares = Callable[[str, str, str], frozenset[str] | None]
"""(system, table, id of a load) to the fields that the load declared; ``None`` when nobody knows."""


@dataclass(slots=True)
class SourceView:
    """A source record as it is or should be: the system, its uid, and the fields that it declares."""

    system: str
    uid: str
    fields: Properties


@dataclass(slots=True)
class NodeChange:
    """What to set on a node (``None`` removes), and what to do with its source records."""

    set: Properties = field(default_factory=dict)
    content: bool = False
    """Whether anything but the bookkeeping of the load (``seen…``) changes."""
    records: list[SourceView] = field(default_factory=list)
    drop_records: list[str] = field(default_factory=list)


def rank(system: str, authority: tuple[str, ...]) -> tuple[int, str]:
    """The place of a system among those that assert a thing; smaller is believed first."""
    return (authority.index(system) if system in authority else len(authority), system)


def new_node(row: NodeRow, run: str) -> Properties:
    """Every property of a node that is not there yet."""
    made: Properties = {"uid": row.uid, **{k: v for k, v in row.fields.items() if v is not None}}
    made["sources"] = list(row.systems)
    made.update({systems.seen(system): run for system in row.systems})
    if row.as_of is not None:
        made["asOf"] = row.as_of
    if row.stub:
        made["stub"] = True
    return made


def changed_node(
    spec: NodeSpec,
    there: Properties,
    row: NodeRow,
    run: str,
    declares: Declares,
    records: Iterable[Properties] = (),
) -> NodeChange:
    """What ``row`` changes in a node that is there. ``records`` are its source records."""
    sources = cast(list[str], there.get("sources") or [])
    was_stub = there.get("stub") is True
    if row.stub and not was_stub:
        return NodeChange()
    target: Properties = {}
    change = NodeChange()
    if row.stub:
        target |= _referred_to(there, row, sources)
        sources = sorted({*sources, *row.systems})
    elif was_stub:
        target |= row.fields
        target["stub"] = None
        target |= {name: None for name in there if name.startswith("seen")}
        sources = list(row.systems)
        target["asOf"] = row.as_of if row.as_of else there.get("asOf")
    else:
        others = [s for s in sources if s not in row.systems]
        if len(row.systems) > 1:
            target |= merged_view(spec.label, spec.authority, there, row, others, declares)
        elif not others:
            target |= row.fields
        else:
            _several(spec, there, row, others, declares, list(records), target, change)
        sources = sorted({*sources, *row.systems})
        if row.as_of is not None:
            before = there.get("asOf")
            later = isinstance(before, datetime) and before > row.as_of and bool(others)
            target["asOf"] = before if later else row.as_of
    target["sources"] = list(sources)
    change.set = {name: value for name, value in target.items() if not same(there.get(name), value)}
    change.content = bool(change.set) or bool(change.records) or bool(change.drop_records)
    for system in row.systems:
        if there.get(systems.seen(system)) != run or systems.seen(system) in change.set:
            change.set[systems.seen(system)] = run
    if was_stub and not row.stub:
        change.set = {k: v for k, v in change.set.items() if v is not None or k in there}
    return change


def _referred_to(there: Properties, row: NodeRow, sources: list[str]) -> Properties:
    """A reference to what is only referred to: the one system's newest name, else the first in the alphabet."""
    target: Properties = {}
    for name, value in row.fields.items():
        before = there.get(name)
        if value is None or before is None or sources == list(row.systems):
            target[name] = value if value is not None else before
        else:
            target[name] = min(before, value, key=str)
    return target


def merged_view(
    table: str,
    authority: tuple[str, ...],
    there: Mapping[str, Value],
    row: NodeRow | RelRow,
    others: list[str],
    declares: Declares,
) -> Properties:
    """The fields of ``row`` that no better-ranked other system declares."""
    best = min(rank(system, authority) for system in row.systems)
    above: set[str] = set()
    for system in others:
        if rank(system, authority) < best:
            above |= declared(system, table, there, declares)
    return {name: value for name, value in row.fields.items() if name not in above}


def declared(system: str, table: str, there: Mapping[str, Value], declares: Declares) -> frozenset[str]:
    seen_in = there.get(systems.seen(system))
    found = declares(system, table, str(seen_in)) if seen_in else None
    return frozenset(name for name, value in there.items() if value is not None) if found is None else found


def _several(
    spec: NodeSpec,
    there: Properties,
    row: NodeRow,
    others: list[str],
    declares: Declares,
    records: list[Properties],
    target: Properties,
    change: NodeChange,
) -> None:
    """Several systems assert the node: rank decides each field, and a disagreement is kept in source records."""
    (system,) = row.systems
    own = _own(spec)
    kept = _by_system(records)
    known = cast(list[str], there.get("sources") or [])
    asserting = [name for name in (*others, system) if name != system or name in known or name in kept]
    views = _views(spec, there, asserting, declares, kept)
    views[system] = {**views.get(system, {}), **{f: v for f, v in row.fields.items() if f in own}}
    order = sorted(views, key=lambda s: rank(s, spec.authority))
    disagree = False
    for f in sorted({f for view in views.values() for f in view}):
        said_by = [s for s in order if f in views[s]]
        target[f] = views[said_by[0]][f]
        disagree = disagree or any(not same(views[s][f], target[f]) for s in said_by[1:])
    if not disagree:
        change.drop_records = sorted(str(r["uid"]) for r in records)
        return
    id_ = row.uid.partition(":")[2]
    for s in order:
        there_already = kept.get(s)
        uid = str(there_already["uid"]) if there_already else model.uid("SourceRecord", f"{s}|{spec.label}|{id_}")
        listed_now = sorted(views[s])
        unchanged = there_already and there_already.get("declares") == listed_now
        if there_already and unchanged and all(same(there_already.get(f), v) for f, v in views[s].items()):
            continue
        change.records.append(SourceView(s, uid, views[s]))


def withdrawn_node(
    spec: NodeSpec, there: Properties, system: str, declares: Declares, records: Iterable[Properties] = ()
) -> NodeChange:
    """What changes in a node that ``system`` does not assert any more, while others do: their fields are left."""
    others = [s for s in cast(list[str], there.get("sources") or []) if s != system]
    kept = _by_system(records)
    views = _views(spec, there, [*others, system], declares, kept)
    order = sorted(others, key=lambda s: rank(s, spec.authority))
    target: Properties = {"sources": list(others), systems.seen(system): None}
    disagree = False
    for f in sorted({f for view in views.values() for f in view}):
        said_by = [s for s in order if f in views[s]]
        target[f] = views[said_by[0]][f] if said_by else None
        disagree = disagree or any(not same(views[s][f], target[f]) for s in said_by[1:])
    gone = [r for s, r in kept.items() if s == system or not disagree]
    change = NodeChange(content=True, drop_records=sorted(str(r["uid"]) for r in gone))
    change.set = {name: value for name, value in target.items() if not same(there.get(name), value)}
    return change


def _own(spec: NodeSpec) -> set[str]:
    """The fields of a node that systems may differ in."""
    own = {p.name for p in spec.properties} | {f"{p.name}Raw" for p in spec.properties if p.enum} | {"deletedAt"}
    return own - {"id", *spec.key}


def _by_system(records: Iterable[Properties]) -> dict[str, Properties]:
    return {str(r["system"]): r for r in sorted(records, key=lambda r: str(r["uid"]), reverse=True)}


def _views(
    spec: NodeSpec, there: Properties, systems: Iterable[str], declares: Declares, kept: Mapping[str, Properties]
) -> dict[str, Properties]:
    """What each system says of a node: its source record, else what it declares of the merged values."""
    own = _own(spec)
    views: dict[str, Properties] = {}
    for name in systems:
        if record := kept.get(name):
            said = record.get("declares")
            listed = set(said) & own if isinstance(said, list) else {f for f in own if record.get(f) is not None}
            views[name] = {f: record.get(f) for f in listed}
        else:
            views[name] = {f: there.get(f) for f in declared(name, spec.label, there, declares) & own}
    return views


# --- derived labels and comparing --------------------------------------------------------------------------------


def derived_labels(label: str, properties: Mapping[str, Value]) -> frozenset[str]:
    """The marker labels that a node's own properties decide."""
    if label == "Group":
        kind = model.GROUP_LABELS.get(str(properties.get("groupType")))
        return frozenset((kind,)) if kind else frozenset()
    if label == "TroubleTicket":
        return frozenset((model.OPEN,)) if properties.get("status") in model.OPEN_TICKET else frozenset()
    if label == "SelfCareTransaction" and not properties.get("stub"):
        return frozenset() if properties.get("outcome") == "completed" else frozenset((model.UNFINISHED,))
    return frozenset()


DERIVED: Mapping[str, tuple[str, ...]] = {
    "Group": tuple(model.GROUP_LABELS.values()),
    "TroubleTicket": (model.OPEN,),
    "SelfCareTransaction": (model.UNFINISHED,),
}
"""Labels that ``derived_labels`` decides, by key label."""


def same(one: Value, other: Value) -> bool:
    """Whether two property values are equal, of one type: ``True`` is not 1, and an empty list is nothing."""
    one = None if one == [] else one
    other = None if other == [] else other
    if one is None or other is None:
        return one is other
    if isinstance(one, bool) != isinstance(other, bool) or isinstance(one, float) != isinstance(other, float):
        return False
    return one == other


def native(properties: Mapping[str, object]) -> Properties:
    """The driver's values as Python's own: instants in UTC."""
    return {name: _native(value) for name, value in properties.items()}


def _native(value: object) -> Value:
    if hasattr(value, "to_native"):
        value = value.to_native()
        if isinstance(value, datetime):
            from datetime import UTC

            return value.astimezone(UTC)
        return cast(date, value)
    return cast(Value, value)
