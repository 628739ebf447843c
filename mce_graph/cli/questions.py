"""The commands of the questions, built from their headers when they are needed."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Mapping
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from mce_graph import catalogue, library
from mce_graph.cli import show
from mce_graph.codegen import parameter_help, with_unit
from mce_graph.errors import UsageError
from mce_graph.template import ACTORS, Parameter, Template


class UseCase(TyperGroup):
    """The questions of one folder: listed when help is asked for, each built when it is called."""

    def _names(self) -> dict[str, str]:
        return {id.partition(".")[2].replace("_", "-"): id for id in library.ids(self.name)}

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return sorted(self._names())

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        names = self._names()
        # What "did you mean" looks at.
        self.commands.update(dict.fromkeys(names, cast(Any, None)))
        return build(library.get(names[cmd_name])) if cmd_name in names else None


def build(t: Template) -> Any:
    """The command of one question."""

    def command(**given: Any) -> None:
        output = {name: given.pop(name) for name in _OUTPUT}
        ask(t, {k: v for k, v in given.items() if v not in (None, [])}, **output)

    parameters = [_parameter(p) for p in t.parameters]
    parameters.sort(key=lambda x: x.default is not inspect.Parameter.empty)
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (default, annotation) in _OUTPUT.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(t.name.replace("_", "-"), help=_help(t), short_help=t.question)(command)
    return typer.main.get_command(app)


_OUTPUT: Mapping[str, tuple[Any, Any]] = {
    "output_format": ("auto", show.Format),
    "timeout": (None, Annotated[float | None, typer.Option(help="Seconds after which the server gives up")]),
    "plan": (False, Annotated[bool, typer.Option("--plan", help="Show the server's plan instead of the answer")]),
    "exit_code": (False, Annotated[bool, typer.Option("--exit-code", help="Exit with 10 when rows were found")]),
}


def ask(
    t: Template, given: dict[str, Any], *, output_format: str, timeout: float | None, plan: bool, exit_code: bool
) -> None:
    """Ask the question and show the answer."""
    from mce_graph.cli.opening import opened
    from mce_graph.result import GraphResult, json_value

    show.chosen(output_format)
    arguments = {name: _given(t, name, value) for name, value in given.items()}
    t.bind(arguments)
    with opened() as graph:
        answer = graph.ask(t, arguments, timeout=timeout, prefix="EXPLAIN" if plan else "")
    if plan:
        from mce_graph.statement import walk

        steps = [(str(s["operatorType"]), _detail(s)) for s in walk(answer.summary.plan or {"operatorType": "none"})]
        show.rows(("operator", "details"), steps, output_format)
        return
    found = len(answer.nodes) if isinstance(answer, GraphResult) else len(answer)
    if isinstance(answer, GraphResult):
        show.document(json_value(answer.to_dict()), "jsonl" if output_format == "jsonl" else "json")
    else:
        columns = [c.name for c in t.columns]
        show.rows(columns, ([json_value(v) for v in row] for row in answer.tuples()), output_format)
    if answer.truncated:
        show.say(f"more than {found} rows: these are the first; --limit all gives every one")
    if exit_code and found:
        raise typer.Exit(10)


def _detail(step: Mapping[str, object]) -> str:
    args = step.get("args")
    return str(args.get("Details", "")) if isinstance(args, Mapping) else ""


def _given(t: Template, name: str, value: object) -> object:
    """The value of an option; ``-`` reads a line of standard input, so that it stays out of the process list."""
    if isinstance(value, list):
        return [part for item in value for part in str(item).split(",")]
    if value == "-":
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise UsageError(f"{t.id}: {name} is '-', and standard input is empty")
        return line
    return value


def _parameter(p: Parameter) -> inspect.Parameter:
    text = parameter_help(p)
    if p.labels or p.pii:
        text += "; - reads it from standard input"
    metavar = p.name.upper()
    if p.required:
        annotation: Any = Annotated[str, typer.Argument(metavar=metavar, help=text, show_default=False)]
        return inspect.Parameter(p.name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
    flag = f"--{p.name.replace('_', '-')}"
    if p.type == "boolean":
        kind: Any = bool | None
        option = typer.Option(f"{flag}/--no-{flag[2:]}", help=text, show_default=False)
    else:
        kind = list[str] | None if p.many else str | None
        option = typer.Option(flag, metavar=_kind(p), help=text, show_default=False)
    return inspect.Parameter(p.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option])


def _kind(p: Parameter) -> str:
    if 0 < len(p.choices) < 5:
        return "|".join(p.choices)
    return {"datetime": "TIME", "date": "DAY", "int": "N", "float": "X"}.get(p.type, "ID" if p.labels else "TEXT")


def _wrapped(line: str, hang: int) -> str:
    """Lines of a screen of 80 columns, the second and later ones set in."""
    return "\n".join(textwrap.wrap(line, 76, subsequent_indent=" " * hang))


def _help(t: Template) -> str:
    who = ", ".join(ACTORS[a] for a in t.actors)
    columns = "\n".join(_wrapped(f"{c.name:<16} {with_unit(c.help, c.unit)}", 17) for c in t.columns)
    cost = "\n\nTouches the whole graph: its cost grows with the operator." if t.scope == "graph" else ""
    notes = "\n\n\b\n" + "\n".join(_wrapped(line, 2) for line in t.notes.splitlines()) if t.notes else ""
    return (
        f"{t.question}\n\nAsked by: {who}.{cost}\n\n\b\nExample:\n  {catalogue.example(t)}"
        f"\n\n\b\nColumns:\n{columns}{notes}"
    )
