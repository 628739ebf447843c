"""Rows come back from a shelf in their order, however many of them it holds in memory."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mce_graph import model
from mce_graph.load import scratch, shelf
from mce_graph.load.rows import NodeRow, RelRow, Row
from mce_graph.load.shelf import Shelf, order

STARTS = (None, model.BEGINNING, datetime(2024, 2, 29, tzinfo=UTC))
values = st.sampled_from(["a", 1, 1.5, True, None, ["x", "y"], datetime(2024, 2, 29, tzinfo=UTC)])
fields = st.dictionaries(st.sampled_from(["name", "tier"]), values, max_size=2)
systems = st.sampled_from([("CRM",), ("BILLING",), ("BILLING", "CRM")])
nodes = st.builds(NodeRow, st.just("Group"), st.sampled_from(["Group:1", "Group:2"]), systems, fields, st.just(0))
links = st.builds(
    RelRow, st.just("OWNED_BY"), st.sampled_from(["Group:1", "Group:2"]), st.just("Account:1"), systems, fields,
    st.just(0), st.sampled_from([None, "head"]), st.sampled_from(STARTS),
)  # fmt: skip
files = st.lists(st.tuples(st.lists(nodes | links, max_size=6), st.booleans()), max_size=5)
"""The rows of each file, and whether it is refused after all."""


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files, st.integers(1, 8))
def test_the_rows_of_the_files_that_are_kept_come_back_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[tuple[list[Row], bool]], at_once: int
) -> None:
    monkeypatch.setattr(shelf, "AT_ONCE", at_once)
    one = Shelf(lambda: tmp_path / "home")
    kept: dict[str, list[Row]] = {}
    for i, (rows, refused) in enumerate(given):
        for j, row in enumerate(rows):
            row.record = 10 * i + j
            one.put(row)
            if not refused:
                kept.setdefault(row.table, []).append(row)
        if refused:
            one.drop()
        else:
            one.keep()
    for table in ("Group", "OWNED_BY"):
        assert one.holds(table) == (table in kept)
        collected = one.collect(table, one.take(table))
        there = list(collected)
        assert len(collected) == len(there)
        assert [order(row) for row in there] == sorted(order(row) for row in kept.get(table, []))
        by_record = {row.record: row for row in there}
        assert by_record == {row.record: row for row in kept.get(table, [])}
        assert list(collected) == there
    one.close()
    assert not list(tmp_path.glob("home/*"))


def test_what_waits_on_disk_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "AT_ONCE", 1)
    one = Shelf(lambda: tmp_path / "home")
    one.put(NodeRow("Group", "Group:1", ("CRM",), {}, 0))
    paths = [tmp_path / "home", *(tmp_path / "home").rglob("*")]
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o700, 0o700, 0o600]


def test_what_a_killed_load_left_is_taken_away(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".rows-{ended.pid}-0123456789ab"
    left.mkdir()
    (left / "Group-1").write_bytes(b"")
    file = tmp_path / f".spool-{ended.pid}-0123456789ab"
    file.touch()
    ours = scratch.place(tmp_path, "rows")
    ours.mkdir()
    other = tmp_path / "notes.txt"
    other.touch()
    new = scratch.place(tmp_path, "spool")
    assert sorted(tmp_path.iterdir()) == sorted([ours, other])
    assert new.parent == tmp_path
    assert new != ours
