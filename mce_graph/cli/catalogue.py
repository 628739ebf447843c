"""``mce catalogue`` and ``mce explain``: which questions there are, and what stands in one."""

from __future__ import annotations

from typing import Annotated

import typer

from mce_graph.cli import show
from mce_graph.errors import UsageError
from mce_graph.template import ACTORS, USE_CASES, Template


def catalogue(
    use_case: Annotated[str | None, typer.Argument(help=f"Only one of {', '.join(USE_CASES)}")] = None,
    actor: Annotated[
        str | None, typer.Option(metavar="ACTOR", help="Only what this actor asks, for example care-agent")
    ] = None,
    output_format: show.Format = "auto",
) -> None:
    """List the questions: who asks them, what they take and what they give.

    Example: mce catalogue --actor care-agent
    """
    from mce_graph import catalogue as entries
    from mce_graph import library

    if use_case is not None and use_case not in library.use_cases():
        raise UsageError(f"there is no use case {use_case!r}", hint=f"one of {', '.join(library.use_cases())}")
    if actor is not None and actor not in ACTORS:
        raise UsageError(f"there is no actor {actor!r}", hint=f"one of {', '.join(ACTORS)}")
    _list(entries.listing(use_case, actor), output_format, "Questions")


def search(
    words: Annotated[list[str], typer.Argument(help="Words that a title, a question, a column or a note has")],
    actor: Annotated[
        str | None, typer.Option(metavar="ACTOR", help="Only what this actor asks, for example care-agent")
    ] = None,
    output_format: show.Format = "auto",
) -> None:
    """Find questions by words: every word must be found, the best come first.

    Example: mce search guest account
    """
    from mce_graph import catalogue as entries

    if actor is not None and actor not in ACTORS:
        raise UsageError(f"there is no actor {actor!r}", hint=f"one of {', '.join(ACTORS)}")
    found = entries.search(" ".join(words), actor)
    _list(found, output_format, "Questions found")
    if not found and show.chosen(output_format) != "table":
        show.say("no question has all of these words; `mce catalogue` lists every one")


def _list(found: list[Template], output_format: str, title: str) -> None:
    from mce_graph import catalogue as entries

    how = show.chosen(output_format)
    if how in ("table", "markdown", "html"):
        show.rows(
            ("command", "question"),
            [(t.command, t.question) for t in found],
            how,
            empty="no such question",
            title=title,
        )
        return
    described = [entries.describe(t) for t in found]
    names = list(described[0]) if described else ["id"]
    show.rows(names, [list(d.values()) for d in described], output_format)


def explain(
    question: Annotated[list[str], typer.Argument(help="identify.customer_360, or identify customer-360")],
    plan: Annotated[
        bool, typer.Option("--plan", help="Ask the server for the plan, with the example's values")
    ] = False,
    output_format: show.Format = "auto",
) -> None:
    """Show a question's Cypher and parameters, as they are sent.

    Example: mce explain identify customer-360
    """
    from mce_graph import catalogue as entries
    from mce_graph import library
    from mce_graph.result import json_value

    t = library.get(".".join(question))
    bound = t.bind(entries.examples(t))
    params = {name: json_value(value) for name, value in bound.statement.params.items()}
    value = {"id": t.id, "cypher": bound.statement.text, "parameters": params, "access": t.access, "timeout": t.timeout}
    if plan:
        from mce_graph.cli.opening import opened

        with opened() as graph:
            summary = graph.explain(bound.statement)
        value["plan"] = summary.operators()
    how = show.chosen(output_format)
    if how not in ("table", "json", "jsonl"):
        if how != "csv":
            raise UsageError(f"-o {how} is not for this", hint="one of table, json, jsonl")
        how = "json"
    if how != "table":
        show.document(value, how)
        return
    show.text(f"// {t.id}: {t.question}\n// {entries.example(t)}\n{bound.statement.text}\n")
    show.rows(("parameter", "value"), list(params.items()), "table")
    if plan:
        show.rows(("plan",), [(x,) for x in summary.operators()], "table")
