"""The answers to the questions about the whole operator, worked out household by household from what was written.

Each answer follows the header of its question, not its Cypher. Of a long answer the first rows and the number of all
are kept, of a summary its counts: memory grows with neither.
"""

from __future__ import annotations

from telecom.board import Board
from telecom.experience import Experience
from telecom.facts import Home
from telecom.growth import Growth
from telecom.people import People
from telecom.promises import Promises
from telecom.selfcare import SelfCare
from telecom.tickets import Tickets


class Answers:
    """What is known so far of every question about the whole operator."""

    def __init__(self) -> None:
        self.board = Board()
        self.people = People(self.board)
        self.experience = Experience(self.board)
        self.promises = Promises(self.board)
        self.tickets = Tickets(self.board)
        self.selfcare = SelfCare(self.board)
        self.growth = Growth(self.board)

    def home(self, home: Home) -> None:
        """Take in a household, or a company, that has been written."""
        current = home.current
        self.people.home(home, current)
        hidden = self.experience.home(home, current)
        quiet = self.promises.home(home, current)
        repeated = self.tickets.home(home) if home.tickets else []
        wasted = self.selfcare.home(home)
        self.growth.home(home, current, {
            "wastedTransactions": wasted, "repeatTickets": [ticket.uid for ticket in repeated], "silentBreach": quiet,
            "hiddenBadExperience": list(dict.fromkeys(hidden)),
            "contractEnd": [product.uid for product in home.products if product.contract_end <= 60],
        })  # fmt: skip

    def asked(self) -> list[dict[str, object]]:
        """Every question with its arguments and its answer."""
        self.tickets.asked()
        parts = (self.people, self.experience, self.promises, self.selfcare, self.growth)
        summaries = [question for part in parts for question in part.asked()]
        return [*self.board.asked(), *summaries]
