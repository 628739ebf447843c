"""The course of a load: files are read and checked, folded, and written; each record is accounted for.

What differs is the last step: into a graph (``run``), or into files for an import (``bulk``).
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from mce_graph import config, model
from mce_graph.load.crosscheck import Doubts
from mce_graph.load.fold import Away, Fold, Folded
from mce_graph.load.intake import Intake
from mce_graph.load.ledger import CHANGED, DUPLICATE, HAS_ROW, as_table
from mce_graph.load.options import Options
from mce_graph.load.report import LoadReport, total
from mce_graph.load.rows import RelRow, Row
from mce_graph.load.sources import Source


class Course(ABC):
    """One load, from the first file to the report."""

    def __init__(self, options: Options, sources: list[Source], rejects: Path | None) -> None:
        self.options = options
        self.intake = Intake(options, sources, rejects)
        self.ledger = self.intake.ledger
        self.nodes_created = self.relationships_created = 0
        self.changes: Counter[str] = Counter()
        self.declared: dict[tuple[str, str], set[str]] = {}
        """The fields that each system declares of each table."""
        self._doubts = Doubts()
        self._started = time.monotonic()

    def run(self) -> LoadReport:
        fold = Fold(lambda: config.load().home / "spool")
        try:
            self.intake.read(fold)
            folded = self._fold(fold)
            identity = self.intake.identity()
            resumed = False
            if self.options.dry_run or folded.nodes or folded.relationships:
                resumed = self._write(folded, identity)
            self.intake.reject_late()
            kept = self.intake.keep_rejects(identity)
        finally:
            self.intake.discard_rejects()
            fold.close()
        files = self.ledger.report()
        return LoadReport(
            id=identity,
            counts=total(files),
            files=files,
            warnings=MappingProxyType(dict(sorted(self.options.warnings.items()))),
            rejects=kept,
            nodes_created=self.nodes_created,
            relationships_created=self.relationships_created,
            changes=MappingProxyType(dict(sorted(self.changes.items()))),
            dry_run=self.options.dry_run,
            resumed=resumed,
            seconds=time.monotonic() - self._started,
        )

    @abstractmethod
    def _gone(self) -> Mapping[str, datetime]:
        """What earlier loads deleted, and when: what is told of it since is over too."""

    @abstractmethod
    def _write(self, folded: Folded, identity: str) -> bool:
        """Write what is left to load; say whether that went on with a load which had been stopped."""

    def _fold(self, fold: Fold) -> Folded:
        folded = fold.resolve(self._left, self._gone())
        self._fold_away(folded.away)
        self.options.warnings.update(self._doubts.warnings(folded))
        return folded

    def _left(self, row: Row) -> None:
        """A row that is left to load."""
        self.ledger.mark(row, HAS_ROW)
        self._doubts.see(row)
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
            self.options.warnings["a field of an older payload was replaced by that of a newer one"] += away.superseded

    def _changed(self, row: Row) -> None:
        self.ledger.mark(row, CHANGED)
        self.changes[row.table] += 1

    def _counts(self, folded: Folded) -> str:
        """What is kept of a finished load with it, as JSON."""
        counts: dict[str, object] = {**total(self.ledger.report()).to_dict()}
        if self.options.snapshot:
            counts |= self._snapshot(folded)
        return json.dumps(counts)

    def _snapshot(self, folded: Folded) -> dict[str, object]:
        """What is kept of a snapshot with its load: whether it was whole, and which tables it held."""
        full = [label for label, rows in folded.nodes.items() if any(not row.stub for row in rows)]
        return {
            "snapshot": True,
            "left_out": self.intake.left_out(),
            "refused": sum(file.refused for file in self.intake.files),
            "tables": sorted([*full, *folded.relationships]),
        }

    def _why_missing(self, side: str, uid: str) -> str:
        if uid in self.ledger.lost:
            return f"{side} {uid} was rejected at {self.ledger.lost[uid]}"
        return f"{side} {uid} is neither in the graph nor in this load"
