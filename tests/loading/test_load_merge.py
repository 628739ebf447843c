"""The order of loads of different systems does not matter, worked out without a server."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from mce_graph import model
from mce_graph.load import merge
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
    there: list[merge.RelState] = []

    def declares(system: str, table: str, run: str) -> frozenset[str]:
        return frozenset(said[system])

    for system in order:
        fields = dict(said[system])
        start = STARTS[fields.pop("validFrom", None)]  # type: ignore[index]
        row = RelRow(spec.type, "User:U-1", "Account:A-1", (system,), fields, 0, "guest", start)
        merge.changed_relationship(spec, there, row, f"run of {system}", declares)
    return [{k: v for k, v in s.properties.items() if v is not None and not k.startswith("seen")} for s in there]


# A system gives the start of all of its periods or of none: one that leaves some empty is not told apart.
periods = st.dictionaries(
    st.sampled_from(SYSTEMS),
    st.fixed_dictionaries({}, optional={"addedBy": words, "validFrom": st.sampled_from(["a", "b"])}),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(periods)
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
    st.tuples(st.dictionaries(dated, st.just(True), max_size=2), st.none() | st.tuples(dated)),
    min_size=1,
    max_size=4,
)
"""By system: the starts of its closed periods, and the start of its open one if it has one."""


@settings(max_examples=1000, deadline=None)
@given(histories, st.randoms(use_true_random=False))
def test_the_same_periods_again_change_nothing(
    said: dict[str, tuple[dict[str | None, bool], tuple[str | None] | None]], random: Random
) -> None:
    spec = model.RELATIONSHIPS[model.USES_ACCOUNT]
    starts = STARTS | {"c": datetime(2022, 1, 1, tzinfo=UTC)}
    given: list[tuple[str, datetime, datetime | None]] = []
    for system, (closed, running) in said.items():
        given += [(system, starts[c], starts[c] + timedelta(days=90)) for c in closed if (c,) != running]
        given += [(system, starts[running[0]], None)] if running else []
    there: list[merge.RelState] = []
    order = list(said)
    random.shuffle(order)
    changes: list[merge.RelChange | None] = []
    for _ in range(2):
        changes = []
        for system in order:
            for one, start, end in sorted(given, key=lambda g: g[1]):
                if one == system:
                    row = RelRow(spec.type, "User:U", "Account:A", (system,), {"validTo": end}, 0, "guest", start)
                    change = merge.changed_relationship(
                        spec, there, row, f"run of {system}", lambda *_: frozenset({"validFrom", "validTo"})
                    )
                    changes.append(change)
    assert not any(changes)


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
