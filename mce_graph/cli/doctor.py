"""``mce doctor``: is everything there that answers need?"""

from __future__ import annotations

import typer

from mce_graph.cli import show
from mce_graph.errors import FAILED


def doctor(output_format: show.Format = "auto") -> None:
    """Check the server, its version, that questions cannot write, the schema and how fresh the data are.

    Exit code 1 when a check fails.

    Example: mce doctor
    """
    from mce_graph import doctor as examination
    from mce_graph.cli.opening import opened

    with opened() as graph:
        found = list(examination.examine(graph))
    if show.chosen(output_format) == "table":
        lines = [(c.name, "ok" if c.ok else "FAILED", c.found if c.ok else f"{c.found}: {c.hint}") for c in found]
        show.rows(("check", "result", "found"), lines, "table")
    else:
        rows = [(c.name, c.ok, c.found, "" if c.ok else c.hint) for c in found]
        show.rows(("check", "ok", "found", "hint"), rows, output_format)
    if not all(c.ok for c in found):
        raise typer.Exit(FAILED)
