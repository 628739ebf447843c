"""Docstrings, signatures and fields as Markdown, for the pages that are generated from the code."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
import typing
from collections.abc import Callable, Iterable, Sequence

_WIDE = 100
_RULE = re.compile(r"={3,}( +={3,})*")


def docstring(thing: object, level: int = 3) -> str:
    """The docstring of a module, class or function; its sections become headings of ``level``."""
    return prose(inspect.getdoc(thing) or "", level)


def prose(text: str, level: int = 3) -> str:
    """What our docstrings use of reStructuredText: literals, ``::`` blocks, simple tables and underlined headings."""
    lines = inspect.cleandoc(text).splitlines()
    out: list[str] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        below = lines[i + 1] if i + 1 < len(lines) else ""
        if line and re.fullmatch(r"-{3,}", below):
            out.append(f"{'#' * level} {line}")
            i += 2
        elif _RULE.fullmatch(line):
            end = [j for j in range(i + 1, len(lines)) if _RULE.fullmatch(lines[j])][1]
            out += ["", *_simple_table(lines[i : end + 1])]
            i = end + 1
        elif line.endswith("::"):
            block = _indented(lines, i + 1)
            said = line.removesuffix("::").rstrip()
            out += [_literals(f"{said}:"), ""] if said else []
            out += _code("\n".join(block))
            i += 1 + len(block)
        else:
            out.append(_literals(line))
            i += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n") + "\n"


def _indented(lines: Sequence[str], start: int) -> list[str]:
    """The lines from ``start`` on that are indented or blank."""
    end = start
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" ")):
        end += 1
    return list(lines[start:end])


def _code(block: str) -> list[str]:
    text = textwrap.dedent(block).strip("\n")
    try:
        ast.parse(text)
    except SyntaxError:
        return ["```", text, "```", ""]
    return [*python(text).splitlines(), ""]


def python(text: str) -> str:
    return f"```python\n{text}\n```"


def _simple_table(lines: Sequence[str]) -> list[str]:
    """A table whose columns stand under ``===``; a line with an empty first cell goes on with the row above."""
    spans = [m.span() for m in re.finditer("=+", lines[0])]
    starts = [start for start, _ in spans]
    rows: list[list[str]] = []
    for line in lines[1:-1]:
        if _RULE.fullmatch(line):
            continue
        cells = [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
        if rows and not cells[0]:
            rows[-1] = [f"{above} {cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    head, *rest = [[_literals(text) for text in row] for row in rows]
    return table(head, rest)


def _literals(text: str) -> str:
    return re.sub(r"``(.+?)``", r"`\1`", text)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """The lines of a table."""
    names = list(head)
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    return [*lines, *(f"| {' | '.join(cell(c) for c in row)} |" for row in rows), ""]


def cell(text: str) -> str:
    """A text that ends no cell and opens no tag; what stands in backticks is shown as it is."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()).replace("|", "\\|"))
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return "".join(parts)


def calls(function: Callable[..., object], name: str) -> str:
    """How a function is called, under ``name``: each overload where there are several."""
    return "\n".join(_call(f, name) for f in typing.get_overloads(function) or [function])


def brief(function: Callable[..., object]) -> str:
    """The arguments of a function by their names and defaults alone."""
    named = [p.replace(annotation=p.empty) for p in list(inspect.signature(function).parameters.values())[1:]]
    return str(inspect.Signature(named))


def _call(function: Callable[..., object], name: str) -> str:
    signature = inspect.signature(function)
    parts: list[str] = []
    for p in signature.parameters.values():
        if p.name == "self":
            continue
        if p.kind is p.KEYWORD_ONLY and "*" not in parts and not any(part.startswith("*") for part in parts):
            parts.append("*")
        star = "*" if p.kind is p.VAR_POSITIONAL else "**" if p.kind is p.VAR_KEYWORD else ""
        default = "" if p.default is p.empty else f" = {_literal(p.default)}"
        parts.append(f"{star}{p.name}: {p.annotation}{default}")
    gives = "" if signature.return_annotation is signature.empty else f" -> {signature.return_annotation}"
    wait = "await " if inspect.iscoroutinefunction(function) else ""
    line = f"{wait}{name}({', '.join(parts)}){gives}"
    if len(line) <= _WIDE:
        return line
    return f"{wait}{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){gives}"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def fields(cls: type) -> list[tuple[str, str, str]]:
    """The fields of a dataclass: name, type, and the text below it."""
    (top,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(top, ast.ClassDef)
    found: list[tuple[str, str, str]] = []
    for each, below in zip(top.body, [*top.body[1:], ast.Pass()], strict=True):
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            said = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
            found.append((each.target.id, ast.unparse(each.annotation), _literals(str(said))))
    return found
