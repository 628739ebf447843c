"""A graph answer as one page to open in a browser: it needs nothing else and asks nobody for anything.

The page holds the answer as JSON, cytoscape.js (MIT, ``assets/cytoscape.LICENSE.txt``) and a script of its own. Its
content policy lets just these two scripts run, by their hashes, and forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path

from mce_graph.picture.style import caption, label, look, period
from mce_graph.picture.text import Series, nearest_first
from mce_graph.result import GraphResult, Node, json_value

MOST = 1000
"""Nodes that a browser draws in a second or two; the page says how many more there are."""
_ASSETS = Path(__file__).parent / "assets"
_OF_CYTOSCAPE = ".__________cytoscape_container { position: relative; }"
_INTERNAL = ("uid", "stub")


def page(
    result: GraphResult,
    root: str | None = None,
    *,
    title: str = "",
    as_of: str = "",
    series: Mapping[str, Sequence[Series]] | None = None,
) -> str:
    """A self-contained HTML page of the answer, drawn from the node ``root`` outwards.

    ``as_of`` is the instant asked about, where the slider stands first; ``series`` are experiences by uid.
    """
    data = json.dumps(_data(result, root, as_of, series or {}), ensure_ascii=False, allow_nan=False)
    # Nothing in the data can end its element or begin another one.
    data = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    data = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    style, script, library = _asset("page.css"), _asset("page.js"), _asset("cytoscape.min.js")
    policy = (
        f"default-src 'none'; script-src {_hash(library)} {_hash(script)}; style-src {_hash(style)} "
        f"{_hash(_OF_CYTOSCAPE)}; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    parts = {
        "POLICY": escape(policy),
        "TITLE": escape(title.removesuffix(", as a picture") or result.question),
        "STYLE": style,
        "DATA": data,
        "LIBRARY": library,
        "SCRIPT": script,
    }
    out = []
    # In one go: a name that looks like a mark of ours stays a name.
    for piece in _asset("page.html").split("%%"):
        out.append(parts.get(piece, piece))
    return "".join(out)


def _data(
    result: GraphResult, root: str | None, as_of: str, series: Mapping[str, Sequence[Series]]
) -> dict[str, object]:
    shown: list[Node] = []
    for node, _ in nearest_first(result, root):
        if len(shown) == MOST:
            break
        shown.append(node)
    kept = {n.uid for n in shown}
    first = shown[0].uid if shown else ""
    nodes = [
        {
            "uid": n.uid,
            "label": label(n),
            "labels": list(n.labels),
            "name": caption(n),
            "properties": _properties(n.properties),
            **dict(zip(("from", "to"), map(json_value, period(n)), strict=True)),
            "qoe": [str(s) for s in series.get(n.uid, ())],
        }
        for n in shown
    ]
    links = [
        {
            "type": r.type,
            "start": r.start,
            "end": r.end,
            "from": json_value(r.properties.get("validFrom") or r.properties.get("at")),
            "to": json_value(r.properties.get("validTo")),
            "properties": _properties(r.properties),
        }
        for r in result.relationships
        if r.start in kept and r.end in kept
    ]
    labels = sorted({label(n) for n in shown})
    return {
        "root": root if root in kept else first,
        "question": result.question,
        "asOf": as_of,
        "more": len(result.nodes) - len(shown),
        "cut": result.truncated,
        "looks": {name: look(name) for name in labels},
        "nodes": nodes,
        "links": links,
    }


def _properties(have: Mapping[str, object]) -> dict[str, object]:
    """What a reader looks for: without keys of our own and without which load wrote it."""
    kept = {k: v for k, v in have.items() if k not in _INTERNAL and not (k.startswith("seen") and k[4:5].isupper())}
    return {k: json_value(v) for k, v in kept.items()}


@cache
def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
