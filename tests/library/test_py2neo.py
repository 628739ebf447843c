"""Questions and read models on a py2neo.Graph, and what py2neo cannot do on servers of today."""

# ruff: noqa: E402 - skipped as a whole where py2neo is missing

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

py2neo_errors = pytest.importorskip("py2neo.errors")

from mce_graph import library, model
from mce_graph.errors import (
    MceError,
    MissingExtraError,
    NotFoundError,
    OutOfMemoryError,
    ParameterError,
    QueryError,
    SignInError,
    TimeoutExceededError,
    UsageError,
    WriteRefusedError,
)
from mce_graph.graph import Graph
from mce_graph.interop import py2neo as interop
from mce_graph.queries import AccountUsers
from mce_graph.result import GraphResult, Result
from mce_graph.statement import Answer, Statement, Summary
from tests.conftest import Server

from .conftest import ROWS, Write
from .test_async import LONG
from .test_causal import READ, WRITE, Cluster, cluster

__all__ = ["cluster"]

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ODD = datetime(2026, 11, 1, 12, 0, 48, 66172, UTC)
"""A time whose seconds py2neo sends a nanosecond early."""


@pytest.fixture
def old(server: Server) -> Any:
    import py2neo

    return py2neo.Graph(server.uri, auth=(server.username, server.password))


def test_rows_are_those_of_the_driver(old: Any, story: Graph) -> None:
    answer = interop.ask(old, "identify.account_users", account="A-1001", as_of=NOON)
    assert isinstance(answer, Result)
    assert isinstance(answer[0], AccountUsers)
    assert answer.rows == story.identify.account_users("A-1001", as_of=NOON).rows


@pytest.mark.parametrize("at", [NOON, ODD, ODD.astimezone(timezone(timedelta(hours=-7))), "2026-11-01T12:00Z"])
def test_instants_arrive_exactly(at: datetime | str, old: Any, own: Write) -> None:
    text = ROWS.replace("[params]", '[params]\nat = { type = "datetime", default = "now", help = "When" }')
    i = text.index("RETURN i")
    own("own.instant", text[:i] + "RETURN i, toString($at) + '$at' AS name, $at AS at /* $at */ LIMIT $limit")
    answer = interop.ask(old, "own.instant", at=at, n=1)
    meant = at if isinstance(at, datetime) else NOON
    written = "2026-11-01T12:00:48.066172Z" if meant == ODD else "2026-11-01T12:00:00Z"
    assert isinstance(answer, Result)
    assert answer.to_dicts() == [{"i": 1, "name": f"{written}$at", "at": meant}]


def test_a_picture_is_a_subgraph(old: Any, story: Graph) -> None:
    import py2neo

    given = {"start": "U-1002", "end": "SLA-1", "as_of": NOON}
    drawn = interop.ask(old, "identify.explain_link_graph", **given)
    assert isinstance(drawn, py2neo.Subgraph)
    same = story.run("identify.explain_link_graph", **given)
    assert isinstance(same, GraphResult)
    assert {n["uid"] for n in drawn.nodes} == {n.uid for n in same.nodes}
    assert len(drawn.relationships) == len(same.relationships)
    few = interop.ask(old, "identify.explain_link_graph", **given, limit=2)
    assert isinstance(few, py2neo.Subgraph)
    assert len(few.nodes) == 2


def test_the_node_with_internal_id_0_is_drawn_once(old: Any, story: Graph) -> None:
    import py2neo

    def found(identity: int) -> Any:
        node = py2neo.Node.ref(old, identity)
        node.clear_labels()
        node.clear()
        node.update(uid=f"User:{identity}")
        return node

    refs = [(py2neo.Node.ref(old, 0), py2neo.Node.ref(old, i)) for i in (1, 2)]
    rels = [py2neo.Relationship.ref(old, 7 + i, a, "SENT", b) for i, (a, b) in enumerate(refs)]
    for rel in rels:
        rel.clear()
    drawing = interop._subgraph(library.get("identify.explain_link_graph"), {"start": "User:0", "end": "User:1"})
    next(drawing)
    with pytest.raises(StopIteration) as done:
        drawing.send(Answer(("node", "relationships"), [(found(0), rels), (found(1), []), (found(2), [])], Summary()))
    drawn = done.value.value
    assert sorted(n["uid"] for n in drawn.nodes) == ["User:0", "User:1", "User:2"]
    assert sorted((r.start_node["uid"], type(r).__name__, r.end_node["uid"]) for r in drawn.relationships) == [
        ("User:0", "SENT", "User:1"),
        ("User:0", "SENT", "User:2"),
    ]


def test_what_does_not_fit_is_refused_as_everywhere(old: Any, story: Graph, own: Write) -> None:
    with pytest.raises(ParameterError, match="zone"):
        interop.ask(old, "identify.account_users", account="A-1001", as_of=datetime(2026, 11, 1))
    with pytest.raises(NotFoundError) as missing:
        interop.ask(old, "identify.account_users", account="A-10019")
    assert "Account:A-1001" in missing.value.hint
    own("own.write", ROWS.replace('access   = "read"', 'access   = "write"'))
    with pytest.raises(UsageError, match="writes"):
        interop.ask(old, "own.write")
    own("own.slip", ROWS.replace("UNWIND range(1, $n) AS i", "CREATE (:Note) WITH $n AS n UNWIND range(1, n) AS i"))
    with pytest.raises(WriteRefusedError):
        interop.ask(old, "own.slip")
    own("own.slip", ROWS.replace("UNWIND", "UNWINT"))
    with pytest.raises(QueryError, match="SyntaxError"):
        interop.ask(old, "own.slip")


def test_every_error_of_py2neo_is_ours_and_names_nobody() -> None:
    kinds = [x for x in vars(py2neo_errors).values() if isinstance(x, type) and issubclass(x, Exception)]
    assert len(kinds) > 5
    for kind in kinds:
        words = ("it names 'Anna Example'",)
        is_servers = issubclass(kind, py2neo_errors.Neo4jError)
        error = kind(*words, "Neo.ClientError.Statement.SyntaxError") if is_servers else kind(*words)
        ours = interop.mapped(error, "identify.test")
        assert isinstance(ours, MceError)
        assert "Anna" not in ours.message
    for code, ours_is in {
        "Neo.ClientError.Security.Unauthorized": SignInError,
        "Neo.ClientError.Transaction.TransactionTimedOut": TimeoutExceededError,
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError": OutOfMemoryError,
        "Neo.ClientError.Statement.AccessMode": WriteRefusedError,
    }.items():
        assert type(interop.mapped(py2neo_errors.Neo4jError("it names Anna", code), "x")) is ours_is


def test_read_models_have_every_property_of_the_model() -> None:
    from py2neo import ogm

    for label, cls in interop.MODELS.items():
        fields = {p.key or name for name, p in vars(cls).items() if isinstance(p, ogm.Property)}
        instants = {p.key or name for name, p in vars(cls).items() if isinstance(p, interop.Instant)}
        spec = model.NODES[label]
        assert fields | {"id"} == {p.name for p in spec.properties}
        assert instants == {p.name for p in spec.properties if p.type == "datetime"}


def test_read_models_are_found_and_follow_relationships(old: Any, story: Graph) -> None:
    customer = interop.Customer.match(old, "Customer:C-1001").first()
    assert (customer.id, customer.name) == ("C-1001", "Anna Müller")
    assert customer.start_date == datetime(2019, 3, 1, tzinfo=UTC)
    user = interop.User.match(old, "User:U-1002").first()
    assert [t.uid for t in user.tickets] == [
        str(row[0])
        for row in story.fetch(
            Statement(
                "MATCH (:User {uid: $u})-[:ON_TICKET]->(t:TroubleTicket) RETURN DISTINCT t.uid AS uid ORDER BY uid",
                {"u": "User:U-1002"},
            )
        ).rows
    ]
    ticket = user.tickets[0]
    assert user.uid in [u.uid for u in ticket.users]
    for group in interop.Group.match(old):
        assert all(isinstance(u, interop.User) and u.uid.startswith("User:") for u in group.users)
        assert all(s.uid.startswith("SLA:") for s in group.slas)


def test_read_models_are_not_saved(old: Any, story: Graph) -> None:
    customer = interop.Customer.match(old, "Customer:C-1001").first()
    customer.name = "Eve"
    for save in (old.push, old.merge, old.create, old.delete):
        with pytest.raises(WriteRefusedError):
            save(customer)


def test_without_py2neo_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py2neo", None)
    monkeypatch.delitem(sys.modules, "mce_graph.interop.py2neo")
    with pytest.raises(MissingExtraError) as missing:
        __import__("mce_graph.interop.py2neo")
    assert "mce-graph[py2neo]" in missing.value.hint


@pytest.mark.xfail(strict=True, raises=TypeError, reason="py2neo asks the zone about a DateTime of its own kind")
def test_py2neo_sends_a_zone(old: Any) -> None:
    assert old.query("RETURN $at = datetime('2026-11-01T12:00Z') AS same", {"at": NOON}).evaluate()


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="py2neo turns a time without a zone into a local one")
def test_py2neo_refuses_a_time_without_a_zone(old: Any) -> None:
    text = "RETURN valueType($at) STARTS WITH 'ZONED' AS zoned"
    assert old.query(text, {"at": datetime(2026, 11, 1)}).evaluate()


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="py2neo sends seconds as a floating-point number")
def test_py2neo_sends_a_fraction_of_a_second_exactly(old: Any) -> None:
    text = "RETURN $at = localdatetime('2026-11-01T12:00:48.066172') AS same"
    assert old.query(text, {"at": ODD.replace(tzinfo=None)}).evaluate()


@pytest.mark.xfail(
    strict=True, raises=py2neo_errors.ClientError, reason="py2neo calls db.indexes(), which Neo4j 5 no longer has"
)
def test_py2neo_lists_indexes(old: Any) -> None:
    assert old.schema.get_indexes("Customer") is not None


@pytest.mark.xfail(
    strict=True,
    raises=py2neo_errors.ClientError,
    reason="py2neo writes CREATE INDEX ON :Label(key), which Neo4j 5 no longer reads",
)
def test_py2neo_makes_an_index(old: Any) -> None:
    old.schema.create_index("Note", "text")


@pytest.mark.xfail(
    strict=True,
    raises=py2neo_errors.ClientError,
    reason="py2neo writes CREATE CONSTRAINT ON … ASSERT, which Neo4j 5 no longer reads",
)
def test_py2neo_makes_a_constraint(old: Any) -> None:
    old.schema.create_uniqueness_constraint("Note", "text")


@pytest.mark.xfail(strict=True, raises=TypeError, reason="py2neo asks the zone of a time of day about no datetime")
def test_py2neo_sends_a_time_of_day_with_its_zone(old: Any) -> None:
    assert old.query("RETURN $t = time('12:00Z') AS same", {"t": NOON.timetz()}).evaluate()


@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason="in Bolt 4 a time in a named zone has no offset: py2neo takes the first"
)
def test_py2neo_reads_the_hour_that_autumn_repeats(old: Any) -> None:
    text = "RETURN datetime('2026-10-25T02:30:00+01:00[Europe/Paris]') AS t"
    assert interop.value_of(old.query(text).evaluate()) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.xfail(
    strict=True,
    raises=(AssertionError, py2neo_errors.ClientError),
    reason="Bolt 4 has no vectors, and Neo4j 5.26 has none either",
)
def test_py2neo_reads_a_vector(old: Any) -> None:
    assert list(old.query("CYPHER 25 RETURN vector([1, 2], 2, INTEGER) AS v").evaluate()) == [1, 2]


@pytest.mark.xfail(
    strict=True, raises=pytest.fail.Exception, reason="the timeout of py2neo ends its own tries, nothing on the server"
)
def test_py2neo_limits_the_time_of_a_question(old: Any) -> None:
    with pytest.raises(py2neo_errors.Neo4jError):
        old.query("UNWIND range(1, 3000000) AS x WITH x WHERE x % 7 = 8 RETURN count(*) AS n", timeout=0.1)


@pytest.mark.usefixtures("interrupts")
@pytest.mark.xfail(strict=True, raises=AssertionError, reason="py2neo leaves it running when who asked has gone")
def test_py2neo_ends_an_interrupted_question_on_the_server(old: Any, graph: Graph) -> None:
    text = f"{LONG.text} // by py2neo"
    mine = "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery WHERE currentQuery ENDS WITH '// by py2neo' "

    def busy() -> bool:
        return graph.fetch(Statement(f"{mine}RETURN count(*) > 0 AS busy", name="looking")).value() is True

    def interrupt() -> None:
        while not busy():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        old.query(text)
    try:
        time.sleep(1)
        assert not busy()
    finally:
        graph.fetch(Statement(f"{mine}TERMINATE TRANSACTIONS id YIELD message RETURN count(*) AS n", name="ending"))


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="py2neo sends every question to the writer of a cluster")
def test_py2neo_sends_reads_to_readers(cluster: Cluster, server: Server) -> None:
    import py2neo

    py2neo.Graph(cluster.uri, auth=(server.username, server.password)).query(READ.text)
    assert b"MATCH (n:Note)" in cluster.reader.sent


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="py2neo is told bookmarks and never sends one")
def test_py2neo_reads_what_it_wrote(cluster: Cluster, server: Server) -> None:
    import py2neo

    same = py2neo.Graph(cluster.uri, auth=(server.username, server.password))
    bookmark = same.run(WRITE.text).summary()["bookmark"]
    same.query(READ.text)
    assert bookmark.encode() in cluster.reader.sent + cluster.writer.sent


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="py2neo speaks Bolt 4.3: no newer features")
def test_py2neo_speaks_bolt_5(old: Any) -> None:
    (pool,) = old.service.connector._pools.values()
    assert pool.acquire().protocol_version >= (5, 0)
