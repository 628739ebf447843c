"""What a load did: every record of every file accounted for, and what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

OUTCOMES = ("written", "unchanged", "duplicate", "rejected", "blank")


@dataclass(frozen=True, slots=True)
class Counts:
    """Input records by what became of them. ``read`` is the sum of the others.

    A record is written when anything that it asserts changed the graph.
    """

    written: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    blank: int = 0

    @property
    def read(self) -> int:
        return self.written + self.unchanged + self.duplicate + self.rejected + self.blank

    def to_dict(self) -> dict[str, int]:
        return {"read": self.read, **{name: getattr(self, name) for name in OUTCOMES}}


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its counts, or why it was skipped or refused."""

    file: str
    counts: Counts = field(default_factory=Counts)
    skipped: str = ""
    refused: bool = False
    """Whether the file was to be loaded and is at fault; else it is just nothing to load."""

    def to_dict(self) -> dict[str, object]:
        if self.skipped:
            return {"file": self.file, "skipped": self.skipped, "refused": self.refused}
        return {"file": self.file, **self.counts.to_dict()}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of ``mce_graph.load``: counts of input records in all and for each file, and what was created."""

    id: str
    """Of the load: the hash of its manifest (``LoadRun.id``)."""
    counts: Counts
    files: tuple[FileReport, ...] = ()
    warnings: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Each warning and how often; never with personal data."""
    rejects: Path | None = None
    """The file of rejected rows; none when nothing was rejected."""
    nodes_created: int = 0
    relationships_created: int = 0
    changes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Rows that changed the graph, by table."""
    dry_run: bool = False
    """Whether nothing was written: every count is of what would be."""
    resumed: bool = False
    """Whether it went on with a load that had stopped."""
    seconds: float = 0.0

    @property
    def read(self) -> int:
        return self.counts.read

    @property
    def written(self) -> int:
        return self.counts.written

    @property
    def unchanged(self) -> int:
        return self.counts.unchanged

    @property
    def duplicate(self) -> int:
        return self.counts.duplicate

    @property
    def rejected(self) -> int:
        return self.counts.rejected

    @property
    def blank(self) -> int:
        return self.counts.blank

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that could not be loaded at all."""
        return tuple(f for f in self.files if f.refused)

    @property
    def ok(self) -> bool:
        """Whether no record was rejected and no file refused."""
        return not self.rejected and not self.refused

    def to_dict(self) -> dict[str, object]:
        """As ``mce load -o json`` prints it."""
        return {
            **self.counts.to_dict(),
            "nodes_created": self.nodes_created,
            "relationships_created": self.relationships_created,
            "changes": dict(self.changes),
            "dry_run": self.dry_run,
            "resumed": self.resumed,
            "id": self.id,
            "rejects": str(self.rejects) if self.rejects else None,
            "warnings": dict(self.warnings),
            "files": [f.to_dict() for f in self.files],
            "seconds": round(self.seconds, 3),
        }


def total(files: Sequence[FileReport]) -> Counts:
    """The sum over files."""
    sums = Counter(dict.fromkeys(OUTCOMES, 0))
    for file in files:
        for name in OUTCOMES:
            sums[name] += getattr(file.counts, name)
    return Counts(**{name: sums[name] for name in OUTCOMES})
