#!/usr/bin/env python3
"""Write the lock file of a managed Neo4j version: every jar with its Maven coordinate, size and SHA-256.

Usage: python scripts/lock_jars.py [VERSION ...]      (without a version: all supported ones)

Run it when a version is added to ``SUPPORTED`` in mce_graph/local/jars.py, read the difference, commit it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

LOCKS = Path(__file__).resolve().parent.parent / "mce_graph" / "local" / "locks"
COORDINATES = ("org.neo4j:neo4j", "org.neo4j.app:neo4j-server")


def main(versions: list[str]) -> int:
    sys.path.insert(0, str(LOCKS.parents[2]))
    from mce_graph.local.jars import SUPPORTED

    for version in versions or list(SUPPORTED):
        text = json.dumps(lock(version), indent=1, ensure_ascii=False) + "\n"
        target = LOCKS / f"neo4j-{version}.json"
        target.write_text(text, encoding="utf-8")
        print(f"{target.name}: {text.count('sha256')} jars")
    return 0


def lock(version: str) -> dict[str, Any]:
    """Resolve one version with jgo and describe every jar of it."""
    import jgo

    roots = [f"{coordinate}:{version}" for coordinate in COORDINATES]
    artifacts = jgo.resolve("+".join(roots))
    return {
        "generated": "by scripts/lock_jars.py; do not edit",
        "version": version,
        "roots": roots,
        "jars": [entry(artifact) for artifact in artifacts],
    }


def entry(artifact: Any) -> dict[str, Any]:
    path = artifact.resolve()
    return {
        "coordinate": str(artifact),
        "file": artifact.filename,
        "size": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
