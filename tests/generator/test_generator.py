"""The generated operator: the same bytes for a seed, the promised proportions, and every planted answer right."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mce_graph import library
from mce_graph.graph import Graph
from mce_graph.load.run import load

SCRIPT = Path(__file__).parents[2] / "scripts" / "generate.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("generate", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _digest(folder: Path) -> str:
    files = sorted(folder.iterdir())
    return hashlib.sha256(b"".join(f.name.encode() + f.read_bytes() for f in files)).hexdigest()


def test_the_same_seed_gives_the_same_bytes(script: ModuleType, tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        script.generate(tmp_path / name, 60, seed)
    assert _digest(tmp_path / "one") == _digest(tmp_path / "two") != _digest(tmp_path / "three")


def test_the_proportions(script: ModuleType, tmp_path: Path) -> None:
    manifest = script.generate(tmp_path, 3000, 1)
    assert 2 <= manifest["users"] / manifest["holders"] <= 3
    tickets = manifest["counts"]["TroubleTicket"]
    others = next(q for q in manifest["questions"] if q["question"] == "tickets.tickets_by_non_holders")["count"]
    assert 0.07 <= others / tickets <= 0.11
    with (tmp_path / "ACCEPTED_AS.csv").open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == manifest["counts"]["ACCEPTED_AS"]


@pytest.mark.parametrize("holders", [20, 300])
def test_every_question_has_a_planted_answer(script: ModuleType, tmp_path: Path, holders: int) -> None:
    manifest = script.generate(tmp_path, holders, 2)
    rows = {question.id for question in library.questions() if question.returns != "graph"}
    assert rows - {q["question"] for q in manifest["questions"]} == {"reconcile.counts"}
    assert manifest["counts"]


@pytest.mark.parametrize(("holders", "seed"), [(20, 3), (300, 1)])
def test_the_graph_gives_every_planted_answer(
    script: ModuleType, empty_graph: Graph, tmp_path: Path, holders: int, seed: int
) -> None:
    manifest = script.generate(tmp_path / "operator", holders, seed)
    report = load(empty_graph, tmp_path / "operator", rejects=tmp_path / "rejects.jsonl")
    assert (report.rejected, report.refused, report.read) == (0, (), manifest["rows"])
    assert script.differences(empty_graph, manifest) == []
    none = {q["question"] for q in manifest["questions"] if not q["count"]}
    assert holders < 300 or none <= {"reconcile.cardinality"}, "an answer without rows proves little"
