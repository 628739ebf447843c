"""What loads leave in the graph: the same whatever their order, split and repetition; markers, parties and periods."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mce_graph import systems
from mce_graph.errors import MceError, SourceError, UsageError
from mce_graph.graph import Graph
from mce_graph.load.checkpoint import Checkpoint
from mce_graph.load.run import load
from mce_graph.statement import Statement

from .dump import dump, put, values

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
D2020, D2021, D2022 = "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z"

FAMILY = {
    "Individual": "id,givenName,birthDate\nP-1,Ann,1980-01-01\nP-2,Bo,2014-05-01\n",
    "Customer": "id,name,status\nC-1,Ann Archer,active\n",
    "Account": "id,state\nA-1,Active\n",
    "User": "id,nickname,login,sources\nU-1,ann,Ann@x.org,IDM\nU-2,bo,,IDM\nU-3,guest,,SDP\n",
    "ENGAGED_PARTY": "start,end\nCustomer:C-1,Individual:P-1\n",
    "HOLDS_ACCOUNT": f"start,end,role,validFrom\nCustomer:C-1,Account:A-1,accountHolder,{D2020}\n",
    "IDENTIFIES": "start,end,method,confidence\nUser:U-1,Customer:C-1,exact,1\nUser:U-2,Individual:P-2,exact,0.9\n",
    "USES_ACCOUNT": (
        "start,end,role,validFrom,validTo\n"
        f"User:U-1,Account:A-1,primary,{D2020},\n"
        f"User:U-2,Account:A-1,secondary,{D2021},\n"
        f"User:U-3,Account:A-1,guest,{D2021},{D2022}\n"
        f"User:U-3,Account:A-1,secondary,{D2022},\n"
    ),
    "GUARDIAN_OF": "start,end\nIndividual:P-1,Individual:P-2\n",
}


@pytest.fixture(params=["small", "large", "huge"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small load is written in mixed batches, a large one table by table, a huge one waits on disk: all the same."""
    if request.param != "small":
        monkeypatch.setattr("mce_graph.load.run.SMALL", 0)
    if request.param == "huge":
        monkeypatch.setattr("mce_graph.load.shelf.AT_ONCE", 2)


def load_here(graph: Graph, folder: Path, **options: object) -> dict[str, int]:
    report = load(graph, folder, rejects=folder.parent / "rejects.jsonl", now=NOW, **options)  # type: ignore[arg-type]
    said = report.counts
    return {n: getattr(said, n) for n in ("written", "unchanged", "duplicate", "rejected") if getattr(said, n)}


def markers(graph: Graph) -> dict[str, list[str]]:
    rows = values(graph, "MATCH (u:User) RETURN u.id, [l IN labels(u) WHERE l <> 'User'] ORDER BY u.id")
    return {str(id_): sorted(map(str, labels)) for id_, labels in rows if isinstance(labels, list)}


# --- the same again ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("size")
def test_a_family_as_written_by_hand(empty_graph: Graph, tmp_path: Path) -> None:
    assert load_here(empty_graph, put(tmp_path / "in", **FAMILY)) == {"written": 16}
    assert dump(empty_graph) == [
        "(Account id='A-1', sources=['BILLING'], state='Active', uid='Account:A-1')",
        "(Customer id='C-1', name='Ann Archer', sources=['CRM'], status='active', uid='Customer:C-1')",
        "(Customer:C-1)-[ENGAGED_PARTY sources=['CRM'], validFrom=datetime.datetime(1, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc)]->(Individual:P-1)",
        "(Customer:C-1)-[HOLDS_ACCOUNT role='accountHolder', sources=['CRM'], validFrom=datetime.datetime(2020, 1, 1, "
        "0, 0, tzinfo=datetime.timezone.utc)]->(Account:A-1)",
        "(FrontOnly:SecondaryUser:User id='U-3', nickname='guest', sources=['SDP'], uid='User:U-3')",
        "(Individual:P-1)-[GUARDIAN_OF sources=['CRM'], validFrom=datetime.datetime(1, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc)]->(Individual:P-2)",
        "(Individual:Party birthDate=datetime.date(1980, 1, 1), givenName='Ann', id='P-1', sources=['CRM'], "
        "uid='Individual:P-1')",
        "(Individual:Party birthDate=datetime.date(2014, 5, 1), givenName='Bo', id='P-2', sources=['CRM'], "
        "uid='Individual:P-2')",
        "(Individual:Party id='IDM~U-3', name='guest', sources=['SDP'], stub=True, uid='Individual:IDM~U-3')",
        "(PrimaryUser:User id='U-1', login='ann@x.org', nickname='ann', sources=['IDM'], uid='User:U-1')",
        "(SecondaryUser:User id='U-2', nickname='bo', sources=['IDM'], uid='User:U-2')",
        "(User:U-1)-[IDENTIFIES confidence=1.0, method='exact', sources=['IDM'], validFrom=datetime.datetime(1, 1, 1, "
        "0, 0, tzinfo=datetime.timezone.utc)]->(Individual:P-1)",
        "(User:U-1)-[USES_ACCOUNT role='primary', sources=['SDP'], validFrom=datetime.datetime(2020, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc)]->(Account:A-1)",
        "(User:U-2)-[IDENTIFIES confidence=0.9, method='exact', sources=['IDM'], validFrom=datetime.datetime(1, 1, 1, "
        "0, 0, tzinfo=datetime.timezone.utc)]->(Individual:P-2)",
        "(User:U-2)-[USES_ACCOUNT role='secondary', sources=['SDP'], validFrom=datetime.datetime(2021, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc)]->(Account:A-1)",
        "(User:U-3)-[IDENTIFIES method='rule', sources=['SDP'], validFrom=datetime.datetime(1, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc)]->(Individual:IDM~U-3)",
        "(User:U-3)-[USES_ACCOUNT role='guest', sources=['SDP'], validFrom=datetime.datetime(2021, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc), validTo=datetime.datetime(2022, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc)]->(Account:A-1)",
        "(User:U-3)-[USES_ACCOUNT role='secondary', sources=['SDP'], validFrom=datetime.datetime(2022, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc)]->(Account:A-1)",
    ]


@pytest.mark.usefixtures("size")
def test_the_same_load_again_rewrites_nothing(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", **FAMILY)
    load_here(empty_graph, folder)
    text = "MATCH (r:LoadRun) WHERE r.id <> 'lease' RETURN r.id, r.batch, r.finishedAt, r.counts, r.complete"
    before, runs = dump(empty_graph, seen=True), values(empty_graph, text)
    assert load_here(empty_graph, folder) == {"unchanged": 16}
    assert dump(empty_graph, seen=True) == before
    assert values(empty_graph, text) == runs


@pytest.mark.usefixtures("size")
def test_the_same_load_mends_what_was_changed_since(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", **FAMILY)
    load_here(empty_graph, folder)
    before = dump(empty_graph)
    change = (
        "MATCH (c:Customer {id: 'C-1'}) SET c.name = 'Eve' WITH c MATCH (u:User {id: 'U-2'})-[r:USES_ACCOUNT]->() "
        "DELETE r WITH DISTINCT u REMOVE u:SecondaryUser"
    )
    empty_graph.fetch(Statement(change, access="write"))
    assert load_here(empty_graph, folder) == {"written": 2, "unchanged": 14}
    assert dump(empty_graph) == before


def test_the_order_and_the_split_of_files_do_not_matter(empty_graph: Graph, tmp_path: Path) -> None:
    load_here(empty_graph, put(tmp_path / "whole", **FAMILY))
    whole = dump(empty_graph)
    empty_graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
    parts = tmp_path / "parts"
    parts.mkdir()
    for table, text in FAMILY.items():
        header, *rows = text.splitlines(keepends=True)
        for i, row in enumerate(reversed(rows)):
            (parts / f"{table}.{'zab'[i % 3]}{i}.csv").write_text(header + row, encoding="utf-8")
    load_here(empty_graph, parts)
    assert dump(empty_graph) == whole


def test_exact_duplicates_are_counted_and_conflicts_decided_by_rule(empty_graph: Graph, tmp_path: Path) -> None:
    put(
        tmp_path / "in",
        Customer=(
            "id,name,segment,lastUpdate\n"
            "C-1,Old,,2024-01-01T00:00:00Z\nC-1,New,,2024-02-01T00:00:00Z\n"  # the newest wins
            "C-2,Zed,,\nC-2,Abe,,\n"  # without times the one whose JSON sorts first
            "C-3,Cy,x,\nC-3,Cy,x,\n C-3 ,Cy,x,\n"
        ),
    )
    report = load(empty_graph, tmp_path / "in", rejects=tmp_path / "bad.jsonl", now=NOW)
    assert report.to_dict() | {"files": 0, "id": 0, "seconds": 0, "rejects": 0} == {
        "read": 7, "written": 3, "unchanged": 0, "duplicate": 2, "rejected": 2, "blank": 0, "nodes_created": 3,
        "relationships_created": 0, "changes": {"Customer": 3}, "dry_run": False,
        "resumed": False, "warnings": {}, "files": 0, "id": 0, "seconds": 0, "rejects": 0,
    }  # fmt: skip
    assert values(empty_graph, "MATCH (c:Customer) RETURN c.id, c.name ORDER BY c.id") == [
        ("C-1", "New"), ("C-2", "Abe"), ("C-3", "Cy"),
    ]  # fmt: skip
    text = (tmp_path / "bad.jsonl").read_text(encoding="utf-8")
    assert text.count('"reason": "conflict: another record of the same key and system says otherwise"') == 2
    assert '"line": 2' in text
    assert '"line": 4' in text


# --- several systems ---------------------------------------------------------------------------------------------

CRM = {"Customer": "id,name,segment,status\nC-1,Ann Archer,gold,active\nC-2,Ben,,\n"}
SDP = {"Customer": "id,name,segment\nC-1,Ann A.,gold\nC-3,Cy,silver\n"}
BILLING = {"Customer": "id,name,segment\nC-1,Ann Archer,\n"}


@pytest.mark.usefixtures("size")
def test_loads_of_several_systems_give_one_graph_in_any_order(empty_graph: Graph, tmp_path: Path) -> None:
    folders = {s: put(tmp_path / s, **t) for s, t in (("CRM", CRM), ("SDP", SDP), ("BILLING", BILLING))}
    dumps = []
    for order in itertools.permutations(folders):
        empty_graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
        for system in order:
            load_here(empty_graph, folders[system], system=system)
        dumps.append(dump(empty_graph))
    assert all(one == dumps[0] for one in dumps[1:])
    records = """MATCH (s:SourceRecord)-[:ASSERTS]->(n)
RETURN s.uid, s.name, s.segment, s.status, s.declares, n.uid ORDER BY s.uid"""
    assert values(empty_graph, records) == [
        ("SourceRecord:BILLING|Customer|C-1", "Ann Archer", None, None, ["name", "segment"], "Customer:C-1"),
        ("SourceRecord:CRM|Customer|C-1", "Ann Archer", "gold", "active",
         ["name", "segment", "status", "statusRaw"], "Customer:C-1"),
        ("SourceRecord:SDP|Customer|C-1", "Ann A.", "gold", None, ["name", "segment"], "Customer:C-1"),
    ]  # fmt: skip
    merged = "MATCH (c:Customer) RETURN c.id, c.name, c.segment, c.status, c.sources ORDER BY c.id"
    assert values(empty_graph, merged) == [
        ("C-1", "Ann Archer", "gold", "active", ["BILLING", "CRM", "SDP"]),
        ("C-2", "Ben", None, None, ["CRM"]),
        ("C-3", "Cy", "silver", None, ["SDP"]),
    ]


@pytest.mark.usefixtures("size")
def test_source_records_go_when_all_agree_again(empty_graph: Graph, tmp_path: Path) -> None:
    load_here(empty_graph, put(tmp_path / "crm", Customer="id,name\nC-1,Ann\n"), system="CRM")
    load_here(empty_graph, put(tmp_path / "sdp", Customer="id,name\nC-1,Anne\n"), system="SDP")
    assert values(empty_graph, "MATCH (s:SourceRecord) RETURN count(s)") == [(2,)]
    changed = put(tmp_path / "sdp2", Customer="id,name\nC-1,Ann\n")
    assert load_here(empty_graph, changed, system="SDP") == {"written": 1}
    assert values(empty_graph, "MATCH (n) WHERE NOT n:LoadRun RETURN labels(n), n.name, n.sources") == [
        (["Customer"], "Ann", ["CRM", "SDP"])
    ]


@pytest.mark.usefixtures("size")
def test_agreeing_systems_cost_no_source_record(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", Customer="id,name,sources\nC-1,Ann,CRM\nC-1,Ann,SDP\nC-2,Ben,CRM;SDP\n")
    assert load_here(empty_graph, folder) == {"written": 3}
    assert values(empty_graph, "MATCH (n) WHERE NOT n:LoadRun RETURN n.uid, n.sources ORDER BY n.uid") == [
        ("Customer:C-1", ["CRM", "SDP"]),
        ("Customer:C-2", ["CRM", "SDP"]),
    ]
    assert load_here(empty_graph, folder) == {"unchanged": 3}


@pytest.mark.usefixtures("size")
def test_source_records_are_loaded_as_given(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        Customer="id,name,sources\nC-1,Ann,CRM;SDP\n",
        SourceRecord="system,entityType,externalId,name\nCRM,Customer,C-1,Ann\nSDP,Customer,77,Anne\n",
        ASSERTS=("start,end\nSourceRecord:CRM|Customer|C-1,Customer:C-1\nSourceRecord:SDP|Customer|77,Customer:C-1\n"),
    )
    assert load_here(empty_graph, folder) == {"written": 5}
    text = "MATCH (s:SourceRecord)-[:ASSERTS]->(c) RETURN s.uid, s.name, s.sources ORDER BY s.uid"
    given = [
        ("SourceRecord:CRM|Customer|C-1", "Ann", ["CRM"]),
        ("SourceRecord:SDP|Customer|77", "Anne", ["SDP"]),
    ]
    assert values(empty_graph, text) == given
    assert load_here(empty_graph, folder) == {"unchanged": 5}
    assert values(empty_graph, text) == given


@pytest.mark.usefixtures("size")
def test_an_unchanged_row_of_a_new_load_counts_as_unchanged(empty_graph: Graph, tmp_path: Path) -> None:
    load_here(empty_graph, put(tmp_path / "one", Customer="id,name\nC-1,Ann\nC-2,Ben\n"), system="CRM")
    report = load(
        empty_graph, put(tmp_path / "two", Customer="id,name\nC-1,Ann\nC-2,Bea\n"), system="CRM", now=NOW,
        rejects=tmp_path / "bad.jsonl",
    )  # fmt: skip
    assert (report.written, report.unchanged) == (1, 1)
    assert values(empty_graph, "MATCH (c:Customer) RETURN DISTINCT c.seenCrm") == [(report.id,)]


def test_an_older_extract_of_a_system_is_refused(empty_graph: Graph, tmp_path: Path) -> None:
    new = put(tmp_path / "new", Customer="id,name\nC-1,Ann\n")
    old = put(tmp_path / "old", Customer="id,name\nC-1,Anna\n")
    load_here(empty_graph, new, system="CRM", extracted_at="2026-10-02T00:00:00Z")
    with pytest.raises(SourceError, match="made later was loaded already"):
        load_here(empty_graph, old, system="CRM", extracted_at="2026-10-01T00:00:00Z")
    assert values(empty_graph, "MATCH (c:Customer) RETURN c.name") == [("Ann",)]


# --- relationships and periods -----------------------------------------------------------------------------------

ENDS = {"User": "id\nU-1\nU-2\n", "Account": "id\nA-1\n"}
PERIODS = (
    "MATCH (:User)-[r:USES_ACCOUNT]->() RETURN r.role, r.validFrom, r.validTo, r.sources ORDER BY r.role, r.validFrom"
)


def uses(*rows: str) -> str:
    return "start,end,role,validFrom,validTo\n" + "".join(f"User:U-1,Account:A-1,{row}\n" for row in rows)


@pytest.mark.usefixtures("size")
def test_an_open_period_is_adopted_and_a_known_start_stays(empty_graph: Graph, tmp_path: Path) -> None:
    load_here(empty_graph, put(tmp_path / "0", **ENDS, USES_ACCOUNT=uses("guest,,")))
    unknown = "0001-01-01T00:00:00Z"
    assert values(empty_graph, PERIODS) == [("guest", unknown, None, ["SDP"])]
    load_here(empty_graph, put(tmp_path / "1", USES_ACCOUNT=uses(f"guest,{D2021},")))
    assert values(empty_graph, PERIODS) == [("guest", D2021, None, ["SDP"])]
    assert load_here(empty_graph, put(tmp_path / "2", USES_ACCOUNT=uses("guest,,"))) == {"unchanged": 1}
    assert load_here(empty_graph, put(tmp_path / "3", USES_ACCOUNT=uses(f"guest,{D2020},"))) == {"written": 1}
    load_here(empty_graph, put(tmp_path / "4", USES_ACCOUNT=uses(f"guest,{D2020},{D2022}", f"primary,{D2022},")))
    assert values(empty_graph, PERIODS) == [("guest", D2020, D2022, ["SDP"]), ("primary", D2022, None, ["SDP"])]


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("order", [("IDM", "SDP"), ("SDP", "IDM")])
def test_between_systems_the_better_rank_gives_the_start(
    empty_graph: Graph, tmp_path: Path, order: tuple[str, str]
) -> None:
    said = {"SDP": D2021, "IDM": D2020}  # SDP is the master of this type
    load_here(empty_graph, put(tmp_path / "ends", **ENDS))
    for system in order:
        load_here(empty_graph, put(tmp_path / system, USES_ACCOUNT=uses(f"guest,{said[system]},")), system=system)
    text = "MATCH ()-[r:USES_ACCOUNT]->() RETURN r.validFrom = datetime($at), r.sources"
    assert values(empty_graph, text, at=D2021) == [(True, ["IDM", "SDP"])]


def test_two_open_periods_of_one_system_are_a_conflict(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", **ENDS, USES_ACCOUNT=uses(f"guest,{D2021},", f"guest,{D2020},", "guest,,"))
    assert load_here(empty_graph, folder) == {"written": 4, "duplicate": 1, "rejected": 1}
    text = "MATCH ()-[r:USES_ACCOUNT]->() RETURN r.validFrom = datetime($at)"
    assert values(empty_graph, text, at=D2020) == [(True,)]


@pytest.mark.usefixtures("size")
def test_a_relationship_without_its_end_is_rejected_with_the_end(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        User="id,status\nU-1,active\nU-2,zombie\n",
        Account="id\nA-1\n",
        USES_ACCOUNT=(
            "start,end\nUser:U-1,Account:A-1\nUser:U-2,Account:A-1\nUser:U-9,Account:A-1\nUser:U-1,Account:A-9\n"
        ),
    )
    assert load_here(empty_graph, folder) == {"written": 3, "rejected": 4}
    text = (tmp_path / "rejects.jsonl").read_text(encoding="utf-8")
    assert "start User:U-2 was rejected at User.csv:3" in text
    assert "start User:U-9 is neither in the graph nor in this load" in text
    assert "end Account:A-9 is neither in the graph nor in this load" in text
    assert values(empty_graph, "MATCH ()-[r:USES_ACCOUNT]->() RETURN count(r)") == [(1,)]


def test_a_user_said_to_identify_a_customer_without_party_is_rejected(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in", User="id\nU-1\n", Customer="id\nC-1\n", IDENTIFIES="start,end\nUser:U-1,Customer:C-1\n"
    )
    assert load_here(empty_graph, folder) == {"written": 2, "rejected": 1}
    assert "engages no party" in (tmp_path / "rejects.jsonl").read_text(encoding="utf-8")


@pytest.mark.usefixtures("size")
def test_a_user_said_to_identify_a_customer_and_its_party_identifies_one(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        User="id\nU-1\nU-2\n",
        Customer="id\nC-1\n",
        Individual="id\nP-1\n",
        ENGAGED_PARTY="start,end\nCustomer:C-1,Individual:P-1\n",
        IDENTIFIES=(
            "start,end,method\nUser:U-1,Customer:C-1,exact\nUser:U-1,Individual:P-1,exact\n"
            "User:U-2,Individual:P-1,rule\nUser:U-2,Customer:C-1,manual\n"
        ),
    )
    # The second row of U-1 says what its first says; of those of U-2 the one whose JSON sorts first is kept.
    assert load_here(empty_graph, folder) == {"written": 7, "unchanged": 1, "rejected": 1}
    text = "MATCH (u:User)-[r:IDENTIFIES]->(p) RETURN u.id, p.uid, r.method ORDER BY u.id"
    found = [("U-1", "Individual:P-1", "exact"), ("U-2", "Individual:P-1", "manual")]
    assert values(empty_graph, text) == found
    assert load_here(empty_graph, folder) == {"unchanged": 8, "rejected": 1}
    assert values(empty_graph, text) == found


def test_doubts_between_rows_are_warned_of_and_loaded(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        Group="id,groupType\nG-1,household\nG-2,enterprise\nG-3,closedUserGroup\n",
        SUBGROUP_OF="start,end\nGroup:G-1,Group:G-2\nGroup:G-2,Group:G-1\nGroup:G-3,Group:G-1\nGroup:G-3,Group:G-3\n",
        Individual="id,birthDate\nP-1,2000-01-01\nP-2,1990-01-01\n",
        GUARDIAN_OF="start,end\nIndividual:P-1,Individual:P-2\n",
        Customer="id\nC-1\nC-2\n",
        Account="id\nA-1\n",
        HOLDS_ACCOUNT=(
            "start,end,role\nCustomer:C-1,Account:A-1,accountHolder\nCustomer:C-2,Account:A-1,accountHolder\n"
        ),
        User="id\nU-1\n",
        Invitation="id\nI-1\n",
        SENT="start,end\nUser:U-1,Invitation:I-1\n",
        ACCEPTED_AS="start,end\nInvitation:I-1,User:U-1\n",
    )
    report = load(empty_graph, folder, rejects=tmp_path / "bad.jsonl", now=NOW)
    assert report.rejected == 1, "a group inside itself"
    assert dict(report.warnings) == {
        "SUBGROUP_OF runs in a circle; questions follow it up to their depth": 2,
        "a guardian is younger than the child": 1,
        "an account has two current holders": 1,
        "a user accepted their own invitation": 1,
    }
    assert values(empty_graph, "MATCH (g:Group) RETURN [l IN labels(g) WHERE l <> 'Group'] ORDER BY g.id") == [
        (["Household"],), (["Enterprise"],), (["ClosedUserGroup"],),
    ]  # fmt: skip


# --- markers and parties -----------------------------------------------------------------------------------------


def test_markers_follow_the_roles_of_now(empty_graph: Graph, tmp_path: Path) -> None:
    load_here(empty_graph, put(tmp_path / "in", **FAMILY))
    assert markers(empty_graph) == {
        "U-1": ["PrimaryUser"],
        "U-2": ["SecondaryUser"],
        "U-3": ["FrontOnly", "SecondaryUser"],
    }
    later = put(
        tmp_path / "later", USES_ACCOUNT=f"start,end,role,validFrom,validTo\nUser:U-3,Account:A-1,secondary,{D2022},"
        "2098-12-01T00:00:00Z\n",
    )  # fmt: skip
    load_here(empty_graph, later)
    assert markers(empty_graph)["U-3"] == ["FrontOnly", "SecondaryUser"]
    other = put(tmp_path / "other", Resource="id\nR-1\n")
    load(empty_graph, other, rejects=tmp_path / "bad.jsonl", now=datetime(2099, 1, 1, tzinfo=UTC))
    assert markers(empty_graph)["U-3"] == ["FrontOnly"], "the period lapsed since the last load"


def test_a_user_is_known_through_the_party(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        User="id,sources\nU-1,IDM\nU-2,IDM\nU-3,IDM\nU-4,IDM\nU-5,IDM;CRM\n",
        Individual="id,sources\nP-1,SDP\nP-2,SDP\nP-3,SDP\nP-9,CRM\n",
        Customer="id,sources\nC-3,BILLING\n",
        IDENTIFIES="start,end\nUser:U-1,Individual:P-1\nUser:U-2,Individual:P-2\nUser:U-3,Individual:P-3\n",
    )
    load_here(empty_graph, folder)
    assert [u for u, labels in markers(empty_graph).items() if "FrontOnly" in labels] == ["U-1", "U-2", "U-3", "U-4"]
    more = put(
        tmp_path / "more",
        SAME_AS="start,end\nIndividual:P-2,Individual:P-9\n",
        ENGAGED_PARTY="start,end\nCustomer:C-3,Individual:P-3\n",
    )
    load_here(empty_graph, more)
    assert [u for u, labels in markers(empty_graph).items() if "FrontOnly" in labels] == ["U-1", "U-4"]
    load_here(empty_graph, put(tmp_path / "crm", Individual="id,givenName\nP-1,Ann\n"), system="CRM")
    assert [u for u, labels in markers(empty_graph).items() if "FrontOnly" in labels] == ["U-4"]


def test_a_user_without_a_party_gets_one_until_the_real_one_comes(empty_graph: Graph, tmp_path: Path) -> None:
    user = put(tmp_path / "user", User="id,nickname\nU-1,ann\n")
    real = put(
        tmp_path / "real", Individual="id\nP-1\n", IDENTIFIES="start,end,method\nUser:U-1,Individual:P-1,exact\n"
    )
    load_here(empty_graph, user, system="SDP")
    assert values(empty_graph, "MATCH (:User)-[r:IDENTIFIES]->(p:Party) RETURN r.method, p.uid, p.name, p.sources") == [
        ("rule", "Individual:IDM~U-1", "ann", ["SDP"])
    ]
    load_here(empty_graph, real)
    first = dump(empty_graph)
    assert values(empty_graph, "MATCH (p:Party) RETURN p.uid") == [("Individual:P-1",)]
    empty_graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
    both = put(tmp_path / "both", Individual="id\nP-1\n", User="id,nickname,sources\nU-1,ann,SDP\n",
               IDENTIFIES="start,end,method\nUser:U-1,Individual:P-1,exact\n")  # fmt: skip
    load_here(empty_graph, both)
    assert dump(empty_graph) == first


@pytest.mark.usefixtures("size")
def test_open_tickets_and_unfinished_visits_are_marked(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        TroubleTicket="id,status\nT-1,inProgress\nT-2,resolved\nT-3,\n",
        SelfCareTransaction="id,outcome\nS-1,completed\nS-2,abandoned\nS-3,\n",
    )
    load_here(empty_graph, folder)
    marked = "MATCH (n:Open|Unfinished) RETURN n.id ORDER BY n.id"
    assert values(empty_graph, marked) == [("S-2",), ("S-3",), ("T-1",)]
    put(folder, TroubleTicket="id,status\nT-1,closed\nT-2,inProgress\n")
    load_here(empty_graph, folder)
    assert values(empty_graph, marked) == [("S-2",), ("S-3",), ("T-2",)]
    empty_graph.fetch(Statement("MATCH (n:Open|Unfinished) REMOVE n:Open:Unfinished SET n:Open", access="write"))
    assert load_here(empty_graph, folder) == {"written": 2, "unchanged": 3}
    assert values(empty_graph, "MATCH (n:Unfinished) RETURN n.id ORDER BY n.id") == [("S-2",), ("S-3",)]


# --- references --------------------------------------------------------------------------------------------------

TICKET = (
    '{"@type": "TroubleTicket", "id": "T-1", "status": "inProgress", "relatedParty": [{"role": "customer", '
    '"partyOrPartyRole": {"@type": "PartyRef", "@referredType": "Customer", "id": "C-1", "name": "Ann"}}]}'
)


@pytest.mark.usefixtures("size")
def test_a_reference_makes_a_stub_that_the_resource_fills_in(empty_graph: Graph, tmp_path: Path) -> None:
    tickets, customers = tmp_path / "t", put(tmp_path / "c", Customer="id,name\nC-1,Ann Archer\n")
    tickets.mkdir()
    (tickets / "ticket.json").write_text(TICKET, encoding="utf-8")
    load_here(empty_graph, tickets)
    text = "MATCH (c:Customer) RETURN c.name, c.stub, c.sources"
    assert values(empty_graph, text) == [("Ann", True, ["TICKETING"])]
    load_here(empty_graph, customers)
    assert values(empty_graph, text) == [("Ann Archer", None, ["CRM"])]
    filled = dump(empty_graph)
    assert load_here(empty_graph, tickets) == {"unchanged": 1}
    assert dump(empty_graph) == filled
    empty_graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
    load_here(empty_graph, customers)
    load_here(empty_graph, tickets)
    assert dump(empty_graph) == filled


# --- stopping and going on ---------------------------------------------------------------------------------------


class StopError(Exception):
    """Stands for Ctrl-C in the middle of a load."""


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("after", [1, 3, 6, 8])
def test_a_stopped_load_goes_on_where_it_stopped(empty_graph: Graph, tmp_path: Path, after: int) -> None:
    folder = put(tmp_path / "in", **FAMILY)
    put(folder, USES_ACCOUNT=FAMILY["USES_ACCOUNT"] + "User:U-9,Account:A-1,guest,,\n")
    load_here(empty_graph, folder)
    whole = dump(empty_graph)
    empty_graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
    batches = 0

    def progress(what: str, done: float | None) -> None:
        nonlocal batches
        batches += done is not None
        if batches > after:
            raise StopError

    with pytest.raises(StopError):
        load(empty_graph, folder, rejects=tmp_path / "bad.jsonl", now=NOW, nodes_at_once=2, relationships_at_once=2,
             progress=progress)  # fmt: skip
    ((batch, complete),) = values(empty_graph, "MATCH (r:LoadRun) WHERE r.id <> 'lease' RETURN r.batch, r.complete")
    assert isinstance(batch, int)
    assert 0 < batch < 17
    assert complete is False
    report = load(empty_graph, folder, rejects=tmp_path / "bad.jsonl", now=NOW)
    assert report.resumed
    assert (report.read, report.written + report.unchanged, report.rejected) == (17, 16, 1)
    assert "User:U-9" in (tmp_path / "bad.jsonl").read_text(encoding="utf-8")
    assert dump(empty_graph) == whole
    assert not load(empty_graph, folder, rejects=tmp_path / "bad.jsonl", now=NOW).resumed


def test_a_batch_that_is_too_big_is_halved(empty_graph: Graph, tmp_path: Path) -> None:
    from mce_graph.errors import OutOfMemoryError
    from mce_graph.load import plan
    from mce_graph.load.batches import NodeBatch

    sizes: list[int] = []
    original = plan.find_or_create_nodes

    def small(batch: NodeBatch, run: str) -> Statement:
        sizes.append(len(batch.rows))
        if len(batch.rows) > 3:
            raise OutOfMemoryError("too big")
        return original(batch, run)

    folder = put(tmp_path / "in", Resource="id\n" + "".join(f"R-{i}\n" for i in range(10)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mce_graph.load.run.SMALL", 0)
        patch.setattr("mce_graph.load.plan.find_or_create_nodes", small)
        assert load_here(empty_graph, folder) == {"written": 10}
    assert sizes == [10, 5, 2, 3, 5, 2, 3]
    assert values(empty_graph, "MATCH (n:Resource) RETURN count(n)") == [(10,)]


def test_two_loads_at_once_follow_each_other(
    empty_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mce_graph.load.checkpoint.WAIT_SECONDS", 0.3)
    folder = put(tmp_path / "in", **FAMILY)
    other = Checkpoint(empty_graph, "another")
    other.begin(system=None, extracted_at=None, declares=[], deleted=[], now=NOW, waiting=lambda what: None)
    with pytest.raises(MceError, match="another load is running"):
        load_here(empty_graph, folder)
    assert values(empty_graph, "MATCH (n:User) RETURN count(n)") == [(0,)]
    other.release()
    assert load_here(empty_graph, folder) == {"written": 16}


def test_the_lease_of_a_loader_that_died_is_taken_over(empty_graph: Graph, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = os.uname().nodename
    held = Checkpoint(empty_graph, "another", holder=f"{host}:{dead.pid}:0")
    held.begin(system=None, extracted_at=None, declares=[], deleted=[], now=NOW, waiting=lambda what: None)
    assert load_here(empty_graph, put(tmp_path / "in", **FAMILY)) == {"written": 16}


# --- the call ----------------------------------------------------------------------------------------------------


def test_words_of_the_call_that_are_off_are_told(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", Customer="id\nC-1\n")
    for paths, options in (
        ((), {}),
        ((tmp_path / "nowhere",), {}),
        ((folder,), {"system": "no system"}),
        ((folder,), {"assume_tz": "Europe/Nowhere"}),
        ((folder,), {"max_rejects": "many"}),
        ((folder,), {"extracted_at": "yesterday"}),
        ((folder,), {"rejects": folder / "Customer.csv"}),
    ):
        with pytest.raises(UsageError):
            load(empty_graph, *paths, **options)
    report = load(empty_graph, folder, system="crm", rejects=tmp_path / "bad.jsonl")
    assert report.warnings == {}
    assert values(empty_graph, "MATCH (c:Customer) RETURN c.sources, c.seenCrm IS NOT NULL") == [(["CRM"], True)]
    assert systems.seen("CRM") == "seenCrm"


def test_a_file_that_is_refused_does_not_keep_the_others_out(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", Customer="id\nC-1\n", Account='id,name\nA-1,ok\nA-2,"open\n', zebra="a\n1\n")
    (folder / "README.md").write_text("about", encoding="utf-8")
    report = load(empty_graph, folder, rejects=tmp_path / "bad.jsonl")
    said = {str(f["file"]): f for f in report.to_dict()["files"]}  # type: ignore[attr-defined]
    assert said["Customer.csv"]["written"] == 1
    assert "never closed" in said["Account.csv"]["skipped"]
    assert (said["Account.csv"]["refused"], said["zebra.csv"]["refused"], said["README.md"]["refused"]) == (
        True, True, False,
    )  # fmt: skip
    assert values(empty_graph, "MATCH (n:Account) RETURN count(n)") == [(0,)]
    assert not report.ok
