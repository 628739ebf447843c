"""The answers while they are gathered: of each its first rows in the question's order, and how many there are."""

from __future__ import annotations

from bisect import insort
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from telecom.facts import Answer, Params, Windows
from telecom.tables import midnight

KEPT = 100
"""So many rows of an answer are written down; of a longer one the count too."""
NOW = midnight(0)
ENOUGH = 5
"""Fewer people than this are not told apart."""
KINDS = ("primary", "delegate", "secondary", "guest")
MOS = 3600
"""Thousandths of the MOS below which users are dissatisfied."""


class Top:
    """The first rows of an answer in its order, and how many there are in all."""

    __slots__ = ("_rows", "count")

    def __init__(self) -> None:
        self.count = 0
        self._rows: list[tuple[Any, int, Answer]] = []

    def wants(self, key: Any) -> bool:
        """Count one more row, and say whether it is among the first so far."""
        self.count += 1
        return len(self._rows) < KEPT or key < self._rows[-1][0]

    def keep(self, key: Any, row: Answer) -> None:
        insort(self._rows, (key, self.count, row))
        del self._rows[KEPT:]

    @property
    def rows(self) -> list[Answer]:
        return [row for _, _, row in self._rows]


class Board:
    """The answers that are lists of rows, by a name of their own; a question may be asked in several ways."""

    def __init__(self) -> None:
        self.tops: dict[str, Top] = {}
        self._asked: dict[str, tuple[str, Params]] = {}

    def open(self, name: str, question: str, *, as_of: bool = True, **params: object) -> None:
        self.tops[name] = Top()
        self._asked[name] = question, params | ({"as_of": NOW} if as_of else {})

    def add(self, name: str, key: Any, row: Answer) -> None:
        top = self.tops[name]
        if top.wants(key):
            top.keep(key, row)

    def asked(self) -> list[dict[str, object]]:
        return [
            {"question": question, "params": params, "count": self.tops[name].count, "rows": self.tops[name].rows}
            for name, (question, params) in self._asked.items()
        ]


def asked(question: str, rows: list[Answer], **params: object) -> dict[str, object]:
    """A question whose rows are all known, in order."""
    return {"question": question, "params": params | {"as_of": NOW}, "count": len(rows), "rows": rows[:KEPT]}


def rounded(value: float | Decimal, places: int) -> float:
    """Rounded as everybody was taught: halves go up."""
    return float(Decimal(repr(value) if isinstance(value, float) else value).quantize(Decimal(1).scaleb(-places),
                                                                                      ROUND_HALF_UP))  # fmt: skip


def thousandth(total: int, samples: int) -> int:
    """The mean of hundredths, in thousandths, halves up."""
    return (20 * total + samples) // (2 * samples)


def halfway(total: int, samples: int) -> bool:
    """Whether that mean lies on a half: a sum of floats may round it either way, and no answer tells it."""
    return 20 * total % samples == 0 and 20 * total // samples % 2 == 1


def thousandths(windows: list[Windows]) -> int:
    """The mean over windows, in thousandths; all samples of a user are an odd number, so that none lies on a half."""
    return thousandth(sum(w.total for w in windows), sum(w.samples for w in windows))


def ranked(values: list[tuple[int, int]], rank: int) -> int:
    """The value of this rank, counted from one, of sorted values and how often each is there."""
    for value, times in values:
        rank -= times
        if rank <= 0:
            return value
    raise ValueError("fewer values than that")
