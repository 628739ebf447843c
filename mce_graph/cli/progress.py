"""What is going on, on standard error: one line that renews itself on a terminal, else a line now and then."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from mce_graph.cli.show import clean

QUIET_SECONDS = 1.5
"""Work that is over sooner is not worth a word."""
EVERY_SECONDS = 5.0
ASKING_SECONDS = 1.0
"""An answer that is there sooner needs no word."""


@contextmanager
def waiting(what: str, most: float) -> Iterator[None]:
    """Say on a terminal, once a second, how long it has been; ``most`` are the seconds it may take."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    over = threading.Event()
    begun = time.monotonic()

    def tell() -> None:
        said = False
        while not over.wait(ASKING_SECONDS):
            sys.stderr.write(f"\r\x1b[K{clean(what)} ({time.monotonic() - begun:.0f} s, at most {most:g} s)")
            sys.stderr.flush()
            said = True
        if said:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


class Progress:
    """Call it with what is going on and the share done, where that is known."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._said_at = 0.0
        self._terminal = sys.stderr.isatty()
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._open:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, what: str, done: float | None = None) -> None:
        now = time.monotonic()
        if now - self._started < QUIET_SECONDS:
            return
        line = clean(what) + (f" {done:4.0%}" if done is not None else "")
        if self._terminal:
            elapsed = f" ({now - self._started:.0f} s)"
            sys.stderr.write(f"\r\x1b[K{line}{elapsed}")
            self._open = True
        elif now - self._said_at > EVERY_SECONDS:
            sys.stderr.write(line + "\n")
            self._said_at = now
        sys.stderr.flush()
