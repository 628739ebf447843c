"""Load files into a graph: what the course of a load has read, checked and folded is written in batches.

The same load again changes nothing. One that was stopped goes on where it stopped when the same command is given again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mce_graph import config, model
from mce_graph.errors import MceError, UsageError
from mce_graph.load import merge, plan
from mce_graph.load.batches import (
    Batch,
    BatchResult,
    MixedNodes,
    NodeBatch,
    cut,
    mixed_nodes,
    mixed_rels,
    node_batches,
    parts,
    rel_batches,
)
from mce_graph.load.checkpoint import Checkpoint, Run, declared_entries, patiently
from mce_graph.load.course import Course
from mce_graph.load.fold import Away, Folded
from mce_graph.load.options import Options, Progress
from mce_graph.load.rehearse import Rehearsal, engaging
from mce_graph.load.report import LoadReport
from mce_graph.load.rows import RelRow, Row
from mce_graph.load.sources import STDIN, Source, find, spool
from mce_graph.load.sweep import Touched, sweep
from mce_graph.load.write import Job, Writer, pairs
from mce_graph.load.write_tables import Load
from mce_graph.statement import Statement

if TYPE_CHECKING:
    from mce_graph.graph import Graph

NODES_AT_ONCE, RELATIONSHIPS_AT_ONCE = 10_000, 5_000
SMALL = 2_000
"""Up to so many rows a load is written in batches of mixed tables: planning a statement for each table costs more."""
_TOLD_EVERY = 20_000


def load(
    graph: Graph,
    *paths: Path | str,
    system: str | None = None,
    mapping: Path | str | None = None,
    rejects: Path | str | None = None,
    strict: bool = False,
    max_rejects: int | str | None = None,
    assume_tz: str | None = None,
    extracted_at: datetime | str | None = None,
    table: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    dry_run: bool = False,
    events: bool = True,
    snapshot: str | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
    nodes_at_once: int = NODES_AT_ONCE,
    relationships_at_once: int = RELATIONSHIPS_AT_ONCE,
) -> LoadReport:
    """Load interchange tables (CSV, JSON Lines, Parquet), TM Forum JSON and, with a mapping file, tables of any layout.

    ``system`` is the source system that asserts them; a ``sources`` column says it for each row, and without either it
    is the master of each label.
    Rejected rows go to ``rejects``, else to a file under ``MCE_HOME``. ``strict`` refuses a file as a whole for one bad
    row or an unknown column; ``max_rejects`` (a number, or a share such as ``"5%"``) refuses the load before anything
    is written. ``assume_tz`` is the zone of times without one. ``now`` is the moment that markers hold for.
    The path ``-`` is standard input, and ``table`` says what it holds: a table of the model, ``tmf`` or ``jsonl``.
    ``delimiter`` and ``decimal`` are the signs of CSV files that are not written as RFC 4180 and ISO have it.
    ``dry_run`` does all but write: the report then says what would change, against the graph as it is; the rejects file
    is written all the same. Events of TM Forum feeds are applied in the order of their time; without ``events`` only
    those of creation are taken, the others are named. ``snapshot`` names the system of which
    this is a complete extract: what it lacks can be removed afterwards (``stale``), never by the load itself.

    ::

        report = mce_graph.load(graph, "extract/", system="CRM")
        print(report.written, report.rejected, report.rejects)
    """
    options = Options(
        system=system,
        mapping=mapping,
        strict=strict,
        max_rejects=max_rejects,
        assume_tz=assume_tz,
        extracted_at=extracted_at,
        now=now,
        progress=progress,
        delimiter=delimiter,
        decimal=decimal,
        dry_run=dry_run,
        events=events,
        snapshot=snapshot,
    )
    if not paths:
        raise UsageError("nothing to load", hint="give files or folders")
    mapped = options.mapping is not None
    target = Path(rejects) if rejects is not None else None
    with ExitStack() as until_loaded:
        spooled: Source | None = None
        if any(str(path) == STDIN for path in paths):
            spooled = until_loaded.enter_context(
                spool(sys.stdin.buffer, config.load().home / "spool", table or "", mapped=mapped)
            )
        elif table is not None:
            raise UsageError("--table is for standard input", hint="name the file after its table, or give -")
        found = find(paths, mapped=mapped, spooled=spooled)
        return _Online(graph, options, found, target, (nodes_at_once, relationships_at_once)).run()


class _Online(Course):
    """A load into a graph that answers, in batches, with a checkpoint after each."""

    def __init__(
        self, graph: Graph, options: Options, sources: list[Source], rejects: Path | None, sizes: tuple[int, int]
    ) -> None:
        super().__init__(options, sources, rejects)
        self.graph = graph
        self.sizes = sizes
        """How many nodes and how many relationships go at once."""
        self.engaging: dict[str, str] = {}
        """Parties of customers that a dry run would engage."""

    def _gone(self) -> Mapping[str, datetime]:
        rows = patiently(lambda: self.graph.fetch(plan.deleted_before())).rows
        found = ((cast(str, uid), merge.native({"at": at})["at"]) for uid, at in rows)
        return {uid: at for uid, at in found if isinstance(at, datetime)}

    def _write(self, folded: Folded, identity: str) -> bool:
        from mce_graph import schema

        if self.options.dry_run:
            self._rehearse(folded, identity)
            return False
        if schema.missing(self.graph):
            schema.apply(self.graph)
        entries = declared_entries(self.declared)
        checkpoint = Checkpoint(self.graph, identity)
        checkpoint.begin(
            system=self.options.system,
            extracted_at=self.options.extracted_at,
            declares=entries,
            deleted=sorted(folded.deleted),
            now=self.options.now,
            waiting=lambda what: self.options.progress(what, None),
        )
        try:
            checkpoint.knows(entries, {s: None for s, _ in self.declared}, [*folded.nodes, *folded.relationships])
            touched = self._batches(folded, checkpoint)
            self._end_links(folded, checkpoint, touched)
            swept = sweep(
                self.graph, checkpoint, touched, self.options.now, lambda what: self.options.progress(what, None)
            )
            self.nodes_created += swept.nodes_created
            self.relationships_created += swept.relationships_created
            checkpoint.advanced = checkpoint.advanced or swept.wrote
            text = self._counts(folded)
            patiently(lambda: checkpoint.finish(text, datetime.now(UTC), snapshot=self.options.snapshot))
        except BaseException:
            with suppress(MceError):
                checkpoint.release()
            raise
        return checkpoint.started_before and not checkpoint.finished

    def _batches(self, folded: Folded, checkpoint: Checkpoint) -> Touched:
        """Write the nodes and then the relationships, in an order that depends on the rows alone."""
        load = Load(checkpoint.id, self.options.now, checkpoint.declares)
        writer = Writer(self.graph, checkpoint, load)
        touched = Touched()
        every = folded.size
        start = checkpoint.done
        there = {row.uid for rows in folded.nodes.values() for row in rows} if start else set()

        def left() -> Iterator[Job]:
            at = 0
            for batch in self._plan(folded, small=every <= SMALL):
                at += len(batch.rows)
                part, skipped = _rest(batch, at, start, there)
                for row in skipped:
                    touched.add(row)
                if part is not None:
                    yield part, max(at, start)

        for first, second in pairs(left()):
            for result in writer.write_both(first, second):
                for changed in result.changed:
                    touched.add(changed)
                self._account(result)
            batch, done = second or first
            self.options.progress(f"{batch.name}: {done:,} of {every:,} rows", done / every)
        return touched

    def _end_links(self, folded: Folded, checkpoint: Checkpoint, touched: Touched) -> None:
        """What was deleted takes its links with it, also those that earlier loads brought."""
        ended = sorted(folded.deleted.items())
        for at in range(0, len(ended), self.sizes[1]):
            statement = plan.end_links(ended[at : at + self.sizes[1]])

            def work(run: Run, statement: Statement = statement) -> list[tuple[object, ...]]:
                checkpoint.hold(run)
                return run(statement).rows

            for type_, start, end in patiently(
                partial(self.graph.atomically, work, name="load deleted", timeout=plan.TIMEOUT)
            ):
                touched.ends(str(type_), str(start), str(end))
                checkpoint.advanced = True

    def _account(self, result: BatchResult) -> None:
        """Write into the ledger what a batch did."""
        for changed in result.changed:
            self._changed(changed)
        for row, side, uid in result.missing:
            self.ledger.reject(row, side, self._why_missing(side, uid))
        for refused, reason in result.refused:
            self.ledger.reject(refused, "", reason)
        self.nodes_created += result.nodes_created
        self.relationships_created += result.relationships_created

    def _rehearse(self, folded: Folded, identity: str) -> None:
        """What writing would do, by the same comparing, without a write."""
        checkpoint = Checkpoint(self.graph, identity)
        if self.options.system and self.options.extracted_at:
            checkpoint.refuse_older(self.options.system, self.options.extracted_at)
        checkpoint.knows(
            declared_entries(self.declared), {s: None for s, _ in self.declared}, [*folded.nodes, *folded.relationships]
        )
        rehearsal = Rehearsal(self.graph, Load(identity, self.options.now, checkpoint.declares))
        rehearsal.expected = {row.uid for rows in folded.nodes.values() for row in rows}
        self.engaging = engaging(folded)
        for batch in self._plan(folded, small=True):
            self.options.progress(f"comparing {batch.name}", None)
            self._account(rehearsal.play(batch))
        parties = rehearsal.parties_to_make(folded)
        self.nodes_created += parties
        self.relationships_created += parties

    def _plan(self, folded: Folded, *, small: bool) -> Iterator[Batch]:
        """Nodes, then who is engaged, then the other relationships."""
        nodes_at_once, rels_at_once = self.sizes
        if small:
            yield from mixed_nodes(chain.from_iterable(folded.nodes.values()), nodes_at_once)
            first = folded.relationships.get(model.ENGAGED_PARTY, [])
            yield from mixed_rels(first, rels_at_once)
            others = (t for t in folded.relationships if t != model.ENGAGED_PARTY)
            yield from mixed_rels(chain.from_iterable(self._links(folded, t) for t in others), rels_at_once)
            return
        for label, nodes in folded.nodes.items():
            yield from node_batches(label, nodes, nodes_at_once)
        for type_ in folded.relationships:
            yield from rel_batches(type_, self._links(folded, type_), rels_at_once)

    def _links(self, folded: Folded, type_: str) -> Iterable[RelRow]:
        if type_ != model.IDENTIFIES:
            return folded.relationships[type_]
        away = Away()
        found = folded.with_parties(self._parties, self._no_party, away)
        self._fold_away(away)
        return found

    def _parties(self, customers: list[str]) -> Mapping[str, str]:
        """The parties that customers engage; those that are not there yet, as a dry run has it, too."""
        found: dict[str, str] = {}
        for part in parts(customers, self.sizes[0]):
            rows = patiently(partial(self.graph.fetch, plan.engaged_party(part))).rows
            found |= {cast(str, uid): cast(str, party) for uid, party in rows}
        return found | self.engaging

    def _no_party(self, row: RelRow) -> None:
        self.ledger.reject(row, "end", f"{row.end} engages no party, or is not in the graph")


def _rest(batch: Batch, at: int, start: int, there: set[str]) -> tuple[Batch | None, list[Row]]:
    """What an earlier try has not written yet, and what it has: a relationship that may lack an end is tried again."""
    before = start - (at - len(batch.rows))
    if before <= 0:
        return batch, []
    rest = cut(batch, before, len(batch.rows))
    if isinstance(batch, NodeBatch | MixedNodes):
        return (rest if rest.rows else None), [*batch.rows[:before]]
    done = batch.rows[:before]
    again = [row for row in done if row.start not in there or row.end not in there]
    rows = [*again, *batch.rows[before:]]
    return (replace(batch, rows=rows) if rows else None), [*done]
