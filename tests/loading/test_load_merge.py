"""The order of loads of different systems does not matter, worked out without a server."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from mce_graph import model
from mce_graph.load import merge, periods
from mce_graph.load.fold import Fold
from mce_graph.load.merge import Properties
from mce_graph.load.rows import NodeRow, RelRow, Value

SYSTEMS = ("CRM", "BILLING", "SDP", "LEGACY")
FIELDS = ("name", "segment", "churnReason")
Said = dict[str, Value]


def node(said: dict[str, Said], order: tuple[str, ...]) -> tuple[Properties, list[Properties]]:
    """A customer after one load of each system in this order, and its source records, without what names the load."""
    spec = model.NODES["Customer"]
    there: Properties | None = None
    records: dict[str, Properties] = {}

    def declares(system: str, table: str, run: str) -> frozenset[str]:
        assert run == f"run of {system}"
        return frozenset(said[system])

    for system in order:
        row = NodeRow("Customer", "Customer:C-1", (system,), {"id": "C-1", **said[system]}, 0)
        if there is None:
            there = merge.new_node(row, f"run of {system}")
            continue
        change = merge.changed_node(spec, there, row, f"run of {system}", declares, records.values())
        there = {name: value for name, value in (there | change.set).items() if value is not None}
        for view in change.records:
            records[view.uid] = {"uid": view.uid, "system": view.system, "declares": sorted(view.fields), **view.fields}
        for uid in change.drop_records:
            del records[uid]
    assert there is not None
    return there, [records[uid] for uid in sorted(records)]


words = st.sampled_from([None, "a", "b"])
speeches = st.dictionaries(
    st.sampled_from(SYSTEMS), st.dictionaries(st.sampled_from(FIELDS), words), min_size=1, max_size=4
)


@settings(max_examples=200, deadline=None)
@given(speeches)
def test_merged_values_and_source_records_do_not_depend_on_the_order(said: dict[str, Said]) -> None:
    results = [node(said, order) for order in itertools.permutations(said)]
    assert all(one == results[0] for one in results[1:])
    properties, records = results[0]
    ranked = [s for s in SYSTEMS if s in said]  # CRM is the customer's master; LEGACY is no declared system
    for field in FIELDS:
        declared = [said[s][field] for s in ranked if field in said[s]]
        assert properties.get(field) == (declared[0] if declared else None)
    differ = any(len({said[s][f] for s in ranked if f in said[s]}) > 1 for f in FIELDS)
    assert len(records) == (len(said) if differ else 0)


@settings(max_examples=100, deadline=None)
@given(speeches, st.data())
def test_a_system_that_says_the_same_again_changes_nothing(said: dict[str, Said], data: st.DataObject) -> None:
    order = tuple(said)
    again = (*order, data.draw(st.sampled_from(order)))
    assert node(said, again) == node(said, order)


STARTS = {None: model.BEGINNING, "a": datetime(2020, 1, 1, tzinfo=UTC), "b": datetime(2021, 1, 1, tzinfo=UTC)}


def link(said: dict[str, Said], order: tuple[str, ...]) -> list[Properties]:
    """The open periods of one user on one account after one load of each system, without what names the load."""
    spec = model.RELATIONSHIPS[model.USES_ACCOUNT]
    there: list[periods.RelState] = []

    def declares(system: str, table: str, run: str) -> frozenset[str]:
        return frozenset(said[system])

    for system in order:
        fields = dict(said[system])
        start = STARTS[fields.pop("validFrom", None)]  # type: ignore[index]
        row = RelRow(spec.type, "User:U-1", "Account:A-1", (system,), fields, 0, "guest", start)
        periods.changed_relationship(spec, there, row, f"run of {system}", declares)
    return shown(there)


def shown(there: list[periods.RelState]) -> list[Properties]:
    """The relationships as they stand in the graph afterwards, without what names the load."""
    left = [sorted(s.properties.items()) for s in there if not s.gone]
    return [
        dict(p) for p in sorted(([(k, v) for k, v in p if v is not None and k[:4] != "seen"] for p in left), key=str)
    ]


# A system gives the start of all of its periods or of none: one that leaves some empty is not told apart.
open_periods = st.dictionaries(
    st.sampled_from(SYSTEMS),
    st.fixed_dictionaries({}, optional={"addedBy": words, "validFrom": st.sampled_from(["a", "b"])}),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(open_periods)
def test_an_open_period_does_not_depend_on_the_order(said: dict[str, Said]) -> None:
    results = [link(said, order) for order in itertools.permutations(said)]
    assert all(one == results[0] for one in results[1:])
    ((period),) = results[0]
    ranked = [s for s in ("SDP", "CRM", "BILLING", "LEGACY") if s in said]  # SDP is the master of the type
    starts = [STARTS[said[s]["validFrom"]] for s in ranked if "validFrom" in said[s]]  # type: ignore[index]
    assert period["validFrom"] == (starts[0] if starts else model.BEGINNING)


dated = st.sampled_from([None, "a", "b", "c"])
histories = st.dictionaries(
    st.sampled_from(SYSTEMS),
    st.tuples(st.dictionaries(dated, words, max_size=3), st.none() | st.tuples(dated, words), st.booleans()),
    min_size=1,
    max_size=4,
)
"""By system: the starts of its closed periods with who added it, the same of its open one if it has one, and whether
it says at all who added somebody."""
History = tuple[dict[str | None, Value], tuple[str | None, Value] | None, bool]
DAY = {**STARTS, "c": datetime(2022, 1, 1, tzinfo=UTC)}


def claims(said: History, system: str) -> list[RelRow]:
    """The rows of one system, in the order of a folded load."""
    closed, running, adds = said
    given = [(DAY[c], DAY[c] + timedelta(days=90), by) for c, by in closed.items() if not running or c != running[0]]
    ended: list[tuple[datetime, datetime | None, Value]] = [*given]
    if running:
        ended.append((DAY[running[0]], None, running[1]))
    return [
        RelRow(
            model.USES_ACCOUNT, "User:U", "Account:A", (system,),
            {"validTo": end, **({"addedBy": by} if adds else {})}, 0, "guest", start,
        )
        for start, end, by in sorted(ended, key=lambda g: g[0])
    ]  # fmt: skip


def told(said: dict[str, History], order: Iterable[str], there: list[periods.RelState]) -> list[periods.RelState]:
    """All relationships after one load of each system in this order."""
    spec = model.RELATIONSHIPS[model.USES_ACCOUNT]

    def declares(system: str, table: str, run: str) -> frozenset[str]:
        return frozenset(run.split())

    for system in order:
        run = "validFrom validTo addedBy" if said[system][2] else "validFrom validTo"
        for row in claims(said[system], system):
            periods.changed_relationship(spec, there, row, run, declares)
    return there


@settings(max_examples=1000, deadline=None)
@given(histories, st.randoms(use_true_random=False))
def test_histories_do_not_depend_on_the_order_of_loads(said: dict[str, History], random: Random) -> None:
    expected = shown(told(said, sorted(said), []))
    order = list(said)
    for _ in range(3):
        random.shuffle(order)
        assert shown(told(said, order, [])) == expected


@settings(max_examples=500, deadline=None)
@given(histories, histories, st.randoms(use_true_random=False))
def test_later_histories_do_not_depend_on_what_other_systems_load_meanwhile(
    first: dict[str, History], then: dict[str, History], random: Random
) -> None:
    """Each system loads twice: in its own order, but others may come between."""
    then = {s: (closed, running, first[s][2]) for s, (closed, running, _) in then.items() if s in first}
    expected = shown(told(then, sorted(then), told(first, sorted(first), [])))
    turns = [*first, *then]
    for _ in range(3):
        random.shuffle(turns)
        there: list[periods.RelState] = []
        seen: set[str] = set()
        for system in turns:
            there = told(then if system in seen else first, [system], there)
            seen.add(system)
        assert shown(there) == expected


@settings(max_examples=1000, deadline=None)
@given(histories, st.randoms(use_true_random=False))
def test_the_same_periods_again_change_nothing(said: dict[str, History], random: Random) -> None:
    order = list(said)
    random.shuffle(order)
    there = [s for s in told(said, order, []) if not s.gone]
    for state in there:
        state.changes.clear()
    random.shuffle(order)
    again = told(said, order, list(there))
    assert [s.properties for s in again if s.changes or s.gone] == []
    assert len(again) == len(there)


@settings(max_examples=300, deadline=None)
@given(histories)
def test_every_system_has_a_claim_in_as_many_relationships_as_it_has_periods(said: dict[str, History]) -> None:
    left = shown(told(said, sorted(said), []))
    for system, history in said.items():
        named = [p for p in left if system in p["sources"]]  # type: ignore[operator]
        assert len(named) == len(claims(history, system))


def nowhere() -> Path:
    raise AssertionError("a few rows stay in memory")


times = st.sampled_from([None, datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)])
rows = st.lists(st.tuples(st.sampled_from(FIELDS), words, times, st.booleans()), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_folding_does_not_depend_on_the_order_of_rows(
    given: list[tuple[str, str | None, datetime | None, bool]], random: object
) -> None:
    def folded(order: list[int]) -> tuple[Properties, int]:
        fold = Fold(nowhere)
        for i in order:
            field, value, as_of, partial = given[i]
            row = NodeRow("Customer", "Customer:C-1", ("CRM",), {"id": "C-1", field: value}, i, as_of, partial)
            fold.add(row)
        fold.keep()
        result = fold.resolve()
        (kept,) = result.nodes["Customer"]
        return kept.fields, sum(c.whole for c in result.away.conflicts)

    numbers = list(range(len(given)))
    first = folded(numbers)
    random.shuffle(numbers)  # type: ignore[attr-defined]
    assert folded(numbers) == first
