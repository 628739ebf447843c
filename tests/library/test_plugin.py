"""The pytest plugin as another project meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mce_graph import testing
from mce_graph.errors import UsageError
from mce_graph.graph import Graph
from mce_graph.statement import Statement
from tests.conftest import Server

THEIRS = """
from mce_graph.statement import Statement

def count(graph):
    return graph.cypher("MATCH (n) RETURN count(n) AS n").value()

def test_the_story_is_there(care_graph):
    assert [u.nickname for u in care_graph.identify.account_users("A-1001", as_of="2026-11-01T12:00Z")]

def test_a_change(care_graph):
    care_graph.cypher("MATCH (n) DETACH DELETE n", write=True)
    assert count(care_graph) == 0

def test_the_story_is_there_again(care_graph):
    assert count(care_graph) > 100

def test_it_is_empty(empty_care_graph):
    assert count(empty_care_graph) == 0

def test_the_server_is_known(care_server):
    assert care_server.uri and care_server.password not in repr(care_server)
"""


def their_pytest(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    # By name: an installation from before the plugin came does not have its entry point yet.
    plugin = ["-p", "mce_graph.testing"]
    around = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, *arguments],
        cwd=folder, env={**around, **env}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_another_project_gets_its_graph(server: Server, graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(THEIRS, encoding="utf-8")
    done = their_pytest(
        tmp_path,
        MCE_TEST_NEO4J_URI=server.uri,
        MCE_TEST_NEO4J_USERNAME=server.username,
        MCE_TEST_NEO4J_PASSWORD=server.password,
    )
    server.holds = testing.UNKNOWN
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


def test_a_project_that_does_not_ask_for_it_does_not_notice(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(
        "import sys\n"
        "def test_nothing_heavy_is_there():\n"
        "    heavy = {'neo4j', 'pandas', 'polars', 'pyarrow', 'jgo', 'testcontainers', 'mce_graph.graph', 'typer'}\n"
        "    assert not heavy & set(sys.modules)\n",
        encoding="utf-8",
    )
    done = their_pytest(tmp_path, MCE_TEST_NEO4J_URI="bolt://127.0.0.1:1")
    assert done.returncode == 0, done.stdout
    assert "neo4j" not in done.stdout


def test_a_write_of_anybody_is_noticed(server: Server, graph: Graph) -> None:
    testing.hold(graph, server, testing.EMPTY)
    seen = server.seen
    graph.fetch(Statement("MATCH (n) RETURN count(n) AS n"))
    testing.hold(graph, server, testing.EMPTY)
    assert server.seen == seen
    with testing.opened(server) as other:
        other.fetch(Statement("CREATE (n:Note)", access="write"))
    testing.hold(graph, server, testing.EMPTY)
    assert graph.fetch(Statement("MATCH (n) RETURN count(n) AS n")).value() == 0
    assert server.seen != seen


def test_a_server_that_is_somebodys_is_refused(
    server: Server, empty_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_graph.fetch(Statement("UNWIND range(1, 11) AS i CREATE (n:Note)", access="write"))
    monkeypatch.setattr(testing, "MOST", 10)
    with pytest.raises(UsageError, match="holds 11 nodes"), testing.opened(server):
        pass
    server.holds = testing.UNKNOWN


def test_workers_do_not_share_a_given_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MCE_TEST_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    with pytest.raises(UsageError, match="workers"), testing.running(tmp_path):
        pass


def test_the_entry_point_is_declared() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    # The name is that of the module, so that `-p mce_graph.testing` beside it registers nothing twice.
    assert project["project"]["entry-points"]["pytest11"] == {"mce_graph.testing": "mce_graph.testing"}
