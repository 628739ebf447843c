"""One answer by four ways: waited for, awaited, on the command line, and through py2neo."""

from __future__ import annotations

import asyncio
import json
import shlex
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from mce_graph import catalogue, library
from mce_graph.async_graph import AsyncGraph
from mce_graph.bolt import open_async_driver
from mce_graph.graph import Graph
from mce_graph.result import GraphResult, Result, json_value
from tests.conftest import Server


def as_json(answer: Result[Any] | GraphResult) -> object:
    return json_value(answer.to_dict() if isinstance(answer, GraphResult) else answer.to_dicts())


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def awaited(server: Server, loop: asyncio.Runner) -> Iterator[AsyncGraph]:
    async def opened() -> AsyncGraph:
        return AsyncGraph(open_async_driver(server.uri, server.username, server.password), database="neo4j")

    graph = loop.run(opened())
    yield graph
    loop.run(graph.close())


@pytest.fixture(scope="module")
def old(server: Server) -> Any:
    py2neo = pytest.importorskip("py2neo")
    return py2neo.Graph(server.uri, auth=(server.username, server.password))


@pytest.mark.parametrize("id", library.ids())
def test_every_way_gives_the_same_answer(
    id: str,
    story: Graph,
    awaited: AsyncGraph,
    loop: asyncio.Runner,
    old: Any,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    template = library.get(id)
    if template.access == "write":
        pytest.skip("it would be done four times")
    given = catalogue.examples(template)
    expected = as_json(story.run(id, **given))
    assert as_json(loop.run(awaited.run(id, **given))) == expected
    assert by_command(template.command, catalogue.example(template), server, monkeypatch, capsys) == expected
    assert by_py2neo(old, id, given) == expected


def by_command(
    command: str, line: str, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> object:
    """What ``python -m mce_graph … -o json`` prints, without the second that a new Python takes."""
    from mce_graph.cli.main import main

    for name, value in (("URI", server.uri), ("USERNAME", server.username), ("PASSWORD", server.password)):
        monkeypatch.setenv(f"NEO4J_{name}", value)
    monkeypatch.setenv("NEO4J_DATABASE", "neo4j")
    monkeypatch.setattr(sys, "argv", [*shlex.split(line), "-o", "json"])
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main()
    shown = capsys.readouterr()
    assert not left.value.code, shown.err
    return json.loads(shown.out)


def by_py2neo(old: Any, id: str, given: dict[str, object]) -> object:
    from mce_graph import model
    from mce_graph.interop import py2neo as interop
    from mce_graph.result import plain

    answer = interop.ask(old, id, **given)
    if isinstance(answer, Result):
        return as_json(answer)

    def properties(thing: Any) -> dict[str, object]:
        return {k: plain(interop.value_of(v)) for k, v in sorted(dict(thing).items())}

    uids = {node.identity: str(node["uid"]) for node in answer.nodes}
    nodes: list[dict[str, Any]] = [
        {
            "uid": uids[node.identity],
            "labels": sorted(node.labels, key=lambda x: (x not in model.NODES, x)),
            "properties": properties(node),
        }
        for node in answer.nodes
    ]
    relationships: list[dict[str, Any]] = [
        {
            "type": type(r).__name__,
            "start": uids[r.start_node.identity],
            "end": uids[r.end_node.identity],
            "properties": properties(r),
        }
        for r in answer.relationships
    ]
    nodes.sort(key=lambda n: n["uid"])
    relationships.sort(key=lambda r: (r["start"], r["type"], r["end"], str(r["properties"].get("validFrom"))))
    return json_value({"nodes": nodes, "relationships": relationships})
