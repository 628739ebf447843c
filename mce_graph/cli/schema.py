"""``mce schema``: the model as Cypher, as a page, in the database, and what the database cannot enforce."""

from __future__ import annotations

import typer

from mce_graph.cli import show
from mce_graph.errors import FAILED, UsageError

app = typer.Typer(
    help="Constraints, indexes and the data model: show, apply, check.", no_args_is_help=True, rich_markup_mode=None
)
SHOWN = ("cypher", "markdown", "json")


@app.command("show", short_help="Show the model: as Cypher to run, as a page, as JSON.")
def show_schema(
    output_format: str = typer.Option("cypher", "-o", "--format", metavar="FORMAT", help=", ".join(SHOWN)),
) -> None:
    """Show the model: as Cypher to run, or as a page with TM Forum's resources, fields and terms.

    Example: mce schema show -o markdown
    """
    from mce_graph import schema

    if output_format not in SHOWN:
        raise UsageError(f"-o {output_format} is no format here", hint=f"one of {', '.join(SHOWN)}")
    if output_format == "cypher":
        show.text("".join(f"{text};\n" for text in schema.statements()))
    elif output_format == "markdown":
        show.text(schema.markdown())
    else:
        show.document(schema.as_data(), "json")


@app.command(short_help="Create the constraints and indexes that are missing.")
def apply() -> None:
    """Create the constraints and indexes that are missing, and mend failed ones.

    Example: mce schema apply
    """
    from mce_graph import schema
    from mce_graph.cli.opening import opened

    with opened() as graph:
        done = schema.apply(graph)
    mended = f", {len(done.mended)} mended" if done.mended else ""
    show.say(f"{len(done.created)} created{mended}, {done.present} were there")


@app.command(short_help="Count what the model forbids and the server cannot.")
def check(output_format: show.Format = "auto") -> None:
    """Count what the model forbids and Neo4j Community cannot enforce; exit code 1 when something is found.

    Reads the whole graph.

    Example: mce schema check
    """
    from mce_graph import schema
    from mce_graph.cli.opening import opened

    with opened() as graph:
        found = schema.check(graph)
    rows = [(f.rule, f.where, f.count, f.example) for f in found]
    show.rows(("rule", "where", "count", "example"), rows, output_format, empty="nothing: all is as the model says")
    if found:
        raise typer.Exit(FAILED)
