"""Questions of one's own, for the tests of the library."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROWS = """/*
title    = "Rows"
question = "Which numbers are there?"
actors   = ["data-engineer"]
access   = "read"
returns  = "many"
key      = ["i"]
timeout  = 60

[params]
n     = { type = "int", default = 10, min = 0, unit = "rows", help = "How many" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
i    = { type = "int", unit = "rows", help = "The number" }
name = { type = "string", pii = "name", help = "A text" }
at   = { type = "datetime", help = "An instant" }
*/
UNWIND range(1, $n) AS i
RETURN i, 'user ' + toString(i) AS name, datetime({epochSeconds: 1700000000 + i}) AS at
LIMIT $limit
"""
Write = Callable[[str, str], Path]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a question into a folder that MCE_QUERIES names."""
    place = tmp_path / "queries"
    place.mkdir()
    monkeypatch.setenv("MCE_QUERIES", str(place))

    def write(id: str, text: str) -> Path:
        case, _, name = id.partition(".")
        (place / case).mkdir(exist_ok=True)
        path = place / case / f"{name}.cypher"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def rows_question(own: Write) -> str:
    """A question that gives as many rows as one wants."""
    own("own.rows", ROWS)
    return "own.rows"


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Ctrl-C reaches the test, also in a run that a shell has put into the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
