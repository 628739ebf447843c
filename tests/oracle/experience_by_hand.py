"""One small world for each question about experience, with the rows that are right, written by hand from its header.

``EDGES`` are worlds that random ones found, or hardly find.
"""

from __future__ import annotations

from datetime import date

from .by_hand import Hand
from .visits import HOUR, MINUTE, SECOND
from .world import DAY, MONTH, TICK, Link, Node, T, World, link, node

A = T - 2 * DAY
"""When the first visit begins."""


def step(visit: str, seq: int, **properties: object) -> tuple[Node, Link]:
    """A page of a visit, and its link."""
    uid = f"SelfCareStep:{visit}|{seq}"
    return node(uid, transaction=visit, seq=seq, **properties), link(f"SelfCareTransaction:{visit}", "HAS_STEP", uid)


def window(user: str, service: str, begun: object, n: int | None, mean: float | None, metric: str = "mos") -> World:
    """A day of a user's experience on a service."""
    uid = f"QoEMeasurement:{user}|{service}|{metric}|day|{begun}"
    shown = node(
        uid, subject=user, service=service, metric=metric, granularity="day", windowStart=begun, n=n, mean=mean
    )
    return World((shown,), (link(user, "HAS_QOE", uid), link(uid, "MEASURED_ON", service)))


def with_parts(world: World, *parts: World | tuple[Node, Link]) -> World:
    """A world and some more of it."""
    more = [p if isinstance(p, World) else World((p[0],), (p[1],)) for p in parts]
    nodes = [n for w in (world, *more) for n in w.nodes]
    return World(tuple(nodes), tuple(k for w in (world, *more) for k in w.links))


WASTED_TRANSACTIONS = Hand(
    "selfcare.wasted_transactions",
    with_parts(
        World(
            (
                node("User:u"), node("User:v"), node("Account:a"), node("Account:b"),
                node("SelfCareTransaction:1", start=A, end=A + 10 * MINUTE, outcome="abandoned", intent="pay"),
                node("SelfCareTransaction:2", start=A + HOUR, intent="roam", sessionId="s"),
                node(
                    "SelfCareTransaction:3", end=A + 25 * HOUR + MINUTE, outcome="completed", intent="roam",
                    sessionId="s",
                ),
                node("SelfCareTransaction:4", start=T - HOUR, outcome="failed"),
                node("SelfCareTransaction:5", start=T - 30 * MINUTE),
                node("SelfCareTransaction:6", start=T, outcome="failed"),
                node("TroubleTicket:t", creationDate=A + DAY + 10 * MINUTE),
            ),
            (
                link("User:u", "USES_ACCOUNT", "Account:a", role="primary", until=A + TICK),
                link("User:v", "USES_ACCOUNT", "Account:a", role="guest", since=A),
                link("User:v", "USES_ACCOUNT", "Account:b", role="delegate", since=A + HOUR + TICK),
                link("User:u", "STARTED", "SelfCareTransaction:1"),
                link("User:v", "STARTED", "SelfCareTransaction:2"),
                link("SelfCareTransaction:4", "CONCERNS", "Account:b"),
                link("User:v", "ON_TICKET", "TroubleTicket:t", role="member"),
            ),
        ),
        step("1", 0, pageId="home", enteredAt=A, leftAt=A + 9 * SECOND),
        step("2", 0, pageId="form", enteredAt=A + HOUR, leftAt=A + HOUR + MINUTE, isForm=True, fieldsFilled=0),
        step("4", 0, pageId="home", enteredAt=T - HOUR, lcpMs=9000),
        step("4", 1, pageId="bill", enteredAt=T - 30 * MINUTE, lcpMs=4001),
        step("4", 2, pageId="late", enteredAt=T + TICK, error="E42"),
    ),
    {"as_of": T},
    [
        (
            "SelfCareTransaction:1", "User:u", "primary", "Account:a", "pay", A, "home", 600.0, "bounce",
            False, True, False, True,
        ),
        (
            "SelfCareTransaction:2", "User:v", "guest", "Account:a", "roam", A + HOUR, "form", 60.0, "formWall",
            True, False, False, True,
        ),
        (
            "SelfCareTransaction:4", None, None, "Account:b", None, T - HOUR, "bill", 1800.0, "slowLoad",
            False, False, True, False,
        ),
    ],
)  # fmt: skip

FAILURE_DEMAND = Hand(
    "selfcare.failure_demand",
    World(
        (
            node("User:u"), node("User:v"), node("User:stranger"), node("Individual:i"), node("Account:a"),
            node("Customer:c"),
            node("SelfCareTransaction:1", start=A, end=A + HOUR, outcome="failed", intent="pay"),
            node("PartyInteraction:during", start=A + HOUR / 2, direction="inbound", channel="phone"),
            node("PartyInteraction:customer", start=A + 2 * HOUR, direction="inbound"),
            node("PartyInteraction:app", start=A + 2 * HOUR, direction="inbound", channel="app"),
            node("PartyInteraction:out", start=A + 2 * HOUR, direction="outbound", channel="phone"),
            node("PartyInteraction:before", start=A - TICK, direction="inbound", channel="phone"),
            node("PartyInteraction:after", start=A + 25 * HOUR + TICK, direction="inbound", channel="phone"),
            node("PartyInteraction:strange", start=A + HOUR, direction="inbound", channel="phone"),
            node("TroubleTicket:t", creationDate=A + 25 * HOUR),
        ),
        (
            link("User:u", "STARTED", "SelfCareTransaction:1"),
            link("User:u", "IDENTIFIES", "Individual:i", until=A + TICK),
            link("User:u", "USES_ACCOUNT", "Account:a", role="secondary"),
            link("User:v", "USES_ACCOUNT", "Account:a", role="guest", since=A),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:a", role="billPayer"),
            link("Individual:i", "HAD_INTERACTION", "PartyInteraction:during", role="caller"),
            link("Customer:c", "HAD_INTERACTION", "PartyInteraction:customer", role="customer"),
            *[
                link("User:u", "HAD_INTERACTION", f"PartyInteraction:{id}", role="caller")
                for id in ("app", "out", "before", "after")
            ],
            link("User:stranger", "HAD_INTERACTION", "PartyInteraction:strange", role="caller"),
            link("User:v", "ON_TICKET", "TroubleTicket:t", role="reporter"),
            link("Customer:c", "ON_TICKET", "TroubleTicket:t", role="customer"),
            link("User:u", "ON_TICKET", "TroubleTicket:t", role="member"),
        ),
    ),
    {"as_of": T},
    [
        (
            "SelfCareTransaction:1", "pay", "User:u", "secondary", "Account:a", contact, at, channel, by_whom, who, gap
        )
        for contact, at, channel, by_whom, who, gap in (
            ("PartyInteraction:during", A + HOUR / 2, "phone", "self", "Individual:i", -30.0),
            ("PartyInteraction:customer", A + 2 * HOUR, None, "unknown", None, 60.0),
            ("TroubleTicket:t", A + 25 * HOUR, None, "other", "User:v", 1440.0),
        )
    ],
)  # fmt: skip

SILENT_QUITTERS = Hand(
    "selfcare.silent_quitters",
    with_parts(
        World(
            (
                node("User:u"), node("User:v"), node("User:w"),
                node("Individual:i"), node("Individual:j"), node("Individual:k"),
                node("Account:a"), node("Account:b"), node("Customer:c", startDate=T - 10 * DAY + TICK),
                node("Customer:d"), node("Customer:e"),
                node("SelfCareTransaction:1", start=A, outcome="failed"),
                node("SelfCareTransaction:2", start=A + HOUR, outcome="timedOut"),
                node("SelfCareTransaction:3", start=A, outcome="failed"),
                node("SelfCareTransaction:4", start=A + HOUR, outcome="failed"),
                node("SelfCareTransaction:5", start=A + DAY + TICK, outcome="failed"),
                node("SelfCareTransaction:6", start=A, outcome="failed"),
                node("SelfCareTransaction:7", start=A + HOUR, outcome="failed"),
                node("TroubleTicket:before", creationDate=A - TICK),
                node("TroubleTicket:first", creationDate=A),
                node("TroubleTicket:late", creationDate=T),
            ),
            (
                *[link("User:u", "STARTED", f"SelfCareTransaction:{n}") for n in (1, 2, 5)],
                *[link("User:v", "STARTED", f"SelfCareTransaction:{n}") for n in (3, 4)],
                *[link("User:w", "STARTED", f"SelfCareTransaction:{n}") for n in (6, 7)],
                link("User:u", "IDENTIFIES", "Individual:i"),
                link("User:w", "IDENTIFIES", "Individual:k"),
                link("User:v", "IDENTIFIES", "Individual:j"),
                link("User:u", "USES_ACCOUNT", "Account:a", role="guest", until=A + HOUR + TICK),
                link("User:v", "USES_ACCOUNT", "Account:b", role="primary"),
                link("Customer:c", "HOLDS_ACCOUNT", "Account:a", role="accountHolder", since=T),
                link("Customer:d", "ENGAGED_PARTY", "Individual:j", since=T),
                link("Customer:e", "ENGAGED_PARTY", "Individual:k"),
                link("Customer:e", "ON_TICKET", "TroubleTicket:first", role="customer"),
                link("Individual:i", "ON_TICKET", "TroubleTicket:before", role="reporter"),
                link("Customer:d", "ON_TICKET", "TroubleTicket:late", role="customer"),
            ),
        ),
        step("2", 0, enteredAt=A + HOUR),
        step("2", 1, enteredAt=A + HOUR),
    ),
    {"as_of": T},
    [("User:u", "guest", "Account:a", 2, A, A + HOUR, "midFlow", "Customer:c", 9)],
)  # fmt: skip

HIDDEN_BAD_EXPERIENCE = Hand(
    "qoe.hidden_bad_experience",
    with_parts(
        World(
            (
                node("User:u"), node("User:v"), node("User:w"), node("Account:a"), node("Product:p"),
                node("Service:s"), node("Service:t"), node("Service:other"),
            ),
            (
                link("Product:p", "BILLED_TO", "Account:a", since=T),
                link("Product:p", "REALIZED_BY", "Service:s"),
                link("Product:p", "REALIZED_BY", "Service:t"),
                link("Product:p", "REALIZED_BY", "Service:other", until=T),
                link("User:u", "USES_ACCOUNT", "Account:a", role="primary"),
                link("User:v", "USES_ACCOUNT", "Account:a", role="guest"),
                link("User:w", "USES_ACCOUNT", "Account:a", role="secondary", until=T),
            ),
        ),
        window("User:u", "Service:s", T - DAY, 1, 4.5),
        window("User:u", "Service:t", T - MONTH, 3, 4.0),
        window("User:u", "Service:other", T - DAY, 100, 1.0),
        window("User:u", "Service:s", T, 100, 1.0),
        window("User:v", "Service:s", T - DAY, 2, 2.0),
        window("User:v", "Service:s", T - 2 * DAY, 1, 2.5),
        window("User:v", "Service:s", T - 3 * DAY, 0, 5.0),
        window("User:v", "Service:s", T - MONTH - TICK, 9, 5.0),
        window("User:v", "Service:t", T - DAY, 1, 3.6),
        window("User:v", "Service:s", T - DAY, 9, 5.0, "latency"),
        window("User:w", "Service:s", T - DAY, 1, 1.0),
    ),
    {"as_of": T},
    [("Account:a", "User:u", 4.125, "User:v", "guest", 2.167, "Service:s", 3, 1.958)],
)  # fmt: skip

EFFECTIVE_CONTROLS = Hand(
    "access.effective_controls",
    World(
        (
            node("User:u"), node("User:mum"), node("User:dad"), node("Individual:i"), node("Individual:mum"),
            node("Service:s"), node("Group:home", groupType="household"), node("Group:estate"),
            node("ParentalControlPolicy:expired", ratingLimit="6", validTo=T),
            node("ParentalControlPolicy:held", ratingLimit="6", status="suspended"),
            node("ParentalControlPolicy:own", ratingLimit="12", spendLimit=10.0, validFrom=T),
            node("ParentalControlPolicy:tv", timeWindow="22:00-22:00", status="Active"),
            node(
                "ParentalControlPolicy:home", ratingLimit="7", blockedCategories=("x",), timeWindow="07:00-20:00",
                validTo=T + TICK,
            ),
            node("ParentalControlPolicy:estate", ratingLimit="PG", timeWindow="20:00-09:01", spendLimit=10.0),
        ),
        (
            link("User:u", "IDENTIFIES", "Individual:i"),
            link("User:mum", "IDENTIFIES", "Individual:mum"),
            link("Individual:mum", "GUARDIAN_OF", "Individual:i"),
            link("User:mum", "MEMBER_OF", "Group:home", role="head"),
            link("User:dad", "MEMBER_OF", "Group:home", role="admin"),
            link("Individual:i", "MEMBER_OF", "Group:home", role="child"),
            link("Group:home", "SUBGROUP_OF", "Group:estate"),
            link("Group:estate", "SUBGROUP_OF", "Group:home"),
            link("User:u", "USES_SERVICE", "Service:s"),
            link("ParentalControlPolicy:expired", "APPLIES_TO", "User:u"),
            link("ParentalControlPolicy:held", "APPLIES_TO", "User:u"),
            link("ParentalControlPolicy:own", "APPLIES_TO", "User:u"),
            link("ParentalControlPolicy:own", "SET_BY", "User:u"),
            link("ParentalControlPolicy:tv", "APPLIES_TO", "Service:s"),
            link("ParentalControlPolicy:tv", "SET_BY", "User:mum"),
            link("ParentalControlPolicy:tv", "SET_BY", "User:dad"),
            link("ParentalControlPolicy:home", "APPLIES_TO", "Group:home"),
            link("ParentalControlPolicy:home", "SET_BY", "User:mum"),
            link("ParentalControlPolicy:estate", "APPLIES_TO", "Group:estate"),
        ),
    ),
    {"user": "User:u", "as_of": T},
    [
        (
            "ParentalControlPolicy:own", "user", "User:u", "12", None, None, 10.0, "User:u", "self",
            ("User:u", "<-APPLIES_TO-", "ParentalControlPolicy:own"), ("spend_limit",),
        ),
        (
            "ParentalControlPolicy:tv", "service", "Service:s", None, None, "22:00-22:00", None, "User:dad", "admin",
            ("User:u", "-USES_SERVICE->", "Service:s", "<-APPLIES_TO-", "ParentalControlPolicy:tv"), (),
        ),
        (
            "ParentalControlPolicy:home", "household", "Group:home", "7", ("x",), "07:00-20:00", None, "User:mum",
            "guardian",
            (
                "User:u", "-IDENTIFIES->", "Individual:i", "-MEMBER_OF->", "Group:home", "<-APPLIES_TO-",
                "ParentalControlPolicy:home",
            ),
            ("rating_limit", "categories", "time_window"),
        ),
        (
            "ParentalControlPolicy:estate", "group", "Group:estate", "PG", None, "20:00-09:01", 10.0, None, None,
            (
                "User:u", "-IDENTIFIES->", "Individual:i", "-MEMBER_OF->", "Group:home", "-SUBGROUP_OF->",
                "Group:estate", "<-APPLIES_TO-", "ParentalControlPolicy:estate",
            ),
            ("spend_limit",),
        ),
    ],
)  # fmt: skip

UNPROTECTED_MINORS = Hand(
    "access.unprotected_minors",
    World(
        (
            node("Individual:kid", birthDate=date(2009, 6, 16)), node("Individual:teen", birthDate=date(2009, 6, 15)),
            node("Individual:who"), node("Individual:mum", status="validated"),
            node("Individual:gone", status="deceased"),
            node("User:kid"), node("User:teen"), node("User:who"),
            node("Service:s"), node("Service:t"),
            node("Group:home", groupType="household"), node("Group:school"), node("Group:far"),
            node("ParentalControlPolicy:p"), node("ParentalControlPolicy:q"),
        ),
        (
            *[link(f"User:{who}", "IDENTIFIES", f"Individual:{who}") for who in ("kid", "teen", "who")],
            *[link(f"User:{who}", "USES_SERVICE", "Service:s") for who in ("kid", "teen", "who")],
            link("User:kid", "USES_SERVICE", "Service:t", since=T),
            link("Individual:gone", "GUARDIAN_OF", "Individual:kid"),
            link("Individual:mum", "GUARDIAN_OF", "Individual:kid", until=T),
            link("Individual:mum", "GUARDIAN_OF", "Individual:who"),
            link("Individual:kid", "MEMBER_OF", "Group:home"),
            link("Individual:kid", "MEMBER_OF", "Group:school"),
            link("Group:school", "SUBGROUP_OF", "Group:far", until=T),
            link("ParentalControlPolicy:p", "APPLIES_TO", "Service:s"),
            link("ParentalControlPolicy:q", "APPLIES_TO", "Group:far"),
        ),
    ),
    {"as_of": T},
    [
        ("Individual:kid", "13-15", "User:kid", ("Service:s", "Service:t"), "Group:home", None, "guardian"),
        ("Individual:kid", "13-15", "User:kid", ("Service:t",), "Group:home", None, "policy"),
        ("Individual:who", None, "User:who", ("Service:s",), None, "Individual:mum", "age"),
    ],
)  # fmt: skip

GUEST_CONVERSION = Hand(
    "acquisition.guest_conversion",
    with_parts(
        World(
            (
                *[node(f"User:{id}") for id in ("host", "early", "lost", "future", "here")],
                node("Customer:c"), node("Customer:d"), node("Account:a"), node("Service:s"),
                node("Invitation:1", sentAt=T - 10 * DAY), node("Invitation:2", sentAt=T - 5 * DAY),
                node("Invitation:3"), node("Invitation:4", sentAt=T), node("Invitation:5"),
                node("Invitation:6", sentAt=T - 8 * DAY),
            ),
            (
                *[link("User:host", "SENT", f"Invitation:{n}", at=T - 2 * DAY) for n in (1, 2, 3, 4, 6)],
                link("Invitation:1", "ACCEPTED_AS", "User:early", at=T - 9 * DAY),
                link("Invitation:6", "ACCEPTED_AS", "User:early", at=T - 7 * DAY),
                link("Invitation:2", "ACCEPTED_AS", "User:lost", at=T - 4 * DAY),
                link("Invitation:3", "ACCEPTED_AS", "User:future", at=T + TICK),
                link("Invitation:3", "ACCEPTED_AS", "User:here"),
                link("User:early", "CONVERTED_TO", "Customer:c", at=T - 6 * DAY),
                link("User:early", "CONVERTED_TO", "Customer:d", at=T - 20 * DAY),
                link("User:lost", "CONVERTED_TO", "Customer:d", at=T - 5 * DAY),
                link("User:here", "USES_ACCOUNT", "Account:a", role="guest", since=T),
                link("User:lost", "USES_ACCOUNT", "Account:a", role="guest", until=T),
            ),
        ),
        window("User:early", "Service:s", T - 9 * DAY, 1, 4.0),
        window("User:early", "Service:s", T - 6 * DAY, 9, 1.0),
        window("User:lost", "Service:s", T - 4 * DAY, 2, 2.5),
        window("User:lost", "Service:s", T - TICK, 2, 3.0),
        window("User:lost", "Service:s", T, 9, 5.0),
    ),
    {"as_of": T, "group_by": "all", "min_n": 1},
    [("all", 4, 3, 1, 1, 3.0, 4.0, 2.75)],
)  # fmt: skip

TOP_INVITERS = Hand(
    "acquisition.top_inviters",
    World(
        (
            *[node(f"User:{id}") for id in "uvwx"], *[node(f"Invitation:{n}") for n in (1, 2, 3, 4)],
            node("Invitation:5", sentAt=T + TICK),
            node("Customer:c"), node("Customer:d"),
            node("Product:p", monthlyValue=10.5, currency="EUR", status="active"),
            node("Product:q", monthlyValue=5.0, terminationDate=T + TICK, status="terminated"),
            node("Product:old", monthlyValue=99.0, currency="EUR", terminationDate=T),
        ),
        (
            link("User:u", "SENT", "Invitation:1", at=T), link("Invitation:1", "ACCEPTED_AS", "User:v", at=T),
            link("User:v", "SENT", "Invitation:2"), link("Invitation:2", "ACCEPTED_AS", "User:w"),
            link("User:w", "SENT", "Invitation:3"), link("Invitation:3", "ACCEPTED_AS", "User:u"),
            link("User:w", "SENT", "Invitation:4"), link("Invitation:4", "ACCEPTED_AS", "User:w"),
            link("User:w", "SENT", "Invitation:5"), link("Invitation:5", "ACCEPTED_AS", "User:x"),
            link("User:w", "CONVERTED_TO", "Customer:c"), link("User:v", "CONVERTED_TO", "Customer:d", at=T + TICK),
            *[link("Customer:c", "OWNS", f"Product:{id}") for id in ("p", "q", "old")],
        ),
    ),
    {"as_of": T},
    [
        ("User:u", 1, 2, 2, 1, 10.5, "EUR"),
        ("User:v", 1, 2, 2, 1, 10.5, "EUR"),
        ("User:u", 1, 2, 2, 1, 5.0, "?"),
        ("User:v", 1, 2, 2, 1, 5.0, "?"),
        ("User:w", 1, 2, 2, 0, None, None),
    ],
)  # fmt: skip

D = T - DAY
"""When somebody left."""
CHURN_CONTAGION = Hand(
    "retention.churn_contagion",
    World(
        (
            node("Customer:left", status="terminated", terminationDate=D),
            node("Customer:home", status="active", name="Ann"),
            node("Customer:guest", status="terminated", terminationDate=T + TICK),
            node("Customer:new", status="active", startDate=T + TICK),
            node("Individual:i"), node("Individual:j"), node("User:u"), node("User:v"), node("Account:a"),
            node("Group:home", groupType="household"), node("Group:club"), node("Invitation:n", sentAt=D - DAY),
        ),
        (
            link("Customer:left", "MEMBER_OF", "Group:home", until=D),
            link("Customer:home", "ENGAGED_PARTY", "Individual:i"),
            link("Individual:i", "MEMBER_OF", "Group:home", since=D - TICK),
            link("Customer:new", "MEMBER_OF", "Group:home"),
            link("Customer:left", "MEMBER_OF", "Group:club"),
            link("Customer:home", "MEMBER_OF", "Group:club", since=D),
            link("User:u", "IDENTIFIES", "Individual:j"),
            link("Customer:left", "ENGAGED_PARTY", "Individual:j"),
            link("User:v", "IDENTIFIES", "Individual:i", until=D - TICK),
            link("Customer:guest", "HOLDS_ACCOUNT", "Account:a", role="billReceiver"),
            link("User:u", "USES_ACCOUNT", "Account:a", role="guest", until=D),
            link("User:u", "SENT", "Invitation:n"),
            link("Invitation:n", "ACCEPTED_AS", "User:v", at=D - TICK),
        ),
    ),
    {"as_of": T},
    [
        ("Customer:home", "Ann", 1, ("Customer:left",), ("household",), 1.0),
        ("Customer:guest", None, 1, ("Customer:left",), ("account",), 0.8),
    ],
)  # fmt: skip

HANDS = (
    WASTED_TRANSACTIONS, FAILURE_DEMAND, SILENT_QUITTERS, HIDDEN_BAD_EXPERIENCE, EFFECTIVE_CONTROLS,
    UNPROTECTED_MINORS, GUEST_CONVERSION, TOP_INVITERS, CHURN_CONTAGION,
)  # fmt: skip


def _visit(**properties: object) -> World:
    """A visit that failed, of a user on no account."""
    return World(
        (node("User:u"), node("SelfCareTransaction:1", start=A, outcome="failed", intent="pay", **properties)),
        (link("User:u", "STARTED", "SelfCareTransaction:1"),),
    )


def _wasted(
    cause: str, seconds: float, page: str | None, recovered: bool, kind: str | None, account: str | None
) -> tuple[object, ...]:
    return (
        "SelfCareTransaction:1", "User:u", kind, account, "pay", A, page, seconds, cause, recovered, not recovered,
        False, False,
    )  # fmt: skip


LIMITS = ("0x1", "12.5", "1_0", "1d", "2f")
"""One a number as people write it; the others as some languages do."""
EDGES = {
    "a visit without a known end completes at its last sign of life": Hand(
        "selfcare.wasted_transactions",
        with_parts(
            _visit(),
            World(
                (node("SelfCareTransaction:2", start=A + HOUR, outcome="completed", intent="pay"),),
                (link("User:u", "STARTED", "SelfCareTransaction:2"),),
            ),
        ),
        {"as_of": T},
        [_wasted("unknown", 0.0, None, True, None, None)],
    ),
    "a guest comes before somebody of unknown role": Hand(
        "selfcare.wasted_transactions",
        with_parts(
            _visit(),
            World(
                (node("Account:a"), node("Account:b")),
                (
                    link("User:u", "USES_ACCOUNT", "Account:a"),
                    link("User:u", "USES_ACCOUNT", "Account:b", role="guest"),
                ),
            ),
        ),
        {"as_of": T},
        [_wasted("unknown", 0.0, None, False, "guest", "Account:b")],
    ),
    "a page left after 9.7 seconds was not left in under 9.5": Hand(
        "selfcare.wasted_transactions",
        with_parts(_visit(end=A + MINUTE), step("1", 0, pageId="home", enteredAt=A, leftAt=A + 9.7 * SECOND)),
        {"as_of": T, "bounce_seconds": 9.5},
        [_wasted("unknown", 60.0, "home", False, None, None)],
    ),
    "that a page is left later is not seen": Hand(
        "selfcare.wasted_transactions",
        with_parts(_visit(), step("1", 0, pageId="home", enteredAt=A, leftAt=T + TICK)),
        {"as_of": T},
        [_wasted("bounce", 0.0, "home", False, None, None)],
    ),
    "hours of one digit are another spelling": Hand(
        "access.effective_controls",
        World(
            (node("User:u"), node("ParentalControlPolicy:p", timeWindow="7:00-8:00")),
            (link("ParentalControlPolicy:p", "APPLIES_TO", "User:u"),),
        ),
        {"user": "User:u", "as_of": T},
        [
            (
                "ParentalControlPolicy:p", "user", "User:u", None, None, "7:00-8:00", None, None, None,
                ("User:u", "<-APPLIES_TO-", "ParentalControlPolicy:p"), (),
            ),
        ],
    ),
    "a limit is a number as people write it": Hand(
        "access.effective_controls",
        World(
            (node("User:u"), *(node(f"ParentalControlPolicy:{n}", ratingLimit=n) for n in LIMITS)),
            tuple(link(f"ParentalControlPolicy:{n}", "APPLIES_TO", "User:u") for n in LIMITS),
        ),
        {"user": "User:u", "as_of": T},
        [
            (
                f"ParentalControlPolicy:{n}", "user", "User:u", n, None, None, None, None, None,
                ("User:u", "<-APPLIES_TO-", f"ParentalControlPolicy:{n}"), ("rating_limit",) if n == "12.5" else (),
            )
            for n in LIMITS
        ],
    ),
}  # fmt: skip
