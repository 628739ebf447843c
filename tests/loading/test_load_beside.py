"""Two batches of nodes are written at once; the first is committed before the second, or neither is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mce_graph.errors import MceError, QueryError
from mce_graph.graph import Graph
from mce_graph.load.batches import Batch, BatchResult, NodeBatch, RelBatch
from mce_graph.load.checkpoint import Run
from mce_graph.load.run import load
from mce_graph.load.write import Writer, pairs

from .dump import dump, put, values

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Rows = Callable[[Writer, Run, Batch], BatchResult]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight users, which are written four at a time."""
    monkeypatch.setattr("mce_graph.load.run.SMALL", 0)
    return put(tmp_path / "in", User="id,nickname\n" + "".join(f"U-{i},user {i}\n" for i in range(8)))


def loaded(graph: Graph, folder: Path) -> int:
    return load(graph, folder, now=NOW, nodes_at_once=4).written


def watched(monkeypatch: pytest.MonkeyPatch, change: Callable[[Rows, Writer, Run, Batch], BatchResult]) -> None:
    """Put something around the writing of each batch inside of its transaction."""
    original = Writer.rows

    def rows(writer: Writer, run: Run, batch: Batch) -> BatchResult:
        return change(original, writer, run, batch)

    monkeypatch.setattr(Writer, "rows", rows)


def starts(batch: Batch) -> str:
    assert isinstance(batch, NodeBatch)
    return batch.rows[0].uid


def test_both_transactions_are_open_at_once(empty_graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=30)

    def meet(rows: Rows, writer: Writer, run: Run, batch: Batch) -> BatchResult:
        both.wait()
        return rows(writer, run, batch)

    watched(monkeypatch, meet)
    assert loaded(empty_graph, folder) == 8
    assert values(empty_graph, "MATCH (u:User) RETURN count(u)") == [(8,)]


def test_nothing_of_the_second_is_there_when_the_first_fails(
    empty_graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = threading.Event()

    def fail(rows: Rows, writer: Writer, run: Run, batch: Batch) -> BatchResult:
        if starts(batch) == "User:U-0":
            assert second.wait(30)
            raise MceError("the first fails")
        result = rows(writer, run, batch)
        second.set()
        return result

    with monkeypatch.context() as patch:
        watched(patch, fail)
        with pytest.raises(MceError, match="the first fails"):
            loaded(empty_graph, folder)
    assert values(empty_graph, "MATCH (u:User) RETURN count(u)") == [(0,)]
    assert values(empty_graph, "MATCH (r:LoadRun) WHERE r.id <> 'lease' RETURN r.batch") == [(0,)]
    assert loaded(empty_graph, folder) == 8


def test_the_second_is_written_in_its_turn_when_it_fails_beside_the_first(
    empty_graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loaded(empty_graph, folder) == 8
    expected = dump(empty_graph)
    empty_graph.cypher("MATCH (n) DETACH DELETE n", write=True)
    failed: list[str] = []

    def fail(rows: Rows, writer: Writer, run: Run, batch: Batch) -> BatchResult:
        if threading.current_thread() is not threading.main_thread():
            rows(writer, run, batch)
            failed.append(starts(batch))
            raise QueryError("not now")
        return rows(writer, run, batch)

    watched(monkeypatch, fail)
    assert loaded(empty_graph, folder) == 8
    assert failed == ["User:U-4"]
    assert dump(empty_graph) == expected
    assert values(empty_graph, "MATCH (r:LoadRun) WHERE r.id <> 'lease' RETURN r.batch, r.complete") == [(8, True)]


def test_the_first_is_committed_first_however_long_it_takes(
    empty_graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = threading.Event()
    seen: list[object] = []

    def wait(rows: Rows, writer: Writer, run: Run, batch: Batch) -> BatchResult:
        result = rows(writer, run, batch)
        if starts(batch) == "User:U-0":
            assert second.wait(30)
            seen.extend(values(writer.graph, "MATCH (u:User) RETURN count(u)"))
        else:
            second.set()
        return result

    watched(monkeypatch, wait)
    assert loaded(empty_graph, folder) == 8
    assert seen == [(0,)]


def test_only_batches_of_one_label_and_one_system_go_together() -> None:
    def nodes(label: str, system: str) -> NodeBatch:
        return NodeBatch(label, (system,), (), [])

    link = RelBatch("USES_ACCOUNT", "User", "Account", ("IDM",), (), [])
    batches: list[Batch] = [
        nodes("User", "IDM"), nodes("User", "IDM"), nodes("User", "IDM"), nodes("User", "SDP"), nodes("Account", "SDP"),
        link, link,
    ]  # fmt: skip
    jobs = [(batch, at) for at, batch in enumerate(batches)]
    assert [(first[1], second and second[1]) for first, second in pairs(jobs)] == [
        (0, 1), (2, None), (3, None), (4, None), (5, None), (6, None),
    ]  # fmt: skip
