"""Tickets and impact: what is hit when a resource or a service fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hypothesis import strategies as st

from .comparison import Oracle, Row, arguments
from .sla import active
from .world import Shape, World

SHAPE = Shape(
    nodes={
        "Resource": 2, "Service": 6, "Product": 4, "Customer": 3, "User": 3, "Account": 2, "Individual": 2,
        "Organization": 1, "Group": 3, "SLA": 3,
    },
    least={"Service": 2, "Product": 1, "Customer": 1, "User": 1, "Individual": 1, "Group": 1},
    motifs=(
        "s:Service SUPPORTED_BY r:Resource; t:Service SUPPORTED_BY s; v:Service SUPPORTED_BY t;"
        "w:Service SUPPORTED_BY v",
        "p:Product REALIZED_BY s:Service; c:Customer OWNS p; c COVERED_BY l:SLA",
        "p:Product REALIZED_BY s:Service; p BILLED_TO a:Account; a COVERED_BY l:SLA",
        "p:Product REALIZED_BY s:Service; p COVERED_BY l:SLA",
        "p:Product REALIZED_BY s:Service; c:Customer OWNS p; c ENGAGED_PARTY i:Individual; i MEMBER_OF g:Group",
        "u:User USES_SERVICE s:Service; u IDENTIFIES i:Individual; i MEMBER_OF g:Group",
        "u:User USES_SERVICE s:Service; u MEMBER_OF g:Group",
    ),
    links={
        "SUPPORTED_BY": 5, "REALIZED_BY": 2, "OWNS": 2, "USES_SERVICE": 2, "BILLED_TO": 2, "COVERED_BY": 2,
        "MEMBER_OF": 2, "IDENTIFIES": 1, "ENGAGED_PARTY": 1, "SUBGROUP_OF": 2, "HOLDS_ACCOUNT": 2,
    },
    fields={"Service": ("name",), "SLA": ("state",), "Group": ("tier", "groupType")},
)  # fmt: skip
VIP = ("gold", "platinum", "vip")


def service_impact(
    world: World, *, element: str, as_of: datetime, max_depth: int = 4, vip_tiers: Sequence[str] = VIP
) -> list[Row]:
    hops = {element: 0}
    for hop in range(1, max_depth + 1):
        for below in [uid for uid, h in hops.items() if h == hop - 1]:
            for service in world.starts(below, "SUPPORTED_BY", as_of):
                hops.setdefault(service, hop)
    rows = []
    for uid, depth in hops.items():
        if world.node(uid).label != "Service":
            continue
        products = set(world.starts(uid, "REALIZED_BY", as_of))
        customers = {c for p in products for c in world.starts(p, "OWNS", as_of)}
        users = set(world.starts(uid, "USES_SERVICE", as_of))
        accounts = {a for p in products for a in world.ends(p, "BILLED_TO", as_of)}
        slas = {s for x in products | accounts | customers for s in world.ends(x, "COVERED_BY", as_of)}
        people = customers | users
        people |= {p for c in customers for p in world.ends(c, "ENGAGED_PARTY", as_of)}
        people |= {p for u in users for p in world.ends(u, "IDENTIFIES", as_of)}
        groups = {g for p in people for g in world.ends(p, "MEMBER_OF", as_of)}
        rows.append({
            "service_uid": uid,
            "name": world.node(uid).get("name"),
            "depth": depth,
            "customers": len(customers),
            "users": len(users),
            "slas": sum(active(world, s) for s in slas),
            "vip_groups": tuple(g for g in sorted(groups) if (world.node(g).text("tier") or "").lower() in vip_tiers),
        })  # fmt: skip
    return rows


ORACLES = (
    Oracle(
        "tickets.service_impact",
        service_impact,
        order=lambda r: (r["depth"], r["service_uid"]),
        arguments=lambda w: arguments(
            {"element": w.uids("Resource", "Service")},
            max_depth=st.sampled_from((4, 2)),
            vip_tiers=st.lists(st.sampled_from(("gold", "vip", "silver")), min_size=1, unique=True),
        ),
        sets=("vip_groups",),
    ),
)
