#!/usr/bin/env python3
"""Load a whole operator into the empty managed Neo4j by neo4j-admin import, or write its files for another server.

Prints what became of every row as JSON, with rows a second and the peak of memory, and what a generated operator's
manifest expects otherwise (--answers). Exit code 6 when a row was rejected, 1 when an answer differs.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generate import differences

from mce_graph import config, library
from mce_graph.errors import REJECTED, MceError, UsageError
from mce_graph.graph import Graph, open_driver
from mce_graph.load.bulk import bulk, bulk_files
from mce_graph.local.server import LocalServer

PATIENCE = 3600.0
"""Seconds that a question may take when it is asked for all of its rows."""


class Clock:
    """Seconds of each step, told on standard error as it begins."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self.begun = time.monotonic()
        self.now = ""

    def tell(self, what: str, done: float | None) -> None:
        step = what.split(" ", 1)[0]
        now = time.monotonic()
        if step != self.now:
            print(f"{step} …", file=sys.stderr)
            self.steps[self.now] = self.steps.get(self.now, 0.0) + now - self.begun
            self.begun, self.now = now, step


def main() -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        epilog="Example: scripts/load_bulk.py operator --answers operator/manifest.json",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders, as for mce load")
    parser.add_argument("--system", help="the system that the files come from, for example CRM")
    parser.add_argument("--mapping", type=Path, help="TOML file that maps a foreign CSV to the model")
    parser.add_argument("--snapshot", metavar="SYSTEM", help="the files are a complete extract of that system")
    parser.add_argument("--extracted-at", metavar="TIME", help="when the files were extracted")
    parser.add_argument("--rejects", type=Path, help="where rejected rows go; else under the home folder")
    parser.add_argument("--files", type=Path, metavar="DIR", help="only write the import files, into this new folder")
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="home of the managed server; else MCE_HOME or the user's"
    )
    parser.add_argument(
        "--answers", type=Path, metavar="FILE", help="manifest.json whose answers the graph has to give"
    )
    given = parser.parse_args()
    clock = Clock()
    wrong: list[str] = []
    seconds: dict[str, float] = {}
    named = ("system", "mapping", "rejects", "snapshot", "extracted_at")
    words: dict[str, Any] = {name: getattr(given, name) for name in named} | {"progress": clock.tell}
    try:
        if given.files:
            report = bulk_files(
                given.files,
                *given.paths,
                **words,
            )
        else:
            settings = config.load()
            if not given.home and not settings.managed:
                raise UsageError("the settings name a server of your own", hint="give --files, and import them there")
            server = LocalServer(given.home or settings.home)
            report = bulk(
                server,
                *given.paths,
                **words,
            )
            clock.tell("asking", None)
            if given.answers:
                wrong = _wrong(server, json.loads(given.answers.read_text("utf-8")), seconds)
    except MceError as error:
        print(f"{error.message}{f' ({error.hint})' if error.hint else ''}", file=sys.stderr)
        return error.exit_code
    clock.tell("", None)
    found = report.to_dict() | {
        "steps": {name: round(seconds, 1) for name, seconds in clock.steps.items() if name},
        "rows_per_second": round(report.read / max(report.seconds, 0.001)),
        "cpu_seconds": round(resource.getrusage(resource.RUSAGE_SELF).ru_utime, 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "slowest_questions": {
            name: round(seconds[name], 1) for name in sorted(seconds, key=lambda one: -seconds[one])[:10]
        },
        "over_their_timeout": sorted(name for name in seconds if seconds[name] > library.get(name).timeout),
        "wrong_answers": wrong,
    }
    print(json.dumps({name: value for name, value in found.items() if name != "files"}, indent=1))
    return 1 if wrong else REJECTED if report.rejected or report.refused else 0


def _wrong(server: LocalServer, manifest: Mapping[str, object], seconds: dict[str, float]) -> list[str]:
    there = server.ensure()
    driver = open_driver(there.uri, there.username, there.password)
    with Graph(driver, database=there.database, timeout=PATIENCE) as graph:
        return differences(graph, manifest, seconds)


if __name__ == "__main__":
    sys.exit(main())
