"""The page as a text: complete, closed, and with nothing in it that runs but its own two scripts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from mce_graph.picture import page as module
from mce_graph.picture.page import MOST, page
from mce_graph.picture.sheet import sheet
from tests.picture import made

CYTOSCAPE = "081591ab735b2b6a3b31a3c60f8f3a3e2fee8c92939e0c7820ad1208571b6cd8"
"""SHA-256 of dist/cytoscape.min.js of the npm package cytoscape 3.34.4."""
ASSETS = Path(module.__file__).parent / "assets"


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_cytoscape_is_the_published_file_with_its_licence() -> None:
    assert hashlib.sha256((ASSETS / "cytoscape.min.js").read_bytes()).hexdigest() == CYTOSCAPE
    assert "The Cytoscape Consortium" in (ASSETS / "cytoscape.LICENSE.txt").read_text(encoding="utf-8")


def test_the_policy_lets_its_own_scripts_run_and_nothing_out() -> None:
    text = page(made.household())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "default-src &#x27;none&#x27;" in policy[1]
    assert "unsafe" not in policy[1]
    assert "http" not in policy[1]
    for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy[1]
    assert not re.search(r'(src|href)="?(https?:)?//', text.partition("<script>")[0])


def test_a_hostile_name_cannot_leave_the_data() -> None:
    text = page(made.household(), "Customer:C-1")
    assert made.EVIL not in text
    assert text.count("</script>") == 3
    names = {str(n["uid"]): n["name"] for n in data_of(text)["nodes"]}
    assert names["Customer:C-1"] == made.EVIL
    marks = page(made.graph([made.node("User:U-1", nickname="%%SCRIPT%%")]))
    assert data_of(marks)["nodes"][0]["name"] == "%%SCRIPT%%"


def test_what_only_we_need_stays_out() -> None:
    assert "a-load" not in page(made.household())


def test_more_than_a_thousand_nodes_are_cut_and_said() -> None:
    data = data_of(page(made.crowd(MOST + 7), "Account:A-1"))
    assert (len(data["nodes"]), data["more"]) == (MOST, 7)
    assert data["nodes"][0]["uid"] == "Account:A-1"
    assert len(data["links"]) == MOST - 1


def test_a_page_of_nothing() -> None:
    assert data_of(page(made.graph([])))["nodes"] == []


def test_a_sheet_has_no_script_and_every_text_is_data() -> None:
    text = sheet(["a<b", "n"], [[made.EVIL, 1], ["a\u202eb\x1b[0m", None]], "T & U")
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in text
    assert "<title>T &amp; U</title>" in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "content=\"default-src 'none'; style-src" in text
    assert "2 rows" in text
