"""One load folded to one row for each key and system, before anything is written: whatever the order of its files.

Rows of one key and system that say the same are duplicates. Of rows that differ the newest by the record's own time
is kept, without times the one whose canonical JSON sorts first; the others are conflicts. Payloads in which an absent
field says nothing (TM Forum) are folded field by field, and a reference that a resource has once is one of its fields.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import TypeVar

from mce_graph import model
from mce_graph.load.rows import NodeRow, RelRow, Row, Value

NEVER = datetime(1, 1, 1, tzinfo=UTC)
R = TypeVar("R", NodeRow, RelRow)
Group = Row | list[Row]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row, or one field of it, that lost against another of the same key and system."""

    row: Row
    column: str
    reason: str
    whole: bool
    """Whether the row as a whole lost; else only the field ``column``."""


@dataclass(slots=True)
class Folded:
    """What is left to load, in the order of the model and of the keys, and what was folded away."""

    nodes: dict[str, list[NodeRow]] = field(default_factory=dict)
    relationships: dict[str, list[RelRow]] = field(default_factory=dict)
    duplicates: list[Row] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    superseded: int = 0
    """Fields of older payloads that a newer one replaced."""


class Fold:
    """Takes the rows of a load one by one."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[tuple[object, ...], Group]] = {}

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            table = self._groups.setdefault(row.table, {})
            key = _key(row)
            there = table.get(key)
            if there is None:
                table[key] = row
            elif isinstance(there, list):
                there.append(row)
            else:
                table[key] = [there, row]

    def resolve(self) -> Folded:
        """Decide every key; the rows are given over and not kept."""
        result = Folded()
        for label in model.NODES:
            if groups := self._groups.pop(label, None):
                rows = [row for g in groups.values() for row in _decided(g, result) if isinstance(row, NodeRow)]
                result.nodes[label] = sorted(rows, key=attrgetter("systems", "uid"))
        for type_ in _IN_ORDER:
            if groups := self._groups.pop(type_, None):
                rels = [row for g in groups.values() for row in _decided(g, result) if isinstance(row, RelRow)]
                if model.RELATIONSHIPS[type_].most_current_ends == 1:
                    rels = _single(rels, result)
                result.relationships[type_] = sorted(rels, key=_rel_order)
        _end_deleted(result)
        return result


def deleted(folded: Folded) -> dict[str, datetime]:
    """Nodes that a delete event of the load ended, and when."""
    found: dict[str, datetime] = {}
    for rows in folded.nodes.values():
        for row in rows:
            at = row.fields.get("deletedAt")
            if row.partial and isinstance(at, datetime):
                found[row.uid] = min(at, found.get(row.uid, at))
    return found


def _end_deleted(folded: Folded) -> None:
    """The open links of what was deleted end with it, if they began before."""
    ended = deleted(folded)
    for row in (row for rows in folded.relationships.values() for row in rows if ended):
        times = [ended[uid] for uid in (row.start, row.end) if uid in ended]
        if times and row.open and row.valid_from is not None and row.valid_from <= min(times):
            row.fields["validTo"] = min(times)


_IN_ORDER = (model.ENGAGED_PARTY, *(t for t in model.RELATIONSHIPS if t != model.ENGAGED_PARTY))
"""Engaged parties first: a user said to identify a customer is resolved to that customer's party."""


def _rel_order(row: RelRow) -> tuple[object, ...]:
    return (row.systems, row.start, row.end, row.role or "", row.valid_from or NEVER)


def _key(row: Row) -> tuple[object, ...]:
    if isinstance(row, NodeRow):
        return (row.uid, row.systems)
    return (row.start, row.end, row.role, row.systems)


def _decided(group: Group, result: Folded) -> Iterable[Row]:
    if not isinstance(group, list):
        return (group,)
    nodes = [row for row in group if isinstance(row, NodeRow)]
    if nodes:
        return _nodes(nodes, result)
    return _periods([row for row in group if isinstance(row, RelRow)], result)


def _nodes(rows: list[NodeRow], result: Folded) -> Iterator[Row]:
    """A resource fills in what was only referred to; references alone are folded by field."""
    full = [row for row in rows if not row.stub]
    if full:
        yield _one(full, result)
        return
    rows.sort(key=attrgetter("record"))
    kept = rows[0]
    for name in sorted({name for row in rows for name in row.fields}):
        said = [value for row in rows if (value := row.fields.get(name)) is not None]
        if said:
            kept.fields[name] = min(said, key=str)
    yield kept


def _periods(rows: list[RelRow], result: Folded) -> Iterator[Row]:
    by_start: dict[datetime | None, list[RelRow]] = {}
    for row in rows:
        by_start.setdefault(row.valid_from, []).append(row)
    kept = [_one(same, result) for _, same in sorted(by_start.items(), key=lambda item: item[0] or NEVER)]
    running = [row for row in kept if row.open]
    known = [row for row in running if row.valid_from != model.BEGINNING]
    if len(running) > 1:
        result.duplicates.extend(row for row in running if row not in known)
        last = _newest(known, lambda row: _canonical(row, row.valid_from))
        for row in known:
            if row is not last:
                reason = "conflict: the same system gives another start of the same open period"
                result.conflicts.append(Conflict(row, "validFrom", reason, whole=True))
        running = [last]
    yield from (row for row in kept if not row.open or row in running)


def _single(rows: list[RelRow], result: Folded) -> list[RelRow]:
    """A reference that a resource has once is a field of it too: the newest payload says which end is current."""
    current: dict[tuple[str, tuple[str, ...]], list[RelRow]] = {}
    for row in rows:
        if row.partial and row.open:
            current.setdefault((row.start, row.systems), []).append(row)
    lost: set[int] = set()
    for same in current.values():
        if len({row.end for row in same}) == 1:
            continue
        last = _newest(same, lambda row: f"{row.end} {_canonical(row, row.valid_from)}")
        for row in same:
            if row.end == last.end:
                continue
            lost.add(id(row))
            if (row.as_of or NEVER) < (last.as_of or NEVER):
                result.superseded += 1
            else:
                reason = "conflict: another payload of the same system names another end, and there is one at a time"
                result.conflicts.append(Conflict(row, "end", reason, whole=True))
    return [row for row in rows if id(row) not in lost] if lost else rows


def _one(rows: list[R], result: Folded) -> R:
    """One row out of all that one system says of one key."""
    if len(rows) == 1:
        return rows[0]
    rows.sort(key=attrgetter("record"))
    distinct: dict[str, R] = {}
    for row in rows:
        text = _canonical(row)
        first = distinct.get(text)
        if first is None:
            distinct[text] = row
        else:
            result.duplicates.append(row)
            first.as_of = max(first.as_of or NEVER, row.as_of or NEVER) if first.as_of or row.as_of else None
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    if any(row.partial for row in distinct.values()):
        return _by_field(distinct, result)
    last = _newest(list(distinct.values()), _canonical)
    for row in distinct.values():
        if row is not last:
            column = next((n for n in sorted(row.fields) if row.fields[n] != last.fields.get(n)), "")
            reason = "conflict: another record of the same key and system says otherwise"
            result.conflicts.append(Conflict(row, column, reason, whole=True))
    return last


def _by_field(distinct: dict[str, R], result: Folded) -> R:
    texts = {id(row): text for text, row in distinct.items()}
    rows = list(distinct.values())
    kept = rows[0]
    fields: dict[str, Value] = {}
    for name in sorted({name for row in rows for name in row.fields}):
        saying = [row for row in rows if name in row.fields]
        last = _newest(saying, lambda row: texts[id(row)])
        fields[name] = last.fields[name]
        for row in saying:
            if row.fields[name] == last.fields[name]:
                continue
            if (row.as_of or NEVER) < (last.as_of or NEVER):
                result.superseded += 1
            else:
                reason = "conflict: another payload of the same key and system says otherwise"
                result.conflicts.append(Conflict(row, name, reason, whole=False))
    times = [row.as_of for row in rows if row.as_of]
    kept.fields, kept.as_of = fields, max(times) if times else None
    kept.also = [row.record for row in rows[1:]]
    return kept


def _newest(rows: list[R], text: Callable[[R], str]) -> R:
    """The newest by the record's own time; of equally new ones the one whose canonical JSON sorts first."""
    newest = max(row.as_of or NEVER for row in rows)
    return min((row for row in rows if (row.as_of or NEVER) == newest), key=text)


def _canonical(row: Row, start: datetime | None = None) -> str:
    fields: dict[str, object] = dict(row.fields)
    if start is not None:
        fields["validFrom"] = start
    return json.dumps(fields, sort_keys=True, ensure_ascii=True, default=str)
