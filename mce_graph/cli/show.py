"""Answers on the screen, in a pipe or in a file: the only place that renders."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mce_graph.cli import writing
from mce_graph.cli.formats import FORMATS
from mce_graph.cli.formats import PICTURES as PICTURES
from mce_graph.cli.formats import ROWS as ROWS
from mce_graph.cli.writing import clean as clean
from mce_graph.errors import MceError, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from mce_graph.picture.figure import Figure

Format = Annotated[
    str,
    typer.Option(
        "-o",
        "--format",
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} (auto: table on a terminal, jsonl in a pipe; tree, mermaid, dot: graph answers)",
    ),
]
_UNSEEN = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_BRANCH = re.compile("[│ ]*(?:[├└]─ )?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_SHORT = re.compile(r"T00:00:00(?=Z)Z|:00(?=Z)")


def chosen(format: str, screen: bool = True) -> str:
    """The format that ``auto`` stands for here; refuses a word that is none."""
    if format not in FORMATS:
        raise UsageError(f"-o {format} is no format", hint=f"one of {', '.join(FORMATS)}")
    if format != "auto":
        return format
    return "table" if screen and sys.stdout.isatty() else "jsonl"


def rows(
    columns: Sequence[str],
    values: Iterable[Sequence[object]],
    format: str,
    *,
    empty: str = "no rows",
    title: str = "",
    csv_safe: bool = False,
    figures: Sequence[Figure] = (),
) -> None:
    """Write rows of JSON-able values; in CSV null is empty and a list is joined by ``;``.

    ``figures`` are drawn below a table and in a page.
    """
    how = chosen(format)
    if how not in ROWS:
        raise UsageError(f"-o {how} draws nodes and relationships; these are rows", hint=f"one of {', '.join(ROWS)}")
    if how == "parquet":
        raise UsageError("-o parquet is for the rows of questions", hint="-o jsonl or -o csv")
    if csv_safe and how not in ("csv", "tsv"):
        raise UsageError(f"--csv-safe is about spreadsheets, not {how}", hint="with -o csv or -o tsv")
    try:
        if how == "table":
            _table(columns, list(values), empty)
            _drawn(figures)
        elif how in ("csv", "tsv", "markdown"):
            writing.separated(sys.stdout, columns, _displayable(values), how, csv_safe)
        elif how == "html":
            from mce_graph.picture.sheet import sheet

            sys.stdout.write(sheet(columns, values, title, figures))
        elif how == "jsonl":
            for row in values:
                sys.stdout.write(_json(dict(zip(columns, row, strict=True))) + "\n")
        else:
            sys.stdout.write(_json([dict(zip(columns, row, strict=True)) for row in values], indent=2) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()


def _displayable(values: Iterable[Sequence[object]]) -> Iterable[Sequence[object]]:
    """The values as they are for a file or a program; for eyes on a terminal without what would steer it."""
    if not sys.stdout.isatty():
        return values
    return ([clean(v) if isinstance(v, str) else v for v in map(writing.flat, row)] for row in values)


def document(value: object, format: str, lines: Iterable[tuple[str, object]] | None = None) -> None:
    """Write one object: as JSON, or as lines of name and value on a terminal."""
    how = chosen(format)
    try:
        if how not in ROWS or how == "parquet":
            raise UsageError(f"-o {how} is not for this", hint="one of table, json, jsonl, csv, tsv, markdown, html")
        if how in ("json", "jsonl"):
            sys.stdout.write(_json(value, indent=2 if how == "json" else None) + "\n")
        else:
            pairs = list(lines if lines is not None else value.items() if isinstance(value, Mapping) else [])
            rows(("name", "value"), pairs, how)
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()


def text(value: str) -> None:
    """Write a text as it is."""
    try:
        sys.stdout.write(value if value.endswith("\n") else value + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()


def drawing(value: str) -> None:
    """Write a tree; on a terminal its long lines are folded at blanks and go on under their beginning."""
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        width = get_terminal_size().columns
        value = "".join(f"{line}\n" for whole in value.splitlines() for line in _under(whole, width))
    text(_drawable(value))


def _drawable(value: str) -> str:
    """The drawing with signs that the terminal has."""
    if _unicode():
        return value
    from mce_graph.picture.text import ASCII

    return value.translate(ASCII)


def _under(line: str, width: int) -> list[str]:
    from rich.cells import cell_len

    if cell_len(line) <= width:
        return [line]
    found = _BRANCH.match(line)
    lead = found[0] if found else ""
    first, *more = _folded(line[len(lead) :], max(20, width - len(lead) - 2))
    return [lead + first, *(f"{lead.replace('├─', '│ ').replace('└─', '  ')}  {part}" for part in more)]


def say(message: str) -> None:
    """Talk to the person, beside the data."""
    sys.stderr.write(clean(message) + "\n")
    sys.stderr.flush()


def fail(error: MceError) -> None:
    say(f"mce: {error.message}")
    if error.hint:
        say(f"     {error.hint}")


def hang_up() -> NoReturn:
    """The reader went away (``| head -1``): stop without a word."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    raise typer.Exit(0)


def _json(value: object, indent: int | None = None) -> str:
    made = json.dumps(value, ensure_ascii=not _unicode(), indent=indent, allow_nan=False)
    # Only strings can hold these; escaped they mean the same and cannot steer a terminal.
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", made)


def plain_streams() -> None:
    """What no person reads is UTF-8 in every locale; else a character without a place there is its number: ``\\u0142``.

    ``PYTHONIOENCODING`` has the last word.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            piped = stream is sys.stdout and not stream.isatty() and not os.environ.get("PYTHONIOENCODING")
            stream.reconfigure(encoding="utf-8" if piped else None, errors="backslashreplace")


def _unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return clean(" ".join(str(writing.flat(v)) for v in value))
    text = clean(str(writing.flat(value)))
    # What every second reader skips: seconds that are none, and midnight.
    return _SHORT.sub("", text) if isinstance(value, str) and _INSTANT.fullmatch(text) else text


def _table(columns: Sequence[str], values: list[Sequence[object]], empty: str) -> None:
    """A table where it fits the screen, else a card for each row: nothing is cut and no word is broken."""
    if not values:
        say(empty)
        return
    from rich.cells import cell_len
    from rich.console import Console
    from rich.measure import Measurement

    cells = [[_cell(value) for value in row] for row in values]
    table = _grid(columns, cells, values)
    console = Console() if sys.stdout.isatty() or "COLUMNS" in os.environ else Console(width=100_000)
    needed = Measurement.get(console, console.options.update(width=100_000), table)
    # Texts may be folded at their blanks, as long as they do not become columns of single words.
    if needed.maximum <= console.width or needed.minimum <= console.width < needed.maximum < 2 * console.width:
        console.print(table)
        return
    if len(columns) <= 3:
        console.print(table)
        return
    margin = max(cell_len(name) for name in columns)
    for n, row in enumerate(cells):
        if n:
            sys.stdout.write("\n")
        for name, text in zip(columns, row, strict=True):
            if text:
                lines = _folded(text, max(20, console.width - margin - 2))
                sys.stdout.write(f"{name:<{margin}}  {lines[0]}\n")
                sys.stdout.writelines(f"{'':<{margin}}  {line}\n" for line in lines[1:])


def _drawn(figures: Sequence[Figure]) -> None:
    for figure in figures:
        from shutil import get_terminal_size

        from mce_graph.picture.figure import text

        width = get_terminal_size().columns if sys.stdout.isatty() or "COLUMNS" in os.environ else 100
        sys.stdout.write("\n" + _drawable(text(figure, width)))


def _grid(columns: Sequence[str], cells: list[list[str]], values: list[Sequence[object]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, name in enumerate(columns):
        there = [row[i] for row in values if row[i] is not None]
        number = bool(there) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in there)
        table.add_column(Text(name), justify="right" if number else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _folded(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` cells, broken at blanks where there are any."""
    from rich.cells import cell_len, chop_cells

    lines: list[str] = []
    for word in text.split(" "):
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines += chop_cells(word, width) or [""]
    return lines or [""]
