"""How each label looks, in the page and in every text; and what a node is called in a picture."""

from __future__ import annotations

from datetime import datetime

from mce_graph.result import Node

LOOKS: dict[str, tuple[str, str]] = {
    "Customer": ("#c2410c", "star"),
    "Individual": ("#b45309", "ellipse"),
    "Organization": ("#92400e", "round-rectangle"),
    "Account": ("#0f766e", "rectangle"),
    "User": ("#1d4ed8", "ellipse"),
    "ContactMedium": ("#57534e", "tag"),
    "Identifier": ("#57534e", "tag"),
    "Group": ("#7e22ce", "octagon"),
    "Product": ("#15803d", "round-rectangle"),
    "Service": ("#0369a1", "hexagon"),
    "Resource": ("#334155", "barrel"),
    "SLA": ("#a16207", "diamond"),
    "ServiceLevelObjective": ("#a16207", "rhomboid"),
    "SLAViolation": ("#b91c1c", "vee"),
    "QoEMeasurement": ("#0e7490", "triangle"),
    "TroubleTicket": ("#be123c", "pentagon"),
    "ServiceProblem": ("#9f1239", "heptagon"),
    "PartyInteraction": ("#6d28d9", "round-tag"),
    "SelfCareTransaction": ("#4d7c0f", "cut-rectangle"),
    "SelfCareStep": ("#4d7c0f", "cut-rectangle"),
    "ParentalControlPolicy": ("#a21caf", "concave-hexagon"),
    "Permission": ("#a21caf", "round-hexagon"),
    "PrivacyProfile": ("#a21caf", "round-octagon"),
    "Invitation": ("#c026d3", "right-rhomboid"),
}
"""Colour and shape of each key label: white text and a white or black ground contrast with every colour."""
OTHER = ("#525252", "ellipse")

BEGINS = ("createdAt", "creationDate", "startDate", "start", "enteredAt", "windowStart", "date", "sentAt", "validFrom")
ENDS = ("terminationDate", "closedAt", "deletedAt", "validTo")
"""Properties that say since when and until when there is a thing: the slider of a page goes by them."""


def label(node: Node) -> str:
    """The label that says what a node is: its key label comes first."""
    return node.labels[0] if node.labels else "Node"


def look(name: str) -> tuple[str, str]:
    """Colour and shape of a label."""
    return LOOKS.get(name, OTHER)


def period(node: Node) -> tuple[datetime | None, datetime | None]:
    """Since when and until when there is a node, as far as it says."""
    known = [[v for n in names if isinstance(v := node.properties.get(n), datetime)] for names in (BEGINS, ENDS)]
    return min(known[0], default=None), min(known[1], default=None)


def caption(node: Node) -> str:
    """What a node is called: its name, nickname or value, else its id."""
    have = node.properties
    if "metric" in have and "mean" in have:
        return f"{have['metric']} {have['mean']}"
    if "metric" in have and "target" in have:
        return f"{have['metric']} {have.get('comparator') or ''} {have['target']}"
    for name in ("name", "nickname", "tradingName", "reason", "value", "intent", "id"):
        if have.get(name):
            return str(have[name])
    return node.uid.partition(":")[2] or node.uid
