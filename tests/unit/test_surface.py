"""What others lean on: public names, generated files, late imports, the words of errors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mce_graph
from mce_graph import codegen, errors, library, model, schema
from mce_graph.template import USE_CASES


def test_public_names_are_these() -> None:
    assert sorted(mce_graph.__all__) == [
        "AsyncGraph", "Graph", "GraphResult", "LoadReport", "Result", "aconnect", "connect", "errors", "load",
    ]  # fmt: skip
    assert all(getattr(mce_graph, name) is not None for name in mce_graph.__all__)


@pytest.mark.parametrize("path", list(codegen.files()), ids=lambda p: p.name)
def test_generated_files_are_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == codegen.files()[path], "run scripts/codegen"


HELPS = ["--help", "identify --help", "identify customer-360 --help", "catalogue --help", "load --help", "db --help"]


@pytest.mark.parametrize("words", HELPS)
def test_help_imports_no_driver_and_no_data_frames(words: str) -> None:
    code = (
        "import sys\nfrom mce_graph.cli.main import app\n"
        f"try:\n    app({words.split()!r})\nexcept SystemExit:\n    pass\n"
        "heavy = {'neo4j', 'numpy', 'pandas', 'polars', 'pyarrow', 'phonenumbers', 'jgo', 'rich'} & set(sys.modules)\n"
        "sys.exit(','.join(sorted(heavy)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


def test_every_error_has_an_exit_code_that_is_documented() -> None:
    classes = [x for x in vars(errors).values() if isinstance(x, type) and issubclass(x, errors.MceError)]
    assert len(classes) > 10
    for each in classes:
        assert f"{each.__name__} " in (errors.__doc__ or "") or each.__name__ in (errors.__doc__ or "")
        assert each.exit_code in range(1, 7)


def test_every_driver_error_is_mapped() -> None:
    from neo4j import exceptions

    from mce_graph.graph import mapped

    kinds = [
        x for x in vars(exceptions).values()
        if isinstance(x, type) and issubclass(x, exceptions.Neo4jError | exceptions.DriverError)
    ]  # fmt: skip
    assert len(kinds) > 20
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, "it names 'Anna Example'")
        ours = mapped(error, "identify.test")
        assert isinstance(ours, errors.MceError)
        assert "Anna" not in ours.message


def test_the_model_gives_one_key_constraint_a_label() -> None:
    unique = [i for i in schema.indexes() if i.unique]
    assert [i.label for i in unique] == list(model.NODES)
    assert all(i.properties == ("uid",) for i in unique)


def test_the_markdown_model_names_every_label_type_and_property() -> None:
    page = schema.markdown()
    for node in model.NODES.values():
        assert f"### {node.label}\n" in page
        assert all(f"\n| {p.name}" in page for p in node.properties)
    for rel in model.RELATIONSHIPS:
        assert f"| {rel} |" in page


def test_the_use_cases_are_folders() -> None:
    assert {p.name for p in library.folder().iterdir() if p.is_dir()} <= set(USE_CASES)


def test_the_readme_has_the_entitlements_of_the_model() -> None:
    page = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for role, rights in model.ENTITLEMENTS.items():
        assert f"| {role} | {', '.join(rights)} |" in page
