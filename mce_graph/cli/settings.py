"""``mce config``: which settings hold, and where each comes from."""

from __future__ import annotations

import typer

from mce_graph import config
from mce_graph.cli import show

app = typer.Typer(help="Settings and where they come from.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def settings() -> None:
    pass


@app.command("show", short_help="Show each setting, its value and where it comes from.")
def show_settings(output_format: show.Format = "auto") -> None:
    """Show each setting, its value and where it comes from; never a password.

    Example: mce config show
    """
    found = config.load().settings.values()
    show.rows(("setting", "value", "origin"), [(s.name, s.shown, s.origin) for s in found], output_format)
