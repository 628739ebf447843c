"""What is logged: questions, counts and times; never whom it was about."""

from __future__ import annotations

import asyncio
import csv
import logging
import re

import pytest

from mce_graph import bolt, catalogue, library, model
from mce_graph.errors import MceError
from mce_graph.graph import Graph, open_driver
from mce_graph.load.run import load
from mce_graph.statement import Statement
from mce_graph.story import tables
from tests.conftest import Server

from .relay import Relay
from .test_async import opened

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


def personal() -> set[str]:
    """The names, contacts and ids of the story, as they stand in its tables."""
    found: set[str] = set()
    for table in tables():
        spec = model.NODES.get(table.stem)
        kinds = {p.name for p in spec.properties if p.pii in ("name", "contact", "birth", "identifier")} if spec else ()
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found |= {value for name, value in row.items() if name in kinds and not value.isdecimal()}
    return {value for value in found if len(value) > 2}


def test_no_question_logs_whom_it_is_about(server: Server, story: Graph, caplog: pytest.LogCaptureFixture) -> None:
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "mce_graph"]:
        caplog.set_level(logging.DEBUG, logger=name)
    asked = [library.get(id) for id in library.ids() if library.get(id).access == "read"]

    async def main() -> None:
        async with opened(server) as graph:
            for template in asked:
                await graph.run(template.id, **catalogue.examples(template))

    for template in asked:
        story.run(template.id, **catalogue.examples(template))
    asyncio.run(main())
    report = load(story, *tables())
    assert not report.rejected
    text = said(caplog)
    assert all(text.count(f"{template.id}: ") >= 2 for template in asked)
    everybody = personal()
    assert {"Anna Müller", "C-1001", "Mia", "+447700900102"} <= everybody
    assert not [value for value in everybody if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text)]


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
