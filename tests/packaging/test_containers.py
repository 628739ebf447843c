"""The job that runs tests on containers: where no engine can be started it says so, and is no failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def containers(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "containers"],
        env={**os.environ, "PATH": f"{path}", "TMPDIR": f"{path}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_an_engine_it_is_skipped_and_says_why(tmp_path: Path) -> None:
    done = containers(tmp_path)
    assert done.returncode == 0, done.stderr
    why = "there is no dockerd here" if sys.platform == "linux" and os.geteuid() == 0 else "by root on Linux only"
    assert done.stdout.startswith("== tests on containers: skipped, ")
    assert why in done.stdout


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="an engine is started by root on Linux only")
def test_an_engine_that_does_not_start_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    marks = tmp_path / "calls"
    for name, text in {
        "dockerd": "echo 'first line' >&2; echo 'the kernel has no bridges' >&2; exit 1",
        "docker": "exit 1",
        "ip": f'echo "$1 $2" >> {marks}',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    done = containers(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "skipped, the engine did not start: the kernel has no bridges\n" in done.stdout
    assert marks.read_text(encoding="utf-8") == "link add\nlink delete\n"
    assert not list(tmp_path.glob("mce-engine-*"))


def test_the_tests_of_everybody_start_no_engine() -> None:
    for name in ("scripts/test", "scripts/demo", "mce_graph/testing.py"):
        assert "dockerd" not in (ROOT / name).read_text(encoding="utf-8")
