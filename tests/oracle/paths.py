"""Paths as answers show them: uid, -TYPE-> or <-TYPE-, uid, …"""

from __future__ import annotations

from .world import Link

Path = tuple[str, ...]


def step(path: Path, link: Link) -> Path:
    """A path along one more link: out of its last thing, or backwards into it."""
    return (*path, f"-{link.type}->", link.end) if path[-1] == link.start else (*path, f"<-{link.type}-", link.start)
