"""Tickets: where they come again, who else reports them, what several have in common."""

from __future__ import annotations

from telecom.board import Board
from telecom.facts import Answer, Home, Ticket, instant
from telecom.tables import DAY, iso, midnight


class Tickets:
    """The answers about trouble tickets."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.problems: dict[str, str] = {}
        """The open problem behind a resource."""
        self.resources: dict[str, tuple[str, str]] = {}
        """The name and the kind of each resource."""
        self.recent: dict[str, list[tuple[int, str, str, str]]] = {}
        """The open incidents of the last day by resource: when, which, of what customer, reported by whom."""
        board.open("repeat: product", "tickets.repeat_tickets", scope="product")
        board.open("repeat: account", "tickets.repeat_tickets", scope="account", days=30)
        board.open("repeat: household", "tickets.repeat_tickets", scope="household")
        board.open("causes", "tickets.common_cause")
        board.open("others", "tickets.tickets_by_non_holders", since=midnight(90))

    def home(self, home: Home) -> list[Ticket]:
        """Returns the tickets of the last month, if there are several."""
        self._others(home)
        self._recent(home)
        return self._repeated(home)

    def asked(self) -> None:
        """Nothing but lists of rows; of the common causes they are known in the end only."""
        self._causes()

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
        self.board.add(name, (-len(tickets), uid), row)

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
            self.board.add("others", (-ticket.at, ticket.uid), {
                "ticket_uid": ticket.uid, "at": iso(ticket.at), "ticket_type": ticket.type,
                "reporter_uid": reporter.uid, "kind": reporter.kind, "account_uid": home.account,
                "account_holder": home.customer, "authorised": by is not None, "authorised_by": by,
                "authorised_via": via,
            })  # fmt: skip

    def _recent(self, home: Home) -> None:
        """Open incidents of the last day, by what their service stands on."""
        for ticket in home.tickets:
            if ticket.at >= -DAY and ticket.type == "incident" and ticket.open and not ticket.problem:
                incident = ticket.at, ticket.uid, home.customer, ticket.reporter.uid
                self.recent.setdefault(home.stands_on[ticket.service], []).append(incident)

    def _causes(self) -> None:
        for element, found in self.recent.items():
            if len(found) < 2:
                continue
            found.sort()
            name, kind = self.resources[element]
            self.board.add("causes", (-len(found), element), {
                "element_uid": element, "name": name, "element_type": kind, "tickets": len(found),
                "customers": len({customer for _, _, customer, _ in found}),
                "users": len({reporter for _, _, _, reporter in found}), "depth": 1,
                "first_seen": iso(found[0][0]), "ticket_uids": [uid for _, uid, _, _ in found],
                "open_problem": self.problems.get(element),
            })  # fmt: skip
        self.recent = {}
