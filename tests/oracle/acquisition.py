"""Acquisition: what became of invited guests, and whose invitations bring in the most.

Where a header leaves it open, the question decides: an invitation without ``sentAt`` was sent when the first by uid of
those who sent it did so, with an offering only conversions to it count, for the instants too, and a window of no
samples is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import cast

from hypothesis import strategies as st

from .comparison import Oracle, Row, arguments, last
from .periods import edged
from .qoe import mean, measured, rounded, windows
from .world import AS_OF, DAY, MONTH, TICK, Link, Node, Shape, T, World, worlds

INVITERS = ("primary", "delegate", "secondary", "guest")

_AT = (None, T - MONTH, T - 2 * DAY, T - DAY, T - DAY, T - TICK, T, T + TICK, T + DAY)
SHAPE = Shape(
    nodes={
        "User": 6, "Invitation": 6, "Customer": 3, "Account": 2, "Product": 2, "Service": 1,
    },
    least={"User": 4, "Invitation": 3, "Customer": 2, "Account": 1, "Product": 1, "Service": 1},
    motifs=(
        "u:User SENT i:Invitation; i ACCEPTED_AS v:User; v CONVERTED_TO c:Customer; c OWNS p:Product",
        "u:User SENT i:Invitation; i ACCEPTED_AS v:User; u USES_ACCOUNT a:Account; v USES_ACCOUNT b:Account",
        "u:User SENT i:Invitation; i ACCEPTED_AS v:User; v CONVERTED_TO c:Customer; j:Invitation ACCEPTED_AS v",
        "u:User SENT i:Invitation; i ACCEPTED_AS v:User; v USES_ACCOUNT a:Account past",
    ),
    links={"SENT": 4, "ACCEPTED_AS": 3, "CONVERTED_TO": 2, "USES_ACCOUNT": 3, "OWNS": 1},
    fields={"Invitation": ("sentAt", "channel"), "Product": ("offeringId",)},
    pools={
        "sentAt": (None, *[T - MONTH] * 3, T - 2 * DAY, T - 2 * DAY, T - DAY, T, T + TICK, T - 15 * DAY),
        "Invitation.channel": (None, "mail", "app"),
        "SENT.at": (None, *[T - MONTH] * 3, T - 2 * DAY, T - 2 * DAY, T - DAY, T, T + TICK),
        "ACCEPTED_AS.at": _AT,
        "CONVERTED_TO.at": (*_AT, T, T - DAY + 10 * timedelta(hours=1)),
        "offeringId": (None, "gold", "gold", "base"),
    },
)  # fmt: skip
TREES = Shape(
    nodes={"User": 6, "Invitation": 8, "Customer": 3, "Product": 4},
    least={"User": 3, "Invitation": 3, "Customer": 1, "Product": 1},
    motifs=(
        "u:User SENT i:Invitation; i ACCEPTED_AS v:User; v SENT j:Invitation; j ACCEPTED_AS w:User;"
        "w CONVERTED_TO c:Customer; c OWNS p:Product",
        "u:User SENT i:Invitation; i ACCEPTED_AS v:User; v SENT j:Invitation; j ACCEPTED_AS u",
        "u:User SENT i:Invitation; i ACCEPTED_AS u",
        "v:User CONVERTED_TO c:Customer; c OWNS p:Product; w:User CONVERTED_TO c",
    ),
    links={"SENT": 5, "ACCEPTED_AS": 5, "CONVERTED_TO": 2, "OWNS": 4},
    fields={
        "Invitation": ("sentAt",),
        "Product": ("status", "startDate", "terminationDate", "monthlyValue", "currency"),
    },
    pools={
        "sentAt": (None, T - MONTH, T - MONTH, T - DAY, T - DAY, T, T + TICK, T + DAY),
        "SENT.at": (None, None, T - MONTH, T - MONTH, T - DAY, T, T + TICK),
        "ACCEPTED_AS.at": (None, *[T - MONTH] * 2, *[T - DAY] * 3, T, T + TICK, T + DAY),
        "CONVERTED_TO.at": (None, T - MONTH, T - DAY, T, T + TICK, T + DAY),
        "Product.status": (
            None, "active", "active", "active", "active", "suspended", "pendingTerminate", "terminated", "cancelled",
            "created",
        ),
        "startDate": (None, None, T - MONTH, T - DAY, T, T + TICK),
        "terminationDate": (None, None, None, T - DAY, T, T + TICK, T + MONTH),
        "monthlyValue": (None, 10.0, 20.5, 0.125, 0.0, 0.25),
        "currency": ("EUR", "EUR", "USD", None),
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who accepted an invitation of a bucket: when, and when and to whom converted."""

    user: str
    accepted: datetime | None
    customers: frozenset[str] = frozenset()
    converted: datetime | None = None


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)


def instant(k: Link) -> datetime | None:
    return cast("datetime | None", k.get("at"))


def happened(k: Link, at: datetime) -> bool:
    """Whether what has an instant had happened; an unknown instant counts as before."""
    return (instant(k) or at) <= at


def guest_conversion(
    world: World,
    *,
    as_of: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    group_by: str = "inviterKind",
    offering: str | None = None,
    metric: str = "mos",
    min_n: int = 5,
) -> list[Row]:
    since, until = since or as_of - 365 * DAY, until or as_of
    buckets: dict[str, list[Node]] = {}
    for invitation in world.of("Invitation"):
        sends = sorted(world.into(invitation.uid, "SENT"), key=lambda k: k.start)
        sent = invitation.instant("sentAt") or (instant(sends[0]) if sends else None)
        if sent is not None and since <= sent < until and sent <= as_of:
            bucket = _bucket(world, invitation, sends[0].start if sends else None, sent, group_by)
            buckets.setdefault(bucket, []).append(invitation)
    rows = []
    for bucket, invitations in buckets.items():
        if len(invitations) < min_n:
            continue
        guests = list(_guests(world, invitations, as_of, offering))
        active = {g.user for g in guests if world.out(g.user, "USES_ACCOUNT", as_of)}
        converted = [g for g in guests if g.customers]
        lost = [g for g in guests if g not in converted and g.user not in active]
        days = [
            Fraction((g.converted - g.accepted) // timedelta(microseconds=1), DAY // timedelta(microseconds=1))
            for g in converted
            if g.accepted and g.converted
        ]
        before = [
            windows(world, g.user, metric, g.accepted, g.converted) for g in converted if g.accepted and g.converted
        ]  # fmt: skip
        away = [windows(world, g.user, metric, g.accepted, as_of) for g in lost if g.accepted]
        rows.append({
            "bucket": bucket,
            "invited": len(invitations),
            "accepted": len(guests),
            "active": len(active),
            "converted": len(converted),
            "median_days": rounded(median(days), 3) if len(days) >= min_n else None,
            "qoe_converted": _together(before, min_n),
            "qoe_lost": _together(away, min_n),
        })  # fmt: skip
    return rows


def _bucket(world: World, invitation: Node, inviter: str | None, sent: datetime, group_by: str) -> str:
    if group_by == "inviter":
        return inviter or "none"
    if group_by == "channel":
        return invitation.text("channel") or "unknown"
    if group_by == "month":
        return f"{sent:%Y-%m}"
    if group_by == "all":
        return "all"
    roles = {k.role for k in world.out(inviter, "USES_ACCOUNT", sent)} if inviter else set()
    return next((role for role in INVITERS if role in roles), "none")


def _guests(world: World, invitations: Iterable[Node], at: datetime, offering: str | None) -> Iterator[Guest]:
    accepts = [k for i in invitations for k in world.out(i.uid, "ACCEPTED_AS") if happened(k, at)]
    for user in sorted({k.end for k in accepts}):
        accepted = earliest(instant(k) for k in accepts if k.end == user)
        became = {
            k.end: instant(k)
            for k in world.out(user, "CONVERTED_TO")
            if happened(k, at) and (accepted is None or (instant(k) or accepted) >= accepted)
            and (offering is None or offering in _offerings(world, k.end, at))
        }  # fmt: skip
        yield Guest(user, accepted, frozenset(became), earliest(became.values()))


def _offerings(world: World, customer: str, at: datetime) -> set[object]:
    return {world.node(p).get("offeringId") for p in world.ends(customer, "OWNS", at)}


def _together(guests: list[list[Node]], least: int) -> float | None:
    """The experience of some guests by their windows; none where too few of them have any."""
    return mean(w for ws in guests for w in ws) if sum(bool(ws) for ws in guests) >= least else None


def top_inviters(world: World, *, as_of: datetime, depth: int = 5, currency: str | None = None) -> list[Row]:
    rows = []
    for user in world.uids("User"):
        steps = {user: 0}
        for hop in range(1, depth + 1):
            for inviter in [u for u, s in steps.items() if s == hop - 1]:
                for guest in _invited(world, inviter, as_of):
                    steps.setdefault(guest, hop)
        del steps[user]
        if not steps:
            continue
        customers = {u: {k.end for k in world.out(u, "CONVERTED_TO") if happened(k, as_of)} for u in steps}
        products = {p for cs in customers.values() for c in cs for p in world.ends(c, "OWNS", as_of)}
        sums: dict[str | None, Fraction | None] = {}
        for product in map(world.node, products):
            money, value = product.text("currency") or "?", product.get("monthlyValue")
            if live(product, as_of) and value is not None and currency in (None, money):
                sums[money] = (sums.get(money) or Fraction()) + Fraction(str(value))
        rows += [
            {
                "user_uid": user,
                "direct": sum(s == 1 for s in steps.values()),
                "total": len(steps),
                "depth": max(steps.values()),
                "converted": sum(bool(cs) for cs in customers.values()),
                "value": None if value is None else rounded(value, 2),
                "currency": money,
            }
            for money, value in (sums or {None: None}).items()
        ]
    return rows


def _invited(world: World, user: str, at: datetime) -> Iterator[str]:
    for k in world.out(user, "SENT"):
        sent = instant(k) or world.node(k.end).instant("sentAt")
        if sent is None or sent <= at:
            yield from (a.end for a in world.out(k.end, "ACCEPTED_AS") if happened(a, at))


def live(product: Node, at: datetime) -> bool:
    start, end, status = product.instant("startDate"), product.instant("terminationDate"), product.get("status")
    going = status in (None, "active", "suspended", "pendingTerminate") or (status == "terminated" and end is not None)
    return (start is None or start <= at) and (end is None or end > at) and going


ORACLES = (
    Oracle(
        "acquisition.guest_conversion",
        guest_conversion,
        order=lambda r: (-r["converted"], -r["accepted"], -r["invited"], r["bucket"]),
        arguments=lambda w: arguments(
            {
                "as_of": (T, T, T, T, T + TICK, T + DAY, T + 2 * DAY, T - TICK),
                "min_n": (1, 1, 1, 1, 2, 3),
                "group_by": ("inviterKind", "inviterKind", "inviter", "channel", "month", "all", "all"),
            },
            since=st.sampled_from((T - MONTH, T - 2 * DAY, T - 2 * DAY + TICK, T - MONTH - DAY)),
            until=st.sampled_from((T - TICK * 2, T - DAY, T - DAY + TICK, T, T + TICK, T + 2 * DAY)),
            offering=st.sampled_from((None, "gold", "base")),
            metric=st.sampled_from(("mos", "mos", "mos", "latency")),
        ),
    ),
)
TREE_ORACLES = (
    Oracle(
        "acquisition.top_inviters",
        top_inviters,
        order=lambda r: (
            r["value"] is None, -(r["value"] or 0), -r["converted"], -r["total"], r["user_uid"], last(r["currency"])
        ),
        arguments=lambda w: arguments(
            {"as_of": AS_OF}, depth=st.sampled_from((5, 1)), currency=st.sampled_from((None, None, "EUR", "USD"))
        ),
    ),
)  # fmt: skip
WORLDS = worlds(SHAPE).flatmap(edged).flatmap(measured)
TREE_WORLDS = worlds(TREES).flatmap(edged)
