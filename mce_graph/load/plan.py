"""The statements of a load: one text for each table and set of columns, made of the model alone: plans are cached.

A row goes as one text that the server parts (``r[0]``): the driver packs one text many times faster than a list or a
map of values. A row whose node or relationship is not there yet is created by
the same statement that finds the others and gives them back: one round trip for a first load, and for a repeated one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from mce_graph import model, specs
from mce_graph.load import merge
from mce_graph.load.batches import NodeBatch, RelBatch
from mce_graph.load.rows import Value
from mce_graph.statement import Statement
from mce_graph.systems import seen

ANY = "|".join(model.NODES)
"""Every key label: a node of any kind is found by one unique seek for each."""
ANY_TYPE = "|".join(model.RELATIONSHIPS)
TIMEOUT = 300.0
"""Seconds for one batch; a larger one is halved when it takes longer."""


def find_or_create_nodes(batch: NodeBatch, run: str) -> Statement:
    """Create the nodes that are not there; give the uids of those that say the same, and the others with all they have.

    Most rows of a nightly load say what the graph has: those are compared here and never sent back, since hydrating
    them would cost more than all the rest.
    """
    spec = model.NODES[batch.label]
    labels = ":".join((batch.label, *spec.also))
    names = ["asOf", "stub", *batch.columns]
    sent = _Sent(batch.label, ["uid", *names])
    sets = ", ".join(f"{name}: r[{i}]" for i, name in enumerate(names, start=1))
    marked = _MARKED.get(batch.label, "false" if batch.label in merge.DERIVED else "true")
    text = f"""UNWIND $rows AS r
{sent.parted}OPTIONAL MATCH (n:{batch.label} {{uid: r[0]}})
WITH r, n, n IS NOT NULL AND CASE WHEN n IS NOT NULL THEN {_says("n", names, 1)} AND {marked} END AS same
FOREACH (_ IN CASE WHEN n IS NULL THEN [0] ELSE [] END |
  CREATE (:{labels} {{uid: r[0], sources: $sources, {_seen(batch.systems, ": ")}, {sets}}}))
{_keep_seen("n", batch.systems)}RETURN
  collect(CASE WHEN n IS NOT NULL AND same THEN r[0] END) AS same,
  collect(CASE WHEN n IS NOT NULL AND NOT same THEN [r[0], properties(n), labels(n)] END) AS others"""
    rows = [
        sent.row((row.uid, row.as_of, True if row.stub else None, *map(row.fields.get, batch.columns)))
        for row in batch.rows
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


def keep_records(label: str, rows: Sequence[tuple[str, str, Mapping[str, Value]]], now: datetime) -> Statement:
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
    """Create the relationships whose ends are there and have none of the type between them yet.

    Gives the numbers of the rows that say what is there, of those with a missing start or end, and for each other row
    every relationship of the type between its ends: (number of the row, id, properties).
    """
    spec = model.RELATIONSHIPS[batch.type]
    names = [*(("role",) if spec.role else ()), *(("validFrom",) if spec.validity else ()), *batch.columns]
    sent = _Sent(batch.type, ["row", "start", "end", *names], row="int")
    sets = "".join(f", {name}: r[{i}]" for i, name in enumerate(names, start=3))
    text = f"""UNWIND $rows AS r
{sent.parted}OPTIONAL MATCH (a:{batch.start} {{uid: r[1]}})
OPTIONAL MATCH (b:{batch.end} {{uid: r[2]}})
OPTIONAL MATCH (a)-[x:{batch.type}]->(b)
WITH r, a, b, x, x IS NOT NULL AND CASE WHEN x IS NOT NULL THEN {_says("x", names, 3)} END AS same
FOREACH (_ IN CASE WHEN x IS NULL AND a IS NOT NULL AND b IS NOT NULL THEN [0] ELSE [] END |
  CREATE (a)-[:{batch.type} {{sources: $sources, {_seen(batch.systems, ": ")}{sets}}}]->(b))
{_keep_seen("x", batch.systems)}RETURN
  collect(CASE WHEN x IS NOT NULL AND same THEN r[0] END) AS same,
  collect(CASE WHEN a IS NULL THEN r[0] END) AS noStart,
  collect(CASE WHEN a IS NOT NULL AND b IS NULL THEN r[0] END) AS noEnd,
  collect(CASE WHEN x IS NOT NULL AND NOT same THEN [r[0], elementId(x), properties(x)] END) AS others"""
    with_role, with_start = "role" in names, "validFrom" in names
    rows = [
        sent.row((
            i, row.start, row.end, *((row.role,) if with_role else ()), *((row.valid_from,) if with_start else ()),
            *map(row.fields.get, batch.columns),
        ))
        for i, row in enumerate(batch.rows)
    ]  # fmt: skip
    return _write(text, {"rows": rows, "sources": list(batch.systems), "run": run}, batch.name)


def change_relationships(
    start: str, type_: str, end: str, rows: Sequence[tuple[str, str, str, Mapping[str, Value]]]
) -> Statement:
    """Set properties on relationships: (start, end, id, properties).

    Found between their ends: a pattern of the id alone was planned as a scan of all relationships while there were few.
    """
    text = f"""UNWIND $rows AS r
MATCH (a:{start} {{uid: r[0]}})
MATCH (b:{end} {{uid: r[1]}})
MATCH (a)-[x:{type_}]->(b)
WHERE elementId(x) = r[2]
SET x += r[3]"""
    return _write(text, {"rows": [[a, b, i, dict(c)] for a, b, i, c in rows]}, "relationships")


def delete_relationships(start: str, type_: str, end: str, rows: Sequence[tuple[str, str, str]]) -> Statement:
    """Delete relationships that have become part of others: (start, end, id)."""
    text = f"""UNWIND $rows AS r
MATCH (a:{start} {{uid: r[0]}})
MATCH (b:{end} {{uid: r[1]}})
MATCH (a)-[x:{type_}]->(b)
WHERE elementId(x) = r[2]
DELETE x"""
    return _write(text, {"rows": [list(row) for row in rows]}, "relationships")


def find_nodes(uids: Sequence[str]) -> Statement:
    """Nodes of any label: (uid, properties, labels)."""
    text = f"UNWIND $uids AS uid\nMATCH (n:{ANY} {{uid: uid}})\nRETURN uid, properties(n), labels(n)"
    return Statement(text, {"uids": list(uids)}, timeout=TIMEOUT, name="load nodes")


def create_nodes(rows: Sequence[tuple[Sequence[str], Mapping[str, Value]]]) -> Statement:
    """Nodes of any label; the labels are those of the model, never a source's words."""
    text = "UNWIND $rows AS r\nCREATE (n:$(r[0]))\nSET n = r[1]"
    return _write(text, {"rows": [[list(labels), dict(values)] for labels, values in rows]}, "nodes")


def find_relationships(rows: Sequence[tuple[str, str, str]]) -> Statement:
    """Relationships between any ends (start, end, type): (row, start is missing, end is missing, id, properties).

    The pattern names every type: without one it was planned as a scan of all relationships.
    """
    text = f"""UNWIND $rows AS r
OPTIONAL MATCH (a:{ANY} {{uid: r[1]}})
OPTIONAL MATCH (b:{ANY} {{uid: r[2]}})
OPTIONAL MATCH (a)-[x:{ANY_TYPE}]->(b)
WHERE type(x) = r[3]
RETURN r[0] AS row, a IS NULL AS noStart, b IS NULL AS noEnd, elementId(x) AS id, properties(x) AS properties"""
    given = [[i, *row] for i, row in enumerate(rows)]
    return Statement(text, {"rows": given}, timeout=TIMEOUT, name="load relationships")


def create_relationships(start: str, end: str, rows: Sequence[tuple[str, str, str, Mapping[str, Value]]]) -> Statement:
    """Relationships between labels: (start, end, type, properties); the types are those of the model."""
    text = f"""UNWIND $rows AS r
MATCH (a:{start} {{uid: r[0]}})
MATCH (b:{end} {{uid: r[1]}})
CREATE (a)-[x:$(r[2])]->(b)
SET x = r[3]"""
    return _write(text, {"rows": [[a, b, t, dict(c)] for a, b, t, c in rows]}, "relationships")


def engaged_party(uids: Sequence[str]) -> Statement:
    """The party that each customer engages; the current one, else the one that began last."""
    text = f"""UNWIND $uids AS uid
MATCH (c:Customer {{uid: uid}})-[e:{model.ENGAGED_PARTY}]->(p)
WITH uid, p, e
ORDER BY e.validTo IS NULL DESC, e.validFrom DESC, p.uid
RETURN uid, head(collect(p.uid)) AS party"""
    return Statement(text, {"uids": list(uids)}, name=model.IDENTIFIES)


def deleted_before() -> Statement:
    """What earlier loads said was deleted: (uid, when)."""
    text = f"""MATCH (r:LoadRun)
UNWIND r.deleted AS uid
MATCH (n:{ANY} {{uid: uid}})
WHERE n.deletedAt IS NOT NULL
RETURN DISTINCT uid, n.deletedAt"""
    return Statement(text, timeout=TIMEOUT, name="load deleted")


def end_links(deleted: Sequence[tuple[str, datetime]]) -> Statement:
    """End the open periods of nodes that were deleted; gives the ends of each: (type, start, end)."""
    types = "|".join(t for t, spec in model.RELATIONSHIPS.items() if spec.validity)
    text = f"""UNWIND $rows AS row
MATCH (n:{ANY} {{uid: row[0]}})-[r:{types}]-()
WHERE r.validTo IS NULL AND r.validFrom <= row[1]
SET r.validTo = row[1]
RETURN type(r) AS type, startNode(r).uid AS start, endNode(r).uid AS end"""
    return _write(text, {"rows": [list(row) for row in deleted]}, "deleted")


def _write(text: str, params: Mapping[str, object], name: str) -> Statement:
    return Statement(text, params, "write", TIMEOUT, name=f"load {name}")


_MARKED: Mapping[str, str] = {
    "TroubleTicket": f"(n:{model.OPEN}) = coalesce(n.status IN {list(model.OPEN_TICKET)}, false)",
    "SelfCareTransaction": f"(n:{model.UNFINISHED}) = (n.stub IS NULL AND coalesce(n.outcome <> 'completed', true))",
}
"""Whether a node has the marker that its own properties decide (``merge.derived_labels``)."""


def _says(name: str, columns: Sequence[str], at: int) -> str:
    """Whether a node or relationship has just what row ``r`` says, null for null, and the same systems."""
    tests = [f"coalesce({name}.sources = $sources, false)"]
    for i, column in enumerate(columns, start=at):
        tests.append(f"coalesce({name}.{column} = r[{i}], {name}.{column} IS NULL AND r[{i}] IS NULL)")
    return " AND ".join(tests)


def _seen(systems: Sequence[str], sign: str, before: str = "") -> str:
    return ", ".join(f"{before}{seen(s)}{sign}$run" for s in systems)


def _keep_seen(name: str, systems: Sequence[str]) -> str:
    """Where a row says the same as before, only which load said so is written."""
    now = " AND ".join(f"coalesce({name}.{seen(s)} = $run, false)" for s in systems)
    return f"""FOREACH (_ IN CASE WHEN {name} IS NOT NULL AND same AND NOT ({now}) THEN [0] ELSE [] END |
  SET {_seen(systems, " = ", f"{name}.")})
"""


class _Sent:
    """How the rows of a batch are sent: as one text each, or as lists where the model cannot tell a column's type."""

    def __init__(self, table: str, names: Sequence[str], **types: str) -> None:
        known: Iterable[specs.Property]
        if node := model.NODES.get(table):
            known = (*node.properties, *model.HOUSEKEEPING)
        else:
            known = model.rel_properties(model.RELATIONSHIPS[table])
        declared: dict[str, str] = {p.name: p.type for p in known} | types
        self._as_text = table != "SourceRecord"
        """A source record holds properties of any label, which may be of other types under the same name."""
        self.parted = ""
        """The lines that make ``r`` a list of typed values."""
        if self._as_text:
            parts = [
                _PARTED[declared.get(name, "string")].format(f"nullIf(r[{i}], '')") for i, name in enumerate(names)
            ]
            self.parted = f"WITH split(r, '{_ESCAPED[_CELLS]}') AS r\nWITH [{', '.join(parts)}] AS r\n"

    def row(self, values: Sequence[Value]) -> object:
        if not self._as_text:
            return list(values)
        return _CELLS.join(["" if v is None else v if type(v) is str else _told(v) for v in values])


_CELLS, _ITEMS = "\x1f", "\x1e"
"""Between the values of a row and between those of a list: no text that was checked holds them."""
_ESCAPED = {_CELLS: "\\u001F", _ITEMS: "\\u001E"}
_PARTED: Mapping[str, str] = {
    "string": "{0}", "text": "{0}", "int": "toInteger({0})", "float": "toFloat({0})", "boolean": "toBoolean({0})",
    "datetime": "datetime({0})", "date": "date({0})", "list[string]": f"split({{0}}, '{_ESCAPED[_ITEMS]}')",
}  # fmt: skip


def _told(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return _ITEMS.join(value)
    return value if isinstance(value, str) else repr(value)
