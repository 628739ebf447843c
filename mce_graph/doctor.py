"""Is everything there that answers need? One check after the other, each with what to do when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mce_graph import schema
from mce_graph.errors import MceError, WriteRefusedError
from mce_graph.result import json_value, plain
from mce_graph.statement import Statement

if TYPE_CHECKING:
    from mce_graph.graph import Graph

SUPPORTED = ("5.26", "2026.")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is as it should be, what was found, and what to do."""

    name: str
    ok: bool
    found: str
    hint: str = ""


def examine(graph: Graph) -> Iterator[Check]:
    """Look at the server and the graph; the rest is left out when no server answers."""
    try:
        rows = graph.autocommit(
            Statement("CALL dbms.components() YIELD versions, edition RETURN versions[0], edition", name="doctor")
        ).rows
    except MceError as error:
        yield Check("server", False, error.message, error.hint)
        return
    version, edition = (str(value) for value in rows[0])
    yield Check(
        "server", version.startswith(SUPPORTED), f"Neo4j {version}, {edition}", "tested are 5.26 LTS and 2026.x"
    )
    yield _refuses_writes(graph)
    missing = schema.missing(graph)
    yield Check(
        "schema",
        not missing,
        f"{len(schema.indexes()) - len(missing)} of {len(schema.indexes())} constraints and indexes are online"
        + (f"; first not: {missing[0][0]} ({missing[0][1]})" if missing else ""),
        "run `mce schema apply`",
    )
    yield from _freshness(graph)


def _refuses_writes(graph: Graph) -> Check:
    probe = Statement("CREATE (n:Customer {uid: 'Customer:doctor'}) DELETE n", name="doctor")
    try:
        graph.fetch(probe)
    except WriteRefusedError:
        return Check("read only", True, "the server refuses a write in a reading session")
    except MceError as error:
        return Check("read only", False, error.message, error.hint)
    return Check("read only", False, "a write in a reading session went through", "is the address a Neo4j server?")


def _freshness(graph: Graph) -> Iterator[Check]:
    rows = graph.fetch(
        Statement(
            "MATCH (r:LoadRun) WHERE r.startedAt IS NOT NULL WITH r ORDER BY r.startedAt DESC "
            "WITH r.system AS system, collect(r)[0] AS last "
            "RETURN system, last.complete AS complete, coalesce(last.finishedAt, last.startedAt) AS at ORDER BY system",
            name="doctor",
        )
    ).rows
    if not rows:
        yield Check("data", False, "nothing is loaded", "try `mce load --story`")
    for system, complete, at in rows:
        when = json_value(plain(at))
        yield Check(
            f"data of {system or 'several systems'}",
            bool(complete),
            f"last load {'finished' if complete else 'begun, not finished'} {when}",
            "run the same load again: it goes on where it stopped",
        )
