"""The questions on a ``py2neo.Graph`` that you have already, for code that is on its way to the driver.

::

    from py2neo import Graph
    from mce_graph.interop import py2neo as mce

    graph = Graph("bolt://localhost:7687", auth=("neo4j", password))
    for user in mce.ask(graph, "identify.account_users", account="A-1001"):
        print(user.nickname, user.kind)
    drawing = mce.ask(graph, "identify.explain_link_graph", start="U-1002", end="SLA-1")   # a py2neo Subgraph
    mce.Customer.match(graph, "Customer:C-1001").first().groups                            # object-graph mapping

Questions are sent by ``Graph.query``, which reads only. Rows are the same dataclasses as those of
``mce_graph.connect()``, with datetimes in UTC. Needs the extra ``py2neo`` (2021.2.4, the last version).

Moving to the driver
--------------------
===============================================  ============================================================
py2neo                                           here
===============================================  ============================================================
``Graph(uri, auth=(user, password))``            ``mce_graph.connect(uri, username=user, password=password)``
``mce.ask(graph, "sla.effective_sla", user=u)``  ``graph.sla.effective_sla(u)``, typed, or ``graph.run(…)``
``graph.query(text, x=1).data()``                ``graph.cypher(text, {"x": 1}).to_dicts()``
``graph.query(text).evaluate()``                 ``graph.cypher(text).value()``
``graph.query(text).to_data_frame()``            ``graph.cypher(text).to_pandas()``, ``to_polars()``, ``to_arrow()``
``graph.run(text)`` that writes                  ``graph.cypher(text, write=True)``; for many rows ``mce load``
``Subgraph``                                     ``GraphResult``, and its ``to_networkx()``
``NodeMatcher(graph).match("Customer")``         a question, or ``graph.cypher("MATCH (c:Customer) …")``
``graph.schema.create_uniqueness_constraint()``  ``mce schema apply``
===============================================  ============================================================

What py2neo cannot do on Neo4j 5 and later
------------------------------------------
==========================================  =================================================================
what                                        what happens, and what ``ask`` does
==========================================  =================================================================
send a time with its zone                   fails; ``ask`` sends it exactly
send a fraction of a second                 goes as a floating-point number, one in fifty arrives early;
                                            ``ask`` sends it exactly
send a time without a zone                  silently becomes a local time; ``ask`` refuses it
read a named zone in the repeated hour      is an hour off: Bolt 4 leaves out the offset. Questions of this
                                            package give times in UTC, which are right; your own should too
read a vector                               becomes a map of a reason
indexes and constraints                     ``graph.schema`` calls what is gone; ``mce schema apply``
limit the time, cancel                      the server goes on; ask through ``mce_graph.connect()``
readers and bookmarks of a cluster          everything goes to the writer, and no bookmark is sent; likewise
==========================================  =================================================================

Each of these is an expected failure among the tests of this package, which says so when it no longer fails.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, TypeVar, cast

from mce_graph import asking, errors, library
from mce_graph.result import Result
from mce_graph.statement import Answer, Statement, Summary
from mce_graph.template import Template

try:
    import py2neo
    from interchange import geo
    from interchange import time as interchange_time
    from py2neo import errors as py2neo_errors
    from py2neo import ogm
except ImportError as error:
    raise errors.MissingExtraError("py2neo is not installed", hint="pip install 'mce-graph[py2neo]'") from error

__all__ = ["SLA", "Customer", "Group", "TroubleTicket", "User", "ask"]
T = TypeVar("T")
_QUOTED = re.compile(r"(/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`)", re.DOTALL)


def ask(graph: py2neo.Graph, question: str, /, **params: object) -> Result[object] | py2neo.Subgraph:
    """Ask any question by its id: rows, or a ``py2neo.Subgraph`` where the question gives a picture.

    Raises what ``Graph.run`` of this package raises, and ``UsageError`` for a question that writes.
    """
    template = library.get(question)
    if template.access == "write":
        raise errors.UsageError(f"{template.id} writes", hint="ask it through mce_graph.connect()")
    if template.returns == "graph":
        return _converse(graph, _subgraph(template, params))
    rows = _converse(graph, asking.ask(template, params, library.row(template)))
    return cast(Result[object], rows)


def _converse(graph: py2neo.Graph, conversation: Generator[Statement, Answer, T]) -> T:
    try:
        statement = next(conversation)
        while True:
            statement = conversation.send(_fetch(graph, statement))
    except StopIteration as done:
        return cast(T, done.value)


def _subgraph(template: Template, params: Mapping[str, object]) -> Generator[Statement, Answer, py2neo.Subgraph]:
    """A picture as py2neo's own nodes and relationships."""
    bound = yield from asking.ready(template, params)
    answer = yield bound.statement
    if not answer.rows:
        yield from asking.named(template, bound)
    nodes: dict[int, py2neo.Node] = {}
    relationships: dict[int, py2neo.Relationship] = {}

    def take(value: object) -> None:
        if isinstance(value, py2neo.Path):
            take([*value.nodes, *value.relationships])
        elif isinstance(value, py2neo.Relationship):
            relationships.setdefault(value.identity, value)
        elif isinstance(value, py2neo.Node):
            nodes.setdefault(value.identity, value)
        elif isinstance(value, list | tuple):
            for part in value:
                take(part)

    for row in answer.rows:
        take(list(row))
    kept = dict(list(nodes.items())[: bound.limit])
    drawn = [_between(r, kept) for r in relationships.values() if {n.identity for n in r.nodes} <= kept.keys()]
    return py2neo.Subgraph(kept.values(), drawn)


def _between(relationship: py2neo.Relationship, nodes: Mapping[int, py2neo.Node]) -> py2neo.Relationship:
    """The relationship between the very nodes that were found: py2neo takes two with internal id 0 for two things."""
    start, end = (nodes[n.identity] for n in (relationship.start_node, relationship.end_node))
    same = py2neo.Relationship.ref(relationship.graph, relationship.identity, start, type(relationship).__name__, end)
    same.clear()
    same.update(dict(relationship))
    return same


def _fetch(graph: py2neo.Graph, statement: Statement) -> Answer:
    text, params = _sendable(statement)
    try:
        cursor = graph.query(text, params)
        return Answer(tuple(cursor.keys()), [tuple(map(value_of, record)) for record in cursor], Summary())
    except Exception as error:
        raise mapped(error, statement.name) from error


def _sendable(statement: Statement) -> tuple[str, dict[str, object]]:
    """Instants as py2neo can send them: whole seconds with a zone that it understands, others as texts.

    Fractions of a second go through floating point in py2neo, and one in fifty arrives a nanosecond early.
    """
    text, params = statement.text, dict(statement.params)
    for name, value in params.items():
        if isinstance(value, datetime) and not value.microsecond:
            params[name] = value.astimezone(UTC).replace(tzinfo=_Zulu())
        elif isinstance(value, datetime):
            params[name] = value.isoformat()
            pieces = _QUOTED.split(text)
            here = re.compile(rf"(?<![\w$])\${name}\b")
            pieces[::2] = [here.sub(f"datetime(${name})", piece) for piece in pieces[::2]]
            text = "".join(pieces)
    return text, params


class _Zulu(tzinfo):
    """UTC for py2neo, which asks a zone about datetimes of its own kind; the standard library's refuses these."""

    def utcoffset(self, _: object) -> timedelta:
        return timedelta(0)

    def dst(self, _: object) -> timedelta:
        return timedelta(0)

    def tzname(self, _: object) -> None:
        return None


def value_of(value: object) -> object:
    """A value of py2neo as one of the standard library; nodes and relationships stay as they are."""
    if isinstance(value, interchange_time.DateTime):
        moment = datetime.combine(_day(value), _clock(value))
        offset = value.utc_offset()
        return moment if offset is None else moment.replace(tzinfo=timezone(_delta(offset))).astimezone(UTC)
    if isinstance(value, interchange_time.Date):
        return _day(value)
    if isinstance(value, interchange_time.Time):
        offset = value.utc_offset()
        return _clock(value).replace(tzinfo=None if offset is None else timezone(_delta(offset)))
    if isinstance(value, interchange_time.Duration):
        return value.iso_format()
    if isinstance(value, geo.Point):
        return {"srid": value.srid, **dict(zip("xyz", map(float, value), strict=False))}
    if isinstance(value, py2neo.Node | py2neo.Relationship | py2neo.Path):
        return value
    if isinstance(value, list | tuple):
        return tuple(map(value_of, value))
    if isinstance(value, Mapping):
        return {k: value_of(v) for k, v in value.items()}
    return value


def _day(value: Any) -> date:
    return date(value.year, value.month, value.day)


def _clock(value: Any) -> time:
    """Seconds come as a float: to the next nanosecond first, then cut, so that no microsecond is lost to rounding."""
    nanoseconds = round(value.second * 1_000_000_000)
    return time(value.hour, value.minute, nanoseconds // 1_000_000_000, nanoseconds % 1_000_000_000 // 1000)


def _delta(offset: Any) -> timedelta:
    return offset if isinstance(offset, timedelta) else timedelta(seconds=float(offset))


def mapped(error: Exception, name: str) -> errors.MceError:
    """The error of ours for an error of py2neo; its text never holds parameters."""
    if isinstance(error, errors.MceError):
        return error
    if isinstance(error, py2neo_errors.Neo4jError):
        code = str(getattr(error, "code", "") or "")
        if "Security" in code:
            return errors.SignInError(f"{name}: the server refused the user name or password")
        if "TransactionTimedOut" in code:
            return errors.TimeoutExceededError(f"{name}: took longer than its time limit")
        if "OutOfMemory" in code or "MemoryPool" in code:
            return errors.OutOfMemoryError(f"{name}: needs more memory than the server allows one transaction")
        if "AccessMode" in code:
            return errors.WriteRefusedError(f"{name}: a question may not write, and the server refused it")
        return errors.QueryError(f"{name}: the server said {code or 'an error'}")
    if isinstance(error, OSError) or type(error).__module__.startswith("py2neo"):
        return errors.UnreachableError(f"{name}: no server answers", hint="is the server up? `mce doctor`")
    raise error


class Instant(ogm.Property):  # type: ignore[misc]
    """A property that is an instant: read as a datetime in UTC."""

    def __get__(self, instance: Any, owner: type) -> datetime | None:
        return cast(datetime | None, value_of(super().__get__(instance, owner)))


class Related:
    """The things at the other end of a relationship, at any time, in the order of their uids.

    py2neo's own RelatedTo looks at the type alone: it takes whatever hangs on a MEMBER_OF for a user.
    """

    def __init__(self, kind: str, pattern: str) -> None:
        self.kind = kind
        self.pattern = pattern

    def __get__(self, instance: Any, owner: type) -> list[Any]:
        if instance is None or instance.__node__.graph is None:
            return []
        text = f"MATCH (x:{owner.__name__} {{uid: $uid}}){self.pattern}(y:{self.kind}) RETURN DISTINCT y ORDER BY y.uid"
        answer = _fetch(instance.__node__.graph, Statement(text, {"uid": instance.uid}, name=owner.__name__))
        return [MODELS[self.kind].wrap(row[0]) for row in answer.rows]


class ReadModel(ogm.Model):  # type: ignore[misc]
    """A thing of the graph, to read. Saving one is refused: the loader alone knows which system says what."""

    __primarykey__ = "uid"

    uid = ogm.Property()
    id = ogm.Property()
    sources = ogm.Property()

    def _refuse(self, *_: object, **__: object) -> None:
        raise errors.WriteRefusedError(f"{type(self).__name__}: read models are not saved", hint="load it: `mce load`")

    __db_create__ = __db_merge__ = __db_push__ = __db_delete__ = _refuse


class SLA(ReadModel):
    """One agreement on a service level."""

    name = ogm.Property()
    state = ogm.Property()
    specification_id = ogm.Property("specificationId")
    version = ogm.Property()
    covered_groups = Related("Group", "<-[:COVERED_BY]-")
    covered_customers = Related("Customer", "<-[:COVERED_BY]-")


class Group(ReadModel):
    """A household, an enterprise or a closed user group."""

    name = ogm.Property()
    group_type = ogm.Property("groupType")
    tier = ogm.Property()
    interlock_code = ogm.Property("interlockCode")
    part_of = Related("Group", "-[:SUBGROUP_OF]->")
    parts = Related("Group", "<-[:SUBGROUP_OF]-")
    users = Related("User", "<-[:MEMBER_OF]-")
    customers = Related("Customer", "<-[:MEMBER_OF]-")
    slas = Related("SLA", "-[:COVERED_BY]->")


class Customer(ReadModel):
    """An account holder."""

    name = ogm.Property()
    status = ogm.Property()
    status_raw = ogm.Property("statusRaw")
    segment = ogm.Property()
    start_date = Instant("startDate")
    termination_date = Instant("terminationDate")
    churn_reason = ogm.Property("churnReason")
    groups = Related("Group", "-[:MEMBER_OF]->")
    slas = Related("SLA", "-[:COVERED_BY]->")
    tickets = Related("TroubleTicket", "-[:ON_TICKET]->")


class User(ReadModel):
    """Somebody who signs in at the front end."""

    nickname = ogm.Property()
    login = ogm.Property()
    status = ogm.Property()
    trust_level = ogm.Property("trustLevel")
    created_at = Instant("createdAt")
    last_active_at = Instant("lastActiveAt")
    groups = Related("Group", "-[:MEMBER_OF]->")
    tickets = Related("TroubleTicket", "-[:ON_TICKET]->")
    is_secondary = ogm.Label("SecondaryUser")
    is_guest = ogm.Label("GuestUser")


class TroubleTicket(ReadModel):
    """A trouble that somebody reported."""

    name = ogm.Property()
    ticket_type = ogm.Property("ticketType")
    severity = ogm.Property()
    priority = ogm.Property()
    status = ogm.Property()
    creation_date = Instant("creationDate")
    requested_resolution_date = Instant("requestedResolutionDate")
    expected_resolution_date = Instant("expectedResolutionDate")
    resolution_date = Instant("resolutionDate")
    reopen_count = ogm.Property("reopenCount")
    channel = ogm.Property()
    owner_team = ogm.Property("ownerTeam")
    related = Related("TroubleTicket", "-[:RELATED_TICKET]->")
    users = Related("User", "<-[:ON_TICKET]-")
    customers = Related("Customer", "<-[:ON_TICKET]-")


MODELS: Mapping[str, Any] = {model.__name__: model for model in (SLA, Group, Customer, User, TroubleTicket)}
