"""The wheel that users install: built from the sdist, in an environment of its own, in another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mce_graph import library
from mce_graph.graph import Graph
from tests.conftest import Server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``mce`` of a wheel that was built from the sdist and installed without any extra."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--outdir", str(place / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    (wheel,) = (place / "dist").glob("*.whl")
    venv = place / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, timeout=120)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, timeout=300)
    return venv / "bin" / "mce"


def test_the_wheel_lists_and_asks(installed: Path, server: Server, story: Graph, tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MCE_", "NEO4J_", "PYTHON"))}
    env |= {"HOME": str(tmp_path), "NEO4J_URI": server.uri, "NEO4J_USERNAME": server.username}
    env |= {"NEO4J_PASSWORD": server.password}

    def mce(*words: str) -> object:
        done = subprocess.run(
            [str(installed), *words, "-o", "json"], capture_output=True, text=True, env=env, cwd=tmp_path, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    listed = mce("catalogue")
    assert isinstance(listed, list)
    assert [each["id"] for each in listed] == library.ids()
    assert mce("identify", "account-users", "A-1001", "--as-of", "2026-11-01T12:00Z")
    loaded = mce("load", "--story")
    assert isinstance(loaded, dict)
    assert loaded["written"] == 0
    assert loaded["unchanged"] > 100
