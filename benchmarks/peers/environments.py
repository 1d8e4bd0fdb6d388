"""A virtual environment for each peer, made when it is first wanted, from its own lock and away from the checkout."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PEERS = ("django", "sqladmin", "starlette-admin")
_VERSION = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"


class NotInstalled(Exception):
    """A peer's packages could not be had on this machine; the message says which peer and why."""


def python_of(peer: str) -> Path:
    """The interpreter with this peer's packages, installed the first time. Raises NotInstalled.

    A changed lock makes a new environment: the folder's name carries the lock's digest.
    """
    lock = HERE / f"{peer}.lock"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "phbportal-bench" / f"{peer}-{sys.version_info[0]}.{sys.version_info[1]}-{digest}"
    python, complete = home / "bin" / "python", home / "complete"
    if complete.exists():
        return python
    print(f"  installing {peer} (once)", flush=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(home)],
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:]
            raise NotInstalled(f"{peer} could not be installed: {' '.join(last)}")
    complete.touch()
    return python


def told() -> list[str]:
    """The name and version of every peer that is installed."""
    found: list[str] = []
    for peer in PEERS:
        try:
            python = python_of(peer)
        except NotInstalled:
            continue
        asked = subprocess.run([python, "-c", _VERSION, peer], capture_output=True, text=True, check=True)
        found.append(f"{peer} {asked.stdout.strip()}")
    return found
