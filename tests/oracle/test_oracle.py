"""Every question beside its oracle: the same small worlds, the same rows.

``MCE_ORACLE_WORLDS`` says how many random worlds each use case is tried on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from mce_graph import library
from mce_graph.graph import Graph

from . import access, groups, identify, reconcile, sla, tickets
from .by_hand import HANDS, Hand
from .comparison import Oracle, Row, compare, try_out
from .world import Shape, T, World, answered, link, node, put

USE_CASES: dict[str, tuple[Shape, Sequence[Oracle]]] = {
    "groups": (groups.SHAPE, groups.ORACLES),
    "sla": (sla.SHAPE, sla.ORACLES),
    "access": (access.SHAPE, access.ORACLES),
    "users": (identify.USERS, (identify.ACCOUNT_USERS,)),
    "links": (identify.LINKED, (identify.EXPLAIN_LINK,)),
    "unknown": (reconcile.UNKNOWN, (reconcile.USERS_UNKNOWN,)),
    "ratio": (reconcile.RATIO, (reconcile.FRONT_BACK_RATIO,)),
    "stale": (reconcile.STALE, (reconcile.STALE_ACCESS,)),
    "tickets": (tickets.SHAPE, tickets.ORACLES),
}
"""The worlds of a use case and the oracles asked about them."""
ORACLES = {o.question: o for _, oracles in USE_CASES.values() for o in oracles}


@pytest.mark.parametrize("use_case", USE_CASES)
def test_questions_answer_random_worlds_as_their_oracles_do(use_case: str, empty_graph: Graph) -> None:
    shape, oracles = USE_CASES[use_case]
    tally = try_out(empty_graph, shape, oracles)
    assert tally.weaknesses(oracles) == []


@pytest.mark.parametrize("hand", HANDS, ids=str)
def test_a_world_by_hand_has_the_rows_by_hand(hand: Hand, empty_graph: Graph) -> None:
    oracle = ORACLES[hand.question]
    names = [c.name for c in library.get(hand.question).columns]
    assert [tuple(row[n] for n in names) for row in oracle.expected(hand.world, hand.args)] == hand.rows
    assert compare(empty_graph, hand.world, [(oracle, hand.args)]) == [len(hand.rows)]


def test_every_oracle_has_a_world_by_hand() -> None:
    assert {h.question for h in HANDS} == set(ORACLES)


@pytest.mark.parametrize("hand", HANDS, ids=str)
def test_an_oracle_that_errs_is_told(hand: Hand, empty_graph: Graph) -> None:
    oracle = ORACLES[hand.question]

    def forgetful(world: World, **args: Any) -> list[Row]:
        return oracle.expected(world, args)[1:]

    def inventive(world: World, **args: Any) -> list[Row]:
        column = library.get(hand.question).columns[0].name
        return [row | {column: "invented"} for row in oracle.expected(world, args)]

    for wrong, word in ((forgetful, "surplus"), (inventive, "missing")):
        with pytest.raises(AssertionError, match=word):
            compare(empty_graph, hand.world, [(replace(oracle, answer=wrong), hand.args)])


def test_a_wrong_order_is_told(empty_graph: Graph) -> None:
    hand = next(h for h in HANDS if h.question == "groups.group_members")
    backwards = replace(ORACLES[hand.question], order=lambda r: -r["depth"])
    with pytest.raises(AssertionError, match="in another order"):
        compare(empty_graph, hand.world, [(backwards, hand.args)])


def test_periods_are_half_open() -> None:
    assert link("User:1", "IDENTIFIES", "Individual:1", since=T).valid(T)
    assert not link("User:1", "IDENTIFIES", "Individual:1", until=T).valid(T)


def test_what_is_put_into_the_graph_is_what_the_world_holds(empty_graph: Graph) -> None:
    from mce_graph.statement import Statement

    world = World(
        (
            node("User:1", sources=("IDM",)), node("User:2"), node("Account:1"),
            node("Individual:1"), node("Group:1", groupType="household"),
        ),
        (
            link("User:1", "USES_ACCOUNT", "Account:1", role="guest", since=T),
            link("User:1", "USES_ACCOUNT", "Account:nobody", role="guest"),
            link("User:2", "IDENTIFIES", "Individual:1"),
        ),
    )  # fmt: skip
    with empty_graph.driver.session(database=empty_graph.database) as session, session.begin_transaction() as tx:
        put(world, tx)
        labels = answered(tx, Statement("MATCH (n) RETURN n.uid AS uid, labels(n) AS labels ORDER BY uid"))
        links = answered(tx, Statement("MATCH (a)-[r]->(b) RETURN a.uid, type(r), b.uid, r.role ORDER BY a.uid"))
        tx.rollback()
    assert [(uid, set(of)) for uid, of in labels.rows if isinstance(of, list)] == [
        ("Account:1", {"Account"}),
        ("Group:1", {"Group", "Household"}),
        ("Individual:1", {"Individual", "Party"}),
        ("User:1", {"User", "FrontOnly", "GuestUser"}),
        ("User:2", {"User"}),
    ]
    assert links.rows == [
        ("User:1", "USES_ACCOUNT", "Account:1", "guest"),
        ("User:2", "IDENTIFIES", "Individual:1", None),
    ]
