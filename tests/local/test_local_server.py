"""The life of the managed server: real servers of both versions, killed, doubled, starved of their port."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import AuthError

from mce_graph.errors import ConfigurationError, LocalServerError
from mce_graph.local import process, profile
from mce_graph.local.server import Endpoint, LocalServer
from mce_graph.local.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and file modes are POSIX here")

CHECKOUT = Path(__file__).resolve().parents[2]
ENSURE = """
import sys
from pathlib import Path
from mce_graph.local.server import LocalServer
server = LocalServer(Path(sys.argv[1]), sys.argv[2], quick=True)
endpoint = server.ensure()
print(endpoint.uri, server.status().pid)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data home with a store of each version; whatever was started in it is ended."""
    home = tmp_path_factory.mktemp("home")
    yield home
    for version in ("2026", "5.26"):
        LocalServer(home, version).stop()


@pytest.fixture(scope="module", params=["2026", "5.26"])
def each(request: pytest.FixtureRequest, home: Path) -> Iterator[LocalServer]:
    """A running server of each version, on its first boot."""
    server = LocalServer(home, str(request.param), quick=True)
    os.environ["JAVA_TOOL_OPTIONS"] = "-Dunwanted=true"
    try:
        server.ensure()
    finally:
        del os.environ["JAVA_TOOL_OPTIONS"]
    yield server
    server.stop()


@pytest.fixture
def server(home: Path) -> LocalServer:
    return LocalServer(home, "2026", quick=True)


def run(endpoint: Endpoint, query: str, **parameters: object) -> list[dict[str, object]]:
    auth = (endpoint.username, endpoint.password)
    with neo4j.GraphDatabase.driver(endpoint.uri, auth=auth) as driver, driver.session() as session:
        return session.run(neo4j.Query(query), parameters).data()


def pid_of(server: LocalServer) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


# -- each version ------------------------------------------------------------------------------------------------------


def test_the_first_password_works_and_its_trace_is_gone(each: LocalServer) -> None:
    assert run(each.ensure(), "RETURN 1 AS one") == [{"one": 1}]
    assert not (each.store / "data" / "dbms" / "auth.ini").exists()
    wrong = Endpoint(each.ensure().uri, "neo4j", "neo4j", "neo4j")
    with pytest.raises(AuthError):
        run(wrong, "RETURN 1")


def test_the_password_is_in_one_file_of_its_owner(each: LocalServer) -> None:
    password, pid = each.ensure().password, pid_of(each)
    assert len(password) >= 32
    assert password not in repr(each.ensure())
    holding = [file for file in each.home.rglob("*") if holds(file, password)]
    assert holding == [each.store / "password"]
    if process.LINUX:
        for source in ("cmdline", "environ"):
            assert password.encode() not in Path(f"/proc/{pid}/{source}").read_bytes()


def holds(file: Path, text: str) -> bool:
    return file.is_file() and file.suffix != ".jar" and text.encode() in file.read_bytes()


def test_nothing_of_the_store_is_open_to_others(each: LocalServer) -> None:
    open_to_others = [
        file
        for file in (each.store, *each.store.rglob("*"))
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


def test_the_profile_is_in_force(each: LocalServer) -> None:
    settings = {
        row["name"]: row["value"] for row in run(each.ensure(), "SHOW SETTINGS YIELD name, value RETURN name, value")
    }
    expected = {
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.default_listen_address": "127.0.0.1",
        "dbms.security.auth_enabled": "true",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "dbms.usage_report.enabled": "false",
        "db.transaction.timeout": "1m",
        "db.lock.acquisition.timeout": "30s",
        "db.memory.transaction.max": "128.00MiB",
        "dbms.memory.transaction.total.max": "300.00MiB",
        "db.tx_log.rotation.retention_policy": "keep_none",
        "db.tx_log.rotation.size": "32.00MiB",
        "server.memory.heap.max_size": "512.00MiB",
    }
    if each.version.startswith("2026"):
        expected |= {"server.fleet_discovery.enabled": "false", "dbms.fleet_manager.enabled": "false"}
    assert {name: settings.get(name) for name in expected} == expected
    assert settings["server.directories.import"] == str(each.store / "import")


def test_a_url_is_not_fetched_by_a_question(each: LocalServer) -> None:
    with pytest.raises(neo4j.exceptions.Neo4jError, match=r"(?i)block|not allowed|cannot load"):
        run(each.ensure(), "LOAD CSV FROM 'http://127.0.0.1:9/x.csv' AS row RETURN row")


def test_it_waits_on_one_loopback_port_only(each: LocalServer) -> None:
    port = int(each.ensure().uri.rpartition(":")[2])
    assert [(one.protocol, one.port, one.loopback) for one in process.listeners(pid_of(each))] == [("tcp", port, True)]


@pytest.mark.skipif(not process.LINUX, reason="reads /proc")
def test_the_process_has_nothing_of_ours(each: LocalServer) -> None:
    about = Path(f"/proc/{pid_of(each)}")
    variables = {pair.partition(b"=")[0].decode() for pair in (about / "environ").read_bytes().split(b"\0") if pair}
    assert variables <= {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ"}
    opened = {str(link.readlink()) for link in (about / "fd").iterdir() if link.exists()}
    assert not [name for name in opened if name.endswith(".lock")]
    assert str((about / "fd" / "0").readlink()) == os.devnull
    assert os.getsid(pid_of(each)) == pid_of(each)


def test_a_running_server_is_found_without_looking_at_its_files(
    each: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a running server needs no jars, no lock and no sign-in")

    there = each.ensure()
    for name in ("_check_jars", "_bring_up", "_launch", "_alone"):
        monkeypatch.setattr(LocalServer, name, never)
    assert each.ensure() == there


def test_neo4j_admin_wants_a_stopped_server(each: LocalServer) -> None:
    with pytest.raises(LocalServerError, match="stopped"):
        each.admin("database", "info", "neo4j")
    assert each.stop()
    assert "Store format version" in each.admin("database", "info", "neo4j")
    with pytest.raises(LocalServerError, match="database nonsense") as failed:
        each.admin("database", "nonsense")
    assert "admin.log" in failed.value.hint
    assert not each.status().running
    assert each.status().message == "it is stopped"
    assert not each.stop()


# -- trouble -----------------------------------------------------------------------------------------------------------


def test_five_at_once_start_one_server_whatever_a_stale_file_says(server: LocalServer) -> None:
    """The record names a living process of someone else, as after a reboot: it is neither used nor ended."""
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        record = {"pid": stranger.pid, "birth": "another", "port": 1, "version": server.version, "ready": True}
        (server.store / "server.json").write_text(json.dumps(record | {"started_at": "2026-01-01T00:00:00+00:00"}))
        five = [
            subprocess.Popen(
                [sys.executable, "-c", ENSURE, str(server.home), "2026"],
                cwd=CHECKOUT,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(5)
        ]
        said = {one.communicate(timeout=60)[0].strip() for one in five}
        assert len(said) == 1
        assert said == {f"{server.ensure().uri} {pid_of(server)}"}
        assert process.java_with(f"--home-dir={server.store}") == [pid_of(server)]
        assert stranger.poll() is None
        stranger.kill()


def test_a_killed_server_starts_again_with_its_data_beside_a_taken_port(server: LocalServer) -> None:
    """Whoever sits on the old port is never spoken to, so never sees the password."""
    before = server.ensure()
    run(before, "MERGE (:Kept {uid: 'C-1'})")
    os.kill(pid_of(server), signal.SIGKILL)
    assert process.until(lambda: server.status().pid is None, 10)
    with socket.create_server(("127.0.0.1", int(before.uri.rpartition(":")[2]))) as fake:
        called: list[bytes] = []
        threading.Thread(target=listen, args=(fake, called), daemon=True).start()
        after = server.ensure()
        assert after.uri != before.uri
        assert after.password == before.password
        assert run(after, "MATCH (k:Kept) RETURN k.uid AS uid") == [{"uid": "C-1"}]
        assert called == []


def listen(fake: socket.socket, called: list[bytes]) -> None:
    while True:
        try:
            connection, _ = fake.accept()
        except OSError:
            return
        with connection:
            called.append(connection.recv(100))


def test_a_killed_starter_leaves_a_server_that_the_next_one_takes_over(server: LocalServer) -> None:
    server.stop()
    starter = subprocess.Popen([sys.executable, "-c", ENSURE, str(server.home), "2026"], cwd=CHECKOUT)
    mark = f"--home-dir={server.store}"
    assert process.until(lambda: bool(process.java_with(mark)), 20, pause=0.005)
    starter.kill()
    starter.wait()
    half_started = process.java_with(mark)
    assert run(server.ensure(), "RETURN 1 AS one") == [{"one": 1}]
    assert [pid_of(server)] == half_started == process.java_with(mark)


@pytest.mark.parametrize("written", ["", '{"pid": 1', '{"pid": "x"}', "[]", '{"pid":1,"birth":2}'])
def test_a_half_written_record_loses_nothing(server: LocalServer, written: str) -> None:
    uri, pid = server.ensure().uri, pid_of(server)
    (server.store / "server.json").write_text(written)
    assert server.status().running
    assert (server.ensure().uri, pid_of(server)) == (uri, pid)


def test_only_its_own_listener_counts(server: LocalServer) -> None:
    """Another living process of ours on another port is not the server, though both are genuine."""
    server.ensure()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert process.listens(os.getpid(), port)
        assert not process.listens(pid_of(server), port)


def test_status_says_why_it_is_not_running(server: LocalServer, tmp_path: Path) -> None:
    server.ensure()
    running = server.status()
    assert (running.running, running.message, running.version) == (True, "", "2026.09.0")
    assert running.home == str(server.home)
    never = LocalServer(tmp_path / "new").status()
    assert astuple(never) == (False, "2026.09.0", None, str(tmp_path / "new"), None, None, "it was never started here")
    assert not (tmp_path / "new").exists()


def test_logs_are_the_last_lines(server: LocalServer) -> None:
    server.ensure()
    assert len(server.logs(2)) == 2
    assert server.logs(0) == []
    assert any(line.endswith("Started.") for line in server.logs(20))


def test_a_lost_password_is_said_with_what_to_do(server: LocalServer) -> None:
    server.ensure()
    password = server.store / "password"
    kept = password.read_text()
    password.unlink()
    try:
        with pytest.raises(ConfigurationError, match="password") as lost:
            server.ensure()
        assert "mce db reset" in lost.value.hint
    finally:
        password.write_text(kept)
        password.chmod(0o600)


def test_a_server_that_cannot_start_says_why(server: LocalServer, tmp_path: Path) -> None:
    """A store that another server holds: here the very same folder under another name."""
    server.ensure()
    twin = tmp_path / "twin"
    twin.mkdir()
    (twin / "jars").symlink_to(server.home / "jars")
    (twin / server.store.name).mkdir()
    (twin / server.store.name / "data").symlink_to(server.store / "data")
    (twin / server.store.name / "password").write_text(server.ensure().password)
    other = LocalServer(twin, "2026", quick=True)
    with pytest.raises(LocalServerError, match=r"(?i)lock") as failed:
        other.start()
    assert "mce db logs" in failed.value.hint
    assert server.ensure().password not in failed.value.message
    assert not process.java_with(f"--home-dir={other.store}")
    assert server.status().running


def test_a_heap_that_java_cannot_use_is_refused(home: Path) -> None:
    for heap in (255, 32 * 1024):
        with pytest.raises(ConfigurationError, match=re.escape("256..31744")):
            LocalServer(home, heap=heap)


@pytest.mark.parametrize(
    ("stored", "machine", "heap", "page_cache"),
    [
        (0, 24_576, 512, 256),
        (100, 24_576, 512, 256),
        (1_000, 24_576, 512, 1_000),
        (20_000, 24_576, 5_000, 8_192),
        (300_000, 24_576, 6_144, 8_192),
        (300_000, 262_144, 31_744, 87_381),
        (20_000, 2_048, 512, 682),
        (20_000, 0, 512, 256),
    ],
)
def test_the_memory_fits_what_the_store_holds(stored: int, machine: int, heap: int, page_cache: int) -> None:
    assert profile.fitting(stored, machine) == (heap, page_cache)


def test_a_server_is_set_up_for_what_it_stores(tmp_path: Path) -> None:
    store = Store(tmp_path / "neo4j-2026", "2026.09.0", None)
    kept = store.path / "data" / "databases" / "neo4j"
    assert store.lay_out(7687) == (512, 256)
    kept.mkdir(parents=True)
    with (kept / "neostore").open("wb") as file:
        file.truncate(400 * 2**20)  # a hole: it takes no room
    cache = min(400, max(256, profile.machine_memory() // 3))
    assert store.lay_out(7687) == (512, cache)
    assert f"server.memory.pagecache.size={cache}m" in (store.path / "conf" / "neo4j.conf").read_text()


def test_a_full_disk_is_told_from_another_failure_of_neo4j_admin(tmp_path: Path) -> None:
    store = Store(tmp_path, "2026.09.0", None)
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "admin.log"
    log.write_text("Error in input data: 'Ada'\n")
    other = store.why_admin_failed(("database", "import", "full"), 70)
    assert "neo4j-admin database import failed (code 70)" in other.message
    assert "Ada" not in f"{other.message} {other.hint}"
    log.write_text("java.io.IOException: No space left on device\n")
    assert "is full" in store.why_admin_failed(("database", "import", "full"), 70).message


def test_this_machine_tells_its_memory() -> None:
    assert 512 < profile.machine_memory() < 2**30


def test_a_damaged_store_is_said_and_reset_mends_it_with_the_jars_and_the_other_store_kept(server: LocalServer) -> None:
    """Bolt answers and the database is down: that is not ready."""
    server.stop()
    (server.store / "data" / "databases" / "neo4j" / "neostore").write_bytes(b"damaged" * 1000)
    with pytest.raises(LocalServerError, match="the database cannot be used") as failed:
        server.ensure()
    assert "mce db logs" in failed.value.hint
    pid, status = pid_of(server), server.status()
    assert not status.running
    assert status.message.startswith("the database cannot be used: offline")

    other = LocalServer(server.home, "5.26").store
    other.mkdir(exist_ok=True)
    server.reset()
    assert process.born(pid) is None
    assert not server.store.exists()
    assert other.exists()
    assert any((server.home / "jars" / server.version).iterdir())
    assert server.status().message == "it was never started here"
