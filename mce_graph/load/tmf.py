"""TM Forum payloads to records: single resources, lists and events of the Open APIs, in the v4 and v5 dialects.

An event holds at its time: a change says only what it holds, a delete sets ``deletedAt`` and ends the entity's links.
What is no resource to load (a patch, a specification, a request without an id) is named, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeGuard

from mce_graph.load.records import Place, Record, Skipped
from mce_graph.load.tmf_care import CARE, CARE_NOT_KEPT
from mce_graph.load.tmf_payload import JsonObject, Payload, first, fold, shown, text_id, type_in_href
from mce_graph.load.tmf_resources import NOT_KEPT as OTHERS_NOT_KEPT
from mce_graph.load.tmf_resources import RESOURCES as PARTIES
from mce_graph.load.tmf_resources import Resource

RESOURCES: tuple[Resource, ...] = (*PARTIES, *CARE)
"""Every resource that is loaded, with what each of its fields becomes."""
NOT_KEPT: Mapping[str, str] = {**OTHERS_NOT_KEPT, **CARE_NOT_KEPT}
"""Resources of the same APIs that the graph does not hold, and what they are."""

_BY_NAME: Mapping[str, Resource] = {fold(r.name): r for r in RESOURCES}
_NOT_KEPT: Mapping[str, str] = {fold(name): name for name in NOT_KEPT}
_OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")
_EVENT = re.compile(
    r"(?P<resource>[A-Za-z]\w{0,60}?)((?P<create>Create|Creation)|(?P<delete>Delete|Deletion|Remove)|(?P<change>"
    r"AttributeValueChange|StateChange|StatusChange|Change|Update|Resolved|InformationRequired))"
    r"(Event|Notification)\Z",
    re.ASCII,
)
_UPDATED = ("lastUpdate", "lastUpdateDate", "lastModified", "lastUpdated")


def records(document: object, file: str, *, system: str | None, events: bool = True) -> Iterator[Record | Skipped]:
    """Each resource that a decoded JSON document holds, as a record; each part that is none, with what it is instead.

    ``system`` issued the ids; ``None`` is the master of each label. ``events`` takes events of change and
    deletion too, not of creation alone. Takes any JSON value and never raises.

    >>> customer = {"@type": "Customer", "id": "1140", "engagedParty": {"id": "500", "@referredType": "Organization"}}
    >>> [record] = records(customer, "customer.json", system=None)
    >>> [d.table for d in record.drafts]
    ['Customer', 'Organization', 'ENGAGED_PARTY']
    >>> [skipped] = records([{"op": "replace", "path": "/status", "value": "x"}], "patch.json", system=None)
    >>> skipped.reason
    'a JSON Patch of 1 operation (replace): a change to apply, no resource'
    """
    if isinstance(document, list):
        yield from listed(document, file, system=system, events=events)
    else:
        yield from _one(document, "", file=file, system=system, events=events)


def listed(
    entries: Iterable[object], file: str, *, system: str | None, events: bool = True
) -> Iterator[Record | Skipped]:
    """The same of the entries of a list, as they come."""
    operations: list[object] = []
    any_entry = False
    for i, entry in enumerate(entries):
        any_entry = True
        if len(operations) == i and _is_operation(entry):  # a JSON Patch, so far
            operations.append(entry)
            continue
        for at, operation in enumerate(operations):
            yield _entry(operation, f"/{at}", file=file, system=system)
        operations.clear()
        yield from _one(entry, f"/{i}", file=file, system=system, events=events)
    if operations:
        yield Skipped(Place(file), _patch(operations))
    elif not any_entry:
        yield Skipped(Place(file), "an empty list")


def _one(entry: object, at: str, *, file: str, system: str | None, events: bool) -> Iterator[Record | Skipped]:
    """A resource, or those inside an event."""
    if (
        isinstance(entry, Mapping)
        and isinstance(inside := entry.get("event"), Mapping)
        and fold(str(entry.get("@type"))) not in (*_BY_NAME, *_NOT_KEPT)
    ):
        yield from _event(entry, inside, Place(file, pointer=at), system=system, events=events)
    else:
        yield _entry(entry, at, file=file, system=system)


def what_becomes() -> list[tuple[str, str, str]]:
    """What each field of each resource becomes: (resource, field, graph). Printed as a table of the documentation."""
    rows: list[tuple[str, str, str]] = []
    for resource in RESOURCES:
        name = f"{resource.api} {resource.name}"
        rows.append((name, "id", f"{resource.label} {{id}}"))
        for entry in resource.fields:
            rows.append((name, ", ".join(entry.names), entry.graph))
        rows.append((name, ", ".join(_UPDATED[:3]), "property asOf, the record's own time; else the event's eventTime"))
        rows.append((name, "(delete event)", "property deletedAt; open links end then"))
    rows.extend((name, "", f"named, not loaded: {what}") for name, what in NOT_KEPT.items())
    return rows


def _event(
    envelope: JsonObject, inside: JsonObject, place: Place, *, system: str | None, events: bool
) -> Iterator[Record | Skipped]:
    """The resources inside an event of creation, change or deletion; any other event is named."""
    names = [n for n in (envelope.get("@type"), envelope.get("eventType")) if isinstance(n, str)]
    match = next((m for m in map(_EVENT.match, names) if m), None)
    if match is None:
        event = next((n for n in names if fold(n).endswith(("event", "notification"))), "")
        yield Skipped(place, f"{_a(shown(event) if event else 'event')}: no creation, change or deletion of a resource")
        return
    kind = fold(match["resource"])
    if kind in _NOT_KEPT:
        what = _NOT_KEPT[kind]
        yield Skipped(place, f"{_a(match[0])}: {what} is {NOT_KEPT[what]}; the graph does not hold it")
        return
    key: str = ""
    value: object = inside
    if "id" not in inside:
        key, value = next(((str(k), v) for k, v in inside.items() if fold(str(k)) == kind), ("", None))
    if value is None:
        yield Skipped(place, f"{_a(match[0])} without its resource")
        return
    at = f"{place.pointer}/event" + (f"/{key.replace('~', '~0').replace('/', '~1')}" if key else "")
    entries = [(f"{at}/{i}", v) for i, v in enumerate(value)] if isinstance(value, list) else [(at, value)]
    _, time = first(envelope, "eventTime", "timeOccurred", "timeOcurred")
    what = "create" if match["create"] else "delete" if match["delete"] else "change"
    if what != "create" and not events:
        yield Skipped(place, f"{_a(match[0])}: changes and deletions are not applied with --no-events")
        return
    for where, entry in entries:
        one = _entry(entry, where, file=place.file, system=system, kind=kind, time=time, what=what)
        if isinstance(one, Record):  # mended, it is to be an event again
            one = replace(one, given={**envelope, "event": {key: entry} if key else entry})
        yield one


def _entry(
    entry: object,
    at: str,
    *,
    file: str,
    system: str | None,
    kind: str = "",
    time: object = None,
    what: str = "",
) -> Record | Skipped:
    """One resource as a record, or what it is instead. ``kind`` and ``what`` are the type and the kind of an event."""
    place = Place(file, pointer=at)
    if what == "delete" and isinstance(entry, Mapping) and str(entry.get("@type")).casefold().endswith("ref"):
        entry = {name: value for name, value in entry.items() if name != "@type"}  # what is gone is only referred to
    resource = _resource(entry, kind)
    if isinstance(resource, str):
        return Skipped(place, resource)
    assert isinstance(entry, Mapping)
    if entry.get("id") is None:
        return Skipped(place, f"{_a(resource.name)} without an id: a request to create or change one, no resource")
    times = (first(entry, *_UPDATED)[1], time)
    as_of = next((t for t in (times[::-1] if what in ("change", "delete") else times) if _is_text(t)), None)
    id_ = text_id(entry["id"])
    if id_ is None:
        fault = (f"{at}/id", "is no id: a text that is not empty, or a whole number, was expected")
        return Record(place, entry, (), as_of=as_of, faults=(fault,), partial=True)
    payload = Payload(resource.label, id_, resource=entry, at=at, system=system)
    if what == "delete":
        if as_of is None:
            fault = ("/eventTime", "is missing: a deletion holds from its time on")
            return Record(place, entry, (), faults=(fault,), partial=True)
        payload.put("deletedAt", as_of, "/eventTime")
        return Record(place, entry, payload.drafts(), as_of=as_of, partial=True)
    for known in resource.fields:
        name, value = first(entry, *known.names)
        if known.read is not None and name in entry and not (known.whole and what == "change"):
            known.read(payload, value, f"{at}/{name}")
    return Record(place, entry, payload.drafts(), as_of=as_of, warnings=tuple(payload.warnings), partial=True)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())


def _resource(entry: object, kind: str) -> Resource | str:
    """The resource type of a payload, or what it is instead.

    ``@type`` tells it, else ``@baseType`` (an operator's own subtype), else the event, else the collection that
    ``href`` points into, else fields that only one type has.
    """
    if _is_operation(entry):
        return _patch([entry])
    if not isinstance(entry, Mapping):
        return f"{_a(_json_kind(entry))}, no TM Forum resource"
    said = entry.get("@type")
    for word in (said, entry.get("@baseType"), kind, type_in_href(entry.get("href"))):
        if not isinstance(word, str):
            continue
        if isinstance(said, str) and word is said and said.casefold().endswith("ref"):
            return f"{_a(shown(said))}: a reference, no resource"
        if resource := _BY_NAME.get(fold(word)):
            return resource
        if name := _NOT_KEPT.get(fold(word)):
            request = "" if "id" in entry else " (a request without an id)"
            return f"{_a(name)}{request}: {NOT_KEPT[name]}; the graph does not hold it"
    if said == "Hub" or ("callback" in entry and "id" not in entry):
        return "a Hub: a subscription to events, no resource"
    if isinstance(said, str) and said.strip():
        return f"{_a(shown(said))}: no resource that is loaded"
    found = [r for r in RESOURCES if any(field in entry for field in r.shape)]
    if len(found) == 1:
        return found[0]
    return "an object without @type, whose fields tell no TM Forum resource"


def _is_operation(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("op") in _OPERATIONS and "path" in entry and "id" not in entry


def _patch(operations: list[object]) -> str:
    """Name a JSON Patch by its operations; their paths and values may be personal and are not repeated."""
    words = sorted({str(o["op"]) for o in operations if isinstance(o, Mapping)})
    count = "1 operation" if len(operations) == 1 else f"{len(operations)} operations"
    return f"a JSON Patch of {count} ({', '.join(words)}): a change to apply, no resource"


def _json_kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "truth value"
    if isinstance(value, list):
        return "list inside a list"
    return "text" if isinstance(value, str) else "number"


def _a(name: str) -> str:
    """A name with its article: ``a Customer``, ``an Individual``."""
    if name == "null":
        return name
    return f"{'an' if name[:1] in 'AEIOUaeiou' and not name.startswith('User') else 'a'} {name}"
