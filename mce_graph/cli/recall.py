"""Ids that were lately asked about or shown on this terminal, for the Tab key: a small file that only you can read.

It holds uids and the day on which each was last seen, nothing else: no name, no number, no address. What a script asks
or a file receives is not kept, nor what came by standard input; ids with other signs than letters, digits and ``._~/-``
are not, so that nothing in the graph can speak to a shell. ``MCE_REMEMBER_IDS=off`` keeps nothing and deletes the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mce_graph import model
from mce_graph.config import Config

if TYPE_CHECKING:
    from mce_graph.result import GraphResult, Result

MOST = 500
"""Ids that are kept, the latest first."""
DAYS = 30
"""Days after which an id that nobody saw again is dropped."""
SHOWN = 50
"""Rows of an answer whose ids are kept."""
_PLAIN = re.compile(r"([A-Za-z]+):[A-Za-z0-9][A-Za-z0-9._~/-]{0,63}")
_ADDRESSES = ("ContactMedium", "Identifier")
"""Their ids are numbers and addresses."""


def file(config: Config) -> Path:
    """Where the ids of this database are kept, each database and user its own."""
    import hashlib

    where = "\0".join(config.get(name) or "" for name in ("neo4j_version", "uri", "username", "database"))
    return config.home / "recent" / f"{hashlib.sha256(where.encode()).hexdigest()[:16]}.txt"


def recent(config: Config, labels: Iterable[str]) -> list[str]:
    """The uids of these labels that were seen in the last days, the latest first."""
    wanted = set(labels)
    return [uid for uid, _ in _read(config) if uid.partition(":")[0] in wanted]


def alike(config: Config, uids: Iterable[str]) -> list[str]:
    """Up to three of the ids lately seen that are spelled much like one of these, of the same label."""
    import difflib

    for uid in uids:
        label, _, id = uid.partition(":")
        there = [other.partition(":")[2] for other in recent(config, [label])]
        if near := difflib.get_close_matches(id, there, 3, 0.75):
            return [f"{label}:{other}" for other in near]
    return []


def remember(config: Config, seen: Iterable[object]) -> None:
    """Put what looks like a uid before the others. Never fails: an answer does not wait for this."""
    today = datetime.now(UTC).date()
    fresh = [uid for uid in dict.fromkeys(x for x in seen if isinstance(x, str)) if _kept(uid)][:MOST]
    if fresh or not config.remembers:
        _write(config, lambda known: [*((uid, today) for uid in fresh), *known])


def shown(answer: Result[object] | GraphResult) -> list[object]:
    """What of an answer may be uids: the keys of its nodes, or the texts of its first rows."""
    from mce_graph.result import GraphResult, values_of

    if isinstance(answer, GraphResult):
        return [node.uid for node in answer.nodes]
    names = [c.name for c in answer.columns if c.type == "string"]
    return [value for row in answer[:SHOWN] for value in values_of(row, names)]


def forget(config: Config, uids: Iterable[str]) -> None:
    """Drop uids that name nothing in the graph (any more)."""
    gone = set(uids)
    _write(config, lambda known: [(uid, day) for uid, day in known if uid not in gone])


def _kept(uid: str) -> bool:
    found = _PLAIN.fullmatch(uid)
    return bool(found and found[1] in model.NODES and found[1] not in _ADDRESSES)


def _read(config: Config) -> list[tuple[str, date]]:
    if not config.remembers:
        return []
    found: list[tuple[str, date]] = []
    oldest = datetime.now(UTC).date() - timedelta(days=DAYS)
    with suppress(OSError, ValueError):
        for line in file(config).read_text(encoding="ascii").splitlines()[:MOST]:
            day, _, uid = line.partition(" ")
            if _kept(uid) and (seen := date.fromisoformat(day)) >= oldest:
                found.append((uid, seen))
    return found


def _write(config: Config, change: Callable[[list[tuple[str, date]]], list[tuple[str, date]]]) -> None:
    path = file(config)
    if not config.remembers:
        with suppress(OSError):
            path.unlink()
        return
    before = _read(config)
    latest: dict[str, date] = {}
    for uid, day in change(before):
        latest.setdefault(uid, day)
    after = [*latest.items()][:MOST]
    if after == before:
        return
    import tempfile

    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600, and there whole or not at all.
        number, name = tempfile.mkstemp(prefix=".recent-", dir=path.parent)
        with open(number, "w", encoding="ascii") as out:  # noqa: PTH123
            out.writelines(f"{day} {uid}\n" for uid, day in after)
        os.replace(name, path)  # noqa: PTH105
