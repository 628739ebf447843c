"""Every format of every kind of answer, files, columns, pictures; and cells that mean harm."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from mce_graph import catalogue, library
from mce_graph.cli import show, writing
from mce_graph.graph import Graph
from tests.cli.test_cli import environment, screen
from tests.conftest import Server

Mce = Callable[..., "subprocess.CompletedProcess[str]"]
USERS = ["identify", "account-users", "A-1001", "--as-of", "2026-11-01T12:00Z"]
PICTURE = ["identify", "customer-360-graph", "C-1001", "--as-of", "2026-11-01T12:00Z"]
HOSTILE = ["[/]", "[red]x[/red]", "\x1b[31mred", "a\u202eb", "<script>alert(1)</script>", "a|b`*_c_*", "=1+1", "\x9b2J"]


def written(format: str, *cells: object, csv_safe: bool = False) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        show.rows([f"c{i}" for i in range(len(cells))], [cells], format, csv_safe=csv_safe)
    return out.getvalue()


@pytest.mark.parametrize("bad", HOSTILE)
@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv", "tsv", "markdown", "html"])
def test_a_hostile_cell_is_data_in_every_format(format: str, bad: str) -> None:
    text = written(format, bad, 1)
    if format in ("json", "jsonl"):
        row = json.loads(text)
        assert (row[0] if format == "json" else row)["c0"] == bad
    if format == "csv":
        assert list(csv.reader(io.StringIO(text)))[1] == [bad, "1"]
    else:
        assert "\x1b" not in text or format == "tsv"
    if format in ("table", "json", "jsonl", "markdown", "html"):
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    if format in ("html", "markdown"):
        assert "<script>" not in text
    if format == "table":
        assert bad.startswith(("\x1b", "a\u202e", "\x9b")) or bad in text


def test_markdown_keeps_its_columns() -> None:
    assert written("markdown", "a|b\nc", "[x](javascript:1)", "_i_ snake_case") == (
        "| c0 | c1 | c2 |\n| --- | --- | --- |\n| a\\|b c | \\[x\\](javascript:1) | \\_i\\_ snake_case |\n"
    )


def test_tsv_has_one_line_a_row() -> None:
    assert written("tsv", "a\tb\nc\\d", None, [1, 2], True) == "c0\tc1\tc2\tc3\na\\tb\\nc\\\\d\t\t1;2\ttrue\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_safe_keeps_spreadsheets_from_computing(start: str) -> None:
    read = list(csv.reader(io.StringIO(written("csv", f"{start}1", -1, csv_safe=True), newline="")))
    assert read[1] == [f"'{start}1", "-1"]
    assert next(csv.reader(io.StringIO(written("csv", f"{start}1"), newline=""))) == ["c0"]


def test_the_same_rows_in_the_new_formats(mce: Mce, story: Graph) -> None:
    rows = json.loads(mce(*USERS, "-o", "json").stdout)
    tsv = mce(*USERS, "-o", "tsv").stdout.splitlines()
    assert [line.split("\t")[0] for line in tsv[1:]] == [r["user_uid"] for r in rows]
    markdown = mce(*USERS, "-o", "markdown").stdout.splitlines()
    assert len(markdown) == len(rows) + 2
    page = mce(*USERS, "-o", "html").stdout
    assert all(r["user_uid"] in page for r in rows)
    assert page.startswith("<!doctype html>")


def test_experience_is_drawn_below_a_table_and_on_a_page_and_nowhere_else(mce: Mce, story: Graph) -> None:
    ask = ["qoe", "enjoyment-index", "--min-n", "1", "--as-of", "2026-11-01T12:00Z", "-o"]
    table = mce(*ask, "table", COLUMNS="80").stdout.splitlines()
    # Seven primary users, one well; of five secondary ones one is well and two are not. 80 - 9 - 18 - 4 = 49 cells.
    assert table[-4:-2] == [
        f"primary    {'█' * 7}{'░' * 42}  14.3% · 0% · 85.7%",
        f"secondary  {'█' * 10}{'▒' * 19}{'░' * 20}  20% · 40% · 40%",
    ]
    page = mce(*ask, "html").stdout
    assert "<title>Enjoyment index, as of 2026-11-01T12:00:00Z</title>" in page
    assert page.count("<svg ") == 1
    for plain in ("csv", "markdown", "json"):
        assert "█" not in mce(*ask, plain).stdout
    assert "█" not in mce(*ask, "table", "--columns", "bucket,users").stdout


@pytest.mark.parametrize("id", [t.id for t in library.questions() if t.charts])
def test_every_chart_is_drawn_of_the_story(id: str, mce: Mce, story: Graph) -> None:
    t = library.get(id)
    words = shlex.split(catalogue.example(t))[1:]
    # Of so few people groups would be left out.
    words += ["--min-n", "1"] if t.parameter("min_n") else []
    page = mce(*words, "-o", "html").stdout
    assert page.count("<svg ") == len(t.charts)
    assert page.count('download="chart-') == len(t.charts)


def test_parquet_has_the_types_of_the_columns(mce: Mce, story: Graph, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    done = mce(*USERS, "--columns", "valid_from,user_uid", "--output", "users.parquet")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    table = parquet.read_table(tmp_path / "users.parquet")
    assert [str(f.type) for f in table.schema] == ["timestamp[us, tz=UTC]", "string"]
    assert table.num_rows == len(json.loads(mce(*USERS, "-o", "json").stdout))


def test_columns_are_picked_and_ordered(mce: Mce, story: Graph) -> None:
    done = mce(*USERS, "--columns", "kind,user_uid", "-o", "csv")
    assert done.stdout.splitlines()[0] == "kind,user_uid"
    assert mce(*USERS, "--columns", "kind", "-o", "jsonl").stdout.splitlines()[0].startswith('{"kind":')


def test_columns_are_listed_without_a_database_or_arguments(mce: Mce) -> None:
    done = mce("identify", "account-users", "--columns", "?", NEO4J_URI="bolt://127.0.0.1:9")
    listed = [json.loads(line)["column"] for line in done.stdout.splitlines()]
    assert listed == [c.name for c in library.get("identify.account_users").columns]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*USERS, "--columns", "knid"], "did you mean 'kind'"),
        ([*USERS, "--columns", ","], "names none"),
        ([*PICTURE, "--columns", "uid"], "no columns"),
        ([*USERS, "-o", "tree"], "gives rows"),
        ([*USERS, "-o", "mermaid"], "gives rows"),
        ([*PICTURE, "-o", "csv"], "nodes and relationships"),
        ([*PICTURE, "-o", "parquet"], "nodes and relationships"),
        ([*USERS, "-o", "json", "--csv-safe"], "-o csv"),
        ([*USERS, "--output", "."], "folder"),
        ([*USERS, "--output", "/dev/null"], "no plain file"),
        ([*USERS, "--output", "nowhere/file.csv"], "no such folder"),
        (["catalogue", "-o", "parquet"], "rows of questions"),
        (["catalogue", "-o", "tree"], "these are rows"),
        (["show", "Customer:C-1001", "-o", "csv"], "picture"),
        (["show", "Customer:C-1001", "--html", "a.html", "--output", "b"], "one of them"),
        (["show", "SLA:SLA-1"], "explain-link-graph"),
        (["show", "Customer:C-1001", "--as-of", "2026"], "not a time"),
        (["search", "guest", "--actor", "noone"], "no actor"),
    ],
)
def test_what_does_not_fit_is_a_word_about_usage(words: list[str], said: str, mce: Mce) -> None:
    done = mce(*words)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert said in done.stderr


def test_a_file_is_whole_ours_and_replaced(mce: Mce, story: Graph, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("before", encoding="utf-8")
    file.chmod(0o644)
    done = mce(*USERS, "--output", "users.csv")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert file.read_text(encoding="utf-8") == mce(*USERS, "-o", "csv").stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert mce(*USERS, "--output", "-").stdout == mce(*USERS).stdout
    assert not list(tmp_path.glob(".mce-*"))


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_text("before", encoding="utf-8")

    def failing() -> Iterator[list[object]]:
        yield [1]
        raise RuntimeError

    with pytest.raises(RuntimeError), writing.into(str(file)):
        show.rows(["n"], failing(), "csv")
    assert file.read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


def test_show_cypher_says_what_is_sent_but_no_personal_value(mce: Mce, story: Graph) -> None:
    done = mce("identify", "find-party", "anna@example.org", "--show-cypher", "--as-of", "2026-11-01", "-o", "json")
    assert json.loads(done.stdout)
    assert "MATCH (hit:Identifier" in done.stderr
    assert "$as_of = 2026-11-01T00:00:00Z" in done.stderr
    assert "anna" not in done.stderr


def test_a_picture_is_json_in_a_pipe_and_a_tree_on_a_terminal(
    mce: Mce, story: Graph, server: Server, tmp_path: Path
) -> None:
    drawn = json.loads(mce(*PICTURE).stdout)
    assert {"nodes", "relationships"} == set(drawn)
    seen = screen([sys.executable, "-m", "mce_graph", *PICTURE], environment(server, tmp_path), 200)
    assert seen.splitlines()[0] == "Customer C-1001 Anna Müller [active]"
    assert mce(*PICTURE, "-o", "table").stdout.replace("\n", "\r\n") == seen
    assert mce(*PICTURE, "-o", "mermaid").stdout.startswith("flowchart LR\n")
    assert mce(*PICTURE, "-o", "dot").stdout.startswith("digraph {\n")
    assert "Anna Müller" in mce(*PICTURE, "-o", "html").stdout


@pytest.mark.parametrize("columns", [60, 80])
def test_sentences_are_folded_between_words_and_wide_signs_keep_the_columns(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    from rich.cells import cell_len

    sentence = "somebody reported that nothing works since yesterday evening and would like to be called"
    lines = written("table", "顧客サービス株式会社", "عميل مميز", 1, 2, sentence).splitlines()
    assert all(cell_len(line) <= columns for line in lines)
    assert set(sentence.split()) <= {word for line in lines for word in line.split()}
    # With room for it a table, else a card for each row.
    assert lines[0].split() == (["c0", "c1", "c2", "c3", "c4"] if columns == 80 else ["c0", "顧客サービス株式会社"])


def test_a_tree_is_folded_on_a_narrow_terminal(story: Graph, server: Server, tmp_path: Path) -> None:
    seen = screen([sys.executable, "-m", "mce_graph", *PICTURE], environment(server, tmp_path), 80)
    lines = seen.replace("\r", "").splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "│    more data? [completed]" in lines


@pytest.mark.parametrize(
    ("thing", "first", "within"),
    [
        ("Customer:C-1001", "Customer C-1001 Anna Müller [active]", "QoE mos"),
        ("C-1001", "Customer C-1001 Anna Müller [active]", "HOLDS_ACCOUNT"),
        ("A-1001", "Account A-1001 Müller family [Active]", "USES_ACCOUNT (guest)"),
        ("Group:G-HOME", "Group G-HOME Müller household", "MEMBER_OF (child)"),
        ("G-FIRM", "Group G-FIRM", "SUBGROUP_OF"),
        ("User:U-1001", "User U-1001 Anna [active]", "ACCEPTED_AS"),
        ("User:U-1003", "User U-1003 Mia [active]", "USES_ACCOUNT (secondary)"),
        ("R-OLT-1", "Resource R-OLT-1", "SUPPORTED_BY"),
        ("Service:S-1010", "Service S-1010 Müller home fibre", "REALIZED_BY"),
        ("TT-1", "TroubleTicket TT-1", "ON_TICKET (reporter)"),
        ("anna@example.org", "User U-1001 Anna", "SENT"),
    ],
)
def test_show_draws_what_hangs_around(thing: str, first: str, within: str, mce: Mce, story: Graph) -> None:
    done = mce("show", thing, "--as-of", "2026-11-01T12:00Z")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith(first)
    assert within in done.stdout


def test_show_writes_a_page(mce: Mce, story: Graph, tmp_path: Path) -> None:
    done = mce("show", "-", "--as-of", "2026-11-01T12:00Z", "--html", "anna.html", given="Customer:C-1001\n")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    text = (tmp_path / "anna.html").read_text(encoding="utf-8")
    assert '"root": "Customer:C-1001"' in text
    assert '"asOf": "2026-11-01T12:00:00Z"' in text
    assert "mos ▇▇ 4.2" in text
    assert stat.S_IMODE((tmp_path / "anna.html").stat().st_mode) == 0o600


@pytest.mark.parametrize("thing", ["Customer:NOBODY", "NOTHING-1", "Account:NONE"])
def test_show_of_nothing_is_exit_code_3(thing: str, mce: Mce, story: Graph) -> None:
    done = mce("show", thing)
    assert (done.returncode, done.stdout) == (3, ""), done.stderr


@pytest.mark.parametrize("ask", [USERS, PICTURE])
def test_profile_plan_says_what_each_step_cost_beside_the_answer(ask: list[str], mce: Mce, story: Graph) -> None:
    done = mce(*ask, "--profile-plan", "-o", "json")
    assert done.stdout == mce(*ask, "-o", "json").stdout
    lines = done.stderr.splitlines()
    assert lines[0].split() == ["operator", "rows", "estimated", "db", "hits", "details"]
    assert lines[1].startswith("ProduceResults ")
    total = int(lines[-1].split()[0].replace(",", ""))
    steps = [re.fullmatch(r"(?:\| )*\S+ +(\d+) +(\d+) +(\d+)(?:  .*)?", line) for line in lines[1:-1]]
    assert sum(int(step[3]) for step in steps if step) == total > 0
    assert all(steps)
    assert not {"A-1001", "C-1001"} & set(re.findall(r"[\w-]+", done.stderr))


def test_a_plan_is_shown_or_run_not_both(mce: Mce) -> None:
    assert mce(*USERS, "--plan", "--profile-plan").returncode == 2


def test_search_finds_by_words_of_titles_questions_and_columns(mce: Mce) -> None:
    def found(*words: str) -> list[str]:
        return [json.loads(line)["id"] for line in mce("search", *words).stdout.splitlines()]

    assert "qoe.user_qoe" in found("experience", "of", "user")
    assert found("customer", "360")[0] == "identify.customer_360"
    assert "sla.credits_due" in found("credit")
    assert all(id.split(".")[0] for id in found("GUESTS"))
    assert found("guests")
    nothing = mce("search", "xyzzy")
    assert (nothing.returncode, nothing.stdout) == (0, "")


def test_bare_mce_greets_with_the_use_cases(mce: Mce) -> None:
    done = mce()
    assert done.returncode == 0
    assert all(f"mce {case} " in done.stdout for case in library.use_cases())
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_completion_knows_the_questions() -> None:
    asked = {"_MCE_COMPLETE": "complete_bash", "COMP_WORDS": "mce identify cust", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['mce']; from mce_graph.cli.main import main; main()"],
        capture_output=True, text=True, check=False, env={**os.environ, **asked},
    )  # fmt: skip
    assert done.stdout.split() == ["customer-360", "customer-360-graph"]


def test_a_locale_without_accents_fails_over_nothing(mce: Mce, story: Graph, server: Server, tmp_path: Path) -> None:
    env = {**environment(server, tmp_path), "PYTHONIOENCODING": "ascii"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mce_graph", *words]
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=60)

    assert json.loads(run(*USERS, "-o", "json").stdout) == json.loads(mce(*USERS, "-o", "json").stdout)
    assert "M\\xfcller" in run("show", "Customer:C-1001").stdout


def test_another_locale_spoils_no_data_and_a_terminal_gets_signs_it_has(
    mce: Mce, story: Graph, server: Server, tmp_path: Path
) -> None:
    env = environment(server, tmp_path) | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "mce_graph"]
    for how in ("csv", "tsv", "markdown", "html", "jsonl"):
        done = subprocess.run([*command, *USERS, "-o", how], capture_output=True, env=env, check=True, timeout=60)
        assert done.stdout.decode() == mce(*USERS, "-o", how).stdout
    tree = screen([*command, *PICTURE], env, 200).replace("\r", "")
    assert tree.isascii()
    assert "\\u2" not in tree
    assert "\n|- ENGAGED_PARTY -> Individual P-1001 Anna M\\xfcller [validated], since 2019-03-01\n" in tree
    drawn = screen([*command, "selfcare", "wasted-transactions", "--as-of", "2026-11-01T12:00Z"], env).replace("\r", "")
    assert drawn.isascii()
    assert f"\nslowLoad  {'#' * 50} 3\n" in drawn


SLOW = """/*
title    = "Slow"
question = "How long does it take?"
actors   = ["data-engineer"]
access   = "read"
returns  = "one"
timeout  = 300
[columns]
sum = { type = "int", help = "A sum" }
*/
UNWIND range(1, $many) AS x
RETURN sum(x % 7) AS sum
"""


def test_a_long_question_says_how_long_it_has_been(server: Server, graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    many = 3_000_000
    for _ in range(6):
        (tmp_path / "own" / "slow.cypher").write_text(SLOW.replace("$many", str(many)), encoding="utf-8")
        env = environment(server, tmp_path) | {"MCE_QUERIES": str(tmp_path)}
        begun = time.monotonic()
        shown = screen([sys.executable, "-m", "mce_graph", "own", "slow"], env)
        if time.monotonic() - begun > 4:
            break
        many *= 4
    # Said while it lasts, gone before the answer comes.
    before, _, after = shown.rpartition("\r\x1b[K")
    assert "\r\x1b[Kasking own.slow (1 s, at most 300 s)" in before
    assert "asking" not in after
    assert "sum" in after
    quiet = subprocess.run(
        [sys.executable, "-m", "mce_graph", "own", "slow"], capture_output=True, text=True, env=env, check=True
    )
    assert quiet.stderr == ""


@pytest.mark.parametrize("words", [["show", "--help"], ["identify", "account-users", "--help"], ["search", "guest"]])
def test_help_imports_no_driver_and_no_data_frames(words: list[str]) -> None:
    text = (
        "import sys; from mce_graph.cli.main import main; sys.argv = ['mce', *sys.argv[1:]]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'neo4j', 'pyarrow', 'pandas', 'polars', 'numpy', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", text, *words], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert re.findall(r"\[.*\]", done.stderr)[-1] == "[]"
