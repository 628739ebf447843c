"""Answers written by hand from the story, and that each depends on the story row named beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mce_graph import asking, library
from mce_graph.errors import MceError
from mce_graph.graph import Graph
from mce_graph.result import GraphResult, Result, json_value
from mce_graph.statement import Answer, Statement, Summary

HERE = Path(__file__).parent
REL = re.compile(r"(?P<type>[A-Z_]+) (?P<start>\S.*?) -> (?P<end>\S.*)")


@dataclass(frozen=True)
class Case:
    """One question with its arguments and the rows that are right."""

    question: str
    name: str
    args: Mapping[str, Any]
    expected: str
    without: str

    def __str__(self) -> str:
        return f"{self.question}: {self.name}"


def cases() -> list[Case]:
    found = []
    for path in sorted(HERE.glob("*.toml")):
        for given in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            expected = (
                given["rows"] if "rows" in given else f"{given['nodes'].strip()}\n{given['relationships'].strip()}"
            )
            found.append(Case(path.stem, given["name"], given.get("args", {}), expected, given.get("without", "")))
    return found


CASES = cases()


def table(answer: Result[object] | GraphResult) -> list[str]:
    """The answer as the golden files write it."""
    if isinstance(answer, GraphResult):
        nodes = [n.uid for n in answer.nodes]
        return sorted(nodes) + sorted(f"{r.type} {r.start} -> {r.end}" for r in answer.relationships)
    head = " | ".join(c.name for c in answer.columns)
    return [head, *(" | ".join(cell(v) for v in row) for row in answer.tuples())]


def cell(value: object) -> str:
    value = json_value(value)
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(cell(v) for v in value) or "[]"
    return str(value)


def written(case: Case) -> list[str]:
    lines = [re.sub(r"\s+\|\s+", " | ", line.strip()) for line in case.expected.strip().splitlines() if line.strip()]
    graph = library.get(case.question).returns == "graph"
    return (
        sorted(x for x in lines if not REL.fullmatch(x)) + sorted(x for x in lines if REL.fullmatch(x))
        if graph
        else lines
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_answer_is_the_one_written_by_hand(case: Case, story: Graph) -> None:
    assert table(story.ask(case.question, case.args)) == written(case)


@pytest.mark.parametrize("case", [c for c in CASES if c.without], ids=str)
def test_the_answer_changes_without_the_named_row(case: Case, story: Graph) -> None:
    assert asked_without(story, case) != written(case)


@pytest.mark.parametrize("question", library.ids())
def test_every_question_has_golden_rows(question: str) -> None:
    own = [c for c in CASES if c.question == question]
    assert own, f"tests/golden/{question}.toml is missing"
    assert any(c.without for c in own)


def asked_without(graph: Graph, case: Case) -> list[str]:
    """Ask in a transaction in which one row of the story is gone, and roll it back."""
    match = REL.fullmatch(case.without)
    with graph.driver.session(database=graph.database) as session, session.begin_transaction() as tx:

        def answered(statement: Statement) -> Answer:
            result = tx.run(statement.text, dict(statement.params))
            columns = tuple(result.keys())
            return Answer(columns, [tuple(record.values()) for record in result], Summary())

        if match:
            text = f"MATCH (a {{uid: $start}})-[r:{match['type']}]->(b {{uid: $end}}) DELETE r RETURN count(r) AS n"
            gone = answered(Statement(text, {"start": match["start"], "end": match["end"]}))
        else:
            gone = answered(
                Statement("MATCH (n {uid: $uid}) DETACH DELETE n RETURN count(n) AS n", {"uid": case.without})
            )
        assert gone.value(), f"the story has no {case.without}"
        conversation = asking.ask(library.get(case.question), case.args)
        try:
            statement = next(conversation)
            while True:
                statement = conversation.send(answered(statement))
        except StopIteration as done:
            return table(done.value)
        except MceError as error:
            return [type(error).__name__]
        finally:
            tx.rollback()
