"""What users got: who enjoys it, and who suffers where nobody looks."""

from __future__ import annotations

from telecom.board import ENOUGH, MOS, Board, asked, rounded, thousandths
from telecom.facts import Answer, Home, User

GAP = 1000
"""Thousandths of the MOS between a holder and a user who suffers."""


class Experience:
    """The answers about quality of experience."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.enjoyment: dict[str, dict[str, list[int]]] = {"all": {}, "kind": {}, "offering": {}}
        """Users, of these measured, of these well served."""
        board.open("hidden", "qoe.hidden_bad_experience")

    def home(self, home: Home, current: list[User]) -> list[str]:
        """Returns the users who suffer unseen."""
        self._enjoyment(home)
        return [] if home.closed or not home.users[0].windows else self._hidden(home, current)

    def asked(self) -> list[dict[str, object]]:
        return [asked("qoe.enjoyment_index", self._enjoyment_rows(by), group_by=by) for by in self.enjoyment]

    def _enjoyment(self, home: Home) -> None:
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

    def _hidden(self, home: Home, current: list[User]) -> list[str]:
        """Users who suffer while the holder is fine."""
        head = home.users[0]
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
                self.board.add("hidden", (-gap, home.account, user.uid, windows.service), {
                    "account_uid": home.account, "holder_user": head.uid, "holder_qoe": level / 1000,
                    "user_uid": user.uid, "kind": user.kind, "user_qoe": own / 1000, "service_uid": windows.service,
                    "n": windows.samples, "gap": gap / 1000,
                })  # fmt: skip
        return found
