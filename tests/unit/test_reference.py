"""The reference pages: fresh, complete, well formed, and right in what can be known by hand."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("py2neo")

import mce_graph
from mce_graph import badinput, library, markdown, model, reference, schema
from mce_graph.load import tmf

ROOT = Path(__file__).parents[2]
FILES = reference.files()
PAGES = {path.stem: text for path, text in FILES.items()}
LINKED = [*FILES, library.folder() / "README.md", ROOT / "README.md"]


@pytest.mark.parametrize("path", list(FILES), ids=lambda p: p.name)
def test_pages_are_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == FILES[path], "run scripts/codegen"


def test_there_is_no_other_page() -> None:
    assert {p for p in reference.FOLDER.iterdir() if p.suffix == ".md"} == set(FILES)


def test_every_public_name_question_and_extra_is_there() -> None:
    for name in mce_graph.__all__:
        kind = "errors" if name == "errors" else "library"
        assert re.search(rf"^#+ .*\b{name}\b", PAGES[kind], re.MULTILINE | re.IGNORECASE), name
    for id in library.shipped():
        assert f"graph.{id}(" in PAGES["questions"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(reference.EXTRAS) == set(project["project"]["optional-dependencies"])


def test_the_model_and_every_payload_are_there() -> None:
    for label in model.NODES:
        assert f"### {label}\n" in PAGES["model"]
    for index in schema.indexes():
        assert f"\n| {index.name} | " in PAGES["model"]
    for resource in tmf.RESOURCES:
        assert f"## {resource.api} {resource.name}\n" in PAGES["tmf"]
    for name in tmf.NOT_KEPT:
        assert f"| `{name}` |" in PAGES["tmf"]
    assert "| `engagedParty` | ENGAGED_PARTY to Individual\\|Organization |" in PAGES["tmf"]


@pytest.mark.parametrize("page", PAGES)
def test_tables_are_whole(page: str) -> None:
    width = 0
    for line in PAGES[page].splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert cells == (width or cells), line
        width = cells


@pytest.mark.parametrize("path", LINKED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, target


BY_HAND = {
    ("Ids", "as it is issued"): "`007`",
    ("Ids", "spaces around it"): "`C-1`",
    ("Ids", "nothing"): "rejected: id is empty",
    ("Texts", "what looks like a formula"): "`=1+1`",
    ("Times and days", "with an offset"): "`2024-01-01T00:00:00Z`",
    ("Times and days", "with nanoseconds"): "`2024-07-01T12:00:00.123456Z`",
    ("Times and days", "with the name of a zone"): "`2024-07-01T11:00:00Z`",
    ("Times and days", "a day that is none"): "rejected: birthDate is no such day",
    ("Numbers", "nothing"): "is empty",
    ("Words of a list", "in other letters"): "`active`, and statusRaw is `ACTIVE`",
    ("Numbers to call and addresses", "with 00"): "`+447700900002`",
    ("Whole files", "packed by gzip"): "2 loaded",
    ("Whole files", "a row too short"): "2 loaded; rejected: has 1 of 2 fields",
    ("Whole files", "a web page"): "refused: Customer.csv: it is a web page, not data",
}


def test_bad_input_becomes_what_is_known_by_hand() -> None:
    found = {(title, what): becomes for title, rows in badinput.page() for what, _, becomes in rows}
    assert {key: found.get(key) for key in BY_HAND} == BY_HAND


def test_docstrings_become_markdown() -> None:
    text = """What it is, with ``code``.

    ====  =========
    from  to
    ====  =========
    a|b   ``x`` and
          more
    <c>   d
    ====  =========

    ::

        one(1)

    As a tree::

        a
        └── b

    Then
    ----
    The end.
    """
    assert markdown.prose(text, 2) == (
        "What it is, with `code`.\n\n| from | to |\n|---|---|\n| a\\|b | `x` and more |\n| &lt;c> | d |\n\n"
        "```python\none(1)\n```\n\nAs a tree:\n\n```\na\n└── b\n```\n\n## Then\nThe end.\n"
    )


def test_calls_show_how_a_method_is_called() -> None:
    class Shop:
        def buy(self, what: str, *coins: int, kind: str = "plain", **more: object) -> bool:
            return bool(coins)

        async def wait(self, /, *, seconds: float = 1.5) -> None:
            raise AssertionError(seconds)

    assert markdown.calls(Shop.buy, "shop.buy") == (
        'shop.buy(what: str, *coins: int, kind: str = "plain", **more: object) -> bool'
    )
    assert markdown.calls(Shop.wait, "shop.wait") == "await shop.wait(*, seconds: float = 1.5) -> None"
    assert markdown.brief(Shop.wait) == "(*, seconds=1.5)"
