"""The conditions of a mapping file: ``InternetService != "No" and tenure > 0``. Read once, never evaluated as code.

::

    condition  = and { "or" and }
    and        = not { "and" not }
    not        = "not" not | "(" condition ")" | comparison
    comparison = column ( "=" | "!=" ) value
               | column ( "<" | "<=" | ">" | ">=" ) number
               | column [ "not" ] "in" "(" value { "," value } ")"
               | column "is" [ "not" ] "empty"
    value      = "text" | number
    column     = a word, or any text between backticks: `Customer ID`

Cells are compared as texts, without the blanks around them; ``<`` and its kin compare numbers, and a cell that is no
number rejects its row.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

Cell = Callable[[str], str]
"""The text of a row's cell by its column."""
Test = Callable[[Cell], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\["\\])*")|`(?P<quoted>[^`]+)`|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))"""
    r"""|(?P<word>[^\W\d]\w*)|(?P<sign>!=|<=|>=|==|[=<>(),]))""",
)
_WORDS = ("and", "or", "not", "in", "is", "empty")
_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class CellError(Exception):
    """A cell of one row cannot be used; the row is rejected."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it was written, the columns it looks at, and its test of a row."""

    text: str
    columns: tuple[str, ...]
    holds: Test


def parse_condition(text: str) -> Condition:
    """Read a condition. Raises ``ValueError`` that says what was expected, and where.

    >>> parse_condition('plan in ("gold", "silver") and not `Line 2` is empty').columns
    ('plan', 'Line 2')
    """
    reader = _Reader(text)
    test = reader.any_of()
    if reader.kind != "end":
        raise reader.expected('"and", "or" or the end')
    return Condition(text, tuple(dict.fromkeys(reader.columns)), test)


class _Reader:
    """Reads one condition from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.columns: list[str] = []
        self.depth = 0
        self.end = 0
        self.advance()

    def advance(self) -> None:
        self.start = self.end
        match = _TOKEN.match(self.text, self.end)
        if match is None:
            if self.text[self.end :].strip():
                raise self.expected("a column, a value or a sign")
            self.kind, self.value = "end", ""
            return
        self.end = match.end()
        self.kind, self.value = next((k, v) for k, v in match.groupdict().items() if v is not None)
        if self.kind == "text":
            self.value = re.sub(r"\\(.)", r"\1", self.value[1:-1])
        elif self.kind == "word" and self.value.lower() in _WORDS:
            self.kind, self.value = "sign", self.value.lower()

    def expected(self, what: str) -> ValueError:
        return ValueError(f"expected {what} at character {self.start + 1} of {self.text!r}")

    def take(self, *signs: str) -> str:
        """The sign that stands here, when it is one of these; else an empty text."""
        if self.kind == "sign" and self.value in signs:
            value = self.value
            self.advance()
            return value
        return ""

    def any_of(self) -> Test:
        tests = [self.all_of()]
        while self.take("or"):
            tests.append(self.all_of())
        return tests[0] if len(tests) == 1 else lambda cell: any(t(cell) for t in tests)

    def all_of(self) -> Test:
        tests = [self.one()]
        while self.take("and"):
            tests.append(self.one())
        return tests[0] if len(tests) == 1 else lambda cell: all(t(cell) for t in tests)

    def one(self) -> Test:
        self.depth += 1
        if self.depth > 50:
            raise ValueError("the condition is nested more than 50 deep")
        try:
            if self.take("not"):
                inner = self.one()
                return lambda cell: not inner(cell)
            if self.take("("):
                inner = self.any_of()
                if not self.take(")"):
                    raise self.expected('")"')
                return inner
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Test:
        if self.kind not in ("word", "quoted"):
            raise self.expected("a column")
        column = self.value
        self.columns.append(column)
        self.advance()
        if sign := self.take(*_ORDER):
            return _ordered(column, _ORDER[sign], self.number())
        if sign := self.take("=", "==", "!="):
            value, equal = self.literal(), sign != "!="
            return lambda cell: (cell(column) == value) is equal
        if self.take("is"):
            wanted = not self.take("not")
            if not self.take("empty"):
                raise self.expected('"empty"')
            return lambda cell: (not cell(column)) is wanted
        inside = not self.take("not")
        if self.take("in"):
            values = self.values()
            return lambda cell: (cell(column) in values) is inside
        raise self.expected(
            '"in"' if not inside else f"a comparison after the column {column!r} (=, !=, <, in, is empty)"
        )

    def values(self) -> frozenset[str]:
        if not self.take("("):
            raise self.expected('"("')
        found = [self.literal()]
        while self.take(","):
            found.append(self.literal())
        if not self.take(")"):
            raise self.expected('"," or ")"')
        return frozenset(found)

    def literal(self) -> str:
        if self.kind not in ("text", "number"):
            raise self.expected('a value: "text" or a number')
        value = self.value
        self.advance()
        return value

    def number(self) -> Decimal:
        if self.kind != "number":
            raise self.expected("a number")
        return Decimal(self.literal())


def _ordered(column: str, compare: Callable[[Decimal, Decimal], bool], bound: Decimal) -> Test:
    def test(cell: Cell) -> bool:
        return compare(number(column, cell(column)), bound)

    return test


def number(column: str, text: str) -> Decimal:
    """A cell as an exact number. Raises ``CellError`` for anything but plain digits, a sign and a point."""
    try:
        if re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise CellError(column, "is empty, a number was expected" if not text else "is no plain number")
