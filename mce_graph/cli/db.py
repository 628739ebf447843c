"""``mce db``: the managed local Neo4j."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mce_graph import config
from mce_graph.cli import show
from mce_graph.cli.progress import Progress
from mce_graph.errors import FAILED, UsageError

if TYPE_CHECKING:
    from mce_graph.local.server import LocalServer

app = typer.Typer(
    help="The managed local Neo4j: start, stop, status, logs, reset.", no_args_is_help=True, rich_markup_mode=None
)


def _server() -> LocalServer:
    return config.load().server()


@app.command()
def start() -> None:
    """Start it, if it is not running; fetches Neo4j the first time.

    Example: mce db start
    """
    with Progress() as progress:
        there = _server().ensure(progress)
    show.say(f"running at {there.uri}")


@app.command()
def stop() -> None:
    """Stop it; what is in it stays.

    Example: mce db stop
    """
    show.say("stopped" if _server().stop() else "it was not running")


@app.command()
def status(output_format: show.Format = "auto") -> None:
    """Say whether it runs, which version, and where.

    Example: mce db status -o json
    """
    found = _server().status()
    from mce_graph.result import json_value

    show.document(
        {
            "running": found.running,
            "version": found.version,
            "uri": found.uri,
            "home": str(found.home),
            "pid": found.pid,
            "started_at": json_value(found.started_at),
            "message": found.message,
        },
        output_format,
    )


@app.command()
def logs(lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the last lines")] = 50) -> None:
    """Show the last lines of its log.

    Example: mce db logs -n 20
    """
    for line in _server().logs(lines):
        show.text(show.clean(line))


@app.command(short_help="Stop it and delete everything that is in it.")
def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False) -> None:
    """Stop it and delete everything that is in it; the fetched program files stay.

    Example: mce db reset --yes
    """
    import sys

    server = _server()
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("reset deletes every customer, user and group in it", hint="add --yes to do so")
        if not typer.confirm("Delete everything in the managed local Neo4j?", err=True):
            raise typer.Exit(FAILED)
    server.reset()
    show.say("empty")
