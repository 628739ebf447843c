"""Drafts to rows: every cell typed and checked by the model, every key in its one spelling.

Nothing here prefixes an id. In interchange tables ``id``, ``start`` and ``end`` are ids as they stand in the graph,
so that several systems can assert the same node; the readers of TM Forum payloads and of mapped files, which know who
issued an id, write ``<SYSTEM>~<id>`` themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from mce_graph import model, systems
from mce_graph.load import values
from mce_graph.load.records import Draft, Record
from mce_graph.load.rows import NodeRow, RelRow, Row, Value, Warn
from mce_graph.load.values import Fault
from mce_graph.specs import NodeSpec, Property, RelSpec


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft that cannot be loaded: the column, the reason, and the node it would have been."""

    draft: Draft
    column: str
    reason: str
    more: tuple[tuple[str, str], ...] = ()
    uid: str | None = None


@dataclass(slots=True)
class Checked:
    """What became of one record: rows to load, or refusals; an own draft that is refused refuses all of it."""

    rows: list[Row]
    refused: list[Refusal]
    whole: bool
    """Whether the record as a whole is refused."""


_LABEL_BY_LOWER = {label.lower(): label for label in model.NODES}
_SIMPLE = frozenset(label for label, node in model.NODES.items() if not node.composite)
_UID = re.compile(r"([A-Za-z]+):([A-Za-z0-9._:@+/#=~-]{1,256})\Z")
_MOS = re.compile(r"(?:\A|[^a-z])mos(?:\Z|[^a-z])", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,39}\Z")
_SYSTEM = re.compile(r"[A-Z][A-Z0-9_-]{0,31}\Z")
_PERIODS = (("validFrom", "validTo"), ("start", "end"), ("startDate", "terminationDate"), ("enteredAt", "leftAt"))
SYSTEM_COLUMN, TIME_COLUMN = "sources", "asOf"
_ASIDE = frozenset((SYSTEM_COLUMN, TIME_COLUMN, "uid", "stub"))


def system_name(said: str, warn: Warn) -> str:
    """A system's name in its one spelling; one that the model does not declare is taken, with a warning."""
    name = said.strip().upper()
    if not _SYSTEM.match(name):
        raise Fault("is no name of a system: capital letters, digits, - and _ (such as CRM)")
    if name not in systems.SYSTEMS:
        warn(f"{name} is no system that the model declares: believed after {', '.join(systems.AUTHORITY)}")
    return name


@lru_cache(maxsize=128)
def _of_relationships(type_: str) -> tuple[Property, ...]:
    """The properties of a relationship beside its role."""
    return tuple(p for p in model.rel_properties(model.RELATIONSHIPS[type_]) if p.name != "role")


@lru_cache(maxsize=128)
def _names(table: str) -> frozenset[str]:
    """The columns of a table that hold something of it."""
    if table in model.RELATIONSHIPS:
        return frozenset(("start", "end", "role", *(p.name for p in _of_relationships(table))))
    return frozenset((_DELETED.name, *(p.name for p in model.NODES[table].properties)))


def relationship_master(spec: RelSpec, start: str) -> str:
    """The system of a relationship that names none: the type's own, else the master of the thing it starts at."""
    return spec.master or model.NODES[start.partition(":")[0]].master


class Checker:
    """Checks the records of one load. ``system`` is that of ``--system``; without it each label's master asserts."""

    def __init__(
        self,
        *,
        now: datetime,
        warn: Warn,
        system: str | None = None,
        assume_tz: ZoneInfo | None = None,
        decimal: str = ".",
    ) -> None:
        self.decimal = decimal
        self.now = now
        self.warn = warn
        self.system = system
        self.assume_tz = assume_tz

    def check(self, record: Record, number: int) -> Checked:
        """The rows of a record; ``number`` is its place in the load."""
        head = Draft("", {})
        if record.faults:
            (column, reason), *more = record.faults
            return Checked([], [Refusal(head, column, reason, tuple(more))], whole=True)
        try:
            given = self._systems(record.system)
            as_of = values.instant(record.as_of, self.assume_tz) if record.as_of else None
        except Fault as fault:
            column = TIME_COLUMN if record.system is None or self.system else SYSTEM_COLUMN
            return Checked([], [Refusal(head, column, str(fault))], whole=True)
        for warning in record.warnings:
            self.warn(warning)
        rows: list[Row] = []
        refused: list[Refusal] = []
        whole = False
        primary = given or self._primary(record.drafts)
        for draft in record.drafts:
            try:
                row = self._draft(draft, given, primary, number, partial=record.partial, as_of=as_of)
            except _RefusedError as error:
                refused.append(Refusal(draft, *error.faults[0], tuple(error.faults[1:]), error.uid))
                whole = whole or draft.own
            else:
                rows.append(row)
        if len(record.drafts) > 1:
            # From here on a row that is lost (no such end, a conflict) costs itself and not its record.
            for row in rows:
                row.own = False
        return Checked([] if whole else rows, refused, whole)

    # --- systems ---

    def _systems(self, said: str | None) -> tuple[str, ...]:
        """The systems that the record or ``--system`` names, in the order of their names."""
        if said is None or not said.strip():
            return (self.system,) if self.system else ()
        if said in systems.SYSTEMS:
            return (said,)
        return tuple(sorted({system_name(part, self.warn) for part in said.split(";") if part.strip()}))

    @staticmethod
    def _primary(drafts: Iterable[Draft]) -> tuple[str, ...]:
        """Without a name: the master of the first thing that the record describes asserts the whole record."""
        for draft in drafts:
            if draft.own and not draft.stub and draft.table in model.NODES:
                return (model.NODES[draft.table].master,)
        return ()

    # --- one draft ---

    def _draft(
        self,
        draft: Draft,
        given: tuple[str, ...],
        primary: tuple[str, ...],
        number: int,
        *,
        partial: bool,
        as_of: datetime | None,
    ) -> Row:
        faults = _Faults(draft)
        if node := model.NODES.get(draft.table):
            fields, uid = self._node(node, draft, faults)
            faults.stop(uid)
            assert uid is not None
            stub = draft.stub or draft.cells.get("stub") in (True, "true", "True", "TRUE")
            systems = given or ((node.master,) if draft.own and not stub else primary or (node.master,))
            if node.label == "SourceRecord":
                systems = (str(fields["system"]),)
            return NodeRow(node.label, uid, systems, fields, number, as_of, partial, stub, draft.own)
        if rel := model.RELATIONSHIPS.get(draft.table):
            row = self._relationship(rel, draft, faults, number)
            row.systems = given or primary or (relationship_master(rel, row.start),)
            row.as_of, row.partial, row.own = as_of, partial, draft.own
            return row
        faults.add("", f"{draft.table!r} is neither a kind of node nor a type of relationship")
        faults.stop(None)
        raise AssertionError("unreachable")

    def _node(self, spec: NodeSpec, draft: Draft, faults: _Faults) -> tuple[dict[str, Value], str | None]:
        cells = self._completed(spec, draft, faults) if spec.composite else draft.cells
        known: Iterable[Property] = spec.properties
        if spec.label == "SourceRecord":
            known = self._source_record(spec, cells)
        fields = self._fields((*known, _DELETED), cells, faults, required=not draft.stub)
        for name in cells.keys() - _names(spec.label) - _ASIDE:
            if spec.label == "SourceRecord" and any(p.name == name for p in known):
                continue
            if not name.startswith("seen") and not (name == "id" and spec.composite):
                self.warn(f"{spec.label} has no property {name if _WORD.match(name) else '(unreadable)'}: left out")
        if spec.label == "ContactMedium":
            self._contact(fields, faults)
        elif spec.label == "QoEMeasurement" and _MOS.search(str(fields.get("metric") or "")):
            for name in ("mean", "p10", "min"):
                value = fields.get(name)
                if isinstance(value, float) and not 1 <= value <= 5:
                    faults.add(name, "is outside of 1 to 5, the range of a MOS")
        uid = self._uid(spec, fields, cells, faults)
        return fields, uid

    def _uid(
        self, spec: NodeSpec, fields: dict[str, Value], cells: Mapping[str, object], faults: _Faults
    ) -> str | None:
        parts = [fields.get(name) for name in spec.key]
        if any(part is None for part in parts):
            return None
        uid = model.uid(spec.label, "|".join(_key_part(part) for part in parts))
        if len(uid.encode()) > values.KEY_BYTES:
            faults.add(spec.key[-1], f"makes a key of more than {values.KEY_BYTES:,} bytes")
            return None
        said = cells.get("uid")
        if isinstance(said, str) and said.strip() and self._canonical(said, (spec.label,)) != uid:
            faults.add("uid", "does not fit the label and the id of its row")
        return uid

    def _completed(self, spec: NodeSpec, draft: Draft, faults: _Faults) -> Mapping[str, object]:
        """The cells of a composite key, taken out of ``id`` where only that is given."""
        said = draft.cells.get("id") or ""
        if not said and isinstance(uid := draft.cells.get("uid"), str) and uid.startswith(spec.label + ":"):
            said = uid.partition(":")[2]
        if not isinstance(said, str) or not said.strip() or all(draft.cells.get(name) for name in spec.key):
            return draft.cells
        parts = said.strip().split("|", len(spec.key) - 1)
        if len(parts) != len(spec.key):
            faults.add("id", f"is not {'|'.join(spec.key)}")
            return draft.cells
        return {**dict(zip(spec.key, parts, strict=True)), **{k: v for k, v in draft.cells.items() if v != ""}}

    @staticmethod
    def _source_record(spec: NodeSpec, cells: Mapping[str, object]) -> tuple[Property, ...]:
        """A source record holds the fields of the thing it describes beside its own."""
        entity = model.NODES.get(str(cells.get("entityType", "")).strip())
        own = {p.name for p in spec.properties}
        described = entity.properties if entity else ()
        return (*spec.properties, *(p for p in described if p.name not in own and p.name != "id"))

    def _fields(
        self, known: Iterable[Property], cells: Mapping[str, object], faults: _Faults, *, required: bool
    ) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        for p in known:
            if p.name not in cells:
                if p.required and required:
                    faults.add(p.name, "is missing")
                continue
            try:
                value = self._value(p, cells[p.name], fields)
            except Fault as fault:
                faults.add(p.name, str(fault))
                continue
            if value is None and p.required and required:
                faults.add(p.name, "is empty")
            if p.name.endswith("Raw") and value is None and p.name in fields:
                continue
            fields[p.name] = value
        for first, last in _PERIODS:
            start, end = fields.get(first), fields.get(last)
            if isinstance(start, datetime) and isinstance(end, datetime) and end < start:
                faults.add(last, f"is before {first}")
        return fields

    def _value(self, p: Property, said: object, fields: dict[str, Value]) -> Value:
        """One cell as the model's type; the raw word of an enum goes into ``<name>Raw`` when it was changed."""
        if said is None or said == "":
            if p.enum:
                fields[f"{p.name}Raw"] = None
            return None
        value: Value
        if p.type in ("string", "text"):
            value = self._text(p, said, fields)
        elif p.type == "datetime":
            value = values.instant(_as_text(said), self.assume_tz)
        elif p.type == "date":
            value = values.birth_date(_as_text(said), self.now) if p.pii == "birth" else values.day(_as_text(said))
        elif p.type == "int":
            value = values.integer(said)
        elif p.type == "float":
            value = values.number(said, self.decimal)
        elif p.type == "boolean":
            value = values.boolean(said)
        else:
            value = values.strings(said)
        if isinstance(value, int | float):
            if p.minimum is not None and value < p.minimum:
                raise Fault(f"is less than {p.minimum:g}")
            if p.maximum is not None and value > p.maximum:
                raise Fault(f"is more than {p.maximum:g}")
        return value

    def _text(self, p: Property, said: object, fields: dict[str, Value]) -> str | None:
        if isinstance(said, bool) or not isinstance(said, str | int | float):
            if isinstance(said, bool) and not p.enum:
                said = "true" if said else "false"
            else:
                raise Fault("is no text")
        text = said if isinstance(said, str) else _as_number(said)
        if p.form == "id":
            return values.identifier(text)
        if p.form == "uid":
            return self._canonical(text, p.refers) if text.strip() else None
        if p.form == "phone":
            return values.phone(text, self.warn)
        if p.enum:
            return self._enum(p, text, fields)
        value = values.string(text) if p.type == "string" else values.text(text)
        return value.lower() if value is not None and p.form == "lower" else value

    def _enum(self, p: Property, said: str, fields: dict[str, Value]) -> str | None:
        raw = values.string(said)
        fields[f"{p.name}Raw"] = None
        if raw is None:
            return None
        word = raw.lower()
        known = raw if raw in p.enum else next((w for w in p.enum if w.lower() == word), None) or p.translate.get(word)
        if known is None and p.open_enum:
            return raw
        if known is None and not p.lenient:
            raise Fault(f"is none of {', '.join(p.enum)}")
        if known is None:
            self.warn(f"{p.name} has a word that the model does not know: kept in {p.name}Raw")
        if raw != known:
            fields[f"{p.name}Raw"] = raw
        return known

    def _contact(self, fields: dict[str, Value], faults: _Faults) -> None:
        medium, value = fields.get("mediumType"), fields.get("value")
        if not isinstance(value, str):
            return
        try:
            fields["value"] = self._medium(medium, value)
        except Fault as fault:
            faults.add("value", str(fault))

    def _medium(self, medium: object, value: str) -> str | None:
        if medium == "phone":
            return values.phone(value, self.warn)
        if medium == "email":
            return values.email(value)
        return value.strip()

    # --- relationships ---

    def _relationship(self, spec: RelSpec, draft: Draft, faults: _Faults, number: int) -> RelRow:
        cells = draft.cells
        start = self._end("start", spec.starts, cells, faults)
        ends = (*spec.ends, "Customer") if spec.type == model.IDENTIFIES else spec.ends
        end = self._end("end", ends, cells, faults)
        role: str | None = None
        if spec.role:
            try:
                role = self._role(spec, cells.get("role"))
            except Fault as fault:
                faults.add("role", str(fault))
        fields = self._fields(_of_relationships(spec.type), cells, faults, required=True)
        for name in cells.keys() - _names(spec.type) - _ASIDE:
            if not name.startswith("seen"):
                self.warn(f"{spec.type} has no property {name if _WORD.match(name) else '(unreadable)'}: left out")
        if start is not None and start == end:
            faults.add("end", "is the same thing as start")
        valid_from: datetime | None = None
        if spec.validity:
            said = fields.pop("validFrom", None)
            valid_from = said if isinstance(said, datetime) else model.BEGINNING
        faults.stop(None)
        assert start is not None
        assert end is not None
        return RelRow(spec.type, start, end, (), fields, number, role, valid_from)

    def _end(self, side: str, labels: tuple[str, ...], cells: Mapping[str, object], faults: _Faults) -> str | None:
        said = cells.get(side)
        if not isinstance(said, str) or not said.strip():
            faults.add(side, "is missing: it names no thing with an id" if side not in cells else "is empty")
            return None
        try:
            return self._canonical(said, labels)
        except Fault as fault:
            faults.add(side, str(fault))
            return None

    def _canonical(self, said: str, labels: tuple[str, ...]) -> str:
        """A uid in its one spelling: its label fits, its id or the parts of its key are checked."""
        if (plain := _UID.match(said)) and (plain[1] in labels or "*" in labels) and plain[1] in _SIMPLE:
            values.identifier(plain[2])
            return said
        label, colon, id_ = said.strip(" \t\r\n").partition(":")
        if not colon or (label not in model.NODES and label.lower() not in _LABEL_BY_LOWER):
            if any(label in node.also for node in model.NODES.values()):
                choices = " or ".join(model.key_labels((label,)))
                raise Fault(f"has the label {label}, which is no key: use {choices}")
            if len(labels) == 1 and labels != ("*",):
                label, id_ = labels[0], said.strip(" \t\r\n")
                if "|" not in id_ and model.NODES[label].composite:
                    raise Fault(f"is no uid such as {label}:{'|'.join(model.NODES[label].key)}")
            else:
                raise Fault(f"is no uid such as {labels[0] if labels[0] != '*' else 'Customer'}:<id>")
        label = _LABEL_BY_LOWER[label.lower()]
        if "*" not in labels and label not in labels:
            raise Fault(f"is a {label}; expected is {' or '.join(labels)}")
        spec = model.NODES[label]
        if not spec.composite:
            return model.uid(label, values.identifier(id_))
        parts = id_.split("|", len(spec.key) - 1)
        if len(parts) != len(spec.key):
            raise Fault(f"is no uid such as {label}:{'|'.join(spec.key)}")
        cells: dict[str, object] = dict(zip(spec.key, parts, strict=True))
        draft = Draft(label, cells)
        faults = _Faults(draft)
        fields: dict[str, Value] = {}
        for name in spec.key:
            p = spec.find(name)
            assert p is not None
            try:
                fields[name] = self._value(p, cells[name], fields)
            except Fault as fault:
                raise Fault(f"has a {name} that {fault}") from None
        if label == "ContactMedium":
            self._contact(fields, faults)
        uid = None if faults.found else self._uid(spec, fields, {}, faults)
        if faults.found or uid is None:
            why = f"{faults.found[0][0]} {faults.found[0][1]}" if faults.found else "a part of its key is empty"
            raise Fault(f"is no {label}: {why}")
        return uid

    @staticmethod
    def _role(spec: RelSpec, said: object) -> str:
        if said is None or (isinstance(said, str) and not said.strip()):
            return model.UNKNOWN_ROLE
        if not isinstance(said, str):
            raise Fault("is no text")
        word = values.string(said)
        assert word is not None
        if spec.roles == ("*",):
            return word
        for role in (*spec.roles, model.UNKNOWN_ROLE):
            if role.lower() == word.lower():
                return role
        raise Fault(f"is none of {', '.join(spec.roles)}")


_DELETED = next(p for p in model.HOUSEKEEPING if p.name == "deletedAt")


class _RefusedError(Exception):
    def __init__(self, faults: list[tuple[str, str]], uid: str | None) -> None:
        super().__init__()
        self.faults = faults
        self.uid = uid


class _Faults:
    """The faults found in one draft, under the names that its source has for the columns."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.found: list[tuple[str, str]] = []

    def add(self, name: str, reason: str) -> None:
        self.found.append((self.draft.columns.get(name, name), reason))

    def stop(self, uid: str | None) -> None:
        if self.found:
            raise _RefusedError(self.found, uid)


def _key_part(value: Value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def _as_text(said: object) -> str:
    if isinstance(said, str):
        return said
    if isinstance(said, int | float) and not isinstance(said, bool):
        return _as_number(said)
    raise Fault("is no text")


def _as_number(said: int | float) -> str:
    return str(said)
