"""What was promised, and whether it was kept: agreements, violations and the tickets that speak of them."""

from __future__ import annotations

import math
from collections import Counter

from telecom.board import ENOUGH, MOS, Board, asked, halfway, rounded, thousandth
from telecom.facts import Agreement, Answer, Home, Ticket, User, instant
from telecom.tables import DAY, iso, midnight


class Promises:
    """The answers about service level agreements."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.cohorts: dict[str, Counter[str]] = {"consumer": Counter(), "enterprise": Counter()}
        board.open("gaps", "sla.sla_coverage_gaps")
        board.open("breaches", "sla.sla_breaches", since=midnight(365))
        board.open("jeopardy", "sla.sla_jeopardy")
        board.open("quiet", "sla.silent_breaches", since=midnight(300))
        board.open("credits", "sla.credits_due")
        board.open("watermelons", "qoe.watermelon_slas")

    def home(self, home: Home, current: list[User]) -> list[str]:
        """Returns the violations of the last month that no ticket speaks of."""
        self._quiet_tickets(home)
        if not home.agreement:
            return []
        self._agreement(home, home.agreement, current)
        return self._breaches(home, home.agreement)

    def asked(self) -> list[dict[str, object]]:
        return [asked("sla.sla_population", self._population(), spec="SPEC-GOLD")]

    def _agreement(self, home: Home, agreement: Agreement, current: list[User]) -> None:
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
                self.board.add("jeopardy", (math.inf, objective, user.uid, windows.service, ""), {
                    "clock": "measurement", "sla_uid": agreement.uid, "objective_uid": objective, "metric": "mos",
                    "current": newest / 100, "warning": 3.8, "target": 3.6, "unit": "MOS", "subject_uid": user.uid,
                    "service_uid": windows.service, "ticket_uid": None, "hours_left": None,
                })  # fmt: skip
        poor = [windows for _, windows in measured if thousandth(windows.total, windows.samples) < MOS]
        if poor and not recent:
            row: Answer = {
                "sla_uid": agreement.uid, "name": "Gold", "violations": 0, "conformance": 1.0, "users_poor": len(poor),
                "users_measured": len(measured), "share": None, "worst_service": agreement.service, "worst_qoe": None,
            }  # fmt: skip
            if len(measured) >= ENOUGH:
                row["share"] = rounded(len(poor) / len(measured), 4)
                total, samples = sum(w.total for w in poor), sum(w.samples for w in poor)
                row["worst_qoe"] = thousandth(total, samples) / 1000
                if halfway(total, samples):
                    del row["worst_qoe"]
            self.board.add("watermelons", (-len(poor), agreement.uid), row)
        if home.segment == "consumer":
            self._gaps(home, agreement, current)
        for ticket in home.tickets:
            self._clock(agreement, ticket)

    def _gaps(self, home: Home, agreement: Agreement, current: list[User]) -> None:
        """The other services of a household of which one product is covered."""
        for user in current:
            for service in user.services:
                if service != agreement.service:
                    self.board.add("gaps", (home.account, user.uid, service), {
                        "account_uid": home.account, "user_uid": user.uid, "kind": user.kind, "service_uid": service,
                        "service_type": "mobile", "account_holder": home.customer, "holder_sla": agreement.uid,
                        "covered_product": agreement.covered,
                    })  # fmt: skip

    def _clock(self, agreement: Agreement, ticket: Ticket) -> None:
        """An open ticket about a covered service: repaired within 72 hours, or soon a breach."""
        age = -ticket.at
        if ticket.service != agreement.service or not ticket.open or ticket.type != "incident":
            return
        left = 72 * 3600 - age
        if age <= 7 * DAY and left >= 0 and (left <= 8 * 3600 or age > 48 * 3600):
            objective = f"ServiceLevelObjective:SLO-{agreement.n}-T"
            self.board.add("jeopardy", (left / 3600, objective, ticket.service, ticket.service, ticket.uid), {
                "clock": "repair", "sla_uid": agreement.uid, "objective_uid": objective, "metric": "timeToRepair",
                "current": rounded(age / 3600, 2), "warning": 48.0, "target": 72.0, "unit": "hours",
                "subject_uid": ticket.service, "service_uid": ticket.service, "ticket_uid": ticket.uid,
                "hours_left": rounded(left / 3600, 2),
            })  # fmt: skip

    def _breaches(self, home: Home, agreement: Agreement) -> list[str]:
        """Violations of the agreement; returns those of the last month that no ticket speaks of."""
        quiet: list[str] = []
        for violation in home.violations:
            day, uid = violation.day, violation.uid
            hit = sorted(user.uid for user in home.users if _used(home, user, violation.service, day))
            customers = [home.customer] if home.segment == "consumer" else []
            self.board.add("breaches", (day, uid), {
                "violation_uid": uid, "at": midnight(day), "severity": "major", "sla_uid": agreement.uid,
                "objective_uid": f"ServiceLevelObjective:SLO-{agreement.n}-A", "metric": "availability", "actual": 99.1,
                "target": 99.9, "unit": "percent", "service_uid": violation.service, "customers": len(customers),
                "users": len(hit), "customer_uids": customers, "user_uids": hit[:10], "consequence": "credit",
                "account_uid": home.account, "credit_due": float(violation.due), "currency": "EUR",
                "paid": bool(violation.paid),
            })  # fmt: skip
            if not violation.paid:
                self.board.add("credits", (-violation.due, home.account), {
                    "account_uid": home.account, "payer": home.payer or home.customer, "violations": 1,
                    "credit_due": float(violation.due), "currency": "EUR", "oldest": midnight(day),
                    "violation_uids": [uid],
                })  # fmt: skip
            if any(_together(ticket, violation.service, day) for ticket in home.tickets):
                continue
            self.board.add("quiet", (day * DAY, 1, uid), {
                "kind": "violationWithoutTicket", "violation_uid": uid, "ticket_uid": None,
                "customer_uid": home.customer, "account_uid": home.account, "service_uid": violation.service,
                "at": midnight(day), "undecided": False,
            })  # fmt: skip
            if day <= 30:
                quiet.append(uid)
        return quiet

    def _quiet_tickets(self, home: Home) -> None:
        for ticket in home.tickets:
            if ticket.type != "incident" or ticket.at < instant(300):
                continue
            if any(_together(ticket, violation.service, violation.day) for violation in home.violations):
                continue
            self.board.add("quiet", (-ticket.at, 0, ticket.uid), {
                "kind": "ticketWithoutViolation", "violation_uid": None, "ticket_uid": ticket.uid,
                "customer_uid": home.customer, "account_uid": home.account, "service_uid": ticket.service,
                "at": iso(ticket.at), "undecided": -ticket.at < DAY,
            })  # fmt: skip

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


def _together(ticket: Ticket, service: str, day: int) -> bool:
    """Whether a ticket and a violation of that day belong together."""
    return ticket.type == "incident" and ticket.service == service and abs(ticket.at - instant(day)) <= DAY


def _used(home: Home, user: User, service: str, day: int) -> bool:
    """Whether a user used a service on a day: guests the last of the household's, others as they do now."""
    there = user.begun >= day and (not user.ended or user.ended < day)
    if user.kind == "guest":
        return there and service == home.services[-1]
    return there and service in user.services
