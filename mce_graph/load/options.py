"""The words of a load's call, checked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mce_graph.errors import UsageError
from mce_graph.instants import zoned
from mce_graph.load import mapping as mappings
from mce_graph.load import values
from mce_graph.load.check import system_name

if TYPE_CHECKING:
    from mce_graph.load.mapping import ForeignMapping

Progress = Callable[[str, float | None], None]
"""Called with what is going on and the fraction done, or None where nobody knows."""


class Options:
    """The words of the call, checked."""

    def __init__(
        self,
        *,
        system: str | None,
        mapping: Path | str | None,
        strict: bool,
        max_rejects: int | str | None,
        assume_tz: str | None,
        extracted_at: datetime | str | None,
        now: datetime | None,
        progress: Progress | None,
        delimiter: str | None = None,
        decimal: str | None = None,
        dry_run: bool = False,
        events: bool = True,
        snapshot: str | None = None,
    ) -> None:
        self.dry_run = dry_run
        self.events = events
        self.delimiter = _delimiter(delimiter)
        self.decimal = _decimal(decimal, mapped=mapping is not None)
        self.warnings: Counter[str] = Counter()
        self.strict = strict
        try:
            self.now = zoned(now or datetime.now(UTC))
        except ValueError as error:
            raise UsageError(f"now: {error}") from None
        self.progress: Progress = progress or (lambda what, done: None)
        self.mapping: ForeignMapping | None = mappings.load(Path(mapping)) if mapping is not None else None
        self.mapping_digest = hashlib.sha256(Path(mapping).read_bytes()).hexdigest() if mapping is not None else ""
        self.assume_tz: ZoneInfo | None = None
        try:
            said = system or (self.mapping.system if self.mapping else None)
            self.system = system_name(said, self.warn) if said else None
        except values.Fault as fault:
            raise UsageError(f"--system {fault}") from None
        self.snapshot = snapshot is not None
        if snapshot is not None:
            try:
                of = system_name(snapshot, lambda what: None)
            except values.Fault as fault:
                raise UsageError(f"--snapshot {fault}") from None
            if self.system not in (None, of):
                raise UsageError(f"--snapshot {of} of files that come from {self.system}", hint="name one system")
            self.system = of
        if assume_tz is not None:
            try:
                self.assume_tz = ZoneInfo(assume_tz)
            except (KeyError, ValueError, OSError):
                raise UsageError(f"--assume-tz {assume_tz}: there is no such time zone", hint="Europe/London") from None
        try:
            at = values.instant(extracted_at) if isinstance(extracted_at, str) else extracted_at
            self.extracted_at = None if at is None else zoned(at)
        except ValueError as error:
            raise UsageError(f"--extracted-at: {error}") from None
        self.limit = _limit(max_rejects)

    def warn(self, what: str) -> None:
        self.warnings[what] += 1


def _delimiter(said: str | None) -> str:
    sign = {None: ",", "tab": "\t", "\\t": "\t"}.get(said, said or "")
    if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign in '"\r\n':
        raise UsageError(f"--delimiter {said}: give one sign, such as ';', or tab")
    return sign


def _decimal(said: str | None, *, mapped: bool) -> str:
    if said not in (None, ".", ","):
        raise UsageError(f"--decimal {said}: give . or ,")
    if said == "," and mapped:
        raise UsageError("--decimal with a mapping file", hint='say it there, for each column: decimal = ","')
    return said or "."


def _limit(said: int | str | None) -> Callable[[int, int], bool]:
    """Whether so many rejects of so many records are too many."""
    if said is None:
        return lambda rejected, read: False
    text = str(said).strip()
    share = text.endswith("%")
    try:
        most = float(text.removesuffix("%")) if share else int(text)
    except ValueError:
        raise UsageError(f"--max-rejects {text}: give a number or a share such as 5%") from None
    if most < 0 or (share and most > 100):
        raise UsageError(f"--max-rejects {text}: give a number or a share such as 5%")
    if share:
        return lambda rejected, read: rejected * 100 > most * read
    return lambda rejected, read: rejected > most
