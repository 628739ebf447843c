"""A load that writes nothing: read, folded and compared like any other, where the server would refuse a write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from mce_graph import model
from mce_graph.graph import Graph
from mce_graph.load import write_mixed
from mce_graph.load.batches import Batch, BatchResult, MixedNodes, NodeBatch
from mce_graph.load.fold import Folded
from mce_graph.load.shelf import NEVER
from mce_graph.load.write_tables import Load
from mce_graph.statement import Answer, Statement, Summary

USERS_AT_ONCE = 10_000


@dataclass(slots=True)
class Rehearsal:
    """Stands in for the transaction of a batch: reads are answered by the graph, writes are left out."""

    graph: Graph
    load: Load
    expected: set[str] = field(default_factory=set)
    """Nodes of the load: a relationship between them will find its ends."""

    def play(self, batch: Batch) -> BatchResult:
        """What writing a batch would do."""
        if isinstance(batch, MixedNodes | NodeBatch):
            return write_mixed.write_nodes(self.run, batch.rows, self.load)
        return write_mixed.write_relationships(self.run, batch.rows, self.load)

    def run(self, statement: Statement) -> Answer:
        if statement.access == "write":
            return Answer((), [], Summary())
        answer = self.graph.fetch(statement)
        if "noStart" not in answer.columns:
            return answer
        asked = cast(list[tuple[int, str, str, str]], statement.params["rows"])
        rows = []
        for number, no_start, no_end, *rest in answer.rows:
            _, start, end, _ = asked[cast(int, number)]
            lacks = (no_start and start not in self.expected, no_end and end not in self.expected)
            rows.append((number, *lacks, *rest))
        return replace(answer, rows=rows)

    def parties_to_make(self, folded: Folded) -> int:
        """Users for whom nobody names a person: each gets one, and the relationship to it."""
        users = {row.uid for row in folded.nodes.get("User", ())}
        users -= {row.start for row in folded.relationships.get(model.IDENTIFIES, ())}
        text = f"UNWIND $uids AS uid\nMATCH (u:User {{uid: uid}})-[:{model.IDENTIFIES}]->()\nRETURN DISTINCT uid"
        known = 0
        for part in _parts(sorted(users)):
            known += len(self.graph.fetch(Statement(text, {"uids": part}, name="load dry run")).rows)
        return len(users) - known


def engaging(folded: Folded) -> dict[str, str]:
    """The party that each customer of a load engages; the current one, else the one that began last."""
    rows = sorted(
        folded.relationships.get(model.ENGAGED_PARTY, ()), key=lambda r: (r.open, r.valid_from or NEVER, r.end)
    )
    return {row.start: row.end for row in rows}


def _parts(uids: Sequence[str]) -> Iterable[Sequence[str]]:
    for at in range(0, len(uids), USERS_AT_ONCE):
        yield uids[at : at + USERS_AT_ONCE]
