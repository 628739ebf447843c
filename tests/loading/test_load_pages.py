"""Page logs: visits and steps counted by hand, whatever the order and the split of the rows."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mce_graph.errors import ConfigurationError
from mce_graph.graph import Graph
from mce_graph.load.mapping import parse
from mce_graph.load.run import load
from mce_graph.statement import Statement

from .dump import dump, put, values

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HEAD = "session,user,page,enteredAt,leftAt,intent,goal,error,lcpMs,isForm,fieldsFilled\n"


def view(session: str, user: str, page: str, at: str, left: str = "", **more: str) -> str:
    day = "2026-10-20T"
    cells = [session, user, page, f"{day}{at}:00Z", f"{day}{left}:00Z" if left else ""]
    cells += [more.get(n, "") for n in ("intent", "goal", "error", "lcpMs", "isForm", "fieldsFilled")]
    return ",".join(cells) + "\n"


LOG = [
    # s1: completed
    view("s1", "U-1", "/tariff", "10:00", "10:02", intent="changeTariff"),
    view("s1", "", "/confirm", "10:02", "10:03", intent="changeTariff"),
    view("s1", "", "/done", "10:03", goal="true"),
    # s2: left after an error, wasted
    view("s2", "User:U-2", "/bill", "11:00", "11:01", intent="payBill"),
    view("s2", "User:U-2", "/bill/pay", "11:01", "11:05", intent="payBill", error="E42"),
    # s3: an intent given up, wasted, and another one completed in the same session
    view("s3", "U-3", "/sim", "12:00", "12:01", intent="swapSim", isForm="true", fieldsFilled="0"),
    view("s3", "U-3", "/faq", "12:01", "12:02"),
    view("s3", "U-3", "/address", "12:05", "12:06", intent="move", goal="true"),
    # s4: silence of 31 minutes after the page was left: two visits, both wasted
    view("s4", "", "/a", "13:00", "13:10"),
    view("s4", "", "/b", "13:41", "13:42"),
    view("s4", "", "/c", "14:12", "14:13"),  # 30 minutes are no more than 30
    # U-5 without a session: given up, and completed within the hour: not wasted
    view("", "U-5", "/roam", "15:00", "15:01", intent="roaming"),
    view("", "U-5", "/roam", "15:40", "15:41", intent="roaming", goal="true"),
]
USERS = {"User": "id\nU-1\nU-2\nU-3\nU-5\n"}


def wasted(graph: Graph) -> list[tuple[object, ...]]:
    rows = graph.selfcare.wasted_transactions(as_of="2026-10-25T00:00Z", since="2026-10-01T00:00Z")
    return [(r.user_uid, r.intent, r.last_page, r.waste_cause, r.wasted, r.recovered) for r in rows]


def test_a_log_counted_by_hand(empty_graph: Graph, tmp_path: Path) -> None:
    put(tmp_path / "in", PageView=HEAD + "".join(LOG), **USERS)
    report = load(empty_graph, tmp_path / "in", now=NOW, rejects=tmp_path / "bad.jsonl")
    assert report.ok
    assert (report.read, report.written) == (len(LOG) + 4, len(LOG) + 4)
    assert wasted(empty_graph) == [
        ("User:U-2", "payBill", "/bill/pay", "error", True, False),
        ("User:U-3", "swapSim", "/faq", "formWall", True, False),
        (None, None, "/a", "unknown", True, False),
        (None, None, "/c", "midFlow", True, False),
        ("User:U-5", "roaming", "/roam", "unknown", False, True),
    ]
    text = """MATCH (t:SelfCareTransaction)-[:HAS_STEP]->(s)
WITH t, s ORDER BY s.seq
WITH t, collect(s.pageId) AS pages
RETURN t.sessionId, t.intent, t.outcome, t.end, pages, labels(t) ORDER BY t.start"""
    assert values(empty_graph, text)[0] == (
        "s1", "changeTariff", "completed", "2026-10-20T10:03:00Z", ["/tariff", "/confirm", "/done"],
        ["SelfCareTransaction"],
    )  # fmt: skip
    assert len(values(empty_graph, text)) == 8
    again = load(empty_graph, tmp_path / "in", now=NOW)
    assert (again.written, again.unchanged) == (0, len(LOG) + 4)


def test_order_split_and_repetition_of_rows_do_not_matter(empty_graph: Graph, tmp_path: Path) -> None:
    load(empty_graph, put(tmp_path / "users", **USERS), now=NOW)
    load(empty_graph, put(tmp_path / "whole", PageView=HEAD + "".join(LOG)), now=NOW)
    before = dump(empty_graph)
    parts = {f"PageView.{i}": HEAD + "".join(LOG[i::3][::-1]) for i in range(3)}
    parts["PageView.1"] += LOG[0]
    report = load(empty_graph, put(tmp_path / "parts", **parts), now=NOW)
    assert (report.written, report.duplicate + report.unchanged) == (0, len(LOG) + 1)
    lines = [json.dumps(dict(zip(HEAD.strip().split(","), row.strip().split(","), strict=True))) for row in LOG]
    (tmp_path / "PageView.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert load(empty_graph, tmp_path / "PageView.jsonl", now=NOW).written == 0
    assert dump(empty_graph) == before


def test_a_bad_view_costs_itself_alone(empty_graph: Graph, tmp_path: Path) -> None:
    bad = [
        view("", "", "/a", "10:00"),
        view("s1", "", "/a", "25:00"),
        view("s1", "U 1", "/a", "10:00"),
        view("s1", "", "/a", "10:00", goal="maybe"),
        view("s1", "", "/a", "10:00", "09:00"),
        view("s1", "", "/a", "10:00", lcpMs="-1"),
        view("s1", "", "/a\x1b", "10:00"),
        view("s1", "", "/a", ""),
    ]
    good = LOG[:3]
    rows = list(itertools.chain.from_iterable(itertools.zip_longest(good, bad, fillvalue="")))
    put(tmp_path / "in", PageView=HEAD + "".join(rows), User="id\nU-1\n")
    report = load(empty_graph, tmp_path / "in", now=NOW, rejects=tmp_path / "bad.jsonl")
    assert (report.rejected, report.written) == (len(bad), 4)
    told = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [t["column"] for t in told] == [
        "session", "enteredAt", "user", "goal", "leftAt", "lcpMs", "page", "enteredAt",
    ]  # fmt: skip
    assert values(empty_graph, "MATCH (:SelfCareTransaction)-[:HAS_STEP]->(s) RETURN count(s)") == [(3,)]
    mended = load(empty_graph, tmp_path / "bad.jsonl", now=NOW, rejects=tmp_path / "again.jsonl")
    assert mended.rejected == len(bad)
    assert "load the log again" in (tmp_path / "again.jsonl").read_text(encoding="utf-8")


def test_a_user_who_is_not_there_costs_the_link_alone(empty_graph: Graph, tmp_path: Path) -> None:
    put(tmp_path / "in", PageView=HEAD + LOG[0])
    report = load(empty_graph, tmp_path / "in", now=NOW, rejects=tmp_path / "bad.jsonl")
    assert (report.written, report.rejected) == (1, 0)
    assert "User:U-1 is neither in the graph" in (tmp_path / "bad.jsonl").read_text(encoding="utf-8")
    assert values(empty_graph, "MATCH (n) WHERE NOT n:LoadRun RETURN count(n)") == [(2,)]


MAPPING = """
[page]
when = 'event = "view"'
[page.properties]
session = "sid"
user = "login"
page = "url"
enteredAt = { column = "ts", format = "%d.%m.%Y %H:%M", zone = "Europe/Prague" }
leftAt = { column = "bis", format = "%d.%m.%Y %H:%M", zone = "Europe/Prague" }
intent = "purpose"
goal = { column = "paid", values = { yes = "true" }, empty = [""] }
error = "fault"
lcpMs = "lcp"
isForm = { column = "form", values = { y = "true" } }
fieldsFilled = "filled"
"""


def foreign(line: str) -> str:
    """A row of our log as another system writes it: its own words, local times, and other events beside it."""
    session, user, page, entered, left, intent, goal, *rest = line.rstrip("\n").split(",")

    def local(at: str) -> str:
        when = datetime.fromisoformat(at).astimezone(ZoneInfo("Europe/Prague")) if at else None
        return when.strftime("%d.%m.%Y %H:%M") if when else ""

    error, lcp, form, filled = rest
    cells = [session, user, "view", page, local(entered), local(left), intent, "yes" if goal else "", error, lcp]
    return ";".join([*cells, "y" if form else "", filled]) + "\n"


def test_a_log_of_another_layout_gives_the_same_visits(empty_graph: Graph, tmp_path: Path) -> None:
    load(empty_graph, put(tmp_path / "ours", PageView=HEAD + "".join(LOG), **USERS), now=NOW)
    expected, counted = dump(empty_graph), wasted(empty_graph)
    empty_graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
    load(empty_graph, put(tmp_path / "users", **USERS), now=NOW)
    mapping = tmp_path / "pages.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    head = "sid;login;event;url;ts;bis;purpose;paid;fault;lcp;form;filled\n"
    for name, lines in (("mon", LOG[::2]), ("tue", LOG[1::2])):  # a visit may stand in two files
        path = tmp_path / "theirs" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(head + "s9;;scroll;/x;;;;;;;;\n" + "".join(map(foreign, lines)), encoding="utf-8")
    report = load(empty_graph, tmp_path / "theirs", mapping=mapping, delimiter=";", now=NOW)
    assert (report.read, report.written, report.rejected) == (len(LOG) + 2, len(LOG), 0)
    assert dump(empty_graph) == expected
    assert wasted(empty_graph) == counted


def test_a_view_of_another_layout_that_is_off_is_told_in_its_own_words(empty_graph: Graph, tmp_path: Path) -> None:
    mapping = tmp_path / "pages.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    log = tmp_path / "log.csv"
    log.write_text(
        "sid;login;event;url;ts;bis;purpose;paid;fault;lcp;form;filled\n"
        "s1;;view;/a;20.10.2026 10:00;;;;;;;\n;;view;/b;20.10.2026 10:00;;;;;;;\ns1;;view;/c;;;;;;;;\n",
        encoding="utf-8",
    )
    report = load(empty_graph, log, mapping=mapping, delimiter=";", now=NOW, rejects=tmp_path / "bad.jsonl")
    assert (report.written, report.rejected) == (1, 2)
    lines = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["line"], line["column"]) for line in lines] == [(3, "sid"), (4, "ts")]
    again = load(empty_graph, tmp_path / "bad.jsonl", mapping=mapping, now=NOW, rejects=tmp_path / "worse.jsonl")
    assert (again.written, again.rejected) == (0, 2)
    assert "mend the row there" in (tmp_path / "worse.jsonl").read_text(encoding="utf-8")


def test_mistakes_of_a_mapped_page_log_are_told(tmp_path: Path) -> None:
    for text, said in (
        ('[page]\n[page.properties]\npage = "url"\nenteredAt = "ts"', "needs session or user"),
        ('[page]\n[page.properties]\nsession = "sid"', "needs page and enteredAt"),
        (MAPPING + '[[node]]\nlabel = "User"\nid = "{login}"', "no [[node]]"),
        ("page = 3", "is a table"),
        (MAPPING + 'colour = "x"', "no such property"),
    ):
        with pytest.raises(ConfigurationError) as caught:
            parse(text, "pages.toml")
        assert said in caught.value.message
