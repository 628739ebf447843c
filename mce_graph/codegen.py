"""The generated files: ``mce_graph/queries.py`` (typed methods) and ``cypher/README.md`` (the catalogue page).

Both are committed; ``scripts/codegen`` writes them and a test fails when they are stale.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from pathlib import Path

from mce_graph import library
from mce_graph.template import ACTORS, USE_CASES, Column, Parameter, Template

_PY = {
    "string": "str",
    "int": "int",
    "float": "float",
    "boolean": "bool",
    "datetime": "datetime",
    "date": "date",
    "map": "Mapping[str, object]",
}
_HEAD = '''# Generated from cypher/ by scripts/codegen: do not edit.
"""Every question as a typed method: rows are frozen dataclasses, the same for ``Graph`` and ``AsyncGraph``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol, TypeVar

from mce_graph.result import GraphResult, Result

T = TypeVar("T")


class Asker(Protocol):
    """What a use case needs of a graph: to ask by id."""

    def ask_many(self, id: str, row: type[T], given: Mapping[str, object]) -> Result[T]: ...
    def ask_one(self, id: str, row: type[T], given: Mapping[str, object]) -> T: ...
    def ask_one_or_none(self, id: str, row: type[T], given: Mapping[str, object]) -> T | None: ...
    def ask_graph(self, id: str, given: Mapping[str, object]) -> GraphResult: ...


class AsyncAsker(Protocol):
    """What a use case needs of an asynchronous graph: to ask by id."""

    async def ask_many(self, id: str, row: type[T], given: Mapping[str, object]) -> Result[T]: ...
    async def ask_one(self, id: str, row: type[T], given: Mapping[str, object]) -> T: ...
    async def ask_one_or_none(self, id: str, row: type[T], given: Mapping[str, object]) -> T | None: ...
    async def ask_graph(self, id: str, given: Mapping[str, object]) -> GraphResult: ...
'''


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def queries() -> str:
    """The text of ``mce_graph/queries.py``."""
    templates = [library.get(id) for id in library.shipped()]
    cases = list(dict.fromkeys(t.use_case for t in templates))
    parts = [_HEAD]
    parts += [_row(t) for t in templates if t.returns != "graph"]
    for case in cases:
        own = [t for t in templates if t.use_case == case]
        parts += [_namespace(case, own, asynchronous) for asynchronous in (False, True)]
    parts += [_questions(cases, asynchronous) for asynchronous in (False, True)]
    rows = "\n".join(f'        "{t.id}": {camel(t.name)},' for t in templates if t.returns != "graph")
    if not any(c.type == "date" for t in templates for c in t.columns):
        parts[0] = parts[0].replace("import date, datetime", "import datetime")
    parts.append(
        "ROWS: Mapping[str, type[object]] = MappingProxyType(\n    {\n"
        + rows
        + '\n    }\n)\n"""The row class of every question that returns rows."""\n'
    )
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _row(t: Template) -> str:
    lines = ["@dataclass(frozen=True, slots=True)", f"class {camel(t.name)}:", f'    """One row of ``{t.id}``."""', ""]
    for c in t.columns:
        lines.append(f"    {c.name}: {_column_type(t, c)}")
        lines.append(f'    """{_sentence(with_unit(c.help, c.unit))}"""')
    return "\n".join(lines) + "\n"


def _column_type(t: Template, c: Column) -> str:
    name = f"tuple[{_PY[c.type[5:-1]]}, ...]" if c.type.startswith("list[") else _PY.get(c.type, "object")
    return name if not c.nullable else f"{name} | None"


def _namespace(case: str, templates: list[Template], asynchronous: bool) -> str:
    a = "Async" if asynchronous else ""
    lines = [f"class {a}{camel(case)}:", f'    """{USE_CASES.get(case, case)}."""', ""]
    lines += [f"    def __init__(self, graph: {a}Asker) -> None:", "        self._graph = graph", ""]
    for t in templates:
        lines += [_method(t, asynchronous), ""]
    return "\n".join(lines)


def _method(t: Template, asynchronous: bool) -> str:
    required = [p for p in t.parameters if p.required]
    others = [p for p in t.parameters if not p.required]
    signature = ["self"]
    signature += [f"{p.name}: {_argument_type(p)}" for p in required[:1]]
    rest = [f"{p.name}: {_argument_type(p)}" for p in required[1:]] + [_optional(p) for p in others]
    if rest:
        signature += ["*", *rest]
    kinds = {"many": "many", "one": "one", "value": "one", "one_or_none": "one_or_none", "graph": "graph"}
    call = kinds[t.returns]
    gives = {"many": f"Result[{camel(t.name)}]", "one": camel(t.name), "one_or_none": f"{camel(t.name)} | None"}
    back = _column_type(t, t.columns[0]) if t.returns == "value" else gives.get(call, "GraphResult")
    row = "" if call == "graph" else f"{camel(t.name)}, "
    given = ", ".join(f'"{p.name}": {p.name}' for p in t.parameters)
    prefix, wait = ("async ", "await ") if asynchronous else ("", "")
    inner = "\n".join(f"        {s}," for s in signature)
    asked = f'{wait}self._graph.ask_{call}("{t.id}", {row}{{{given}}})'
    if t.returns == "value":
        asked = f"{f'({asked})' if wait else asked}.{t.columns[0].name}"
    return (
        f"    {prefix}def {t.name}(\n{inner}\n    ) -> {back}:\n"
        f"{textwrap.indent(_short(t) if asynchronous else _docstring(t), ' ' * 8)}\n"
        f"        return {asked}"
    )


def _argument_type(p: Parameter) -> str:
    if p.many:
        return f"list[{_PY[p.type[5:-1]]}]"
    if p.labels:
        return "str"
    name = _PY[p.type]
    return f"{name} | str" if p.type in ("datetime", "date") else name


def _optional(p: Parameter) -> str:
    constant = p.default is not None and p.type in ("string", "int", "float", "boolean")
    if p.name == "limit":
        return f"limit: int | None = {p.default}"
    if constant:
        return f"{p.name}: {_argument_type(p)} = {p.default!r}"
    return f"{p.name}: {_argument_type(p)} | None = None"


def _short(t: Template) -> str:
    return f'"""{_escaped(t.question)}\n\nTakes, gives and raises what ``{camel(t.use_case)}.{t.name}`` does.\n"""'


def _docstring(t: Template) -> str:
    lines = [f'"""{_escaped(t.question)}', ""]
    for p in t.parameters:
        lines += textwrap.wrap(_escaped(f"{p.name}: {parameter_help(p)}."), 108, subsequent_indent="    ")
    if t.notes:
        wrapped = (textwrap.wrap(_escaped(n), 108, subsequent_indent="    ") for n in t.notes.splitlines())
        lines += ["", *(line for group in wrapped for line in group)]
    if t.source:
        lines += ["", *textwrap.wrap(_escaped(f"Sources: {'; '.join(t.source)}."), 108)]
    lines += ["", *textwrap.wrap(_escaped(raises(t)), 108), '"""']
    return "\n".join(lines)


def raises(t: Template) -> str:
    what = "Raises ``ParameterError`` for an argument that does not fit"
    if any(p.labels for p in t.parameters):
        what += " and ``NotFoundError`` where the thing named is not in the graph"
    return what + "."


def parameter_help(p: Parameter) -> str:
    """What a parameter means, with its unit, choices, bounds and default."""
    text = with_unit(p.help, p.unit)
    if p.choices:
        text += f" ({', '.join(p.choices)})"
    if p.default is not None:
        text += f"; {p.default if isinstance(p.default, str) else json.dumps(p.default)} unless given"
    if p.minimum is not None or p.maximum is not None:
        low = "" if p.minimum is None else f"{p.minimum:g}"
        high = "" if p.maximum is None else f"{p.maximum:g}"
        text += f"; {low}..{high}" if low and high else f"; at least {low}" if low else f"; at most {high}"
    if p.name == "limit":
        text += "; none (`all`) gives every row"
    return text


def with_unit(help: str, unit: str) -> str:
    return f"{help} [{unit}]" if unit else help


def _sentence(text: str) -> str:
    return _escaped(text) + ("" if text.endswith(".") else ".")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _questions(cases: Iterable[str], asynchronous: bool) -> str:
    a = "Async" if asynchronous else ""
    lines = [f"class {a}Questions:", '    """The use cases of a graph, each a property."""', ""]
    for case in cases:
        lines += [
            "    @property",
            f"    def {case}(self: {a}Asker) -> {a}{camel(case)}:",
            f'        """{USE_CASES.get(case, case)}."""',
            f"        return {a}{camel(case)}(self)",
            "",
        ]
    return "\n".join(lines)


def catalogue_page() -> str:
    """The text of ``cypher/README.md``: actors against use cases, then every question."""
    templates = [library.get(id) for id in library.shipped()]
    cases = [c for c in USE_CASES if any(t.use_case == c for t in templates)]
    lines = [
        "<!-- Generated from cypher/ by scripts/codegen: do not edit. -->",
        "# The care questions",
        "",
        f"{len(templates)} questions. Each is one file: its place is its name, its header says who asks, what it takes "
        "and what it gives. It runs as it stands in Neo4j Browser or cypher-shell once its parameters are set.",
        "",
        "How many questions an actor asks in a use case:",
        "",
        "| actor | " + " | ".join(cases) + " |",
        "|---|" + "--:|" * len(cases),
    ]
    for slug, who in ACTORS.items():
        counts = [sum(t.use_case == c and slug in t.actors for t in templates) for c in cases]
        lines.append(f"| {who} (`{slug}`) | " + " | ".join(str(n) if n else "" for n in counts) + " |")
    for case in cases:
        lines += ["", f"## {case}: {USE_CASES[case]}"]
        for t in templates:
            if t.use_case == case:
                lines += _entry(t)
    return "\n".join(lines) + "\n"


def _entry(t: Template) -> list[str]:
    drawn = " · drawn by `-o html`" if t.charts else ""
    cost = "the whole graph: its cost grows with the operator" if t.scope == "graph" else "the things it names"
    lines = ["", f"### `{t.id}`", "", f"**{t.question}**", ""]
    lines.append(
        f"`mce {t.command}` · asked by {', '.join(t.actors)} · touches {cost} · at most {t.timeout:g} s{drawn}"
    )
    lines += ["", "| parameter | type | meaning |", "|---|---|---|"]
    lines += [f"| {p.name}{' *' if p.required else ''} | {p.type} | {_cell(parameter_help(p))} |" for p in t.parameters]
    if t.columns:
        lines += ["", "| column | type | meaning |", "|---|---|---|"]
        lines += [
            f"| {c.name} | {c.type} | {_cell(with_unit(c.help, c.unit))}{f' (personal: {c.pii})' if c.pii else ''} |"
            for c in t.columns
        ]
    if t.notes:
        lines += ["", *(line if line.strip() else "" for line in _list(t.notes))]
    if t.source:
        lines += ["", f"Sources: {'; '.join(t.source)}."]
    return lines


def _list(notes: str) -> list[str]:
    return [line + ("  " if line.strip() else "") for line in notes.splitlines()]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def files() -> dict[Path, str]:
    """Every generated file with the text it should have."""
    package = Path(__file__).parent
    return {package / "queries.py": queries(), library.folder() / "README.md": catalogue_page()}
