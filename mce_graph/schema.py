"""Constraints, indexes and tokens of the model; what Community Edition cannot enforce is counted by ``check``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mce_graph import model, specs, systems
from mce_graph.errors import QueryError
from mce_graph.markdown import cell
from mce_graph.statement import Statement

if TYPE_CHECKING:
    from mce_graph.graph import Graph

_CYPHER_TYPES = {
    "string": "STRING",
    "text": "STRING",
    "int": "INTEGER",
    "float": "FLOAT",
    "boolean": "BOOLEAN",
    "datetime": "ZONED DATETIME",
    "date": "DATE",
    "list[string]": "LIST<STRING NOT NULL>",
}
_ONLINE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Index:
    """One constraint or index that the model declares."""

    name: str
    label: str
    properties: tuple[str, ...]
    unique: bool = False
    fulltext: bool = False
    relationship: bool = False

    @property
    def create(self) -> str:
        """The statement that creates it where it is not there yet."""
        names = ", ".join(f"n.{p}" for p in self.properties)
        if self.unique:
            return f"CREATE CONSTRAINT {self.name} IF NOT EXISTS FOR (n:{self.label}) REQUIRE {names} IS UNIQUE"
        if self.fulltext:
            return (
                f"CREATE FULLTEXT INDEX {self.name} IF NOT EXISTS FOR (n:{self.label}) ON EACH [{names}] "
                "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}"
            )
        pattern = f"()-[n:{self.label}]-()" if self.relationship else f"(n:{self.label})"
        return f"CREATE RANGE INDEX {self.name} IF NOT EXISTS FOR {pattern} ON ({names})"

    @property
    def drop(self) -> str:
        return f"DROP {'CONSTRAINT' if self.unique else 'INDEX'} {self.name} IF EXISTS"


@dataclass(frozen=True, slots=True)
class Applied:
    """What ``apply`` found and did."""

    created: tuple[str, ...]
    mended: tuple[str, ...]
    """Indexes that had failed, for example because the server was ended while it built them."""
    present: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the graph that the model forbids and the server cannot: how often, and one example."""

    rule: str
    where: str
    count: int
    example: str
    """uid of one such node, or of the start of one such relationship."""


def indexes() -> tuple[Index, ...]:
    """Every constraint and index of the model, in the model's order."""
    found = []
    for node in model.NODES.values():
        found.append(Index(f"{node.label.lower()}_uid", node.label, ("uid",), unique=True))
        for properties in node.indexes:
            name = f"{node.label.lower()}_{'_'.join(p.lower() for p in properties)}"
            found.append(Index(name, node.label, properties))
    for rel in model.RELATIONSHIPS.values():
        for name in rel.indexes:
            found.append(Index(f"{rel.type.lower()}_{name.lower()}", rel.type, (name,), relationship=True))
    labels, properties = model.NAMES
    found.append(Index("names", "|".join(labels), properties, fulltext=True))
    return tuple(found)


def statements() -> list[str]:
    """The Cypher of ``mce schema show``: run as it stands in any Neo4j."""
    return [index.create for index in indexes()]


def apply(graph: Graph) -> Applied:
    """Create what is missing, mend what had failed, wait until every index is online.

    Also makes the model's labels, types and property names known to the database, so that a question about something
    not loaded yet answers with no rows and without a warning. Running it again changes nothing.
    """
    there = _states(graph)
    created, mended = [], []
    for index in indexes():
        if there.get(index.name) == "FAILED":
            graph.autocommit(Statement(index.drop, access="write", name="schema apply"))
            mended.append(index.name)
        elif index.name in there:
            continue
        else:
            created.append(index.name)
        graph.autocommit(Statement(index.create, access="write", name="schema apply"))
    _tokens(graph)
    _await_online(graph)
    return Applied(tuple(created), tuple(mended), len(indexes()) - len(created) - len(mended))


def missing(graph: Graph) -> list[tuple[str, str]]:
    """Constraints and indexes that are not there or not online, each with its state."""
    there = _states(graph)
    return [(i.name, there.get(i.name, "MISSING")) for i in indexes() if there.get(i.name) != "ONLINE"]


def _states(graph: Graph) -> dict[str, str]:
    answer = graph.autocommit(Statement("SHOW INDEXES YIELD name, state", name="schema"))
    return {str(name): str(state) for name, state in answer.rows}


def _await_online(graph: Graph) -> None:
    deadline = time.monotonic() + _ONLINE_SECONDS
    while waiting := missing(graph):
        if time.monotonic() > deadline:
            name, state = waiting[0]
            raise QueryError(f"index {name} is {state}", hint="see `mce db logs`, then run `mce schema apply` again")
        time.sleep(0.05)


def tokens() -> tuple[set[str], set[str], set[str]]:
    """Labels, relationship types and property names that the model declares."""
    labels = {x for n in model.NODES.values() for x in (n.label, *n.also, *n.markers)}
    names = {p.name for p in (*model.HOUSEKEEPING, model.OTHER_PERIODS)} | {systems.seen(s) for s in systems.SYSTEMS}
    for node in model.NODES.values():
        names.update(p.name for p in node.properties)
        names.update(f"{p.name}Raw" for p in node.properties if p.enum)
    for rel in model.RELATIONSHIPS.values():
        names.update(p.name for p in model.rel_properties(rel))
    return labels, set(model.RELATIONSHIPS), names


def _tokens(graph: Graph) -> None:
    for names, known, create in zip(
        tokens(),
        ("db.labels() YIELD label AS name", "db.relationshipTypes() YIELD relationshipType AS name",
         "db.propertyKeys() YIELD propertyKey AS name"),
        ("db.createLabel", "db.createRelationshipType", "db.createProperty"),
        strict=True,
    ):  # fmt: skip
        there = {row[0] for row in graph.fetch(Statement(f"CALL {known} RETURN name", name="schema apply")).rows}
        for name in sorted(names - there):
            graph.autocommit(Statement(f"CALL {create}($name)", {"name": name}, "write", name="schema apply"))


def check(graph: Graph) -> list[Finding]:
    """Count what the model forbids and Community Edition lets through: empty when all is well.

    Missing required values, wrong types, values outside an enum, uids that do not fit their label, relationships
    between the wrong labels, without validFrom or role, ending before they start, and more current ends than allowed.
    Reads the whole graph: minutes on a large one.
    """
    found = []
    for rule, where, text in checks():
        rows = graph.fetch(Statement(text, timeout=600, name=f"schema check, {where}")).rows
        count, example = rows[0] if rows else (0, "")
        if isinstance(count, int) and count:
            found.append(Finding(rule, where, count, str(example)))
    return found


def checks() -> Iterator[tuple[str, str, str]]:
    """(rule, where, statement) of every check; a statement gives how many and one example."""
    ends = "RETURN count(n) AS count, min(n.uid) AS example"
    for node in model.NODES.values():
        match = f"MATCH (n:{node.label})"
        yield "uid is its label and id", node.label, f"{match} WHERE NOT n.uid STARTS WITH '{node.label}:' {ends}"
        required = [p.name for p in (*node.properties, *model.HOUSEKEEPING) if p.required]
        if node.label == "LoadRun":
            required.remove("sources")
        for name in required:
            stub = "" if name in ("uid", "id", "sources") else " AND n.stub IS NULL"
            yield "required value missing", f"{node.label}.{name}", f"{match} WHERE n.{name} IS NULL{stub} {ends}"
        for p in node.properties:
            type_ = _CYPHER_TYPES[p.type]
            where = f"{node.label}.{p.name}"
            yield (
                f"type is not {type_}",
                where,
                f"{match} WHERE n.{p.name} IS NOT NULL AND NOT n.{p.name} IS :: {type_} {ends}",
            )
            if p.enum and not p.open_enum:
                yield "value outside its enum", where, f"{match} WHERE NOT n.{p.name} IN {list(p.enum)} {ends}"
    for rel in model.RELATIONSHIPS.values():
        match = f"MATCH (n)-[r:{rel.type}]->(m)"
        for side, labels in (("n", rel.starts), ("m", rel.ends)):
            if "*" not in labels:
                where = f"{rel.type} {'start' if side == 'n' else 'end'}"
                yield "wrong label at an end", where, f"{match} WHERE NOT {side}:{'|'.join(labels)} {ends}"
        for name in rel.key:
            yield "required value missing", f"{rel.type}.{name}", f"{match} WHERE r.{name} IS NULL {ends}"
        if rel.validity:
            yield "ends before it starts", rel.type, f"{match} WHERE r.validTo < r.validFrom {ends}"
        if rel.most_current_ends is not None:
            yield (
                f"more than {rel.most_current_ends} current",
                rel.type,
                f"{match} WHERE r.validTo IS NULL WITH n, count(DISTINCT m) AS ends "
                f"WHERE ends > {rel.most_current_ends} {ends}",
            )


def markdown() -> str:
    """The data model as tables: label, property, type, TM Forum resource and field, SID term, or ours."""
    lines = ["# Data model", "", _MARKDOWN_INTRO, "", "## Nodes", ""]
    for node in model.NODES.values():
        extra = [f"also `{x}`" for x in node.also] + [f"marked `{x}`" for x in node.markers]
        lines += [
            f"### {node.label}",
            "",
            f"{node.help}. {'; '.join(extra) + '. ' if extra else ''}Master system: {node.master}. "
            f"Key: {' + '.join(node.key)}.",
            "",
            "| property | type | TM Forum field | SID term | values, notes |",
            "|---|---|---|---|---|",
        ]
        for p in node.properties:
            lines.append(
                f"| {p.name}{' (required)' if p.required else ''} | {p.type} | {_field(node, p)} | {node.sid or '-'} |"
                f" {_notes(p)} |"
            )
        lines.append("")
    lines += [
        "## Relationships",
        "",
        "| start | type | end | properties | TM Forum | meaning |",
        "|---|---|---|---|---|---|",
    ]
    for rel in model.RELATIONSHIPS.values():
        names = ", ".join(p.name for p in model.rel_properties(rel)) or "-"
        roles = f" (role: {', '.join(rel.roles)})" if rel.roles and rel.roles != ("*",) else ""
        lines.append(
            f"| {_labels(rel.starts)} | {rel.type} | {_labels(rel.ends)} | {names} | "
            f"{rel.tmf or ('ours' if rel.ours else '-')} | {rel.help}{roles} |"
        )
    lines += ["", "## Properties of every node", "", "| property | type | meaning |", "|---|---|---|"]
    lines += [f"| {p.name} | {p.type} | {p.help} |" for p in model.HOUSEKEEPING]
    lines += [
        "| `seen<System>` | string | The last load by that system (`LoadRun.id`), for example `seenCrm` |",
        "",
        f"Relationships have `sources` and `seen<System>` too, and those with a period `{model.OTHER_PERIODS.name}`:",
        f"{model.OTHER_PERIODS.help}.",
        "",
        "## Where systems differ",
        "",
        f"The master of a label or a type is believed first, then {', '.join(systems.AUTHORITY)}, then others by name;",
        "the order of loads does not matter. Each field of a node is that of the first system that declares it;",
        "where systems differ each has a `SourceRecord` with all that it says. Each system has its own account of",
        "the periods of a relationship: a period is one with that of a system believed before when both begin at",
        "the same time, or else when neither has an end. It shows what the first of them declares, and keeps what",
        f"the others give otherwise in `{model.OTHER_PERIODS.name}`.",
        "",
        "## Constraints and indexes",
        "",
        "| name | kind | on | properties |",
        "|---|---|---|---|",
    ]
    for index in indexes():
        kind = "unique" if index.unique else "full text" if index.fulltext else "range"
        labels = index.label.replace("|", " or ")
        lines.append(f"| {index.name} | {kind} | {labels} | {', '.join(index.properties)} |")
    lines.append("")
    return "\n".join(lines)


def as_data() -> dict[str, list[dict[str, object]]]:
    """The data model as JSON: nodes and relationships with their properties."""

    def properties(owner: specs.NodeSpec | None, given: tuple[specs.Property, ...]) -> list[dict[str, object]]:
        return [
            {
                "name": p.name,
                "type": p.type,
                "required": p.required,
                "enum": list(p.enum),
                "tmf": _field(owner, p) if owner else p.tmf or "",
                "pii": p.pii,
                "help": p.help,
            }
            for p in given
        ]

    return {
        "nodes": [
            {"label": n.label, "also": list(n.also), "markers": list(n.markers), "key": list(n.key), "master": n.master,
             "tmf": n.tmf, "sid": n.sid, "ours": n.ours, "help": n.help, "properties": properties(n, n.properties)}
            for n in model.NODES.values()
        ],
        "relationships": [
            {"type": r.type, "starts": list(r.starts), "ends": list(r.ends), "roles": list(r.roles), "tmf": r.tmf,
             "ours": r.ours, "help": r.help, "properties": properties(None, model.rel_properties(r))}
            for r in model.RELATIONSHIPS.values()
        ],
    }  # fmt: skip


_MARKDOWN_INTRO = (
    "The baseline model of customers, users, groups, SLAs, tickets and experience, in TM Forum's terms. *ours* marks "
    "what neither the Open APIs nor the Information Framework (SID) has a word for: secondary users, guests, "
    "households, guardians and abandoned visits are not in them. Every instant is UTC; a relationship holds "
    "from `validFrom` until just before `validTo`."
)


def _field(node: specs.NodeSpec, p: specs.Property) -> str:
    if node.ours or p.tmf == "" or not node.tmf:
        return "ours"
    if p.tmf and p.tmf.startswith("TMF"):
        return p.tmf
    return f"{node.tmf.split(',')[0]}.{p.tmf or p.name}"


def _notes(p: specs.Property) -> str:
    parts = [", ".join(p.enum)] if p.enum else []
    if p.minimum is not None or p.maximum is not None:
        low = "" if p.minimum is None else f"{p.minimum:g}"
        high = "" if p.maximum is None else f"{p.maximum:g}"
        parts.append(f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}")
    if p.pii:
        parts.append(f"personal: {p.pii}")
    if p.help:
        parts.append(p.help)
    return cell("; ".join(parts)) or "-"


def _labels(labels: tuple[str, ...]) -> str:
    return " \\| ".join("any" if x == "*" else x for x in labels)
