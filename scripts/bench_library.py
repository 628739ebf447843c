#!/usr/bin/env python3
"""What the library costs on top of the driver: a million rows streamed, and data frames against the driver's own.

Uses the server of the settings (``mce config show``) and writes nothing to it. Run it in the project's environment:
``.venv/bin/python scripts/bench_library.py [rows]``. Times of data frames are processor seconds of this process, the
best of three: what the server does meanwhile is the same for all.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

QUESTION = """/*
title    = "Rows"
question = "Which rows are there?"
actors   = ["data-engineer"]
access   = "read"
returns  = "many"
key      = ["uid"]
timeout  = 600
[params]
n     = { type = "int", default = 10, min = 0, unit = "rows", help = "How many" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }
[columns]
uid    = { type = "string", pii = "identifier", help = "Key" }
kind   = { type = "string", help = "Kind" }
calls  = { type = "int", unit = "calls", help = "Number" }
share  = { type = "float", unit = "ratio", help = "Number" }
since  = { type = "datetime", help = "Time" }
seen   = { type = "datetime", help = "Time" }
*/
UNWIND range(1, $n) AS i
RETURN 'User:' + toString(i) AS uid, ['primary', 'secondary', 'guest'][i % 3] AS kind, i AS calls, i / 3.0 AS share,
  datetime({epochSeconds: 1600000000 + i}) AS since, datetime({epochSeconds: 1700000000 + i}) AS seen
LIMIT $limit
"""


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "bench")
        place.mkdir()
        (place / "rows.cypher").write_text(QUESTION, encoding="utf-8")
        os.environ["MCE_QUERIES"] = folder
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        _stream(rows)
        _frames(min(rows, 50_000))
    return 0


def _stream(rows: int) -> None:
    import mce_graph

    with mce_graph.connect() as graph:
        with graph.stream("bench.rows", n=10_000) as few:
            for _ in few:
                pass
        before, begun = _resident(), time.perf_counter()
        peak = before
        with graph.stream("bench.rows", n=rows) as stream:
            for count, _ in enumerate(stream, 1):
                if count % 50_000 == 0:
                    peak = max(peak, _resident())
        took = time.perf_counter() - begun
    print(f"stream: {rows:,} rows of 6 columns in {took:.0f} s ({rows / took:,.0f} rows/s), "
          f"memory {before:.0f} MB before, {peak:.0f} MB at the most while reading")  # fmt: skip


def _frames(rows: int) -> None:
    import neo4j

    import mce_graph
    from mce_graph import library

    bound = library.get("bench.rows").bind({"n": rows, "limit": None})
    text, params = bound.statement.text, dict(bound.statement.params)
    with mce_graph.connect() as graph:

        def drivers(convert: Callable[[neo4j.Result], object]) -> Callable[[], object]:
            def work() -> object:
                with graph.driver.session(database=graph.database, fetch_size=1000) as session:
                    return convert(session.run(text, params))

            return work

        def ours(name: str) -> Callable[[], object]:
            return lambda: getattr(graph.run("bench.rows", n=rows, limit=None), name)()

        base = _best(drivers(lambda r: list(r)))
        print(f"frames: {rows:,} rows of 6 columns, two of them times; the driver's list(result) takes {base:.2f} s")
        for name, work in {
            "driver result.to_df()": drivers(lambda r: r.to_df()),
            "driver result.to_df(parse_dates=True)": drivers(lambda r: r.to_df(parse_dates=True)),
            "driver result.data()": drivers(lambda r: r.data()),
            "rows (dataclasses)": lambda: graph.run("bench.rows", n=rows, limit=None),
            **{f"{n}()": ours(n) for n in ("to_dicts", "to_arrow", "to_polars", "to_pandas")},
        }.items():
            took = _best(work)
            print(f"  {name:<40} {took:5.2f} s   {took / base:4.2f} x list(result)")


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def _resident() -> float:
    """Megabytes that this process holds now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
