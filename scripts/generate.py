#!/usr/bin/env python3
"""Write a telecom operator of any size as interchange tables, with the answers to questions in manifest.json.

The same size and seed give the same bytes. Rows are written as they are made: memory does not grow with the operator.
For each account holder there are two to three users: families, guests and the guests they invite; one holder in fifty
is an enterprise with nested groups. Every person is invented.

Nothing begins or ends after the manifest's ``as_of``, so that its answers hold whenever the tables are loaded.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

AS_OF = date(2026, 11, 1)
MANIFEST = "manifest.json"
KEPT = 100
"""So many rows of an answer are written down, in the question's order; of a longer one the count too."""

COLUMNS = {
    "Individual": "id,givenName,familyName,name,birthDate,status",
    "Organization": "id,name,organizationType,status",
    "Customer": "id,name,status,segment,startDate,terminationDate,churnReason",
    "Account": "id,name,accountType,state,paymentStatus,region,closedAt",
    "User": "id,nickname,login,status,createdAt,lastActiveAt",
    "ContactMedium": "mediumType,value",
    "Group": "id,name,groupType,tier",
    "Product": "id,name,status,offeringId,startDate,contractEnd,monthlyValue,currency",
    "Service": "id,name,serviceType,category,state,operatingStatus,msisdn",
    "Resource": "id,name,resourceType,site",
    "SLA": "id,name,state,specificationId,version",
    "ServiceLevelObjective": "id,metric,parameterType,statistic,comparator,target,warning,unit",
    "SLAViolation": "id,date,severity,actualValue,referenceValue,operator,consequence,creditDue,currency",
    "QoEMeasurement": "subject,service,metric,granularity,windowStart,n,mean,p10,min,shareBelow,threshold",
    "TroubleTicket": "id,name,ticketType,severity,priority,status,creationDate,resolutionDate,channel,ownerTeam",
    "ServiceProblem": "id,category,priority,status",
    "PartyInteraction": "id,direction,reason,status,channel,start,end",
    "SelfCareTransaction": "id,sessionId,intent,channel,device,start,end,outcome",
    "SelfCareStep": "transaction,seq,pageId,enteredAt,leftAt,lcpMs,loadMs,isForm,fieldsFilled,error",
    "ParentalControlPolicy": "id,ratingLimit,blockedCategories,timeWindow,spendLimit,status,validFrom",
    "Permission": "id,involvementRole,entitlements,validFrom",
    "PrivacyProfile": "id,purposes,status",
    "Invitation": "id,sentAt,channel,status",
    **dict.fromkeys(
        ("ENGAGED_PARTY", "REACHED_AT", "SUBGROUP_OF", "OWNED_BY", "OWNS", "BILLED_TO", "REALIZED_BY", "SUPPORTED_BY",
         "APPLIES_FOR", "AGREED_BY"),
        "start,end,validFrom",
    ),
    **dict.fromkeys(
        ("HAS_OBJECTIVE", "OF_SLA", "BREACHES", "OBSERVED_ON", "CREDITED_TO", "HAS_QOE", "MEASURED_ON", "ABOUT",
         "PART_OF_PROBLEM", "AFFECTS", "CONCERNS", "STARTED", "HAS_STEP", "APPLIES_TO", "SET_BY", "GRANTED_TO",
         "GRANTED_BY", "ON_ASSET"),
        "start,end",
    ),
    **dict.fromkeys(("SENT", "ACCEPTED_AS"), "start,end,at"),
    **dict.fromkeys(("ON_TICKET", "HAD_INTERACTION"), "start,end,role"),
    **dict.fromkeys(("HOLDS_ACCOUNT", "USES_SERVICE", "MEMBER_OF"), "start,end,role,validFrom"),
    "USES_ACCOUNT": "start,end,role,validFrom,validTo,addedBy",
    "IDENTIFIES": "start,end,validFrom,confidence,method",
    "GUARDIAN_OF": "start,end,validFrom,basis",
    "COVERED_BY": "start,end,precedence,validFrom",
}  # fmt: skip
"""The columns of each table; ``sources`` follows in all of them."""

GIVEN = (
    "Anna", "Ben", "Carla", "David", "Emma", "Filip", "Greta", "Hugo", "Ida", "Jan", "Klára", "Luca", "Mia", "Noah",
    "Olga", "Petr", "Rosa", "Sven", "Tereza", "Žofie",
)  # fmt: skip
FAMILY = (
    "Novák", "Müller", "Rossi", "Dubois", "Silva", "Jensen", "Kowalski", "O'Hara", "Svoboda", "Meyer", "Lind", "Costa",
    "Weiss", "Kučera", "Ek", "Moreau",
)  # fmt: skip
REGIONS = (("Praha", 0.4), ("Brno", 0.25), ("Ostrava", 0.2), ("Plzeň", 0.15))
FAMILY_SIZES = ((0, 0.35), (1, 0.27), (2, 0.19), (3, 0.12), (4, 0.05), (5, 0.02))
REFERRALS = ((0, 0.86), (1, 0.07), (2, 0.03), (3, 0.02), (5, 0.012), (8, 0.006), (11, 0.002))
INTENTS = ("changePlan", "payBill", "reportFault", "addUser")
PAGES = ("start", "planQuestions", "offer", "confirm")
COHORT = ("customers", "users", "slas", "breaches")
BANDS = ((7, "0-6"), (13, "7-12"), (16, "13-15"))


@lru_cache(maxsize=8192)
def _day(before: int) -> str:
    return (AS_OF - timedelta(days=before)).isoformat()


def at(before: int, seconds: int = 0) -> str:
    """The instant so many days before the manifest's, and seconds after that midnight."""
    return f"{_day(before)}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}Z"


class Tables:
    """The open files, and how many rows each has."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.rows: Counter[str] = Counter()
        self._write = {}
        for table, columns in COLUMNS.items():
            file = stack.enter_context((folder / f"{table}.csv").open("w", encoding="utf-8", newline=""))
            self._write[table] = csv.writer(file, lineterminator="\n").writerow
            self._write[table]([*columns.split(","), "sources"])

    def put(self, table: str, sources: str, *values: object) -> None:
        self.rows[table] += 1
        self._write[table]((*values, sources))


class Operator:
    """One operator while it is written, and what its questions will answer."""

    def __init__(self, holders: int, seed: int, tables: Tables) -> None:
        self.holders = holders
        self.seed = seed
        self.random = random.Random(seed).random
        self.put = tables.put
        self.tables = tables
        self.cells = max(2, holders // 200)
        self.lines = max(2, holders // 500)
        self.labels: Counter[str] = Counter()
        self.buckets: dict[str, dict[str, Counter[str]]] = {"all": {}, "region": {}, "segment": {}, "kind": {}}
        self.totals: Counter[str] = Counter()
        self.first: dict[str, list[dict[str, object]]] = {}
        self.cohorts: dict[str, Counter[str]] = {"consumer": Counter(), "enterprise": Counter()}
        self.covered: set[str] = set()
        """The household being written, while an agreement covers its fibre."""
        self.inviters: list[tuple[int, str, int, int]] = []
        """(size of the tree, uid, direct guests, depth) of the users with the greatest trees."""
        self.unused = {f"R-CELL-{i:06d}" for i in range(self.cells) if i % 20} | {
            f"R-OLT-{i:06d}" for i in range(self.lines)
        }
        self.questions: list[dict[str, Any]] = []
        self.shown = {
            n for n in (1, 2, 3, 4, 5, holders // 3, holders // 2, holders - 1) if 0 < n < holders and n % 50 != 7
        }
        """Private holders that neither left nor fell silent, whose answers are written down."""

    # --- drawing lots ---

    def pick(self, weighted: tuple[tuple[Any, float], ...]) -> Any:
        lot = self.random()
        for value, weight in weighted:
            lot -= weight
            if lot < 0:
                return value
        return weighted[0][0]

    def among(self, values: Any) -> Any:
        return values[int(self.random() * len(values))]

    def between(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    # --- the whole ---

    def write(self) -> dict[str, Any]:
        for cell in range(self.cells):
            self.put("Resource", "SDP", f"R-CELL-{cell:06d}", f"Cell {cell}", "cell", self.pick(REGIONS))
            if cell % 20 == 0:
                self.put("ServiceProblem", "TICKETING", f"SP-{cell:06d}", "radio", 3, "inProgress")
                self.put("AFFECTS", "TICKETING", f"ServiceProblem:SP-{cell:06d}", f"Resource:R-CELL-{cell:06d}")
        for line in range(self.lines):
            self.put("Resource", "SDP", f"R-OLT-{line:06d}", f"Line terminal {line}", "OLT", self.pick(REGIONS))
        self.put("Resource", "SDP", "R-CELL-PLANTED", "The cell that fails", "cell", "Praha")
        self.cycle()
        for number in range(self.holders):
            if number == 0 or number % 50 == 7:
                self.enterprise(number)
            else:
                self.private(number)
        return self.manifest()

    # --- a household ---

    def private(self, number: int) -> None:
        n, shown = f"{number:08d}", number in self.shown
        closed = self.random() < 0.05 and not shown
        silent = self.random() < 0.08 and not shown and not closed
        since = self.between(400, 2900)
        given, family = self.among(GIVEN), self.among(FAMILY)
        region = self.pick(REGIONS)
        ended = self.between(60, 300) if closed else 0
        left = at(ended) if closed else ""
        customer, account, person = f"Customer:C-{n}", f"Account:A-{n}", f"Individual:P-{n}"
        name = f"{given} {family}"
        self.put("Customer", "CRM;BILLING", f"C-{n}", name, "terminated" if closed else "active", "consumer", at(since),
                 left, "moved away" if closed else "")  # fmt: skip
        born = f"{self.between(1945, 2000)}-0{self.between(1, 9)}-{self.between(10, 28)}"
        if self.random() < 0.02:
            self.put("Individual", "CRM", f"P-{n}", given, family, name, born, "validated")
            self.put("Individual", "IDM", f"P-{n}", given, f"{family}ová", f"{given} {family}ová", born, "validated")
            self.totals["conflicts"] += 1
        else:
            self.put("Individual", "CRM;IDM", f"P-{n}", given, family, name, born, "validated")
        self.put("ENGAGED_PARTY", "CRM", customer, person, at(since))
        self.put(
            "Account", "BILLING", f"A-{n}", name, "individual", "Closed" if closed else "Active", "paid", region, left
        )
        self.put("HOLDS_ACCOUNT", "CRM;BILLING", customer, account, "accountHolder", at(since))
        email = f"p{n}@example.org"
        self.put("ContactMedium", "CRM", "email", email)
        self.put("REACHED_AT", "CRM", person, f"ContactMedium:email|{email}", at(since))
        if self.random() < 0.3:
            self.put("PrivacyProfile", "CRM", f"PP-{n}", self.among(("service", "service;marketing")), "active")
            self.put("APPLIES_FOR", "CRM", f"PrivacyProfile:PP-{n}", person, at(since))
            self.put("AGREED_BY", "CRM", f"PrivacyProfile:PP-{n}", person, at(since))
        forgotten = closed and self.random() < 0.3
        users = [self.user(n, 0, given, "primary", account, since, silent=silent, ended=0 if forgotten else ended)]
        users[0]["in_crm"] = True
        self.put("IDENTIFIES", "IDM", users[0]["user_uid"], person, at(since), 1, "exact")
        services: list[str] = []
        fibre = not closed and (self.random() < 0.45 or number == 4)
        if not closed:
            services = self.products(n, number, since, fibre=fibre)
            for service in services:
                self.put("USES_SERVICE", "SDP", users[0]["user_uid"], service, "user", at(since))
            self.family(n, number, since, family, account, person, services, users, silent=silent)
            self.guests(n, account, since, services, users, silent=silent)
            self.troubles(n, number, customer, services, users)
            self.experience(services, users, shown=shown)
            if n in self.covered:
                self.covered.discard(n)
                cohort = self.cohorts["consumer"]
                cohort["customers"] += 1
                cohort["users"] += 1 + sum(u["kind"] == "guest" for u in users)
        if forgotten:
            self.answer("stale_access", {
                "user_uid": users[0]["user_uid"], "account_uid": account, "reason": "accountClosed", "role": "primary",
                "grant_path": [users[0]["user_uid"], "-USES_ACCOUNT->", account], "stale_since": left,
                "group_uid": None,
            })  # fmt: skip
        current = users if not closed or forgotten else []
        if silent:
            self.answer("silent_accounts", {
                "customer_uid": customer, "account_uid": account, "name": name, "products": len(services),
                "users": len(users), "last_active": max(str(u["last_active"]) for u in users),
            })  # fmt: skip
        self.bucket(region, "consumer", current)
        if shown:
            self.plant(number, account, users, services)

    def user(
        self, n: str, k: int, nickname: str, role: str, account: str, since: int, *, silent: bool, ended: int = 0
    ) -> dict[str, object]:
        """A user and the role on the account; gives the row that account_users answers, but for the household."""
        id_ = f"U-{n}-{k:03d}"
        status = "suspended" if k and self.random() < 0.03 else "active"
        last = self.between(120, 390) if silent else self.between(1, 30) if not k else self.between(1, 120)
        seen = at(last, 36_000)
        self.put("User", "IDM;SDP", id_, nickname, f"{id_.lower()}@example.org", status, at(since), seen)
        added = "" if not k else f"User:U-{n}-000"
        self.put("USES_ACCOUNT", "SDP", f"User:{id_}", account, role, at(since), at(ended) if ended else "", added)
        self.totals["users"] += 1
        if not ended:
            self.labels[f"{role.capitalize()}User"] += 1
        return {
            "user_uid": f"User:{id_}", "nickname": nickname, "kind": role, "role": None, "added_by": added or None,
            "valid_from": at(since), "valid_to": None, "last_active": seen, "in_crm": False, "_status": status,
        }  # fmt: skip

    def stranger(self, user: dict[str, object]) -> None:
        """A user whom only the front end knows: the loader makes a party for it."""
        self.totals["made"] += 1
        self.labels["FrontOnly"] += 1
        if user["_status"] == "active":
            self.totals["unknown"] += 1

    def family(
        self, n: str, number: int, since: int, family: str, account: str, head: str, services: list[str],
        users: list[dict[str, object]], *, silent: bool,
    ) -> None:  # fmt: skip
        size = self.pick(FAMILY_SIZES)
        if number in self.shown:
            size = max(size, 2)
        if not size:
            return
        home = f"Group:G-{n}"
        self.put("Group", "CRM;SDP", f"G-{n}", f"{family} household", "household", "")
        self.labels["Household"] += 1
        self.put("OWNED_BY", "CRM", home, account, at(since))
        self.put("MEMBER_OF", "CRM;SDP", head, home, "head", at(since))
        users[0]["role"] = "head"
        for k in range(1, size + 1):
            given = self.among(GIVEN)
            child = k > 1 and self.random() < 0.7
            user = self.user(n, k, given, "secondary", account, since - 100, silent=silent)
            uid, person = str(user["user_uid"]), f"Individual:P-{n}-{k}"
            user["role"] = "child" if child else "adult"
            users.append(user)
            self.put("USES_SERVICE", "SDP", uid, services[0], "user", at(since - 100))
            if child:
                self.child(n, k, given, family, head, home, users[0], user, services[0], person)
            elif self.random() < 0.4:
                born = f"{self.between(1950, 2000)}-05-{self.between(10, 28)}"
                self.put("Individual", "CRM", f"P-{n}-{k}", given, family, f"{given} {family}", born, "validated")
                self.known(user, person)
                self.put("MEMBER_OF", "CRM", person, home, "adult", at(since - 100))
            else:
                self.stranger(user)
                self.put("MEMBER_OF", "SDP", uid, home, "adult", at(since - 100))
                if self.random() < 0.1:
                    self.permission(n, k, uid, str(users[0]["user_uid"]), account)

    def known(self, user: dict[str, object], person: str) -> None:
        user["in_crm"] = True
        self.put("IDENTIFIES", "IDM", user["user_uid"], person, user["valid_from"], 1, "exact")

    def child(
        self, n: str, k: int, given: str, family: str, head: str, home: str, parent: dict[str, object],
        user: dict[str, object], service: str, person: str,
    ) -> None:  # fmt: skip
        age = self.between(5, 14)
        born = f"{AS_OF.year - age}-06-15"
        self.put("Individual", "CRM", f"P-{n}-{k}", given, family, f"{given} {family}", born, "validated")
        self.known(user, person)
        self.put("MEMBER_OF", "CRM", person, home, "child", user["valid_from"])
        row = {
            "individual_uid": person, "age_band": next(band for limit, band in BANDS if age < limit),
            "user_uid": user["user_uid"], "services": [service], "household": home, "guardian": head,
        }  # fmt: skip
        if self.random() < 0.03:
            row["guardian"] = None
            self.answer("minors: guardian", row | {"missing": "guardian"})
        else:
            self.put("GUARDIAN_OF", "CRM", head, person, user["valid_from"], "parent")
        if self.random() < 0.04:
            self.answer("minors: policy", row | {"missing": "policy"})
        else:
            policy = f"ParentalControlPolicy:PC-{n}-{k}"
            self.put("ParentalControlPolicy", "SDP", f"PC-{n}-{k}", "12", "gambling;violence", "07:00-20:00", 10.0,
                     "active", user["valid_from"])  # fmt: skip
            self.put("APPLIES_TO", "SDP", policy, user["user_uid"])
            self.put("SET_BY", "SDP", policy, parent["user_uid"])
            if int(n) in self.shown:
                self.ask("access.effective_controls", {"user": user["user_uid"]}, [{
                    "policy_uid": policy, "level": "user", "applies_to": user["user_uid"], "rating_limit": "12",
                    "categories": ["gambling", "violence"], "time_window": "07:00-20:00", "spend_limit": 10.0,
                    "set_by": parent["user_uid"], "setter_role": "guardian" if row["guardian"] else "accountHolder",
                    "path": [user["user_uid"], "<-APPLIES_TO-", policy],
                    "wins": ["rating_limit", "categories", "time_window", "spend_limit"],
                }])  # fmt: skip

    def permission(self, n: str, k: int, user: str, granter: str, account: str) -> None:
        permission = f"Permission:PM-{n}-{k}"
        self.put("Permission", "SDP", f"PM-{n}-{k}", "delegate", "manage:services;view:bill", at(200))
        self.put("GRANTED_TO", "SDP", permission, user)
        self.put("GRANTED_BY", "SDP", permission, granter)
        self.put("ON_ASSET", "SDP", permission, account)

    def guests(
        self, n: str, account: str, since: int, services: list[str], users: list[dict[str, object]], *, silent: bool
    ) -> None:
        """Guests, each asked in by the primary user or by a guest before: trees of up to eleven."""
        first = len(users)
        asked: dict[int, int] = {}
        for k in range(first, first + self.pick(REFERRALS)):
            by = 0 if k == first or self.random() < 0.6 else self.between(first, k - 1)
            inviter, asked[k] = users[by], by
            when = max(1, 300 - 5 * (k - first))
            invitation = f"Invitation:I-{n}-{k:03d}"
            self.put("Invitation", "SDP", f"I-{n}-{k:03d}", at(when), "app", "accepted")
            self.put("SENT", "SDP", inviter["user_uid"], invitation, at(when))
            guest = self.user(n, k, self.among(GIVEN), "guest", account, when, silent=silent)
            self.stranger(guest)
            self.put("ACCEPTED_AS", "SDP", invitation, guest["user_uid"], at(when, 3600))
            self.put("USES_SERVICE", "SDP", guest["user_uid"], services[-1], "user", at(when))
            users.append(guest)
        self.trees(n, asked)
        if self.random() < 0.02:
            self.put("Invitation", "SDP", f"I-{n}-X", at(60), "app", "expired")
            self.put("SENT", "SDP", users[0]["user_uid"], f"Invitation:I-{n}-X", at(60))

    def trees(self, n: str, asked: dict[int, int]) -> None:
        """The invitation trees of a household, at most five steps deep; ``asked`` is who asked each guest in."""
        trees: dict[int, list[int]] = {}
        for k in asked:
            inviter, steps = k, 0
            while inviter in asked and steps < 5:
                inviter, steps = asked[inviter], steps + 1
                trees.setdefault(inviter, []).append(steps)
        for k, steps_of in trees.items():
            self.totals["inviters"] += 1
            self.inviters.append((-len(steps_of), f"User:U-{n}-{k:03d}", steps_of.count(1), max(steps_of)))
        if len(self.inviters) > 10 * KEPT:
            self.inviters = sorted(self.inviters)[:KEPT]

    # --- products, services, agreements ---

    def products(self, n: str, number: int, since: int, *, fibre: bool) -> list[str]:
        """The services of a household: the mobile line first."""
        cell = "R-CELL-PLANTED" if number in self.shown else f"R-CELL-{self.between(0, self.cells - 1):06d}"
        found = [self.product(n, "M", "Mobile", "mobile", "OF-MOBILE", since, cell, f"+4477{n}"[:13])]
        if fibre:
            line = f"R-OLT-{self.between(0, self.lines - 1):06d}"
            found.append(self.product(n, "F", "Home fibre 500", "broadband", "OF-FIBRE-500", since, line, ""))
            if self.random() < 0.4 or number == 4:
                self.agreement(n, f"Product:PR-{n}-F", found[1], since, "consumer")
                self.covered.add(n)
        return found

    def product(
        self, n: str, letter: str, name: str, kind: str, offering: str, since: int, resource: str, number: str
    ) -> str:
        product, service = f"Product:PR-{n}-{letter}", f"Service:S-{n}-{letter}"
        self.put("Product", "BILLING", f"PR-{n}-{letter}", name, "active", offering, at(since), at(-200), 29.9, "EUR")
        self.put("OWNS", "BILLING", f"Customer:C-{n}", product, at(since))
        self.put("BILLED_TO", "BILLING", product, f"Account:A-{n}", at(since))
        self.put("Service", "SDP", f"S-{n}-{letter}", name, kind, "CFS", "active", "running", number)
        self.put("REALIZED_BY", "BILLING", product, service, at(since))
        self.put("SUPPORTED_BY", "SDP", service, f"Resource:{resource}", at(since))
        self.unused.discard(resource)
        return service

    def agreement(self, n: str, covered: str, service: str, since: int, segment: str) -> None:
        sla = f"SLA:SLA-{n}"
        self.cohorts[segment]["slas"] += 1
        self.put("SLA", "BILLING", f"SLA-{n}", "Gold", "active", "SPEC-GOLD", "1.0")
        self.put("COVERED_BY", "BILLING", covered, sla, 1, at(since))
        self.put(
            "ServiceLevelObjective",
            "BILLING",
            f"SLO-{n}-A",
            "availability",
            "KPI",
            "mean",
            ">=",
            99.9,
            99.95,
            "percent",
        )
        self.put("ServiceLevelObjective", "BILLING", f"SLO-{n}-M", "mos", "KQI", "mean", ">=", 3.6, 3.8, "MOS")
        for letter in "AM":
            self.put("HAS_OBJECTIVE", "BILLING", sla, f"ServiceLevelObjective:SLO-{n}-{letter}")
        if self.random() < 0.05:
            violation, day, due = f"SLAViolation:V-{n}", self.between(10, 300), self.between(5, 40)
            self.put(
                "SLAViolation", "BILLING", f"V-{n}", at(day), "major", 99.1, 99.9, ">=", "credit", float(due), "EUR"
            )
            self.cohorts[segment]["breaches"] += day <= 30
            self.put("OF_SLA", "BILLING", violation, sla)
            self.put("BREACHES", "BILLING", violation, f"ServiceLevelObjective:SLO-{n}-A")
            self.put("OBSERVED_ON", "BILLING", violation, service)
            self.put("CREDITED_TO", "BILLING", violation, f"Account:A-{n}")
            self.totals["credits"] += 1
            self.totals["credit_due"] += due

    # --- what happens ---

    def troubles(self, n: str, number: int, customer: str, services: list[str], users: list[dict[str, object]]) -> None:
        if self.random() < 0.3:
            others = [u for u in users[1:] if u["kind"] == "secondary"]
            other = bool(others) and self.random() < 0.14
            reporter = others[0] if other else users[0]
            self.totals["others' tickets"] += other
            open_ = self.random() < 0.15
            begun = self.between(2, 50)
            self.put("TroubleTicket", "TICKETING", f"TT-{n}", "No signal", "incident", "major", "high",
                     "inProgress" if open_ else "closed", at(begun, 30_000), "" if open_ else at(begun - 1), "phone",
                     "mobile care")  # fmt: skip
            self.labels["Open"] += open_
            ticket = f"TroubleTicket:TT-{n}"
            self.put("ON_TICKET", "TICKETING", reporter["user_uid"], ticket, "reporter")
            self.put("ON_TICKET", "TICKETING", customer, ticket, "customer")
            self.put("ABOUT", "TICKETING", ticket, services[0])
            if self.random() < 0.05:
                problem = f"SP-{20 * self.between(0, (self.cells - 1) // 20):06d}"
                self.put("PART_OF_PROBLEM", "TICKETING", ticket, f"ServiceProblem:{problem}")
        if self.random() < 0.2:
            begun = self.between(2, 28)
            self.put("PartyInteraction", "CRM", f"PI-{n}", "inbound", "a question", "completed", "phone",
                     at(begun, 40_000), at(begun, 40_600))  # fmt: skip
            self.put("HAD_INTERACTION", "CRM", users[0]["user_uid"], f"PartyInteraction:PI-{n}", "caller")
            self.put("CONCERNS", "CRM", f"PartyInteraction:PI-{n}", f"Account:A-{n}")
        for visit in range(self.between(0, 5)):
            user = self.among(users)
            done = self.random() < 0.7
            begin, day = self.between(0, 80_000), self.between(2, 28)
            end = begin + self.between(5, 900)
            self.visit(f"{n}-{visit}", str(user["user_uid"]), self.among(INTENTS), day, begin, end, done=done)
            if not done:
                self.totals["unfinished"] += 1
                for seq in range(1, self.between(1, 4) + 1):
                    entered = min(begin + 10 * (seq - 1), end)
                    self.step(f"SC-{n}-{visit}", seq, day, entered, end, self.between(500, 6000))

    def visit(self, n: str, user: str, intent: str, day: int, begin: int, end: int, *, done: bool) -> None:
        outcome = "completed" if done else "abandoned"
        self.put("SelfCareTransaction", "WEB", f"SC-{n}", f"SES-{n}", intent, "web", "mobile", at(day, begin),
                 at(day, end), outcome)  # fmt: skip
        self.put("STARTED", "WEB", user, f"SelfCareTransaction:SC-{n}")
        self.labels["Unfinished"] += not done

    def step(
        self, visit: str, seq: int, day: int, entered: int, left: int, lcp: int, *, form: bool = False, error: str = ""
    ) -> None:
        self.put("SelfCareStep", "WEB", visit, seq, PAGES[(seq - 1) % len(PAGES)], at(day, entered), at(day, left), lcp,
                 900, "true" if form else "false", 0, error)  # fmt: skip
        self.put("HAS_STEP", "WEB", f"SelfCareTransaction:{visit}", f"SelfCareStep:{visit}|{seq}")

    def experience(self, services: list[str], users: list[dict[str, object]], *, shown: bool) -> None:
        """Fourteen daily windows for one user in ten."""
        for user in users:
            planted = shown and user is users[0]
            if self.random() >= 0.1 and not planted:
                continue
            rows: list[dict[str, object]] = []
            level = 2.4 + 2.2 * self.random()
            for day in range(1, 15):
                mean = round(min(4.9, max(1.1, level + self.random() - 0.5)), 2)
                low = round(max(1.0, mean - 0.6), 2)
                window = f"{user['user_uid']}|{services[0]}|mos|day|{at(day)}"
                n = self.between(5, 80)
                self.put("QoEMeasurement", "QOE", user["user_uid"], services[0], "mos", "day", at(day), n, mean, low,
                         max(1.0, round(low - 0.3, 2)), 0.1, 3.6)  # fmt: skip
                rows.append({"window_start": at(day), "service_uid": services[0], "metric": "mos", "n": n, "mean": mean,
                             "p10": low, "target": None})  # fmt: skip
                self.put("HAS_QOE", "QOE", user["user_uid"], f"QoEMeasurement:{window}")
                self.put("MEASURED_ON", "QOE", f"QoEMeasurement:{window}", services[0])
            if planted:
                self.ask("qoe.user_qoe", {"user": user["user_uid"]}, rows)

    # --- enterprises ---

    def enterprise(self, number: int) -> None:
        """A company: groups inside groups, users in each, an agreement for the outermost."""
        n, planted = f"{number:08d}", number == 0
        since = self.between(400, 2900)
        name = f"{self.among(FAMILY)} Logistics {number}"
        region = self.pick(REGIONS)
        customer, account = f"Customer:C-{n}", f"Account:A-{n}"
        self.put("Organization", "CRM", f"O-{n}", name, "company", "validated")
        self.put("Customer", "CRM;BILLING", f"C-{n}", name, "active", "enterprise", at(since), "", "")
        self.put("ENGAGED_PARTY", "CRM", customer, f"Organization:O-{n}", at(since))
        self.put("Account", "BILLING", f"A-{n}", name, "business", "Active", "paid", region, "")
        self.put("HOLDS_ACCOUNT", "CRM;BILLING", customer, account, "accountHolder", at(since))
        line = f"R-OLT-{self.between(0, self.lines - 1):06d}"
        service = self.product(n, "B", "Business line", "broadband", "OF-BUSINESS", since, line, "")
        groups = [f"E-{n}"]
        tier = "gold" if self.random() < 0.1 else ""
        self.put("Group", "CRM", groups[0], name, "enterprise", tier)
        self.put("OWNED_BY", "CRM", f"Group:{groups[0]}", customer, at(since))
        around_others = set()
        for part in range(1, 1 + (2 if planted else self.between(0, 4))):
            around = groups[-1] if planted else self.among(groups)
            around_others.add(around)
            groups.append(f"E-{n}-{part}")
            self.put("Group", "CRM", groups[-1], f"Department {part}", "enterprise", "")
            self.put("SUBGROUP_OF", "CRM", f"Group:{groups[-1]}", f"Group:{around}", at(since))
        self.labels["Enterprise"] += len(groups)
        size = 6 if planted else min(200, int(5 / (1 - self.random()) ** 0.6))
        if planted or self.random() < 0.5:
            self.agreement(n, f"Group:{groups[0]}", service, since, "enterprise")
            self.cohorts["enterprise"]["users"] += size
        users, empty = [], set(groups[1:]) - around_others
        for k in range(size):
            given = self.among(GIVEN)
            user = self.user(n, k, given, "secondary" if k else "primary", account, since, silent=False)
            self.stranger(user)
            users.append(user)
            group = groups[k % len(groups)] if planted else self.among(groups)
            empty.discard(group)
            role = "member" if k else "admin"
            self.put("MEMBER_OF", "CRM;SDP", user["user_uid"], f"Group:{group}", role, at(since))
            self.put("USES_SERVICE", "SDP", user["user_uid"], service, "user", at(since))
            if planted:
                self.first.setdefault("members", []).append({
                    "member_uid": user["user_uid"], "person_uid": f"Individual:IDM~U-{n}-{k:03d}", "label": "User",
                    "name": given, "role": role, "via_group": f"Group:{group}", "depth": groups.index(group),
                    "valid_from": at(since),
                })  # fmt: skip
        self.totals["orphans"] += len(empty)
        self.bucket(region, "enterprise", users)
        if planted:
            deepest = f"User:U-{n}-002"
            around_it = [deepest, "-MEMBER_OF->", f"Group:{groups[2]}"]
            rows: list[dict[str, object]] = []
            for depth, group in enumerate(reversed(groups)):
                if depth:
                    around_it = [*around_it, "-SUBGROUP_OF->", f"Group:{group}"]
                rows.append({"group_uid": f"Group:{group}", "type": "enterprise", "role": "member", "depth": depth,
                             "member_uid": deepest, "path": around_it, "valid_from": at(since)})  # fmt: skip
            self.ask("groups.groups_of", {"member": deepest}, rows)
            self.promise(deepest, service, n, "group", [*around_it, "-COVERED_BY->", f"SLA:SLA-{n}"])
            members = sorted(
                self.first["members"], key=lambda m: (m["depth"], str(m["via_group"]), str(m["member_uid"]))
            )
            self.ask("groups.group_members", {"group": f"Group:E-{n}"}, members)

    def cycle(self) -> None:
        for one, other in ((1, 2), (2, 1)):
            self.put("Group", "CRM", f"G-CYCLE-{one}", f"Round {one}", "closedUserGroup", "")
            self.put("SUBGROUP_OF", "CRM", f"Group:G-CYCLE-{one}", f"Group:G-CYCLE-{other}", at(900))
        self.labels["ClosedUserGroup"] += 2
        around = ["Group:G-CYCLE-1", "-SUBGROUP_OF->", "Group:G-CYCLE-2", "-SUBGROUP_OF->", "Group:G-CYCLE-1"]
        self.ask("groups.group_cycles", {}, [{"cycle": around, "length": 2, "groups": ["Round 1", "Round 2"]}])

    # --- answers ---

    def answer(self, name: str, row: dict[str, object]) -> None:
        """Count one more row of an answer, and keep it while there are few."""
        self.totals[name] += 1
        if self.totals[name] <= KEPT:
            self.first.setdefault(name, []).append(row)

    def ask(
        self,
        question: str,
        params: dict[str, object],
        rows: Iterable[dict[str, object]] = (),
        *,
        count: int | None = None,
    ) -> None:
        """Write down an answer: its first rows in order (the columns given) and how many rows there are in all."""
        kept = [{name: value for name, value in row.items() if not name.startswith("_")} for row in rows][:KEPT]
        self.questions.append(
            {"question": question, "params": params, "count": len(kept) if count is None else count, "rows": kept}
        )

    def bucket(self, region: str, segment: str, users: list[dict[str, object]]) -> None:
        """Count a holder and the users of the account for the ratio of front end to back end."""
        for by, name in (("all", "all"), ("region", region), ("segment", segment)):
            self._count(by, name, users)
        for kind in {str(user["kind"]) for user in users}:
            self._count("kind", kind, [user for user in users if user["kind"] == kind])

    def _count(self, by: str, name: str, users: list[dict[str, object]]) -> None:
        found = self.buckets[by].setdefault(name, Counter())
        found["holders"] += 1
        for user in users:
            found["users"] += 1
            found[str(user["kind"])] += 1
            found["front_only"] += not user["in_crm"]

    def plant(self, number: int, account: str, users: list[dict[str, object]], services: list[str]) -> None:
        n = f"{number:08d}"
        order = {"primary": 1, "secondary": 3, "guest": 4}
        rows = sorted(users, key=lambda u: (order[str(u["kind"])], str(u["user_uid"])))
        self.ask("identify.account_users", {"account": account}, rows)
        self.ask("identify.find_party", {"term": f"p{n}@example.org"}, [{
            "label": "Individual", "uid": f"Individual:P-{n}", "matched_on": "email", "customer_uid": f"Customer:C-{n}",
        }])  # fmt: skip
        mobile = sum(u["kind"] != "guest" or len(services) == 1 for u in users)
        self.first.setdefault("impact", []).append({
            "service_uid": services[0], "name": "Mobile", "depth": 1, "customers": 1, "users": mobile, "slas": 0,
            "vip_groups": [],
        })  # fmt: skip
        if number == 4:
            user = str(users[0]["user_uid"])
            path = [
                user,
                "-USES_SERVICE->",
                services[1],
                "<-REALIZED_BY-",
                f"Product:PR-{n}-F",
                "-COVERED_BY->",
                f"SLA:SLA-{n}",
            ]
            self.promise(user, services[1], n, "product", path)
        if number <= 5:
            self.planted_visit(number, str(users[0]["user_uid"]), account)

    def promise(self, user: str, service: str, n: str, via: str, path: list[str]) -> None:
        common: dict[str, object] = {
            "service_uid": service, "sla_uid": f"SLA:SLA-{n}", "via": via, "path": path, "precedence": 1, "wins": True,
            "comparator": ">=",
        }  # fmt: skip
        self.ask("sla.effective_sla", {"subject": user}, [
            common | {"metric": metric, "objective_uid": f"ServiceLevelObjective:SLO-{n}-{letter}", "target": target,
                      "unit": unit}
            for letter, metric, target, unit in (("A", "availability", 99.9, "percent"), ("M", "mos", 3.6, "MOS"))
        ])  # fmt: skip

    def planted_visit(self, number: int, user: str, account: str) -> None:
        """One visit for each cause of waste on a day of its own; the first comes back and completes."""
        cause = ("error", "slowLoad", "formWall", "bounce", "midFlow")[number - 1]
        day, begin, visit = 61, 3600 * number, f"SC-PLANTED-{number}"
        end = begin + (5 if cause == "bounce" else 200)
        self.visit(f"PLANTED-{number}", user, "changePlan", day, begin, end, done=False)
        steps = 1 if cause in ("formWall", "bounce") else 2
        for seq in range(1, steps + 1):
            self.step(visit, seq, day, begin if seq == 1 else end - 50, end if seq == steps else end - 50,
                      5000 if cause == "slowLoad" else 900, form=cause == "formWall",
                      error="timeout" if cause == "error" and seq == 2 else "")  # fmt: skip
        if cause == "error":
            self.visit("PLANTED-R", user, "changePlan", day, end + 600, end + 900, done=True)
        self.first.setdefault("wasted", []).append({
            "transaction_uid": f"SelfCareTransaction:{visit}", "user_uid": user, "kind": "primary",
            "account_uid": account, "intent": "changePlan", "started_at": at(day, begin),
            "last_page": PAGES[steps - 1], "seconds_in": end - begin, "waste_cause": cause,
            "recovered": cause == "error", "wasted": cause != "error", "undecided": False, "escalated": False,
        })  # fmt: skip

    def manifest(self) -> dict[str, Any]:
        """All that is known of the answers."""
        totals = self.totals
        as_of: dict[str, object] = {"as_of": at(0)}
        for question in self.questions:
            if question["question"] != "groups.group_cycles":
                question["params"] |= as_of
        self.ask("tickets.service_impact", {"element": "Resource:R-CELL-PLANTED"} | as_of, self.first["impact"])
        self.ask(
            "selfcare.wasted_transactions", {"since": at(61), "until": at(60)} | as_of, self.first.get("wasted", ())
        )
        self.ask("selfcare.wasted_transactions", {"since": at(30)} | as_of, count=totals["unfinished"])
        minors = [*self.first.get("minors: guardian", ()), *self.first.get("minors: policy", ())]
        self.ask("access.unprotected_minors", {"unknown_age": False} | as_of, minors,
                 count=totals["minors: guardian"] + totals["minors: policy"])  # fmt: skip
        for name in ("stale_access", "silent_accounts"):
            self.ask(f"reconcile.{name}", dict(as_of), self.first.get(name, ()), count=totals[name])
        self.ask("reconcile.users_unknown_to_crm", {}, count=totals["unknown"])
        self.ask("reconcile.identity_conflicts", {}, count=2 * totals["conflicts"])
        self.ask("tickets.tickets_by_non_holders", {"since": at(90)} | as_of, count=totals["others' tickets"])
        self.ask("sla.credits_due", dict(as_of), count=totals["credits"])
        self.ask("reconcile.orphans", dict(as_of), count=totals["orphans"] + len(self.unused))
        self.ask("reconcile.cardinality", dict(as_of))
        self.ask("sla.sla_population", {"spec": "SPEC-GOLD"} | as_of, [
            {"cohort": segment, **{name: None if small else found[name] for name in COHORT}, "suppressed": small}
            for segment, found in self.cohorts.items() if found["users"]
            for small in (max(found["users"], found["customers"]) < 5,)
        ])  # fmt: skip
        self.ask("acquisition.top_inviters", dict(as_of), [
            {"user_uid": uid, "direct": direct, "total": -total, "depth": depth, "converted": 0, "value": None}
            for total, uid, direct, depth in sorted(self.inviters)
        ], count=totals["inviters"])  # fmt: skip
        for by, buckets in self.buckets.items():
            rows: list[dict[str, object]] = []
            for bucket, found in sorted(buckets.items()):
                if found["holders"] >= 5 and (not found["users"] or found["users"] >= 5):
                    names = ("holders", "users", "primary", "secondary", "guest", "delegate", "front_only")
                    ratio = round(found["users"] / found["holders"] + 1e-9, 2)
                    rows.append({"bucket": bucket, **{name: found[name] for name in names}, "ratio": ratio})
            self.ask("reconcile.front_back_ratio", {"group_by": by} | as_of, rows)
        return {
            "holders": self.holders,
            "seed": self.seed,
            "as_of": at(0),
            "users": totals["users"],
            "rows": sum(self.tables.rows.values()),
            "credit_due": totals["credit_due"],
            "counts": self.counts(),
            "questions": self.questions,
        }

    def counts(self) -> dict[str, int]:
        """The answer of reconcile.counts after the load, but for LoadRun: what the loader makes is in it."""
        counts = Counter(self.tables.rows)
        conflicts, made = self.totals["conflicts"], self.totals["made"]
        counts["Individual"] += made - conflicts
        counts["IDENTIFIES"] += made
        counts["Party"] = counts["Individual"] + counts["Organization"]
        counts["SourceRecord"] = counts["ASSERTS"] = 2 * conflicts
        return dict(sorted((counts + self.labels).items()))


def generate(folder: Path, holders: int, seed: int) -> dict[str, Any]:
    """Write an operator into a folder and return its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        manifest = Operator(holders, seed, Tables(folder, stack)).write()
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def differences(graph: Any, manifest: Mapping[str, Any]) -> list[str]:
    """What the graph answers otherwise than the manifest says: the question and what differs."""
    found = []
    counts = {row.name: row.count for row in graph.reconcile.counts(limit=None) if row.count and row.name != "LoadRun"}
    for name in sorted(counts.keys() | manifest["counts"]):
        if counts.get(name) != manifest["counts"].get(name):
            found.append(f"reconcile.counts: {name} {counts.get(name)}, not {manifest['counts'].get(name)}")
    for answer in manifest["questions"]:
        group, _, name = str(answer["question"]).partition(".")
        rows = getattr(getattr(graph, group), name)(**answer["params"], limit=None).to_dicts()
        if len(rows) != answer["count"]:
            found.append(f"{answer['question']}: {len(rows)} rows, not {answer['count']}")
        for row, wanted in zip(rows, answer["rows"], strict=False):
            given = {column: _plain(row[column]) for column in wanted}
            if given != wanted:
                found.append(f"{answer['question']}: {given}, not {wanted}")
    return found


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return list(value) if isinstance(value, tuple) else value


def main() -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        epilog="Example: scripts/generate.py --holders 1000 --out operator",
    )
    parser.add_argument("--holders", type=int, default=1000, metavar="N", help="account holders, at least 20 (1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed gives another operator (1)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder for the tables")
    given = parser.parse_args()
    if given.holders < 20:
        parser.error("--holders: at least 20")
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"--out: {given.out} is not empty")
    begun = time.monotonic()
    manifest = generate(given.out, given.holders, given.seed)
    seconds = time.monotonic() - begun
    print(
        f"{manifest['rows']:,} rows of {manifest['holders']:,} holders and {manifest['users']:,} users in"
        f" {seconds:.1f} s ({manifest['rows'] / seconds:,.0f} a second);"
        f" answers to {len(manifest['questions'])} questions in {MANIFEST}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
