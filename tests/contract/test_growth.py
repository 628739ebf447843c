"""A question about one account reads no more when the operator is larger, and a long answer is not kept in memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mce_graph import catalogue, library
from mce_graph.graph import Graph
from mce_graph.result import Result
from tests.conftest import Server

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from growth import hits, replicate

ANCHORED = [t.id for t in library.questions() if t.scope == "anchored"]
COPIES = 5
STREAMED = "selfcare.wasted_transactions"
"""Its rows come in the order of an index: none waits for the last of them."""


@pytest.fixture(scope="module")
def counted(graph: Graph, server: Server) -> tuple[dict[str, int], dict[str, int]]:
    """Database hits of the examples with the story once, and five times under other ids; memory of the streamed one."""
    from mce_graph.load.run import load
    from mce_graph.story import tables
    from tests.conftest import clear

    clear(graph)
    load(graph, *tables())
    server.holds = "copies"
    once = hits(graph, ANCHORED) | kept(graph)
    replicate(graph, 1, COPIES - 1)
    return once, hits(graph, ANCHORED) | kept(graph)


def kept(graph: Graph) -> dict[str, int]:
    """The rows of the streamed question, asked for all of them, and the bytes that the server kept for it."""
    question = library.get(STREAMED)
    answer = graph.ask(question, {**catalogue.examples(question), "limit": None}, prefix="PROFILE")
    assert isinstance(answer, Result)
    return {"rows": len(answer.to_dicts()), "bytes": answer.summary.memory()}


@pytest.mark.parametrize("id", ANCHORED)
def test_db_hits_do_not_grow(id: str, counted: tuple[dict[str, int], dict[str, int]]) -> None:
    once, more = counted
    assert once[id] > 0
    assert more[id] <= once[id] * 1.2 + 10


def test_an_answer_in_the_order_of_an_index_is_not_kept_in_memory(
    counted: tuple[dict[str, int], dict[str, int]],
) -> None:
    once, more = counted
    assert more["rows"] == COPIES * once["rows"] > 10
    # The copies of a visit begin at one instant and are put in order together; nothing else grows.
    assert 0 < more["bytes"] <= once["bytes"] * 3
