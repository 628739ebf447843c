"""How the managed server is set up: its configuration, its Java options, its first password."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

USERNAME = "neo4j"

_SETTINGS = """\
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=true
server.directories.import=import
dbms.security.allow_csv_import_from_file_urls=false
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0
dbms.usage_report.enabled=false
db.transaction.timeout=60s
db.lock.acquisition.timeout=30s
db.memory.transaction.max={one_transaction}m
dbms.memory.transaction.total.max={all_transactions}m
db.tx_log.rotation.retention_policy=keep_none
db.tx_log.rotation.size=32m
internal.server.bolt.thread_pool_shutdown_wait_time=0s
server.memory.heap.initial_size={heap}m
server.memory.heap.max_size={heap}m
server.memory.pagecache.size={page_cache}m
"""
# A server refuses to boot on a key that it does not know. The quiet period makes a stop take 0.4 s instead of 10 s.
_SETTINGS_5 = """\
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""
_SETTINGS_2026 = """\
internal.dbms.bolt.netty_server_shutdown_quiet_period_duration=0s
server.fleet_discovery.enabled=false
dbms.fleet_manager.enabled=false
"""

_OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")

LEAST_HEAP = 256
MOST_HEAP = 31 * 1024
"""MB. From 32 GB on Java's pointers take twice the room, and the heap holds less."""


class Memory(NamedTuple):
    """What the server may take, in MB."""

    heap: int = 512
    """For what questions and loads work on."""
    page_cache: int = 256
    """For what is kept of the store. Left alone Neo4j takes half of the machine's memory."""


def fitting(stored: int, machine: int) -> Memory:
    """Return what a server needs that holds a store of ``stored`` MB, on a machine of ``machine`` MB.

    A small store leaves the machine alone. A large one gets a page cache that holds it and a heap of a fourth of it,
    of the machine's memory a third and a fourth at most.
    """
    least = Memory()
    return Memory(
        heap=max(least.heap, min(stored // 4, machine // 4, MOST_HEAP)),
        page_cache=max(least.page_cache, min(stored, machine // 3)),
    )


def machine_memory() -> int:
    """Return the memory of this machine in MB, or of the container that we are in; 0 when nobody tells."""
    found = []
    with suppress(OSError, ValueError, AttributeError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with suppress(OSError, ValueError):  # "max" is no number: no limit
        found.append(int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return min(found, default=0) // 2**20


def settings(version: str, *, port: int, memory: Memory) -> str:
    """Return the text of neo4j.conf. The limits on transactions are a quarter and six tenths of the heap."""
    text = _SETTINGS.format(
        port=port,
        heap=memory.heap,
        one_transaction=memory.heap // 4,
        all_transactions=memory.heap * 600 // 1024,
        page_cache=memory.page_cache,
    )
    text += _SETTINGS_5 if version.startswith("5.") else _SETTINGS_2026
    # Only neo4j-admin reads these: it starts a Java process of its own.
    return text + "".join(f"server.jvm.additional={option}\n" for option in _everywhere())


def java_options(store: Path, *, heap: int, quick: bool) -> list[str]:
    """Return the options of the server's Java process.

    ``quick`` starts in half the time and computes slower afterwards: right for tests. There is no
    ExitOnOutOfMemoryError on purpose: with it one reading query ends the server.
    """
    collector = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] if quick else ["-XX:+UseG1GC"]
    return [
        f"-Xms{heap}m",
        f"-Xmx{heap}m",
        *collector,
        "-XX:-OmitStackTraceInFastThrow",
        "-XX:-UsePerfData",
        f"-XX:ErrorFile={store / 'logs' / 'java_error_%p.log'}",
        f"-Djava.io.tmpdir={store / 'tmp'}",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        "-Dio.netty.tryReflectionSetAccessible=true",
        "-Dlog4j2.disable.jmx=true",
        "-Dsun.net.client.defaultConnectTimeout=3000",
        "-Dsun.net.client.defaultReadTimeout=3000",
        "--sun-misc-unsafe-memory-access=allow",
        *_everywhere(),
    ]


def _everywhere() -> list[str]:
    return ["--enable-native-access=ALL-UNNAMED", *(f"--add-opens={module}=ALL-UNNAMED" for module in _OPENED)]


def main_class(version: str) -> str:
    """Return the class that is the server."""
    return "org.neo4j.server.CommunityEntryPoint" if version.startswith("5.") else "org.neo4j.server.Neo4jCommunity"


def environment(**more: str) -> dict[str, str]:
    """Return the little of our environment that Java gets: no setting of ours, no option from JAVA_TOOL_OPTIONS."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SYSTEMROOT", "TEMP", "TMP")
    given = {name: os.environ[name] for name in kept if name in os.environ} | more
    if not re.search(r"utf-?8", given.get("LC_ALL") or given.get("LANG", ""), re.IGNORECASE):
        given["LC_ALL"] = "C.UTF-8"  # else Java cannot read a home with an umlaut in its name
    return given


def first_password(password: str) -> str:
    """Return the line of data/dbms/auth.ini from which an empty store takes its password.

    ``neo4j-admin dbms set-initial-password`` would show the password to every user of the machine as an argument.
    """
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(1023):
        digest = hashlib.sha256(digest).digest()
    return f"{USERNAME}:SHA-256,{digest.hex()},{salt.hex()},1024:"
