"""One load folded to one row for each key and system, before anything is written: whatever the order of its files.

Rows of one key and system that say the same are duplicates. Of rows that differ the newest by the record's own time
is kept, without times the one whose canonical JSON sorts first; the others are conflicts. Payloads in which an absent
field says nothing (TM Forum) are folded field by field, and a reference that a resource has once is one of its fields.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from mce_graph import model
from mce_graph.load.rows import NodeRow, RelRow, Row, Value
from mce_graph.load.shelf import NEVER, Rows, Shelf, order

R = TypeVar("R", NodeRow, RelRow)
Watch = Callable[[Row], None]
_NOTHING: Mapping[str, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row, or one field of it, that lost against another of the same key and system."""

    row: Row
    column: str
    reason: str
    whole: bool
    """Whether the row as a whole lost; else only the field ``column``."""


@dataclass(slots=True)
class Away:
    """What was folded away."""

    duplicates: list[int] = field(default_factory=list)
    """Numbers of records that say what another one says."""
    conflicts: list[Conflict] = field(default_factory=list)
    superseded: int = 0
    """Fields of older payloads that a newer one replaced."""


@dataclass(slots=True)
class Folded:
    """What is left to load, in the order of the model and of the keys, and what was folded away."""

    nodes: dict[str, Rows[NodeRow]] = field(default_factory=dict)
    relationships: dict[str, Rows[RelRow]] = field(default_factory=dict)
    away: Away = field(default_factory=Away)
    deleted: dict[str, datetime] = field(default_factory=dict)
    """Nodes that a delete event of the load ended, and when."""
    gone: dict[str, datetime] = field(default_factory=dict)
    """The same of all loads, this one and those before it."""

    @property
    def size(self) -> int:
        return sum(map(len, self.nodes.values())) + sum(map(len, self.relationships.values()))

    def with_parties(
        self, parties: Callable[[list[str]], Mapping[str, str]], lost: Callable[[RelRow], None], away: Away
    ) -> Iterable[RelRow]:
        """Who identifies whom, where a user said to identify a customer identifies the party that it engages.

        ``parties`` gives the parties of customers; a row whose customer has none is ``lost``. What then says the same
        of a user and a party as another row does is folded once more.
        """
        rows = self.relationships.get(model.IDENTIFIES, [])
        named = [row for row in rows if _names_customer(row)]
        if not named:
            return rows
        found = parties(sorted({row.end for row in named}))
        groups: dict[tuple[object, ...], list[RelRow]] = {}
        for row in named:
            if row.end in found:
                made = replace(row, end=found[row.end], fields=dict(row.fields))
                _end(made, self.gone)
                groups.setdefault(_rel_key(made), []).append(made)
            else:
                lost(row)
        for row in rows:
            if not _names_customer(row) and (group := groups.get(_rel_key(row))) is not None:
                group.append(row)
        again = chain.from_iterable(_periods(group, away) for group in groups.values())
        rest = (row for row in rows if not _names_customer(row) and _rel_key(row) not in groups)
        return heapq.merge(rest, sorted(again, key=order), key=order)


class Fold:
    """Takes the rows of a load file by file; many of them wait on disk, in a folder of ``home``."""

    def __init__(self, home: Callable[[], Path]) -> None:
        self._shelf = Shelf(home)
        self.add, self.keep, self.drop, self.close = (
            self._shelf.put, self._shelf.keep, self._shelf.drop, self._shelf.close
        )  # fmt: skip

    def resolve(self, watch: Watch = lambda row: None, gone: Mapping[str, datetime] = _NOTHING) -> Folded:
        """Decide every key; ``watch`` sees each row that is left, in order. ``gone`` is what was deleted before."""
        result = Folded(gone={**gone})
        for label in filter(self._shelf.holds, model.NODES):
            result.nodes[label] = self._shelf.collect(label, self._nodes(label, result, watch))
        for type_ in filter(self._shelf.holds, _IN_ORDER):
            result.relationships[type_] = self._shelf.collect(type_, self._relationships(type_, result, watch))
        return result

    def _nodes(self, label: str, result: Folded, watch: Watch) -> Iterator[NodeRow]:
        taken = (row for row in self._shelf.take(label) if isinstance(row, NodeRow))
        for _, same in groupby(taken, order):
            row = _node([*same], result.away)
            at = row.fields.get("deletedAt")
            if row.partial and isinstance(at, datetime):
                result.deleted[row.uid] = min(at, result.deleted.get(row.uid, at))
                result.gone[row.uid] = result.deleted[row.uid]
            watch(row)
            yield row

    def _relationships(self, type_: str, result: Folded, watch: Watch) -> Iterator[RelRow]:
        taken = (row for row in self._shelf.take(type_) if isinstance(row, RelRow))
        rows = chain.from_iterable(_periods([*same], result.away) for _, same in groupby(taken, _rel_key))
        if model.RELATIONSHIPS[type_].most_current_ends == 1:
            rows = chain.from_iterable(_single([*same], result.away) for _, same in groupby(rows, attrgetter("start")))
        for row in rows:
            _end(row, result.gone)
            watch(row)
            yield row


def _names_customer(row: RelRow) -> bool:
    return row.end.startswith("Customer:")


def _end(row: RelRow, deleted: Mapping[str, datetime]) -> None:
    """The open links of what was deleted end with it, if they began before."""
    times = [deleted[uid] for uid in (row.start, row.end) if uid in deleted]
    if times and row.open and row.valid_from is not None and row.valid_from <= min(times):
        row.fields["validTo"] = min(times)


_IN_ORDER = (model.ENGAGED_PARTY, *(t for t in model.RELATIONSHIPS if t != model.ENGAGED_PARTY))
"""Engaged parties first: a user said to identify a customer is resolved to that customer's party."""


def _rel_key(row: RelRow) -> tuple[object, ...]:
    return (row.start, row.end, row.systems, row.role or "")


def _node(rows: list[NodeRow], away: Away) -> NodeRow:
    """A resource fills in what was only referred to; references alone are folded by field."""
    full = [row for row in rows if not row.stub]
    if full:
        return _one(full, away)
    rows.sort(key=attrgetter("record"))
    kept = rows[0]
    for name in sorted({name for row in rows for name in row.fields}):
        said = [value for row in rows if (value := row.fields.get(name)) is not None]
        if said:
            kept.fields[name] = min(said, key=str)
    return kept


def _periods(rows: list[RelRow], away: Away) -> Iterator[RelRow]:
    by_start: dict[datetime | None, list[RelRow]] = {}
    for row in rows:
        by_start.setdefault(row.valid_from, []).append(row)
    kept = [_one(same, away) for _, same in sorted(by_start.items(), key=lambda item: item[0] or NEVER)]
    running = [row for row in kept if row.open]
    known = [row for row in running if row.valid_from != model.BEGINNING]
    if len(running) > 1:
        away.duplicates.extend(row.record for row in running if row not in known)
        last = _newest(known, lambda row: _canonical(row, row.valid_from))
        for row in known:
            if row is not last:
                reason = "conflict: the same system gives another start of the same open period"
                away.conflicts.append(Conflict(row, "validFrom", reason, whole=True))
        running = [last]
    yield from (row for row in kept if not row.open or row in running)


def _single(rows: list[RelRow], away: Away) -> list[RelRow]:
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
                away.superseded += 1
            else:
                reason = "conflict: another payload of the same system names another end, and there is one at a time"
                away.conflicts.append(Conflict(row, "end", reason, whole=True))
    return [row for row in rows if id(row) not in lost] if lost else rows


def _one(rows: list[R], away: Away) -> R:
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
            away.duplicates.append(row.record)
            first.as_of = max(first.as_of or NEVER, row.as_of or NEVER) if first.as_of or row.as_of else None
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    if any(row.partial for row in distinct.values()):
        return _by_field(distinct, away)
    last = _newest(list(distinct.values()), _canonical)
    for row in distinct.values():
        if row is not last:
            column = next((n for n in sorted(row.fields) if row.fields[n] != last.fields.get(n)), "")
            reason = "conflict: another record of the same key and system says otherwise"
            away.conflicts.append(Conflict(row, column, reason, whole=True))
    return last


def _by_field(distinct: dict[str, R], away: Away) -> R:
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
                away.superseded += 1
            else:
                reason = "conflict: another payload of the same key and system says otherwise"
                away.conflicts.append(Conflict(row, name, reason, whole=False))
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
