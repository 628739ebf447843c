"""Cypher of one's own: what a reading session would let through, and the gate does not."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mce_graph import catalogue, gate, library
from mce_graph.errors import GateError, MceError, ParameterError, QueryError, TimeoutExceededError, WriteRefusedError
from mce_graph.graph import Graph

REFUSED = {
    "a file": "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "an address": "LOAD CSV FROM 'http://127.0.0.1:1/' AS line RETURN line",
    "a file after a comment": "LOAD/* */CSV FROM 'file:///x' AS line RETURN line",
    "a file in a subquery": "CALL { LOAD CSV FROM 'file:///x' AS line RETURN line } RETURN line",
    "a file in a condition": "RETURN EXISTS { LOAD CSV FROM 'file:///x' AS line RETURN line } AS x",
    "a file in a list, which the plan does not show": (
        "RETURN [x IN [1] | COLLECT { LOAD CSV FROM 'file:///x' AS line RETURN line }] AS x"
    ),
    "the word hidden by an escape": "LOAD C\\u0053V FROM 'file:///x' AS line RETURN line",
    "the users": "SHOW USERS",
    "the settings": "SHOW SETTINGS",
    "other people's queries": "SHOW TRANSACTIONS",
    "other people's values": "SHOW TRANSACTIONS YIELD parameters RETURN parameters",
    "the procedures": "SHOW PROCEDURES YIELD name RETURN name",
    "the databases": "SHOW DATABASES",
    "ending a transaction": "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "ending a connection": "CALL dbms.killConnections(['bolt-1'])",
    "the configuration": "CALL dbms.listConfig() YIELD name, value RETURN name, value",
    "the configuration, quoted": "CALL `dbms`.`listConfig`() YIELD name RETURN name",
    "the configuration in a list": "RETURN [x IN [1] | COLLECT { CALL dbms.listConfig() YIELD name RETURN name }] AS x",
    "the connections": "CALL dbms.listConnections() YIELD connectionId RETURN connectionId",
    "beans": "CALL dbms.queryJmx('*:*') YIELD name RETURN name",
    "statistics of values": "CALL db.stats.retrieveAllAnonymized('x') YIELD data RETURN data",
    "a new password": "ALTER USER neo4j SET PASSWORD 'x2345678'",
    "a new user": "CREATE USER eve SET PASSWORD 'x2345678'",
    "an index": "CREATE INDEX eve FOR (n:Customer) ON (n.eve)",
    "a new label": "CALL db.createLabel('Eve')",
    "a function of a plug-in": "RETURN apoc.cypher.runFirstColumnSingle('RETURN 1', {}) AS x",
    "a regular expression": "MATCH (n:Customer) WHERE n.name =~ '(a+)+$' RETURN n.uid AS uid",
    "a regular expression in parts": "MATCH (n:Customer) WHERE n.name =/* */~ '(a+)+$' RETURN n.uid AS uid",
    "nested brackets": "RETURN " + "(" * 4000 + "1" + ")" * 4000 + " AS x",
    "nested conditions": "MATCH (n:User) WHERE " + "EXISTS { MATCH (n) WHERE " * 20 + "true" + " }" * 20 + " RETURN n",
    "nested negation": "RETURN " + "NOT " * 500 + "true AS x",
    "a long sum": "RETURN " + "+".join("1" * 3000) + " AS x",
    "a long text": "RETURN 1 AS x //" + "x" * 20_000,
    "an explanation": "EXPLAIN MATCH (n) RETURN n",
    "a profile": "PROFILE MATCH (n) RETURN n",
    "an invisible character": "RETURN 1 AS\u200b x",
}
WRITES = {
    "create": "CREATE (n:Eve {uid: 'Eve:1'})",
    "merge": "MERGE (n:Eve {uid: 'Eve:1'}) RETURN n.uid AS uid",
    "set": "MATCH (n:Customer) SET n.name = 'Eve' RETURN count(n) AS n",
    "remove": "MATCH (n:Customer) REMOVE n:Customer",
    "delete": "MATCH (n) DETACH DELETE n",
    "foreach": "FOREACH (i IN [1] | CREATE (:Eve))",
    "in a subquery": "CALL { CREATE (n:Eve) RETURN n } RETURN count(n) AS n",
    "in batches": "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_reading_of_the_graph_is_refused(what: str, graph: Graph) -> None:
    with pytest.raises((GateError, QueryError)) as refused:
        graph.cypher(REFUSED[what], timeout=5)
    assert not isinstance(refused.value, TimeoutExceededError)


@pytest.mark.parametrize("what", WRITES)
def test_a_write_is_refused_before_it_runs(what: str, graph: Graph) -> None:
    with pytest.raises(WriteRefusedError):
        graph.cypher(WRITES[what])


def test_a_write_that_is_asked_for_is_done_and_still_no_file_is_read(empty_graph: Graph) -> None:
    assert empty_graph.cypher("CREATE (n:Note {text: $t}) RETURN n.text AS t", {"t": "x"}, write=True).value() == "x"
    assert empty_graph.cypher("MATCH (n:Note) RETURN count(n) AS n").value() == 1
    for text in ("LOAD CSV FROM 'file:///x' AS line CREATE (:Note)", "CREATE INDEX eve FOR (n:Note) ON (n.text)"):
        with pytest.raises(GateError):
            empty_graph.cypher(text, write=True)
    with pytest.raises(GateError, match="TransactionForeach"):
        empty_graph.cypher(WRITES["in batches"], write=True)


ALLOWED = {
    "MATCH (c:Customer {uid: $uid}) RETURN c.name AS name": [{"name": "Anna Müller"}],
    "MATCH (c:Customer) WHERE c.uid STARTS WITH 'Customer:C-100' RETURN count(c) > 1 AS several": [{"several": True}],
    "RETURN 'LOAD CSV =~ CALL dbms.x() SHOW USERS' AS text": [{"text": "LOAD CSV =~ CALL dbms.x() SHOW USERS"}],
    "RETURN date.truncate('month', date('2026-11-17')) AS day": [{"day": datetime(2026, 11, 1).date()}],
    "MATCH (c:Customer {uid: $uid}) CALL (c) { MATCH (c)-[:HOLDS_ACCOUNT]->(a) RETURN min(a.uid) AS a } RETURN a": [
        {"a": "Account:A-1001"}
    ],
    "CALL db.labels() YIELD label WITH label WHERE label = 'Customer' RETURN label": [{"label": "Customer"}],
    "// the end\nRETURN [x IN range(1, 3) WHERE x > 1 | x * 2] AS `a list`;": [{"a list": (4, 6)}],
}


@pytest.mark.parametrize("text", ALLOWED)
def test_reading_is_allowed(text: str, story: Graph) -> None:
    assert story.cypher(text, {"uid": "Customer:C-1001"}).to_dicts() == ALLOWED[text]


@pytest.mark.parametrize(
    "id", ["identify.find_party", "identify.explain_link", "groups.group_members", "sla.effective_sla"]
)
def test_the_plans_of_questions_would_pass(id: str, graph: Graph) -> None:
    template = library.get(id)
    gate.look_at_plan(graph.explain(template.bind(catalogue.examples(template)).statement), write=False)


def test_rows_are_capped_and_the_result_says_so(graph: Graph) -> None:
    result = graph.cypher("UNWIND range(1, 100000000) AS x RETURN x", limit=3, timeout=10)
    assert result.to_dicts() == [{"x": 1}, {"x": 2}, {"x": 3}]
    assert result.truncated
    assert not graph.cypher("UNWIND range(1, 3) AS x RETURN x", limit=3).truncated


@pytest.mark.parametrize(
    "text",
    [
        "UNWIND range(1, 1000000000) AS x WITH x WHERE x % 7 = 8 RETURN count(*) AS n",
        "WITH 'x' AS t " + "WITH t + t AS t " * 28 + "RETURN size(t) AS n",
        "RETURN all(a IN range(1, 7000) WHERE all(b IN range(1, 7000) WHERE a * b > 0)) AS x",
    ],
    ids=["one the server can stop", "doubling", "one it cannot"],
)
def test_the_clock_is_ours_whatever_the_server_does(text: str, graph: Graph) -> None:
    begun = time.monotonic()
    with pytest.raises((TimeoutExceededError, QueryError)):
        graph.cypher(text, timeout=0.5)
    assert time.monotonic() - begun < 0.5 + gate.GRACE + 2
    assert graph.cypher("RETURN 1 AS x", timeout=30).value() == 1


def test_a_list_doubled_forty_times_leaves_the_server_up(graph: Graph) -> None:
    text = "WITH [1] AS l " + "WITH l + l AS l " * 40 + "RETURN size(l) AS n"
    with suppress(MceError):  # 5.26 doubles lazily and answers
        graph.cypher(text, timeout=1)
    assert graph.cypher("RETURN 1 AS x", timeout=30).value() == 1


NOON = datetime(2026, 11, 1, 12, tzinfo=timezone(timedelta(hours=1)))


def test_values_go_in_and_come_out_exactly(graph: Graph) -> None:
    given = {"i": 2**63 - 1, "j": -(2**63), "f": 0.1, "s": "x", "b": True, "n": None, "l": [1, [2]], "t": NOON}
    found = graph.cypher("RETURN $p AS p, $p.t AS t", {"p": given}).to_dicts()[0]
    assert found["p"] == {**given, "l": (1, (2,)), "t": NOON}
    assert found["t"] == NOON.astimezone(UTC)
    assert getattr(found["t"], "tzinfo", None) is UTC


@pytest.mark.parametrize(
    "value", [datetime(2026, 11, 1), [datetime(2026, 11, 1)], {"a": {"b": datetime(2026, 11, 1)}}, 2**63, object()]
)
def test_values_without_a_place_are_refused(value: object, graph: Graph) -> None:
    with pytest.raises(ParameterError, match=r"\$x"):
        graph.cypher("RETURN $x AS x", {"x": value})


def test_half_a_surrogate_is_refused_in_words(graph: Graph) -> None:
    with pytest.raises(ParameterError, match="surrogate"):
        graph.cypher("RETURN $x AS x", {"x": "\ud800"})


def test_a_slip_is_placed_in_the_text_as_it_was_given(graph: Graph) -> None:
    with pytest.raises(QueryError, match=r"line 1, column 1\)"):
        graph.cypher("RETRUN 1")
    with pytest.raises(QueryError, match=r"line 2, column 8\)"):
        graph.cypher("MATCH (n)\nRETURN nn")


def test_the_error_of_a_statement_does_not_quote_it(graph: Graph) -> None:
    with pytest.raises(QueryError) as failure:
        graph.cypher("MATCH (n {name: 'Anna Example') RETURN n")
    assert "Anna" not in f"{failure.value} {failure.value.hint}"
