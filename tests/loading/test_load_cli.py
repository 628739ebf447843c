"""``mce load`` as its users run it: a dry run, standard input, snapshots and what they no longer hold."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mce_graph.cli.main import main
from mce_graph.graph import Graph
from tests.conftest import Server

from .dump import put, values


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


Mce = Callable[..., Done]


@pytest.fixture
def mce(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Mce:
    """Run ``mce load`` here, as in a pipe; a process of its own for each call would take most of the time."""
    for name in [n for n in os.environ if n.startswith(("MCE_", "NEO4J_"))]:
        monkeypatch.delenv(name)
    env = {"URI": server.uri, "USERNAME": server.username, "PASSWORD": server.password}
    for name, value in env.items():
        monkeypatch.setenv(f"NEO4J_{name}", value)
    monkeypatch.setenv("MCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*words: str, given: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["mce", "load", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        code: object = 0
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
        out = capsys.readouterr()
        assert isinstance(code, int)
        return Done(code, out.out, out.err)

    return run


def test_a_night_with_snapshots(empty_graph: Graph, tmp_path: Path, mce: Mce) -> None:
    put(tmp_path / "first", Customer="id;name\nC-1;Ann\nC-2;Ben\n")
    dry = mce("first", "--delimiter", ";", "--dry-run", "-o", "json")
    assert dry.returncode == 0, dry.stderr
    assert (json.loads(dry.stdout)["written"], json.loads(dry.stdout)["dry_run"]) == (2, True)
    assert values(empty_graph, "MATCH (c:Customer) RETURN count(c)") == [(0,)]
    said = mce("first", "--delimiter", ";", "--snapshot", "CRM")
    assert said.returncode == 0, said.stderr
    given = mce("-", "--table", "Customer", "--snapshot", "crm", given="id,name\nC-1,Ann\n")
    assert given.returncode == 0, given.stderr
    assert json.loads(given.stdout.splitlines()[0])["file"] == "standard input"

    most = mce("remove-stale", "CRM", "--yes")
    assert (most.returncode, "50% of what CRM asserts" in most.stderr) == (6, True)
    asked = mce("remove-stale", "CRM", "--max-share", "50%")
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    assert values(empty_graph, "MATCH (c:Customer) RETURN count(c)") == [(2,)]
    done = mce("remove-stale", "CRM", "--max-share", "50%", "--yes", "-o", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tables"] == [
        {"table": "Customer", "asserted": 2, "withdrawn": 0, "ended": 0, "deleted": 1, "kept": 0}
    ]
    assert values(empty_graph, "MATCH (c:Customer) RETURN c.id") == [("C-1",)]
    assert mce("remove-stale", "BILLING").returncode == 3


def test_words_are_files_unless_they_name_the_command(mce: Mce) -> None:
    for words in (("files",), ("nowhere", "remove-stale"), ("-", "--table", "Nothing")):
        done = mce(*words)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
    assert "remove-stale [OPTIONS]" in mce("remove-stale", "--help").stdout
    assert "load [OPTIONS] [paths]..." in mce("--help").stdout.replace("PATHS", "paths")
