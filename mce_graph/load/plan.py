"""The statements of a load: one text for each table and set of columns, made of the model alone, so that plans are cached.

Rows go as lists (``r[0]``), which are faster than maps. A row whose node or relationship is not there yet is created by
the same statement that finds the others and gives them back: one round trip for a first load, and for a repeated one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mce_graph import model
from mce_graph.load.rows import NodeRow, RelRow, Value
from mce_graph.statement import Statement

TIMEOUT = 300.0
"""Seconds for one batch; a larger one is halved when it takes longer."""


@dataclass(frozen=True, slots=True)
class NodeBatch:
    """Some rows of one label and the same systems, with the columns that any of them has."""

    label: str
    systems: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[NodeRow]

    @property
    def name(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class RelBatch:
    """Some rows of one type between two key labels and of the same systems."""

    type: str
    start: str
    end: str
    systems: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[RelRow]

    @property
    def name(self) -> str:
        return self.type


def find_or_create_nodes(batch: NodeBatch, run: str) -> Statement:
    """Create the nodes that are not there; give (uid, properties, labels) of those that are."""
    spec = model.NODES[batch.label]
    labels = ":".join((batch.label, *spec.also))
    names = ["asOf", "stub", *batch.columns]
    sets = ", ".join(f"{name}: r[{i}]" for i, name in enumerate(names, start=1))
    seen = ", ".join(f"{model.seen(s)}: $run" for s in batch.systems)
    text = f"""UNWIND $rows AS r
OPTIONAL MATCH (n:{batch.label} {{uid: r[0]}})
FOREACH (_ IN CASE WHEN n IS NULL THEN [0] ELSE [] END |
  CREATE (:{labels} {{uid: r[0], sources: $sources, {seen}, {sets}}}))
WITH r, n
WHERE n IS NOT NULL
RETURN r[0] AS uid, properties(n) AS properties, labels(n) AS labels"""
    rows = [
        [row.uid, row.as_of, True if row.stub else None, *map(row.fields.get, batch.columns)] for row in batch.rows
    ]
    return _write(text, {"rows": rows, "sources": list(batch.systems), "run": run}, batch.name)


def change_nodes(label: str, changes: Sequence[tuple[str, Mapping[str, Value]]]) -> Statement:
    text = f"UNWIND $rows AS r\nMATCH (n:{label} {{uid: r[0]}})\nSET n += r[1]"
    return _write(text, {"rows": [[uid, dict(values)] for uid, values in changes]}, label)


def label_nodes(label: str, marker: str, uids: Sequence[str], *, on: bool) -> Statement:
    word = "SET" if on else "REMOVE"
    text = f"UNWIND $uids AS uid\nMATCH (n:{label} {{uid: uid}})\n{word} n:{marker}"
    return _write(text, {"uids": list(uids)}, label)


def records_of(label: str, uids: Sequence[str]) -> Statement:
    """The source records of nodes."""
    text = f"""UNWIND $uids AS uid
MATCH (n:{label} {{uid: uid}})<-[:{model.ASSERTS}]-(s:SourceRecord)
RETURN uid, properties(s) AS record"""
    return Statement(text, {"uids": list(uids)}, name=label)


def keep_records(label: str, rows: Sequence[tuple[str, str, Mapping[str, Value]]], run: str, now: datetime) -> Statement:
    """Create or bring up to date source records: (uid of the thing, uid of the record, its properties)."""
    text = f"""UNWIND $rows AS r
MATCH (n:{label} {{uid: r[0]}})
MERGE (s:SourceRecord {{uid: r[1]}})
ON CREATE SET s.firstSeen = $now
SET s += r[2], s.lastSeen = $now
MERGE (s)-[a:{model.ASSERTS}]->(n)
ON CREATE SET a.sources = s.sources"""
    return _write(text, {"rows": [[a, b, dict(c)] for a, b, c in rows], "now": now}, "SourceRecord")


def drop_records(uids: Sequence[str]) -> Statement:
    text = "UNWIND $uids AS uid\nMATCH (s:SourceRecord {uid: uid})\nDETACH DELETE s"
    return _write(text, {"uids": list(uids)}, "SourceRecord")


def find_or_create_relationships(batch: RelBatch, run: str) -> Statement:
    """Create the relationships whose ends have none of the type yet; give the others.

    Gives (number of the row, start is missing, end is missing, id, properties): a row for each relationship that is
    there, or one for a row with a missing end.
    """
    spec = model.RELATIONSHIPS[batch.type]
    names = [*(("role",) if spec.role else ()), *(("validFrom",) if spec.validity else ()), *batch.columns]
    sets = "".join(f", {name}: r[{i}]" for i, name in enumerate(names, start=3))
    seen = ", ".join(f"{model.seen(s)}: $run" for s in batch.systems)
    text = f"""UNWIND $rows AS r
OPTIONAL MATCH (a:{batch.start} {{uid: r[1]}})
OPTIONAL MATCH (b:{batch.end} {{uid: r[2]}})
OPTIONAL MATCH (a)-[x:{batch.type}]->(b)
FOREACH (_ IN CASE WHEN x IS NULL AND a IS NOT NULL AND b IS NOT NULL THEN [0] ELSE [] END |
  CREATE (a)-[:{batch.type} {{sources: $sources, {seen}{sets}}}]->(b))
WITH r, a, b, x
WHERE x IS NOT NULL OR a IS NULL OR b IS NULL
RETURN r[0] AS row, a IS NULL AS noStart, b IS NULL AS noEnd, elementId(x) AS id, properties(x) AS properties"""
    rows = [
        [
            i,
            row.start,
            row.end,
            *((row.role,) if spec.role else ()),
            *((row.valid_from,) if spec.validity else ()),
            *map(row.fields.get, batch.columns),
        ]
        for i, row in enumerate(batch.rows)
    ]
    return _write(text, {"rows": rows, "sources": list(batch.systems), "run": run}, batch.name)


def create_relationships(batch: RelBatch, rows: Sequence[tuple[str, str, Mapping[str, Value]]]) -> Statement:
    text = f"""UNWIND $rows AS r
MATCH (a:{batch.start} {{uid: r[0]}})
MATCH (b:{batch.end} {{uid: r[1]}})
CREATE (a)-[x:{batch.type}]->(b)
SET x = r[2]"""
    return _write(text, {"rows": [[a, b, dict(c)] for a, b, c in rows]}, batch.name)


def change_relationships(batch: RelBatch, rows: Sequence[tuple[str, Mapping[str, Value]]]) -> Statement:
    text = f"""UNWIND $rows AS r
MATCH ()-[x:{batch.type}]->()
WHERE elementId(x) = r[0]
SET x += r[1]"""
    return _write(text, {"rows": [[a, dict(c)] for a, c in rows]}, batch.name)


def engaged_party(uids: Sequence[str]) -> Statement:
    """The party that each customer engages; the current one, else the one that began last."""
    text = f"""UNWIND $uids AS uid
MATCH (c:Customer {{uid: uid}})-[e:{model.ENGAGED_PARTY}]->(p)
WITH uid, p, e
ORDER BY e.validTo IS NULL DESC, e.validFrom DESC, p.uid
RETURN uid, head(collect(p.uid)) AS party"""
    return Statement(text, {"uids": list(uids)}, name=model.IDENTIFIES)


def _write(text: str, params: Mapping[str, object], name: str) -> Statement:
    return Statement(text, params, "write", TIMEOUT, name=f"load {name}")
