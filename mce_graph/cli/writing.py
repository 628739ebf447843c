"""Rows as text that other programs read, and files that are there whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from mce_graph.errors import MceError, UsageError

if TYPE_CHECKING:
    import pyarrow

SUFFIXES = {
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".md": "markdown",
    ".parquet": "parquet", ".html": "html", ".htm": "html", ".mmd": "mermaid", ".dot": "dot", ".gv": "dot",
}  # fmt: skip
"""The format that a file's name asks for, where none is said."""
Output = Annotated[
    str | None,
    typer.Option(
        "--output", metavar="FILE", help="Write to this file (its name says the format); - is standard output"
    ),
]
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(value: str) -> str:
    """A text that cannot move the cursor, colour the screen or turn the reading direction."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value.replace("\n", " ").replace("\t", " "))


def meant(format: str, output: str | None) -> str:
    """The format for this file: that of its name where ``auto`` was said."""
    if format != "auto" or output in (None, "-"):
        return format
    return SUFFIXES.get(Path(str(output)).suffix.lower(), "jsonl")


def checked(output: str | None) -> Path | None:
    """The file to write, none for standard output. Raises ``UsageError`` for a folder, a device or no folder."""
    if output in (None, "-"):
        return None
    path = Path(str(output)).expanduser().resolve()
    if path.is_dir():
        raise UsageError("--output names a folder", hint="name a file in it, or - for standard output")
    if path.exists() and not path.is_file():
        raise UsageError("--output names no plain file", hint="- is standard output")
    if not path.parent.is_dir():
        raise UsageError("--output: there is no such folder", hint=str(path.parent))
    return path


@contextmanager
def into(output: str | None) -> Iterator[None]:
    """What is written to standard output goes into this file: yours alone (0600), whole or not at all."""
    path = checked(output)
    if path is None:
        yield
        return
    try:
        number, name = tempfile.mkstemp(prefix=".mce-", dir=path.parent)
    except OSError as error:
        raise MceError(f"--output cannot be written: {error.strerror}", hint=str(path.parent)) from error
    try:
        with open(number, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
            with redirect_stdout(file):
                yield
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise MceError(f"--output cannot be written: {error.strerror}", hint=str(path.parent)) from error
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def separated(
    file: TextIO, columns: Sequence[str], values: Iterable[Sequence[object]], format: str, safe: bool
) -> None:
    """Write csv (RFC 4180 with line feeds), tsv (one line a row; tabs, line ends and backslashes escaped) or markdown.

    ``safe`` puts an apostrophe before texts that a spreadsheet would compute.
    """
    rows = ([_harmless(v) if safe else v for v in map(flat, row)] for row in values)
    if format == "csv":
        writer = csv.writer(file, lineterminator="\n")
        # The module itself leaves a lone carriage return unquoted, and readers take it for the end of the row.
        quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in chain([columns], rows):
            (quoting if any(isinstance(v, str) and "\r" in v for v in row) else writer).writerow(row)
    elif format == "tsv":
        for row in chain([columns], rows):
            file.write("\t".join(_tabless(str(v)) for v in row) + "\n")
    else:
        file.write(_line(columns) + _line(["---"] * len(columns), raw=True))
        for row in rows:
            file.write(_line(row))


def flat(value: object) -> object:
    """A value as one cell: null is empty, a list is joined by ``;``, a map is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ";".join(str(flat(v)) for v in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else value


def parquet(table: pyarrow.Table) -> None:
    """Write an Arrow table to standard output, or where ``into`` leads it; never to a terminal."""
    if sys.stdout.isatty():
        raise UsageError("-o parquet is not for a terminal", hint="--output answer.parquet, or a pipe")
    from pyarrow import parquet as pq

    sys.stdout.flush()
    pq.write_table(table, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _tabless(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


_MARKS = re.compile(r"[\\`*\[\]|~$#]|(?<!\w)_|_(?!\w)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _line(values: Iterable[object], raw: bool = False) -> str:
    return "| " + " | ".join(str(v) if raw else _plain(str(v)) for v in values) + " |\n"


def _plain(text: str) -> str:
    """A text that Markdown shows as it is, in one line."""
    return re.sub("[&<>]", lambda m: _ENTITIES[m[0]], _MARKS.sub(lambda m: "\\" + m[0], clean(text)))
