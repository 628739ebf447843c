"""What the system knows about a process: is it still the one we started, does it own a port, end it.

Linux answers from ``/proc``; elsewhere ``psutil`` does (jgo brings it along).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

LINUX = sys.platform.startswith("linux")
WINDOWS = sys.platform == "win32"

_children: dict[int, subprocess.Popen[bytes]] = {}


def adopt(child: subprocess.Popen[bytes]) -> None:
    """Remember a process of our own: once dead it must be reaped, or it looks alive for as long as we live."""
    _children[child.pid] = child


def born(pid: int) -> str | None:
    """Return what tells this process from any other that ever had its number, or None when it does not live."""
    if (child := _children.get(pid)) is not None and child.poll() is not None:
        del _children[pid]
    if LINUX:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        fields = stat[stat.rindex(")") + 2 :].split()  # the name before it may hold blanks and brackets
        # A killed process is a zombie at once, but holds its port and files until its last thread is gone.
        gone = fields[0] in "ZX" and int(fields[17]) <= 1
        return None if gone else f"{_boot()}/{fields[19]}"
    psutil = _psutil()
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except (psutil.Error, OSError):
        return None


@lru_cache(maxsize=1)
def _boot() -> str:
    """Ticks since the boot repeat after a reboot; together with the boot's own id they do not."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "boot"


def listens(pid: int, port: int) -> bool:
    """Say whether this very process accepts connections on the loopback port."""
    return any(address.port == port and address.loopback for address in listeners(pid))


class Listener:
    """An address on which a process waits: for connections (tcp) or packets (udp)."""

    __slots__ = ("loopback", "port", "protocol")

    def __init__(self, protocol: str, port: int, *, loopback: bool) -> None:
        self.protocol = protocol
        self.port = port
        self.loopback = loopback

    def __repr__(self) -> str:
        return f"{self.protocol}:{'loopback' if self.loopback else 'ANY'}:{self.port}"


def listeners(pid: int) -> list[Listener]:
    """Return every address on which the process waits."""
    if LINUX:
        return list(_proc_listeners(pid))
    psutil = _psutil()
    try:
        process = psutil.Process(pid)
        found = getattr(process, "net_connections", process.connections)(kind="inet")
    except (psutil.Error, OSError):
        return []
    return [
        Listener(
            "tcp" if entry.status == psutil.CONN_LISTEN else "udp",
            entry.laddr.port,
            loopback=entry.laddr.ip.startswith("127.") or entry.laddr.ip in ("::1", "::ffff:127.0.0.1"),
        )
        for entry in found
        if entry.status == psutil.CONN_LISTEN or not entry.raddr
    ]


_LOOPBACK = re.compile(r"[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F")


def _proc_listeners(pid: int) -> Iterator[Listener]:
    waiting: dict[str, Listener] = {}
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]
            for line in lines:
                fields = line.split()
                protocol = table[:3]
                if protocol == "udp" or fields[3] == "0A":
                    host, _, port = fields[1].partition(":")
                    loopback = _LOOPBACK.fullmatch(host) is not None
                    waiting[fields[9]] = Listener(protocol, int(port, 16), loopback=loopback)
    if not waiting:
        return
    try:
        descriptors = [entry.path for entry in os.scandir(f"/proc/{pid}/fd")]
    except OSError:
        return
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            target = os.readlink(descriptor)  # noqa: PTH115  every command waits for these 500 links
            if target.startswith("socket:[") and (found := waiting.get(target[8:-1])):
                yield found


def java_with(argument: str) -> list[int]:
    """Return our own live Java processes that were started with exactly this argument."""
    if LINUX:
        wanted = os.fsencode(argument)
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    ours = entry.stat().st_uid == os.geteuid() and wanted in (entry / "cmdline").read_bytes().split(
                        b"\0"
                    )
                    if ours and (entry / "exe").readlink().name == "java":
                        found.append(int(entry.name))
        return [pid for pid in found if born(pid)]
    psutil = _psutil()
    return [
        p.pid
        for p in psutil.process_iter(["cmdline", "name"])  # others' arguments are not readable
        if argument in (p.info["cmdline"] or ()) and str(p.info["name"]).startswith("java") and born(p.pid)
    ]


def end(pid: int, birth: str, *, patience: float) -> bool:
    """Ask the process to stop, wait, kill it at last; False when it was gone already. Never touches another one."""
    if born(pid) != birth:
        return False
    for sign in (signal.SIGTERM, signal.SIGTERM if WINDOWS else signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        if until(lambda: born(pid) != birth, patience):
            break
    return True


def until(holds: Callable[[], bool], seconds: float, *, pause: float = 0.02) -> bool:
    """Wait until it holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


@contextlib.contextmanager
def only_one(path: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a file; the system frees it whenever the holder ends, however it ends.

    Python opens files so that no child process inherits them: a server that is started inside holds no lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("r+b", buffering=0) as file:
        told = False
        while not _try_lock(file):
            if not told:
                waiting()
                told = True
            time.sleep(0.05)
        yield


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if WINDOWS:
            msvcrt: Any = importlib.import_module("msvcrt")
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl: Any = importlib.import_module("fcntl")
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _psutil() -> Any:
    return importlib.import_module("psutil")
