"""A first load by ``neo4j-admin database import full``: the checks and the graph of an online load, many times faster.

It fills the database ``neo4j`` of the managed server while that is empty, or writes the files for a server of one's
own. Whatever comes later is loaded online, where the bulk load counts as a load like any other: the same files again
change nothing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from mce_graph import model, schema
from mce_graph.errors import MceError, QueryError, UsageError
from mce_graph.load import scratch
from mce_graph.load.bulk_csv import ARGUMENTS, SCHEMA, ImportFiles
from mce_graph.load.bulk_merge import Put
from mce_graph.load.checkpoint import Checkpoint, declared_entries
from mce_graph.load.course import Course
from mce_graph.load.fold import Away, Folded
from mce_graph.load.options import Options, Progress
from mce_graph.load.report import LoadReport
from mce_graph.load.rows import RelRow, Value
from mce_graph.load.sources import find
from mce_graph.statement import Statement

if TYPE_CHECKING:
    from mce_graph.graph import Graph
    from mce_graph.local.server import LocalServer

STORED = 3
"""Bytes of a store for each byte of its import files, with indexes (2.7 at 20,000 holders, 2.9 at 1,000,000)."""
INDEX_PATIENCE = 7200.0
"""Seconds for the indexes of a big store to come online."""


def bulk(
    server: LocalServer,
    *paths: Path | str,
    system: str | None = None,
    mapping: Path | str | None = None,
    rejects: Path | str | None = None,
    strict: bool = False,
    max_rejects: int | str | None = None,
    assume_tz: str | None = None,
    extracted_at: datetime | str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    events: bool = True,
    snapshot: str | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> LoadReport:
    """Load files into the empty database of the managed server; it is stopped for the import and started again.

    Refused with ``UsageError`` when the database holds a single node. Takes the words of ``load`` and gives its
    report; what is counted in the database afterwards must be what was written, else ``MceError``. Refused too, with
    ``LocalServerError``, when the disk has no room for the store, which takes about three times its import files.

    ::

        report = bulk(config.load().server(), "extract/")
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
        events=events,
        snapshot=snapshot,
    )
    load = _Bulk(options, paths, rejects, server=server)
    with _opened(server) as graph:
        _refuse_filled(graph)
    return load.run()


def bulk_files(
    folder: Path | str,
    *paths: Path | str,
    system: str | None = None,
    mapping: Path | str | None = None,
    rejects: Path | str | None = None,
    strict: bool = False,
    max_rejects: int | str | None = None,
    assume_tz: str | None = None,
    extracted_at: datetime | str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    events: bool = True,
    snapshot: str | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> LoadReport:
    """Write the files of a first load for a server of one's own into a new or empty folder; nothing is loaded.

    Beside the CSV files stand ``import.args`` (run ``neo4j-admin @import.args`` in that folder while the database is
    stopped) and ``schema.cypher`` (run it afterwards). They hold personal data: the folder has mode 0700.
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is not an empty folder", hint="give a new one: nothing is written over")
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
        events=events,
        snapshot=snapshot,
    )
    return _Bulk(options, paths, rejects, folder=target).run()


class _Bulk(Course):
    """A load that is put together here and written as import files."""

    def __init__(
        self,
        options: Options,
        paths: tuple[Path | str, ...],
        rejects: Path | str | None,
        *,
        server: LocalServer | None = None,
        folder: Path | None = None,
    ) -> None:
        if not paths:
            raise UsageError("nothing to load", hint="give files or folders")
        found = find(paths, mapped=options.mapping is not None)
        target = Path(rejects) if rejects is not None else None
        super().__init__(options, found, target)
        self.server = server
        self.out = folder
        self.held = Folded()
        """Which tables the load held, with one row each, for the note of a snapshot."""

    def _write(self, folded: Folded, identity: str) -> bool:
        with self._folder() as folder:
            files = ImportFiles(folder)
            self._put(folded, files, identity)
            if self.server is not None:
                self._import(self.server, files, identity)
            else:
                _write_text(folder / ARGUMENTS, "\n".join(files.arguments(absolute=False)) + "\n")
                _write_text(folder / SCHEMA, "".join(f"{text};\n" for text in schema.statements()))
        self.nodes_created = sum(n for label, n in files.nodes.items() if label != "LoadRun")
        self.relationships_created = sum(files.relationships.values())
        return False

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Where the files go: for the managed server beside its store, and gone afterwards."""
        if self.out is not None:
            self.out.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.out.chmod(0o700)
            yield self.out
            return
        assert self.server is not None
        if "," in str(self.server.home):
            raise UsageError(
                f"the data home {self.server.home} has a comma in its name, which the import takes for the end of one",
                hint="set MCE_HOME to another folder",
            )
        folder = scratch.place(self.server.home, "import")
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _put(self, folded: Folded, files: ImportFiles, identity: str) -> None:
        self.held = Folded(
            {label: [*islice((row for row in rows if not row.stub), 1)] for label, rows in folded.nodes.items()},
            {type_: [] for type_ in folded.relationships},
        )
        rows, away = folded.size, Away()
        put = Put(
            files,
            identity,
            self.options.now,
            self.declared,
            away,
            changed=self._changed,
            missing=lambda row, side, uid: self.ledger.reject(row, side, self._why_missing(side, uid)),
            no_party=self._no_party,
            progress=lambda table: self.options.progress(f"writing {table}", None),
        )
        put.write(folded)
        self._fold_away(away)
        run: dict[str, Value] = {
            "id": identity,
            "system": self.options.system,
            "extractedAt": self.options.extracted_at,
            "declares": declared_entries(self.declared),
            "deleted": sorted(folded.deleted) or None,
            "batch": rows,
            "startedAt": self.options.now,
            "complete": self.server is None,
        }
        if self.server is None:
            run |= {"finishedAt": datetime.now(UTC), "counts": self._counts(self.held)}
        with files.node_table("LoadRun", run) as table:
            table.node(model.uid("LoadRun", identity), ("LoadRun",), run)

    def _gone(self) -> Mapping[str, datetime]:
        return {}

    def _no_party(self, row: RelRow) -> None:
        self.ledger.reject(row, "end", f"{row.end} engages no party, or is not in the load")

    def _import(self, server: LocalServer, files: ImportFiles, identity: str) -> None:
        tell = self.options.progress
        with _opened(server) as graph:  # once more: reading may have taken an hour
            _refuse_filled(graph)
        server.refuse_full_disk(STORED * files.size())
        server.stop()
        tell("importing", None)
        arguments = files.arguments(absolute=True)
        try:
            server.admin(*arguments)
        except MceError:
            with suppress(MceError):  # what it was started for has failed already
                server.ensure()
            raise
        tell("starting Neo4j", None)
        with _opened(server) as graph:
            tell("building indexes", None)
            _index(graph)
            tell("counting", None)
            _same_counts(graph, files)
            checkpoint = Checkpoint(graph, identity)
            checkpoint.advanced = True
            checkpoint.finish(self._counts(self.held), datetime.now(UTC))


@contextmanager
def _opened(server: LocalServer) -> Iterator[Graph]:
    from mce_graph.graph import Graph, open_driver

    there = server.ensure()
    with Graph(open_driver(there.uri, there.username, there.password), database=there.database) as graph:
        yield graph


def _refuse_filled(graph: Graph) -> None:
    text = "MATCH (n) RETURN count(n) AS nodes"
    nodes = graph.fetch(Statement(text, name="load bulk")).value()
    if nodes:
        raise UsageError(
            f"the database holds {nodes:,} nodes already: a bulk load is for an empty one",
            hint="load without --bulk, or empty it first by `mce db reset`",
        )


def _index(graph: Graph) -> None:
    """The schema; of a big store indexes take longer than ``schema.apply`` waits."""
    deadline = time.monotonic() + INDEX_PATIENCE
    while True:
        try:
            schema.apply(graph)
            return
        except QueryError as error:
            if "POPULATING" not in error.message or time.monotonic() > deadline:
                raise


def _same_counts(graph: Graph, files: ImportFiles) -> None:
    """Raise unless the database holds just what was written; read from the count store."""
    wrong = []
    for label in model.NODES:
        wrong += _differs(graph, f"MATCH (n:{label}) RETURN count(n) AS n", label, files.nodes.get(label, 0))
    for type_ in model.RELATIONSHIPS:
        text = f"MATCH ()-[r:{type_}]->() RETURN count(r) AS n"
        wrong += _differs(graph, text, type_, files.relationships.get(type_, 0))
    if wrong:
        raise MceError(
            f"the database does not hold what was written: {'; '.join(wrong)}",
            hint="empty it by `mce db reset` and load again",
        )


def _differs(graph: Graph, text: str, name: str, wanted: int) -> list[str]:
    there = graph.fetch(Statement(text, name="load count")).value()
    return [] if there == wanted else [f"{name} {wanted:,} written, {there:,} there"]


def _write_text(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
