"""Rows as bars and lines: what is drawn, and how a terminal shows it; ``svg`` draws the same for a page or a slide.

What is drawn is declared in the question's header (``mce_graph.chart``); scales come from the columns' units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from mce_graph.chart import Chart
from mce_graph.picture.text import clean, sparkline
from mce_graph.template import Column

SPANS = {"mos": (1.0, 5.0), "r": (0.0, 100.0), "share": (0.0, 1.0), "score": (0.0, 1.0)}
"""Scales that are the same in every picture."""
BARS = 40
"""Bars, or groups of them, that a picture holds; it says how many more there are."""
LINES = 12
_TICKS = "▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Bar:
    """What one row, or one count of rows, is called and its numbers."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Numbers over time, the oldest first."""

    name: str
    points: tuple[tuple[datetime, float], ...]
    unit: str
    promised: float | None = None
    """What was promised last."""

    @property
    def span(self) -> tuple[float, float]:
        """The least and the greatest value of the scale."""
        known = SPANS.get(self.unit.lower())
        values = [v for _, v in self.points] + ([] if self.promised is None else [self.promised])
        if known and known[0] <= min(values) and max(values) <= known[1]:
            return known
        low, high = min(values), max(values)
        if low >= 0 and low < high / 2:
            low = 0.0
        return (low, high) if high > low else (low - 1, high + 1) if low else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One drawing: bars or lines, and how many more there would be."""

    title: str
    kinds: tuple[str, ...]
    """What the numbers of a bar are, in their order."""
    unit: str
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    stacked: bool = False
    more: int = 0


def figures(
    charts: Iterable[Chart], columns: Sequence[Column], rows: Sequence[Mapping[str, object]], title: str
) -> list[Figure]:
    """The drawings of these rows; none of a chart whose columns are not all there, and none without rows."""
    there = {c.name: c for c in columns}
    drawn = [_figure(c, there, rows, title) for c in charts if rows and c.columns <= set(there)]
    return [f for f in drawn if f.bars or f.lines]


def _figure(c: Chart, there: Mapping[str, Column], rows: Sequence[Mapping[str, object]], title: str) -> Figure:
    if c.kind == "lines":
        lines = _lines(c, there[c.values[0]].unit, rows)
        return Figure(title, c.values, there[c.values[0]].unit, lines=lines[:LINES], more=max(0, len(lines) - LINES))
    if c.along:
        return Figure(f"{title}: {c.counted} by day", (c.counted,), c.counted, lines=_by_day(c, rows))
    if c.kind == "count":
        counts = Counter(_name(c.of, row) for row in rows)
        bars = [Bar(name, (n,)) for name, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))]
        by = " and ".join(name.replace("_", " ") for name in c.of)
        return Figure(f"{title}: {c.counted} by {by}", (c.counted,), c.counted, tuple(bars[:BARS]), more=_over(bars))
    bars = [Bar(_name(c.of, row), tuple(_number(row[v]) for v in c.values)) for row in rows]
    kinds = tuple(v.replace("_", " ") for v in c.values)
    return Figure(title, kinds, there[c.values[0]].unit, tuple(bars[:BARS]), stacked=c.stacked, more=_over(bars))


def _over(bars: Sequence[Bar]) -> int:
    return max(0, len(bars) - BARS)


def _lines(c: Chart, unit: str, rows: Sequence[Mapping[str, object]]) -> tuple[Line, ...]:
    points: dict[str, list[tuple[datetime, float]]] = {}
    units: dict[str, str] = {}
    promised: dict[str, tuple[datetime, float]] = {}
    for row in rows:
        at, value = row[c.along], _number(row[c.values[0]])
        if not isinstance(at, datetime) or value is None:
            continue
        name = _name(c.of, row)
        points.setdefault(name, []).append((at, value))
        units[name] = str(row[c.measure] or "") if c.measure else unit
        if c.promised and row[c.promised[1]] == c.values[0] and (target := _number(row[c.promised[0]])) is not None:
            promised[name] = max(promised.get(name, (at, target)), (at, target))
    return tuple(
        Line(name, tuple(sorted(points[name])), units[name], promised[name][1] if name in promised else None)
        for name in sorted(points)
    )


def _by_day(c: Chart, rows: Sequence[Mapping[str, object]]) -> tuple[Line, ...]:
    """How many rows there are of each day, and of each week where there are many days; none is 0."""
    days = sorted(at.astimezone(UTC).date() for row in rows if isinstance(at := row[c.along], datetime))
    if not days:
        return ()
    step = 1 if (days[-1] - days[0]).days < 62 else 7
    counts = dict.fromkeys(range(0, (days[-1] - days[0]).days + 1, step), 0)
    for day in days:
        counts[(day - days[0]).days // step * step] += 1
    points = tuple((_midnight(days[0] + timedelta(n)), float(count)) for n, count in counts.items())
    return (Line(f"{c.counted} {'a day' if step == 1 else 'in seven days'}", points, c.counted),)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _name(of: Sequence[str], row: Mapping[str, object]) -> str:
    return " · ".join(clean(str(row[name])) for name in of if row[name] is not None) or "none"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def said(value: float | None, unit: str) -> str:
    """A number as a reader wants it: a share in per cent, a count with its thousands."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{100 * value:.3g}%"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def numbers(figure: Figure, bar: Bar) -> str:
    """The numbers of a bar in the order of its kinds."""
    if all(v is None for v in bar.values):
        return "not shown"
    return " · ".join(said(v, figure.unit) for v in bar.values)


def text(figure: Figure, width: int) -> str:
    """The drawing for a terminal of so many columns."""
    lines = _bars_text(figure, width) if figure.bars else _lines_text(figure)
    if figure.more:
        lines.append(f"{figure.more} more in the table")
    return "\n".join([figure.title, *lines]) + "\n"


def _bars_text(figure: Figure, width: int) -> list[str]:
    from rich.cells import cell_len, set_cell_size

    signs = "█▒░▓"
    names = min(max(cell_len(b.name) for b in figure.bars), max(12, width // 3))
    ends = max(len(said(v, figure.unit)) for b in figure.bars for v in b.values)
    many, whole = len(figure.kinds) > 1, figure.stacked
    kinds = max(map(len, figure.kinds)) + 2 if many and not whole else 0
    ends = max(len(numbers(figure, b)) for b in figure.bars) if whole else max(ends, len("not shown"))
    room = max(10, min(50, width - names - kinds - ends - 4))
    lines = []
    if whole:
        lines.append("   ".join(f"{sign} {kind}" for sign, kind in zip(signs, figure.kinds, strict=False)))
    for bar in figure.bars:
        name = set_cell_size(bar.name, names) if cell_len(bar.name) <= names else cut(bar.name, names)
        if whole:
            filled = "".join(sign * n for sign, n in zip(signs, _parts(bar.values, room), strict=False))
            lines.append(f"{name}  {filled:<{room}}  {numbers(figure, bar)}")
            continue
        for n, (kind, value) in enumerate(zip(figure.kinds, bar.values, strict=True)):
            head = name if n == 0 else " " * names
            sort = f"{kind:<{kinds}}" if kinds else ""
            drawn = _blocks(value or 0, top(figure), room)
            lines.append(f"{head}  {sort}{drawn} {said(value, figure.unit) if value is not None else 'not shown'}")
    return lines


def _lines_text(figure: Figure) -> list[str]:
    lines = []
    for line in figure.lines:
        values = [v for _, v in line.points]
        bars = sparkline(values, line.span)
        first, last = (said(v, line.unit) for v in (values[0], values[-1]))
        ends = f"{first} → {last}"
        about = "" if line.promised is None else f", promised {said(line.promised, line.unit)}"
        when = f", {line.points[0][0]:%Y-%m-%d} to {line.points[-1][0]:%Y-%m-%d}" if len(values) > 1 else ""
        lines.append(f"{line.name}  {bars}  {ends if len(values) > 1 else last}{when}{about}")
    return lines


def _blocks(value: float, most: float, room: int) -> str:
    whole, rest = divmod(max(round(max(0.0, value) / most * room * 8), int(value > 0)), 8)
    return "█" * whole + (_TICKS[rest - 1] if rest else "")


def _parts(values: Sequence[float | None], room: int) -> list[int]:
    """Cells for shares of one whole: together as many as the whole has."""
    ends, total = [0], 0.0
    for value in values:
        total += value or 0.0
        ends.append(round(min(total, 1.0) * room))
    return [b - a for a, b in pairwise(ends)]


def cut(name: str, width: int) -> str:
    """The beginning of a name that is too long."""
    from rich.cells import set_cell_size

    return set_cell_size(name, width - 1) + "…"


def top(figure: Figure) -> float:
    """The end of the scale of the bars."""
    if figure.stacked or figure.unit in ("share", "score"):
        return 1.0
    return max([v for b in figure.bars for v in b.values if v is not None], default=0.0) or 1.0
