"""The shell that awaits: what ``graph.py`` does, for event loops, from the same conversations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Generator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, cast, overload

from mce_graph import asking, bolt, errors, gate, library
from mce_graph.asking import Conversation
from mce_graph.bolt import FETCH, QUESTION_TRIES, RETRY_PAUSES
from mce_graph.gate import ROWS, SECONDS
from mce_graph.queries import AsyncQuestions
from mce_graph.result import GraphResult, Result
from mce_graph.statement import Answer, Statement, Summary
from mce_graph.stream import AsyncStream
from mce_graph.template import Template

if TYPE_CHECKING:
    import neo4j

T = TypeVar("T")
P = ParamSpec("P")


class AsyncGraph(AsyncQuestions):
    """A graph open for questions that are awaited: ``await graph.identify.customer_360("C-1001")``.

    Made by ``mce_graph.aconnect()``; use it as a context manager, in one event loop. Many questions may be awaited at
    once. Cancelling one closes its connection, and the server ends the transaction. All else is as with ``Graph``.
    """

    def __init__(
        self,
        driver: neo4j.AsyncDriver,
        *,
        database: str | None = None,
        timeout: float | None = None,
        bookmarks: Collection[str] = (),
    ) -> None:
        import neo4j

        self.driver = driver
        self.database = database
        self.timeout = timeout
        """Seconds that a question may take, in place of its own limit; none leaves each its own."""
        self._seen = neo4j.AsyncGraphDatabase.bookmark_manager(neo4j.Bookmarks.from_raw_values(bookmarks))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; asking afterwards is an error."""
        await self.driver.close()

    async def bookmarks(self) -> tuple[str, ...]:
        """How far this graph has seen: given to ``aconnect(bookmarks=…)``, another process sees at least as much."""
        return bolt.known(await self._seen.get_bookmarks())

    async def ask(
        self,
        question: str | Template,
        given: Mapping[str, object] | None = None,
        *,
        row: type[object] | None = None,
        timeout: float | None = None,
        prefix: str = "",
    ) -> Result[object] | GraphResult:
        """Ask a question by its id, for callers that do not know which; as ``Graph.ask``."""
        template = library.get(question) if isinstance(question, str) else question
        limit = timeout if timeout is not None else self.timeout
        row = row or library.row(template)
        return await self.converse(asking.ask(template, given or {}, row, timeout=limit, prefix=prefix), template.id)

    async def run(self, question: str, /, **params: object) -> Result[object] | GraphResult:
        """Ask any question by its id, also one of your own folders; as ``Graph.run``."""
        return await self.ask(question, params)

    @overload
    def stream(
        self, question: Callable[P, Awaitable[Result[T]]], /, *given: P.args, **params: P.kwargs
    ) -> AsyncStream[T]: ...
    @overload
    def stream(self, question: str, /, **params: object) -> AsyncStream[object]: ...
    def stream(self, question: object, /, *given: object, **params: object) -> AsyncStream[Any]:
        """Ask for more rows than fit into memory, ``async with graph.stream(…) as rows``; as ``Graph.stream``."""
        template, arguments = library.called(question, given, params)
        return AsyncStream(self, template, library.row(template), arguments)

    async def cypher(
        self,
        text: str,
        params: Mapping[str, object] | None = None,
        *,
        write: bool = False,
        timeout: float = SECONDS,
        limit: int = ROWS,
    ) -> Result[Mapping[str, object]]:
        """Run Cypher of your own: only reading unless ``write``; as ``Graph.cypher``."""
        conversation = gate.ad_hoc(text, params, write=write, timeout=timeout, limit=limit)
        try:
            return await asyncio.wait_for(self.converse(conversation, gate.NAME), timeout + gate.GRACE)
        except TimeoutError as error:
            # Waiting was cancelled, and with it the connection closed: some queries cannot be stopped otherwise.
            raise bolt.out_of_time(gate.NAME) from error

    async def converse(self, conversation: Conversation[T], name: str) -> T:
        """Send what a conversation of ``asking`` says until it gives its result."""
        try:
            statement = next(conversation)
            while True:
                statement = conversation.send((await self.transact([statement], tries=QUESTION_TRIES))[0])
        except StopIteration as done:
            return cast(T, done.value)
        except errors.MceError:
            raise
        except Exception as error:
            raise bolt.mapped(error, name) from error

    async def ask_many(self, id: str, row: type[T], given: Mapping[str, object]) -> Result[T]:
        return cast(Result[T], await self.ask(id, given, row=row))

    async def ask_one(self, id: str, row: type[T], given: Mapping[str, object]) -> T:
        return (await self.ask_many(id, row, given)).one()

    async def ask_one_or_none(self, id: str, row: type[T], given: Mapping[str, object]) -> T | None:
        result = await self.ask_many(id, row, given)
        return result.one() if result else None

    async def ask_graph(self, id: str, given: Mapping[str, object]) -> GraphResult:
        return cast(GraphResult, await self.ask(id, given))

    async def explain(self, statement: Statement) -> Summary:
        """What the server makes of a statement, without running it: kind, plan and notes."""
        explained = replace(statement, text=f"EXPLAIN {statement.text}")
        answers = await self.trying(lambda: self._once([explained], notes=True), statement.name, QUESTION_TRIES)
        return answers[0].summary

    async def fetch(self, statement: Statement) -> Answer:
        """Run one statement in a transaction of its own and give all of its rows."""
        return (await self.transact([statement]))[0]

    async def transact(self, statements: Sequence[Statement], *, tries: int = len(RETRY_PAUSES)) -> list[Answer]:
        """Run statements one after the other in a single transaction: all of them or none; as ``Graph.transact``."""
        return await self.trying(lambda: self._once(statements), statements[0].name, tries)

    async def trying(self, work: Callable[[], Awaitable[T]], name: str, tries: int = len(RETRY_PAUSES)) -> T:
        """Do ``work``, again where it failed in passing; errors of the driver come out as ours."""
        for attempt in range(tries + 1):
            try:
                return await work()
            except Exception as error:
                seconds = bolt.pause(error, name, attempt, tries)
                if seconds is None:
                    if isinstance(error, errors.MceError):
                        raise
                    raise bolt.mapped(error, name) from error
                await asyncio.sleep(seconds)
        raise AssertionError("unreachable")

    async def _once(self, statements: Sequence[Statement], *, notes: bool = False) -> list[Answer]:
        access, timeout = bolt.access_of(statements), bolt.time_limit(statements)
        async with self.transaction(access, name=statements[0].name, timeout=timeout, notes=notes) as tx:
            answers = [await _taken(await tx.run(s.text, dict(s.params)), s) for s in statements]
            await tx.commit()
            return answers

    @asynccontextmanager
    async def transaction(
        self, access: str, *, name: str, timeout: float | None = None, notes: bool = False
    ) -> AsyncIterator[neo4j.AsyncTransaction]:
        """One transaction of the driver with this graph's bookmarks; cancelling closes its connection."""
        async with (
            self.driver.session(
                database=self.database,
                default_access_mode=access,
                fetch_size=FETCH,
                bookmark_manager=self._seen,
                notifications_min_severity="INFORMATION" if notes else "OFF",
            ) as session,
            await session.begin_transaction(timeout=timeout, metadata=bolt.marks(name)) as tx,
        ):
            yield tx


async def _taken(result: neo4j.AsyncResult, statement: Statement) -> Answer:
    rows: list[tuple[object, ...]] = (
        [row async for row in result] if statement.rows is None else list(await result.fetch(statement.rows))
    )
    return bolt.answered(statement, result.keys(), rows, bolt.summary_of(await result.consume()))


class Opening:
    """What ``aconnect()`` gives: ``async with`` it, or ``await`` it and close the graph yourself."""

    def __init__(self, find: Callable[[], tuple[str, str, str, str | None]], timeout: float | None,
                 bookmarks: Collection[str]) -> None:  # fmt: skip
        self._find = find
        self._timeout = timeout
        self._bookmarks = bookmarks
        self._graph: AsyncGraph | None = None

    def __await__(self) -> Generator[Any, None, AsyncGraph]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncGraph:
        self._graph = await self._open()
        return self._graph

    async def __aexit__(self, *_: object) -> None:
        if self._graph is not None:
            await self._graph.close()

    async def _open(self) -> AsyncGraph:
        # In a thread: the managed Neo4j may have to be started, which takes seconds.
        uri, username, password, database = await asyncio.to_thread(self._find)
        driver = bolt.open_async_driver(uri, username, password)
        return AsyncGraph(driver, database=database, timeout=self._timeout, bookmarks=self._bookmarks)
