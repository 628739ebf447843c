"""Random worlds of visits to self-care: people on accounts, their visits and their contacts.

Their instants stand to each other as the thresholds do, so that what is counted in hours or minutes is hit exactly.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from .periods import edged
from .world import DAY, IDS, MONTH, TICK, Link, Node, Shape, T, World, link, node, worlds

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)

PEOPLE = Shape(
    nodes={"User": 4, "Individual": 3, "Organization": 1, "Customer": 3, "Account": 3, "Product": 1},
    least={"User": 2, "Individual": 1, "Customer": 1, "Account": 1},
    motifs=(
        "u:User USES_ACCOUNT a:Account; v:User USES_ACCOUNT a; v IDENTIFIES i:Individual; c:Customer HOLDS_ACCOUNT a",
        "u:User USES_ACCOUNT a:Account; u IDENTIFIES i:Individual; c:Customer ENGAGED_PARTY i;"
        "c HOLDS_ACCOUNT/accountHolder a",
        "u:User USES_ACCOUNT a:Account; u USES_ACCOUNT b:Account; c:Customer HOLDS_ACCOUNT/accountHolder a",
    ),
    links={"USES_ACCOUNT": 1, "HOLDS_ACCOUNT": 1, "IDENTIFIES": 1, "ENGAGED_PARTY": 1},
    fields={"Customer": ("startDate",)},
    pools={
        "HOLDS_ACCOUNT.role": ("accountHolder", "accountHolder", "billPayer", "unknown"),
        "USES_ACCOUNT.role": ("primary", "secondary", "guest", "delegate", "unknown"),
        "startDate": (None, T - MONTH, T - DAY, T - DAY + TICK, T, T + DAY),
    },
)
STARTS = (*[T] * 12, T + TICK, T - TICK, T - HOUR, T + HOUR, T - DAY, T + DAY, None)
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
    people = draw(edged(draw(worlds(PEOPLE)), T, T, T, T + 3 * DAY))
    nodes, links = list(people.nodes), list(people.links)
    moments = [T]
    for id in IDS[: draw(st.sampled_from((1, 2, 3, 3, 4, 4)))]:
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
    outcome: str | None = draw(st.sampled_from((*UNFINISHED, *UNFINISHED, *UNFINISHED, "completed")))
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
    start, end = visit.instant("start") or T, last_sign(known, visit)
    at: datetime | None = draw(
        st.sampled_from(
            [start, start, end, end, end + MINUTE, end + MINUTE, end - TICK, start - TICK]
            + [end + h * HOUR for h in HOURS] * 2
            + [end + h * HOUR + TICK for h in HOURS]
            + [None]
        )
    )
    ticket = draw(st.booleans())
    if ticket:
        uid, type = f"TroubleTicket:{id}", "ON_TICKET"
        nodes.append(node(uid, creationDate=at, channel=draw(st.sampled_from((None, "phone", "web")))))
    else:
        uid, type = f"PartyInteraction:{id}", "HAD_INTERACTION"
        direction = draw(st.sampled_from(("inbound",) * 10 + ("outbound", None)))
        channel = draw(st.sampled_from((*["phone"] * 6, "shop", None, None, "selfCare", "web", "app")))
        nodes.append(node(uid, start=at, direction=direction, channel=channel))
    roles = (
        ("reporter", "reporter", "customer", "member", "unknown")
        if ticket
        else (*["caller"] * 3, "customer", "unknown")
    )
    anybody = people.uids("User", "Individual", "Organization", "Customer")
    near = [uid for uid in anybody if uid in _near(known, visit.uid)] or anybody
    for person in draw(st.lists(st.sampled_from(near * 5 + anybody), min_size=1, max_size=3)):
        made = link(person, type, uid, role=draw(st.sampled_from(roles)))
        if made not in links:
            links.append(made)


def last_sign(world: World, visit: Node) -> datetime:
    """When a visit ends, whatever is known by then."""
    steps = [world.node(uid) for uid in world.ends(visit.uid, "HAS_STEP")]
    signs = [visit.instant("start"), *(s.instant(name) for s in steps for name in ("enteredAt", "leftAt"))]
    return visit.instant("end") or max((at for at in signs if at is not None), default=T)


def _near(world: World, visit: str) -> set[str]:
    """What is within four links of a visit, whenever they hold."""
    found = {visit}
    for _ in range(4):
        found |= {uid for k in world.complete for uid in (k.start, k.end) if {k.start, k.end} & found}
    return found


@st.composite
def asked(draw: st.DrawFn, world: World, window: bool, others: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Arguments about visits: an instant some time after the last of them, or one at which something changes."""
    starts = [v.instant("start") or T for v in world.of("SelfCareTransaction")]
    visits = [last_sign(world, v) for v in world.of("SelfCareTransaction")]
    calls = [
        c.instant(name) for c in world.of("PartyInteraction", "TroubleTicket") for name in ("start", "creationDate")
    ]
    later = [T + 3 * DAY, T + 3 * DAY, T + 5 * DAY]
    edges = [at + h * HOUR for at in visits for h in HOURS]
    edges += [at + m * MINUTE for at in visits for m in (0, 1, 30)]
    edges += [at + days * DAY for at in starts for days in (2, 30)]
    edges += [at for at in calls if at is not None]
    every = later * len(edges) * 4 + visits * 6 + edges * 2 + [at + TICK for at in edges] + [at - TICK for at in edges]
    as_of = draw(st.sampled_from(every))
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
