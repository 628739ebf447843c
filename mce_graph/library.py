"""The registry of questions: every ``.cypher`` file of the package and of your own folders, found, read once and kept.

Your own are in the folders that ``MCE_QUERIES`` names (several are separated as in ``PATH``). A file
``churn/at_risk.cypher`` below such a folder is the question ``churn.at_risk``; so is ``at_risk.cypher`` in it when the
folder itself is called ``churn``. Their headers are those of the shipped ones (``cypher/README.md``), they are checked
in the same way, and they get commands too. None may have the id of a shipped one.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from mce_graph.errors import ConfigurationError, TemplateError, UsageError
from mce_graph.template import USE_CASES, Template, parse

VARIABLE = "MCE_QUERIES"


def folder() -> Path:
    """Where the questions lie: in the installed package, else in the checkout beside it."""
    package = Path(__file__).parent
    for place in (package / "cypher", package.parent / "cypher"):
        if place.is_dir():
            return place
    raise TemplateError("the folder of questions is missing", hint="install mce-graph again")


def own_folders() -> list[Path]:
    """The folders that ``MCE_QUERIES`` names. Raises ``ConfigurationError`` for one that is not there."""
    named = [part.strip() for part in os.environ.get(VARIABLE, "").split(os.pathsep)]
    places = [Path(name).expanduser().resolve() for name in named if name]
    for place in places:
        if not place.is_dir():
            raise ConfigurationError(f"{VARIABLE}: there is no folder {place}", hint="it names folders of questions")
    return places


def use_cases() -> Mapping[str, str]:
    """Every use case with what it is about: the shipped ones in the catalogue's order, then your own."""
    known = {case: about for case, about in USE_CASES.items() if (folder() / case).is_dir()}
    return {**known, **{id.partition(".")[0]: "Questions of your own" for id in _own() if _case(id) not in known}}


def ids(use_case: str | None = None) -> list[str]:
    """Ids of all questions (of one use case) in the catalogue's order, your own last, without reading the files."""
    every = [*shipped(), *_own()]
    return every if use_case is None else [id for id in every if _case(id) == use_case]


def shipped() -> list[str]:
    """Ids of the questions of the package, in the catalogue's order."""
    known = list(USE_CASES)
    cases = sorted(
        (p.name for p in folder().iterdir() if p.is_dir()), key=lambda n: (known.index(n) if n in known else 99, n)
    )
    return [f"{case}.{path.stem}" for case in cases for path in sorted((folder() / case).glob("*.cypher"))]


def get(id: str) -> Template:
    """The question with this id, ``identify.customer_360``; dashes and a space are taken as well.

    Raises ``UsageError`` with the nearest ids where there is none.
    """
    name = id.strip().replace(" ", ".").replace("-", "_")
    if name in _own():
        return _read_own(name)
    if name not in _shipped():
        near = difflib.get_close_matches(name, ids(), 3, 0.5)
        raise UsageError(
            f"there is no question {id!r}",
            hint=f"did you mean {', '.join(near)}?" if near else "`mce catalogue` lists them",
        )
    return _read_shipped(name)


def questions(use_case: str | None = None) -> Iterator[Template]:
    """Every question (of one use case), read and checked."""
    for id in ids(use_case):
        yield get(id)


def row(template: Template) -> type[object] | None:
    """The generated row class of a shipped question; none for others, whose class is made when they are asked."""
    from mce_graph.queries import ROWS

    known = ROWS.get(template.id)
    fields = tuple(getattr(known, "__slots__", ()))
    return known if known is not None and fields == tuple(c.name for c in template.columns) else None


def called(
    question: object, given: tuple[object, ...], params: Mapping[str, object]
) -> tuple[Template, dict[str, object]]:
    """The question that is meant by its id or by its method of a graph, with its arguments by name."""
    if isinstance(question, str):
        template = get(question)
        if given:
            raise UsageError(f"{template.id}: arguments are given by name")
        return template, dict(params)
    name, owner = getattr(question, "__name__", ""), type(getattr(question, "__self__", None)).__name__
    classes = {"".join(part.capitalize() for part in case.split("_")): case for case in USE_CASES}
    case = classes.get(owner.removeprefix("Async"), "")
    if f"{case}.{name}" not in _shipped():
        raise UsageError("this is no question", hint="give its id, or its method: graph.identify.customer_360")
    template = get(f"{case}.{name}")
    required = [p.name for p in template.parameters if p.required][:1]
    if len(given) > len(required):
        raise UsageError(f"{template.id}: only {' '.join(required) or 'nothing'} is given without its name")
    return template, dict(zip(required, given, strict=False)) | dict(params)


@cache
def _shipped() -> frozenset[str]:
    return frozenset(shipped())


@cache
def _read_shipped(id: str) -> Template:
    case, _, stem = id.partition(".")
    return _read(folder() / case / f"{stem}.cypher", id)


def _own() -> dict[str, Path]:
    """Your own questions and their files, looked up each time: a notebook may write one and ask it."""
    if not os.environ.get(VARIABLE, ""):
        return {}
    found: dict[str, Path] = {}
    for place in own_folders():
        for path in sorted([*place.glob("*.cypher"), *place.glob("*/*.cypher")]):
            id = f"{path.parent.name}.{path.stem}"
            if id in _shipped():
                raise TemplateError(f"{path}: {id} is a question of mce_graph", hint="give the file another name")
            if found.get(id, path) != path:
                raise TemplateError(f"{path}: {id} is also {found[id]}", hint="give one of them another name")
            found[id] = path
    return found


def _read_own(id: str) -> Template:
    path = _own()[id]
    seen = path.stat()
    return _read_version(path, id, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=1000)
def _read_version(path: Path, id: str, changed: int, size: int) -> Template:
    return _read(path, id)


def _read(path: Path, id: str) -> Template:
    try:
        return parse(path.read_text(encoding="utf-8"), id, path)
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path} cannot be read: {type(error).__name__}", hint="it is a text in UTF-8") from error


def _case(id: str) -> str:
    return id.partition(".")[0]
