"""Parquet files as rows of plain values, each with its number; pyarrow comes with the extra ``parquet``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from mce_graph.errors import MissingExtraError, SourceError

if TYPE_CHECKING:
    import pyarrow

ROWS_AT_ONCE = 10_000
Fault = tuple[int, str]
"""(number of the column, reason)"""


class ParquetTable:
    """The columns of a file, and its rows as a stream; ``digest`` is the hash of the file as it stands."""

    def __init__(self, path: Path, name: str) -> None:
        try:
            import pyarrow.parquet
        except ImportError as error:
            raise MissingExtraError(
                f"{name}: reading Parquet needs pyarrow", hint="pip install 'mce-graph[parquet]'"
            ) from error
        self.name = name
        try:
            with path.open("rb") as file:
                self.digest = hashlib.file_digest(file, "sha256").hexdigest()
            self._file = pyarrow.parquet.ParquetFile(path)
        except OSError as error:
            raise SourceError(f"{name}: cannot be read ({error.strerror or type(error).__name__})") from error
        except pyarrow.ArrowException as error:
            raise _damaged(name) from error
        self.header: list[str] = list(self._file.schema_arrow.names)

    def rows(self) -> Iterator[tuple[int, list[object], list[Fault]]]:
        """Every row: its number from 1, its values (text, number, truth value, list of texts or none), its faults."""
        import pyarrow

        number = 0
        try:
            for batch in self._file.iter_batches(batch_size=ROWS_AT_ONCE):
                columns = [_values(batch.column(i)) for i in range(batch.num_columns)]
                for row in range(batch.num_rows):
                    number += 1
                    values: list[object] = []
                    faults: list[Fault] = []
                    for i, column in enumerate(columns):
                        value = column[row]
                        if isinstance(value, _Unfit):
                            faults.append((i, value.reason))
                            value = None
                        values.append(value)
                    yield number, values, faults
        except (pyarrow.ArrowException, OSError) as error:
            raise _damaged(self.name) from error


class _Unfit:
    """A value that is none of the kinds that a property has."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _damaged(name: str) -> SourceError:
    return SourceError(
        f"{name}: the Parquet file is damaged, or none", hint="transfer it again: nothing of it was loaded"
    )


def _values(column: pyarrow.Array) -> list[object]:
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        found = column.to_pylist()
    except (ValueError, OverflowError):
        # One value that Python cannot hold (no UTF-8, a year beyond 9999) is to cost its own row only.
        found = [_one(scalar) for scalar in column]
    return [_plain(value) for value in found]


def _one(scalar: pyarrow.Scalar) -> object:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return _Unfit("is invalid UTF-8")
    except (ValueError, OverflowError):
        return _Unfit("is outside of the years 1 to 9999")


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float | _Unfit):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    return _Unfit(f"is a {type(value).__name__}, which no property holds")


def as_text(value: object) -> str:
    """A value as the cell of a table, for what reads tables of texts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)
