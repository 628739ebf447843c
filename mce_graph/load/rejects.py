"""The file of rejected rows: one JSON object a line, readable by its owner only, to be mended and loaded again."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from mce_graph.load.records import Place


class Rejects:
    """Written at the first rejected row, not before: a load without rejects leaves no file.

    The rows are somebody's personal data: the file has mode 0600, and nothing of them goes anywhere else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._part = path.with_name(path.name + ".part")
        self._file: TextIO | None = None

    def add(
        self, place: Place, column: str, reason: str, table: str, row: object, more: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Write one row with where it stood and why it was rejected."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._part.unlink(missing_ok=True)
            descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace")
        line: dict[str, object] = {"file": place.file}
        if place.line is not None:
            line["line"] = place.line
        if place.line is None or place.pointer:
            line["pointer"] = place.pointer
        line |= {"column": column, "reason": reason}
        if more:
            line["more"] = [{"column": c, "reason": r} for c, r in more]
        line |= {"table": table, "row": row}
        self._file.write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")
        self.count += 1

    def close(self, *, keep: bool = True) -> Path | None:
        """End the file and put it in its place; gives it, or nothing where no row was rejected."""
        if self._file is None:
            return None
        self._file.close()
        self._file = None
        if not keep:
            self._part.unlink(missing_ok=True)
            return None
        self._part.replace(self.path)
        return self.path


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "items"):
        return dict(value.items())
    return str(value)
