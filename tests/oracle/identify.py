"""Identify: the users of an account, and how two things hang together."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from .comparison import Oracle, Row, arguments
from .paths import Path, step
from .world import AS_OF, FRONT, NOW, Shape, World, known_to_back_end

USERS = Shape(
    nodes={"Account": 3, "User": 5, "Individual": 4, "Organization": 1, "Customer": 3, "Group": 3},
    least={"Account": 1, "User": 1, "Individual": 1},
    motifs=(
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; i MEMBER_OF g:Group; u MEMBER_OF h:Group",
        "u:User USES_ACCOUNT a:Account; u MEMBER_OF g:Group; u MEMBER_OF h:Group; v:User USES_ACCOUNT a",
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; i SAME_AS j:Individual; c:Customer ENGAGED_PARTY j",
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; c:Customer ENGAGED_PARTY i",
    ),
    links={
        "USES_ACCOUNT": 4, "IDENTIFIES": 2, "ENGAGED_PARTY": 2, "SAME_AS": 2, "MEMBER_OF": 3, "HOLDS_ACCOUNT": 2,
        "SUBGROUP_OF": 2, "CHILD_OF": 2,
    },
    fields={"User": ("nickname", "lastActiveAt"), "Group": ("groupType",)},
    pools={
        "sources": FRONT,
        "groupType": ("household", "household", "enterprise", None),
    },
    overlaps=True,
)  # fmt: skip
LINKED = Shape(
    nodes={
        "User": 3, "Individual": 3, "Customer": 3, "Account": 3, "Product": 3, "Service": 3, "Group": 3, "SLA": 2,
        "Permission": 2, "TroubleTicket": 2,
    },
    motifs=(
        "u:User USES_ACCOUNT a:Account; c:Customer HOLDS_ACCOUNT a; c ENGAGED_PARTY i:Individual; i MEMBER_OF g:Group;"
        "g COVERED_BY l:SLA",
        "c:Customer OWNS p:Product; p REALIZED_BY s:Service; p BILLED_TO a:Account; a CHILD_OF b:Account",
        "u:User USES_SERVICE s:Service; s SUPPORTED_BY v:Service; t:TroubleTicket ABOUT v; i:Individual ON_TICKET t",
        "u:User IDENTIFIES i:Individual; i GUARDIAN_OF j:Individual; j SAME_AS k:Individual",
        "m:Permission GRANTED_TO u:User; m ON_ASSET a:Account; u MEMBER_OF g:Group; g SUBGROUP_OF h:Group",
    ),
    links={
        "USES_ACCOUNT": 2, "USES_SERVICE": 1, "IDENTIFIES": 2, "ENGAGED_PARTY": 2, "HOLDS_ACCOUNT": 2, "MEMBER_OF": 2,
        "SUBGROUP_OF": 2, "OWNS": 1, "BILLED_TO": 1, "REALIZED_BY": 1, "SUPPORTED_BY": 1, "COVERED_BY": 2,
        "RELATED_PARTY": 2,
    },
)  # fmt: skip
"""Without measurements, steps and source records, which the question does not follow."""
TYPES = ("RELATED_PARTY", *sorted({step.split()[1] for motif in LINKED.motifs for step in motif.split(";")}))
KINDS = ("primary", "delegate", "secondary", "guest")


def account_users(world: World, *, account: str, as_of: datetime, kind: str | None = None) -> list[Row]:
    return [
        {
            "user_uid": k.start,
            "nickname": world.node(k.start).get("nickname"),
            "kind": k.role,
            "role": _household_role(world, k.start, as_of),
            "added_by": k.get("addedBy"),
            "valid_from": k.known_since,
            "valid_to": k.until,
            "last_active": world.node(k.start).get("lastActiveAt"),
            "in_crm": known_to_back_end(world, k.start, NOW),
        }
        for k in world.into(account, "USES_ACCOUNT", as_of)
        if kind is None or k.role == kind
    ]


def _household_role(world: World, user: str, at: datetime) -> str | None:
    """The role of a user, or of the Party it identifies, in a household: in the first by uid."""
    members = [user, *world.ends(user, "IDENTIFIES", at)]
    memberships = [k for member in members for k in world.out(member, "MEMBER_OF", at)]
    homes = [k for k in memberships if world.node(k.end).get("groupType") == "household"]
    return min((k.end, k.role) for k in homes)[1] if homes else None


def explain_link(
    world: World, *, start: str, end: str, as_of: datetime, max_depth: int = 4, types: list[str] | None = None
) -> list[Row]:
    paths: set[Path] = {(start,)}
    seen = {start}
    for _ in range(max_depth if start != end else 0):
        paths = {
            step(path, k)
            for path in paths
            for k in world.complete
            if path[-1] in (k.start, k.end) and k.valid(as_of) and (types is None or k.type in types)
        }
        paths = {p for p in paths if p[-1] not in seen}
        seen |= {p[-1] for p in paths}
        found = [p for p in paths if p[-1] == end]
        if found:
            return [
                {
                    "path": p,
                    "length": len(p) // 2,
                    "rel_types": tuple(hop.strip("<->") for hop in p[1::2]),
                    "valid_as_of": as_of,
                }
                for p in found
            ]
    return []


ACCOUNT_USERS = Oracle(
    "identify.account_users",
    account_users,
    order=lambda r: (KINDS.index(r["kind"]) if r["kind"] in KINDS else len(KINDS), r["user_uid"]),
    arguments=lambda w: arguments({"account": w.uids("Account")}, kind=st.sampled_from(KINDS)),
)
EXPLAIN_LINK = Oracle(
    "identify.explain_link",
    explain_link,
    order=lambda r: (r["length"], r["path"]),
    arguments=lambda w: arguments(
        {"start": [n.uid for n in w.nodes], "end": [n.uid for n in w.nodes], "as_of": [at for at in AS_OF if at]},
        max_depth=st.sampled_from((4, 2)),
        types=st.lists(st.sampled_from(TYPES), max_size=4).map(lambda out: [t for t in TYPES if t not in out]),
    ),
)
