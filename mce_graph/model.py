"""The graph model, declared once: labels, keys, properties, relationships. ``specs`` is what it is declared in.

Constraints, load statements, import headers, ``mce schema show`` and the checks of every row come from here. Terms are
those of TM Forum's Open APIs and Information Framework (SID); where these have no word the declaration says *ours*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from mce_graph.specs import NodeSpec, Property, RelSpec
from mce_graph.systems import SYSTEMS

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""The ``validFrom`` of a relationship whose start nobody knows; shown as empty."""
UNKNOWN_ROLE = "unknown"
"""The ``role`` of a relationship whose source gives none."""


NAMES: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("Individual", "Organization", "Customer", "Account", "User"),
    ("name", "givenName", "familyName", "tradingName", "nickname"),
)
"""Labels and properties of the full-text index ``names``, which is blind to case, accents and punctuation."""

HOUSEKEEPING: tuple[Property, ...] = (
    Property("uid", required=True, tmf="", help="Key label and id; unique under the key label"),
    Property("sources", "list[string]", required=True, tmf="", help="The systems that assert it now"),
    Property("stub", "boolean", tmf="", help="Only referred to so far: id and name, no resource yet"),
    Property("deletedAt", "datetime", tmf="", help="When a source said that it was deleted"),
    Property("asOf", "datetime", tmf="lastUpdate", help="The record's own time, where it gives one"),
)
"""Properties that every node may have beside its own; ``seen<System>`` is one more for each system."""
OTHER_PERIODS = Property(
    "otherPeriods",
    "list[string]",
    tmf="",
    help="What systems give otherwise than is shown: system, start/end (ISO 8601) and, as JSON, fields that differ",
)
"""A period's own bookkeeping: by it a system that says the same again finds the period its row became part of."""

PARTY = ("Individual", "Organization")
INTEGRATED = ("Customer", "User", *PARTY)

TICKET_STATUS = ("acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "closed", "resolved")
OPEN_TICKET = ("acknowledged", "inProgress", "pending", "held")
"""A ticket with one of these is open (TMF621's life cycle: all but the final states and resolved)."""
USER_KINDS = ("primary", "secondary", "guest", "delegate")
KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {"primary": "PrimaryUser", "secondary": "SecondaryUser", "guest": "GuestUser"}
)
GROUP_LABELS: Mapping[str, str] = MappingProxyType(
    {"household": "Household", "enterprise": "Enterprise", "closedUserGroup": "ClosedUserGroup"}
)
FRONT_ONLY, OPEN, UNFINISHED = "FrontOnly", "Open", "Unfinished"

_ID = Property(
    "id", required=True, pii="identifier", form="id", help="As the master system issues it; else <SYSTEM>~<id>"
)
_VALID_FROM = Property("validFrom", "datetime", tmf="validFor.startDateTime")
_VALID_TO = Property("validTo", "datetime", tmf="validFor.endDateTime")
_NAME = Property("name", "text")
_PERSON = Property("name", "text", pii="name")
_CURRENCY = Property("currency", tmf="", help="ISO 4217")


def _node(
    label: str,
    master: str,
    tmf: str,
    sid: str,
    help: str,
    *properties: Property,
    also: tuple[str, ...] = (),
    markers: tuple[str, ...] = (),
    key: tuple[str, ...] = ("id",),
    indexes: tuple[tuple[str, ...], ...] = (),
    ours: bool = False,
) -> NodeSpec:
    own = properties if key != ("id",) else (_ID, *properties)
    return NodeSpec(label, own, master, tmf, sid, help, also, markers, key, indexes, ours)


P = Property
_NODES: tuple[NodeSpec, ...] = (
    _node(
        "Individual", "CRM", "TMF632 Individual", "Party", "A human being",
        P("givenName", "text", pii="name"), P("familyName", "text", pii="name"),
        P("name", "text", pii="name", tmf="fullName"),
        P("birthDate", "date", pii="birth"),
        P("status", enum=("initialized", "validated", "deceased"), translate={"deceaded": "deceased"}),
        also=("Party",), indexes=(("birthDate",),),
    ),
    _node(
        "Organization", "CRM", "TMF632 Organization", "Party", "A company, a school, a public body",
        _NAME, P("tradingName", "text"), P("organizationType"),
        P("status", enum=("initialized", "validated", "closed")),
        also=("Party",),
    ),
    _node(
        "Customer", "CRM", "TMF629 Customer", "Customer (Party Role)", "The role of a party who buys",
        _PERSON,
        P(
            "status", enum=("prospect", "active", "suspended", "terminated"), lenient=True,
            translate={"created": "prospect", "creditcheckdone": "prospect", "approved": "active"},
        ),
        P("statusRaw", tmf="status"), P("segment", tmf=""),
        P("startDate", "datetime", tmf="validFor.startDateTime"),
        P("terminationDate", "datetime", tmf="validFor.endDateTime"),
        P("churnReason", "text", tmf="statusReason"),
        indexes=(("status", "terminationDate"),),
    ),
    _node(
        "Account", "BILLING", "TMF666 BillingAccount", "CustomerAccount", "What is billed, and to whom",
        _PERSON, P("accountType"),
        P("state", enum=("Active", "Closed", "Suspended"), open_enum=True),
        P("paymentStatus"), P("ratingType"), P("region", tmf="", pii="location"),
        P("closedAt", "datetime", tmf=""),
        indexes=(("closedAt",),),
    ),
    _node(
        "User", "IDM", "TMF720 DigitalIdentity, TMF691 Userinfo", "Party Identification",
        "A digital identity that signs in or is let in",
        P("nickname", "text", pii="name"), P("login", pii="contact", tmf="TMF691 preferred_username", form="lower"),
        P("status", enum=("unknown", "active", "suspended", "archived")),
        P("trustLevel", tmf="credential.trustLevel"),
        P("createdAt", "datetime", tmf="creationDate"),
        P("lastActiveAt", "datetime", tmf="", pii="behaviour"),
        markers=(*KIND_LABELS.values(), FRONT_ONLY), indexes=(("login",),),
    ),
    _node(
        "ContactMedium", "CRM", "TMF632 contactMedium", "Contact Medium", "An address that reaches somebody",
        P("mediumType", required=True, enum=("email", "phone", "address", "device")),
        P("value", "text", required=True, pii="contact", tmf="emailAddress, phoneNumber, street1 …"),
        key=("mediumType", "value"), indexes=(("value",),),
    ),
    _node(
        "Identifier", "CRM", "ExternalIdentifier", "Party Identification",
        "A name that another system has for a thing, where it differs from its id",
        P("system", required=True, tmf="owner"), P("externalId", required=True, pii="identifier", tmf="id"),
        key=("system", "externalId"), indexes=(("externalId",),),
    ),
    _node(
        "Group", "CRM", "", "Party Community",
        "A household, an enterprise unit or a closed user group (3GPP TS 22.085)",
        _NAME, P("groupType", enum=tuple(GROUP_LABELS)), P("tier"), P("interlockCode"),
        markers=tuple(GROUP_LABELS.values()), ours=True,
    ),
    _node(
        "Product", "BILLING", "TMF637 Product", "Product", "What a customer bought",
        _NAME,
        P(
            "status",
            enum=(
                "created", "pendingActive", "cancelled", "active", "pendingTerminate", "terminated", "suspended",
                "aborted",
            ),
        ),
        P("offeringId", tmf="productOffering.id"), P("startDate", "datetime"), P("terminationDate", "datetime"),
        P("contractEnd", "datetime", tmf=""), P("monthlyValue", "float", tmf="productPrice.price"), _CURRENCY,
        indexes=(("offeringId",), ("contractEnd",)),
    ),
    _node(
        "Service", "SDP", "TMF638 Service", "CustomerFacingService, ResourceFacingService", "What a product does",
        _NAME, P("serviceType"), P("category", enum=("CFS", "RFS")),
        P("state", enum=("feasibilityChecked", "designed", "reserved", "inactive", "active", "suspended", "terminated")),
        P(
            "operatingStatus",
            enum=(
                "pending", "configured", "starting", "running", "degraded", "failed", "limited", "stopping", "stopped",
                "unknown",
            ),
        ),
        P("msisdn", pii="contact", tmf="serviceCharacteristic", form="phone"), indexes=(("msisdn",),),
    ),
    _node(
        "Resource", "SDP", "TMF639 Resource", "Resource", "A cell, a line terminal, a box at home",
        _NAME, P("resourceType", tmf="@type"), P("site", tmf="place.name", pii="location"),
    ),
    _node(
        "SLA", "BILLING", "TMF623 SLA", "Customer SLA", "One agreement on a service level",
        _NAME, P("state"), P("specificationId", tmf="template"), P("version"),
        indexes=(("specificationId",),),
    ),
    _node(
        "ServiceLevelObjective", "BILLING", "TMF657 ServiceLevelObjective", "ServiceLevelObjective",
        "One promised figure of one SLA",
        P("metric", required=True, tmf="serviceLevelObjectiveParameter.name"),
        P("parameterType", enum=("KQI", "KPI"), tmf="serviceLevelObjectiveParameter.parameterType"),
        P("statistic", enum=("mean", "p10", "shareBelow"), tmf=""),
        P("comparator", tmf="conformanceComparator"), P("target", "float", tmf="conformanceTarget"),
        P("warning", "float", tmf="thresholdTarget"), P("tolerance", "float", tmf="toleranceTarget"), P("unit", tmf=""),
    ),
    _node(
        "SLAViolation", "BILLING", "TMF623 SLAViolation", "Service Level Objective Violation",
        "An objective that was not met",
        P("date", "datetime", required=True), P("severity", tmf=""), P("actualValue", "float", tmf="violation.actualValue"),
        P("referenceValue", "float", tmf="violation.referenceValue"), P("operator", tmf="violation.operator"),
        P("consequence", "text", tmf="violation.consequence"), P("creditDue", "float", tmf=""),
        P("creditPaidAt", "datetime", tmf=""), _CURRENCY, indexes=(("date",),),
    ),
    _node(
        "QoEMeasurement", "QOE", "", "Customer Statistic, KQI",
        "What a user got of a service in one window, for one metric",
        P("subject", required=True, pii="identifier", help="uid of the User or Service", form="uid",
          refers=("User", "Service")),
        P("service", required=True, help="uid of the Service it was measured on", form="uid", refers=("Service",)),
        P("metric", required=True), P("granularity", required=True), P("windowStart", "datetime", required=True),
        P("n", "int", minimum=0), P("mean", "float", pii="behaviour"), P("p10", "float", pii="behaviour"),
        P("min", "float", pii="behaviour"), P("shareBelow", "float", minimum=0, maximum=1, pii="behaviour"),
        P("threshold", "float", help="The value that shareBelow counts under"),
        key=("subject", "service", "metric", "granularity", "windowStart"), indexes=(("metric", "windowStart"),),
        ours=True,
    ),
    _node(
        "TroubleTicket", "TICKETING", "TMF621 TroubleTicket", "Customer Problem",
        "Something that somebody reported as broken, wrong or wanted",
        _NAME, P("ticketType"), P("severity"), P("priority"), P("status", enum=TICKET_STATUS),
        P("creationDate", "datetime"), P("requestedResolutionDate", "datetime"),
        P("expectedResolutionDate", "datetime"), P("resolutionDate", "datetime"),
        P("reopenCount", "int", minimum=0, tmf="statusChangeHistory"), P("channel", tmf="channel.name"),
        P("ownerTeam", tmf="relatedParty[owner]"), markers=(OPEN,), indexes=(("creationDate",),),
    ),
    _node(
        "ServiceProblem", "TICKETING", "TMF656 ServiceProblem", "Service Problem", "One cause behind many tickets",
        P("category"), P("priority", "int", minimum=1, maximum=10), P("status", enum=TICKET_STATUS),
    ),
    _node(
        "PartyInteraction", "CRM", "TMF683 PartyInteraction", "Party Interaction", "A contact in either direction",
        P("direction", enum=("inbound", "outbound"), translate={"inbounds": "inbound", "outbounds": "outbound"}),
        P("reason", "text"), P("resolution", "text", tmf="interactionItem.resolution"),
        P("status", enum=("open", "inProgress", "completed")), P("channel", tmf="relatedChannel.name"),
        P("start", "datetime", tmf="interactionDate.startDateTime"),
        P("end", "datetime", tmf="interactionDate.endDateTime"),
    ),
    _node(
        "SelfCareTransaction", "WEB", "TMF701 ProcessFlow", "Business Interaction",
        "One visit to self-care with one intent",
        P("sessionId", pii="identifier", tmf=""), P("intent", tmf="processFlowSpecification", pii="behaviour"),
        P("channel", tmf="channel.name"), P("device", tmf=""),
        P("start", "datetime", tmf="processFlowDate"), P("end", "datetime", tmf=""),
        P("outcome", enum=("completed", "abandoned", "failed", "timedOut", "handedOver"), tmf="", pii="behaviour"),
        markers=(UNFINISHED,), indexes=(("start",), ("sessionId",)),
    ),
    _node(
        "SelfCareStep", "WEB", "TMF701 TaskFlow", "Business Interaction Item", "One page of a visit",
        P("transaction", required=True, tmf="", help="Id of the SelfCareTransaction", form="id"),
        P("seq", "int", required=True, minimum=0, tmf=""),
        P("pageId", tmf="taskFlowSpecification"), P("enteredAt", "datetime", tmf=""), P("leftAt", "datetime", tmf=""),
        P("lcpMs", "int", minimum=0, tmf=""), P("loadMs", "int", minimum=0, tmf=""), P("isForm", "boolean", tmf=""),
        P("fieldsFilled", "int", minimum=0, tmf=""), P("error", "text", tmf=""),
        key=("transaction", "seq"), indexes=(("pageId",),),
    ),
    _node(
        "ParentalControlPolicy", "SDP", "", "Policy", "What a minor may watch, when, and for how much",
        P("ratingLimit"), P("blockedCategories", "list[string]"), P("timeWindow"), P("spendLimit", "float", minimum=0),
        P("status"), _VALID_FROM, _VALID_TO, ours=True,
    ),
    _node(
        "Permission", "SDP", "TMF672 Permission", "Party Role Privilege", "What a user may do on whose behalf",
        P("involvementRole", tmf="assetUserRole.userRole.involvementRole"),
        P("entitlements", "list[string]", tmf="privilege", help="action:function"),
        _VALID_FROM, _VALID_TO,
    ),
    _node(
        "PrivacyProfile", "CRM", "TMF644 PartyPrivacyProfile", "Party Privacy Profile",
        "The purposes a person agreed to",
        P("purposes", "list[string]", tmf="partyPrivacyProfileCharacteristic.privacyUsagePurpose"), P("status"),
    ),
    _node(
        "Invitation", "SDP", "", "Business Interaction", "A user asking somebody in as a guest",
        P("sentAt", "datetime"), P("channel"), P("status", enum=("sent", "accepted", "expired", "revoked")),
        indexes=(("sentAt",),), ours=True,
    ),
    _node(
        "SourceRecord", "CRM", "ExternalIdentifier", "Management Business Entity",
        "What one system says of a thing, where systems disagree",
        P("system", required=True, tmf="owner"),
        P("entityType", required=True, tmf="externalIdentifierType", help="Key label of the thing it describes"),
        P("externalId", required=True, pii="identifier", tmf="id"),
        P("firstSeen", "datetime", tmf=""), P("lastSeen", "datetime", tmf=""),
        P("declares", "list[string]", tmf="", help="The fields that the system declares, empty ones included"),
        key=("system", "entityType", "externalId"),
    ),
    _node(
        "LoadRun", "CRM", "", "", "One load of one manifest of files by one system",
        P("system"), P("extractedAt", "datetime"), P("declares", "list[string]"), P("batch", "int"),
        P("deleted", "list[string]", pii="identifier", help="uids of what it said was deleted"),
        P("lease", "datetime"), P("holder", help="The loader that holds the lease"), P("startedAt", "datetime"), P("finishedAt", "datetime"), P("complete", "boolean"),
        P("counts", "text"), ours=True,
    ),
)  # fmt: skip

NODES: Mapping[str, NodeSpec] = MappingProxyType({n.label: n for n in _NODES})
"""Every kind of node by its key label."""
BOOKKEEPING = ("SourceRecord", "LoadRun", "Identifier", "ContactMedium")
"""Key labels that no question takes for a thing of its own."""

_AT = Property("at", "datetime", help="When it happened")
_RELS: tuple[RelSpec, ...] = (
    RelSpec("ENGAGED_PARTY", ("Customer",), PARTY, "The party that plays the customer's role", most_current_ends=1,
            tmf="TMF629 engagedParty"),
    RelSpec("HOLDS_ACCOUNT", ("Customer",), ("Account",), "Who holds, pays or receives the bill of an account",
            roles=("accountHolder", "billPayer", "billReceiver"), tmf="TMF629 account, TMF666 relatedParty"),
    RelSpec("CHILD_OF", ("Account",), ("Account",), "An account below another", most_current_ends=1,
            tmf="TMF666 accountRelationship"),
    RelSpec("IDENTIFIES", ("User",), PARTY, "The human behind a user", most_current_ends=1,
            indexes=("validFrom", "validTo"),
            properties=(P("confidence", "float", minimum=0, maximum=1), P("method", enum=("exact", "rule", "manual"))),
            tmf="TMF720 individualIdentified"),
    RelSpec("USES_ACCOUNT", ("User",), ("Account",), "Who uses an account, as which kind of user", roles=USER_KINDS,
            indexes=("validFrom", "validTo"),
            properties=(P("addedBy", pii="identifier", help="uid of the User who added them", form="uid", refers=("User",)),),
            tmf="TMF691 userAssets", ours=True, master="SDP"),
    RelSpec("USES_SERVICE", ("User",), ("Service",), "Who uses a service", roles=("*",), tmf="TMF637 relatedParty[User]",
            master="SDP"),
    RelSpec("RELATED_PARTY", ("Customer", "Account", "Product", "Service", "SLA"), INTEGRATED,
            "A related party that has no type of its own here", roles=("*",), tmf="relatedParty"),
    RelSpec("REACHED_AT", INTEGRATED, ("ContactMedium",), "How somebody is reached", tmf="TMF632 contactMedium"),
    RelSpec("NAMES", ("Identifier",), ("*",), "What an identifier of another system names", tmf="externalIdentifier"),
    RelSpec("MEMBER_OF", (*INTEGRATED, "Service"), ("Group",), "Who belongs to a group",
            roles=("head", "adult", "child", "admin", "member"), ours=True),
    RelSpec("SUBGROUP_OF", ("Group",), ("Group",), "A group inside another", ours=True),
    RelSpec("OWNED_BY", ("Group",), ("Account", "Customer"), "Who answers for a group", ours=True),
    RelSpec("GUARDIAN_OF", ("Individual",), ("Individual",), "Who answers for a minor",
            properties=(P("basis"),), ours=True),
    RelSpec("OWNS", ("Customer",), ("Product",), "Whose product it is", tmf="TMF637 relatedParty[Owner]"),
    RelSpec("BILLED_TO", ("Product",), ("Account",), "The account that pays", tmf="TMF637 billingAccount"),
    RelSpec("REALIZED_BY", ("Product",), ("Service",), "The services that make a product",
            tmf="TMF637 realizingService"),
    RelSpec("SUPPORTED_BY", ("Service",), ("Service", "Resource"), "What a service stands on",
            tmf="TMF638 supportingService, supportingResource"),
    RelSpec("COVERED_BY", ("Product", "Customer", "Account", "Group"), ("SLA",), "What an SLA was agreed for",
            properties=(P("precedence", "int", minimum=1, help="1 wins over 2; absent comes last"),), ours=True),
    RelSpec("HAS_OBJECTIVE", ("SLA",), ("ServiceLevelObjective",), "The figures an SLA promises", validity=False,
            tmf="TMF623 rule"),
    RelSpec("OF_SLA", ("SLAViolation",), ("SLA",), "The agreement that was violated", validity=False, tmf="TMF623 sla"),
    RelSpec("BREACHES", ("SLAViolation",), ("ServiceLevelObjective",), "The objective not met", validity=False,
            tmf="TMF623 violation.rule"),
    RelSpec("OBSERVED_ON", ("SLAViolation",), ("Service",), "Where it was observed", validity=False, ours=True),
    RelSpec("CREDITED_TO", ("SLAViolation",), ("Account",), "Who is owed the credit", validity=False, ours=True),
    RelSpec("HAS_QOE", ("User", "Service"), ("QoEMeasurement",), "Whose experience was measured", validity=False,
            ours=True),
    RelSpec("MEASURED_ON", ("QoEMeasurement",), ("Service",), "The service measured", validity=False, ours=True),
    RelSpec("ON_TICKET", INTEGRATED, ("TroubleTicket",), "Who reported a ticket, and for whom", validity=False,
            roles=("reporter", "customer", "member"), tmf="TMF621 relatedParty"),
    RelSpec("ABOUT", ("TroubleTicket",), ("Product", "Service", "Account"), "What a ticket is about", validity=False,
            tmf="TMF621 relatedEntity"),
    RelSpec("RELATED_TICKET", ("TroubleTicket",), ("TroubleTicket",), "A ticket that belongs with another",
            validity=False, properties=(P("relationshipType"),), tmf="TMF621 troubleTicketRelationship"),
    RelSpec("PART_OF_PROBLEM", ("TroubleTicket",), ("ServiceProblem",), "The problem behind a ticket", validity=False,
            tmf="TMF656 troubleTicket"),
    RelSpec("AFFECTS", ("ServiceProblem",), ("Service", "Resource"), "What a problem affects", validity=False,
            tmf="TMF656 affectedService, affectedResource"),
    RelSpec("HAD_INTERACTION", INTEGRATED, ("PartyInteraction",), "Who was in contact", validity=False,
            roles=("caller", "customer"), tmf="TMF683 relatedParty"),
    RelSpec("CONCERNS", ("PartyInteraction", "SelfCareTransaction"), ("Product", "Service", "Account", "TroubleTicket"),
            "What a contact or a visit was about", validity=False, tmf="TMF683 interactionItem.item, TMF701 relatedEntity"),
    RelSpec("STARTED", ("User",), ("SelfCareTransaction",), "Who began a self-care visit", validity=False,
            tmf="TMF701 relatedParty"),
    RelSpec("HAS_STEP", ("SelfCareTransaction",), ("SelfCareStep",), "The pages of a visit", validity=False,
            tmf="TMF701 taskFlow"),
    RelSpec("APPLIES_TO", ("ParentalControlPolicy",), ("User", "Service", "Group"), "Whom a policy binds",
            validity=False, ours=True),
    RelSpec("SET_BY", ("ParentalControlPolicy",), ("User",), "Who set a policy", validity=False, ours=True),
    RelSpec("GRANTED_TO", ("Permission",), ("User",), "Who may act", validity=False, tmf="TMF672 user"),
    RelSpec("GRANTED_BY", ("Permission",), ("User", *PARTY), "Who allowed it", validity=False, tmf="TMF672 granter"),
    RelSpec("ON_ASSET", ("Permission",), ("Account", "Product", "Service"), "What the permission is for",
            validity=False, tmf="TMF672 assetUserRole.manageableAsset"),
    RelSpec("APPLIES_FOR", ("PrivacyProfile",), PARTY, "Whose privacy it is", tmf="TMF644 applicableForParty"),
    RelSpec("AGREED_BY", ("PrivacyProfile",), PARTY, "Who agreed", tmf="TMF644 agreedByParty"),
    RelSpec("SENT", ("User",), ("Invitation",), "Who invited", validity=False, properties=(_AT,), ours=True),
    RelSpec("ACCEPTED_AS", ("Invitation",), ("User",), "The guest who came", validity=False, properties=(_AT,),
            ours=True),
    RelSpec("CONVERTED_TO", ("User",), ("Customer",), "The customer a user became", validity=False, properties=(_AT,),
            ours=True),
    RelSpec("ASSERTS", ("SourceRecord",), ("*",), "What a source record describes", validity=False, ours=True),
    RelSpec("SAME_AS", PARTY, PARTY, "Two parties that are one person, decided by a steward", validity=False,
            properties=(P("score", "float", minimum=0, maximum=1), P("evidence", "list[string]"), P("decidedBy")),
            ours=True),
)  # fmt: skip

RELATIONSHIPS: Mapping[str, RelSpec] = MappingProxyType({r.type: r for r in _RELS})
"""Every type of relationship."""
IDENTIFIES, ENGAGED_PARTY, USES_ACCOUNT, SAME_AS, ASSERTS = (
    "IDENTIFIES", "ENGAGED_PARTY", "USES_ACCOUNT", "SAME_AS", "ASSERTS",
)  # fmt: skip
"""The types that the loader itself knows: markers and parties of users, source records."""

_VALIDITY = (_VALID_FROM, _VALID_TO)
_ROLE = Property("role", required=True, tmf=None)


def rel_properties(spec: RelSpec) -> tuple[Property, ...]:
    """Every property of a relationship: role, validity and its own."""
    return (*((_ROLE,) if spec.role else ()), *(_VALIDITY if spec.validity else ()), *spec.properties)


ENTITLEMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accountHolder": ("manage:account", "manage:users", "manage:services", "pay:bill", "view:bill", "view:usage"),
        "billPayer": ("pay:bill", "view:bill"),
        "primary": ("manage:users", "manage:services", "view:bill", "view:usage"),
        "delegate": ("manage:services", "view:bill", "view:usage"),
        "secondary": ("use:services", "view:usage"),
        "guest": ("use:services",),
        "guardian": ("manage:controls", "view:usage"),
    }
)
"""What a role allows where no Permission says otherwise, as ``action:function``."""


def uid(label: str, id_: str) -> str:
    """The key of a node: ``Customer:C-1001``."""
    return f"{label}:{id_}"


def key_labels(pattern: Iterable[str]) -> tuple[str, ...]:
    """The key labels behind a pattern's labels: ``Party`` is Individual and Organization, ``*`` is every one."""
    found: list[str] = []
    for name in pattern:
        if name == "*":
            found.extend(NODES)
        elif name in NODES:
            found.append(name)
        else:
            found.extend(n.label for n in NODES.values() if name in n.also or name in n.markers)
    return tuple(dict.fromkeys(found))


def _check() -> None:
    """The declaration contradicts itself nowhere; run at import, so that a wrong one cannot be used."""
    for node in NODES.values():
        names = [p.name for p in node.properties]
        if len(names) != len(set(names)):
            raise ValueError(f"{node.label}: a property is declared twice")
        missing = [k for part in (node.key, *node.indexes) for k in part if k not in names]
        if missing:
            raise ValueError(f"{node.label}: key or index on undeclared {missing}")
        if node.master not in SYSTEMS:
            raise ValueError(f"{node.label}: master {node.master} is no system")
    for rel in RELATIONSHIPS.values():
        for label in (*rel.starts, *rel.ends):
            if label != "*" and label not in NODES:
                raise ValueError(f"{rel.type}: {label} is no key label")


_check()
