"""Write an operator holder by holder, and tell its answers what each household and company is."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from telecom.answers import Answers
from telecom.board import KEPT, NOW, asked
from telecom.facts import (
    Agreement,
    Answer,
    Contact,
    Home,
    Invitation,
    Product,
    Step,
    Ticket,
    User,
    Violation,
    Visit,
    Windows,
    instant,
)
from telecom.tables import AS_OF, DAY, Tables, iso, midnight
from telecom.things import Things

GIVEN = (
    "Anna", "Ben", "Carla", "David", "Emma", "Filip", "Greta", "Hugo", "Ida", "Jan", "Klára", "Luca", "Mia", "Noah",
    "Olga", "Petr", "Rosa", "Sven", "Tereza", "Žofie", "Adam", "Bianca", "Clara", "Dario", "Elif", "Frida", "Goran",
    "Hana", "Ivo", "Julia", "Kasper", "Lena", "Marek", "Nina", "Oskar", "Paula", "Quentin", "Rita", "Stefan", "Ulla",
)  # fmt: skip
FAMILY = (
    "Novák", "Müller", "Rossi", "Dubois", "Silva", "Jensen", "Kowalski", "O'Hara", "Svoboda", "Meyer", "Lind", "Costa",
    "Weiss", "Kučera", "Ek", "Moreau", "Bakker", "Petrov", "Horvat", "Virtanen", "Fischer", "Marino", "Laurent",
    "Santos", "Nielsen", "Zieliński", "Byrne", "Dvořák", "Wagner", "Berg", "Ferreira", "Schwarz", "Malý", "Dahl",
    "Garnier", "de Vries", "Popescu", "Kovács", "Mäkinen", "Roth",
)  # fmt: skip
OTHER_FAMILY = "Zeman"
"""A name of nobody else: its bearers share accounts with others, and are not to be taken for them."""
REGIONS = (("Praha", 0.4), ("Brno", 0.25), ("Ostrava", 0.2), ("Plzeň", 0.15))
FAMILY_SIZES = ((0, 0.35), (1, 0.27), (2, 0.19), (3, 0.12), (4, 0.05), (5, 0.02))
REFERRALS = ((0, 0.86), (1, 0.07), (2, 0.03), (3, 0.02), (5, 0.012), (8, 0.006), (11, 0.002))
INTENTS = ("changePlan", "payBill", "reportFault", "addUser")
PAGES = ("start", "planQuestions", "offer", "confirm")
CAUSES = ("error", "slowLoad", "formWall", "bounce", "midFlow")
CENTS = {"OF-MOBILE": 2990, "OF-FIBRE-500": 4490, "OF-BUSINESS": 19_900}
REPAIR_HOURS, REPAIR_WARNING = 72, 48

HOUSEHOLD_TIE, INVITATION_TIE, GROUP_TIE, ACCOUNT_TIE = 13, 23, 33, 43
LEAVERS = (HOUSEHOLD_TIE, INVITATION_TIE, GROUP_TIE, ACCOUNT_TIE)
"""Of a hundred holders these left lately, tied to the one before them."""
CONVERTED = (63, 83)
"""These were guests of the one before them."""
TWICE = 17
"""This one is in the CRM twice."""
PROSPECT = 73
"""This one has a guest who is well served, may be asked, and is no customer yet."""
SPECIAL = frozenset((*LEAVERS, *CONVERTED, TWICE, PROSPECT))


def is_company(number: int) -> bool:
    return number == 0 or number % 50 == 7


def parent_of(number: int) -> int | None:
    """The company that stands above a company."""
    if number == 7:
        return 0
    return number - 50 if number % 200 in (57, 107) else None


def converted_on(number: int) -> int:
    """The day on which a guest became this customer: known while the one before is written."""
    return 60 + number * 37 % 140


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
        self.totals: Counter[str] = Counter()
        self.empty: list[str] = []
        """Groups that nobody is a member of and no other group is inside."""
        self.answers = Answers()
        self.things = Things()
        self.unused = {f"R-CELL-{i:06d}" for i in range(self.cells) if i % 20} | {
            f"R-OLT-{i:06d}" for i in range(self.lines)
        }
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

    def born(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(int(self.random() * 365.25 * (last - first + 1)))

    def special(self, number: int) -> int:
        """What is planted at a holder; 0 where nothing is."""
        rest = number % 100
        if rest not in SPECIAL or number >= self.holders or number in self.shown or number - 1 in self.shown:
            return 0
        return rest

    # --- the whole ---

    def write(self) -> dict[str, Any]:
        for cell in range(self.cells):
            self.resource(f"R-CELL-{cell:06d}", f"Cell {cell}", "cell", self.pick(REGIONS))
            if cell % 20 == 0:
                self.put("ServiceProblem", "TICKETING", f"SP-{cell:06d}", "radio", 3, "inProgress")
                self.put("AFFECTS", "TICKETING", f"ServiceProblem:SP-{cell:06d}", f"Resource:R-CELL-{cell:06d}")
                self.answers.tickets.problems[f"Resource:R-CELL-{cell:06d}"] = f"ServiceProblem:SP-{cell:06d}"
        for line in range(self.lines):
            self.resource(f"R-OLT-{line:06d}", f"Line terminal {line}", "OLT", self.pick(REGIONS))
        self.resource("R-CELL-PLANTED", "The cell that fails", "cell", "Praha")
        self.cycle()
        for number in range(self.holders):
            shown = number in self.shown
            if shown:
                self.tables.kept = []
            home = self.company(number) if is_company(number) else self.private(number)
            self.answers.home(home)
            if shown:
                self.things.keep(home, self.tables.kept or [])
                self.tables.kept = None
        return self.manifest()

    def resource(self, id_: str, name: str, kind: str, site: str) -> None:
        self.put("Resource", "SDP", id_, name, kind, site)
        self.answers.tickets.resources[f"Resource:{id_}"] = (name, kind)

    # --- a household ---

    def private(self, number: int) -> Home:
        n, shown, special, ahead = f"{number:08d}", number in self.shown, self.special(number), self.special(number + 1)
        lone = special in CONVERTED
        stays = bool(shown or special or ahead)
        closed = (self.random() < 0.05 and not stays) or special in LEAVERS
        silent = self.random() < 0.08 and not closed and not stays
        since = self.between(400, 2900)
        if special in LEAVERS:
            since = self.between(400, 800)
        elif lone:
            since = converted_on(number)
        elif ahead:
            since = self.between(900, 2900)
        given, family = self.among(GIVEN), self.among(FAMILY) if special != ACCOUNT_TIE else OTHER_FAMILY
        region = self.pick(REGIONS)
        ended = self.between(5, 85) if special in LEAVERS else self.between(60, 300) if closed else 0
        left = midnight(ended) if closed else ""
        name, begun = f"{given} {family}", midnight(since)
        home = Home(number, n, "consumer", f"Customer:C-{n}", f"Account:A-{n}", f"Individual:P-{n}", name, region,
                    since, closed, silent)  # fmt: skip
        home.holders += ahead == ACCOUNT_TIE
        customer, account, person = home.customer, home.account, home.party
        self.put("Customer", "CRM;BILLING", f"C-{n}", name, "terminated" if closed else "active", "consumer", begun,
                 left, "moved away" if closed else "")  # fmt: skip
        born = self.born(1945, 2000)
        if self.random() < 0.02:
            self.put("Individual", "CRM", f"P-{n}", given, family, name, born, "validated")
            self.put("Individual", "IDM", f"P-{n}", given, f"{family}ová", f"{name}ová", born, "validated")
            self.totals["conflicts"] += 1
            self.answers.people.conflict(home, family)
        else:
            self.put("Individual", "CRM;IDM", f"P-{n}", given, family, name, born, "validated")
        self.answers.people.person(home, 0, name, born)
        self.put("ENGAGED_PARTY", "CRM", customer, person, begun)
        state = "Closed" if closed else "Active"
        self.put("Account", "BILLING", f"A-{n}", name, "individual", state, "paid", region, left)
        self.put("HOLDS_ACCOUNT", "CRM;BILLING", customer, account, "accountHolder", begun)
        email = f"p{n}@example.org"
        self.put("ContactMedium", "CRM", "email", email)
        self.put("REACHED_AT", "CRM", person, f"ContactMedium:email|{email}", begun)
        if special == TWICE:
            self.twice(home, given, family, born, email)
        if self.random() < 0.3 or shown:
            self.consent(n, person, begun, self.among(("service", "service;marketing")))
        forgotten = closed and self.random() < 0.3
        head = self.user(home, 0, given, "primary", person, since, ended=0 if forgotten else ended)
        self.put("IDENTIFIES", "IDM", head.uid, person, begun, 1, "exact")
        if forgotten:
            self.answers.people.expired(home, head, ended)
            if ended >= 30:
                self.answers.people.stale(home, head, "accountClosed", ended, "")
        if special in LEAVERS:
            self.ties(home, special)
        if not closed:
            wanted = number % 200 == CONVERTED[0] if lone else number == 4 or self.random() < 0.45
            self.products(home, number, fibre=wanted)
            self.serve(head, since, *home.services)
            if not lone:
                self.family(home, family, forced=shown or ahead == HOUSEHOLD_TIE, shown=shown)
                self.guests(home, ahead, prospects=special == PROSPECT)
            self.troubles(home, shown=shown)
            self.experience(home, everyone=shown)
        if (number == 8 or number % 200 == 15) and not shown:
            self.put("MEMBER_OF", "SDP", head.uid, f"Group:CUG-{number - 8:08d}", "member", begun, "")
        return home

    def twice(self, home: Home, given: str, family: str, born: date, email: str) -> None:
        """The same person once more in the CRM: by the same name, or by a longer one and without a birth date."""
        longer = home.number % 200 != TWICE
        name = f"{given} Maria {family}" if longer else home.name
        self.put("Individual", "CRM", f"P-{home.n}-D", given, family, name, "" if longer else born, "validated")
        self.put("REACHED_AT", "CRM", f"Individual:P-{home.n}-D", f"ContactMedium:email|{email}", midnight(300))
        self.answers.people.twice(home, name, longer=longer)
        if not longer:
            self.answers.people.person(home, 127, name, born)

    def consent(self, n: str, person: str, begun: str, purposes: str) -> None:
        self.put("PrivacyProfile", "CRM", f"PP-{n}", purposes, "active")
        self.put("APPLIES_FOR", "CRM", f"PrivacyProfile:PP-{n}", person, begun)
        self.put("AGREED_BY", "CRM", f"PrivacyProfile:PP-{n}", person, begun)

    def ties(self, home: Home, special: int) -> None:
        """Tie a leaver to the holder before it."""
        before, since = f"{home.number - 1:08d}", midnight(home.since)
        if special == HOUSEHOLD_TIE:
            self.put("MEMBER_OF", "CRM", home.party, f"Group:G-{before}", "adult", since, "")
            kind = "household"
        elif special == INVITATION_TIE:
            self.put("ACCEPTED_AS", "SDP", f"Invitation:I-{before}-L", f"User:U-{home.n}-000", since)
            kind = "invitation"
        elif special == GROUP_TIE:
            group = f"FF-{before}"
            self.put("Group", "SDP", group, "Friends and family", "closedUserGroup", "", "")
            self.labels["ClosedUserGroup"] += 1
            self.put("OWNED_BY", "SDP", f"Group:{group}", f"Account:A-{before}", since)
            for party in (f"Individual:P-{before}", home.party):
                self.put("MEMBER_OF", "SDP", party, f"Group:{group}", "member", since, "")
            kind = "group"
        else:
            self.put("HOLDS_ACCOUNT", "BILLING", home.customer, f"Account:A-{before}", "billReceiver", since)
            kind = "account"
        self.answers.growth.contagion(f"Customer:C-{before}", home.customer, kind)

    def user(
        self, home: Home, k: int, nickname: str, kind: str, party: str, since: int, *, ended: int = 0,
        lively: bool = False,
    ) -> User:  # fmt: skip
        """A user and the role on the account; one without a party of its own is a stranger to the back end."""
        id_ = f"U-{home.n}-{k:03d}"
        status = "suspended" if k and self.random() < 0.03 and not lively else "active"
        least, most = (120, 390) if home.silent else (1, 30) if not k or lively else (1, 120)
        last = self.between(least, most)
        user = User(f"User:{id_}", nickname, kind, since, ended, status, last, party or f"Individual:IDM~{id_}",
                    bool(party), f"User:U-{home.n}-000" if k else None)  # fmt: skip
        begun = midnight(since)
        self.put("User", "IDM;SDP", id_, nickname, f"{id_.lower()}@example.org", status, begun, user.seen)
        self.put("USES_ACCOUNT", "SDP", user.uid, home.account, kind, begun, midnight(ended) if ended else "",
                 user.added_by or "")  # fmt: skip
        self.totals["users"] += 1
        if not ended:
            self.labels[f"{kind.capitalize()}User"] += 1
        if not party:
            self.totals["made"] += 1
            self.labels["FrontOnly"] += 1
            if not ended:
                home.people.append((nickname, user.party, None))
        home.users.append(user)
        return user

    def serve(self, user: User, since: int, *services: str, ended: int = 0) -> None:
        begun, left = midnight(since), midnight(ended) if ended else ""
        for service in services:
            self.put("USES_SERVICE", "SDP", user.uid, service, "user", begun, left)
            if not ended:
                user.services.append(service)

    def individual(self, home: Home, k: int, given: str, family: str, born: date, *, on_account: bool = True) -> str:
        """A person whom the back end knows."""
        name = f"{given} {family}"
        self.put("Individual", "CRM", f"P-{home.n}-{k}", given, family, name, born, "validated")
        self.answers.people.person(home, k, name, born, on_account=on_account)
        return f"Individual:P-{home.n}-{k}"

    def family(self, home: Home, family: str, *, forced: bool, shown: bool) -> None:
        n, head, since = home.n, home.users[0], home.since
        size = self.pick(FAMILY_SIZES)
        if forced:
            size = max(size, 2)
        if not size:
            return
        home.group, joined = f"Group:G-{n}", midnight(since - 100)
        self.put("Group", "CRM;SDP", f"G-{n}", f"{family} household", "household", "", "")
        self.labels["Household"] += 1
        self.put("OWNED_BY", "CRM", home.group, home.account, midnight(since))
        self.put("MEMBER_OF", "CRM;SDP", home.party, home.group, "head", midnight(since), "")
        head.role = "head"
        guarded = ""
        for k in range(1, size + 1):
            given = self.among(GIVEN)
            child = k > 1 and self.random() < 0.7
            if child:
                guarded = self.child(home, k, given, family, shown=shown) or guarded
                continue
            if self.random() < 0.4:
                person = self.individual(home, k, given, family, self.born(1950, 2000))
                user = self.user(home, k, given, "secondary", person, since - 100)
                self.put("IDENTIFIES", "IDM", user.uid, person, joined, 1, "exact")
                self.put("MEMBER_OF", "CRM", person, home.group, "adult", joined, "")
            else:
                user = self.user(home, k, given, "secondary", "", since - 100)
                self.put("MEMBER_OF", "SDP", user.uid, home.group, "adult", joined, "")
                if self.random() < 0.1:
                    self.permission(home, k, user, head)
            user.role = "adult"
            self.serve(user, since - 100, home.services[0])
        if guarded and not shown and not home.silent and self.random() < 0.05:
            self.parted(home, family, guarded)

    def child(self, home: Home, k: int, given: str, family: str, *, shown: bool) -> str:
        """A child and what protects it; returns its user where a policy does."""
        n, head, joined = home.n, home.users[0], midnight(home.since - 100)
        age = self.between(5, 14)
        born = date(AS_OF.year - age, 1, 1) + timedelta(int(self.random() * 300))
        person = self.individual(home, k, given, family, born)
        user = self.user(home, k, given, "secondary", person, home.since - 100)
        user.role = "child"
        self.put("IDENTIFIES", "IDM", user.uid, person, joined, 1, "exact")
        self.serve(user, home.since - 100, home.services[0])
        self.put("MEMBER_OF", "CRM", person, home.group, "child", joined, "")
        guardian: str | None = home.party
        if self.random() < 0.03 and not shown:
            guardian = None
            self.answers.people.minor(home, user, age, guardian, "guardian")
        else:
            self.put("GUARDIAN_OF", "CRM", home.party, person, joined, "", "parent")
        if self.random() < 0.04 and not shown:
            self.answers.people.minor(home, user, age, guardian, "policy")
            return ""
        policy = f"ParentalControlPolicy:PC-{n}-{k}"
        nobody = self.random() < 0.02 and not shown
        self.policy(f"PC-{n}-{k}", user, "" if nobody else head.uid, joined)
        if nobody:
            self.answers.people.orphan(policy, None, user.uid, "unknown", None, 0)
        return user.uid

    def policy(self, id_: str, user: User, setter: str, since: str) -> None:
        self.put("ParentalControlPolicy", "SDP", id_, "12", "gambling;violence", "07:00-20:00", 10.0, "active", since)
        self.put("APPLIES_TO", "SDP", f"ParentalControlPolicy:{id_}", user.uid)
        if setter:
            self.put("SET_BY", "SDP", f"ParentalControlPolicy:{id_}", setter)

    def parted(self, home: Home, family: str, guarded: str) -> None:
        """A parent who has left: no longer a member or guardian, though a policy and half of the logins stayed."""
        k, since, parted = 90, home.since - 100, self.between(40, 200)
        given, begun, gone = self.among(GIVEN), midnight(since), midnight(parted)
        forgotten = self.random() < 0.5
        person = self.individual(home, k, given, family, self.born(1960, 1995), on_account=forgotten)
        user = self.user(home, k, given, "secondary", person, since, ended=0 if forgotten else parted)
        self.put("IDENTIFIES", "IDM", user.uid, person, begun, 1, "exact")
        self.serve(user, since, home.services[0], ended=parted)
        self.put("MEMBER_OF", "CRM", person, home.group, "adult", begun, gone)
        child = next(one for one in home.users if one.uid == guarded)
        self.put("GUARDIAN_OF", "CRM", person, child.party, begun, gone, "parent")
        self.policy(f"PC-{home.n}-{k}", child, user.uid, begun)
        self.answers.people.orphan(
            f"ParentalControlPolicy:PC-{home.n}-{k}", user.uid, guarded, "lost", "guardian", parted
        )
        if forgotten and user.status == "active":
            self.answers.people.stale(home, user, "leftHousehold", parted, home.group)

    def permission(self, home: Home, k: int, user: User, head: User) -> None:
        """One in twenty granted it to themselves."""
        user.permission = f"Permission:PM-{home.n}-{k}"
        own = self.random() < 0.05 and home.number not in self.shown
        self.put("Permission", "SDP", f"PM-{home.n}-{k}", "delegate", "manage:services;view:bill", midnight(200))
        self.put("GRANTED_TO", "SDP", user.permission, user.uid)
        self.put("GRANTED_BY", "SDP", user.permission, user.uid if own else head.uid)
        self.put("ON_ASSET", "SDP", user.permission, home.account)
        if own:
            self.answers.people.orphan(user.permission, user.uid, home.account, "never", None, 0)

    def guests(self, home: Home, ahead: int, *, prospects: bool) -> None:
        """Guests, each asked in by the primary user or by a guest before: trees of up to eleven.

        One in seven is a prospect whom the back end knows, one in ten has gone again.
        """
        n, head = home.n, home.users[0]
        first = max((int(user.uid[-3:]) for user in home.users if user.uid[-3:] != "090"), default=0) + 1
        count = self.pick(REFERRALS)
        if ahead in CONVERTED or prospects:
            count = max(count, 1)
        asked: list[User] = []
        for k in range(first, first + count):
            inviter = head if not asked or self.random() < 0.6 else self.among(asked)
            when = max(1, 300 - 5 * (k - first))
            begun, given = midnight(when), self.among(GIVEN)
            invitation = f"Invitation:I-{n}-{k:03d}"
            self.put("Invitation", "SDP", f"I-{n}-{k:03d}", begun, "app", "accepted")
            self.put("SENT", "SDP", inviter.uid, invitation, begun)
            converts = ahead in CONVERTED and k == first
            wanted = prospects and k == first
            gone = self.between(40, 200) if self.random() < 0.1 and not converts and not wanted else 0
            prospect = self.random() < 0.15 or wanted
            person = ""
            if prospect:
                person = self.individual(home, k, given, self.among(FAMILY), self.born(1960, 2003), on_account=not gone)
            guest = self.user(home, k, given, "guest", person, when, ended=gone, lively=wanted)
            if prospect:
                self.put("IDENTIFIES", "IDM", guest.uid, person, begun, 1, "exact")
                marketing = self.random() < 0.7 or wanted
                self.consent(f"{n}-{k}", person, begun, "marketing;service" if marketing else "service")
                guest.consent = f"PrivacyProfile:PP-{n}-{k}" if marketing else ""
            self.put("ACCEPTED_AS", "SDP", invitation, guest.uid, iso(instant(when, 3600)))
            self.serve(guest, when, home.services[-1], ended=gone)
            asked.append(guest)
            home.invitations.append(Invitation(invitation, when, inviter, guest))
            if converts:
                self.convert(home, guest)
            if gone and self.random() < 0.4:
                self.windows(guest, home.services[-1], gone + 1)
            elif wanted:
                self.windows(guest, home.services[-1], 1, level=4.6)
        if ahead == INVITATION_TIE:
            self.put("Invitation", "SDP", f"I-{n}-L", midnight(820), "app", "accepted")
            self.put("SENT", "SDP", head.uid, f"Invitation:I-{n}-L", midnight(820))
            home.elsewhere[f"User:U-{home.number + 1:08d}-000"] = head.uid
        if self.random() < 0.02:
            self.put("Invitation", "SDP", f"I-{n}-X", midnight(60), "app", "expired")
            self.put("SENT", "SDP", head.uid, f"Invitation:I-{n}-X", midnight(60))
            home.invitations.append(Invitation(f"Invitation:I-{n}-X", 60, head, None))

    def convert(self, home: Home, guest: User) -> None:
        """The guest becomes the next customer, who takes a fibre too every other time."""
        number = home.number + 1
        day, customer = converted_on(number), f"Customer:C-{number:08d}"
        cents = CENTS["OF-MOBILE"] + (CENTS["OF-FIBRE-500"] if number % 200 == CONVERTED[0] else 0)
        self.put("CONVERTED_TO", "SDP", guest.uid, customer, midnight(day))
        home.converted[guest.uid] = customer, day, cents
        if self.random() < 0.6:
            self.windows(guest, home.services[-1], day + 1)

    # --- products, services, agreements ---

    def products(self, home: Home, number: int, *, fibre: bool) -> None:
        """The services of a household: the mobile line first."""
        cell = "R-CELL-PLANTED" if number in self.shown else f"R-CELL-{self.between(0, self.cells - 1):06d}"
        self.product(home, "M", "Mobile", "mobile", "OF-MOBILE", cell, f"+4477{home.n}"[:13])
        if fibre:
            line = f"R-OLT-{self.between(0, self.lines - 1):06d}"
            self.product(home, "F", "Home fibre 500", "broadband", "OF-FIBRE-500", line, "")
            if self.random() < 0.4 or number == 4:
                self.agreement(home, f"Product:PR-{home.n}-F")

    def product(self, home: Home, letter: str, name: str, kind: str, offering: str, resource: str, number: str) -> None:
        n, since, cents = home.n, midnight(home.since), CENTS[offering]
        product, service = f"Product:PR-{n}-{letter}", f"Service:S-{n}-{letter}"
        end = self.between(1, 59) if self.random() < 0.12 else 200
        self.put("Product", "BILLING", f"PR-{n}-{letter}", name, "active", offering, since, midnight(-end), cents / 100,
                 "EUR")  # fmt: skip
        self.put("OWNS", "BILLING", home.customer, product, since)
        self.put("BILLED_TO", "BILLING", product, home.account, since)
        self.put("Service", "SDP", f"S-{n}-{letter}", name, kind, "CFS", "active", "running", number)
        self.put("REALIZED_BY", "BILLING", product, service, since)
        self.put("SUPPORTED_BY", "SDP", service, f"Resource:{resource}", since)
        self.unused.discard(resource)
        home.stands_on[service] = f"Resource:{resource}"
        home.products.append(Product(product, name, service, offering, cents, end))
        home.services.append(service)

    def agreement(self, home: Home, covered: str) -> None:
        n, service, letter = home.n, home.services[-1], "ServiceLevelObjective:SLO-"
        sla = f"SLA:SLA-{n}"
        home.agreement = Agreement(sla, n, covered, service, home.since)
        self.put("SLA", "BILLING", f"SLA-{n}", "Gold", "active", "SPEC-GOLD", "1.0")
        self.put("COVERED_BY", "BILLING", covered, sla, 1, midnight(home.since))
        for one, metric, kind, comparator, target, warning, unit in (
            ("A", "availability", "KPI", ">=", 99.9, 99.95, "percent"),
            ("M", "mos", "KQI", ">=", 3.6, 3.8, "MOS"),
            ("T", "timeToRepair", "KPI", "<=", REPAIR_HOURS, REPAIR_WARNING, "hours"),
        ):
            self.put("ServiceLevelObjective", "BILLING", f"SLO-{n}-{one}", metric, kind, "mean", comparator, target,
                     warning, unit)  # fmt: skip
            self.put("HAS_OBJECTIVE", "BILLING", sla, f"{letter}{n}-{one}")
        if self.random() >= 0.05:
            return
        violation, day, due = f"SLAViolation:V-{n}", self.between(10, min(300, home.since - 5)), self.between(5, 40)
        paid = day - 8 if self.random() < 0.3 else 0
        self.put("SLAViolation", "BILLING", f"V-{n}", midnight(day), "major", 99.1, 99.9, ">=", "credit", float(due),
                 "EUR", midnight(paid) if paid else "")  # fmt: skip
        self.put("OF_SLA", "BILLING", violation, sla)
        self.put("BREACHES", "BILLING", violation, f"{letter}{n}-A")
        self.put("OBSERVED_ON", "BILLING", violation, service)
        self.put("CREDITED_TO", "BILLING", violation, home.account)
        home.violations.append(Violation(violation, day, due, paid, service))

    # --- what happens ---

    def troubles(self, home: Home, *, shown: bool) -> None:
        """Tickets, calls and visits, not all of them unrelated."""
        current = home.current
        for violation in home.violations:
            if self.random() < 0.4:
                at = instant(violation.day) + 36 * self.between(-2300, 2300)
                self.ticket(home, at, current[0], violation.service, "incident")
        if self.random() < 0.3 or shown:
            others = [user for user in current[1:] if user.kind == "secondary" and user.role == "adult"]
            day, service = self.between(2, 50), home.services[0] if shown else self.among(home.services)
            for _ in range(1 if self.random() < 0.85 else self.between(2, 3)):
                reporter = others[0] if others and self.random() < 0.13 else current[0]
                at = instant(min(50, max(2, day + self.between(-3, 3))), 36 * self.between(0, 2300))
                self.ticket(home, at, reporter, service, "incident" if self.random() < 0.85 else "complaint")
        if self.random() < 0.015 or home.number in (1, 2):
            service = home.services[0] if home.number in (1, 2) else self.among(home.services)
            self.ticket(home, instant(1, 36 * self.between(0, 2300)), current[0], service, "incident")
        if self.random() < 0.2:
            self.contact(home, instant(self.between(2, 28), 40_000), current[0])
        for number in range(self.between(0, 5)):
            self.visit_of(home, number, self.among(current))
        if home.number <= 5:
            self.planted_visit(home, home.number)

    def ticket(self, home: Home, at: int, reporter: User, service: str, type_: str) -> None:
        id_ = f"TT-{home.n}-{len(home.tickets) + 1}"
        day = -(at // DAY)
        open_ = day <= 1 or (day <= 60 and self.random() < 0.15)
        reopened = self.between(1, 2) if self.random() < 0.1 else 0
        self.put("TroubleTicket", "TICKETING", id_, "No signal", type_, "major", "high",
                 "inProgress" if open_ else "closed", iso(at), "" if open_ else midnight(day - 1), "phone",
                 "mobile care", reopened)  # fmt: skip
        self.labels["Open"] += open_
        ticket, problem = f"TroubleTicket:{id_}", ""
        self.put("ON_TICKET", "TICKETING", reporter.uid, ticket, "reporter")
        self.put("ON_TICKET", "TICKETING", home.customer, ticket, "customer")
        self.put("ABOUT", "TICKETING", ticket, service)
        if self.random() < 0.05 and home.number not in self.shown:
            problem = f"ServiceProblem:SP-{20 * self.between(0, (self.cells - 1) // 20):06d}"
            self.put("PART_OF_PROBLEM", "TICKETING", ticket, problem)
        home.tickets.append(Ticket(ticket, at, type_, open_, reopened, reporter, service, problem))

    def contact(self, home: Home, at: int, caller: User) -> None:
        id_ = f"PI-{home.n}-{len(home.contacts) + 1}"
        self.put("PartyInteraction", "CRM", id_, "inbound", "a question", "completed", "phone", iso(at), iso(at + 600))
        self.put("HAD_INTERACTION", "CRM", caller.uid, f"PartyInteraction:{id_}", "caller")
        self.put("CONCERNS", "CRM", f"PartyInteraction:{id_}", home.account)
        home.contacts.append(Contact(f"PartyInteraction:{id_}", at, caller))

    def visit_of(self, home: Home, number: int, user: User) -> None:
        done = self.random() < 0.7
        start = instant(self.between(1, 28), self.between(0, 80_000))
        seconds = self.between(5, 900)
        intent, id_ = self.among(INTENTS), f"{home.n}-{number}"
        if done:
            self.visit(home, id_, user, intent, start, start + seconds, [], outcome="completed")
            return
        walked, count = self.random() < 0.1, self.between(1, 4)
        steps, entered = [], start
        for seq in range(count):
            left = start + seconds * (seq + 1) // count
            lcp = self.between(500, 6000)
            form = not seq and self.random() < 0.2
            error = "timeout" if self.random() < 0.05 else ""
            filled = self.between(0, 2) if form else 0
            steps.append(Step(PAGES[seq], entered, left, lcp, lcp + lcp // 2, form, filled, error))
            entered = left
        self.visit(home, id_, user, intent, start, start + seconds, steps, outcome="" if walked else "abandoned")
        called = start + seconds + 60 * self.between(1, 600)
        if self.random() < 0.06 and called + 600 <= 0:
            self.contact(home, called, self.among(home.current))

    def visit(
        self, home: Home, id_: str, user: User, intent: str, start: int, end: int, steps: list[Step], *, outcome: str
    ) -> None:
        """A visit; one that was walked away from has neither an outcome nor an end."""
        visit, done = f"SC-{id_}", outcome == "completed"
        self.put("SelfCareTransaction", "WEB", visit, f"SES-{id_}", intent, "web", "mobile", iso(start),
                 iso(end) if outcome else "", outcome)  # fmt: skip
        self.put("STARTED", "WEB", user.uid, f"SelfCareTransaction:{visit}")
        self.labels["Unfinished"] += not done
        for seq, step in enumerate(steps, 1):
            self.put("SelfCareStep", "WEB", visit, seq, step.page, iso(step.entered), iso(step.left), step.lcp,
                     step.load, "true" if step.form else "false", step.filled, step.error)  # fmt: skip
            self.put("HAS_STEP", "WEB", f"SelfCareTransaction:{visit}", f"SelfCareStep:{visit}|{seq}")
        home.visits.append(Visit(f"SelfCareTransaction:{visit}", user, intent, start, end, done, steps, not outcome))

    def planted_visit(self, home: Home, number: int) -> None:
        """One visit for each cause of waste on a day of its own; the first comes back and completes."""
        cause, user = CAUSES[number - 1], home.users[0]
        start = instant(61, 3600 * number)
        end = start + (5 if cause == "bounce" else 200)
        count = 1 if cause in ("formWall", "bounce") else 2
        steps = []
        for seq in range(count):
            last = seq == count - 1
            steps.append(Step(PAGES[seq], start if not seq else end - 50, end if last else end - 50,
                              5000 if cause == "slowLoad" else 900, 900, cause == "formWall", 0,
                              "timeout" if cause == "error" and last else ""))  # fmt: skip
        self.visit(home, f"PLANTED-{number}", user, "changePlan", start, end, steps, outcome="abandoned")
        if cause == "error":
            self.visit(home, "PLANTED-R", user, "changePlan", end + 600, end + 900, [], outcome="completed")

    def experience(self, home: Home, *, everyone: bool) -> None:
        """One household in ten is measured."""
        if self.random() >= 0.1 and not everyone:
            return
        for user in home.current:
            if not user.services or user.windows:
                continue
            self.windows(user, user.services[0], 1)
            if home.agreement and home.agreement.service in user.services[1:]:
                self.windows(user, user.services[1], 1, even=True)

    def windows(self, user: User, service: str, last_day: int, *, even: bool = False, level: float = 0) -> None:
        """Fourteen daily windows.

        All samples of a user are an odd number, so that a mean never lies halfway between two roundings.
        """
        level = level or 2.4 + 2.2 * self.random()
        numbers = [self.between(5, 80) for _ in range(14)]
        if (sum(numbers) + even) % 2 == 0:
            numbers[0] += 1
        found = Windows(service, last_day, numbers, [])
        for day, n in enumerate(numbers, last_day):
            mean = round(min(4.9, max(1.1, level + self.random() - 0.5)), 2)
            low = round(max(1.0, mean - 0.6), 2)
            window = f"{user.uid}|{service}|mos|day|{midnight(day)}"
            self.put("QoEMeasurement", "QOE", user.uid, service, "mos", "day", midnight(day), n, mean, low,
                     max(1.0, round(low - 0.3, 2)), 0.1, 3.6)  # fmt: skip
            self.put("HAS_QOE", "QOE", user.uid, f"QoEMeasurement:{window}")
            self.put("MEASURED_ON", "QOE", f"QoEMeasurement:{window}", service)
            hundredths = round(100 * mean)
            found.hundredths.append(hundredths)
            found.samples += n
            found.total += n * hundredths
        user.windows.append(found)

    # --- companies ---

    def company(self, number: int) -> Home:
        """A company: groups inside groups, users in each, an agreement for the outermost."""
        n, planted = f"{number:08d}", number == 0
        since = self.between(400, 2900)
        begun, name, region = midnight(since), f"{self.among(FAMILY)} Logistics {number}", self.pick(REGIONS)
        home = Home(number, n, "enterprise", f"Customer:C-{n}", f"Account:A-{n}", f"Organization:O-{n}", name, region,
                    since, group=f"Group:E-{n}")  # fmt: skip
        self.put("Organization", "CRM", f"O-{n}", name, "company", "validated")
        self.put("Customer", "CRM;BILLING", f"C-{n}", name, "active", "enterprise", begun, "", "")
        self.put("ENGAGED_PARTY", "CRM", home.customer, home.party, begun)
        self.put("Account", "BILLING", f"A-{n}", name, "business", "Active", "paid", region, "")
        self.put("HOLDS_ACCOUNT", "CRM;BILLING", home.customer, home.account, "accountHolder", begun)
        parent = parent_of(number)
        if parent is not None:
            home.payer = f"Customer:C-{parent:08d}"
            home.holders += 1
            self.put("CHILD_OF", "BILLING", home.account, f"Account:A-{parent:08d}", midnight(390))
            self.put("HOLDS_ACCOUNT", "BILLING", home.payer, home.account, "billPayer", midnight(390))
        if number in (0, 7, 57, 107):
            self.things.companies.append((home, parent))
        line = f"R-OLT-{self.between(0, self.lines - 1):06d}"
        self.product(home, "B", "Business line", "broadband", "OF-BUSINESS", line, "")
        service, groups = home.services[0], [f"E-{n}"]
        tier = "gold" if self.random() < 0.1 else ""
        self.put("Group", "CRM", groups[0], name, "enterprise", tier, "")
        self.put("OWNED_BY", "CRM", home.group, home.customer, begun)
        around_others = set()
        for part in range(1, 1 + (2 if planted else self.between(0, 4))):
            around = groups[-1] if planted else self.among(groups)
            around_others.add(around)
            groups.append(f"E-{n}-{part}")
            self.put("Group", "CRM", groups[-1], f"Department {part}", "enterprise", "", "")
            self.put("SUBGROUP_OF", "CRM", f"Group:{groups[-1]}", f"Group:{around}", begun)
        self.labels["Enterprise"] += len(groups)
        size = 6 if planted else min(200, int(5 / (1 - self.random()) ** 0.6))
        if planted or self.random() < 0.5:
            self.agreement(home, home.group)
        empty, members = set(groups[1:]) - around_others, []
        for k in range(size):
            user = self.user(home, k, self.among(GIVEN), "secondary" if k else "primary", "", since)
            at = k % len(groups) if planted else int(self.random() * len(groups))
            empty.discard(groups[at])
            self.put("MEMBER_OF", "CRM;SDP", user.uid, f"Group:{groups[at]}", "member" if k else "admin", begun, "")
            self.serve(user, since, service)
            members.append((user, at))
        self.empty += sorted(f"Group:{group}" for group in empty)
        if number in (0, 7) or number % 200 == 7:
            self.closed_group(home)
        for user in home.users:
            if self.random() < 0.1:
                self.windows(user, service, 1)
        if self.random() < 0.2:
            at = instant(self.between(1, 40), 36 * self.between(0, 2300))
            self.ticket(home, at, self.among(home.users), service, "incident")
        for violation in home.violations:
            if self.random() < 0.4:
                self.ticket(home, instant(violation.day, 3600), home.users[0], service, "incident")
        if planted:
            self.things.nested(home, groups, members)
        return home

    def closed_group(self, home: Home) -> None:
        """A closed user group of a company: two of its users, its line, somebody from outside."""
        group = f"CUG-{home.n}"
        self.put("Group", "SDP", group, "Dispatch", "closedUserGroup", "", str(1000 + home.number % 9000))
        self.labels["ClosedUserGroup"] += 1
        self.put("OWNED_BY", "SDP", f"Group:{group}", home.account, midnight(home.since))
        for member in (home.users[0].uid, home.users[1].uid, home.services[0]):
            self.put("MEMBER_OF", "SDP", member, f"Group:{group}", "member", midnight(home.since), "")
        if home.number == 0:
            self.put("MEMBER_OF", "SDP", home.users[1].uid, "Group:CUG-00000007", "member", midnight(home.since), "")
            outside = self.holders > 8 and 8 not in self.shown
            self.things.closed_group(home, group, outside=outside)

    def cycle(self) -> None:
        for one, other in ((1, 2), (2, 1)):
            self.put("Group", "CRM", f"G-CYCLE-{one}", f"Round {one}", "closedUserGroup", "", "")
            self.put("SUBGROUP_OF", "CRM", f"Group:G-CYCLE-{one}", f"Group:G-CYCLE-{other}", midnight(900))
        self.labels["ClosedUserGroup"] += 2

    # --- what is known in the end ---

    def manifest(self) -> dict[str, Any]:
        """All that is known of the answers."""
        questions = [*self.things.asked(), *self.answers.asked()]
        orphans = [("Group", "MEMBER_OF or SUBGROUP_OF", uid) for uid in self.empty]
        orphans += [("Resource", "any", f"Resource:{id_}") for id_ in sorted(self.unused)]
        rows: list[Answer] = [{"label": label, "missing": missing, "uid": uid} for label, missing, uid in orphans]
        questions += [asked("reconcile.orphans", rows), asked("reconcile.cardinality", [])]
        return {
            "holders": self.holders,
            "seed": self.seed,
            "as_of": NOW,
            "users": self.totals["users"],
            "rows": sum(self.tables.rows.values()),
            "kept": KEPT,
            "counts": self.counts(),
            "questions": questions,
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
