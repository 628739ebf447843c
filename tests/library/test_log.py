"""What is logged: questions, counts and times; never whom it was about."""

from __future__ import annotations

import asyncio
import logging

import pytest

from mce_graph import bolt
from mce_graph.errors import MceError
from mce_graph.graph import Graph, open_driver
from mce_graph.statement import Statement
from tests.conftest import Server
from tests.library.relay import Relay
from tests.library.test_async import opened

MARK = "Marker-Person-4711"


def said(caplog: pytest.LogCaptureFixture) -> str:
    """Everything that was logged by anybody, with the values of its records."""
    return "\n".join(f"{r.name} {r.levelname} {r.getMessage()} {r.args!r} {r.exc_info!r}" for r in caplog.records)


def ask_everything(graph: Graph) -> None:
    """A question, a miss, a stream, a write, a broken text and a broken value, all about one person."""
    graph.fetch(Statement("MERGE (n:Note {uid: $u}) RETURN n.uid AS uid", {"u": MARK}, "write", name="note"))
    graph.run("identify.find_party", term=MARK)
    with graph.stream("identify.find_party", term=MARK) as rows:
        list(rows)
    assert graph.cypher("MATCH (n:Note {uid: $u}) RETURN n.uid AS uid", {"u": MARK}).value() == MARK
    for work in (
        lambda: graph.run("identify.customer_360", customer=MARK),
        lambda: graph.cypher(f"MATCH (n {{name: '{MARK}'}}) RETRUN n"),
        lambda: graph.cypher("RETURN datetime($u) AS x", {"u": MARK}),
        lambda: graph.fetch(Statement("CREATE (n:Customer {uid: $u})", {"u": MARK}, name="no write")),
        lambda: graph.fetch(Statement("MATCH (n:Note) RETURN 1 / (size(n.uid) - $n) AS x", {"n": len(MARK)})),
    ):
        with pytest.raises(MceError) as failure:
            work()
        assert MARK not in f"{failure.value} {failure.value.hint}"


def test_nothing_personal_is_logged_at_any_level(empty_graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="mce_graph")
    ask_everything(empty_graph)
    assert "identify.find_party: 0 rows" in said(caplog)
    assert MARK not in said(caplog)


def test_nothing_personal_is_logged_when_it_is_awaited(
    server: Server, empty_graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="mce_graph")

    async def main() -> None:
        async with opened(server) as graph:
            await graph.run("identify.find_party", term=MARK)

    asyncio.run(main())
    assert "identify.find_party: 0 rows" in said(caplog)
    assert MARK not in said(caplog)
    assert server.password not in said(caplog)


def test_what_is_tried_again_is_told_without_values(
    server: Server, graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    from urllib.parse import urlsplit

    where = urlsplit(server.uri)
    relay = Relay((where.hostname or "", where.port or 7687))
    cut = Statement("MATCH (n:Note {uid: $u}) RETURN count(n) AS n", {"u": MARK}, name="lost")
    driver = open_driver(f"bolt://{relay.address}", server.username, server.password)
    with Graph(driver, database="neo4j") as other:
        other.fetch(cut)
        relay.cut()
        other.fetch(cut)
    relay.close()
    assert MARK not in said(caplog)


def test_the_log_of_the_driver_is_left_alone(graph: Graph) -> None:
    graph.fetch(Statement("RETURN 1 AS x"))
    assert logging.getLogger("neo4j").level == logging.NOTSET
    assert logging.getLogger("neo4j.pool").level == logging.NOTSET
    assert [type(h) for h in bolt.log.handlers] == [logging.NullHandler]
    assert bolt.log.level == logging.NOTSET


def test_a_value_is_not_shown_by_the_words_for_it(story: Graph) -> None:
    answer = story.identify.account_users("A-1001", as_of="2026-11-01T12:00Z")
    statement = Statement("RETURN $u AS u", {"u": MARK})
    assert "U-1001" not in f"{answer!r} {statement!r} {story.fetch(statement)!r}"
    assert MARK not in f"{statement!r} {story.fetch(statement)!r}"
