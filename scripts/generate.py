#!/usr/bin/env python3
"""Write a telecom operator of any size as interchange tables, with the answers to questions in manifest.json.

The same size and seed give the same bytes. Rows are written as they are made, and answers worked out household by
household (``telecom``): memory grows by a few bytes a person.
For each account holder there are two to three users: families, guests and the guests they invite; one holder in fifty
is an enterprise with nested groups. Every person is invented.

Nothing begins or ends after the manifest's ``as_of``, so that its answers hold whenever the tables are loaded.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from telecom.tables import Tables
from telecom.writer import Operator

MANIFEST = "manifest.json"


def generate(folder: Path, holders: int, seed: int) -> dict[str, Any]:
    """Write an operator into a folder and return its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        manifest = Operator(holders, seed, Tables(folder, stack)).write()
    text = json.dumps(manifest | {"questions": []}, ensure_ascii=False, indent=1).removesuffix("[]\n}")
    lines = ",\n  ".join(json.dumps(question, ensure_ascii=False) for question in manifest["questions"])
    (folder / MANIFEST).write_text(f"{text}[\n  {lines}\n ]\n}}\n", encoding="utf-8")
    return manifest


def differences(graph: Any, manifest: Mapping[str, Any], seconds: dict[str, float] | None = None) -> list[str]:
    """What the graph answers otherwise than the manifest says: the question and what differs.

    ``seconds`` is told how long each question took, at the longest of the ways in which it is asked.
    """
    from mce_graph.errors import MceError

    found = []
    counts = {row.name: row.count for row in graph.reconcile.counts(limit=None) if row.count and row.name != "LoadRun"}
    for name in sorted(counts.keys() | manifest["counts"]):
        if counts.get(name) != manifest["counts"].get(name):
            found.append(f"reconcile.counts: {name} {counts.get(name)}, not {manifest['counts'].get(name)}")
    for answer in manifest["questions"]:
        question, begun = str(answer["question"]), time.monotonic()
        group, _, name = question.partition(".")
        try:
            rows = getattr(getattr(graph, group), name)(**answer["params"], limit=None).to_dicts()
        except MceError as error:
            found.append(f"{question} of {answer['params']}: {error.message}")
            continue
        finally:
            if seconds is not None:
                seconds[question] = max(seconds.get(question, 0.0), time.monotonic() - begun)
        if len(rows) != answer["count"]:
            found.append(f"{question} of {answer['params']}: {len(rows)} rows, not {answer['count']}")
        for row, wanted in zip(rows, answer["rows"], strict=False):
            given = {column: _plain(row[column]) for column in wanted}
            if given != wanted:
                found.append(f"{question} of {answer['params']}: {given}, not {wanted}")
    return found


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return list(value) if isinstance(value, tuple) else value


def main() -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        epilog="Example: scripts/generate.py --holders 1000 --out operator",
    )
    parser.add_argument("--holders", type=int, default=1000, metavar="N", help="account holders, at least 20 (1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed gives another operator (1)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder for the tables")
    given = parser.parse_args()
    if given.holders < 20:
        parser.error("--holders: at least 20")
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"--out: {given.out} is not empty")
    begun = time.monotonic()
    manifest = generate(given.out, given.holders, given.seed)
    seconds = time.monotonic() - begun
    print(
        f"{manifest['rows']:,} rows of {manifest['holders']:,} holders and {manifest['users']:,} users in"
        f" {seconds:.1f} s ({manifest['rows'] / seconds:,.0f} a second);"
        f" answers to {len(manifest['questions'])} questions in {MANIFEST}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
