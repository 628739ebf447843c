"""Bars and lines as SVG, for a page or a slide: it needs nothing else, and a title and a description say what is in it.

Every number is written beside its bar and every kind of bar has a pattern of its own: nothing is told by colour alone.
"""

from __future__ import annotations

import base64
from datetime import datetime
from html import escape

from mce_graph.picture.figure import Figure, cut, numbers, said, top
from mce_graph.picture.text import clean

WIDTH, LABELS, NUMBERS = 760, 230, 170
"""Of a picture, of the names to the left and of the numbers to the right, in pixels."""
STYLE = (
    ".ink{fill:#1c1917}.soft{fill:#57534e}.axis{stroke:#a8a29e}.k0{fill:#1d4ed8}.k1{fill:#b45309}.k2{fill:#6b7280}"
    ".k3{fill:#15803d}.l0{stroke:#1d4ed8}.promise{stroke:#b45309}"
)
DARK = (
    ".ink{fill:#f0eeec}.soft{fill:#b5b0ab}.axis{stroke:#6b7280}.k0{fill:#8ab4ff}.k1{fill:#fbbf77}.k2{fill:#b6bcc6}"
    ".k3{fill:#7ddc9a}.l0{stroke:#8ab4ff}.promise{stroke:#fbbf77}"
)


def svg(figure: Figure, number: int = 0, *, alone: bool = False) -> str:
    """The drawing as SVG with a title and a description; ``alone`` brings its colours and a white ground along."""
    body, height = _bars_svg(figure, f"f{number}") if figure.bars else _lines_svg(figure)
    if figure.more:
        body.append(_text(f"{figure.more} more in the table", 0, height + 14, "soft"))
        height += 22
    size = f'x="-10" y="-10" width="{WIDTH + 20}" height="{height + 20}"'
    ground = f'<style>{STYLE}</style><rect {size} fill="#ffffff"/>' if alone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 {WIDTH + 20} {height + 20}" width="{WIDTH + 20}" '
        f'height="{height + 20}" role="img" aria-labelledby="f{number}t f{number}d" font-family="sans-serif" '
        f'font-size="13"><title id="f{number}t">{_safe(figure.title)}</title>'
        f'<desc id="f{number}d">{_safe(_described(figure))}</desc>{ground}'
        f"{''.join(body)}</svg>"
    )


def link(figure: Figure, number: int = 0) -> str:
    """An address that holds the drawing itself, for a link that saves it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(figure, number, alone=True).encode()).decode()}"


def _described(figure: Figure) -> str:
    if figure.bars:
        shown = (f"{b.name}: {numbers(figure, b)}" for b in figure.bars)
        return f"{', '.join(figure.kinds)}. {'; '.join(shown)}."
    parts = []
    for line in figure.lines:
        (start, first), (end, last) = line.points[0], line.points[-1]
        about = "" if line.promised is None else f", promised {said(line.promised, line.unit)}"
        ends = f"{said(first, line.unit)} on {start:%Y-%m-%d}, {said(last, line.unit)} on {end:%Y-%m-%d}"
        parts.append(f"{line.name}: {ends}{about}")
    return "; ".join(parts) + "."


def _bars_svg(figure: Figure, id: str) -> tuple[list[str], int]:
    out = [_patterns(id)]
    y = 0
    if len(figure.kinds) > 1:
        x = float(LABELS)
        for n, kind in enumerate(figure.kinds):
            out += [_rect(x, 0, 14, 12, _fill(id, n)), _text(kind, x + 19, 11, "ink")]
            x += 42 + 7.5 * len(kind)
        y = 26
    room = WIDTH - LABELS - NUMBERS
    most = top(figure)
    for bar in figure.bars:
        tall = 18 if figure.stacked or len(bar.values) == 1 else 14
        lines = 1 if figure.stacked else len(bar.values)
        out.append(_text(bar.name, LABELS - 8, y + tall * lines / 2 + 5, "ink", anchor="end", cells=30))
        if figure.stacked:
            x = float(LABELS)
            for n, value in enumerate(bar.values):
                wide = room * min(1.0, max(0.0, value or 0.0))
                out += [_rect(x, y, wide, tall, _fill(id, n), f"{bar.name}, {figure.kinds[n]}: {said(value, 'share')}")]
                x += wide
            out.append(_text(numbers(figure, bar), LABELS + room + 8, y + 14, "ink"))
        else:
            for n, value in enumerate(bar.values):
                wide = room * max(0.0, value or 0.0) / most
                above = y + n * tall
                out.append(_rect(LABELS, above, wide, tall - 2, _fill(id, n), f"{bar.name}, {figure.kinds[n]}"))
                shown = "not shown" if value is None else said(value, figure.unit)
                out.append(_text(shown, LABELS + wide + 6, above + tall - 4, "ink"))
        y += tall * lines + 10
    out.append(
        f'<line class="axis" x1="{LABELS}" x2="{LABELS}" y1="{26 if len(figure.kinds) > 1 else 0}" y2="{y - 6}"/>'
    )
    unit = "" if figure.unit in ("share", *figure.kinds) else figure.unit
    if unit:
        out.append(_text(unit, LABELS, y + 10, "soft"))
        y += 16
    return out, y


def _lines_svg(figure: Figure) -> tuple[list[str], int]:
    out: list[str] = []
    left, right, tall, each = 60, WIDTH - NUMBERS, 90, 148
    for n, line in enumerate(figure.lines):
        above = n * each
        low, high = line.span
        begin, end = line.points[0][0], line.points[-1][0]
        length = (end - begin).total_seconds()

        def x(at: datetime, begin: datetime = begin, length: float = length) -> float:
            return left + (right - left) * ((at - begin).total_seconds() / length if length else 0.5)

        def y(value: float, low: float = low, high: float = high, above: int = above) -> float:
            return above + 24 + tall * (1 - (value - low) / (high - low))

        unit = f" ({line.unit})" if line.unit and line.unit not in line.name else ""
        out.append(_text(f"{line.name}{unit}", 0, above + 12, "ink", cells=90))
        for value in (low, high):
            out.append(f'<line class="axis" x1="{left}" x2="{right}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
            out.append(_text(said(value, line.unit), left - 8, y(value) + 4, "soft", anchor="end"))
        last = line.points[-1][1]
        apart = y(last)
        if line.promised is not None:
            level = y(line.promised)
            out.append(
                f'<line class="promise" stroke-width="2" stroke-dasharray="6 4" x1="{left}" x2="{right}" '
                f'y1="{level:.1f}" y2="{level:.1f}"/>'
            )
            out.append(_text(f"promised {said(line.promised, line.unit)}", right + 8, level + 4, "ink"))
            # The two texts never lie upon each other.
            apart = apart if abs(apart - level) > 15 else level + (15 if apart >= level else -15)
        path = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in line.points)
        out.append(f'<polyline class="l0" fill="none" stroke-width="2" points="{path}"/>')
        for at, value in line.points:
            tip = _safe(f"{at:%Y-%m-%d %H:%MZ}: {said(value, line.unit)}")
            out.append(f'<circle class="k0" cx="{x(at):.1f}" cy="{y(value):.1f}" r="3.5"><title>{tip}</title></circle>')
        out.append(_text(said(last, line.unit), right + 8, apart + 4, "ink"))
        below = above + 24 + tall + 16
        if length:
            out.append(_text(f"{begin:%Y-%m-%d}", left, below, "soft"))
            out.append(_text(f"{end:%Y-%m-%d}", right, below, "soft", anchor="end"))
        else:
            out.append(_text(f"{begin:%Y-%m-%d}", (left + right) / 2, below, "soft", anchor="middle"))
    return out, each * len(figure.lines)


def _patterns(id: str) -> str:
    """Hatched, dotted and striped, beside the full one: told apart without colours."""
    drawn = {
        "k1": ('patternTransform="rotate(45)"', '<rect class="k1" width="3" height="6"/>'),
        "k2": ("", '<circle class="k2" cx="3" cy="3" r="1.4"/>'),
        "k3": ("", '<rect class="k3" width="6" height="2"/>'),
    }
    made = (
        f'<pattern id="{id}{k}" width="6" height="6" patternUnits="userSpaceOnUse" {turned}>'
        f'<rect class="{k}" width="6" height="6" opacity=".3"/>{mark}</pattern>'
        for k, (turned, mark) in drawn.items()
    )
    return f"<defs>{''.join(made)}</defs>"


def _fill(id: str, n: int) -> str:
    return 'class="k0"' if n == 0 else f'fill="url(#{id}k{n})"'


def _rect(x: float, y: float, width: float, height: float, fill: str, tip: str = "") -> str:
    shape = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {fill}'
    return f"{shape}><title>{_safe(tip)}</title></rect>" if tip else f"{shape}/>"


def _text(value: str, x: float, y: float, kind: str, *, anchor: str = "", cells: int = 0) -> str:
    from rich.cells import cell_len

    shown = value if not cells or cell_len(value) <= cells else cut(value, cells)
    tip = f"<title>{_safe(value)}</title>" if shown != value else ""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{where}>{_safe(shown)}{tip}</text>'


def _safe(value: str) -> str:
    return escape(clean(value))
