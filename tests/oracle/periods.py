"""Worlds whose links hold for other periods than the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .world import Link, World


def moved(world: World, name: str, instants: Mapping[datetime, datetime]) -> World:
    """The same world with ``validFrom`` or ``validTo`` moved from some instants to others."""

    def there(k: Link) -> Link:
        at = k.get(name)
        if not isinstance(at, datetime) or at not in instants:
            return k
        return Link(k.type, k.start, k.end, k.properties | {name: instants[at]})

    return World(world.nodes, tuple(map(there, world.links)))
