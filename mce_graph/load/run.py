"""Load files into the graph: read and check everything, fold it, then write it, each row accounted for.

The same load again changes nothing. One that was stopped goes on where it stopped when the same command is given again.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from mce_graph import model
from mce_graph.errors import MceError, SourceError, UsageError
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
from mce_graph.load.check import Checker, Refusal
from mce_graph.load.checkpoint import Checkpoint, Run, declared_entries, patiently
from mce_graph.load.crosscheck import Doubts
from mce_graph.load.fold import Away, Fold, Folded
from mce_graph.load.ledger import CHANGED, DUPLICATE, HAS_ROW, FileEntry, Ledger, as_table
from mce_graph.load.options import Options, Progress
from mce_graph.load.pages import Visits
from mce_graph.load.records import Place, Record, Skipped
from mce_graph.load.rehearse import Rehearsal, engaging
from mce_graph.load.rejects import Rejects
from mce_graph.load.report import LoadReport, total
from mce_graph.load.rows import RelRow, Row
from mce_graph.load.sources import STDIN, Reading, Source, find, spool
from mce_graph.load.sweep import Touched, sweep
from mce_graph.load.write import Writer
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
            spooled = until_loaded.enter_context(spool(sys.stdin.buffer, _home() / "spool", table or "", mapped=mapped))
        elif table is not None:
            raise UsageError("--table is for standard input", hint="name the file after its table, or give -")
        found = find(paths, mapped=mapped, spooled=spooled)
        return _Load(graph, options, found, target, nodes_at_once, relationships_at_once).run()


class _Load:
    """One load, from the first file to the report."""

    def __init__(
        self,
        graph: Graph,
        options: Options,
        sources: list[Source],
        rejects: Path | None,
        nodes_at_once: int,
        relationships_at_once: int,
    ) -> None:
        if rejects is not None and any(source.path == rejects.resolve() for source in sources):
            raise UsageError(
                f"{rejects}: rejects would be written over a file that is loaded", hint="give another --rejects"
            )
        self.graph = graph
        self.options = options
        self.files = [FileEntry(source) for source in sources]
        self.ledger = Ledger(self.files)
        self.target = rejects
        self.sizes = (nodes_at_once, relationships_at_once)
        self.folder = rejects.parent if rejects is not None else _rejects_folder()
        self.rejects = Rejects(self.folder)
        self.warnings = options.warnings
        self.nodes_created = self.relationships_created = 0
        self.changes: Counter[str] = Counter()
        self.declared: dict[tuple[str, str], set[str]] = {}
        """The fields that each system declares of each table."""
        self.doubts = Doubts()
        self.visits: Visits | None = None
        self.engaging: dict[str, str] = {}
        """Parties of customers that a dry run would engage."""
        self.started = time.monotonic()

    def run(self) -> LoadReport:
        fold = Fold(lambda: _home() / "spool")
        try:
            self._read(fold)
            folded = self._fold(fold)
            identity = self._identity()
            resumed = False
            if self.options.dry_run:
                self._rehearse(folded, identity)
            elif folded.nodes or folded.relationships:
                resumed = self._write(folded, identity)
            self._reject_late()
            target = self.target or self.folder / f"{identity[:16]}.jsonl"
            kept = self.rejects.close(target)
        finally:
            self.rejects.discard()
            fold.close()
        files = self.ledger.report()
        return LoadReport(
            id=identity,
            counts=total(files),
            files=files,
            warnings=MappingProxyType(dict(sorted(self.warnings.items()))),
            rejects=kept,
            nodes_created=self.nodes_created,
            relationships_created=self.relationships_created,
            changes=MappingProxyType(dict(sorted(self.changes.items()))),
            dry_run=self.options.dry_run,
            resumed=resumed,
            seconds=time.monotonic() - self.started,
        )

    # --- reading ---

    def _reading(self, source: Source) -> Reading:
        o = self.options
        return Reading(
            source,
            system=o.system,
            mapping=o.mapping,
            extracted_at=o.extracted_at,
            strict=o.strict,
            delimiter=o.delimiter,
            events=o.events,
            visits=self.visits,
        )

    def _read(self, fold: Fold) -> None:
        """Read and check every file; the rows of a file that is refused are forgotten."""
        self._group_pages()
        for file in self.files:
            self._read_file(file, fold)
        read = sum(file.end - file.first + file.blank for file in self.files)
        rejected = self.ledger.rejected()
        if self.options.limit(rejected, read):
            path = self.rejects.close(self.target or self.folder / "refused.jsonl")
            raise SourceError(
                f"{rejected:,} of {read:,} records are rejected, more than --max-rejects allows; nothing was loaded",
                hint=f"the rows and the reasons are in {path}",
            )

    def _group_pages(self) -> None:
        """Read page logs once before all else: a visit may stand in several of them."""
        logs = [reading for file in self.files if (reading := self._reading(file.source)).pages]
        if logs:
            visits = Visits(self.options.assume_tz)
            for log in logs:
                self.options.progress(f"grouping {log.source.name}", None)
                with suppress(SourceError):  # told when the file is read
                    visits.add(log.given())
            self.visits = visits

    def _read_file(self, file: FileEntry, fold: Fold) -> None:
        file.first = file.end = len(self.ledger.states)
        if file.source.kind == "none":
            file.skipped, file.refused = file.source.reason, file.source.refused
            return
        reading = self._reading(file.source)
        mark = self.rejects.mark()
        lost: dict[str, Place] = {}
        warnings: Counter[str] = Counter()
        skipped: Counter[str] = Counter()
        checker = Checker(
            now=self.options.now,
            warn=lambda what: warnings.update((what,)),
            system=self.options.system,
            assume_tz=self.options.assume_tz,
            decimal=self.options.decimal,
        )
        self.options.progress(f"reading {file.source.name}", None)
        try:
            for record in reading:
                if isinstance(record, Skipped):
                    skipped[record.reason] += 1
                    continue
                number = len(self.ledger.states)
                checked = checker.check(record, number)
                self.ledger.open(rejected=checked.whole)
                for row in checked.rows:
                    fold.add(row)
                for refusal in sorted(checked.refused, key=lambda r: not r.draft.own) if checked.refused else ():
                    self._refuse(record, refusal, reading, lost, whole=checked.whole)
                    if checked.whole:
                        break
                if (number + 1) % _TOLD_EVERY == 0:
                    self.options.progress(f"reading {file.source.name}: {number + 1 - file.first:,} records", None)
            rejected = self.ledger.rejected(file.first)
            if self.options.strict and rejected:
                raise SourceError(f"{rejected:,} rejected, and --strict takes all or nothing")
        except SourceError as error:
            self.ledger.forget(file.first)
            if not str(error).endswith("all or nothing"):
                self.rejects.back_to(mark)
            file.skipped, file.refused = _said(error), True
            fold.drop()
            return
        fold.keep()
        file.end, file.blank, file.digest = len(self.ledger.states), reading.blank, reading.digest
        self.ledger.lost |= lost
        self.warnings.update(warnings)
        self.warnings.update(f"{file.source.name}: {what}" for what in reading.warnings)
        if file.end == file.first and skipped:
            file.skipped = "; ".join(f"{reason}{f' ({n} times)' if n > 1 else ''}" for reason, n in skipped.items())
        elif skipped:
            self.warnings.update({f"{file.source.name}: a part was left out: {why}": n for why, n in skipped.items()})

    def _refuse(
        self, record: Record, refusal: Refusal, reading: Reading, lost: dict[str, Place], *, whole: bool
    ) -> None:
        if refusal.uid:
            lost[refusal.uid] = record.place
        if whole:
            table, row = reading.table(record), record.given
        else:
            table, row = refusal.draft.table, dict(refusal.draft.cells)
        self.rejects.add(record.place, refusal.column, refusal.reason, table, row, refusal.more)

    # --- folding ---

    def _fold(self, fold: Fold) -> Folded:
        folded = fold.resolve(self._left, self._gone())
        self._fold_away(folded.away)
        self.warnings.update(self.doubts.warnings(folded))
        return folded

    def _gone(self) -> Mapping[str, datetime]:
        """What earlier loads deleted, and when: what is told of it since is over too."""
        rows = patiently(lambda: self.graph.fetch(plan.deleted_before())).rows
        found = ((cast(str, uid), merge.native({"at": at})["at"]) for uid, at in rows)
        return {uid: at for uid, at in found if isinstance(at, datetime)}

    def _left(self, row: Row) -> None:
        """A row that is left to load."""
        self.ledger.mark(row, HAS_ROW)
        self.doubts.see(row)
        for system in row.systems:
            fields = self.declared.setdefault((system, row.table), set())
            fields.update(row.fields)
            if isinstance(row, RelRow) and row.valid_from not in (None, model.BEGINNING):
                fields.add("validFrom")

    def _fold_away(self, away: Away) -> None:
        for number in away.duplicates:
            self.ledger.states[number] |= DUPLICATE
        for conflict in away.conflicts:
            if conflict.whole:
                self.ledger.reject(conflict.row, conflict.column, conflict.reason)
            else:
                part = as_table(conflict.row, conflict.column)
                self.ledger.reject_part(conflict.row, conflict.column, conflict.reason, part)
        if away.superseded:
            self.warnings["a field of an older payload was replaced by that of a newer one"] += away.superseded

    def _reject_late(self) -> None:
        """Read once more the files in which something was rejected after reading, for the rows as they stand there."""
        for file in self.files:
            numbers = sorted(n for n in self.ledger.late if file.first <= n < file.end)
            if not numbers:
                continue
            reading = self._reading(file.source)
            waiting = set(numbers)
            number = file.first
            with suppress(SourceError):
                for record in reading:
                    if isinstance(record, Skipped):
                        continue
                    if number in waiting:
                        for late in self.ledger.late[number]:
                            table = late.table or reading.table(record)
                            row = record.given if late.row is None else late.row
                            self.rejects.add(record.place, late.column, late.reason, table, row)
                        waiting.discard(number)
                        if not waiting:
                            break
                    number += 1

    # --- writing ---

    def _identity(self) -> str:
        """The hash of the manifest: the same files with the same options are the same load."""
        o = self.options
        manifest: dict[str, object] = {
            "files": sorted(
                [file.source.table or Path(file.source.name).name, file.digest]
                for file in self.files
                if not file.skipped
            ),
            "system": o.system,
            "mapping": o.mapping_digest,
            "assume_tz": str(o.assume_tz) if o.assume_tz else None,
            "extracted_at": o.extracted_at.isoformat() if o.extracted_at else None,
            "strict": o.strict,
        }
        if (o.delimiter, o.decimal) != (",", "."):
            manifest["signs"] = [o.delimiter, o.decimal]
        if not o.events:
            manifest["events"] = False
        if o.snapshot:
            manifest["snapshot"] = True
        # Every node and relationship holds it as ``seen<System>``: up to 22 such digits stand in the store beside the
        # key, more take a record of their own of 128 bytes.
        return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:20]

    def _write(self, folded: Folded, identity: str) -> bool:
        from mce_graph import schema

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
            counts: dict[str, object] = {**total(self.ledger.report()).to_dict()}
            if self.options.snapshot:
                counts |= self._snapshot(folded)
            text = json.dumps(counts)
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
        at = 0
        for batch in self._plan(folded, small=every <= SMALL):
            at += len(batch.rows)
            part, skipped = _rest(batch, at, start, there)
            for row in skipped:
                touched.add(row)
            if part is None:
                continue
            for result in writer.write(part, max(at, start)):
                for changed in result.changed:
                    touched.add(changed)
                self._account(result)
            self.options.progress(f"{batch.name}: {at:,} of {every:,} rows", at / every)
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

    def _snapshot(self, folded: Folded) -> dict[str, object]:
        """What is kept of a snapshot with its load: whether it was whole, and which tables it held."""
        late = [one for many in self.ledger.late.values() for one in many if not one.reason.startswith("conflict")]
        full = [label for label, rows in folded.nodes.items() if any(not row.stub for row in rows)]
        return {
            "snapshot": True,
            "left_out": self.rejects.count + len(late),
            "refused": sum(file.refused for file in self.files),
            "tables": sorted([*full, *folded.relationships]),
        }

    def _account(self, result: BatchResult) -> None:
        """Write into the ledger what a batch did."""
        for changed in result.changed:
            self.ledger.mark(changed, CHANGED)
            self.changes[changed.table] += 1
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

    def _why_missing(self, side: str, uid: str) -> str:
        if uid in self.ledger.lost:
            return f"{side} {uid} was rejected at {self.ledger.lost[uid]}"
        return f"{side} {uid} is neither in the graph nor in this load"


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


def _said(error: SourceError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _rejects_folder() -> Path:
    return _home() / "rejects"


def _home() -> Path:
    from mce_graph import config

    return config.load().home
