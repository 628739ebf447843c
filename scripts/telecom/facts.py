"""What an operator knows of one household or company while it is written: all that its answers are worked out from.

Days count back from the manifest's ``as_of``; instants are seconds from it, below zero before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from telecom.tables import DAY, midnight

Params = dict[str, object]
Answer = dict[str, Any]


@dataclass(slots=True)
class Windows:
    """The daily windows of one user on one service: all numbers of samples and means, the newest window first."""

    service: str
    last_day: int
    n: list[int]
    hundredths: list[int]
    """Means in hundredths: whole numbers, so that sums are exact."""
    samples: int = 0
    total: int = 0


@dataclass(slots=True)
class User:
    uid: str
    nickname: str
    kind: str
    """The role on the account."""
    begun: int
    ended: int
    """The day on which the use of the account ended; 0 while it lasts."""
    status: str
    last: int
    party: str
    known: bool = False
    """To the back end."""
    added_by: str | None = None
    role: str | None = None
    """In the household."""
    services: list[str] = field(default_factory=list)
    windows: list[Windows] = field(default_factory=list)
    permission: str = ""
    """One that lets the user manage services."""
    consent: str = ""
    """A privacy profile that allows marketing."""

    @property
    def seen(self) -> str:
        return f"{midnight(self.last)[:11]}10:00:00Z"


@dataclass(slots=True)
class Product:
    uid: str
    name: str
    service: str
    offering: str
    cents: int
    contract_end: int
    """Days after the manifest's instant."""


@dataclass(slots=True)
class Agreement:
    uid: str
    n: str
    covered: str
    """What it covers: a product or a group."""
    service: str
    since: int


@dataclass(slots=True)
class Violation:
    uid: str
    day: int
    due: int
    paid: int
    """The day on which the credit was paid; 0 when it was not."""
    service: str


@dataclass(slots=True)
class Ticket:
    uid: str
    at: int
    type: str
    open: bool
    reopened: int
    reporter: User
    service: str
    problem: str


@dataclass(slots=True)
class Contact:
    uid: str
    at: int
    caller: User


@dataclass(slots=True)
class Step:
    page: str
    entered: int
    left: int
    lcp: int
    load: int
    form: bool
    filled: int
    error: str


@dataclass(slots=True)
class Visit:
    uid: str
    user: User
    intent: str
    start: int
    end: int
    """Its end, or when that is not known its last sign of life."""
    done: bool
    steps: list[Step]
    walked: bool = False
    """Away from: neither an outcome nor an end is known."""
    wasted: bool = False
    recovered: bool = False
    undecided: bool = False
    escalated: bool = False


@dataclass(slots=True)
class Invitation:
    uid: str
    day: int
    sender: User
    guest: User | None


@dataclass(slots=True)
class Home:
    """A household, or a company, with the one account it holds."""

    number: int
    n: str
    segment: str
    customer: str
    account: str
    party: str
    name: str
    region: str
    since: int
    closed: bool = False
    silent: bool = False
    group: str = ""
    """The household's, or the outermost group of the company."""
    users: list[User] = field(default_factory=list)
    """Everyone who ever used the account, the primary user first."""
    services: list[str] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    stands_on: dict[str, str] = field(default_factory=dict)
    """The resource under each service."""
    agreement: Agreement | None = None
    violations: list[Violation] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    people: list[tuple[str, str, int | None]] = field(default_factory=list)
    """(name, uid, birth) of the parties behind users of the account now."""
    holders: int = 1
    """How many hold the account, in whatever role."""
    converted: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """The customer that a guest became, the day, and the value of its products in cents."""
    elsewhere: dict[str, str] = field(default_factory=dict)
    """Users of other accounts who were invited from here, and by whom."""
    payer: str = ""

    @property
    def current(self) -> list[User]:
        return [user for user in self.users if not user.ended]


def instant(day: int, seconds: int = 0) -> int:
    return seconds - DAY * day
