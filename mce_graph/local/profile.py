"""How the managed server is set up: its configuration, its Java options, its first password."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

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

PAGE_CACHE = 256
"""MB. Left alone Neo4j takes half of the machine's memory."""


def settings(version: str, *, port: int, heap: int) -> str:
    """Return the text of neo4j.conf. The limits on transactions are a quarter and six tenths of the heap (MB)."""
    text = _SETTINGS.format(
        port=port,
        heap=heap,
        one_transaction=heap // 4,
        all_transactions=heap * 600 // 1024,
        page_cache=PAGE_CACHE,
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
