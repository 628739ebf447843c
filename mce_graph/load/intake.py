"""Read and check every file of a load: what is good goes on to be folded, what is bad to the rejects.

Nothing here knows the graph. A file that is refused as a whole leaves nothing behind but its reason.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from contextlib import suppress
from pathlib import Path

from mce_graph import config
from mce_graph.errors import SourceError, UsageError
from mce_graph.load.check import Checker, Refusal
from mce_graph.load.fold import Fold
from mce_graph.load.ledger import FileEntry, Ledger
from mce_graph.load.options import Options
from mce_graph.load.pages import Visits
from mce_graph.load.records import Place, Record, Skipped
from mce_graph.load.rejects import Rejects
from mce_graph.load.sources import Reading, Source

_TOLD_EVERY = 20_000


class _AllOrNothingError(SourceError):
    """One row of a file is bad, and ``strict`` takes all of it or nothing: its rejects are kept, to be mended."""


class Intake:
    """The files of one load, and what became of each of their records."""

    def __init__(self, options: Options, sources: list[Source], rejects: Path | None) -> None:
        if rejects is not None and any(source.path == rejects.resolve() for source in sources):
            raise UsageError(
                f"{rejects}: rejects would be written over a file that is loaded", hint="give another --rejects"
            )
        self.options = options
        self.files = [FileEntry(source) for source in sources]
        self.ledger = Ledger(self.files)
        self.warnings = options.warnings
        self._target = rejects
        self._folder = rejects.parent if rejects is not None else config.load().home / "rejects"
        self._rejects = Rejects(self._folder)
        self._visits: Visits | None = None

    def read(self, fold: Fold) -> None:
        """Read and check every file; the rows of a file that is refused are forgotten."""
        self._group_pages()
        for file in self.files:
            self._read_file(file, fold)
        read = sum(file.end - file.first + file.blank for file in self.files)
        rejected = self.ledger.rejected()
        if self.options.limit(rejected, read):
            path = self.keep_rejects("refused")
            raise SourceError(
                f"{rejected:,} of {read:,} records are rejected, more than --max-rejects allows; nothing was loaded",
                hint=f"the rows and the reasons are in {path}",
            )

    def identity(self) -> str:
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
        # Every node and relationship holds it as ``seen<System>``: twenty digits stand in the store beside the key,
        # all sixty-four would take a record of their own.
        return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:20]

    def reject_late(self) -> None:
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
                            self._rejects.add(record.place, late.column, late.reason, table, row)
                        waiting.discard(number)
                        if not waiting:
                            break
                    number += 1

    def left_out(self) -> int:
        """How many records, or parts of one, are missing for another reason than a conflict."""
        late = [one for many in self.ledger.late.values() for one in many if not one.reason.startswith("conflict")]
        return self._rejects.count + len(late)

    def keep_rejects(self, name: str) -> Path | None:
        """Put the rejects where they belong; gives their path, or nothing where no row was rejected."""
        return self._rejects.close(self._target or self._folder / f"{name}.jsonl")

    def discard_rejects(self) -> None:
        """Leave nothing of them, where the load did not come to its end."""
        self._rejects.discard()

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
            visits=self._visits,
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
            self._visits = visits

    def _read_file(self, file: FileEntry, fold: Fold) -> None:
        file.first = file.end = len(self.ledger.states)
        if file.source.kind == "none":
            file.skipped, file.refused = file.source.reason, file.source.refused
            return
        reading = self._reading(file.source)
        mark = self._rejects.mark()
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
                raise _AllOrNothingError(f"{rejected:,} rejected, and --strict takes all or nothing")
        except SourceError as error:
            self.ledger.forget(file.first)
            if not isinstance(error, _AllOrNothingError):
                self._rejects.back_to(mark)
            file.skipped = f"{error.message}; {error.hint}" if error.hint else error.message
            file.refused = True
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
        self._rejects.add(record.place, refusal.column, refusal.reason, table, row, refusal.more)
