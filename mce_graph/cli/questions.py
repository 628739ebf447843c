"""The commands of the questions, built from their headers when they are needed."""

from __future__ import annotations

import difflib
import inspect
import sys
import textwrap
from collections.abc import Mapping
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperGroup

from mce_graph import catalogue, library
from mce_graph.cli import picture, show, writing
from mce_graph.cli.progress import waiting
from mce_graph.codegen import parameter_help, with_unit
from mce_graph.errors import NotFoundError, UsageError
from mce_graph.statement import Summary, branches
from mce_graph.template import ACTORS, Bound, Parameter, Template

if TYPE_CHECKING:
    from mce_graph.picture.figure import Figure
    from mce_graph.result import GraphResult, Result


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
        output = {name: given.pop(name) for name in (*_OUTPUT, "columns")}
        ask(t, {k: v for k, v in given.items() if v not in (None, [])}, **output)

    parameters = [_parameter(p) for p in t.parameters]
    parameters.sort(key=lambda x: x.default is not inspect.Parameter.empty)
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (default, annotation) in {"columns": _columns(t), **_OUTPUT}.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(t.name.replace("_", "-"), help=_help(t), short_help=t.question)(command)
    return typer.main.get_command(app)


_OUTPUT: Mapping[str, tuple[Any, Any]] = {
    "output_format": ("auto", show.Format),
    "output": (None, writing.Output),
    "csv_safe": (
        False,
        Annotated[
            bool, typer.Option("--csv-safe", help="In csv and tsv an apostrophe before what Excel would compute")
        ],
    ),
    "show_cypher": (False, Annotated[bool, typer.Option("--show-cypher", help="Say the Cypher on standard error")]),
    "timeout": (
        None,
        Annotated[float | None, typer.Option(metavar="SECONDS", help="After so many the server gives up")],
    ),
    "plan": (False, Annotated[bool, typer.Option("--plan", help="Show the server's plan instead of the answer")]),
    "profile_plan": (
        False,
        Annotated[
            bool,
            typer.Option("--profile-plan", help="Say on standard error what each step of the plan cost: rows, db hits"),
        ],
    ),
    "exit_code": (False, Annotated[bool, typer.Option("--exit-code", help="Exit with 10 when rows were found")]),
}


def ask(
    t: Template,
    given: dict[str, Any],
    *,
    output_format: str,
    columns: str | None,
    output: str | None,
    csv_safe: bool,
    show_cypher: bool,
    timeout: float | None,
    plan: bool,
    profile_plan: bool,
    exit_code: bool,
) -> None:
    """Ask the question and show the answer."""
    from mce_graph import config
    from mce_graph.cli import recall
    from mce_graph.cli.opening import opened
    from mce_graph.result import GraphResult

    if plan and profile_plan:
        raise UsageError("--plan runs nothing and --profile-plan everything", hint="one of them")
    how = _format(t, writing.meant(output_format, output), output, plan, csv_safe)
    names = _chosen(t, columns)
    arguments = {name: _given(t, name, value) for name, value in given.items()}
    bound = t.bind(arguments)
    if show_cypher:
        _say_cypher(t, bound)
    with opened() as graph:
        try:
            prefix = "EXPLAIN" if plan else "PROFILE" if profile_plan else ""
            with waiting(f"asking {t.id}", timeout or t.timeout):
                answer = graph.ask(t, arguments, timeout=timeout, prefix=prefix)
        except NotFoundError as error:
            here, named = config.load(), _named(bound)
            recall.forget(here, named)
            # The graph knows ids that begin alike; a slip in the first letter only who saw the right one.
            if not error.hint.startswith("nearest") and (near := recall.alike(here, named)):
                error.hint = f"lately seen: {', '.join(near)}"
            raise
    with writing.into(output):
        if plan:
            steps = [(operator, details) for operator, _, _, _, details in _steps(answer.summary)]
            show.rows(("operator", "details"), steps, how, title=f"Plan of {t.id}", csv_safe=csv_safe)
        elif isinstance(answer, GraphResult):
            picture.draw(answer, how, _root(bound, answer), as_of=_as_of(bound))
        else:
            _rows(t, answer, names, how, csv_safe, as_of=_as_of(bound))
    if plan:
        return
    if profile_plan:
        _say_costs(answer.summary)
    # What a person sees they may type next; what a script asks or a file receives is nobody's to remember.
    if sys.stdout.isatty() and output is None and "-" not in given.values():
        asked = (uid for uids in bound.refs.values() for uid in uids)
        recall.remember(config.load(), [*asked, *recall.shown(answer)])
    found = len(answer.nodes) if isinstance(answer, GraphResult) else len(answer)
    if answer.truncated:
        what = "nodes" if isinstance(answer, GraphResult) else "rows"
        show.say(f"more than {found} {what}: these are the first; --limit all gives every one")
    if exit_code and found:
        raise typer.Exit(10)


def _rows(t: Template, answer: Result[object], names: list[str], how: str, csv_safe: bool, *, as_of: str) -> None:
    from mce_graph.result import json_value

    if how == "parquet":
        try:
            writing.parquet(answer.to_arrow().select(names))
        except BrokenPipeError:
            show.hang_up()
        return
    places = [[c.name for c in t.columns].index(name) for name in names]
    rows = ([json_value(row[i]) for i in places] for row in answer.tuples())
    figures: list[Figure] = []
    title = f"{t.title}, as of {as_of}" if as_of and how == "html" else t.title
    if t.charts and how in ("table", "html"):
        from mce_graph.picture.figure import figures as drawn

        figures = drawn(t.charts, [t.columns[i] for i in places], answer.to_dicts(), title)
    show.rows(names, rows, how, title=title, csv_safe=csv_safe, figures=figures)


def _format(t: Template, format: str, output: str | None, plan: bool, csv_safe: bool) -> str:
    """The format of this answer, all that is wrong with it said before anything is asked."""
    path = writing.checked(output)
    how = show.chosen(format, path is None)
    if csv_safe and how not in ("csv", "tsv"):
        raise UsageError(f"--csv-safe is about spreadsheets, not {how}", hint="with -o csv or -o tsv")
    if plan or t.returns != "graph":
        if how not in show.ROWS:
            raise UsageError(
                f"-o {how} draws nodes and relationships; {t.id} gives rows", hint=f"one of {', '.join(show.ROWS)}"
            )
        if how == "parquet" and plan:
            raise UsageError("--plan is not for -o parquet", hint="-o json or -o csv")
        if how == "parquet" and path is None and sys.stdout.isatty():
            raise UsageError("-o parquet is not for a terminal", hint="--output answer.parquet, or a pipe")
        return how
    if format == "auto":
        return "tree" if how == "table" else "json"
    if how == "table":
        return "tree"
    if how not in show.PICTURES:
        raise UsageError(
            f"-o {how} is for rows; {t.id} gives nodes and relationships", hint=f"one of {', '.join(show.PICTURES)}"
        )
    return how


def _columns(t: Template) -> tuple[None, Any]:
    """The option that picks columns; ``?`` lists them before anything else is looked at."""

    def listed(value: str | None) -> str | None:
        if value == "?":
            rows = [(c.name, c.type, c.unit, c.pii, c.help) for c in t.columns]
            show.rows(("column", "type", "unit", "pii", "help"), rows, "auto", empty="a picture has no columns")
            raise typer.Exit
        return value

    option = typer.Option(
        "--columns",
        metavar="A,B",
        help="Only these columns, in this order; ? lists them",
        callback=listed,
        is_eager=True,
    )
    return None, Annotated[str | None, option]


def _chosen(t: Template, columns: str | None) -> list[str]:
    there = [c.name for c in t.columns]
    if columns is None:
        return there
    if t.returns == "graph":
        raise UsageError(f"{t.id} gives nodes and relationships, which have no columns", hint="leave --columns out")
    names = list(dict.fromkeys(part.strip() for part in columns.split(",") if part.strip()))
    unknown = [name for name in names if name not in there]
    if unknown or not names:
        near = difflib.get_close_matches(unknown[0], there, 1) if unknown else []
        raise UsageError(
            f"{t.id} has no column {unknown[0]!r}" if unknown else f"{t.id}: --columns names none",
            hint=f"did you mean {near[0]!r}?" if near else f"it has {', '.join(there)}",
        )
    return names


def _say_cypher(t: Template, bound: Bound) -> None:
    """The statement as it is sent; values that may be personal are only named."""
    show.say(f"// {t.id}")
    for line in bound.statement.text.strip().splitlines():
        show.say(line)
    from mce_graph.result import json_value

    for name, value in bound.statement.params.items():
        p = t.parameter(name)
        private = p is None or p.pii or p.labels
        show.say(f"// ${name} = {'(not shown: personal)' if private else json_value(value)}")


def _named(bound: Bound) -> list[str]:
    """The uids that the arguments may mean."""
    return [*(uid for uids in bound.refs.values() for uid in uids), *(c for p in bound.pending for c in p.candidates)]


def _root(bound: Bound, answer: GraphResult) -> str | None:
    there = {n.uid for n in answer.nodes}
    return next((uid for uid in _named(bound) if uid in there), None)


def _as_of(bound: Bound) -> str:
    from mce_graph.result import json_value

    value = bound.statement.params.get("as_of")
    return "" if value is None else str(json_value(value))


def _say_costs(summary: Summary) -> None:
    """The plan that was run, on standard error: the answer stays alone on standard output."""
    heads = ("operator", "rows", "estimated", "db hits", "details")
    lines = [heads, *(tuple(map(str, step)) for step in _steps(summary))]
    first, *numbers = (max(len(line[i]) for line in lines) for i in range(4))
    room = (get_terminal_size().columns if sys.stderr.isatty() else 120) - first - sum(numbers) - 8
    for line in lines:
        counts = "".join(f"  {text:>{width}}" for text, width in zip(line[1:4], numbers, strict=True))
        details = textwrap.shorten(line[4], max(room, 12), placeholder=" …")
        show.say(f"{line[0]:<{first}}{counts}  {details}".rstrip())
    took = "" if summary.milliseconds is None else f", {summary.milliseconds:,} ms on the server"
    show.say(f"{summary.db_hits():,} db hits, {summary.memory() / 1e6:,.1f} MB{took}")


def _steps(summary: Summary) -> list[tuple[str, object, object, object, str]]:
    """Each step of the plan: operator, rows, rows expected, db hits and details; the last to run first."""
    steps = []
    for branch, step in branches(summary.plan or {"operatorType": "none"}):
        about = step.get("args")
        args = about if isinstance(about, Mapping) else {}
        expected = args.get("EstimatedRows")
        operator = str(step["operatorType"]).split("@")[0]
        counts = args.get("Rows"), round(expected) if isinstance(expected, float) else expected, args.get("DbHits")
        steps.append(("| " * branch + operator, *counts, str(args.get("Details", ""))))
    return steps


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
    if p.choices and len(choices := "|".join(p.choices)) < 20:
        return choices
    kind = p.type.removeprefix("list[").removesuffix("]")
    word = {"datetime": "TIME", "date": "DAY", "int": "N", "float": "X"}.get(kind, "ID" if p.labels else "TEXT")
    return f"{word},…" if p.many else word


def _wrapped(line: str, hang: int) -> str:
    """Lines of a screen of 80 columns, the second and later ones set in."""
    return "\n".join(textwrap.wrap(line, 76, subsequent_indent=" " * hang))


def _help(t: Template) -> str:
    who = "; ".join(ACTORS[a] for a in t.actors)
    columns = "\n".join(_wrapped(f"{c.name:<16} {with_unit(c.help, c.unit)}", 17) for c in t.columns)
    cost = "\n\nTouches the whole graph: its cost grows with the operator." if t.scope == "graph" else ""
    notes = "\n\n\b\n" + "\n".join(_wrapped(line, 2) for line in t.notes.splitlines()) if t.notes else ""
    return (
        f"{t.question}\n\nAsked by: {who}.{cost}\n\n\b\nExample:\n  {catalogue.example(t)}"
        f"\n\n\b\nColumns:\n{columns}{notes}"
    )
