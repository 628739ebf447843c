"""Small random worlds: records in memory, and how they get into the graph.

A ``World`` is what a loader has after its last file: nodes with their properties and links with role and validity. The
oracles beside this file answer questions from these records alone; ``put`` writes the same records into an open
transaction, where the question is asked of the server. Nothing is committed, so nothing is to be cleaned up.

To write oracles for another use case: say with a ``Shape`` how many nodes of each label, how many links of each type
and which properties its worlds have (any label, type and property of ``model.py``; ``POOLS`` has the values), and with
its motifs which chains of links the answers are about; write the answers as functions of a ``World`` in a module of
their own, list them there as ``Oracle`` (comparison.py), and add both, and a world by hand, to test_oracle.py.

Instants are a handful around ``T``, the instant usually asked for, so that half-open periods are hit at their ends.
``FAR`` lies ahead of every clock and all others behind, so that a question about now needs no clock either: ``NOW``
stands for it. Links whose end is missing (``MISSING``) are in the records and get nowhere, as the loader rejects them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, cast

from hypothesis import strategies as st

from mce_graph import model, specs, systems
from mce_graph.statement import Answer, Statement, Summary

if TYPE_CHECKING:
    import neo4j

T = datetime(2025, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
MONTH = timedelta(days=30)
FAR = datetime(2999, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""Any clock's now: after every instant of a world but ``FAR``."""
MISSING = "nobody"
"""The id of a thing that no world has."""
IDS = ("1", "10", "2", "b", "B", "a", "a1", "3", "é", "20", *(str(n) for n in range(100, 120)))
"""Short ids: one the beginning of another, upper and lower case."""

PERIODS: tuple[tuple[datetime, datetime | None], ...] = (
    *[(T - MONTH, None)] * 6,
    (model.BEGINNING, None),
    (T, None),
    (T, None),
    (T - MONTH, T + DAY),
    (T - DAY, FAR),
    (model.BEGINNING, T + DAY),
    (T - DAY, T),
    (T - MONTH, T),
    (T + TICK, None),
    (T + DAY, T + MONTH),
    (T - MONTH, T - DAY),
    (T - 2 * MONTH, T - MONTH),
    (FAR, None),
)
"""Validity of links: most hold at ``T``; some begin or end exactly then, a moment later, in the past or never yet."""
SOUND = tuple((since, until) for since, until in PERIODS if since <= T and (until is None or until > T))
"""Those that hold at ``T``."""
PAST: tuple[tuple[datetime, datetime | None], ...] = (
    (T - 3 * MONTH, T - MONTH),
    (T - 3 * MONTH, T - 2 * MONTH),
    (model.BEGINNING, T - MONTH),
    (T - 3 * MONTH, T - MONTH + TICK),
    (T - MONTH, T - DAY),
    (T - MONTH, T),
)
"""Periods that ended before ``T``, or just then."""
FUTURE: tuple[tuple[datetime, datetime | None], ...] = ((T + DAY, T + MONTH), (T + TICK, None), (FAR, None))
"""Periods that had not begun at ``T``."""
NODE_PERIODS: tuple[tuple[datetime | None, datetime | None], ...] = (
    (None, None),
    (T - MONTH, FAR),
    (None, T + DAY),
    (T, None),
    (None, T),
    (T - MONTH, T),
    (T + TICK, None),
    (T - MONTH, T + TICK),
    (FAR, None),
)
"""Validity of policies and permissions, where an unknown start is empty."""
AS_OF: tuple[datetime | None, ...] = (*[T] * 7, None, None, T - TICK, T - DAY, T + DAY, T + TICK)
"""Instants to ask for; none asks for now."""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing: its key label, its uid and its properties; a property that is empty is not among them."""

    label: str
    uid: str
    properties: Mapping[str, object] = field(default_factory=dict)

    def get(self, name: str) -> object:
        return self.properties.get(name)

    def text(self, name: str) -> str | None:
        return cast("str | None", self.properties.get(name))

    def instant(self, name: str) -> datetime | None:
        return cast("datetime | None", self.properties.get(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where there is none."""
        return tuple(cast("Iterable[str]", self.properties.get(name) or ()))

    @property
    def sources(self) -> tuple[str, ...]:
        return self.texts("sources")

    def __str__(self) -> str:
        shown = " ".join(f"{k}={_short(v)}" for k, v in self.properties.items())
        return f"{self.uid} {shown}"


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship between two uids: its type, role, period and other properties."""

    type: str
    start: str
    end: str
    properties: Mapping[str, object] = field(default_factory=dict)

    def get(self, name: str) -> object:
        return self.properties.get(name)

    @property
    def role(self) -> str:
        return cast(str, self.properties["role"])

    @property
    def since(self) -> datetime:
        return cast(datetime, self.properties["validFrom"])

    @property
    def until(self) -> datetime | None:
        return cast("datetime | None", self.properties.get("validTo"))

    @property
    def known_since(self) -> datetime | None:
        """The start as answers show it: an unknown one is empty."""
        return None if self.since == model.BEGINNING else self.since

    def valid(self, at: datetime | None) -> bool:
        """Whether it holds at an instant; one without validity holds always."""
        if not model.RELATIONSHIPS[self.type].validity:
            return True
        if at is None:
            raise ValueError(f"{self.type} holds for a period: say when")
        return self.since <= at and (self.until is None or self.until > at)

    def __str__(self) -> str:
        shown = " ".join(f"{k}={_short(v)}" for k, v in self.properties.items())
        return f"{self.start} -{self.type}-> {self.end} {shown}"


@dataclass(frozen=True)
class World:
    """Records in memory, and the few ways to walk them: out of a thing, and into it, at an instant."""

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()

    @cached_property
    def by_uid(self) -> Mapping[str, Node]:
        return {n.uid: n for n in self.nodes}

    @cached_property
    def complete(self) -> tuple[Link, ...]:
        """The links that have both ends."""
        return tuple(k for k in self.links if k.start in self.by_uid and k.end in self.by_uid)

    @cached_property
    def _out(self) -> Mapping[tuple[str, str], list[Link]]:
        found: dict[tuple[str, str], list[Link]] = {}
        for link in self.complete:
            found.setdefault((link.start, link.type), []).append(link)
        return found

    @cached_property
    def _into(self) -> Mapping[tuple[str, str], list[Link]]:
        found: dict[tuple[str, str], list[Link]] = {}
        for link in self.complete:
            found.setdefault((link.end, link.type), []).append(link)
        return found

    def node(self, uid: str) -> Node:
        return self.by_uid[uid]

    def of(self, *labels: str) -> list[Node]:
        """The nodes of some key labels, by uid."""
        return sorted((n for n in self.nodes if n.label in labels), key=lambda n: n.uid)

    def uids(self, *labels: str) -> list[str]:
        return [n.uid for n in self.of(*labels)]

    def out(self, uid: str, type: str, at: datetime | None = None) -> list[Link]:
        """The links of a type that start at a thing and hold at an instant."""
        return [k for k in self._out.get((uid, type), ()) if k.valid(at)]

    def into(self, uid: str, type: str, at: datetime | None = None) -> list[Link]:
        """The links of a type that end at a thing and hold at an instant."""
        return [k for k in self._into.get((uid, type), ()) if k.valid(at)]

    def ends(self, uid: str, type: str, at: datetime | None = None) -> list[str]:
        """What a thing's links of a type lead to, each once, by uid."""
        return sorted({k.end for k in self.out(uid, type, at)})

    def starts(self, uid: str, type: str, at: datetime | None = None) -> list[str]:
        """What links of a type lead to a thing, each once, by uid."""
        return sorted({k.start for k in self.into(uid, type, at)})

    def bent(self, rule: str) -> World:
        """The same records as a wrong rule of validity would read them (``WRONG_RULES``)."""
        return World(self.nodes, tuple(_bent(k, rule) for k in self.links))

    def __repr__(self) -> str:
        lines = [str(n) for n in sorted(self.nodes, key=lambda n: n.uid)]
        lines += [f"{k}{'' if k in self.complete else '   (an end is missing)'}" for k in self.links]
        return "World:\n  " + "\n  ".join(lines) + "\n"


WRONG_RULES = ("the end counts", "the start does not count", "any period counts")
"""How half-open validity is got wrong; a good set of worlds tells each from the right one."""


def _bent(k: Link, rule: str) -> Link:
    if not model.RELATIONSHIPS[k.type].validity:
        return k
    since, until = k.since, k.until
    if rule == "the end counts":
        until = until and until + TICK
    elif rule == "the start does not count":
        since = since + TICK
    else:
        since, until = model.BEGINNING, None
    changed = {"validFrom": since} | ({"validTo": until} if until else {})
    return Link(k.type, k.start, k.end, {n: v for n, v in k.properties.items() if n != "validTo"} | changed)


def _short(value: object) -> str:
    """An instant as its distance from ``T``; anything else as it is."""
    names = {model.BEGINNING: "unknown", FAR: "FAR", T + TICK: "T+tick", T - TICK: "T-tick"}
    if isinstance(value, datetime):
        days = (value - T) / DAY
        return names.get(value) or ("T" if not days else f"T{days:+g}d")
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def node(uid: str, **properties: object) -> Node:
    """A node by hand: ``node("User:1", nickname="Ann")``; sources are CRM where none are given."""
    label, _, id = uid.partition(":")
    own = {"id": id} if model.NODES[label].key == ("id",) else {}
    given = {"sources": ("CRM",)} | properties
    return Node(label, uid, own | {k: v for k, v in given.items() if v is not None})


def link(
    start: str,
    type: str,
    end: str,
    *,
    role: str | None = None,
    since: datetime = T - MONTH,
    until: datetime | None = None,
    **properties: object,
) -> Link:
    """A link by hand: ``link("User:1", "USES_ACCOUNT", "Account:1", role="guest")``."""
    spec = model.RELATIONSHIPS[type]
    own: dict[str, object] = {"role": role or model.UNKNOWN_ROLE} if spec.role else {}
    period: dict[str, object] = {"validFrom": since, "validTo": until} if spec.validity else {}
    return Link(type, start, end, {k: v for k, v in (own | period | properties).items() if v is not None})


# What the loader keeps beside the records


def known_to_back_end(world: World, user: str, at: datetime) -> bool:
    """Whether the User, the Party it IDENTIFIES, one SAME_AS it, or a Customer engaging it is in CRM or BILLING."""
    parties = set(world.ends(user, "IDENTIFIES", at))
    same = {other for p in parties for other in (*world.ends(p, "SAME_AS"), *world.starts(p, "SAME_AS"))}
    customers = {c for p in parties for c in world.starts(p, "ENGAGED_PARTY", at)}
    return any(s in systems.BACK_END for uid in {user} | parties | same | customers for s in world.node(uid).sources)


def markers(world: World, thing: Node) -> list[str]:
    """The labels that the loader keeps beside the key label, for now."""
    found: list[str] = []
    if thing.label == "User":
        roles = {k.role for k in world.out(thing.uid, "USES_ACCOUNT", NOW)}
        found += [label for role, label in model.KIND_LABELS.items() if role in roles]
        if not known_to_back_end(world, thing.uid, NOW):
            found.append(model.FRONT_ONLY)
    if thing.label == "TroubleTicket" and thing.get("status") in model.OPEN_TICKET:
        found.append(model.OPEN)
    if thing.label == "SelfCareTransaction" and thing.get("outcome") != "completed":
        found.append(model.UNFINISHED)
    if thing.label == "Group" and thing.get("groupType"):
        found.append(model.GROUP_LABELS[cast(str, thing.get("groupType"))])
    return found


def put(world: World, tx: neo4j.Transaction) -> None:
    """Write the records into an open transaction, with their marker labels: two statements, whatever the world."""
    rows = [
        [n.uid, [n.label, *model.NODES[n.label].also, *markers(world, n)], {"uid": n.uid} | _sent(n.properties)]
        for n in world.nodes
    ]
    made = answered(
        tx,
        Statement(
            "UNWIND $rows AS row CREATE (n:$(row[1])) SET n = row[2] RETURN row[0] AS uid, elementId(n) AS there",
            {"rows": rows},
            access="write",
        ),
    )
    there = {str(uid): str(element) for uid, element in made.rows}
    links = [[there[k.start], there[k.end], k.type, _sent(k.properties)] for k in world.complete]
    answered(
        tx,
        Statement(
            "UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row[0] MATCH (b) WHERE elementId(b) = row[1] "
            "CREATE (a)-[r:$(row[2])]->(b) SET r = row[3]",
            {"rows": links},
            access="write",
        ),
    )


def _sent(properties: Mapping[str, object]) -> dict[str, object]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in properties.items()}


def answered(tx: neo4j.Transaction, statement: Statement) -> Answer:
    """Run a statement in an open transaction and give all of its rows."""
    result = tx.run(statement.text, dict(statement.params))
    columns = tuple(result.keys())
    return Answer(columns, [tuple(record.values()) for record in result], Summary())


# Random worlds


@dataclass(frozen=True, slots=True)
class Shape:
    """What the worlds of a use case are made of.

    ``nodes`` and ``links`` say how many there are at most, ``least`` how many nodes at least, where that is not none;
    links of a type lie anywhere between nodes that the model allows. ``fields`` says which properties are filled
    (required ones and ``sources`` always are); ``pools`` replaces the values of some, and the roles of a type
    (``MEMBER_OF.role``).

    ``motifs`` are chains of links that belong together, each in a world up to twice:
    ``"u:User USES_ACCOUNT a:Account; c:Customer HOLDS_ACCOUNT/accountHolder a"``. The same letter is the same node; a
    role may follow the type; ``past`` or ``future`` after the end makes the link one that does not hold at ``T``.

    ``overlaps`` lets two periods of the same start, type, end and role overlap. ``single`` names types of which a start
    has at most one link at a time, ``owned`` those of which an end has at most one ever, ``apart`` those of which two
    between the same ends never hold at once, whatever their roles.
    """

    nodes: Mapping[str, int]
    links: Mapping[str, int]
    motifs: Sequence[str] = ()
    least: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pools: Mapping[str, Sequence[object]] = field(default_factory=dict)
    overlaps: bool = False
    single: Sequence[str] = ()
    owned: Sequence[str] = ("HAS_OBJECTIVE", "HAS_STEP")
    apart: Sequence[str] = ()


FRONT = (("SDP",), ("IDM",), ("IDM", "SDP"), ("SDP", "WEB"), ("CRM",), ("BILLING", "SDP"), ("TICKETING",))
"""Values of ``sources`` where most things are not known to the back end."""
INSTANTS = (None, T - MONTH, T - DAY, T - TICK, T, T + TICK, T + DAY, T + MONTH)
POOLS: Mapping[str, Sequence[object]] = {
    "sources": (
        ("CRM",), ("IDM",), ("SDP",), ("BILLING",), ("IDM", "SDP"), ("CRM", "IDM"), ("BILLING", "SDP"), ("TICKETING",),
    ),
    "name": (None, "Ann", "Bo"),
    "nickname": (None, "annie", "bo"),
    "addedBy": (None, "User:1", "User:2"),
    "precedence": (None, 1, 1, 2),
    "SLA.state": ("active", None, "Active", "inactive", "terminated"),
    "metric": ("mos", "latency"),
    "comparator": (">=", "<=", None),
    "target": (4.0, 99.5, None),
    "unit": ("MOS", "%", None),
    "tier": ("gold", None, "Gold", "VIP", "silver"),
    "entitlements": (None, ("view:bill",), ("manage:services", "use:services"), ("pay:bill", "view:usage")),
    "involvementRole": (None, "accountHolder", "primary", "delegate", "guest", "carer"),
    "region": (None, "north", "south"),
    "segment": (None, "home", "business"),
    "Account.state": (None, "Active", "Closed", "Suspended"),
    "status": (None, "active"),
    "birthDate": (None, date(1980, 2, 29), date(2009, 6, 15), date(2012, 1, 1)),
}  # fmt: skip
"""Values of properties, by ``Label.name`` or ``name``; other properties get values of their type or enum."""


def pool(label: str, prop: specs.Property, shape: Shape) -> Sequence[object]:
    """The values that a property may have in a world, the plainest first."""
    for key in (f"{label}.{prop.name}", prop.name):
        for pools in (shape.pools, POOLS):
            if key in pools:
                return [v for v in pools[key] if v is not None or not prop.required]
    empty: tuple[object, ...] = () if prop.required else (None,)
    if prop.enum:
        return (*empty, *prop.enum)
    values: Mapping[str, Sequence[object]] = {
        "int": (1, 2, 5),
        "float": (1.0, 2.5),
        "boolean": (True, False),
        "datetime": tuple(v for v in INSTANTS if v is not None),
        "date": (date(2000, 1, 1), date(2020, 1, 1)),
        "list[string]": (("x",), ("x", "y")),
    }
    return (*empty, *values.get(prop.type, ("x", "y")))


def _spread(least: int, most: int) -> st.SearchStrategy[int]:
    """How many nodes of a kind: any number, two or three more often than not."""
    return st.sampled_from([n for n in (0, 1, 1, 2, 2, 2, 3, 3, 3, 3, *range(4, most + 1)) if least <= n <= most])


_PRESENT = st.sampled_from((False, True, True))
_TIMES = st.sampled_from((0, 1, 1, 2))


@st.composite
def worlds(draw: st.DrawFn, shape: Shape) -> World:
    """A random world of a shape."""
    nodes = [n for label, most in shape.nodes.items() for n in draw(_nodes(label, most, shape))]
    links: list[Link] = []
    for motif in shape.motifs:
        for _ in range(draw(_TIMES)):
            draw(_motif(motif, nodes, links, shape))
    for type, most in shape.links.items():
        draw(_links(type, most, nodes, links, shape))
    return World(tuple(nodes), tuple(links))


@st.composite
def _nodes(draw: st.DrawFn, label: str, most: int, shape: Shape) -> list[Node]:
    spec = model.NODES[label]
    asked = shape.fields.get(label, ())
    wanted = [p for p in spec.properties if p.name in asked or p.required]
    found = []
    for id in IDS[: draw(_spread(shape.least.get(label, 0), most))]:
        values: dict[str, object] = {"sources": draw(st.sampled_from(shape.pools.get("sources", POOLS["sources"])))}
        period = {"validFrom", "validTo"} <= {p.name for p in wanted}
        for p in wanted:
            if p.name == "id":
                values["id"] = id
            elif not (period and p.name in ("validFrom", "validTo")):
                values[p.name] = draw(st.sampled_from(pool(label, p, shape)))
        if period:
            values["validFrom"], values["validTo"] = draw(st.sampled_from(NODE_PERIODS))
        values = {k: v for k, v in values.items() if v is not None}
        own = "|".join(str(values[k]) for k in spec.key) if spec.composite else id
        found.append(Node(label, model.uid(label, own), values))
    return list({n.uid: n for n in found}.values())


@st.composite
def _motif(draw: st.DrawFn, motif: str, nodes: Sequence[Node], links: list[Link], shape: Shape) -> None:
    """Add one chain between random nodes: whole at ``T`` more often than not, else with one link that is not sound."""
    steps = [step.split() for step in motif.split(";")]
    bound: dict[str, str] = {}
    odd = draw(st.sampled_from([len(steps)] * 6 + [*range(len(steps))]))
    for at, (start, type, end, *when) in enumerate(steps):
        for name in (start, end):
            letter, _, label = name.partition(":")
            if letter not in bound:
                fit = [n.uid for n in nodes if n.label == label]
                if not fit:
                    return
                bound[letter] = draw(st.sampled_from(fit))
        type, _, role = type.partition("/")
        periods = {"past": PAST, "future": FUTURE}[when[0]] if when else PERIODS if at == odd else SOUND
        ends = bound[start.partition(":")[0]], bound[end.partition(":")[0]]
        _add(draw(_link(type, ends, periods, shape, role)), links, shape)


@st.composite
def _links(draw: st.DrawFn, type: str, most: int, nodes: Sequence[Node], links: list[Link], shape: Shape) -> None:
    """Add links of a type between any two nodes, now and then to one that is missing."""
    spec = model.RELATIONSHIPS[type]
    starts = [n.uid for n in nodes if n.label in spec.starts]
    ends = [n.uid for n in nodes if "*" in spec.ends or n.label in spec.ends]
    if not starts or not ends:
        return
    loops = type in ("SUBGROUP_OF", "SUPPORTED_BY")
    pairs = [(a, b) for a, b in itertools.product(starts, ends) if a != b or loops]
    pairs.append((starts[0], f"{ends[0].partition(':')[0]}:{MISSING}"))
    for _ in range(most):
        if draw(_PRESENT):
            _add(draw(_link(type, draw(st.sampled_from(pairs)), PERIODS, shape)), links, shape)


@st.composite
def _link(
    draw: st.DrawFn,
    type: str,
    ends: tuple[str, str],
    periods: Sequence[tuple[datetime, datetime | None]],
    shape: Shape,
    role: str = "",
) -> Link:
    spec = model.RELATIONSHIPS[type]
    values: dict[str, object] = {}
    if spec.role:
        declared = (*(r for r in spec.roles if r != "*"), *(("user", "owner") if "*" in spec.roles else ()))
        values["role"] = role or draw(st.sampled_from(shape.pools.get(f"{type}.role", (*declared, model.UNKNOWN_ROLE))))
    if spec.validity:
        values["validFrom"], values["validTo"] = draw(st.sampled_from(periods))
    for p in spec.properties:
        values[p.name] = draw(st.sampled_from(pool(type, p, shape)))
    return Link(type, *ends, {k: v for k, v in values.items() if v is not None})


def _add(made: Link, links: list[Link], shape: Shape) -> None:
    loops = made.type in ("SUBGROUP_OF", "SUPPORTED_BY") or made.start != made.end
    if loops and _fits(made, (k for k in links if k.type == made.type), shape):
        links.append(made)


def _fits(made: Link, there: Iterable[Link], shape: Shape) -> bool:
    """Whether the loader would keep a link beside those there: one for each key, one open period, and no overlap."""
    for other in there:
        if made.type in shape.owned and made.end == other.end:
            return False
        if made.start != other.start:
            continue
        if not model.RELATIONSHIPS[made.type].validity:
            if made.end == other.end and made.get("role") == other.get("role"):
                return False
            if made.type in shape.single:
                return False
            continue
        meets = (other.until is None or made.since < other.until) and (made.until is None or other.since < made.until)
        if meets and (made.type in shape.single or (made.type in shape.apart and made.end == other.end)):
            return False
        if made.end == other.end and made.get("role") == other.get("role"):
            both_open = made.until is None and other.until is None
            if made.since == other.since or both_open or (meets and not shape.overlaps):
                return False
    return True
