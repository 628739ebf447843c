"""Questions in folders of one's own: asked, described and commanded as the shipped ones are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mce_graph import codegen, library
from mce_graph.errors import ConfigurationError, TemplateError, UsageError
from mce_graph.graph import Graph
from mce_graph.result import Result
from tests.conftest import Server

from .conftest import ROWS, Write


def test_a_question_of_ones_own_is_run_by_its_id(graph: Graph, own: Write) -> None:
    own("churn.at_risk", ROWS)
    answer = graph.run("churn.at_risk", n=2)
    assert isinstance(answer, Result)
    assert [row["name"] for row in answer.to_dicts()] == ["user 1", "user 2"]
    assert type(answer.rows[0]).__name__ == "AtRisk"
    assert answer.columns[0].unit == "rows"
    assert graph.run("churn at-risk", n=1) is not None


def test_a_shipped_one_is_run_by_its_id_too(story: Graph) -> None:
    answer = story.run("identify.account_users", account="A-1001", as_of="2026-11-01T12:00Z")
    assert answer.rows == story.identify.account_users("A-1001", as_of="2026-11-01T12:00Z").rows  # type: ignore[union-attr]


def test_the_registry_has_them_last_and_generated_files_never(own: Write) -> None:
    before = library.shipped()
    own("churn.at_risk", ROWS)
    own("identify.by_badge", ROWS)
    assert library.ids() == [*before, "churn.at_risk", "identify.by_badge"]
    assert library.ids("churn") == ["churn.at_risk"]
    assert "identify.by_badge" in library.ids("identify")
    assert list(library.use_cases())[-1] == "churn"
    assert "churn.at_risk" not in codegen.queries()
    assert "churn.at_risk" not in codegen.catalogue_page()


def test_a_changed_file_is_read_again(graph: Graph, own: Write) -> None:
    path = own("churn.at_risk", ROWS)
    assert library.get("churn.at_risk").title == "Rows"
    path.write_text(ROWS.replace('"Rows"', '"More rows"'), encoding="utf-8")
    assert library.get("churn.at_risk").title == "More rows"


def test_several_folders_and_one_that_is_a_use_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one/churn", "two"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "one/churn/at_risk.cypher").write_text(ROWS, encoding="utf-8")
    (tmp_path / "two/rows.cypher").write_text(ROWS, encoding="utf-8")
    monkeypatch.setenv("MCE_QUERIES", os.pathsep.join(str(tmp_path / name) for name in ("one", "two", "")))
    assert library.ids()[-2:] == ["churn.at_risk", "two.rows"]
    monkeypatch.chdir(tmp_path / "two")
    monkeypatch.setenv("MCE_QUERIES", ".")
    assert library.ids()[-1] == "two.rows"


def test_no_question_hides_another(own: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own("identify.customer_360", ROWS)
    with pytest.raises(TemplateError, match=r"identify\.customer_360 is a question of mce_graph"):
        library.ids()
    with pytest.raises(TemplateError):
        library.get("identify.customer_360")
    path.unlink()
    own("churn.at_risk", ROWS)
    (tmp_path / "more/churn").mkdir(parents=True)
    (tmp_path / "more/churn/at_risk.cypher").write_text(ROWS, encoding="utf-8")
    monkeypatch.setenv("MCE_QUERIES", f"{tmp_path / 'queries'}{os.pathsep}{tmp_path / 'more'}")
    with pytest.raises(TemplateError, match="is also"):
        library.ids()


def test_what_is_wrong_with_a_file_is_told(own: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    own("churn.at_risk", ROWS.replace('title    = "Rows"', ""))
    with pytest.raises(TemplateError, match="title is missing"):
        library.get("churn.at_risk")
    own("churn.at_risk", ROWS).write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match="cannot be read"):
        library.get("churn.at_risk")
    with pytest.raises(UsageError) as unknown:
        library.get("churn.at_rsk")
    assert "churn.at_risk" in unknown.value.hint
    monkeypatch.setenv("MCE_QUERIES", "/nowhere/at/all")
    with pytest.raises(ConfigurationError, match="MCE_QUERIES"):
        library.ids()


def test_it_gets_a_command(server: Server, graph: Graph, own: Write, tmp_path: Path) -> None:
    own("identify.by_badge", ROWS)
    env = {
        **os.environ,
        "MCE_HOME": str(tmp_path),
        "NEO4J_URI": server.uri,
        "NEO4J_USERNAME": server.username,
        "NEO4J_PASSWORD": server.password,
        "NEO4J_DATABASE": "neo4j",
    }
    done = subprocess.run(
        [sys.executable, "-m", "mce_graph", "identify", "by-badge", "--n", "1", "-o", "csv"],
        env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["i,name,at", "1,user 1,2023-11-14T22:13:21Z"]
