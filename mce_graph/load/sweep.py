"""What the loader keeps for now: the marker labels of users, and a party for every user.

Only users that a load touched are looked at, and those whose periods began or ended since the last load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import cast

from mce_graph import model, systems
from mce_graph.graph import Graph
from mce_graph.load.checkpoint import Checkpoint, Run, patiently
from mce_graph.load.plan import TIMEOUT
from mce_graph.load.rows import NodeRow, Row
from mce_graph.statement import Statement

SIZE = 2000
_PARTIES = (*model.PARTY, "Customer")


@dataclass(slots=True)
class Touched:
    """The users and the parties behind users whose markers a load may have changed."""

    users: set[str] = field(default_factory=set)
    parties: dict[str, set[str]] = field(default_factory=dict)
    """uids by key label: parties, and customers that engage them."""

    def add(self, row: Row) -> None:
        if isinstance(row, NodeRow):
            self.nodes(row.label, (row.uid,))
        else:
            self.ends(row.type, row.start, row.end)

    def nodes(self, label: str, uids: Iterable[str]) -> None:
        """Nodes of one label."""
        if label == "User":
            self.users.update(uids)
        elif label in _PARTIES:
            for uid in uids:
                self._party(uid)

    def ends(self, type_: str, start: str, end: str) -> None:
        """The ends of a relationship."""
        if type_ in (model.IDENTIFIES, model.USES_ACCOUNT):
            self.users.add(start)
        elif type_ in (model.ENGAGED_PARTY, model.SAME_AS):
            self._party(start)
            self._party(end)

    def _party(self, uid: str) -> None:
        self.parties.setdefault(uid.partition(":")[0], set()).add(uid)


@dataclass(frozen=True, slots=True)
class Swept:
    nodes_created: int = 0
    relationships_created: int = 0
    wrote: bool = False


def sweep(
    graph: Graph, checkpoint: Checkpoint, touched: Touched, now: datetime, progress: Callable[[str], None]
) -> Swept:
    """Bring markers and parties up to date for every user that was touched or whose validity lapsed."""
    users = touched.users | set(_lapsed(graph, checkpoint.last_finished(), now))
    for label, uids in sorted(touched.parties.items()):
        for part in _parts(uids):
            users |= set(_column(graph.fetch(Statement(_behind(label), {"uids": part}, name="load sweep")).rows))
    nodes = relationships = 0
    wrote = False
    for part in _parts(users):
        counts = patiently(partial(_sweep_part, graph, checkpoint, part, now))
        nodes += counts.get("nodes_created", 0)
        relationships += counts.get("relationships_created", 0)
        wrote = wrote or any(counts.values())
        progress("markers")
    return Swept(nodes, relationships, wrote)


def _sweep_part(graph: Graph, checkpoint: Checkpoint, part: Sequence[str], now: datetime) -> dict[str, int]:
    """Some users in one transaction; gives what the server counted."""

    def work(run: Run) -> dict[str, int]:
        checkpoint.hold(run)
        total: dict[str, int] = {}
        given = {"uids": part, "now": now, "beginning": model.BEGINNING, "back": list(systems.BACK_END)}
        for text in (_MAKE_PARTIES, _FOLLOW_USERS, _DROP_PARTIES, _MARK):
            counts = run(Statement(text, given, "write", TIMEOUT, "load sweep")).summary.counters
            for name, count in counts.items():
                total[name] = total.get(name, 0) + count
        return total

    return graph.atomically(work, name="load sweep", timeout=TIMEOUT)


def _lapsed(graph: Graph, since: datetime | None, now: datetime) -> Iterable[str]:
    """Users of whom a period began or ended since the last load; all that is read is an index, where there is one."""
    if since is None:
        return
    for type_ in (model.USES_ACCOUNT, model.IDENTIFIES):
        for name in ("validTo", "validFrom"):
            text = f"MATCH (u:User)-[r:{type_}]->() WHERE r.{name} > $since AND r.{name} <= $now RETURN u.uid AS uid"
            given = {"since": since, "now": now}
            yield from _column(graph.fetch(Statement(text, given, timeout=TIMEOUT, name="load sweep")).rows)


def _behind(label: str) -> str:
    """The users whose party this is, or is said to be the same as, or is engaged by this customer."""
    party = f"MATCH (c:Customer {{uid: uid}})-[:{model.ENGAGED_PARTY}]->(p)" if label == "Customer" else (
        f"MATCH (p:{label} {{uid: uid}})"
    )  # fmt: skip
    return f"""UNWIND $uids AS uid
{party}
OPTIONAL MATCH (p)-[:{model.SAME_AS}]-(q)
UNWIND [p, q] AS party
MATCH (u:User)-[:{model.IDENTIFIES}]->(party)
RETURN DISTINCT u.uid AS uid"""


_SEEN = [systems.seen(system) for system in systems.SYSTEMS]
_ISSUED = "CASE WHEN u.id CONTAINS '~' THEN u.id ELSE '" + model.NODES["User"].master + "~' + u.id END"
"""The id of a party made for a user: that of the user, with the system that issued it."""

_MAKE_PARTIES = f"""UNWIND $uids AS uid
MATCH (u:User {{uid: uid}})
WHERE NOT EXISTS {{ (u)-[:{model.IDENTIFIES}]->() }}
WITH u, {_ISSUED} AS id
MERGE (p:Individual {{uid: 'Individual:' + id}})
ON CREATE SET p:Party, p.id = id, p.stub = true, p.sources = u.sources
CREATE (u)-[:{model.IDENTIFIES} {{validFrom: $beginning, method: 'rule', sources: u.sources}}]->(p)"""

_FOLLOW_USERS = f"""UNWIND $uids AS uid
MATCH (u:User {{uid: uid}})-[r:{model.IDENTIFIES}]->(p:Individual)
WHERE r.method = 'rule' AND p.stub AND p.id = {_ISSUED}
  AND (coalesce(p.name, '') <> coalesce(u.nickname, '') OR p.sources <> u.sources OR r.sources <> u.sources
    OR {" OR ".join(f"coalesce(p.{name}, '') <> coalesce(u.{name}, '')" for name in _SEEN)})
SET p.name = u.nickname, p.sources = u.sources, r.sources = u.sources,
  {", ".join(f"p.{name} = u.{name}, r.{name} = u.{name}" for name in _SEEN)}"""
"""A party made for a user says what the user's sources say, until a source describes the party itself."""

_DROP_PARTIES = f"""UNWIND $uids AS uid
MATCH (u:User {{uid: uid}})-[r:{model.IDENTIFIES}]->(p:Individual)
WHERE r.method = 'rule' AND p.stub AND p.id = {_ISSUED}
  AND EXISTS {{ MATCH (u)-[other:{model.IDENTIFIES}]->() WHERE other <> r }}
  AND COUNT {{ (p)--() }} = 1
DETACH DELETE p"""
"""A party made for a user goes when a source tells the real one: the order of loads does not matter."""

_NOW = "{0}.validFrom <= $now AND ({0}.validTo IS NULL OR {0}.validTo > $now)"


def _known(name: str) -> str:
    return f"any(s IN {name}.sources WHERE s IN $back)"


_MARK = f"""UNWIND $uids AS uid
MATCH (u:User {{uid: uid}})
WITH u,
  [(u)-[r:{model.USES_ACCOUNT}]->() WHERE {_NOW.format("r")} | r.role] AS roles,
  {_known("u")} OR EXISTS {{
    MATCH (u)-[r:{model.IDENTIFIES}]->(p)
    WHERE {_NOW.format("r")} AND ({_known("p")}
      OR EXISTS {{ MATCH (p)-[:{model.SAME_AS}]-(q) WHERE {_known("q")} }}
      OR EXISTS {{ MATCH (p)<-[e:{model.ENGAGED_PARTY}]-(c:Customer) WHERE {_NOW.format("e")} AND {_known("c")} }})
  }} AS known
""" + "\n".join(
    f"FOREACH (_ IN CASE WHEN {test} THEN [0] ELSE [] END | SET u:{label})\n"
    f"FOREACH (_ IN CASE WHEN {test} THEN [] ELSE [0] END | REMOVE u:{label})"
    for label, test in (
        *((label, f"'{role}' IN roles") for role, label in model.KIND_LABELS.items()),
        (model.FRONT_ONLY, "NOT known"),
    )
)


def _parts(uids: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(uids)
    for at in range(0, len(ordered), SIZE):
        yield ordered[at : at + SIZE]


def _column(rows: Iterable[tuple[object, ...]]) -> list[str]:
    return [cast(str, row[0]) for row in rows]
