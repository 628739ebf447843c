"""The project's own Python environment, ``.venv`` in the checkout: made once, mended when it was interrupted."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def ensure(extra: str) -> Path:
    """The interpreter of ``.venv`` with the project and ``extra`` installed; fast when it is there already."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one place where an older Python gets here
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    stamp = VENV / f"installed{extra.replace('[', '-').replace(']', '')}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return PYTHON
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode:
        shutil.rmtree(VENV)
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run("making .venv", [sys.executable, "-m", "venv", str(VENV)], "is the venv module of Python installed?")
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", f".{extra}"]
    run("installing mce_graph and what it needs", install, "is there a network for the first run?")
    stamp.write_text(wanted)
    return PYTHON


def run(what: str, command: list[str], hint: str) -> None:
    """Run a command and say how long it takes; show its output only when it fails."""
    terminal = sys.stderr.isatty()
    print(f"{what} …", end="" if terminal else "\n", file=sys.stderr, flush=True)
    begun = said = time.monotonic()
    log = VENV.parent / f".{Path(command[-1]).name.strip('.')}-{os.getpid()}.log"
    try:
        with log.open("w+b") as output:
            process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
            try:
                while (code := process.poll()) is None:
                    time.sleep(0.2)
                    now = time.monotonic()
                    if now - said > (1 if terminal else 15):
                        said = now
                        text = f"\r{what} … {now - begun:.0f} s" if terminal else f"  {now - begun:.0f} s\n"
                        print(text, end="", file=sys.stderr, flush=True)
            except BaseException:
                process.terminate()
                process.wait()
                raise
            if terminal:
                print(file=sys.stderr)
            if code:
                output.seek(0)
                tail = output.read().decode(errors="replace").strip().splitlines()[-15:]
                print("\n".join(tail), file=sys.stderr)
                sys.exit(f"{what} failed: {hint}")
    finally:
        log.unlink(missing_ok=True)
