"""Rows as a plain page of their own: drawings where the question has any, one table, no script, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from mce_graph.picture.figure import Figure
from mce_graph.picture.svg import DARK, STYLE, link, svg

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
SHORT = 40
"""A text of fewer characters is not broken over lines: an id, a time."""
_STYLE = (
    ":root{color-scheme:light dark}body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem;color:CanvasText;"
    "background:Canvas}h1{font-size:1.15rem}div{overflow-x:auto}table{border-collapse:collapse}"
    "th,td{text-align:left;padding:.3rem .7rem;border-bottom:1px solid GrayText;vertical-align:top}"
    "thead th{position:sticky;top:0;background:Canvas}.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".s{white-space:nowrap}"
    "@media print{body{margin:0}thead{display:table-header-group}tr,figure{break-inside:avoid}figure a{display:none}}"
    "figure{margin:0 0 1.2rem}svg{max-width:100%;height:auto;display:block}figcaption{font-size:.9rem}"
    "@media screen and (max-width:700px){figure{overflow-x:auto}svg{max-width:none}}"
)


def sheet(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "", figures: Sequence[Figure] = ()
) -> str:
    """A self-contained HTML page with the rows, and drawings of them; every text is data there and nothing else."""
    lines = []
    for row in rows:
        lines.append("<tr>" + "".join(_cell(v) for v in row) + "</tr>\n")
    count = f"{len(lines)} row{'' if len(lines) == 1 else 's'}"
    name = _text(title or "Answer")
    heads = "".join(f'<th scope="col">{_text(c)}</th>' for c in columns)
    drawn, style = _drawn(figures), _STYLE
    if drawn:
        style += f"{STYLE}@media screen and (prefers-color-scheme:dark){{{DARK}}}"
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{name}</title>\n'
        f"<style>{style}</style></head>\n<body><main><h1>{name}</h1>\n{drawn}<p>{count}</p>\n"
        f'<div tabindex="0" role="region" aria-label="{name}"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n'
        f"{''.join(lines)}</tbody></table></div></main></body></html>\n"
    )


def _drawn(figures: Sequence[Figure]) -> str:
    return "".join(
        f"<figure>{svg(f, n)}<figcaption>{_text(f.title)} "
        f'(<a download="chart-{n + 1}.svg" href="{link(f, n)}">save as SVG</a>)</figcaption></figure>\n'
        for n, f in enumerate(figures)
    )


def _cell(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<td class="n">{_text(str(value))}</td>'
    text = _flat(value)
    kind = ' class="s"' if len(text) < SHORT else ""
    return f"<td{kind}><bdi>{_text(text)}</bdi></td>"


def _flat(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return " ".join(_flat(v) for v in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_flat(v)}" for k, v in value.items())
    return str(value)


def _text(value: str) -> str:
    return escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", value))
