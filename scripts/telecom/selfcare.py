"""Self-care: the visits that came to nothing, where, why, and what became of them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Any

from telecom.board import ENOUGH, KINDS, Board, asked, ranked
from telecom.facts import Answer, Home, User, Visit
from telecom.tables import DAY, iso, midnight

CAUSES = ("error", "slowLoad", "formWall", "bounce", "midFlow", "unknown")
PAGES = ("start", "planQuestions", "offer", "confirm")
"""The pages of every flow, in order."""
MONTH = 30 * DAY


class SelfCare:
    """The answers about self-care visits."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.pages: defaultdict[str, Counter[Any]] = defaultdict(Counter)
        self.flows: defaultdict[str, Counter[Any]] = defaultdict(Counter)
        board.open("visits", "selfcare.wasted_transactions", since=midnight(30))
        board.open("planted", "selfcare.wasted_transactions", since=midnight(61), until=midnight(60))
        board.open("demand", "selfcare.failure_demand")
        board.open("quitters", "selfcare.silent_quitters")

    def home(self, home: Home) -> list[str]:
        """Returns the users who wasted several visits in silence."""
        return self._visits(home) if home.visits else []

    def asked(self) -> list[dict[str, object]]:
        flows = [asked("selfcare.self_care_funnel", self._funnel(flow), flow=flow) for flow in sorted(self.flows)]
        return [asked("selfcare.wasted_by_page", self._page_rows()), *flows]

    def _visits(self, home: Home) -> list[str]:
        """Unfinished visits and what became of them; returns the users who wasted several in silence."""
        contacts = [(c.at, c.uid, c.caller) for c in home.contacts] + [(t.at, t.uid, t.reporter) for t in home.tickets]
        for visit in home.visits:
            if visit.start >= -MONTH:
                self._flow(self.flows[visit.intent], visit)
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
            planted = visit.start < -MONTH
            name = "planted" if planted else "visits"
            key = (visit.start, visit.uid)
            if self.board.tops[name].wants(key):
                self.board.tops[name].keep(key, {
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
        self.board.add("demand", (at, visit.uid, uid), {
            "transaction_uid": visit.uid, "intent": visit.intent, "user_uid": visit.user.uid, "kind": visit.user.kind,
            "account_uid": home.account, "contact_uid": uid, "contacted_at": iso(at), "channel": "phone",
            "by_whom": "self" if who is visit.user else "other", "contact_user_uid": who.uid,
            "gap_minutes": (at - visit.end) / 60,
        })  # fmt: skip

    def _quitters(self, home: Home, contacts: list[tuple[int, str, User]]) -> list[str]:
        wasted: dict[str, list[Visit]] = {}
        for visit in home.visits:
            if visit.wasted and visit.start >= -MONTH:
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
            self.board.add("quitters", (-len(visits), uid), {
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
            if visit.done or visit.start < -MONTH:
                continue
            for step in visit.steps:
                page = self.pages[step.page]
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

    def _page_rows(self) -> list[Answer]:
        rows: list[Answer] = []
        for page, found in self.pages.items():
            entries = found["entries"]
            if entries < ENOUGH:
                continue
            loads = sorted((key[1], times) for key, times in found.items() if isinstance(key, tuple))
            rows.append({
                "page_id": page, "entries": entries, "exits": found["exits"], "wasted": found["wasted"],
                "waste_rate": found["wasted"] / entries, "p75_lcp": ranked(loads, math.ceil(0.75 * entries)),
                "apdex": (found["satisfied"] + found["tolerating"] / 2) / entries,
                "top_cause": max(CAUSES, key=lambda cause: found[cause]) if found["wasted"] else None,
                "affected_customers": found["customers"],
            })  # fmt: skip
        return sorted(rows, key=lambda row: (-row["wasted"], -row["waste_rate"], row["page_id"]))

    def _funnel(self, flow: str) -> list[Answer]:
        found, rows = self.flows[flow], []
        pages = {key[1] for key in found if key[0] == "entered"}
        for place, page in enumerate(PAGES, 1):
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
                    middle = ranked(seconds, (here + 1) // 2), ranked(seconds, here // 2 + 1)
                    row["median_seconds"] = sum(middle) / 2
                rows.append(row)
        return rows


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
