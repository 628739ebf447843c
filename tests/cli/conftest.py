"""``mce`` in this process, against the tests' server."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mce_graph.cli.main import main
from tests.cli.test_cli import environment
from tests.conftest import Server

Mce = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def mce(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mce:
    """Run ``mce`` in this process: what ``test_cli`` shows of a process of its own is not shown again here."""
    for name in list(os.environ):
        if name.startswith(("MCE_", "NEO4J_")):
            monkeypatch.delenv(name)
    for name, value in environment(server, tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run(*words: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", newline=""), io.StringIO()
        with monkeypatch.context() as here:
            for name, value in more.items():
                here.setenv(name, value)
            here.setattr(sys, "argv", ["mce", *words])
            here.setattr(sys, "stdin", io.StringIO(given))
            here.setattr(sys, "stdout", out)
            here.setattr(sys, "stderr", err)
            code = 0
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        out.seek(0)
        return subprocess.CompletedProcess(words, code, out.read(), err.getvalue())

    return run
