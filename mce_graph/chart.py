"""How the rows of a question are drawn: the entry ``chart`` of its header, one or several.

::

    chart = { bars = ["good_share", "poor_share"], of = ["bucket"], stacked = true }
    chart = { lines = ["mean"], along = "window_start", of = ["service_uid", "metric"], measure = "metric" }
    chart = [{ count = "visits", of = ["waste_cause"] }, { count = "visits", along = "started_at" }]

``bars`` are numbers of each row, side by side or, shares of one whole, ``stacked``. ``lines`` are numbers ``along`` a
time, a line for each value of the columns ``of``; ``measure`` names the column that says in which unit, ``promised``
the column with the promised value and the one that says of which number. ``count`` counts rows, called so, by the
columns ``of`` or by the day ``along`` a time. Units are those of the columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mce_graph.template import Column

MOST = 4
"""Numbers that are drawn side by side: more cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing of the rows of an answer."""

    kind: Literal["bars", "lines", "count"]
    values: tuple[str, ...] = ()
    """Columns of numbers; none where rows are counted."""
    of: tuple[str, ...] = ()
    """Columns whose values name a bar or a line."""
    along: str = ""
    """The column of times that goes from left to right."""
    stacked: bool = False
    measure: str = ""
    promised: tuple[str, ...] = ()
    counted: str = ""
    """What the rows are, where they are counted: visits."""

    @property
    def columns(self) -> set[str]:
        """Every column that the drawing needs."""
        return {*self.values, *self.of, self.along, self.measure, *self.promised} - {""}


def declared(entry: object, columns: Sequence[Column]) -> tuple[Chart, ...]:
    """The charts that a header declares. Raises ``ValueError`` that says what does not fit its columns."""
    entries = entry if isinstance(entry, list) else [entry]
    return tuple(_chart(e, {c.name: c for c in columns}) for e in entries)


def _chart(d: object, columns: Mapping[str, Column]) -> Chart:
    if not isinstance(d, dict):
        raise ValueError('it is { bars = ["…"], of = ["…"] }, or with lines or count')
    known = {"bars", "lines", "count", "of", "along", "stacked", "measure", "promised"}
    if unknown := sorted(set(d) - known):
        raise ValueError(f"unknown entry {unknown[0]!r}")
    kinds = [k for k in ("bars", "lines", "count") if k in d]
    if len(kinds) != 1:
        raise ValueError("it has one of bars, lines and count")
    kind = kinds[0]
    made = Chart(
        kind,  # type: ignore[arg-type]
        tuple(d[kind]) if kind != "count" else (), tuple(d.get("of", ())), d.get("along", ""),
        d.get("stacked", False), d.get("measure", ""), tuple(d.get("promised", ())),
        str(d["count"]) if kind == "count" else "",
    )  # fmt: skip
    if stray := sorted(made.columns - set(columns)):
        raise ValueError(f"{stray[0]} is no column")
    if wrong := [v for v in made.values if columns[v].type not in ("int", "float")]:
        raise ValueError(f"{wrong[0]} is no number")
    if kind != "count" and not 1 <= len(made.values) <= (1 if kind == "lines" else MOST):
        raise ValueError(f"{kind} names one column{'' if kind == 'lines' else f' or up to {MOST}'}")
    if len({columns[v].unit for v in made.values}) > 1:
        raise ValueError("numbers of different units stand on different scales")
    if made.along and columns[made.along].type != "datetime":
        raise ValueError(f"along {made.along}, which is no time")
    if bool(made.along) != (kind == "lines") and not (kind == "count" and bool(made.along) != bool(made.of)):
        raise ValueError("lines, and they alone, go along a time; rows are counted along a time or of something")
    if kind != "lines" and not made.along and not made.of:
        raise ValueError("of says which columns name a bar")
    if made.stacked and (kind != "bars" or any(columns[v].unit != "share" for v in made.values)):
        raise ValueError("shares of one whole are stacked, nothing else")
    if ((made.measure or made.promised) and kind != "lines") or len(made.promised) not in (0, 2):
        raise ValueError("measure and promised = [value, of which] are for lines")
    return made
