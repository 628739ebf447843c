"""The server that the tests run against, found once, and the graphs on it: the ladder is in ``mce_graph.testing``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mce_graph import testing
from mce_graph.graph import Graph
from mce_graph.testing import VERSION, Server, clear

__all__ = ["VERSION", "Server", "clear"]


def pytest_report_header() -> str:
    return f"neo4j: {VERSION}, {testing.rung()}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of the run: ready, and ended afterwards where the tests started it."""
    with testing.running(tmp_path_factory.mktemp("mce-home")) as found:
        yield found


@pytest.fixture(scope="session")
def graph(server: Server) -> Iterator[Graph]:
    """The graph as it is: with the schema, and whatever the last test left."""
    with testing.opened(server) as opened:
        yield opened


@pytest.fixture
def empty_graph(graph: Graph, server: Server) -> Graph:
    """The graph with the schema and nothing in it."""
    testing.hold(graph, server, testing.EMPTY)
    return graph


@pytest.fixture
def story(graph: Graph, server: Server) -> Graph:
    """The graph with the story in it and nothing else."""
    testing.hold(graph, server, testing.STORY)
    return graph


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Sample payloads and tables from elsewhere; skipped, with the reason, where they are not."""
    place = Path(os.environ.get("MCE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not place.is_dir():
        pytest.skip(f"the sample data from elsewhere is not here: {place.name} beside the checkout, or MCE_SHARED_DATA")
    return place
