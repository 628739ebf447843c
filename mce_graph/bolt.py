"""What both shells of the driver share: opening one, its errors as ours, and what the log says.

The log ``mce_graph`` names questions, counts, times and classes of errors. It never holds a parameter, a row, or the
text of a statement; nothing here turns on the driver's own log, which shows parameters.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mce_graph import errors
from mce_graph.statement import Answer, Statement, Summary

if TYPE_CHECKING:
    import neo4j

log = logging.getLogger("mce_graph")
log.addHandler(logging.NullHandler())
# What the server notes is in Summary.notes; without a handler the driver's copy of it would go to standard error.
logging.getLogger("neo4j.notifications").addHandler(logging.NullHandler())
FETCH = 1000
RETRY_PAUSES = (0.05, 0.2, 0.8, 2.0, 5.0, 5.0)
"""Seconds between tries of a transaction that failed in passing; the driver's own back-off has no cap."""
QUESTION_TRIES = 2
"""How often a question is asked again after a failure in passing: who asks is waiting. A loader waits longer."""
END = (
    "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.mark = $mark "
    "TERMINATE TRANSACTIONS id YIELD message RETURN count(*) AS n"
)
"""Ends the transaction that carries a mark, wherever on this server it runs."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a driver was opened to, for whoever must open another one."""

    uri: str
    username: str
    password: str = field(repr=False)


_ADDRESSES: WeakKeyDictionary[neo4j.Driver, Address] = WeakKeyDictionary()


def open_driver(uri: str, username: str, password: str) -> neo4j.Driver:
    """A driver for ``uri`` that is not yet connected; see ``Graph`` for what is asked through it."""
    import neo4j

    try:
        driver = neo4j.GraphDatabase.driver(
            uri,
            auth=(username, password) if username else None,
            user_agent="mce_graph",
            notifications_min_severity="OFF",
            connection_acquisition_timeout=20,
            connection_timeout=5,
            max_transaction_retry_time=20,
        )
    except (neo4j.exceptions.ConfigurationError, ValueError) as error:
        raise _no_address(uri) from error
    _ADDRESSES[driver] = Address(uri, username, password)
    return driver


def open_async_driver(uri: str, username: str, password: str) -> neo4j.AsyncDriver:
    """The same for ``AsyncGraph``; it belongs to the event loop that runs now."""
    import neo4j

    try:
        return neo4j.AsyncGraphDatabase.driver(
            uri,
            auth=(username, password) if username else None,
            user_agent="mce_graph",
            notifications_min_severity="OFF",
            connection_acquisition_timeout=20,
            connection_timeout=5,
            max_transaction_retry_time=20,
        )
    except (neo4j.exceptions.ConfigurationError, ValueError) as error:
        raise _no_address(uri) from error


def address_of(driver: neo4j.Driver) -> Address:
    """Where ``open_driver`` opened it. Raises ``UsageError`` for a driver that it did not open."""
    try:
        return _ADDRESSES[driver]
    except KeyError:
        raise errors.UsageError(
            "this graph was made of a driver that mce_graph did not open",
            hint="open it by mce_graph.connect(), or use AsyncGraph",
        ) from None


def reopened(driver: neo4j.Driver) -> neo4j.Driver:
    """A new driver to the same place; the same one where only its opener knows the place."""
    there = _ADDRESSES.get(driver)
    return driver if there is None else open_driver(there.uri, there.username, there.password)


def _no_address(uri: str) -> errors.ConfigurationError:
    return errors.ConfigurationError(
        f"the address {uri!r} is not one of a Neo4j server",
        hint="use neo4j://host:7687 or bolt://host:7687 (with +s for TLS)",
    )


def mapped(error: Exception, name: str) -> errors.MceError:
    """The error of ours for an error of the driver; its text never holds parameters."""
    from neo4j import exceptions as x

    if isinstance(error, errors.MceError):
        return error
    code = getattr(error, "code", None) or ""
    whole = str(getattr(error, "message", None) or error)
    said = whole.partition("\n")[0][:300]
    if isinstance(error, x.AuthError) or "Security" in code:
        return errors.SignInError(
            "the server refused the user name or password",
            hint="check NEO4J_USERNAME and NEO4J_PASSWORD; after three wrong tries wait five seconds",
        )
    if "TransactionTimedOut" in code or "TransactionTimedOut" in said:
        return out_of_time(name)
    if "OutOfMemory" in code or "MemoryPool" in code:
        return errors.OutOfMemoryError(
            f"{name}: needs more memory than the server allows one transaction",
            hint="ask for less: a shorter window or a smaller limit",
        )
    if "AccessMode" in code or "Writing in read access mode" in said:
        return errors.WriteRefusedError(f"{name}: a question may not write, and the server refused it")
    if "Bookmark" in code:
        return errors.UnreachableError(
            f"{name}: the server does not know what this graph has seen ({code})",
            hint="was the database replaced? open the graph again",
        )
    if isinstance(error, x.ServiceUnavailable | x.SessionExpired | x.RoutingServiceUnavailable):
        return errors.UnreachableError(
            f"{name}: no server answers", hint="is the server up? `mce db status`, `mce doctor`"
        )
    if isinstance(error, x.DatabaseUnavailable):
        return errors.UnreachableError(f"{name}: the database is not online", hint="see `mce db logs`")
    if isinstance(error, x.ConfigurationError):
        return errors.ConfigurationError(f"{name}: {said}")
    if isinstance(error, x.Neo4jError):
        what = ": ".join(x for x in (code or "an error", _without_values(said)) if x)
        return errors.QueryError(f"{name}: the server said {what}{_place(whole)}")
    if isinstance(error, x.BrokenRecordError):
        return errors.QueryError(
            f"{name}: a value has no place in Python, such as a year outside 1..9999",
            hint="let Cypher turn it into a text: toString(…)",
        )
    if isinstance(error, x.DriverError):
        return errors.UnreachableError(f"{name}: the connection failed ({type(error).__name__})", hint="`mce doctor`")
    if isinstance(error, UnicodeEncodeError):
        return errors.ParameterError(f"{name}: a text holds half of a surrogate pair, which is no character")
    raise error


def out_of_time(name: str) -> errors.TimeoutExceededError:
    return errors.TimeoutExceededError(
        f"{name}: took longer than its time limit", hint="ask for less, or raise --timeout"
    )


def _without_values(said: str) -> str:
    """A server's text up to the first quoted value, which could be somebody's name."""
    cut = min((at for at in (said.find("'"), said.find('"'), said.find("`")) if at >= 0), default=len(said))
    return said[:cut].rstrip(" :(")


def _place(whole: str) -> str:
    """Where in the text the server stumbled, counted without the EXPLAIN that we put before it."""
    match = re.search(r"\(line (\d+), column (\d+)", whole)
    if not match:
        return ""
    line, column = int(match[1]), int(match[2])
    if line == 1 and '\n"EXPLAIN ' in whole:
        column -= len("EXPLAIN ")
    return f" (line {line}, column {max(column, 1)})"


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


def pause(error: Exception, name: str, attempt: int, tries: int) -> float | None:
    """How many seconds to wait before the next try; none where another would not help."""
    if attempt == tries or not passing(error):
        return None
    seconds = RETRY_PAUSES[min(attempt, len(RETRY_PAUSES) - 1)]
    log.warning("%s: %s, tried again in %.2f s", name, type(error).__name__, seconds)
    return seconds


def marks(name: str) -> dict[str, str]:
    """What SHOW TRANSACTIONS shows of ours: the question, and a mark to find this very transaction by."""
    return {"app": "mce_graph", "question": name, "mark": secrets.token_hex(8)}


def access_of(statements: Sequence[Statement]) -> str:
    """READ sends it to a reader of the cluster, and the server refuses writes."""
    return "WRITE" if any(s.access == "write" for s in statements) else "READ"


def time_limit(statements: Sequence[Statement]) -> float | None:
    return max((s.timeout for s in statements if s.timeout), default=None)


def known(bookmarks: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(bookmarks))


def answered(statement: Statement, columns: Sequence[str], rows: list[tuple[object, ...]], s: Summary) -> Answer:
    """The answer, and a line of the log about it."""
    log.debug("%s: %d rows, %s ms on the server", statement.name, len(rows), s.milliseconds)
    return Answer(tuple(columns), rows, s)


def taken(result: neo4j.Result, statement: Statement) -> Answer:
    """All rows of a result, or as many as the statement wants."""
    rows: list[tuple[object, ...]] = list(result if statement.rows is None else islice(result, statement.rows))
    return answered(statement, result.keys(), rows, summary_of(result.consume()))


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
    plan: Mapping[str, object] | None = summary.profile or summary.plan
    return Summary(summary.query_type or "r", counts, plan, notes, agent, summary.result_consumed_after)
