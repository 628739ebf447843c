"""The examples that open as notebooks: each runs on the story, and says what the story says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mce_graph.graph import Graph
from tests.conftest import Server

FOLDER = Path(__file__).parents[2] / "scripts" / "examples"
SAID = {
    "household": [
        "José calls, a secondary user of the account Müller family, which Anna Müller holds.",
        "Unknown to the CRM: José, Aïcha.",
        "99.9 percent by the product wins: User:U-1002 -USES_SERVICE-> Service:S-1010 <-REALIZED_BY- Product:PR-1001 "
        "-COVERED_BY-> SLA:SLA-1",
        "99.5 percent by the account: User:U-1002 -USES_ACCOUNT-> Account:A-1001 -COVERED_BY-> SLA:SLA-2",
        # Mia: 25 samples of 2.4 and 30 of 2.6; Anna: 4.2 and better.
        "User:U-1003 has 2.5 on Service:S-1003, the holder 4.3.",
        "  31 Oct  2.6 ██████████ fair",
        "From Mia to Anna: User:U-1003 - Account:A-1001 - User:U-1001",
        "flowchart LR",
    ],
    "experience": [
        # SC-1, 4, 7, 8 and 10; José came back (SC-2), Aïcha still may (SC-5).
        "7 unfinished, 5 wasted.",
        "midFlow    ██████████ 300 s",
        "error      ████████   250 s",
        "slowLoad   ████       120 s",
        "formWall   ██         45 s",
        "bounce                6 s",
        # José twice, Ondřej twice, An: two left at the offers, Ondřej once more at the payment.
        "roamingOffers    █████  5 came, 2 left",
        "roamingPayment   ███    3 came, 1 left",
        "median_seconds is in s.",
        "changePlan by User:U-1001: somebody else (User:U-1002) called 74 minutes later.",
        "payBill by User:U-1005: nobody knows who called 86 minutes later.",
        "40% of the wasted visits became a contact.",
        "User:U-1009 (secondary) behind Customer:C-1008: 2 visits.",
        "batches of 3, 3, 1",
    ],
}


def test_every_example_is_known() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_an_example_says_what_the_story_says(name: str, server: Server, story: Graph, tmp_path: Path) -> None:
    pytest.importorskip("polars")
    pytest.importorskip("networkx")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MCE_", "NEO4J_"))}
    env |= {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.username, "NEO4J_PASSWORD": server.password}
    done = subprocess.run(
        [sys.executable, FOLDER / f"{name}.py"],
        env={**env, "PYTHONIOENCODING": "utf-8"}, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = iter(done.stdout.splitlines())
    for expected in SAID[name]:
        assert any(line == expected for line in lines), f"{expected!r} is not there, or not in its place"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", SAID)
def test_an_example_opens_as_a_notebook(name: str) -> None:
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    first, *cells = re.split(r"^# %%(.*)\n", text, flags=re.MULTILINE)
    assert first == ""
    assert len(cells) > 16
    for kind, cell in zip(cells[::2], cells[1::2], strict=True):
        if kind == " [markdown]":
            assert all(line.startswith("#") for line in cell.strip().splitlines()), cell
        else:
            assert kind == ""
            compile(cell, name, "exec")
