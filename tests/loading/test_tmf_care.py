"""TM Forum resources of care and assurance, and events: what each becomes, in both dialects."""

from __future__ import annotations

import pytest

from mce_graph.load.records import Record

from .test_tmf import Json, drawn, only, party, read, record, rels


def test_a_service_what_it_stands_on_and_who_uses_it() -> None:
    service = {
        "@type": "CustomerFacingService", "id": "S1", "name": "Fibre", "state": "active", "operatingStatus": "running",
        "category": "customer facing service",
        "serviceCharacteristic": [{"name": "MSISDN", "value": "+447700900001"}, {"name": "other", "value": 1}],
        "supportingService": [{"id": "S2", "@type": "ServiceRef"}], "supportingResource": [{"id": "R1"}],
        "relatedParty": [
            {"role": "End User", "partyOrPartyRole": party("U1", "DigitalIdentity")},
            {"role": "provider", "partyOrPartyRole": party("O1", "Organization")},
        ],
    }  # fmt: skip
    found = record(service)
    assert found.drafts[0].cells == {
        "id": "S1", "name": "Fibre", "state": "active", "operatingStatus": "running", "category": "CFS",
        "msisdn": "+447700900001",
    }  # fmt: skip
    assert rels(found) == {
        ("Service:S1", "SUPPORTED_BY", "Service:S2", None), ("Service:S1", "SUPPORTED_BY", "Resource:R1", None),
        ("User:U1", "USES_SERVICE", "Service:S1", "endUser"),
        ("Service:S1", "RELATED_PARTY", "Organization:O1", "provider"),
    }  # fmt: skip
    assert record({**service, "category": "gold"}).warnings == ("Service.category: is neither CFS nor RFS; left out",)


def test_a_problem_its_tickets_and_what_it_affects() -> None:
    problem = {
        "@type": "ServiceProblem", "id": "SP1", "category": "network", "priority": 2, "status": "inProgress",
        "affectedService": [{"id": "S1"}], "affectedResource": [{"id": "R1"}], "troubleTicket": [{"id": "T1"}],
    }  # fmt: skip
    assert record(problem).drafts[0].cells == {
        "id": "SP1", "category": "network", "priority": 2, "status": "inProgress",
    }  # fmt: skip
    assert rels(record(problem)) == {
        ("ServiceProblem:SP1", "AFFECTS", "Service:S1", None), ("ServiceProblem:SP1", "AFFECTS", "Resource:R1", None),
        ("TroubleTicket:T1", "PART_OF_PROBLEM", "ServiceProblem:SP1", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    "channel", [{"channel": [{"id": "1", "name": "phone"}]}, {"relatedChannel": [{"channel": {"name": "phone"}}]}]
)
def test_an_interaction_who_was_in_contact_and_about_what(channel: Json) -> None:
    interaction = {
        "@type": "PartyInteraction", "id": "I1", "direction": "inbounds", "reason": "bill", "status": "ongoing",
        "interactionDate": {"startDateTime": "2026-01-01T10:00:00Z", "endDateTime": "2026-01-01T10:05:00Z"},
        "interactionItem": [
            {"resolution": "explained", "item": {"id": "A1", "@referredType": "BillingAccount"}},
            {"resolution": "second", "item": {"id": "B1", "@referredType": "CustomerBill"}},
        ],
        "relatedParty": [
            {"role": "requester", "id": "1", "@referredType": "Individual"},
            {"role": "account holder", "id": "2", "@referredType": "Customer"},
            {"role": "agent", "id": "3", "@referredType": "Individual"},
        ],
        **channel,
    }  # fmt: skip
    found = record(interaction)
    assert found.drafts[0].cells == {
        "id": "I1", "direction": "inbounds", "reason": "bill", "status": "inProgress", "channel": "phone",
        "start": "2026-01-01T10:00:00Z", "end": "2026-01-01T10:05:00Z", "resolution": "explained",
    }  # fmt: skip
    assert rels(found) == {
        ("PartyInteraction:I1", "CONCERNS", "Account:A1", None),
        ("Individual:1", "HAD_INTERACTION", "PartyInteraction:I1", "caller"),
        ("Customer:2", "HAD_INTERACTION", "PartyInteraction:I1", "customer"),
    }
    assert len(found.warnings) == 2


def test_a_flow_is_a_visit_and_its_tasks_are_steps() -> None:
    flow = {
        "@type": "ProcessFlow", "id": "F1", "state": "active", "processFlowSpecification": "changeTariff",
        "processFlowDate": "2026-01-01T10:00:00Z", "channel": [{"name": "app"}],
        "characteristic": [{"name": "session id", "value": "s-9"}, {"name": "device", "value": "phone"}],
        "relatedParty": [{"role": "user", "id": "U1", "@referredType": "DigitalIdentity"}],
        "relatedEntity": [{"id": "P1", "@referredType": "Product"}],
        "taskFlow": [{"id": "9", "taskFlowSpecification": "choose"}, {"id": "7", "name": "confirm"}],
    }  # fmt: skip
    found = record(flow)
    assert found.drafts[0].cells == {
        "id": "F1", "intent": "changeTariff", "channel": "app", "start": "2026-01-01T10:00:00Z", "sessionId": "s-9",
        "device": "phone",
    }  # fmt: skip
    steps = [d.cells for d in found.drafts if d.table == "SelfCareStep"]
    assert steps == [
        {"transaction": "F1", "seq": 1, "pageId": "choose"}, {"transaction": "F1", "seq": 2, "pageId": "confirm"},
    ]  # fmt: skip
    assert rels(found) == {
        ("User:U1", "STARTED", "SelfCareTransaction:F1", None),
        ("SelfCareTransaction:F1", "CONCERNS", "Product:P1", None),
        ("SelfCareTransaction:F1", "HAS_STEP", "SelfCareStep:F1|1", None),
        ("SelfCareTransaction:F1", "HAS_STEP", "SelfCareStep:F1|2", None),
    }
    for state, outcome in (("completed", "completed"), ("cancelled", "abandoned"), ("hold", None)):
        assert record({**flow, "state": state}).drafts[0].cells.get("outcome") == outcome


def test_an_identity_and_whom_it_identifies_and_never_a_password() -> None:
    identity: Json = {
        "@type": "DigitalIdentity", "id": "U1", "nickname": "ann", "status": "active",
        "creationDate": "2026-01-01T00:00:00Z", "individualIdentified": {"id": "P1", "@referredType": "Individual"},
        "partyRoleIdentified": [{"id": "C1", "@referredType": "Customer"}],
        "credential": [
            {"@type": "LoginPasswordCredential", "login": "Ann@x.org", "password": "secret", "trustLevel": "3"},
            {"@type": "TokenCredential", "token": "secret"},
        ],
        "contactMedium": [{"@type": "EmailContactMedium", "emailAddress": "ann@x.org"}],
    }  # fmt: skip
    found = record(identity)
    assert found.drafts[0].cells == {
        "id": "U1", "nickname": "ann", "status": "active", "createdAt": "2026-01-01T00:00:00Z", "trustLevel": "3",
        "login": "Ann@x.org",
    }  # fmt: skip
    assert rels(found) == {
        ("User:U1", "IDENTIFIES", "Individual:P1", None),
        ("User:U1", "REACHED_AT", "ContactMedium:email|ann@x.org", None),
    }  # fmt: skip
    assert "secret" not in str(drawn(found))
    del identity["individualIdentified"]
    assert ("User:U1", "IDENTIFIES", "Customer:C1", None) in rels(record(identity))


def test_a_permission_its_asset_and_what_it_allows() -> None:
    permission = {
        "@type": "Permission", "id": "PM1", "validFor": {"startDateTime": "2026-01-01T00:00:00Z"},
        "user": {"id": "U2", "@referredType": "DigitalIdentity"},
        "granter": {"id": "P1", "@referredType": "Individual"},
        "assetUserRole": [{
            "manageableAsset": {"id": "A1", "@referredType": "BillingAccount"},
            "userRole": {"involvementRole": "familyAdmin", "entitlement": [{"action": "view", "function": "bill"}]},
        }],
        "privilege": [
            {"action": "pay", "function": "bill", "manageableAsset": {"id": "P9", "@referredType": "Product"}},
            {"action": "view", "function": "bill"},
        ],
    }  # fmt: skip
    found = record(permission)
    assert found.drafts[0].cells == {
        "id": "PM1", "validFrom": "2026-01-01T00:00:00Z", "involvementRole": "familyAdmin",
        "entitlements": ["view:bill", "pay:bill"],
    }  # fmt: skip
    assert rels(found) == {
        ("Permission:PM1", "GRANTED_TO", "User:U2", None), ("Permission:PM1", "GRANTED_BY", "Individual:P1", None),
        ("Permission:PM1", "ON_ASSET", "Account:A1", None), ("Permission:PM1", "ON_ASSET", "Product:P9", None),
    }  # fmt: skip


def test_a_privacy_profile_holds_what_was_agreed_to() -> None:
    profile = {
        "@type": "PartyPrivacyProfile", "id": "PP1", "status": "approved",
        "applicableForParty": party("2"), "agreedByParty": party("1"),
        "partyPrivacyProfileCharacteristic": [
            {"privacyUsagePurpose": "MARKETING", "value": "opt-out"}, {"privacyUsagePurpose": "ADMIN"},
            {"privacyUsagePurpose": "ADMIN", "value": "yes"}, {"privacyUsagePurpose": "RESEARCH", "value": False},
        ],
    }  # fmt: skip
    found = record(profile)
    assert found.drafts[0].cells == {"id": "PP1", "status": "approved", "purposes": ["ADMIN"]}
    assert rels(found) == {
        ("PrivacyProfile:PP1", "APPLIES_FOR", "Individual:2", None),
        ("PrivacyProfile:PP1", "AGREED_BY", "Individual:1", None),
    }


def test_an_sla_its_rules_and_its_violation() -> None:
    sla = {
        "@type": "SLA", "id": "SLA1", "name": "Gold", "version": "2", "template": {"id": "G", "href": "x"},
        "validFor": {"startDateTime": "2026-01-01T00:00:00Z"},
        "rule": [
            {"id": "r1", "metric": "availability", "unit": "percent", "referenceValue": "99.9", "operator": ".ge",
             "tolerance": "0.05"},
            {"metric": "no id"},
        ],
        "relatedParty": [
            {"role": "SLAConsumer", "id": "C1", "@referredType": "Customer"},
            {"role": "SLAProvider", "id": "O1", "@referredType": "Organization"},
        ],
    }  # fmt: skip
    found = record(sla)
    assert found.drafts[0].cells == {"id": "SLA1", "name": "Gold", "version": "2", "specificationId": "G"}
    assert only(found, "ServiceLevelObjective").cells == {
        "id": "SLA1/r1", "metric": "availability", "unit": "percent", "target": "99.9", "comparator": ".ge",
        "tolerance": "0.05",
    }  # fmt: skip
    assert rels(found) == {
        ("SLA:SLA1", "HAS_OBJECTIVE", "ServiceLevelObjective:SLA1/r1", None),
        ("Customer:C1", "COVERED_BY", "SLA:SLA1", None),
        ("SLA:SLA1", "RELATED_PARTY", "Organization:O1", "slaProvider"),
    }
    assert only(found, "COVERED_BY").cells["validFrom"] == "2026-01-01T00:00:00Z"
    violation = {
        "@type": "SLAViolation", "id": "V1", "date": "2026-02-01T00:00:00Z", "sla": {"id": "SLA1"},
        "violation": {"rule": {"id": "r1"}, "actualValue": "99.1", "referenceValue": "99.9", "operator": ".ge"},
    }  # fmt: skip
    assert record(violation).drafts[0].cells == {
        "id": "V1", "date": "2026-02-01T00:00:00Z", "actualValue": "99.1", "referenceValue": "99.9", "operator": ".ge",
    }  # fmt: skip
    assert rels(record(violation)) == {
        ("SLAViolation:V1", "OF_SLA", "SLA:SLA1", None),
        ("SLAViolation:V1", "BREACHES", "ServiceLevelObjective:SLA1/r1", None),
    }


def test_an_objective_and_its_targets() -> None:
    objective = {
        "@type": "ServiceLevelObjective", "id": "O1", "conformanceTarget": "3.5", "conformanceComparator": "above",
        "thresholdTarget": "3.8", "toleranceTarget": "0.1",
        "serviceLevelObjectiveParameter": {"name": "mos", "parameterType": "kqi"},
    }  # fmt: skip
    assert record(objective).drafts[0].cells == {
        "id": "O1", "metric": "mos", "parameterType": "KQI", "target": "3.5", "comparator": "above", "warning": "3.8",
        "tolerance": "0.1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ({"supportingResource": []}, "Service"), ({"affectedService": []}, "ServiceProblem"),
        ({"interactionDate": {}}, "PartyInteraction"), ({"processFlowDate": "x"}, "SelfCareTransaction"),
        ({"individualIdentified": {}}, "User"), ({"assetUserRole": []}, "Permission"),
        ({"applicableForParty": {}}, "PrivacyProfile"), ({"violation": {}}, "SLAViolation"),
        ({"conformanceTarget": "1"}, "ServiceLevelObjective"),
        ({"href": "https://host/slaManagement/v2/sla/1"}, "SLA"),
    ],
)  # fmt: skip
def test_an_untyped_payload_is_known_by_its_fields(field: Json, label: str) -> None:
    assert record({"id": "1", **field}).drafts[0].table == label


def test_a_ticket_in_the_older_dialect() -> None:
    ticket = {
        "id": "T1", "ticketType": "incident", "status": "Pending", "lastUpdate": "2026-01-03T00:00:00Z",
        "statusChange": [
            {"status": "resolved", "changeDate": "2026-01-01T00:00:00Z"},
            {"status": "inProgress", "changeDate": "2026-01-02T00:00:00Z"},
        ],
        "relatedParty": [{"id": "1", "role": "originator", "@referredType": "Individual"}],
        "relatedEntity": [{"id": "S1", "role": "faulty", "@referredType": "Service"}],
    }  # fmt: skip
    found = record(ticket)
    assert (found.as_of, found.drafts[0].cells["reopenCount"]) == ("2026-01-03T00:00:00Z", 1)
    assert rels(found) == {
        ("Individual:1", "ON_TICKET", "TroubleTicket:T1", "reporter"),
        ("TroubleTicket:T1", "ABOUT", "Service:S1", None),
    }  # fmt: skip


# --- events ------------------------------------------------------------------------------------------------------


def event(what: str, resource: Json, at: str | None = "2026-01-02T00:00:00Z") -> Json:
    envelope: Json = {"eventType": f"TroubleTicket{what}Event", "event": {"troubleTicket": {"id": "T1", **resource}}}
    return envelope if at is None else {**envelope, "eventTime": at}


@pytest.mark.parametrize(
    "what", ["AttributeValueChange", "StatusChange", "StateChange", "Resolved", "InformationRequired"]
)
def test_a_change_holds_at_the_time_of_the_event_and_says_what_it_holds(what: str) -> None:
    history = [{"status": "pending", "statusChangeDate": "2026-01-01T00:00:00Z"}]
    found = record(
        event(what, {"status": "pending", "lastUpdate": "2019-01-01T00:00:00Z", "statusChangeHistory": history})
    )
    assert (found.as_of, found.partial) == ("2026-01-02T00:00:00Z", True)
    assert found.drafts[0].cells == {"id": "T1", "status": "pending"}


@pytest.mark.parametrize("what", ["Delete", "Remove"])
def test_a_deletion_sets_when(what: str) -> None:
    found = record(event(what, {"status": "closed", "@type": "TroubleTicketRef"}))
    assert drawn(found) == [("TroubleTicket", {"id": "T1", "deletedAt": "2026-01-02T00:00:00Z"})]
    [faulty] = read(event(what, {}, None))
    assert isinstance(faulty, Record)
    assert faulty.faults[0][0] == "/eventTime"
    assert faulty.given == event(what, {}, None)  # as a whole: mended, it is an event again
