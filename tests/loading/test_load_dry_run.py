"""A dry run says what the load would do, and leaves the graph as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from mce_graph.errors import SourceError
from mce_graph.graph import Graph
from mce_graph.load.report import LoadReport
from mce_graph.load.run import load
from mce_graph.statement import Statement

from .dump import dump, put
from .test_load_graph import FAMILY, NOW

CHANGED = {
    "Customer": "id,name,status\nC-1,Ann Archer,terminated\nC-2,Ben,active\n",
    "User": "id,nickname,login\nU-1,ann,Ann@x.org\nU-9,new,\n",
    "HOLDS_ACCOUNT": "start,end,role\nCustomer:C-2,Account:A-1,billPayer\nCustomer:C-9,Account:A-1,billPayer\n",
}


def both(graph: Graph, folder: Path) -> tuple[LoadReport, LoadReport]:
    """The report of a dry run and that of the load itself."""
    before = dump(graph, seen=True)
    runs = graph.fetch(Statement("MATCH (r:LoadRun) RETURN count(r)")).value()
    dry = load(graph, folder, now=NOW, rejects=folder.parent / "dry.jsonl", dry_run=True)
    assert dump(graph, seen=True) == before
    assert graph.fetch(Statement("MATCH (r:LoadRun) RETURN count(r)")).value() == runs
    return dry, load(graph, folder, now=NOW, rejects=folder.parent / "real.jsonl")


def test_a_dry_run_says_what_the_load_then_does(empty_graph: Graph, tmp_path: Path) -> None:
    for name, tables in (("first", FAMILY), ("second", CHANGED), ("again", CHANGED)):
        dry, real = both(empty_graph, put(tmp_path / name, **tables))
        assert (dry.dry_run, real.dry_run) == (True, False)
        assert dry.counts == real.counts, name
        assert dry.changes == real.changes
        made = (dry.nodes_created, dry.relationships_created)
        assert made == (real.nodes_created, real.relationships_created)
    assert (dry.written, dry.rejected) == (0, 1)
    said = [(tmp_path / f"{which}.jsonl").read_text(encoding="utf-8") for which in ("dry", "real")]
    assert said[0] == said[1]
    assert "Customer:C-9 is neither in the graph nor in this load" in said[0]


def test_a_dry_run_refuses_what_the_load_would_refuse(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", Customer="id\nC-1\n")
    load(empty_graph, folder, system="CRM", extracted_at="2026-10-02T00:00:00Z", now=NOW)
    older = put(tmp_path / "older", Customer="id\nC-2\n")
    with pytest.raises(SourceError, match="made later"):
        load(empty_graph, older, system="CRM", extracted_at="2026-10-01T00:00:00Z", now=NOW, dry_run=True)
