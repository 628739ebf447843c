"""The file of rejected rows: one JSON object a line, readable by its owner only, to be mended and loaded again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from mce_graph.load import scratch
from mce_graph.load.records import Place


class Rejects:
    """Written at the first rejected row, not before: a load without rejects leaves no file.

    The rows are somebody's personal data: the file has mode 0600, and nothing of them goes anywhere else.
    """

    def __init__(self, folder: Path) -> None:
        self.count = 0
        self._folder = folder
        self._part = Path()
        """Where they stand until the load ends, once there is one."""
        self._file: TextIO | None = None

    def add(
        self, place: Place, column: str, reason: str, table: str, row: object, more: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Write one row with where it stood and why it was rejected."""
        if self._file is None:
            self._part = scratch.place(self._folder, "rejects")
            descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n")
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

    def mark(self) -> tuple[int, int]:
        """Where the file is now, to come back to when the source that is being read is refused."""
        return (self._file.tell() if self._file else 0, self.count)

    def back_to(self, mark: tuple[int, int]) -> None:
        if self._file is not None:
            self._file.flush()
            self._file.seek(mark[0])
            self._file.truncate()
        self.count = mark[1]

    def close(self, path: Path) -> Path | None:
        """Put the file where it belongs; gives its path, or nothing where no row was rejected."""
        if self._file is None:
            return None
        self._file.close()
        self._file = None
        if not self.count:
            self._part.unlink(missing_ok=True)
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part.replace(path)
        return path

    def discard(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._part.unlink(missing_ok=True)


def _plain(value: object) -> object:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
