"""The questions as data: what ``mce catalogue`` lists and other tools read."""

from __future__ import annotations

import re
import unicodedata
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
        "drawn": [{"kind": c.kind, "columns": sorted(c.columns)} for c in t.charts],
        "params": [_parameter(p) for p in t.parameters],
        "columns": [_column(c) for c in t.columns],
        "notes": t.notes,
        "source": list(t.source),
    }


def listing(use_case: str | None = None, actor: str | None = None) -> list[Template]:
    """The questions of the catalogue, of one use case or one actor where these are given."""
    return [t for t in library.questions(use_case) if actor is None or actor in t.actors]


def search(words: str, actor: str | None = None) -> list[Template]:
    """The questions in which every one of the words is found, the best first: in title, question, id, columns, notes.

    A word is also found as the beginning of another one, and without its last letters: ``guests`` finds ``guest``.
    """
    wanted = [w for w in re.findall(r"\w+", _folded(words)) if w]
    found = []
    for n, t in enumerate(listing(actor=actor)):
        ranked = [_rank(t, w) for w in wanted]
        if wanted and all(ranked):
            found.append((-sum(ranked), n, t))
    return [t for _, _, t in sorted(found, key=lambda x: x[:2])]


def _rank(t: Template, word: str) -> int:
    """How well a word fits a question: 0 is not at all."""
    stem = word[: max(4, len(word) - 2)] if len(word) > 4 else word
    columns = " ".join(f"{c.name.replace('_', ' ')} {c.help}" for c in t.columns)
    asked = " ".join(f"{p.name.replace('_', ' ')} {p.help}" for p in t.parameters)
    places = ((8, f"{t.title} {t.id.replace('.', ' ').replace('_', ' ')}"), (5, t.question), (2, f"{columns} {asked}"))
    best = 0
    for weight, text in (*places, (1, f"{t.notes} {' '.join(t.actors)} {' '.join(t.source)}")):
        text = _folded(text)
        if re.search(rf"\b{re.escape(word)}\b", text):
            best = max(best, 2 * weight)
        elif re.search(rf"\b{re.escape(stem)}", text):
            best = max(best, weight)
    return best


def _folded(text: str) -> str:
    """Lower case, without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


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
