"""Worlds in which a few links end or begin exactly when it matters, and everything else holds."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from hypothesis import strategies as st

from mce_graph import model

from .world import MONTH, TICK, Link, T, World


@st.composite
def edged(draw: st.DrawFn, world: World, *instants: datetime) -> World:
    """The same world with up to three links that end, or begin, at one of some instants (``T`` where none is given).

    A link that has another period with the same ends and role is left as it is: periods of one kind do not overlap.
    """
    keys = Counter(map(_key, world.links))
    links = list(world.links)
    alone = [n for n, k in enumerate(links) if model.RELATIONSHIPS[k.type].validity and keys[_key(k)] == 1]
    for n in draw(st.lists(st.sampled_from(alone), max_size=3, unique=True)) if alone else ():
        at = draw(st.sampled_from(instants or (T,)))
        ended = ((T - MONTH, at), (T - MONTH, at), (T - MONTH, at + TICK), (model.BEGINNING, at))
        since, until = draw(st.sampled_from((*ended, (at, None), (at, None))))
        k = links[n]
        rest = {name: value for name, value in k.properties.items() if name != "validTo"}
        links[n] = Link(k.type, k.start, k.end, rest | {"validFrom": since} | ({"validTo": until} if until else {}))
    return World(world.nodes, tuple(links))


def _key(k: Link) -> tuple[object, ...]:
    return k.type, k.start, k.end, k.get("role")
