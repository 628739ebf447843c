# Generated from cypher/ by scripts/codegen: do not edit.
"""Every question as a typed method: rows are frozen dataclasses, the same for ``Graph`` and ``AsyncGraph``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, TypeVar

from mce_graph.result import GraphResult, Result

T = TypeVar("T")


class Asker(Protocol):
    """What a use case needs of a graph: to ask by id."""

    def ask_many(self, id: str, row: type[T], given: Mapping[str, object]) -> Result[T]: ...
    def ask_one(self, id: str, row: type[T], given: Mapping[str, object]) -> T: ...
    def ask_one_or_none(self, id: str, row: type[T], given: Mapping[str, object]) -> T | None: ...
    def ask_graph(self, id: str, given: Mapping[str, object]) -> GraphResult: ...


class AsyncAsker(Protocol):
    """What a use case needs of an asynchronous graph: to ask by id."""

    async def ask_many(self, id: str, row: type[T], given: Mapping[str, object]) -> Result[T]: ...
    async def ask_one(self, id: str, row: type[T], given: Mapping[str, object]) -> T: ...
    async def ask_one_or_none(self, id: str, row: type[T], given: Mapping[str, object]) -> T | None: ...
    async def ask_graph(self, id: str, given: Mapping[str, object]) -> GraphResult: ...


@dataclass(frozen=True, slots=True)
class AccountHierarchy:
    """One row of ``identify.account_hierarchy``."""

    account_uid: str
    """The account."""
    relation: str
    """self, parent or child."""
    depth: int | None
    """Hops from the account asked for [hops]."""
    name: str | None
    """Name of the account."""
    state: str | None
    """Active, Closed, Suspended, …."""
    holder_uid: str | None
    """Customer who holds it."""
    holder: str | None
    """Name of the holder."""
    bill_payer_uid: str | None
    """Customer who pays; the holder where nobody else is named."""
    bill_receiver_uid: str | None
    """Customer who gets the bill; the payer where nobody else is named."""
    path: tuple[str, ...] | None
    """From the account asked for to this one."""


@dataclass(frozen=True, slots=True)
class AccountUsers:
    """One row of ``identify.account_users``."""

    user_uid: str
    """The user."""
    nickname: str | None
    """What the user is called."""
    kind: str
    """Role on this account."""
    role: str | None
    """head, adult, child, admin or member: the role in a household at as_of, if any (the first by group uid)."""
    added_by: str | None
    """uid of the User who added them."""
    valid_from: datetime | None
    """Since when; empty is unknown."""
    valid_to: datetime | None
    """Until when; empty is open."""
    last_active: datetime | None
    """Last sign of life in the front end."""
    in_crm: bool | None
    """Whether the back end knows the person."""


@dataclass(frozen=True, slots=True)
class ContactTimeline:
    """One row of ``identify.contact_timeline``."""

    at: datetime
    """When it happened."""
    kind: str
    """What kind of event."""
    event_uid: str
    """The contact, ticket, visit, violation, …; the user added or removed."""
    subject: str | None
    """What it was about, in words."""
    about_uid: str | None
    """The thing it was about."""
    actor_uid: str | None
    """Who did it: user, party or customer."""
    actor_user_uid: str | None
    """The user behind the actor."""
    role: str | None
    """The actor's role."""
    channel: str | None
    """phone, web, app, …."""
    outcome: str | None
    """How it ended, as far as known at as_of."""


@dataclass(frozen=True, slots=True)
class Customer360:
    """One row of ``identify.customer_360``."""

    section: str
    """What the row is about."""
    uid: str
    """The thing."""
    name: str | None
    """Its name; a metric, a reason."""
    status: str | None
    """Its status or state."""
    role: str | None
    """How it hangs together with the customer."""
    detail: str | None
    """Through what, or a value."""
    since: datetime | None
    """Since when; empty is unknown."""


@dataclass(frozen=True, slots=True)
class ExplainLink:
    """One row of ``identify.explain_link``."""

    path: tuple[str, ...]
    """uid, type with direction, uid, …."""
    length: int | None
    """Relationships in it [hops]."""
    rel_types: tuple[str, ...] | None
    """Their types, in order."""
    valid_as_of: datetime | None
    """The instant at which every hop is valid."""


@dataclass(frozen=True, slots=True)
class FindParty:
    """One row of ``identify.find_party``."""

    label: str | None
    """What the row is."""
    uid: str
    """Its key."""
    name: str | None
    """Name, or nickname of a user."""
    matched_on: str
    """What the term matched."""
    via: str
    """The thing that matched: the row itself, or what it belongs to."""
    customer_uid: str | None
    """The customer behind it: itself; who engages the party; who holds the account as accountHolder; for a user, the holder of the account used (primary before delegate, secondary, guest)."""
    kind: str | None
    """Of a user: the role on the account used at as_of; empty for others."""


@dataclass(frozen=True, slots=True)
class Cardinality:
    """One row of ``reconcile.cardinality``."""

    rule: str
    """Label, type and role; twice for one period told twice."""
    uid: str
    """The thing with too many."""
    found: int | None
    """How many there are; for twice, how many too many."""
    allowed: int | None
    """How many there may be at once; for twice, 0 too many."""
    others: tuple[str, ...] | None
    """The other ends."""


@dataclass(frozen=True, slots=True)
class Counts:
    """One row of ``reconcile.counts``."""

    what: str
    """key, extra, marker or relationship."""
    name: str
    """Label or relationship type."""
    count: int | None
    """How many."""


@dataclass(frozen=True, slots=True)
class DuplicateParties:
    """One row of ``reconcile.duplicate_parties``."""

    uid_a: str
    """One party."""
    uid_b: str
    """The other."""
    name_a: str | None
    """Its name as stored."""
    name_b: str | None
    """Its name as stored."""
    score: float | None
    """0 to 1, by the formula of the notes [score]."""
    shared_evidence: tuple[str, ...] | None
    """What they share."""
    against: tuple[str, ...] | None
    """What speaks against it: name, birth date."""
    decided_by: str | None
    """Who joined them; empty when nobody did."""
    decided: bool | None
    """Whether they are SAME_AS already."""


@dataclass(frozen=True, slots=True)
class ExpiredLinks:
    """One row of ``reconcile.expired_links``."""

    reason: str
    """Why it should not be so."""
    ended_uid: str
    """What ended."""
    ended_at: datetime | None
    """When; empty where it is not known."""
    relationship: str
    """Type of the relationship that is still valid."""
    live_uid: str
    """What still hangs on it."""
    sources: tuple[str, ...] | None
    """The systems that assert that relationship, as of the last load."""


@dataclass(frozen=True, slots=True)
class FrontBackRatio:
    """One row of ``reconcile.front_back_ratio``."""

    bucket: str | None
    """all, or the kind, segment or region."""
    holders: int | None
    """Account holders [customers]."""
    users: int | None
    """Users of their accounts [users]."""
    primary: int | None
    """In the role primary [users]."""
    secondary: int | None
    """In the role secondary [users]."""
    guest: int | None
    """In the role guest [users]."""
    delegate: int | None
    """In the role delegate [users]."""
    front_only: int | None
    """Unknown to the back end, as of the last load [users]."""
    ratio: float | None
    """users / holders [users per holder]."""


@dataclass(frozen=True, slots=True)
class IdentityConflicts:
    """One row of ``reconcile.identity_conflicts``."""

    uid: str
    """The thing they disagree on."""
    label: str | None
    """Its key label."""
    field: str
    """The property."""
    value_by_system: tuple[str, ...] | None
    """SYSTEM=value."""
    value: str | None
    """The merged value, of the best-ranked system."""
    last_seen: datetime | None
    """When one of them was last confirmed."""


@dataclass(frozen=True, slots=True)
class Orphans:
    """One row of ``reconcile.orphans``."""

    label: str
    """Key label of the thing."""
    missing: str
    """The relationship it needs."""
    uid: str
    """The thing."""
    name: str | None
    """Its name, or nickname of a user."""
    stub: bool | None
    """Whether it was only referred to so far; false for a thing that was loaded."""
    sources: tuple[str, ...] | None
    """The systems that assert it, as of the last load."""


@dataclass(frozen=True, slots=True)
class SilentAccounts:
    """One row of ``reconcile.silent_accounts``."""

    customer_uid: str
    """Who holds the account."""
    account_uid: str
    """The account nobody uses."""
    name: str | None
    """Name of the customer."""
    products: int | None
    """Products billed to the account [products]."""
    users: int | None
    """Its users, none of them active [users]."""
    last_active: datetime | None
    """Last sign of life of any of them; empty is never."""


@dataclass(frozen=True, slots=True)
class StaleAccess:
    """One row of ``reconcile.stale_access``."""

    user_uid: str
    """Who still has access."""
    account_uid: str
    """To which account."""
    reason: str
    """accountClosed or leftHousehold."""
    role: str
    """Role on the account, or of the permission."""
    grant_path: tuple[str, ...]
    """From the user to the account."""
    stale_since: datetime | None
    """Since when it has no reason."""
    group_uid: str | None
    """The household left; empty for accountClosed."""


@dataclass(frozen=True, slots=True)
class UsersUnknownToCrm:
    """One row of ``reconcile.users_unknown_to_crm``."""

    user_uid: str
    """The user nobody in the back end knows."""
    kind: str | None
    """Role on the account; empty without an account."""
    account_uid: str | None
    """Account used."""
    account_holder: str | None
    """uid of the Customer who holds it as accountHolder."""
    created_at: datetime | None
    """When the user came to be."""
    last_active: datetime | None
    """Last sign of life."""


@dataclass(frozen=True, slots=True)
class CugBoundary:
    """One row of ``groups.cug_boundary``."""

    member_uid: str
    """The member."""
    role: str | None
    """Its role in the group."""
    user_uid: str | None
    """The user behind it."""
    service_uid: str | None
    """The service in the group."""
    account_uid: str | None
    """The account it really belongs to."""
    outside: bool | None
    """Whether it belongs to no owning account; empty is not known."""
    other_cugs: tuple[str, ...] | None
    """Other closed user groups of the same member."""
    interlock_code: str | None
    """Interlock code of this group."""


@dataclass(frozen=True, slots=True)
class GroupCycles:
    """One row of ``groups.group_cycles``."""

    cycle: tuple[str, ...]
    """uid, -SUBGROUP_OF->, uid, … back to the first."""
    length: int | None
    """Hops, which is the number of groups in it [hops]."""
    groups: tuple[str, ...] | None
    """Names of the groups, in the order of the cycle; a group without a name is its uid."""


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """One row of ``groups.group_members``."""

    member_uid: str
    """Who or what belongs."""
    person_uid: str | None
    """The human or organization behind it."""
    label: str | None
    """Kind of member."""
    name: str | None
    """Name, or nickname of a user."""
    role: str
    """Role in the group."""
    via_group: str
    """The group in which the membership stands."""
    depth: int | None
    """Nested groups between; 0 is the group itself [hops]."""
    valid_from: datetime | None
    """Since when a member; empty is unknown."""


@dataclass(frozen=True, slots=True)
class GroupsOf:
    """One row of ``groups.groups_of``."""

    group_uid: str
    """The group."""
    name: str | None
    """Its name."""
    type: str | None
    """household, enterprise or closedUserGroup."""
    tier: str | None
    """Its tier."""
    role: str
    """Role in the group of which it is a member itself."""
    depth: int | None
    """Nested groups between; 0 is a group of its own [hops]."""
    member_uid: str
    """In which role of the person: user, party or customer."""
    path: tuple[str, ...] | None
    """From the member asked for to the group."""
    valid_from: datetime | None
    """Since when a member; empty is unknown."""


@dataclass(frozen=True, slots=True)
class HouseholdProfile:
    """One row of ``groups.household_profile``."""

    member_uid: str
    """The human; the member itself where no party is known."""
    name: str | None
    """Name, or nickname of a user."""
    role: str | None
    """head, adult, child, …."""
    valid_from: datetime | None
    """Since when a member; empty is unknown."""
    age_band: str | None
    """Age in full years."""
    minor: bool | None
    """Younger than age_limit; empty is unknown."""
    users: tuple[str, ...] | None
    """The person's users."""
    customers: tuple[str, ...] | None
    """The person's customers."""
    services: tuple[str, ...] | None
    """Services used."""
    open_tickets: int | None
    """Tickets open at as_of [tickets]."""
    qoe: float | None
    """Mean of the metric over the window [of the metric]."""
    qoe_n: int | None
    """Measurements behind it [measurements]."""
    qoe_worst: float | None
    """The least mean of a window [of the metric]."""


@dataclass(frozen=True, slots=True)
class CreditsDue:
    """One row of ``sla.credits_due``."""

    account_uid: str
    """The account that is owed."""
    payer: str | None
    """uid of the Customer who pays its bill."""
    violations: int | None
    """How many are unpaid [violations]."""
    credit_due: float | None
    """What is due [in currency]."""
    currency: str | None
    """ISO 4217."""
    oldest: datetime | None
    """Date of the first of them."""
    violation_uids: tuple[str, ...] | None
    """The violations."""


@dataclass(frozen=True, slots=True)
class EffectiveSla:
    """One row of ``sla.effective_sla``."""

    service_uid: str
    """The service promised for."""
    metric: str | None
    """What is promised."""
    sla_uid: str | None
    """The agreement."""
    via: str | None
    """product, account, customer or group: what it covers."""
    path: tuple[str, ...] | None
    """From the subject to the SLA."""
    precedence: int | None
    """1 wins over 2; empty comes last."""
    objective_uid: str
    """The objective."""
    comparator: str | None
    """How the value compares with the target when kept."""
    target: float | None
    """The promised value [as unit says]."""
    unit: str | None
    """Unit of the target."""
    wins: bool | None
    """Whether this SLA decides the metric of the service."""


@dataclass(frozen=True, slots=True)
class SilentBreaches:
    """One row of ``sla.silent_breaches``."""

    kind: str | None
    """violationWithoutTicket or ticketWithoutViolation."""
    violation_uid: str | None
    """The violation nobody reported."""
    ticket_uid: str | None
    """The ticket nobody measured."""
    customer_uid: str | None
    """Whose it is."""
    account_uid: str | None
    """The account behind it."""
    service_uid: str | None
    """The service."""
    at: datetime | None
    """Date of the violation, or creation of the ticket."""
    undecided: bool | None
    """Whether the other half may still come."""


@dataclass(frozen=True, slots=True)
class SlaBreaches:
    """One row of ``sla.sla_breaches``."""

    violation_uid: str
    """The violation."""
    at: datetime | None
    """Its date."""
    severity: str | None
    """How bad."""
    sla_uid: str | None
    """The agreement violated."""
    objective_uid: str | None
    """The objective not met."""
    metric: str | None
    """What was promised."""
    actual: float | None
    """The value measured [in unit]."""
    target: float | None
    """The value promised [in unit]."""
    unit: str | None
    """Unit of actual and target."""
    service_uid: str | None
    """Where it was observed."""
    customers: int | None
    """Customers hit [customers]."""
    users: int | None
    """Users hit [users]."""
    customer_uids: tuple[str, ...] | None
    """The first of the customers."""
    user_uids: tuple[str, ...] | None
    """The first of the users."""
    consequence: str | None
    """What follows."""
    account_uid: str | None
    """The account to be credited."""
    credit_due: float | None
    """The credit [in currency]."""
    currency: str | None
    """ISO 4217."""
    paid: bool | None
    """Whether it was paid by as_of; empty when nothing is due."""


@dataclass(frozen=True, slots=True)
class SlaCoverageGaps:
    """One row of ``sla.sla_coverage_gaps``."""

    account_uid: str
    """The covered account."""
    user_uid: str
    """Who uses the account and the service."""
    kind: str | None
    """The user's role on the account."""
    service_uid: str
    """The service that no SLA covers for this user."""
    service_type: str | None
    """Its type."""
    account_holder: str | None
    """uid of the Customer who holds the account as accountHolder."""
    holder_sla: str | None
    """The SLA that covers a product of the account."""
    covered_product: str | None
    """That product."""


@dataclass(frozen=True, slots=True)
class SlaJeopardy:
    """One row of ``sla.sla_jeopardy``."""

    clock: str
    """measurement or repair."""
    sla_uid: str | None
    """The agreement in jeopardy."""
    objective_uid: str | None
    """The objective."""
    metric: str | None
    """What is promised."""
    current: float | None
    """The value now; of a ticket the time since its creation [in unit]."""
    warning: float | None
    """The warning level [in unit]."""
    target: float | None
    """The promised value [in unit]."""
    unit: str | None
    """Unit of the objective."""
    subject_uid: str | None
    """The user or service measured; what the ticket is about."""
    service_uid: str | None
    """The service."""
    ticket_uid: str | None
    """The ticket whose clock runs; empty for a measurement."""
    hours_left: float | None
    """Until the repair clock ends; empty for a measurement [hours]."""


@dataclass(frozen=True, slots=True)
class SlaPopulation:
    """One row of ``sla.sla_population``."""

    cohort: str | None
    """The cohort, or unknown."""
    customers: int | None
    """Customers behind these SLAs [customers]."""
    users: int | None
    """Users behind these SLAs [users]."""
    slas: int | None
    """SLAs behind which somebody of the cohort stands [SLAs]."""
    breaches: int | None
    """Violations of these SLAs in the window [violations]."""
    suppressed: bool | None
    """Whether the cohort is too small to be counted."""


@dataclass(frozen=True, slots=True)
class EnjoymentIndex:
    """One row of ``qoe.enjoyment_index``."""

    bucket: str | None
    """Kind, group uid, offeringId, or all."""
    users: int | None
    """Front-end users in it [users]."""
    measured: int | None
    """Those with a window that counts [users]."""
    good_share: float | None
    """Share of the users with a good experience [share]."""
    poor_share: float | None
    """Share of the users with a poor one [share]."""
    unmeasured_share: float | None
    """Share of the users nobody knows about [share]."""
    suppressed: bool | None
    """Whether numbers are left out because too few stand behind."""


@dataclass(frozen=True, slots=True)
class HiddenBadExperience:
    """One row of ``qoe.hidden_bad_experience``."""

    account_uid: str
    """The account."""
    holder_user: str | None
    """uid of the User whose experience is the holder's."""
    holder_qoe: float | None
    """The holder's experience [in the metric's unit]."""
    user_uid: str
    """Who suffers."""
    kind: str | None
    """Role on the account."""
    user_qoe: float | None
    """The user's experience [in the metric's unit]."""
    service_uid: str
    """Of which service."""
    n: int | None
    """Measurements behind user_qoe [samples]."""
    gap: float | None
    """How much better off the holder is [in the metric's unit]."""


@dataclass(frozen=True, slots=True)
class UserQoe:
    """One row of ``qoe.user_qoe``."""

    window_start: datetime
    """When the window begins."""
    granularity: str
    """Its length."""
    service_uid: str
    """The service measured."""
    metric: str
    """What was measured."""
    n: int | None
    """Measurements in the window [samples]."""
    mean: float | None
    """Their mean [in the metric's unit]."""
    p10: float | None
    """The value that nine of ten exceed [in the metric's unit]."""
    share_below: float | None
    """Share below the threshold of the measurement [share]."""
    mos: float | None
    """The mean as MOS [MOS]."""
    band: str | None
    """What that is called."""
    target: float | None
    """What was promised [in unit]."""
    statistic: str | None
    """Of which statistic: mean, p10 or shareBelow."""
    unit: str | None
    """Unit of the target."""
    met: bool | None
    """Whether the promise was kept."""
    sla_uid: str | None
    """The SLA that promised it."""


@dataclass(frozen=True, slots=True)
class WatermelonSlas:
    """One row of ``qoe.watermelon_slas``."""

    sla_uid: str
    """The SLA that looks green."""
    name: str | None
    """Its name."""
    violations: int | None
    """Violations in the window [violations]."""
    conformance: float | None
    """Share of its objectives without a violation [share]."""
    users_poor: int | None
    """Users with a poor experience [users]."""
    users_measured: int | None
    """Users with any window that counts [users]."""
    share: float | None
    """Poor users of those measured; empty for fewer than min_n [share]."""
    worst_service: str | None
    """The service that was worst for the poor users."""
    worst_qoe: float | None
    """Their experience of it; empty for fewer than min_n [in the metric's unit]."""


@dataclass(frozen=True, slots=True)
class CommonCause:
    """One row of ``tickets.common_cause``."""

    element_uid: str
    """What the tickets share."""
    name: str | None
    """Its name."""
    element_type: str | None
    """Its serviceType or resourceType."""
    tickets: int | None
    """Open tickets that stand on it [tickets]."""
    customers: int | None
    """Customers behind them [customers]."""
    users: int | None
    """Users who reported them [users]."""
    depth: int | None
    """Most hops from a ticket's service [hops]."""
    first_seen: datetime | None
    """Creation of the first."""
    ticket_uids: tuple[str, ...] | None
    """The tickets."""
    open_problem: str | None
    """An open problem that affects it already."""


@dataclass(frozen=True, slots=True)
class RepeatTickets:
    """One row of ``tickets.repeat_tickets``."""

    scope_uid: str
    """The product, account or household."""
    name: str | None
    """Its name."""
    tickets: int | None
    """How many [tickets]."""
    users: int | None
    """Different people who reported them [people]."""
    ticket_types: tuple[str, ...] | None
    """Of which types."""
    reopened: int | None
    """Those that were opened again [tickets]."""
    first_at: datetime | None
    """The first of them."""
    last_at: datetime | None
    """The last of them."""
    ticket_uids: tuple[str, ...] | None
    """The tickets."""


@dataclass(frozen=True, slots=True)
class ServiceImpact:
    """One row of ``tickets.service_impact``."""

    service_uid: str
    """The service hit."""
    name: str | None
    """Its name."""
    depth: int | None
    """Hops from the element [hops]."""
    customers: int | None
    """Customers that own a product on it [customers]."""
    users: int | None
    """Users that use it [users]."""
    slas: int | None
    """Active SLAs promised for it [SLAs]."""
    vip_groups: tuple[str, ...] | None
    """Groups of a VIP tier that are hit."""


@dataclass(frozen=True, slots=True)
class TicketContext:
    """One row of ``tickets.ticket_context``."""

    section: str
    """What the row is about."""
    uid: str
    """The thing."""
    role: str | None
    """How it belongs to the ticket."""
    name: str | None
    """Its name."""
    detail: str | None
    """Status, role on the account, objective."""
    at: datetime | None
    """When; of a clock when it ends."""
    hours_left: float | None
    """Until a clock ends; below 0 is late [hours]."""


@dataclass(frozen=True, slots=True)
class TicketsByNonHolders:
    """One row of ``tickets.tickets_by_non_holders``."""

    ticket_uid: str
    """The ticket."""
    at: datetime | None
    """When it was created."""
    ticket_type: str | None
    """Its type."""
    reporter_uid: str
    """Who reported it."""
    kind: str | None
    """The reporter's role on the account."""
    account_uid: str | None
    """The account it is for."""
    account_holder: str | None
    """uid of the Customer who holds it as accountHolder."""
    authorised: bool | None
    """Whether a grant allowed it."""
    authorised_by: str | None
    """The Permission, or the role, that did."""
    authorised_via: str | None
    """permission, account, holder or guardian."""


@dataclass(frozen=True, slots=True)
class FailureDemand:
    """One row of ``selfcare.failure_demand``."""

    transaction_uid: str
    """The wasted visit."""
    intent: str | None
    """What they wanted."""
    user_uid: str | None
    """Who; empty when nobody was signed in."""
    kind: str | None
    """The user's role on the account at the start."""
    account_uid: str | None
    """The account it was about."""
    contact_uid: str
    """The call or the ticket."""
    contacted_at: datetime | None
    """When."""
    channel: str | None
    """How."""
    by_whom: str | None
    """self, other or unknown."""
    contact_user_uid: str | None
    """Who made it: a User, or a person without one."""
    gap_minutes: float | None
    """From the visit's end to the contact [minutes]."""


@dataclass(frozen=True, slots=True)
class SelfCareFunnel:
    """One row of ``selfcare.self_care_funnel``."""

    step: str
    """The page."""
    kind: str | None
    """The users' role on the account."""
    place: int | None
    """Where the step stands in the flow."""
    entered: int | None
    """Visits that came to it [visits]."""
    assumed: int | None
    """Completed visits among them whose steps are not kept [visits]."""
    left: int | None
    """Visits that ended on it unfinished [visits]."""
    completed: int | None
    """Visits among the entered that completed the flow [visits]."""
    conv_by_kind: float | None
    """completed / entered [share]."""
    median_seconds: float | None
    """Time on the page [s]."""


@dataclass(frozen=True, slots=True)
class SilentQuitters:
    """One row of ``selfcare.silent_quitters``."""

    user_uid: str
    """Who went away."""
    kind: str | None
    """The user's role on the account."""
    account_uid: str | None
    """The account of the last wasted visit."""
    wasted: int | None
    """Wasted visits [visits]."""
    first_at: datetime | None
    """When the first of them began."""
    last_at: datetime | None
    """When the last of them began."""
    last_cause: str | None
    """Why the last one was wasted."""
    holder_uid: str | None
    """The customer who holds the account."""
    holder_tenure: int | None
    """How long that customer has been one [days]."""


@dataclass(frozen=True, slots=True)
class WastedByPage:
    """One row of ``selfcare.wasted_by_page``."""

    page_id: str | None
    """The page."""
    entries: int | None
    """Visits that came to it [visits]."""
    exits: int | None
    """Visits that ended on it unfinished [visits]."""
    wasted: int | None
    """Exits neither recovered nor undecided [visits]."""
    waste_rate: float | None
    """wasted / entries [share]."""
    p75_lcp: int | None
    """Largest contentful paint, 75th percentile [ms]."""
    apdex: float | None
    """0 to 1; .94 excellent, .85 good, .70 fair, .50 poor, below unacceptable [score]."""
    top_cause: str | None
    """The most frequent cause of the waste."""
    affected_customers: int | None
    """Holders of the accounts behind the wasted visits [customers]."""


@dataclass(frozen=True, slots=True)
class WastedTransactions:
    """One row of ``selfcare.wasted_transactions``."""

    transaction_uid: str
    """The visit."""
    user_uid: str | None
    """Who (the first by uid); empty when nobody was signed in."""
    kind: str | None
    """The user's role on the account at the start."""
    account_uid: str | None
    """The account it was about."""
    intent: str | None
    """What they wanted."""
    started_at: datetime | None
    """When the visit began."""
    last_page: str | None
    """Page of the last step."""
    seconds_in: float | None
    """From start to end, in whole seconds [s]."""
    waste_cause: str | None
    """The first cause that holds."""
    recovered: bool | None
    """Whether they came back and completed it."""
    wasted: bool | None
    """Neither recovered nor undecided."""
    undecided: bool | None
    """Whether they may still come back."""
    escalated: bool | None
    """Whether it became a call or a ticket."""


@dataclass(frozen=True, slots=True)
class EffectiveControls:
    """One row of ``access.effective_controls``."""

    policy_uid: str
    """The policy."""
    level: str | None
    """user, service, household or group."""
    applies_to: str
    """The user, service or group that it applies to."""
    rating_limit: str | None
    """Highest age rating that may be watched."""
    categories: tuple[str, ...] | None
    """Categories that are blocked."""
    time_window: str | None
    """Hours of the day that are allowed."""
    spend_limit: float | None
    """Most that may be spent, in the account's currency [money]."""
    set_by: str | None
    """The user who set it."""
    setter_role: str | None
    """What that user is to this one."""
    path: tuple[str, ...] | None
    """From the user to the policy."""
    wins: tuple[str, ...] | None
    """Fields in which it is the strictest."""


@dataclass(frozen=True, slots=True)
class ErasureImpact:
    """One row of ``access.erasure_impact``."""

    uid: str
    """The thing."""
    label: str | None
    """What kind of thing."""
    action: str | None
    """blocked, delete, anonymise or unlink."""
    blocked_by: tuple[str, ...] | None
    """What must be settled first."""
    shared_with: tuple[str, ...] | None
    """Others whose thing it is too."""
    shared: int | None
    """How many others [things]."""


@dataclass(frozen=True, slots=True)
class OrphanPolicies:
    """One row of ``access.orphan_policies``."""

    policy_uid: str
    """The policy or permission."""
    label: str | None
    """ParentalControlPolicy or Permission."""
    set_by: str | None
    """Who set or granted it; empty when nobody is named."""
    applies_to: str | None
    """What it is for."""
    reason: str | None
    """lost, never or unknown."""
    lost_role: str | None
    """What it had: guardian, holder, admin or self."""
    lost_role_at: datetime | None
    """Since when the setter has no standing."""


@dataclass(frozen=True, slots=True)
class SubjectAccessReport:
    """One row of ``access.subject_access_report``."""

    label: str | None
    """What kind of thing."""
    uid: str
    """The thing."""
    field: str
    """The property, or the relationship."""
    value: str | None
    """What is held; the role of a relationship."""
    system: str | None
    """The system that says so."""
    first_seen: datetime | None
    """Since when the system says so, where that is kept."""
    purpose: tuple[str, ...] | None
    """Purposes the person agreed to."""
    via: str | None
    """The face of the person that a relationship stands at."""
    valid_from: datetime | None
    """Begin of a relationship; empty is unknown."""
    valid_to: datetime | None
    """End of a relationship; empty is open."""


@dataclass(frozen=True, slots=True)
class UnprotectedMinors:
    """One row of ``access.unprotected_minors``."""

    individual_uid: str
    """The minor."""
    age_band: str | None
    """Completed years, in bands."""
    user_uid: str | None
    """The user who signs in."""
    services: tuple[str, ...] | None
    """Services used without protection."""
    household: str | None
    """The household, if any."""
    guardian: str | None
    """A living guardian, if any."""
    missing: str
    """guardian, policy or age."""


@dataclass(frozen=True, slots=True)
class WhoCanAccess:
    """One row of ``access.who_can_access``."""

    user_uid: str
    """Who may."""
    asset_uid: str
    """On what."""
    via: str
    """account, holder, permission or guardian."""
    role: str
    """The role that carries the entitlements."""
    entitlements: tuple[str, ...] | None
    """action:function."""
    granted_by: str | None
    """Who gave a permission, or added the user."""
    path: tuple[str, ...]
    """From the user to the asset."""
    expires: datetime | None
    """When the grant ends; empty is open."""


@dataclass(frozen=True, slots=True)
class GuestConversion:
    """One row of ``acquisition.guest_conversion``."""

    bucket: str | None
    """What the invitations have in common."""
    invited: int | None
    """Invitations sent [invitations]."""
    accepted: int | None
    """Guests who came [guests]."""
    active: int | None
    """Guests who use an account at as_of [guests]."""
    converted: int | None
    """Guests who became customers [guests]."""
    median_days: float | None
    """From acceptance to conversion [days]."""
    qoe_converted: float | None
    """Experience of the converted before they converted [metric]."""
    qoe_lost: float | None
    """Experience of those who went away [metric]."""


@dataclass(frozen=True, slots=True)
class InviteCandidates:
    """One row of ``acquisition.invite_candidates``."""

    user_uid: str
    """The guest."""
    nickname: str | None
    """What the guest is called."""
    account_uid: str | None
    """Whose guest: the account."""
    inviter: str | None
    """The user who invited the guest."""
    sessions: int | None
    """Measured sessions [sessions]."""
    qoe: float | None
    """Mean experience [metric]."""
    consent: str | None
    """The privacy profile with the purpose."""
    last_active: datetime | None
    """Last sign of life in the front end."""


@dataclass(frozen=True, slots=True)
class TopInviters:
    """One row of ``acquisition.top_inviters``."""

    user_uid: str
    """Who invited."""
    direct: int | None
    """Invited by the user itself [users]."""
    total: int | None
    """In the whole tree [users]."""
    depth: int | None
    """How deep the tree goes [steps]."""
    converted: int | None
    """Of the tree, who became customers [users]."""
    value: float | None
    """What these customers pay a month [money]."""
    currency: str | None
    """Currency of the value."""


@dataclass(frozen=True, slots=True)
class ChurnContagion:
    """One row of ``retention.churn_contagion``."""

    customer_uid: str
    """Who may follow."""
    name: str | None
    """The customer's name."""
    ties: int | None
    """Ties to leavers [ties]."""
    leavers: tuple[str, ...] | None
    """Those who left."""
    tie_types: tuple[str, ...] | None
    """account, group, household, invitation."""
    score: float | None
    """Weighted sum of the ties [score]."""


@dataclass(frozen=True, slots=True)
class ChurnSignals:
    """One row of ``retention.churn_signals``."""

    customer_uid: str
    """Who may leave."""
    name: str | None
    """The customer's name."""
    signals: tuple[str, ...] | None
    """Which signals."""
    evidence: tuple[str, ...] | None
    """signal: uid of what shows it."""
    contract_end: datetime | None
    """The next end of a contract."""
    monthly_value: float | None
    """What the customer pays a month [money]."""
    currency: str | None
    """Currency of the value."""


@dataclass(frozen=True, slots=True)
class HouseholdValueAtRisk:
    """One row of ``retention.household_value_at_risk``."""

    uid: str
    """What would leave."""
    label: str | None
    """What kind of thing."""
    name: str | None
    """Its name, or the nickname of a user."""
    dependency: str | None
    """Why: member, account, product, user, guest, invitee, inviteeCustomer or inviteeProduct."""
    through: str | None
    """What leads to it."""
    monthly_value: float | None
    """Of a product, a month [money]."""
    currency: str | None
    """Currency of the value."""


class Identify:
    """Who is this, and what hangs together."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def account_hierarchy(
        self,
        account: str,
        *,
        direction: str = 'both',
        max_depth: int = 6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[AccountHierarchy]:
        """Which accounts stand above and below this one, who holds each, who pays and who gets the bill?

        account: Account: uid or number.
        direction: up: parents; down: children; the account itself is always a row (up, down, both); both unless
            given.
        max_depth: Hops of CHILD_OF in each direction [hops]; 6 unless given; 1..12.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. A row is the account itself (relation self, depth 0), an account above it (parent: CHILD_OF
            followed towards its end) or below it (child: towards its start), at most max_depth hops, every hop
            valid. depth is the fewest hops in that direction. Siblings are not rows. In a cycle an account may be
            parent and child at once, which are two rows; the account itself is never its own parent or child.
        holder is the Customer that HOLDS_ACCOUNT as accountHolder; bill_payer the one with role billPayer, where
            there is none the holder; bill_receiver the one with role billReceiver, where there is none the
            bill_payer. Where several Customers have a role it is the first by uid; without any the columns are
            empty. Nobody inherits from a parent account.
        path is uid, -CHILD_OF-> or <-CHILD_OF-, uid, … from the account to the row's account; among equally short
            ones the first as a list of texts. name and state are as of the last load.
        Order: relation (parent, self, child), parents from the farthest, children from the nearest, then
            account_uid.

        Sources: TMF666 accountRelationship.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("identify.account_hierarchy", AccountHierarchy, {"account": account, "direction": direction, "max_depth": max_depth, "as_of": as_of, "limit": limit})

    def account_users(
        self,
        account: str,
        *,
        kind: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[AccountUsers]:
        """Who are the primary, secondary and guest users of this account, added by whom, since when?

        account: Account: uid or number.
        kind: Only users of this kind (primary, secondary, guest, delegate).
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a USES_ACCOUNT relationship valid at as_of. role is that of the user, or of the Party it
            IDENTIFIES, in a Household (the first by group uid, then role). in_crm says whether the person is known
            to the back end: the User, the Party it IDENTIFIES (or a Party SAME_AS it), or a Customer engaging that
            Party has CRM or BILLING in sources; it is as of the last load. Order: kind (primary, delegate,
            secondary, guest, other), then user_uid.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("identify.account_users", AccountUsers, {"account": account, "kind": kind, "as_of": as_of, "limit": limit})

    def contact_timeline(
        self,
        customer: str,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        kinds: list[str] | None = None,
        roles: list[str] | None = None,
        metric: str = 'mos',
        poor_below: float = 3.6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ContactTimeline]:
        """What happened to this customer and all their users, in order?

        customer: Customer: uid or CRM id.
        since: Events from then on; as_of-30d unless given.
        until: Events before then; as_of unless given.
        kinds: Only events of these kinds (interaction, ticket, ticketResolved, selfCare, poorExperience, violation,
            creditPaid, userAdded, userRemoved, invitation, invitationAccepted, conversion).
        roles: Roles on an account that make its users theirs (accountHolder, billPayer, billReceiver);
            ["accountHolder"] unless given.
        metric: Metric of poorExperience; mos unless given.
        poor_below: A mean below this is a poor experience [MOS]; 3.6 unless given.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is one event with at in [since, until) and not after as_of. Nothing after as_of is seen: an outcome
            whose end or resolutionDate lies after as_of is empty; other current values are as of the last load.
        People: the customer; the parties it engages (ENGAGED_PARTY) and the users that IDENTIFIES those; the users
            (USES_ACCOUNT, any role) of an account that the customer HOLDS_ACCOUNT in one of roles, and the parties
            these users IDENTIFIES. An event counts for somebody only while every relationship of that chain is
            valid at the event's own instant: what a user did before joining or after leaving is not here.
        Kinds, each with at; subject; outcome:
        interaction         a PartyInteraction somebody HAD_INTERACTION with: start; reason; resolution, else status
        ticket              a TroubleTicket somebody is ON_TICKET of (any role): creationDate; name; status
        ticketResolved      the same: resolutionDate; name; status
        selfCare            a SelfCareTransaction a user STARTED: start; intent; outcome
        poorExperience      a QoEMeasurement a user HAS_QOE, of metric, with a mean below poor_below: windowStart;
            metric; the mean as text
        violation           an SLAViolation that is CREDITED_TO an account held (in roles), or OBSERVED_ON a Service
            that then realised a Product the customer OWNS, or that a user then used (USES_SERVICE): date; the
            metric of the objective it BREACHES (the first by name); consequence
        creditPaid          an SLAViolation CREDITED_TO an account held (in roles): creditPaidAt; that metric;
            creditDue and currency as text, parted by a blank
        userAdded           a USES_ACCOUNT of an account held (in roles): validFrom; nickname; role. One with an
            unknown start is no event
        userRemoved         the same: validTo; the account must have been held until then or longer
        invitation          an Invitation a user SENT: sentAt; status as subject, empty where it was ACCEPTED_AS
            somebody after as_of; no outcome
        invitationAccepted  the ACCEPTED_AS of an invitation that a user SENT, or that was accepted as a user: its
            at; no subject; no outcome
        conversion          a CONVERTED_TO from a user, or to the customer: its at; no subject; no outcome
        about_uid is what an interaction or visit CONCERNS or a ticket is ABOUT (the first by uid), the service of a
            poorExperience, the Service a violation is OBSERVED_ON (the first by uid), the account of a creditPaid,
            userAdded or userRemoved, the sender of an invitationAccepted (the first by uid), the Customer of a
            conversion; else empty.
        actor_uid is who did it: among the people of the event the role reporter, caller or none before member
            before any other before customer, then users before parties before the customer, then by uid.
            actor_user_uid is that user, or the user (the first by uid) through whom that party is among the people;
            empty where only the customer or a party without a user is known. For userAdded both are addedBy; for
            invitationAccepted and conversion both are the user who accepted or converted; for userRemoved,
            violation and creditPaid both are empty. event_uid is the uid of the interaction, ticket, visit,
            measurement, violation, invitation; of the user for userAdded, userRemoved and conversion. role is the
            actor's role on the interaction or ticket, and the role on the account for userAdded and userRemoved.
        Where one event would be two rows of the same at, kind, event_uid and about_uid (two roles on one account)
            the first role by name is kept. Tickets that only concern a product, service or account, and visits by
            nobody signed in, are not rows.
        Order: at, kind, event_uid, about_uid (empty last).

        Sources: ITU-T G.107 (below a MOS of 3.60 many users are dissatisfied).

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("identify.contact_timeline", ContactTimeline, {"customer": customer, "since": since, "until": until, "kinds": kinds, "roles": roles, "metric": metric, "poor_below": poor_below, "as_of": as_of, "limit": limit})

    def customer_360(
        self,
        customer: str,
        *,
        depth: int = 3,
        contacts: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> Result[Customer360]:
        """What hangs around this customer: parties, accounts, users, groups, products, services, SLAs, open tickets, experience, last contacts?

        customer: Customer: uid or CRM id.
        depth: Hops through nested groups [hops]; 3 unless given; 1..6.
        contacts: How many of the last contacts; 5 unless given; at least 0.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 200 unless given; at least 1; none (`all`) gives every row.

        All at as_of. Sections, in this order:
        party     whom the customer engages (role engagedParty), and related parties of the customer or of an
            account below (their role)
        account   accounts held (role accountHolder, billPayer or billReceiver)
        user      users of these accounts (the role on the account; detail is the account), and users that
            IDENTIFIES the engaged party and use none of them (role self)
        group     (status empty) groups of the customer, of the engaged party or of a user above (the role there;
            detail is the member), the groups around those up to depth (role nested; detail is the group inside),
            and groups OWNED_BY the customer or an account (role owner)
        product   products owned (status; since is startDate)
        service   services that realise them, and services used by a user above (role realises or uses; detail is
            the product or the user)
        sla       active SLAs (state empty or active) covering a product, an account, the customer or a group above
            but owned ones (role product, account, customer or group; detail is what is covered, the first by uid)
        ticket    open tickets (acknowledged, inProgress, pending, held) of the customer, the engaged party, a user
            above or the user's party, or about a product, service or account above; role is reporter, customer or
            member (the first in alphabet), about when only their thing is on it; since is creationDate
        qoe       the newest window of each user above, service and metric, begun before as_of; name is the metric,
            status the ACR band for metric mos (4.3 and more is excellent to some scales: here 4.34 very satisfied,
            4.03 satisfied, 3.60 some dissatisfied, 3.10 many dissatisfied, below nearly all dissatisfied), role the
            user, detail the mean, since the start of the window
        contact   the last contacts (start before as_of) of the customer, the engaged party, a user above or the
            user's party; name is the reason, status the status, role who (the first uid), detail the channel, since
            the start
        Where one thing stands in a section twice with the same role, the row with the least detail is kept.
        since is validFrom where nothing else is said. Order: section as above, then uid, role; contacts newest
            first.

        Sources: ITU-T G.107 (bands of MOS).

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("identify.customer_360", Customer360, {"customer": customer, "depth": depth, "contacts": contacts, "as_of": as_of, "limit": limit})

    def customer_360_graph(
        self,
        customer: str,
        *,
        depth: int = 3,
        contacts: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """What hangs around this customer, as nodes and relationships?

        customer: Customer: uid or CRM id.
        depth: Hops through nested groups [hops]; 3 unless given; 1..6.
        contacts: How many of the last contacts; 5 unless given; at least 0.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many nodes; 200 unless given; at least 1; none (`all`) gives every row.

        The things of customer_360, the parties behind users with their groups, and the relationships through which
            all these come in, at as_of, in rings:
        0 the customer
        1 the parties it engages (ENGAGED_PARTY), related parties of the customer or of an account of ring 1
            (RELATED_PARTY), accounts it holds in any role (HOLDS_ACCOUNT), products it owns (OWNS)
        2 users of these accounts (USES_ACCOUNT), users that IDENTIFIES an engaged party, the account a product of
            ring 1 is BILLED_TO, services that realise a product of ring 1 (REALIZED_BY)
        3 the party a user IDENTIFIES, services a user uses (USES_SERVICE), groups of the customer, an engaged
            party, a user or a user's party (MEMBER_OF) and groups OWNED_BY the customer or a held account; contacts
            (HAD_INTERACTION) of the customer, an engaged party, a user or a user's party: the newest `contacts` of
            them with start before as_of, ties by uid
        4 groups around those groups up to depth (SUBGROUP_OF); active SLAs (state empty or active) that cover the
            customer, an account, a product or a group of rings 1 to 4 (COVERED_BY); open tickets (acknowledged,
            inProgress, pending, held; creationDate not after as_of) that the customer, an engaged party, a user or
            a user's party is ON_TICKET of or that are ABOUT a product, service or account above; the newest
            experience of each user, service and metric begun before as_of (HAS_QOE, and MEASURED_ON where the
            service is above)
        A thing in several rings is of the first. limit counts nodes: the inner rings are kept, in a ring the first
            by uid.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_graph("identify.customer_360_graph", {"customer": customer, "depth": depth, "contacts": contacts, "as_of": as_of, "limit": limit})

    def explain_link(
        self,
        start: str,
        *,
        end: str,
        max_depth: int = 4,
        types: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 20,
    ) -> Result[ExplainLink]:
        """How are these two entities connected?

        start: One thing: uid, or an id that only one thing has.
        end: The other.
        max_depth: Longest path looked at [hops]; 4 unless given; 1..8.
        types: Only along these relationship types.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 20 unless given; at least 1; none (`all`) gives every row.

        All shortest paths at as_of, at most max_depth hops, along relationships of the allowed types in either
            direction. A relationship with validity counts only while it is valid; one without counts always. path
            is uid, -TYPE-> or <-TYPE-, uid, … from start to end. Measurements, pages of a visit and source records
            link nobody to anybody: HAS_QOE, MEASURED_ON, HAS_STEP and ASSERTS are never followed. No rows when
            there is no such path. The same thing twice has no path.
        Order: length, then the path as text.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("identify.explain_link", ExplainLink, {"start": start, "end": end, "max_depth": max_depth, "types": types, "as_of": as_of, "limit": limit})

    def explain_link_graph(
        self,
        start: str,
        *,
        end: str,
        max_depth: int = 4,
        types: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Which things and relationships lie on the shortest connections of these two?

        start: One thing: uid, or an id that only one thing has.
        end: The other.
        max_depth: Longest path looked at [hops]; 4 unless given; 1..8.
        types: Only along these relationship types.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many nodes; 200 unless given; at least 1; none (`all`) gives every row.

        The nodes and relationships of the paths that explain_link lists: all shortest paths at as_of, at most
            max_depth hops, along relationships of the allowed types in either direction. A relationship with
            validity counts only while it is valid; one without counts always. Between two neighbours on a path
            every relationship of an allowed type that is valid is drawn. Empty when there is no such path, and for
            the same thing twice. limit counts nodes: the nearest to start are kept.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_graph("identify.explain_link_graph", {"start": start, "end": end, "max_depth": max_depth, "types": types, "as_of": as_of, "limit": limit})

    def find_party(
        self,
        term: str,
        *,
        kinds: list[str] | None = None,
        region: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[FindParty]:
        """Which user, individual, customer and account does this number, e-mail, login, id or name belong to?

        term: Number, e-mail, login, account or ticket id, or name.
        kinds: Only rows of these labels (Customer, Account, User, Individual, Organization).
        region: Country (ISO 3166) of a phone number written without its country code.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a Customer, Account, User, Individual or Organization: the thing that the term names, and those
            that it belongs to, one step away and valid at as_of: a Service belongs to its users (USES_SERVICE), to
            the Customers that own (OWNS) and the Accounts that pay (BILLED_TO) its Products; a ContactMedium to
            whoever is REACHED_AT it; a TroubleTicket to whoever is ON_TICKET; an Identifier to what it NAMES; an
            Account to the Customers that hold it as accountHolder. A thing matched by id, login or name is its own
            row. matched_on is id, msisdn, email, phone, login, external id, or name. Ids and contacts match whole,
            in any case and phone format; names match when every word of the term is a word of the name, without
            regard to case, accents and punctuation.
        Order: id, external id, login, email, phone, msisdn, name; then label, uid, via.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("identify.find_party", FindParty, {"term": term, "kinds": kinds, "region": region, "as_of": as_of, "limit": limit})


class AsyncIdentify:
    """Who is this, and what hangs together."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def account_hierarchy(
        self,
        account: str,
        *,
        direction: str = 'both',
        max_depth: int = 6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[AccountHierarchy]:
        """Which accounts stand above and below this one, who holds each, who pays and who gets the bill?

        Takes, gives and raises what ``Identify.account_hierarchy`` does.
        """
        return await self._graph.ask_many("identify.account_hierarchy", AccountHierarchy, {"account": account, "direction": direction, "max_depth": max_depth, "as_of": as_of, "limit": limit})

    async def account_users(
        self,
        account: str,
        *,
        kind: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[AccountUsers]:
        """Who are the primary, secondary and guest users of this account, added by whom, since when?

        Takes, gives and raises what ``Identify.account_users`` does.
        """
        return await self._graph.ask_many("identify.account_users", AccountUsers, {"account": account, "kind": kind, "as_of": as_of, "limit": limit})

    async def contact_timeline(
        self,
        customer: str,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        kinds: list[str] | None = None,
        roles: list[str] | None = None,
        metric: str = 'mos',
        poor_below: float = 3.6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ContactTimeline]:
        """What happened to this customer and all their users, in order?

        Takes, gives and raises what ``Identify.contact_timeline`` does.
        """
        return await self._graph.ask_many("identify.contact_timeline", ContactTimeline, {"customer": customer, "since": since, "until": until, "kinds": kinds, "roles": roles, "metric": metric, "poor_below": poor_below, "as_of": as_of, "limit": limit})

    async def customer_360(
        self,
        customer: str,
        *,
        depth: int = 3,
        contacts: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> Result[Customer360]:
        """What hangs around this customer: parties, accounts, users, groups, products, services, SLAs, open tickets, experience, last contacts?

        Takes, gives and raises what ``Identify.customer_360`` does.
        """
        return await self._graph.ask_many("identify.customer_360", Customer360, {"customer": customer, "depth": depth, "contacts": contacts, "as_of": as_of, "limit": limit})

    async def customer_360_graph(
        self,
        customer: str,
        *,
        depth: int = 3,
        contacts: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """What hangs around this customer, as nodes and relationships?

        Takes, gives and raises what ``Identify.customer_360_graph`` does.
        """
        return await self._graph.ask_graph("identify.customer_360_graph", {"customer": customer, "depth": depth, "contacts": contacts, "as_of": as_of, "limit": limit})

    async def explain_link(
        self,
        start: str,
        *,
        end: str,
        max_depth: int = 4,
        types: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 20,
    ) -> Result[ExplainLink]:
        """How are these two entities connected?

        Takes, gives and raises what ``Identify.explain_link`` does.
        """
        return await self._graph.ask_many("identify.explain_link", ExplainLink, {"start": start, "end": end, "max_depth": max_depth, "types": types, "as_of": as_of, "limit": limit})

    async def explain_link_graph(
        self,
        start: str,
        *,
        end: str,
        max_depth: int = 4,
        types: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Which things and relationships lie on the shortest connections of these two?

        Takes, gives and raises what ``Identify.explain_link_graph`` does.
        """
        return await self._graph.ask_graph("identify.explain_link_graph", {"start": start, "end": end, "max_depth": max_depth, "types": types, "as_of": as_of, "limit": limit})

    async def find_party(
        self,
        term: str,
        *,
        kinds: list[str] | None = None,
        region: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[FindParty]:
        """Which user, individual, customer and account does this number, e-mail, login, id or name belong to?

        Takes, gives and raises what ``Identify.find_party`` does.
        """
        return await self._graph.ask_many("identify.find_party", FindParty, {"term": term, "kinds": kinds, "region": region, "as_of": as_of, "limit": limit})


class Reconcile:
    """Front end against back end."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def cardinality(
        self,
        *,
        label: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[Cardinality]:
        """Where are there more relationships at once than the model allows: two holders of one account, two parties of one user, one period twice?

        label: Only things of this key label (Account, Customer, Group, Invitation, Product, QoEMeasurement,
            SLAViolation, SelfCareStep, SelfCareTransaction, ServiceLevelObjective, SourceRecord, User).
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a thing that has more than one distinct other end by a relationship of which it may have one at a
            time. A relationship with validity counts only while it is valid at as_of; one without counts always.
            rule is the label, the type and the role, parted by blanks; allowed is 1, for twice 0:
        Account CHILD_OF (parents); Account HOLDS_ACCOUNT accountHolder (holders); Account USES_ACCOUNT primary
            (primary users); Customer ENGAGED_PARTY (parties engaged); Group MEMBER_OF head (heads of a Household,
            other groups may have several); Invitation ACCEPTED_AS (guests); Invitation SENT (senders); Product
            BILLED_TO (accounts); Product OWNS (owners); QoEMeasurement HAS_QOE (users or services measured);
            QoEMeasurement MEASURED_ON (services); SLAViolation OF_SLA (agreements); SelfCareStep HAS_STEP (visits);
            SelfCareTransaction STARTED (users); ServiceLevelObjective HAS_OBJECTIVE (agreements: an objective is of
            one SLA); SourceRecord ASSERTS (things described); User CONVERTED_TO (customers); User IDENTIFIES
            (humans)
        and, with the word twice at the end of the rule, a thing from which two relationships of the type lead to
            the same end in the same role while both are valid at as_of, where there should be one period: Customer
            HOLDS_ACCOUNT twice, Customer OWNS twice, User IDENTIFIES twice, User USES_ACCOUNT twice, User
            USES_SERVICE twice.
        found is the number of distinct other ends; for twice, the number of relationships beyond the first, over
            all ends and roles. others are the uids of those ends, in order; for twice, of the ends reached more
            than once.
        Each kind is read in the order of its uids until limit rows are found, and counts degrees first: a healthy
            graph is read as a whole. Give label for one kind only.
        Order: rule, uid.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.cardinality", Cardinality, {"label": label, "as_of": as_of, "limit": limit})

    def counts(
        self,
        *,
        limit: int | None = 200,
    ) -> Result[Counts]:
        """How many nodes of each label and relationships of each type are there?

        limit: At most this many rows; 200 unless given; at least 1; none (`all`) gives every row.

        One row for each label and each relationship type of the model, also where there is none; as the graph is
            now, whatever the validity. key is a key label: every node has exactly one. extra is a label that nodes
            carry beside it (Party; the kinds of a group) and marker one that the loader keeps for now (FrontOnly,
            Open, Unfinished, PrimaryUser, SecondaryUser, GuestUser), so a node counts in several of these rows.
            Labels and types that the model does not declare are not rows.
        Read from the server's count store: it costs the same on a graph of any size.
        Order: what (key, extra, marker, relationship), name.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.counts", Counts, {"limit": limit})

    def duplicate_parties(
        self,
        *,
        party: str | None = None,
        min_score: float = 0.7,
        max_people: int = 20,
        include_decided: bool = False,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[DuplicateParties]:
        """Which parties are probably one person, on what evidence?

        party: Only pairs with this party: uid, or an id that only one has.
        min_score: Least score: 0.7 is the same name and birth date, or the same name on one account [score]; 0.7
            unless given; 0.3..1.
        max_people: A medium or account of more is no evidence [relationships]; 20 unless given; at least 2.
        include_decided: Also pairs that are SAME_AS already; false unless given.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Evidence, all at as_of. A ContactMedium belongs to a Party that is REACHED_AT it, or that a User reached at
            it IDENTIFIES, or that a Customer reached at it engages (ENGAGED_PARTY). An Account belongs to a Party
            that a User of it (USES_ACCOUNT, any role) IDENTIFIES, or that a Customer holding it (HOLDS_ACCOUNT, any
            role) engages. A medium with fewer than two or more than max_people REACHED_AT relationships, valid or
            not, and an account with fewer than two or more than max_people USES_ACCOUNT and HOLDS_ACCOUNT
            relationships together, valid or not, is no evidence: hubs identify nobody.
        Names: name, else givenName and familyName (of an Organization name, else tradingName), in lower case,
            decomposed (Unicode NFKD) without its marks; ł becomes l, ø o, đ and ð d, ß ss, æ ae, œ oe, þ th, ı i;
            apostrophes (' ’ ʼ ` ´) vanish, every other character that is no letter or digit parts words. Two names
            are the same when they have the same set of words; one is part of the other when they differ, the
            smaller set has at least two words and all of them are in the larger; they are unrelated when both have
            words and neither holds. A party without a name has no words.
        Candidates are pairs of two Individuals or two Organizations that share a medium; or share an account and
            have the same name or one part of the other; or are Individuals with the same name and the same
            birthDate.
        score = (1 - the product of 1 - w over the kinds of evidence that the pair shares) x 0.7 if the names are
            unrelated x 0.5 if both have a birthDate and these differ, rounded to two places. w is email 0.6, phone
            0.5, device 0.4, address 0.2, account 0.4, the same name 0.5 or part of it 0.3, the same birthDate 0.4.
            A kind counts once, however many media or accounts of it are shared.
        A row is a candidate with a score of at least min_score, uid_a being the lesser uid. Pairs that a steward
            joined (SAME_AS, in either direction) are left out, or with include_decided shown with their decided_by.
            SAME_AS is not followed further.
        shared_evidence lists, in this order: each shared medium as its type, a blank and its uid, by uid; each
            shared account as account, a blank and its uid, by uid; name or part of the name; birth date. against
            lists name for unrelated names and birth date for differing ones.
        Without a party every medium, account and Individual with a birthDate is read: its cost grows with the
            operator. With a party only what hangs on it, and the Individuals born on the same day, are read.
        Order: score from the highest, uid_a, uid_b.

        Sources: eTOM 1.3.4; the weights are ours: judgement, to be tuned on pairs that stewards decided.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("reconcile.duplicate_parties", DuplicateParties, {"party": party, "min_score": min_score, "max_people": max_people, "include_decided": include_decided, "as_of": as_of, "limit": limit})

    def expired_links(
        self,
        *,
        reason: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ExpiredLinks]:
        """Which things are closed, or left by whom they belong to, while something live still hangs on them?

        reason: Only rows of this reason (customerTerminated, accountClosed, productEnded, serviceTerminated,
            slaEnded, userArchived, personDeceased, holderLeft, ownerLeft, productLeft, groupOwnerLeft,
            identityLeft).
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. A thing has ended, otherwise it is live:
        Customer: from terminationDate on; without one, when its status is terminated
        Account: from closedAt on; without one, when its state is Closed
        Product: from terminationDate on; without one, when its status is terminated, cancelled or aborted
        Service: its state is terminated. SLA: its state is neither empty nor active. User: its status is archived.
            Individual: its status is deceased. These have no date, so ended_at is empty and they are as of the last
            load
        Group: never
        A row is a relationship that is valid at as_of between what ended and something live, by reason:
        customerTerminated  the Customer; the Account it HOLDS_ACCOUNT as accountHolder, the Product it OWNS
        accountClosed       the Account; the User that USES_ACCOUNT it, the Product BILLED_TO it, the Account
            CHILD_OF it
        productEnded        the Product; the Service it is REALIZED_BY, the SLA it is COVERED_BY
        serviceTerminated   the Service; the User that USES_SERVICE it
        slaEnded            the SLA; the Product, Customer, Account or Group COVERED_BY it
        userArchived        the User; the Account it USES_ACCOUNT, the Service it USES_SERVICE
        personDeceased      the Individual; the User that IDENTIFIES it, the Customer that engages it
            (ENGAGED_PARTY)
        or where what ended is only a period: the thing is live, has had relationships of the type named first, all
            of which have ended at as_of (none is valid, none begins later), and
        holderLeft      HOLDS_ACCOUNT as accountHolder of the Account; the User that USES_ACCOUNT it, the Product
            BILLED_TO it
        ownerLeft       OWNS of the Product; the Account it is BILLED_TO, the Service it is REALIZED_BY
        productLeft     REALIZED_BY of the Service; the User that USES_SERVICE it
        groupOwnerLeft  OWNED_BY of the Group; what is a MEMBER_OF it, in whatever state
        identityLeft    IDENTIFIES of the User; the Account it USES_ACCOUNT, the Service it USES_SERVICE
        ended_uid is the thing named first, ended_at its date or the greatest validTo of those periods; relationship
            is the type of the valid one, live_uid the other end. Several valid relationships of one type between
            the same two (two roles) are one row; sources joins theirs, in order.
        Reads every thing of these kinds: its cost grows with the operator, and less with reason.
        Order: reason in the order above, ended_uid, relationship, live_uid.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.expired_links", ExpiredLinks, {"reason": reason, "as_of": as_of, "limit": limit})

    def front_back_ratio(
        self,
        *,
        group_by: str = 'all',
        min_n: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[FrontBackRatio]:
        """How many front-end users stand behind an account holder, by kind, segment or region?

        group_by: What makes a bucket (all, kind, segment, region); all unless given.
        min_n: Fewer holders or users than this are suppressed; 5 unless given; at least 1.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. A holder is a Customer that HOLDS_ACCOUNT as accountHolder; a user is a User that USES_ACCOUNT
            in any role. Accounts count in whatever state; a user of no account counts nowhere.
        Buckets by group_by: all is one bucket of that name; segment is the holder's segment; region is the
            account's region; kind is the user's role on the account. An empty segment or region, and for segment an
            account without a holder, is the bucket unknown.
        holders are the distinct holders of the bucket's accounts, for segment the holders of that segment, for kind
            the holders of an account with a user of that kind. users are the distinct users of the bucket's
            accounts (for kind in that role); primary, secondary, guest and delegate are the distinct users with
            that role there, so one user may count in several of the four and in several buckets; a user in another
            role counts in users alone. ratio is users / holders, rounded to two places. front_only are the users
            among them that the back end does not know (the marker FrontOnly, as of the last load).
        A bucket with fewer than min_n holders, or with fewer than min_n users but at least one, is left out: few
            people could be recognised. A bucket without holders and users does not exist.
        Reads every customer and every user: its cost grows with the operator.
        Order: bucket.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.front_back_ratio", FrontBackRatio, {"group_by": group_by, "min_n": min_n, "as_of": as_of, "limit": limit})

    def identity_conflicts(
        self,
        *,
        entity_type: str | None = None,
        field: str | None = None,
        limit: int | None = 100,
    ) -> Result[IdentityConflicts]:
        """Where do the source records that assert one thing disagree, on which field?

        entity_type: Only things of this key label (Individual, Organization, Customer, Account, User, Group,
            Product, Service, Resource, SLA, ServiceLevelObjective, SLAViolation, QoEMeasurement, TroubleTicket,
            ServiceProblem, PartyInteraction, SelfCareTransaction, SelfCareStep, ParentalControlPolicy, Permission,
            PrivacyProfile, Invitation, ContactMedium, Identifier).
        field: Only this field, as the model spells it.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        As of the last load. The loader keeps a SourceRecord for each system that asserts a thing only where systems
            disagree, so only conflicts are read. The SourceRecords that ASSERTS one thing are compared with each
            other, never with the merged value; those of a system that is not in the thing's sources do not count.
        A row is a thing and a field on which at least two of its records differ. A record without a value for the
            field says that it is empty when it lists the field in its own declares; else it says nothing and is not
            compared. Values are compared as text, exactly: case, accents and blanks count; an instant is text in
            UTC (2026-11-01T12:00:00Z), a list its values in order between brackets, parted by a semicolon.
            Housekeeping is no field: uid, id, sources, seen…, system, entityType, externalId, firstSeen, lastSeen,
            stub, asOf, declares, and raw spellings (…Raw); deletedAt is one.
        value_by_system is SYSTEM=value for each record that says something, each once, in the order of the texts;
            nothing stands behind = where it is empty. value is what the graph shows, as text. last_seen is the
            latest lastSeen of these records.
        Order: uid, field.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.identity_conflicts", IdentityConflicts, {"entity_type": entity_type, "field": field, "limit": limit})

    def orphans(
        self,
        *,
        label: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[Orphans]:
        """Which things lack the relationship that their kind needs?

        label: Only things of this key label (Account, ContactMedium, Customer, Group, Identifier, Individual,
            Invitation, Organization, ParentalControlPolicy, PartyInteraction, Permission, PrivacyProfile, Product,
            QoEMeasurement, Resource, SLA, SLAViolation, SelfCareStep, Service, ServiceLevelObjective,
            ServiceProblem, SourceRecord, TroubleTicket, User).
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a thing and a relationship that it needs and does not have at as_of. A relationship with validity
            counts only while it is valid at as_of; one without counts always. What each kind needs, and what is
            exempt:
        Account: HOLDS_ACCOUNT with role accountHolder (missing says HOLDS_ACCOUNT accountHolder); closed accounts
            exempt (from closedAt on; without closedAt, state Closed)
        ContactMedium: somebody who is REACHED_AT it
        Customer: ENGAGED_PARTY; terminated customers exempt (from terminationDate on; without one, status
            terminated)
        Group: a member (MEMBER_OF) or a group inside (SUBGROUP_OF); missing is MEMBER_OF or SUBGROUP_OF
        Identifier: NAMES
        Invitation: a User who SENT it
        ParentalControlPolicy: APPLIES_TO
        PartyInteraction: HAD_INTERACTION
        Permission: GRANTED_TO, and ON_ASSET
        PrivacyProfile: APPLIES_FOR
        Product: OWNS, and BILLED_TO; ended products exempt (from terminationDate on; without one, status
            terminated, cancelled or aborted)
        QoEMeasurement: HAS_QOE, and MEASURED_ON
        SLA: COVERED_BY, and HAS_OBJECTIVE; exempt unless its state is empty or active
        SLAViolation: OF_SLA
        SelfCareStep: HAS_STEP
        Service: REALIZED_BY, of category CFS only; terminated services exempt (state)
        ServiceLevelObjective: HAS_OBJECTIVE
        SourceRecord: ASSERTS
        TroubleTicket: ON_TICKET
        User: IDENTIFIES; users with status archived exempt
        Individual, Organization, Resource, ServiceProblem: any relationship at all, valid or not, in either
            direction; missing is any
        Two needs unmet are two rows. A thing with a deletedAt is left out. Nothing else is needed: a ticket may be
            about nothing, a visit begun by nobody signed in, a user on no account.
        Each kind is read in the order of its uids until limit rows are found, so a healthy graph is read as a
            whole: give label for one kind only.
        Order: label, missing, uid.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.orphans", Orphans, {"label": label, "as_of": as_of, "limit": limit})

    def silent_accounts(
        self,
        *,
        inactive_days: int = 90,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SilentAccounts]:
        """Which account holders have no active user at all in the front end?

        inactive_days: Users not seen for longer are not active [days]; 90 unless given; at least 1.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. A row is a Customer that HOLDS_ACCOUNT as accountHolder an open account without an active
            user. The account is closed from closedAt on; without closedAt, when its state is Closed. The customer
            is left out when it is terminated: from its terminationDate on; without one, when its status is
            terminated.
        A user is active when it USES_ACCOUNT the account in any role, its status is neither suspended nor archived,
            and its lastActiveAt is not before as_of less inactive_days. lastActiveAt is the last sign of life as of
            the last load; one after as_of counts as activity, because the earlier ones are not kept. A user who was
            never seen (empty lastActiveAt) is not active.
        products counts the Products BILLED_TO the account, whatever their status; users the Users that use it in
            any role, whatever theirs; last_active is the latest lastActiveAt of those users, empty when there is
            none.
        Reads every account and its users: its cost grows with the operator.
        Order: customer_uid, account_uid.

        Sources: 90 days: the usual definition of an inactive subscriber in operators' reports; a practice, no
        standard.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.silent_accounts", SilentAccounts, {"inactive_days": inactive_days, "as_of": as_of, "limit": limit})

    def stale_access(
        self,
        *,
        grace_days: int = 30,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[StaleAccess]:
        """Which users still have live access to an account that is closed, or that belongs to a household they left?

        grace_days: Access may outlive its reason by so many days [days]; 30 unless given; at least 0.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. A user has live access to an account through a USES_ACCOUNT valid at as_of (role is its role),
            or through a Permission GRANTED_TO the user ON_ASSET the account, from the permission's validFrom to
            before its validTo, either empty is open (role is its involvementRole). A user whose status is suspended
            or archived has none. What a holder may see because they hold the account is no access here.
        Reasons:
        accountClosed  the account is closed for at least grace_days: closedAt is not after as_of less grace_days;
            without closedAt, its state is Closed. stale_since is closedAt, empty where it is unknown.
        leftHousehold  the user, or a Party that the user IDENTIFIES at as_of, was a member (MEMBER_OF, any role) of
            a Household that at as_of is OWNED_BY the account or by a Customer that then HOLDS_ACCOUNT it as
            accountHolder; every such membership of the user and those parties in that household has ended at as_of,
            the last (greatest validTo) at least grace_days before; a membership that only begins after as_of does
            not count. Not stale where the user IDENTIFIES at as_of the party a Customer engages (ENGAGED_PARTY)
            that then HOLDS_ACCOUNT the account in any role: who pays has not lost it. stale_since is that greatest
            validTo; with several such households the latest of them, of equally late ones the first by uid.
        Both reasons are two rows. grant_path is uid, -TYPE-> or <-TYPE-, uid, … from the user to the account. Two
            periods with one role are one row.
        Reads every account and every household with its members: its cost grows with the operator.
        Order: user_uid, account_uid, reason, role (empty last), grant_path.

        Sources: 30 days: time to settle the last bill; a practice, no standard.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.stale_access", StaleAccess, {"grace_days": grace_days, "as_of": as_of, "limit": limit})

    def users_unknown_to_crm(
        self,
        *,
        kind: str | None = None,
        active_since: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[UsersUnknownToCrm]:
        """Which active front-end users have no back-end record of the person?

        kind: Only users of this kind (primary, secondary, guest, delegate).
        active_since: Only users seen in the front end since then.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        As of the last load: the loader marks a User FrontOnly when neither the User, nor the Party it IDENTIFIES
            (or one SAME_AS it), nor a Customer engaging that Party (itself, not one only SAME_AS it) has CRM or
            BILLING in sources. Active is a status other than suspended and archived, and a sign of life since
            active_since where that is given. One row for each account used now, with the first role there of
            primary, delegate, secondary, guest, others (with kind given, that one); a user of no account has one
            row with the account empty, and none where kind is given. Of several holders the first by uid is shown.
            Order: user_uid, account_uid.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.users_unknown_to_crm", UsersUnknownToCrm, {"kind": kind, "active_since": active_since, "limit": limit})


class AsyncReconcile:
    """Front end against back end."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def cardinality(
        self,
        *,
        label: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[Cardinality]:
        """Where are there more relationships at once than the model allows: two holders of one account, two parties of one user, one period twice?

        Takes, gives and raises what ``Reconcile.cardinality`` does.
        """
        return await self._graph.ask_many("reconcile.cardinality", Cardinality, {"label": label, "as_of": as_of, "limit": limit})

    async def counts(
        self,
        *,
        limit: int | None = 200,
    ) -> Result[Counts]:
        """How many nodes of each label and relationships of each type are there?

        Takes, gives and raises what ``Reconcile.counts`` does.
        """
        return await self._graph.ask_many("reconcile.counts", Counts, {"limit": limit})

    async def duplicate_parties(
        self,
        *,
        party: str | None = None,
        min_score: float = 0.7,
        max_people: int = 20,
        include_decided: bool = False,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[DuplicateParties]:
        """Which parties are probably one person, on what evidence?

        Takes, gives and raises what ``Reconcile.duplicate_parties`` does.
        """
        return await self._graph.ask_many("reconcile.duplicate_parties", DuplicateParties, {"party": party, "min_score": min_score, "max_people": max_people, "include_decided": include_decided, "as_of": as_of, "limit": limit})

    async def expired_links(
        self,
        *,
        reason: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ExpiredLinks]:
        """Which things are closed, or left by whom they belong to, while something live still hangs on them?

        Takes, gives and raises what ``Reconcile.expired_links`` does.
        """
        return await self._graph.ask_many("reconcile.expired_links", ExpiredLinks, {"reason": reason, "as_of": as_of, "limit": limit})

    async def front_back_ratio(
        self,
        *,
        group_by: str = 'all',
        min_n: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[FrontBackRatio]:
        """How many front-end users stand behind an account holder, by kind, segment or region?

        Takes, gives and raises what ``Reconcile.front_back_ratio`` does.
        """
        return await self._graph.ask_many("reconcile.front_back_ratio", FrontBackRatio, {"group_by": group_by, "min_n": min_n, "as_of": as_of, "limit": limit})

    async def identity_conflicts(
        self,
        *,
        entity_type: str | None = None,
        field: str | None = None,
        limit: int | None = 100,
    ) -> Result[IdentityConflicts]:
        """Where do the source records that assert one thing disagree, on which field?

        Takes, gives and raises what ``Reconcile.identity_conflicts`` does.
        """
        return await self._graph.ask_many("reconcile.identity_conflicts", IdentityConflicts, {"entity_type": entity_type, "field": field, "limit": limit})

    async def orphans(
        self,
        *,
        label: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[Orphans]:
        """Which things lack the relationship that their kind needs?

        Takes, gives and raises what ``Reconcile.orphans`` does.
        """
        return await self._graph.ask_many("reconcile.orphans", Orphans, {"label": label, "as_of": as_of, "limit": limit})

    async def silent_accounts(
        self,
        *,
        inactive_days: int = 90,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SilentAccounts]:
        """Which account holders have no active user at all in the front end?

        Takes, gives and raises what ``Reconcile.silent_accounts`` does.
        """
        return await self._graph.ask_many("reconcile.silent_accounts", SilentAccounts, {"inactive_days": inactive_days, "as_of": as_of, "limit": limit})

    async def stale_access(
        self,
        *,
        grace_days: int = 30,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[StaleAccess]:
        """Which users still have live access to an account that is closed, or that belongs to a household they left?

        Takes, gives and raises what ``Reconcile.stale_access`` does.
        """
        return await self._graph.ask_many("reconcile.stale_access", StaleAccess, {"grace_days": grace_days, "as_of": as_of, "limit": limit})

    async def users_unknown_to_crm(
        self,
        *,
        kind: str | None = None,
        active_since: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[UsersUnknownToCrm]:
        """Which active front-end users have no back-end record of the person?

        Takes, gives and raises what ``Reconcile.users_unknown_to_crm`` does.
        """
        return await self._graph.ask_many("reconcile.users_unknown_to_crm", UsersUnknownToCrm, {"kind": kind, "active_since": active_since, "limit": limit})


class Groups:
    """Households, enterprises, closed user groups."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def cug_boundary(
        self,
        cug: str,
        *,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[CugBoundary]:
        """Which members of this closed user group are outside the owning account, or in several such groups?

        cug: Closed user group: uid or id.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. The owning accounts are the Accounts that the group is OWNED_BY, and those that a Customer it
            is OWNED_BY HOLDS_ACCOUNT as accountHolder. Members are those of the ClosedUserGroup itself (MEMBER_OF,
            any role), not of groups inside; a group that is no ClosedUserGroup has none.
        A member User, Customer or Party stands for a human or organization in every role: the Party itself or the
            one the User IDENTIFIES or the Customer engages (ENGAGED_PARTY), every User that IDENTIFIES and every
            Customer that engages that Party. Its accounts are those that such a User USES_ACCOUNT in any role or
            such a Customer HOLDS_ACCOUNT in any role. A member Service has no other roles; its accounts are those
            that a Product REALIZED_BY it is BILLED_TO.
        outside is whether none of its accounts is an owning account; empty when the group has no owning account,
            for then there is no boundary. other_cugs are the other ClosedUserGroups of which the member, or the
            same human in another role, is a MEMBER_OF, in order.
        A row is a member that is outside, or in another closed user group. user_uid is the User itself; of a Party
            or Customer its User (the first by uid); of a Service a User that USES_SERVICE it (the first by uid).
            service_uid is the Service itself; else a Service that one of its Users uses and that is a member of
            this group too (the first by uid). account_uid is one of its accounts: owning ones first, then by how
            (primary, delegate, secondary, guest, any other role of a user, held, billed), then the first by uid.
            Each is empty where there is none. role is that of the membership, the first by name where there are
            several.
        Order: outside before inside before unknown, member_uid.

        Sources: 3GPP TS 22.085 (closed user group, interlock code).

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("groups.cug_boundary", CugBoundary, {"cug": cug, "as_of": as_of, "limit": limit})

    def group_cycles(
        self,
        *,
        max_depth: int = 8,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GroupCycles]:
        """Which nested groups contain themselves?

        max_depth: Longest cycle looked for [hops]; 8 unless given; 1..12.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a cycle of groups along SUBGROUP_OF, every hop valid at as_of, of at most max_depth hops, that
            meets no group twice but the one where it begins and ends. Each cycle is one row, told from the group
            with the least uid: uid, -SUBGROUP_OF->, uid, … and that group again. length is the number of hops; a
            group inside itself has length 1. Two relationships between the same two groups make no second cycle. A
            longer cycle than max_depth is not found.
        Reads every group that has a group both inside and around it.
        Order: length, cycle (as a list of texts).

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("groups.group_cycles", GroupCycles, {"max_depth": max_depth, "as_of": as_of, "limit": limit})

    def group_members(
        self,
        group: str,
        *,
        role: str | None = None,
        recursive: bool = True,
        depth: int = 6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GroupMembers]:
        """Who are the effective members of this group, nested groups included, as of a date?

        group: Group: uid or id.
        role: Only members in this role.
        recursive: Members of nested groups too; true unless given.
        depth: Hops through nested groups [hops]; 6 unless given; 1..12.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A member of a nested group is a member of the groups around it. Every hop is valid at as_of. One row for
            each member, role and group of membership, with the later start of two overlapping periods; depth is 0
            for a member of the group itself, else the fewest hops between via_group and the group. person_uid is
            the Party behind the member: itself, the one a User IDENTIFIES or a Customer engages at as_of (the first
            by uid); empty for a service. Cycles end at depth. Order: depth, via_group, member_uid, role.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("groups.group_members", GroupMembers, {"group": group, "role": role, "recursive": recursive, "depth": depth, "as_of": as_of, "limit": limit})

    def group_nesting_graph(
        self,
        group: str,
        *,
        depth: int = 6,
        members: bool = True,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Which groups lie around and inside this one, who owns them and who belongs to them?

        group: Group: uid or id.
        depth: Hops through nested groups, in each direction [hops]; 6 unless given; 1..12.
        members: Members too; true unless given.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many nodes; 200 unless given; at least 1; none (`all`) gives every row.

        All at as_of. The nodes are the group; the groups around it and those inside it, at most depth hops of
            SUBGROUP_OF in each direction (a group inside a group around it, beside this one, is not looked for);
            the Account or Customer each of these is OWNED_BY; and with members what is a MEMBER_OF this group or a
            group inside it. The relationships are these, and every valid SUBGROUP_OF between the groups shown, so a
            cycle is seen as one. limit counts nodes: groups are kept before owners, owners before members, the
            nearest first, then by uid; a member or owner is as near as its nearest group.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_graph("groups.group_nesting_graph", {"group": group, "depth": depth, "members": members, "as_of": as_of, "limit": limit})

    def groups_of(
        self,
        member: str,
        *,
        person: bool = True,
        depth: int = 6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GroupsOf]:
        """To which groups does this user, customer or party belong, directly or through nested groups?

        member: Who or what: uid, or an id that only one has.
        person: Also what the same human belongs to in other roles; true unless given.
        depth: Hops through nested groups [hops]; 6 unless given; 1..12.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Every hop is valid at as_of. The memberships are those of the member itself and, with person, of the same
            human or organization in its other roles: the Party that a User IDENTIFIES or a Customer engages
            (ENGAGED_PARTY), and every User that IDENTIFIES and every Customer that engages that Party (for a Party
            as member: itself). A Service has no other roles. SAME_AS is not followed.
        A member of a nested group is a member of the groups around it (SUBGROUP_OF), at most depth hops out. A row
            is a group, the one who is a member (member_uid) and the role of the membership (MEMBER_OF) through
            which it comes; where several memberships in that role lead to the group, the row is the one with the
            fewest hops, then the least path. depth is 0 for a group of which member_uid is a member itself, else
            the hops from there. path is uid, -TYPE-> or <-TYPE-, uid, … from the member asked for to the group,
            over the Party where there is one between; among equally short ones the first as a list of texts.
            valid_from is that of the membership at the start of the path (the latest where several hold in one role
            and group). A cycle of groups ends where it began or at depth, and gives no second row.
        Order: depth, group_uid, member_uid, role.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("groups.groups_of", GroupsOf, {"member": member, "person": person, "depth": depth, "as_of": as_of, "limit": limit})

    def household_profile(
        self,
        household: str,
        *,
        age_limit: int = 16,
        metric: str = 'mos',
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[HouseholdProfile]:
        """Who lives in this household: roles, minors, services, open tickets, experience?

        household: Household: uid or id.
        age_limit: Younger is a minor [years]; 16 unless given; 1..30.
        metric: Metric of the experience; mos unless given.
        since: Windows of experience from then on; as_of-30d unless given.
        until: Windows of experience begun before then; as_of unless given.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. A row is a human, or an organization, that is a MEMBER_OF the Household itself, as Party, User
            or Customer; one human in several roles is one row. member_uid is the Party: the member itself, the one
            a User IDENTIFIES or a Customer engages (ENGAGED_PARTY) at as_of (the first by uid); the member where
            there is none. Members of groups inside, and services, are no rows; a group that is no Household has
            none.
        role is that of the memberships in the household, the first of head, adult, admin, member, child, any other;
            valid_from the earliest validFrom among them. users are the Users that are members or IDENTIFIES the
            Party, customers the Customers that are members or engage it.
        age_band is the age in full years between birthDate and the day of as_of in UTC: 0-12, 13-15, 16-17, 18-24,
            25-44, 45-64, 65+, or unknown without a birthDate. minor is whether that age is below age_limit; empty
            where it is unknown.
        services are the Services the users use (USES_SERVICE), in order. open_tickets counts the TroubleTickets
            that the Party, the users or the customers are ON_TICKET of in any role, with creationDate not after
            as_of, and status acknowledged, inProgress, pending or held (as of the last load) or a resolutionDate
            after as_of.
        qoe is the mean of metric over the windows of the users (HAS_QOE) with windowStart in [since, until), of
            every granularity: the sum of n x mean over the sum of n, rounded to two places; qoe_n is that sum of n,
            and qoe_worst the least mean. Windows without n or mean, or with n = 0, do not count; without any, qoe
            and qoe_worst are empty and qoe_n is 0.
        Order: role (head, adult, admin, member, child, any other), member_uid.

        Sources: GDPR Art. 8: 16 years where a member state sets no other (Spain 14; the United Kingdom and the
        United States 13); ITU-T G.107, P.800 (MOS).

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("groups.household_profile", HouseholdProfile, {"household": household, "age_limit": age_limit, "metric": metric, "since": since, "until": until, "as_of": as_of, "limit": limit})

    def household_profile_graph(
        self,
        household: str,
        *,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Who lives in this household, as nodes and relationships: people, users, accounts, services, tickets?

        household: Household: uid or id.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many nodes; 200 unless given; at least 1; none (`all`) gives every row.

        All at as_of, in rings. Empty for a group that is no Household.
        0 the Household
        1 its members (MEMBER_OF: Party, User, Customer, Service) and the Account or Customer it is OWNED_BY
        2 the Party that a member User IDENTIFIES or a member Customer engages (ENGAGED_PARTY), and the Users and
            Customers that IDENTIFIES or engage a Party of rings 1 and 2; every valid relationship of these two
            types between a Party and a User or Customer of rings 1 and 2 is drawn, and GUARDIAN_OF between those
            Individuals
        3 the Accounts that a User of rings 1 and 2 USES_ACCOUNT, the Services it USES_SERVICE
        4 the open tickets that a Party, User or Customer of rings 1 and 2 is ON_TICKET of: creationDate not after
            as_of, and status acknowledged, inProgress, pending or held (as of the last load) or a resolutionDate
            after as_of
        A thing in several rings is of the first. limit counts nodes: the inner rings are kept, in a ring the first
            by uid.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_graph("groups.household_profile_graph", {"household": household, "as_of": as_of, "limit": limit})


class AsyncGroups:
    """Households, enterprises, closed user groups."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def cug_boundary(
        self,
        cug: str,
        *,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[CugBoundary]:
        """Which members of this closed user group are outside the owning account, or in several such groups?

        Takes, gives and raises what ``Groups.cug_boundary`` does.
        """
        return await self._graph.ask_many("groups.cug_boundary", CugBoundary, {"cug": cug, "as_of": as_of, "limit": limit})

    async def group_cycles(
        self,
        *,
        max_depth: int = 8,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GroupCycles]:
        """Which nested groups contain themselves?

        Takes, gives and raises what ``Groups.group_cycles`` does.
        """
        return await self._graph.ask_many("groups.group_cycles", GroupCycles, {"max_depth": max_depth, "as_of": as_of, "limit": limit})

    async def group_members(
        self,
        group: str,
        *,
        role: str | None = None,
        recursive: bool = True,
        depth: int = 6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GroupMembers]:
        """Who are the effective members of this group, nested groups included, as of a date?

        Takes, gives and raises what ``Groups.group_members`` does.
        """
        return await self._graph.ask_many("groups.group_members", GroupMembers, {"group": group, "role": role, "recursive": recursive, "depth": depth, "as_of": as_of, "limit": limit})

    async def group_nesting_graph(
        self,
        group: str,
        *,
        depth: int = 6,
        members: bool = True,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Which groups lie around and inside this one, who owns them and who belongs to them?

        Takes, gives and raises what ``Groups.group_nesting_graph`` does.
        """
        return await self._graph.ask_graph("groups.group_nesting_graph", {"group": group, "depth": depth, "members": members, "as_of": as_of, "limit": limit})

    async def groups_of(
        self,
        member: str,
        *,
        person: bool = True,
        depth: int = 6,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GroupsOf]:
        """To which groups does this user, customer or party belong, directly or through nested groups?

        Takes, gives and raises what ``Groups.groups_of`` does.
        """
        return await self._graph.ask_many("groups.groups_of", GroupsOf, {"member": member, "person": person, "depth": depth, "as_of": as_of, "limit": limit})

    async def household_profile(
        self,
        household: str,
        *,
        age_limit: int = 16,
        metric: str = 'mos',
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[HouseholdProfile]:
        """Who lives in this household: roles, minors, services, open tickets, experience?

        Takes, gives and raises what ``Groups.household_profile`` does.
        """
        return await self._graph.ask_many("groups.household_profile", HouseholdProfile, {"household": household, "age_limit": age_limit, "metric": metric, "since": since, "until": until, "as_of": as_of, "limit": limit})

    async def household_profile_graph(
        self,
        household: str,
        *,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Who lives in this household, as nodes and relationships: people, users, accounts, services, tickets?

        Takes, gives and raises what ``Groups.household_profile_graph`` does.
        """
        return await self._graph.ask_graph("groups.household_profile_graph", {"household": household, "as_of": as_of, "limit": limit})


class Sla:
    """Which service level was promised, and kept."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def credits_due(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_amount: float = 0.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[CreditsDue]:
        """Which consequences of violations are unpaid, to which account, and who is credited?

        since: Violations dated from then on; as_of-365d unless given.
        until: Violations dated before then; as_of unless given.
        min_amount: Only accounts that are owed at least this [in currency]; 0.0 unless given; at least 0.
        as_of: Paid by this instant, and who pays then; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Unpaid: an SLAViolation dated in [since, until) and not after as_of, with creditDue above 0 and creditPaidAt
            empty or after as_of. A violation without creditDue is no credit, whatever its consequence says.
        A row is an Account (CREDITED_TO; of several the first by uid) and a currency: amounts of different
            currencies, and those without one, are never added. Credits that name no account are rows with the
            account empty. credit_due is the sum, rounded to 4 decimals; rows below min_amount are left out. payer
            is the Customer that at as_of holds the account as billPayer (the first by uid), else as accountHolder
            (the first by uid). oldest is the earliest date, violation_uids all of them by date, then uid.
        Order: currency (empty last), credit_due from the greatest, account_uid (empty last).

        Sources: TMF623 violation.consequence; eTOM 1.3.8.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("sla.credits_due", CreditsDue, {"since": since, "until": until, "min_amount": min_amount, "as_of": as_of, "limit": limit})

    def effective_sla(
        self,
        subject: str,
        *,
        metric: str | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[EffectiveSla]:
        """Which SLA applies to this user or product, inherited by which path, which one wins?

        subject: User or product: uid, or an id that only one has.
        metric: Only this metric.
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        For each service of the subject (a User's USES_SERVICE, a Product's REALIZED_BY) and each metric, the
            candidates are the active SLAs (state empty, or active in any case) that cover, at as_of: 1 a Product
            realised by the service (for a Product as subject, itself alone); 2 an Account the user uses (the one
            the product is BILLED_TO); 3 a Customer holding that account as accountHolder; 4 a Group, nested up to
            depth, of the user, of the Party it IDENTIFIES, of that customer or of its Party. An SLA with several
            ways in keeps the best. Order of candidates: precedence ascending (1 first, absent last), then path 1 to
            4, fewer nested hops, later validFrom of COVERED_BY, SLA uid. The first wins the metric; the others are
            shown as lost. All objectives of an SLA for the metric are rows. A parent account's SLA is not
            inherited. path is uid, -TYPE-> or <-TYPE-, uid, … from the subject to the SLA; among equally good ones
            the first as text.
        Order of rows: service_uid, metric, winner first, then the order of candidates, objective_uid.

        Sources: TMF623; TMF657.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("sla.effective_sla", EffectiveSla, {"subject": subject, "metric": metric, "depth": depth, "as_of": as_of, "limit": limit})

    def silent_breaches(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        hours: int = 24,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SilentBreaches]:
        """Which violations have no ticket, and which tickets claim a fault where no violation was seen?

        since: Violations and tickets from then on; as_of-30d unless given.
        until: Violations and tickets before then; as_of unless given.
        hours: Most time between a violation and its ticket [hours]; 24 unless given; at least 0.
        as_of: Nothing after this instant is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A violation (SLAViolation, by its date) and a ticket (TroubleTicket, by its creationDate) belong together
            when the ticket is of type incident (any case), the two instants are at most `hours` apart, whichever
            came first, and the ticket is ABOUT a Service the violation was OBSERVED_ON, a Product REALIZED_BY that
            service, or an Account that such a product is BILLED_TO; both relationships valid at the violation's
            date. A violation that was observed on no service belongs to no ticket, nor does a ticket about nothing.
            Neither is seen when it is after as_of.
        kind violationWithoutTicket  a violation dated in [since, until) to which no ticket belongs; service_uid is
            the service it was OBSERVED_ON (the first by uid), account_uid the Account CREDITED_TO, else the one
            that a product realised by the service is BILLED_TO at that date (the first by uid), customer_uid the
            Customer holding that account as accountHolder at that date (the first by uid)
        kind ticketWithoutViolation  a ticket of type incident created in [since, until) to which no violation
            belongs, whether anything was promised or not; service_uid is the Service it is ABOUT (the first by
            uid), customer_uid the Customer ON_TICKET with role customer (the first by uid), account_uid the Account
            it is ABOUT, else the one that a Product it is ABOUT, or that realises a Service it is ABOUT, is
            BILLED_TO when it was created (the first by uid)
        The other half of a pair may lie outside [since, until). undecided is true while `hours` after the row's
            instant have not passed at as_of: the other half may still come.
        Order: at, newest first, then kind, violation_uid, ticket_uid.

        Sources: TMF621; TMF623.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("sla.silent_breaches", SilentBreaches, {"since": since, "until": until, "hours": hours, "as_of": as_of, "limit": limit})

    def sla_breaches(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        severity: str | None = None,
        group: str | None = None,
        show: int = 10,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaBreaches]:
        """Which objectives were violated, for whom, and with what consequence?

        since: Violations dated from then on; as_of-30d unless given.
        until: Violations dated before then; as_of unless given.
        severity: Only this severity.
        group: Only violations that hit members of this group, nested groups included.
        show: How many of the customers and users to name [uids]; 10 unless given; at least 0.
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: Nothing after this instant is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is an SLAViolation dated in [since, until) and not after as_of. Who was hit is asked at the
            violation's date: every relationship with validity counts as it stood then. as_of only hides what came
            later: violations dated after it, and a creditPaidAt after it.
        customers and users are those behind the SLA that was violated (OF_SLA):
        customers behind an SLA  own a covered Product (COVERED_BY, OWNS); hold a covered Account as accountHolder;
            are covered themselves; or are MEMBER_OF a covered Group or of one nested in it (SUBGROUP_OF, up to
            depth hops), or engage a Party that is
        users behind an SLA      use (USES_SERVICE) a service that realises a covered Product; use (USES_ACCOUNT) a
            covered Account; use an account held as accountHolder by a customer that is covered or in a covered
            group (itself or its Party, nested as above), or are MEMBER_OF such a group themselves, or IDENTIFIES a
            Party that is
        Where the violation is OBSERVED_ON services, of these only the users that use (USES_SERVICE) one of the
            services, and only the customers that own a Product realised by one or hold as accountHolder an Account
            that such a product is BILLED_TO. Without OBSERVED_ON all of them count. Without OF_SLA, or with an SLA
            that covered nothing then, both are 0. The state of the SLA does not matter.
        With group given, only violations that hit somebody who was, at the date, a member of the group or of one
            nested in it up to depth: one of the customers or users, or the Party it engages or IDENTIFIES. severity
            is compared without regard to case.
        sla_uid is the SLA (OF_SLA), objective_uid the objective (BREACHES), service_uid the service (OBSERVED_ON),
            account_uid the Account CREDITED_TO; of several the first by uid, empty where there is none. target is
            referenceValue, else the objective's target; unit and metric are the objective's. paid is true when
            creditPaidAt is not after as_of, false when credit_due is above 0 and it is not paid, else empty.
        customer_uids and user_uids show the first `show` by uid; customers and users count all.
        Order: at, newest first, then violation_uid.

        Sources: TMF623; TMF657.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("sla.sla_breaches", SlaBreaches, {"since": since, "until": until, "severity": severity, "group": group, "show": show, "depth": depth, "as_of": as_of, "limit": limit})

    def sla_coverage_gaps(
        self,
        *,
        segment: str | None = None,
        kind: str | None = None,
        spec: str | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaCoverageGaps]:
        """Which users of a covered account use a service that no SLA covers?

        segment: Only accounts held by customers of this segment.
        kind: Only users of this kind on the account (primary, secondary, guest, delegate).
        spec: Only accounts with a product covered by an SLA of this specification (specificationId).
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        All at as_of. An SLA is active when its state is empty or active (any case), and counts only with at least
            one objective (HAS_OBJECTIVE).
        covered account  at least one Product BILLED_TO the account is REALIZED_BY a service and has an effective
            SLA as sla.effective_sla has it for that product: an active SLA covers (COVERED_BY) the product, the
            account, a Customer holding the account as accountHolder, or a Group, nested (SUBGROUP_OF) up to depth,
            of that customer or of its Party
        gap              a User of the covered account (USES_ACCOUNT) uses (USES_SERVICE) a service without a
            winner, that is without any candidate of sla.effective_sla for this user and service: no active SLA
            covers a Product REALIZED_BY the service (of whichever account), nor any account the user uses, nor a
            customer holding such an account as accountHolder, nor a group, nested up to depth, of the user, of the
            Party it IDENTIFIES, of such a customer or of the Party it engages
        An SLA on the account, its holder or the holder's groups leaves no gap for any of its users, so rows come
            only from accounts of which some products are covered by themselves.
        A row is a user, a service and a covered account the user uses. kind is the user's role on that account (of
            several the first of primary, delegate, secondary, guest, others; with kind given, that kind).
            account_holder is the Customer that holds the account as accountHolder (the first by uid; with segment
            given, of that segment, and accounts without such a holder are left out). holder_sla is, of the active
            SLAs that cover a product of the account (BILLED_TO, REALIZED_BY a service), the first by precedence
            (absent last), then later validFrom of COVERED_BY, then SLA uid, then product uid; covered_product is
            its product.
        Order: account_uid, user_uid, service_uid.
        Cost: reads every SLA (with spec: those of one specification) and the users of the accounts behind.

        Sources: TMF623; eTOM 1.3.8.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("sla.sla_coverage_gaps", SlaCoverageGaps, {"segment": segment, "kind": kind, "spec": spec, "depth": depth, "as_of": as_of, "limit": limit})

    def sla_jeopardy(
        self,
        *,
        hours_ahead: float = 8.0,
        metrics: list[str] | None = None,
        repair_metric: str = 'timeToRepair',
        since: datetime | str | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaJeopardy]:
        """Which objectives are past their warning level but not violated, and which tickets threaten a time to repair?

        hours_ahead: A repair clock that ends so soon is in jeopardy; 8 is a shift [hours]; 8.0 unless given; at
            least 0.
        metrics: Metrics whose windows are looked at; ["mos"] unless given.
        repair_metric: Metric of the objectives that tickets run against; timeToRepair unless given.
        since: Windows begun and tickets created from then on; as_of-7d unless given.
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: Relationships valid at this instant; nothing after it is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Two clocks. All relationships at as_of; an SLA is active when its state is empty or active (any case);
            nothing after as_of is seen.
        clock measurement: for each subject (User or Service that HAS_QOE), service and metric of metrics, the
            newest QoEMeasurement with windowStart in [since, as_of) (of several that begin together the first by
            uid). current is its mean, p10 or shareBelow, as the objective's statistic says (an empty statistic is
            mean). The objectives are those, with this metric, of the SLA that wins. Its candidates are the active
            SLAs with an objective of the metric that cover 1 a Product REALIZED_BY the service; 2 an Account the
            user uses, or with a Service as subject one that such a product is BILLED_TO; 3 a Customer holding that
            account as accountHolder; 4 a Group, nested up to depth, of the user, of the Party it IDENTIFIES, of
            that customer or of its Party. Order of candidates as in sla.effective_sla: precedence ascending (absent
            last), path 1 to 4, fewer nested hops, later validFrom of COVERED_BY, SLA uid. subject_uid is the user
            or service measured, service_uid the service.
        It is a row when the objective has a target and a warning, and current lies past the warning and not past
            the target: with warning above target, current < warning and current >= target - tolerance; with warning
            below target, current > warning and current <= target + tolerance; an empty tolerance is 0. Equal to the
            warning is not past it. A warning equal to the target, or an empty value, gives no row; past the target
            it is violated, and no row. The comparator is not looked at.
        clock repair: TroubleTickets of type incident (any case) with creationDate in [since, as_of], both included,
            open at as_of: status acknowledged, inProgress, pending or held now, or resolutionDate after as_of. The
            SLA that wins for repair_metric is found among the active SLAs with an objective of it that cover 1 a
            Product the ticket is ABOUT, or that realises a Service it is ABOUT; 2 an Account it is ABOUT, or that
            such a product is BILLED_TO; 3 a Customer holding that account as accountHolder; 4 a Group, nested up to
            depth, of that customer, of anybody ON_TICKET, or of the Party that one of them engages or IDENTIFIES;
            in the same order. Each objective of the winner for repair_metric with a target is a clock. It ends at
            creationDate + target, in the objective's unit: a unit that begins with s, m or d (any case) is seconds,
            minutes or days, any other, or none, is hours; time pending or held counts. hours_left is from as_of to
            that end, current the time from creationDate to as_of in the objective's unit; both rounded to 2
            decimals.
        It is a row when the end is not before as_of (later it is violated), and hours_left <= hours_ahead, or
            current > warning, or the ticket's expectedResolutionDate is after the end. subject_uid is the first by
            uid of what the ticket is ABOUT, service_uid the first Service among it.
        Order: hours_left (measurements, which have none, last), objective_uid, subject_uid, service_uid,
            ticket_uid.
        Cost: reads the windows of the metrics and the tickets since then, by their indexes.

        Sources: TMF657 thresholdTarget (the warning level); TMF623 (tolerance); TMF621.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("sla.sla_jeopardy", SlaJeopardy, {"hours_ahead": hours_ahead, "metrics": metrics, "repair_metric": repair_metric, "since": since, "depth": depth, "as_of": as_of, "limit": limit})

    def sla_population(
        self,
        spec: str,
        *,
        group_by: str = 'segment',
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaPopulation]:
        """How many customers and users stand behind this SLA specification, by cohort?

        spec: SLA specification: specificationId of the SLAs.
        group_by: What makes a cohort (segment, region, start_year, kind); segment unless given.
        since: Breaches dated from then on; as_of-30d unless given.
        until: Breaches dated before then; as_of unless given.
        min_n: Cohorts of fewer people are suppressed; 5 unless given; at least 1.
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        The SLAs are those with specificationId = spec, found by its index, that are active: state empty or active
            (any case). All relationships at as_of.
        customers behind an SLA  own a covered Product (COVERED_BY, OWNS); hold a covered Account as accountHolder;
            are covered themselves; or are MEMBER_OF a covered Group or of one nested in it (SUBGROUP_OF, up to
            depth hops), or engage a Party that is
        users behind an SLA      use (USES_SERVICE) a service that realises a covered Product; use (USES_ACCOUNT) a
            covered Account; use an account held as accountHolder by a customer that is covered or in a covered
            group (itself or its Party, nested as above), or are MEMBER_OF such a group themselves, or IDENTIFIES a
            Party that is
        They are promised something, whether this SLA wins over another or not; an SLA needs no objective here, a
            user of an account no service.
        cohort, by group_by: segment = the customer's segment; start_year = the year (UTC) of the customer's
            startDate; region = the region of the accounts; kind = the user's roles on the accounts it uses, and
            customers are in the cohort accountHolder. The customers of a user are those that hold, as
            accountHolder, an account it uses; the accounts of a customer are those it holds as accountHolder, those
            of a user the ones it uses. An empty value, or none, is the cohort unknown. Who falls into several
            cohorts is counted once in each.
        breaches counts the violations OF_SLA, dated in [since, until) and not after as_of, of the SLAs behind which
            somebody of the cohort stands; slas counts these SLAs.
        A cohort is suppressed when both its customers and its users are fewer than min_n: the row stays, with
            customers, users, slas and breaches empty and suppressed true. A cohort of nobody has no row.
        Order: cohort.

        Sources: TMF623.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("sla.sla_population", SlaPopulation, {"spec": spec, "group_by": group_by, "since": since, "until": until, "min_n": min_n, "depth": depth, "as_of": as_of, "limit": limit})


class AsyncSla:
    """Which service level was promised, and kept."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def credits_due(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_amount: float = 0.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[CreditsDue]:
        """Which consequences of violations are unpaid, to which account, and who is credited?

        Takes, gives and raises what ``Sla.credits_due`` does.
        """
        return await self._graph.ask_many("sla.credits_due", CreditsDue, {"since": since, "until": until, "min_amount": min_amount, "as_of": as_of, "limit": limit})

    async def effective_sla(
        self,
        subject: str,
        *,
        metric: str | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[EffectiveSla]:
        """Which SLA applies to this user or product, inherited by which path, which one wins?

        Takes, gives and raises what ``Sla.effective_sla`` does.
        """
        return await self._graph.ask_many("sla.effective_sla", EffectiveSla, {"subject": subject, "metric": metric, "depth": depth, "as_of": as_of, "limit": limit})

    async def silent_breaches(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        hours: int = 24,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SilentBreaches]:
        """Which violations have no ticket, and which tickets claim a fault where no violation was seen?

        Takes, gives and raises what ``Sla.silent_breaches`` does.
        """
        return await self._graph.ask_many("sla.silent_breaches", SilentBreaches, {"since": since, "until": until, "hours": hours, "as_of": as_of, "limit": limit})

    async def sla_breaches(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        severity: str | None = None,
        group: str | None = None,
        show: int = 10,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaBreaches]:
        """Which objectives were violated, for whom, and with what consequence?

        Takes, gives and raises what ``Sla.sla_breaches`` does.
        """
        return await self._graph.ask_many("sla.sla_breaches", SlaBreaches, {"since": since, "until": until, "severity": severity, "group": group, "show": show, "depth": depth, "as_of": as_of, "limit": limit})

    async def sla_coverage_gaps(
        self,
        *,
        segment: str | None = None,
        kind: str | None = None,
        spec: str | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaCoverageGaps]:
        """Which users of a covered account use a service that no SLA covers?

        Takes, gives and raises what ``Sla.sla_coverage_gaps`` does.
        """
        return await self._graph.ask_many("sla.sla_coverage_gaps", SlaCoverageGaps, {"segment": segment, "kind": kind, "spec": spec, "depth": depth, "as_of": as_of, "limit": limit})

    async def sla_jeopardy(
        self,
        *,
        hours_ahead: float = 8.0,
        metrics: list[str] | None = None,
        repair_metric: str = 'timeToRepair',
        since: datetime | str | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaJeopardy]:
        """Which objectives are past their warning level but not violated, and which tickets threaten a time to repair?

        Takes, gives and raises what ``Sla.sla_jeopardy`` does.
        """
        return await self._graph.ask_many("sla.sla_jeopardy", SlaJeopardy, {"hours_ahead": hours_ahead, "metrics": metrics, "repair_metric": repair_metric, "since": since, "depth": depth, "as_of": as_of, "limit": limit})

    async def sla_population(
        self,
        spec: str,
        *,
        group_by: str = 'segment',
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SlaPopulation]:
        """How many customers and users stand behind this SLA specification, by cohort?

        Takes, gives and raises what ``Sla.sla_population`` does.
        """
        return await self._graph.ask_many("sla.sla_population", SlaPopulation, {"spec": spec, "group_by": group_by, "since": since, "until": until, "min_n": min_n, "depth": depth, "as_of": as_of, "limit": limit})


class Qoe:
    """Whether they enjoy the service."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def enjoyment_index(
        self,
        *,
        group_by: str = 'kind',
        group: str | None = None,
        metric: str = 'mos',
        granularity: str = 'day',
        threshold: float = 3.6,
        better: str = 'higher',
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[EnjoymentIndex]:
        """What share of the front-end users had a good experience, and what share is not measured at all?

        group_by: What makes a bucket (kind, group, offering, all); kind unless given.
        group: Only users who are members of this group, themselves or the Party they identify.
        metric: Metric of the windows; mos unless given.
        granularity: Length of the windows; windows of different lengths overlap; day unless given.
        threshold: A good experience is at least this [in the metric's unit]; 3.6 unless given.
        better: Whether a higher or a lower value is better (higher, lower); higher unless given.
        since: Windows begun from then on; as_of-30d unless given.
        until: Windows begun before then; as_of unless given.
        min_n: Groups of fewer users are suppressed; 5 unless given; at least 1.
        depth: Hops through nested groups, for group [hops]; 4 unless given; 1..8.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        users are the Users that exist at as_of (createdAt empty or not after as_of) and are not suspended or
            archived now (status empty, active or unknown). Buckets, at as_of, by group_by: kind = the user's roles
            on the accounts it uses (USES_ACCOUNT), unknown without one; group = uid of each Group of which the
            user, or the Party it IDENTIFIES, is a direct member (MEMBER_OF), none without one; offering =
            offeringId of each Product REALIZED_BY a service the user uses (USES_SERVICE), none without one (a
            product without offeringId does not count); all = one bucket. A user in several buckets is counted once
            in each, so their sum may exceed all.
        A user is measured when at least one QoEMeasurement counts (HAS_QOE): of this metric and granularity,
            windowStart in [since, until) and before as_of, n above 0, mean not empty. The user's experience is
            Σ(n·mean)/Σn over these windows, all services together, rounded to 3 decimals; p10 is never combined.
        good  experience >= threshold (with better = lower: <= threshold); poor: measured and not good
        good_share, poor_share and unmeasured_share are of all users of the bucket, rounded to 4 decimals, and add
            up to 1: whoever is not measured is neither well nor badly off. The default threshold 3.60 is the MOS of
            R = 70, below which ITU-T G.107 expects many users to be dissatisfied.
        Small groups: where users is below min_n, all numbers are empty; where measured is above 0 and below min_n,
            measured and the three shares are empty. suppressed says so; the row stays.
        Order: users from the greatest (empty last), then bucket.
        Cost: reads every User and its windows: minutes for millions. group limits it to the members of one group,
            nested ones included up to depth.

        Sources: ITU-T G.107; ITU-T P.800.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("qoe.enjoyment_index", EnjoymentIndex, {"group_by": group_by, "group": group, "metric": metric, "granularity": granularity, "threshold": threshold, "better": better, "since": since, "until": until, "min_n": min_n, "depth": depth, "as_of": as_of, "limit": limit})

    def hidden_bad_experience(
        self,
        *,
        gap: float = 1.0,
        threshold: float = 3.6,
        metric: str = 'mos',
        granularity: str = 'day',
        better: str = 'higher',
        kinds: list[str] | None = None,
        account: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[HiddenBadExperience]:
        """On which accounts does a secondary user or a guest suffer while the holder is fine?

        gap: The holder is better off by at least this [in the metric's unit]; 1.0 unless given; at least 0.
        threshold: Fine is at least this, suffering below [in the metric's unit]; 3.6 unless given.
        metric: Metric of the windows; mos unless given.
        granularity: Length of the windows; windows of different lengths overlap; day unless given.
        better: Whether a higher or a lower value is better (higher, lower); higher unless given.
        kinds: Kinds of user that may suffer unseen (primary, secondary, guest, delegate); ["secondary", "guest"]
            unless given.
        account: Only this account.
        since: Windows begun from then on; as_of-30d unless given.
        until: Windows begun before then; as_of unless given.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Relationships at as_of. Windows that count are the QoEMeasurements (HAS_QOE) of this metric and granularity
            with windowStart in [since, until) and before as_of, n above 0, mean not empty, on a service of the
            account: one that realises (REALIZED_BY) a Product BILLED_TO it. An experience is Σ(n·mean)/Σn over such
            windows, rounded to 3 decimals; p10 is never combined.
        holder_qoe  the experience of one user on all services of the account: of the users with role primary on it
            the first by uid who has a window that counts; when none has, of the users that IDENTIFIES the Party of
            a Customer holding the account as accountHolder the first by uid who has one; when none has, the account
            has no row
        user_qoe    the experience of a user whose role on the account is one of kinds, on one service of the
            account; each service is a row. The user whose experience is the holder's is left out. kind is the role
            (of several of kinds the first of secondary, guest, delegate, primary)
        A row when holder_qoe >= threshold (the holder is fine), user_qoe < threshold (the user suffers), and gap =
            holder_qoe - user_qoe, rounded to 3 decimals, is at least `gap`. With better = lower: holder_qoe <=
            threshold, user_qoe > threshold and gap = user_qoe - holder_qoe. The default threshold 3.60 is the MOS
            of R = 70, below which ITU-T G.107 expects many users to be dissatisfied.
        Order: gap from the greatest, then account_uid, user_uid, service_uid.
        Cost: reads the windows of the metric since then by their index; with account given, only its users.

        Sources: ITU-T G.107; ITU-T P.800.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("qoe.hidden_bad_experience", HiddenBadExperience, {"gap": gap, "threshold": threshold, "metric": metric, "granularity": granularity, "better": better, "kinds": kinds, "account": account, "since": since, "until": until, "as_of": as_of, "limit": limit})

    def user_qoe(
        self,
        user: str,
        *,
        metric: str | None = None,
        granularity: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        acr_bands: list[float] | None = None,
        r_bands: list[float] | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[UserQoe]:
        """What quality of experience did this user get, per service and window, against what was promised?

        user: User: uid or id.
        metric: Only this metric.
        granularity: Only windows of this length: day, month.
        since: Windows begun from then on; as_of-30d unless given.
        until: Windows begun before then; as_of unless given.
        acr_bands: Lowest mean of excellent, good, fair and poor; [4.5, 3.5, 2.5, 1.5] unless given.
        r_bands: Lowest R of the five bands; [90.0, 80.0, 70.0, 60.0, 50.0] unless given.
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: No window begun later is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a QoEMeasurement of the user (HAS_QOE) with windowStart in [since, until) and before as_of;
            service_uid is what it names in its own property service. Windows of different granularity are rows of
            their own and overlap: do not add them up. To sum windows, mean = Σ(n·mean)/Σn; a p10 is never combined.
        target is what the effective SLA promised for the service and the metric at windowStart (every relationship
            with validity counts as it stood then; the SLA's state as of now). Its candidates are the active SLAs
            (state empty or active, any case) with an objective of the metric that cover 1 a Product REALIZED_BY the
            service; 2 an Account the user uses; 3 a Customer holding that account as accountHolder; 4 a Group,
            nested up to depth, of the user, of the Party it IDENTIFIES, of that customer or of its Party. Order of
            candidates as in sla.effective_sla: precedence ascending (absent last), path 1 to 4, fewer nested hops,
            later validFrom of COVERED_BY, SLA uid; the first wins. Of several objectives of the winner for the
            metric it is that with statistic mean, else p10, else shareBelow, else any other or none; then by uid.
        met compares the value named by statistic (p10 and shareBelow; else the mean) with target by the objective's
            comparator (any case): >=, ge, .ge: value >= target - tolerance; >, gt, .gt, .g: value > target -
            tolerance; <=, le, .le: value <= target + tolerance; <, lt, .lt, .l: value < target + tolerance; an
            empty tolerance is 0. Empty when the value, the target or a known comparator is missing.
        mos is the mean for metric mos; for metric r (the E-model's rating) it is made of the mean R: 1 + 0.035·R +
            R·(R - 60)·(100 - R)·7e-6, 1 for R < 0, 4.5 for R > 100, rounded to 2 decimals; empty for others. Metric
            names in any case.
        band of metric mos, by the mean: the nearest word of ITU-T P.800, with the cuts of acr_bands: 4.5 and more
            excellent, 3.5 good, 2.5 fair, 1.5 poor, below bad. Band of metric r, by the mean and r_bands (ITU-T
            G.107): 90 and more very satisfied, 80 satisfied, 70 some users dissatisfied, 60 many users
            dissatisfied, 50 nearly all users dissatisfied, below not recommended. Empty for other metrics.
        Order: window_start, newest first, then service_uid, metric, granularity.

        Sources: ITU-T P.800 (words of ACR); ITU-T G.107 (R, and MOS from R); ITU-T G.109 (R below 50); TMF657.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("qoe.user_qoe", UserQoe, {"user": user, "metric": metric, "granularity": granularity, "since": since, "until": until, "acr_bands": acr_bands, "r_bands": r_bands, "depth": depth, "as_of": as_of, "limit": limit})

    def watermelon_slas(
        self,
        *,
        metric: str = 'mos',
        granularity: str = 'day',
        threshold: float = 3.6,
        better: str = 'higher',
        max_violations: int = 0,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WatermelonSlas]:
        """Which SLAs are green outside, but have users with a poor experience inside?

        metric: Metric of the windows; mos unless given.
        granularity: Length of the windows; windows of different lengths overlap; day unless given.
        threshold: An experience below this is poor [in the metric's unit]; 3.6 unless given.
        better: Whether a higher or a lower value is better (higher, lower); higher unless given.
        max_violations: With more violations an SLA is not green [violations]; 0 unless given; at least 0.
        since: Violations and windows from then on; as_of-30d unless given.
        until: Violations and windows before then; as_of unless given.
        min_n: No share of fewer users is given; 5 unless given; at least 1.
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Green: at most max_violations SLAViolations OF_SLA are dated in [since, until) and not after as_of.
            conformance is the share of the SLA's objectives (HAS_OBJECTIVE) that none of these violations BREACHES,
            rounded to 4 decimals; empty for an SLA without objectives. With the default of no violation it is 1.
        Users of an SLA: for each User and each Service it uses (USES_SERVICE), the active SLAs (state empty or
            active, any case) that are candidates of sla.effective_sla for the two, whether they win or not: they
            cover (COVERED_BY) a Product REALIZED_BY the service; an Account the user uses; a Customer holding that
            account as accountHolder; or a Group, nested up to depth, of the user, of the Party it IDENTIFIES, of
            that customer or of its Party. All at as_of. An SLA needs no objective of the metric: green is what it
            measures.
        Windows that count are the user's QoEMeasurements (HAS_QOE) on such a service, of this metric and
            granularity, with windowStart in [since, until) and before as_of, n above 0, mean not empty. A user with
            at least one is measured. The experience of the user under the SLA is Σ(n·mean)/Σn over its windows on
            all of these services, rounded to 3 decimals; p10 is never combined. poor: experience < threshold (with
            better = lower: > threshold). The default threshold 3.60 is the MOS of R = 70, below which ITU-T G.107
            expects many users to be dissatisfied.
        A row is a green SLA with at least one poor user. share = users_poor / users_measured, rounded to 4
            decimals, empty where users_measured is below min_n: a share of so few says nothing. worst_service is,
            over the windows of the poor users, the service with the lowest Σ(n·mean)/Σn, rounded to 3 decimals
            (with better = lower: the highest), then the first by uid; worst_qoe that value, empty where
            users_measured is below min_n.
        Order: users_poor from the greatest, then sla_uid.
        Cost: reads the windows of the metric since then by their index, and for each user measured its SLAs.

        Sources: ITU-T G.107; ITU-T P.800; TMF623.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("qoe.watermelon_slas", WatermelonSlas, {"metric": metric, "granularity": granularity, "threshold": threshold, "better": better, "max_violations": max_violations, "since": since, "until": until, "min_n": min_n, "depth": depth, "as_of": as_of, "limit": limit})


class AsyncQoe:
    """Whether they enjoy the service."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def enjoyment_index(
        self,
        *,
        group_by: str = 'kind',
        group: str | None = None,
        metric: str = 'mos',
        granularity: str = 'day',
        threshold: float = 3.6,
        better: str = 'higher',
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[EnjoymentIndex]:
        """What share of the front-end users had a good experience, and what share is not measured at all?

        Takes, gives and raises what ``Qoe.enjoyment_index`` does.
        """
        return await self._graph.ask_many("qoe.enjoyment_index", EnjoymentIndex, {"group_by": group_by, "group": group, "metric": metric, "granularity": granularity, "threshold": threshold, "better": better, "since": since, "until": until, "min_n": min_n, "depth": depth, "as_of": as_of, "limit": limit})

    async def hidden_bad_experience(
        self,
        *,
        gap: float = 1.0,
        threshold: float = 3.6,
        metric: str = 'mos',
        granularity: str = 'day',
        better: str = 'higher',
        kinds: list[str] | None = None,
        account: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[HiddenBadExperience]:
        """On which accounts does a secondary user or a guest suffer while the holder is fine?

        Takes, gives and raises what ``Qoe.hidden_bad_experience`` does.
        """
        return await self._graph.ask_many("qoe.hidden_bad_experience", HiddenBadExperience, {"gap": gap, "threshold": threshold, "metric": metric, "granularity": granularity, "better": better, "kinds": kinds, "account": account, "since": since, "until": until, "as_of": as_of, "limit": limit})

    async def user_qoe(
        self,
        user: str,
        *,
        metric: str | None = None,
        granularity: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        acr_bands: list[float] | None = None,
        r_bands: list[float] | None = None,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[UserQoe]:
        """What quality of experience did this user get, per service and window, against what was promised?

        Takes, gives and raises what ``Qoe.user_qoe`` does.
        """
        return await self._graph.ask_many("qoe.user_qoe", UserQoe, {"user": user, "metric": metric, "granularity": granularity, "since": since, "until": until, "acr_bands": acr_bands, "r_bands": r_bands, "depth": depth, "as_of": as_of, "limit": limit})

    async def watermelon_slas(
        self,
        *,
        metric: str = 'mos',
        granularity: str = 'day',
        threshold: float = 3.6,
        better: str = 'higher',
        max_violations: int = 0,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WatermelonSlas]:
        """Which SLAs are green outside, but have users with a poor experience inside?

        Takes, gives and raises what ``Qoe.watermelon_slas`` does.
        """
        return await self._graph.ask_many("qoe.watermelon_slas", WatermelonSlas, {"metric": metric, "granularity": granularity, "threshold": threshold, "better": better, "max_violations": max_violations, "since": since, "until": until, "min_n": min_n, "depth": depth, "as_of": as_of, "limit": limit})


class Tickets:
    """Tickets, problems and their impact."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def common_cause(
        self,
        *,
        min_tickets: int = 2,
        hours: int = 24,
        types: list[str] | None = None,
        known: bool = True,
        max_depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[CommonCause]:
        """Which open tickets share a supporting service or resource, but no service problem?

        min_tickets: At least so many tickets stand on it [tickets]; 2 unless given; at least 1.
        hours: Tickets created within so many hours before as_of [hours]; 24 unless given; at least 1.
        types: Ticket types that count; ["incident"] unless given.
        known: Elements that an open problem affects already, too; true unless given.
        max_depth: Hops of SUPPORTED_BY [hops]; 4 unless given; 1..8.
        as_of: Relationships valid at this instant; nothing after it is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        The tickets are those of one of types (any case), with creationDate from `hours` before as_of to as_of, both
            included, open at as_of (status acknowledged, inProgress, pending or held now, or resolutionDate after
            as_of), and PART_OF_PROBLEM of no ServiceProblem. A ticket's services are those it is ABOUT and those
            that realise (REALIZED_BY) a Product it is ABOUT. A ticket about an account only has none.
        A row is a Service or Resource on which services of at least min_tickets of these tickets stand:
            SUPPORTED_BY, 1 to max_depth hops. All relationships at as_of. depth is the greatest, over the tickets,
            of the fewest hops from one of the ticket's services to the element: the lower, the nearer the common
            cause. customers counts the Customers that own (OWNS) a product realised by one of the ticket's services
            or one it is ABOUT, or are ON_TICKET; users the Users ON_TICKET with role reporter. first_seen is the
            earliest creationDate, ticket_uids the tickets by creationDate, then uid.
        open_problem is a ServiceProblem with status acknowledged, inProgress, pending or held now that AFFECTS the
            element (the first by uid): the cause is known there, and the tickets only want linking. known = false
            leaves such rows out.
        Order: tickets from the greatest, depth, element_uid.

        Sources: eTOM 1.3.7.5; TMF656.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("tickets.common_cause", CommonCause, {"min_tickets": min_tickets, "hours": hours, "types": types, "known": known, "max_depth": max_depth, "as_of": as_of, "limit": limit})

    def repeat_tickets(
        self,
        *,
        n: int = 2,
        days: int = 7,
        scope: str = 'product',
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[RepeatTickets]:
        """Which products, accounts or households had n tickets in so many days, by any of their users?

        n: At least so many tickets; 2 unless given; at least 1.
        days: Within so many days before as_of [days]; 7 unless given; at least 1.
        scope: What the tickets have in common (product, account, household); product unless given.
        as_of: Nothing after this instant is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Tickets with creationDate from `days` before as_of to as_of, both included, of any type and status.
            Relationships with validity count as they stood when the ticket was created. By scope a ticket belongs
            to
        product    each Product it is ABOUT, or that is REALIZED_BY a Service it is ABOUT
        account    each Account it is ABOUT, or that such a product is BILLED_TO
        household  each household (a Group of groupType household) of which somebody ON_TICKET, in any role, is a
            direct member (MEMBER_OF): itself, or the Party that the User IDENTIFIES or the Customer engages
        A ticket that belongs to none is not counted. A row is a thing with at least n tickets. users counts the
            humans (or organizations) who reported them, ON_TICKET with role reporter: of a User the Party it
            IDENTIFIES, of a Customer the Party it engages, a Party itself, or a Party SAME_AS that one (either
            direction, one step): the first of these by uid, without any the User or Customer itself; each once.
            ticket_types are the distinct types in alphabetical order, empty ones left out; reopened counts the
            tickets whose reopenCount is above 0; ticket_uids are all of them by creationDate, then uid.
        Order: tickets from the greatest, then scope_uid.

        Sources: TMF621; Repeat contact within 7 days: practice.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("tickets.repeat_tickets", RepeatTickets, {"n": n, "days": days, "scope": scope, "as_of": as_of, "limit": limit})

    def service_impact(
        self,
        element: str,
        *,
        max_depth: int = 4,
        vip_tiers: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ServiceImpact]:
        """If this resource or service fails, which services, customers, users, SLAs and groups are hit?

        element: What fails: uid, or an id that only one has.
        max_depth: Hops of SUPPORTED_BY [hops]; 4 unless given; 1..8.
        vip_tiers: Tiers of a group that count as VIP, lower case; ["gold", "platinum", "vip"] unless given.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a Service that stands on the element (SUPPORTED_BY, any number of hops up to max_depth, every hop
            valid at as_of), and the element itself at depth 0 when it is a Service. depth is the fewest hops.
            customers own a Product realised by the service; users use it (USES_SERVICE); slas are the active SLAs
            that cover such a Product, the Account it is billed to, or a customer that owns it; vip_groups are
            Groups whose tier is in vip_tiers with one of these customers or users, or the Party behind one, as a
            direct member. All at as_of. An SLA is active when its state is empty, or active in any case.
        Order: depth, service_uid.

        Sources: eTOM 1.3.7.5.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("tickets.service_impact", ServiceImpact, {"element": element, "max_depth": max_depth, "vip_tiers": vip_tiers, "as_of": as_of, "limit": limit})

    def service_impact_graph(
        self,
        element: str,
        *,
        max_depth: int = 4,
        vip_tiers: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """If this resource or service fails, what is hit, as nodes and relationships?

        element: What fails: uid, or an id that only one has.
        max_depth: Hops of SUPPORTED_BY [hops]; 4 unless given; 1..8.
        vip_tiers: Tiers of a group that count as VIP, lower case; ["gold", "platinum", "vip"] unless given.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many nodes; 200 unless given; at least 1; none (`all`) gives every row.

        The things that tickets.service_impact counts, and the relationships through which they are hit, at as_of,
            in rings:
        0 the element
        1 the services that stand on it (SUPPORTED_BY, up to max_depth hops), those fewer hops away first; all
            SUPPORTED_BY between these and the element
        2 products REALIZED_BY one of these services, or by the element
        3 customers that own such a product (OWNS), and the accounts it is BILLED_TO
        4 users of these services (USES_SERVICE), or of the element
        5 active SLAs (state empty or active) that cover (COVERED_BY) such a product, account or customer
        6 the VIP groups (tier in vip_tiers) of which one of these customers or users, or the Party it engages or
            IDENTIFIES, is a direct member, with MEMBER_OF, and these parties with ENGAGED_PARTY or IDENTIFIES
        limit counts nodes: the inner rings are kept, in ring 1 those fewer hops away, else the first by uid.

        Sources: eTOM 1.3.7.5.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_graph("tickets.service_impact_graph", {"element": element, "max_depth": max_depth, "vip_tiers": vip_tiers, "as_of": as_of, "limit": limit})

    def ticket_context(
        self,
        ticket: str,
        *,
        days: int = 7,
        repair_metric: str = 'timeToRepair',
        max_depth: int = 2,
        fanout: int = 2000,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[TicketContext]:
        """Who reported this ticket, for whom, about what, under which clock, and which similar tickets are near it?

        ticket: Ticket: uid or number.
        days: How near in time a similar ticket is; 7 is the window of repeated contacts [days]; 7 unless given; at
            least 0.
        repair_metric: Metric of the objective that makes the clock; timeToRepair unless given.
        max_depth: Hops of SUPPORTED_BY to a shared element [hops]; 2 unless given; 1..6.
        fanout: An element that supports more than this connects nobody [services]; 2000 unless given; at least 1.
        depth: Hops through nested groups [hops]; 4 unless given; 1..8.
        as_of: Nothing after this instant is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Relationships with validity count as they stood when the ticket was created (at as_of where it has no
            creationDate); a ticket created after as_of has no rows, and other tickets created after as_of are not
            seen. status, state and the problems behind are those of now.
        The accounts of the ticket are the Accounts it is ABOUT and those that a Product it is ABOUT, or that
            realises (REALIZED_BY) a Service it is ABOUT, is BILLED_TO; where there are none, the accounts held as
            accountHolder by a Customer ON_TICKET with role customer. Sections, in this order:
        ticket   the ticket; role is its ticketType, detail its status, at its creationDate
        person   whoever is ON_TICKET; role is reporter, customer, member or another; detail is "<role> on <account
            uid>": the role on an account of the ticket of a Customer (HOLDS_ACCOUNT), of a User (USES_ACCOUNT), of
            a Party by the users that IDENTIFIES it; of several the first of accountHolder, billPayer, billReceiver,
            primary, delegate, secondary, guest, others, then by account uid; empty without one
        about    what it is ABOUT; role is product, service or account, detail its status or state
        account  the accounts of the ticket that it is not ABOUT; role is billing, or held for those found by their
            holder; detail is the Customer holding it as accountHolder (the first by uid)
        clock    requestedResolution, expectedResolution and resolution: the ticket, at the date of that name, where
            it has one (a resolutionDate after as_of is not seen); and repair_metric: the SLA that wins for it, at
            creationDate + target of its objective, detail the objective, name the SLA's. The SLA is found as in
            sla.sla_jeopardy, when the ticket was created: active (state empty or active, any case), with an
            objective of repair_metric that has a target, and covering 1 a Product the ticket is ABOUT, or that
            realises a Service it is ABOUT; 2 an account the ticket is ABOUT or such a product is BILLED_TO; 3 a
            Customer holding that account as accountHolder; 4 a Group, nested up to depth, of that customer, of
            anybody ON_TICKET, or of the Party that one of them engages or IDENTIFIES. The first by precedence
            (absent last), path, fewer nested hops, later validFrom of COVERED_BY, SLA uid wins; of its objectives
            the one that ends first, then the first by uid. A unit that begins with s, m or d (any case) is seconds,
            minutes or days, any other, or none, is hours. hours_left is from the resolution, or while unresolved
            from as_of, to `at`, rounded to 2 decimals, below 0 when late; empty for resolution
        problem  ServiceProblems: role partOf where the ticket is PART_OF_PROBLEM, else affects where one AFFECTS a
            service of the ticket (a Service it is ABOUT, or that realises a Product it is ABOUT) or what supports
            it, up to max_depth hops of SUPPORTED_BY; name is the category, detail the status
        related  tickets at either end of RELATED_TICKET; role is the relationshipType, or related; detail the
            status, at the creationDate
        similar  other tickets created at most `days` before or after this one; role is the first that holds:
            sameThing (ABOUT the same Product, Service or Account), sameAccount (ABOUT an account of this ticket, a
            product BILLED_TO it, or a service that realises such a product), sameSupport (ABOUT a Service that
            stands, up to max_depth hops of SUPPORTED_BY, on an element on which a service of this ticket stands,
            also up to max_depth hops). Elements and services on which more than `fanout` others stand directly are
            not followed down: a core router is near everything. detail is the status, at the creationDate
        Order: section as above, then the order of roles named here (others last, by name), then uid.

        Sources: TMF621; TMF656.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("tickets.ticket_context", TicketContext, {"ticket": ticket, "days": days, "repair_metric": repair_metric, "max_depth": max_depth, "fanout": fanout, "depth": depth, "as_of": as_of, "limit": limit})

    def tickets_by_non_holders(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        kind: str | None = None,
        action: str = 'manage:services',
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[TicketsByNonHolders]:
        """Which tickets came from someone other than the account holder, and were they authorised?

        since: Tickets created from then on; as_of-30d unless given.
        until: Tickets created before then; as_of unless given.
        kind: Only reporters of this kind (primary, secondary, guest, delegate).
        action: The action or entitlement that allows to report; manage:services unless given.
        as_of: Nothing after this instant is seen; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        TroubleTickets with creationDate in [since, until) and not after as_of. Every relationship with validity,
            and every Permission, counts as it stood when the ticket was created.
        accounts   of the ticket: the Accounts it is ABOUT and those that a Product it is ABOUT, or that realises
            (REALIZED_BY) a Service it is ABOUT, is BILLED_TO; where there are none, the accounts held as
            accountHolder by a Customer ON_TICKET with role customer. A ticket without accounts has no row, nor has
            one without a reporter
        reporter   whoever is ON_TICKET with role reporter; each is a row of its own. The reporter's person is the
            reporter itself when it is a Party, else the Party that the User IDENTIFIES or the Customer engages, and
            the Parties that are SAME_AS that one (in either direction, one step); the reporter's selves are the
            reporter, the Users that IDENTIFIES such a Party and the Customers that engage one
        holder     the reporter is the holder, and no row, when one of its selves is a Customer that holds one of
            the accounts as accountHolder. A user of an account whose holder nobody knows is not the holder
        account_uid is the account of the ticket on which a User among the selves has the best role (USES_ACCOUNT):
            primary, delegate, secondary, guest, others, then by account uid; without such a role the first account
            by uid. kind is that role, empty without one. account_holder is the Customer that holds this account as
            accountHolder (the first by uid).
        authorised: a User or Customer among the selves has a grant whose entitlements hold action, or begin with
            action and a colon. Grants, in this order:
        permission  a Permission GRANTED_TO the user, valid then (either end empty is open), ON_ASSET a thing the
            ticket is ABOUT, a product that realises a service it is ABOUT, or an account of the ticket; by its own
            entitlements; without any it grants nothing. authorised_by is the Permission's uid
        account     the role of the user on an account of the ticket, by its default entitlements; authorised_by is
            the role
        holder      the role in which the Customer holds an account of the ticket (billPayer, billReceiver), by its
            default entitlements; authorised_by is the role
        guardian    a Party of the reporter's person is guardian (GUARDIAN_OF) of the Individual that a user
            (USES_SERVICE) of a Service the ticket is ABOUT IDENTIFIES, by the default entitlements of guardian;
            authorised_by is guardian
        authorised_by is the first that holds in this order, then by account uid, then by Permission uid or role;
            authorised_via its kind; both empty where nothing authorises.
        By default entitlements (the table in the README) account holder and primary and delegate users may
            manage:services, secondary users and guests may not.
        Order: at, newest first, then ticket_uid, reporter_uid.

        Sources: TMF621; TMF672; In the public US complaint data 9.1 % were filed on behalf of someone else.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("tickets.tickets_by_non_holders", TicketsByNonHolders, {"since": since, "until": until, "kind": kind, "action": action, "as_of": as_of, "limit": limit})


class AsyncTickets:
    """Tickets, problems and their impact."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def common_cause(
        self,
        *,
        min_tickets: int = 2,
        hours: int = 24,
        types: list[str] | None = None,
        known: bool = True,
        max_depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[CommonCause]:
        """Which open tickets share a supporting service or resource, but no service problem?

        Takes, gives and raises what ``Tickets.common_cause`` does.
        """
        return await self._graph.ask_many("tickets.common_cause", CommonCause, {"min_tickets": min_tickets, "hours": hours, "types": types, "known": known, "max_depth": max_depth, "as_of": as_of, "limit": limit})

    async def repeat_tickets(
        self,
        *,
        n: int = 2,
        days: int = 7,
        scope: str = 'product',
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[RepeatTickets]:
        """Which products, accounts or households had n tickets in so many days, by any of their users?

        Takes, gives and raises what ``Tickets.repeat_tickets`` does.
        """
        return await self._graph.ask_many("tickets.repeat_tickets", RepeatTickets, {"n": n, "days": days, "scope": scope, "as_of": as_of, "limit": limit})

    async def service_impact(
        self,
        element: str,
        *,
        max_depth: int = 4,
        vip_tiers: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ServiceImpact]:
        """If this resource or service fails, which services, customers, users, SLAs and groups are hit?

        Takes, gives and raises what ``Tickets.service_impact`` does.
        """
        return await self._graph.ask_many("tickets.service_impact", ServiceImpact, {"element": element, "max_depth": max_depth, "vip_tiers": vip_tiers, "as_of": as_of, "limit": limit})

    async def service_impact_graph(
        self,
        element: str,
        *,
        max_depth: int = 4,
        vip_tiers: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """If this resource or service fails, what is hit, as nodes and relationships?

        Takes, gives and raises what ``Tickets.service_impact_graph`` does.
        """
        return await self._graph.ask_graph("tickets.service_impact_graph", {"element": element, "max_depth": max_depth, "vip_tiers": vip_tiers, "as_of": as_of, "limit": limit})

    async def ticket_context(
        self,
        ticket: str,
        *,
        days: int = 7,
        repair_metric: str = 'timeToRepair',
        max_depth: int = 2,
        fanout: int = 2000,
        depth: int = 4,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[TicketContext]:
        """Who reported this ticket, for whom, about what, under which clock, and which similar tickets are near it?

        Takes, gives and raises what ``Tickets.ticket_context`` does.
        """
        return await self._graph.ask_many("tickets.ticket_context", TicketContext, {"ticket": ticket, "days": days, "repair_metric": repair_metric, "max_depth": max_depth, "fanout": fanout, "depth": depth, "as_of": as_of, "limit": limit})

    async def tickets_by_non_holders(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        kind: str | None = None,
        action: str = 'manage:services',
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[TicketsByNonHolders]:
        """Which tickets came from someone other than the account holder, and were they authorised?

        Takes, gives and raises what ``Tickets.tickets_by_non_holders`` does.
        """
        return await self._graph.ask_many("tickets.tickets_by_non_holders", TicketsByNonHolders, {"since": since, "until": until, "kind": kind, "action": action, "as_of": as_of, "limit": limit})


class Selfcare:
    """Why they closed the page and went away."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def failure_demand(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        hours: int = 24,
        intent: str | None = None,
        by_whom: str | None = None,
        idle: int = 30,
        recover_hours: int = 24,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[FailureDemand]:
        """Which wasted self-care visits became a call or a ticket, by the same user or by someone else on the account?

        since: Visits begun from then on; as_of-30d unless given.
        until: Visits begun before then; as_of unless given.
        hours: Time after the visit in which a contact belongs to it [hours]; 24 unless given; at least 1.
        intent: Only visits with this intent.
        by_whom: Only contacts made by these (self, other, unknown).
        idle: Silence after which an open visit counts as abandoned [minutes]; 30 unless given; at least 1.
        recover_hours: Time to come back [hours]; 24 unless given; at least 1.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Visits (SelfCareTransaction) with start in [since, until) and before as_of. What is after as_of is not seen:
            an outcome counts once its end (where one is known) is not after as_of. A visit ends at its end, else at
            its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
        unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than
            idle minutes before as_of.
        recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the
            same intent at an end after this one's start and at most recover_hours after its end
        undecided   not recovered, and recover_hours after its end have not passed at as_of
        wasted      neither recovered nor undecided. Only these are rows, one for each contact.
        contact     within hours after its end (both ends included), and not before its start, nor after as_of: an
            inbound PartyInteraction (start) whose channel is none of selfCare, web, app, or a TroubleTicket
            (creationDate); of the user or the Party it IDENTIFIES, or of anyone using or holding at its start an
            account the user used then or the visit CONCERNS (users and the parties they identify, holding customers
            in any role and the parties they engage). A contact is of whoever HAD_INTERACTION or is ON_TICKET, in
            whatever role.
        by_whom     who made the contact, of those people (whoever else it names is not looked at), judged by all of
            them that it names in a role other than customer and member: self (the visit's user, or the Party it
            IDENTIFIES, is one of them), other (a User or an Individual is one of them), unknown (it names nobody
            but the customer, an organization or a member; or the visit has no user)
        contact_user_uid  who made it: the first by uid of those that decide by_whom, a User before an Individual or
            an Organization; empty when by_whom is unknown
        gap_minutes from the visit's end to the contact, whole seconds over 60; negative for a contact during the
            visit
        account_uid is the account the visit CONCERNS (the first by uid), else the one used at start (primary,
            delegate, secondary, guest, then uid); kind is the user's role on it at start. Where several users
            STARTED a visit, the first by uid is its user.
        Order: contacted_at, transaction_uid, contact_uid.

        Sources: TMF701 (which has no abandoned state); Failure demand: a contact caused by a failure to do
        something or to do it right; 24 hours by practice.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("selfcare.failure_demand", FailureDemand, {"since": since, "until": until, "hours": hours, "intent": intent, "by_whom": by_whom, "idle": idle, "recover_hours": recover_hours, "as_of": as_of, "limit": limit})

    def self_care_funnel(
        self,
        flow: str,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        idle: int = 30,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SelfCareFunnel]:
        """Where in this flow do primary, secondary and guest users drop out?

        flow: The intent of the visits.
        since: Visits begun from then on; as_of-30d unless given.
        until: Visits begun before then; as_of unless given.
        min_n: Rows with fewer visits entered are left out [visits]; 5 unless given; at least 1.
        idle: Silence after which an open visit counts as abandoned [minutes]; 30 unless given; at least 1.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Visits (SelfCareTransaction) whose intent is flow, with start in [since, until) and before as_of. What is
            after as_of is not seen: an outcome counts once its end (where one is known) is not after as_of, a step
            once its enteredAt (where one is known) is not. A visit ends at its end, else at its last sign of life
            (leftAt, enteredAt or start, the latest not after as_of).
        unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than
            idle minutes before as_of.
        completed   outcome is completed. A visit that is neither is still open.
        kind is the user's role at the start on the account of the visit: the account it CONCERNS (the first by
            uid), else the one used at start (primary, delegate, secondary, guest, then uid); empty when nobody was
            signed in or the user has no role on it. Where several users STARTED a visit, the first by uid is its
            user.
        A row is a step (a pageId that at least one visit of the flow has) and a kind, with at least min_n visits
            entered. Steps without a pageId make no row.
        place       where the step stands in the flow: of each visit with the page, of whatever kind, the least seq
            on it; of these the lower median
        entered     visits with the page, and completed visits of which no step is kept at all: they are taken to
            have gone through every step
        assumed     how many of entered are such completed visits
        left        unfinished visits whose last step (greatest seq) is on the page
        completed   how many of entered completed the flow; conv_by_kind is completed / entered
        median_seconds  median of leftAt minus enteredAt, in whole seconds, over the steps on the page with both
            known and leftAt not after as_of, those of one visit each; the mean of the middle two where they are
            even; empty without any
        Order: place, step, kind (primary, delegate, secondary, guest, other, empty).

        Sources: TMF701 (which has no abandoned state).

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("selfcare.self_care_funnel", SelfCareFunnel, {"flow": flow, "since": since, "until": until, "min_n": min_n, "idle": idle, "as_of": as_of, "limit": limit})

    def silent_quitters(
        self,
        *,
        n: int = 2,
        days: int = 30,
        idle: int = 30,
        recover_hours: int = 24,
        lcp_seconds: float = 4.0,
        apdex_t: float = 2.0,
        bounce_seconds: float = 10.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SilentQuitters]:
        """Which users wasted several self-care visits and never contacted us?

        n: At least so many wasted visits [visits]; 2 unless given; at least 1.
        days: Visits of so many days before as_of [days]; 30 unless given; at least 1.
        idle: Silence after which an open visit counts as abandoned [minutes]; 30 unless given; at least 1.
        recover_hours: Time to come back, or to call [hours]; 24 unless given; at least 1.
        lcp_seconds: Largest contentful paint above which a page is slow [s]; 4.0 unless given; at least 0.
        apdex_t: Apdex threshold T; a load above 4T frustrates [s]; 2.0 unless given; at least 0.
        bounce_seconds: Dwell on a single page below which it bounced [s]; 10.0 unless given; at least 0.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Visits (SelfCareTransaction) that a User STARTED, with start in [as_of - days, as_of). What is after as_of
            is not seen: an outcome counts once its end (where one is known) is not after as_of. A visit ends at its
            end, else at its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
        unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than
            idle minutes before as_of.
        recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the
            same intent at an end after this one's start and at most recover_hours after its end
        undecided   not recovered, and recover_hours after its end have not passed at as_of
        wasted      neither recovered nor undecided
        waste_cause the first that holds: error (a step has an error); slowLoad (the last step's lcpMs > 1000 *
            lcp_seconds, or loadMs > 4000 * apdex_t); formWall (the first step isForm and fieldsFilled = 0); bounce
            (one step, left in under bounce_seconds; where no leftAt is known the visit's end counts); midFlow (more
            than one step); unknown
        contact     an inbound PartyInteraction (start) whose channel is none of selfCare, web, app, or a
            TroubleTicket (creationDate), not after as_of
        escalated   within recover_hours after its end, and not before its start: a contact of the user or the Party
            it IDENTIFIES, or of anyone using or holding at its start an account the user used then or the visit
            CONCERNS (users and the parties they identify, holding customers in any role and the parties they
            engage)
        silent      none of the user's wasted visits is escalated, and there is no contact, from the start of the
            first of them on, of the user, of a Party it IDENTIFIES at as_of, or of a Customer that engages such a
            Party at as_of
        A row is a User with at least n wasted visits who is silent. A contact before the first of these visits does
            not count, nor does a contact of somebody else on the account that escalates none of them. Where several
            users STARTED a visit, it counts for the first by uid.
        last_cause is the waste_cause of the last of them (by start, then uid); account_uid is the account that one
            CONCERNS (the first by uid), else the one the user used at its start (primary, delegate, secondary,
            guest, then uid); kind is the user's role on it then. holder_uid is the Customer holding that account as
            accountHolder at as_of (the first by uid), holder_tenure the whole days from its startDate to as_of, cut
            towards zero (below zero for one that begins later), empty where that is not known.
        Order: wasted descending, user_uid.

        Sources: TMF701 (which has no abandoned state); Apdex: frustrated above 4T, T = 2 s; Web Vitals: LCP poor
        above 4.0 s.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("selfcare.silent_quitters", SilentQuitters, {"n": n, "days": days, "idle": idle, "recover_hours": recover_hours, "lcp_seconds": lcp_seconds, "apdex_t": apdex_t, "bounce_seconds": bounce_seconds, "as_of": as_of, "limit": limit})

    def wasted_by_page(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        device: str | None = None,
        min_n: int = 5,
        idle: int = 30,
        recover_hours: int = 24,
        lcp_seconds: float = 4.0,
        apdex_t: float = 2.0,
        bounce_seconds: float = 10.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WastedByPage]:
        """On which self-care page do most visits end unfinished and wasted, with what load time, and how many customers does it touch?

        since: Visits begun from then on; as_of-30d unless given.
        until: Visits begun before then; as_of unless given.
        device: Only visits on this device, as the source spells it.
        min_n: Pages entered by fewer visits are left out [visits]; 5 unless given; at least 1.
        idle: Silence after which an open visit counts as abandoned [minutes]; 30 unless given; at least 1.
        recover_hours: Time to come back [hours]; 24 unless given; at least 1.
        lcp_seconds: Largest contentful paint above which a page is slow [s]; 4.0 unless given; at least 0.
        apdex_t: Apdex threshold T; a load above 4T frustrates [s]; 2.0 unless given; at least 0.
        bounce_seconds: Dwell on a single page below which it bounced [s]; 10.0 unless given; at least 0.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Visits (SelfCareTransaction) with start in [since, until) and before as_of, on the device where one is
            given. What is after as_of is not seen: an outcome counts once its end (where one is known) is not after
            as_of, a step once its enteredAt (where one is known) is not. A visit without such a step is not
            counted: a source that keeps the steps of unfinished visits only makes entries the unfinished ones. A
            visit ends at its end, else at its last sign of life (leftAt, enteredAt or start, the latest not after
            as_of).
        unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than
            idle minutes before as_of.
        recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the
            same intent at an end after this one's start and at most recover_hours after its end
        undecided   not recovered, and recover_hours after its end have not passed at as_of
        wasted      neither recovered nor undecided
        waste_cause the first that holds: error (a step has an error); slowLoad (the last step's lcpMs > 1000 *
            lcp_seconds, or loadMs > 4000 * apdex_t); formWall (the first step isForm and fieldsFilled = 0); bounce
            (one step, left in under bounce_seconds; where no leftAt is known the visit's end counts); midFlow (more
            than one step); unknown
        A row is a pageId that at least min_n visits entered; steps without a pageId make no row. The last step of a
            visit is the one of the greatest seq.
        entries     visits with a step on the page
        exits       unfinished visits whose last step is on the page
        wasted      exits that are wasted; waste_rate is wasted / entries
        p75_lcp     of all steps on the page with lcpMs, those of one visit each: the smallest value that at least
            three quarters of them do not exceed (nearest rank)
        apdex       of all steps on the page with loadMs: (those of at most 1000 * apdex_t + half of those above
            that and of at most 4000 * apdex_t) / all; empty without any
        top_cause   the most frequent waste_cause of the wasted exits, the first in the order above among equals;
            empty without any
        affected_customers  distinct Customers who hold, as accountHolder at the visit's start, the account of a
            wasted exit. That account is the one the visit CONCERNS (the first by uid), else the one its user used
            at start (primary, delegate, secondary, guest, then uid).
        Where several users STARTED a visit, the first by uid is its user.
        Order: wasted descending, waste_rate descending, page_id.

        Sources: TMF701 (which has no abandoned state); Apdex: frustrated above 4T, T = 2 s; Web Vitals: LCP poor
        above 4.0 s, judged at the 75th percentile, by device.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("selfcare.wasted_by_page", WastedByPage, {"since": since, "until": until, "device": device, "min_n": min_n, "idle": idle, "recover_hours": recover_hours, "lcp_seconds": lcp_seconds, "apdex_t": apdex_t, "bounce_seconds": bounce_seconds, "as_of": as_of, "limit": limit})

    def wasted_transactions(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        intent: str | None = None,
        kind: str | None = None,
        cause: str | None = None,
        idle: int = 30,
        recover_hours: int = 24,
        lcp_seconds: float = 4.0,
        apdex_t: float = 2.0,
        bounce_seconds: float = 10.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WastedTransactions]:
        """Which self-care visits were left unfinished, by whom, where did they stop and why, and were they wasted?

        since: Visits begun from then on; as_of-30d unless given.
        until: Visits begun before then; as_of unless given.
        intent: Only visits with this intent.
        kind: Only visits by users of this kind (primary, secondary, guest, delegate).
        cause: Only visits with this cause (error, slowLoad, formWall, bounce, midFlow, unknown).
        idle: Silence after which an open visit counts as abandoned [minutes]; 30 unless given; at least 1.
        recover_hours: Time to come back, or to call [hours]; 24 unless given; at least 1.
        lcp_seconds: Largest contentful paint above which a page is slow [s]; 4.0 unless given; at least 0.
        apdex_t: Apdex threshold T; a load above 4T frustrates [s]; 2.0 unless given; at least 0.
        bounce_seconds: Dwell on a single page below which it bounced [s]; 10.0 unless given; at least 0.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Visits (SelfCareTransaction) with start in [since, until) and before as_of. What is after as_of is not seen:
            an outcome counts once its end (where one is known) is not after as_of. A visit ends at its end, else at
            its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
        unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than
            idle minutes before as_of. Only these are rows.
        recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the
            same intent at an end after this one's start and at most recover_hours after its end
        undecided   not recovered, and recover_hours after its end have not passed at as_of
        wasted      neither recovered nor undecided
        waste_cause the first that holds: error (a step has an error); slowLoad (the last step's lcpMs > 1000 *
            lcp_seconds, or loadMs > 4000 * apdex_t); formWall (the first step isForm and fieldsFilled = 0); bounce
            (one step, left in under bounce_seconds; where no leftAt is known the visit's end counts); midFlow (more
            than one step); unknown
        escalated   within recover_hours after its end, and not before its start: an inbound PartyInteraction
            (start) whose channel is none of selfCare, web, app, or a TroubleTicket (creationDate); of the user or
            the Party it IDENTIFIES, or of anyone using or holding at its start an account the user used then or the
            visit CONCERNS (users and the parties they identify, holding customers in any role and the parties they
            engage)
        account_uid is the account the visit CONCERNS (the first by uid), else the one used at start (primary,
            delegate, secondary, guest, then uid); kind is the user's role on it at start.
        Order: started_at, transaction_uid.

        Sources: TMF701 (which has no abandoned state); Apdex: frustrated above 4T, T = 2 s; Web Vitals: LCP poor
        above 4.0 s.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("selfcare.wasted_transactions", WastedTransactions, {"since": since, "until": until, "intent": intent, "kind": kind, "cause": cause, "idle": idle, "recover_hours": recover_hours, "lcp_seconds": lcp_seconds, "apdex_t": apdex_t, "bounce_seconds": bounce_seconds, "as_of": as_of, "limit": limit})


class AsyncSelfcare:
    """Why they closed the page and went away."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def failure_demand(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        hours: int = 24,
        intent: str | None = None,
        by_whom: str | None = None,
        idle: int = 30,
        recover_hours: int = 24,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[FailureDemand]:
        """Which wasted self-care visits became a call or a ticket, by the same user or by someone else on the account?

        Takes, gives and raises what ``Selfcare.failure_demand`` does.
        """
        return await self._graph.ask_many("selfcare.failure_demand", FailureDemand, {"since": since, "until": until, "hours": hours, "intent": intent, "by_whom": by_whom, "idle": idle, "recover_hours": recover_hours, "as_of": as_of, "limit": limit})

    async def self_care_funnel(
        self,
        flow: str,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        min_n: int = 5,
        idle: int = 30,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SelfCareFunnel]:
        """Where in this flow do primary, secondary and guest users drop out?

        Takes, gives and raises what ``Selfcare.self_care_funnel`` does.
        """
        return await self._graph.ask_many("selfcare.self_care_funnel", SelfCareFunnel, {"flow": flow, "since": since, "until": until, "min_n": min_n, "idle": idle, "as_of": as_of, "limit": limit})

    async def silent_quitters(
        self,
        *,
        n: int = 2,
        days: int = 30,
        idle: int = 30,
        recover_hours: int = 24,
        lcp_seconds: float = 4.0,
        apdex_t: float = 2.0,
        bounce_seconds: float = 10.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[SilentQuitters]:
        """Which users wasted several self-care visits and never contacted us?

        Takes, gives and raises what ``Selfcare.silent_quitters`` does.
        """
        return await self._graph.ask_many("selfcare.silent_quitters", SilentQuitters, {"n": n, "days": days, "idle": idle, "recover_hours": recover_hours, "lcp_seconds": lcp_seconds, "apdex_t": apdex_t, "bounce_seconds": bounce_seconds, "as_of": as_of, "limit": limit})

    async def wasted_by_page(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        device: str | None = None,
        min_n: int = 5,
        idle: int = 30,
        recover_hours: int = 24,
        lcp_seconds: float = 4.0,
        apdex_t: float = 2.0,
        bounce_seconds: float = 10.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WastedByPage]:
        """On which self-care page do most visits end unfinished and wasted, with what load time, and how many customers does it touch?

        Takes, gives and raises what ``Selfcare.wasted_by_page`` does.
        """
        return await self._graph.ask_many("selfcare.wasted_by_page", WastedByPage, {"since": since, "until": until, "device": device, "min_n": min_n, "idle": idle, "recover_hours": recover_hours, "lcp_seconds": lcp_seconds, "apdex_t": apdex_t, "bounce_seconds": bounce_seconds, "as_of": as_of, "limit": limit})

    async def wasted_transactions(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        intent: str | None = None,
        kind: str | None = None,
        cause: str | None = None,
        idle: int = 30,
        recover_hours: int = 24,
        lcp_seconds: float = 4.0,
        apdex_t: float = 2.0,
        bounce_seconds: float = 10.0,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WastedTransactions]:
        """Which self-care visits were left unfinished, by whom, where did they stop and why, and were they wasted?

        Takes, gives and raises what ``Selfcare.wasted_transactions`` does.
        """
        return await self._graph.ask_many("selfcare.wasted_transactions", WastedTransactions, {"since": since, "until": until, "intent": intent, "kind": kind, "cause": cause, "idle": idle, "recover_hours": recover_hours, "lcp_seconds": lcp_seconds, "apdex_t": apdex_t, "bounce_seconds": bounce_seconds, "as_of": as_of, "limit": limit})


class Access:
    """Controls, permissions, privacy."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def effective_controls(
        self,
        user: str,
        *,
        depth: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[EffectiveControls]:
        """Which parental-control policies bind this user, from which level, set by whom, and which decides?

        user: User: uid or id.
        depth: Hops through nested groups [hops]; 3 unless given; 1..6.
        as_of: Relationships and policies valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a ParentalControlPolicy in force at as_of and one thing it APPLIES_TO, by which it binds the user.
            In force: validFrom empty or not after as_of, validTo empty or after as_of, status empty or active (in
            any case). Every other hop is valid at as_of too. Levels:
        user      it applies to the user
        service   it applies to a Service that the user uses (USES_SERVICE)
        household it applies to a Household of which the user, or the Party it IDENTIFIES, is a member (MEMBER_OF),
            or which is up to depth hops (SUBGROUP_OF) around such a group
        group     the same with a Group that is no Household
        path is uid, -TYPE-> or <-TYPE-, uid, … from the user to the policy: the shortest, among equally short ones
            the first as text.
        All policies bind together: what one forbids is forbidden. wins names the fields in which this one is the
            strictest of all rows (every one of several equally strict), in this order: rating_limit (the lowest,
            read as a number, 12 or 12.5; a limit written otherwise never wins), categories (every policy that
            blocks any adds to what is blocked), time_window (the fewest minutes between HH:MM-HH:MM of 00:00 to
            23:59, past midnight where the end is not after the start; another spelling never wins), spend_limit
            (the lowest). An empty field never wins.
        setter_role is what set_by (SET_BY, the first by uid) is to this user at as_of, the first that holds: self
            (the user itself); guardian (IDENTIFIES an Individual that is GUARDIAN_OF the Individual whom the user
            IDENTIFIES); accountHolder (IDENTIFIES the Party of a Customer that holds as accountHolder an account
            the user uses); primary (uses such an account as primary); head, then admin (the setter or its Party has
            this role in a Group of which the user or its Party is directly a member); empty when none holds.
        Order: level as above, policy_uid, applies_to.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("access.effective_controls", EffectiveControls, {"user": user, "depth": depth, "as_of": as_of, "limit": limit})

    def erasure_impact(
        self,
        party: str,
        *,
        minor_age: int = 18,
        paid: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 1000,
    ) -> Result[ErasureImpact]:
        """What would erasing this person delete, anonymise or unlink, and what blocks it?

        party: The person: uid, or an id that only one has.
        minor_age: Younger needs a guardian [years]; 18 unless given; 1..25.
        paid: Payment statuses that owe nothing, lower case; ["paid", "settled", "inorder"] unless given.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 1000 unless given; at least 1; none (`all`) gives every row.

        The person is the party asked for (the Party that a User asked for IDENTIFIES, that a Customer asked for
            engages), with every Party SAME_AS it, one hop in either direction; the Users that IDENTIFIES one of
            these and the Customers that engage one (ENGAGED_PARTY). These are the person's faces. A row is a face
            or a thing with a relationship to a face that has begun by as_of, whether or not it has ended; nothing
            created, sent, started or reported after as_of is seen. An outsider is whoever is no face.
        What happens to a thing (own), and with whom it is shared:
        Individual, Organization  a party of the person: delete. Another one that it is GUARDIAN_OF at as_of, or
            that is so of it: unlink, and so one whose guardianship has ended; shared with the other guardians at
            as_of of the one it is GUARDIAN_OF.
        User                      delete; shared with outside Parties it IDENTIFIES at as_of
        Customer                  anonymise, since books must be kept; shared with outside Parties it engages at
            as_of
        Account                   held in any role: anonymise; only used: unlink; shared with outside Customers that
            hold it as accountHolder and outside Users that use it, at as_of
        Product                   owned: anonymise; shared with outside Customers that own it at as_of
        Service                   used: unlink; shared with outside Users that use it at as_of
        Group                     a member: unlink; shared with outside members at as_of
        ContactMedium             delete; shared with outsiders ever REACHED_AT it
        Identifier                of a face: delete
        PrivacyProfile            of a party (APPLIES_FOR) or AGREED_BY it: delete; shared with outside Parties it
            APPLIES_FOR
        Permission                GRANTED_TO or GRANTED_BY a face: delete; shared with outside Users it is
            GRANTED_TO
        ParentalControlPolicy     APPLIES_TO or SET_BY a face: delete; shared with outside things it APPLIES_TO
        Invitation                SENT by or ACCEPTED_AS a face: delete; shared with the outside Users that SENT it
            or came by it
        QoEMeasurement            delete
        SelfCareTransaction       anonymise, with its steps, which are no rows; shared with outside Users who
            STARTED it
        PartyInteraction, TroubleTicket  anonymise; shared with outsiders named in it
        anything else that names a face as RELATED_PARTY: unlink
        action is blocked where there is a blocker, else unlink where the thing is shared (a PartyInteraction and a
            TroubleTicket are anonymised all the same), else as said. A thing that comes in more than one way takes
            the first of delete, anonymise, unlink.
        blocked_by, sorted:
        guardianOfMinor  on an Individual that a party of the person is GUARDIAN_OF at as_of and that is younger
            than minor_age years on the day of as_of (UTC), or whose birth date is unknown
        openTicket       on a TroubleTicket that is acknowledged, inProgress, pending or held
        soleHolder       on an Account that a face holds as accountHolder at as_of and no outside Customer does,
            whose state is other than Closed
        unpaidBill       on an Account that a face holds as accountHolder or billPayer at as_of and whose
            paymentStatus is there and none of paid (in lower case)
        A party of the person is blocked by all that blocks any row: it cannot be erased before that is settled.
        shared_with lists at most the first 20 uids, shared is how many there are.
        Order: action (blocked, delete, anonymise, unlink), label, uid.

        Sources: GDPR Art. 17.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("access.erasure_impact", ErasureImpact, {"party": party, "minor_age": minor_age, "paid": paid, "as_of": as_of, "limit": limit})

    def orphan_policies(
        self,
        *,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[OrphanPolicies]:
        """Which parental-control policies and permissions were set by someone who is no longer guardian, admin or holder?

        as_of: Standing, policies and permissions at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A ParentalControlPolicy (SET_BY a User) or Permission (GRANTED_BY a User or Party) in force at as_of, each
            setter of it, and each thing it is for (APPLIES_TO, ON_ASSET): a row where the setter has no standing
            over that thing at as_of. In force: validFrom empty or not after as_of, validTo empty or after as_of;
            for a policy also status empty or active (in any case). A policy or permission that is for nothing makes
            no row.
        Standing of a setter (with the Party that a User IDENTIFIES, and the Users that IDENTIFIES a Party) over a
            thing:
        self      the thing is the setter's own User
        guardian  its Individual is GUARDIAN_OF the Individual whom the thing, a User, IDENTIFIES; of the one whom a
            user of the thing, a Service, IDENTIFIES (USES_SERVICE); or of a member of the thing, a Group
        holder    its Party is engaged by a Customer that holds as accountHolder an account of the thing, or it uses
            that account as primary. Accounts of a thing: an Account itself; of a Product the one it is BILLED_TO;
            of a Service those of the Products it realises; of a User those it uses; of a Group those that own it
            (OWNED_BY); a Group OWNED_BY a Customer is that Customer's: its Party has standing.
        admin     it or its Party is head or admin of the thing, a Group, or of a Group of which the thing, a User,
            or its Party is directly a member
        Each way of standing lasts while all its relationships are valid together: from the latest validFrom until
            before the earliest validTo; ways that begin after as_of are not seen.
        reason is lost (there was a way that ended by as_of; lost_role_at is the latest end, lost_role its kind, the
            first by name among equals), never (there was none), unknown (nobody is named as setter).
        Order: reason (lost, never, unknown), lost_role_at, policy_uid, set_by, applies_to.

        Sources: TMF672.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("access.orphan_policies", OrphanPolicies, {"as_of": as_of, "limit": limit})

    def subject_access_report(
        self,
        party: str,
        *,
        limit: int | None = 1000,
    ) -> Result[SubjectAccessReport]:
        """What do we hold on this person, in which system, and under which consent?

        party: The person: uid, or an id that only one has.
        limit: At most this many rows; 1000 unless given; at least 1; none (`all`) gives every row.

        As of the last load. The person is the party asked for (the Party that a User asked for IDENTIFIES, that a
            Customer asked for engages), with every Party SAME_AS it, one hop in either direction; the Users that
            IDENTIFIES one of these and the Customers that engage one (ENGAGED_PARTY). These are the person's faces.
            All relationships count that have begun, whether or not they have ended: what is still held is reported.
        Two sorts of rows:
        field  a property of a face, or of a thing that is the person's own: ContactMedia the person is REACHED_AT,
            Identifiers that NAMES a face, Accounts held, Products owned, Permissions GRANTED_TO and
            ParentalControlPolicies that APPLIES_TO a user, PrivacyProfiles that APPLIES_FOR a party, Invitations
            SENT or ACCEPTED_AS, QoEMeasurements, SelfCareTransactions STARTED and their steps, PartyInteractions,
            TroubleTickets; of a Service used only the msisdn. One row for each system in the thing's sources that
            asserts the field, with what that system says: the value in its SourceRecord where there is one (then
            first_seen is the record's), else the merged value, unless the system's last load declares fields of
            that kind of thing and not this one. id is asserted by every system. Empty fields are no rows, nor is
            what the graph keeps for itself (uid, sources, seen…, stub, asOf, deletedAt, declares). via and the
            period are empty.
        link   a relationship between a face and another thing (HAS_QOE and STARTED, which say no more than the
            thing, and ASSERTS, whose SourceRecord the field rows show, are left out), once for each system in its
            sources: field is -TYPE-> or <-TYPE- as seen from the face via, value its role, label and uid the thing
            at the other end, valid_from and valid_to its period (for SENT, ACCEPTED_AS and CONVERTED_TO valid_from
            is at). Between two faces it is shown from its start.
        value is text: lists are joined by ;, instants are ISO 8601 in UTC. A row without any source has an empty
            system.
        purpose is the same in every row: the purposes, sorted, of the PrivacyProfiles with status active or empty
            that now APPLIES_FOR a party of the person; empty when there is none, so that what is held needs another
            basis.
        Order: label, uid, field, system, via, valid_from, value.

        Sources: GDPR Art. 15; TMF644.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("access.subject_access_report", SubjectAccessReport, {"party": party, "limit": limit})

    def unprotected_minors(
        self,
        *,
        age_limit: int = 16,
        service: str | None = None,
        service_type: str | None = None,
        unknown_age: bool = True,
        depth: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[UnprotectedMinors]:
        """Which minors use a service with no active parental-control policy, or without a living guardian?

        age_limit: Younger is a minor [years]; 16 unless given; 1..25.
        service: Only users of this service.
        service_type: Only users of services of this type.
        unknown_age: Also those whose birth date is unknown; true unless given.
        depth: Hops through nested groups [hops]; 3 unless given; 1..6.
        as_of: Relationships and policies valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Every hop is valid at as_of. An Individual is looked at with each User that IDENTIFIES it and uses at least
            one Service (USES_SERVICE), of service_type and the service itself where those are given. Rows by what
            is missing:
        policy    the Individual is a minor, and at least one of these services is bound by no policy in force: none
            that APPLIES_TO the user, to that service, or to a Group of which the user or the Individual is a member
            or which is up to depth hops (SUBGROUP_OF) around such a group. services are those bound by none.
        guardian  the Individual is a minor, and no Individual whose status is other than deceased is GUARDIAN_OF
            it. services are all of them.
        age       the birth date is unknown, so that nobody can say: one row instead of the two above, left out
            where unknown_age is false. services are all of them.
        A minor is younger than age_limit years on the day of as_of (UTC): the birth date is after that day,
            age_limit years earlier. Somebody born on 29 February comes of age on 1 March where the year has no such
            day. A policy is in force when its validFrom is empty or not after as_of, its validTo empty or after
            as_of, and its status empty or active (in any case).
        age_band is 0-6, 7-12, 13-15, 16-17 or 18+ by completed years; empty without a birth date. household is the
            Household of which the user or the Individual is a member (the first by uid), guardian the one found
            (the first by uid).
        Order: missing (guardian, policy, age), individual_uid, user_uid.

        Sources: GDPR Art. 8 (16 years unless the state sets less: Spain 14, United Kingdom 13); COPPA (United
        States, 13).

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("access.unprotected_minors", UnprotectedMinors, {"age_limit": age_limit, "service": service, "service_type": service_type, "unknown_age": unknown_age, "depth": depth, "as_of": as_of, "limit": limit})

    def who_can_access(
        self,
        asset: str,
        *,
        action: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WhoCanAccess]:
        """Who may view or manage this account, product or service (or what may this user act on), and which grant allows it?

        asset: Account, product or service; or a user, for what it may act on.
        action: Only grants of this action or entitlement.
        as_of: Grants in force at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Grants, all at as_of:
        account     the user uses the account (USES_ACCOUNT, its role)
        holder      the user IDENTIFIES the Party of a Customer that holds the account (HOLDS_ACCOUNT, its role;
            billReceiver grants nothing)
        permission  a Permission GRANTED_TO the user ON_ASSET, from its validFrom to before its validTo, either
            empty is open; role is involvementRole, granted_by the GRANTED_BY (the first by uid), expires its
            validTo
        guardian    the user IDENTIFIES a guardian of the Individual behind a user of the service (USES_SERVICE)
        An account's grants reach the products BILLED_TO it and the services that realise those; a permission on a
            product reaches its services. With an asset given, asset_uid is that asset and path leads from the user
            to it; with a user given the rows are the assets that are granted directly: accounts, permitted assets,
            and services through guardian.
        entitlements are those of the Permission itself (one that lists none grants nothing); the other ways carry
            the role's defaults (action:function; the table in the README). A grant without any is left out, and so
            is one without an entitlement of action where that is given: the word before the colon (view, manage,
            pay, use) or one whole entitlement.
        expires is the end of the relationship that grants. Order: user_uid, asset_uid, via, role, path, expires
            (open last).

        Sources: TMF672; TMF691.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("access.who_can_access", WhoCanAccess, {"asset": asset, "action": action, "as_of": as_of, "limit": limit})


class AsyncAccess:
    """Controls, permissions, privacy."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def effective_controls(
        self,
        user: str,
        *,
        depth: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[EffectiveControls]:
        """Which parental-control policies bind this user, from which level, set by whom, and which decides?

        Takes, gives and raises what ``Access.effective_controls`` does.
        """
        return await self._graph.ask_many("access.effective_controls", EffectiveControls, {"user": user, "depth": depth, "as_of": as_of, "limit": limit})

    async def erasure_impact(
        self,
        party: str,
        *,
        minor_age: int = 18,
        paid: list[str] | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 1000,
    ) -> Result[ErasureImpact]:
        """What would erasing this person delete, anonymise or unlink, and what blocks it?

        Takes, gives and raises what ``Access.erasure_impact`` does.
        """
        return await self._graph.ask_many("access.erasure_impact", ErasureImpact, {"party": party, "minor_age": minor_age, "paid": paid, "as_of": as_of, "limit": limit})

    async def orphan_policies(
        self,
        *,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[OrphanPolicies]:
        """Which parental-control policies and permissions were set by someone who is no longer guardian, admin or holder?

        Takes, gives and raises what ``Access.orphan_policies`` does.
        """
        return await self._graph.ask_many("access.orphan_policies", OrphanPolicies, {"as_of": as_of, "limit": limit})

    async def subject_access_report(
        self,
        party: str,
        *,
        limit: int | None = 1000,
    ) -> Result[SubjectAccessReport]:
        """What do we hold on this person, in which system, and under which consent?

        Takes, gives and raises what ``Access.subject_access_report`` does.
        """
        return await self._graph.ask_many("access.subject_access_report", SubjectAccessReport, {"party": party, "limit": limit})

    async def unprotected_minors(
        self,
        *,
        age_limit: int = 16,
        service: str | None = None,
        service_type: str | None = None,
        unknown_age: bool = True,
        depth: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[UnprotectedMinors]:
        """Which minors use a service with no active parental-control policy, or without a living guardian?

        Takes, gives and raises what ``Access.unprotected_minors`` does.
        """
        return await self._graph.ask_many("access.unprotected_minors", UnprotectedMinors, {"age_limit": age_limit, "service": service, "service_type": service_type, "unknown_age": unknown_age, "depth": depth, "as_of": as_of, "limit": limit})

    async def who_can_access(
        self,
        asset: str,
        *,
        action: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[WhoCanAccess]:
        """Who may view or manage this account, product or service (or what may this user act on), and which grant allows it?

        Takes, gives and raises what ``Access.who_can_access`` does.
        """
        return await self._graph.ask_many("access.who_can_access", WhoCanAccess, {"asset": asset, "action": action, "as_of": as_of, "limit": limit})


class Acquisition:
    """Guests, invitations, conversion."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def guest_conversion(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        group_by: str = 'inviterKind',
        offering: str | None = None,
        metric: str = 'mos',
        min_n: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GuestConversion]:
        """How many invited guests became users and customers, invited by whom, how fast, and with what experience before?

        since: Invitations sent from then on; as_of-365d unless given.
        until: Invitations sent before then; as_of unless given.
        group_by: What makes a bucket (inviterKind, inviter, channel, month, all); inviterKind unless given.
        offering: Only conversions to a product of this offering.
        metric: Metric of the experience; mos unless given.
        min_n: Smaller buckets are left out, figures of fewer guests empty [guests]; 5 unless given; at least 1.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        An invitation is an Invitation with its sentAt, else the at of SENT, in [since, until) and not after as_of;
            without either it is not counted. Its inviter is the User who SENT it (the first by uid), at the at of
            that one; another who SENT it too is nobody. What happened after as_of is not seen.
        bucket, by group_by: inviterKind (the inviter's role on an account valid when it was sent: the first of
            primary, delegate, secondary, guest; none without one), inviter (uid of the inviter; none without one),
            channel (of the invitation; unknown where empty), month (YYYY-MM of the sending, UTC), all (one bucket)
        invited    invitations of the bucket
        accepted   distinct Users that one of these was ACCEPTED_AS, by as_of. A guest's acceptance is the earliest
            at of these in the bucket; an acceptance without at counts and has no instant.
        active     accepted guests with a USES_ACCOUNT, in any role, valid at as_of: they are users still
        converted  accepted guests CONVERTED_TO a Customer by as_of and not before their acceptance (the earliest
            at; a conversion without at counts and has no instant); with offering given only those of whom a
            Customer they so became OWNS at as_of a Product with this offeringId
        median_days    median days from acceptance to conversion of the converted guests with both instants; the
            mean of the middle two where they are even; rounded to 3 decimals
        qoe_converted  experience of the converted guests before: of their QoEMeasurements (HAS_QOE) of the metric
            with windowStart from acceptance to before conversion, the sum of n * mean over the sum of n, rounded to
            3 decimals. A guest without either instant, and a window with n empty or 0 or without mean, is not in
            it.
        qoe_lost       the same of the lost guests, accepted and neither converted nor active, from acceptance to
            before as_of
        A bucket with fewer than min_n invitations is left out. median_days, qoe_converted and qoe_lost are empty
            where fewer than min_n guests stand behind them (guests with both instants; guests with such a window).
        Order: converted descending, accepted descending, invited descending, bucket.

        Sources: Mean over windows: sum(n * mean) / sum(n).

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("acquisition.guest_conversion", GuestConversion, {"since": since, "until": until, "group_by": group_by, "offering": offering, "metric": metric, "min_n": min_n, "as_of": as_of, "limit": limit})

    def invitation_tree_graph(
        self,
        user: str,
        *,
        depth: int = 5,
        up: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Whom did this user invite, whom did those invite, and who became a customer?

        user: User: uid or id.
        depth: Most invitations below the user [steps]; 5 unless given; 1..10.
        up: Most invitations above the user [steps]; 3 unless given; 0..10.
        as_of: What was known at this instant; now unless given.
        limit: At most this many nodes; 200 unless given; at least 1; none (`all`) gives every row.

        The user; the Invitations it SENT, the Users these were ACCEPTED_AS, what those sent, and so on for depth
            steps of one invitation each, accepted or not; and the Customers that the user and those in the tree
            below were CONVERTED_TO. Also the chain above, for up steps: the Invitations that were ACCEPTED_AS the
            user and who SENT them, and so on; what these sent besides is not shown. Nothing after as_of is seen
            (the at of each relationship; for SENT without at the sentAt of the invitation; an unknown instant
            counts as before).
        limit counts nodes: those nearest to the user are kept, among equally near ones the first by uid; a step is
            two relationships, a conversion one.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_graph("acquisition.invitation_tree_graph", {"user": user, "depth": depth, "up": up, "as_of": as_of, "limit": limit})

    def invite_candidates(
        self,
        *,
        min_sessions: int = 5,
        qoe: float = 4.0,
        metric: str = 'mos',
        since: datetime | str | None = None,
        purpose: str = 'marketing',
        age_limit: int = 18,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[InviteCandidates]:
        """Which active guests with good experience and a marketing consent are not customers yet?

        min_sessions: At least so many measured sessions [sessions]; 5 unless given; at least 1.
        qoe: At least this experience on average [metric]; 4.0 unless given.
        metric: Metric of the experience; mos unless given.
        since: Sessions, and a sign of life, from then on; as_of-30d unless given.
        purpose: The purpose that the guest must have agreed to; marketing unless given.
        age_limit: Nobody known to be younger is listed [years]; 18 unless given; 0..25.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        Relationships at as_of; status, lastActiveAt and purposes are as of the last load. A row is a User of whom
            all this holds:
        guest      it uses an account as guest (USES_ACCOUNT)
        active     status is active, unknown or empty, and lastActiveAt is not before since
        consent    a PrivacyProfile with status active or empty (in any case) APPLIES_FOR a Party the user
            IDENTIFIES, and one of its purposes is purpose (in any case); consent is its uid (the first by uid)
        qoe        of its QoEMeasurements (HAS_QOE) of the metric with windowStart in [since, as_of), n above 0 and
            a mean: the sum of n * mean over the sum of n, rounded to 3 decimals, is at least qoe. sessions, the sum
            of n, is at least min_sessions.
        no customer  no Customer that it was CONVERTED_TO (an at after as_of is not seen, an unknown one is) or that
            engages (ENGAGED_PARTY) a Party it IDENTIFIES, or a Party SAME_AS that one in either direction, is one
            at as_of: startDate empty or not after as_of, and status active, suspended or empty, or terminated with
            a terminationDate after as_of
        no child   no Party it IDENTIFIES has a birth date after the day of as_of (UTC), age_limit years earlier; an
            unknown birth date does not hold it back
        account_uid is the account it uses as guest (the first by uid), inviter the User who SENT the Invitation
            ACCEPTED_AS it (the latest by the at of ACCEPTED_AS, not after as_of, an unknown one last, then the
            first by uid), else the addedBy of its use of account_uid (of several such uses the one that began
            first).
        Order: qoe descending, sessions descending, user_uid.
        Cost: reads the windows of the metric since then by their index.

        Sources: ITU-T P.800: 4 is good; Mean over windows: sum(n * mean) / sum(n); TMF644.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("acquisition.invite_candidates", InviteCandidates, {"min_sessions": min_sessions, "qoe": qoe, "metric": metric, "since": since, "purpose": purpose, "age_limit": age_limit, "as_of": as_of, "limit": limit})

    def top_inviters(
        self,
        *,
        depth: int = 5,
        currency: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[TopInviters]:
        """Whose invitation trees bring in the most converted value?

        depth: Most invitations between the user and a guest [steps]; 5 unless given; 1..10.
        currency: Only value in this currency (ISO 4217).
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A User invited another when it SENT an Invitation that was ACCEPTED_AS the other, both not after as_of (the
            at of SENT, else sentAt; the at of ACCEPTED_AS; an unknown instant counts as before). The tree of a user
            are the others it reached so in 1 to depth steps, each once, at the fewest steps; the user itself is not
            in its own tree. A user in the trees of two is counted in both.
        direct     users reached in one step
        total      users in the tree
        depth      the most steps at which one of them stands
        converted  users in the tree CONVERTED_TO a Customer by as_of (an at after as_of is not seen, an unknown one
            is)
        value      sum of monthlyValue of the live Products, with this currency, that these Customers own at as_of
            (OWNS), rounded to 2 decimals; each product once
        A Product is live when startDate is empty or not after as_of, terminationDate is empty or after as_of, and
            status is empty, active, suspended or pendingTerminate, or terminated with a terminationDate after
            as_of.
        A row is a User with at least one user in its tree, and a currency; money of several currencies makes
            several rows, a tree without any value one row with value and currency empty (a live product without a
            monthlyValue has no value, one without a currency the currency ?).
        Order: value descending (empty last; the numbers alone, whatever the currency), converted descending, total
            descending, user_uid, currency.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("acquisition.top_inviters", TopInviters, {"depth": depth, "currency": currency, "as_of": as_of, "limit": limit})


class AsyncAcquisition:
    """Guests, invitations, conversion."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def guest_conversion(
        self,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        group_by: str = 'inviterKind',
        offering: str | None = None,
        metric: str = 'mos',
        min_n: int = 5,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[GuestConversion]:
        """How many invited guests became users and customers, invited by whom, how fast, and with what experience before?

        Takes, gives and raises what ``Acquisition.guest_conversion`` does.
        """
        return await self._graph.ask_many("acquisition.guest_conversion", GuestConversion, {"since": since, "until": until, "group_by": group_by, "offering": offering, "metric": metric, "min_n": min_n, "as_of": as_of, "limit": limit})

    async def invitation_tree_graph(
        self,
        user: str,
        *,
        depth: int = 5,
        up: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> GraphResult:
        """Whom did this user invite, whom did those invite, and who became a customer?

        Takes, gives and raises what ``Acquisition.invitation_tree_graph`` does.
        """
        return await self._graph.ask_graph("acquisition.invitation_tree_graph", {"user": user, "depth": depth, "up": up, "as_of": as_of, "limit": limit})

    async def invite_candidates(
        self,
        *,
        min_sessions: int = 5,
        qoe: float = 4.0,
        metric: str = 'mos',
        since: datetime | str | None = None,
        purpose: str = 'marketing',
        age_limit: int = 18,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[InviteCandidates]:
        """Which active guests with good experience and a marketing consent are not customers yet?

        Takes, gives and raises what ``Acquisition.invite_candidates`` does.
        """
        return await self._graph.ask_many("acquisition.invite_candidates", InviteCandidates, {"min_sessions": min_sessions, "qoe": qoe, "metric": metric, "since": since, "purpose": purpose, "age_limit": age_limit, "as_of": as_of, "limit": limit})

    async def top_inviters(
        self,
        *,
        depth: int = 5,
        currency: str | None = None,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[TopInviters]:
        """Whose invitation trees bring in the most converted value?

        Takes, gives and raises what ``Acquisition.top_inviters`` does.
        """
        return await self._graph.ask_many("acquisition.top_inviters", TopInviters, {"depth": depth, "currency": currency, "as_of": as_of, "limit": limit})


class Retention:
    """Who may leave, and who goes with them."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

    def churn_contagion(
        self,
        *,
        days: int = 90,
        min_ties: int = 1,
        max_members: int = 50,
        weight_household: float = 1.0,
        weight_account: float = 0.8,
        weight_invitation: float = 0.5,
        weight_group: float = 0.3,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ChurnContagion]:
        """Which active customers are tied to recent leavers by household, group, invitation or shared account, and how strongly?

        days: Leavers of so many days before as_of [days]; 90 unless given; at least 1.
        min_ties: At least so many ties to leavers [ties]; 1 unless given; at least 1.
        max_members: A larger group or account ties nobody [members]; 50 unless given; at least 2.
        weight_household: Weight of a common household [score]; 1.0 unless given; at least 0.
        weight_account: Weight of a common account [score]; 0.8 unless given; at least 0.
        weight_invitation: Weight of an invitation [score]; 0.5 unless given; at least 0.
        weight_group: Weight of a common group [score]; 0.3 unless given; at least 0.
        as_of: Leavers and active customers at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A leaver is a Customer with status terminated and terminationDate in [as_of - days, as_of]. Ties are those
            just before its terminationDate T: a relationship counts when validFrom is before T and validTo is empty
            or not before T; what has only an instant (SENT, ACCEPTED_AS) when that instant is before T or unknown.
        The faces of a customer are the Customer, the Parties it engages (ENGAGED_PARTY) and the Users that
            IDENTIFIES one of these, all just before T. The accounts of a customer are those it holds in any role
            (HOLDS_ACCOUNT) or that one of its Users uses in any role (USES_ACCOUNT), just before T.
        Ties between a leaver and another Customer, one for each group, account or invitation:
        household   a Household of which a face of each is directly a member (MEMBER_OF)
        group       the same with a Group that is no Household
        account     an Account of both
        invitation  an Invitation that a User of one SENT (its at, else sentAt) and that was ACCEPTED_AS a User of
            the other, in either direction
        A Household or Group with more than max_members members just before T, and an Account with more than
            max_members users and holders then, ties nobody.
        A row is a Customer active at as_of (startDate empty or not after as_of, and status active, or terminated
            with a terminationDate after as_of) that is no leaver and has at least min_ties ties to leavers, all
            leavers together.
        ties        pairs of leaver and tie; leavers, tie_types the distinct ones, sorted by uid and name
        score       weight_household * household ties + weight_account * account ties + weight_invitation *
            invitation ties + weight_group * group ties, rounded to 4 places
        The weights order the kinds of ties by closeness; they are a default to be fitted, not measured here.
        Order: score descending, ties descending, customer_uid.

        Sources: Kostić, Simić, Kostić: Social Network Analysis and Churn Prediction in Telecommunications Using
        Graph Theory, Entropy 2020; Dasgupta et al.: Social Ties and their Relevance to Churn in Mobile Telecom
        Networks, EDBT 2008.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("retention.churn_contagion", ChurnContagion, {"days": days, "min_ties": min_ties, "max_members": max_members, "weight_household": weight_household, "weight_account": weight_account, "weight_invitation": weight_invitation, "weight_group": weight_group, "as_of": as_of, "limit": limit})

    def churn_signals(
        self,
        *,
        customer: str | None = None,
        k: int = 2,
        days: int = 30,
        wasted_n: int = 2,
        tickets_n: int = 2,
        qoe_gap: float = 1.0,
        qoe_threshold: float = 3.6,
        contract_days: int = 60,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ChurnSignals]:
        """Which customers show several of: wasted self-care visits, repeated tickets, a silent breach, hidden bad experience, a contract near its end?

        customer: Only this customer.
        k: At least so many signals [signals]; 2 unless given; 1..5.
        days: Signals of so many days before as_of [days]; 30 unless given; at least 1.
        wasted_n: Wasted visits that make a silent quitter [visits]; 2 unless given; at least 1.
        tickets_n: Tickets on one account that are repeated [tickets]; 2 unless given; at least 1.
        qoe_gap: The holder is better off by at least this [MOS]; 1.0 unless given; at least 0.
        qoe_threshold: Fine is at least this, suffering below [MOS]; 3.6 unless given.
        contract_days: A contract that ends in fewer days is near its end [days]; 60 unless given; at least 0.
        as_of: What was known at this instant; now unless given.
        limit: At most this many rows; 100 unless given; at least 1; none (`all`) gives every row.

        A row is a Customer active at as_of (startDate empty or not after as_of, and status active, or terminated
            with a terminationDate after as_of) that shows at least k of five signals, and a currency. Its accounts
            are those it holds as accountHolder (HOLDS_ACCOUNT) at as_of. Nothing after as_of is seen. signals are
            in this order; evidence has, for each, signal, colon, blank and uid, in the same order, then by uid:
        wastedTransactions   a user whom silent_quitters lists with n = wasted_n and these days, with this customer
            as its holder_uid; evidence is the user. In full: of the visits the user STARTED (of several starters
            the first by uid) with start in [as_of - days, as_of) at least wasted_n are wasted; none of these is
            escalated, and there is no contact from the start of the first of them on, of the user, of a Party it
            IDENTIFIES at as_of, or of a Customer that engages such a Party at as_of; and the Customer holding as
            accountHolder at as_of (the first by uid) the account of the last of them (by start, then uid) is this
            one.
          An outcome counts once its end (where one is known) is not after as_of. A visit ends at its end, else at
            its last sign of life (leftAt, enteredAt or start, the latest not after as_of). unfinished: outcome is
            abandoned, failed, timedOut or handedOver; or there is none and the end is more than 30 minutes before
            as_of. recovered: the same user (STARTED), or a visit with the same sessionId, completes (outcome
            completed) the same intent at an end after this one's start and at most 24 hours after its end.
            undecided: not recovered, and 24 hours after its end have not passed at as_of. wasted: unfinished and
            neither recovered nor undecided. The account of a visit is the one it CONCERNS (the first by uid), else
            the one the user used at its start (primary, delegate, secondary, guest, then uid).
          contact: an inbound PartyInteraction (start) whose channel is none of selfCare, web, app, or a
            TroubleTicket (creationDate), not after as_of. escalated: within 24 hours after its end, and not before
            its start: a contact of the user or the Party it IDENTIFIES, or of anyone using or holding at its start
            an account the user used then or the visit CONCERNS (users and the parties they identify, holding
            customers in any role and the parties they engage).
        repeatTickets        an account of the customer that repeat_tickets lists with scope = account, n =
            tickets_n and these days; evidence is the tickets. In full: at least tickets_n tickets with creationDate
            from as_of - days to as_of, both included, of any type and status, that are ABOUT the account, or ABOUT
            a Product BILLED_TO it, or ABOUT a Service that realises (REALIZED_BY) such a product, as these stood
            when the ticket was created.
        silentBreach         a violation that silent_breaches lists as violationWithoutTicket with hours = 24,
            decided, with this customer as its customer_uid; evidence is the violation. In full: an SLAViolation
            dated in [as_of - days, as_of) and at least 24 hours before as_of; no TroubleTicket of type incident
            (any case), created at most 24 hours before or after its date, is ABOUT a Service it was OBSERVED_ON, a
            Product REALIZED_BY that service, or an Account such a product is BILLED_TO (both valid at its date);
            its account is the one it is CREDITED_TO, else the one that a product realised by the service is
            BILLED_TO at its date (the first by uid), and the customer the one holding that as accountHolder at its
            date (the first by uid).
        hiddenBadExperience  a user whom hidden_bad_experience lists on an account of the customer with metric =
            mos, granularity = day, gap = qoe_gap, threshold = qoe_threshold and windows of these days; evidence is
            the user. In full: windows that count are the QoEMeasurements (HAS_QOE) of metric mos and granularity
            day with windowStart in [as_of - days, as_of), n above 0, mean not empty, on a service that realises
            (REALIZED_BY) a Product BILLED_TO the account at as_of; an experience is the sum of n * mean over the
            sum of n of such windows, rounded to 3 decimals. The holder's is that, on all these services, of the
            first by uid, with a window that counts, of the users with role primary on the account, else of the
            users that IDENTIFIES the Party of a Customer holding it as accountHolder; it is at least qoe_threshold.
            Another user with role secondary or guest has on one of these services an experience below qoe_threshold
            and, rounded to 3 decimals, at least qoe_gap below the holder's.
        contractEnd          a live Product that the customer owns (OWNS) at as_of whose contractEnd is in [as_of,
            as_of + contract_days); evidence is the product.
        A Product is live when startDate is empty or not after as_of, terminationDate is empty or after as_of, and
            status is empty, active, suspended or pendingTerminate, or terminated with a terminationDate after
            as_of.
        contract_end is the earliest contractEnd, not before as_of, of the live products owned; monthly_value the
            sum of monthlyValue of those of the currency, rounded to 2 decimals, one row for each currency (? where
            a value has none); a customer without any value has one row with both empty.
        Order: number of signals from the greatest, then monthly_value descending (empty last; the numbers alone,
            whatever the currency), customer_uid, currency.
        Cost: without customer, reads the visits, tickets, violations and low MOS windows of these days by their
            indexes, and with k = 1 every product.

        Sources: TMF066 (Customer Experience Management Index); TMF701; ITU-T G.107: below MOS 3.60 many users are
        dissatisfied.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("retention.churn_signals", ChurnSignals, {"customer": customer, "k": k, "days": days, "wasted_n": wasted_n, "tickets_n": tickets_n, "qoe_gap": qoe_gap, "qoe_threshold": qoe_threshold, "contract_days": contract_days, "as_of": as_of, "limit": limit})

    def household_value_at_risk(
        self,
        household: str,
        *,
        depth: int = 2,
        invitations: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> Result[HouseholdValueAtRisk]:
        """What leaves if this household leaves: products, users, guests, those they invited?

        household: Household: uid or id.
        depth: Hops through nested groups [hops]; 2 unless given; 1..6.
        invitations: Most invitations between the household and an invitee [steps]; 3 unless given; 1..8.
        as_of: Relationships valid at this instant; now unless given.
        limit: At most this many rows; 200 unless given; at least 1; none (`all`) gives every row.

        All at as_of. A row is a thing; one that fits several of these is the first:
        member           whoever is a member of the household, or of a Group inside it up to depth hops (MEMBER_OF,
            SUBGROUP_OF): an Individual, Organization, Customer or User; a Service makes no row. The Users that
            IDENTIFIES such a party and the Customers that engage it (ENGAGED_PARTY) are members too, and so are the
            Party that a member User IDENTIFIES or a member Customer engages, with its Users and Customers.
        account          the Accounts that a member Customer holds as accountHolder, and those that own the
            household (OWNED_BY); one whose state is Closed is left out
        product          the live Products that a member Customer owns (OWNS) or that are BILLED_TO such an account;
            monthly_value and currency are theirs
        user             who uses such an account in another role than guest (USES_ACCOUNT), at least once
        guest            who uses such an account as guest only
        invitee          the Users invited by a User above, in up to invitations steps: each SENT an Invitation that
            was ACCEPTED_AS the next, both not after as_of (the at of SENT, else sentAt; the at of ACCEPTED_AS; an
            unknown instant counts as before)
        inviteeCustomer  the Customers that an invitee was CONVERTED_TO, by as_of, or that engage a Party an invitee
            IDENTIFIES; with status active, suspended or empty
        inviteeProduct   the live Products that such a Customer owns; monthly_value and currency are theirs
        A Product is live when startDate is empty or not after as_of, terminationDate is empty or after as_of, and
            status is empty, active, suspended or pendingTerminate, or terminated with a terminationDate after
            as_of.
        through is the uid of what leads to the thing: for a member the group or the member (empty for a member of
            the household itself), for an account, product, user or guest the customer, household or account, for
            the rest who invited, the invitee, the customer; the first by uid. monthly_value is empty where it is
            not a product; add it up for each currency apart.
        Order: dependency as above, uid.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("retention.household_value_at_risk", HouseholdValueAtRisk, {"household": household, "depth": depth, "invitations": invitations, "as_of": as_of, "limit": limit})


class AsyncRetention:
    """Who may leave, and who goes with them."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

    async def churn_contagion(
        self,
        *,
        days: int = 90,
        min_ties: int = 1,
        max_members: int = 50,
        weight_household: float = 1.0,
        weight_account: float = 0.8,
        weight_invitation: float = 0.5,
        weight_group: float = 0.3,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ChurnContagion]:
        """Which active customers are tied to recent leavers by household, group, invitation or shared account, and how strongly?

        Takes, gives and raises what ``Retention.churn_contagion`` does.
        """
        return await self._graph.ask_many("retention.churn_contagion", ChurnContagion, {"days": days, "min_ties": min_ties, "max_members": max_members, "weight_household": weight_household, "weight_account": weight_account, "weight_invitation": weight_invitation, "weight_group": weight_group, "as_of": as_of, "limit": limit})

    async def churn_signals(
        self,
        *,
        customer: str | None = None,
        k: int = 2,
        days: int = 30,
        wasted_n: int = 2,
        tickets_n: int = 2,
        qoe_gap: float = 1.0,
        qoe_threshold: float = 3.6,
        contract_days: int = 60,
        as_of: datetime | str | None = None,
        limit: int | None = 100,
    ) -> Result[ChurnSignals]:
        """Which customers show several of: wasted self-care visits, repeated tickets, a silent breach, hidden bad experience, a contract near its end?

        Takes, gives and raises what ``Retention.churn_signals`` does.
        """
        return await self._graph.ask_many("retention.churn_signals", ChurnSignals, {"customer": customer, "k": k, "days": days, "wasted_n": wasted_n, "tickets_n": tickets_n, "qoe_gap": qoe_gap, "qoe_threshold": qoe_threshold, "contract_days": contract_days, "as_of": as_of, "limit": limit})

    async def household_value_at_risk(
        self,
        household: str,
        *,
        depth: int = 2,
        invitations: int = 3,
        as_of: datetime | str | None = None,
        limit: int | None = 200,
    ) -> Result[HouseholdValueAtRisk]:
        """What leaves if this household leaves: products, users, guests, those they invited?

        Takes, gives and raises what ``Retention.household_value_at_risk`` does.
        """
        return await self._graph.ask_many("retention.household_value_at_risk", HouseholdValueAtRisk, {"household": household, "depth": depth, "invitations": invitations, "as_of": as_of, "limit": limit})


class Questions:
    """The use cases of a graph, each a property."""

    @property
    def identify(self: Asker) -> Identify:
        """Who is this, and what hangs together."""
        return Identify(self)

    @property
    def reconcile(self: Asker) -> Reconcile:
        """Front end against back end."""
        return Reconcile(self)

    @property
    def groups(self: Asker) -> Groups:
        """Households, enterprises, closed user groups."""
        return Groups(self)

    @property
    def sla(self: Asker) -> Sla:
        """Which service level was promised, and kept."""
        return Sla(self)

    @property
    def qoe(self: Asker) -> Qoe:
        """Whether they enjoy the service."""
        return Qoe(self)

    @property
    def tickets(self: Asker) -> Tickets:
        """Tickets, problems and their impact."""
        return Tickets(self)

    @property
    def selfcare(self: Asker) -> Selfcare:
        """Why they closed the page and went away."""
        return Selfcare(self)

    @property
    def access(self: Asker) -> Access:
        """Controls, permissions, privacy."""
        return Access(self)

    @property
    def acquisition(self: Asker) -> Acquisition:
        """Guests, invitations, conversion."""
        return Acquisition(self)

    @property
    def retention(self: Asker) -> Retention:
        """Who may leave, and who goes with them."""
        return Retention(self)


class AsyncQuestions:
    """The use cases of a graph, each a property."""

    @property
    def identify(self: AsyncAsker) -> AsyncIdentify:
        """Who is this, and what hangs together."""
        return AsyncIdentify(self)

    @property
    def reconcile(self: AsyncAsker) -> AsyncReconcile:
        """Front end against back end."""
        return AsyncReconcile(self)

    @property
    def groups(self: AsyncAsker) -> AsyncGroups:
        """Households, enterprises, closed user groups."""
        return AsyncGroups(self)

    @property
    def sla(self: AsyncAsker) -> AsyncSla:
        """Which service level was promised, and kept."""
        return AsyncSla(self)

    @property
    def qoe(self: AsyncAsker) -> AsyncQoe:
        """Whether they enjoy the service."""
        return AsyncQoe(self)

    @property
    def tickets(self: AsyncAsker) -> AsyncTickets:
        """Tickets, problems and their impact."""
        return AsyncTickets(self)

    @property
    def selfcare(self: AsyncAsker) -> AsyncSelfcare:
        """Why they closed the page and went away."""
        return AsyncSelfcare(self)

    @property
    def access(self: AsyncAsker) -> AsyncAccess:
        """Controls, permissions, privacy."""
        return AsyncAccess(self)

    @property
    def acquisition(self: AsyncAsker) -> AsyncAcquisition:
        """Guests, invitations, conversion."""
        return AsyncAcquisition(self)

    @property
    def retention(self: AsyncAsker) -> AsyncRetention:
        """Who may leave, and who goes with them."""
        return AsyncRetention(self)


ROWS: Mapping[str, type[object]] = MappingProxyType(
    {
        "identify.account_hierarchy": AccountHierarchy,
        "identify.account_users": AccountUsers,
        "identify.contact_timeline": ContactTimeline,
        "identify.customer_360": Customer360,
        "identify.explain_link": ExplainLink,
        "identify.find_party": FindParty,
        "reconcile.cardinality": Cardinality,
        "reconcile.counts": Counts,
        "reconcile.duplicate_parties": DuplicateParties,
        "reconcile.expired_links": ExpiredLinks,
        "reconcile.front_back_ratio": FrontBackRatio,
        "reconcile.identity_conflicts": IdentityConflicts,
        "reconcile.orphans": Orphans,
        "reconcile.silent_accounts": SilentAccounts,
        "reconcile.stale_access": StaleAccess,
        "reconcile.users_unknown_to_crm": UsersUnknownToCrm,
        "groups.cug_boundary": CugBoundary,
        "groups.group_cycles": GroupCycles,
        "groups.group_members": GroupMembers,
        "groups.groups_of": GroupsOf,
        "groups.household_profile": HouseholdProfile,
        "sla.credits_due": CreditsDue,
        "sla.effective_sla": EffectiveSla,
        "sla.silent_breaches": SilentBreaches,
        "sla.sla_breaches": SlaBreaches,
        "sla.sla_coverage_gaps": SlaCoverageGaps,
        "sla.sla_jeopardy": SlaJeopardy,
        "sla.sla_population": SlaPopulation,
        "qoe.enjoyment_index": EnjoymentIndex,
        "qoe.hidden_bad_experience": HiddenBadExperience,
        "qoe.user_qoe": UserQoe,
        "qoe.watermelon_slas": WatermelonSlas,
        "tickets.common_cause": CommonCause,
        "tickets.repeat_tickets": RepeatTickets,
        "tickets.service_impact": ServiceImpact,
        "tickets.ticket_context": TicketContext,
        "tickets.tickets_by_non_holders": TicketsByNonHolders,
        "selfcare.failure_demand": FailureDemand,
        "selfcare.self_care_funnel": SelfCareFunnel,
        "selfcare.silent_quitters": SilentQuitters,
        "selfcare.wasted_by_page": WastedByPage,
        "selfcare.wasted_transactions": WastedTransactions,
        "access.effective_controls": EffectiveControls,
        "access.erasure_impact": ErasureImpact,
        "access.orphan_policies": OrphanPolicies,
        "access.subject_access_report": SubjectAccessReport,
        "access.unprotected_minors": UnprotectedMinors,
        "access.who_can_access": WhoCanAccess,
        "acquisition.guest_conversion": GuestConversion,
        "acquisition.invite_candidates": InviteCandidates,
        "acquisition.top_inviters": TopInviters,
        "retention.churn_contagion": ChurnContagion,
        "retention.churn_signals": ChurnSignals,
        "retention.household_value_at_risk": HouseholdValueAtRisk,
    }
)
"""The row class of every question that returns rows."""
