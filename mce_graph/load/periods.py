"""What a row changes among the relationships of one type between two things, worked out without a server.

Each system has its own account of when something held: its claims. Which claims are one relationship, and what it
shows, follows from all of them by rank alone, never from the order of their arrival; what a system gives otherwise than
is shown is kept with it (``otherPeriods``), so that its claim can be told again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from mce_graph import model, systems
from mce_graph.load.merge import Declares, Properties, declared, merged_view, rank, same
from mce_graph.load.rows import RelRow, Value
from mce_graph.specs import RelSpec


@dataclass(slots=True, eq=False)
class RelState:
    """One relationship as it is in the graph or will be; its server's id is empty while it is only planned."""

    element: str
    properties: Properties
    changes: Properties = field(default_factory=dict)
    """What is to be set on it; ``None`` removes."""
    gone: bool = False
    """Whether it has become part of another one."""

    def set(self, values: Mapping[str, Value]) -> None:
        self.properties.update(values)
        self.changes.update(values)


@dataclass(slots=True, eq=False)
class _Claim:
    """What one system says of one period."""

    system: str
    start: datetime
    fields: Properties
    """What the system declares of it, ``validTo`` among them."""
    run: Value
    state: RelState | None
    """The relationship that shows it so far."""

    @property
    def end(self) -> Value:
        return self.fields.get("validTo")


@dataclass(slots=True, eq=False)
class _Period:
    """Claims that are one relationship, the best-ranked first."""

    claims: list[_Claim]

    @property
    def start(self) -> datetime:
        """That of the best-ranked claim with one."""
        return next((c.start for c in self.claims if c.start != model.BEGINNING), model.BEGINNING)

    @property
    def shown(self) -> Properties:
        """Each field as the best-ranked system has it that declares it."""
        found: Properties = {}
        for claim in reversed(self.claims):
            found |= claim.fields
        return found


def new_relationship(row: RelRow, run: str) -> Properties:
    """Every property of a relationship that is not there yet."""
    made: Properties = {k: v for k, v in row.fields.items() if v is not None}
    if row.role is not None:
        made["role"] = row.role
    if row.valid_from is not None:
        made["validFrom"] = row.valid_from
    made["sources"] = list(row.systems)
    made.update({systems.seen(system): run for system in row.systems})
    return made


def authority_of(spec: RelSpec, start_label: str) -> tuple[str, ...]:
    """The systems in the order in which they are believed about a relationship."""
    return systems.believed(spec.master or model.NODES[start_label].master)


def changed_relationship(spec: RelSpec, there: list[RelState], row: RelRow, run: str, declares: Declares) -> bool:
    """Bring ``there``, all relationships of the type between the row's ends, up to date with what ``row`` says.

    Gives whether anything but the bookkeeping of the load (``seen…``) changes. What is to be written afterwards stands
    in each state: it is new (no ``element``), has ``changes``, or is ``gone``.
    """
    mine = [s for s in there if not s.gone and (not spec.role or s.properties.get("role") == row.role)]
    if not mine:
        there.append(RelState("", new_relationship(row, run)))
        return True
    authority = authority_of(spec, row.start.partition(":")[0])
    if not spec.validity:
        return _without_periods(spec, mine[0], row, run, authority, declares)
    claims = [claim for state in mine for claim in _claims(spec, state, declares)]
    for system in row.systems:
        _claim(spec, claims, row, system, run, declares)
    return _show(there, mine, _grouped(claims, authority), row.role)


def withdraw(
    spec: RelSpec, there: list[RelState], system: str, elements: Set[str], start_label: str, declares: Declares
) -> None:
    """Take back what a system said of some relationships, by their ids, where others assert them too.

    What is shown of them follows from the systems that are left. ``there`` is all of the type between two things.
    """
    authority = authority_of(spec, start_label)
    shared = [s for s in there if s.element in elements and set(_sources(s)) - {system}]
    if not spec.validity:
        for state in shared:
            state.set({"sources": [s for s in _sources(state) if s != system], systems.seen(system): None})
        return
    for role in {cast("str | None", s.properties.get("role")) for s in shared}:
        mine = [s for s in there if s.properties.get("role") == role and (s in shared or s.element not in elements)]
        claims: list[_Claim] = []
        for state in mine:
            for claim in _claims(spec, state, declares):
                if claim.system == system and state in shared:
                    state.set(dict.fromkeys(claim.fields))
                else:
                    claims.append(claim)
        _show(there, mine, _grouped(claims, authority), role)


def _without_periods(
    spec: RelSpec, state: RelState, row: RelRow, run: str, authority: tuple[str, ...], declares: Declares
) -> bool:
    now = state.properties
    sources = _sources(state)
    others = [s for s in sources if s not in row.systems]
    target = merged_view(spec.type, authority, now, row, others, declares) if others else dict(row.fields)
    target["sources"] = sorted({*sources, *row.systems})
    changed = {name: value for name, value in target.items() if not same(now.get(name), value)}
    state.set(changed)
    state.set({systems.seen(s): run for s in row.systems if now.get(systems.seen(s)) != run})
    return bool(changed)


# --- claims ------------------------------------------------------------------------------------------------------


def _claims(spec: RelSpec, state: RelState, declares: Declares) -> list[_Claim]:
    """What each system that asserts a relationship says of it."""
    now = state.properties
    own = _own(spec.type)
    start = cast(datetime, now.get("validFrom") or model.BEGINNING)
    otherwise = {system: rest for system, _, rest in map(_parted, cast(list[str], now.get(_OTHER) or []))}
    claims = []
    for system in _sources(state):
        fields = {name: now.get(name) for name in declared(system, spec.type, now, declares) if name in own}
        claim = _Claim(system, start, fields, now.get(systems.seen(system)), state)
        if system in otherwise:
            period, _, differ = otherwise[system].partition(" ")
            begins, _, ends = period.partition("/")
            claim.start = datetime.fromisoformat(begins)
            if "validTo" in fields:
                fields["validTo"] = None if ends == _NO_END else datetime.fromisoformat(ends)
            for name, value in json.loads(differ or "{}").items():
                if name in fields:
                    fields[name] = _read(own[name], value)
        claims.append(claim)
    return claims


def _claim(spec: RelSpec, claims: list[_Claim], row: RelRow, system: str, run: str, declares: Declares) -> None:
    """Put what a row says in the place of what its system said of that period, or beside it.

    It is the same period where it has the same start, or where both are open: a system has one open period at a time.
    """
    start = row.valid_from or model.BEGINNING
    mine = [c for c in claims if c.system == system]
    found = next((c for c in mine if c.start == start), None)
    if found is None and row.open:
        found = min((c for c in mine if c.end is None), key=lambda c: c.start, default=None)
    if found is None:
        claims.append(_Claim(system, start, dict(row.fields), run, None))
        return
    found.fields |= row.fields
    listed = declares(system, spec.type, run)
    if listed is not None:
        found.fields = {name: value for name, value in found.fields.items() if name in listed}
    if start != model.BEGINNING:
        found.start = start
    found.run = run


def _grouped(claims: list[_Claim], authority: tuple[str, ...]) -> list[_Period]:
    """Which claims are one relationship: the same start as a better-ranked system's, else the open with the open.

    A system has one claim in each.
    """
    periods: list[_Period] = []
    for system in sorted({c.system for c in claims}, key=lambda s: rank(s, authority)):
        own = sorted((c for c in claims if c.system == system), key=lambda c: (c.start, c.end is None, str(c.end)))
        free = sorted(periods, key=lambda p: p.start)
        left = []
        for claim in own:
            if (period := next((p for p in free if p.start == claim.start), None)) is None:
                left.append(claim)
            else:
                period.claims.append(claim)
                free.remove(period)
        for claim in left:
            running = (p for p in free if claim.end is None and p.shown.get("validTo") is None)
            if (period := next(running, None)) is None:
                periods.append(_Period([claim]))
            else:
                period.claims.append(claim)
                free.remove(period)
    return periods


# --- what is shown -----------------------------------------------------------------------------------------------


def _show(there: list[RelState], mine: list[RelState], periods: Sequence[_Period], role: str | None) -> bool:
    """Give each period its relationship: the one that its best-ranked claims had, else one that nobody asserts."""
    free = list(mine)
    places = {period: _taken(period, free) for period in periods}
    content = False
    for period, state in places.items():
        target = _target(period)
        if state is None and (state := _forsaken_of(period, free)) is not None:
            free.remove(state)
            target = {"validTo": None} | target  # it was ended as stale, and is asserted again
        seen: Properties = {systems.seen(c.system): c.run for c in period.claims}
        if state is None:
            made: Properties = {"role": role} | target | seen
            there.append(RelState("", {name: value for name, value in made.items() if value is not None}))
            content = True
        else:
            left = (c for p in periods if p is not period for c in p.claims if c.state is state)
            content = _bring(state, dict.fromkeys(name for c in left for name in c.fields) | target, seen) or content
    for state in free:
        if not _forsaken(state):
            state.gone = content = True
    return content


def _taken(period: _Period, free: list[RelState]) -> RelState | None:
    """The relationship that shows the best-ranked of the claims so far, which is free no longer."""
    state = next((c.state for c in period.claims if c.state in free), None)
    if state is not None:
        free.remove(state)
    return state


def _bring(state: RelState, target: Properties, seen: Properties) -> bool:
    """Set what differs; gives whether that is more than which load said so."""
    now = state.properties
    changed = {name: value for name, value in target.items() if not same(now.get(name), value)}
    marks: Properties = dict.fromkeys(name for name in now if name.startswith("seen")) | seen
    state.set(changed)
    state.set({name: value for name, value in marks.items() if now.get(name) != value})
    return bool(changed)


def _sources(state: RelState) -> list[str]:
    return cast(list[str], state.properties.get("sources") or [])


def _forsaken(state: RelState) -> bool:
    return not _sources(state)


def _forsaken_of(period: _Period, states: Sequence[RelState]) -> RelState | None:
    """A relationship that nobody asserts and that is this period: it has its start, or both are open."""
    forsaken = [s for s in states if _forsaken(s)]
    same_start = (s for s in forsaken if s.properties.get("validFrom") == period.start)
    is_open = period.shown.get("validTo") is None
    running = (s for s in forsaken if is_open and s.properties.get("validTo") is None)
    return next(same_start, None) or next(running, None)


def _target(period: _Period) -> Properties:
    """The properties of a relationship that its claims decide."""
    start, shown = period.start, period.shown
    target: Properties = {**shown, "validFrom": start}
    target["sources"] = sorted(c.system for c in period.claims)
    otherwise = []
    for claim in sorted(period.claims, key=lambda c: c.system):
        end = claim.fields.get("validTo", shown.get("validTo"))
        differ = {n: v for n, v in claim.fields.items() if n != "validTo" and not same(v, shown[n])}
        if (claim.start, end) != (start, shown.get("validTo")) or differ:
            ends = end.isoformat() if isinstance(end, datetime) else _NO_END
            said = f" {json.dumps(differ, sort_keys=True, ensure_ascii=False, default=_written)}" if differ else ""
            otherwise.append(f"{claim.system} {claim.start.isoformat()}/{ends}{said}")
    target[_OTHER] = otherwise or None
    return target


# --- how it is kept ----------------------------------------------------------------------------------------------

_OTHER = model.OTHER_PERIODS.name
_NO_END = ".."


def _parted(entry: str) -> tuple[str, str, str]:
    return entry.partition(" ")


@lru_cache(maxsize=128)
def _own(type_: str) -> Mapping[str, str]:
    """The fields that a system may declare of a period, beside its start, with their types."""
    own = (p for p in model.rel_properties(model.RELATIONSHIPS[type_]) if p.name not in ("role", "validFrom"))
    return {p.name: p.type for p in own}


def _written(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def _read(type_: str, value: Value) -> Value:
    if isinstance(value, str) and type_ == "datetime":
        return datetime.fromisoformat(value)
    if isinstance(value, str) and type_ == "date":
        return date.fromisoformat(value)
    return value
