"""The library as mypy --strict sees it from a user's project: right uses pass, and each wrong one is an error."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "typed"


def checked(file: str, tmp_path: Path, cache: Path) -> list[str]:
    """What mypy says of a file that lies outside of the checkout."""
    shutil.copy(HERE / file, tmp_path / file)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", "--cache-dir", cache,
         "--config-file", "", file],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def cache(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kept between runs where pytest keeps anything: the first look at the driver's types takes most of the time."""
    pytest.importorskip("mypy")
    kept = getattr(request.config, "cache", None)
    return Path(str(kept.mkdir("mypy_of_users"))) if kept else tmp_path_factory.mktemp("mypy_of_users")


def test_right_uses_pass(tmp_path: Path, cache: Path) -> None:
    assert checked("right.py", tmp_path, cache) == []


def test_each_wrong_use_is_an_error(tmp_path: Path, cache: Path) -> None:
    found: dict[int, str] = {}
    for line in checked("wrong.py", tmp_path, cache):
        if match := re.fullmatch(r"wrong\.py:(\d+): error: .*\[(?P<code>[a-z-]+)\]", line):
            found.setdefault(int(match[1]), match["code"])
    lines = (HERE / "wrong.py").read_text(encoding="utf-8").splitlines()
    expected = {i: line.partition("# E: ")[2] for i, line in enumerate(lines, 1) if "# E: " in line}
    assert found == expected


def test_the_package_says_that_it_is_typed() -> None:
    import mce_graph

    assert (Path(mce_graph.__file__).parent / "py.typed").exists()
