"""Quality of experience: who suffers on an account whose holder is fine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import cast

from hypothesis import strategies as st

from .comparison import Oracle, Row, arguments
from .periods import edged
from .world import DAY, MONTH, TICK, Node, Shape, T, World, link, node, worlds

KINDS = ("secondary", "guest", "delegate", "primary")

SHAPE = Shape(
    nodes={
        "User": 5, "Individual": 2, "Organization": 1, "Customer": 2, "Account": 2, "Product": 2, "Service": 2,
    },
    least={"User": 4, "Individual": 1, "Customer": 1, "Account": 1, "Product": 1, "Service": 1},
    motifs=(
        *["p:Product BILLED_TO a:Account; p REALIZED_BY s:Service; u:User USES_ACCOUNT/primary a;"
        "v:User USES_ACCOUNT/secondary a; w:User USES_ACCOUNT/guest a"] * 2,
        "p:Product BILLED_TO a:Account; p REALIZED_BY s:Service; u:User IDENTIFIES i:Individual;"
        "c:Customer ENGAGED_PARTY i; c HOLDS_ACCOUNT/accountHolder a; v:User USES_ACCOUNT a; u USES_ACCOUNT a",
        "p:Product BILLED_TO a:Account; q:Product BILLED_TO a; p REALIZED_BY s:Service; q REALIZED_BY t:Service",
    ),
    links={
        "USES_ACCOUNT": 1, "IDENTIFIES": 1, "ENGAGED_PARTY": 1, "HOLDS_ACCOUNT": 1, "BILLED_TO": 1, "REALIZED_BY": 1,
    },
)  # fmt: skip
GOOD, BAD = (4.5, 5.0, 3.625, 3.5625, 4.5), (1.0, 1.5, 2.0625, 3.5, 1.5)
"""Sixteenths, of which sums are exact: a mean that lies halfway between two thousandths is rounded one way only."""
STARTS = (*[T - DAY] * 5, T - 2 * DAY, T - 3 * DAY, T - MONTH, T - MONTH - TICK, T - TICK, T, T + TICK)


@st.composite
def measured(draw: st.DrawFn, people: World) -> World:
    """The same world with windows of what its users got, some of them well served and some badly."""
    nodes, links = list(people.nodes), list(people.links)
    services = people.uids("Service")
    for user in people.uids("User"):
        primary = any(k.start == user and k.get("role") == "primary" for k in people.links)
        means = draw(st.sampled_from((*[GOOD if primary else BAD] * 5, GOOD, BAD, (*GOOD, *BAD, None))))
        for service in draw(st.sampled_from((services, services, services[:1], services[-1:]))):
            for begun in draw(st.sets(st.sampled_from(STARTS), min_size=1, max_size=3)):
                metric = draw(st.sampled_from(("mos",) * 16 + ("latency",)))
                granularity = draw(st.sampled_from(("day",) * 16 + ("hour",)))
                uid = f"QoEMeasurement:{user}|{service}|{metric}|{granularity}|{begun.isoformat()}"
                nodes.append(
                    node(
                        uid,
                        subject=user,
                        service=service,
                        metric=metric,
                        granularity=granularity,
                        windowStart=begun,
                        n=draw(st.sampled_from((1, 1, 1, 1, 1, 2, 2, 3, 3, 5, 16, 0, None))),
                        mean=draw(st.sampled_from(means)),
                    )
                )
                links += [link(user, "HAS_QOE", uid), link(uid, "MEASURED_ON", service)]
    return World(tuple(nodes), tuple(links))


def rounded(value: Fraction | float, places: int) -> float:
    """A number rounded as people do: a half goes up."""
    exact = Fraction(str(value)) if isinstance(value, float) else value
    shown = Decimal(exact.numerator) / Decimal(exact.denominator)
    return float(shown.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def mean(windows: Iterable[Node], places: int = 3) -> float | None:
    """The mean over windows by their numbers of samples; none where nothing was measured."""
    counted = [(cast(int, w.get("n")), Fraction(str(w.get("mean")))) for w in windows]
    number = sum(n for n, _ in counted)
    return rounded(sum((n * value for n, value in counted), Fraction()) / number, places) if number else None


def windows(
    world: World, user: str, metric: str, since: datetime, until: datetime, granularity: str | None = None
) -> list[Node]:
    """The windows of a user and a metric that begin in a period and have samples and a mean."""
    found = [world.node(uid) for uid in world.ends(user, "HAS_QOE")]
    return [
        q for q in found
        if q.get("metric") == metric and granularity in (None, q.get("granularity"))
        and since <= cast(datetime, q.instant("windowStart")) < until
        and cast(int, q.get("n") or 0) > 0 and q.get("mean") is not None
    ]  # fmt: skip


def hidden_bad_experience(
    world: World,
    *,
    as_of: datetime,
    gap: float = 1.0,
    threshold: float = 3.6,
    metric: str = "mos",
    granularity: str = "day",
    better: str = "higher",
    kinds: Sequence[str] = ("secondary", "guest"),
    account: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Row]:
    since, until = since or as_of - MONTH, min(until or as_of, as_of)

    def counting(user: str, services: Iterable[str]) -> list[Node]:
        found = windows(world, user, metric, since, until, granularity)
        on = set(services)
        return [q for q in found if on & set(world.ends(q.uid, "MEASURED_ON"))]

    rows = []
    for uid in [account] if account else world.uids("Account"):
        products = world.starts(uid, "BILLED_TO", as_of)
        services = {s for p in products for s in world.ends(p, "REALIZED_BY", as_of)}
        uses = world.into(uid, "USES_ACCOUNT", as_of)
        customers = {k.start for k in world.into(uid, "HOLDS_ACCOUNT", as_of) if k.role == "accountHolder"}
        parties = {p for c in customers for p in world.ends(c, "ENGAGED_PARTY", as_of)}
        first = {k.start for k in uses if k.role == "primary"}
        second = {u for p in parties for u in world.starts(p, "IDENTIFIES", as_of)}
        holder = next((u for us in (first, second) for u in sorted(us) if counting(u, services)), None)
        if holder is None:
            continue
        best = mean(counting(holder, services))
        for user in {k.start for k in uses if k.role in kinds} - {holder}:
            roles = {k.role for k in uses if k.start == user and k.role in kinds}
            for service in services:
                there = counting(user, [service])
                got = mean(there)
                if got is None or best is None:
                    continue
                sign = 1 if better == "higher" else -1
                worse = rounded(sign * (Fraction(str(best)) - Fraction(str(got))), 3)
                if sign * best >= sign * threshold and sign * got < sign * threshold and worse >= gap:
                    rows.append({
                        "account_uid": uid,
                        "holder_user": holder,
                        "holder_qoe": best,
                        "user_uid": user,
                        "kind": min(roles, key=KINDS.index),
                        "user_qoe": got,
                        "service_uid": service,
                        "n": sum(cast(int, q.get("n")) for q in there),
                        "gap": worse,
                    })  # fmt: skip
    return rows


ORACLES = (
    Oracle(
        "qoe.hidden_bad_experience",
        hidden_bad_experience,
        order=lambda r: (-r["gap"], r["account_uid"], r["user_uid"], r["service_uid"]),
        arguments=lambda w: arguments(
            {
                "as_of": (*[T] * 9, T + TICK, T - TICK, T + 2 * TICK, T + DAY),
                "threshold": (*[3.6] * 5, *[3.625] * 4, 3.563, 3.5, 2.0, 4.5),
                "gap": (*[0] * 6, 1.0, 1.0, 0.1, 2.437, 2.438, 3.0),
                "better": (*["higher"] * 9, "lower"),
                "kinds": (
                    *[("secondary", "guest")] * 3, *[("secondary", "guest", "delegate", "primary")] * 8, ("guest",),
                    ("delegate",), ("guest", "secondary"),
                ),
            },
            since=st.sampled_from((None, None, None, T - DAY, T - 3 * DAY, T - MONTH - DAY, T - MONTH - DAY)),
            until=st.sampled_from((None, None, None, T - TICK * 2, T - DAY + TICK, T, T + TICK, T + TICK)),
            account=st.sampled_from([None, None, None, *w.uids("Account")]),
            metric=st.sampled_from((*["mos"] * 9, "latency")),
            granularity=st.sampled_from((*["day"] * 9, "hour")),
        ),
        healthy=0.08,
    ),
)  # fmt: skip
WORLDS = worlds(SHAPE).flatmap(edged).flatmap(measured)
