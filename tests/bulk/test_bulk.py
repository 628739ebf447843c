"""A bulk load leaves the graph that an online load of the same files leaves; the same files online change nothing."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mce_graph.errors import LocalServerError, UsageError
from mce_graph.graph import Graph, open_driver
from mce_graph.load.bulk import bulk, bulk_files
from mce_graph.load.report import LoadReport
from mce_graph.load.run import load
from mce_graph.local.server import LocalServer
from mce_graph.statement import Statement
from mce_graph.story import tables
from tests.conftest import VERSION
from tests.loading.dump import dump

NOW = datetime(2026, 6, 1, tzinfo=UTC)
Rows = Sequence[Mapping[str, str]]


def _table(folder: Path, name: str, rows: Rows) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _several_systems(folder: Path, seed: int) -> Path:
    """Few things and many opinions of them: systems that differ, periods that meet, ends that are not there."""
    random_, x = random.Random(seed), f"X{seed}"
    words = (
        "",
        "plain",
        'quoted "word", and a comma',
        "two\nlines",
        " led by a blank",
        "back\\slash",
        "=1+1",
        "Žofie 王",
    )
    times = ("", "2020-01-01T00:00:00Z", "2021-03-04T05:06:07.123456Z", "2030-01-01T00:00:00+02:00")

    def some(*choices: str) -> str:
        return random_.choice(choices)

    for system in ("CRM", "BILLING", "IDM", "SDP", "LEGACY"):
        place = folder / system

        def put(name: str, rows: list[dict[str, str]], place: Path = place, system: str = system) -> None:
            _table(place, name, [row | {"sources": system} for row in rows])

        def ids(letter: str, share: float = 0.6) -> list[str]:
            return [f"{x}{letter}-{n}" for n in range(12) if random_.random() < share]

        put("Customer", [
            {"id": i, "name": some(*words), "segment": some("", "gold"), "status": some("active", "odd", "terminated"),
             "startDate": some(*times)} for i in ids("C")
        ])  # fmt: skip
        put("Individual", [
            {"id": i, "name": some(*words), "birthDate": some("", "1990-02-03"), "stub": some("", "", "true")}
            for i in ids("I", 0.5)
        ] + [{"id": f"IDM~{x}U-{n}", "name": some(*words), "stub": some("", "true")} for n in range(2)])  # fmt: skip
        put("User", [{"id": i, "nickname": some(*words), "status": some("active", "suspended")} for i in ids("U")])
        put(
            "Account", [{"id": i, "state": some("Active", "Closed", "odd"), "closedAt": some(*times)} for i in ids("A")]
        )
        put("Group", [{"id": i, "groupType": some("household", "enterprise")} for i in ids("G")])
        put("TroubleTicket", [
            {"id": i, "status": some("closed", "held"), "priority": some("P1", "P2"), "reopenCount": some("", "0", "3")}
            for i in ids("T")
        ])  # fmt: skip
        put("ServiceProblem", [{"id": i, "priority": some("1", "2")} for i in ids("P")])
        put("Permission", [{"id": i, "entitlements": some("", "view:bill", "view:bill;pay:bill")} for i in ids("M")])

        def period() -> dict[str, str]:
            if random_.random() < 0.3:
                return {"validFrom": "2010-01-01T00:00:00Z", "validTo": "2015-01-01T00:00:00Z"}
            return {"validFrom": some(*times[:3]), "validTo": ""}

        def link(starts: str, ends: str, period=period) -> list[dict[str, str]]:  # type: ignore[no-untyped-def]
            return [
                {
                    "start": f"{x}{starts}-{random_.randrange(13)}",
                    "end": f"{x}{ends}-{random_.randrange(13)}",
                    **period(),
                }
                for _ in range(14)
            ]

        put("ENGAGED_PARTY", [row | {"end": "Individual:" + row["end"]} for row in link("C", "I")])
        put("USES_ACCOUNT", [row | {"role": some("primary", "guest", "")} for row in link("U", "A")])
        put("IDENTIFIES", [
            {"start": row["start"], "end": some(f"Individual:{x}I-1", f"Individual:{x}I-2", f"Customer:{x}C-3",
             f"Customer:{x}C-4", f"Individual:IDM~{x}U-0", f"Individual:IDM~{x}U-1"),
             "method": some("rule", "exact"), **period()}
            for row in {row["start"]: row for row in link("U", "I")[:5]}.values()
        ])  # fmt: skip
        put("MEMBER_OF", [row | {"start": "User:" + row["start"], "role": "admin"} for row in link("U", "G")])
        put("SAME_AS", [
            {"start": f"Individual:{x}I-{random_.randrange(12)}", "end": f"Individual:{x}I-{random_.randrange(12)}",
             "score": some("", "0.25", "1")} for _ in range(3)
        ])  # fmt: skip
    return folder


@contextmanager
def _graph(server: LocalServer) -> Iterator[Graph]:
    there = server.ensure()
    with Graph(open_driver(there.uri, there.username, there.password), database="neo4j") as graph:
        yield graph


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The story, and three small worlds of rows drawn by lot, which share nothing with one another."""
    return [*map(Path, tables()), *(_several_systems(tmp_path_factory.mktemp("several"), seed) for seed in range(3))]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """A managed server of our own."""
    server = LocalServer(tmp_path_factory.mktemp("bulk-home"), VERSION, quick=True)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def on_a_full_disk(own: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bool, list[str]]:
    """A load that would need more room than any disk has: what was told, whether the server runs, what was left."""
    folder = tmp_path_factory.mktemp("full")
    _table(folder / "in", "Account", [{"id": "A-1"}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mce_graph.load.bulk.STORED", 10**15)
        with pytest.raises(LocalServerError) as told:
            bulk(own, folder / "in", now=NOW, rejects=folder / "rejects.jsonl")
    left = [path.name for path in own.home.iterdir() if path.name.startswith(".import")]
    return told.value.message, own.status().running, left


@pytest.fixture(scope="module")
def filled(
    own: LocalServer,
    paths: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
    on_a_full_disk: tuple[str, bool, list[str]],  # before the database is filled
) -> tuple[LocalServer, LoadReport]:
    """The server and the report of the bulk load that filled it."""
    return own, bulk(own, *paths, now=NOW, rejects=tmp_path_factory.mktemp("rejects") / "rejects.jsonl")


def _counts(report: LoadReport) -> list[tuple[str, dict[str, int]]]:
    return [(file.file, file.counts.to_dict()) for file in report.files]


def test_the_same_graph_as_online(
    filled: tuple[LocalServer, LoadReport], paths: list[Path], empty_graph: Graph, tmp_path: Path
) -> None:
    server, report = filled
    online = load(empty_graph, *paths, now=NOW, rejects=tmp_path / "rejects.jsonl")
    assert _counts(report) == _counts(online)
    assert report.rejected > 0
    assert report.rejects is not None
    assert online.rejects is not None
    assert sorted(report.rejects.read_text("utf-8").replace("not in the load", "not in the graph").splitlines()) == (
        sorted(online.rejects.read_text("utf-8").splitlines())
    )
    assert report.id == online.id
    with _graph(server) as graph:
        one, other = dump(graph, seen=True), dump(empty_graph, seen=True)
    assert [line for line in one if line not in set(other)] == []
    assert one == other
    assert any(line.startswith("(SourceRecord") for line in one)
    assert any("FrontOnly" in line for line in one)
    assert not list(server.home.glob(".import-*"))


def test_the_same_files_online_afterwards_change_nothing(
    filled: tuple[LocalServer, LoadReport], paths: list[Path], tmp_path: Path
) -> None:
    server, report = filled
    with _graph(server) as graph:
        before = dump(graph, seen=True)
        again = load(graph, *paths, now=NOW, rejects=tmp_path / "rejects.jsonl")
        assert dump(graph, seen=True) == before
        runs = graph.fetch(Statement("MATCH (r:LoadRun) WHERE r.batch > 0 RETURN r.id, r.complete", name="test")).rows
    assert (again.id, again.written, again.rejected, again.read) == (report.id, 0, report.rejected, report.read)
    assert [tuple(row) for row in runs] == [(report.id, True)]


def test_a_database_that_is_not_empty_is_refused(filled: tuple[LocalServer, LoadReport], paths: list[Path]) -> None:
    server, report = filled
    with pytest.raises(UsageError, match="nodes already"):
        bulk(server, *paths)
    with _graph(server) as graph:
        nodes = graph.fetch(Statement("MATCH (n) WHERE NOT n:LoadRun RETURN count(n)", name="test")).value()
    assert nodes == report.nodes_created


def test_a_disk_without_room_for_the_store_is_told_before_the_import(
    on_a_full_disk: tuple[str, bool, list[str]],
) -> None:
    told, running, left = on_a_full_disk
    assert re.search(r"^The disk of .* is full: [\d,]+ MB left, [\d,]+ MB are needed$", told)
    assert running
    assert left == []


def test_files_for_a_server_of_ones_own(paths: list[Path], tmp_path: Path) -> None:
    target = tmp_path / "out"
    report = bulk_files(target, *paths, now=NOW, rejects=tmp_path / "rejects.jsonl")
    arguments = (target / "import.args").read_text("utf-8").splitlines()
    assert arguments[:4] == ["database", "import", "full", "neo4j"]
    named = {a.partition("=")[2] for a in arguments if a.startswith(("--nodes=", "--relationships="))}
    assert named == {f".{os.sep}{path.name}" for path in target.glob("*.csv")}
    assert (target / "schema.cypher").read_text("utf-8").count("CREATE CONSTRAINT") > 10
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in target.iterdir()} == {0o600}
        assert stat.S_IMODE(target.stat().st_mode) == 0o700
    lines = {path.stem: list(csv.reader(path.open(encoding="utf-8", newline=""))) for path in target.glob("*.csv")}
    nodes = sum(len(rows) - 1 for rows in lines.values() if rows[0][0] == "uid:ID")
    assert nodes - 1 == report.nodes_created
    with pytest.raises(UsageError, match="not an empty folder"):
        bulk_files(target, *paths)


def test_a_snapshot_is_noted_with_its_load(tmp_path: Path) -> None:
    _table(tmp_path / "in", "Customer", [{"id": "C-1", "name": "Ann"}])
    bulk_files(tmp_path / "out", tmp_path / "in", snapshot="CRM", rejects=tmp_path / "rejects.jsonl")
    with (tmp_path / "out" / "LoadRun.csv").open(encoding="utf-8", newline="") as file:
        (run,) = csv.DictReader(file)
    counts = json.loads(run["counts:string"])
    assert (counts["snapshot"], counts["tables"], counts["left_out"]) == (True, ["Customer"], 0)
    assert (run["system:string"], run["complete:boolean"]) == ("CRM", "true")
