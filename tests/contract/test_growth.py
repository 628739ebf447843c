"""A question about one account reads no more when the operator is larger."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mce_graph import library
from mce_graph.graph import Graph
from tests.conftest import Server

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from growth import hits, replicate

ANCHORED = [t.id for t in library.questions() if t.scope == "anchored"]
COPIES = 10


@pytest.fixture(scope="module")
def counted(graph: Graph, server: Server) -> tuple[dict[str, int], dict[str, int]]:
    """Database hits of the examples with the story once, and ten times under other ids."""
    from mce_graph.load.run import load
    from mce_graph.story import tables
    from tests.conftest import clear

    clear(graph)
    load(graph, *tables())
    server.holds = "copies"
    once = hits(graph, ANCHORED)
    replicate(graph, 1, COPIES - 1)
    return once, hits(graph, ANCHORED)


@pytest.mark.parametrize("id", ANCHORED)
def test_db_hits_do_not_grow(id: str, counted: tuple[dict[str, int], dict[str, int]]) -> None:
    once, ten_times = counted
    assert once[id] > 0
    assert ten_times[id] <= once[id] * 1.2 + 10
