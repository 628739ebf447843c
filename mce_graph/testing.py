"""A pytest plugin: a real Neo4j for your own tests, with the story in it.

Installed with the package; nothing is started or imported before a test asks for one of its fixtures::

    def test_my_report(care_graph):
        assert my_report(care_graph, "A-1001") == [...]

====================  ==============================================================================================
fixture               what it gives
====================  ==============================================================================================
``care_graph``        a ``Graph`` that holds the story and nothing else; what a test changes is put right for the next
``empty_care_graph``  a ``Graph`` with constraints and indexes and nothing in it
``care_server``       where both are: ``uri``, ``username``, ``password``
====================  ==============================================================================================

Which server that is: the one of ``MCE_TEST_NEO4J_URI`` (with ``_USERNAME`` and ``_PASSWORD``), **which the tests
empty**; else a container of ``MCE_TEST_NEO4J_IMAGE`` where Docker answers and has the image (none is pulled); else the
managed local Neo4j, in a folder of its own, ended with the run. ``MCE_TEST_NEO4J_VERSION=5.26`` picks its version. The
settings of ``connect()`` are never looked at, and a given server with many nodes is refused: it may be somebody's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mce_graph.errors import UsageError

if TYPE_CHECKING:
    from mce_graph.graph import Graph

VERSION = os.environ.get("MCE_TEST_NEO4J_VERSION", "2026")
IMAGE = os.environ.get("MCE_TEST_NEO4J_IMAGE", f"neo4j:{'5.26' if VERSION.startswith('5') else '2026'}-community")
MOST = 100_000
"""Nodes that a given server may hold and still be taken for one of tests."""
PASSWORD = "only-for-tests"
"""Of containers; ``scripts/build_image.py`` builds it into the image."""
PATIENCE = 120.0
"""Seconds that a container has to answer."""
EMPTY, STORY, UNKNOWN = "nothing", "story", "unknown"


@dataclass
class Server:
    """One server for a run of tests, and what lies in its database now."""

    uri: str
    username: str
    password: str = field(repr=False)
    reason: str
    stop: Callable[[], None] = field(repr=False)
    holds: str = UNKNOWN
    seen: tuple[str, ...] = field(default=(), repr=False)
    """The graph's bookmarks when that was so: they change with every write, whoever makes it."""


def rung() -> str:
    """Which server the tests get, and why."""
    if os.environ.get("MCE_TEST_NEO4J_URI"):
        return "given: MCE_TEST_NEO4J_URI"
    docker = shutil.which("docker")
    if docker is None:
        return "managed: no docker command here"
    look = subprocess.run([docker, "image", "inspect", IMAGE], capture_output=True, check=False, timeout=20)
    if look.returncode == 0:
        return f"docker: the engine has {IMAGE}"
    why = "no engine answers" if b"daemon" in look.stderr.lower() else f"the engine does not have {IMAGE}"
    return f"managed: {why}"


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """The server of this run, ready; ended afterwards where it was started here. ``home`` is for the managed one."""
    found = _start(rung(), home)
    try:
        yield found
    finally:
        found.stop()


def _start(which: str, home: Path) -> Server:
    if which.startswith("given"):
        env = os.environ
        if "PYTEST_XDIST_WORKER" in env:
            raise UsageError("several workers cannot share MCE_TEST_NEO4J_URI", hint="run with -n 0, or without it")
        user = env.get("MCE_TEST_NEO4J_USERNAME", "neo4j")
        return Server(env["MCE_TEST_NEO4J_URI"], user, env.get("MCE_TEST_NEO4J_PASSWORD", ""), which, lambda: None)
    if which.startswith("docker"):
        return _container(which)
    from mce_graph.local.server import LocalServer

    local = LocalServer(home, VERSION, quick=True)
    there = local.ensure()
    return Server(there.uri, there.username, there.password, which, lambda: (local.stop(), None)[1])


def _container(which: str) -> Server:
    # Ryuk, its own container, would have to be pulled; what is started here is ended here.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(IMAGE).with_env("NEO4J_AUTH", f"neo4j/{PASSWORD}")
    container.ports = {"7687": ("127.0.0.1", None)}  # type: ignore[dict-item]
    container.start()
    try:
        uri = f"bolt://127.0.0.1:{container.get_exposed_port(7687)}"
        _wait(uri)
    except BaseException:
        container.stop()
        raise
    return Server(uri, "neo4j", PASSWORD, which, container.stop)


def _wait(uri: str) -> None:
    """Until it answers: what a server logs differs from image to image."""
    from mce_graph.errors import MceError
    from mce_graph.graph import Graph, open_driver
    from mce_graph.statement import Statement

    end = time.monotonic() + PATIENCE
    while True:
        try:
            with Graph(open_driver(uri, "neo4j", PASSWORD), database="neo4j") as graph:
                graph.transact([Statement("RETURN 1 AS x", name="waiting")], tries=0)
                return
        except MceError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


@contextmanager
def opened(server: Server) -> Iterator[Graph]:
    """The graph of a server, with constraints and indexes; refuses one that is too full to be for tests."""
    from mce_graph import schema
    from mce_graph.graph import Graph, open_driver
    from mce_graph.statement import Statement

    with Graph(open_driver(server.uri, server.username, server.password), database="neo4j") as graph:
        held = graph.fetch(Statement("MATCH (n) RETURN count(n) AS n", name="testing")).value()
        if isinstance(held, int) and held > MOST:
            raise UsageError(
                f"the server of MCE_TEST_NEO4J_URI holds {held:,} nodes, and tests would delete them",
                hint="give one for tests, or leave it out",
            )
        schema.apply(graph)
        yield graph


def clear(graph: Graph) -> None:
    """Remove every node; labels, constraints and indexes stay."""
    from mce_graph.statement import Statement

    text = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
    graph.autocommit(Statement(text, access="write", name="clear"))


def hold(graph: Graph, server: Server, what: str) -> None:
    """See to it that the graph holds ``what``, ``STORY`` or ``EMPTY``, whatever the last test left."""
    if server.holds == what and server.seen == _seen(graph):
        return
    clear(graph)
    if what == STORY:
        from mce_graph.load.run import load
        from mce_graph.story import tables

        report = load(graph, *tables())
        if report.rejected:
            raise AssertionError(report.to_dict())
    server.holds, server.seen = what, _seen(graph)


def _seen(graph: Graph) -> tuple[str, ...]:
    from mce_graph.statement import Statement

    graph.fetch(Statement("RETURN 1 AS x", name="testing"))
    return graph.bookmarks()


@pytest.fixture(scope="session")
def care_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Neo4j for tests: see ``mce_graph.testing`` for which."""
    with running(tmp_path_factory.mktemp("mce-home")) as server:
        yield server


@pytest.fixture(scope="session")
def _care_graph(care_server: Server) -> Iterator[Graph]:
    with opened(care_server) as graph:
        yield graph


@pytest.fixture
def care_graph(_care_graph: Graph, care_server: Server) -> Graph:
    """The graph with the story in it and nothing else."""
    hold(_care_graph, care_server, STORY)
    return _care_graph


@pytest.fixture
def empty_care_graph(_care_graph: Graph, care_server: Server) -> Graph:
    """The graph with constraints and indexes and nothing in it."""
    hold(_care_graph, care_server, EMPTY)
    return _care_graph
