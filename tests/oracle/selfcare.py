"""Self-care: visits that were left unfinished, what became of them, and who went away without a word.

``as_of`` is what was known at an instant: an end, a step or a contact after it is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from hypothesis import strategies as st

from .comparison import Oracle, Row, last
from .world import DAY, IDS, MONTH, NOW, TICK, Link, Node, Shape, T, World, link, node, worlds

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
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
            if same and other.get("intent") == visit.get("intent") and done is not None:
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
    makers = {k.start for k in contact.names if k.role not in ("customer", "member")}
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


# Random worlds: people on accounts first, then their visits and contacts, at instants that stand to each other as the
# thresholds do.

PEOPLE = Shape(
    nodes={"User": 4, "Individual": 3, "Organization": 1, "Customer": 3, "Account": 3, "Product": 1},
    least={"User": 2, "Individual": 1, "Customer": 1, "Account": 1},
    motifs=(
        "u:User USES_ACCOUNT a:Account; v:User USES_ACCOUNT a; v IDENTIFIES i:Individual; c:Customer HOLDS_ACCOUNT a",
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; c:Customer ENGAGED_PARTY i;"
        "c HOLDS_ACCOUNT/accountHolder a",
        "u:User USES_ACCOUNT a:Account; u USES_ACCOUNT b:Account; c:Customer HOLDS_ACCOUNT/accountHolder a",
    ),
    links={"USES_ACCOUNT": 3, "HOLDS_ACCOUNT": 2, "IDENTIFIES": 3, "ENGAGED_PARTY": 2, "BILLED_TO": 1},
    fields={"Customer": ("startDate",)},
    pools={
        "HOLDS_ACCOUNT.role": ("accountHolder", "accountHolder", "billPayer", "unknown"),
        "USES_ACCOUNT.role": ("primary", "secondary", "guest", "delegate"),
        "startDate": (None, T - MONTH, T - DAY, T - DAY + TICK, T, T + DAY),
    },
)
STARTS = (T, T, T, T, T + TICK, T - TICK, T - HOUR, T + HOUR, T - DAY, T + DAY, None)
HOURS = (1, 2, 24)
INTENTS = ("payBill", "payBill", "payBill", "buyRoaming", None)
SESSIONS = (None, "s", "t")
UNFINISHED = (None, None, "abandoned", "failed", "timedOut", "handedOver")


def _sometimes(value: st.SearchStrategy[Any], *, often: int = 1, never: int = 1) -> st.SearchStrategy[Any]:
    """A value ``often`` times in ``often + never``, else none."""
    return st.sampled_from([True] * often + [False] * never).flatmap(lambda yes: value if yes else st.none())


@st.composite
def experiences(draw: st.DrawFn) -> World:
    """People, their visits to self-care and their contacts."""
    people = draw(worlds(PEOPLE))
    nodes, links = list(people.nodes), list(people.links)
    moments = [T]
    for id in IDS[: draw(st.sampled_from((1, 2, 2, 3, 3, 4)))]:
        draw(_visit(id, people, nodes, links, moments))
    for id in IDS[: draw(st.sampled_from((0, 0, 0, 1, 2, 3, 4)))]:
        draw(_contact(id, people, nodes, links))
    return World(tuple(nodes), tuple(links))


@st.composite
def _visit(
    draw: st.DrawFn, id: str, people: World, nodes: list[Node], links: list[Link], moments: list[datetime]
) -> None:
    """One visit; one that completes something ends at a moment that tells whether another is recovered."""
    uid = f"SelfCareTransaction:{id}"
    start: datetime | None = draw(st.sampled_from(STARTS))
    around = start or T
    end: datetime | None = draw(
        _sometimes(st.sampled_from([around, around + TICK, around + 10 * MINUTE, around + HOUR]))
    )
    outcome: str | None = draw(st.sampled_from((*UNFINISHED, *UNFINISHED, "completed")))
    if len(moments) > 1 and draw(st.sampled_from((True, False, False))):
        outcome = draw(st.sampled_from(("completed", "completed", "completed", None)))
        end = draw(st.sampled_from(moments))
        start = draw(st.sampled_from((end, end, end - 10 * MINUTE, None)))
    nodes.append(
        node(
            uid,
            start=start,
            end=end,
            outcome=outcome,
            intent=draw(st.sampled_from(INTENTS)),
            sessionId=draw(st.sampled_from(SESSIONS)),
        )
    )
    ends = [*moments_of(start, end)]
    for seq in sorted(draw(st.sets(st.sampled_from((0, 1, 2, 10)), max_size=3))):
        entered = draw(_sometimes(st.sampled_from([around, around + TICK, around + MINUTE, around + HOUR]), often=4))
        dwell = draw(st.sampled_from([timedelta(), 9.7 * SECOND, 10 * SECOND - TICK, 10 * SECOND, HOUR]))
        left = draw(_sometimes(st.just((entered or around) + dwell), often=2))
        nodes.append(
            node(
                f"SelfCareStep:{id}|{seq}",
                transaction=id,
                seq=seq,
                pageId=draw(st.sampled_from(("home", "bill", None))),
                enteredAt=entered,
                leftAt=left,
                lcpMs=draw(st.sampled_from((None, None, 4000, 4001))),
                loadMs=draw(st.sampled_from((None, None, 8000, 8001))),
                isForm=draw(st.sampled_from((None, True, True, False))),
                fieldsFilled=draw(st.sampled_from((None, 0, 2))),
                error=draw(st.sampled_from((None,) * 8 + ("E42",))),
            )
        )
        links.append(link(uid, "HAS_STEP", f"SelfCareStep:{id}|{seq}"))
        ends += moments_of(entered, left)
    moments += ends
    users = people.uids("User")
    for user in draw(st.sampled_from([[users[0]]] * 4 + [[u] for u in users] + [[], users[:2], users[::-1][:2]])):
        links.append(link(user, "STARTED", uid))
    things = people.uids("Account", "Product")
    for thing in draw(st.sampled_from([[]] * 4 + [[t] for t in things] + [things[:2]])):
        links.append(link(uid, "CONCERNS", thing))


def moments_of(start: datetime | None, end: datetime | None) -> list[datetime]:
    """Instants around a visit at which something is or is no longer so."""
    found = [at for at in (start, end) if at is not None]
    return found + [found[-1] + h * HOUR for h in HOURS] if found else []


@st.composite
def _contact(draw: st.DrawFn, id: str, people: World, nodes: list[Node], links: list[Link]) -> None:
    """One call or ticket at the edge of what belongs to a visit, of people near to it in any roles."""
    visit = draw(st.sampled_from([n for n in nodes if n.label == "SelfCareTransaction"]))
    known = World((*nodes,), (*links,))
    start, end = visit.instant("start") or T, Known(known, NOW).end(visit) or T
    at: datetime | None = draw(
        st.sampled_from(
            [start, end, end, end + MINUTE, end - TICK, start - TICK]
            + [end + h * HOUR for h in HOURS]
            + [end + h * HOUR + TICK for h in HOURS]
            + [None]
        )
    )
    if draw(st.booleans()):
        uid, type = f"TroubleTicket:{id}", "ON_TICKET"
        roles = ("reporter", "reporter", "customer", "member", "unknown")
        nodes.append(node(uid, creationDate=at, channel=draw(st.sampled_from((None, "phone", "web")))))
    else:
        uid, type = f"PartyInteraction:{id}", "HAD_INTERACTION"
        roles = ("caller", "caller", "customer", "unknown", "customer")
        direction = draw(st.sampled_from(("inbound",) * 8 + ("outbound", None)))
        channel = draw(st.sampled_from(("phone", "phone", "phone", "shop", None, "selfCare", "web", "app")))
        nodes.append(node(uid, start=at, direction=direction, channel=channel))
    anybody = people.uids("User", "Individual", "Organization", "Customer")
    near = [uid for uid in anybody if uid in _near(known, visit.uid)] or anybody
    for person in draw(st.lists(st.sampled_from(near * 3 + anybody), min_size=1, max_size=2)):
        made = link(person, type, uid, role=draw(st.sampled_from(roles)))
        if made not in links:
            links.append(made)


def _near(world: World, visit: str) -> set[str]:
    """What is within four links of a visit, whenever they hold."""
    found = {visit}
    for _ in range(4):
        found |= {uid for k in world.complete for uid in (k.start, k.end) if {k.start, k.end} & found}
    return found


WORLDS = experiences()


@st.composite
def asked(draw: st.DrawFn, world: World, window: bool, others: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Arguments about visits: an instant some time after the last of them, or one at which something changes."""
    starts = [v.instant("start") or T for v in world.of("SelfCareTransaction")]
    visits = [Known(world, NOW).end(v) or T for v in world.of("SelfCareTransaction")]
    contacts = [
        at for c in world.of("PartyInteraction", "TroubleTicket") for at in (c.instant("start"), c.instant("creationDate"))
        if at is not None
    ]  # fmt: skip
    later = [T + 3 * DAY, T + 5 * DAY]
    edges = [at + h * HOUR for at in visits for h in HOURS]
    edges += [at + m * MINUTE for at in visits for m in (0, 1, 30)]
    edges += [at + days * DAY for at in starts for days in (2, 30)]
    edges += contacts
    as_of = draw(st.sampled_from(later * len(edges) + edges * 2 + [at + TICK for at in edges] + [at - TICK for at in edges]))
    found: dict[str, Any] = {"as_of": as_of}
    found |= draw(st.fixed_dictionaries({}, optional={"limit": st.sampled_from((None, None, 1, 2)), **others}))
    if window:
        since, until = (draw(_sometimes(st.sampled_from(starts), never=never)) for never in (2, 4))
        if since is not None and since < (until or as_of):
            found["since"] = since
        if until is not None and found.get("since", as_of - MONTH) < until:
            found["until"] = until
        if "since" in found and draw(st.sampled_from((True, *[False] * 6))):
            del found["as_of"]
    return found


_SHARED: dict[str, st.SearchStrategy[Any]] = {
    "idle": st.sampled_from((1, 30, 60)),
    "recover_hours": st.sampled_from(HOURS),
}
_CAUSES: dict[str, st.SearchStrategy[Any]] = {
    "lcp_seconds": st.sampled_from((4.0, 4.001, 0)),
    "apdex_t": st.sampled_from((2.0, 2.00025, 0)),
    "bounce_seconds": st.sampled_from((10, 9.7, 9.5, 0, 3600.5)),
}
_RARELY: dict[str, st.SearchStrategy[Any]] = {"intent": st.sampled_from((None, None, "payBill", "payBill", "buyRoaming"))}

ORACLES = (
    Oracle(
        "selfcare.wasted_transactions",
        wasted_transactions,
        order=lambda r: (r["started_at"], r["transaction_uid"]),
        arguments=lambda w: asked(
            w,
            True,
            _SHARED
            | _CAUSES
            | _RARELY
            | {
                "kind": st.sampled_from((None,) * 8 + ("primary", "secondary", "guest", "delegate")),
                "cause": st.sampled_from((None,) * 12 + ("error", "slowLoad", "formWall", "bounce", "midFlow", "unknown")),
            },
        ),
    ),
    Oracle(
        "selfcare.failure_demand",
        failure_demand,
        order=lambda r: (r["contacted_at"], r["transaction_uid"], r["contact_uid"]),
        arguments=lambda w: asked(
            w,
            True,
            _SHARED
            | _RARELY
            | {
                "hours": st.sampled_from(HOURS),
                "by_whom": st.sampled_from((None,) * 6 + ("self", "other", "unknown")),
            },
        ),
    ),
    Oracle(
        "selfcare.silent_quitters",
        silent_quitters,
        order=lambda r: (-r["wasted"], r["user_uid"]),
        arguments=lambda w: asked(
            w, False, _SHARED | _CAUSES | {"n": st.sampled_from((1, 1, 2)), "days": st.sampled_from((2, 30))}
        ),
    ),
)
