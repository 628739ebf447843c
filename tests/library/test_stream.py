"""Rows as they come: all of them, typed, in the memory of a few."""

from __future__ import annotations

import asyncio
import collections
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

import mce_graph
from mce_graph import catalogue, library
from mce_graph.errors import NotFoundError, ParameterError, UnreachableError, UsageError
from mce_graph.graph import Graph, open_driver
from mce_graph.queries import AccountUsers
from tests.conftest import Server

from .conftest import Write
from .test_async import aconnected, soon

AS_OF = "2026-11-01T12:00Z"


def test_a_stream_has_the_rows_of_the_answer(story: Graph) -> None:
    with story.stream(story.identify.account_users, "A-1001", as_of=AS_OF) as rows:
        found = list(rows)
    assert tuple(found) == story.identify.account_users("A-1001", as_of=AS_OF).rows
    assert all(isinstance(row, AccountUsers) for row in found)
    with story.stream("identify.account_users", account="A-1001", as_of=AS_OF) as again:
        assert list(again) == found
        assert again.columns == library.get("identify.account_users").columns


def test_a_stream_is_awaited(server: Server, story: Graph) -> None:
    async def work(graph: mce_graph.AsyncGraph) -> None:
        async with graph.stream(graph.identify.account_users, "A-1001", as_of=AS_OF) as rows:
            found = [row async for row in rows]
        assert tuple(found) == story.identify.account_users("A-1001", as_of=AS_OF).rows
        async with graph.stream("identify.account_users", account="A-1001", as_of=AS_OF) as again:
            batches = [batch async for batch in again.batches(3)]
        assert [len(batch) for batch in batches] == [3, len(found) - 3]
        with pytest.raises(NotFoundError):
            async with graph.stream("identify.account_users", account="A-9999") as nobody:
                assert [row async for row in nobody] == []

    aconnected(server, work)


def test_every_row_comes_unless_a_limit_is_given(graph: Graph, rows_question: str) -> None:
    with graph.stream(rows_question, n=2500) as rows:
        assert sum(1 for _ in rows) == 2500
        assert rows.count == 2500
        assert not rows.truncated
    with graph.stream(rows_question, n=2500, limit=1200) as rows:
        assert sum(1 for _ in rows) == 1200
        assert rows.truncated


def test_batches_are_results(graph: Graph, rows_question: str) -> None:
    with graph.stream(rows_question, n=2500) as rows:
        batches = list(rows.batches(1000))
    assert [len(batch) for batch in batches] == [1000, 1000, 500]
    assert batches[2].to_dicts()[-1] == {
        "i": 2500, "name": "user 2500", "at": datetime.fromtimestamp(1700002500, UTC),
    }  # fmt: skip


def test_leaving_the_block_ends_it_on_the_server(graph: Graph, rows_question: str) -> None:
    begun = time.monotonic()
    with graph.stream(rows_question, n=1_000_000_000) as rows:
        assert getattr(next(rows), "i", 0) == 1
    assert time.monotonic() - begun < 5
    soon(0, graph, rows_question)


def test_what_is_wrong_is_told_when_it_is_opened(graph: Graph, own: Write) -> None:
    with pytest.raises(ParameterError, match="zone"):
        graph.stream("identify.account_users", account="A-1001", as_of="2026-11-01T12:00").__enter__()
    with pytest.raises(UsageError, match="picture"):
        graph.stream("identify.explain_link_graph")
    with pytest.raises(UsageError, match="with block"):
        list(graph.stream("reconcile.users_unknown_to_crm"))
    with pytest.raises(UsageError, match="no question"):
        graph.stream(print)  # type: ignore[call-overload]
    with pytest.raises(UsageError, match="given without its name"):
        graph.stream(graph.identify.account_users, "A-1001", "A-1002")  # type: ignore[call-overload]
    with pytest.raises(NotFoundError), graph.stream("identify.account_users", account="A-9999") as rows:
        list(rows)


def test_a_server_that_goes_away_in_the_middle_is_an_error_of_ours(server: Server, rows_question: str) -> None:
    from urllib.parse import urlsplit

    from .relay import Relay

    where = urlsplit(server.uri)
    relay = Relay((where.hostname or "", where.port or 7687))
    driver = open_driver(f"bolt://{relay.address}", server.username, server.password)
    with Graph(driver, database="neo4j") as graph:
        rows = graph.stream(rows_question, n=1_000_000_000)
        next(iter(rows.__enter__()))
        relay.cut()
        with pytest.raises(UnreachableError):
            collections.deque(rows, maxlen=0)
        with pytest.raises(UnreachableError):
            rows.__exit__(None, None, None)
    relay.close()


MEASURE = """
import resource, sys
import mce_graph
uri, username, password = sys.stdin.read().split()
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with mce_graph.connect(uri, username=username, password=password, database="neo4j") as graph:
    with graph.stream("own.rows", n=4000) as rows:
        for row in rows: pass
    before = peak()
    with graph.stream("own.rows", n=40_000) as rows:
        for row in rows: pass
    assert rows.count == 40_000
    print(peak() - before)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the peak of a process is read as POSIX tells it")
def test_memory_stays_flat(server: Server, graph: Graph, rows_question: str) -> None:
    told = f"{server.uri} {server.username} {server.password}"
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=told, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 6, f"40,000 rows took {done.stdout.strip()} MB more than 4,000"


@pytest.mark.parametrize("id", library.ids()[::8])
def test_questions_are_streamed_as_they_are_asked(id: str, story: Graph) -> None:
    if library.get(id).returns == "graph" or library.get(id).access == "write":
        pytest.skip("a picture, or a write")
    given = catalogue.examples(library.get(id))
    every = given | ({"limit": None} if library.get(id).parameter("limit") else {})
    with story.stream(id, **given) as rows:
        found = tuple(rows)
    assert found == story.run(id, **every).rows  # type: ignore[union-attr]


def test_two_streams_are_read_at_once(server: Server, graph: Graph, rows_question: str) -> None:
    with graph.stream(rows_question, n=3000) as one, graph.stream(rows_question, n=3000) as two:
        assert [a == b for a, b in zip(one, two, strict=True)].count(True) == 3000

    async def work(awaited: mce_graph.AsyncGraph) -> None:
        async def count(n: int) -> int:
            async with awaited.stream(rows_question, n=n) as rows:
                return len([row async for row in rows])

        assert tuple(await asyncio.gather(count(1500), count(2500))) == (1500, 2500)

    aconnected(server, work)
