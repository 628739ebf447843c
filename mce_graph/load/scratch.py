"""Files of a load that only its process needs: its owner's alone, and taken away where the process was killed."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from pathlib import Path

from mce_graph.local import process

_NAME = re.compile(r"\.(?:rows|spool|import|rejects)-(\d+)-[0-9a-f]{12}")


def place(home: Path, kind: str) -> Path:
    """A new path in ``home``, which is made where it is missing; what processes that are gone left there goes."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in home.iterdir():
        owner = _NAME.fullmatch(path.name)
        if owner and process.born(int(owner[1])) is None:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    path.unlink()
    return home / f".{kind}-{os.getpid()}-{secrets.token_hex(6)}"
