"""A graph answer as text: a tree for a terminal, Mermaid and Graphviz for documents; and sparklines."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mce_graph.picture.style import caption, label, look
from mce_graph.result import GraphResult, Node, Relationship

BARS = "▁▂▃▄▅▆▇█"
ASCII = str.maketrans(
    {
        **dict(zip("▁▂▃▄▅▆▇█", "_.-=+*%#", strict=True)), **dict(zip("▏▎▍▌▋▊▉", ".....##", strict=True)),
        **dict(zip("▒░▓│├└─↑·–", "=.:||`-^/-", strict=True)), "→": "->", "←": "<-", "…": "...",
    }
)  # fmt: skip
"""What trees and drawings are made of, for a terminal that has no other signs."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]+")
_MOS = (1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Series:
    """What one metric of one service was for somebody, window after window, the oldest first."""

    metric: str
    service: str
    values: tuple[float, ...]
    note: str = ""

    def __str__(self) -> str:
        of = _MOS if self.metric.lower() == "mos" else None
        note = f", {self.note}" if self.note else ""
        return f"{self.metric} {sparkline(self.values, of)} {self.values[-1]:g}{note} on {self.service}"


def sparkline(values: Sequence[float], span: tuple[float, float] | None = None) -> str:
    """Values as bars of eight heights, between the least and the greatest of them, or of ``span``."""
    if not values:
        return ""
    low, high = span or (min(values), max(values))
    if high <= low:
        return BARS[3] * len(values)
    return "".join(BARS[max(0, min(7, round((v - low) / (high - low) * 7)))] for v in values)


def nearest_first(result: GraphResult, root: str | None = None) -> Iterator[tuple[Node, Relationship | None]]:
    """Every node once, from the root outwards, with the relationship by which it was first reached."""
    nodes = {n.uid: n for n in result.nodes}
    around = _around(result)
    starts = [root] if root in nodes else []
    starts += sorted(nodes, key=lambda uid: -len(around[uid]))
    seen: set[str] = set()
    for start in starts:
        if start is None or start in seen:
            continue
        seen.add(start)
        waiting: deque[tuple[str, Relationship | None]] = deque([(start, None)])
        while waiting:
            uid, by = waiting.popleft()
            yield nodes[uid], by
            for rel in around[uid]:
                other = rel.end if rel.start == uid else rel.start
                if other not in seen:
                    seen.add(other)
                    waiting.append((other, rel))


def tree(result: GraphResult, root: str | None = None, series: Mapping[str, Sequence[Series]] | None = None) -> str:
    """The answer as a tree from ``root`` outwards; what hangs together in more than one way is marked ``↑``.

    ``series`` are experiences by uid, drawn as sparklines in place of the measurements under it.
    """
    series = series or {}
    nodes = {n.uid: n for n in result.nodes}
    if not nodes:
        return ""
    measured = {n.uid for n in result.nodes if label(n) == "QoEMeasurement"}
    instead = {end for r in result.relationships for end in (r.end,) if r.end in measured and r.start in series}
    below: dict[str, list[tuple[Relationship, str]]] = defaultdict(list)
    roots: list[str] = []
    used: set[int] = set()
    order: dict[str, int] = {}
    for node, by in nearest_first(result, root):
        order[node.uid] = len(order)
        if by is None:
            roots.append(node.uid)
        else:
            used.add(id(by))
            parent = by.start if by.end == node.uid else by.end
            below[parent].append((by, node.uid))
    again: dict[str, list[Relationship]] = defaultdict(list)
    for rel in result.relationships:
        if id(rel) not in used and not {rel.start, rel.end} & measured:
            again[max(rel.start, rel.end, key=lambda uid: order[uid])].append(rel)
    lines: list[str] = []

    def draw(uid: str, lead: str) -> None:
        children = [(r, other) for r, other in below[uid] if other not in instead]
        extra = [f"QoE {clean(str(s))}" for s in series.get(uid, ())]
        also = [_step(r, uid, nodes) + " ↑" for r in again[uid]]
        last = len(children) + len(extra) + len(also) - 1
        for n, (rel, other) in enumerate(children):
            lines.append(f"{lead}{'└─' if n == last else '├─'} {_step(rel, uid, nodes)}")
            draw(other, lead + ("   " if n == last else "│  "))
        for n, line in enumerate((*extra, *also), len(children)):
            lines.append(f"{lead}{'└─' if n == last else '├─'} {line}")

    for start in roots:
        if start in instead:
            continue
        lines.append(_named(nodes[start]))
        draw(start, "")
    if any(again.values()):
        lines.append("↑ stands elsewhere in the tree")
    return "\n".join(lines) + "\n"


def mermaid(result: GraphResult) -> str:
    """The answer as a Mermaid flowchart, for a ticket, a wiki or Markdown."""
    names = {n.uid: f"n{i}" for i, n in enumerate(result.nodes)}
    lines = ["flowchart LR"]
    for n in result.nodes:
        head = f"{label(n)} {n.uid.partition(':')[2]}"
        text = _mermaid(head) if caption(n) in head else f"{_mermaid(head)}<br/>{_mermaid(caption(n))}"
        lines.append(f'  {names[n.uid]}["{text}"]:::{_word(label(n))}')
    for r in result.relationships:
        lines.append(f'  {names[r.start]} -->|"{_mermaid(_type(r))}"| {names[r.end]}')
    for name in sorted({label(n) for n in result.nodes}):
        lines.append(f"  classDef {_word(name)} fill:{look(name)[0]},color:#ffffff,stroke:#00000040")
    return "\n".join(lines) + "\n"


def dot(result: GraphResult) -> str:
    """The answer in the language of Graphviz: ``mce … -o dot | dot -Tsvg``."""
    names = {n.uid: f"n{i}" for i, n in enumerate(result.nodes)}
    lines = ["digraph {", '  rankdir=LR; node [style=filled, fontcolor=white, fontname="sans-serif"];']
    for n in result.nodes:
        text = f"{_dot(label(n))} {_dot(n.uid.partition(':')[2])}\\n{_dot(caption(n))}"
        lines.append(f'  {names[n.uid]} [label="{text}", fillcolor="{look(label(n))[0]}"];')
    for r in result.relationships:
        lines.append(f'  {names[r.start]} -> {names[r.end]} [label="{_dot(_type(r))}"];')
    return "\n".join([*lines, "}"]) + "\n"


def _around(result: GraphResult) -> dict[str, list[Relationship]]:
    around: dict[str, list[Relationship]] = defaultdict(list)
    for rel in result.relationships:
        around[rel.start].append(rel)
        if rel.end != rel.start:
            around[rel.end].append(rel)
    return around


def _step(rel: Relationship, here: str, nodes: Mapping[str, Node]) -> str:
    other = rel.end if rel.start == here else rel.start
    return f"{clean(_type(rel))} {'→' if rel.start == here else '←'} {_named(nodes[other])}{clean(_since(rel))}"


def _type(rel: Relationship) -> str:
    role = rel.properties.get("role")
    return f"{rel.type} ({role})" if role else rel.type


def _since(rel: Relationship) -> str:
    parts = []
    for word, name in (("since", "validFrom"), ("until", "validTo")):
        value = rel.properties.get(name)
        if isinstance(value, datetime):
            parts.append(f"{word} {value:%Y-%m-%d}")
    return f", {' '.join(parts)}" if parts else ""


def _named(node: Node) -> str:
    rest = node.uid.partition(":")[2] or node.uid
    if label(node) == "QoEMeasurement":
        shown = f"{node.properties.get('windowStart') or ''}"[:10]
        return clean(f"QoE {caption(node)} {shown}".rstrip())
    name = caption(node)
    state = node.properties.get("operatingStatus") or node.properties.get("status") or node.properties.get("state")
    about = f" {name}" if name != rest else ""
    return clean(f"{label(node)} {rest}{about}{f' [{state}]' if state else ''}")


def clean(text: str) -> str:
    """The text without what would steer a terminal or turn the reading direction."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _word(text: str) -> str:
    return re.sub(r"\W", "_", text, flags=re.ASCII) or "_"


_MERMAID = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;", "|": "#124;"}


def _mermaid(text: str) -> str:
    return "".join(_MERMAID.get(c, c) for c in clean(text))


def _dot(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', '\\"')
