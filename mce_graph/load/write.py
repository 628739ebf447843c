"""Batches into the graph: one transaction each, with its checkpoint in it; halved, tried again or resolved.

Two batches of nodes that share none are written at once, each in a transaction of its own: the server works on two
cores. They are committed in their order all the same, so that the checkpoint stays a number of rows.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from mce_graph.errors import MceError, OutOfMemoryError, QueryError, TimeoutExceededError, UnreachableError
from mce_graph.graph import Graph
from mce_graph.load import plan, write_mixed, write_tables
from mce_graph.load.batches import Batch, BatchResult, MixedNodes, MixedRels, NodeBatch, RelBatch, cut
from mce_graph.load.checkpoint import Checkpoint, LeaseLostError, Run
from mce_graph.load.write_tables import Load

MOST_REFUSED = 20
"""Single rows that the server may refuse before the load is given up: then it is not the rows."""
UNKNOWN_COMMITS = 20
Job = tuple[Batch, int]
"""A batch, and the row of the load at which it ends."""


def pairs(jobs: Iterable[Job]) -> Iterator[tuple[Job, Job | None]]:
    """Batches in their order, two of them together where they are of one label and the same systems.

    One system's rows are folded to one for each node: the two have no node in common. Only past a batch of nodes is
    the next one looked at, for whom a user identifies is asked of the graph after the parties are there.
    """
    first: Job | None = None
    for job in jobs:
        if first is not None and _apart(first[0], job[0]):
            yield first, job
            first = None
            continue
        if first is not None:
            yield first, None
            first = None
        if isinstance(job[0], NodeBatch):
            first = job
        else:
            yield job, None
    if first is not None:
        yield first, None


def _apart(one: Batch, other: Batch) -> bool:
    """Whether two batches that follow each other are of nodes of which none is the same."""
    return (
        isinstance(one, NodeBatch)
        and isinstance(other, NodeBatch)
        and (one.label, one.systems) == (other.label, other.systems)
    )


@dataclass(slots=True)
class Writer:
    """Writes the batches of one load."""

    graph: Graph
    checkpoint: Checkpoint
    load: Load
    refused: int = 0

    def write_both(self, first: Job, second: Job | None) -> Iterator[BatchResult]:
        """Write two batches at once and commit the first before the second; without a second, the first alone."""
        if second is None:
            yield from self.write(*first)
            return
        with ThreadPoolExecutor(1, thread_name_prefix="load") as beside:
            ahead = _Ahead(self, *second)
            try:
                written = beside.submit(ahead.write)
                yield from self.write(*first)
                result = ahead.finish(written)
            finally:
                ahead.give_up()
        if result is None:
            yield from self.write(*second)
        else:
            yield result

    def write(self, batch: Batch, done: int) -> Iterator[BatchResult]:
        """Write a batch that ends at row ``done`` of the load: in one transaction, or in halves where it is too big."""
        try:
            yield self._certain(batch, done)
        except (OutOfMemoryError, TimeoutExceededError):
            if len(batch.rows) == 1:
                raise
            yield from self._halves(batch, done)
        except QueryError as error:
            if len(batch.rows) > 1:
                yield from self._halves(batch, done)
                return
            self.refused += 1
            if self.refused > MOST_REFUSED:
                raise
            yield BatchResult([], [], [(batch.rows[0], f"the server refused it: {error.message}")])

    def _halves(self, batch: Batch, done: int) -> Iterator[BatchResult]:
        half = len(batch.rows) // 2
        first, second = cut(batch, 0, half), cut(batch, half, len(batch.rows))
        yield from self.write(first, done - len(second.rows))
        yield from self.write(second, done)

    def _certain(self, batch: Batch, done: int) -> BatchResult:
        """Write the batch in one transaction; when nobody knows whether it was committed, ask the graph."""
        result = BatchResult.empty()
        mark = secrets.token_hex(8)

        def work(run: Run) -> None:
            nonlocal result
            self.checkpoint.hold(run)
            result = self.rows(run, batch)
            if result.wrote:
                self.checkpoint.advance(run, done, mark)

        for attempt in range(UNKNOWN_COMMITS):
            try:
                self.graph.atomically(work, name=f"load {batch.name}", timeout=plan.TIMEOUT)
                break
            except TimeoutExceededError:
                raise
            except UnreachableError:
                if self.checkpoint.committed(mark):
                    break
                if attempt == UNKNOWN_COMMITS - 1:
                    raise
        self.checkpoint.advanced = self.checkpoint.advanced or result.wrote
        return result

    def rows(self, run: Run, batch: Batch) -> BatchResult:
        """What a batch comes to inside of its transaction."""
        match batch:
            case NodeBatch():
                return write_tables.write_nodes(run, batch, self.load)
            case RelBatch():
                return write_tables.write_relationships(run, batch, self.load)
            case MixedNodes():
                return write_mixed.write_nodes(run, batch.rows, self.load)
            case MixedRels():
                return write_mixed.write_relationships(run, batch.rows, self.load)


class _GivenUpError(MceError):
    """The batch before did not come through."""


class _Ahead:
    """A batch that is written beside the one before it, and committed only after it: else it leaves nothing.

    It holds the lease from its turn on, not from the beginning, where the other one holds it. Whatever fails here is
    written again in its turn, with all the care of ``Writer.write``.
    """

    def __init__(self, writer: Writer, batch: Batch, done: int) -> None:
        self._writer, self._batch, self._done = writer, batch, done
        self._mark = secrets.token_hex(8)
        self._turn = threading.Event()
        self._given_up = False
        self._result = BatchResult.empty()

    def write(self) -> None:
        """Write the batch, wait for its turn, and commit."""
        self._writer.graph.atomically(self._work, name=f"load {self._batch.name}", timeout=plan.TIMEOUT)

    def _work(self, run: Run) -> None:
        self._result = self._writer.rows(run, self._batch)
        self._turn.wait()
        if self._given_up:
            raise _GivenUpError("the batch before was not written")
        if self._result.wrote:
            self._writer.checkpoint.hold(run)
            self._writer.checkpoint.advance(run, self._done, self._mark)

    def finish(self, written: Future[None]) -> BatchResult | None:
        """What was committed, now that the batch before is there; ``None`` when it has to be written again."""
        self._turn.set()
        checkpoint = self._writer.checkpoint
        error = written.exception()
        if isinstance(error, LeaseLostError):
            raise error
        if error is not None and not (isinstance(error, UnreachableError) and checkpoint.committed(self._mark)):
            return None
        checkpoint.advanced = checkpoint.advanced or self._result.wrote
        return self._result

    def give_up(self) -> None:
        """Let it end without a commit, unless it had its turn."""
        self._given_up = True
        self._turn.set()
