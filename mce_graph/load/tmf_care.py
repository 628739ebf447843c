"""What TM Forum resources of care and assurance become: services, problems, interactions, self-care, users, SLAs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mce_graph import model
from mce_graph.load.tmf_payload import Payload, Reference, camel, first, objects, refer, text_id
from mce_graph.load.tmf_resources import (
    CONTACT_MEDIA,
    IDENTIFIERS,
    Field,
    Resource,
    copied,
    left,
    links,
    name_or_id,
    period,
    related,
)

# --- services and problems ---------------------------------------------------------------------------------------

_CATEGORIES: Mapping[str, str] = {
    "cfs": "CFS", "customerFacingService": "CFS", "rfs": "RFS", "resourceFacingService": "RFS",
}  # fmt: skip


def _category(payload: Payload, value: object, at: str) -> None:
    found = _CATEGORIES.get(camel(value)) if isinstance(value, str) else None
    if found or value in (None, ""):
        payload.put("category", found, at)
    else:
        payload.warn(at, "is neither CFS nor RFS; left out")


def _service_party(payload: Payload, reference: Reference, role: object) -> None:
    if reference.label == "User":
        payload.link("USES_SERVICE", reference, role=role, incoming=True)
    else:
        payload.link("RELATED_PARTY", reference, role=role)


def _characteristics(wanted: Mapping[str, str]) -> Field:
    """Named characteristics that become properties: name in camelCase to property."""

    def put(payload: Payload, value: object, at: str) -> None:
        for where, entry in objects(value, at):
            name = entry.get("name") if isinstance(entry, Mapping) else None
            target = wanted.get(camel(name)) if isinstance(name, str) else None
            if target and isinstance(entry, Mapping) and "value" in entry:
                payload.put(target, entry["value"], f"{where}/value")

    names = ("serviceCharacteristic", "characteristic")
    return Field(names, f"properties {', '.join(dict.fromkeys(wanted.values()))}, of the characteristics so named", put)


def _problem_ticket(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        payload.link("PART_OF_PROBLEM", refer(entry, where, implied="TroubleTicket"), incoming=True)


# --- interactions ------------------------------------------------------------------------------------------------

_CALLERS = ("caller", "contact", "initiator", "originator", "requester", "requestor", "reporter", "user", "member")
_CUSTOMERS = ("customer", "accountHolder", "buyer", "subscriber")
_STAFF = ("agent", "careAgent", "employee", "seller", "salesAgent", "representative", "csr", "owner", "handler")


def _interaction_party(payload: Payload, reference: Reference, role: object) -> None:
    if role in _STAFF:
        payload.leave_out(reference, "of the staff is not kept; left out")
        return
    word = "caller" if role in _CALLERS else "customer" if role in _CUSTOMERS else role
    payload.link("HAD_INTERACTION", reference, role=word, incoming=True)


def _interaction_items(payload: Payload, value: object, at: str) -> None:
    told = False
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        if isinstance(entry.get("resolution"), str) and not told:
            payload.put("resolution", entry["resolution"], f"{where}/resolution")
            told = True
        if isinstance(item := entry.get("item"), Mapping):
            payload.link("CONCERNS", refer(item, f"{where}/item"))


def _channel(value: object) -> object:
    """The name of the first channel; v5 puts it one level down."""
    for _, entry in objects(value, ""):
        inner = entry.get("channel") if isinstance(entry, Mapping) else None
        return name_or_id(inner if isinstance(inner, Mapping) else entry)
    return ""


def _ongoing(value: object) -> object:
    return "inProgress" if isinstance(value, str) and camel(value) == "ongoing" else value


# --- self-care ---------------------------------------------------------------------------------------------------


def _flow_state(payload: Payload, value: object, at: str) -> None:
    """A flow that somebody walked away from stays active for ever: only its two ends are an outcome."""
    outcome = {"completed": "completed", "cancelled": "abandoned", "canceled": "abandoned"}
    found = outcome.get(camel(value)) if isinstance(value, str) else None
    if found:
        payload.put("outcome", found, at)


def _flow_date(payload: Payload, value: object, at: str) -> None:
    if isinstance(value, Mapping):
        for target, tmf in (("start", "startDateTime"), ("end", "endDateTime")):
            if tmf in value:
                payload.put(target, value[tmf], f"{at}/{tmf}")
    else:
        payload.put("start", value, at)


def _flow_party(payload: Payload, reference: Reference, role: object) -> None:
    payload.link("STARTED", reference, incoming=True)


def _concerns(payload: Payload, reference: Reference, role: object) -> None:
    payload.link("CONCERNS", reference)


def _steps(payload: Payload, value: object, at: str) -> None:
    for seq, (where, entry) in enumerate(objects(value, at), start=1):
        cells: dict[str, object] = {"transaction": payload.id, "seq": seq}
        columns = {"transaction": f"{payload.at}/id", "seq": where}
        key, page = first(entry, "taskFlowSpecification", "name", "id")
        if page is not None:
            cells["pageId"], columns["pageId"] = name_or_id(page), f"{where}/{key}"
        payload.node("SelfCareStep", cells, columns)
        payload.tie("HAS_STEP", model.uid("SelfCareStep", f"{payload.id}|{seq}"), where)


# --- identities, permissions, privacy ----------------------------------------------------------------------------


def _credentials(payload: Payload, value: object, at: str) -> None:
    """The level of trust and the login; a password or a token is never read."""
    for name, target in (("trustLevel", "trustLevel"), ("login", "login")):
        for where, entry in objects(value, at):
            said = entry.get(name) if isinstance(entry, Mapping) else None
            if isinstance(said, str | int) and not isinstance(said, bool) and str(said).strip():
                payload.put(target, said, f"{where}/{name}")
                break


def _individual(payload: Payload, value: object, at: str) -> None:
    if value is not None:
        payload.link(model.IDENTIFIES, refer(value, at, implied="Individual"))


def _party_role(payload: Payload, value: object, at: str) -> None:
    """An identity is of one human: the individual where it is told, else the first role."""
    if isinstance(payload.resource.get("individualIdentified"), Mapping):
        return
    for where, entry in objects(value, at):
        payload.link(model.IDENTIFIES, refer(entry, where), besides=("Customer",))
        return


def _entitlement(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        action, function = entry.get("action"), entry.get("function")
        said = ":".join(str(part).strip() for part in (action, function) if isinstance(part, str) and part.strip())
        if said:
            payload.add("entitlements", said, where)


def _asset(payload: Payload, entry: Mapping[str, object], at: str) -> None:
    for where, asset in objects(entry.get("manageableAsset"), f"{at}/manageableAsset"):
        payload.link("ON_ASSET", refer(asset, where))


def _asset_roles(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        _asset(payload, entry, where)
        for inner, role in objects(entry.get("userRole"), f"{where}/userRole"):
            if isinstance(role, Mapping):
                if isinstance(role.get("involvementRole"), str):
                    payload.put("involvementRole", role["involvementRole"], f"{inner}/involvementRole")
                _entitlement(payload, role.get("entitlement"), f"{inner}/entitlement")


def _privileges(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if isinstance(entry, Mapping):
            _asset(payload, entry, where)
            _entitlement(payload, entry, where)


_REFUSED = ("no", "false", "denied", "refused", "optOut", "rejected")


def _purposes(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        key, purpose = first(entry, "privacyUsagePurpose", "name")
        said = entry.get("value")
        refused = said is False or (isinstance(said, str) and camel(said) in _REFUSED)
        if isinstance(purpose, str) and purpose.strip() and not refused:
            payload.add("purposes", purpose.strip(), f"{where}/{key}")


# --- SLAs --------------------------------------------------------------------------------------------------------

_CONSUMERS = ("slaConsumer", "consumer", "customer", "endUser", "buyer")


def _sla_party(payload: Payload, reference: Reference, role: object) -> None:
    if reference.label == "Customer" and role in _CONSUMERS:
        valid = payload.resource.get("validFor")
        if not reference.period and isinstance(valid, Mapping):
            reference = replace(reference, period=valid)
        payload.link("COVERED_BY", reference, incoming=True)
    else:
        payload.link("RELATED_PARTY", reference, role=role)


_RULE: tuple[tuple[str, str], ...] = (
    ("metric", "metric"), ("unit", "unit"), ("referenceValue", "target"), ("operator", "comparator"),
    ("tolerance", "tolerance"),
)  # fmt: skip


def _rules(payload: Payload, value: object, at: str) -> None:
    """Each rule of an SLA is an objective of its own; its id is unique within the SLA only."""
    for where, entry in objects(value, at):
        rule = text_id(entry.get("id")) if isinstance(entry, Mapping) else None
        if rule is None or not isinstance(entry, Mapping):
            payload.warn(where, "is a rule without an id; left out")
            continue
        id_ = f"{payload.id}/{rule}"
        cells: dict[str, object] = {"id": id_}
        columns = {"id": f"{where}/id"}
        for name, target in _RULE:
            if name in entry:
                cells[target] = "" if entry[name] is None else entry[name]
                columns[target] = f"{where}/{name}"
        payload.node("ServiceLevelObjective", cells, columns)
        payload.tie("HAS_OBJECTIVE", model.uid("ServiceLevelObjective", id_), f"{where}/id")


def _violation(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        for name in ("actualValue", "referenceValue", "operator", "consequence"):
            if name in entry:
                payload.put(name, entry[name], f"{where}/{name}")
        for inner, rule in objects(entry.get("rule"), f"{where}/rule"):
            id_ = text_id(rule.get("id")) if isinstance(rule, Mapping) else None
            sla = payload.resource.get("sla")
            of = text_id(sla.get("id")) if isinstance(sla, Mapping) else None
            if id_ and of:
                payload.link("BREACHES", Reference(
                    "ServiceLevelObjective", "Rule", f"{of}/{id_}", None, None, inner, inner
                ))  # fmt: skip
        return


def _parameter(payload: Payload, value: object, at: str) -> None:
    for where, entry in objects(value, at):
        if not isinstance(entry, Mapping):
            continue
        if "name" in entry:
            payload.put("metric", entry["name"], f"{where}/name")
        kind = entry.get("parameterType")
        if isinstance(kind, str) and kind.strip().upper() in ("KQI", "KPI"):
            payload.put("parameterType", kind.strip().upper(), f"{where}/parameterType")
        elif kind:
            payload.warn(f"{where}/parameterType", "is neither KQI nor KPI; left out")
        return


# --- the table ---------------------------------------------------------------------------------------------------

_SERVICE_FIELDS = (
    copied("name"), copied("serviceType"), copied("state"), copied("operatingStatus"),
    Field(("category",), "property category (CFS or RFS)", _category),
    _characteristics({"msisdn": "msisdn", "phoneNumber": "msisdn"}),
    links("supportingService", "SUPPORTED_BY", implied="Service"),
    links("supportingResource", "SUPPORTED_BY", implied="Resource"),
    related("USES_SERVICE from a User, with its role; else RELATED_PARTY with its role", _service_party),
    IDENTIFIERS,
    left("serviceSpecification", "serviceRelationship", "serviceOrderItem", "place", "feature", "note", "startDate",
         "endDate", "startMode", "isServiceEnabled", "hasStarted", "isStateful", "isBundle", "description",
         why="no question here asks for it"),
)  # fmt: skip

CARE: tuple[Resource, ...] = (
    Resource("TMF638", "Service", "Service", _SERVICE_FIELDS, ("serviceCharacteristic", "supportingService",
             "supportingResource", "serviceSpecification")),
    Resource("TMF638", "CustomerFacingService", "Service", _SERVICE_FIELDS),
    Resource("TMF638", "ResourceFacingService", "Service", _SERVICE_FIELDS),
    Resource(
        "TMF656", "ServiceProblem", "ServiceProblem",
        (
            copied("category"), copied("priority"), copied("status"),
            links("affectedService", "AFFECTS", implied="Service"),
            links("affectedResource", "AFFECTS", implied="Resource"),
            Field(("troubleTicket",), "PART_OF_PROBLEM from each TroubleTicket", _problem_ticket),
            IDENTIFIERS,
            left("rootCauseService", "rootCauseResource", "underlyingAlarm", "underlyingProblem", "parentProblem",
                 "slaViolation", "affectedLocation", "affectedNumberOfServices", "relatedParty", "trackingRecord",
                 "firstAlert", "description", "reason", why="no question here asks for it"),
        ),
        ("affectedService", "affectedNumberOfServices", "rootCauseService"),
    ),
    Resource(
        "TMF683", "PartyInteraction", "PartyInteraction",
        (
            copied("direction"), copied("reason"),
            copied("status", read=_ongoing), copied("relatedChannel", "channel", to="channel", read=_channel),
            period("interactionDate", "start", "end"),
            Field(("interactionItem",), "property resolution (the first); CONCERNS to each item", _interaction_items),
            related(
                "HAD_INTERACTION with role caller (contact, initiator, user …) or customer (accountHolder …); staff is"
                " left out with a warning; any other role is rejected alone",
                _interaction_party,
            ),
            IDENTIFIERS,
            left("interactionRelationship", "attachment", "note", "creationDate", "statusChangeDate", "description",
                 why="no question here asks for it"),
        ),
        ("interactionItem", "interactionDate"),
    ),
    Resource(
        "TMF701", "ProcessFlow", "SelfCareTransaction",
        (
            copied("processFlowSpecification", to="intent", read=name_or_id),
            copied("channel", "relatedChannel", to="channel", read=_channel),
            Field(("processFlowDate",), "properties start, end", _flow_date),
            Field(("state",), "property outcome: completed, or abandoned for cancelled; an active flow has none",
                  _flow_state),
            _characteristics({"sessionId": "sessionId", "session": "sessionId", "device": "device"}),
            related("STARTED from a User; any other party is left out with a warning", _flow_party),
            related("CONCERNS to a Product, Service, Account or TroubleTicket", _concerns, name="relatedEntity"),
            Field(("taskFlow",), "SelfCareStep {transaction, seq in the list, pageId}, HAS_STEP", _steps, whole=True),
            left("processFlowRelationship", "processFlowType", why="no question here asks for it"),
        ),
        ("processFlowSpecification", "processFlowDate"),
    ),
    Resource(
        "TMF720", "DigitalIdentity", "User",
        (
            copied("nickname"), copied("status"), copied("creationDate", to="createdAt"),
            Field(("credential",), "properties trustLevel, login; a password or token is never read", _credentials),
            Field(("individualIdentified",), "IDENTIFIES to an Individual", _individual),
            Field(("partyRoleIdentified",), "IDENTIFIES to the party that the first Customer engages, or to a Party,"
                  " where no individual is identified", _party_role),
            CONTACT_MEDIA, IDENTIFIERS,
            left("resourceIdentified", "attachment", "relatedParty", "validFor", why="no question here asks for it"),
        ),
        ("individualIdentified", "partyRoleIdentified"),
    ),
    Resource(
        "TMF672", "Permission", "Permission",
        (
            links("user", "GRANTED_TO", implied="User"), links("granter", "GRANTED_BY"),
            period("validFor", "validFrom", "validTo"),
            Field(("assetUserRole",), "ON_ASSET; properties involvementRole, entitlements (action:function)",
                  _asset_roles),
            Field(("privilege",), "ON_ASSET; property entitlements (action:function)", _privileges),
            left("description", "creationDate", "date", why="no question here asks for it"),
        ),
        ("assetUserRole", "granter"),
    ),
    Resource(
        "TMF644", "PartyPrivacyProfile", "PrivacyProfile",
        (
            copied("status"),
            Field(("partyPrivacyProfileCharacteristic",), "property purposes: those that are not refused", _purposes),
            links("applicableForParty", "APPLIES_FOR"), links("agreedByParty", "AGREED_BY"),
            left("partyPrivacyProfileSpecification", "agreement", "agreementPeriod", "validFor", "name", "description",
                 why="no question here asks for it"),
        ),
        ("partyPrivacyProfileCharacteristic", "applicableForParty"),
    ),
    Resource(
        "TMF623", "SLA", "SLA",
        (
            copied("name"), copied("state"), copied("version"),
            copied("template", to="specificationId", read=lambda v: v.get("id") or v.get("name") or ""
                   if isinstance(v, Mapping) else v),
            Field(("rule",), "ServiceLevelObjective {id: SLA/rule, metric, unit, target, comparator, tolerance},"
                  " HAS_OBJECTIVE", _rules),
            related("COVERED_BY from a Customer who consumes it, with its validFor or the SLA's; else RELATED_PARTY",
                    _sla_party),
            IDENTIFIERS,
            left("validFor", "approved", "approvalDate", "description", why="no question here asks for it"),
        ),
    ),
    Resource(
        "TMF623", "SLAViolation", "SLAViolation",
        (
            copied("date"), links("sla", "OF_SLA", implied="SLA"),
            Field(("violation",), "properties actualValue, referenceValue, operator, consequence; BREACHES to its rule",
                  _violation),
            left("relatedParty", why="the SLA has its parties"),
        ),
        ("violation",),
    ),
    Resource(
        "TMF657", "ServiceLevelObjective", "ServiceLevelObjective",
        (
            Field(("serviceLevelObjectiveParameter",), "properties metric, parameterType", _parameter),
            copied("conformanceTarget", to="target"), copied("conformanceComparator", to="comparator"),
            copied("thresholdTarget", to="warning"), copied("toleranceTarget", to="tolerance"),
            left("name", "description", "validFor", "conformancePeriod", "tolerancePeriod", "graceTimes",
                 "serviceLevelObjectiveConsequence", why="no question here asks for it"),
        ),
        ("conformanceTarget", "serviceLevelObjectiveParameter"),
    ),
)  # fmt: skip
"""Resources of care and assurance, with what each of their fields becomes."""

CARE_NOT_KEPT: Mapping[str, str] = {
    "TaskFlow": "a step that is loaded inside of its ProcessFlow, where its place is known",
}
