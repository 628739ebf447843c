# Generated from cypher/ by scripts/generate: do not edit.
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
    valid_from: datetime
    """Since when; empty is unknown."""
    valid_to: datetime | None
    """Until when; empty is open."""
    last_active: datetime | None
    """Last sign of life in the front end."""
    in_crm: bool | None
    """Whether the back end knows the person."""


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
    role: str
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
class UsersUnknownToCrm:
    """One row of ``reconcile.users_unknown_to_crm``."""

    user_uid: str
    """The user nobody in the back end knows."""
    kind: str | None
    """Role on the account; empty without an account."""
    account_uid: str
    """Account used."""
    account_holder: str | None
    """uid of the Customer who holds it as accountHolder."""
    created_at: datetime | None
    """When the user came to be."""
    last_active: datetime | None
    """Last sign of life."""


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
    """The promised value, in unit."""
    unit: str | None
    """Unit of the target."""
    wins: bool | None
    """Whether this SLA decides the metric of the service."""


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
class WastedTransactions:
    """One row of ``selfcare.wasted_transactions``."""

    transaction_uid: str
    """The visit."""
    user_uid: str | None
    """Who; empty when nobody was signed in."""
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
    """From start to end [s]."""
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


class Identify:
    """Who is this, and what hangs together."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

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

        A row is a USES_ACCOUNT relationship valid at as_of. in_crm says whether the person is known to the back
            end: the User, the Party it IDENTIFIES (or a Party SAME_AS it), or a Customer engaging that Party has
            CRM or BILLING in sources; it is as of the last load. Order: kind (primary, delegate, secondary, guest,
            other), then user_uid.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("identify.account_users", AccountUsers, {"account": account, "kind": kind, "as_of": as_of, "limit": limit})

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
            is uid, -TYPE-> or <-TYPE-, uid, … from start to end. No rows when there is no such path. The same thing
            twice has no path.
        Order: length, then the path as text.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("identify.explain_link", ExplainLink, {"start": start, "end": end, "max_depth": max_depth, "types": types, "as_of": as_of, "limit": limit})

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
            (or one SAME_AS it), nor a Customer engaging that Party has CRM or BILLING in sources. Active is a
            status other than suspended and archived, and a sign of life since active_since where that is given. One
            row for each account used now; a user of no account has one row with the account empty. Order: user_uid,
            account_uid.

        Raises ``ParameterError`` for an argument that does not fit.
        """
        return self._graph.ask_many("reconcile.users_unknown_to_crm", UsersUnknownToCrm, {"kind": kind, "active_since": active_since, "limit": limit})


class AsyncReconcile:
    """Front end against back end."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

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
            each membership; depth is 0 for a member of the group itself, else the fewest hops between via_group and
            the group. person_uid is the Party behind the member: itself, the one a User IDENTIFIES or a Customer
            engages at as_of (the first by uid); empty for a service. Cycles end at depth. Order: depth, via_group,
            member_uid, role.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("groups.group_members", GroupMembers, {"group": group, "role": role, "recursive": recursive, "depth": depth, "as_of": as_of, "limit": limit})


class AsyncGroups:
    """Households, enterprises, closed user groups."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

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


class Sla:
    """Which service level was promised, and kept."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

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
            candidates are the active SLAs (state empty or active) that cover, at as_of: 1 a Product realised by the
            service (for a Product as subject, itself alone); 2 an Account the user uses (the one the product is
            BILLED_TO); 3 a Customer holding that account as accountHolder; 4 a Group, nested up to depth, of the
            user, of the Party it IDENTIFIES, of that customer or of its Party. An SLA with several ways in keeps
            the best. Order of candidates: precedence ascending (1 first, absent last), then path 1 to 4, fewer
            nested hops, later validFrom of COVERED_BY, SLA uid. The first wins the metric; the others are shown as
            lost. All objectives of an SLA for the metric are rows. A parent account's SLA is not inherited. path is
            uid, -TYPE-> or <-TYPE-, uid, … from the subject to the SLA; among equally good ones the first as text.
        Order of rows: service_uid, metric, winner first, then the order of candidates, objective_uid.

        Sources: TMF623; TMF657.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("sla.effective_sla", EffectiveSla, {"subject": subject, "metric": metric, "depth": depth, "as_of": as_of, "limit": limit})


class AsyncSla:
    """Which service level was promised, and kept."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

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


class Tickets:
    """Tickets, problems and their impact."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

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
            direct member. All at as_of. An SLA is active when its state is empty or active.
        Order: depth, service_uid.

        Sources: eTOM 1.3.7.5.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("tickets.service_impact", ServiceImpact, {"element": element, "max_depth": max_depth, "vip_tiers": vip_tiers, "as_of": as_of, "limit": limit})


class AsyncTickets:
    """Tickets, problems and their impact."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

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


class Selfcare:
    """Why they closed the page and went away."""

    def __init__(self, graph: Asker) -> None:
        self._graph = graph

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
            (one step, left in under bounce_seconds; where leftAt is empty the visit's end counts); midFlow (more
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
        entitlements are the Permission's own, else the role's defaults (action:function; the table in the README):
            account holder, bill payer, primary, secondary, guest, delegate, guardian. A grant without any is left
            out, and so is one without an entitlement that begins with action where that is given (view, manage,
            pay, use, or one whole entitlement).
        expires is the end of the relationship that grants. Order: user_uid, asset_uid, via, role, path.

        Sources: TMF672; TMF691.

        Raises ``ParameterError`` for an argument that does not fit and ``NotFoundError`` where the thing named is
        not in the graph.
        """
        return self._graph.ask_many("access.who_can_access", WhoCanAccess, {"asset": asset, "action": action, "as_of": as_of, "limit": limit})


class AsyncAccess:
    """Controls, permissions, privacy."""

    def __init__(self, graph: AsyncAsker) -> None:
        self._graph = graph

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


ROWS: Mapping[str, type[object]] = MappingProxyType(
    {
        "identify.account_users": AccountUsers,
        "identify.customer_360": Customer360,
        "identify.explain_link": ExplainLink,
        "identify.find_party": FindParty,
        "reconcile.users_unknown_to_crm": UsersUnknownToCrm,
        "groups.group_members": GroupMembers,
        "sla.effective_sla": EffectiveSla,
        "tickets.service_impact": ServiceImpact,
        "selfcare.wasted_transactions": WastedTransactions,
        "access.who_can_access": WhoCanAccess,
    }
)
"""The row class of every question that returns rows."""
