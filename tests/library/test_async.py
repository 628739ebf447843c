"""The shell that awaits: many questions at once, and that a question nobody awaits any more ends on the server."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest

import mce_graph
from mce_graph.async_graph import AsyncGraph, Opening
from mce_graph.errors import NotFoundError, SignInError, TimeoutExceededError, UnreachableError
from mce_graph.graph import Graph
from mce_graph.statement import Statement
from tests.conftest import Server

from .relay import Relay

LONG = Statement(
    "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c WHERE c % 7 = 8 RETURN count(c) AS n",
    name="long",
)
AS_OF = "2026-11-01T12:00Z"


def opened(server: Server) -> Opening:
    return mce_graph.aconnect(server.uri, username=server.username, password=server.password, database="neo4j")


def aconnected(server: Server, work: Callable[[AsyncGraph], Awaitable[None]]) -> None:
    async def main() -> None:
        async with opened(server) as graph:
            await work(graph)

    asyncio.run(main())


def running(graph: Graph, name: str) -> int:
    """How many transactions of this name the server is busy with."""
    text = "SHOW TRANSACTIONS YIELD metaData WHERE metaData.question = $name RETURN count(*) AS n"
    return int(str(graph.fetch(Statement(text, {"name": name}, name="looking")).value()))


def soon(expected: int, graph: Graph, name: str = "long", patience: float = 10) -> None:
    end = time.monotonic() + patience
    while (found := running(graph, name)) != expected:
        assert time.monotonic() < end, f"{found} transactions run, not {expected}"
        time.sleep(0.05)


def test_a_question_is_awaited(server: Server, story: Graph) -> None:
    async def work(graph: AsyncGraph) -> None:
        users = await graph.identify.account_users("A-1001", as_of=AS_OF)
        assert users.rows == story.identify.account_users("A-1001", as_of=AS_OF).rows
        with pytest.raises(NotFoundError):
            await graph.identify.account_users("A-9999")

    aconnected(server, work)


def test_many_are_awaited_at_once(server: Server, story: Graph) -> None:
    async def work(graph: AsyncGraph) -> None:
        found = await asyncio.gather(*(graph.identify.account_users("A-1001", as_of=AS_OF) for _ in range(20)))
        assert len({answer.rows for answer in found}) == 1

    aconnected(server, work)


def test_a_graph_that_is_only_awaited_is_closed_by_hand(server: Server, story: Graph) -> None:
    async def main() -> None:
        graph = await mce_graph.aconnect(server.uri, username=server.username, password=server.password)
        assert (await graph.run("identify.account_users", account="A-1001")) is not None
        await graph.close()

    asyncio.run(main())


def test_cancelling_an_awaited_question_ends_it_on_the_server(server: Server, graph: Graph) -> None:
    async def work(awaited: AsyncGraph) -> None:
        task = asyncio.create_task(awaited.fetch(LONG))
        await asyncio.to_thread(soon, 1, graph)
        task.cancel()
        begun = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - begun < 1
        await asyncio.to_thread(soon, 0, graph)
        assert (await awaited.cypher("RETURN 1 AS x")).value() == 1

    aconnected(server, work)


def test_a_time_limit_around_a_question_ends_it_too(server: Server, graph: Graph) -> None:
    async def work(awaited: AsyncGraph) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await awaited.fetch(LONG)
        await asyncio.to_thread(soon, 0, graph)

    aconnected(server, work)


def test_cancelling_in_the_middle_of_a_stream_ends_it(server: Server, graph: Graph, rows_question: str) -> None:
    async def work(awaited: AsyncGraph) -> None:
        async def read() -> None:
            async with awaited.stream(rows_question, n=1_000_000_000) as rows:
                async for _ in rows:
                    pass

        task = asyncio.create_task(read())
        await asyncio.to_thread(soon, 1, graph, rows_question)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(soon, 0, graph, rows_question)

    aconnected(server, work)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_ends_a_question_that_is_waited_for(graph: Graph) -> None:
    def interrupt() -> None:
        soon(1, graph)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        graph.fetch(LONG)
    soon(0, graph)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_ends_cypher_of_ones_own(graph: Graph) -> None:
    def interrupt() -> None:
        soon(1, graph, "cypher")
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        graph.cypher(LONG.text, timeout=60)
    soon(0, graph, "cypher")


def test_cypher_of_ones_own_is_asked_inside_of_a_running_loop(graph: Graph) -> None:
    async def main() -> object:
        return graph.cypher("RETURN 1 AS x").value()

    assert asyncio.run(main()) == 1


def test_a_limit_of_the_graph_replaces_that_of_questions(server: Server, rows_question: str) -> None:
    with (
        mce_graph.connect(
            server.uri, username=server.username, password=server.password, database="neo4j", timeout=0.5
        ) as hurried,
        pytest.raises(TimeoutExceededError),
    ):
        hurried.run(rows_question, n=1_000_000_000, limit=None)


def test_the_same_limit_when_it_is_awaited(server: Server, graph: Graph, rows_question: str) -> None:
    async def hurried() -> None:
        async with mce_graph.aconnect(
            server.uri, username=server.username, password=server.password, database="neo4j", timeout=0.5
        ) as awaited:
            with pytest.raises(TimeoutExceededError):
                await awaited.run(rows_question, n=1_000_000_000, limit=None)
            assert (await awaited.ask(rows_question, {"n": 3}, timeout=10)) is not None
        await asyncio.to_thread(soon, 0, graph, rows_question)

    asyncio.run(hurried())


def test_a_question_nobody_answers_is_asked_as_often_both_ways(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = "bolt://127.0.0.1:1"

    async def awaited() -> None:
        async with mce_graph.aconnect(nowhere, username="neo4j", password="x") as graph:
            await graph.identify.account_users("A-1001")

    def waited_for() -> None:
        with mce_graph.connect(nowhere, username="neo4j", password="x") as graph:
            graph.identify.account_users("A-1001")

    for way in (waited_for, lambda: asyncio.run(awaited())):
        caplog.clear()
        with pytest.raises(UnreachableError):
            way()
        assert [r.getMessage().partition(", ")[2] for r in caplog.records if r.name == "mce_graph"] == [
            "tried again in 0.05 s",
            "tried again in 0.20 s",
        ]


def test_a_connection_that_breaks_is_mended_for_questions_that_are_awaited(server: Server, story: Graph) -> None:
    where = urlsplit(server.uri)
    relay = Relay((where.hostname or "", where.port or 7687))

    async def main() -> None:
        async with mce_graph.aconnect(
            f"bolt://{relay.address}", username=server.username, password=server.password, database="neo4j"
        ) as graph:
            before = await graph.identify.account_users("A-1001", as_of=AS_OF)
            relay.cut()
            assert (await graph.identify.account_users("A-1001", as_of=AS_OF)).rows == before.rows

    asyncio.run(main())
    relay.close()


def test_errors_are_ours(server: Server, graph: Graph) -> None:
    async def wrong_password() -> None:
        async with mce_graph.aconnect(server.uri, username=server.username, password="wrong-password") as other:
            with pytest.raises(SignInError):
                await other.run("reconcile.users_unknown_to_crm")

    async def nobody() -> None:
        async with mce_graph.aconnect("bolt://127.0.0.1:1", username="neo4j", password="x") as other:
            with pytest.raises(UnreachableError):
                await other.transact([LONG], tries=0)

    asyncio.run(wrong_password())
    asyncio.run(nobody())
