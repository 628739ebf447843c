"""What only several rows together show to be doubtful: loaded all the same, and warned of with a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime

from mce_graph.load.fold import Folded
from mce_graph.load.rows import RelRow, Row
from mce_graph.load.shelf import NEVER

_NESTED = ("SUBGROUP_OF", "CHILD_OF")


class Doubts:
    """Sees the rows of a load in their order, and says what is doubtful about them."""

    def __init__(self) -> None:
        self._overlaps: Counter[str] = Counter()
        self._before: RelRow | None = None

    def see(self, row: Row) -> None:
        if isinstance(row, RelRow) and row.valid_from is not None:
            before, self._before = self._before, row
            if before is not None and _same_ends(before, row) and (row.valid_from or NEVER) < _end(before):
                self._overlaps[row.type] += 1

    def warnings(self, folded: Folded) -> Counter[str]:
        """Each doubt with how often."""
        found: Counter[str] = Counter()
        rels = folded.relationships
        for type_ in _NESTED:
            if cycles := _in_cycles((row.start, row.end) for row in rels.get(type_, ())):
                found[f"{type_} runs in a circle; questions follow it up to their depth"] = cycles
        found["an account has two current holders"] = _two_current(rels.get("HOLDS_ACCOUNT", ()), "accountHolder")
        found["a guardian is younger than the child"] = _younger(folded)
        found["a user accepted their own invitation"] = _own_invitations(folded)
        for type_, times in self._overlaps.items():
            found[f"{type_}: two periods of the same ends overlap"] = times
        return +found


def _in_cycles(edges: Iterable[tuple[str, str]]) -> int:
    """How many things stand in a circle: what is left when all that lead nowhere are taken away, again and again."""
    ups: dict[str, set[str]] = {}
    downs: dict[str, set[str]] = {}
    for start, end in edges:
        ups.setdefault(start, set()).add(end)
        ups.setdefault(end, set())
        downs.setdefault(end, set()).add(start)
        downs.setdefault(start, set())
    for first, second in ((ups, downs), (downs, ups)):
        ends = [node for node, on in first.items() if not on]
        while ends:
            node = ends.pop()
            for other in second.pop(node, ()):
                first[other].discard(node)
                if not first[other]:
                    ends.append(other)
            del first[node]
    return len(ups)


def _two_current(rows: Iterable[RelRow], role: str) -> int:
    holders: dict[str, str] = {}
    several: set[str] = set()
    for row in rows:
        if row.role == role and row.open and holders.setdefault(row.end, row.start) != row.start:
            several.add(row.end)
    return len(several)


def _younger(folded: Folded) -> int:
    pairs = [(row.start, row.end) for row in folded.relationships.get("GUARDIAN_OF", ())]
    if not pairs:
        return 0
    asked = {uid for pair in pairs for uid in pair}
    people = folded.nodes.get("Individual", ())
    born = {row.uid: row.fields.get("birthDate") for row in people if row.uid in asked}
    count = 0
    for one, other in pairs:
        guardian, child = born.get(one), born.get(other)
        count += isinstance(guardian, date) and isinstance(child, date) and guardian >= child
    return count


def _own_invitations(folded: Folded) -> int:
    sent = {row.end: row.start for row in folded.relationships.get("SENT", ())}
    return sum(sent.get(row.start) == row.end for row in folded.relationships.get("ACCEPTED_AS", ()))


def _same_ends(one: RelRow, two: RelRow) -> bool:
    return (one.type, one.start, one.end, one.role, one.systems) == (
        two.type,
        two.start,
        two.end,
        two.role,
        two.systems,
    )


def _end(row: RelRow) -> datetime:
    end = row.fields.get("validTo")
    return end if isinstance(end, datetime) else datetime.max.replace(tzinfo=UTC)
