"""Results as data frames, Arrow tables, networkx graphs, notebook tables; each library is imported when it is used."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mce_graph.errors import MissingExtraError
from mce_graph.result import GraphResult, Result, json_value, values_of
from mce_graph.template import Column

if TYPE_CHECKING:
    import networkx
    import pandas
    import polars
    import pyarrow

SHOWN = 50
"""Rows in a notebook."""
_EXTRAS = {"pandas": "pandas", "polars": "polars", "pyarrow": "parquet", "networkx": "networkx"}
_NUMBERS = ("int", "float")


def to_arrow(result: Result[Any]) -> pyarrow.Table:
    pa = _library("pyarrow")
    types = {
        "string": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "boolean": pa.bool_(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "date": pa.date32(),
        "map": pa.string(),
    }
    arrays, fields = [], []
    for c, values in _columns(result):
        of = _of(c.type, types, lambda inner: pa.list_(inner))
        array = pa.array(values, of) if of is not None else _guessed(pa.array, values, (pa.ArrowException,))
        arrays.append(array)
        fields.append(pa.field(c.name, array.type, metadata=_meaning(c)))
    about = {"question": result.question, "truncated": str(result.truncated).lower()}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about))


def to_polars(result: Result[Any]) -> polars.DataFrame:
    pl = _library("polars")
    types = {
        "string": pl.String,
        "int": pl.Int64,
        "float": pl.Float64,
        "boolean": pl.Boolean,
        "datetime": pl.Datetime("us", "UTC"),
        "date": pl.Date,
        "map": pl.String,
    }
    series = []
    for c, values in _columns(result):
        of = _of(c.type, types, lambda inner: pl.List(inner))
        if of is None:
            made = _guessed(pl.Series, values, (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError))
            series.append(made.alias(c.name))
        else:
            series.append(pl.Series(c.name, values, dtype=of))
    frame: polars.DataFrame = pl.DataFrame(series)
    return frame


def to_pandas(result: Result[Any]) -> pandas.DataFrame:
    pd = _library("pandas")
    columns = {}
    for c, values in _columns(result, maps_as_text=False):
        if c.type in _PANDAS:
            columns[c.name] = pd.Series(values, dtype=_PANDAS[c.type])
        else:
            columns[c.name] = pd.Series([list(v) if isinstance(v, tuple) else v for v in values], dtype="object")
    frame = pd.DataFrame(columns, columns=[c.name for c in result.columns])
    frame.attrs = {
        "question": result.question,
        "truncated": result.truncated,
        "columns": {c.name: _meaning(c) for c in result.columns},
    }
    return frame


_PANDAS = {
    "string": "string",
    "int": "Int64",
    "float": "float64",
    "boolean": "boolean",
    "datetime": "datetime64[us, UTC]",
}


def to_networkx(result: GraphResult) -> networkx.MultiDiGraph[str]:
    nx = _library("networkx")
    graph = nx.MultiDiGraph(question=result.question, truncated=result.truncated)
    for node in result.nodes:
        graph.add_node(node.uid, **{**node.properties, "labels": node.labels})
    for rel in result.relationships:
        # The type is the key; a second one of the same type between the same two (other times) gets a number.
        key, n = rel.type, 1
        while graph.has_edge(rel.start, rel.end, key):
            n += 1
            key = f"{rel.type}#{n}"
        graph.add_edge(rel.start, rel.end, key, **{**rel.properties, "type": rel.type})
    return graph


def html(result: Result[Any]) -> str:
    """A table for notebooks; every text is escaped."""
    heads = "".join(
        f'<th title="{escape(c.help)}">{escape(c.name)}{f" [{escape(c.unit)}]" if c.unit else ""}</th>'
        for c in result.columns
    )
    names = [c.name for c in result.columns]
    numbers = [c.type in _NUMBERS for c in result.columns]
    lines = []
    for row in result.rows[:SHOWN]:
        cells = zip(values_of(row, names), numbers, strict=True)
        lines.append("".join(f"<td{_RIGHT if number else ''}>{escape(_cell(v))}</td>" for v, number in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    count = f"{len(result.rows)} row{'' if len(result.rows) == 1 else 's'}"
    if len(result.rows) > SHOWN:
        count += f", the first {SHOWN} shown"
    if result.truncated:
        count += "; there are more: raise limit"
    caption = f"<caption>{escape(result.question)}: {count}</caption>"
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


_RIGHT = ' style="text-align: right"'


def _cell(value: object) -> str:
    value = json_value(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(_cell(v) for v in value)
    return _text(value) if isinstance(value, Mapping) else str(value)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        extra = _EXTRAS[name]
        raise MissingExtraError(f"{name} is not installed", hint=f"pip install 'mce-graph[{extra}]'") from error


def _columns(result: Result[Any], *, maps_as_text: bool = True) -> list[tuple[Column, Sequence[object]]]:
    """The values by column: none of the three libraries likes rows."""
    rows = result.tuples()
    values: list[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [()] * len(result.columns)
    return [
        (c, [None if v is None else _text(v) for v in column] if maps_as_text and c.type == "map" else column)
        for c, column in zip(result.columns, values, strict=True)
    ]


def _of(type_: str, types: Mapping[str, Any], listed: Callable[[Any], Any]) -> Any:
    inner = type_.removeprefix("list[").removesuffix("]")
    of = types.get(inner)
    return listed(of) if of is not None and inner != type_ else of


def _guessed(
    make: Callable[[list[object]], Any], values: Sequence[object], refusals: tuple[type[Exception], ...]
) -> Any:
    """A column of which nobody said the type: as the library sees it, else as JSON texts."""
    try:
        return make([list(v) if isinstance(v, tuple) else v for v in values])
    except refusals:
        return make([None if v is None else _text(v) for v in values])


def _text(value: object) -> str:
    return json.dumps(json_value(value), ensure_ascii=False)


def _meaning(column: Column) -> dict[str, str]:
    found = {"type": column.type, "help": column.help, "unit": column.unit, "pii": column.pii}
    return {name: text for name, text in found.items() if text}
