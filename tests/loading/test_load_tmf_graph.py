"""TM Forum payloads in the graph: several of one resource folded to what holds, whatever their order."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mce_graph.graph import Graph
from mce_graph.load.run import load

from .dump import dump, put, values

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
Json = dict[str, object]


def put_json(folder: Path, *documents: object) -> Path:
    """Each document as a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, document in enumerate(documents):
        (folder / f"{i}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def customer(engages: str, **more: object) -> Json:
    party = {"@type": "PartyRef", "@referredType": "Organization", "id": engages}
    return {"@type": "Customer", "id": "C-1", "engagedParty": party, **more}


def engaged(graph: Graph) -> list[tuple[object, ...]]:
    return values(graph, "MATCH (:Customer {uid: 'Customer:C-1'})-[:ENGAGED_PARTY]->(p) RETURN p.uid ORDER BY p.uid")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[::2])
def test_the_newest_payload_says_which_party_is_engaged(
    empty_graph: Graph, tmp_path: Path, order: tuple[int, ...]
) -> None:
    payloads = [
        customer("O-1"),
        customer("O-2", lastUpdate="2024-01-01T00:00:00Z"),
        customer("O-3", lastUpdate="2023-01-01T00:00:00Z"),
    ]
    folder = put_json(tmp_path / "in", *(payloads[i] for i in order))
    report = load(empty_graph, folder, rejects=tmp_path / "rejects.jsonl", now=NOW)
    assert (report.rejected, report.rejects) == (0, None)
    assert engaged(empty_graph) == [("Organization:O-2",)]


def test_payloads_without_a_time_are_decided_by_the_rule_of_conflicts(empty_graph: Graph, tmp_path: Path) -> None:
    folder = put_json(tmp_path / "in", customer("O-2"), customer("O-1"), customer("O-1"))
    report = load(empty_graph, folder, rejects=tmp_path / "rejects.jsonl", now=NOW)
    assert engaged(empty_graph) == [("Organization:O-1",)]
    assert report.rejects is not None
    (line,) = report.rejects.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["table"], told["column"], told["row"]["end"]) == ("ENGAGED_PARTY", "end", "Organization:O-2")
    assert "conflict" in told["reason"]


def test_the_official_customer_has_one_party_and_its_bill_receiver(
    empty_graph: Graph, tmp_path: Path, shared_data: Path
) -> None:
    report = load(empty_graph, shared_data / "tmf_v5", rejects=tmp_path / "rejects.jsonl", now=NOW)
    assert not report.refused
    text = "MATCH (:Customer {{uid: 'Customer:1140'}})-[r:{0}]->(p) RETURN p.uid, r.role"
    assert values(empty_graph, text.format("ENGAGED_PARTY")) == [("Organization:500", None)]
    (when,) = values(empty_graph, "MATCH (c:Customer {uid: 'Customer:1140'}) RETURN c.deletedAt")
    assert when == ("2023-06-14T10:15:59.969117Z",)
    ended = "MATCH (:Customer {uid: 'Customer:1140'})-[r:ENGAGED_PARTY|RELATED_PARTY]->() RETURN DISTINCT r.validTo"
    assert values(empty_graph, ended) == [when]
    assert ("Organization:2777", "billReceiver") in values(empty_graph, text.format("RELATED_PARTY"))
    before = dump(empty_graph, seen=True)
    again = load(empty_graph, shared_data / "tmf_v5", rejects=tmp_path / "rejects.jsonl", now=NOW)
    assert again.written == 0
    assert dump(empty_graph, seen=True) == before


def test_without_events_of_change_and_deletion_the_official_customer_holds(
    empty_graph: Graph, tmp_path: Path, shared_data: Path
) -> None:
    report = load(empty_graph, shared_data / "tmf_v5", rejects=tmp_path / "rejects.jsonl", now=NOW, events=False)
    named = {file.file: file.skipped for file in report.files if file.skipped}
    assert len(report.files) == 214
    assert "--no-events" in named["TMF629.Delete_Cusomter_Notification_Event_request.json"]
    rows = empty_graph.identify.customer_360("1140", as_of=NOW)
    shown = {(row.uid, row.role) for row in rows if row.section == "party"}
    assert shown == {("Organization:500", "engagedParty"), ("Organization:2777", "billReceiver")}


def event(what: str, at: str, resource: Json) -> Json:
    return {"eventType": f"Customer{what}Event", "eventTime": at, "event": {"customer": {"id": "C-1", **resource}}}


def state(graph: Graph) -> list[tuple[object, ...]]:
    text = """MATCH (c:Customer {uid: 'Customer:C-1'})-[r:ENGAGED_PARTY]->(p)
RETURN c.name, c.status, c.deletedAt, p.uid, r.validTo ORDER BY p.uid"""
    return values(graph, text)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_events_are_applied_in_the_order_of_their_time(
    empty_graph: Graph, tmp_path: Path, order: tuple[int, ...]
) -> None:
    party = {"@type": "PartyRef", "@referredType": "Organization", "id": "O-2"}
    documents: list[object] = [
        customer("O-1", name="First", status="Approved"),
        event("AttributeValueChange", "2024-02-01T00:00:00Z", {"engagedParty": party, "name": "Second"}),
        event("StateChange", "2024-03-01T00:00:00Z", {"status": "suspended"}),
        event("AttributeValueChange", "2024-01-01T00:00:00Z", {"name": "Between"}),
    ]
    folder = put_json(tmp_path / "in", *(documents[i] for i in order))
    report = load(empty_graph, folder, rejects=tmp_path / "rejects.jsonl", now=NOW)
    assert report.ok
    assert state(empty_graph) == [("Second", "suspended", None, "Organization:O-2", None)]


def test_a_deletion_ends_the_links_and_removes_nothing(empty_graph: Graph, tmp_path: Path) -> None:
    gone = "2024-05-01T00:00:00Z"
    account: Json = {
        "@type": "BillingAccount", "id": "A-1",
        "relatedParty": [{"role": "owner", "id": "C-1", "@referredType": "Customer"}],
    }  # fmt: skip
    load(empty_graph, put_json(tmp_path / "first", customer("O-1", name="Ann"), account), now=NOW)
    assert state(empty_graph) == [("Ann", None, None, "Organization:O-1", None)]
    deletion = put_json(tmp_path / "second", event("Delete", gone, {}))
    assert load(empty_graph, deletion, now=NOW).written == 1
    assert state(empty_graph) == [("Ann", None, gone, "Organization:O-1", gone)]
    held = "MATCH (:Customer)-[r:HOLDS_ACCOUNT]->(:Account) RETURN r.validTo"
    assert values(empty_graph, held) == [(gone,)]
    before = dump(empty_graph)
    for folder in ("second", "first"):
        assert load(empty_graph, tmp_path / folder, now=NOW).written == 0
        assert dump(empty_graph) == before


@pytest.mark.parametrize("order", list(itertools.permutations(("customer", "deletion", "billing"))))
def test_a_deletion_ends_what_another_system_tells_before_or_after(
    empty_graph: Graph, tmp_path: Path, order: tuple[str, ...]
) -> None:
    gone = "2024-05-01T00:00:00Z"
    put_json(tmp_path / "customer", customer("O-1", name="Ann"))
    put_json(tmp_path / "deletion", event("Delete", gone, {}))
    put(
        tmp_path / "billing",
        Account="id\nA-1\nA-2\n",
        Customer="id\nC-1\n",
        HOLDS_ACCOUNT=(
            "start,end,role,validFrom\nCustomer:C-1,Account:A-1,accountHolder,2024-01-01T00:00:00Z\n"
            "Customer:C-1,Account:A-2,accountHolder,2025-01-01T00:00:00Z\n"
        ),
    )
    for name in (*order, *order):
        load(empty_graph, tmp_path / name, system={"billing": "BILLING"}.get(name), now=NOW)
    text = "MATCH (:Customer)-[r:HOLDS_ACCOUNT]->(a) RETURN a.id, r.validTo ORDER BY a.id"
    assert values(empty_graph, text) == [("A-1", gone), ("A-2", None)]
    assert state(empty_graph) == [("Ann", None, gone, "Organization:O-1", gone)]
    before = dump(empty_graph)
    for name in order:
        assert load(empty_graph, tmp_path / name, system={"billing": "BILLING"}.get(name), now=NOW).written == 0
    assert dump(empty_graph) == before
