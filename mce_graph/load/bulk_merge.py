"""The rows of a first load put together without a server: what the online loader would leave in an empty graph.

The same merging as online (``merge``), key by key, and the same markers and parties of users (``sweep``). Users, the
parties behind them and the relationships that decide their markers are kept until the end; everything else goes to
its file as soon as its key is complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from mce_graph import model, systems
from mce_graph.load import merge
from mce_graph.load.bulk_csv import ImportFiles
from mce_graph.load.fold import Away, Folded
from mce_graph.load.merge import Properties
from mce_graph.load.periods import RelState, changed_relationship
from mce_graph.load.rows import NodeRow, RelRow, Row, Value
from mce_graph.load.shelf import Rows
from mce_graph.load.write_tables import record_properties

_KEPT_LABELS = ("User", *model.PARTY)
_KEPT_TYPES = (model.ENGAGED_PARTY, model.IDENTIFIES, model.USES_ACCOUNT, model.SAME_AS)
_SEEN = tuple(systems.seen(system) for system in systems.SYSTEMS)


@dataclass(slots=True)
class Put:
    """Puts the rows of one load together and writes them. The callbacks keep the books of the load."""

    files: ImportFiles
    run: str
    now: datetime
    declared: Mapping[tuple[str, str], set[str]]
    away: Away
    changed: Callable[[Row], None]
    missing: Callable[[RelRow, str, str], None]
    """(row, side, uid) of an end that is not in the load."""
    no_party: Callable[[RelRow], None]
    """A user is said to identify a customer who engages nobody."""
    progress: Callable[[str], None]
    uids: set[str] = field(default_factory=set)
    kept: dict[str, dict[str, Properties]] = field(default_factory=dict)
    back_end_customers: set[str] = field(default_factory=set)
    records: dict[str, Properties] = field(default_factory=dict)
    asserts: dict[tuple[str, str], list[RelState]] = field(default_factory=dict)
    links: dict[str, dict[tuple[str, str], list[Properties]]] = field(default_factory=dict)
    seen: tuple[str, ...] = ()

    def write(self, folded: Folded) -> None:
        """Write every node and relationship; the rows of ``folded`` are given over."""
        self.seen = tuple(sorted({systems.seen(system) for system, _ in self.declared}))
        for label in list(folded.nodes):
            self._label(label, folded.nodes.pop(label))
        self._records()
        for type_ in _KEPT_TYPES:
            self._kept_type(type_, folded)
        candidates = self._made_parties()
        ties: Counter[str] = Counter()
        for type_ in sorted({*folded.relationships, *((model.ASSERTS,) if self.asserts else ())}):
            self._type(type_, folded.relationships.pop(type_, []), candidates, ties)
        self._sweep(candidates, ties)
        self._write_kept()

    # --- nodes ---

    def _label(self, label: str, rows: Rows[NodeRow]) -> None:
        if label == "SourceRecord":
            for uid, properties in self._merged(label, rows):
                self.records[uid] = properties
                self.uids.add(uid)
            return
        self.progress(label)
        if label in _KEPT_LABELS:
            self.kept[label] = dict(self._merged(label, rows))
            self.uids |= self.kept[label].keys()
            return
        columns = {*self._columns(label), *self.seen}
        also = model.NODES[label].also
        with self.files.node_table(label, columns) as table:
            for uid, properties in self._merged(label, rows):
                self.uids.add(uid)
                if label == "Customer" and _back_end(properties):
                    self.back_end_customers.add(uid)
                table.node(uid, (label, *also, *sorted(merge.derived_labels(label, properties))), properties)

    def _merged(self, label: str, rows: Rows[NodeRow]) -> Iterator[tuple[str, Properties]]:
        """Each node with what all systems say of it: they come in the order in which the online loader takes them."""
        for uid, group in groupby(rows, attrgetter("uid")):
            yield uid, self._node(label, uid, group)

    def _node(self, label: str, uid: str, rows: Iterable[NodeRow]) -> Properties:
        spec = model.NODES[label]
        there: Properties | None = self.records.get(uid) if label == "SourceRecord" else None
        records: dict[str, Properties] = {}
        for row in rows:
            if there is None:
                there = merge.new_node(row, self.run)
                self.changed(row)
                continue
            marked = merge.derived_labels(label, there)
            change = merge.changed_node(spec, there, row, self.run, self._declares, records.values())
            there.update(change.set)
            for view in change.records:
                said = record_properties(row, view, self.run)
                records[view.uid] = {**records.get(view.uid, {}), "uid": view.uid, **said}
            for gone in change.drop_records:
                records.pop(gone, None)
            if change.content or merge.derived_labels(label, there) != marked:
                self.changed(row)
        assert there is not None
        for record, properties in records.items():
            self.records[record] = _there(properties) | {"firstSeen": self.now, "lastSeen": self.now}
            self.uids.add(record)
            state = RelState("", {"sources": properties["sources"]})
            self.asserts[record, uid] = [state]
        return _there(there) if None in there.values() else there

    def _columns(self, table: str) -> set[str]:
        names = {"sources", "asOf", "stub", "deletedAt"}
        return names.union(*(fields for (_, of), fields in self.declared.items() if of == table))

    def _declares(self, system: str, table: str, run: str) -> frozenset[str]:
        return frozenset(self.declared.get((system, table), ()))

    def _records(self) -> None:
        """Source records, one file for each kind of thing: a field of one may have another type in the other."""
        kinds: dict[str, list[str]] = {}
        for uid, properties in self.records.items():
            kinds.setdefault(str(properties["entityType"]), []).append(uid)
        for kind, uids in sorted(kinds.items()):
            columns = {name for uid in uids for name in self.records[uid]}
            with self.files.node_table("SourceRecord", columns, kind if kind in model.NODES else "") as table:
                for uid in sorted(uids):
                    table.node(uid, ("SourceRecord",), self.records[uid])
        self.records.clear()

    # --- relationships ---

    def _type(self, type_: str, rows: Rows[RelRow], candidates: Mapping[str, str], ties: Counter[str]) -> None:
        self.progress(type_)
        columns = {*self._columns(type_), "role", "validFrom", model.OTHER_PERIODS.name, *self.seen}
        if type_ == model.ASSERTS:
            columns.add("sources")
        with self.files.relationship_table(type_, columns & _writable(type_, columns)) as table:
            for start, end, all_of_it in self._linked(type_, rows):
                if candidates:
                    ties.update(uid for uid in (start, end) if uid in candidates)
                for properties in all_of_it:
                    table.relationship(start, end, type_, properties)

    def _kept_type(self, type_: str, folded: Folded) -> None:
        rows: Iterable[RelRow] = folded.relationships.get(type_, [])
        if type_ == model.IDENTIFIES:
            rows = folded.with_parties(self._parties, self.no_party, self.away)
        self.links[type_] = {(start, end): all_of_it for start, end, all_of_it in self._linked(type_, rows)}
        folded.relationships.pop(type_, None)

    def _linked(self, type_: str, rows: Iterable[RelRow]) -> Iterator[tuple[str, str, list[Properties]]]:
        """The relationships of a type between each two things."""
        spec = model.RELATIONSHIPS[type_]
        before = self.asserts if type_ == model.ASSERTS else {}
        for (start, end), group in groupby(rows, attrgetter("start", "end")):
            states = before.pop((start, end), [])
            for row in group:
                if start not in self.uids:
                    self.missing(row, "start", start)
                elif end not in self.uids:
                    self.missing(row, "end", end)
                else:
                    if changed_relationship(spec, states, row, self.run, self._declares):
                        self.changed(row)
            if states:
                yield start, end, [_there(state.properties) for state in states if not state.gone]
        for (start, end), states in sorted(before.items()):
            yield start, end, [_there(state.properties) for state in states]

    def _parties(self, customers: list[str]) -> Mapping[str, str]:
        """The party that each customer engages; the current one, else the one that began last."""
        wanted = set(customers)
        engaged: dict[str, tuple[bool, float, str]] = {}
        for (customer, party), periods in self.links[model.ENGAGED_PARTY].items():
            if customer not in wanted:
                continue
            for properties in periods:
                begins = properties.get("validFrom")
                at = begins.timestamp() if isinstance(begins, datetime) else 0.0
                best = (properties.get("validTo") is not None, -at, party)
                engaged[customer] = min(best, engaged.get(customer, best))
        return {customer: party for customer, (_, _, party) in engaged.items()}

    # --- users: parties and markers, as ``sweep`` makes them ---

    def _made_parties(self) -> dict[str, str]:
        """Give each user without a party one; name those made for a user. (party: user) of parties that may go."""
        users, people = self.kept.get("User", {}), self.kept.setdefault("Individual", {})
        identifies = self.links[model.IDENTIFIES]
        with_party = {user for user, _ in identifies}
        for uid, user in users.items():
            if uid in with_party:
                continue
            id_ = _issued(user)
            party = model.uid("Individual", id_)
            if party not in people:
                people[party] = {"uid": party, "id": id_, "stub": True, "sources": user["sources"]}
                self.uids.add(party)
            made: Properties = {"validFrom": model.BEGINNING, "method": "rule", "sources": user["sources"]}
            identifies[uid, party] = [made]
        candidates = {}
        of_user = Counter(uid for (uid, _), all_of_it in identifies.items() for _ in all_of_it)
        for (uid, party), all_of_it in identifies.items():
            person = people.get(party)
            if person is None or not person.get("stub") or person["id"] != _issued(users[uid]):
                continue
            for properties in all_of_it:
                if properties.get("method") == "rule":
                    _follow(users[uid], person, properties)
                    if of_user[uid] > 1:
                        candidates[party] = uid
        return candidates

    def _sweep(self, candidates: Mapping[str, str], ties: Counter[str]) -> None:
        people = self.kept.get("Individual", {})
        for links in self.links.values():
            for pair, all_of_it in links.items():
                ties.update(uid for uid in pair if uid in candidates for _ in all_of_it)
        for party, user in candidates.items():
            if ties[party] == 1:
                del people[party], self.links[model.IDENTIFIES][user, party]

    def _markers(self) -> dict[str, list[str]]:
        """The marker labels of each user, for now."""
        known = self._known_parties()
        parties: dict[str, bool] = {}
        for (user, party), all_of_it in self.links[model.IDENTIFIES].items():
            if party in known and any(_valid(p, self.now) for p in all_of_it):
                parties[user] = True
        found: dict[str, list[str]] = {}
        for (user, _), all_of_it in self.links[model.USES_ACCOUNT].items():
            for properties in all_of_it:
                label = model.KIND_LABELS.get(str(properties.get("role")))
                if label and _valid(properties, self.now):
                    labels = found.setdefault(user, [])
                    if label not in labels:
                        labels.append(label)
        for user, properties in self.kept.get("User", {}).items():
            if not _back_end(properties) and user not in parties:
                found.setdefault(user, []).append(model.FRONT_ONLY)
        return found

    def _known_parties(self) -> set[str]:
        """Parties that the back end knows: asserted by it, the same as one that is, or engaged by such a customer."""
        back = {uid for label in model.PARTY for uid, p in self.kept.get(label, {}).items() if _back_end(p)}
        known = set(back)
        for one, other in self.links[model.SAME_AS]:
            if one in back:
                known.add(other)
            if other in back:
                known.add(one)
        for (customer, party), all_of_it in self.links[model.ENGAGED_PARTY].items():
            if customer in self.back_end_customers and any(_valid(p, self.now) for p in all_of_it):
                known.add(party)
        return known

    def _write_kept(self) -> None:
        markers = self._markers()
        for label in _KEPT_LABELS:
            nodes = self.kept.pop(label, {})
            if not nodes:
                continue
            self.progress(label)
            also = model.NODES[label].also
            with self.files.node_table(label, {name for p in nodes.values() for name in p}) as table:
                for uid, properties in nodes.items():
                    table.node(uid, (label, *also, *markers.get(uid, ())), properties)
        for type_, links in self.links.items():
            if not links:
                continue
            self.progress(type_)
            columns = {name for all_of_it in links.values() for p in all_of_it for name in p}
            with self.files.relationship_table(type_, columns) as table:
                for (start, end), all_of_it in links.items():
                    for properties in all_of_it:
                        table.relationship(start, end, type_, properties)
        self.links.clear()


def _follow(user: Properties, person: Properties, link: Properties) -> None:
    """A party made for a user says what the user's sources say, until a source describes the party itself."""
    for name, value in (("name", user.get("nickname")), *((seen, user.get(seen)) for seen in _SEEN)):
        if value is None:
            person.pop(name, None)
        else:
            person[name] = value
    person["sources"] = link["sources"] = user["sources"]
    for seen in _SEEN:
        link.pop(seen, None)
        if (value := user.get(seen)) is not None:
            link[seen] = value


def _issued(user: Properties) -> str:
    id_ = str(user.get("id"))
    return id_ if "~" in id_ else f"{model.NODES['User'].master}~{id_}"


def _back_end(properties: Mapping[str, Value]) -> bool:
    sources = properties.get("sources")
    return isinstance(sources, list) and any(system in systems.BACK_END for system in sources)


def _valid(properties: Mapping[str, Value], now: datetime) -> bool:
    begins, ends = properties.get("validFrom"), properties.get("validTo")
    if not isinstance(begins, datetime) or begins > now:
        return False
    return not isinstance(ends, datetime) or ends > now


def _writable(type_: str, columns: set[str]) -> set[str]:
    """Without what no relationship of the type has."""
    spec = model.RELATIONSHIPS[type_]
    never = {"asOf", "stub", "deletedAt"} - {p.name for p in spec.properties}
    never |= set() if spec.role else {"role"}
    never |= set() if spec.validity else {"validFrom", model.OTHER_PERIODS.name}
    return columns - never


def _there(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if value is not None}
