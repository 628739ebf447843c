"""What is sent to the server and what comes back, without any input or output: shared by both shells of graph.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Access = Literal["read", "write"]
ALL = 2**63 - 1
"""The greatest integer of the server: the ``limit`` that limits nothing."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One Cypher text with its parameters, and how it may run."""

    text: str
    params: Mapping[str, object] = field(default_factory=dict, repr=False)
    access: Access = "read"
    timeout: float | None = None
    """Seconds after which the server ends it; none means the server's own default."""
    name: str = "statement"
    """What messages call it: a question's id."""
    rows: int | None = None
    """Stop reading after so many rows; none reads them all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of one statement, as the driver hydrated them, and what the server said of the work."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]] = field(repr=False)
    summary: Summary

    def maps(self) -> list[dict[str, object]]:
        """The rows as dictionaries: for small answers, where ease counts more than speed."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def value(self) -> object:
        """The only value of the only row."""
        ((value,),) = self.rows
        return value


@dataclass(frozen=True, slots=True)
class Summary:
    """What the server said of one statement: kind, counts of changes, plan and notes."""

    kind: str = "r"
    """r read, rw read and write, w write, s schema."""
    counters: Mapping[str, int] = field(default_factory=dict)
    plan: Mapping[str, object] | None = field(default=None, repr=False)
    notes: Sequence[str] = ()
    """Codes and descriptions of the server's notifications."""
    server: str = ""
    milliseconds: int | None = None
    """Until the last row was there, by the server's clock."""

    def operators(self) -> list[str]:
        """The names of the plan's operators, from the last to the first; empty without a plan."""
        return [] if self.plan is None else [str(step["operatorType"]).split("@")[0] for step in walk(self.plan)]

    def db_hits(self) -> int:
        """Records touched, of a statement run under PROFILE; a count that does not depend on the machine."""
        if self.plan is None:
            return 0
        total = 0
        for step in walk(self.plan):
            args = step.get("args")
            hits = args.get("DbHits", 0) if isinstance(args, Mapping) else 0
            total += hits if isinstance(hits, int) else 0
        return total

    def memory(self) -> int:
        """Bytes that the server kept at most for a statement run under PROFILE; a count too. Without a plan 0."""
        args = None if self.plan is None else self.plan.get("args")
        kept = args.get("GlobalMemory", 0) if isinstance(args, Mapping) else 0
        return kept if isinstance(kept, int) else 0


def walk(plan: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Every step of a plan, the last one to run first."""
    return [step for _, step in branches(plan)]


def branches(plan: Mapping[str, object], branch: int = 0) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Every step of a plan, the last one to run first, with the branch it is on: the first input stays on its own."""
    yield branch, plan
    children = plan.get("children")
    for n, child in enumerate(children if isinstance(children, list) else []):
        yield from branches(child, branch + n)
