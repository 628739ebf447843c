"""What a finished snapshot of a system no longer holds, and its removal: a step of its own, never part of a load.

A snapshot is a complete extract, loaded with ``snapshot=SYSTEM``. What the system asserted before and neither the
snapshot nor a later load says again is stale. Only tables that the snapshot holds are looked at: a file that was
forgotten takes nothing away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar, cast

from mce_graph import model, specs, systems
from mce_graph.errors import NotFoundError, SourceError, UsageError
from mce_graph.graph import Graph
from mce_graph.instants import zoned
from mce_graph.load import merge, plan
from mce_graph.load.check import system_name
from mce_graph.load.checkpoint import Checkpoint, Run, patiently
from mce_graph.load.merge import Properties
from mce_graph.load.periods import RelState, withdraw
from mce_graph.load.sweep import Touched, sweep
from mce_graph.load.values import Fault
from mce_graph.load.write_tables import keep_relationships
from mce_graph.statement import Statement

MOST_SHARE = 0.2
"""A snapshot that lacks more than that is taken for a broken one."""
SIZE = 2000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StaleTable:
    """One label or type: how much of it the system asserts, and what becomes of what is stale."""

    table: str
    asserted: int
    withdrawn: int = 0
    """Other systems assert it still: the system is taken out of its sources."""
    ended: int = 0
    """Relationships that hold for a period and that nobody asserts any more."""
    deleted: int = 0
    """Nobody asserts it any more."""
    kept: int = 0
    """Nodes that only this system asserted, but that something not stale refers to."""

    @property
    def stale(self) -> int:
        return self.withdrawn + self.ended + self.deleted + self.kept

    def to_dict(self) -> dict[str, object]:
        return {n: getattr(self, n) for n in ("table", "asserted", "withdrawn", "ended", "deleted", "kept")}


@dataclass(frozen=True, slots=True)
class Stale:
    """What is stale of one system, and the snapshot that says so."""

    system: str
    snapshot: str
    """Id of the load."""
    at: datetime
    """When the snapshot was extracted, else loaded: stale relationships end then."""
    tables: tuple[StaleTable, ...]
    nodes: Mapping[str, list[tuple[str, str]]] = field(repr=False)
    """By label: (uid, withdraw or delete)."""
    relationships: Mapping[str, list[tuple[str, str, str]]] = field(repr=False)
    """By type: (start, end, id)."""

    @property
    def count(self) -> int:
        return sum(t.stale - t.kept for t in self.tables)

    @property
    def share(self) -> float:
        """The greater of the stale shares of the nodes and of the relationships that the system asserts."""
        shares = [0.0]
        for names in (model.NODES, model.RELATIONSHIPS):
            of = [t for t in self.tables if t.table in names]
            if asserted := sum(t.asserted for t in of):
                shares.append(sum(t.stale for t in of) / asserted)
        return max(shares)


def find_stale(graph: Graph, system: str) -> Stale:
    """What the last snapshot of a system no longer holds; only reads.

    Raises ``NotFoundError`` where there is no snapshot, ``SourceError`` where it is not whole.
    """
    try:
        system = system_name(system, lambda what: None)
    except Fault as fault:
        raise UsageError(f"{system}: {fault}") from None
    run, at, finished, tables = _snapshot(graph, system)
    text = "MATCH (r:LoadRun) WHERE r.complete AND (r.finishedAt > $finished OR r.id = $run) RETURN r.id"
    fresh = [row[0] for row in graph.fetch(Statement(text, {"finished": finished, "run": run}, name="stale")).rows]
    given = {"system": system, "fresh": fresh, "at": at}
    found: list[StaleTable] = []
    nodes: dict[str, list[tuple[str, str]]] = {}
    rels: dict[str, list[tuple[str, str, str]]] = {}
    for table in tables:
        if table in model.NODES:
            counts = {"withdraw": 0, "delete": 0, "keep": 0}
            doomed = []
            for uid, what in _rows(graph, _STALE_NODES.format(label=table, seen=systems.seen(system)), given):
                counts[cast(str, what)] += 1
                if what != "keep":
                    doomed.append((cast(str, uid), cast(str, what)))
            nodes[table] = doomed
            found.append(
                StaleTable(
                    table,
                    _asserted(graph, f"MATCH (n:{table}) WHERE $system IN n.sources", system),
                    withdrawn=counts["withdraw"],
                    deleted=counts["delete"],
                    kept=counts["keep"],
                )
            )
            continue
        spec = model.RELATIONSHIPS[table]
        rows = _rows(graph, _stale_relationships(spec, systems.seen(system)), given)
        rels[table] = [(cast(str, a), cast(str, b), cast(str, i)) for a, b, i, _ in rows]
        alone = sum(not others for *_, others in rows)
        found.append(
            StaleTable(
                table,
                _asserted(graph, f"MATCH ()-[n:{table}]->() WHERE $system IN n.sources", system),
                withdrawn=len(rows) - alone,
                ended=alone if spec.validity else 0,
                deleted=0 if spec.validity else alone,
            )
        )
    return Stale(system, run, at, tuple(found), nodes, rels)


def remove_stale(
    graph: Graph,
    system: str,
    *,
    max_share: float | str = MOST_SHARE,
    now: datetime | None = None,
    progress: Callable[[str], None] = lambda what: None,
) -> Stale:
    """Remove what is stale, and tell what it was; again, it finds nothing.

    A relationship that nobody asserts any more ends, or goes where it has no period; a node that nobody asserts any
    more goes, unless something refers to it that is not stale; elsewhere the system is withdrawn, and the fields are
    those of the systems that are left. Raises ``SourceError`` where more than ``max_share`` (``0.2``, ``"20%"``) of
    the nodes or of the relationships is stale.
    """
    most = share(max_share)
    try:
        now = zoned(now or datetime.now(UTC))
    except ValueError as error:
        raise UsageError(f"now: {error}") from None
    checkpoint = Checkpoint(graph, "remove-stale")
    checkpoint.take_lease(progress)
    try:
        stale = find_stale(graph, system)
        if stale.share > most:
            raise SourceError(
                f"{stale.share:.0%} of what {stale.system} asserts is not in the last snapshot, more than {most:.0%}",
                hint="was the extract complete? --max-share allows more",
            )
        touched = Touched()
        for type_, rels in stale.relationships.items():
            for part in _parts(rels):
                patiently(partial(_end, graph, checkpoint, type_, part, stale))
                for start, end, _ in part:
                    touched.ends(type_, start, end)
            progress(type_)
        for label, nodes in stale.nodes.items():
            for uids in _parts([uid for uid, what in nodes if what == "withdraw"]):
                patiently(partial(_withdraw, graph, checkpoint, label, uids, stale, now))
                touched.nodes(label, uids)
            for uids in _parts([uid for uid, what in nodes if what == "delete"]):
                users = patiently(partial(_delete, graph, checkpoint, label, uids))
                touched.users.update(users)
            progress(label)
        sweep(graph, checkpoint, touched, now, progress)
    finally:
        checkpoint.release()
    return stale


def share(said: float | str) -> float:
    """A share as a number from 0 to 1: ``0.2`` and ``"20%"`` are the same."""
    text = str(said).strip()
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"--max-share {text}: give a share such as 20%")
    return value


# --- finding -----------------------------------------------------------------------------------------------------


def _snapshot(graph: Graph, system: str) -> tuple[str, datetime, object, list[str]]:
    """The last snapshot of a system: id, its time, when it was loaded, the tables in it."""
    text = """MATCH (r:LoadRun)
WHERE r.system = $system
RETURN r.id AS id, r.complete AS complete, r.startedAt AS started, r.finishedAt AS finished, r.extractedAt AS extracted,
  r.counts AS counts
ORDER BY finished"""
    runs = graph.fetch(Statement(text, {"system": system}, name="stale")).maps()
    snapshots = [(r, said) for r in runs if r["complete"] and (said := _said(r["counts"])).get("snapshot")]
    if not snapshots:
        raise NotFoundError(
            f"no snapshot of {system} was loaded", hint=f"load a complete extract: mce load --snapshot {system} PATH…"
        )
    run, said = snapshots[-1]
    finished = run["finished"]
    if any(not r["complete"] and cast(datetime, r["started"]) > cast(datetime, finished) for r in runs):
        raise SourceError(
            f"a load of {system} after its last snapshot has not come to its end", hint="load the same files again"
        )
    left_out = cast(int, said.get("left_out", 0))
    if left_out or said.get("refused"):
        raise SourceError(
            f"the last snapshot of {system} is not whole: {left_out:,} rows or parts of rows were rejected, "
            f"{said.get('refused', 0)} files refused",
            hint="mend the files and load them again as a snapshot",
        )
    at = merge.native({"at": run["extracted"] or finished})["at"]
    assert isinstance(at, datetime)
    return str(run["id"]), at, finished, [str(t) for t in cast(list[object], said.get("tables", []))]


def _said(counts: object) -> dict[str, object]:
    found = json.loads(counts) if isinstance(counts, str) else {}
    return found if isinstance(found, dict) else {}


_STALE_NODES = f"""MATCH (n:{{label}})
WHERE $system IN n.sources AND NOT coalesce(n.{{seen}} IN $fresh, false)
  AND NOT (coalesce(n.stub, false) AND EXISTS {{{{ (:User)-[:{model.IDENTIFIES} {{{{method: 'rule'}}}}]->(n) }}}})
RETURN n.uid AS uid, CASE
  WHEN size(n.sources) > 1 THEN 'withdraw'
  WHEN EXISTS {{{{
    MATCH (n)-[r]-()
    WHERE type(r) <> '{model.ASSERTS}' AND NOT coalesce(type(r) = '{model.IDENTIFIES}' AND r.method = 'rule', false)
      AND (any(s IN r.sources WHERE s <> $system) OR r.{{seen}} IN $fresh) }}}} THEN 'keep'
  ELSE 'delete' END AS what
ORDER BY uid"""
"""A person made for a user by the loader follows the user, and is no assertion of its own."""


def _stale_relationships(spec: specs.RelSpec, seen: str) -> str:
    running = " AND (r.validTo IS NULL OR r.validTo > $at)" if spec.validity else ""
    made = " AND NOT coalesce(r.method = 'rule' AND b.stub, false)" if spec.type == model.IDENTIFIES else ""
    return f"""MATCH (a)-[r:{spec.type}]->(b)
WHERE $system IN r.sources AND NOT coalesce(r.{seen} IN $fresh, false){running}{made}
RETURN a.uid AS start, b.uid AS end, elementId(r) AS id, size(r.sources) > 1 AS others
ORDER BY start, end, id"""


def _asserted(graph: Graph, pattern: str, system: str) -> int:
    text = f"{pattern} RETURN count(n)"
    return cast(int, graph.fetch(Statement(text, {"system": system}, timeout=plan.TIMEOUT, name="stale")).value())


def _rows(graph: Graph, text: str, given: Mapping[str, object]) -> list[tuple[object, ...]]:
    return graph.fetch(Statement(text, given, timeout=plan.TIMEOUT, name="stale")).rows


# --- removing ----------------------------------------------------------------------------------------------------


def _end(graph: Graph, checkpoint: Checkpoint, type_: str, part: Sequence[tuple[str, str, str]], stale: Stale) -> None:
    """Withdraw the system from relationships; those that nobody else asserts end, or go."""
    spec = model.RELATIONSHIPS[type_]
    last = (
        "SET r.validTo = CASE WHEN r.validFrom > $at THEN r.validFrom ELSE $at END, r.sources = []"
        if spec.validity
        else "DELETE r"
    )
    text = f"""UNWIND $rows AS row
MATCH (a:{plan.ANY} {{uid: row[0]}})
MATCH (b:{plan.ANY} {{uid: row[1]}})
MATCH (a)-[r:{type_}]->(b)
WHERE elementId(r) = row[2] AND r.sources = [$system]
{last}"""
    given = {"rows": [list(row) for row in part], "at": stale.at, "system": stale.system}

    def work(run: Run) -> None:
        elements = {element for *_, element in part}
        states: dict[tuple[str, str, str], list[RelState]] = {}
        ends = sorted({(start, end) for start, end, _ in part})
        for number, _, _, element, properties in run(plan.find_relationships([(*e, type_) for e in ends])).rows:
            if element is not None:
                state = RelState(cast(str, element), merge.native(cast(Mapping[str, object], properties)))
                states.setdefault((type_, *ends[cast(int, number)]), []).append(state)
        for (_, start, _), there in states.items():
            withdraw(spec, there, stale.system, elements, start.partition(":")[0], checkpoint.declares)
        keep_relationships(run, states)
        run(_statement(text, given))

    _write(graph, checkpoint, work)


def _withdraw(
    graph: Graph, checkpoint: Checkpoint, label: str, uids: Sequence[str], stale: Stale, now: datetime
) -> None:
    """Take the system out of the sources of nodes that others assert too."""
    spec = model.NODES[label]

    def work(run: Run) -> None:
        records: dict[str, list[Properties]] = {}
        for uid, record in run(plan.records_of(label, uids)).rows:
            records.setdefault(cast(str, uid), []).append(merge.native(cast(Mapping[str, object], record)))
        changes: list[tuple[str, Properties]] = []
        dropped: list[str] = []
        marked: dict[tuple[str, bool], list[str]] = {}
        for uid, properties, labels in run(plan.find_nodes(uids)).rows:
            there = merge.native(cast(Mapping[str, object], properties))
            change = merge.withdrawn_node(spec, there, stale.system, checkpoint.declares, records.get(str(uid), ()))
            changes.append((str(uid), change.set))
            dropped += change.drop_records
            wanted = merge.derived_labels(label, there | change.set)
            for marker in merge.DERIVED.get(label, ()):
                if (marker in wanted) != (marker in cast(list[str], labels)):
                    marked.setdefault((marker, marker in wanted), []).append(str(uid))
        run(plan.change_nodes(label, changes))
        for (marker, on), of in sorted(marked.items()):
            run(plan.label_nodes(label, marker, of, on=on))
        if dropped:
            run(plan.drop_records(sorted(dropped)))

    _write(graph, checkpoint, work)


def _delete(graph: Graph, checkpoint: Checkpoint, label: str, uids: Sequence[str]) -> list[str]:
    """Delete nodes with their source records and the person made for a user; gives users who lose their person."""
    text = f"""UNWIND $uids AS uid
MATCH (n:{label} {{uid: uid}})
OPTIONAL MATCH (n)<-[:{model.ASSERTS}]-(s:SourceRecord)
OPTIONAL MATCH (n)-[i:{model.IDENTIFIES}]->(p:Individual)
WHERE i.method = 'rule' AND p.stub AND COUNT {{ (p)--() }} = 1
OPTIONAL MATCH (u:User)-[:{model.IDENTIFIES}]->(n)
WITH collect(DISTINCT n) + collect(DISTINCT s) + collect(DISTINCT p) AS gone, collect(DISTINCT u.uid) AS users
FOREACH (x IN gone | DETACH DELETE x)
RETURN users"""
    rows = _write(graph, checkpoint, lambda run: run(_statement(text, {"uids": list(uids)})).rows)
    return cast(list[str], rows[0][0])


def _write(graph: Graph, checkpoint: Checkpoint, work: Callable[[Run], T]) -> T:
    def held(run: Run) -> T:
        checkpoint.hold(run)
        return work(run)

    return graph.atomically(held, name="remove stale", timeout=plan.TIMEOUT)


def _statement(text: str, given: Mapping[str, object]) -> Statement:
    return Statement(text, given, "write", plan.TIMEOUT, name="remove stale")


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(rows), SIZE):
        yield rows[at : at + SIZE]
