"""``mce load``: files into the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mce_graph.cli import show
from mce_graph.cli.progress import Progress
from mce_graph.errors import REJECTED, UsageError


def load(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders: tables, TM Forum JSON, mapped CSV")
    ] = None,
    story: Annotated[bool, typer.Option("--story", help="Load the story that comes with mce")] = False,
    system: Annotated[str | None, typer.Option(help="The system that the files come from, for example CRM")] = None,
    mapping: Annotated[Path | None, typer.Option(help="TOML file that maps a foreign CSV to the model")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where rejected rows go; else under the home folder")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="A file with one bad row or unknown column is refused as a whole")
    ] = False,
    max_rejects: Annotated[
        str | None, typer.Option(metavar="N|P%", help="Load nothing when more rows than that are rejected")
    ] = None,
    assume_tz: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Zone of times that name none, for example Europe/London")
    ] = None,
    extracted_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When the files were extracted; an older extract is refused")
    ] = None,
    output_format: show.Format = "auto",
) -> None:
    """Load files into the graph; loading the same file twice changes nothing.

    Rows that cannot be loaded go to a rejects file with the line and the reason: mend them there and load that file.
    Exit code 6 when a row was rejected or a file refused; the rest is loaded.

    Example: mce load --story
    """
    from mce_graph import schema
    from mce_graph.cli.opening import opened
    from mce_graph.load.run import load as run
    from mce_graph.story import tables

    if story == bool(paths):
        raise UsageError(
            "nothing to load" if not story else "--story takes no files", hint="mce load --story, or mce load PATH…"
        )
    show.chosen(output_format)
    with opened() as graph, Progress() as progress:
        schema.apply(graph)
        report = run(
            graph,
            *(tables() if story else paths or []),
            system=system,
            mapping=mapping,
            rejects=rejects,
            strict=strict,
            max_rejects=max_rejects,
            assume_tz=assume_tz,
            extracted_at=extracted_at,
            progress=progress,
        )
    found = report.to_dict()
    if show.chosen(output_format) == "json":
        show.document(found, "json")
    else:
        _lines(found, output_format)
    if report.rejected or report.refused:
        raise typer.Exit(REJECTED)


def _lines(found: dict[str, object], output_format: str) -> None:
    columns = ("file", "read", "written", "unchanged", "duplicate", "rejected", "blank", "skipped")
    files = found["files"]
    assert isinstance(files, list)
    rows = [[each.get(c) for c in columns] for each in files]
    rows.append(["all", *(found[c] for c in columns[1:-1]), None])
    show.rows(columns, rows, output_format)
    if found.get("rejects"):
        show.say(f"rejected rows are in {found['rejects']}: mend them there and load that file")
