"""Every command line that the README and the help print, taken from there and run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from mce_graph import catalogue, library
from mce_graph.cli.main import app
from mce_graph.graph import Graph
from tests.cli.test_cli import environment
from tests.conftest import Server

ROOT = Path(__file__).parents[2]
Mce = Callable[..., "subprocess.CompletedProcess[str]"]
ELSEWHERE = {
    "mce load extracts/ --bulk": "tests/bulk: an import into an empty server of its own",
    "mce db start": "tests/local: fetches and starts a server of its own",
    "mce db logs -n 20": "tests/local: of a server of its own",
    "mce --install-completion": "tests/cli/test_completion runs in each shell what this installs",
}
"""Lines whose words are only checked here, and where they are run."""
IBM = {
    "customerID": "0001-MADE", "gender": "Female", "SeniorCitizen": "0", "Partner": "No", "Dependents": "No",
    "tenure": "5", "PhoneService": "Yes", "MultipleLines": "No", "InternetService": "DSL", "OnlineSecurity": "No",
    "OnlineBackup": "No", "DeviceProtection": "No", "TechSupport": "No", "StreamingTV": "No", "StreamingMovies": "No",
    "Contract": "One year", "PaperlessBilling": "No", "PaymentMethod": "Mailed check", "MonthlyCharges": "29.85",
    "TotalCharges": "149.25", "Churn": "No",
}  # fmt: skip


def readme() -> list[str]:
    """Every line of the README's shell blocks, without its remark, and every whole command within its sentences."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    lines = [re.sub(r" +# .*", "", line) for block in blocks for line in block.splitlines()]
    prose = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    whole = [" ".join(found.split()) for found in re.findall(r"`(mce [^`]*)`", prose)]
    return [*lines, *(w for w in whole if "…" not in w and w not in ("mce show", "mce churn at-risk"))]


def greeting() -> list[str]:
    done = subprocess.run([sys.executable, "-m", "mce_graph"], capture_output=True, text=True, check=True)
    _, _, begin = done.stdout.partition("Begin with:\n")
    return [re.split(r"  +", line.strip())[0] for line in begin.splitlines()]


def commands(group: Any, path: str = "mce") -> Iterator[tuple[str, Any]]:
    """Every command that is no question, under the words that call it."""
    for name, each in group.commands.items():
        if name in library.use_cases():
            continue
        if hasattr(each, "commands"):
            yield from commands(each, f"{path} {name}")
        else:
            yield f"{path} {name}", each


def examples() -> dict[str, list[str]]:
    """The examples of each command's help."""
    return {
        path: re.findall(r"Example: (mce .+)", each.help or "") for path, each in commands(typer.main.get_command(app))
    }


@pytest.fixture
def prepared(tmp_path: Path, server: Server) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Run a line as it stands in a shell, in a folder that has the files of which the README speaks."""
    story = ROOT / "mce_graph" / "story"
    for folder in ("extracts", "crm"):
        shutil.copytree(story, tmp_path / folder, ignore=shutil.ignore_patterns("*.py", "*.md", "__pycache__"))
    (tmp_path / "extract.csv").write_text("id;name\nC-9001;Somebody\n", encoding="utf-8")
    (tmp_path / "customers.csv").write_text(f"{','.join(IBM)}\n{','.join(IBM.values())}\n", encoding="utf-8")
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    (tmp_path / "bin").mkdir()
    run = tmp_path / "bin" / "mce"
    run.write_text(f'#!/bin/sh\nexec {sys.executable} -m mce_graph "$@"\n')
    run.chmod(0o755)
    env = environment(server, tmp_path) | {"PATH": f"{run.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}

    def shell(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line], cwd=tmp_path, env=env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return shell


def parsed(line: str) -> None:
    """Let the command line read these words, and no more."""
    words = shlex.split(line)[1:]
    command: Any = typer.main.get_command(app)
    context = None
    while hasattr(command, "commands"):
        context = command.make_context(
            words[0] if words else "mce", list(words), parent=context, resilient_parsing=True
        )
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
    command.make_context(name, list(words), parent=context)


def test_the_lines_of_the_readme_run_in_its_order(prepared: Callable[[str], Any], story: Graph) -> None:
    lines = [line for line in readme() if not line.startswith("scripts/") and line not in ELSEWHERE]
    assert len(lines) > 20
    failed = [(line, done.returncode, done.stderr) for line in lines if (done := prepared(line)).returncode]
    assert failed == []


@pytest.mark.parametrize("line", [line for line in readme() if line.startswith("scripts/")])
def test_a_script_of_the_readme_takes_these_words(line: str) -> None:
    """``scripts/demo`` and ``scripts/test`` take no options; what the others do is shown in tests of their own."""
    name, *words = shlex.split(line)
    assert os.access(ROOT / name, os.X_OK)
    flags = [word for word in words if word.startswith("--")]
    if flags:
        done = subprocess.run([sys.executable, ROOT / name, "--help"], capture_output=True, text=True, check=True)
        assert [flag for flag in flags if flag not in done.stdout] == []


def test_the_lines_of_the_greeting_run(prepared: Callable[[str], Any], story: Graph) -> None:
    lines = [line for line in greeting() if line not in ELSEWHERE]
    assert len(lines) > 4
    assert [(line, done.stderr) for line in lines if (done := prepared(line)).returncode] == []


def test_no_line_of_a_list_of_commands_is_cut() -> None:
    for words in ([], ["db"], ["schema"], ["config"]):
        done = subprocess.run(
            [sys.executable, "-m", "mce_graph", *words, "--help"], capture_output=True, text=True, check=True,
            env={**os.environ, "COLUMNS": "80"},
        )  # fmt: skip
        assert "..." not in done.stdout.partition("Commands:")[2]


def test_every_command_has_an_example() -> None:
    missing = [path for path, lines in examples().items() if not lines]
    assert missing == []


@pytest.mark.parametrize("line", [line for lines in examples().values() for line in lines if line not in ELSEWHERE])
def test_an_example_of_a_command_runs(line: str, prepared: Callable[[str], Any], story: Graph) -> None:
    if line.startswith("mce load remove-stale"):
        assert prepared("mce load crm/ --snapshot CRM --extracted-at 2026-11-02T02:00Z").returncode == 0
    done = prepared(line)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", sorted(ELSEWHERE))
def test_what_is_run_elsewhere_is_printed_and_read(line: str) -> None:
    assert line in {*readme(), *greeting(), *(each for lines in examples().values() for each in lines)}
    if "install-completion" not in line:
        parsed(line)


@pytest.mark.parametrize("id", library.ids())
def test_the_example_of_a_question_answers_on_the_story(id: str, mce: Mce, story: Graph) -> None:
    t = library.get(id)
    help = mce(*t.command.split(), "--help").stdout
    (line,) = re.findall(r"Example:\n +(mce .+)", help)
    assert line == catalogue.example(t)
    done = mce(*shlex.split(line)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout not in ("", "[]\n")
