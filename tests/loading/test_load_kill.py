"""Loader and server are killed in the middle of a load: what was acknowledged stays, and the load comes to its end.

``MCE_KILL_ROUNDS`` says how often they are killed at a random moment.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mce_graph import schema
from mce_graph.errors import UnreachableError
from mce_graph.graph import Graph, open_driver
from mce_graph.load.run import load
from mce_graph.local import process
from mce_graph.local.server import LocalServer
from mce_graph.statement import Statement

from .dump import dump, put

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MANY = 600
ROUNDS = int(os.environ.get("MCE_KILL_ROUNDS", "2"))
LOADER = """
import os, sys
from datetime import UTC, datetime
from mce_graph.graph import Graph, open_driver
from mce_graph.load import run
run.SMALL = int(sys.argv[3])
graph = Graph(open_driver(os.environ["URI"], "neo4j", os.environ["PASSWORD"]), database="neo4j")
run.load(graph, sys.argv[1], rejects=sys.argv[2], now=datetime(2026, 11, 1, tzinfo=UTC), nodes_at_once=50,
         relationships_at_once=50, progress=lambda what, done: done is not None and print(done, flush=True))
"""
"""A loader of its own process; it prints the share of the rows that the server has acknowledged."""


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """A server of these tests alone, which they may kill."""
    server = LocalServer(tmp_path_factory.mktemp("kill"), os.environ.get("MCE_TEST_NEO4J_VERSION", "2026"), quick=True)
    server.ensure()
    yield server
    server.stop()


def opened(server: LocalServer) -> Graph:
    there = server.ensure()
    return Graph(open_driver(there.uri, there.username, there.password), database=there.database)


def kill(server: LocalServer) -> None:
    """End the server and see it gone: asked a moment earlier, `ensure` would still find it there and start none."""
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while process.born(pid) is not None:
        time.sleep(0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Users on accounts, ten to an account, and a relationship without its end."""
    users = "id,nickname\n" + "".join(f"U-{i:04},user {i}\n" for i in range(MANY))
    accounts = "id\n" + "".join(f"A-{i:04}\n" for i in range(MANY // 10))
    uses = "start,end,role\n" + "".join(f"User:U-{i:04},Account:A-{i // 10:04},secondary\n" for i in range(MANY))
    return put(tmp_path / "in", User=users, Account=accounts, USES_ACCOUNT=uses + "User:U-9999,Account:A-0000,guest\n")


def test_a_load_rides_out_a_killed_server_and_a_stopped_one_goes_on(
    local: LocalServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mce_graph.load.run.SMALL", 0)

    def loaded(graph: Graph, kill_after: tuple[int, ...] = (), *, restart: bool = True) -> tuple[int, int, int]:
        batches = 0

        def progress(what: str, done: float | None) -> None:
            nonlocal batches
            batches += done is not None
            if done is not None and batches in kill_after:
                kill(local)
                if restart:
                    threading.Thread(target=local.ensure, daemon=True).start()

        report = load(graph, folder, rejects=tmp_path / "bad.jsonl", now=NOW, progress=progress, nodes_at_once=100,
                      relationships_at_once=100)  # fmt: skip
        return report.read, report.written + report.unchanged, report.rejected

    with opened(local) as graph:
        schema.apply(graph)
        graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
        whole = (2 * MANY + MANY // 10 + 1, 2 * MANY + MANY // 10, 1)
        assert loaded(graph) == whole
        expected = dump(graph)
        graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
        # Killed after a batch of nodes, and after one of relationships: the load waits, and goes on by itself.
        assert loaded(graph, (2, 9)) == whole
        assert dump(graph) == expected
        graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("mce_graph.load.checkpoint.PATIENCE", 0.5)
            patch.setattr("mce_graph.bolt.RETRY_PAUSES", (0.0,) * 6)
            patch.setattr("mce_graph.load.write.UNKNOWN_COMMITS", 1)
            with pytest.raises(UnreachableError):
                loaded(graph, (9,), restart=False)
    with opened(local) as graph:
        report = load(graph, folder, rejects=tmp_path / "bad.jsonl", now=NOW)
        assert report.resumed
        assert report.unchanged > 0
        assert dump(graph) == expected


def test_whoever_is_killed_at_whatever_moment_the_same_load_comes_to_the_same_graph(
    local: LocalServer, folder: Path, tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    took = whole = 0.0
    expected: list[str] = []
    for round_ in range(ROUNDS + 1):
        with opened(local) as graph:
            schema.apply(graph)
            graph.fetch(Statement("MATCH (n) DETACH DELETE n", access="write"))
        begun = time.monotonic()
        small = chance.choice((0, 10_000)) if round_ else 0
        loader = loading(local, folder, tmp_path, small)
        victims = ""
        if round_:
            time.sleep(chance.uniform(0.2, 1.05) * took)
            victims = chance.choice(("loader", "server", "loader and server"))
            if "server" in victims:
                kill(local)
            if "loader" in victims:
                loader.kill()
            else:
                local.ensure()
        acknowledged = [float(line) for line in loader.communicate()[0].split()]
        done = max(acknowledged, default=0.0)
        where = f"seed {seed}, round {round_}, killed: {victims}, at {done:.0%}, mixed up to {small} rows"
        with opened(local) as graph:
            batch = graph.fetch(Statement("MATCH (r:LoadRun) RETURN coalesce(max(r.batch), 0)")).value()
            assert isinstance(batch, int)
            if not round_:
                whole, took, expected = batch / done, time.monotonic() - begun, dump(graph)
                assert len(expected) == 2 * MANY + MANY // 10 + 2 * MANY, "a party for each user, two links of each"
            assert batch >= round(done * whole), where
            assert loading(local, folder, tmp_path, small).wait() == 0, where
            assert dump(graph) == expected, where


def loading(server: LocalServer, folder: Path, tmp_path: Path, small: int) -> subprocess.Popen[str]:
    there = server.ensure()
    env = {**os.environ, "URI": there.uri, "PASSWORD": there.password}
    command = [sys.executable, "-c", LOADER, str(folder), str(tmp_path / "bad.jsonl"), str(small)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
