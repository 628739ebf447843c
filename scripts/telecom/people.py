"""Who is known to whom: front end and back end, people there twice, minors, policies, access that should have ended."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import groupby

from telecom.board import ENOUGH, KINDS, Board, asked, rounded
from telecom.facts import Answer, Home, User
from telecom.tables import midnight

BANDS = ((7, "0-6"), (13, "7-12"), (16, "13-15"))


class People:
    """The answers about persons, users and what they may do."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.names: dict[str, int] = {}
        self.births = [array("q") for _ in range(64)]
        """Who is called what and born when, eight bytes a person; parted by name."""
        self.ratios: dict[str, defaultdict[str, Counter[str]]] = {
            by: defaultdict(Counter) for by in ("all", "kind", "segment", "region")
        }
        board.open("unknown", "reconcile.users_unknown_to_crm", as_of=False)
        board.open("silent", "reconcile.silent_accounts")
        board.open("conflicts", "reconcile.identity_conflicts", as_of=False)
        board.open("twice", "reconcile.duplicate_parties")
        board.open("stale", "reconcile.stale_access")
        board.open("expired", "reconcile.expired_links")
        board.open("minors", "access.unprotected_minors", unknown_age=False)
        board.open("orphans", "access.orphan_policies")

    def home(self, home: Home, current: list[User]) -> None:
        self._back_end(home, current)
        if not home.closed:
            self._same_names(home)

    def asked(self) -> list[dict[str, object]]:
        self._namesakes()
        return [asked("reconcile.front_back_ratio", self._ratio_rows(by), group_by=by) for by in self.ratios]

    def _back_end(self, home: Home, current: list[User]) -> None:
        for user in home.users:
            if not user.known and user.status == "active":
                if not self.board.tops["unknown"].wants(user.uid):
                    continue
                there = not user.ended
                self.board.tops["unknown"].keep(user.uid, {
                    "user_uid": user.uid, "kind": user.kind if there else None,
                    "account_uid": home.account if there else None, "account_holder": home.customer if there else None,
                    "created_at": midnight(user.begun), "last_active": user.seen,
                })  # fmt: skip
        for by, name in (("all", "all"), ("region", home.region), ("segment", home.segment)):
            self._ratio(by, name, current)
        for kind in {user.kind for user in current}:
            self._ratio("kind", kind, [user for user in current if user.kind == kind])
        if home.silent:
            self.board.add("silent", home.customer, {
                "customer_uid": home.customer, "account_uid": home.account, "name": home.name,
                "products": len(home.products), "users": len(current), "last_active": max(u.seen for u in current),
            })  # fmt: skip

    def _ratio(self, by: str, name: str, users: list[User]) -> None:
        found = self.ratios[by][name]
        found["holders"] += 1
        found["users"] += len(users)
        for user in users:
            found[user.kind] += 1
            found["front_only"] += not user.known

    def _ratio_rows(self, by: str) -> list[Answer]:
        rows: list[Answer] = []
        for bucket, found in sorted(self.ratios[by].items()):
            if found["holders"] >= ENOUGH and (not found["users"] or found["users"] >= ENOUGH):
                names = ("holders", "users", *KINDS, "front_only")
                ratio = rounded(found["users"] / found["holders"], 2)
                rows.append({"bucket": bucket, **{name: found[name] for name in names}, "ratio": ratio})
        return rows

    def conflict(self, home: Home, family: str) -> None:
        for field, value in (("familyName", family), ("name", home.name)):
            self.board.add("conflicts", (home.party, field), {
                "uid": home.party, "label": "Individual", "field": field,
                "value_by_system": [f"CRM={value}", f"IDM={value}ová"], "value": value,
            })  # fmt: skip

    def stale(self, home: Home, user: User, reason: str, day: int, group: str) -> None:
        self.board.add("stale", (user.uid, home.account, reason), {
            "user_uid": user.uid, "account_uid": home.account, "reason": reason, "role": user.kind,
            "grant_path": [user.uid, "-USES_ACCOUNT->", home.account], "stale_since": midnight(day),
            "group_uid": group or None,
        })  # fmt: skip

    def expired(self, home: Home, user: User, day: int) -> None:
        """A login that was left on a closed account."""
        self.board.add("expired", home.account, {
            "reason": "accountClosed", "ended_uid": home.account, "ended_at": midnight(day),
            "relationship": "USES_ACCOUNT", "live_uid": user.uid, "sources": ["SDP"],
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
        self.board.add("twice", (-score, one, other), {
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

    def minor(self, home: Home, user: User, age: int, guardian: str | None, missing: str) -> None:
        self.board.add("minors", (missing, user.party, user.uid), {
            "individual_uid": user.party, "age_band": next(band for limit, band in BANDS if age < limit),
            "user_uid": user.uid, "services": [home.services[0]], "household": home.group, "guardian": guardian,
            "missing": missing,
        })  # fmt: skip

    def orphan(self, policy: str, setter: str | None, thing: str, reason: str, role: str | None, day: int) -> None:
        key = (("lost", "never", "unknown").index(reason), -day, policy)
        self.board.add("orphans", key, {
            "policy_uid": policy, "label": policy.partition(":")[0], "set_by": setter, "applies_to": thing,
            "reason": reason, "lost_role": role, "lost_role_at": midnight(day) if day else None,
        })  # fmt: skip


def _party(number: int, slot: int) -> str:
    return f"Individual:P-{number:08d}{'' if not slot else '-D' if slot == 127 else f'-{slot}'}"
