"""The command as its users run it: in a process of its own, in a pipe."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mce_graph import library
from mce_graph.graph import Graph
from tests.conftest import Server

Mce = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def mce(server: Server, tmp_path: Path) -> Mce:
    """Run ``mce`` against the tests' server, with a home of its own."""
    env = environment(server, tmp_path)

    def run(*words: str, given: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mce_graph", *words],
            input=given, capture_output=True, text=True, env={**env, **more}, cwd=tmp_path, check=False, timeout=90,
        )  # fmt: skip

    return run


def environment(server: Server, home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MCE_", "NEO4J_"))}
    return {
        **kept,
        "MCE_HOME": str(home / "home"),
        "XDG_CONFIG_HOME": str(home),
        "NEO4J_URI": server.uri,
        "NEO4J_USERNAME": server.username,
        "NEO4J_PASSWORD": server.password,
    }


def screen(command: list[str], env: Mapping[str, str], columns: int = 80) -> str:
    """What a terminal of so many columns shows."""
    main, child = pty.openpty()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=child, stderr=child,
        env={**env, "COLUMNS": str(columns), "TERM": "xterm"},
    )  # fmt: skip
    os.close(child)
    shown = b""
    while select.select([main], [], [], 60)[0]:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait(timeout=60)
    os.close(main)
    return shown.decode()


def test_catalogue_lists_every_question(mce: Mce) -> None:
    listed = json.loads(mce("catalogue", "-o", "json").stdout)
    assert [each["id"] for each in listed] == library.ids()
    for each in listed:
        assert {"id", "title", "question", "actors", "access", "returns", "params", "columns"} <= set(each)
        assert each["actors"]
        assert each["question"]


def test_catalogue_of_one_actor(mce: Mce) -> None:
    listed = json.loads(mce("catalogue", "--actor", "noc", "-o", "json").stdout)
    assert listed
    assert all("noc" in each["actors"] for each in listed)
    assert mce("catalogue", "--actor", "noone").returncode == 2


def test_the_same_rows_in_every_format(mce: Mce, story: Graph) -> None:
    ask = ["identify", "account-users", "A-1001", "--as-of", "2026-11-01T12:00Z", "-o"]
    rows = json.loads(mce(*ask, "json").stdout)
    assert rows
    assert [json.loads(line) for line in mce(*ask, "jsonl").stdout.splitlines()] == rows
    assert mce(*ask, "auto").stdout == mce(*ask, "jsonl").stdout
    read = list(csv.DictReader(io.StringIO(mce(*ask, "csv").stdout)))
    assert [r["user_uid"] for r in read] == [r["user_uid"] for r in rows]
    assert [r["added_by"] or None for r in read] == [r["added_by"] for r in rows]
    table = mce(*ask, "table").stdout
    assert all(r["user_uid"] in table for r in rows)


def test_no_rows_is_success(mce: Mce, story: Graph) -> None:
    done = mce("identify", "find-party", "nobody@example.org", "-o", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert mce("identify", "find-party", "nobody@example.org", "-o", "jsonl").stdout == ""
    assert mce("identify", "find-party", "nobody@example.org", "-o", "csv").stdout.count("\n") == 1


def test_a_thing_that_is_not_there_is_exit_code_3_with_the_nearest(mce: Mce, story: Graph) -> None:
    done = mce("identify", "customer-360", "C-10014")
    assert done.returncode == 3
    assert done.stdout == ""
    assert "Customer:C-1001" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["identify", "account-users"],
        ["identify", "account-users", "A-1001", "--as-of", "2026"],
        ["identify", "account-users", "A-1001", "--kind", "queen"],
        ["identify", "account-users", "A-1001", "--limit", "0"],
        ["identify", "account-users", "A-1001", "-o", "xml"],
        ["identify", "no-such-question"],
        ["explain", "identify.no_such_question"],
        ["nonsense"],
        ["load"],
        ["load", "--story", "somewhere"],
    ],
)
def test_wrong_words_are_exit_code_2_and_one_line(words: list[str], mce: Mce) -> None:
    done = mce(*words)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 5


@pytest.mark.usefixtures("story")
def test_the_password_may_come_from_standard_input_alone(mce: Mce, server: Server) -> None:
    question = ("identify", "account-users", "A-1001", "--as-of", "2026-11-01T12:00Z")
    asked = mce(*question)
    first = mce("--password-stdin", *question, given=f"{server.password}\nmore", NEO4J_PASSWORD="not-the-password")
    assert (first.returncode, first.stdout) == (0, asked.stdout)
    wrong = mce("--password-stdin", *question, given="not-the-password\n")
    assert (wrong.returncode, wrong.stdout) == (4, "")
    for words, given in ((("--password-stdin",), "\n"), (("--ask-password",), "secret\n")):
        refused = mce(*words, *question, given=given)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "secret" not in refused.stderr


@pytest.mark.usefixtures("story")
def test_a_profile_names_the_server(mce: Mce, server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "mce_graph"
    folder.mkdir(parents=True)
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(server.password)
    (folder / "config.toml").write_text(
        f'[profiles.lab]\nuri = "{server.uri}"\nusername = "{server.username}"\npassword_file = "{secret}"\n'
    )
    words = ("identify", "account-users", "A-1001", "--as-of", "2026-11-01T12:00Z")
    elsewhere = {"NEO4J_URI": "bolt://127.0.0.1:1", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert mce("--profile", "lab", *words, **elsewhere).stdout == mce(*words).stdout
    assert mce(*words, **elsewhere, MCE_PROFILE="lab").returncode == 0
    assert mce(*words, **elsewhere).returncode == 5
    unknown = mce("--profile", "moon", *words, **elsewhere)
    assert unknown.returncode == 4
    assert "profiles are lab" in unknown.stderr


def test_wrong_password_is_exit_code_4(mce: Mce) -> None:
    done = mce("identify", "account-users", "A-1001", NEO4J_PASSWORD="not-the-password")
    assert done.returncode == 4
    assert "not-the-password" not in done.stderr


def test_no_server_is_exit_code_5(mce: Mce) -> None:
    done = mce("identify", "account-users", "A-1001", NEO4J_URI="bolt://127.0.0.1:9")
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


def test_exit_code_10_when_rows_were_found(mce: Mce, story: Graph) -> None:
    assert mce("identify", "account-users", "A-1001", "--as-of", "2026-11-01", "--exit-code").returncode == 10
    assert mce("identify", "find-party", "nobody@example.org", "--exit-code").returncode == 0


def test_a_cut_list_says_so_on_standard_error(mce: Mce, story: Graph) -> None:
    done = mce("identify", "account-users", "A-1001", "--as-of", "2026-11-01", "--limit", "1", "-o", "json")
    assert len(json.loads(done.stdout)) == 1
    assert "--limit all" in done.stderr


def test_a_personal_value_comes_from_standard_input(mce: Mce, story: Graph) -> None:
    direct = mce("identify", "find-party", "A-1001", "--as-of", "2026-11-01", "-o", "json")
    piped = mce("identify", "find-party", "-", "--as-of", "2026-11-01", "-o", "json", given="A-1001\n")
    assert json.loads(direct.stdout)
    assert piped.stdout == direct.stdout


def test_explain_shows_what_is_sent(mce: Mce, story: Graph) -> None:
    done = json.loads(mce("explain", "identify", "account-users", "-o", "json").stdout)
    assert done["id"] == "identify.account_users"
    assert "USES_ACCOUNT" in done["cypher"]
    assert done["parameters"]["account"] == "Account:A-1001"
    planned = json.loads(mce("explain", "identify.account_users", "--plan", "-o", "json").stdout)
    # Which index it starts from hangs on what the graph holds; that it is one, and the order of the rest, does not.
    assert planned["plan"][0] == "ProduceResults"
    assert any("Index" in operator for operator in planned["plan"])
    assert not {"AllNodesScan", "NodeByLabelScan"} & set(planned["plan"])


def test_a_reader_that_goes_away_is_no_error(server: Server, tmp_path: Path) -> None:
    command = f"{sys.executable} -m mce_graph catalogue -o csv | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=environment(server, tmp_path), check=False
    )
    assert done.stdout.startswith("id,")
    assert done.stderr == ""


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_a_terminal_shows_whole_words_that_fit(columns: int, server: Server, tmp_path: Path, story: Graph) -> None:
    ask = [sys.executable, "-m", "mce_graph", "identify", "account-users", "A-1001", "--as-of", "2026-11-01T12:00Z"]
    shown = screen(ask, {**environment(server, tmp_path), "NO_COLOR": "1"}, columns)
    assert "\x1b[3" not in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r", "")
    assert {"User:U-1001", "User:U-1002", "José", "secondary", "2026-10-31T18:20Z"} <= set(plain.split())
    assert all(len(line) <= columns for line in plain.splitlines())


def test_config_show_never_shows_a_password(mce: Mce, server: Server) -> None:
    done = mce("config", "show", "-o", "json")
    assert server.password not in done.stdout
    shown = {each["setting"]: each for each in json.loads(done.stdout)}
    assert shown["uri"] == {"setting": "uri", "value": server.uri, "origin": "NEO4J_URI"}
    assert shown["password"]["value"] == "set"


def test_doctor_finds_a_sound_server(mce: Mce, story: Graph) -> None:
    done = mce("doctor", "-o", "json")
    assert done.returncode == 0, done.stdout
    found = {each["check"]: each["ok"] for each in json.loads(done.stdout)}
    assert {"server", "read only", "schema"} < set(found)
    assert all(found.values())


def test_schema_show_is_cypher_and_a_page(mce: Mce) -> None:
    assert mce("schema", "show").stdout.count("REQUIRE n.uid IS UNIQUE;") > 20
    assert "TMF621 TroubleTicket" in mce("schema", "show", "-o", "markdown").stdout
    assert json.loads(mce("schema", "show", "-o", "json").stdout)["nodes"]


def test_schema_check_is_quiet_on_the_story(mce: Mce, story: Graph) -> None:
    done = mce("schema", "check", "-o", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stdout


def test_the_story_loads_and_loads_again_unchanged(mce: Mce, story: Graph) -> None:
    again = json.loads(mce("load", "--story", "-o", "json").stdout)
    assert again["read"] == again["unchanged"] + again["blank"]
    assert again["written"] == again["rejected"] == 0
    assert again["read"] == sum(again[k] for k in ("written", "unchanged", "duplicate", "rejected", "blank"))
    assert again["files"]
