"""The server that the tests run against, found once, and the graphs on it.

The ladder: a given server (``MCE_TEST_NEO4J_URI``, which the tests empty), else Docker by testcontainers where an
engine answers and has the image, else the managed local Neo4j. ``MCE_TEST_NEO4J_VERSION`` picks the version.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mce_graph import schema
from mce_graph.graph import Graph, open_driver
from mce_graph.statement import Statement

VERSION = os.environ.get("MCE_TEST_NEO4J_VERSION", "2026")
IMAGE = os.environ.get("MCE_TEST_NEO4J_IMAGE", f"neo4j:{'5.26' if VERSION.startswith('5') else '2026'}-community")


@dataclass
class Server:
    """One server for the whole run, and what lies in its database now."""

    uri: str
    username: str
    password: str = field(repr=False)
    reason: str
    stop: Callable[[], None]
    holds: str = "unknown"


def _rung() -> str:
    """Which server, and why; printed in the header of the run."""
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


def pytest_report_header() -> str:
    return f"neo4j: {VERSION}, {_rung()}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of the run: ready, and ended afterwards where the tests started it."""
    found = _start(_rung(), tmp_path_factory)
    yield found
    found.stop()


def _start(rung: str, folders: pytest.TempPathFactory) -> Server:
    if rung.startswith("given"):
        env = os.environ
        return Server(
            env["MCE_TEST_NEO4J_URI"],
            env.get("MCE_TEST_NEO4J_USERNAME", "neo4j"),
            env["MCE_TEST_NEO4J_PASSWORD"],
            rung,
            lambda: None,
        )
    if rung.startswith("docker"):
        return _container(rung)
    from mce_graph.local.server import LocalServer

    local = LocalServer(folders.mktemp("mce-home"), VERSION, quick=True)
    there = local.ensure()
    return Server(there.uri, there.username, there.password, rung, lambda: (local.stop(), None)[1])


def _container(rung: str) -> Server:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.waiting_utils import wait_for_logs

    container = DockerContainer(IMAGE).with_env("NEO4J_AUTH", "neo4j/only-for-tests")
    container.ports = {"7687": ("127.0.0.1", None)}  # type: ignore[dict-item]
    container.start()
    wait_for_logs(container, r"Started\.", timeout=120)
    uri = f"bolt://127.0.0.1:{container.get_exposed_port(7687)}"
    return Server(uri, "neo4j", "only-for-tests", rung, container.stop)


@pytest.fixture(scope="session")
def graph(server: Server) -> Iterator[Graph]:
    """The graph as it is: with the schema, and whatever the last test left."""
    with Graph(open_driver(server.uri, server.username, server.password), database="neo4j") as opened:
        schema.apply(opened)
        yield opened


@pytest.fixture
def empty_graph(graph: Graph, server: Server) -> Graph:
    """The graph with the schema and nothing in it."""
    clear(graph)
    server.holds = "something"
    return graph


@pytest.fixture
def story(graph: Graph, server: Server) -> Graph:
    """The graph with the story in it and nothing else; tests that use it leave it as it is."""
    if server.holds != "story":
        from mce_graph.load.run import load
        from mce_graph.story import tables

        clear(graph)
        report = load(graph, *tables())
        assert report.rejected == 0, report.to_dict()
        server.holds = "story"
    return graph


def clear(graph: Graph) -> None:
    """Remove every node; labels, constraints and indexes stay."""
    text = "MATCH (n) WITH n LIMIT 2000 DETACH DELETE n RETURN count(n) AS gone"
    while graph.fetch(Statement(text, access="write", name="clear")).value():
        pass


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Sample payloads and tables from elsewhere; skipped, with the reason, where they are not."""
    place = Path(os.environ.get("MCE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not place.is_dir():
        pytest.skip(f"the sample data from elsewhere is not here: {place.name} beside the checkout, or MCE_SHARED_DATA")
    return place
