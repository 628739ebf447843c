"""Who is behind an account: customers, users, groups, SLAs and experience of a telecom operator as a graph.

::

    import mce_graph

    with mce_graph.connect() as graph:
        for user in graph.identify.account_users("A-1001"):
            print(user.nickname, user.kind)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mce_graph import errors

if TYPE_CHECKING:
    from collections.abc import Collection

    from mce_graph.async_graph import AsyncGraph, Opening
    from mce_graph.graph import Graph
    from mce_graph.load.report import LoadReport
    from mce_graph.load.run import load
    from mce_graph.result import GraphResult, Result

__version__ = "0.1.0"
__all__ = ["AsyncGraph", "Graph", "GraphResult", "LoadReport", "Result", "aconnect", "connect", "errors", "load"]

_LATE = {
    "AsyncGraph": "mce_graph.async_graph",
    "Graph": "mce_graph.graph",
    "GraphResult": "mce_graph.result",
    "LoadReport": "mce_graph.load.report",
    "Result": "mce_graph.result",
    "load": "mce_graph.load.run",
}


def connect(
    uri: str | None = None,
    *,
    username: str | None = None,
    password: str | None = None,
    database: str | None = None,
    profile: str | None = None,
    timeout: float | None = None,
    bookmarks: Collection[str] = (),
) -> Graph:
    """Open the graph: at ``uri``, else where the settings say, else the managed local Neo4j, which is started.

    What is not given comes from the ``profile`` that is named, from ``MCE_*`` and ``NEO4J_*`` in the environment, from
    ``./mce.toml`` and the user file. Use it as a context manager. ``timeout`` in seconds replaces the limit of every
    question; ``bookmarks`` are those of another graph, whose writes this one shall see. Raises ``ConfigurationError``
    for settings that do not fit, ``LocalServerError`` where the managed Neo4j cannot be started; no server shows with
    the first question.
    """
    from mce_graph.graph import Graph, open_driver

    address, user, secret, name = _endpoint(uri, username, password, database, profile)
    return Graph(open_driver(address, user, secret), database=name, timeout=timeout, bookmarks=bookmarks)


def aconnect(
    uri: str | None = None,
    *,
    username: str | None = None,
    password: str | None = None,
    database: str | None = None,
    profile: str | None = None,
    timeout: float | None = None,
    bookmarks: Collection[str] = (),
) -> Opening:
    """Open the graph for questions that are awaited; takes and raises what ``connect()`` does.

    ::

        async with mce_graph.aconnect() as graph:
            users = await graph.identify.account_users("A-1001")
    """
    from mce_graph.async_graph import Opening

    return Opening(lambda: _endpoint(uri, username, password, database, profile), timeout, bookmarks)


def _endpoint(
    uri: str | None, username: str | None, password: str | None, database: str | None, profile: str | None
) -> tuple[str, str, str, str | None]:
    from mce_graph import config

    given = {"uri": uri, "username": username, "password": password, "database": database, "profile": profile}
    return config.load(given).endpoint()


def __getattr__(name: str) -> object:
    # Imported late: the driver and the loader cost more than the rest of the package together.
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'mce_graph' has no attribute {name!r}")
