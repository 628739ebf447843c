"""What each TM Forum resource becomes: one table of fields for each.

A new resource is one more entry of ``RESOURCES``; the documentation is printed from the same entries. Both dialects are
read: v4 keeps a contact medium's values under ``characteristic``, v5 names the medium in ``@type``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from mce_graph import model
from mce_graph.load.tmf_payload import Payload, Reference, camel, first, fold, objects, refer, text_id

Read = Callable[[Payload, object, str], None]
"""Reads one field's value, standing at a pointer, into the payload's drafts."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a resource (the first of its spellings that is there) and what it becomes."""

    names: tuple[str, ...]
    graph: str
    read: Read | None
    """``None``: the field is known and not kept."""
    whole: bool = False
    """Whether only a payload of the whole resource says it; a change event may hold a part of the list."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One type of resource: where it is specified, the node it becomes, its fields, and how to know it untyped."""

    api: str
    name: str
    label: str
    fields: tuple[Field, ...]
    shape: tuple[str, ...] = ()
    """Fields that no other resource here has: they tell the type of a payload without ``@type``."""


def copied(*names: str, to: str = "", says: str = "", read: Callable[[object], object] | None = None) -> Field:
    """A field that becomes a property."""
    target = to or names[0]

    def put(payload: Payload, value: object, at: str) -> None:
        payload.put(target, read(value) if read and value is not None else value, at)

    return Field(names, says or f"property {target}", put)


def left(*names: str, why: str) -> Field:
    return Field(names, f"not kept: {why}", None)


def period(name: str, start: str, end: str) -> Field:
    """A TimePeriod that becomes two properties."""

    def put(payload: Payload, value: object, at: str) -> None:
        if isinstance(value, Mapping):
            for target, tmf in ((start, "startDateTime"), (end, "endDateTime")):
                if tmf in value:
                    payload.put(target, value[tmf], f"{at}/{tmf}")

    return Field((name,), f"properties {start}, {end}", put)


def links(name: str, table: str, *, implied: str | None = None, role: str | None = None) -> Field:
    """References that all become one type of relationship."""

    def put(payload: Payload, value: object, at: str) -> None:
        for where, entry in objects(value, at):
            payload.link(table, refer(entry, where, implied=implied), role=role)

    ends = implied or "|".join(model.RELATIONSHIPS[table].ends)
    return Field((name,), f"{table} to {ends}" + (f", role {role}" if role else ""), put)


def related(graph: str, read: Callable[[Payload, Reference, object], None], *, name: str = "relatedParty") -> Field:
    """References whose role decides what they become."""

    def put(payload: Payload, value: object, at: str) -> None:
        for where, entry in objects(value, at):
            reference = refer(entry, where)
            role = reference.role
            read(payload, reference, camel(role) or None if isinstance(role, str) else role)

    return Field((name,), graph, put)


def name_or_id(value: object) -> object:
    """The name of a reference, else its id: what a shared thing is as a property."""
    for _, entry in objects(value, ""):
        if isinstance(entry, Mapping):
            return entry.get("name") or entry.get("id") or ""
        return entry
    return ""


# --- contact media and identifiers -------------------------------------------------------------------------------

_ADDRESS = ("street1", "street2", "postCode", "city", "stateOrProvince", "country")
_MEDIA: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("email", ("emailAddress", "email")),
    ("phone", ("phoneNumber", "number")),
    ("address", _ADDRESS),
)


def _contact_medium(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        reference = refer(entry, where)
        kind = f"{entry.get('@type', '')} {entry.get('mediumType', '')}".casefold()
        if "fax" in kind or "social" in kind:
            payload.warn(where, "a fax or a social network is no contact medium of the graph; left out")
            continue
        key, values = first(entry, "characteristic", "characterisitc", "medium")
        holder, inner = (values, f"{where}/{key}") if isinstance(values, Mapping) else (entry, where)
        for medium, names in _MEDIA:
            found = [n for n in names if isinstance(holder.get(n), str) and str(holder[n]).strip()]
            if not found:
                continue
            if medium == "address":
                text, pointer = ", ".join(" ".join(str(holder[n]).split()) for n in found), inner
            else:
                text, pointer = str(holder[found[0]]), f"{inner}/{found[0]}"
            payload.reached_at(medium, text, reference, pointer)
            break


def _identifiers(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        key, _ = first(entry, "id", "name", "externalReferenceId") if entry.get("id") else ("name", None)
        external = text_id(entry.get(key))
        owner = next(
            (
                str(entry[k]).strip()
                for k in ("owner", "externalIdentifierType", "externalReferenceType")
                if isinstance(entry.get(k), str) and str(entry[k]).strip()
            ),
            None,
        )
        if external and owner:
            payload.named(owner, external, f"{where}/{key}")


CONTACT_MEDIA = Field(
    ("contactMedium",),
    "ContactMedium, REACHED_AT (e-mail, phone, address; its validFor); fax and social networks are not kept",
    _contact_medium,
)
IDENTIFIERS = Field(
    ("externalIdentifier", "externalReference"),
    "Identifier (system is owner, else the identifier's type; externalId is id, else name), NAMES",
    _identifiers,
)

# --- customer ----------------------------------------------------------------------------------------------------


def _any_party(payload: Payload, reference: Reference, role: object) -> None:
    payload.link("RELATED_PARTY", reference, role=role)


def _churn_reason(payload: Payload, value: object, at: str) -> None:
    status = payload.resource.get("status")
    if isinstance(status, str) and status.strip().casefold() == "terminated":
        payload.put("churnReason", value, at)


_RELATED = "RELATED_PARTY to Party|Customer|User, with its role in camelCase"

# --- account -----------------------------------------------------------------------------------------------------

_HOLDS: Mapping[str, str] = {
    "accountHolder": "accountHolder", "holder": "accountHolder", "owner": "accountHolder",
    "accountOwner": "accountHolder", "customer": "accountHolder",
    "billPayer": "billPayer", "payer": "billPayer", "payor": "billPayer", "paymentResponsible": "billPayer",
    "billReceiver": "billReceiver", "billRecipient": "billReceiver", "invoiceReceiver": "billReceiver",
}  # fmt: skip


def _account_party(payload: Payload, reference: Reference, role: object) -> None:
    if reference.label == "Customer" and isinstance(role, str) and role in _HOLDS:
        payload.link("HOLDS_ACCOUNT", reference, role=_HOLDS[role], incoming=True)
    elif reference.label == "User" and role in model.USER_KINDS:
        payload.link("USES_ACCOUNT", reference, role=role, incoming=True)
    else:
        payload.link("RELATED_PARTY", reference, role=role)


_BELOW = ("contains", "hasChild", "isParent", "isParentOf", "parentOf", "child")
_ABOVE = ("isChild", "isChildOf", "childOf", "isContainedIn", "containedIn", "hasParent", "parent")


def _account_relationship(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        reference = refer(entry, where, implied="Account")
        kind = entry.get("relationshipType") if isinstance(entry, Mapping) else None
        word = camel(kind) if isinstance(kind, str) else ""
        if word in _BELOW or word in _ABOVE:
            payload.link("CHILD_OF", reference, incoming=word in _BELOW)
        else:
            payload.warn(f"{where}/relationshipType", "tells no account below another; left out")


# --- trouble ticket ----------------------------------------------------------------------------------------------

_ON_TICKET: Mapping[str, str] = {
    "reporter": "reporter", "originator": "reporter", "submitter": "reporter", "requester": "reporter",
    "requestor": "reporter", "complainant": "reporter", "initiator": "reporter", "caller": "reporter",
    "customer": "customer", "accountHolder": "customer", "buyer": "customer",
    "member": "member", "user": "member", "endUser": "member", "subscriber": "member", "affected": "member",
}  # fmt: skip
_STAFF = (
    "owner", "ticketOwner", "assignee", "assignedTo", "agent", "careAgent", "technician", "reviser", "handler",
    "team", "resolver", "supportGroup",
)  # fmt: skip


def _ticket_party(payload: Payload, reference: Reference, role: object) -> None:
    if role in _STAFF:
        if reference.label in (None, "Organization"):
            payload.put("ownerTeam", reference.name or reference.id or "", f"{reference.at}/name")
        else:
            payload.leave_out(reference, "of the staff is kept as a team only; left out")
        return
    payload.link(
        "ON_TICKET", reference, role=_ON_TICKET.get(role, role) if isinstance(role, str) else role, incoming=True
    )


def _about(payload: Payload, reference: Reference, role: object) -> None:
    payload.link("ABOUT", reference)


def _related_ticket(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        kind = entry.get("relationshipType") if isinstance(entry, Mapping) else None
        reference = refer(entry, where, implied="TroubleTicket")
        payload.link("RELATED_TICKET", reference, more={} if kind is None else {"relationshipType": kind})


def _reopened(payload: Payload, value: object, at: str) -> None:
    """Count the resolutions that were not accepted: resolved, then in progress again."""
    changes: list[tuple[datetime | None, str]] = []
    for _, entry in objects(value, at):
        status = entry.get("status") if isinstance(entry, Mapping) else None
        if isinstance(status, str):
            changes.append((_instant(first(entry, "statusChangeDate", "changeDate")[1]), fold(status)))
    if all(when is not None for when, _ in changes):
        changes.sort(key=lambda c: c[0].timestamp() if c[0] else 0.0)
    words = [word for _, word in changes]
    if words:
        reopened = sum(a == "resolved" and b == "inprogress" for a, b in pairwise(words))
        payload.put("reopenCount", reopened, at)


def _instant(value: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None and when.year > 1 else None


# --- product -----------------------------------------------------------------------------------------------------

_OWNER = ("owner", "customer", "buyer", "holder", "accountHolder", "subscriber", "productOwner")


def _product_party(payload: Payload, reference: Reference, role: object) -> None:
    if reference.label == "Customer" and role in _OWNER:
        payload.link("OWNS", reference, incoming=True)
    else:
        payload.link("RELATED_PARTY", reference, role=role)


def _monthly_value(payload: Payload, value: object, at: str) -> None:
    """The sum of the recurring monthly prices, where each is a plain figure and all are in one currency."""
    total, currencies = 0.0, set[str]()
    for _, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            return
        kind, every = entry.get("priceType"), entry.get("recurringChargePeriod")
        if not isinstance(kind, str) or not kind.casefold().startswith("rec"):
            continue
        if not isinstance(every, str) or every.strip().casefold() not in ("month", "months", "monthly", "1 month"):
            continue
        _, amount = first(entry.get("price"), "taxIncludedAmount", "dutyFreeAmount")
        figure = amount.get("value") if isinstance(amount, Mapping) else None
        unit = amount.get("unit") if isinstance(amount, Mapping) else None
        if entry.get("priceAlteration") or isinstance(figure, bool) or not isinstance(figure, int | float):
            return
        if not isinstance(unit, str):
            return
        try:
            total += figure
        except OverflowError:
            return
        currencies.add(unit)
    if len(currencies) == 1:
        payload.put("monthlyValue", round(total, 6), at)
        payload.put("currency", currencies.pop(), at)


def _contract_end(payload: Payload, value: object, at: str) -> None:
    terms = list(objects(value, at))
    if len(terms) == 1 and isinstance(terms[0][1], Mapping):
        _, valid = first(terms[0][1], "validFor")
        if isinstance(valid, Mapping) and "endDateTime" in valid:
            payload.put("contractEnd", valid["endDateTime"], f"{terms[0][0]}/validFor/endDateTime")


def _offering(value: object) -> object:
    return value.get("id", "") if isinstance(value, Mapping) else value


# --- the table ---------------------------------------------------------------------------------------------------

_ACCOUNT_FIELDS = (
    copied("name"), copied("accountType"), copied("state"), copied("paymentStatus"), copied("ratingType"),
    related(
        "HOLDS_ACCOUNT from a Customer who is accountHolder (owner, customer), billPayer (payer) or billReceiver;"
        " USES_ACCOUNT from a User; else RELATED_PARTY with its role",
        _account_party,
    ),
    Field(
        ("accountRelationship",),
        "CHILD_OF (contains, hasChild … point down; isChild, isContainedIn … up), with its validFor",
        _account_relationship,
    ),
    left("financialAccount", why="a ledger account of the operator's own books"),
    left("contact", why="names people without an id"),
    left(
        "creditLimit", "accountBalance", "billStructure", "paymentPlan", "taxExemption", "defaultPaymentMethod",
        "description", why="billing detail that no question here asks for",
    ),
)  # fmt: skip

RESOURCES: tuple[Resource, ...] = (
    Resource(
        "TMF629", "Customer", "Customer",
        (
            copied("name"),
            copied("status", says="properties status (the model's word), statusRaw (the payload's, where it differs)"),
            Field(("statusReason",), "property churnReason, of a terminated customer", _churn_reason),
            period("validFor", "startDate", "terminationDate"),
            links("engagedParty", "ENGAGED_PARTY"),
            links("account", "HOLDS_ACCOUNT", implied="Account", role="accountHolder"),
            related(_RELATED, _any_party),
            CONTACT_MEDIA, IDENTIFIERS,
            left("creditProfile", "paymentMethod", "agreement", "characteristic", "partyRoleSpecification",
                 why="no question here asks for it"),
        ),
        ("engagedParty",),
    ),
    Resource(
        "TMF632", "Individual", "Individual",
        (
            copied("givenName"), copied("familyName"),
            copied("fullName", "name", "formattedName", to="name"),
            copied("birthDate"), copied("status"),
            CONTACT_MEDIA, IDENTIFIERS,
            left("relatedParty", why="a party's own relations are groups, guardians and users here"),
            left("individualIdentification", "gender", "nationality", "maritalStatus", "disability",
                 "taxExemptionCertificate", "creditRating", "otherName", "languageAbility", "skill",
                 "partyCharacteristic", why="personal facts that no question here asks for"),
        ),
        ("givenName", "familyName", "birthDate"),
    ),
    Resource(
        "TMF632", "Organization", "Organization",
        (
            copied("name"), copied("tradingName"), copied("organizationType"), copied("status"),
            CONTACT_MEDIA, IDENTIFIERS,
            left("relatedParty", "organizationParentRelationship", "organizationChildRelationship",
                 why="nested organizations are groups here"),
            left("organizationIdentification", "existsDuring", "isLegalEntity", "isHeadOffice", "nameType",
                 "taxExemptionCertificate", "creditRating", "otherName", "partyCharacteristic",
                 why="no question here asks for it"),
        ),
        ("tradingName", "organizationType", "isLegalEntity", "organizationIdentification"),
    ),
    Resource("TMF666", "BillingAccount", "Account", _ACCOUNT_FIELDS, ("billStructure", "paymentStatus", "ratingType")),
    Resource("TMF666", "PartyAccount", "Account", _ACCOUNT_FIELDS),
    Resource("TMF666", "SettlementAccount", "Account", _ACCOUNT_FIELDS),
    Resource(
        "TMF621", "TroubleTicket", "TroubleTicket",
        (
            copied("name"), copied("ticketType"), copied("severity"), copied("priority"), copied("status"),
            copied("creationDate"), copied("requestedResolutionDate"), copied("expectedResolutionDate"),
            copied("resolutionDate"), copied("channel", to="channel", read=name_or_id),
            Field(("statusChangeHistory", "statusChange"), "property reopenCount: resolved, then inProgress again",
                  _reopened, whole=True),
            related(
                "ON_TICKET with role reporter (originator, submitter …), customer or member (user …);"
                " an organization that owns or works on it is the property ownerTeam, a person of the staff is not"
                " kept; any other role is rejected alone",
                _ticket_party,
            ),
            related("ABOUT a Product, Service or Account; any other kind is left out with a warning", _about,
                    name="relatedEntity"),
            Field(("troubleTicketRelationship",), "RELATED_TICKET with relationshipType", _related_ticket),
            IDENTIFIERS,
            left("externalId", why="v4: nothing tells whose id it is"),
            left("description", "note", "attachment", "troubleTicketCharacteristic", "troubleTicketSpecification",
                 "statusChangeDate", "statusChangeReason", why="free text and detail; the ticketing system keeps it"),
        ),
        ("ticketType", "troubleTicketRelationship", "statusChangeHistory", "expectedResolutionDate"),
    ),
    Resource(
        "TMF637", "Product", "Product",
        (
            copied("name"), copied("status"), copied("startDate"), copied("terminationDate"),
            copied("productOffering", to="offeringId", read=_offering),
            Field(("productPrice",), "properties monthlyValue, currency: the sum of plain recurring monthly prices",
                  _monthly_value),
            Field(("productTerm",), "property contractEnd: the end of the only term", _contract_end),
            links("billingAccount", "BILLED_TO", implied="Account"),
            links("realizingService", "REALIZED_BY", implied="Service"),
            related("OWNS from a Customer who is its owner, customer or buyer; else RELATED_PARTY with its role",
                    _product_party),
            IDENTIFIERS,
            left("realizingResource", "productRelationship", "place", "agreementItem", "productCharacteristic",
                 "productSpecification", "isBundle", "intent", "orderDate", "creationDate", "description",
                 why="no question here asks for it"),
        ),
        ("productOffering", "productSpecification", "productCharacteristic", "realizingService", "isBundle"),
    ),
)  # fmt: skip
"""Every resource that is loaded, with what each of its fields becomes."""

NOT_KEPT: Mapping[str, str] = {
    "FinancialAccount": "a ledger account of the operator's own books, no account of a customer",
    "TroubleTicketSpecification": "a specification of tickets, no ticket",
    "BillFormat": "how a bill is laid out",
    "BillPresentationMedia": "how a bill is delivered",
    "BillingCycleSpecification": "when bills are made",
    "BillCycleSpecification": "when bills are made",
}
"""Resources of the same APIs that the graph does not hold, and what they are."""
