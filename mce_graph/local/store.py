"""What one managed Neo4j has on disk: its folders, its configuration, its password, and what its logs say.

Nothing here starts or stops anything. Every file that is written is for its owner alone.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from mce_graph.errors import ConfigurationError, LocalServerError
from mce_graph.local import profile

LEAST_FREE = 200_000_000
"""Bytes; two databases pre-allocate their transaction logs."""


_NO_SPACE = "No space left on device"


class PortTakenError(LocalServerError):
    """Someone took the port between our look and the server's."""


class Store:
    """The folder of one server."""

    def __init__(self, path: Path, version: str, heap: int | None) -> None:
        """``heap`` is in MB, None for one that fits what is stored."""
        self.path = path
        self.version = version
        self.heap = heap

    def lay_out(self, port: int) -> profile.Memory:
        """Make the store's folders and write its configuration, which is ours at every start; give the memory in it."""
        for name in ("conf", "data", "data/dbms", "import", "logs", "plugins", "tmp"):
            (self.path / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        for made in (self.path, self.path / "data"):
            made.chmod(0o700)
        for left in (self.path / "tmp").iterdir():
            with suppress(OSError):
                left.unlink()
        memory = self.memory()
        first = f"# Neo4j {self.version}, written by mce at every start: changes are lost.\n"
        write_private(
            self.path / "conf" / "neo4j.conf", first + profile.settings(self.version, port=port, memory=memory)
        )
        return memory

    def set_first_password(self) -> None:
        """Leave auth.ini for the first boot; it stays until somebody has signed in, whatever was killed meanwhile."""
        ini = self.path / "data" / "dbms" / "auth.ini"
        if not (self.path / "data" / "databases" / "system").exists():
            with suppress(ConfigurationError):
                self.password()
            if not self._password_file.exists():
                write_private(self._password_file, secrets.token_urlsafe(24) + "\n")
            write_private(ini, profile.first_password(self.password()) + "\n")
        self.password()

    def password(self) -> str:
        """Return the password of the server, or raise that it cannot be read."""
        try:
            password = self._password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise self._no_password(type(error).__name__) from error
        if not password:
            raise self._no_password("it is empty")
        return password

    def memory(self) -> profile.Memory:
        """Return what a server of this store may take now."""
        stored = 0
        for file in (self.path / "data" / "databases").rglob("*"):
            with suppress(OSError):
                stored += file.stat().st_size
        memory = profile.fitting(stored // 2**20, profile.machine_memory())
        return memory if self.heap is None else memory._replace(heap=self.heap)

    def refuse_full_disk(self, needed: int = LEAST_FREE) -> None:
        """Raise where something would fail for want of room; a start needs ``LEAST_FREE`` bytes."""
        free = shutil.disk_usage(self.path if self.path.exists() else self.path.parent).free
        if free < needed:
            raise disk_full(self.path.parent, f"{free / 1e6:,.0f} MB left, {needed / 1e6:,.0f} MB are needed")

    def last_port(self) -> int | None:
        """The port that the configuration names, once there is one."""
        found = re.search(r"^server\.bolt\.listen_address=127\.0\.0\.1:(\d+)$", self._configuration(), re.M)
        return int(found[1]) if found else None

    def last_version(self) -> str:
        """The version that the configuration was written for; empty before the first start."""
        found = re.match(r"# Neo4j (\S+),", self._configuration())
        return found[1] if found else ""

    def why_it_ended(self) -> LocalServerError:
        """Say why the server ended, from the lines of its logs that matter; none of them quotes data."""
        log = log_end(self.path / "logs" / "neo4j.log")
        begin = max((number for number, line in enumerate(log) if line.endswith("Starting...")), default=0)
        said = log_end(self.path / "logs" / "console.log") + log[begin:]
        text = "\n".join(said)
        if _NO_SPACE in text:
            return disk_full(self.path, "the server could not write")
        if "Address already in use" in text or "PortBindException" in text:
            return PortTakenError("The server's port was taken by another process", hint="Start again.")
        if "Could not reserve enough space" in text or "insufficient memory" in text:
            return LocalServerError(
                f"The machine has not {self.memory().heap} MB of memory for the server",
                hint="Close something, then start again.",
            )
        matter = [line for line in said if re.search(r"ERROR|Exception|Caused by|Error:", line)][-3:]
        return LocalServerError(
            "The server ended while it was starting" + "".join(f"\n  {line[:300]}" for line in matter),
            hint=f"Its logs are in {self.path / 'logs'} (mce db logs).",
        )

    def why_admin_failed(self, arguments: tuple[str, ...], code: int) -> LocalServerError:
        """Say why neo4j-admin failed; its log may quote data, so no more than its place is told."""
        log = self.path / "logs" / "admin.log"
        if any(_NO_SPACE in line for line in log_end(log)):
            return disk_full(self.path, f"neo4j-admin {' '.join(arguments[:2])} could not write")
        return LocalServerError(
            f"neo4j-admin {' '.join(arguments[:2])} failed (code {code})", hint=f"It says why in {log}."
        )

    @property
    def _password_file(self) -> Path:
        return self.path / "password"

    def _no_password(self, why: str) -> ConfigurationError:
        return ConfigurationError(
            f"The password of the local server cannot be read from {self._password_file} ({why})",
            hint="Put the file back, or mce db reset (deletes the data) and load again.",
        )

    def _configuration(self) -> str:
        with suppress(OSError):
            return (self.path / "conf" / "neo4j.conf").read_text(encoding="utf-8")
        return ""


def new_log(path: Path) -> BinaryIO:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def log_end(path: Path) -> list[str]:
    """The end of a log: its last 200 kB."""
    with suppress(OSError), path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 200_000))
        return file.read().decode("utf-8", "replace").splitlines()
    return []


def disk_full(where: Path, what: str) -> LocalServerError:
    return LocalServerError(
        f"The disk of {where} is full: {what}", hint="Free some space, then start again; nothing stored is lost."
    )
