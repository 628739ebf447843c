"""The answers to the questions about one thing: a few households, the companies around the first one.

Each answer follows the header of its question. What a household holds is known from its facts, and for a subject access
report from the very rows that were written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telecom.board import KEPT, NOW
from telecom.facts import Answer, Home, Params, Ticket, User
from telecom.tables import AS_OF, COLUMNS, DAY, Row, iso, midnight

ROLES = ("head", "adult", "admin", "member", "child")
KINDS = {"primary": 1, "delegate": 2, "secondary": 3, "guest": 4}
ENTITLEMENTS = {
    "accountHolder": ["manage:account", "manage:users", "manage:services", "pay:bill", "view:bill", "view:usage"],
    "primary": ["manage:users", "manage:services", "view:bill", "view:usage"],
    "secondary": ["use:services", "view:usage"],
    "guest": ["use:services"],
}
"""As the README's table has them."""
AGES = ((13, "0-12"), (16, "13-15"), (18, "16-17"), (25, "18-24"), (45, "25-44"), (65, "45-64"))
SATISFIED = ((434, "very satisfied"), (403, "satisfied"), (360, "some dissatisfied"), (310, "many dissatisfied"))
WORDS = ((450, "excellent"), (350, "good"), (250, "fair"), (150, "poor"))
HELD = frozenset((
    "ContactMedium", "Individual", "Customer", "User", "Account", "Product", "Service", "PartyInteraction",
    "TroubleTicket", "SelfCareTransaction", "SelfCareStep", "QoEMeasurement", "PrivacyProfile", "Invitation",
))  # fmt: skip
"""Kinds of things of which a report on a person shows the fields."""
OWN = frozenset((
    "REACHED_AT", "HOLDS_ACCOUNT", "OWNS", "USES_SERVICE", "SENT", "HAS_QOE", "STARTED", "HAD_INTERACTION", "ON_TICKET",
    "APPLIES_FOR",
))  # fmt: skip
NEAR = ("sameThing", "sameAccount", "sameSupport")
COMPOSITE = {"ContactMedium": 2, "QoEMeasurement": 5, "SelfCareStep": 2}
"""So many first columns make the id."""


class Things:
    """What is kept to ask about: households with their rows, companies, groups."""

    def __init__(self) -> None:
        self.homes: list[tuple[Home, list[Row]]] = []
        self.companies: list[tuple[Home, int | None]] = []
        self.questions: list[dict[str, object]] = []

    def keep(self, home: Home, rows: list[Row]) -> None:
        self.homes.append((home, rows))

    def ask(self, question: str, params: Params, rows: Iterable[Answer], *, as_of: bool = True) -> None:
        """Write down an answer: its first rows in order (the columns given) and how many rows there are in all."""
        found = list(rows)
        params = params | ({"as_of": NOW} if as_of else {})
        self.questions.append({"question": question, "params": params, "count": len(found), "rows": found[:KEPT]})

    def asked(self) -> list[dict[str, object]]:
        for home, rows in self.homes:
            self._household(home)
            self._people(home)
            self._ticket(home)
            self.ask("access.subject_access_report", {"party": home.party}, _report(home, rows), as_of=False)
            if home.agreement:
                self._promised(home)
        self._impact()
        self._hierarchy()
        around = ["Group:G-CYCLE-1", "-SUBGROUP_OF->", "Group:G-CYCLE-2", "-SUBGROUP_OF->", "Group:G-CYCLE-1"]
        self.ask("groups.group_cycles", {}, [{"cycle": around, "length": 2, "groups": ["Round 1", "Round 2"]}])
        return self.questions

    # --- a household ---

    def _household(self, home: Home) -> None:
        customer: Params = {"customer": home.customer}
        n = home.n
        users = sorted(home.current, key=lambda user: (KINDS[user.kind], user.uid))
        self.ask("identify.account_users", {"account": home.account}, [
            {"user_uid": user.uid, "nickname": user.nickname, "kind": user.kind, "role": user.role,
             "added_by": user.added_by, "valid_from": midnight(user.begun), "valid_to": None, "last_active": user.seen,
             "in_crm": user.known}
            for user in users
        ])  # fmt: skip
        self.ask("identify.find_party", {"term": f"p{n}@example.org"}, [
            {"label": "Individual", "uid": home.party, "name": home.name, "matched_on": "email",
             "customer_uid": home.customer}
        ])  # fmt: skip
        self.ask("identify.customer_360", customer, _around(home))
        self.ask("identify.contact_timeline", customer | {"since": midnight(330)}, _timeline(home))
        self.ask("access.who_can_access", {"asset": home.account}, _access(home))
        self.ask("access.erasure_impact", {"party": home.party}, _erasure(home))
        self.ask("groups.household_profile", {"household": home.group}, _profile(home))
        self.ask("retention.household_value_at_risk", {"household": home.group}, _at_risk(home))
        other = home.current[1]
        paths = [[other.uid, "-USES_ACCOUNT->", home.account, "<-HOLDS_ACCOUNT-", home.customer]]
        for ticket in home.tickets:
            if ticket.reporter is other:
                paths.append([other.uid, "-ON_TICKET->", ticket.uid, "<-ON_TICKET-", home.customer])
        self.ask("identify.explain_link", {"start": other.uid, "end": home.customer}, _links(paths))

    def _people(self, home: Home) -> None:
        head = home.users[0]
        self.ask("qoe.user_qoe", {"user": head.uid}, _experience(home, head))
        for user in home.current:
            if user.role != "child":
                continue
            policy = f"ParentalControlPolicy:PC-{home.n}-{int(user.uid[-3:])}"
            self.ask("access.effective_controls", {"user": user.uid}, [{
                "policy_uid": policy, "level": "user", "applies_to": user.uid, "rating_limit": "12",
                "categories": ["gambling", "violence"], "time_window": "07:00-20:00", "spend_limit": 10.0,
                "set_by": head.uid, "setter_role": "guardian", "path": [user.uid, "<-APPLIES_TO-", policy],
                "wins": ["rating_limit", "categories", "time_window", "spend_limit"],
            }])  # fmt: skip

    def _promised(self, home: Home) -> None:
        agreement, head = home.agreement, home.users[0]
        if agreement is None:
            return
        product, service, sla = agreement.covered, agreement.service, agreement.uid
        path = [head.uid, "-USES_SERVICE->", service, "<-REALIZED_BY-", product, "-COVERED_BY->", sla]
        self._effective(head.uid, service, sla, agreement.n, "product", path)
        paths = [path, [head.uid, "-USES_ACCOUNT->", home.account, "<-BILLED_TO-", product, "-COVERED_BY->", sla]]
        for violation in home.violations:
            end = [violation.uid, "-OF_SLA->", sla]
            paths.append([head.uid, "-USES_SERVICE->", service, "<-OBSERVED_ON-", *end])
            paths.append([head.uid, "-USES_ACCOUNT->", home.account, "<-CREDITED_TO-", *end])
        self.ask("identify.explain_link", {"start": head.uid, "end": sla}, _links(paths))

    def _effective(self, user: str, service: str, sla: str, n: str, via: str, path: list[str]) -> None:
        objectives = (("A", "availability", ">=", 99.9, "percent"), ("M", "mos", ">=", 3.6, "MOS"),
                      ("T", "timeToRepair", "<=", 72.0, "hours"))  # fmt: skip
        self.ask("sla.effective_sla", {"subject": user}, [
            {"service_uid": service, "metric": metric, "sla_uid": sla, "via": via, "path": path, "precedence": 1,
             "objective_uid": f"ServiceLevelObjective:SLO-{n}-{letter}", "comparator": comparator, "target": target,
             "unit": unit, "wins": True}
            for letter, metric, comparator, target, unit in objectives
        ])  # fmt: skip

    def _ticket(self, home: Home) -> None:
        """The first ticket about the mobile line, with those of the household and of the cell near it."""
        ticket = next(one for one in home.tickets if one.service == home.services[0])
        reporter = ticket.reporter
        rows: list[Answer] = [
            {"section": "ticket", "uid": ticket.uid, "role": ticket.type, "name": "No signal", "detail": _state(ticket),
             "at": iso(ticket.at), "hours_left": None},
            {"section": "person", "uid": reporter.uid, "role": "reporter", "name": reporter.nickname,
             "detail": f"{reporter.kind} on {home.account}"},
            {"section": "person", "uid": home.customer, "role": "customer", "name": home.name,
             "detail": f"accountHolder on {home.account}"},
            {"section": "about", "uid": ticket.service, "role": "service", "name": "Mobile", "detail": "active"},
            {"section": "account", "uid": home.account, "role": "billing", "name": home.name, "detail": home.customer},
        ]  # fmt: skip
        if not ticket.open:
            rows.append({"section": "clock", "uid": ticket.uid, "role": "resolution", "at": iso(_resolved(ticket)),
                         "hours_left": None})  # fmt: skip
        similar = []
        for other_home, _ in self.homes:
            for other in other_home.tickets:
                if other is ticket or abs(other.at - ticket.at) > 7 * DAY:
                    continue
                if other.service == ticket.service:
                    similar.append((0, other))
                elif other_home is home:
                    similar.append((1, other))
                elif other.service == other_home.services[0]:
                    similar.append((2, other))
        for rank, other in sorted(similar, key=lambda one: (one[0], one[1].uid)):
            rows.append({"section": "similar", "uid": other.uid, "role": NEAR[rank], "name": "No signal",
                         "detail": _state(other), "at": iso(other.at)})  # fmt: skip
        self.ask("tickets.ticket_context", {"ticket": ticket.uid}, rows)

    # --- what is shared ---

    def _impact(self) -> None:
        """The cell that fails: the mobile lines of the households kept."""
        rows = []
        for home, _ in self.homes:
            users = sum(home.services[0] in user.services for user in home.current)
            rows.append({"service_uid": home.services[0], "name": "Mobile", "depth": 1, "customers": 1, "users": users,
                         "slas": 0, "vip_groups": []})  # fmt: skip
        self.ask("tickets.service_impact", {"element": "Resource:R-CELL-PLANTED"}, rows)

    def _hierarchy(self) -> None:
        """The companies under the first one, and those around the second."""
        known = {home.number: (home, parent) for home, parent in self.companies}
        for start in known:
            above, below = _chain(start, known), [other for other in known if start in _chain(other, known)]
            rows = [(0, -len(_path(start, other, known)), other) for other in above]
            rows += [(1, 0, start)] + [(2, len(_path(start, other, known)), other) for other in below]
            self.ask("identify.account_hierarchy", {"account": known[start][0].account}, [
                {"account_uid": home.account, "relation": ("parent", "self", "child")[rank],
                 "depth": len(_path(start, other, known)) // 2, "name": home.name, "state": "Active",
                 "holder_uid": home.customer, "holder": home.name, "bill_payer_uid": home.payer or home.customer,
                 "bill_receiver_uid": home.payer or home.customer, "path": _path(start, other, known)}
                for rank, _, other in sorted(rows) for home in (known[other][0],)
            ])  # fmt: skip

    def nested(self, home: Home, groups: list[str], members: list[tuple[User, int]]) -> None:
        """A company with groups inside groups: who is a member, and of what."""
        since = midnight(home.since)
        rows: list[Answer] = [
            {"member_uid": user.uid, "person_uid": user.party, "label": "User", "name": user.nickname,
             "role": "admin" if user is home.users[0] else "member", "via_group": f"Group:{groups[at]}", "depth": at,
             "valid_from": since}
            for user, at in members
        ]  # fmt: skip
        rows.sort(key=lambda row: (row["depth"], row["via_group"], row["member_uid"]))
        self.ask("groups.group_members", {"group": home.group}, rows)
        deepest = members[2][0]
        path = [deepest.uid, "-MEMBER_OF->", f"Group:{groups[2]}"]
        rows = []
        for depth, group in enumerate(reversed(groups)):
            if depth:
                path = [*path, "-SUBGROUP_OF->", f"Group:{group}"]
            rows.append({"group_uid": f"Group:{group}", "type": "enterprise", "role": "member", "depth": depth,
                         "member_uid": deepest.uid, "path": path, "valid_from": since})  # fmt: skip
        self.ask("groups.groups_of", {"member": deepest.uid}, rows)
        if home.agreement:
            sla = home.agreement.uid
            self._effective(deepest.uid, home.services[0], sla, home.n, "group", [*path, "-COVERED_BY->", sla])

    def closed_group(self, home: Home, group: str, *, outside: bool) -> None:
        """Of a closed user group: the member from outside, and the one who is in another too."""
        rows: list[Answer] = []
        code = str(1000 + home.number % 9000)
        if outside:
            rows.append({"member_uid": "User:U-00000008-000", "role": "member", "user_uid": "User:U-00000008-000",
                         "service_uid": None, "account_uid": "Account:A-00000008", "outside": True, "other_cugs": [],
                         "interlock_code": code})  # fmt: skip
        second = home.users[1].uid
        rows.append({"member_uid": second, "role": "member", "user_uid": second, "service_uid": home.services[0],
                     "account_uid": home.account, "outside": False, "other_cugs": ["Group:CUG-00000007"],
                     "interlock_code": code})  # fmt: skip
        self.ask("groups.cug_boundary", {"cug": f"Group:{group}"}, rows)


def _chain(number: int, known: dict[int, tuple[Home, int | None]]) -> list[int]:
    """The companies above one, the nearest first."""
    found, parent = [], known[number][1]
    while parent is not None:
        found.append(parent)
        parent = known[parent][1]
    return found


def _path(start: int, end: int, known: dict[int, tuple[Home, int | None]]) -> list[str]:
    """From the account of one company to that of another straight above or below it."""
    above = end in (chain := _chain(start, known))
    way = [start, *chain] if above else [end, *_chain(end, known)]
    last = end if above else start
    way = way[: way.index(last) + 1]
    if not above:
        way.reverse()
    found = [known[start][0].account]
    for number in way[1:]:
        found += ["-CHILD_OF->" if above else "<-CHILD_OF-", known[number][0].account]
    return found


def _links(paths: list[list[str]]) -> list[Answer]:
    return [
        {"path": path, "length": len(path) // 2, "rel_types": [hop.strip("<->") for hop in path[1::2]],
         "valid_as_of": NOW}
        for path in sorted(paths)
    ]  # fmt: skip


def _state(ticket: Ticket) -> str:
    return "inProgress" if ticket.open else "closed"


def _resolved(ticket: Ticket) -> int:
    """The midnight after the ticket's day."""
    return DAY * (ticket.at // DAY + 1)


def _mean(hundredths: int) -> float:
    return hundredths / 100


def _around(home: Home) -> list[Answer]:
    """All that hangs around a customer."""
    begun, current = midnight(home.since), home.current

    def row(section: str, uid: str, name: str | None, status: str | None, role: str | None, detail: str | None,
            since: str) -> Answer:  # fmt: skip
        return {"section": section, "uid": uid, "name": name, "status": status, "role": role, "detail": detail,
                "since": since}  # fmt: skip

    rows = [
        row("party", home.party, home.name, "validated", "engagedParty", None, begun),
        row("account", home.account, home.name, "Active", "accountHolder", None, begun),
    ]
    for user in sorted(current, key=lambda one: one.uid):
        rows.append(row("user", user.uid, user.nickname, user.status, user.kind, home.account, midnight(user.begun)))
    household = f"{home.name.split(' ', 1)[1]} household"
    strangers = sorted(user.uid for user in current if user.role == "adult" and not user.known)
    if strangers:
        rows.append(row("group", home.group, household, None, "adult", strangers[0], midnight(home.since - 100)))
    rows.append(row("group", home.group, household, None, "head", home.party, begun))
    rows.append(row("group", home.group, household, None, "owner", None, begun))
    products = sorted(home.products, key=lambda product: product.uid)
    for product in products:
        rows.append(row("product", product.uid, product.name, "active", None, None, begun))
    for product in sorted(home.products, key=lambda product: product.service):
        rows.append(row("service", product.service, product.name, "active", "realises", product.uid, begun))
        first = min((user for user in current if product.service in user.services), key=lambda user: user.uid)
        rows.append(row("service", product.service, product.name, "active", "uses", first.uid, midnight(first.begun)))
    if home.agreement:
        rows.append(row("sla", home.agreement.uid, "Gold", "active", "product", home.agreement.covered, begun))
    for ticket in sorted(home.tickets, key=lambda ticket: ticket.uid):
        if ticket.open:
            rows.append(row("ticket", ticket.uid, "No signal", "inProgress", "customer", None, iso(ticket.at)))
    newest = []
    for user in current:
        for windows in user.windows:
            uid = f"QoEMeasurement:{user.uid}|{windows.service}|mos|day|{midnight(1)}"
            level = windows.hundredths[0]
            word = next((word for limit, word in SATISFIED if level >= limit), "nearly all dissatisfied")
            newest.append(row("qoe", uid, "mos", word, user.uid, str(_mean(level)), midnight(1)))
    rows += sorted(newest, key=lambda one: one["uid"])
    for contact in sorted(home.contacts, key=lambda contact: (-contact.at, contact.uid))[:5]:
        rows.append(row("contact", contact.uid, "a question", "completed", contact.caller.uid, "phone",
                        iso(contact.at)))  # fmt: skip
    return rows


def _timeline(home: Home) -> list[Answer]:
    """What happened to a customer and the users in the last 330 days."""
    rows: list[Answer] = []
    since = -330 * DAY

    def event(at: int, kind: str, uid: str, *, subject: str | None = None, about: str | None = None,
              actor: str | None = None, role: str | None = None, channel: str | None = None,
              outcome: str | None = None) -> None:  # fmt: skip
        if since <= at < 0:
            rows.append({"at": iso(at), "kind": kind, "event_uid": uid, "subject": subject, "about_uid": about,
                         "actor_uid": actor, "actor_user_uid": actor, "role": role, "channel": channel,
                         "outcome": outcome})  # fmt: skip

    for contact in home.contacts:
        event(contact.at, "interaction", contact.uid, subject="a question", about=home.account,
              actor=contact.caller.uid, role="caller", channel="phone", outcome="completed")  # fmt: skip
    for ticket in home.tickets:
        for at, kind in ((ticket.at, "ticket"), (0 if ticket.open else _resolved(ticket), "ticketResolved")):
            event(at, kind, ticket.uid, subject="No signal", about=ticket.service, actor=ticket.reporter.uid,
                  role="reporter", channel="phone", outcome=_state(ticket))  # fmt: skip
    for visit in home.visits:
        event(visit.start, "selfCare", visit.uid, subject=visit.intent, actor=visit.user.uid, channel="web",
              outcome="completed" if visit.done else None if visit.walked else "abandoned")  # fmt: skip
    for user in home.users:
        for windows in user.windows:
            for day, level in enumerate(windows.hundredths, windows.last_day):
                if level < 360:
                    uid = f"QoEMeasurement:{user.uid}|{windows.service}|mos|day|{midnight(day)}"
                    event(-DAY * day, "poorExperience", uid, subject="mos", about=windows.service, actor=user.uid,
                          outcome=str(_mean(level)))  # fmt: skip
        event(-DAY * user.begun, "userAdded", user.uid, subject=user.nickname, about=home.account, actor=user.added_by,
              role=user.kind, outcome=user.kind)  # fmt: skip
        event(-DAY * user.ended, "userRemoved", user.uid, subject=user.nickname, about=home.account, role=user.kind,
              outcome=user.kind)  # fmt: skip
    for violation in home.violations:
        event(-DAY * violation.day, "violation", violation.uid, subject="availability", about=violation.service,
              outcome="credit")  # fmt: skip
        event(-DAY * violation.paid, "creditPaid", violation.uid, subject="availability", about=home.account,
              outcome=f"{float(violation.due)} EUR")  # fmt: skip
    for invitation in home.invitations:
        guest, at = invitation.guest, -DAY * invitation.day
        event(at, "invitation", invitation.uid, subject="accepted" if guest else "expired",
              actor=invitation.sender.uid, channel="app")  # fmt: skip
        if guest:
            event(at + 3600, "invitationAccepted", invitation.uid, about=invitation.sender.uid, actor=guest.uid,
                  channel="app")  # fmt: skip
    return sorted(rows, key=lambda row: (row["at"], row["kind"], row["event_uid"]))


def _access(home: Home) -> list[Answer]:
    """Who may do what on the household's account."""
    rows: list[Answer] = []
    for user in home.current:
        rows.append({"user_uid": user.uid, "asset_uid": home.account, "via": "account", "role": user.kind,
                     "entitlements": ENTITLEMENTS[user.kind], "granted_by": user.added_by,
                     "path": [user.uid, "-USES_ACCOUNT->", home.account], "expires": None})  # fmt: skip
        if user is home.users[0]:
            path = [user.uid, "-IDENTIFIES->", home.party, "<-ENGAGED_PARTY-", home.customer, "-HOLDS_ACCOUNT->",
                    home.account]  # fmt: skip
            rows.append({"user_uid": user.uid, "asset_uid": home.account, "via": "holder", "role": "accountHolder",
                         "entitlements": ENTITLEMENTS["accountHolder"], "granted_by": None, "path": path,
                         "expires": None})  # fmt: skip
        if user.permission:
            rows.append({"user_uid": user.uid, "asset_uid": home.account, "via": "permission", "role": "delegate",
                         "entitlements": ["manage:services", "view:bill"], "granted_by": home.users[0].uid,
                         "path": [user.uid, "<-GRANTED_TO-", user.permission, "-ON_ASSET->", home.account],
                         "expires": None})  # fmt: skip
    return sorted(rows, key=lambda row: (row["user_uid"], row["via"]))


def _members(home: Home) -> list[tuple[User, str]]:
    """The household: each with what is a member, the party where the back end knows it, else the user."""
    return [(user, user.party if user.known else user.uid) for user in home.current if user.role]


def _erasure(home: Home) -> list[Answer]:
    """What erasing the head of a household would do."""
    head, current = home.users[0], home.current
    found: list[tuple[str, int, list[str], list[str]]] = []
    everything: set[str] = set()

    def thing(uid: str, own: int, others: Iterable[str] = (), blocker: str = "", *, named: bool = False) -> None:
        others = sorted(others)
        if blocker:
            everything.add(blocker)
        action = 0 if blocker else 3 if others and not named else own
        found.append((uid, action, [blocker] if blocker else [], others))

    thing(head.uid, 1)
    thing(home.customer, 2)
    thing(home.account, 2, (user.uid for user in current[1:]), "soleHolder")
    for user in current:
        if user.role == "child":
            thing(user.party, 3, (), "guardianOfMinor")
            thing(f"ParentalControlPolicy:PC-{home.n}-{int(user.uid[-3:])}", 1, [user.uid])
        if user.permission:
            thing(user.permission, 1, [user.uid])
    for product in home.products:
        thing(product.uid, 2)
    for service in head.services:
        thing(service, 3, (user.uid for user in current[1:] if service in user.services))
    thing(home.group, 3, (member for user, member in _members(home) if user is not head))
    thing(f"ContactMedium:email|p{home.n}@example.org", 1)
    thing(f"PrivacyProfile:PP-{home.n}", 1)
    for invitation in home.invitations:
        if invitation.sender is head:
            thing(invitation.uid, 1, [invitation.guest.uid] if invitation.guest else ())
    for windows in head.windows:
        for day in range(windows.last_day, windows.last_day + len(windows.n)):
            thing(f"QoEMeasurement:{head.uid}|{windows.service}|mos|day|{midnight(day)}", 1)
    for visit in home.visits:
        if visit.user is head:
            thing(visit.uid, 2)
    for contact in home.contacts:
        if contact.caller is head:
            thing(contact.uid, 2)
    for ticket in home.tickets:
        others = [] if ticket.reporter is head else [ticket.reporter.uid]
        thing(ticket.uid, 2, others, "openTicket" if ticket.open else "", named=True)
    found.append((home.party, 0, sorted(everything), []))
    found.sort(key=lambda one: (one[1], one[0].partition(":")[0], one[0]))
    return [
        {"uid": uid, "label": uid.partition(":")[0], "action": ("blocked", "delete", "anonymise", "unlink")[action],
         "blocked_by": blocked, "shared_with": others[:20], "shared": len(others)}
        for uid, action, blocked, others in found
    ]  # fmt: skip


def _profile(home: Home) -> list[Answer]:
    """Who lives in a household."""
    births = {uid: birth for _, uid, birth in home.people}
    names = {uid: name for name, uid, _ in home.people}
    rows: list[Answer] = []
    for user, _ in _members(home):
        head = user is home.users[0]
        birth, age = births.get(user.party), None
        if birth:
            born = AS_OF.fromordinal(birth + 700_000)
            age = AS_OF.year - born.year - ((born.month, born.day) > (AS_OF.month, AS_OF.day))
        band = "unknown" if age is None else next((band for limit, band in AGES if age < limit), "65+")
        tickets = [ticket for ticket in home.tickets if ticket.open and (head or ticket.reporter is user)]
        samples, total = sum(w.samples for w in user.windows), sum(w.total for w in user.windows)
        rows.append({
            "member_uid": user.party, "name": names[user.party], "role": user.role,
            "valid_from": midnight(user.begun), "age_band": band, "minor": None if age is None else age < 16,
            "users": [user.uid], "customers": [home.customer] if head else [], "services": sorted(user.services),
            "open_tickets": len(tickets), "qoe": (2 * total + samples) // (2 * samples) / 100 if samples else None,
            "qoe_n": samples, "qoe_worst": min((min(w.hundredths) for w in user.windows), default=0) / 100 or None,
        })  # fmt: skip
    return sorted(rows, key=lambda row: (ROLES.index(row["role"]), row["member_uid"]))


def _at_risk(home: Home) -> list[Answer]:
    """What leaves with a household."""
    rows: list[tuple[int, str, str, str, str | None]] = []
    names = {uid: name for name, uid, _ in home.people}
    for user, member in _members(home):
        rows.append((0, user.party, names[user.party], "member", None if user.known else user.uid))
        rows.append((0, user.uid, user.nickname, "member", user.party if member == user.party else None))
    rows.append((0, home.customer, home.name, "member", home.party))
    rows.append((1, home.account, home.name, "account", home.customer))
    for product in home.products:
        rows.append((2, product.uid, product.name, "product", home.account))
    reached = {user.uid: 0 for user in home.current}
    for user in home.current:
        if user.kind == "guest":
            rows.append((4, user.uid, user.nickname, "guest", home.account))
    for invitation in home.invitations:
        guest = invitation.guest
        if guest and guest.ended and reached.get(invitation.sender.uid, 9) < 3:
            reached[guest.uid] = reached[invitation.sender.uid] + 1
            rows.append((5, guest.uid, guest.nickname, "invitee", invitation.sender.uid))
    money = {product.uid: product.cents / 100 for product in home.products}
    return [
        {"uid": uid, "label": uid.partition(":")[0], "name": name, "dependency": dependency, "through": through,
         "monthly_value": money.get(uid), "currency": "EUR" if uid in money else None}
        for _, uid, name, dependency, through in sorted(rows, key=lambda row: (row[0], row[1]))
    ]  # fmt: skip


def _experience(home: Home, user: User) -> list[Answer]:
    """The windows of a user against what was promised."""
    rows: list[Answer] = []
    for windows in user.windows:
        covered = home.agreement is not None and home.agreement.service == windows.service
        for at, level in enumerate(windows.hundredths):
            rows.append({
                "window_start": midnight(windows.last_day + at), "granularity": "day", "service_uid": windows.service,
                "metric": "mos", "n": windows.n[at], "mean": _mean(level),
                "p10": max(100, level - 60) / 100, "share_below": 0.1, "mos": _mean(level),
                "band": next((word for limit, word in WORDS if level >= limit), "bad"),
                "target": 3.6 if covered else None, "statistic": "mean" if covered else None,
                "unit": "MOS" if covered else None, "met": level >= 360 if covered else None,
                "sla_uid": home.agreement.uid if home.agreement and covered else None,
            })  # fmt: skip
    rows.sort(key=lambda row: row["service_uid"])
    return sorted(rows, key=lambda row: str(row["window_start"]), reverse=True)


def _report(home: Home, written: list[Row]) -> list[Answer]:
    """What is held on the head of a household, from the rows that were written of it."""
    faces = (home.party, home.users[0].uid, home.customer)
    own, purposes = set(faces), []
    for table, _, values in written:
        if table in OWN and str(values[0]) in faces:
            own.add(str(values[1]))
        elif table == "APPLIES_FOR" and values[1] == home.party:
            own.add(str(values[0]))
    for table, _, values in written:
        if table == "HAS_STEP" and values[0] in own:
            own.add(str(values[1]))
        elif table == "PrivacyProfile" and f"PrivacyProfile:{values[0]}" in own:
            purposes = sorted(str(values[1]).split(";"))
    rows: list[dict[str, Any]] = []
    for table, systems, values in written:
        columns = COLUMNS[table].split(",")
        for system in systems.split(";"):
            if table in HELD:
                size = COMPOSITE.get(table, 1)
                id_ = "|".join(map(str, values[:size]))
                if f"{table}:{id_}" not in own:
                    continue
                for field, value in zip(columns, values, strict=True):
                    if value != "" and (table != "Service" or field == "msisdn"):
                        rows.append({"label": table, "uid": f"{table}:{id_}", "field": field, "value": str(value),
                                     "system": system, "via": None, "valid_from": None, "valid_to": None})  # fmt: skip
            elif table.isupper() and table not in ("HAS_QOE", "STARTED") and (values[0] in faces or values[1] in faces):
                start, end = str(values[0]), str(values[1])
                face, other, field = (start, end, f"-{table}->") if start in faces else (end, start, f"<-{table}-")
                said = dict(zip(columns, values, strict=True))
                rows.append({"label": other.partition(":")[0], "uid": other, "field": field, "value": said.get("role"),
                             "system": system, "via": face,
                             "valid_from": said.get("validFrom") or said.get("at") or None,
                             "valid_to": said.get("validTo") or None})  # fmt: skip
    rows.sort(key=lambda row: (row["label"], row["uid"], row["field"], row["system"], row["via"] or "￿",
                               row["valid_from"] or "￿", row["value"] or "￿"))  # fmt: skip
    return [row | {"purpose": purposes} for row in rows]
