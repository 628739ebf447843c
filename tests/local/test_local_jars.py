"""The server's files: only the committed ones, whole, from any repository, fetched once.

The repository of these tests is a small web server that hands out the user's own Maven cache, slowly or wrongly.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mce_graph.errors import ConfigurationError, JarMismatchError, LocalServerError
from mce_graph.local import jars, process
from mce_graph.local.server import LocalServer

VERSION = "5.26.20"
CHECKOUT = Path(__file__).resolve().parents[2]

FETCH = """
import sys
from pathlib import Path
from mce_graph.local import jars
jars.fetch(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data home whose jars are all there, from the user's cache or the network."""
    home = tmp_path_factory.mktemp("complete")
    jars.fetch(home, VERSION)
    return home


@pytest.fixture
def home(complete: Path, tmp_path: Path) -> Path:
    """A home of its own with the same jars, by hard link: change a jar only by replacing it."""
    shutil.copytree(complete / "jars", tmp_path / "jars", copy_function=os.link)
    return tmp_path


@pytest.fixture
def repository(complete: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Repository]]:
    """A Maven repository of our own in place of the configured ones, next to an empty Maven cache."""
    Repository.files = jars.folder(complete, VERSION)
    Repository.answer = staticmethod(lambda content: content)
    Repository.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Repository) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        settings = tmp_path / "jgo.conf"
        settings.write_text(f"[repositories]\nhere = http://127.0.0.1:{http.server_port}\n", encoding="utf-8")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
        monkeypatch.setenv("M2_REPO", str(tmp_path / "maven"))
        yield Repository
        http.shutdown()


class Repository(BaseHTTPRequestHandler):
    files: Path
    answer: Callable[[bytes], bytes]
    asked: list[str]

    def do_GET(self) -> None:
        name = Path(self.path).name
        file = self.files / name
        if not file.exists():
            self.send_error(404)
            return
        self.asked.append(name)
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(type(self).answer(content))

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("asked", "version"),
    [("2026", "2026.09.0"), ("2026.x", "2026.09.0"), ("5.26", "5.26.20"), ("5.26.20", "5.26.20")],
)
def test_a_short_name_stands_for_the_pinned_version(asked: str, version: str) -> None:
    assert jars.exact_version(asked) == version


def test_another_version_is_refused_with_the_choices() -> None:
    with pytest.raises(ConfigurationError) as refused:
        jars.exact_version("4.4")
    assert "2026.09.0" in refused.value.hint
    assert "5.26.20" in refused.value.hint


@pytest.mark.parametrize("version", jars.SUPPORTED)
def test_a_lock_names_every_jar_and_no_place(version: str) -> None:
    text = (CHECKOUT / "mce_graph" / "local" / "locks" / f"neo4j-{version}.json").read_text(encoding="utf-8")
    lock = json.loads(text)
    assert "://" not in text
    assert set(lock) == {"generated", "version", "roots", "jars"}
    names = [jar.file for jar in jars.locked(version)]
    assert len(names) == len(set(names)) > 200
    assert f"neo4j-server-{version}.jar" in names


def test_the_committed_jars_pass(home: Path) -> None:
    jars.verify(home, VERSION)


def test_a_changed_jar_is_refused_by_name(home: Path) -> None:
    jar = jars.folder(home, VERSION) / f"neo4j-kernel-{VERSION}.jar"
    content = bytearray(jar.read_bytes())
    content[len(content) // 2] ^= 1
    jar.unlink()
    jar.write_bytes(content)
    with pytest.raises(JarMismatchError, match=jar.name) as refused:
        LocalServer(home, VERSION).start()
    assert "Delete" in refused.value.hint
    assert not process.java_with(f"--home-dir={home / 'neo4j-5'}")

    jar.unlink()  # what the hint says
    jars.fetch(home, VERSION)
    jars.verify(home, VERSION)


def test_an_extra_jar_is_refused_by_name(home: Path) -> None:
    (jars.folder(home, VERSION) / "a-visitor.jar").write_bytes(b"PK")
    with pytest.raises(JarMismatchError, match=r"a-visitor\.jar"):
        LocalServer(home, VERSION).start()


def test_a_missing_jar_is_refused(home: Path) -> None:
    (jars.folder(home, VERSION) / f"neo4j-io-{VERSION}.jar").unlink()
    with pytest.raises(JarMismatchError, match=r"neo4j-io-.* is missing"):
        jars.verify(home, VERSION)


def test_complete_jars_need_no_network(home: Path, repository: type[Repository]) -> None:
    jars.fetch(home, VERSION)
    jars.verify(home, VERSION)
    assert repository.asked == []


def test_a_damaged_cache_is_not_believed(home: Path, repository: type[Repository]) -> None:
    jar = jars.folder(home, VERSION) / f"neo4j-io-{VERSION}.jar"
    cached = home / "maven" / "org" / "neo4j" / "neo4j-io" / VERSION / jar.name
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"torn")
    jar.unlink()
    jars.fetch(home, VERSION)
    jars.verify(home, VERSION)
    assert repository.asked == [jar.name]


def test_a_repository_that_changes_a_jar_is_refused(home: Path, repository: type[Repository]) -> None:
    jar = jars.folder(home, VERSION) / f"neo4j-io-{VERSION}.jar"
    jar.unlink()
    repository.answer = staticmethod(lambda content: content[:-1] + b"!")
    with pytest.raises(JarMismatchError, match=jar.name):
        jars.fetch(home, VERSION)
    assert not jar.exists()
    assert not list((home / "maven").rglob("*.jar"))


def test_a_cut_connection_is_tried_again(home: Path, repository: type[Repository]) -> None:
    (jars.folder(home, VERSION) / f"neo4j-io-{VERSION}.jar").unlink()
    repository.answer = staticmethod(lambda content: content[:1000] if len(repository.asked) == 1 else content)
    jars.fetch(home, VERSION)
    jars.verify(home, VERSION)
    assert len(repository.asked) == 2


def test_without_a_network_the_error_says_what_to_do(
    home: Path, repository: type[Repository], monkeypatch: pytest.MonkeyPatch
) -> None:
    (jars.folder(home, VERSION) / f"neo4j-io-{VERSION}.jar").unlink()
    monkeypatch.setattr(jars, "ATTEMPTS", 1)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    with pytest.raises(LocalServerError, match="could not be fetched") as failed:
        jars.fetch(home, VERSION)
    assert "network" in failed.value.hint
    assert repository.asked == []


def test_a_killed_fetch_goes_on_where_it_was(tmp_path: Path, repository: type[Repository]) -> None:
    def slowly(content: bytes) -> bytes:
        time.sleep(0.05)
        return content

    repository.answer = staticmethod(slowly)
    where = jars.folder(tmp_path, VERSION)
    fetching = subprocess.Popen([sys.executable, "-c", FETCH, str(tmp_path), VERSION], cwd=CHECKOUT)
    assert process.until(lambda: where.exists() and len(list(where.iterdir())) >= 20, 20)
    fetching.send_signal(signal.SIGKILL)
    fetching.wait()

    have = {file.name for file in where.iterdir()}
    by_name = {jar.file: jar for jar in jars.locked(VERSION)}
    assert 20 <= len(have) < len(by_name)
    assert all(jars.fits(where / name, by_name[name]) for name in have)

    repository.asked.clear()
    repository.answer = staticmethod(lambda content: content)
    jars.fetch(tmp_path, VERSION)
    jars.verify(tmp_path, VERSION)
    assert not have & set(repository.asked)
    assert [entry.name for entry in (tmp_path / "jars").iterdir()] == [VERSION]


def test_ctrl_c_stops_a_fetch_at_once_and_leaves_whole_jars(tmp_path: Path, repository: type[Repository]) -> None:
    def interrupt(_what: str, done: float | None) -> None:
        if done and done > 0.1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jars.fetch(tmp_path, VERSION, interrupt)
    by_name = {jar.file: jar for jar in jars.locked(VERSION)}
    assert all(jars.fits(file, by_name[file.name]) for file in jars.folder(tmp_path, VERSION).iterdir())


def test_progress_is_told_from_nothing_to_all(tmp_path: Path, complete: Path) -> None:
    told: list[float | None] = []
    jars.fetch(tmp_path, VERSION, lambda _what, done: told.append(done))
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told, key=lambda done: done or 0.0)
