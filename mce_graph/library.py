"""The registry of questions: every ``.cypher`` file of the package, found, read once and kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mce_graph.errors import TemplateError, UsageError
from mce_graph.template import USE_CASES, Template, load


def folder() -> Path:
    """Where the questions lie: in the installed package, else in the checkout beside it."""
    package = Path(__file__).parent
    for place in (package / "cypher", package.parent / "cypher"):
        if place.is_dir():
            return place
    raise TemplateError("the folder of questions is missing", hint="install mce-graph again")


def ids(use_case: str | None = None) -> list[str]:
    """Ids of all questions (of one use case) in the catalogue's order, without reading the files."""
    known = list(USE_CASES)
    cases = [use_case] if use_case else sorted(
        (p.name for p in folder().iterdir() if p.is_dir()), key=lambda n: (known.index(n) if n in known else 99, n)
    )  # fmt: skip
    return [f"{case}.{path.stem}" for case in cases for path in sorted((folder() / case).glob("*.cypher"))]


@cache
def get(id: str) -> Template:
    """The question with this id, ``identify.customer_360``; dashes and a space are taken as well.

    Raises ``UsageError`` with the nearest ids where there is none.
    """
    name = id.strip().replace(" ", ".").replace("-", "_")
    if name not in ids():
        near = difflib.get_close_matches(name, ids(), 3, 0.5)
        raise UsageError(
            f"there is no question {id!r}",
            hint=f"did you mean {', '.join(near)}?" if near else "`mce catalogue` lists them",
        )
    case, _, stem = name.partition(".")
    return load(folder() / case / f"{stem}.cypher")


def questions(use_case: str | None = None) -> Iterator[Template]:
    """Every question (of one use case), read and checked."""
    for id in ids(use_case):
        yield get(id)
