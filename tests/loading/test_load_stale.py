"""What a finished snapshot no longer holds: shown, ended, withdrawn or deleted; and when nothing is touched."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from mce_graph.errors import NotFoundError, SourceError, UsageError
from mce_graph.graph import Graph
from mce_graph.load.run import load
from mce_graph.load.stale import find_stale, remove_stale, share

from .dump import dump, put, values
from .test_load_graph import NOW, markers

Y2020, Y2021, Y2022 = (f"{year}-01-01T00:00:00Z" for year in (2020, 2021, 2022))
DAY1, DAY2, DAY3 = (f"2026-10-0{n}T00:00:00Z" for n in (1, 2, 3))


def crm(folder: Path, customers: str = "1 2 3 4 5", holds: str = "1 2 3 4 5") -> Path:
    """An extract of the CRM: customers, who is behind them, and the accounts they hold."""
    numbers, held = customers.split(), holds.split()
    return put(
        folder,
        Customer="id,name\n" + "".join(f"C-{n},Name {n}\n" for n in numbers),
        Individual="id\n" + "".join(f"P-{n}\n" for n in numbers),
        ENGAGED_PARTY="start,end\n" + "".join(f"Customer:C-{n},Individual:P-{n}\n" for n in numbers),
        HOLDS_ACCOUNT="start,end,role,validFrom\n"
        + "".join(f"Customer:C-{n},Account:A-{n},accountHolder,2020-01-01T00:00:00Z\n" for n in held),
    )


def accounts(graph: Graph, folder: Path) -> None:
    load(graph, put(folder, Account="id\n" + "".join(f"A-{n}\n" for n in range(1, 6))), system="BILLING", now=NOW)


def snapshot(graph: Graph, folder: Path, at: str, system: str = "CRM") -> None:
    report = load(graph, folder, snapshot=system, extracted_at=at, now=NOW, rejects=folder.parent / "rejects.jsonl")
    assert report.ok, report.to_dict()


def counted(graph: Graph, system: str = "CRM", most: str = "100%") -> dict[str, dict[str, object]]:
    tables = remove_stale(graph, system, max_share=most, now=NOW).tables
    return {t.table: {k: v for k, v in t.to_dict().items() if v and k != "table"} for t in tables}


def test_what_a_snapshot_no_longer_holds_ends_or_goes(empty_graph: Graph, tmp_path: Path) -> None:
    accounts(empty_graph, tmp_path / "billing")
    snapshot(empty_graph, crm(tmp_path / "first"), DAY1)
    before = dump(empty_graph)
    assert counted(empty_graph) == {
        "Customer": {"asserted": 5}, "Individual": {"asserted": 5}, "ENGAGED_PARTY": {"asserted": 5},
        "HOLDS_ACCOUNT": {"asserted": 5},
    }  # fmt: skip
    assert dump(empty_graph) == before
    snapshot(empty_graph, crm(tmp_path / "second", customers="1 2 3 4", holds="1 2 3"), DAY2)
    assert counted(empty_graph, most="40%") == {
        "Customer": {"asserted": 5, "deleted": 1},
        "Individual": {"asserted": 5, "deleted": 1},
        "ENGAGED_PARTY": {"asserted": 5, "ended": 1},
        "HOLDS_ACCOUNT": {"asserted": 5, "ended": 2},
    }
    assert values(empty_graph, "MATCH (n:Customer|Individual) RETURN n.uid ORDER BY n.uid") == [
        (f"{label}-{n}",) for label in ("Customer:C", "Individual:P") for n in range(1, 5)
    ]
    held = "MATCH (:Customer {id: 'C-4'})-[r:HOLDS_ACCOUNT]->() RETURN r.validTo, r.sources"
    assert values(empty_graph, held) == [(DAY2, [])]
    after = dump(empty_graph)
    assert sum(t.stale for t in remove_stale(empty_graph, "CRM", now=NOW).tables) == 0
    assert dump(empty_graph) == after
    # What comes back holds again, from its old start.
    snapshot(empty_graph, crm(tmp_path / "third"), DAY3)
    assert dump(empty_graph) == before


def test_other_systems_keep_what_they_assert(empty_graph: Graph, tmp_path: Path) -> None:
    customers = {
        "CRM": "id,name,segment\nC-1,Ann,gold\nC-2,Ben,\nC-3,Cy,\nC-4,Di,\n",
        "BILLING": "id,name\nC-1,Anna\nC-2,Ben\n",
    }
    for system, text in customers.items():
        load(empty_graph, put(tmp_path / system, Customer=text), snapshot=system, extracted_at=DAY1, now=NOW)
    assert values(empty_graph, "MATCH (s:SourceRecord) RETURN count(s)") == [(2,)]
    tickets = put(
        tmp_path / "tickets", TroubleTicket="id,status\nT-1,closed\n",
        ON_TICKET="start,end,role\nCustomer:C-3,TroubleTicket:T-1,customer\n",
    )  # fmt: skip
    load(empty_graph, tickets, system="TICKETING", now=NOW)
    snapshot(empty_graph, put(tmp_path / "second", Customer="id,name,segment\nC-9,Zoe,\n"), DAY2)
    assert counted(empty_graph) == {"Customer": {"asserted": 5, "withdrawn": 2, "deleted": 1, "kept": 1}}
    assert values(empty_graph, "MATCH (c:Customer) RETURN c.id, c.name, c.segment, c.sources ORDER BY c.id") == [
        ("C-1", "Anna", None, ["BILLING"]), ("C-2", "Ben", None, ["BILLING"]), ("C-3", "Cy", None, ["CRM"]),
        ("C-9", "Zoe", None, ["CRM"]),
    ]  # fmt: skip
    assert values(empty_graph, "MATCH (s:SourceRecord) RETURN count(s)") == [(0,)]
    assert values(empty_graph, "MATCH (c:Customer {id: 'C-1'}) RETURN c.seenCrm") == [(None,)]


HISTORIES = {
    "SDP": f"User:U-1,Account:A-1,guest,{Y2020},{Y2021},User:shop\nUser:U-1,Account:A-1,guest,{Y2021},,User:app\n",
    "CRM": f"User:U-1,Account:A-1,guest,{Y2020},\n",
    "BILLING": f"User:U-1,Account:A-1,guest,{Y2021},{Y2022}\n",
}
"""Three accounts of when one user used one account. SDP is the master of it, and alone knows where it was added."""
USED = (
    "MATCH (:User {id: 'U-1'})-[r:USES_ACCOUNT]->() "
    "RETURN r.validFrom, r.validTo, r.addedBy, r.sources, r.otherPeriods ORDER BY r.validFrom"
)


def history(folder: Path, system: str, rows: str | None = None) -> Path:
    """An extract of one system in which two users use an account; what it says of the first one is to be given."""
    said = HISTORIES[system] if rows is None else rows
    adds = system == "SDP"
    used = (
        f"start,end,role,validFrom,validTo{',addedBy' * adds}\n{said}User:U-2,Account:A-1,guest,{Y2020},{',' * adds}\n"
    )
    return put(folder, User="id\nU-1\nU-2\n", Account="id\nA-1\n", USES_ACCOUNT=used)


@pytest.mark.parametrize("small", [0, 2_000], ids=["by table", "mixed"])
def test_histories_of_several_systems_in_any_order_and_without_one_of_them(
    empty_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr("mce_graph.load.run.SMALL", small)
    first: list[str] = []
    for order in [*itertools.permutations(HISTORIES)][: None if small else 2]:
        empty_graph.cypher("MATCH (n) DETACH DELETE n", write=True)
        for system in order:
            snapshot(empty_graph, history(tmp_path / system, system), DAY1, system)
        assert values(empty_graph, USED) == [
            (Y2020, Y2021, "User:shop", ["CRM", "SDP"], ["CRM 2020-01-01T00:00:00+00:00/.."]),
            (
                Y2021,
                None,
                "User:app",
                ["BILLING", "SDP"],
                ["BILLING 2021-01-01T00:00:00+00:00/2022-01-01T00:00:00+00:00"],
            ),
        ]
        first = first or dump(empty_graph)
        assert dump(empty_graph) == first
    for system in HISTORIES:
        snapshot(empty_graph, history(tmp_path / system, system), DAY1, system)
    assert dump(empty_graph) == first
    snapshot(empty_graph, history(tmp_path / "later", "SDP", ""), DAY2, "SDP")
    # What had ended before is history, which an extract may leave out.
    assert counted(empty_graph, "SDP")["USES_ACCOUNT"] == {"asserted": 3, "withdrawn": 1}
    assert values(empty_graph, USED) == [
        (Y2020, Y2021, "User:shop", ["CRM", "SDP"], ["CRM 2020-01-01T00:00:00+00:00/.."]),
        (Y2021, Y2022, None, ["BILLING"], None),
    ]
    snapshot(empty_graph, history(tmp_path / "again", "SDP"), DAY3, "SDP")
    assert dump(empty_graph) == first


def test_two_relationships_become_one_when_a_system_tells_that_they_are(empty_graph: Graph, tmp_path: Path) -> None:
    snapshot(empty_graph, history(tmp_path / "crm", "CRM"), DAY1, "CRM")
    ended = f"User:U-1,Account:A-1,guest,{Y2021},{Y2022},\n"
    snapshot(empty_graph, history(tmp_path / "sdp", "SDP", ended), DAY1, "SDP")
    assert values(empty_graph, USED) == [(Y2020, None, None, ["CRM"], None), (Y2021, Y2022, None, ["SDP"], None)]
    # The end was a mistake, which the system takes back: now both are open, and the master's start is shown.
    snapshot(empty_graph, history(tmp_path / "new", "SDP", f"User:U-1,Account:A-1,guest,{Y2021},,\n"), DAY2, "SDP")
    assert values(empty_graph, USED) == [(Y2021, None, None, ["CRM", "SDP"], ["CRM 2020-01-01T00:00:00+00:00/.."])]


def test_a_user_who_goes_takes_the_person_made_for_them(empty_graph: Graph, tmp_path: Path) -> None:
    snapshot(empty_graph, put(tmp_path / "first", User="id,nickname\nU-1,ann\nU-2,bo\n"), DAY1, "IDM")
    snapshot(empty_graph, put(tmp_path / "second", User="id,nickname\nU-1,ann\n"), DAY2, "IDM")
    assert counted(empty_graph, "IDM") == {"User": {"asserted": 2, "deleted": 1}}
    assert values(empty_graph, "MATCH (n:User|Individual) RETURN n.uid ORDER BY n.uid") == [
        ("Individual:IDM~U-1",), ("User:U-1",),
    ]  # fmt: skip


def test_a_person_who_goes_leaves_a_user_unknown_to_the_back_end(empty_graph: Graph, tmp_path: Path) -> None:
    load(empty_graph, put(tmp_path / "idm", User="id,nickname\nU-1,ann\n"), system="IDM", now=NOW)
    links = {"IDENTIFIES": "start,end,method\nUser:U-1,Individual:P-1,exact\n"}
    snapshot(empty_graph, put(tmp_path / "first", Individual="id\nP-1\nP-2\n", **links), DAY1)
    assert markers(empty_graph) == {"U-1": []}
    more = {"IDENTIFIES": "start,end,method\nUser:U-2,Individual:P-2,exact\n", "User": "id\nU-2\n"}
    snapshot(empty_graph, put(tmp_path / "second", Individual="id\nP-2\n", **more), DAY2)
    counted(empty_graph)
    assert markers(empty_graph) == {"U-1": ["FrontOnly"], "U-2": []}
    assert values(empty_graph, "MATCH (:User {id: 'U-1'})-[:IDENTIFIES]->(p) RETURN p.uid") == [("Individual:IDM~U-1",)]


def test_relationships_without_a_period_go(empty_graph: Graph, tmp_path: Path) -> None:
    first = {
        "TroubleTicket": "id\nT-1\nT-2\n", "Account": "id\nA-1\n",
        "ABOUT": "start,end\nTroubleTicket:T-1,Account:A-1\nTroubleTicket:T-2,Account:A-1\n",
    }  # fmt: skip
    snapshot(empty_graph, put(tmp_path / "first", **first), DAY1, "TICKETING")
    first["ABOUT"] = "start,end\nTroubleTicket:T-1,Account:A-1\n"
    snapshot(empty_graph, put(tmp_path / "second", **first), DAY2, "TICKETING")
    assert counted(empty_graph, "TICKETING")["ABOUT"] == {"asserted": 2, "deleted": 1}
    assert values(empty_graph, "MATCH (t)-[:ABOUT]->() RETURN t.id") == [("T-1",)]


def test_a_forgotten_table_and_what_came_later_are_left_alone(empty_graph: Graph, tmp_path: Path) -> None:
    accounts(empty_graph, tmp_path / "billing")
    snapshot(empty_graph, crm(tmp_path / "first"), DAY1)
    only = put(tmp_path / "second", Customer="id,name\n" + "".join(f"C-{n},Name {n}\n" for n in range(1, 5)))
    snapshot(empty_graph, only, DAY2)
    load(empty_graph, put(tmp_path / "delta", Customer="id,name\nC-5,Name 5\nC-6,New\n"), system="CRM", now=NOW)
    assert counted(empty_graph) == {"Customer": {"asserted": 6}}
    # The same snapshot again counts from now on: what the delta brought is not in it.
    snapshot(empty_graph, only, DAY2)
    assert counted(empty_graph) == {"Customer": {"asserted": 6, "deleted": 2}}


def test_what_is_refused(empty_graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no snapshot of CRM"):
        find_stale(empty_graph, "crm")
    load(empty_graph, put(tmp_path / "delta", Customer="id\nC-1\n"), system="CRM", now=NOW)
    with pytest.raises(NotFoundError, match="no snapshot of CRM"):
        find_stale(empty_graph, "CRM")
    snapshot(empty_graph, put(tmp_path / "first", Customer="id\nC-1\nC-2\nC-3\n"), DAY1)
    half = put(tmp_path / "half", Customer="id\nC-1\nC 2\n")
    load(empty_graph, half, snapshot="CRM", extracted_at=DAY2, now=NOW, rejects=tmp_path / "rejects.jsonl")
    with pytest.raises(SourceError, match="not whole: 1 rows"):
        remove_stale(empty_graph, "CRM", max_share=1, now=NOW)
    (half / "Customer.csv").write_text("id\nC-1\n", encoding="utf-8")
    (half / "Account.csv").write_text("", encoding="utf-8")
    load(empty_graph, half, snapshot="CRM", extracted_at=DAY2, now=NOW)
    with pytest.raises(SourceError, match="1 files refused"):
        remove_stale(empty_graph, "CRM", max_share=1, now=NOW)
    (half / "Account.csv").unlink()
    snapshot(empty_graph, half, DAY2)
    before = dump(empty_graph, seen=True)
    with pytest.raises(SourceError, match="67% of what CRM asserts"):
        remove_stale(empty_graph, "CRM", now=NOW)
    assert dump(empty_graph, seen=True) == before
    assert find_stale(empty_graph, "CRM").count == 2
    with pytest.raises(UsageError, match="come from BILLING"):
        load(empty_graph, half, snapshot="CRM", system="BILLING")
    for word in ("120%", "x", "-1"):
        with pytest.raises(UsageError):
            share(word)
