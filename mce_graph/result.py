"""What a question gives back: rows as frozen dataclasses, or a small graph; and what becomes of the server's values.

===================  ============================================================================
of the server        in Python
===================  ============================================================================
INTEGER              int, all 64 bits
ZONED DATETIME       datetime in UTC; nanoseconds are cut to microseconds; the beginning of time, which
                     stands for an unknown start, is None
LOCAL DATETIME       datetime without a zone, as it is (the model has none; never accepted as an argument)
DATE, TIME           date, time; nanoseconds are cut to microseconds
DURATION             its ISO 8601 text, exactly: months, days and seconds are no timedelta
POINT                {"srid", "x", "y"} and "z" where there is one: ``point($p)`` makes it a point again
LIST, VECTOR         tuple
MAP                  dict
===================  ============================================================================

A date outside of the years 1 to 9999 is refused with ``QueryError``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar, cast, overload

from mce_graph import model
from mce_graph.errors import CardinalityError
from mce_graph.instants import show_instant
from mce_graph.statement import Answer, Summary
from mce_graph.template import Column, Template

if TYPE_CHECKING:
    import networkx
    import pandas
    import polars
    import pyarrow
    from neo4j import spatial
    from neo4j import time as neo4j_time

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

    def _repr_html_(self) -> str:
        """What a notebook shows: the first rows, with their units."""
        from mce_graph import frames

        return frames.html(self)

    def tuples(self) -> list[tuple[object, ...]]:
        """The rows as plain tuples in the order of ``columns``."""
        names = [c.name for c in self.columns]
        return [tuple(values_of(row, names)) for row in self.rows]

    def to_dicts(self) -> list[dict[str, object]]:
        """The rows as dictionaries, column name to value; times stay datetimes in UTC."""
        names = [c.name for c in self.columns]
        return [dict(zip(names, values, strict=True)) for values in self.tuples()]

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame whose columns hold every value exactly: ``Int64``, ``boolean``, ``datetime64[us, UTC]``.

        ``.attrs["columns"]`` has type, unit and kind of personal data of each. Days, lists and maps are objects. Needs
        the extra ``pandas``.
        """
        from mce_graph import frames

        return frames.to_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """A data frame with the types of the columns; times are ``Datetime("us", "UTC")``, maps JSON texts.

        Needs the extra ``polars``.
        """
        from mce_graph import frames

        return frames.to_polars(self)

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table; each field's metadata has ``type``, ``help``, ``unit`` and ``pii``, as far as there is one.

        Times are ``timestamp[us, tz=UTC]``, maps are JSON texts. Needs the extra ``parquet``.
        """
        from mce_graph import frames

        return frames.to_arrow(self)

    def one(self) -> Row:
        """The only row. Raises ``CardinalityError`` where there is none or more than one."""
        if len(self.rows) != 1:
            raise CardinalityError(f"{self.question}: {len(self.rows)} rows where one is promised")
        return self.rows[0]

    def value(self) -> object:
        """The only column of the only row. Raises ``CardinalityError`` where there are more, or none."""
        row = self.one()
        if len(self.columns) != 1:
            raise CardinalityError(f"{self.question}: {len(self.columns)} columns where one value is promised")
        return values_of(row, [self.columns[0].name])[0]


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

    def to_html(self, root: str | None = None, *, as_of: str = "") -> str:
        """One self-contained page to open in a browser, drawn from the node ``root`` outwards."""
        from mce_graph.picture.page import page

        return page(self, root, as_of=as_of)

    def to_mermaid(self) -> str:
        """The picture as a Mermaid flowchart, for a ticket, a wiki or Markdown."""
        from mce_graph.picture.text import mermaid

        return mermaid(self)

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

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """A directed graph of networkx: a node is its uid, with ``labels`` and its properties as attributes; an edge's
        key is its type. Needs the extra ``networkx``.
        """
        from mce_graph import frames

        return frames.to_networkx(self)


def values_of(row: object, names: Sequence[str]) -> list[object]:
    """A row's values in the order of ``names``; rows of ad-hoc Cypher are mappings, all others dataclasses."""
    if isinstance(row, Mapping):
        return [row[name] for name in names]
    return [getattr(row, name) for name in names]


@cache
def row_class(template: Template) -> type[object]:
    """A row class made at run time, for questions that have none in queries.py."""
    name = "".join(part.capitalize() for part in template.name.split("_"))
    return make_dataclass(name, [(c.name, object) for c in template.columns], frozen=True, slots=True)


def rows_of(template: Template, row: type[Row], answer: Answer, limit: int | None) -> Result[Row]:
    """The answer as typed rows; one row more than ``limit`` tells that it was cut."""
    agree(template, answer.columns)
    cut = template.returns == "many" and limit is not None and len(answer.rows) > limit
    rows = made(template.columns, row, answer.rows[:limit] if cut else answer.rows)
    return Result(rows, template.columns, cut, answer.summary, template.id)


def agree(template: Template, columns: Sequence[str]) -> None:
    """What comes is what the header declares. Raises ``CardinalityError`` otherwise."""
    declared = [c.name for c in template.columns]
    if list(columns) != declared:
        raise CardinalityError(
            f"{template.id}: the statement returns {', '.join(columns)}; its header says {', '.join(declared)}"
        )


def made(columns: Sequence[Column], row: type[Row], records: Sequence[tuple[object, ...]]) -> tuple[Row, ...]:
    """Typed rows of the driver's records, converted by column."""
    values = [
        list(map(_converter(c.type), column)) for c, column in zip(columns, zip(*records, strict=True), strict=False)
    ]
    make = cast(Callable[..., Row], row)
    return tuple(make(*each) for each in zip(*values, strict=True))


def loose(answer: Answer, limit: int, question: str) -> Result[Mapping[str, object]]:
    """The answer to Cypher that nobody declared: rows as mappings, the types of columns as the values show them."""
    cut = len(answer.rows) > limit
    records = answer.rows[:limit]
    values = [tuple(map(plain, column)) for column in zip(*records, strict=True)] or [()] * len(answer.columns)
    columns = tuple(Column(n, seen_type(v), "") for n, v in zip(answer.columns, values, strict=True))
    rows = tuple(dict(zip(answer.columns, each, strict=True)) for each in zip(*values, strict=True))
    return Result(rows, columns, cut, answer.summary, question)


_SEEN = {
    frozenset({str}): "string",
    frozenset({bool}): "boolean",
    frozenset({int}): "int",
    frozenset({float}): "float",
    frozenset({date}): "date",
    frozenset({dict}): "map",
}


def seen_type(values: Iterable[object]) -> str:
    """The type of a column, from its values; ``any`` where they differ or there are none."""
    there = [v for v in values if v is not None]
    kinds = frozenset(type(v) for v in there)
    if kinds == {datetime}:
        zoned = all(v.tzinfo is not None for v in there if isinstance(v, datetime))
        return "datetime" if zoned else "any"
    if kinds == {tuple}:
        inner = seen_type(v for each in there for v in cast(tuple[object, ...], each))
        return f"list[{inner}]" if inner in ("string", "int", "float") else "any"
    return _SEEN.get(kinds, "any")


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
    # The first to come are kept: a question orders its rows by what matters.
    kept = dict(sorted(list(nodes.items())[:limit]))
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
    """A value of the driver as the table above says."""
    kind = type(value)
    convert = _PLAIN.get(kind)
    if convert is None:
        convert = _PLAIN[kind] = _conversion(value)
    return convert(value)


def _same(value: object) -> object:
    return value


def _list(value: object) -> object:
    return tuple(map(plain, cast(Iterable[object], value)))


def _map(value: object) -> object:
    return {k: plain(v) for k, v in cast(Mapping[str, object], value).items()}


_PLAIN: dict[type, Callable[[object], object]] = {
    **dict.fromkeys((type(None), str, int, float, bool, bytes, date, time, timedelta), _same),
    list: _list,
    tuple: _list,
    dict: _map,
    datetime: lambda v: None if v == model.BEGINNING else v,
}
"""How each type is converted; those of the driver are added when the first value of them comes."""


def _conversion(value: object) -> Callable[[object], object]:
    from neo4j import graph as g
    from neo4j import spatial, vector
    from neo4j import time as t

    kinds: tuple[tuple[type, Callable[..., object]], ...] = (
        (t.DateTime, _instant),
        (t.Date, lambda v: v.to_native()),
        (t.Time, _clock),
        (t.Duration, lambda v: v.iso_format()),
        (spatial.Point, _point),
        (vector.Vector, lambda v: tuple(v.to_native())),
        (g.Node, lambda v: {"uid": (n := _node(v)).uid, "labels": n.labels, "properties": dict(n.properties)}),
        (g.Relationship, lambda v: {"type": v.type, "properties": {k: plain(x) for k, x in sorted(v.items())}}),
        (g.Path, _path),
        (Mapping, _map),
        (tuple, _list),
        (list, _list),
    )
    return next((convert for kind, convert in kinds if isinstance(value, kind)), str)


def _instant(value: neo4j_time.DateTime) -> datetime | None:
    year, month, day = value.year_month_day
    hour, minute, second, nanosecond = value.hour_minute_second_nanosecond
    zone = value.tzinfo
    # A fixed offset needs no moment; asking the value itself is ten times slower.
    offset = None if zone is None else zone.utcoffset(None) if zone.utcoffset(None) is not None else value.utcoffset()
    if zone is not None and not offset:
        instant = datetime(year, month, day, hour, minute, second, nanosecond // 1000, UTC)
        return None if year == 1 and instant == model.BEGINNING else instant
    local = datetime(year, month, day, hour, minute, second, nanosecond // 1000)
    return local if offset is None else local.replace(tzinfo=timezone(offset)).astimezone(UTC)


def _clock(value: neo4j_time.Time) -> time:
    hour, minute, second, nanosecond = value.hour_minute_second_nanosecond
    offset = value.utcoffset()
    return time(hour, minute, second, nanosecond // 1000, None if offset is None else timezone(offset))


def _point(value: spatial.Point) -> dict[str, object]:
    return {"srid": value.srid, **dict(zip("xyz", map(float, value), strict=False))}


def _path(value: object) -> tuple[object, ...]:
    """A path as questions write it: uid, ``-TYPE->`` or ``<-TYPE-``, uid, …"""
    from neo4j import graph as g

    assert isinstance(value, g.Path)
    steps: list[object] = [_node(value.nodes[0]).uid]
    for node, rel in zip(value.nodes[1:], value.relationships, strict=True):
        forth = rel.end_node is not None and rel.end_node.element_id == node.element_id
        steps += [f"-{rel.type}->" if forth else f"<-{rel.type}-", _node(node).uid]
    return tuple(steps)


def json_value(value: object) -> object:
    """A value as JSON has it: times as ISO 8601, tuples as lists, NaN and infinity as null, bytes in base64."""
    if isinstance(value, datetime):
        return show_instant(value) if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        from base64 import b64encode

        return b64encode(value).decode("ascii")
    if isinstance(value, tuple | list):
        return [json_value(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): json_value(v) for k, v in value.items()}
    return value
