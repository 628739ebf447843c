"""Self-care: visits that were left unfinished, what became of them, and who went away without a word.

``as_of`` is what was known at an instant: an end, a step or a contact after it is not seen. Where a header leaves it
open, the question decides: ``seconds_in`` is in whole seconds, a contact is made by people who are around the visit,
and a tenure that has not begun is a whole number of days towards zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from hypothesis import strategies as st

from .comparison import Oracle, Row
from .visits import HOUR, HOURS, MINUTE, SECOND, asked, experiences
from .world import DAY, MONTH, Link, Node, World

Arguments = dict[str, st.SearchStrategy[Any]]
RANKS = ("primary", "delegate", "secondary", "guest")
OWN_CHANNELS = ("selfCare", "web", "app")
DEFAULTS: dict[str, Any] = {
    "idle": 30, "recover_hours": 24, "hours": 24, "lcp_seconds": 4.0, "apdex_t": 2.0, "bounce_seconds": 10.0
}  # fmt: skip


def rank(role: str) -> tuple[int, str]:
    """The place of a role among those on an account: the one that counts first."""
    return (RANKS.index(role) if role in RANKS else len(RANKS), role)


@dataclass(frozen=True, slots=True)
class Contact:
    """A call or a ticket: when, and whom it names in which roles."""

    node: Node
    at: datetime
    names: tuple[Link, ...]

    def of(self, people: set[str]) -> bool:
        return any(k.start in people for k in self.names)


@dataclass(frozen=True)
class Known:
    """What was known of all visits at an instant, under some thresholds."""

    world: World
    as_of: datetime
    thresholds: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.thresholds.get(name, DEFAULTS[name])

    def visits(self, since: datetime | None, until: datetime | None) -> list[Node]:
        """Those begun in a window and before the instant."""
        since, until = since or self.as_of - MONTH, min(until or self.as_of, self.as_of)
        starts = ((v, v.instant("start")) for v in self.world.of("SelfCareTransaction"))
        return [v for v, start in starts if start is not None and since <= start < until]

    def outcome(self, visit: Node) -> str | None:
        end = visit.instant("end")
        return visit.text("outcome") if end is None or end <= self.as_of else None

    def steps(self, visit: Node) -> list[Node]:
        steps = [self.world.node(uid) for uid in self.world.ends(visit.uid, "HAS_STEP")]
        seen = [s for s in steps if (s.instant("enteredAt") or self.as_of) <= self.as_of]
        return sorted(seen, key=lambda s: cast(int, s.get("seq")))

    def end(self, visit: Node) -> datetime | None:
        end = visit.instant("end")
        if end is not None and end <= self.as_of:
            return end
        steps = [self.world.node(uid) for uid in self.world.ends(visit.uid, "HAS_STEP")]
        signs = [visit.instant("start"), *(s.instant(n) for s in steps for n in ("enteredAt", "leftAt"))]
        return max((at for at in signs if at is not None and at <= self.as_of), default=None)

    def unfinished(self, visit: Node) -> bool:
        outcome, end = self.outcome(visit), self.end(visit)
        if outcome is not None:
            return outcome != "completed"
        return end is not None and end < self.as_of - self["idle"] * MINUTE

    def recovered(self, visit: Node) -> bool:
        """Whether the same user, or the same session, completed the same intent in time."""
        user = self.user(visit)
        start, end = cast(datetime, visit.instant("start")), cast(datetime, self.end(visit))
        for other in self.world.of("SelfCareTransaction"):
            if visit.get("intent") is None or self.outcome(other) != "completed":
                continue
            session = visit.get("sessionId") is not None and other.get("sessionId") == visit.get("sessionId")
            same = session or user in self.world.starts(other.uid, "STARTED")
            done = self.end(other)
            if not same or done is None or other.get("intent") != visit.get("intent"):
                continue
            if start < done <= end + self["recover_hours"] * HOUR:
                return True
        return False

    def undecided(self, visit: Node) -> bool:
        end = cast(datetime, self.end(visit))
        return not self.recovered(visit) and end + self["recover_hours"] * HOUR > self.as_of

    def wasted(self, visit: Node) -> bool:
        return self.unfinished(visit) and not self.recovered(visit) and not self.undecided(visit)

    def cause(self, visit: Node) -> str:
        steps = self.steps(visit)
        if any(s.get("error") is not None for s in steps):
            return "error"
        if not steps:
            return "unknown"
        first, latest = steps[0], steps[-1]
        if (cast(int, latest.get("lcpMs") or 0) > 1000 * self["lcp_seconds"]) or (
            cast(int, latest.get("loadMs") or 0) > 4000 * self["apdex_t"]
        ):
            return "slowLoad"
        if first.get("isForm") is True and first.get("fieldsFilled") == 0:
            return "formWall"
        if len(steps) > 1:
            return "midFlow"
        entered, left = first.instant("enteredAt"), first.instant("leftAt")
        if left is None or left > self.as_of:
            left = self.end(visit)
        if entered is not None and left is not None and left - entered < self["bounce_seconds"] * SECOND:
            return "bounce"
        return "unknown"

    def user(self, visit: Node) -> str | None:
        return min(self.world.starts(visit.uid, "STARTED"), default=None)

    def account(self, visit: Node) -> tuple[str | None, str | None]:
        """The account of a visit, and its user's role on it at the start."""
        user, start = self.user(visit), visit.instant("start")
        used = self.world.out(user, "USES_ACCOUNT", start) if user else []
        concerned = self.concerned(visit)
        if concerned:
            return concerned[0], min((k.role for k in used if k.end == concerned[0]), key=rank, default=None)
        best = min(used, key=lambda k: (rank(k.role)[0], k.end), default=None)
        return (best.end, best.role) if best else (None, None)

    def concerned(self, visit: Node) -> list[str]:
        things = self.world.ends(visit.uid, "CONCERNS")
        return [uid for uid in things if self.world.node(uid).label == "Account"]

    def themselves(self, visit: Node) -> set[str]:
        """The user of a visit and the Party it identified then."""
        user = self.user(visit)
        return {user, *self.world.ends(user, "IDENTIFIES", visit.instant("start"))} if user else set()

    def around(self, visit: Node) -> set[str]:
        """Everybody whose contact belongs to a visit: the user, and all on the accounts used then or concerned."""
        user, at = self.user(visit), visit.instant("start")
        accounts = {*self.concerned(visit), *(self.world.ends(user, "USES_ACCOUNT", at) if user else ())}
        users = {u for a in accounts for u in self.world.starts(a, "USES_ACCOUNT", at)}
        holders = {c for a in accounts for c in self.world.starts(a, "HOLDS_ACCOUNT", at)}
        parties = {p for u in users for p in self.world.ends(u, "IDENTIFIES", at)}
        parties |= {p for c in holders for p in self.world.ends(c, "ENGAGED_PARTY", at)}
        return self.themselves(visit) | users | holders | parties

    def contacts(self) -> Iterator[Contact]:
        """Calls and tickets, whoever they are of."""
        for thing in self.world.of("PartyInteraction", "TroubleTicket"):
            ticket = thing.label == "TroubleTicket"
            at = thing.instant("creationDate" if ticket else "start")
            call = thing.get("direction") == "inbound" and thing.get("channel") not in OWN_CHANNELS
            if at is not None and at <= self.as_of and (ticket or call):
                names = self.world.into(thing.uid, "ON_TICKET" if ticket else "HAD_INTERACTION")
                yield Contact(thing, at, tuple(names))

    def followed(self, visit: Node, hours: int) -> list[Contact]:
        """The contacts that belong to a visit: of those around it, from its start to so long after its end."""
        people = self.around(visit)
        start, end = cast(datetime, visit.instant("start")), cast(datetime, self.end(visit))
        return [c for c in self.contacts() if start <= c.at <= end + hours * HOUR and c.of(people)]

    def escalated(self, visit: Node) -> bool:
        return bool(self.followed(visit, self["recover_hours"]))


def wasted_transactions(
    world: World,
    *,
    as_of: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    intent: str | None = None,
    kind: str | None = None,
    cause: str | None = None,
    **thresholds: Any,
) -> list[Row]:
    known = Known(world, as_of, thresholds)
    rows = []
    for visit in known.visits(since, until):
        if not known.unfinished(visit):
            continue
        account, role = known.account(visit)
        steps = known.steps(visit)
        start, end = cast(datetime, visit.instant("start")), cast(datetime, known.end(visit))
        row = {
            "transaction_uid": visit.uid,
            "user_uid": known.user(visit),
            "kind": role,
            "account_uid": account,
            "intent": visit.get("intent"),
            "started_at": start,
            "last_page": steps[-1].get("pageId") if steps else None,
            "seconds_in": float((end - start) // SECOND),
            "waste_cause": known.cause(visit),
            "recovered": known.recovered(visit),
            "wasted": known.wasted(visit),
            "undecided": known.undecided(visit),
            "escalated": known.escalated(visit),
        }
        wanted = (("intent", intent), ("kind", kind), ("waste_cause", cause))
        if all(value is None or row[name] == value for name, value in wanted):
            rows.append(row)
    return rows


def failure_demand(
    world: World,
    *,
    as_of: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    intent: str | None = None,
    by_whom: str | None = None,
    **thresholds: Any,
) -> list[Row]:
    known = Known(world, as_of, thresholds)
    rows = []
    for visit in known.visits(since, until):
        if not known.wasted(visit) or (intent is not None and visit.get("intent") != intent):
            continue
        account, role = known.account(visit)
        for contact in known.followed(visit, known["hours"]):
            whose, maker = made_by(known, visit, contact)
            if by_whom is None or by_whom == whose:
                gap = contact.at - cast(datetime, known.end(visit))
                rows.append({
                    "transaction_uid": visit.uid,
                    "intent": visit.get("intent"),
                    "user_uid": known.user(visit),
                    "kind": role,
                    "account_uid": account,
                    "contact_uid": contact.node.uid,
                    "contacted_at": contact.at,
                    "channel": contact.node.get("channel"),
                    "by_whom": whose,
                    "contact_user_uid": maker,
                    "gap_minutes": gap // SECOND / 60,
                })  # fmt: skip
    return rows


def made_by(known: Known, visit: Node, contact: Contact) -> tuple[str, str | None]:
    """Who made a contact, seen from a visit, and the one person shown for it."""
    people = known.around(visit)
    makers = {k.start for k in contact.names if k.role not in ("customer", "member") and k.start in people}
    own = known.themselves(visit) & makers
    others = {m for m in makers if known.world.node(m).label in ("User", "Individual")}
    if known.user(visit) is None or not own | others:
        return "unknown", None
    deciding = own or others
    return "self" if own else "other", min(deciding, key=lambda m: (known.world.node(m).label != "User", m))


def silent_quitters(world: World, *, as_of: datetime, n: int = 2, days: int = 30, **thresholds: Any) -> list[Row]:
    known = Known(world, as_of, thresholds)
    wasted: dict[str, list[Node]] = {}
    for visit in sorted(known.visits(as_of - days * DAY, as_of), key=lambda v: (v.instant("start"), v.uid)):
        user = known.user(visit)
        if user is not None and known.wasted(visit):
            wasted.setdefault(user, []).append(visit)
    rows = []
    for user, visits in wasted.items():
        first, final = cast(datetime, visits[0].instant("start")), visits[-1]
        parties = world.ends(user, "IDENTIFIES", as_of)
        own = {user, *parties, *(c for p in parties for c in world.starts(p, "ENGAGED_PARTY", as_of))}
        spoke = any(c.at >= first and c.of(own) for c in known.contacts())
        if len(visits) < n or spoke or any(known.escalated(v) for v in visits):
            continue
        account, role = known.account(final)
        holds = world.into(account, "HOLDS_ACCOUNT", as_of) if account else []
        holder = min((k.start for k in holds if k.role == "accountHolder"), default=None)
        began = world.node(holder).instant("startDate") if holder else None
        rows.append({
            "user_uid": user,
            "kind": role,
            "account_uid": account,
            "wasted": len(visits),
            "first_at": first,
            "last_at": final.instant("start"),
            "last_cause": known.cause(final),
            "holder_uid": holder,
            "holder_tenure": None if began is None else int((as_of - began) / DAY),
        })  # fmt: skip
    return rows


_SHARED: Arguments = {"idle": st.sampled_from((1, 30, 60)), "recover_hours": st.sampled_from(HOURS)}
_CAUSES: Arguments = {
    "lcp_seconds": st.sampled_from((4.0, 4.001, 0)),
    "apdex_t": st.sampled_from((2.0, 2.00025, 0)),
    "bounce_seconds": st.sampled_from((10, 9.5, 9.7, 9.75, 0, 3601)),
}
_INTENTS: Arguments = {"intent": st.sampled_from((*[None] * 8, "payBill", "payBill", "buyRoaming"))}
_FILTERS: Arguments = {
    "kind": st.sampled_from((*[None] * 16, *RANKS)),
    "cause": st.sampled_from((*[None] * 24, "error", "slowLoad", "formWall", "bounce", "midFlow", "unknown")),
}
_CONTACTS: Arguments = {
    "hours": st.sampled_from(HOURS),
    "by_whom": st.sampled_from((*[None] * 12, "self", "other", "unknown")),
}
_QUIET: Arguments = {"n": st.sampled_from((1, 1, 1, 2)), "days": st.sampled_from((2, 30, 30, 30))}

ORACLES = (
    Oracle(
        "selfcare.wasted_transactions",
        wasted_transactions,
        order=lambda r: (r["started_at"], r["transaction_uid"]),
        arguments=lambda w: asked(w, True, _SHARED | _CAUSES | _INTENTS | _FILTERS),
        rules=("the start does not count", "any period counts"),
    ),
    Oracle(
        "selfcare.failure_demand",
        failure_demand,
        order=lambda r: (r["contacted_at"], r["transaction_uid"], r["contact_uid"]),
        arguments=lambda w: asked(w, True, _SHARED | _INTENTS | _CONTACTS),
        healthy=0.08,
        rules=("any period counts",),
    ),
    Oracle(
        "selfcare.silent_quitters",
        silent_quitters,
        order=lambda r: (-r["wasted"], r["user_uid"]),
        arguments=lambda w: asked(w, False, _SHARED | _CAUSES | _QUIET),
        healthy=0.08,
        rules=("any period counts",),
    ),
)
WORLDS = experiences()
