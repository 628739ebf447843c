"""The server finds what the loader asks for by its unique indexes, on an empty graph too, where scans look cheap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from mce_graph import model
from mce_graph.graph import Graph
from mce_graph.load import plan, sweep
from mce_graph.load.batches import NodeBatch, RelBatch
from mce_graph.statement import Statement

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SCANS = ("AllNodesScan", "NodeByLabelScan", "AllRelationshipsScan", "RelationshipTypeScan", "UnionNodeByLabelsScan")


def statements() -> Iterator[tuple[str, Statement]]:
    for label, spec in model.NODES.items():
        columns = tuple(p.name for p in spec.properties)
        yield f"nodes {label}", plan.find_or_create_nodes(NodeBatch(label, ("CRM",), columns, []), "x")
    for type_, rel in model.RELATIONSHIPS.items():
        start, end = model.key_labels(rel.starts)[0], model.key_labels(rel.ends)[-1]
        yield (
            f"relationships {type_}",
            plan.find_or_create_relationships(
                RelBatch(type_, start, end, ("CRM",), tuple(p.name for p in rel.properties), []), "x"
            ),
        )
    yield "find nodes", plan.find_nodes([])
    yield "change nodes", plan.change_nodes(plan.ANY, [])
    yield "label nodes", plan.label_nodes("Group", "Household", [], on=True)
    yield "records", plan.records_of(plan.ANY, [])
    yield "keep records", plan.keep_records(plan.ANY, [], NOW)
    yield "drop records", plan.drop_records([])
    yield "find relationships", plan.find_relationships([])
    yield "create relationships", plan.create_relationships(plan.ANY, plan.ANY, [])
    yield "change relationships", plan.change_relationships(plan.ANY, plan.ANY_TYPE, plan.ANY, [])
    yield "delete relationships", plan.delete_relationships(plan.ANY, plan.ANY_TYPE, plan.ANY, [])
    yield "delete one type", plan.delete_relationships("User", "USES_ACCOUNT", "Account", [])
    yield "change one type", plan.change_relationships("User", "USES_ACCOUNT", "Account", [])
    yield "engaged party", plan.engaged_party([])
    for name, text in (
        ("make parties", sweep._MAKE_PARTIES),
        ("follow users", sweep._FOLLOW_USERS),
        ("drop parties", sweep._DROP_PARTIES),
        ("mark", sweep._MARK),
        ("behind a party", sweep._behind("Individual")),
        ("behind a customer", sweep._behind("Customer")),
    ):
        given = {"uids": [], "now": NOW, "beginning": NOW, "back": []}
        yield name, Statement(text, given, "write", name=name)


@pytest.mark.parametrize(("name", "statement"), list(statements()), ids=[name for name, _ in statements()])
def test_no_statement_of_a_load_scans(empty_graph: Graph, name: str, statement: Statement) -> None:
    operators = empty_graph.explain(statement).operators()
    assert not [o for o in operators if any(scan in o for scan in SCANS)]
    assert any("UniqueIndexSeek" in o for o in operators)
