"""Batches into the graph: one transaction each, with its checkpoint in it; halved, tried again or resolved."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from mce_graph.errors import OutOfMemoryError, QueryError, TimeoutExceededError, UnreachableError
from mce_graph.graph import Graph
from mce_graph.load import plan, write_mixed, write_tables
from mce_graph.load.batches import Batch, BatchResult, MixedNodes, MixedRels, NodeBatch, RelBatch, cut
from mce_graph.load.checkpoint import Checkpoint, Run
from mce_graph.load.write_tables import Load

MOST_REFUSED = 20
"""Single rows that the server may refuse before the load is given up: then it is not the rows."""
UNKNOWN_COMMITS = 20


@dataclass(slots=True)
class Writer:
    """Writes the batches of one load, one after the other."""

    graph: Graph
    checkpoint: Checkpoint
    load: Load
    refused: int = 0

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
            result = self._rows(run, batch)
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

    def _rows(self, run: Run, batch: Batch) -> BatchResult:
        match batch:
            case NodeBatch():
                return write_tables.write_nodes(run, batch, self.load)
            case RelBatch():
                return write_tables.write_relationships(run, batch, self.load)
            case MixedNodes():
                return write_mixed.write_nodes(run, batch.rows, self.load)
            case MixedRels():
                return write_mixed.write_relationships(run, batch.rows, self.load)
