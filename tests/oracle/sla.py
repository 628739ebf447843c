"""SLAs: which one applies to a service and a metric, by which of the four paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from hypothesis import strategies as st

from .comparison import Oracle, Row, arguments, last
from .paths import Path, step
from .world import Link, Shape, World

SHAPE = Shape(
    nodes={
        "User": 3, "Individual": 2, "Organization": 1, "Customer": 3, "Account": 3, "Product": 3, "Service": 3,
        "Group": 4, "SLA": 5, "ServiceLevelObjective": 8,
    },
    least={"User": 1, "Account": 1, "Customer": 1, "Group": 1, "SLA": 2, "ServiceLevelObjective": 3, "Service": 1},
    motifs=(
        "u:User USES_SERVICE s:Service; p:Product REALIZED_BY s; p COVERED_BY l:SLA",
        "u:User USES_SERVICE s:Service; u USES_ACCOUNT a:Account; a COVERED_BY l:SLA",
        "p:Product REALIZED_BY s:Service; p BILLED_TO a:Account; a COVERED_BY l:SLA; a COVERED_BY m:SLA",
        "u:User USES_SERVICE s:Service; u USES_ACCOUNT a:Account; c:Customer HOLDS_ACCOUNT/accountHolder a;"
        "c COVERED_BY l:SLA; c ENGAGED_PARTY i:Individual; i MEMBER_OF g:Group; g COVERED_BY m:SLA",
        "p:Product REALIZED_BY s:Service; p BILLED_TO a:Account; c:Customer HOLDS_ACCOUNT/accountHolder a;"
        "c MEMBER_OF g:Group; g COVERED_BY l:SLA",
        "u:User USES_SERVICE s:Service; u MEMBER_OF g:Group; g SUBGROUP_OF h:Group; h SUBGROUP_OF k:Group;"
        "k COVERED_BY l:SLA",
        "u:User USES_SERVICE s:Service; u IDENTIFIES i:Individual; i MEMBER_OF g:Group; g COVERED_BY l:SLA;"
        "u MEMBER_OF h:Group; h COVERED_BY m:SLA",
    ),
    links={
        "USES_SERVICE": 2, "USES_ACCOUNT": 2, "IDENTIFIES": 2, "ENGAGED_PARTY": 2, "HOLDS_ACCOUNT": 3, "REALIZED_BY": 2,
        "BILLED_TO": 2, "OWNS": 2, "CHILD_OF": 2, "MEMBER_OF": 3, "SUBGROUP_OF": 4, "COVERED_BY": 5,
        "HAS_OBJECTIVE": 12,
    },
    fields={"SLA": ("state",), "ServiceLevelObjective": ("metric", "comparator", "target", "unit")},
    pools={
        "SLA.state": ("active", "active", None, "Active", "inactive"),
        "HOLDS_ACCOUNT.role": ("accountHolder", "accountHolder", "billPayer", "unknown"),
    },
)  # fmt: skip
"""``OWNS`` and ``CHILD_OF`` are there to be ignored: who owns a product and a parent account give no SLA."""

EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Way:
    """One way from the subject to an SLA: what it covers, how good it is."""

    sla: str
    via: str
    hops: int
    covering: Link
    path: Path

    @property
    def rank(self) -> tuple[object, ...]:
        """The order of candidates, SLA uid included: the least comes first."""
        number = ("product", "account", "customer", "group").index(self.via)
        # In whole microseconds: as a float of seconds two that are one apart would be equal.
        later = -((self.covering.since - EARLIEST) // timedelta(microseconds=1))
        return (last(self.covering.get("precedence")), number, self.hops, later, self.sla)


def active(world: World, sla: str) -> bool:
    """Whether an SLA's state is empty or active, in whatever case."""
    return (world.node(sla).text("state") or "active").lower() == "active"


def effective_sla(
    world: World, *, subject: str, as_of: datetime, metric: str | None = None, depth: int = 4
) -> list[Row]:
    is_product = world.node(subject).label == "Product"
    used = world.out(subject, "REALIZED_BY" if is_product else "USES_SERVICE", as_of)
    shared = list(_shared(world, subject, depth, as_of))
    rows = []
    for service in {k.end for k in used}:
        ways = [*shared]
        if is_product:
            ways += _covered(world, "product", 0, (subject,), as_of)
        else:
            for k in (k for k in used if k.end == service):
                for real in world.into(service, "REALIZED_BY", as_of):
                    ways += _covered(world, "product", 0, step(step((subject,), k), real), as_of)
        best: dict[str, Way] = {}
        for way in sorted(ways, key=lambda w: (w.rank, w.path)):
            best.setdefault(way.sla, way)
        decided: set[str] = set()
        for way in best.values():  # in the order of candidates
            objectives = [world.node(o) for o in world.ends(way.sla, "HAS_OBJECTIVE")]
            wins = {cast(str, o.get("metric")) for o in objectives} - decided
            decided |= wins
            for o in objectives:
                if metric is not None and o.get("metric") != metric:
                    continue
                rows.append({
                    "service_uid": service,
                    "metric": o.get("metric"),
                    "sla_uid": way.sla,
                    "via": way.via,
                    "path": way.path,
                    "precedence": way.covering.get("precedence"),
                    "objective_uid": o.uid,
                    "comparator": o.get("comparator"),
                    "target": o.get("target"),
                    "unit": o.get("unit"),
                    "wins": o.get("metric") in wins,
                    "rank": way.rank,
                })  # fmt: skip
    return rows


def _covered(world: World, via: str, hops: int, path: Path, at: datetime) -> Iterator[Way]:
    """The active SLAs that cover the last thing of a path."""
    for k in world.out(path[-1], "COVERED_BY", at):
        if active(world, k.end):
            yield Way(k.end, via, hops, k, step(path, k))


def _shared(world: World, subject: str, depth: int, at: datetime) -> Iterator[Way]:
    """The ways 2, 3 and 4, which are the same for every service of the subject."""
    start = (subject,)
    is_product = world.node(subject).label == "Product"
    members = [] if is_product else [start, *(step(start, k) for k in world.out(subject, "IDENTIFIES", at))]
    for billed in world.out(subject, "BILLED_TO" if is_product else "USES_ACCOUNT", at):
        account = step(start, billed)
        yield from _covered(world, "account", 0, account, at)
        for holds in world.into(billed.end, "HOLDS_ACCOUNT", at):
            if holds.role == "accountHolder":
                customer = step(account, holds)
                yield from _covered(world, "customer", 0, customer, at)
                members += [customer, *(step(customer, k) for k in world.out(holds.start, "ENGAGED_PARTY", at))]
    for member in members:
        for k in world.out(member[-1], "MEMBER_OF", at):
            yield from _groups(world, step(member, k), 0, depth, at)


def _groups(world: World, path: Path, hops: int, depth: int, at: datetime) -> Iterator[Way]:
    yield from _covered(world, "group", hops, path, at)
    if hops < depth:
        for k in world.out(path[-1], "SUBGROUP_OF", at):
            if k.end not in path:
                yield from _groups(world, step(path, k), hops + 1, depth, at)


def _subjects(world: World) -> list[str]:
    """Users and products, those with a service more often."""
    every = world.uids("User", "Product")
    served = {k.start for k in world.complete if k.type in ("USES_SERVICE", "REALIZED_BY")}
    return every + 3 * [uid for uid in every if uid in served]


ORACLES = (
    Oracle(
        "sla.effective_sla",
        effective_sla,
        order=lambda r: (r["service_uid"], r["metric"], not r["wins"], r["rank"], r["objective_uid"]),
        arguments=lambda w: arguments(
            {"subject": _subjects(w)},
            metric=st.sampled_from(("mos", "mos", "latency", "latency", "nothing")),
            depth=st.sampled_from((4, 1)),
        ),
    ),
)
