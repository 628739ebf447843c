"""JSON as its standard has it: Python's decoder takes NaN, 1e999, repeated keys, lone surrogates, any integer."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from math import isinf

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_DIGITS = 19
_BLANK = re.compile("[ \t\n\r]*")
_AFTER = re.compile(r"[ \t\n\r,\]]|.{30}", re.DOTALL)


class StrictJsonError(ValueError):
    """A text that is no JSON, and where."""


class TooLongError(ValueError):
    """One value is longer than is read at once."""


def strict_json(data: bytes) -> object:
    """Decode one JSON document in UTF-8; raises ``StrictJsonError`` with the place where it stops being one.

    >>> strict_json(b'{"id": "1140"}')
    {'id': '1140'}
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StrictJsonError(f"invalid UTF-8 at byte {error.start + 1}") from None
    return _document(text)


def _document(text: str) -> object:
    try:
        document: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise StrictJsonError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise StrictJsonError("nested too deeply") from None
    if "\\u" in text:
        _no_surrogates(document)
    return document


class JsonStream:
    """One JSON document in chunks of bytes. Of a list each entry is decoded as it comes: memory stays flat.

    ``listed`` tells whether it is a list, ``empty`` that there is nothing. Iterating gives its entries, or the one
    value that is no list; it raises ``StrictJsonError`` like ``strict_json``, and ``TooLongError`` for a value of more
    than ``most`` characters.
    """

    def __init__(self, chunks: Iterable[bytes], most: int) -> None:
        self._chunks = iter(chunks)
        self._most = most
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._bytes = "", 0, 0
        self._lines, self._column = 0, 0
        """Of the text that is decoded and gone."""
        first = self._sign()
        self.empty, self.listed = not first, first == "["

    def __iter__(self) -> Iterator[object]:
        if not self.listed:
            while self._more():
                pass
            yield _document(self._text)
            return
        self._at += 1
        if self._sign() == "]":
            self._at += 1
        else:
            while True:
                yield self._value()
                sign = self._sign()
                self._at += 1
                if sign == "]":
                    break
                if sign != ",":
                    raise self._fault("Expecting ',' delimiter", self._at - 1)
        if self._sign():
            raise self._fault("Extra data", self._at)

    def _value(self) -> object:
        self._sign()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                size = end - self._at
                if _AFTER.match(self._text, end) or not self._more():  # else a number may go on
                    break
            except json.JSONDecodeError as error:
                fault = self._fault(error.msg, error.pos)
                if not self._more():
                    raise fault from None
            except StrictJsonError:
                if not self._more():
                    raise
            except RecursionError:
                raise StrictJsonError("nested too deeply") from None
        self._at += size
        if "\\u" in self._text[self._at - size : self._at]:
            _no_surrogates(value)
        return value

    def _sign(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Take another chunk; what was decoded goes."""
        gone = self._text[: self._at]
        lines = gone.count("\n")
        self._column = len(gone) - gone.rindex("\n") - 1 if lines else self._column + len(gone)
        self._lines += lines
        if len(self._text) - self._at > self._most:
            raise TooLongError
        chunk = next(self._chunks, None)
        try:
            new = self._decoder.decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError as error:
            raise StrictJsonError(f"invalid UTF-8 at byte {self._bytes + error.start + 1}") from None
        self._bytes += len(chunk or b"")
        self._text, self._at = self._text[self._at :] + new, 0
        return chunk is not None

    def _fault(self, what: str, at: int) -> StrictJsonError:
        before = self._text[:at]
        lines = before.count("\n")
        column = at - before.rindex("\n") if lines else self._column + at + 1
        return StrictJsonError(f"line {self._lines + lines + 1}, column {column}: {what}")


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
