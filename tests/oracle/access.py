"""Access: who may act on an account, a product or a service, and which grant allows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hypothesis import strategies as st

from mce_graph import model

from .comparison import Oracle, Row, arguments, last
from .paths import Path, step
from .world import Node, Shape, World

SHAPE = Shape(
    nodes={
        "User": 4, "Individual": 4, "Organization": 1, "Customer": 3, "Account": 3, "Product": 3, "Service": 3,
        "Permission": 4,
    },
    least={"User": 2, "Individual": 2, "Customer": 1, "Permission": 1, "Account": 1, "Product": 1, "Service": 1},
    motifs=(
        "u:User USES_ACCOUNT a:Account; p:Product BILLED_TO a; p REALIZED_BY s:Service",
        "u:User IDENTIFIES i:Individual; c:Customer ENGAGED_PARTY i; c HOLDS_ACCOUNT a:Account; p:Product BILLED_TO a",
        "m:Permission GRANTED_TO u:User; m ON_ASSET a:Account; p:Product BILLED_TO a; p REALIZED_BY s:Service",
        "m:Permission GRANTED_TO u:User; m ON_ASSET p:Product; p REALIZED_BY s:Service; m GRANTED_BY v:User",
        "u:User IDENTIFIES i:Individual; i GUARDIAN_OF k:Individual; v:User IDENTIFIES k; v USES_SERVICE s:Service",
    ),
    links={
        "IDENTIFIES": 2, "ENGAGED_PARTY": 1, "HOLDS_ACCOUNT": 3, "USES_ACCOUNT": 2, "BILLED_TO": 2, "REALIZED_BY": 2,
        "USES_SERVICE": 2, "GUARDIAN_OF": 2, "GRANTED_TO": 2, "GRANTED_BY": 3, "ON_ASSET": 3, "OWNS": 2, "CHILD_OF": 2,
    },
    fields={"Permission": ("involvementRole", "entitlements", "validFrom", "validTo")},
    pools={
        "entitlements": (
            None, ("view:bill",), ("manage:services", "use:services"), ("pay:bill", "viewer:usage"),
            ("view:billing",),
        ),
    },
)  # fmt: skip
"""``OWNS`` and ``CHILD_OF`` are there to be ignored: they grant nothing."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one user may do on one asset, and why."""

    user: str
    via: str
    role: str | None
    path: Path
    expires: datetime | None
    entitlements: tuple[str, ...] = ()
    granted_by: str | None = None

    @property
    def asset(self) -> str:
        return self.path[-1]

    @property
    def rights(self) -> tuple[str, ...]:
        """A permission's own entitlements; by any other way those of the role."""
        return self.entitlements if self.via == "permission" else model.ENTITLEMENTS.get(self.role or "", ())


def who_can_access(world: World, *, asset: str, as_of: datetime, action: str | None = None) -> list[Row]:
    direct = {g for user in world.uids("User") for g in _direct(world, user, as_of)}
    if world.node(asset).label == "User":
        found = {g for g in direct if g.user == asset}
    else:
        found = {r for g in direct for r in _reached(world, g, as_of) if r.asset == asset}
    return [
        {
            "user_uid": g.user,
            "asset_uid": g.asset,
            "via": g.via,
            "role": g.role,
            "entitlements": g.rights,
            "granted_by": g.granted_by,
            "path": g.path,
            "expires": g.expires,
        }
        for g in found
        if any(action is None or right == action or right.startswith(f"{action}:") for right in g.rights)
    ]


def _direct(world: World, user: str, at: datetime) -> Iterator[Grant]:
    start = (user,)
    for used in world.out(user, "USES_ACCOUNT", at):
        added = used.get("addedBy")
        yield Grant(user, "account", used.role, step(start, used), used.until, granted_by=str(added) if added else None)
    for named in world.out(user, "IDENTIFIES", at):
        party = step(start, named)
        for engages in world.into(named.end, "ENGAGED_PARTY", at):
            for holds in world.out(engages.start, "HOLDS_ACCOUNT", at):
                if holds.role != "billReceiver":
                    yield Grant(user, "holder", holds.role, step(step(party, engages), holds), holds.until)
        for guards in world.out(named.end, "GUARDIAN_OF", at):
            for child in world.into(guards.end, "IDENTIFIES", at):
                for uses in world.out(child.start, "USES_SERVICE", at):
                    path = step(step(step(party, guards), child), uses)
                    yield Grant(user, "guardian", "guardian", path, guards.until)
    for given in world.into(user, "GRANTED_TO"):
        permission = world.node(given.start)
        if in_force(permission, at):
            givers = world.ends(permission.uid, "GRANTED_BY")
            for on in world.out(permission.uid, "ON_ASSET"):
                yield Grant(
                    user,
                    "permission",
                    permission.text("involvementRole"),
                    step(step(start, given), on),
                    permission.instant("validTo"),
                    permission.texts("entitlements"),
                    givers[0] if givers else None,
                )


def in_force(thing: Node, at: datetime) -> bool:
    """Whether a permission or a policy holds, from its validFrom to before its validTo; either empty is open."""
    since, until = thing.instant("validFrom"), thing.instant("validTo")
    return (since is None or since <= at) and (until is None or until > at)


def _reached(world: World, grant: Grant, at: datetime) -> Iterator[Grant]:
    """A grant and what it reaches: from an account its products, from a product its services."""
    yield grant
    if grant.via == "guardian":
        return
    label = world.node(grant.asset).label
    if label == "Account":
        for k in world.into(grant.asset, "BILLED_TO", at):
            yield from _reached(world, replace(grant, path=step(grant.path, k)), at)
    if label == "Product":
        for k in world.out(grant.asset, "REALIZED_BY", at):
            yield replace(grant, path=step(grant.path, k))


ORACLES = (
    Oracle(
        "access.who_can_access",
        who_can_access,
        order=lambda r: (r["user_uid"], r["asset_uid"], r["via"], last(r["role"]), r["path"]),
        arguments=lambda w: arguments(
            {"asset": w.uids("Account", "Product", "Service", "User")},
            action=st.sampled_from(("view", "manage", "use", "pay", "view:bill", "none")),
        ),
    ),
)
