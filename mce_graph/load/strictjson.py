"""JSON as its standard has it: Python's decoder takes NaN, 1e999, repeated keys, lone surrogates, any integer."""

from __future__ import annotations

import json
import re
from math import isinf

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_DIGITS = 19


class StrictJsonError(ValueError):
    """A text that is no JSON, and where."""


def strict_json(data: bytes) -> object:
    """Decode one JSON document in UTF-8; raises ``StrictJsonError`` with the place where it stops being one.

    >>> strict_json(b'{"id": "1140"}')
    {'id': '1140'}
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StrictJsonError(f"invalid UTF-8 at byte {error.start + 1}") from None
    try:
        document: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise StrictJsonError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise StrictJsonError("nested too deeply") from None
    if "\\u" in text:
        _no_surrogates(document)
    return document


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise StrictJsonError(f"the key {twice[:40]!r} stands twice in one object")
    return found


def _constant(word: str) -> object:
    raise StrictJsonError(f"{word} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS or not -(2**63) <= (value := int(digits)) < 2**63:
        raise StrictJsonError(f"a whole number of {len(digits.lstrip('-'))} digits does not fit into 64 bits")
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if isinf(value):
        raise StrictJsonError("a number is too large to be finite")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float, strict=True
)


def _no_surrogates(value: object) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if _SURROGATE.search(one):
                raise StrictJsonError("a text holds half of a surrogate pair, which no encoding can hold")
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
