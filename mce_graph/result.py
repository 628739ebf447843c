"""What a question gives back: rows as frozen dataclasses, or a small graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Generic, TypeVar, cast, overload

from mce_graph import model
from mce_graph.errors import CardinalityError
from mce_graph.instants import show_instant
from mce_graph.statement import Answer, Summary
from mce_graph.template import Column, Template

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a graph answer."""

    uid: str
    labels: tuple[str, ...]
    properties: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship of a graph answer, between the uids ``start`` and ``end``."""

    type: str
    start: str
    end: str
    properties: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Result(Sequence[Row], Generic[Row]):
    """The rows of an answer, all of them, with what they mean.

    ``truncated`` tells that there are more rows than ``limit``; ``columns`` has type, unit and kind of personal data.
    """

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    truncated: bool
    summary: Summary
    question: str

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __repr__(self) -> str:
        more = ", truncated" if self.truncated else ""
        return f"<Result of {self.question}: {len(self.rows)} rows{more}>"

    def tuples(self) -> list[tuple[object, ...]]:
        """The rows as plain tuples in the order of ``columns``."""
        names = [c.name for c in self.columns]
        return [tuple(getattr(row, name) for name in names) for row in self.rows]

    def to_dicts(self) -> list[dict[str, object]]:
        """The rows as dictionaries, column name to value; times stay datetimes in UTC."""
        names = [c.name for c in self.columns]
        return [dict(zip(names, values, strict=True)) for values in self.tuples()]

    def one(self) -> Row:
        """The only row. Raises ``CardinalityError`` where there is none or more than one."""
        if len(self.rows) != 1:
            raise CardinalityError(f"{self.question}: {len(self.rows)} rows where one is promised")
        return self.rows[0]


@dataclass(frozen=True, slots=True, repr=False)
class GraphResult:
    """An answer to look at: nodes and the relationships between them, each once."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]
    truncated: bool
    summary: Summary
    question: str

    def __repr__(self) -> str:
        return f"<GraphResult of {self.question}: {len(self.nodes)} nodes, {len(self.relationships)} relationships>"

    def to_dict(self) -> dict[str, list[dict[str, object]]]:
        """``{"nodes": [{uid, labels, properties}], "relationships": [{type, start, end, properties}]}``."""
        return {
            "nodes": [
                {"uid": n.uid, "labels": list(n.labels), "properties": dict(n.properties)} for n in self.nodes
            ],
            "relationships": [
                {"type": r.type, "start": r.start, "end": r.end, "properties": dict(r.properties)}
                for r in self.relationships
            ],
        }  # fmt: skip


@cache
def row_class(template: Template) -> type[object]:
    """A row class made at run time, for questions that have none in queries.py."""
    name = "".join(part.capitalize() for part in template.name.split("_"))
    return make_dataclass(name, [(c.name, object) for c in template.columns], frozen=True, slots=True)


def rows_of(template: Template, row: type[Row], answer: Answer, limit: int | None) -> Result[Row]:
    """The answer as typed rows; one row more than ``limit`` tells that it was cut."""
    declared = tuple(c.name for c in template.columns)
    if answer.columns != declared:
        raise CardinalityError(
            f"{template.id}: the statement returns {', '.join(answer.columns)}; its header says {', '.join(declared)}"
        )
    cut = template.returns == "many" and limit is not None and len(answer.rows) > limit
    given = answer.rows[:limit] if cut else answer.rows
    values = [
        list(map(_converter(c.type), column))
        for c, column in zip(template.columns, zip(*given, strict=True), strict=False)
    ]
    make = cast(Callable[..., Row], row)
    rows = tuple(make(*each) for each in zip(*values, strict=True))
    return Result(rows, template.columns, cut, answer.summary, template.id)


def graph_of(template: Template, answer: Answer, limit: int | None) -> GraphResult:
    """The answer as a graph: every node and relationship of every column, each once."""
    from neo4j import graph as g

    nodes: dict[str, Node] = {}
    found: dict[str, g.Relationship] = {}
    uids: dict[str, str] = {}

    def take(value: object) -> None:
        if isinstance(value, g.Node):
            node = _node(value)
            uids[value.element_id] = node.uid
            nodes.setdefault(node.uid, node)
        elif isinstance(value, g.Relationship):
            found.setdefault(value.element_id, value)
        elif isinstance(value, g.Path):
            for part in (*value.nodes, *value.relationships):
                take(part)
        elif isinstance(value, list | tuple):
            for part in value:
                take(part)

    for row in answer.rows:
        take(list(row))
    cut = limit is not None and len(nodes) > limit
    kept = dict(sorted(nodes.items())[:limit]) if cut else dict(sorted(nodes.items()))
    relationships = []
    for rel in found.values():
        start, end = (uids.get(n.element_id if n else "") for n in (rel.start_node, rel.end_node))
        if start in kept and end in kept:
            properties = {k: plain(v) for k, v in sorted(rel.items())}
            relationships.append(Relationship(rel.type, str(start), str(end), properties))
    relationships.sort(key=lambda r: (r.start, r.type, r.end, str(r.properties.get("validFrom"))))
    return GraphResult(tuple(kept.values()), tuple(relationships), cut, answer.summary, template.id)


def _node(value: object) -> Node:
    from neo4j import graph as g

    assert isinstance(value, g.Node)
    labels = sorted(value.labels, key=lambda x: (x not in model.NODES, x))
    properties = {k: plain(v) for k, v in sorted(value.items())}
    return Node(str(properties.get("uid", value.element_id)), tuple(labels), properties)


def _converter(type_: str) -> Callable[[object], object]:
    if type_ == "float":
        return lambda v: float(v) if type(v) is int else v
    if type_ in ("string", "int", "boolean"):
        return lambda v: v
    return plain


def plain(value: object) -> object:
    """A value of the driver as one of the standard library: instants in UTC, lists as tuples, maps as dictionaries.

    The unknown start of a relationship becomes empty. Nanoseconds are cut to microseconds.
    """
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    if isinstance(value, list | tuple):
        return tuple(plain(v) for v in value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, datetime):
        return None if value == model.BEGINNING else value
    if isinstance(value, date | time | timedelta):
        return value
    native = getattr(value, "to_native", None)
    if native is not None:
        stdlib = native()
        if isinstance(stdlib, datetime) and stdlib.tzinfo is not None:
            stdlib = None if stdlib.year == 1 else stdlib.astimezone(UTC)
        return cast(object, stdlib)
    from neo4j import graph as g

    if isinstance(value, g.Node):
        node = _node(value)
        return {"uid": node.uid, "labels": node.labels, "properties": dict(node.properties)}
    if isinstance(value, g.Relationship):
        return {"type": value.type, "properties": {k: plain(v) for k, v in sorted(value.items())}}
    return str(value)


def json_value(value: object) -> object:
    """A value as JSON has it: instants and days as ISO 8601, tuples as lists."""
    if isinstance(value, datetime):
        return show_instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple | list):
        return [json_value(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): json_value(v) for k, v in value.items()}
    return value
