"""TM Forum payloads: what becomes a record, what is named instead, and that nothing in them is ever a crash."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mce_graph import model
from mce_graph.load import tmf
from mce_graph.load.records import Draft, Record, Skipped
from mce_graph.load.tmf import RESOURCES
from mce_graph.load.tmf_payload import camel, issued, refer

Json = dict[str, object]


def _shared() -> Path:
    return Path(os.environ.get("MCE_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")


TMF_V5 = _shared() / "tmf_v5"
official = pytest.mark.skipif(not TMF_V5.is_dir(), reason=f"the official examples are not there: {TMF_V5}")


def read(document: object, system: str | None = None) -> list[Record | Skipped]:
    return list(tmf.records(document, "payload.json", system=system))


def record(document: object, system: str | None = None) -> Record:
    [found] = read(document, system)
    assert isinstance(found, Record), found
    assert not found.faults
    return found


def reason(document: object) -> str:
    [found] = read(document)
    assert isinstance(found, Skipped), found
    return found.reason


def drawn(found: Record) -> list[tuple[str, dict[str, object]]]:
    return [(d.table, dict(d.cells)) for d in found.drafts]


def rels(found: Record) -> set[tuple[object, str, object, object]]:
    """Every relationship as (start, type, end, role)."""
    return {
        (d.cells.get("start"), d.table, d.cells.get("end"), d.cells.get("role"))
        for d in found.drafts
        if d.table in model.RELATIONSHIPS
    }


def only(found: Record, table: str) -> Draft:
    [draft] = [d for d in found.drafts if d.table == table]
    return draft


def party(id_: str, type_: str = "Individual", **more: object) -> Json:
    return {"@type": "PartyRef", "@referredType": type_, "id": id_, **more}


# --- one resource ------------------------------------------------------------------------------------------------


def test_a_customer_its_party_and_its_bill_receiver() -> None:
    customer = {
        "@type": "Customer",
        "id": "1140",
        "name": "Rowing Club",
        "status": "Created",
        "engagedParty": {"@type": "PartyRef", "id": "500", "name": "Rowers", "@referredType": "Organization"},
        "relatedParty": [
            {"role": "bill receiver", "partyOrPartyRole": party("2777", "Organization", name="Books Ltd")},
        ],
    }
    found = record(customer)
    assert found.partial
    assert drawn(found) == [
        ("Customer", {"id": "1140", "name": "Rowing Club", "status": "Created"}),
        ("Organization", {"id": "500", "name": "Rowers"}),
        ("ENGAGED_PARTY", {"start": "Customer:1140", "end": "Organization:500"}),
        ("Organization", {"id": "2777", "name": "Books Ltd"}),
        ("RELATED_PARTY", {"start": "Customer:1140", "end": "Organization:2777", "role": "billReceiver"}),
    ]
    assert [(d.own, d.stub) for d in found.drafts] == [
        (True, False), (False, True), (False, False), (False, True), (False, False),
    ]  # fmt: skip
    assert found.drafts[4].columns["role"] == "/relatedParty/0/role"
    assert found.drafts[3].columns["id"] == "/relatedParty/0/partyOrPartyRole/id"


def test_v4_and_v5_say_the_same() -> None:
    v5 = {
        "@type": "Customer",
        "id": "1",
        "relatedParty": [{"role": "Owner", "partyOrPartyRole": party("2", name="Ada")}],
        "contactMedium": [{"@type": "EmailContactMedium", "emailAddress": "Ada@Example.org"}],
    }
    v4 = {
        "id": "1",
        "href": "https://host/customerManagement/v4/customer/1",
        "relatedParty": [{"role": "owner", "id": "2", "name": "Ada", "@referredType": "individual"}],
        "contactMedium": [{"mediumType": "email", "characteristic": {"emailAddress": "Ada@Example.org"}}],
    }
    assert drawn(record(v4)) == drawn(record(v5))


def test_a_reason_is_a_churn_reason_only_of_who_left() -> None:
    left = {"@type": "Customer", "id": "1", "status": "Terminated", "statusReason": "price"}
    assert record(left).drafts[0].cells["churnReason"] == "price"
    assert "churnReason" not in record({**left, "status": "Created"}).drafts[0].cells


def test_an_account_is_held_by_customers_and_related_to_parties() -> None:
    account = {
        "@type": "BillingAccount",
        "id": "9",
        "relatedParty": [
            {"role": "owner", "partyOrPartyRole": party("1", "Customer")},
            {"role": "Payer", "partyOrPartyRole": party("2", "Customer")},
            {"role": "service provider", "partyOrPartyRole": party("3", "Organization")},
            {"role": "Guest", "partyOrPartyRole": party("4", "DigitalIdentity")},
        ],
        "accountRelationship": [
            {"relationshipType": "contains", "account": {"id": "10", "@referredType": "BillingAccount"}},
            {
                "relationshipType": "isChild",
                "account": {"id": "8"},
                "validFor": {"startDateTime": "2026-01-01T00:00:00Z"},
            },
        ],
    }
    assert rels(record(account)) == {
        ("Customer:1", "HOLDS_ACCOUNT", "Account:9", "accountHolder"),
        ("Customer:2", "HOLDS_ACCOUNT", "Account:9", "billPayer"),
        ("Account:9", "RELATED_PARTY", "Organization:3", "serviceProvider"),
        ("User:4", "USES_ACCOUNT", "Account:9", "guest"),
        ("Account:10", "CHILD_OF", "Account:9", None),
        ("Account:9", "CHILD_OF", "Account:8", None),
    }


def test_a_ticket_its_people_its_things_and_its_reopening() -> None:
    def change(day: int, status: str) -> Json:
        return {"status": status, "statusChangeDate": f"2026-01-{day:02}T00:00:00Z"}

    ticket = {
        "@type": "TroubleTicket",
        "id": "T1",
        "status": "Pending",
        "channel": {"id": "8774", "name": "self service"},
        "relatedParty": [
            {"role": "Originator", "partyOrPartyRole": party("1")},
            {"role": "customer", "partyOrPartyRole": party("2", "Customer")},
            {"role": "owner", "partyOrPartyRole": party("3", "Organization", name="Care team 4")},
            {"role": "technician", "partyOrPartyRole": party("4", name="Somebody of the staff")},
        ],
        "relatedEntity": [
            {"role": "faulty", "entity": {"id": "S1", "@type": "EntityRef", "@referredType": "service"}},
            {"role": "disputedBill", "entity": {"id": "B1", "@referredType": "CustomerBill"}},
        ],
        "troubleTicketRelationship": [{"id": "T0", "relationshipType": "dependent"}],
        "statusChangeHistory": [
            change(1, "acknowledged"), change(4, "InProgress"), change(2, "inProgress"), change(3, "resolved"),
            change(5, "resolved"), change(6, "inProgress"),
        ],
        "externalIdentifier": [{"id": "INC1", "owner": "Remedy"}],
    }  # fmt: skip
    found = record(ticket)
    assert found.drafts[0].cells == {
        "id": "T1", "status": "Pending", "channel": "self service", "ownerTeam": "Care team 4", "reopenCount": 2,
    }  # fmt: skip
    assert rels(found) == {
        ("Individual:1", "ON_TICKET", "TroubleTicket:T1", "reporter"),
        ("Customer:2", "ON_TICKET", "TroubleTicket:T1", "customer"),
        ("TroubleTicket:T1", "ABOUT", "Service:S1", None),
        ("TroubleTicket:T1", "RELATED_TICKET", "TroubleTicket:T0", None),
        ("Identifier:Remedy|INC1", "NAMES", "TroubleTicket:T1", None),
    }
    assert only(found, "RELATED_TICKET").cells["relationshipType"] == "dependent"
    assert found.warnings == (
        "TroubleTicket.relatedParty: Individual of the staff is kept as a team only; left out",
        "TroubleTicket.relatedEntity: CustomerBill is no kind of thing that the graph holds; left out",
    )


def test_a_product_its_price_its_owner_and_its_services() -> None:
    def price(value: object, kind: str = "recurring", unit: str = "EUR") -> Json:
        amount = {"unit": unit, "value": value}
        return {"priceType": kind, "recurringChargePeriod": "month", "price": {"taxIncludedAmount": amount}}

    product: Json = {
        "@type": "Product",
        "id": "P1",
        "productOffering": {"id": "PO-1", "name": "Fibre"},
        "productPrice": [price(29.99, "reccurring"), price(5), price(80, "one time")],
        "productTerm": [{"duration": {"amount": 12}, "validFor": {"endDateTime": "2027-01-01T00:00:00Z"}}],
        "billingAccount": {"id": "A1", "name": "Home"},
        "realizingService": [{"id": "S1", "@referredType": "Service"}],
        "relatedParty": [
            {"role": "Customer", "partyOrPartyRole": party("1", "Customer")},
            {"role": "User", "partyOrPartyRole": party("2")},
        ],
    }
    found = record(product)
    assert found.drafts[0].cells == {
        "id": "P1", "offeringId": "PO-1", "monthlyValue": 34.99, "currency": "EUR",
        "contractEnd": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    assert rels(found) == {
        ("Product:P1", "BILLED_TO", "Account:A1", None),
        ("Product:P1", "REALIZED_BY", "Service:S1", None),
        ("Customer:1", "OWNS", "Product:P1", None),
        ("Product:P1", "RELATED_PARTY", "Individual:2", "user"),
    }
    for odd in ([price("29.99")], [price(1), price(1, unit="USD")], [price(True)], ["x"], {"priceType": 3}):
        assert "monthlyValue" not in record({**product, "productPrice": odd}).drafts[0].cells


def test_contact_media_in_every_shape() -> None:
    individual = {
        "@type": "Individual",
        "id": "1",
        "contactMedium": [
            {"@type": "PhoneContactMedium", "phoneNumber": "+44 7700 900002",
             "validFor": {"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": ""}},
            {"mediumType": "postalAddress", "characterisitc": {"street1": "1 High  Street", "city": "Ely"}},
            {"@type": "FaxContactMedium", "faxNumber": "1"},
            {"@type": "EmailContactMedium", "emailAddress": "no address"},
        ],
    }  # fmt: skip
    found = record(individual)
    reached = [d.cells for d in found.drafts if d.table == "REACHED_AT"]
    assert reached == [
        {"start": "Individual:1", "end": "ContactMedium:phone|+44 7700 900002",
         "validFrom": "2026-01-01T00:00:00Z", "validTo": ""},
        {"start": "Individual:1", "end": "ContactMedium:address|1 High Street, Ely"},
        {"start": "Individual:1", "end": "ContactMedium:email|no address"},
    ]  # fmt: skip
    media = [d.cells["mediumType"] for d in found.drafts if d.table == "ContactMedium"]
    assert media == ["phone", "address", "email"]
    assert found.warnings == (
        "Individual.contactMedium: a fax or a social network is no contact medium of the graph; left out",
    )


# --- ids and references ------------------------------------------------------------------------------------------


def test_ids_of_a_system_that_is_not_the_master() -> None:
    product = {"@type": "Product", "id": "P1", "realizingService": [{"id": "7854"}], "billingAccount": {"id": "A1"}}
    assert rels(record(product, "BILLING")) == {
        ("Product:P1", "REALIZED_BY", "Service:BILLING~7854", None),
        ("Product:P1", "BILLED_TO", "Account:A1", None),
    }
    assert only(record(product, "SDP"), "Product").cells["id"] == "SDP~P1"
    assert issued("Product", "SDP~P1", system="SDP") == "SDP~P1"
    assert issued("Product", "P1", system="billing") == "P1"
    assert issued("ContactMedium", "email|a@b.c", system="SDP") == "email|a@b.c"


@pytest.mark.parametrize(
    ("reference", "label"),
    [
        ({"@referredType": "INDIVIDUAL"}, "Individual"),
        ({"@referredType": "organisation"}, "Organization"),
        ({"@type": "OrganizationRef"}, "Organization"),
        ({"@type": "PartyRef", "href": "https://host:port/x/v5/organization/5"}, "Organization"),
        ({"@referredType": "Orgxyz", "href": "https:/host/partyManagement/v5/customer/5?fields=id"}, "Customer"),
        ({"@referredType": "FinantialAccount", "href": "https://host/account/5"}, None),
        ({"@type": "PartyRef", "href": "//hub/ 5880"}, None),
        ({"@referredType": "DEMOR", "href": "IKDHQ"}, None),
    ],
)
def test_the_kind_of_a_reference(reference: Json, label: str | None) -> None:
    assert refer({"id": "5", **reference}, "").label == label


def test_the_same_id_of_two_types_is_two_things() -> None:
    customer = {"@type": "Customer", "id": "9176", "engagedParty": party("9176")}
    assert rels(record(customer)) == {("Customer:9176", "ENGAGED_PARTY", "Individual:9176", None)}


def test_a_reference_without_an_id_is_left_to_be_rejected_alone() -> None:
    customer = {
        "@type": "Customer",
        "id": "1",
        "account": [{"name": "no id"}, {"id": "A2"}],
        "engagedParty": {"@type": "PartyRef", "id": "5"},
    }
    found = record([customer])
    engaged, first, second = (d for d in found.drafts if d.table in model.RELATIONSHIPS)
    assert (dict(engaged.cells), engaged.columns["end"]) == ({"start": "Customer:1"}, "/0/engagedParty/@referredType")
    assert (dict(first.cells), first.columns["end"]) == (
        {"start": "Customer:1", "role": "accountHolder"},
        "/0/account/0/id",
    )
    assert second.cells["end"] == "Account:A2"
    assert not any(d.own for d in (engaged, first, second))


def test_dates_are_handed_on_as_they_are_with_their_pointers() -> None:
    customer = {
        "@type": "Customer",
        "id": "1",
        "validFor": {"startDateTime": "2021-03-00T00:00:00Z", "endDateTime": ""},
        "engagedParty": party("2", validFor={"startDateTime": "06:00:00"}),
    }
    found = record(customer)
    node, engaged = found.drafts[0], only(found, "ENGAGED_PARTY")
    assert node.cells["startDate"] == "2021-03-00T00:00:00Z"
    assert node.cells["terminationDate"] == ""
    assert node.columns["startDate"] == "/validFor/startDateTime"
    assert (node.own, engaged.own) == (True, False)
    assert engaged.cells["validFrom"] == "06:00:00"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("bill receiver", "billReceiver"), ("ServiceProvider", "serviceProvider"), ("User", "user"), ("IKDHQ", "ikdhq"),
     ("SLAConsumer", "slaConsumer"), ("end-user", "endUser"), ("", "")],
)  # fmt: skip
def test_roles_have_one_spelling(text: str, folded: str) -> None:
    assert camel(text) == folded


@pytest.mark.parametrize("bad", ["", " ", [], {}, True, 1.5])
def test_an_id_that_is_none_rejects_the_resource(bad: object) -> None:
    [found] = read({"event": {"customer": {"id": bad}}, "eventType": "CustomerCreateEvent"})
    assert isinstance(found, Record)
    assert found.faults == (
        ("/event/customer/id", "is no id: a text that is not empty, or a whole number, was expected"),
    )


def test_a_number_is_an_id() -> None:
    assert only(record({"@type": "Customer", "id": 1140}), "Customer").cells["id"] == "1140"


# --- envelopes ---------------------------------------------------------------------------------------------------


def test_lists_and_create_events() -> None:
    event = {
        "@type": "ProductCreateEvent",
        "eventType": "CXJAD",
        "eventTime": "2021-09-27T07:43:59Z",
        "event": {
            "product": [{"@type": "Product", "id": "1"}, {"id": "2", "lastUpdate": "2022-01-01T00:00:00Z"}],
            "relatedParty": [{"role": "Issuer", "partyOrPartyRole": party("3")}],
        },
    }
    one, two = read(event)
    assert isinstance(one, Record)
    assert isinstance(two, Record)
    assert [(str(r.place), r.as_of, r.drafts[0].cells["id"]) for r in (one, two)] == [
        ("payload.json#/event/product/0", "2021-09-27T07:43:59Z", "1"),
        ("payload.json#/event/product/1", "2022-01-01T00:00:00Z", "2"),
    ]
    listed = read([{"@type": "Product", "id": "1"}, 3, {"@type": "Product"}])
    assert [type(r).__name__ for r in listed] == ["Record", "Skipped", "Skipped"]
    assert [str(r.place) for r in listed] == ["payload.json#/0", "payload.json#/1", "payload.json#/2"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([{"op": "add", "path": "/x", "value": 1}, {"op": "remove", "path": "/y"}],
         "a JSON Patch of 2 operations (add, remove): a change to apply, no resource"),
        ({"op": "replace", "path": "/x", "value": 1},
         "a JSON Patch of 1 operation (replace): a change to apply, no resource"),
        ({"@type": "Individual", "givenName": "Ada"},
         "an Individual without an id: a request to create or change one, no resource"),
        ({"@type": "Hub", "callback": "https://host"}, "a Hub: a subscription to events, no resource"),
        ({"callback": "https://host"}, "a Hub: a subscription to events, no resource"),
        ({"eventType": "CustomerPraiseEvent", "event": {"customer": {"id": "1"}}},
         "a CustomerPraiseEvent: no creation, change or deletion of a resource"),
        ({"@type": "TroubleTicketStatusChangeEvent", "event": {}},
         "a TroubleTicketStatusChangeEvent without its resource"),
        ({"@type": "TaskFlow", "id": "1"},
         "a TaskFlow: a step that is loaded inside of its ProcessFlow, where its place is known;"
         " the graph does not hold it"),
        ({"eventType": "CustomerCreateEvent", "event": {}}, "a CustomerCreateEvent without its resource"),
        ({"eventType": "BillFormatCreateEvent", "event": {"billFormat": {"id": "1"}}},
         "a BillFormatCreateEvent: BillFormat is how a bill is laid out; the graph does not hold it"),
        ({"@type": "TroubleTicketRef", "id": "1"}, "a TroubleTicketRef: a reference, no resource"),
        ({"id": "1", "href": "https://host/v5/billFormat/1", "name": "x"},
         "a BillFormat: how a bill is laid out; the graph does not hold it"),
        ({"@type": "FinancialAccount", "id": "1"},
         "a FinancialAccount: a ledger account of the operator's own books, no account of a customer;"
         " the graph does not hold it"),
        ({"@type": "Supplier", "id": "1"}, "a Supplier: no resource that is loaded"),
        ({"@type": "Ada Lovelace, 1 High Street", "id": "1"}, "an unknown type: no resource that is loaded"),
        ({"id": "1"}, "an object without @type, whose fields tell no TM Forum resource"),
        ([], "an empty list"), (None, "null, no TM Forum resource"), (True, "a truth value, no TM Forum resource"),
        (1, "a number, no TM Forum resource"), ("x", "a text, no TM Forum resource"),
        ([[]], "a list inside a list, no TM Forum resource"),
    ],
)  # fmt: skip
def test_what_is_no_resource_is_named(document: object, said: str) -> None:
    assert reason(document) == said


@pytest.mark.parametrize(
    ("payload", "label"),
    [
        ({"engagedParty": {"id": "1"}}, "Customer"),
        ({"givenName": "Ada"}, "Individual"),
        ({"isLegalEntity": True}, "Organization"),
        ({"paymentStatus": "due"}, "Account"),
        ({"ticketType": "incident"}, "TroubleTicket"),
        ({"productOffering": {"id": "PO"}}, "Product"),
        ({"@type": "BusinessCustomer", "@baseType": "Customer"}, "Customer"),
    ],
)
def test_a_type_is_told_by_the_payload(payload: Json, label: str) -> None:
    assert record({"id": "7", **payload}).drafts[0].table == label


# --- any JSON at all ---------------------------------------------------------------------------------------------

_WORDS = sorted(
    {name for r in RESOURCES for f in r.fields for name in f.names}
    | {"id", "@type", "@referredType", "href", "event", "eventType", "op", "path", "role", "entity", "partyOrPartyRole"}
    | {"validFor", "startDateTime", "price", "priceType", "recurringChargePeriod", "taxIncludedAmount", "value", "unit"}
    | {"characteristic", "emailAddress", "phoneNumber", "city", "statusChangeDate", "account", "relationshipType"}
)
_TEXTS = st.sampled_from(
    [
        "Customer",
        "Product",
        "TroubleTicket",
        "BillingAccount",
        "Individual",
        "CustomerCreateEvent",
        "recurring",
        "month",
    ]
) | st.text(max_size=20)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS
_JSON = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_WORDS) | st.text(max_size=8), inner, max_size=8)
    ),
    max_leaves=40,
)


@given(_JSON, st.sampled_from([None, "CRM", "SDP"]))
def test_no_json_raises(document: object, system: str | None) -> None:
    for found in read(document, system):
        assert isinstance(found, Record | Skipped)


@given(st.sampled_from(RESOURCES), st.dictionaries(st.sampled_from(_WORDS), _JSON, max_size=6))
def test_no_resource_raises(resource: object, fields: Mapping[str, object]) -> None:
    document = {**fields, "@type": getattr(resource, "name", ""), "id": "1"}
    [found] = read(document)
    assert isinstance(found, Record)
    for draft in found.drafts:
        spec = model.NODES.get(draft.table)
        names = (
            {p.name for p in spec.properties}
            if spec
            else {"start", "end", *(p.name for p in model.rel_properties(model.RELATIONSHIPS[draft.table]))}
        )
        assert set(draft.cells) <= names
        assert set(draft.cells) <= set(draft.columns)


def test_every_field_says_what_it_becomes() -> None:
    table = tmf.what_becomes()
    assert ("TMF629 Customer", "engagedParty", "ENGAGED_PARTY to Individual|Organization") in table
    assert ("TMF666 BillingAccount", "state", "property state") in table
    assert all(resource and graph for resource, _, graph in table)
    assert len(table) == len(set(table))


# --- the official examples ---------------------------------------------------------------------------------------


@official
def test_every_official_example_is_loaded_or_named() -> None:
    loaded: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for path in sorted(TMF_V5.glob("*.json")):
        found = list(tmf.records(json.loads(path.read_bytes()), path.name, system=None))
        assert found, path.name
        files["loaded" if any(isinstance(f, Record) for f in found) else "named"] += 1
        for f in found:
            if isinstance(f, Record):
                assert not f.faults, path.name
                loaded[f.drafts[0].table] += 1
    assert files == {"loaded": 94, "named": 120}
    assert loaded == {
        "TroubleTicket": 18, "Customer": 11, "Individual": 12, "Organization": 12, "Product": 18, "Account": 34,
    }  # fmt: skip


@official
def test_the_official_customer_1140() -> None:
    path = TMF_V5 / "TMF629.Customer_retrieve_example_response.json"
    found = record(json.loads(path.read_bytes()))
    assert {(start, type_, end, role) for start, type_, end, role in rels(found) if type_ != "REACHED_AT"} == {
        ("Customer:1140", "ENGAGED_PARTY", "Organization:500", None),
        ("Customer:1140", "RELATED_PARTY", "Organization:2777", "billReceiver"),
    }
