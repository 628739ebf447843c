"""The load's own nodes in the graph: its ``LoadRun``, which says how far it came, and the lease that one load holds.

``LoadRun.batch`` counts the rows that are done, in the fixed order of the load; it is set in the same transaction as
those rows. A commit of which nobody knows whether it took place is found out by reading it.
"""

from __future__ import annotations

import os
import socket
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from mce_graph import model
from mce_graph.errors import MceError, QueryError, SourceError, TimeoutExceededError, UnreachableError
from mce_graph.graph import Graph
from mce_graph.statement import Answer, Statement

T = TypeVar("T")
Run = Callable[[Statement], Answer]
"""Sends one statement inside of a transaction that is open."""
LEASE_SECONDS = 360
"""Longer than one batch may take: a loader that was ended cannot come back and write into another one's load."""
WAIT_SECONDS = 20.0
PATIENCE = 45.0
"""Seconds that a load waits for a server that went away."""
_LEASE = model.uid("LoadRun", "lease")


class LeaseLostError(MceError):
    """Another load has taken over; this one must not write any more."""


@dataclass(slots=True)
class Checkpoint:
    """One load's place in the graph."""

    graph: Graph
    id: str
    holder: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}")
    done: int = 0
    """Rows that an earlier try of the same load has written."""
    finished: bool = False
    """Whether an earlier try came to its end; it is then gone through again, and writes where something differs."""
    started_before: bool = False
    advanced: bool = False
    """Whether this try wrote anything."""
    _declared: dict[tuple[str, str, str], frozenset[str] | None] = field(default_factory=dict)

    @property
    def uid(self) -> str:
        return model.uid("LoadRun", self.id)

    # --- beginning and end ---

    def begin(
        self,
        *,
        system: str | None,
        extracted_at: datetime | None,
        declares: Sequence[str],
        deleted: Sequence[str],
        now: datetime,
        waiting: Callable[[str], None],
    ) -> None:
        """Take the lease, and make or find the load's node."""
        self.take_lease(waiting)
        try:
            if system and extracted_at:
                self.refuse_older(system, extracted_at)
            self._register({
                "system": system, "extracted": extracted_at, "declares": list(declares),
                "deleted": list(deleted) or None, "now": now,
            })  # fmt: skip
        except BaseException:
            with suppress(MceError):
                self.release()
            raise

    def _register(self, said: Mapping[str, object]) -> None:
        text = """MERGE (r:LoadRun {uid: $uid})
ON CREATE SET r.id = $id, r.system = $system, r.extractedAt = $extracted, r.declares = $declares, r.batch = 0,
  r.deleted = $deleted, r.startedAt = $now, r.complete = false, r.created = true
WITH r, r.created AS created
REMOVE r.created
RETURN r.batch AS batch, r.complete AS complete, created"""
        given = {"uid": self.uid, "id": self.id, **said}
        statement = Statement(text, given, "write", name="load begin")
        ((batch, complete, created),) = patiently(lambda: self.graph.fetch(statement)).rows
        self.finished = complete is True
        self.started_before = created is not True
        self.done = batch if isinstance(batch, int) and not self.finished else 0

    def finish(self, counts: str, now: datetime, *, snapshot: bool = False) -> None:
        """Mark the load as complete, unless it was and nothing was written, and give the lease back.

        A snapshot is marked each time: what came to be known before it and is not in it is stale.
        """
        if self.advanced or not self.finished or snapshot:
            text = (
                "MATCH (r:LoadRun {uid: $uid}) SET r.complete = true, r.finishedAt = $now, r.counts = $counts "
                "REMOVE r.holder"
            )
            self.graph.fetch(Statement(text, {"uid": self.uid, "now": now, "counts": counts}, "write", name="load end"))
        self.release()

    def release(self) -> None:
        """Give the lease back; a lease that nobody holds any more is left alone."""
        _HERE.discard(self.holder)
        text = "MATCH (l:LoadRun {uid: $uid}) WHERE l.holder = $holder REMOVE l.holder, l.lease"
        given = {"uid": _LEASE, "holder": self.holder}
        self.graph.transact([Statement(text, given, "write", name="load lease")], tries=0)

    def last_finished(self) -> datetime | None:
        """When the last load before this one ended: validity that lapsed since is swept."""
        text = "MATCH (r:LoadRun) WHERE r.complete AND r.id <> $id RETURN max(r.finishedAt) AS last"
        own = "MATCH (r:LoadRun {uid: $uid}) WHERE r.complete RETURN r.finishedAt AS last"
        found = [
            value
            for statement in (Statement(text, {"id": self.id}), Statement(own, {"uid": self.uid}))
            for (value,) in self.graph.fetch(statement).rows
            if value is not None
        ]
        times = [v.to_native() if hasattr(v, "to_native") else v for v in found]
        return max((t for t in times if isinstance(t, datetime)), default=None)

    # --- batches ---

    def hold(self, run: Run) -> None:
        """First statement of every batch: renews the lease, and locks it until the batch is committed."""
        text = """MATCH (l:LoadRun {uid: $uid})
WHERE l.holder = $holder
SET l.lease = datetime() + duration({seconds: $seconds})
RETURN 1 AS held"""
        given = {"uid": _LEASE, "holder": self.holder, "seconds": LEASE_SECONDS}
        if not run(Statement(text, given, "write", name="load lease")).rows:
            raise LeaseLostError("another load has taken over", hint="wait until it has ended, then load again")

    def advance(self, run: Run, done: int, mark: str) -> None:
        """Last statement of a batch that changed something; ``mark`` is that batch's own."""
        text = "MATCH (r:LoadRun {uid: $uid}) SET r.batch = $done, r.complete = false, r.holder = $mark"
        run(Statement(text, {"uid": self.uid, "done": done, "mark": mark}, "write", name="load checkpoint"))

    def committed(self, mark: str) -> bool:
        """Whether the batch with this mark was committed; waits for a server that is being restarted."""
        text = "MATCH (r:LoadRun {uid: $uid}) RETURN r.holder AS mark"
        statement = Statement(text, {"uid": self.uid}, name="load checkpoint")
        rows = patiently(lambda: self.graph.transact([statement], tries=0)[0].rows)
        if not rows:
            raise QueryError("the load's own node is gone", hint="was the database reset? load again")
        return rows[0][0] == mark

    # --- what earlier loads declared ---

    def declares(self, system: str, table: str, run_id: str) -> frozenset[str] | None:
        """The fields of a table that a system declared in a load; none known gives ``None``."""
        key = (system, table, run_id)
        if key not in self._declared:
            text = "MATCH (r:LoadRun {uid: $uid}) RETURN r.declares AS declares"
            uid = model.uid("LoadRun", run_id)
            rows = self.graph.fetch(Statement(text, {"uid": uid}, name="load declares")).rows
            entries = rows[0][0] if rows else None
            self._declared[key] = _fields(entries, system, table) if isinstance(entries, list) else None
        return self._declared[key]

    def knows(self, entries: Sequence[str], systems: Mapping[str, object], tables: Sequence[str]) -> None:
        """Remember what this load declares, which its node may not say yet."""
        for system in systems:
            for table in tables:
                self._declared[system, table, self.id] = _fields(entries, system, table)

    def take_lease(self, waiting: Callable[[str], None]) -> None:
        """Wait for the lease that one writer at a time holds, and take it."""
        text = """MERGE (l:LoadRun {uid: $uid})
ON CREATE SET l.id = 'lease'
SET l.batch = 0
WITH l, l.holder AS before, l.lease > datetime() AS held
FOREACH (_ IN CASE WHEN before IS NULL OR NOT coalesce(held, false) OR before IN $dead THEN [0] ELSE [] END |
  SET l.holder = $holder, l.lease = datetime() + duration({seconds: $seconds}))
RETURN l.holder = $holder AS mine, before"""
        deadline = time.monotonic() + WAIT_SECONDS
        dead: list[str] = []
        while True:
            given = {"uid": _LEASE, "holder": self.holder, "seconds": LEASE_SECONDS, "dead": dead}
            statement = Statement(text, given, "write", name="load lease")
            ((mine, before),) = patiently(partial(self.graph.fetch, statement)).rows
            if mine:
                _HERE.add(self.holder)
                return
            if isinstance(before, str) and not _lives(before):
                dead = [before]
                continue
            if time.monotonic() > deadline:
                raise MceError(
                    "another load is running",
                    hint="wait until it has ended; what a loader that died holds is free after six minutes",
                )
            waiting("waiting for another load to end")
            time.sleep(0.25)

    def refuse_older(self, system: str, extracted_at: datetime) -> None:
        """Refuse an extract that was made before one that is loaded already."""
        text = """MATCH (r:LoadRun)
WHERE r.system = $system AND r.complete AND r.extractedAt > $extracted AND r.id <> $id
RETURN max(r.extractedAt) AS newer"""
        given = {"system": system, "extracted": extracted_at, "id": self.id}
        ((newer,),) = self.graph.fetch(Statement(text, given, name="load extract")).rows
        if newer is not None:
            raise SourceError(
                f"an extract of {system} made later was loaded already",
                hint="loads of one system follow the time of their extracts (--extracted-at)",
            )


def patiently(call: Callable[[], T]) -> T:
    """What ``call`` gives, tried again while the server is away: for calls that may run twice."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except TimeoutExceededError:
            raise
        except UnreachableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def declared_entries(declared: Mapping[tuple[str, str], set[str]]) -> list[str]:
    """What a load declares, as ``LoadRun.declares`` keeps it: ``Customer.name``, and ``SDP:Customer.name`` for a
    field that only one of several systems declares."""
    entries: set[str] = set()
    for table in sorted({table for _, table in declared}):
        by_system = {system: fields for (system, t), fields in declared.items() if t == table}
        common = set.intersection(*by_system.values())
        entries |= {f"{table}.{name}" for name in common}
        for system, fields in by_system.items():
            entries |= {f"{system}:{table}.{name}" for name in fields - common}
    return sorted(entries)


def _fields(entries: Sequence[object], system: str, table: str) -> frozenset[str]:
    starts = (f"{table}.", f"{system}:{table}.")
    return frozenset(
        entry[len(start) :]
        for entry in entries
        if isinstance(entry, str)
        for start in starts
        if entry.startswith(start)
    )


_HERE: set[str] = set()
"""Holders in this process: a load that lost its server could not give its lease back."""


def _lives(holder: str) -> bool:
    """Whether a holder on this machine still runs; of another machine nobody knows."""
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    if int(pid) == os.getpid():
        return holder in _HERE
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
