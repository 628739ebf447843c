"""Groups: who belongs to them, nested ones included, to which one belongs, and which contain themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hypothesis import strategies as st

from .comparison import Oracle, Row, arguments
from .paths import Path, step
from .world import Shape, World

SHAPE = Shape(
    nodes={"Group": 6, "Individual": 3, "Organization": 1, "Customer": 2, "User": 3, "Service": 1},
    least={"Group": 2},
    motifs=(
        "u:User IDENTIFIES p:Individual; p MEMBER_OF g:Group; g SUBGROUP_OF h:Group",
        "u:User IDENTIFIES p:Individual; v:User IDENTIFIES p; v MEMBER_OF g:Group; g SUBGROUP_OF h:Group",
        "c:Customer ENGAGED_PARTY p:Individual; u:User IDENTIFIES p; c MEMBER_OF g:Group",
        "g:Group SUBGROUP_OF h:Group; h SUBGROUP_OF k:Group; k SUBGROUP_OF g",
        "u:User MEMBER_OF/member g:Group; u MEMBER_OF/member g; h:Group SUBGROUP_OF g",
    ),
    links={"SUBGROUP_OF": 6, "MEMBER_OF": 8, "IDENTIFIES": 2, "ENGAGED_PARTY": 2},
    fields={
        "Group": ("groupType", "name", "tier"), "Individual": ("name",), "Organization": ("name",),
        "Customer": ("name",), "User": ("nickname",), "Service": ("name",),
    },
    overlaps=True,
)  # fmt: skip


def party_behind(world: World, member: str, at: datetime) -> str | None:
    """The Party that a member is, that a User identifies or a Customer engages: the first by uid."""
    label = world.node(member).label
    if label in ("Individual", "Organization"):
        return member
    type = {"User": "IDENTIFIES", "Customer": "ENGAGED_PARTY"}.get(label)
    return next(iter(world.ends(member, type, at)), None) if type else None


def group_members(
    world: World, *, group: str, as_of: datetime, role: str | None = None, recursive: bool = True, depth: int = 6
) -> list[Row]:
    hops = {group: 0}
    for hop in range(1, depth + 1 if recursive else 1):
        for outer in [g for g, h in hops.items() if h == hop - 1]:
            for inner in world.starts(outer, "SUBGROUP_OF", as_of):
                hops.setdefault(inner, hop)
    rows: dict[tuple[str, str, str], Row] = {}
    for via, far in hops.items():
        # Of two periods that overlap, the later one is shown: the key has room for one.
        for k in sorted(world.into(via, "MEMBER_OF", as_of), key=lambda k: k.since):
            member = world.node(k.start)
            if role is not None and k.role != role:
                continue
            rows[member.uid, via, k.role] = {
                "member_uid": member.uid,
                "person_uid": party_behind(world, member.uid, as_of),
                "label": member.label,
                "name": member.get("nickname") if member.label == "User" else member.get("name"),
                "role": k.role,
                "via_group": via,
                "depth": far,
                "valid_from": k.known_since,
            }
    return list(rows.values())


def groups_of(world: World, *, member: str, as_of: datetime, person: bool = True, depth: int = 6) -> list[Row]:
    found: dict[tuple[str, str, str], Row] = {}
    for start in _roles_of(world, member, as_of) if person else [(member,)]:
        for joins in world.out(start[-1], "MEMBER_OF", as_of):
            twins = [k for k in world.out(start[-1], "MEMBER_OF", as_of) if (k.end, k.role) == (joins.end, joins.role)]
            latest = max(twins, key=lambda k: k.since)
            for path, hops in _around(world, step(start, joins), depth, as_of):
                group = world.node(path[-1])
                row = {
                    "group_uid": group.uid,
                    "name": group.get("name"),
                    "type": group.get("groupType"),
                    "tier": group.get("tier"),
                    "role": joins.role,
                    "depth": hops,
                    "member_uid": start[-1],
                    "path": path,
                    "valid_from": latest.known_since,
                }
                there = found.setdefault((group.uid, start[-1], joins.role), row)
                if (hops, len(path), path) < (there["depth"], len(there["path"]), there["path"]):
                    found[group.uid, start[-1], joins.role] = row
    return list(found.values())


def _roles_of(world: World, member: str, at: datetime) -> Iterator[Path]:
    """Paths from a member to itself, its Party, and whoever else identifies or engages that."""
    yield (member,)
    if world.node(member).label in ("Individual", "Organization"):
        parties: list[Path] = [(member,)]
    else:
        parties = [step((member,), k) for type in ("IDENTIFIES", "ENGAGED_PARTY") for k in world.out(member, type, at)]
        yield from parties
    for party in parties:
        for k in (*world.into(party[-1], "IDENTIFIES", at), *world.into(party[-1], "ENGAGED_PARTY", at)):
            if k.start != member:
                yield step(party, k)


def _around(world: World, path: Path, depth: int, at: datetime, hops: int = 0) -> Iterator[tuple[Path, int]]:
    """A path to a group and those on to the groups around it, none met twice."""
    yield path, hops
    if hops < depth:
        for k in world.out(path[-1], "SUBGROUP_OF", at):
            if k.end not in path:
                yield from _around(world, step(path, k), depth, at, hops + 1)


def group_cycles(world: World, *, as_of: datetime, max_depth: int = 8) -> list[Row]:
    cycles: set[Path] = set()
    for first in world.uids("Group"):
        open_ends: list[Path] = [(first,)]
        for _ in range(max_depth):
            longer = [step(path, k) for path in open_ends for k in world.out(path[-1], "SUBGROUP_OF", as_of)]
            cycles.update(path for path in longer if path[-1] == first)
            open_ends = [path for path in longer if path[-1] > first and path[-1] not in path[:-1]]
    return [
        {
            "cycle": cycle,
            "length": len(cycle) // 2,
            "groups": tuple(world.node(uid).get("name") or uid for uid in cycle[:-1:2]),
        }
        for cycle in cycles
    ]


ORACLES = (
    Oracle(
        "groups.group_members",
        group_members,
        order=lambda r: (r["depth"], r["via_group"], r["member_uid"], r["role"]),
        arguments=lambda w: arguments(
            {"group": w.uids("Group")},
            role=st.sampled_from(("member", "child", "head")),
            recursive=st.booleans(),
            depth=st.sampled_from((6, 1)),
        ),
    ),
    Oracle(
        "groups.groups_of",
        groups_of,
        order=lambda r: (r["depth"], r["group_uid"], r["member_uid"], r["role"]),
        arguments=lambda w: arguments(
            {"member": w.uids("User", "Customer", "Individual", "Organization", "Service")},
            person=st.booleans(),
            depth=st.sampled_from((6, 1)),
        ),
    ),
    Oracle(
        "groups.group_cycles",
        group_cycles,
        order=lambda r: (r["length"], r["cycle"]),
        arguments=lambda _: arguments({}, max_depth=st.sampled_from((8, 2))),
    ),
)
