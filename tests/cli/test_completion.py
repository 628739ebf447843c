"""The Tab key: what it offers in three shells, how soon, and what is kept for it."""

from __future__ import annotations

import os
import pty
import resource
import select
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mce_graph import config, library
from mce_graph.cli import completion, recall
from mce_graph.cli.main import app
from mce_graph.cli.questions import build
from mce_graph.graph import Graph
from tests.cli.test_cli import environment, screen
from tests.conftest import Server

MCE = [sys.executable, "-m", "mce_graph"]
SEEN = ["Account:A-1001", "Customer:C-1001", "User:U-1001", "User:U-1002", "Group:G-HOME"]
AS_OF = ["--as-of", "2026-11-01T12:00Z"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which these ids were seen, and no server at the address."""
    for name in list(os.environ):
        if name.startswith(("MCE_", "NEO4J_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")
    monkeypatch.chdir(tmp_path)
    recall.remember(config.load(), SEEN)
    return tmp_path


def offered(words: str, begun: str) -> list[str]:
    return [value for value, _ in completion.offered(words.split(), begun) or []]


@pytest.mark.parametrize(
    ("words", "begun", "among"),
    [
        ("identify account-users", "", ["A-1001"]),
        ("identify account-users", "Account:", ["Account:A-1001"]),
        ("identify account-users --limit 5 --exit-code", "", ["A-1001"]),
        ("groups groups-of", "", ["U-1001", "U-1002"]),
        ("qoe enjoyment-index --group", "", ["G-HOME"]),
        ("show", "", ["A-1001", "C-1001", "U-1001", "U-1002", "G-HOME"]),
        ("explain qoe", "", ["enjoyment-index", "user-qoe"]),
        ("qoe", "", ["enjoyment-index", "user-qoe"]),
        ("qoe enjoyment-index --group-by", "", ["kind", "group", "offering", "all"]),
        ("qoe hidden-bad-experience --kinds", "guest,", ["guest,primary", "guest,secondary"]),
        ("identify account-users --columns", "kind,", ["kind,user_uid", "kind,role"]),
        ("identify account-users -o", "", ["csv", "markdown"]),
        ("identify account-users --as-of", "", ["now", "yesterday", "7d"]),
        ("identify account-users A-1001", "--", ["--as-of", "--kind", "--profile-plan"]),
    ],
)
def test_what_may_follow(words: str, begun: str, among: list[str], home: Path) -> None:
    assert set(among) <= set(offered(words, begun))


def test_what_does_not_fit_is_not_offered(home: Path) -> None:
    assert offered("identify account-users", "") == ["A-1001"]
    assert offered("identify account-users A-1001", "") == []
    assert offered("identify no-such-question", "") == []
    assert completion.offered(["load"], "") is None


@pytest.mark.parametrize("id", library.ids())
def test_every_option_of_a_question_is_known(id: str, home: Path) -> None:
    """What the Tab key takes for an option, with or without a value, is what the command takes for one."""
    t = library.get(id)
    command = build(t)
    takes = {o: not p.is_flag for p in command.params if p.param_type_name == "option"
             for o in (*p.opts, *p.secondary_opts)}  # fmt: skip
    takes |= {"--help": False, "-h": False}
    named = {f"--{p.name.replace('_', '-')}" for p in t.parameters if not p.required}
    assert set(takes) - {f"--no-{n[2:]}" for n in named} == named | set(completion.OPTIONS)
    assert {o: takes[o] for o in completion.OPTIONS} == completion.OPTIONS
    assert set(offered(t.command, "-")) == set(takes)


def test_every_command_is_offered(home: Path) -> None:
    known = {str(c.name) for c in app.registered_commands} | {str(g.name) for g in app.registered_groups}
    assert set(offered("", "")) == known
    assert set(completion.COMMANDS) == known - set(library.use_cases())


def completed(shell: str, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What ``mce`` writes when this shell asks what may follow the line."""
    asked = {"_MCE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line, "COMP_WORDS": line}
    asked |= {
        "COMP_CWORD": str(len(line.split()) - (not line.endswith(" "))),
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    return subprocess.run(
        [*MCE], capture_output=True, text=True, check=False, env={**os.environ, **asked, **more}, timeout=30
    )


def test_each_shell_is_answered_in_its_own_words(home: Path) -> None:
    assert completed("bash", "mce show U-1").stdout.splitlines() == ["U-1001", "U-1002"]
    assert completed("fish", "mce show U-1").stdout.splitlines() == ["U-1001\tUser", "U-1002\tUser"]
    assert completed("zsh", "mce show U-1").stdout == ('_arguments \'*: :(("U-1001":"User"\n"U-1002":"User"))\'')
    assert completed("zsh", "mce identify acc").stdout.startswith('_arguments \'*: :(("account-hierarchy":"')
    assert completed("bash", "mce show User : U-1").stdout.split() == ["U-1001", "U-1002"]


def test_completion_is_quick_and_touches_neither_database_nor_driver(
    home: Path, record_property: Callable[[str, object], None]
) -> None:
    text = (
        "import os, sys; sys.argv = ['mce']\nfrom mce_graph.cli.entry import main\nmain()\n"
        "heavy = {'neo4j', 'typer', 'rich', 'pydantic', 'numpy', 'pandas', 'polars', 'pyarrow', 'socket', 'ssl'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    asked = {"_MCE_COMPLETE": "complete_bash", "COMP_WORDS": "mce identify account-users A", "COMP_CWORD": "3"}
    env = {**os.environ, **asked}
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, env=env)
    assert (done.stdout, done.stderr.strip()) == ("A-1001", "[]")

    def took(*command: str) -> float:
        """Seconds of the processor: what else the machine is doing is not measured."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], check=True, capture_output=True, env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    mine = min(took("-m", "mce_graph") for _ in range(7))
    nothing = min(took("-c", "pass") for _ in range(7))
    record_property("ratio to python -c pass", round(mine / nothing, 1))
    assert mine < 0.2, f"{mine * 1000:.0f} ms, {mine / nothing:.1f} times `python -c pass`"


@pytest.fixture
def script(home: Path) -> Path:
    """A folder with ``mce`` on the path, as an installation has it."""
    place = home / "bin"
    place.mkdir()
    run = "import sys; sys.argv[0] = 'mce'; from mce_graph.cli.entry import main; main()"
    (place / "mce").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{run}" "$@"\n')
    (place / "mce").chmod(0o755)
    return place


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {name}: apt-get install -y {name}")
        pytest.skip(f"no {name} here")
    return found


def typed(command: list[str], env: dict[str, str], setup: str, line: str, wanted: str) -> str:
    """What a shell shows after the Tab key was hit twice at the end of the line."""
    main, child = pty.openpty()
    process = subprocess.Popen(
        command,
        stdin=child,
        stdout=child,
        stderr=child,
        env={**env, "TERM": "dumb", "PS1": "> "},
        start_new_session=True,
    )
    os.close(child)

    def until(text: str) -> str:
        shown = ""
        end = time.monotonic() + 30
        while text not in shown and time.monotonic() < end:
            if select.select([main], [], [], 0.2)[0]:
                shown += os.read(main, 65536).decode(errors="replace")
        return shown

    try:
        os.write(main, f"{setup}; echo rea''dy\n".encode())
        assert "ready" in until("ready")
        os.write(main, f"{line}\t\t".encode())
        return until(wanted)
    finally:
        process.kill()
        process.wait()
        os.close(main)


def set_up(program: str, script: Path) -> tuple[dict[str, str], Path]:
    """What ``mce --show-completion`` says to this shell, in a file; and the surroundings in which ``mce`` is found."""
    env = {**os.environ, "PATH": f"{script}:{os.environ['PATH']}", "HOME": str(script)}
    file = script / "completion"
    subprocess.run([program, "-c", f"mce --show-completion > {file}; true"], env=env, check=True)
    return env, file


@pytest.mark.parametrize(
    ("line", "wanted"), [("mce identify account-users A-", "A-1001"), ("mce show Customer:C-", "Customer:C-1001")]
)
@pytest.mark.parametrize(
    ("name", "options", "before"),
    [("bash", ["--norc", "--noprofile"], "true"), ("zsh", ["-f"], "autoload -Uz compinit; compinit -D")],
)
def test_a_shell_completes_an_id(
    name: str, options: list[str], before: str, line: str, wanted: str, script: Path
) -> None:
    program = shell(name)
    env, file = set_up(program, script)
    assert wanted in typed([program, *options, "-i"], env, f"{before}; source {file}", line, wanted)


def test_fish_completes_an_id(script: Path) -> None:
    program = shell("fish")
    env, file = set_up(program, script)
    asked = f"source {file}; complete -C 'mce identify account-users A-'"
    done = subprocess.run([program, "--no-config", "-c", asked], capture_output=True, text=True, env=env, check=True)
    assert "A-1001\tAccount" in done.stdout.splitlines()


def kept(home: Path) -> list[str]:
    files = list((home / "home" / "recent").glob("*"))
    return [line.split()[1] for file in files for line in file.read_text().splitlines()]


def test_what_is_shown_on_a_terminal_is_kept_for_its_owner_alone(server: Server, story: Graph, tmp_path: Path) -> None:
    env = environment(server, tmp_path)
    screen([*MCE, "identify", "find-party", "jose@example.org", *AS_OF], env)
    assert set(kept(tmp_path)) == {"User:U-1002", "Customer:C-1001"}
    (file,) = (tmp_path / "home" / "recent").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "jose" not in file.name + file.read_text()
    screen([*MCE, "show", "Group:G-HOME", *AS_OF], env)
    assert kept(tmp_path)[0] == "Group:G-HOME"


def test_what_a_script_asks_is_not_kept(server: Server, story: Graph, tmp_path: Path) -> None:
    env = environment(server, tmp_path)
    ask = [*MCE, "identify", "account-users", "A-1001", *AS_OF]
    subprocess.run(ask, env=env, check=True, capture_output=True)
    screen([*ask, "--output", str(tmp_path / "users.csv")], env)
    assert kept(tmp_path) == []


def test_an_id_that_is_not_there_is_forgotten(server: Server, story: Graph, tmp_path: Path) -> None:
    env = environment(server, tmp_path)
    screen([*MCE, "identify", "account-users", "A-1001", *AS_OF], env)
    (file,) = (tmp_path / "home" / "recent").iterdir()
    today = datetime.now(UTC).date()
    file.write_text(f"{today} Account:A-GONE\n{file.read_text()}")
    assert "no Account has the id" in screen([*MCE, "identify", "account-users", "A-GONE"], env)
    assert "Account:A-GONE" not in kept(tmp_path)
    assert "Account:A-1001" in kept(tmp_path)


def test_an_id_with_a_slip_in_its_first_letter_is_found_among_those_seen(
    server: Server, story: Graph, tmp_path: Path
) -> None:
    env = environment(server, tmp_path)

    def hint(id: str) -> str:
        done = subprocess.run(
            [*MCE, "identify", "account-users", id], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 3
        return done.stderr.splitlines()[1].strip()

    assert hint("X-1001").startswith("`mce identify find-party`")
    screen([*MCE, "identify", "account-users", "A-1001", *AS_OF], env)
    assert hint("X-1001") == "lately seen: Account:A-1001"
    # Where the graph itself knows better it is asked first.
    assert hint("A-1001X").startswith("nearest: Account:A-1001")


def test_only_plain_uids_are_kept_a_bounded_number_of_them_and_not_for_ever(home: Path) -> None:
    here = config.load()
    file = recall.file(here)
    bad = ["ContactMedium:email|a@example.org", "Identifier:msisdn|+447700900102", "User:a b", "User:$(id)", "User:",
           "Nothing:X-1", "User:a@example.org", "User:x\n", "plain", "User:`id`", "User:a'b"]  # fmt: skip
    recall.remember(here, bad)
    assert recall.recent(here, ["User", "ContactMedium", "Identifier"]) == ["User:U-1001", "User:U-1002"]
    recall.remember(here, [f"User:X-{n}" for n in range(recall.MOST + 5)])
    assert len(file.read_text().splitlines()) == recall.MOST
    old = datetime.now(UTC).date() - timedelta(days=recall.DAYS + 1)
    file.write_text(f"{old} User:OLD\n{datetime.now(UTC).date()} User:NEW\nrubbish\n")
    assert recall.recent(here, ["User"]) == ["User:NEW"]


def test_each_database_has_ids_of_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:10")
    assert offered("identify account-users", "") == []


def test_nothing_is_kept_where_that_is_switched_off(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = recall.file(config.load())
    assert file.exists()
    monkeypatch.setenv("MCE_REMEMBER_IDS", "off")
    assert offered("identify account-users", "") == []
    recall.remember(config.load(), ["User:U-1"])
    assert not file.exists()


def test_a_home_that_cannot_be_written_is_no_trouble(home: Path) -> None:
    shutil.rmtree(home / "home")
    (home / "home").write_text("a file")
    recall.remember(config.load(), SEEN)
    assert offered("identify account-users", "") == []
