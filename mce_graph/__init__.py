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
    from mce_graph.graph import Graph
    from mce_graph.load.report import LoadReport
    from mce_graph.load.run import load
    from mce_graph.result import GraphResult, Result

__version__ = "0.1.0"
__all__ = ["Graph", "GraphResult", "LoadReport", "Result", "connect", "errors", "load"]

_LATE = {
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
) -> Graph:
    """Open the graph: at ``uri``, else where the settings say, else the managed local Neo4j, which is started.

    What is not given comes from ``MCE_*`` and ``NEO4J_*`` in the environment, ``./mce.toml`` and the user file.
    Use it as a context manager. Raises ``ConfigurationError`` for settings that do not fit, ``LocalServerError`` where
    the managed Neo4j cannot be started; that no server answers shows with the first question.
    """
    from mce_graph import config
    from mce_graph.graph import Graph, open_driver

    given = {"uri": uri, "username": username, "password": password, "database": database}
    address, user, secret, name = config.load(given).endpoint()
    return Graph(open_driver(address, user, secret), database=name)


def __getattr__(name: str) -> object:
    # Imported late: the driver and the loader cost more than the rest of the package together.
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'mce_graph' has no attribute {name!r}")
