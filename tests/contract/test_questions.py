"""Every question of the registry keeps what its header promises; EXPLAIN on a real server is the linter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from mce_graph import catalogue, library
from mce_graph.errors import WriteRefusedError
from mce_graph.graph import Graph
from mce_graph.result import GraphResult
from mce_graph.statement import Statement, walk
from mce_graph.template import ACTORS, USE_CASES, Template

IDS = library.ids()
PYTHON = {"string": str, "int": int, "float": float, "boolean": bool, "datetime": datetime, "date": date, "map": dict}
FORBIDDEN = {"AllNodesScan", "DirectedAllRelationshipsScan", "UndirectedAllRelationshipsScan", "CartesianProduct"}
SEEKS = {"NodeUniqueIndexSeek", "Argument"}
ANCHORED_TOO = {"NodeByLabelScan", "UnionNodeByLabelsScan", "PartitionedNodeByLabelScan", "NodeIndexScan"}


@pytest.fixture(params=IDS)
def question(request: pytest.FixtureRequest) -> Template:
    return library.get(request.param)


def operator(step: Mapping[str, object]) -> str:
    return str(step["operatorType"]).split("@")[0]


def leaves(step: Mapping[str, object]) -> set[str]:
    return {operator(s) for s in walk(step) if not s.get("children")}


def test_the_registry_is_not_empty() -> None:
    assert len(IDS) >= 10
    assert {id.partition(".")[0] for id in IDS} <= set(USE_CASES)


def test_explain_agrees_with_the_header(question: Template, graph: Graph) -> None:
    bound = question.bind(catalogue.examples(question))
    answer = graph.fetch(Statement(f"EXPLAIN {bound.statement.text}", bound.statement.params, name=question.id))
    assert question.returns == "graph" or answer.columns == tuple(c.name for c in question.columns)
    summary = graph.explain(bound.statement)
    assert summary.kind == {"read": "r", "write": "rw"}[question.access]
    assert summary.notes == ()


def test_the_plan_starts_where_it_should(question: Template, graph: Graph) -> None:
    summary = graph.explain(question.bind(catalogue.examples(question)).statement)
    assert summary.plan is not None
    found = {operator(s) for s in walk(summary.plan)} & (
        FORBIDDEN | (ANCHORED_TOO if question.scope == "anchored" else set())
    )
    for step in walk(summary.plan):
        if operator(step) == "CartesianProduct" and leaves(step) <= SEEKS:
            found.discard("CartesianProduct")
    assert found <= set(question.allow), f"{question.id}: {sorted(found)}; anchor it, or allow it with the reason"


def test_what_the_header_allows_is_needed(question: Template, graph: Graph) -> None:
    summary = graph.explain(question.bind(catalogue.examples(question)).statement)
    assert set(question.allow) <= set(summary.operators()), "the plan no longer has it: take it out of [allow]"
    assert all(len(reason) > 20 for reason in question.allow.values())


def test_rows_are_what_the_header_says(question: Template, story: Graph) -> None:
    answer = story.ask(question, catalogue.examples(question))
    if isinstance(answer, GraphResult):
        assert answer.nodes
        assert len({n.uid for n in answer.nodes}) == len(answer.nodes)
        return
    keys = [tuple(row[k] for k in question.key) for row in answer.to_dicts()]
    assert len(keys) == len(set(keys))
    for row in answer.to_dicts():
        for column in question.columns:
            value = row[column.name]
            if value is None:
                assert column.nullable, f"{column.name} is empty"
            elif column.type.startswith("list["):
                assert isinstance(value, tuple)
                assert all(isinstance(v, PYTHON[column.type[5:-1]]) for v in value)
            else:
                assert isinstance(value, PYTHON[column.type]), f"{column.name}: {value!r}"
                assert column.type == "boolean" or not isinstance(value, bool)


def test_the_example_answers_on_the_story(question: Template, story: Graph) -> None:
    answer = story.ask(question, catalogue.examples(question))
    count = len(answer.nodes) if isinstance(answer, GraphResult) else len(answer)
    assert count, "choose an example that has an answer"


def test_limit_cuts_and_says_so(question: Template, story: Graph) -> None:
    if question.returns != "many":
        pytest.skip("gives no list")
    given = catalogue.examples(question)
    everything = story.ask(question, {**given, "limit": None})
    one = story.ask(question, {**given, "limit": 1})
    assert not isinstance(everything, GraphResult)
    assert not isinstance(one, GraphResult)
    assert not everything.truncated
    assert one.truncated == (len(everything) > 1)
    assert one.tuples() == everything.tuples()[:1]


def test_the_header_speaks_to_people(question: Template) -> None:
    assert question.question.endswith("?")
    assert set(question.actors) <= set(ACTORS)
    assert all(p.unit for p in question.parameters if p.type in ("int", "float") and p.name not in UNITLESS)
    assert all(c.unit for c in question.columns if c.type == "float")


UNITLESS = {"limit", "contacts", "min_n", "n", "k"}


def test_the_server_refuses_a_write_in_a_reading_session(graph: Graph) -> None:
    with pytest.raises(WriteRefusedError):
        graph.fetch(Statement("CREATE (n:Customer {uid: 'Customer:no'}) RETURN n.uid AS uid"))
    assert graph.fetch(Statement("MATCH (n:Customer {uid: 'Customer:no'}) RETURN count(n) AS n")).value() == 0


def test_a_misspelt_label_is_noted(graph: Graph) -> None:
    assert graph.explain(Statement("MATCH (n:Custommer) RETURN n.uid AS uid")).notes
