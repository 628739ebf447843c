"""The parts that TM Forum payloads of any type are made of: ids, references to other things, and the drafts of one.

Both dialects are read: v4 keeps a related party flat, v5 puts the reference one level down (``partyOrPartyRole``,
``entity``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mce_graph import model
from mce_graph.load.records import Draft

JsonObject = Mapping[str, object]


def issued(label: str, id_: str, *, system: str | None) -> str:
    """The id of a node whose id was issued by ``system``: as it stands from the label's master, else ``SDP~7854``.

    ``None`` is the label's master. A composite key is made of values that no system issues, and stays as it is.
    """
    spec = model.NODES[label]
    issuer = system.strip().upper() if system else spec.master
    if issuer == spec.master or spec.composite or id_.startswith(f"{issuer}~"):
        return id_
    return f"{issuer}~{id_}"


# --- the words of references -------------------------------------------------------------------------------------

_SAME: Mapping[str, tuple[str, ...]] = {
    "Individual": ("individual", "indvidual", "indivdual", "person"),
    "Organization": ("organization", "organisation", "orgnization", "organizaton"),
    "Customer": ("customer", "custumer"),
    "Account": (
        "account", "billingaccount", "bilingaccount", "partyaccount", "settlementaccount", "customeraccount",
    ),
    "User": ("digitalidentity", "user", "userinfo"),
    "Product": ("product", "productinstance"),
    "Service": ("service", "customerfacingservice", "resourcefacingservice"),
    "Resource": ("resource", "logicalresource", "physicalresource"),
    "TroubleTicket": ("troubleticket",),
    "ServiceProblem": ("serviceproblem",),
    "SLA": ("sla", "servicelevelagreement"),
    "PartyInteraction": ("partyinteraction",),
}  # fmt: skip
_LABELS: Mapping[str, str] = {word: label for label, words in _SAME.items() for word in words}
_LEDGER = ("financialaccount", "finantialaccount")
_GENERIC = ("", "party", "partyrole", "partyorpartyrole", "partyreforpartyrole", "entity")
"""Type names that leave open which kind of thing is meant, as does every one that begins with ``Related``."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")


def fold(text: str) -> str:
    """A type's name without case, punctuation and a closing ``Ref``: the form in which names are compared."""
    word = re.sub(r"[^a-z0-9]", "", text.casefold())
    return word.removesuffix("ref")


def shown(text: object) -> str:
    """A type's name as a message may show it; anything that is not plainly a name is not repeated."""
    return text if isinstance(text, str) and _WORD.match(text) else "unknown type"


def label_of_type(name: object) -> str | None:
    """The key label of a TM Forum type name, in any case and in its known misspellings."""
    return _LABELS.get(fold(name)) if isinstance(name, str) else None


def type_in_href(href: object) -> str | None:
    """The collection that a link points into: ``organization`` of ``…/v5/organization/500``."""
    if not isinstance(href, str):
        return None
    steps = [s for s in re.split(r"[?#]", href, maxsplit=1)[0].split("/") if s]
    return steps[-2] if len(steps) > 1 else None


def camel(text: str) -> str:
    """A role in one spelling: ``bill receiver``, ``Bill-Receiver`` and ``BillReceiver`` are ``billReceiver``."""
    humps = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    words = [w.lower() for w in re.split(r"[\W_]+", humps) if w]
    return "".join([*words[:1], *(w.capitalize() for w in words[1:])])


def text_id(value: object) -> str | None:
    """An id as text; a whole number is one, an empty text, a list or a truth value is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def objects(value: object, at: str) -> Iterator[tuple[str, object]]:
    """Each entry of a list with its pointer; a single entry without its list counts as one."""
    if isinstance(value, list):
        for i, entry in enumerate(value):
            yield f"{at}/{i}", entry
    elif value is not None:
        yield at, value


def first(value: object, *names: str) -> tuple[str, object]:
    """The first of several spellings of a field that is there, and its value."""
    if isinstance(value, Mapping):
        for name in names:
            if name in value:
                return name, value[name]
    return names[0], None


# --- references and drafts ---------------------------------------------------------------------------------------

_INNER = ("partyOrPartyRole", "entity", "account", "organization", "product", "service")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a payload says of another thing: its kind, id, name, role and period, as far as it does."""

    label: str | None
    type: str
    """The kind as it was said, for messages."""
    id: str | None
    name: str | None
    role: object
    at: str
    """Pointer to the object that holds the id."""
    outer: str
    """Pointer to the object that holds the role and the period."""
    period: Mapping[str, object] = field(default_factory=dict)


def refer(value: object, at: str, *, implied: str | None = None) -> Reference:
    """Read a reference in either dialect. ``implied`` is the label that the field itself tells.

    The kind is said by ``@referredType``, else by ``@type``, else by the collection in ``href``.
    """
    outer: JsonObject = value if isinstance(value, Mapping) else {}
    inner, where = outer, at
    for name in _INNER:
        nested = outer.get(name)
        if isinstance(nested, Mapping):
            inner, where = nested, f"{at}/{name}"
            break
    label, said = implied, ""
    for word in (inner.get("@referredType"), inner.get("@type"), type_in_href(inner.get("href"))):
        if not isinstance(word, str) or fold(word) in _GENERIC or fold(word).startswith("related"):
            continue
        said = said or word
        if fold(word) in _LEDGER:
            label = None
            break
        if found := label_of_type(word):
            label = found
            break
    name_ = inner.get("name")
    period = outer.get("validFor")
    if not isinstance(period, Mapping):
        period = inner.get("validFor")
    return Reference(
        label=label,
        type=said,
        id=text_id(inner.get("id")),
        name=name_ if isinstance(name_, str) and name_ else None,
        role=outer.get("role"),
        at=where,
        outer=at,
        period=period if isinstance(period, Mapping) else {},
    )


class Payload:
    """The drafts of one resource, gathered field by field."""

    def __init__(self, label: str, id_: str, *, resource: JsonObject, at: str, system: str | None) -> None:
        self.label = label
        self.resource = resource
        self.at = at
        self.system = system
        self.warnings: list[str] = []
        self._cells: dict[str, object] = {"id": issued(label, id_, system=system)}
        self._columns: dict[str, str] = {"id": f"{at}/id"}
        self._others: list[Draft] = []

    @property
    def uid(self) -> str:
        return model.uid(self.label, str(self._cells["id"]))

    @property
    def id(self) -> str:
        return str(self._cells["id"])

    def drafts(self) -> tuple[Draft, ...]:
        """The resource's own node first, then what it refers to."""
        return (Draft(self.label, self._cells, self._columns), *self._others)

    def put(self, name: str, value: object, at: str) -> None:
        """Set a property of the resource's node. ``null`` says that it is empty."""
        self._cells[name] = "" if value is None else value
        self._columns[name] = at

    def node(self, table: str, cells: Mapping[str, object], columns: Mapping[str, str]) -> None:
        """A node that the resource brings along and that has no id of its own there."""
        self._others.append(Draft(table, cells, columns, own=False))

    def add(self, name: str, value: str, at: str) -> None:
        """Add to a property of the resource's node that holds a list; what is there already is not said twice."""
        there = self._cells.setdefault(name, [])
        self._columns.setdefault(name, at)
        if isinstance(there, list) and value not in there:
            there.append(value)

    def tie(self, table: str, end: str, at: str) -> None:
        """A relationship to a node that the resource brings along."""
        ends = {"start": self.uid, "end": end}
        self._others.append(Draft(table, ends, {"start": f"{self.at}/id", "end": at}, own=False))

    def warn(self, at: str, what: str) -> None:
        """Warn of a field; without the places in lists, so that equal warnings are counted together."""
        steps = [s for s in at.removeprefix(self.at).split("/") if s and not s.isdecimal()]
        self.warnings.append(f"{'.'.join([self.label, *steps])}: {what}")

    def leave_out(self, reference: Reference, why: str) -> None:
        self.warn(reference.outer, f"{shown(reference.type)} {why}")

    def link(
        self,
        table: str,
        reference: Reference,
        *,
        role: object = None,
        incoming: bool = False,
        more: Mapping[str, object] | None = None,
        besides: tuple[str, ...] = (),
    ) -> None:
        """A relationship to what a reference names, and the stub node it names.

        A reference without an id, or of a kind that nothing tells, keeps its end empty: the check of rows rejects the
        relationship alone, with the pointer. A kind that the graph does not hold, or not there, is warned of.
        ``besides`` are kinds that the loader itself resolves to an end of the type.
        """
        spec = model.RELATIONSHIPS[table]
        ends = (*(spec.starts if incoming else spec.ends), *besides)
        mine, other = ("end", "start") if incoming else ("start", "end")
        if reference.label is None and reference.type:
            return self.leave_out(reference, "is no kind of thing that the graph holds; left out")
        if reference.label is not None and reference.label not in ends:
            return self.leave_out(reference, f"is no end of {table}; left out")
        cells: dict[str, object] = {mine: self.uid}
        columns = {mine: f"{self.at}/id", other: f"{reference.at}/id"}
        if reference.label is None:
            columns[other] = f"{reference.at}/@referredType"
        elif reference.id is not None:
            id_ = issued(reference.label, reference.id, system=self.system)
            cells[other] = model.uid(reference.label, id_)
            self._stub(reference, id_)
        if spec.role and role is not None:
            cells["role"] = role
            columns["role"] = f"{reference.outer}/role"
        if spec.validity:
            self._period(reference, cells, columns)
        for name, value in (more or {}).items():
            cells[name] = value
            columns[name] = f"{reference.outer}/{name}"
        self._others.append(Draft(table, cells, columns, own=False))

    def reached_at(self, medium: str, value: str, reference: Reference, at: str) -> None:
        """A contact medium and how the resource is reached at it; the check of rows gives both one spelling."""
        self.node("ContactMedium", {"mediumType": medium, "value": value}, {"mediumType": reference.outer, "value": at})
        cells: dict[str, object] = {"start": self.uid, "end": model.uid("ContactMedium", f"{medium}|{value}")}
        columns = {"start": f"{self.at}/id", "end": at}
        self._period(reference, cells, columns)
        self._others.append(Draft("REACHED_AT", cells, columns, own=False))

    def named(self, system: str, external: str, at: str) -> None:
        """What another system calls the resource; nothing where it is the same id."""
        if external in (self.id, self.id.partition("~")[2]):
            return
        self.node("Identifier", {"system": system, "externalId": external}, {"system": f"{at}/owner", "externalId": at})
        ends = {"start": model.uid("Identifier", f"{system}|{external}"), "end": self.uid}
        self._others.append(Draft("NAMES", ends, {"start": at, "end": f"{self.at}/id"}, own=False))

    def _stub(self, reference: Reference, id_: str) -> None:
        assert reference.label is not None
        cells: dict[str, object] = {"id": id_}
        columns = {"id": f"{reference.at}/id"}
        if reference.name and model.NODES[reference.label].find("name"):
            cells["name"] = reference.name
            columns["name"] = f"{reference.at}/name"
        self._others.append(Draft(reference.label, cells, columns, own=False, stub=True))

    @staticmethod
    def _period(reference: Reference, cells: dict[str, object], columns: dict[str, str]) -> None:
        for name, tmf in (("validFrom", "startDateTime"), ("validTo", "endDateTime")):
            if tmf in reference.period:
                value = reference.period[tmf]
                cells[name] = "" if value is None else value
                columns[name] = f"{reference.outer}/validFor/{tmf}"
