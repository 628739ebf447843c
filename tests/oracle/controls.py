"""Parental controls: what binds a user, which control decides, and which minors have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from mce_graph import model

from .access import in_force
from .comparison import Oracle, Row, arguments
from .paths import Path, step
from .periods import edged
from .world import DAY, MONTH, TICK, Link, Node, Shape, T, World, worlds

LEVELS = ("user", "service", "household", "group")
FIELDS = ("rating_limit", "categories", "time_window", "spend_limit")

SHAPE = Shape(
    nodes={
        "User": 3, "Individual": 3, "Organization": 1, "Customer": 2, "Account": 2, "Service": 2, "Group": 4,
        "ParentalControlPolicy": 5,
    },
    least={"User": 2, "Individual": 2, "Service": 1, "Group": 2, "ParentalControlPolicy": 3},
    motifs=(
        "u:User USES_SERVICE s:Service; p:ParentalControlPolicy APPLIES_TO s; q:ParentalControlPolicy APPLIES_TO s",
        "u:User MEMBER_OF g:Group; g SUBGROUP_OF h:Group; p:ParentalControlPolicy APPLIES_TO h",
        "u:User MEMBER_OF g:Group; p:ParentalControlPolicy APPLIES_TO g; v:User MEMBER_OF/admin g; p SET_BY v",
        "u:User IDENTIFIES i:Individual; i MEMBER_OF g:Group; g SUBGROUP_OF h:Group;"
        "p:ParentalControlPolicy APPLIES_TO h; p SET_BY v:User; v IDENTIFIES j:Individual; j MEMBER_OF/head g",
        "p:ParentalControlPolicy APPLIES_TO u:User; u IDENTIFIES i:Individual; p SET_BY v:User;"
        "v IDENTIFIES j:Individual; j GUARDIAN_OF i",
        "p:ParentalControlPolicy APPLIES_TO u:User; u USES_ACCOUNT a:Account; p SET_BY v:User; v USES_ACCOUNT a",
        "p:ParentalControlPolicy APPLIES_TO u:User; u USES_ACCOUNT a:Account; p SET_BY v:User;"
        "v IDENTIFIES i:Individual; c:Customer ENGAGED_PARTY i; c HOLDS_ACCOUNT/accountHolder a",
    ),
    links={
        "APPLIES_TO": 4, "SET_BY": 4, "USES_SERVICE": 2, "MEMBER_OF": 3, "SUBGROUP_OF": 3, "IDENTIFIES": 1,
        "GUARDIAN_OF": 1, "USES_ACCOUNT": 1, "HOLDS_ACCOUNT": 1, "ENGAGED_PARTY": 1,
    },
    fields={
        "Group": ("groupType",),
        "ParentalControlPolicy": (
            "ratingLimit", "blockedCategories", "timeWindow", "spendLimit", "status", "validFrom", "validTo",
        ),
    },
    pools={
        "groupType": ("household", "household", "enterprise", None),
        "ParentalControlPolicy.status": (None, None, "active", "Active", "suspended"),
        "ratingLimit": (None, "12", "12", "7", "12.0", "12.5", "PG", "16+", "9", "1d", "0x1", "1_0", "-1"),
        "blockedCategories": (None, ("x",), ("gambling", "adult")),
        "timeWindow": (
            None, "07:00-20:00", "08:00-21:00", "22:00-06:00", "20:30-20:30", "24 hours", "daytime", "00:00-23:59",
            "7:00-8:00", "25:00-26:00", "24:00-06:00", "07:60-08:00",
        ),
        "spendLimit": (None, 0.0, 10.0, 10.0, 10.5),
        "MEMBER_OF.role": ("head", "admin", "child", "member", "unknown"),
    },
)  # fmt: skip
MINORS = Shape(
    nodes={"User": 3, "Individual": 4, "Service": 3, "Group": 3, "ParentalControlPolicy": 3},
    least={"User": 2, "Individual": 2, "Service": 1, "Group": 1, "ParentalControlPolicy": 1},
    motifs=(
        "u:User USES_SERVICE s:Service; u IDENTIFIES i:Individual; j:Individual GUARDIAN_OF i;"
        "k:Individual GUARDIAN_OF i; p:ParentalControlPolicy APPLIES_TO s",
        "u:User USES_SERVICE s:Service; u IDENTIFIES i:Individual; i MEMBER_OF g:Group; g SUBGROUP_OF h:Group;"
        "p:ParentalControlPolicy APPLIES_TO h",
        "u:User USES_SERVICE s:Service; u IDENTIFIES i:Individual; u MEMBER_OF g:Group;"
        "p:ParentalControlPolicy APPLIES_TO g",
        "u:User USES_SERVICE s:Service; u IDENTIFIES i:Individual; p:ParentalControlPolicy APPLIES_TO u",
    ),
    links={
        "USES_SERVICE": 3, "IDENTIFIES": 2, "GUARDIAN_OF": 3, "MEMBER_OF": 2, "SUBGROUP_OF": 2, "APPLIES_TO": 1,
    },
    fields={
        "Individual": ("birthDate", "status"),
        "Service": ("serviceType",),
        "Group": ("groupType",),
        "ParentalControlPolicy": ("status", "validFrom", "validTo"),
    },
    pools={
        "groupType": ("household", "household", "enterprise", None),
        "ParentalControlPolicy.status": (None, "active", "ACTIVE", "suspended"),
        "Individual.status": (None, "validated", "deceased", "deceased"),
        "serviceType": (None, "tv", "tv", "mobile"),
        "birthDate": (
            None, date(2012, 2, 29), date(2008, 2, 29), date(2009, 6, 15), date(2009, 6, 16), date(2012, 6, 15),
            date(2018, 6, 14), date(2018, 6, 16), date(2007, 6, 15), date(1980, 2, 29), date(2010, 3, 1),
            date(2009, 2, 28), date(2025, 6, 15),
        ),
    },
)  # fmt: skip
"""``birthDate`` has the days at which a limit or a band ends, at ``T`` and around a 29 February."""
MIDNIGHT = datetime(2025, 6, 15, tzinfo=UTC)
AGES = (
    T, T, T, T, MIDNIGHT, MIDNIGHT - TICK, MIDNIGHT + DAY - TICK, MIDNIGHT + DAY, T + TICK, T - DAY,
    datetime(2025, 2, 28, 23, 59, 59, 999_999, UTC), datetime(2025, 3, 1, tzinfo=UTC),
    datetime(2024, 2, 28, 12, tzinfo=UTC), datetime(2024, 2, 29, 12, tzinfo=UTC),
)  # fmt: skip


def binding(policy: Node, at: datetime) -> bool:
    """Whether a policy is in force."""
    return in_force(policy, at) and (policy.text("status") or "active").lower() == "active"


def groups_around(world: World, user: str, depth: int, at: datetime) -> dict[str, Path]:
    """The groups that a user or its Party is in, or that lie around these, each with the way to it."""
    ways: dict[str, Path] = {}
    tips = [(user,), *(step((user,), k) for k in world.out(user, "IDENTIFIES", at))]
    reached = [step(way, k) for way in tips for k in world.out(way[-1], "MEMBER_OF", at)]
    for _ in range(depth + 1):
        for way in reached:
            there = ways.get(way[-1])
            if there is None or (len(way), way) < (len(there), there):
                ways[way[-1]] = way
        reached = [step(way, k) for way in reached for k in world.out(way[-1], "SUBGROUP_OF", at)]
    return ways


def household(world: World, group: str) -> bool:
    return world.node(group).get("groupType") == "household"


def effective_controls(world: World, *, user: str, as_of: datetime, depth: int = 3) -> list[Row]:
    bound: dict[str, tuple[str, Path]] = {user: ("user", (user,))}
    for k in world.out(user, "USES_SERVICE", as_of):
        bound[k.end] = ("service", step((user,), k))
    for group, way in groups_around(world, user, depth, as_of).items():
        bound[group] = ("household" if household(world, group) else "group", way)
    rows = []
    for thing, (level, way) in bound.items():
        for k in world.into(thing, "APPLIES_TO"):
            policy = world.node(k.start)
            if not binding(policy, as_of):
                continue
            setter = min(world.ends(policy.uid, "SET_BY"), default=None)
            rows.append({
                "policy_uid": policy.uid,
                "level": level,
                "applies_to": thing,
                "rating_limit": policy.get("ratingLimit"),
                "categories": policy.texts("blockedCategories") or None,
                "time_window": policy.get("timeWindow"),
                "spend_limit": policy.get("spendLimit"),
                "set_by": setter,
                "setter_role": setter_role(world, setter, user, as_of) if setter else None,
                "path": step(way, k),
            })  # fmt: skip
    strict = [{name: strictness(name, r[name]) for name in FIELDS} for r in rows]
    least = {name: min((v for s in strict if (v := s[name]) is not None), default=None) for name in FIELDS}
    for row, own in zip(rows, strict, strict=True):
        row["wins"] = tuple(name for name in FIELDS if own[name] is not None and own[name] == least[name])
    return rows


def strictness(name: str, value: object) -> float | None:
    """How much a field leaves free, the least the strictest; none where it cannot win."""
    if value is None:
        return None
    if name == "categories":
        return 0.0
    if name == "spend_limit":
        return float(str(value))
    if name == "rating_limit":
        return float(str(value)) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(value)) else None
    spelled = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])", str(value))
    if not spelled:
        return None
    hour, minute, until_hour, until_minute = map(int, spelled.groups())
    minutes = (until_hour - hour) * 60 + until_minute - minute
    return minutes if minutes > 0 else minutes + 24 * 60


def setter_role(world: World, setter: str, user: str, at: datetime) -> str | None:
    if setter == user:
        return "self"
    people, minors = set(world.ends(setter, "IDENTIFIES", at)), set(world.ends(user, "IDENTIFIES", at))
    if any(minors & set(world.ends(p, "GUARDIAN_OF", at)) for p in people):
        return "guardian"
    accounts = set(world.ends(user, "USES_ACCOUNT", at))
    customers = {c for p in people for c in world.starts(p, "ENGAGED_PARTY", at)}
    held = [k for c in customers for k in world.out(c, "HOLDS_ACCOUNT", at)]
    if any(k.end in accounts and k.role == "accountHolder" for k in held):
        return "accountHolder"
    if any(k.end in accounts and k.role == "primary" for k in world.out(setter, "USES_ACCOUNT", at)):
        return "primary"
    groups = {g for who in {user} | minors for g in world.ends(who, "MEMBER_OF", at)}
    memberships: list[Link] = [k for who in {setter} | people for k in world.out(who, "MEMBER_OF", at)]
    roles = {k.role for k in memberships if k.end in groups}
    return next((role for role in ("head", "admin") if role in roles), None)


def unprotected_minors(
    world: World,
    *,
    as_of: datetime,
    age_limit: int = 16,
    service: str | None = None,
    service_type: str | None = None,
    unknown_age: bool = True,
    depth: int = 3,
) -> list[Row]:
    rows = []
    for individual, user in _people(world, as_of):
        used = [
            s for s in world.ends(user, "USES_SERVICE", as_of)
            if service in (None, s) and service_type in (None, world.node(s).get("serviceType"))
        ]  # fmt: skip
        born = individual.properties.get("birthDate")
        age = years(born, as_of.date()) if isinstance(born, date) else None
        guardians = [
            g for g in world.starts(individual.uid, "GUARDIAN_OF", as_of) if world.node(g).get("status") != "deceased"
        ]  # fmt: skip
        groups = {g for who in (user, individual.uid) for g in groups_of(world, who, depth, as_of)}
        free = [s for s in used if not any(_bound(world, thing, as_of) for thing in (user, s, *groups))]
        minor = age is not None and age < age_limit
        missing = {
            "guardian": used if minor and not guardians else [],
            "policy": free if minor else [],
            "age": used if age is None and unknown_age else [],
        }
        direct = {g for who in (user, individual.uid) for g in world.ends(who, "MEMBER_OF", as_of)}
        rows += [
            {
                "individual_uid": individual.uid,
                "age_band": None if age is None else band(age),
                "user_uid": user,
                "services": tuple(services),
                "household": min((g for g in direct if household(world, g)), default=None),
                "guardian": min(guardians, default=None),
                "missing": what,
            }
            for what, services in missing.items()
            if services
        ]
    return rows


def _people(world: World, at: datetime) -> Iterator[tuple[Node, str]]:
    for individual in world.of("Individual"):
        for user in world.starts(individual.uid, "IDENTIFIES", at):
            yield individual, user


def groups_of(world: World, member: str, depth: int, at: datetime) -> set[str]:
    """The groups that something is a direct member of, and those around them."""
    found = set(world.ends(member, "MEMBER_OF", at))
    for _ in range(depth):
        found |= {h for g in found for h in world.ends(g, "SUBGROUP_OF", at)}
    return found


def _bound(world: World, thing: str, at: datetime) -> bool:
    return any(binding(world.node(p), at) for p in world.starts(thing, "APPLIES_TO"))


def years(born: date, day: date) -> int:
    """Completed years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band(age: int) -> str:
    return next((name for most, name in ((6, "0-6"), (12, "7-12"), (15, "13-15"), (17, "16-17")) if age <= most), "18+")


def aged(world: World) -> World:
    """The same world with links that began a month ago begun long ago, so that they held at an earlier birthday."""
    changed = [
        Link(k.type, k.start, k.end, dict(k.properties) | {"validFrom": model.BEGINNING})
        if k.get("validFrom") == T - MONTH
        else k
        for k in world.links
    ]
    return World(world.nodes, tuple(changed))


ORACLES = (
    Oracle(
        "access.effective_controls",
        effective_controls,
        order=lambda r: (LEVELS.index(r["level"]), r["policy_uid"], r["applies_to"]),
        arguments=lambda w: arguments({"user": w.uids("User")}, depth=st.sampled_from((3, 1))),
    ),
)
MINORS_ORACLES = (
    Oracle(
        "access.unprotected_minors",
        unprotected_minors,
        order=lambda r: (("guardian", "policy", "age").index(r["missing"]), r["individual_uid"], r["user_uid"]),
        arguments=lambda w: arguments(
            {"as_of": AGES, "age_limit": (16, 16, 13, 17, 18, 1)},
            service=st.sampled_from([None, None, *w.uids("Service")]),
            service_type=st.sampled_from((None, None, "tv", "mobile")),
            unknown_age=st.sampled_from((True, False)),
            depth=st.sampled_from((3, 1)),
        ),
        sets=("services",),
    ),
)
WORLDS = worlds(SHAPE).flatmap(edged)
MINORS_WORLDS = worlds(MINORS).flatmap(edged) | worlds(MINORS).map(aged)
