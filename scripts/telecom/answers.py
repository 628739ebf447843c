"""The answers to the questions about the whole operator, worked out household by household from what was written.

Each answer follows the header of its question, not its Cypher. Of a long answer the first rows and the number of all
are kept, of a summary its counts: memory grows with neither.
"""

from __future__ import annotations

import math
from array import array
from bisect import insort
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from telecom.facts import Answer, Home, Params, Ticket, User, Visit, Windows, instant
from telecom.tables import DAY, iso, midnight

KEPT = 100
"""So many rows of an answer are written down, in the question's order; of a longer one the count too."""
NOW = midnight(0)
ENOUGH = 5
"""Fewer people than this are not told apart."""
CAUSES = ("error", "slowLoad", "formWall", "bounce", "midFlow", "unknown")
KINDS = ("primary", "delegate", "secondary", "guest")
BANDS = ((7, "0-6"), (13, "7-12"), (16, "13-15"))
MOS, GAP = 3600, 1000
"""Thousandths of the MOS below which users are dissatisfied, and of the gap that is too wide."""
WEIGHTS = {"household": 1.0, "account": 0.8, "invitation": 0.5, "group": 0.3}
SIGNALS = ("wastedTransactions", "repeatTickets", "silentBreach", "hiddenBadExperience", "contractEnd")


class Top:
    """The first rows of an answer in its order, and how many there are in all."""

    __slots__ = ("_rows", "count")

    def __init__(self) -> None:
        self.count = 0
        self._rows: list[tuple[Any, int, Answer]] = []

    def wants(self, key: Any) -> bool:
        """Count one more row, and say whether it is among the first so far."""
        self.count += 1
        return len(self._rows) < KEPT or key < self._rows[-1][0]

    def keep(self, key: Any, row: Answer) -> None:
        insort(self._rows, (key, self.count, row))
        del self._rows[KEPT:]

    @property
    def rows(self) -> list[Answer]:
        return [row for _, _, row in self._rows]


def rounded(value: float | Decimal, places: int) -> float:
    """Rounded as everybody was taught: halves go up."""
    return float(Decimal(repr(value) if isinstance(value, float) else value).quantize(Decimal(1).scaleb(-places),
                                                                                      ROUND_HALF_UP))  # fmt: skip


def thousandths(windows: list[Windows]) -> int:
    """The mean over windows, in thousandths: all samples are an odd number, so no mean lies on a half."""
    samples = sum(w.samples for w in windows)
    return (20 * sum(w.total for w in windows) + samples) // (2 * samples)


class Answers:
    """What is known so far of every question about the whole operator."""

    def __init__(self) -> None:
        self.tops: dict[str, Top] = {}
        self.params: dict[str, tuple[str, Params]] = {}
        self.problems: dict[str, str] = {}
        self.resources: dict[str, tuple[str, str]] = {}
        self.before: Home | None = None
        """The household written before."""
        self.names: dict[str, int] = {}
        self.births = [array("q") for _ in range(64)]
        """Who is called what and born when, eight bytes a person; parted by name."""
        self.ratios: dict[str, dict[str, Counter[str]]] = {"all": {}, "region": {}, "segment": {}, "kind": {}}
        self.enjoyment: dict[str, dict[str, list[int]]] = {"all": {}, "kind": {}, "offering": {}}
        self.cohorts: dict[str, Counter[str]] = {"consumer": Counter(), "enterprise": Counter()}
        self.pages: dict[str, Counter[Any]] = {}
        self.flows: dict[str, Counter[Any]] = {}
        self.guests: dict[str, dict[str, dict[str, Any]]] = {"inviterKind": {}, "month": {}, "channel": {}, "all": {}}
        self.recent: dict[str, list[tuple[Ticket, Home]]] = {}
        as_of: Params = {"as_of": NOW}
        for name, question, params in (
            ("unknown", "reconcile.users_unknown_to_crm", {}),
            ("silent", "reconcile.silent_accounts", as_of),
            ("conflicts", "reconcile.identity_conflicts", {}),
            ("twice", "reconcile.duplicate_parties", as_of),
            ("stale", "reconcile.stale_access", as_of),
            ("minors", "access.unprotected_minors", {"unknown_age": False} | as_of),
            ("orphans", "access.orphan_policies", as_of),
            ("gaps", "sla.sla_coverage_gaps", as_of),
            ("breaches", "sla.sla_breaches", {"since": midnight(365)} | as_of),
            ("jeopardy", "sla.sla_jeopardy", as_of),
            ("quiet", "sla.silent_breaches", {"since": midnight(300)} | as_of),
            ("credits", "sla.credits_due", as_of),
            ("hidden", "qoe.hidden_bad_experience", as_of),
            ("watermelons", "qoe.watermelon_slas", as_of),
            ("repeat: product", "tickets.repeat_tickets", {"scope": "product"} | as_of),
            ("repeat: account", "tickets.repeat_tickets", {"scope": "account", "days": 30} | as_of),
            ("repeat: household", "tickets.repeat_tickets", {"scope": "household"} | as_of),
            ("causes", "tickets.common_cause", as_of),
            ("others", "tickets.tickets_by_non_holders", {"since": midnight(90)} | as_of),
            ("visits", "selfcare.wasted_transactions", {"since": midnight(30)} | as_of),
            ("planted", "selfcare.wasted_transactions", {"since": midnight(61), "until": midnight(60)} | as_of),
            ("demand", "selfcare.failure_demand", as_of),
            ("quitters", "selfcare.silent_quitters", as_of),
            ("inviters", "acquisition.top_inviters", as_of),
            ("candidates", "acquisition.invite_candidates", as_of),
            ("contagion", "retention.churn_contagion", as_of),
            ("signals", "retention.churn_signals", as_of),
            ("many signals", "retention.churn_signals", {"k": 3} | as_of),
        ):
            self.tops[name] = Top()
            self.params[name] = question, params

    def add(self, name: str, key: Any, row: Answer) -> None:
        top = self.tops[name]
        if top.wants(key):
            top.keep(key, row)

    # --- a household, or a company ---

    def home(self, home: Home) -> None:
        current = home.current
        self._back_end(home, current)
        self._enjoyment(home, current)
        if home.invitations or home.elsewhere:
            self._inviters(home)
            self._conversion(home)
        if home.closed:
            self.before = home
            return
        self._same_names(home)
        wasted = self._visits(home, current) if home.visits else []
        hidden = self._hidden(home, current)
        quiet = self._breaches(home) if home.violations else []
        repeated: list[Ticket] = []
        if home.tickets:
            repeated = self._repeated(home)
            self._others(home)
            self._quiet_tickets(home)
            self._recent(home)
        if home.agreement:
            self._agreement(home, current)
        self._candidates(home, current)
        self._signals(home, wasted, repeated, quiet, hidden)
        self.before = home

    # --- front end and back end ---

    def _back_end(self, home: Home, current: list[User]) -> None:
        for user in home.users:
            if not user.known and user.status == "active":
                if not self.tops["unknown"].wants(user.uid):
                    continue
                there = not user.ended
                self.tops["unknown"].keep(user.uid, {
                    "user_uid": user.uid, "kind": user.kind if there else None,
                    "account_uid": home.account if there else None, "account_holder": home.customer if there else None,
                    "created_at": midnight(user.begun), "last_active": user.seen,
                })  # fmt: skip
        for by, name in (("all", "all"), ("region", home.region), ("segment", home.segment)):
            self._ratio(by, name, current)
        for kind in {user.kind for user in current}:
            self._ratio("kind", kind, [user for user in current if user.kind == kind])
        if home.silent:
            self.add("silent", home.customer, {
                "customer_uid": home.customer, "account_uid": home.account, "name": home.name,
                "products": len(home.products), "users": len(current), "last_active": max(u.seen for u in current),
            })  # fmt: skip

    def _ratio(self, by: str, name: str, users: list[User]) -> None:
        found = self.ratios[by].setdefault(name, Counter())
        found["holders"] += 1
        found["users"] += len(users)
        for user in users:
            found[user.kind] += 1
            found["front_only"] += not user.known

    def conflict(self, home: Home, family: str) -> None:
        for field, value in (("familyName", family), ("name", home.name)):
            self.add("conflicts", (home.party, field), {
                "uid": home.party, "label": "Individual", "field": field,
                "value_by_system": [f"CRM={value}", f"IDM={value}ová"], "value": value,
            })  # fmt: skip

    def stale(self, home: Home, user: User, reason: str, day: int, group: str) -> None:
        self.add("stale", (user.uid, home.account, reason), {
            "user_uid": user.uid, "account_uid": home.account, "reason": reason, "role": user.kind,
            "grant_path": [user.uid, "-USES_ACCOUNT->", home.account], "stale_since": midnight(day),
            "group_uid": group or None,
        })  # fmt: skip

    def person(self, home: Home, slot: int, name: str, born: date, *, on_account: bool = True) -> None:
        """Somebody with a name and a birth date: the holder (slot 0), the second record (127), or a user."""
        birth = born.toordinal() - 700_000
        number = self.names.setdefault(name, len(self.names))
        self.births[number & 63].append((number << 16 | birth) << 34 | home.number << 7 | slot)
        if on_account and slot != 127:
            home.people.append((name, home.party if not slot else f"{home.party}-{slot}", birth))

    def twice(self, home: Home, name: str, *, longer: bool) -> None:
        other = f"{home.party}-D"
        medium = f"email ContactMedium:email|p{home.n}@example.org"
        evidence = [medium, "part of the name"] if longer else [medium, "name", "birth date"]
        score = rounded(1 - Decimal("0.4") * (Decimal("0.7") if longer else Decimal("0.5") * Decimal("0.6")), 2)
        self._pair(home.party, other, home.name, name, score, evidence)

    def _pair(self, one: str, other: str, name: str, other_name: str, score: float, evidence: list[str]) -> None:
        if other < one:
            one, other, name, other_name = other, one, other_name, name
        self.add("twice", (-score, one, other), {
            "uid_a": one, "uid_b": other, "name_a": name, "name_b": other_name, "score": score,
            "shared_evidence": evidence, "against": [], "decided_by": None, "decided": False,
        })  # fmt: skip

    def _same_names(self, home: Home) -> None:
        """People of one name behind one account: probably one, unless they were born on different days."""
        people = home.people
        if len({name for name, _, _ in people}) == len(people) or len(home.users) + home.holders > 20:
            return
        for i, (name, uid, birth) in enumerate(people):
            for other_name, other, other_birth in people[i + 1 :]:
                if name != other_name or (birth and other_birth and birth != other_birth):
                    continue
                same = bool(birth) and birth == other_birth
                evidence = [f"account {home.account}", "name", *["birth date"] * same]
                self._pair(uid, other, name, name, 0.82 if same else 0.7, evidence)

    def _namesakes(self) -> None:
        """People of one name born on one day, in different households."""
        names = list(self.names)
        for births in self.births:
            for code, same in groupby(sorted(births), key=lambda one: one >> 34):
                people = [divmod(one & (1 << 34) - 1, 128) for one in same]
                if len(people) < 2:
                    continue
                name = names[code >> 16]
                for i, (number, slot) in enumerate(people):
                    for other, other_slot in people[i + 1 :]:
                        if number != other:
                            self._pair(_party(number, slot), _party(other, other_slot), name, name, 0.7,
                                       ["name", "birth date"])  # fmt: skip
        self.births = [array("q") for _ in range(64)]

    # --- minors, policies ---

    def minor(self, home: Home, user: User, age: int, guardian: str | None, missing: str) -> None:
        self.add("minors", (missing, user.party, user.uid), {
            "individual_uid": user.party, "age_band": next(band for limit, band in BANDS if age < limit),
            "user_uid": user.uid, "services": [home.services[0]], "household": home.group, "guardian": guardian,
            "missing": missing,
        })  # fmt: skip

    def orphan(self, policy: str, setter: str | None, thing: str, reason: str, role: str | None, day: int) -> None:
        key = (("lost", "never", "unknown").index(reason), -day, policy)
        self.add("orphans", key, {
            "policy_uid": policy, "label": policy.partition(":")[0], "set_by": setter, "applies_to": thing,
            "reason": reason, "lost_role": role, "lost_role_at": midnight(day) if day else None,
        })  # fmt: skip

    # --- experience ---

    def _enjoyment(self, home: Home, current: list[User]) -> None:
        offerings = {product.service: product.offering for product in home.products}
        for user in home.users:
            if user.status != "active":
                continue
            recent = [w for w in user.windows if w.last_day == 1]
            measured = bool(recent)
            good = measured and thousandths(recent) >= MOS
            of = ("none",) if not user.services else {offerings[service] for service in user.services}
            for by, names in (("all", ("all",)), ("kind", (user.kind if not user.ended else "unknown",)),
                              ("offering", of)):  # fmt: skip
                for name in names:
                    found = self.enjoyment[by].setdefault(name, [0, 0, 0])
                    found[0] += 1
                    found[1] += measured
                    found[2] += good

    def _hidden(self, home: Home, current: list[User]) -> list[str]:
        """Users who suffer while the holder is fine."""
        head = home.users[0]
        holder = next((user for user in current if user.kind == "primary" and user.windows), None)
        if holder is None or holder is not head:
            return []
        level = thousandths(head.windows)
        if level < MOS:
            return []
        found = []
        for user in current[1:]:
            for windows in user.windows:
                own = thousandths([windows])
                if windows.last_day != 1 or own >= MOS or level - own < GAP:
                    continue
                found.append(user.uid)
                gap = level - own
                self.add("hidden", (-gap, home.account, user.uid, windows.service), {
                    "account_uid": home.account, "holder_user": head.uid, "holder_qoe": level / 1000,
                    "user_uid": user.uid, "kind": user.kind, "user_qoe": own / 1000, "service_uid": windows.service,
                    "n": windows.samples, "gap": gap / 1000,
                })  # fmt: skip
        return found

    # --- agreements ---

    def _agreement(self, home: Home, current: list[User]) -> None:
        agreement = home.agreement
        if agreement is None:
            raise ValueError("a home without an agreement")
        promised = [user for user in current if agreement.service in user.services]
        cohort = self.cohorts[home.segment]
        recent = [violation for violation in home.violations if violation.day <= 30]
        cohort["customers"] += home.segment == "consumer"
        cohort["users"] += len(promised)
        cohort["slas"] += 1
        cohort["breaches"] += len(recent)
        measured = [(user, w) for user in promised for w in user.windows if w.service == agreement.service]
        measured = [(user, w) for user, w in measured if w.last_day == 1]
        for user, windows in measured:
            newest = windows.hundredths[0]
            if 360 <= newest < 380:
                objective = f"ServiceLevelObjective:SLO-{agreement.n}-M"
                self.add("jeopardy", (math.inf, objective, user.uid, windows.service, ""), {
                    "clock": "measurement", "sla_uid": agreement.uid, "objective_uid": objective, "metric": "mos",
                    "current": newest / 100, "warning": 3.8, "target": 3.6, "unit": "MOS", "subject_uid": user.uid,
                    "service_uid": windows.service, "ticket_uid": None, "hours_left": None,
                })  # fmt: skip
        poor = [windows for _, windows in measured if _thousandth(windows.total, windows.samples) < MOS]
        if poor and not recent:
            row: Answer = {
                "sla_uid": agreement.uid, "name": "Gold", "violations": 0, "conformance": 1.0, "users_poor": len(poor),
                "users_measured": len(measured), "share": None, "worst_service": agreement.service, "worst_qoe": None,
            }  # fmt: skip
            if len(measured) >= ENOUGH:
                row["share"] = rounded(len(poor) / len(measured), 4)
                total, samples = sum(w.total for w in poor), sum(w.samples for w in poor)
                row["worst_qoe"] = _thousandth(total, samples) / 1000
                if 20 * total % samples == 0 and 20 * total // samples % 2:
                    del row["worst_qoe"]
            self.add("watermelons", (-len(poor), agreement.uid), row)
        if home.segment == "consumer":
            self._gaps(home, current)
        for ticket in home.tickets:
            self._clock(home, ticket)

    def _gaps(self, home: Home, current: list[User]) -> None:
        """The other services of a household of which one product is covered."""
        agreement = home.agreement
        if agreement is None:
            return
        for user in current:
            for service in user.services:
                if service != agreement.service:
                    self.add("gaps", (home.account, user.uid, service), {
                        "account_uid": home.account, "user_uid": user.uid, "kind": user.kind, "service_uid": service,
                        "service_type": "mobile", "account_holder": home.customer, "holder_sla": agreement.uid,
                        "covered_product": agreement.covered,
                    })  # fmt: skip

    def _clock(self, home: Home, ticket: Ticket) -> None:
        """An open ticket about a covered service: repaired within 72 hours, or soon a breach."""
        agreement, age = home.agreement, -ticket.at
        if agreement is None or ticket.service != agreement.service or not ticket.open or ticket.type != "incident":
            return
        left = 72 * 3600 - age
        if age <= 7 * DAY and left >= 0 and (left <= 8 * 3600 or age > 48 * 3600):
            objective = f"ServiceLevelObjective:SLO-{agreement.n}-T"
            self.add("jeopardy", (left / 3600, objective, ticket.service, ticket.service, ticket.uid), {
                "clock": "repair", "sla_uid": agreement.uid, "objective_uid": objective, "metric": "timeToRepair",
                "current": rounded(age / 3600, 2), "warning": 48.0, "target": 72.0, "unit": "hours",
                "subject_uid": ticket.service, "service_uid": ticket.service, "ticket_uid": ticket.uid,
                "hours_left": rounded(left / 3600, 2),
            })  # fmt: skip

    def _breaches(self, home: Home) -> list[str]:
        """Violations of the agreement; returns those of the last month that no ticket speaks of."""
        agreement, quiet = home.agreement, []
        if agreement is None:
            raise ValueError("a violation without an agreement")
        for violation in home.violations:
            day, uid = violation.day, violation.uid
            hit = sorted(user.uid for user in home.users if self._used(home, user, violation.service, day))
            customers = [home.customer] if home.segment == "consumer" else []
            self.add("breaches", (day, uid), {
                "violation_uid": uid, "at": midnight(day), "severity": "major", "sla_uid": agreement.uid,
                "objective_uid": f"ServiceLevelObjective:SLO-{agreement.n}-A", "metric": "availability", "actual": 99.1,
                "target": 99.9, "unit": "percent", "service_uid": violation.service, "customers": len(customers),
                "users": len(hit), "customer_uids": customers, "user_uids": hit[:10], "consequence": "credit",
                "account_uid": home.account, "credit_due": float(violation.due), "currency": "EUR",
                "paid": bool(violation.paid),
            })  # fmt: skip
            if not violation.paid:
                self.add("credits", (-violation.due, home.account), {
                    "account_uid": home.account, "payer": home.payer or home.customer, "violations": 1,
                    "credit_due": float(violation.due), "currency": "EUR", "oldest": midnight(day),
                    "violation_uids": [uid],
                })  # fmt: skip
            if any(_together(ticket, violation.service, day) for ticket in home.tickets):
                continue
            self.add("quiet", (day * DAY, 1, uid), {
                "kind": "violationWithoutTicket", "violation_uid": uid, "ticket_uid": None,
                "customer_uid": home.customer, "account_uid": home.account, "service_uid": violation.service,
                "at": midnight(day), "undecided": False,
            })  # fmt: skip
            if day <= 30:
                quiet.append(uid)
        return quiet

    @staticmethod
    def _used(home: Home, user: User, service: str, day: int) -> bool:
        """Whether a user used a service on a day: guests the last of the household's, others as they do now."""
        there = user.begun >= day and (not user.ended or user.ended < day)
        if user.kind == "guest":
            return there and service == home.services[-1]
        return there and service in user.services

    # --- tickets ---

    def _quiet_tickets(self, home: Home) -> None:
        for ticket in home.tickets:
            if ticket.type != "incident" or ticket.at < instant(300):
                continue
            if any(_together(ticket, violation.service, violation.day) for violation in home.violations):
                continue
            self.add("quiet", (-ticket.at, 0, ticket.uid), {
                "kind": "ticketWithoutViolation", "violation_uid": None, "ticket_uid": ticket.uid,
                "customer_uid": home.customer, "account_uid": home.account, "service_uid": ticket.service,
                "at": iso(ticket.at), "undecided": -ticket.at < DAY,
            })  # fmt: skip

    def _repeated(self, home: Home) -> list[Ticket]:
        """Things with two tickets within days; returns the account's, if it is one of them."""
        week = [ticket for ticket in home.tickets if ticket.at >= -7 * DAY]
        month = [ticket for ticket in home.tickets if ticket.at >= -30 * DAY]
        if len(month) < 2:
            return []
        for product in home.products:
            about = [ticket for ticket in week if ticket.service == product.service]
            self._repeat("repeat: product", product.uid, product.name, about)
        self._repeat("repeat: account", home.account, home.name, month)
        if home.segment == "consumer" and home.group:
            self._repeat("repeat: household", home.group, None, week)
        return month

    def _repeat(self, name: str, uid: str, shown: str | None, tickets: list[Ticket]) -> None:
        if len(tickets) < 2:
            return
        tickets = sorted(tickets, key=lambda ticket: (ticket.at, ticket.uid))
        row: Answer = {
            "scope_uid": uid, "name": shown, "tickets": len(tickets),
            "users": len({ticket.reporter.party for ticket in tickets}),
            "ticket_types": sorted({ticket.type for ticket in tickets}),
            "reopened": sum(ticket.reopened > 0 for ticket in tickets), "first_at": iso(tickets[0].at),
            "last_at": iso(tickets[-1].at), "ticket_uids": [ticket.uid for ticket in tickets],
        }  # fmt: skip
        if shown is None:
            del row["name"]
        self.add(name, (-len(tickets), uid), row)

    def _others(self, home: Home) -> None:
        """Tickets from others than the holder, and what allowed them."""
        for ticket in home.tickets:
            reporter = ticket.reporter
            if ticket.at < instant(90) or reporter.party == home.party:
                continue
            by, via = None, None
            if reporter.permission:
                by, via = reporter.permission, "permission"
            elif reporter.kind == "primary":
                by, via = "primary", "account"
            self.add("others", (-ticket.at, ticket.uid), {
                "ticket_uid": ticket.uid, "at": iso(ticket.at), "ticket_type": ticket.type,
                "reporter_uid": reporter.uid, "kind": reporter.kind, "account_uid": home.account,
                "account_holder": home.customer, "authorised": by is not None, "authorised_by": by,
                "authorised_via": via,
            })  # fmt: skip

    def _recent(self, home: Home) -> None:
        """Open incidents of the last day, by what their service stands on."""
        for ticket in home.tickets:
            if ticket.at >= -DAY and ticket.type == "incident" and ticket.open and not ticket.problem:
                self.recent.setdefault(home.stands_on[ticket.service], []).append((ticket, home))

    # --- self-care ---

    def _visits(self, home: Home, current: list[User]) -> list[str]:
        """Unfinished visits and what became of them; returns the users who wasted several in silence."""
        contacts = [(c.at, c.uid, c.caller) for c in home.contacts] + [(t.at, t.uid, t.reporter) for t in home.tickets]
        for visit in home.visits:
            flow = self.flows.setdefault(visit.intent, Counter())
            if visit.start >= -30 * DAY:
                self._flow(flow, visit)
            if visit.done:
                continue
            visit.recovered = any(
                other.done and other.user is visit.user and other.intent == visit.intent
                and visit.start < other.end <= visit.end + DAY
                for other in home.visits
            )  # fmt: skip
            visit.undecided = not visit.recovered and visit.end + DAY > 0
            visit.wasted = not visit.recovered and not visit.undecided
            near = [contact for contact in contacts if visit.start <= contact[0] <= visit.end + DAY]
            visit.escalated = bool(near)
            planted = visit.start < -30 * DAY
            name = "planted" if planted else "visits"
            key = (visit.start, visit.uid)
            if self.tops[name].wants(key):
                self.tops[name].keep(key, {
                    "transaction_uid": visit.uid, "user_uid": visit.user.uid, "kind": visit.user.kind,
                    "account_uid": home.account, "intent": visit.intent, "started_at": iso(visit.start),
                    "last_page": visit.steps[-1].page, "seconds_in": float(visit.end - visit.start),
                    "waste_cause": cause_of(visit), "recovered": visit.recovered, "wasted": visit.wasted,
                    "undecided": visit.undecided, "escalated": visit.escalated,
                })  # fmt: skip
            if not planted and visit.wasted:
                for at, uid, who in near:
                    self._demand(home, visit, at, uid, who)
        self._pages(home)
        return self._quitters(home, contacts)

    def _demand(self, home: Home, visit: Visit, at: int, uid: str, who: User) -> None:
        self.add("demand", (at, visit.uid, uid), {
            "transaction_uid": visit.uid, "intent": visit.intent, "user_uid": visit.user.uid, "kind": visit.user.kind,
            "account_uid": home.account, "contact_uid": uid, "contacted_at": iso(at), "channel": "phone",
            "by_whom": "self" if who is visit.user else "other", "contact_user_uid": who.uid,
            "gap_minutes": (at - visit.end) / 60,
        })  # fmt: skip

    def _quitters(self, home: Home, contacts: list[tuple[int, str, User]]) -> list[str]:
        wasted: dict[str, list[Visit]] = {}
        for visit in home.visits:
            if visit.wasted and visit.start >= -30 * DAY:
                wasted.setdefault(visit.user.uid, []).append(visit)
        found = []
        for uid, visits in wasted.items():
            if len(visits) < 2 or any(visit.escalated for visit in visits):
                continue
            visits.sort(key=lambda visit: (visit.start, visit.uid))
            user = visits[0].user
            # A ticket is the customer's too, and so a contact of the person who is the customer.
            if any(
                at >= visits[0].start and (who is user or (user is home.users[0] and contact.startswith("Trouble")))
                for at, contact, who in contacts
            ):
                continue
            found.append(uid)
            self.add("quitters", (-len(visits), uid), {
                "user_uid": uid, "kind": user.kind, "account_uid": home.account, "wasted": len(visits),
                "first_at": iso(visits[0].start), "last_at": iso(visits[-1].start), "last_cause": cause_of(visits[-1]),
                "holder_uid": home.customer, "holder_tenure": home.since,
            })  # fmt: skip
        return found

    def _flow(self, flow: Counter[Any], visit: Visit) -> None:
        kind = visit.user.kind
        if visit.done:
            flow["done", kind] += 1
            return
        for step in visit.steps:
            flow["entered", step.page, kind] += 1
            flow["seconds", step.page, kind, step.left - step.entered] += 1
        flow["left", visit.steps[-1].page, kind] += 1

    def _pages(self, home: Home) -> None:
        customers = set()
        for visit in home.visits:
            if visit.done or visit.start < -30 * DAY:
                continue
            for step in visit.steps:
                page = self.pages.setdefault(step.page, Counter())
                page["entries"] += 1
                page["lcp", step.lcp] += 1
                page["satisfied"] += step.load <= 2000
                page["tolerating"] += 2000 < step.load <= 8000
            last = self.pages[visit.steps[-1].page]
            last["exits"] += 1
            if visit.wasted:
                last["wasted"] += 1
                last[cause_of(visit)] += 1
                customers.add(visit.steps[-1].page)
        for name in customers:
            self.pages[name]["customers"] += 1

    # --- guests ---

    def _inviters(self, home: Home) -> None:
        asked = {i.guest.uid: i.sender.uid for i in home.invitations if i.guest} | home.elsewhere
        trees: dict[str, list[tuple[str, int]]] = {}
        for uid in asked:
            inviter, steps = uid, 0
            while inviter in asked and steps < 5:
                inviter, steps = asked[inviter], steps + 1
                trees.setdefault(inviter, []).append((uid, steps))
        for inviter, tree in trees.items():
            customers = [home.converted[uid] for uid, _ in tree if uid in home.converted]
            cents = sum(value for _, _, value in customers)
            key = (-cents, -len(customers), -len(tree), inviter)
            self.add("inviters", key, {
                "user_uid": inviter, "direct": sum(steps == 1 for _, steps in tree), "total": len(tree),
                "depth": max(steps for _, steps in tree), "converted": len(customers),
                "value": cents / 100 if customers else None, "currency": "EUR" if customers else None,
            })  # fmt: skip

    def _conversion(self, home: Home) -> None:
        for invitation in home.invitations:
            day, guest = invitation.day, invitation.guest
            for by, name in (("inviterKind", invitation.sender.kind), ("month", midnight(day)[:7]), ("channel", "app"),
                             ("all", "all")):  # fmt: skip
                found = self.guests[by].setdefault(name, {"counts": Counter(), "seconds": Counter(), "qoe": Counter()})
                counts = found["counts"]
                counts["invited"] += 1
                if guest is None:
                    continue
                counts["accepted"] += 1
                counts["active"] += not guest.ended
                converted = home.converted.get(guest.uid)
                which = ""
                if converted:
                    counts["converted"] += 1
                    found["seconds"][instant(converted[1]) - instant(day, 3600)] += 1
                    which = "converted"
                elif guest.ended:
                    which = "lost"
                # Windows of a converted guest after the conversion are of a customer.
                before = [w for w in guest.windows if which == "lost" or (converted and w.last_day > converted[1])]
                if which and before:
                    found["qoe"][which] += 1
                    found["qoe"][which, "total"] += sum(w.total for w in before)
                    found["qoe"][which, "samples"] += sum(w.samples for w in before)

    def _candidates(self, home: Home, current: list[User]) -> None:
        for user in current:
            if user.kind != "guest" or not user.consent or user.status != "active" or user.last > 30:
                continue
            windows = [w for w in user.windows if w.last_day == 1]
            if not windows or user.uid in home.converted:
                continue
            level, samples = thousandths(windows), sum(w.samples for w in windows)
            if level < 4000 or samples < 5:
                continue
            self.add("candidates", (-level, -samples, user.uid), {
                "user_uid": user.uid, "nickname": user.nickname, "account_uid": home.account,
                "inviter": next(i.sender.uid for i in home.invitations if i.guest is user), "sessions": samples,
                "qoe": level / 1000, "consent": user.consent, "last_active": user.seen,
            })  # fmt: skip

    # --- retention ---

    def contagion(self, customer: str, leaver: str, kind: str) -> None:
        """A customer tied to one who left lately: the one written last."""
        before = self.before
        if before is None or before.customer != customer:
            raise ValueError(f"{customer} was not written just before {leaver}")
        self.add("contagion", (-WEIGHTS[kind], -1, customer), {
            "customer_uid": customer, "name": before.name, "ties": 1, "leavers": [leaver], "tie_types": [kind],
            "score": WEIGHTS[kind],
        })  # fmt: skip

    def _signals(
        self, home: Home, wasted: list[str], repeated: list[Ticket], quiet: list[str], hidden: list[str]
    ) -> None:
        ending = [product.uid for product in home.products if product.contract_end <= 60]
        shown = {
            "wastedTransactions": wasted, "repeatTickets": [ticket.uid for ticket in repeated], "silentBreach": quiet,
            "hiddenBadExperience": list(dict.fromkeys(hidden)), "contractEnd": ending,
        }  # fmt: skip
        signals = [signal for signal in SIGNALS if shown[signal]]
        if len(signals) < 2:
            return
        cents = sum(product.cents for product in home.products)
        row: Answer = {
            "customer_uid": home.customer, "name": home.name, "signals": signals,
            "evidence": [f"{signal}: {uid}" for signal in signals for uid in sorted(shown[signal])],
            "contract_end": midnight(-min(product.contract_end for product in home.products)),
            "monthly_value": cents / 100, "currency": "EUR",
        }  # fmt: skip
        key = (-len(signals), -cents, home.customer)
        self.add("signals", key, row)
        if len(signals) >= 3:
            self.add("many signals", key, row)

    # --- in the end ---

    def asked(self) -> list[dict[str, object]]:
        """Every question with its arguments and its answer."""
        self._namesakes()
        self._causes()
        as_of: Params = {"as_of": NOW}
        found = []
        for name, (question, params) in self.params.items():
            top = self.tops[name]
            found.append({"question": question, "params": params, "count": top.count, "rows": top.rows})
        for group in ("all", "kind", "segment", "region"):
            found.append(_asked("reconcile.front_back_ratio", {"group_by": group} | as_of, self._ratio_rows(group)))
        for group in self.enjoyment:
            found.append(_asked("qoe.enjoyment_index", {"group_by": group} | as_of, self._enjoyment_rows(group)))
        found.append(_asked("sla.sla_population", {"spec": "SPEC-GOLD"} | as_of, self._population()))
        found.append(_asked("selfcare.wasted_by_page", as_of, self._page_rows()))
        for flow in sorted(self.flows):
            found.append(_asked("selfcare.self_care_funnel", {"flow": flow} | as_of, self._funnel(flow)))
        for group in self.guests:
            found.append(_asked("acquisition.guest_conversion", {"group_by": group} | as_of, self._guest_rows(group)))
        return found

    def _ratio_rows(self, by: str) -> list[Answer]:
        rows: list[Answer] = []
        for bucket, found in sorted(self.ratios[by].items()):
            if found["holders"] >= ENOUGH and (not found["users"] or found["users"] >= ENOUGH):
                names = ("holders", "users", *KINDS, "front_only")
                ratio = rounded(found["users"] / found["holders"], 2)
                rows.append({"bucket": bucket, **{name: found[name] for name in names}, "ratio": ratio})
        return rows

    def _enjoyment_rows(self, by: str) -> list[Answer]:
        rows: list[Answer] = []
        for bucket, (users, measured, good) in self.enjoyment[by].items():
            few = users < ENOUGH
            hidden = few or 0 < measured < ENOUGH
            rows.append({
                "bucket": bucket, "users": None if few else users, "measured": None if hidden else measured,
                "good_share": None if hidden else rounded(good / users, 4),
                "poor_share": None if hidden else rounded((measured - good) / users, 4),
                "unmeasured_share": None if hidden else rounded((users - measured) / users, 4), "suppressed": hidden,
            })  # fmt: skip
        return sorted(rows, key=lambda row: (row["users"] is None, -(row["users"] or 0), row["bucket"]))

    def _population(self) -> list[Answer]:
        rows: list[Answer] = []
        for segment, found in self.cohorts.items():
            if not found["users"]:
                continue
            small = max(found["users"], found["customers"]) < ENOUGH
            names = ("customers", "users", "slas", "breaches")
            rows.append({"cohort": segment, **{name: None if small else found[name] for name in names},
                         "suppressed": small})  # fmt: skip
        return rows

    def _page_rows(self) -> list[Answer]:
        rows: list[Answer] = []
        for page, found in self.pages.items():
            entries = found["entries"]
            if entries < ENOUGH:
                continue
            loads = sorted((key[1], times) for key, times in found.items() if isinstance(key, tuple))
            rows.append({
                "page_id": page, "entries": entries, "exits": found["exits"], "wasted": found["wasted"],
                "waste_rate": found["wasted"] / entries, "p75_lcp": _ranked(loads, math.ceil(0.75 * entries)),
                "apdex": (found["satisfied"] + found["tolerating"] / 2) / entries,
                "top_cause": max(CAUSES, key=lambda cause: found[cause]) if found["wasted"] else None,
                "affected_customers": found["customers"],
            })  # fmt: skip
        return sorted(rows, key=lambda row: (-row["wasted"], -row["waste_rate"], row["page_id"]))

    def _funnel(self, flow: str) -> list[Answer]:
        found, rows = self.flows[flow], []
        pages = {key[1] for key in found if key[0] == "entered"}
        for place, page in enumerate(("start", "planQuestions", "offer", "confirm"), 1):
            for kind in KINDS:
                here, done = found["entered", page, kind], found["done", kind]
                if page not in pages or here + done < ENOUGH:
                    continue
                seconds = sorted(
                    (key[3], times) for key, times in found.items() if key[0] == "seconds" and key[1:3] == (page, kind)
                )
                row: Answer = {
                    "step": page, "kind": kind, "place": place, "entered": here + done, "assumed": done,
                    "left": found["left", page, kind], "completed": done, "conv_by_kind": done / (here + done),
                    "median_seconds": None,
                }  # fmt: skip
                if here:
                    middle = _ranked(seconds, (here + 1) // 2), _ranked(seconds, here // 2 + 1)
                    row["median_seconds"] = sum(middle) / 2
                rows.append(row)
        return rows

    def _guest_rows(self, by: str) -> list[Answer]:
        rows: list[Answer] = []
        for bucket, found in self.guests[by].items():
            counts, qoe = found["counts"], found["qoe"]
            if counts["invited"] < ENOUGH:
                continue
            row: Answer = {"bucket": bucket, **{name: counts[name] for name in ("invited", "accepted", "active",
                                                                               "converted")}}  # fmt: skip
            row["median_days"] = None
            both = counts["converted"]
            if both >= ENOUGH:
                seconds = sorted(found["seconds"].items())
                middle = _ranked(seconds, (both + 1) // 2), _ranked(seconds, both // 2 + 1)
                row["median_days"] = rounded(sum(middle) / 2 / DAY, 3)
            for which in ("converted", "lost"):
                total, samples = qoe[which, "total"], qoe[which, "samples"]
                row[f"qoe_{which}"] = _thousandth(total, samples) / 1000 if qoe[which] >= ENOUGH else None
                if samples and 20 * total % samples == 0 and 20 * total // samples % 2:
                    del row[f"qoe_{which}"]
            rows.append(row)
        return sorted(rows, key=lambda row: (-row["converted"], -row["accepted"], -row["invited"], row["bucket"]))

    def _causes(self) -> None:
        for element, found in self.recent.items():
            if len(found) < 2:
                continue
            found.sort(key=lambda one: (one[0].at, one[0].uid))
            name, kind = self.resources[element]
            self.add("causes", (-len(found), element), {
                "element_uid": element, "name": name, "element_type": kind, "tickets": len(found),
                "customers": len({home.customer for _, home in found}),
                "users": len({ticket.reporter.uid for ticket, _ in found}), "depth": 1,
                "first_seen": iso(found[0][0].at), "ticket_uids": [ticket.uid for ticket, _ in found],
                "open_problem": self.problems.get(element),
            })  # fmt: skip
        self.recent = {}


def cause_of(visit: Visit) -> str:
    """Why a visit was wasted, by its pages."""
    first, last = visit.steps[0], visit.steps[-1]
    if any(step.error for step in visit.steps):
        return "error"
    if last.lcp > 4000 or last.load > 8000:
        return "slowLoad"
    if first.form and first.filled == 0:
        return "formWall"
    if len(visit.steps) > 1:
        return "midFlow"
    return "bounce" if first.left - first.entered < 10 else "unknown"


def _together(ticket: Ticket, service: str, day: int) -> bool:
    """Whether a ticket and a violation of that day belong together."""
    return ticket.type == "incident" and ticket.service == service and abs(ticket.at - instant(day)) <= DAY


def _thousandth(total: int, samples: int) -> int:
    return (20 * total + samples) // (2 * samples)


def _ranked(values: list[tuple[int, int]], rank: int) -> int:
    """The value of this rank, counted from one, of sorted values and how often each is there."""
    for value, times in values:
        rank -= times
        if rank <= 0:
            return value
    raise ValueError("fewer values than that")


def _party(number: int, slot: int) -> str:
    return f"Individual:P-{number:08d}{'' if not slot else '-D' if slot == 127 else f'-{slot}'}"


def _asked(question: str, params: Params, rows: list[Answer]) -> dict[str, object]:
    return {"question": question, "params": params, "count": len(rows), "rows": rows[:KEPT]}
