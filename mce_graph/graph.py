"""The shell that waits: sends statements by the driver, tries again what failed in passing, gives answers.

``async_graph.py`` is the same for event loops; what both need of the driver is in ``bolt.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, cast, overload

from mce_graph import aside, asking, bolt, errors, library
from mce_graph.asking import Conversation
from mce_graph.bolt import FETCH, QUESTION_TRIES, RETRY_PAUSES, mapped, open_driver, passing, summary_of
from mce_graph.gate import ROWS, SECONDS
from mce_graph.queries import Questions
from mce_graph.result import GraphResult, Result
from mce_graph.statement import Answer, Statement, Summary
from mce_graph.stream import Stream
from mce_graph.template import Template

if TYPE_CHECKING:
    import neo4j

__all__ = ["FETCH", "RETRY_PAUSES", "Graph", "mapped", "open_driver", "passing", "summary_of"]

T = TypeVar("T")
P = ParamSpec("P")


class Graph(Questions):
    """A graph of customers, users, groups, SLAs and experience, open for questions.

    Made by ``mce_graph.connect()``; use it as a context manager. One ``Graph`` may serve many threads. The use
    cases are properties and the questions their methods: ``graph.identify.customer_360("C-1001")``.

    What was written through a graph is seen by every later question asked through it, on a cluster too: it
    remembers bookmarks. Reads go to the readers of a cluster when the address is ``neo4j://``.
    """

    def __init__(
        self,
        driver: neo4j.Driver,
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
        self._seen = neo4j.GraphDatabase.bookmark_manager(neo4j.Bookmarks.from_raw_values(bookmarks))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection; asking afterwards is an error."""
        self.driver.close()

    def bookmarks(self) -> tuple[str, ...]:
        """How far this graph has seen: given to ``connect(bookmarks=…)``, another process sees at least as much."""
        return bolt.known(self._seen.get_bookmarks())

    def ask(
        self,
        question: str | Template,
        given: Mapping[str, object] | None = None,
        *,
        row: type[object] | None = None,
        timeout: float | None = None,
        prefix: str = "",
    ) -> Result[object] | GraphResult:
        """Ask a question by its id, for callers that do not know which: the typed methods are nicer.

        ``timeout`` in seconds replaces the question's own; ``prefix`` is ``EXPLAIN`` or ``PROFILE``, and the plan is in
        the result's ``summary``.
        """
        template = library.get(question) if isinstance(question, str) else question
        limit = timeout if timeout is not None else self.timeout
        row = row or library.row(template)
        return self.converse(asking.ask(template, given or {}, row, timeout=limit, prefix=prefix), template.id)

    def run(self, question: str, /, **params: object) -> Result[object] | GraphResult:
        """Ask any question by its id, also one of your own folders: ``graph.run("churn.at_risk", region="north")``.

        Your own are in the folders that ``MCE_QUERIES`` names; see ``library``. Raises ``UsageError`` where there is no
        such question, and what the question's own method would raise.
        """
        return self.ask(question, params)

    @overload
    def stream(self, question: Callable[P, Result[T]], /, *given: P.args, **params: P.kwargs) -> Stream[T]: ...
    @overload
    def stream(self, question: str, /, **params: object) -> Stream[object]: ...
    def stream(self, question: object, /, *given: object, **params: object) -> Stream[Any]:
        """Ask for more rows than fit into memory: ``with graph.stream(graph.reconcile.users_unknown_to_crm) as rows``.

        Takes a question's method with its arguments, or its id; every row comes unless ``limit`` is given. A
        stream may last an hour; leaving the block ends it on the server.
        """
        template, arguments = library.called(question, given, params)
        return Stream(self, template, library.row(template), arguments)

    def cypher(
        self,
        text: str,
        params: Mapping[str, object] | None = None,
        *,
        write: bool = False,
        timeout: float = SECONDS,
        limit: int = ROWS,
    ) -> Result[Mapping[str, object]]:
        """Run Cypher of your own: only reading unless ``write``, and never files, schema, users or other procedures.

        The server's plan is looked at before anything runs, see ``gate``. After ``timeout`` seconds the connection is
        closed, whatever the server does; at most ``limit`` rows are read, and ``truncated`` tells that there are
        more. Rows are mappings. Raises ``GateError`` for a text that may not run, ``ParameterError`` for values
        without a place in Cypher, a datetime without its zone among them.
        """
        there = bolt.address_of(self.driver)
        before = self.bookmarks()

        async def elsewhere() -> tuple[Result[Mapping[str, object]], tuple[str, ...]]:
            from mce_graph.async_graph import AsyncGraph

            driver = bolt.open_async_driver(there.uri, there.username, there.password)
            async with AsyncGraph(driver, database=self.database, bookmarks=before) as graph:
                found = await graph.cypher(text, params, write=write, timeout=timeout, limit=limit)
                return found, await graph.bookmarks()

        result, after = aside.run(elsewhere())
        self._seen.update_bookmarks(before, after)
        return result

    def converse(self, conversation: Conversation[T], name: str) -> T:
        """Send what a conversation of ``asking`` says until it gives its result."""
        with _mapping(name):
            try:
                statement = next(conversation)
                while True:
                    statement = conversation.send(self.transact([statement], tries=QUESTION_TRIES)[0])
            except StopIteration as done:
                return cast(T, done.value)

    def ask_many(self, id: str, row: type[T], given: Mapping[str, object]) -> Result[T]:
        return cast(Result[T], self.ask(id, given, row=row))

    def ask_one(self, id: str, row: type[T], given: Mapping[str, object]) -> T:
        return self.ask_many(id, row, given).one()

    def ask_one_or_none(self, id: str, row: type[T], given: Mapping[str, object]) -> T | None:
        result = self.ask_many(id, row, given)
        return result.one() if result else None

    def ask_graph(self, id: str, given: Mapping[str, object]) -> GraphResult:
        return cast(GraphResult, self.ask(id, given))

    def explain(self, statement: Statement) -> Summary:
        """What the server makes of a statement, without running it: kind, plan and notes."""
        explained = replace(statement, text=f"EXPLAIN {statement.text}")
        return self.trying(lambda: self._once([explained], notes=True), statement.name, QUESTION_TRIES)[0].summary

    def fetch(self, statement: Statement) -> Answer:
        """Run one statement in a transaction of its own and give all of its rows."""
        return self.transact([statement])[0]

    def transact(self, statements: Sequence[Statement], *, tries: int = len(RETRY_PAUSES)) -> list[Answer]:
        """Run statements one after the other in a single transaction: all of them or none.

        Failures in passing (deadlocks, a leader that moved, a lost connection before the commit) are tried again, after
        the pauses of ``RETRY_PAUSES``. A commit of which nobody knows whether it took place raises
        ``errors.UnreachableError`` with the driver's IncompleteCommit as its cause: ask the graph, do not guess.
        """
        return self.trying(lambda: self._once(statements), statements[0].name, tries)

    def atomically(
        self, work: Callable[[Callable[[Statement], Answer]], T], *, name: str, timeout: float | None = None
    ) -> T:
        """Run ``work`` in one writing transaction: it is given the function that sends a statement within it.

        For a step that needs an answer before its next statement. ``work`` may run several times, after the same
        failures in passing as ``transact``, and an unknown commit raises as there.
        """

        def once() -> T:
            with self.transaction("WRITE", name=name, timeout=timeout) as tx:
                value = work(lambda s: bolt.taken(tx.run(s.text, dict(s.params)), s))
                tx.commit()
                return value

        return self.trying(once, name)

    def trying(self, work: Callable[[], T], name: str, tries: int = len(RETRY_PAUSES)) -> T:
        """Do ``work``, again where it failed in passing; errors of the driver come out as ours."""
        for attempt in range(tries + 1):
            try:
                return work()
            except Exception as error:
                seconds = bolt.pause(error, name, attempt, tries)
                if seconds is None:
                    if isinstance(error, errors.MceError):
                        raise
                    raise mapped(error, name) from error
                time.sleep(seconds)
        raise AssertionError("unreachable")

    def _once(self, statements: Sequence[Statement], *, notes: bool = False) -> list[Answer]:
        access, timeout = bolt.access_of(statements), bolt.time_limit(statements)
        with self.transaction(access, name=statements[0].name, timeout=timeout, notes=notes) as tx:
            answers = [bolt.taken(tx.run(s.text, dict(s.params)), s) for s in statements]
            tx.commit()
            return answers

    @contextmanager
    def transaction(
        self, access: str, *, name: str, timeout: float | None = None, notes: bool = False
    ) -> Iterator[neo4j.Transaction]:
        """One transaction of the driver with this graph's bookmarks; an interrupt (Ctrl-C) ends it on the server."""
        driver, marks = self.driver, bolt.marks(name)
        try:
            with (
                driver.session(
                    database=self.database,
                    default_access_mode=access,
                    fetch_size=FETCH,
                    bookmark_manager=self._seen,
                    notifications_min_severity="INFORMATION" if notes else "OFF",
                ) as session,
                session.begin_transaction(timeout=timeout, metadata=marks) as tx,
            ):
                try:
                    yield tx
                except KeyboardInterrupt:
                    # Else the driver waits here until the server has finished what nobody wants any more.
                    self._hang_up(driver, marks)
                    raise
        except BaseException as error:
            interrupt = _interrupt_in(error)
            if interrupt is None:
                raise
            self._hang_up(driver, marks)
            raise interrupt from None

    def _hang_up(self, driver: neo4j.Driver, marks: Mapping[str, str]) -> None:
        """After an interrupt: end the transaction on the server, and leave connections that may hold half a message."""
        if self.driver is not driver:
            return
        self.driver = bolt.reopened(driver)
        with suppress(Exception), self.driver.session(database=self.database, default_access_mode="READ") as session:
            session.run(bolt.END, mark=marks["mark"]).consume()
        if self.driver is not driver:
            with suppress(Exception):
                driver.close()

    def autocommit(self, statement: Statement) -> Answer:
        """Run a statement that the server allows only outside of a transaction: schema changes, ``CALL … IN
        TRANSACTIONS``. Not tried again."""
        import neo4j

        query = neo4j.Query(statement.text, metadata=bolt.marks(statement.name), timeout=statement.timeout)
        with (
            _mapping(statement.name),
            self.driver.session(
                database=self.database,
                default_access_mode=bolt.access_of([statement]),
                bookmark_manager=self._seen,
            ) as session,
        ):
            return bolt.taken(session.run(query, dict(statement.params)), statement)


@contextmanager
def _mapping(name: str) -> Iterator[None]:
    try:
        yield
    except errors.MceError:
        raise
    except Exception as error:
        raise mapped(error, name) from error


def _interrupt_in(error: BaseException) -> KeyboardInterrupt | None:
    """The interrupt that led to an error: the driver's own clean-up may fail after it."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, KeyboardInterrupt):
        seen = seen.__context__
    return seen
