"""Every question about experience beside its oracle: the same small worlds, the same rows.

``MCE_ORACLE_WORLDS`` says how many random worlds each use case is tried on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from hypothesis import strategies as st

from mce_graph import library
from mce_graph.graph import Graph

from . import acquisition, controls, qoe, retention, selfcare
from .by_hand import Hand
from .comparison import TIMES, Case, Oracle, Tally, compare, each
from .experience_by_hand import EDGES, HANDS
from .world import World

WORLDS = int(os.environ.get("MCE_ORACLE_WORLDS", "80"))
USE_CASES: dict[str, tuple[st.SearchStrategy[World], Sequence[Oracle]]] = {
    "selfcare": (selfcare.WORLDS, selfcare.ORACLES),
    "qoe": (qoe.WORLDS, qoe.ORACLES),
    "controls": (controls.WORLDS, controls.ORACLES),
    "minors": (controls.MINORS_WORLDS, controls.MINORS_ORACLES),
    "guests": (acquisition.WORLDS, acquisition.ORACLES),
    "inviters": (acquisition.TREE_WORLDS, acquisition.TREE_ORACLES),
    "churn": (retention.WORLDS, retention.ORACLES),
}
"""The worlds of a use case and the oracles asked about them."""
ORACLES = {o.question: o for _, oracles in USE_CASES.values() for o in oracles}


@st.composite
def cases(draw: st.DrawFn, worlds: st.SearchStrategy[World], oracles: Sequence[Oracle]) -> Case:
    """A random world and a few questions about it."""
    world = draw(worlds)
    strategies = [(o, strategy) for o in oracles if (strategy := o.arguments(world)) is not None]
    return world, [(o, draw(strategy)) for o, strategy in strategies for _ in range(TIMES)]


@pytest.mark.parametrize("use_case", USE_CASES)
def test_questions_answer_random_worlds_as_their_oracles_do(use_case: str, empty_graph: Graph) -> None:
    worlds, oracles = USE_CASES[use_case]
    tally = Tally()

    def run(case: Case) -> None:
        world, asks = case
        for (oracle, args), rows in zip(asks, compare(empty_graph, world, asks), strict=True):
            tally.note(oracle, world, args, rows)
        tally.worlds += 1

    each(cases(worlds, oracles), run, WORLDS)
    assert tally.weaknesses(oracles) == []


@pytest.mark.parametrize("hand", HANDS, ids=str)
def test_a_world_by_hand_has_the_rows_by_hand(hand: Hand, empty_graph: Graph) -> None:
    check(hand, empty_graph)


@pytest.mark.parametrize("hand", EDGES.values(), ids=EDGES)
def test_an_edge_by_hand_has_the_rows_by_hand(hand: Hand, empty_graph: Graph) -> None:
    check(hand, empty_graph)


def test_every_oracle_has_a_world_by_hand() -> None:
    assert {h.question for h in HANDS} == set(ORACLES)


def check(hand: Hand, graph: Graph) -> None:
    """The oracle and the question both give the rows by hand."""
    assert rows(hand) == hand.rows
    assert compare(graph, hand.world, [(ORACLES[hand.question], hand.args)]) == [len(hand.rows)]


def rows(hand: Hand) -> list[tuple[object, ...]]:
    names = [c.name for c in library.get(hand.question).columns]
    return [tuple(row[n] for n in names) for row in ORACLES[hand.question].expected(hand.world, hand.args)]
