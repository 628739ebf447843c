"""What only several rows together show to be doubtful: loaded all the same, and warned of with a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise

from mce_graph import model
from mce_graph.load.fold import NEVER, Folded
from mce_graph.load.rows import RelRow

_NESTED = ("SUBGROUP_OF", "CHILD_OF")


def warnings(folded: Folded) -> Counter[str]:
    """Doubts about the rows of one load, each with how often."""
    found: Counter[str] = Counter()
    rels = folded.relationships
    for type_ in _NESTED:
        if cycles := _in_cycles((row.start, row.end) for row in rels.get(type_, ())):
            found[f"{type_} runs in a circle; questions follow it up to their depth"] = cycles
    found["an account has two current holders"] = _two_current(rels.get("HOLDS_ACCOUNT", ()), "accountHolder")
    found["a guardian is younger than the child"] = _younger(folded)
    found["a user accepted their own invitation"] = _own_invitations(folded)
    for type_, rows in rels.items():
        if model.RELATIONSHIPS[type_].validity:
            found[f"{type_}: two periods of the same ends overlap"] = _overlaps(rows)
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
    holders: dict[str, set[str]] = {}
    for row in rows:
        if row.role == role and row.open:
            holders.setdefault(row.end, set()).add(row.start)
    return sum(len(who) > 1 for who in holders.values())


def _younger(folded: Folded) -> int:
    rows = folded.relationships.get("GUARDIAN_OF", ())
    if not rows:
        return 0
    born = {row.uid: row.fields.get("birthDate") for row in folded.nodes.get("Individual", ())}
    count = 0
    for row in rows:
        guardian, child = born.get(row.start), born.get(row.end)
        count += isinstance(guardian, date) and isinstance(child, date) and guardian >= child
    return count


def _own_invitations(folded: Folded) -> int:
    sent = {row.end: row.start for row in folded.relationships.get("SENT", ())}
    return sum(sent.get(row.start) == row.end for row in folded.relationships.get("ACCEPTED_AS", ()))


def _overlaps(rows: list[RelRow]) -> int:
    return sum(_same_ends(one, two) and (two.valid_from or NEVER) < _end(one) for one, two in _neighbours(rows))


def _same_ends(one: RelRow, two: RelRow) -> bool:
    return (one.start, one.end, one.role, one.systems) == (two.start, two.end, two.role, two.systems)


def _end(row: RelRow) -> datetime:
    end = row.fields.get("validTo")
    return end if isinstance(end, datetime) else datetime.max.replace(tzinfo=UTC)


def _neighbours(rows: list[RelRow]) -> Iterator[tuple[RelRow, RelRow]]:
    return pairwise(rows)
