"""``mce load``: files into the graph."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from mce_graph.cli import show
from mce_graph.cli.progress import Progress
from mce_graph.errors import FAILED, REJECTED, SourceError, UsageError

if TYPE_CHECKING:
    from mce_graph.load.report import LoadReport
    from mce_graph.load.stale import Stale


class _Group(TyperGroup):
    """``mce load PATH…`` and ``mce load remove-stale``: words that name no command are files."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        return super().parse_args(ctx, args if args[:1] == ["remove-stale"] else ["files", *args])


class _Files(TyperCommand):
    """Shown under the name of its group."""

    def make_context(  # type: ignore[override]
        self, info_name: str | None, args: list[str], parent: typer.Context | None = None, **extra: Any
    ) -> Any:
        above = parent.parent if parent is not None else None
        return super().make_context(parent.info_name if parent else info_name, args, parent=above, **extra)


app = typer.Typer(cls=_Group, help="Load files into the graph.", no_args_is_help=False, rich_markup_mode=None)


@app.command("files", cls=_Files, hidden=True)
def load(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders: tables, TM Forum JSON, mapped CSV; - is standard input"),
    ] = None,
    story: Annotated[bool, typer.Option("--story", help="Load the story that comes with mce")] = False,
    system: Annotated[
        str | None, typer.Option(metavar="NAME", help="The system that the files come from, for example CRM")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML file that maps a foreign CSV to the model")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where rejected rows go; else under the home folder")
    ] = None,
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
    table: Annotated[
        str | None, typer.Option(metavar="NAME", help="What standard input holds: Customer, USES_ACCOUNT …, tmf, jsonl")
    ] = None,
    delimiter: Annotated[str | None, typer.Option(metavar="SIGN", help="Of CSV files: ';', tab … instead of ,")] = None,
    decimal: Annotated[
        str | None, typer.Option(metavar="SIGN", help="Of numbers in tables: , for a decimal comma")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check everything and say what would change; write nothing")
    ] = False,
    events: Annotated[
        bool,
        typer.Option(
            "--events/--no-events", help="Apply change and delete events of TM Forum feeds, or only name them"
        ),
    ] = True,
    snapshot: Annotated[
        str | None,
        typer.Option(metavar="SYSTEM", help="A complete extract of that system: see mce load remove-stale --help"),
    ] = None,
    bulk: Annotated[
        bool, typer.Option("--bulk", help="A first load: by neo4j-admin import into the empty managed database")
    ] = False,
    bulk_files: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Only write import files, for a server of your own")
    ] = None,
    output_format: show.Format = "auto",
) -> None:
    """Load files into the graph; loading the same file twice changes nothing.

    Rows that cannot be loaded go to a rejects file with the line and the reason: mend them there and load that file.
    Exit code 6 when a row was rejected or a file refused; the rest is loaded. What a complete extract (--snapshot) no
    longer holds is removed by a step of its own: mce load remove-stale SYSTEM.

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
    given = tables() if story else paths or []
    if bulk or bulk_files:
        if (bulk and bulk_files) or dry_run or table or Path("-") in given:
            raise UsageError("--bulk and --bulk-files go alone with files", hint="mce load --help")
        report = _bulk(
            bulk_files, given, system=system, mapping=mapping, rejects=rejects, strict=strict, max_rejects=max_rejects,
            assume_tz=assume_tz, extracted_at=extracted_at, delimiter=delimiter, decimal=decimal, events=events,
            snapshot=snapshot,
        )  # fmt: skip
    else:
        with opened() as graph, Progress() as progress:
            if not dry_run:
                schema.apply(graph)
            report = run(
                graph,
                *given,
                system=system,
                mapping=mapping,
                rejects=rejects,
                strict=strict,
                max_rejects=max_rejects,
                assume_tz=assume_tz,
                extracted_at=extracted_at,
                table=table,
                delimiter=delimiter,
                decimal=decimal,
                dry_run=dry_run,
                events=events,
                snapshot=snapshot,
                progress=progress,
            )
    found = report.to_dict()
    if show.chosen(output_format) == "json":
        show.document(found, "json")
    else:
        _lines(found, output_format)
    if report.rejected or report.refused:
        raise typer.Exit(REJECTED)


def _bulk(folder: Path | None, paths: Sequence[Path], **words: Any) -> LoadReport:
    """Fill the empty managed database by an import, or only write the files for one elsewhere."""
    from mce_graph import config
    from mce_graph.load.bulk import bulk, bulk_files

    with Progress() as progress:
        if folder is not None:
            return bulk_files(folder, *paths, progress=progress, **words)
        settings = config.load()
        if not settings.managed:
            raise UsageError(
                "--bulk fills the managed local Neo4j, and an address of another server is given",
                hint="--bulk-files DIR writes the files for it",
            )
        return bulk(settings.server(), *paths, progress=progress, **words)


@app.command("remove-stale")
def remove_stale(
    system: Annotated[str, typer.Argument(help="The system, for example CRM")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    max_share: Annotated[
        str, typer.Option(metavar="P%", help="Remove nothing when more of what the system asserts is stale")
    ] = "20%",
    output_format: show.Format = "auto",
) -> None:
    """Remove what the last complete extract of a system (mce load --snapshot SYSTEM) no longer holds.

    Shows the counts and asks. Relationships that nobody asserts any more end when the extract was made; nodes that
    nobody asserts any more go, unless something refers to them that is not stale (kept); where other systems assert it
    still, the system is withdrawn. Refused after an extract that lost rows, and for tables that it did not hold.

    Example: mce load remove-stale CRM --yes
    """
    from mce_graph.cli.opening import opened
    from mce_graph.load import stale as stales

    show.chosen(output_format)
    most = stales.share(max_share)
    with opened() as graph:
        found = stales.find_stale(graph, system)
        if found.share > most:
            _told(found, output_format)
            raise SourceError(
                f"{found.share:.0%} of what {found.system} asserts is not in the last snapshot, more than {most:.0%}",
                hint="was the extract complete? --max-share allows more",
            )
        if found.count and not yes:
            _told(found, output_format)
            if not sys.stdin.isatty():
                raise UsageError(
                    "nothing was removed: nobody is there to be asked", hint="--yes removes without asking"
                )
            if not typer.confirm(f"Remove what is stale of {found.system}?", err=True):
                raise typer.Exit(FAILED)
        if not found.count:
            _told(found, output_format)
            return
        with Progress() as progress:
            found = stales.remove_stale(graph, system, max_share=most, progress=progress)
        if yes:
            _told(found, output_format)
        show.say("removed")


def _told(found: Stale, output_format: str) -> None:
    columns = ("table", "asserted", "withdrawn", "ended", "deleted", "kept")
    rows = [list(table.to_dict().values()) for table in found.tables]
    if show.chosen(output_format) == "json":
        tables = [table.to_dict() for table in found.tables]
        show.document({"system": found.system, "share": round(found.share, 4), "tables": tables}, "json")
    else:
        show.rows(columns, rows, output_format)


def _lines(found: dict[str, object], output_format: str) -> None:
    columns = ("file", "read", "written", "unchanged", "duplicate", "rejected", "blank", "skipped")
    files = found["files"]
    assert isinstance(files, list)
    rows = [[each.get(c) for c in columns] for each in files]
    rows.append(["all", *(found[c] for c in columns[1:-1]), None])
    show.rows(columns, rows, output_format)
    if found["dry_run"]:
        changes = found["changes"]
        assert isinstance(changes, dict)
        said = ", ".join(f"{table} {count:,}" for table, count in changes.items())
        show.say(f"dry run, nothing was written; rows that would change the graph: {said or 'none'}")
    if found.get("rejects"):
        show.say(f"rejected rows are in {found['rejects']}: mend them there and load that file")
