"""Who comes, who may come, who may go: guests and their inviters, ties to those who left, signals of leaving."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from telecom.board import ENOUGH, Board, asked, halfway, ranked, rounded, thousandth, thousandths
from telecom.facts import Answer, Home, User, instant
from telecom.tables import DAY, midnight

WEIGHTS = {"household": 1.0, "account": 0.8, "invitation": 0.5, "group": 0.3}
SIGNALS = ("wastedTransactions", "repeatTickets", "silentBreach", "hiddenBadExperience", "contractEnd")


class Guests:
    """What became of invited guests: counts, and sums of what they got."""

    __slots__ = ("counts", "qoe", "seconds")

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds: Counter[int] = Counter()
        """From acceptance to conversion, and how often."""
        self.qoe: Counter[Any] = Counter()


class Growth:
    """The answers about acquisition and retention."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.before: Home | None = None
        """The household written before."""
        self.guests: dict[str, defaultdict[str, Guests]] = {
            by: defaultdict(Guests) for by in ("inviterKind", "month", "channel", "all")
        }
        board.open("inviters", "acquisition.top_inviters")
        board.open("candidates", "acquisition.invite_candidates")
        board.open("contagion", "retention.churn_contagion")
        board.open("signals", "retention.churn_signals")
        board.open("many signals", "retention.churn_signals", k=3)

    def home(self, home: Home, current: list[User], shown: dict[str, list[str]]) -> None:
        """``shown`` is what the household shows of each signal."""
        if home.invitations or home.elsewhere:
            self._inviters(home)
            self._conversion(home)
            self._candidates(home, current)
        if not home.closed:
            self._signals(home, shown)
        self.before = home

    def asked(self) -> list[dict[str, object]]:
        return [asked("acquisition.guest_conversion", self._guest_rows(by), group_by=by) for by in self.guests]

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
            self.board.add("inviters", key, {
                "user_uid": inviter, "direct": sum(steps == 1 for _, steps in tree), "total": len(tree),
                "depth": max(steps for _, steps in tree), "converted": len(customers),
                "value": cents / 100 if customers else None, "currency": "EUR" if customers else None,
            })  # fmt: skip

    def _conversion(self, home: Home) -> None:
        for invitation in home.invitations:
            day, guest = invitation.day, invitation.guest
            for by, name in (("inviterKind", invitation.sender.kind), ("month", midnight(day)[:7]), ("channel", "app"),
                             ("all", "all")):  # fmt: skip
                found = self.guests[by][name]
                counts = found.counts
                counts["invited"] += 1
                if guest is None:
                    continue
                counts["accepted"] += 1
                counts["active"] += not guest.ended
                converted = home.converted.get(guest.uid)
                which = ""
                if converted:
                    counts["converted"] += 1
                    found.seconds[instant(converted[1]) - instant(day, 3600)] += 1
                    which = "converted"
                elif guest.ended:
                    which = "lost"
                # Windows of a converted guest after the conversion are of a customer.
                before = [w for w in guest.windows if which == "lost" or (converted and w.last_day > converted[1])]
                if which and before:
                    found.qoe[which] += 1
                    found.qoe[which, "total"] += sum(w.total for w in before)
                    found.qoe[which, "samples"] += sum(w.samples for w in before)

    def _guest_rows(self, by: str) -> list[Answer]:
        rows: list[Answer] = []
        for bucket, found in self.guests[by].items():
            counts, qoe = found.counts, found.qoe
            if counts["invited"] < ENOUGH:
                continue
            row: Answer = {"bucket": bucket, **{name: counts[name] for name in ("invited", "accepted", "active",
                                                                               "converted")}}  # fmt: skip
            row["median_days"] = None
            both = counts["converted"]
            if both >= ENOUGH:
                seconds = sorted(found.seconds.items())
                middle = ranked(seconds, (both + 1) // 2), ranked(seconds, both // 2 + 1)
                row["median_days"] = rounded(sum(middle) / 2 / DAY, 3)
            for which in ("converted", "lost"):
                total, samples = qoe[which, "total"], qoe[which, "samples"]
                row[f"qoe_{which}"] = thousandth(total, samples) / 1000 if qoe[which] >= ENOUGH else None
                if samples and halfway(total, samples):
                    del row[f"qoe_{which}"]
            rows.append(row)
        return sorted(rows, key=lambda row: (-row["converted"], -row["accepted"], -row["invited"], row["bucket"]))

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
            self.board.add("candidates", (-level, -samples, user.uid), {
                "user_uid": user.uid, "nickname": user.nickname, "account_uid": home.account,
                "inviter": next(i.sender.uid for i in home.invitations if i.guest is user), "sessions": samples,
                "qoe": level / 1000, "consent": user.consent, "last_active": user.seen,
            })  # fmt: skip

    def contagion(self, customer: str, leaver: str, kind: str) -> None:
        """A customer tied to one who left lately: the one written last."""
        before = self.before
        if before is None or before.customer != customer:
            raise ValueError(f"{customer} was not written just before {leaver}")
        self.board.add("contagion", (-WEIGHTS[kind], -1, customer), {
            "customer_uid": customer, "name": before.name, "ties": 1, "leavers": [leaver], "tie_types": [kind],
            "score": WEIGHTS[kind],
        })  # fmt: skip

    def _signals(self, home: Home, shown: dict[str, list[str]]) -> None:
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
        self.board.add("signals", key, row)
        if len(signals) >= 3:
            self.board.add("many signals", key, row)
