"""The reference below ``mce_graph/docs``: the public names, the model, and what becomes of what is loaded.

Written from docstrings, signatures and the tables that the code itself uses; ``scripts/codegen`` writes the pages and
checks that they are fresh.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import mce_graph
from mce_graph import badinput, bolt, codegen, errors, gate, library, queries, result, schema, stream, testing
from mce_graph.async_graph import AsyncGraph
from mce_graph.graph import Graph
from mce_graph.load import report, run, tmf
from mce_graph.markdown import brief, calls, cell, docstring, fields, prose, python, table
from mce_graph.statement import Summary
from mce_graph.template import USE_CASES, Column, Template

FOLDER = Path(__file__).parent / "docs"
METHODS = ("run", "ask", "stream", "cypher", "bookmarks", "close")
"""What a graph does beside the use cases."""
EXTRAS: Mapping[str, str] = {
    "pandas": "`Result.to_pandas()`",
    "polars": "`Result.to_polars()`",
    "parquet": "`Result.to_arrow()`, `-o parquet`, loading Parquet and zstd",
    "networkx": "`GraphResult.to_networkx()`",
    "keyring": "a password in the keyring of the system, as service `mce_graph` and user `NAME@URI`",
    "testing": "the [pytest plugin](testing.md)",
    "py2neo": "[questions on a `py2neo.Graph`](py2neo.md)",
    "all": "all of these",
    "fast": "nothing needs it: the driver then packs and unpacks values in Rust, for loads and large answers",
    "dev": "what the tests of this project need",
}


def files() -> dict[Path, str]:
    """Every page with its text."""
    pages = {
        "README": _index(),
        "library": _library(),
        "questions": _questions(),
        "errors": _errors(),
        "testing": _testing(),
        "py2neo": _py2neo(),
        "model": schema.markdown(),
        "tmf": _tmf(),
        "bad-input": _bad_input(),
    }
    head = "<!-- Generated from the code by scripts/codegen: do not edit. -->\n"
    return {FOLDER / f"{name}.md": head + text.strip("\n") + "\n" for name, text in pages.items()}


def _index() -> str:
    project = tomllib.loads((FOLDER.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [(f"`{name}`", EXTRAS[name]) for name in project["optional-dependencies"]]
    lines = [
        "# Reference",
        "",
        *table(
            ["page", "what it holds"],
            [
                ("[library](library.md)", "opening a graph, asking, results, data frames, pictures, streams, loading"),
                ("[questions](questions.md)", "every question as a typed method, by use case"),
                ("[catalogue](../../cypher/README.md)", "every question with its parameters, columns and notes"),
                ("[errors](errors.md)", "what is raised, and with which exit code the command line ends"),
                ("[testing](testing.md)", "the pytest plugin"),
                ("[py2neo](py2neo.md)", "questions on a `py2neo.Graph`, read models, moving to the driver"),
                ("[model](model.md)", "labels, properties, relationships, constraints and indexes"),
                ("[TM Forum payloads](tmf.md)", "what each field of each resource becomes"),
                ("[bad input](bad-input.md)", "what becomes of ids, times, words and files that are off"),
            ],
        ),
        "## Extras",
        "",
        "`pip install 'mce-graph[polars,networkx]'` brings what these need; without it they say so.",
        "",
        *table(["extra", "what needs it"], extras),
    ]
    return "\n".join(lines)


def _library() -> str:
    parts = ["# The library\n", docstring(mce_graph), "## Opening a graph\n"]
    parts += [_function(f, f"mce_graph.{f.__name__}") for f in (mce_graph.connect, mce_graph.aconnect)]
    parts += ["## Graph\n", docstring(Graph), "Every [question](questions.md) is a method of its use case. Besides:\n"]
    parts += [_function(getattr(Graph, name), f"graph.{name}") for name in METHODS]
    parts += ["## AsyncGraph\n", docstring(AsyncGraph)]
    parts.append(python("\n".join(calls(getattr(AsyncGraph, name), f"graph.{name}") for name in METHODS)) + "\n")
    parts += ["## Cypher of your own\n", _gate()]
    parts += ["## Results\n", docstring(result)]
    parts += [_class(result.Result, "result"), _class(result.GraphResult, "answer")]
    parts += [_class(each) for each in (result.Node, result.Relationship, Column, Summary)]
    parts += ["## Streams\n", _class(stream.Stream, "rows"), _class(stream.AsyncStream, "rows")]
    parts += ["## Loading\n", _function(run.load, "mce_graph.load"), _class(report.LoadReport, "report")]
    parts += [_class(report.FileReport), _class(report.Counts)]
    parts += ["## Questions of your own\n", docstring(library)]
    parts += ["## Logging\n", prose((bolt.__doc__ or "").partition("\n\n")[2])]
    return "\n".join(parts)


def _gate() -> str:
    """What the gate's own text says, with its limits as numbers."""
    text = docstring(gate)
    for name in ("TEXT", "TOKENS", "DEPTH", "BRACES"):
        text = text.replace(f"`{name}`", f"{getattr(gate, name):,}")
    return text


def _function(function: Callable[..., object], name: str) -> str:
    return f"### `{name}`\n\n{python(calls(function, name))}\n\n{docstring(function, 4)}"


def _class(cls: type, name: str = "") -> str:
    """A class with its fields, and where ``name`` is given what it does under that name."""
    lines = [f"### `{cls.__name__}`", "", docstring(cls, 4)]
    if hasattr(cls, "__dataclass_fields__"):
        rows = [(f"`{field}`", f"`{type_}`", text) for field, type_, text in fields(cls)]
        if any(text for *_, text in rows):
            lines += table(["field", "type", "meaning"], rows)
        else:
            lines += [f"Fields: {', '.join(f'{field} ({type_})' for field, type_, _ in rows)}.", ""]
    done = [
        (f"`{name}.{member}{brief(value) if inspect.isfunction(value) else ''}`", " ".join(_said(value).split()))
        for member, value in vars(cls).items()
        if name and not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
        if inspect.getdoc(value)
    ]
    return "\n".join([*lines, *(table(["", "gives"], done) if done else [])])


def _said(member: object) -> str:
    return docstring(member).split("```")[0]


def _questions() -> str:
    lines = [
        "# Questions by use case",
        "",
        "Each is a method of `Graph`, awaited with `AsyncGraph`, a command (`mce identify account-users`) and an id "
        "for `graph.run(…)`. Only the first required argument is given without its name. A `Result` is a sequence of "
        "frozen dataclasses; [the catalogue](../../cypher/README.md) has every parameter and column.",
        "",
    ]
    for case, about in USE_CASES.items():
        asked = [library.get(id) for id in library.shipped() if id.startswith(f"{case}.")]
        if asked:
            lines += [f"## graph.{case}: {about}", "", *(line for t in asked for line in _question(t))]
    return "\n".join(lines)


def _question(t: Template) -> list[str]:
    method = getattr(getattr(queries, codegen.camel(t.use_case)), t.name)
    anchor = f"{t.use_case}{t.name}"
    return [
        f"### `{t.name}`",
        "",
        t.question,
        "",
        python(calls(method, f"graph.{t.use_case}.{t.name}")),
        "",
        f"[Parameters and columns](../../cypher/README.md#{anchor}) · asked by {', '.join(t.actors)}",
        "",
    ]


def _errors() -> str:
    lines = [
        "# Errors",
        "",
        docstring(errors),
        "All of them are in `mce_graph.errors`, with a `message` and a `hint`. Without an error the command line ends "
        f"with {errors.OK}; with {errors.ROWS_FOUND} where rows were found and `--exit-code` was given; with "
        f"{errors.REJECTED} also where rows were rejected and the rest loaded; with {errors.INTERRUPTED} after Ctrl-C.",
    ]
    return "\n".join(lines)


def _testing() -> str:
    return "# The pytest plugin\n\n" + docstring(testing)


def _py2neo() -> str:
    from mce_graph.interop import py2neo

    parts = ["# py2neo\n", docstring(py2neo, 2), "## Asking\n", _function(py2neo.ask, "mce.ask"), "## Read models\n"]
    parts.append(docstring(py2neo.ReadModel) + "\n" + docstring(py2neo.Related))
    for name, model in py2neo.MODELS.items():
        own = [member for member in vars(model) if not member.startswith("_")]
        follows = [member for member in own if isinstance(vars(model)[member], py2neo.Related)]
        read = [member for member in own if member not in follows]
        kinds = [f"`{member}` ({vars(model)[member].kind})" for member in follows]
        parts.append(
            f"### `{name}`\n\n{docstring(model)}\nReads `uid`, `id`, `sources`, {', '.join(f'`{m}`' for m in read)}; "
            f"follows {', '.join(kinds)}.\n"
        )
    return "\n".join(parts)


def _tmf() -> str:
    lines = ["# What TM Forum payloads become", "", docstring(tmf)]
    last, named = "", []
    for resource, field, becomes in tmf.what_becomes():
        if not field:
            named.append((f"`{resource}`", becomes.removeprefix("named, not loaded: ")))
            continue
        if resource != last:
            lines += ["", f"## {resource}", "", "| field | becomes |", "|---|---|"]
            last = resource
        words = field if field.startswith("(") else ", ".join(f"`{name}`" for name in field.split(", "))
        lines.append(f"| {words} | {cell(becomes)} |")
    lines += ["", "## Named, not loaded", "", *table(["resource", "what it is"], named)]
    return "\n".join(lines)


def _bad_input() -> str:
    lines = [
        "# What becomes of bad input",
        "",
        "A value is loaded, mended where there is only one way to read it, or rejects its own row; a file in which "
        "nothing can be trusted is refused. A rejected row goes to the rejects file with its line and the reason, and "
        "costs no other row. Reasons repeat no value. Below, what the loader makes of each of these examples, in its "
        "own words.",
        "",
    ]
    for title, rows in badinput.page():
        head = ["what", "the file", "becomes"] if title == "Whole files" else ["what", "as it stands", "becomes"]
        lines += [f"## {title}", "", *table(head, rows)]
    return "\n".join(lines)
