#!/usr/bin/env python3
"""Load the same rows by mce_graph, py2neo.bulk, neomodel and a hand-written UNWIND of maps, in turn, into one server.

The others neither check nor report nor keep a checkpoint: they read the same CSV and merge, and leave the same values;
what they left is counted. Prints rows a second, the
median of the rounds, and how many times as fast mce_graph is. The server is one of its own that goes afterwards. Run it
in the project's environment: ``.venv/bin/python scripts/bench_load.py``; neomodel wants another driver than this
project, so name a Python that has it: ``--neomodel PYTHON``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

AT_ONCE = 10_000
COLUMNS = "id,name,status,offeringId,startDate,contractEnd,monthlyValue,currency"
NEOMODEL_LINKS = 1_000
"""neomodel connects one pair at a time: so many tell its rate."""
Rates = dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000, help="products, and as many relationships (100000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each loads them (3)")
    parser.add_argument("--neomodel", metavar="PYTHON", help="a Python in which neomodel is installed")
    parser.add_argument("--only", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(CONTENDERS[given.only](given.folder)))
        return 0
    from mce_graph import schema
    from mce_graph.local.server import LocalServer

    pythons = {name: sys.executable for name in CONTENDERS if name != "neomodel"}
    if given.neomodel:
        pythons["neomodel"] = given.neomodel
    found: dict[str, list[Rates]] = {name: [] for name in pythons}
    with tempfile.TemporaryDirectory() as place:
        folder = _written(Path(place, "tables"), given.rows)
        home = Path(place, "home")
        home.mkdir()
        (home / "jars").symlink_to(_jars(), target_is_directory=True)
        server = LocalServer(home, heap=1024)
        there = server.ensure()
        try:
            env = {**os.environ, "URI": there.uri, "PASSWORD": there.password}
            for round_ in range(given.rounds + 1):
                for name, python in pythons.items():
                    with _graph(there.uri, there.password) as graph:
                        _empty(graph)
                        schema.apply(graph)
                    command = [python, __file__, "--only", name, "--folder", str(folder)]
                    answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)
                    with _graph(there.uri, there.password) as graph:
                        _same(graph, name, given.rows)
                    if round_:  # in the first the server itself is cold
                        found[name].append(json.loads(answer.stdout.splitlines()[-1]))
                        print(name, found[name][-1], file=sys.stderr)
        finally:
            server.stop()
    ours = _medians(found["mce_graph"])
    for name, rounds in found.items():
        rates = _medians(rounds)
        told = ", ".join(f"{what} {rate:,.0f} ({ours[what] / rate:.2f})" for what, rate in rates.items())
        print(f"{name}: rows a second, and mce_graph's as a ratio: {told}")
    return 0


def _medians(rounds: list[Rates]) -> Rates:
    return {what: median(r[what] for r in rounds) for what in rounds[0]}


def _jars() -> Path:
    from mce_graph import config

    return config.load().home / "jars"


def _written(folder: Path, rows: int) -> Path:
    folder.mkdir()
    tables: dict[str, Iterator[str]] = {
        "Account": (f"A-{i}" for i in range(0, rows, 2)),
        "Product": (
            f"P-{i},Plan {i % 40},active,O-{i % 40},2024-0{1 + i % 9}-01T00:00:00Z,2027-01-01T00:00:00Z,{i % 90}.5,EUR"
            for i in range(rows)
        ),
        "BILLED_TO": (f"Product:P-{i},Account:A-{i - i % 2},2024-01-01T00:00:00Z" for i in range(rows)),
    }
    headers = {"Account": "id", "Product": COLUMNS, "BILLED_TO": "start,end,validFrom"}
    for table, lines in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in (headers[table], *lines))
    return folder


def _graph(uri: str, password: str) -> Any:
    from mce_graph.graph import Graph, open_driver

    return Graph(open_driver(uri, "neo4j", password), database="neo4j")


def _empty(graph: Any) -> None:
    from mce_graph.statement import Statement

    for text in ("MATCH ()-[r]->()", "MATCH (r)"):
        while graph.fetch(
            Statement(f"{text} WITH r LIMIT 20000 DELETE r RETURN count(*) AS n", access="write", timeout=600)
        ).value():
            pass


def _same(graph: Any, name: str, rows: int) -> None:
    """Raise unless everything is there, with its instants."""
    from mce_graph.statement import Statement

    nodes = "MATCH (n:Product) WHERE n.startDate IS :: ZONED DATETIME NOT NULL RETURN count(n)"
    links = "MATCH (:Product)-[r:BILLED_TO]->(:Account) WHERE r.validFrom IS :: ZONED DATETIME NOT NULL RETURN count(r)"
    found = [graph.fetch(Statement(text, timeout=600)).value() for text in (nodes, links)]
    wanted = [rows, min(rows, NEOMODEL_LINKS) if name == "neomodel" else rows]
    if found != wanted:
        raise SystemExit(f"{name} left {found} of {wanted} nodes and relationships")


def _timed(work: Callable[[], int]) -> float:
    begun = time.perf_counter()
    return work() / (time.perf_counter() - begun)


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _nodes(folder: Path, table: str, instant: Callable[[str], Any]) -> Iterator[dict[str, Any]]:
    for row in _rows(folder, table):
        made: dict[str, Any] = {"uid": f"{table}:{row['id']}", **row}
        for name in ("startDate", "contractEnd"):
            if name in made:
                made[name] = instant(made[name])
        if "monthlyValue" in made:
            made["monthlyValue"] = float(made["monthlyValue"])
        yield made


def _ours(folder: Path) -> Rates:
    from mce_graph.load.run import load

    def loaded(graph: Any, table: str) -> int:
        report = load(graph, folder / f"{table}.csv")
        assert report.written == report.read
        return report.written

    with _graph(os.environ["URI"], os.environ["PASSWORD"]) as graph:
        loaded(graph, "Account")
        return {table: _timed(partial(loaded, graph, table)) for table in ("Product", "BILLED_TO")}


def _unwind(folder: Path) -> Rates:
    from datetime import datetime

    from neo4j import GraphDatabase

    with GraphDatabase.driver(os.environ["URI"], auth=("neo4j", os.environ["PASSWORD"])) as driver:
        session = driver.session(database="neo4j")

        def merged(text: str, rows: Iterator[dict[str, Any]]) -> int:
            done = 0
            for batch in _batches(rows):
                session.execute_write(partial(_run, text, batch))
                done += len(batch)
            return done

        def nodes(table: str) -> int:
            text = f"UNWIND $rows AS row MERGE (n:{table} {{uid: row.uid}}) SET n += row"
            return merged(text, _nodes(folder, table, datetime.fromisoformat))

        def links() -> int:
            text = """UNWIND $rows AS row
MATCH (a:Product {uid: row.start})
MATCH (b:Account {uid: row.end})
MERGE (a)-[:BILLED_TO {validFrom: row.validFrom}]->(b)"""
            rows = (
                {**row, "validFrom": datetime.fromisoformat(row["validFrom"])} for row in _rows(folder, "BILLED_TO")
            )
            return merged(text, rows)

        nodes("Account")
        return {"Product": _timed(lambda: nodes("Product")), "BILLED_TO": _timed(links)}


def _run(text: str, batch: list[dict[str, Any]], tx: Any) -> None:
    tx.run(text, rows=batch).consume()


def _py2neo(folder: Path) -> Rates:
    """py2neo has no instants that a current server takes: they go as text, and the server makes instants of them."""
    from py2neo import Graph
    from py2neo.bulk import merge_nodes, merge_relationships

    graph = Graph(os.environ["URI"], auth=("neo4j", os.environ["PASSWORD"]), name="neo4j")

    def nodes(table: str) -> int:
        done = 0
        for batch in _batches(_nodes(folder, table, str)):
            merge_nodes(graph.auto(), batch, (table, "uid"))
            done += len(batch)
        if table == "Product":
            for _ in range(0, done, AT_ONCE):
                graph.run(
                    "MATCH (n:Product) WHERE n.startDate IS :: STRING NOT NULL WITH n LIMIT $n "
                    "SET n.startDate = datetime(n.startDate), n.contractEnd = datetime(n.contractEnd)",
                    n=AT_ONCE,
                )
        return done

    def links() -> int:
        done = 0
        for batch in _batches(_rows(folder, "BILLED_TO")):
            data = [(row["start"], {"validFrom": row["validFrom"]}, row["end"]) for row in batch]
            merge_relationships(graph.auto(), data, "BILLED_TO", ("Product", "uid"), ("Account", "uid"))
            done += len(batch)
        for _ in range(0, done, AT_ONCE):
            graph.run(
                "MATCH (:Product)-[r:BILLED_TO]->() WHERE r.validFrom IS :: STRING NOT NULL WITH r LIMIT $n "
                "SET r.validFrom = datetime(r.validFrom)",
                n=AT_ONCE,
            )
        return done

    nodes("Account")
    return {"Product": _timed(lambda: nodes("Product")), "BILLED_TO": _timed(links)}


def _neomodel(folder: Path) -> Rates:
    from datetime import datetime

    import neomodel as nm  # type: ignore[import-not-found]

    class BilledTo(nm.StructuredRel):  # type: ignore[misc]
        validFrom = nm.DateTimeNeo4jFormatProperty()  # noqa: N815

    class Account(nm.StructuredNode):  # type: ignore[misc]
        uid = nm.StringProperty(unique_index=True)
        key = nm.StringProperty(db_property="id")

    class Product(nm.StructuredNode):  # type: ignore[misc]
        uid = nm.StringProperty(unique_index=True)
        key = nm.StringProperty(db_property="id")
        name, status, offeringId, currency = (nm.StringProperty() for _ in range(4))  # noqa: N815
        startDate, contractEnd = (nm.DateTimeNeo4jFormatProperty() for _ in range(2))  # noqa: N815
        monthlyValue = nm.FloatProperty()  # noqa: N815
        accounts = nm.RelationshipTo(Account, "BILLED_TO", model=BilledTo)

    scheme, _, rest = os.environ["URI"].partition("://")
    nm.config.DATABASE_URL = f"{scheme}://neo4j:{os.environ['PASSWORD']}@{rest}"
    labels: dict[str, Any] = {"Account": Account, "Product": Product}

    def nodes(table: str) -> int:
        done = 0
        rows = ({"key": row.pop("id"), **row} for row in _nodes(folder, table, datetime.fromisoformat))
        for batch in _batches(rows):
            labels[table].create_or_update(*batch)
            done += len(batch)
        return done

    def links() -> int:
        done = 0
        with nm.db.transaction:
            for row in islice(_rows(folder, "BILLED_TO"), NEOMODEL_LINKS):
                account = Account.nodes.get(uid=row["end"])
                said = {"validFrom": datetime.fromisoformat(row["validFrom"])}
                Product.nodes.get(uid=row["start"]).accounts.connect(account, said)
                done += 1
        return done

    nodes("Account")
    return {"Product": _timed(lambda: nodes("Product")), "BILLED_TO": _timed(links)}


CONTENDERS: dict[str, Callable[[Path], Rates]] = {
    "mce_graph": _ours,
    "UNWIND of maps": _unwind,
    "py2neo.bulk": _py2neo,
    "neomodel": _neomodel,
}

if __name__ == "__main__":
    sys.exit(main())
