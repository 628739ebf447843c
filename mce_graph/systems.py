"""The source systems of an operator, and in which order they are believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class System:
    """A source system: its name in ``sources`` and the side of the operator it stands on."""

    name: str
    side: Literal["back end", "front end", "assurance", "any"]
    help: str


SYSTEMS: Mapping[str, System] = MappingProxyType(
    {
        s.name: s
        for s in (
            System("CRM", "back end", "Customer relationship management: customers, parties, groups"),
            System("BILLING", "back end", "Accounts, products, agreements"),
            System("IDM", "front end", "Identity management: the users who sign in"),
            System("SDP", "front end", "Service delivery platform: services, roles on accounts, invitations"),
            System("TICKETING", "assurance", "Trouble tickets and service problems"),
            System("QOE", "assurance", "Quality-of-experience windows"),
            System("WEB", "front end", "Self-care site and app"),
        )
    }
)
BACK_END: tuple[str, ...] = tuple(s.name for s in SYSTEMS.values() if s.side == "back end")
"""A person asserted by one of these is known to the back end."""


@lru_cache(maxsize=64)
def seen(system: str) -> str:
    """The property that holds the last load by ``system``: ``seenCrm`` for ``CRM``."""
    return "seen" + "".join(part.capitalize() for part in system.replace("-", "_").split("_"))


AUTHORITY: tuple[str, ...] = tuple(SYSTEMS)
"""The order in which systems are believed after the label's master, that of their declaration; any other comes last."""


def believed(master: str) -> tuple[str, ...]:
    """Systems in the order in which they are believed when they disagree: the master first."""
    return (master, *(s for s in AUTHORITY if s != master))
