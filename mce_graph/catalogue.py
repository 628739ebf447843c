"""The questions as data: what ``mce catalogue`` lists and other tools read."""

from __future__ import annotations

from collections.abc import Mapping

from mce_graph import library
from mce_graph.story import AS_OF
from mce_graph.template import Column, Parameter, Template


def describe(t: Template) -> dict[str, object]:
    """One question as a JSON object: id, title, question, actors, access, returns, params, columns and more."""
    return {
        "id": t.id,
        "title": t.title,
        "question": t.question,
        "actors": list(t.actors),
        "access": t.access,
        "returns": t.returns,
        "command": f"mce {t.command}",
        "scope": t.scope,
        "timeout": t.timeout,
        "key": list(t.key),
        "params": [_parameter(p) for p in t.parameters],
        "columns": [_column(c) for c in t.columns],
        "notes": t.notes,
        "source": list(t.source),
    }


def listing(use_case: str | None = None, actor: str | None = None) -> list[Template]:
    """The questions of the catalogue, of one use case or one actor where these are given."""
    return [t for t in library.questions(use_case) if actor is None or actor in t.actors]


def example(t: Template) -> str:
    """A command line that answers on the story."""
    words = ["mce", t.command, *(_word(str(p.example)) for p in t.parameters if p.required)]
    if t.parameter("as_of"):
        words.append(f"--as-of {AS_OF}")
    return " ".join(words)


def examples(t: Template) -> dict[str, object]:
    """The arguments of ``example``, by name."""
    given: dict[str, object] = {p.name: p.example for p in t.parameters if p.required}
    return given | ({"as_of": AS_OF} if t.parameter("as_of") else {})


def _word(text: str) -> str:
    import shlex

    return shlex.quote(text)


def _parameter(p: Parameter) -> Mapping[str, object]:
    return {
        "name": p.name,
        "type": p.type,
        "help": p.help,
        "required": p.required,
        "default": p.default,
        "example": p.example,
        "unit": p.unit,
        "choices": list(p.choices),
        "min": p.minimum,
        "max": p.maximum,
        "pii": p.pii,
    }


def _column(c: Column) -> Mapping[str, object]:
    return {"name": c.name, "type": c.type, "help": c.help, "unit": c.unit, "pii": c.pii}
