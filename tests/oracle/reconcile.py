"""Reconcile: front end against back end, and access that outlived its reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from .access import in_force
from .comparison import Oracle, Row, arguments, last
from .paths import Path, step
from .world import FRONT, INSTANTS, NOW, Shape, World, known_to_back_end

KINDS = ("primary", "secondary", "guest", "delegate")
Part = tuple[set[str], set[tuple[str, str]]]
"""What an account brings to a bucket: holders, and users with their roles."""
Since = tuple[datetime | None, str | None]
"""Since when an access has no reason, and the household left."""

UNKNOWN = Shape(
    nodes={"User": 5, "Individual": 4, "Organization": 1, "Customer": 3, "Account": 4},
    least={"User": 2, "Account": 1, "Individual": 2, "Customer": 1},
    motifs=(
        "u:User USES_ACCOUNT a:Account; c:Customer HOLDS_ACCOUNT/accountHolder a;"
        "d:Customer HOLDS_ACCOUNT/accountHolder a",
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; i SAME_AS j:Individual; c:Customer ENGAGED_PARTY j",
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; c:Customer ENGAGED_PARTY i",
    ),
    links={"IDENTIFIES": 3, "ENGAGED_PARTY": 2, "SAME_AS": 2, "USES_ACCOUNT": 4, "HOLDS_ACCOUNT": 4},
    fields={"User": ("status", "createdAt", "lastActiveAt")},
    pools={
        "sources": FRONT,
        "User.status": (None, "active", "active", "unknown", "suspended", "archived"),
        "HOLDS_ACCOUNT.role": ("accountHolder", "accountHolder", "billPayer", "unknown"),
    },
    apart=("USES_ACCOUNT",),
)
"""One role at a time on one account: the question does not say which of two is shown."""
RATIO = Shape(
    nodes={"User": 7, "Customer": 5, "Account": 6, "Individual": 2},
    least={"User": 3, "Customer": 3, "Account": 2, "Individual": 1},
    motifs=(
        "c:Customer HOLDS_ACCOUNT/accountHolder a:Account; d:Customer HOLDS_ACCOUNT/accountHolder a;"
        "u:User USES_ACCOUNT a",
        "c:Customer HOLDS_ACCOUNT/accountHolder a:Account",
        "c:Customer HOLDS_ACCOUNT/accountHolder a:Account; u:User USES_ACCOUNT a; v:User USES_ACCOUNT a;"
        "v USES_ACCOUNT a",
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; c:Customer ENGAGED_PARTY i",
    ),
    links={"USES_ACCOUNT": 3, "HOLDS_ACCOUNT": 3, "IDENTIFIES": 3, "ENGAGED_PARTY": 2},
    fields={"Customer": ("segment",), "Account": ("region", "state")},
    pools={"sources": FRONT, "HOLDS_ACCOUNT.role": ("accountHolder", "accountHolder", "billPayer", "unknown")},
)
STALE = Shape(
    nodes={"User": 4, "Individual": 3, "Customer": 3, "Account": 3, "Group": 3, "Permission": 3},
    least={"User": 1, "Individual": 1, "Customer": 1, "Account": 1, "Group": 1, "Permission": 1},
    motifs=(
        "u:User USES_ACCOUNT a:Account; g:Group OWNED_BY a; u MEMBER_OF g past",
        "u:User USES_ACCOUNT a:Account; g:Group OWNED_BY a; u MEMBER_OF g past; u MEMBER_OF g future",
        "u:User USES_ACCOUNT a:Account; u MEMBER_OF g:Group past; u MEMBER_OF h:Group past; g OWNED_BY a; h OWNED_BY a",
        "u:User USES_ACCOUNT a:Account; c:Customer HOLDS_ACCOUNT a; g:Group OWNED_BY c;"
        "u IDENTIFIES i:Individual; i MEMBER_OF g past",
        "u:User USES_ACCOUNT a:Account; u MEMBER_OF g:Group past; g OWNED_BY a; u IDENTIFIES i:Individual;"
        "c:Customer ENGAGED_PARTY i; c HOLDS_ACCOUNT a",
        "m:Permission GRANTED_TO u:User; m ON_ASSET a:Account; u MEMBER_OF g:Group past; g OWNED_BY a",
    ),
    links={
        "USES_ACCOUNT": 3, "GRANTED_TO": 2, "ON_ASSET": 2, "IDENTIFIES": 2, "ENGAGED_PARTY": 1, "HOLDS_ACCOUNT": 3,
        "MEMBER_OF": 2, "OWNED_BY": 2, "SUBGROUP_OF": 1,
    },
    fields={
        "User": ("status",), "Account": ("state", "closedAt"), "Group": ("groupType",),
        "Permission": ("involvementRole", "validFrom", "validTo"),
    },
    pools={
        "groupType": ("household", "household", "household", "enterprise", None),
        "HOLDS_ACCOUNT.role": ("accountHolder", "accountHolder", "billPayer", "unknown"),
        "User.status": (None, "active", "active", "unknown", "suspended", "archived"),
    },
)  # fmt: skip


def users_unknown_to_crm(world: World, *, kind: str | None = None, active_since: datetime | None = None) -> list[Row]:
    rows: list[Row] = []
    for user in world.of("User"):
        seen = user.instant("lastActiveAt")
        if known_to_back_end(world, user.uid, NOW) or user.get("status") in ("suspended", "archived"):
            continue
        if active_since is not None and (seen is None or seen < active_since):
            continue
        used: list[tuple[str | None, str | None]] = [(k.end, k.role) for k in world.out(user.uid, "USES_ACCOUNT", NOW)]
        for account, role in used or [(None, None)]:
            if kind is not None and role != kind:
                continue
            holders = [
                k.start for k in (world.into(account, "HOLDS_ACCOUNT", NOW) if account else ())
                if k.role == "accountHolder"
            ]  # fmt: skip
            rows.append({
                "user_uid": user.uid,
                "kind": role,
                "account_uid": account,
                "account_holder": min(holders, default=None),
                "created_at": user.get("createdAt"),
                "last_active": seen,
            })  # fmt: skip
    return rows


def front_back_ratio(world: World, *, as_of: datetime, group_by: str = "all", min_n: int = 5) -> list[Row]:
    holders: dict[str, set[str]] = {}
    users: dict[str, set[tuple[str, str]]] = {}
    for account in world.of("Account"):
        held_by = {k.start for k in world.into(account.uid, "HOLDS_ACCOUNT", as_of) if k.role == "accountHolder"}
        used_by = {(k.start, k.role) for k in world.into(account.uid, "USES_ACCOUNT", as_of)}
        for bucket, (some_holders, some_users) in _parts(world, group_by, account.text("region"), held_by, used_by):
            holders.setdefault(bucket, set()).update(some_holders)
            users.setdefault(bucket, set()).update(some_users)
    rows = []
    for bucket in holders:
        people = {user for user, _ in users[bucket]}
        if len(holders[bucket]) < min_n or 0 < len(people) < min_n:
            continue
        ratio = Decimal(len(people)) / len(holders[bucket])
        rows.append({
            "bucket": bucket,
            "holders": len(holders[bucket]),
            "users": len(people),
            **{kind: sum(role == kind for _, role in users[bucket]) for kind in KINDS},
            "front_only": sum(not known_to_back_end(world, user, NOW) for user in people),
            "ratio": float(ratio.quantize(Decimal("0.01"), ROUND_HALF_UP)),
        })  # fmt: skip
    return rows


def _parts(
    world: World, group_by: str, region: str | None, held_by: set[str], used_by: set[tuple[str, str]]
) -> Iterator[tuple[str, Part]]:
    """The buckets of one account, with the holders and the users that it brings to each."""
    if group_by == "all":
        yield "all", (held_by, used_by)
    elif group_by == "region":
        yield region or "unknown", (held_by, used_by)
    elif group_by == "kind":
        for kind in {role for _, role in used_by}:
            yield kind, (held_by, {(user, role) for user, role in used_by if role == kind})
    elif held_by:
        for holder in held_by:
            yield world.node(holder).text("segment") or "unknown", ({holder}, used_by)
    else:
        yield "unknown", (set(), used_by)


def stale_access(world: World, *, as_of: datetime, grace_days: int = 30) -> list[Row]:
    rows: dict[tuple[object, ...], Row] = {}
    for user, account, role, path in _accesses(world, as_of):
        found = (
            ("accountClosed", _closed(world, account, as_of, timedelta(days=grace_days))),
            ("leftHousehold", _left(world, user, account, as_of, timedelta(days=grace_days))),
        )
        for reason, since in found:
            if since is not None:
                stale_since, group = since
                rows[user, account, reason, role, path] = {
                    "user_uid": user,
                    "account_uid": account,
                    "reason": reason,
                    "role": role,
                    "grant_path": path,
                    "stale_since": stale_since,
                    "group_uid": group,
                }
    return list(rows.values())


def _accesses(world: World, at: datetime) -> Iterator[tuple[str, str, str | None, Path]]:
    """Who has live access to which account: user, account, role, path."""
    for user in world.of("User"):
        if user.get("status") in ("suspended", "archived"):
            continue
        for used in world.out(user.uid, "USES_ACCOUNT", at):
            yield user.uid, used.end, used.role, step((user.uid,), used)
        for given in world.into(user.uid, "GRANTED_TO"):
            permission = world.node(given.start)
            for on in world.out(permission.uid, "ON_ASSET") if in_force(permission, at) else ():
                if world.node(on.end).label == "Account":
                    path = step(step((user.uid,), given), on)
                    yield user.uid, on.end, permission.text("involvementRole"), path


def _closed(world: World, account: str, at: datetime, grace: timedelta) -> Since | None:
    closed_at = world.node(account).instant("closedAt")
    if closed_at is not None:
        return (closed_at, None) if closed_at <= at - grace else None
    return (None, None) if world.node(account).get("state") == "Closed" else None


def _left(world: World, user: str, account: str, at: datetime, grace: timedelta) -> Since | None:
    """The household of the account that the user left, and when: the latest of several."""
    parties = world.ends(user, "IDENTIFIES", at)
    holders = {k.start: k.role for k in world.into(account, "HOLDS_ACCOUNT", at) if k.role == "accountHolder"}
    owners = {account, *holders}
    payers = world.starts(account, "HOLDS_ACCOUNT", at)
    if any(party in parties for payer in payers for party in world.ends(payer, "ENGAGED_PARTY", at)):
        return None
    left: list[tuple[datetime, str]] = []
    for group in world.of("Group"):
        if group.get("groupType") != "household" or not owners & set(world.ends(group.uid, "OWNED_BY", at)):
            continue
        begun = [
            k for k in world.complete
            if k.type == "MEMBER_OF" and k.end == group.uid and k.start in (user, *parties) and k.since <= at
        ]  # fmt: skip
        ended = [k.until for k in begun if k.until is not None and k.until <= at]
        if ended and len(ended) == len(begun) and max(ended) <= at - grace:
            left.append((max(ended), group.uid))
    if not left:
        return None
    latest = max(when for when, _ in left)
    return latest, min(group for when, group in left if when == latest)


USERS_UNKNOWN = Oracle(
    "reconcile.users_unknown_to_crm",
    users_unknown_to_crm,
    order=lambda r: (r["user_uid"], last(r["account_uid"])),
    rules=("any period counts",),  # now is no instant of a world
    arguments=lambda _: st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(KINDS),
            "active_since": st.sampled_from([i for i in INSTANTS if i]),
            "limit": st.sampled_from((None, None, 1, 2)),
        },
    ),
)
FRONT_BACK_RATIO = Oracle(
    "reconcile.front_back_ratio",
    front_back_ratio,
    order=lambda r: r["bucket"],
    arguments=lambda _: arguments({"group_by": ("all", "kind", "segment", "region"), "min_n": (1, 1, 2, 3)}),
)
STALE_ACCESS = Oracle(
    "reconcile.stale_access",
    stale_access,
    order=lambda r: (r["user_uid"], r["account_uid"], r["reason"], last(r["role"]), r["grant_path"]),
    arguments=lambda _: arguments({"grace_days": (0, 1, 30, 29)}),
)
