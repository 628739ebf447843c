"""The graph as text that two loads can be compared by: every node and relationship, without what names the load."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mce_graph.graph import Graph
from mce_graph.instants import show_instant
from mce_graph.load.merge import native
from mce_graph.statement import Statement

_OF_THE_LOAD = ("firstSeen", "lastSeen")


def dump(graph: Graph, *, seen: bool = False) -> list[str]:
    """One line for each node and relationship, sorted. ``seen`` keeps which load asserted it last."""

    def shown(properties: object) -> str:
        assert isinstance(properties, dict)
        kept = native(properties)
        return ", ".join(
            f"{name}={value!r}"
            for name, value in sorted(kept.items())
            if name not in _OF_THE_LOAD and (seen or not name.startswith("seen"))
        )

    nodes = graph.fetch(Statement("MATCH (n) WHERE NOT n:LoadRun RETURN labels(n), properties(n)")).rows
    rels = graph.fetch(Statement("MATCH (a)-[r]->(b) RETURN a.uid, type(r), b.uid, properties(r)")).rows
    lines = [
        f"({':'.join(sorted(map(str, labels if isinstance(labels, list) else ())))} {shown(p)})" for labels, p in nodes
    ]
    lines += [f"({a})-[{type_} {shown(p)}]->({b})" for a, type_, b, p in rels]
    return sorted(lines)


def put(folder: Path, **tables: str) -> Path:
    """Write tables into a folder: ``put(tmp, Customer="id,name\\nC-1,Ann\\n")``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def values(graph: Graph, text: str, **params: object) -> list[tuple[object, ...]]:
    """The rows of a statement, instants as ISO 8601 in UTC."""
    rows = graph.fetch(Statement(text, params, name="test")).rows
    return [tuple(_plain(value) for value in row) for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return show_instant(value)
    return _plain(value.to_native()) if hasattr(value, "to_native") else value
