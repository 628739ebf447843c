#!/usr/bin/env python3
"""Count the records that each question touches while the story stands once, 10 and 100 times in the graph.

Prints a table of database hits (PROFILE) of every question, which do not depend on the machine. Give the address and
sign-in of an empty server in NEO4J_URI, NEO4J_USERNAME and NEO4J_PASSWORD: it is emptied.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence

from mce_graph import catalogue, library, schema
from mce_graph.graph import Graph, open_driver
from mce_graph.statement import Statement

COPIES = (1, 10, 100)


def hits(graph: Graph, ids: Sequence[str]) -> dict[str, int]:
    """Database hits of each question's example."""
    found = {}
    for id in ids:
        question = library.get(id)
        found[id] = graph.ask(question, catalogue.examples(question), prefix="PROFILE").summary.db_hits()
    return found


def replicate(graph: Graph, first: int, last: int) -> None:
    """Put copies ``first`` to ``last`` of the whole graph beside it, each under ids, numbers and logins of its own."""
    nodes = graph.fetch(
        Statement(
            "MATCH (n) WHERE NOT n:LoadRun AND n.copy IS NULL "
            "RETURN n.uid AS uid, labels(n) AS labels, properties(n) AS p"
        )
    ).rows
    links = graph.fetch(
        Statement(
            "MATCH (a)-[r]->(b) WHERE a.copy IS NULL AND b.copy IS NULL "
            "RETURN a.uid AS a, type(r) AS type, b.uid AS b, properties(r) AS p"
        )
    ).rows
    by_labels: dict[tuple[str, ...], list[Mapping[str, object]]] = defaultdict(list)
    by_ends: dict[tuple[str, str, str], list[list[object]]] = defaultdict(list)
    for k in range(first, last + 1):
        for _, labels, properties in nodes:
            assert isinstance(labels, list)
            assert isinstance(properties, dict)
            by_labels[tuple(sorted(labels))].append(_copied(properties, k))
        for a, type_, b, properties in links:
            start, end = str(a), str(b)
            key = (start.partition(":")[0], str(type_), end.partition(":")[0])
            by_ends[key].append([_other(start, k), _other(end, k), properties])
    for labels, rows in by_labels.items():
        text = f"UNWIND $rows AS p CREATE (n:{':'.join(labels)}) SET n = p"
        graph.fetch(Statement(text, {"rows": rows}, "write"))
    for (start, type_, end), links_of_type in by_ends.items():
        text = (
            f"UNWIND $rows AS r MATCH (a:{start} {{uid: r[0]}}) MATCH (b:{end} {{uid: r[1]}}) "
            f"CREATE (a)-[x:{type_}]->(b) SET x = r[2]"
        )
        graph.fetch(Statement(text, {"rows": links_of_type}, "write"))
    graph.autocommit(Statement("CALL db.awaitIndexes(60)", name="growth"))
    graph.autocommit(Statement("CALL db.clearQueryCaches()", name="growth"))


_OWN = (
    "uid",
    "id",
    "login",
    "msisdn",
    "value",
    "externalId",
    "sessionId",
    "transaction",
    "subject",
    "service",
    "addedBy",
)


def _copied(properties: Mapping[str, object], k: int) -> dict[str, object]:
    """The properties of a copy: what identifies a thing differs."""
    changed = {n: _other(str(properties[n]), k) for n in _OWN if isinstance(properties.get(n), str)}
    return {**properties, **changed, "copy": k}


def _other(text: str, k: int) -> str:
    return f"{text}.{k}"


def main() -> int:
    from mce_graph.load.run import load
    from mce_graph.story import tables

    env = os.environ
    with Graph(open_driver(env["NEO4J_URI"], env.get("NEO4J_USERNAME", "neo4j"), env["NEO4J_PASSWORD"])) as graph:
        if graph.fetch(Statement("MATCH (n) RETURN count(n) AS n")).value() and "--empty" not in sys.argv:
            print("the database is not empty: give --empty to empty it", file=sys.stderr)
            return 2
        graph.autocommit(
            Statement("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS", access="write")
        )
        schema.apply(graph)
        load(graph, *tables())
        ids = library.ids()
        columns = []
        there = 1
        for copies in COPIES:
            if copies > there:
                replicate(graph, there, copies - 1)
                there = copies
            columns.append(hits(graph, ids))
    print(f"{'question':<36} {'scope':<9} " + " ".join(f"{n:>3} times" for n in COPIES))
    for id in ids:
        print(f"{id:<36} {library.get(id).scope:<9} " + " ".join(f"{each[id]:>9}" for each in columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
