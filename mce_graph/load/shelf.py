"""Rows of a load in the order of their keys: in memory while they are few, else sorted in runs on disk and merged.

The files hold personal data: they stand in a folder that only their owner can read, and go with it.
"""

from __future__ import annotations

import heapq
import os
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, Generic, Protocol, TypeVar

from mce_graph import model
from mce_graph.load import scratch
from mce_graph.load.rows import NodeRow, RelRow, Row

AT_ONCE = 500_000
"""Rows held in memory, of about 1 kB each."""
_CHUNK = 1_000
NEVER = datetime(1, 1, 1, tzinfo=UTC)
R = TypeVar("R", bound=Row)
R_co = TypeVar("R_co", covariant=True)


class Rows(Protocol[R_co]):
    """The rows of one table: a list, or a file; gone through as often as one likes."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[R_co]: ...


def order(row: Row) -> tuple[object, ...]:
    """The place of a row in its table: all that is said of one thing stands together, by system."""
    if isinstance(row, NodeRow):
        return (row.uid, row.systems)
    return (row.start, row.end, row.systems, row.role or "", row.valid_from or NEVER)


class Shelf:
    """Takes rows file by file, and gives each table in its order once."""

    def __init__(self, home: Callable[[], Path]) -> None:
        self._home = home
        self._folder: Path | None = None
        self._files = 0
        self._kept = _Pile()
        self._new = _Pile()

    def put(self, row: Row) -> None:
        """A row of the file that is read now."""
        self._new.add(row)
        if self._new.size >= AT_ONCE:
            self._spill(self._new)

    def keep(self) -> None:
        """The file is read: its rows stay."""
        for table, rows in self._new.rows.items():
            self._kept.rows.setdefault(table, []).extend(rows)
        for table, runs in self._new.runs.items():
            self._kept.runs.setdefault(table, []).extend(runs)
        self._kept.size += self._new.size
        self._new = _Pile()
        if self._kept.size >= AT_ONCE:
            self._spill(self._kept)

    def drop(self) -> None:
        """The file is refused: its rows go."""
        for runs in self._new.runs.values():
            for run in runs:
                run.path.unlink()
        self._new = _Pile()

    def take(self, table: str) -> Iterator[Row]:
        """The rows of a table in their order, which are kept no longer."""
        rows = sorted(self._kept.rows.pop(table, ()), key=order)
        runs = self._kept.runs.pop(table, [])
        yield from heapq.merge(rows, *runs, key=order) if runs else rows
        for run in runs:
            run.path.unlink()

    def holds(self, table: str) -> bool:
        return table in self._kept.rows or table in self._kept.runs

    def collect(self, table: str, rows: Iterable[R]) -> Rows[R]:
        """What becomes of a table's rows: on disk if they came from there."""
        if table not in self._kept.runs:
            return list(rows)
        return self._file(table, rows)

    def close(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _spill(self, pile: _Pile) -> None:
        for table, rows in pile.rows.items():
            pile.runs.setdefault(table, []).append(self._file(table, sorted(rows, key=order)))
        pile.rows.clear()
        pile.size = 0

    def _file(self, table: str, rows: Iterable[R]) -> _File[R]:
        if self._folder is None:
            self._folder = scratch.place(self._home(), "rows")
            self._folder.mkdir(mode=0o700)
        self._files += 1
        return _File(self._folder / f"{table}-{self._files}", table, rows)


class _Pile:
    """Rows by table, in memory and in sorted runs on disk."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.runs: dict[str, list[_File[Row]]] = {}
        self.size = 0
        """Rows in memory."""

    def add(self, row: Row) -> None:
        self.rows.setdefault(row.table, []).append(row)
        self.size += 1


class _File(Generic[R]):
    """Rows of one table on disk. The same few field names and systems are written once a chunk."""

    def __init__(self, path: Path, table: str, rows: Iterable[R]) -> None:
        self.path = path
        self._kind: Callable[..., R] = NodeRow if table in model.NODES else RelRow  # type: ignore[assignment]
        self._size = 0
        fields = attrgetter(*self._kind.__slots__)  # type: ignore[attr-defined]
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
            chunk: list[tuple[object, ...]] = []
            for row in rows:
                chunk.append(fields(row))
                if len(chunk) == _CHUNK:
                    self._write(file, chunk)
                    chunk = []
            self._write(file, chunk)

    def _write(self, file: BinaryIO, chunk: list[tuple[object, ...]]) -> None:
        pickle.dump(chunk, file, protocol=5)
        self._size += len(chunk)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[R]:
        left = self._size
        with self.path.open("rb", buffering=1 << 20) as file:
            while left:
                chunk = pickle.load(file)
                left -= len(chunk)
                for fields in chunk:
                    yield self._kind(*fields)
