"""What a graph remembers and where it sends: bookmarks, readers and writers, connections that break."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

import mce_graph
from mce_graph.async_graph import AsyncGraph
from mce_graph.bolt import open_async_driver
from mce_graph.errors import UnreachableError
from mce_graph.graph import Graph, open_driver
from mce_graph.statement import Statement
from tests.conftest import Server

from .relay import Relay, routing

READ = Statement("MATCH (n:Note) RETURN count(n) AS n", name="notes")
WRITE = Statement("CREATE (n:Note)", access="write", name="note")


@dataclass
class Cluster:
    """One server behind three addresses, as a cluster has them."""

    router: Relay
    reader: Relay
    writer: Relay

    @property
    def uri(self) -> str:
        return f"neo4j://{self.router.address}"


@pytest.fixture
def cluster(server: Server, empty_graph: Graph) -> Iterator[Cluster]:
    where = urlsplit(server.uri)
    target = (where.hostname or "127.0.0.1", where.port or 7687)
    reader, writer = Relay(target), Relay(target)
    router = Relay(target)
    roles = {"WRITE": writer.address, "READ": reader.address, "ROUTE": router.address}
    # A single server tells each client the address by which that client came.
    router.answers = routing(router.address, roles)
    yield Cluster(router, reader, writer)
    for each in (router, reader, writer):
        each.close()


def test_reads_go_to_readers_and_writes_to_the_writer(cluster: Cluster, server: Server) -> None:
    with mce_graph.connect(cluster.uri, username=server.username, password=server.password, database="neo4j") as graph:
        graph.fetch(READ)
        assert b"MATCH (n:Note)" in cluster.reader.sent
        assert cluster.writer.sent == b""
        graph.fetch(WRITE)
        assert b"CREATE (n:Note)" in cluster.writer.sent
        assert b"CREATE" not in cluster.reader.sent
        graph.cypher("MATCH (n:Note) RETURN n.uid AS other")
        assert b"n.uid AS other" in cluster.reader.sent
        wrote = len(cluster.writer.sent)
        graph.reconcile.users_unknown_to_crm()
        with graph.stream(graph.reconcile.users_unknown_to_crm) as rows:
            assert list(rows) == []
        assert cluster.reader.sent.count(b"users_unknown_to_crm") >= 2
        assert len(cluster.writer.sent) == wrote


def test_a_read_after_a_write_tells_the_reader_how_far_it_must_be(cluster: Cluster, server: Server) -> None:
    with Graph(open_driver(cluster.uri, server.username, server.password), database="neo4j") as graph:
        graph.fetch(WRITE)
        (bookmark,) = graph.bookmarks()
        graph.fetch(READ)
        assert bookmark.encode() in cluster.reader.sent
        before = len(cluster.reader.sent)
        graph.cypher("MATCH (n:Note) RETURN count(n) AS n")
        assert bookmark.encode() in cluster.reader.sent[before:]
        graph.cypher("CREATE (n:Note)", write=True)
        assert graph.bookmarks() != (bookmark,)


def test_the_same_when_it_is_awaited_and_across_processes(cluster: Cluster, server: Server) -> None:
    async def ask() -> None:
        driver = open_async_driver(cluster.uri, server.username, server.password)
        async with AsyncGraph(driver, database="neo4j") as graph:
            await graph.fetch(WRITE)
            (bookmark,) = await graph.bookmarks()
            await graph.fetch(READ)
            assert bookmark.encode() in cluster.reader.sent
            assert b"CREATE" not in cluster.reader.sent
        before = len(cluster.reader.sent)
        async with mce_graph.aconnect(
            cluster.uri, username=server.username, password=server.password, database="neo4j", bookmarks=(bookmark,)
        ) as other:
            await other.fetch(READ)
            assert bookmark.encode() in cluster.reader.sent[before:]

    asyncio.run(ask())


def test_a_broken_connection_is_mended_without_a_word(cluster: Cluster, server: Server) -> None:
    with Graph(open_driver(cluster.uri, server.username, server.password), database="neo4j") as graph:
        graph.fetch(READ)
        cluster.reader.cut()
        assert graph.fetch(READ).value() == 0
        cluster.writer.cut()
        graph.fetch(WRITE)
        assert graph.fetch(READ).value() == 1


def test_a_bookmark_of_another_database_is_told_in_words(graph: Graph, server: Server) -> None:
    driver = open_driver(server.uri, server.username, server.password)
    with (
        Graph(driver, database="neo4j", bookmarks=["FB:nonsense"]) as other,
        pytest.raises(UnreachableError, match="does not know what this graph has seen"),
    ):
        other.fetch(READ)
