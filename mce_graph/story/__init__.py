"""The story: a small operator to try the questions on; ``STORY.md`` beside the tables tells it."""

from __future__ import annotations

from pathlib import Path

AS_OF = "2026-11-01T12:00Z"
"""The instant at which the story is asked: all that happens in it is before."""


def tables() -> list[Path]:
    """The files of the story."""
    return sorted(Path(__file__).parent.glob("*.csv"))
