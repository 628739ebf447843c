"""Times as people say them: one parser for every option and parameter of the project."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(?P<zone>Z|z|[+-]\d\d:?\d\d)?\Z",
    re.ASCII,
)
HINT = "an ISO 8601 time with its zone (2026-11-01T12:00Z), a day (2026-11-01, UTC), now, today, yesterday, or 7d ago"


def zoned(value: datetime) -> datetime:
    """A datetime in UTC. Raises ``ValueError`` for one without its zone: the zone of this machine would be a guess."""
    if value.utcoffset() is None:
        raise ValueError("a time needs its zone: add 'Z' or an offset")
    return value.astimezone(UTC)


def parse_instant(text: str, now: datetime) -> datetime:
    """The instant in UTC that ``text`` names: ``2026-11-01T12:00Z``, ``2026-11-01``, ``yesterday``, ``7d``.

    A day means its first moment in UTC; ``7d`` and ``7d ago`` the moment so long before ``now`` (s, m, h, d, w). Raises
    ``ValueError`` for anything else: a time without its zone is refused, not guessed.
    """
    said = text.strip()
    word = said.lower()
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if word == "now":
        return now.astimezone(UTC)
    if word in ("today", "yesterday"):
        return midnight - timedelta(days=word == "yesterday")
    if ago := re.fullmatch(r"(\d{1,6})\s*([smhdw])(\s+ago)?", word, re.ASCII):
        return now.astimezone(UTC) - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
    if _DATE.match(said):
        return datetime.combine(_day(said), datetime.min.time(), UTC)
    if match := _DATETIME.match(said):
        if not match["zone"]:
            raise ValueError("is a time without its zone: add 'Z' or an offset such as +01:00")
        try:
            whole = re.sub(r"(\.\d{6})\d+", r"\1", said.replace("z", "Z"))
            return datetime.fromisoformat(whole.replace("Z", "+00:00")).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError("is no such day or time") from None
    raise ValueError(f"is not a time: give {HINT}")


def parse_date(text: str, now: datetime) -> date:
    """The calendar day that ``text`` names; the same words as ``parse_instant``."""
    return _day(text.strip()) if _DATE.match(text.strip()) else parse_instant(text, now).date()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no such day") from None


def show_instant(value: datetime) -> str:
    """ISO 8601 in UTC, without a fraction where there is none: ``2026-11-01T12:00:00Z``."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
