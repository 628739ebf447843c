"""The jars of the managed local Neo4j: which ones, fetched how, checked against what.

``locks/neo4j-<version>.json`` says every file with its SHA-256. A jar is fetched from Maven Central through jgo, by its
coordinate alone (no dependency is resolved again), checked, and only then renamed into ``<home>/jars/<version>``: a
jar there is whole, an interrupted fetch goes on with the missing ones, and a complete folder needs no network.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from mce_graph.errors import ConfigurationError, JarMismatchError, LocalServerError

Progress = Callable[[str, float | None], None]
"""Called with what is going on and the fraction done, or None where nobody knows."""

DEFAULT_VERSION = "2026.09.0"
SUPPORTED: dict[str, tuple[str, ...]] = {
    "2026.09.0": ("2026", "2026.x", "2026.09"),
    "5.26.20": ("5", "5.x", "5.26", "5.26.x"),
}
"""Each version that has a committed lock file, with the short names it answers to."""

AT_ONCE = 8
"""Downloads at the same time; each is its own file, so they do not meet."""
ATTEMPTS = 4


def quiet(_what: str, _done: float | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of the server, as the lock file has it."""

    coordinate: str
    file: str
    size: int
    sha256: str


def exact_version(asked: str) -> str:
    """Return the full version that a short name such as ``5.26`` stands for."""
    for version, aliases in SUPPORTED.items():
        if asked == version or asked in aliases:
            return version
    raise ConfigurationError(
        f"Neo4j {asked} is not one of the managed versions",
        hint="Choose one of: " + ", ".join(f"{version} ({names[0]})" for version, names in SUPPORTED.items()),
    )


@lru_cache(maxsize=4)
def locked(version: str) -> tuple[Jar, ...]:
    """Return the jars of one supported version, in the order of the classpath."""
    name = f"neo4j-{exact_version(version)}.json"
    text = resources.files("mce_graph.local").joinpath("locks", name).read_text(encoding="utf-8")
    jars = tuple(Jar(**entry) for entry in json.loads(text)["jars"])
    for jar in jars:
        if Path(jar.file).name != jar.file or len(jar.sha256) != 64:
            raise LocalServerError(f"{name}: the entry of {jar.file} is damaged", hint="Install mce-graph again.")
    return jars


def folder(home: Path, version: str) -> Path:
    """Return the folder that holds the jars of one version and nothing else."""
    return home / "jars" / exact_version(version)


def classpath(home: Path, version: str) -> list[Path]:
    """Return the jars one by one: a ``dir/*`` would load whatever is dropped into the folder."""
    where = folder(home, version)
    return [where / jar.file for jar in locked(version)]


def fetch(home: Path, version: str, progress: Progress = quiet) -> None:
    """Get the jars that are missing, from the user's Maven cache where it has them, else from Maven Central."""
    version = exact_version(version)
    where = folder(home, version)
    missing = [jar for jar in locked(version) if not (where / jar.file).exists()]
    if not missing:
        return
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    staging = where.with_name(f".{version}.part")
    _room_for(where, sum(jar.size for jar in missing))
    try:
        _Fetch(where, staging, progress).run(missing)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def verify(home: Path, version: str) -> None:
    """Refuse an extra, a missing or a changed jar; about half a second for a whole server."""
    where = folder(home, version)
    expected = {jar.file: jar for jar in locked(version)}
    present = {entry.name for entry in where.iterdir()} if where.is_dir() else set()
    if extra := sorted(present - set(expected)):
        raise JarMismatchError(
            f"{where / extra[0]} does not belong to Neo4j {exact_version(version)}",
            hint=f"Remove {_these(extra)} from {where}, then start again.",
        )
    if missing := sorted(set(expected) - present):
        raise JarMismatchError(
            f"{where / missing[0]} is missing",
            hint="Start again with a network: what is missing is fetched.",
        )
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        same = pool.map(lambda jar: fits(where / jar.file, jar), expected.values())
        changed = [jar.file for jar, fits in zip(expected.values(), same, strict=True) if not fits]
    if changed:
        raise JarMismatchError(
            f"{where / changed[0]} differs from its committed checksum",
            hint=f"Someone or something changed it. Delete {_these(changed)} from {where} and start again:"
            " the original is fetched.",
        )


class _Fetch:
    """One run of downloads, stoppable at any moment."""

    def __init__(self, where: Path, staging: Path, progress: Progress) -> None:
        from jgo.config import GlobalSettings
        from jgo.maven import MavenContext

        self.where = where
        self.staging = staging
        self.progress = progress
        self.stopped = threading.Event()
        self.counted = threading.Lock()
        self.bytes = 0
        self.own = threading.local()
        settings = GlobalSettings.load()
        self.shared = Path(settings.repo_cache)
        # A mirror of the user's own (jgo's configuration) comes first; whatever it serves is checked all the same.
        repositories = {**settings.repositories, **MavenContext().remote_repos}
        self.context: Any = MavenContext(
            resolver=self._resolver(), repo_cache=staging, remote_repos=repositories, timeout=20
        )

    def run(self, missing: list[Jar]) -> None:
        total = sum(jar.size for jar in missing)
        self.progress(f"Fetching Neo4j: {len(missing)} jars, {total / 1e6:.0f} MB", 0.0)
        pool = ThreadPoolExecutor(max_workers=AT_ONCE)
        # The largest first: the slowest download then overlaps with all the others.
        by_size = sorted(missing, key=lambda jar: -jar.size)
        waiting: set[Future[None]] = {pool.submit(self._get, jar) for jar in by_size}
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=0.25, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                got = min(self.bytes, total)
                self.progress(f"Fetching Neo4j: {got / 1e6:.0f} of {total / 1e6:.0f} MB", got / total)
        finally:
            self.stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _get(self, jar: Jar) -> None:
        artifact = self.context.create_dependency(jar.coordinate).artifact
        shared = self.shared / artifact.component.path_prefix / artifact.cached_filename
        if fits(shared, jar):
            self._place(shared, self.where / jar.file)
            self._count(jar.size)
            return
        for attempt in range(1, ATTEMPTS + 1):
            if self.stopped.is_set():
                return
            artifact.cached_path.unlink(missing_ok=True)
            try:
                staged = artifact.resolve()
                break
            except OSError as error:  # those of requests are
                if self.stopped.is_set():
                    return
                if attempt == ATTEMPTS:
                    raise _fetch_failed(jar, error) from error
                self.stopped.wait(0.5 * 2**attempt)
        if not fits(staged, jar):
            raise JarMismatchError(
                f"{jar.file} came from the repository with another checksum than the committed one",
                hint="A proxy or a mirror changes downloads, or the connection was cut: try another network.",
            )
        self._share(staged, shared)
        self._place(staged, self.where / jar.file)

    def _resolver(self) -> Any:
        """Return jgo's resolver with a download that keeps its connections.

        jgo opens two connections a jar (the second for a SHA-1 that our SHA-256 makes needless); hundreds within
        seconds run into the limits of networks: 50 s instead of 3.
        """
        from jgo.maven import PythonResolver

        download = self._download

        class KeepingConnections(PythonResolver):
            def download(self, artifact: Any) -> Path:
                return download(artifact)

        return KeepingConnections()

    def _download(self, artifact: Any) -> Path:
        path: Path = artifact.cached_path
        path.parent.mkdir(parents=True, exist_ok=True)
        refused = []
        for repository in self.context.remote_repos.values():
            url = f"{repository}/{artifact.component.path_prefix.as_posix()}/{artifact.filename}"
            with self._session().get(url, stream=True, timeout=self.context.timeout) as response:
                if response.status_code != 200:
                    refused.append(f"HTTP {response.status_code}")
                    continue
                with path.open("wb") as file:
                    for chunk in response.iter_content(chunk_size=1 << 16):
                        if self.stopped.is_set():
                            raise InterruptedError("the fetch was stopped")
                        file.write(chunk)
                        self._count(len(chunk))
                return path
        raise OSError(", ".join(refused))

    def _session(self) -> Any:
        """One connection a thread; requests knows the user's proxy and certificates."""
        if not hasattr(self.own, "session"):
            self.own.session = importlib.import_module("requests").Session()
        return self.own.session

    def _count(self, count: int) -> None:
        with self.counted:
            self.bytes += count

    def _place(self, source: Path, target: Path) -> None:
        """Link the file, or copy it across file systems, in one step that leaves no torn file behind."""
        self.staging.mkdir(parents=True, exist_ok=True)
        whole = self.staging / target.name
        whole.unlink(missing_ok=True)
        try:
            os.link(source, whole)
        except OSError:
            shutil.copy2(source, whole)
        whole.replace(target)

    def _share(self, source: Path, target: Path) -> None:
        """Leave the jar in the user's Maven cache for the next data home; a read-only cache is no error."""
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                self._place(source, target)


def fits(path: Path, jar: Jar) -> bool:
    """Say whether the file is exactly this jar."""
    try:
        if path.stat().st_size != jar.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


def _these(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _room_for(where: Path, size: int) -> None:
    free = shutil.disk_usage(where).free
    if free < size:
        raise LocalServerError(
            f"The disk of {where} has {free / 1e6:.0f} MB left; the server's jars need {size / 1e6:.0f} MB",
            hint="Free some space, or set MCE_HOME to a folder on another disk.",
        )


def _fetch_failed(jar: Jar, error: Exception) -> LocalServerError:
    kind = str(error) if str(error).startswith("HTTP ") else type(error).__name__
    if isinstance(error, OSError) and error.errno == 28:
        return LocalServerError(
            f"The disk became full while {jar.file} was fetched", hint="Free some space, then start again."
        )
    return LocalServerError(
        f"{jar.file} could not be fetched from Maven Central ({kind})",
        hint="Check the network and the proxy settings, then start again: what was fetched already is kept.",
    )
