"""Retention: who is tied to those who left, as it was just before they did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from hypothesis import strategies as st

from .comparison import Oracle, Row, arguments
from .periods import edged
from .qoe import rounded
from .world import DAY, MONTH, TICK, Link, Node, Shape, T, World, worlds

WEIGHTS = {"household": 1.0, "account": 0.8, "invitation": 0.5, "group": 0.3}

SHAPE = Shape(
    nodes={"Customer": 4, "User": 4, "Individual": 4, "Organization": 1, "Account": 3, "Group": 3, "Invitation": 3},
    least={"Customer": 3, "User": 2, "Individual": 2, "Account": 1, "Group": 1, "Invitation": 1},
    motifs=(
        "c:Customer HOLDS_ACCOUNT a:Account; d:Customer HOLDS_ACCOUNT a",
        "c:Customer HOLDS_ACCOUNT a:Account; u:User USES_ACCOUNT a; u IDENTIFIES i:Individual;"
        "d:Customer ENGAGED_PARTY i",
        "c:Customer ENGAGED_PARTY i:Individual; i MEMBER_OF g:Group; d:Customer ENGAGED_PARTY j:Individual;"
        "j MEMBER_OF g",
        "c:Customer MEMBER_OF g:Group; d:Customer ENGAGED_PARTY i:Individual; u:User IDENTIFIES i; u MEMBER_OF g",
        "c:Customer ENGAGED_PARTY i:Individual; u:User IDENTIFIES i; u SENT n:Invitation; n ACCEPTED_AS v:User;"
        "v IDENTIFIES j:Individual; d:Customer ENGAGED_PARTY j",
    ),
    links={
        "HOLDS_ACCOUNT": 1, "USES_ACCOUNT": 1, "ENGAGED_PARTY": 1, "IDENTIFIES": 1, "MEMBER_OF": 2, "SENT": 1,
        "ACCEPTED_AS": 1, "SUBGROUP_OF": 1,
    },
    fields={
        "Customer": ("name", "status", "startDate", "terminationDate"), "Group": ("groupType",),
        "Invitation": ("sentAt",),
    },
    pools={
        "groupType": ("household", "household", "enterprise", None),
        "Customer.status": (*["active"] * 4, *["terminated"] * 5, "suspended", None),
        "startDate": (None, None, None, T - MONTH, T - DAY, T, T + TICK),
        "terminationDate": (
            None, *[T] * 3, *[T + TICK] * 3, T - TICK, T - DAY, T - DAY + TICK, T + DAY, T - MONTH,
        ),
        "sentAt": (None, T - MONTH, T - DAY, T - DAY, T - TICK, T, T + TICK),
        "SENT.at": (None, None, T - MONTH, T - DAY, T - TICK, T),
        "ACCEPTED_AS.at": (None, T - MONTH, T - DAY, T - TICK, T),
    },
)  # fmt: skip


@dataclass(frozen=True)
class Before:
    """The ties of customers just before an instant."""

    world: World
    at: datetime

    def holds(self, k: Link) -> bool:
        return k.since < self.at and (k.until is None or k.until >= self.at)

    def ends(self, uid: str, type: str) -> set[str]:
        return {k.end for k in self.world.complete if k.start == uid and k.type == type and self.holds(k)}

    def starts(self, uid: str, type: str) -> set[str]:
        return {k.start for k in self.world.complete if k.end == uid and k.type == type and self.holds(k)}

    def users(self, customer: str) -> set[str]:
        return {u for p in self.ends(customer, "ENGAGED_PARTY") for u in self.starts(p, "IDENTIFIES")}

    def ties(self, customer: str, other: str, most: int) -> Iterator[tuple[str, str]]:
        """The kind of each tie between two customers, and what makes it."""
        for group in self.groups(customer) & self.groups(other):
            if len(self.starts(group, "MEMBER_OF")) <= most:
                yield "household" if self.world.node(group).get("groupType") == "household" else "group", group
        for account in self.accounts(customer) & self.accounts(other):
            if len(self.starts(account, "USES_ACCOUNT") | self.starts(account, "HOLDS_ACCOUNT")) <= most:
                yield "account", account
        for invitation in self.world.of("Invitation"):
            senders, guests = self.senders(invitation), self.guests(invitation)
            ways = ((customer, other), (other, customer))
            if any(senders & self.users(a) and guests & self.users(b) for a, b in ways):
                yield "invitation", invitation.uid

    def groups(self, customer: str) -> set[str]:
        faces = {customer} | self.ends(customer, "ENGAGED_PARTY") | self.users(customer)
        return {g for face in faces for g in self.ends(face, "MEMBER_OF")}

    def accounts(self, customer: str) -> set[str]:
        used = {a for u in self.users(customer) for a in self.ends(u, "USES_ACCOUNT")}
        return used | self.ends(customer, "HOLDS_ACCOUNT")

    def senders(self, invitation: Node) -> set[str]:
        sent = [(k.start, k.get("at") or invitation.get("sentAt")) for k in self.world.into(invitation.uid, "SENT")]
        return {user for user, at in sent if at is None or cast(datetime, at) < self.at}

    def guests(self, invitation: Node) -> set[str]:
        accepted = [(k.end, k.get("at")) for k in self.world.out(invitation.uid, "ACCEPTED_AS")]
        return {user for user, at in accepted if at is None or cast(datetime, at) < self.at}


def churn_contagion(
    world: World, *, as_of: datetime, days: int = 90, min_ties: int = 1, max_members: int = 50, **weights: float
) -> list[Row]:
    leavers: dict[str, datetime] = {}
    for customer in world.of("Customer"):
        left = customer.instant("terminationDate")
        if customer.get("status") == "terminated" and left is not None and as_of - days * DAY <= left <= as_of:
            leavers[customer.uid] = left
    rows = []
    for customer in world.of("Customer"):
        if customer.uid in leavers or not active(customer, as_of):
            continue
        ties = [
            (leaver, kind) for leaver, left in leavers.items()
            for kind, _ in Before(world, left).ties(leaver, customer.uid, max_members)
        ]  # fmt: skip
        if len(ties) >= min_ties:
            score = sum(weights.get(f"weight_{kind}", WEIGHTS[kind]) for _, kind in ties)
            rows.append({
                "customer_uid": customer.uid,
                "name": customer.get("name"),
                "ties": len(ties),
                "leavers": tuple(sorted({leaver for leaver, _ in ties})),
                "tie_types": tuple(sorted({kind for _, kind in ties})),
                "score": rounded(float(score), 4),
            })  # fmt: skip
    return rows


def active(customer: Node, at: datetime) -> bool:
    start, end, status = customer.instant("startDate"), customer.instant("terminationDate"), customer.get("status")
    going = status == "active" or (status == "terminated" and end is not None and end > at)
    return (start is None or start <= at) and going


ORACLES = (
    Oracle(
        "retention.churn_contagion",
        churn_contagion,
        order=lambda r: (-r["score"], -r["ties"], r["customer_uid"]),
        arguments=lambda w: arguments(
            {"as_of": (*[T + TICK] * 5, T, T, T + DAY, T + DAY - TICK, T + MONTH, T - TICK)},
            days=st.sampled_from((90, 90, 1, 30)),
            min_ties=st.sampled_from((1, 1, 1, 2)),
            max_members=st.sampled_from((2, 3, 3, 50)),
            weight_household=st.sampled_from((1.0, 0.0, 0.33333)),
            weight_account=st.sampled_from((0.8, 1.0, 0)),
            weight_invitation=st.sampled_from((0.5, 2)),
            weight_group=st.sampled_from((0.3, 0.1)),
        ),
    ),
)
WORLDS = worlds(SHAPE).flatmap(lambda world: edged(world, T, T - TICK))
