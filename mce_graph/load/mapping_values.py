"""How a mapping file says a value: a column, a constant, a template or a time counted back, and what is done to it."""

from __future__ import annotations

import string
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from mce_graph import specs
from mce_graph.instants import show_instant
from mce_graph.load.condition import Cell, CellError, Condition, number, parse_condition
from mce_graph.load.mapping_parts import Source, did_you_mean

Change = Callable[[str], str]
"""What is done to a cell that is not empty. Raises ``ValueError`` with the reason when it cannot be."""

_ORIGINS = ("column", "const", "template", "months_before", "days_before")
_CHANGES = ("values", "other", "empty", "format", "zone", "decimal", "factor")
_MOST = 12_000
"""The most months, or days by thirty, that a time is counted back: 1,000 years."""


class MistakeError(ValueError):
    """One mistake in a mapping file, and the key it stands at."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key
        self.what = what


def source(spec: specs.Property, value: object, key: str) -> Source:
    """How the property ``spec`` is made in each row: a column by its name, or a table of ``column``, ``const`` …"""
    if isinstance(value, str):
        value = {"column": value}
    if not isinstance(value, Mapping):
        raise MistakeError(key, "is the name of a column, or { column = ... }, { const = ... }, { template = ... }")
    for name in value:
        if name not in (*_ORIGINS, *_CHANGES, "when"):
            raise MistakeError(f"{key}.{name}", f"is no key here{did_you_mean(name, (*_ORIGINS, *_CHANGES, 'when'))}")
    origins = [name for name in _ORIGINS if name in value]
    if len(origins) != 1:
        raise MistakeError(key, f"needs exactly one of {', '.join(_ORIGINS)}")
    [origin] = origins
    changes = [name for name in _CHANGES if name in value]
    if changes and origin not in ("column", "template"):
        raise MistakeError(f"{key}.{changes[0]}", f"changes what a column holds; beside {origin} it has no meaning")
    if origin == "const":
        made = _constant(spec, value["const"], f"{key}.const")
    elif origin in ("months_before", "days_before"):
        made = _counted_back(spec, value[origin], origin, f"{key}.{origin}")
    else:
        made = _changed(_taken(value[origin], origin, f"{key}.{origin}"), spec, value, key)
    return _when(made, condition(f"{key}.when", value["when"])) if "when" in value else made


def template(key: str, text: object, *, required: bool = False) -> Source:
    """A text with ``{column}`` in it; ``{{`` is a brace. With ``required`` an empty cell in it rejects the row."""
    if not isinstance(text, str) or not text:
        raise MistakeError(key, 'is missing: give a template such as "{column}"')
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        raise MistakeError(key, f"{text!r} has a brace that is not closed; a brace itself is written twice") from None
    columns = [name for _, name, _, _ in pieces if name is not None]
    if any(c == "" or spec or conversion for _, c, spec, conversion in pieces if c is not None):
        raise MistakeError(key, f"{text!r}: between braces stands the name of a column and nothing else")
    if required and not columns:
        raise MistakeError(key, f"{text!r} names no column: every row would have the same id")
    if "" in columns:
        raise MistakeError(key, f"{text!r} has empty braces")

    def value(cell: Cell, anchor: datetime | None) -> object:
        found = {c: cell(c) for c in columns}
        for column, cell_text in found.items():
            if not cell_text:
                if required:
                    raise CellError(column, "is empty, and an id is made of it")
                return ""
        return "".join(before + (found[name] if name is not None else "") for before, name, _, _ in pieces)

    return Source(tuple(dict.fromkeys(columns)), value)


def condition(key: str, text: object) -> Condition:
    if not isinstance(text, str):
        raise MistakeError(key, """is a condition in quotes, such as 'kind != "test"'""")
    try:
        return parse_condition(text)
    except ValueError as error:
        raise MistakeError(key, str(error)) from None


def _taken(text: object, origin: str, key: str) -> Source:
    if origin == "template":
        return template(key, text)
    if not isinstance(text, str) or not text:
        raise MistakeError(key, "is the name of a column")
    return Source((text,), lambda cell, anchor: cell(text))


def _when(made: Source, test: Condition) -> Source:
    """The value where the condition holds; elsewhere empty."""

    def value(cell: Cell, anchor: datetime | None) -> object:
        return made.value(cell, anchor) if test.holds(cell) else ""

    return replace(made, columns=tuple(dict.fromkeys((*made.columns, *test.columns))), value=value)


def _constant(spec: specs.Property, const: object, key: str) -> Source:
    if isinstance(const, datetime):
        if const.tzinfo is None:
            raise MistakeError(key, "is a time without its zone: add Z")
        const = show_instant(const)
    if isinstance(const, list):
        if spec.type != "list[string]" or not all(isinstance(c, str) for c in const):
            raise MistakeError(key, f"is a list, and {spec.name} is a {spec.type}")
        given = list(const)
        return Source((), lambda cell, anchor: list(given))
    if not isinstance(const, str | int | float):
        const = str(const)
    if isinstance(const, str):
        _word(spec, const, key)
    return Source((), lambda cell, anchor: const)


def _word(spec: specs.Property, word: str, key: str) -> None:
    """A word of a closed set must be one of it."""
    if not spec.enum or spec.open_enum or not word:
        return
    if word.casefold() not in {e.casefold() for e in spec.enum} and word.casefold() not in spec.translate:
        hint = did_you_mean(word, spec.enum)
        raise MistakeError(key, f"{spec.name} cannot be {word!r}{hint}; it is one of {', '.join(spec.enum)}")


def _counted_back(spec: specs.Property, amount: object, unit: str, key: str) -> Source:
    """A time so many months or days before the extract."""
    if spec.type != "datetime":
        raise MistakeError(key, f"makes a time, and {spec.name} is a {spec.type}")
    if isinstance(amount, bool) or not isinstance(amount, int | str) or amount == "":
        raise MistakeError(key, "is a column, or a whole number")
    if isinstance(amount, int) and not 0 <= amount <= _MOST:
        raise MistakeError(key, f"is outside 0..{_MOST}")

    def value(cell: Cell, anchor: datetime | None) -> object:
        if isinstance(amount, int):
            count = amount
        else:
            text = cell(amount)
            if not text:
                return ""
            exact = number(amount, text)
            if exact != exact.to_integral_value() or not 0 <= exact <= _MOST:
                raise CellError(amount, f"is no whole number of {unit.removesuffix('_before')} from 0 to {_MOST}")
            count = int(exact)
        if anchor is None:
            return ""
        return show_instant(_months_before(anchor, count) if unit == "months_before" else anchor - timedelta(count))

    return Source((amount,) if isinstance(amount, str) else (), value, counts_back=True)


def _months_before(anchor: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last of that month where it is shorter."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 - months, 12)
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, monthrange(year, month + 1)[1]))


def _changed(taken: Source, spec: specs.Property, table: Mapping[str, object], key: str) -> Source:
    """A column's value with what ``empty``, ``values``, ``format``, ``decimal`` and ``factor`` do to it."""
    nothing = table.get("empty", [])
    if not isinstance(nothing, list) or not all(isinstance(w, str) for w in nothing):
        raise MistakeError(f"{key}.empty", 'is a list of words that mean nothing, such as ["-", "n/a"]')
    words = frozenset(nothing)
    changes = [c for c in (_translation(spec, table, key), _time(spec, table, key), _figure(spec, table, key)) if c]
    if len(changes) > 1:
        raise MistakeError(key, "is translated, a time or a figure: only one of values, format, and decimal or factor")
    if not changes and not words:
        return taken
    change = changes[0] if changes else None
    empty_word = isinstance(table.get("values"), Mapping) and "" in table["values"]  # type: ignore[operator]

    def value(cell: Cell, anchor: datetime | None) -> object:
        text = str(taken.value(cell, anchor))
        if text in words or (not text and not empty_word):
            return ""
        if change is None:
            return text
        try:
            return change(text)
        except ValueError as error:
            raise CellError(", ".join(taken.columns), str(error)) from None

    return replace(taken, value=value)


def _translation(spec: specs.Property, table: Mapping[str, object], key: str) -> Change | None:
    given = table.get("values")
    if given is None:
        if "other" in table:
            raise MistakeError(f"{key}.other", "says what a word outside values becomes, and there are no values")
        return None
    if not isinstance(given, Mapping) or not all(isinstance(v, str) for v in given.values()):
        raise MistakeError(f"{key}.values", 'is a table of texts, such as { Y = "active", N = "terminated" }')
    words = {str(k): str(v) for k, v in given.items()}
    for theirs, ours in words.items():
        _word(spec, ours, f"{key}.values.{theirs}")
    other = table.get("other")
    if other is not None and not isinstance(other, str):
        raise MistakeError(f"{key}.other", 'is "keep", or the word that every other one becomes')
    if other not in (None, "keep"):
        _word(spec, str(other), f"{key}.other")

    def change(text: str) -> str:
        if text in words:
            return words[text]
        if other is None:
            raise ValueError("is none of the words that the mapping translates")
        return text if other == "keep" else str(other)

    return change


def _time(spec: specs.Property, table: Mapping[str, object], key: str) -> Change | None:
    """A time of another form, as ISO 8601 with its zone; the check of rows makes the instant of it."""
    pattern, name = table.get("format"), table.get("zone")
    if pattern is None:
        if name is not None:
            raise MistakeError(f"{key}.zone", "goes with a format")
        return None
    if not isinstance(pattern, str) or "%" not in pattern:
        raise MistakeError(f"{key}.format", "is a pattern of Python's strptime, such as %d.%m.%Y")
    if spec.type not in ("date", "datetime"):
        raise MistakeError(f"{key}.format", f"reads a time, and {spec.name} is a {spec.type}")
    zone: ZoneInfo | None = None
    if name is not None:
        try:
            zone = ZoneInfo(str(name))
        except (ValueError, OSError, KeyError):
            raise MistakeError(
                f"{key}.zone", "is no time zone that this machine knows, such as Europe/Paris or UTC"
            ) from None
    if spec.type == "datetime" and zone is None and "%z" not in pattern:
        raise MistakeError(f"{key}.format", 'tells no zone: add zone = "Europe/Paris"')

    def change(text: str) -> str:
        try:
            when = datetime.strptime(text, pattern) if text.isascii() else None
        except ValueError:
            when = None
        if when is None:
            raise ValueError(f"is no time of the form {pattern}")
        if spec.type == "date":
            return when.date().isoformat()
        return when.isoformat() + (f"[{zone.key}]" if zone is not None and when.tzinfo is None else "")

    return change


def _figure(spec: specs.Property, table: Mapping[str, object], key: str) -> Change | None:
    if "decimal" not in table and "factor" not in table:
        return None
    point, factor = table.get("decimal", "."), table.get("factor", 1)
    if point not in (".", ","):
        raise MistakeError(f"{key}.decimal", 'is "." or ","')
    if isinstance(factor, bool) or not isinstance(factor, int | float) or factor in (0, float("inf"), float("-inf")):
        raise MistakeError(f"{key}.factor", "is a number other than 0, such as 0.01")
    if spec.type not in ("int", "float"):
        raise MistakeError(f"{key}.{'factor' if 'factor' in table else 'decimal'}", f"{spec.name} is a {spec.type}")
    exact = Decimal(repr(factor))

    def change(text: str) -> str:
        if point == "," and "." in text:
            raise ValueError("has a point where a decimal comma was expected")
        try:
            figure = number("", text.replace(",", ".") if point == "," else text) * exact
        except (CellError, InvalidOperation):
            raise ValueError("is no plain number") from None
        return f"{figure:f}"

    return change
