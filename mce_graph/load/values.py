"""Single values as sources write them: checked strictly, and turned into the one spelling that the graph holds.

Every function raises ``Fault`` with a reason that repeats no personal data, and says what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

STRING_LIMIT = 256
TEXT_LIMIT = 4096
LIST_LIMIT = 1000
KEY_BYTES = 4000
"""A uid longer than this would not fit the server's index and would fail its whole batch."""
OLDEST_AGE = 130


class Fault(ValueError):  # noqa: N818
    """A value that cannot be loaded, and why."""


# --- texts -------------------------------------------------------------------------------------------------------

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\u00a0\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def text(value: str, limit: int = TEXT_LIMIT) -> str | None:
    """A text as it stands, in NFC; empty or only spaces is nothing."""
    if len(value) > limit:
        raise Fault(f"is longer than {limit:,} characters")
    if not (value.isascii() and value.isprintable()):
        if _SURROGATE.search(value):
            raise Fault("holds half of a surrogate pair, which no encoding can hold")
        if found := _CONTROL.search(value):
            raise Fault(f"holds the control character U+{ord(found[0]):04X}")
        if found := _BIDI.search(value):
            raise Fault(f"holds the bidirectional control U+{ord(found[0]):04X}")
        value = unicodedata.normalize("NFC", value)
    return value if value and not value.isspace() else None


def string(value: str) -> str | None:
    """A short text without the spaces around it."""
    return text(value.strip(" \t\r\n"), STRING_LIMIT)


def strings(value: object) -> list[str] | None:
    """Many short texts: a list, or one text with ``;`` between them."""
    parts = value.split(";") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise Fault("is no list of texts")
    found: list[str] = []
    for part in parts:
        if not isinstance(part, str):
            raise Fault("is no list of texts")
        if (one := string(part)) is not None:
            found.append(one)
    if len(found) > LIST_LIMIT:
        raise Fault(f"holds more than {LIST_LIMIT:,} values")
    return found or None


# --- ids ---------------------------------------------------------------------------------------------------------

_ASCII_ID = re.compile(r"[A-Za-z0-9._:@+/#=~-]{1,256}\Z")
_ID_MARKS = frozenset("._:@+/#=~-")
_FLOAT_ID = re.compile(r"[+-]?\d+\.0+\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+[eE][+-]?|[eE]\+)\d+\Z", re.ASCII)
_FOOTER = frozenset(("total", "totals", "subtotal", "trailer", "eof"))
_LATIN_LOOKALIKES = frozenset("АВСЕНІЈКМОРЅТХУЗавсеіјорѕухԁһԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυχι")
"""Cyrillic and Greek letters that look like Latin ones."""


def identifier(value: str) -> str:
    """An id: trimmed, NFC, 1 to 256 letters, digits and ``._:@+/#=~-``; leading zeros count."""
    id_ = value.strip(" \t\r\n")
    if _ASCII_ID.match(id_):
        return _undamaged(id_)
    if not id_:
        raise Fault("is empty")
    if len(id_) > STRING_LIMIT:
        raise Fault(f"is longer than {STRING_LIMIT} characters")
    if _SURROGATE.search(id_):
        raise Fault("holds half of a surrogate pair, which no encoding can hold")
    if found := _CONTROL.search(id_):
        raise Fault(f"holds the control character U+{ord(found[0]):04X}")
    if found := _INVISIBLE.search(id_):
        raise Fault(f"holds the invisible character U+{ord(found[0]):04X}")
    id_ = unicodedata.normalize("NFC", id_)
    if unicodedata.normalize("NFKC", id_) != id_:
        raise Fault("holds a letter that stands for another one (ligature, full width)")
    for sign in id_:
        if sign not in _ID_MARKS and unicodedata.category(sign)[0] not in "LM" and not sign.isdecimal():
            raise Fault(f"holds U+{ord(sign):04X}: an id is letters, digits and ._:@+/#=~-")
    letters = [sign for sign in id_ if sign.isalpha()]
    if len({_script(sign) for sign in letters}) > 1:
        raise Fault("mixes letters of several scripts")
    if letters and all(sign in _LATIN_LOOKALIKES for sign in letters):
        raise Fault("is written in letters that look like Latin ones: mixed-script id")
    if len({_script(sign) for sign in id_ if sign.isdecimal()}) > 1:
        raise Fault("mixes digits of several scripts")
    return _undamaged(id_)


def _undamaged(id_: str) -> str:
    if id_[0] in "+-#" or id_[0].isdigit():
        if _FLOAT_ID.match(id_):
            raise Fault("ends in .0: a spreadsheet made a number of it")
        if _SCIENTIFIC.match(id_):
            raise Fault("looks like a mangled number: a spreadsheet wrote it in scientific notation")
        if id_[0] == "#":
            raise Fault("begins with #: a comment or a spreadsheet's error, no id")
    elif len(id_) < 10 and id_.lower() in _FOOTER:
        raise Fault("looks like the footer of a report, no id")
    return id_


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").split()[0].replace("DIGIT", "LATIN")


# --- numbers -----------------------------------------------------------------------------------------------------

_INT = re.compile(r"[+-]?\d{1,40}\Z", re.ASCII)
_FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,5})?\Z", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+\Z", re.ASCII)


def integer(value: object) -> int | None:
    """A whole number of at most 64 bits."""
    if isinstance(value, bool):
        raise Fault("is a truth value, not a whole number")
    if isinstance(value, int):
        number = value
    elif isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        number = int(value)
    elif isinstance(value, str):
        said = value.strip(" ")
        if not said:
            return None
        if not _INT.match(said):
            raise Fault("is no whole number")
        number = int(said)
    else:
        raise Fault("is no whole number")
    if not -(2**63) <= number < 2**63:
        raise Fault("does not fit into 64 bits")
    return number


def number(value: object, decimal: str = ".") -> float | None:
    """A finite number; ``decimal`` is the sign that texts have before the fraction."""
    if isinstance(value, bool):
        raise Fault("is a truth value, not a number")
    if isinstance(value, int | float):
        try:
            result = float(value)
        except OverflowError:
            raise Fault("is not finite") from None
    elif isinstance(value, str):
        said = value.strip(" ")
        if not said:
            return None
        if decimal != ".":
            if "." in said:
                raise Fault("has a decimal point; a comma is expected (--decimal)")
            said = said.replace(decimal, ".", 1)
        if not _FLOAT.match(said):
            if _COMMA.match(said):
                raise Fault("has a decimal comma; a point is expected")
            if said.lower().lstrip("+-") in ("nan", "inf", "infinity"):
                raise Fault("is not finite")
            raise Fault("is no number")
        result = float(said)
    else:
        raise Fault("is no number")
    if not isfinite(result):
        raise Fault("is not finite")
    return result


def boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        said = value.strip(" ").lower()
        if not said:
            return None
        if said in ("true", "false"):
            return said == "true"
    raise Fault("is neither true nor false")


# --- times -------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_INSTANT = re.compile(
    r"(?P<local>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)"
    r"(?P<offset>Z|z|[+-]\d\d(?::?\d\d)?)?"
    r"(?:\[(?P<zone>[A-Za-z0-9_+/-]{1,64})\]| (?P<zone2>[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+))?\Z",
    re.ASCII,
)
_FRACTION = re.compile(r"[.,](\d{1,6})\d*")
_SERIAL = re.compile(r"\d{4,5}(\.\d+)?\Z", re.ASCII)
_EPOCH = re.compile(r"\d{9,19}\Z", re.ASCII)


def day(value: str) -> date | None:
    """A calendar day as ISO 8601 writes it, or the day of a full time as it was written there."""
    said = value.strip(" ")
    if not said:
        return None
    if not _DATE.match(said):
        match = _INSTANT.match(said)
        if not match:
            raise Fault(_why_no_time(said, "a day such as 1990-02-01"))
        said = said[:10]
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Fault("is no such day") from None


def birth_date(value: str, now: datetime) -> date | None:
    born = day(value)
    if born is not None:
        if born > now.date():
            raise Fault("is a birth date after the day of the load")
        if now.year - born.year > OLDEST_AGE:
            raise Fault(f"makes somebody older than {OLDEST_AGE}")
    return born


def instant(value: str, assumed: ZoneInfo | None = None) -> datetime | None:
    """A time with its zone, as the instant in UTC. ``assumed`` is the zone of times that name none."""
    said = value.strip(" ")
    if not said:
        return None
    match = _INSTANT.match(said)
    if match is None:
        if not _DATE.match(said):
            raise Fault(_why_no_time(said, "a time such as 2026-01-31T08:00:00Z"))
        if assumed is None:
            day(said)
            raise Fault("is a day without time and zone: 2026-01-31T08:00:00Z is expected (or --assume-tz)")
        match = _INSTANT.match(said + "T00:00")
        assert match is not None
    local = _FRACTION.sub(lambda m: "." + m[1].ljust(6, "0"), match["local"])
    try:
        naive = datetime.fromisoformat(local)
    except ValueError:
        raise Fault("is no such day or time") from None
    zone = match["zone"] or match["zone2"]
    offset = match["offset"]
    try:
        if offset:
            return (naive - _offset(offset)).replace(tzinfo=UTC)
        if zone is not None:
            return _in_zone(naive, _zone(zone))
        if assumed is not None:
            return _in_zone(naive, assumed)
    except OverflowError:
        raise Fault("lies outside of the years 1 to 9999") from None
    raise Fault("is a time without its zone: Z or an offset such as +01:00 is expected (or --assume-tz)")


def _offset(said: str) -> timedelta:
    if said in "Zz":
        return timedelta()
    digits = said[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 18 or minutes > 59:
        raise Fault("has no such offset from UTC")
    return timedelta(hours=hours, minutes=minutes) * (-1 if said[0] == "-" else 1)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Fault("names a time zone that does not exist") from None


def _in_zone(naive: datetime, zone: ZoneInfo) -> datetime:
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        if back != naive:
            raise Fault("is no such local time: the clock was put forward over it")
        raise Fault("is a local time that came twice: give its offset")
    return first.astimezone(UTC)


def _why_no_time(said: str, expected: str) -> str:
    if _SERIAL.match(said):
        return f"looks like a spreadsheet's day number; {expected} is expected"
    if _EPOCH.match(said):
        return f"looks like seconds or milliseconds since 1970; {expected} is expected"
    return f"is not ISO 8601; {expected} is expected"


# --- contact -----------------------------------------------------------------------------------------------------

_PHONE_SIGNS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]")
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.?[^\s@,;]*\Z")


def phone(value: str, warn: Callable[[str], None]) -> str | None:
    """A phone number in E.164; one without its country keeps its digits, and that is warned of."""
    said = value.strip()
    if not said:
        return None
    if said.lower().startswith("tel:"):
        said = said[4:]
    if _SCIENTIFIC.match(said):
        raise Fault("looks like a mangled number: a spreadsheet wrote it in scientific notation")
    if _FLOAT_ID.match(said):
        raise Fault("ends in .0: a spreadsheet made a number of it")
    result = _e164(said)
    if result.startswith("!"):
        raise Fault(result[1:])
    if not result.startswith("+"):
        warn("a phone number without its country keeps its digits")
    return result


@lru_cache(maxsize=65536)
def _e164(said: str) -> str:
    """The number, or ``!`` and what is wrong with it (kept in the cache as well); ``00`` stands for ``+``."""
    digits = _PHONE_SIGNS.sub("", said)
    if not digits.lstrip("+").isdecimal() or not digits.isascii() or digits.rfind("+") > 0:
        return "!is no phone number"
    if len(digits.lstrip("+")) > 15:
        return "!has more than 15 digits, the most that E.164 allows"
    full = "+" + digits[2:] if digits.startswith("00") else digits
    if not full.startswith("+"):
        return digits if len(digits) > 2 else "!is no phone number"
    import phonenumbers

    try:
        number = phonenumbers.parse(full, None)
    except phonenumbers.NumberParseException:
        return "!is no phone number of any country"
    if not phonenumbers.is_possible_number(number):
        return "!is no possible phone number of its country"
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email(value: str) -> str | None:
    said = string(value)
    if said is None:
        return None
    if not _EMAIL.match(said):
        raise Fault("is no e-mail address")
    return said.lower()
