"""Graph answers made by hand, for pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from mce_graph.result import GraphResult, Node, Relationship
from mce_graph.statement import Summary

EVIL = "</script><img src=x onerror=alert(1)>"
"""A customer's name."""


def graph(nodes: Sequence[Node], links: Sequence[Relationship] = (), *, truncated: bool = False) -> GraphResult:
    return GraphResult(tuple(nodes), tuple(links), truncated, Summary(), "identify.customer_360_graph")


def node(uid: str, *more: str, **properties: object) -> Node:
    label, _, id_ = uid.partition(":")
    return Node(uid, (label, *more), {"uid": uid, "id": id_, **properties})


def link(start: str, type_: str, end: str, **properties: object) -> Relationship:
    return Relationship(type_, start, end, properties)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def household() -> GraphResult:
    """A customer with a hostile name, an account, two users, one of them since June, and her experience."""
    return graph(
        [
            node("Account:A-1", name="Family"),
            node("Customer:C-1", name=EVIL, status="active"),
            node("QoEMeasurement:q1", metric="mos", mean=4.2, windowStart=day("2026-10-31")),
            node("User:U-1", "PrimaryUser", nickname="Anna", seenSdp="a-load"),
            node("User:U-2", "SecondaryUser", nickname="Mia"),
        ],
        [
            link("Customer:C-1", "HOLDS_ACCOUNT", "Account:A-1", role="accountHolder", validFrom=day("2019-03-01")),
            link("User:U-1", "HAS_QOE", "QoEMeasurement:q1"),
            link("User:U-1", "USES_ACCOUNT", "Account:A-1", role="primary", validFrom=day("2019-03-01")),
            link("User:U-2", "USES_ACCOUNT", "Account:A-1", role="secondary", validFrom=day("2026-06-01")),
            link("User:U-2", "KNOWS", "User:U-1"),
        ],
    )


def crowd(size: int) -> GraphResult:
    """An account with so many users."""
    users = [node(f"User:U-{i:05}", nickname=f"user {i}") for i in range(size - 1)]
    links = [link(u.uid, "USES_ACCOUNT", "Account:A-1") for u in users]
    return graph([node("Account:A-1", name="Crowd"), *users], links)


def moved_in() -> GraphResult:
    """A household in which somebody came in June, whose service and first call say nothing of that themselves."""
    return graph(
        [
            node("Account:A-1", name="Family"),
            node("Customer:C-1", name="Anna", startDate=day("2019-03-01")),
            node("PartyInteraction:PI-1", reason="A call", start=day("2026-07-01")),
            node("Product:P-1", name="Old tariff", startDate=day("2019-03-01"), terminationDate=day("2026-06-15")),
            node("Service:S-1", name="Mobile"),
            node("User:U-2", nickname="Mia"),
        ],
        [
            link("Customer:C-1", "HOLDS_ACCOUNT", "Account:A-1", validFrom=day("2019-03-01")),
            link("Product:P-1", "BILLED_TO", "Account:A-1", validFrom=day("2019-03-01")),
            link("User:U-2", "HAD_INTERACTION", "PartyInteraction:PI-1"),
            link("User:U-2", "USES_ACCOUNT", "Account:A-1", validFrom=day("2026-06-01")),
            link("User:U-2", "USES_SERVICE", "Service:S-1"),
        ],
    )
