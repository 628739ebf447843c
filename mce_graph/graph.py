"""The only module that talks Bolt: opens a driver, sends statements, maps every error of the driver to ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar, cast

from mce_graph import errors, library
from mce_graph.asking import Conversation, ask
from mce_graph.queries import Questions
from mce_graph.result import GraphResult, Result
from mce_graph.statement import Answer, Statement, Summary
from mce_graph.template import Template

if TYPE_CHECKING:
    import neo4j

T = TypeVar("T")
FETCH = 1000
RETRY_PAUSES = (0.05, 0.2, 0.8, 2.0, 5.0, 5.0)
"""Seconds between tries of a transaction that failed in passing; the driver's own back-off has no cap."""


def open_driver(uri: str, username: str, password: str) -> neo4j.Driver:
    """A driver for ``uri`` that is not yet connected; see ``Graph`` for what is asked through it."""
    import neo4j

    try:
        return neo4j.GraphDatabase.driver(
            uri,
            auth=(username, password) if username else None,
            user_agent="mce_graph",
            notifications_min_severity="OFF",
            connection_acquisition_timeout=20,
            connection_timeout=5,
            max_transaction_retry_time=20,
        )
    except (neo4j.exceptions.ConfigurationError, ValueError) as error:
        raise errors.ConfigurationError(
            f"the address {uri!r} is not one of a Neo4j server",
            hint="use neo4j://host:7687 or bolt://host:7687 (with +s for TLS)",
        ) from error


def mapped(error: Exception, name: str) -> errors.MceError:
    """The error of ours for an error of the driver; its text never holds parameters."""
    from neo4j import exceptions as x

    if isinstance(error, errors.MceError):
        return error
    code = getattr(error, "code", None) or ""
    said = str(getattr(error, "message", None) or error).splitlines()[0][:300]
    if isinstance(error, x.AuthError) or "Security" in code:
        return errors.SignInError(
            "the server refused the user name or password",
            hint="check NEO4J_USERNAME and NEO4J_PASSWORD; after three wrong tries wait five seconds",
        )
    if "TransactionTimedOut" in code or "TransactionTimedOut" in said:
        return errors.TimeoutExceededError(
            f"{name}: took longer than its time limit", hint="ask for less, or raise --timeout"
        )
    if "OutOfMemory" in code or "MemoryPool" in code:
        return errors.OutOfMemoryError(
            f"{name}: needs more memory than the server allows one transaction",
            hint="ask for less: a shorter window or a smaller limit",
        )
    if "AccessMode" in code or "Writing in read access mode" in said:
        return errors.WriteRefusedError(f"{name}: a question may not write, and the server refused it")
    if isinstance(error, x.ServiceUnavailable | x.SessionExpired | x.RoutingServiceUnavailable):
        return errors.UnreachableError(
            f"{name}: no server answers", hint="is the server up? `mce db status`, `mce doctor`"
        )
    if isinstance(error, x.DatabaseUnavailable):
        return errors.UnreachableError(f"{name}: the database is not online", hint="see `mce db logs`")
    if isinstance(error, x.ConfigurationError):
        return errors.ConfigurationError(f"{name}: {said}")
    if isinstance(error, x.Neo4jError):
        return errors.QueryError(f"{name}: the server said {code or 'an error'}: {_without_values(said)}")
    if isinstance(error, x.DriverError):
        return errors.UnreachableError(f"{name}: the connection failed ({type(error).__name__})", hint="`mce doctor`")
    raise error


def _without_values(said: str) -> str:
    """A server's text up to the first quoted value, which could be somebody's name."""
    cut = min((at for at in (said.find("'"), said.find('"'), said.find("`")) if at >= 0), default=len(said))
    return said[:cut].rstrip(" :") or said[:40]


def passing(error: Exception) -> bool:
    """Whether the same transaction may succeed when it is tried again."""
    from neo4j import exceptions as x

    if isinstance(error, x.IncompleteCommit):
        return False
    code = getattr(error, "code", "") or ""
    if "OutOfMemory" in code or "MemoryPool" in code:
        return False
    if "EntityNotFound" in code:
        return True
    return isinstance(error, x.Neo4jError | x.DriverError) and error.is_retryable()


def summary_of(summary: neo4j.ResultSummary) -> Summary:
    counters = summary.counters
    counts = {
        name: value
        for name in ("nodes_created", "nodes_deleted", "relationships_created", "relationships_deleted",
                     "properties_set", "labels_added", "labels_removed")
        if (value := getattr(counters, name))
    }  # fmt: skip
    notes = tuple(
        f"{status.gql_status} {status.status_description}"
        for status in summary.gql_status_objects
        if not status.gql_status.startswith(("00", "02"))
    )
    agent = summary.server.agent if summary.server else ""
    plan = summary.profile or summary.plan
    return Summary(summary.query_type or "r", counts, plan, notes, agent, summary.result_consumed_after)


class Graph(Questions):
    """A graph of customers, users, groups, SLAs and experience, open for questions.

    Made by ``mce_graph.connect()``; use it as a context manager. One ``Graph`` may serve many threads. The use
    cases are properties and the questions their methods: ``graph.identify.customer_360("C-1001")``.
    """

    def __init__(self, driver: neo4j.Driver, *, database: str | None = None) -> None:
        self.driver = driver
        self.database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection; asking afterwards is an error."""
        self.driver.close()

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
        return self._converse(ask(template, given or {}, row, timeout=timeout, prefix=prefix))

    def _converse(self, conversation: Conversation[T]) -> T:
        try:
            statement = next(conversation)
            while True:
                statement = conversation.send(self.fetch(statement))
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
        with _mapping(statement.name):
            return self._once([replace(statement, text=f"EXPLAIN {statement.text}")], notes=True)[0].summary

    def fetch(self, statement: Statement) -> Answer:
        """Run one statement in a transaction of its own and give all of its rows."""
        return self.transact([statement])[0]

    def transact(self, statements: Sequence[Statement], *, tries: int = len(RETRY_PAUSES)) -> list[Answer]:
        """Run statements one after the other in a single transaction: all of them or none.

        Failures in passing (deadlocks, a leader that moved, a lost connection before the commit) are tried again, after
        the pauses of ``RETRY_PAUSES``. A commit of which nobody knows whether it took place raises
        ``errors.UnreachableError`` with the driver's IncompleteCommit as its cause: ask the graph, do not guess.
        """
        name = statements[0].name
        for attempt in range(tries + 1):
            try:
                return self._once(statements)
            except Exception as error:
                if attempt == tries or not passing(error):
                    raise mapped(error, name) from error
                time.sleep(RETRY_PAUSES[min(attempt, len(RETRY_PAUSES) - 1)])
        raise AssertionError("unreachable")

    def atomically(
        self, work: Callable[[Callable[[Statement], Answer]], T], *, name: str, timeout: float | None = None
    ) -> T:
        """Run ``work`` in one writing transaction: it is given the function that sends a statement within it.

        For a step that needs an answer before its next statement. ``work`` may run several times, after the same
        failures in passing as ``transact``, and an unknown commit raises as there.
        """
        for attempt in range(len(RETRY_PAUSES) + 1):
            try:
                with (
                    self.driver.session(database=self.database, fetch_size=FETCH) as session,
                    session.begin_transaction(timeout=timeout) as tx,
                ):
                    value = work(lambda s: _answer(tx.run(s.text, dict(s.params))))
                    tx.commit()
                    return value
            except Exception as error:
                if attempt == len(RETRY_PAUSES) or not passing(error):
                    raise mapped(error, name) from error
                time.sleep(RETRY_PAUSES[attempt])
        raise AssertionError("unreachable")

    def _once(self, statements: Sequence[Statement], *, notes: bool = False) -> list[Answer]:
        access = "WRITE" if any(s.access == "write" for s in statements) else "READ"
        timeout = max((s.timeout for s in statements if s.timeout), default=None)
        with (
            self.driver.session(
                database=self.database,
                default_access_mode=access,
                fetch_size=FETCH,
                notifications_min_severity="INFORMATION" if notes else "OFF",
            ) as session,
            session.begin_transaction(timeout=timeout) as tx,
        ):
            answers = [_answer(tx.run(s.text, dict(s.params))) for s in statements]
            tx.commit()
            return answers

    def autocommit(self, statement: Statement) -> Answer:
        """Run a statement that the server allows only outside of a transaction: schema changes, ``CALL … IN
        TRANSACTIONS``. Not tried again."""
        import neo4j

        access = "WRITE" if statement.access == "write" else "READ"
        query = neo4j.Query(statement.text, timeout=statement.timeout)
        with _mapping(statement.name), self.driver.session(database=self.database, default_access_mode=access) as s:
            return _answer(s.run(query, dict(statement.params)))


def _answer(result: neo4j.Result) -> Answer:
    columns = tuple(result.keys())
    rows: list[tuple[object, ...]] = list(result)
    return Answer(columns, rows, summary_of(result.consume()))


@contextmanager
def _mapping(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise mapped(error, name) from error
