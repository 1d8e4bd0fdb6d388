"""The front end: built when its sources changed, finished for our security policy, and served with everything else.

``build()`` compiles the pages to static files under ``.web/build/client`` with the Node of the virtual environment;
``serve()`` answers pages, files, API and websocket on one port. Nothing here imports Reflex: compiling is a process of
its own, and the server imports the app.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from phbportal.built import ROOT, Built, build_folder, built

BAKED_IN = ("PHB_BRAND",)
"""Settings whose value is written into the built pages."""

_SOURCES = ("rxconfig.py", "phbportal", "assets", "requirements.lock")
_LOCKS = ("reflex.lock",)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def source_digest(root: Path = ROOT) -> str:
    """A digest of everything the build depends on: code, assets, locks, this Python and the settings baked in."""
    return _both(_digest(root, _SOURCES), root)


def build(root: Path = ROOT, *, say: Callable[[str], None] = _say) -> Built:
    """Build the pages if their sources changed since the last build.

    The compiler's own words go to ``var/build.log``; a failed build says the last of them and raises
    ``CalledProcessError``.
    """
    with _one_at_a_time(root):
        sources = _digest(root, _SOURCES)
        before = built(root)
        if before is not None and before.digest == _both(sources, root):
            return before
        say("Building the pages (the first time takes about half a minute)…")
        started = time.monotonic()
        with _same_words(root / "reflex.lock" / "package.json"):
            _compile(root, say)
        # the sources as they were, for somebody may have changed one meanwhile; the locks as the compiler left them
        done = finish(root, _both(sources, root))
        say(f"The pages are built ({time.monotonic() - started:.0f} seconds).")
        return done


def finish(root: Path, digest: str) -> Built:
    """Note which inline scripts the built pages hold, and mark the build finished."""
    scripts: set[str] = set()
    for page in (build_folder(root) / "client").rglob("*.html"):
        scripts.update(_INLINE_SCRIPT.findall(page.read_text(encoding="utf-8")))
    hashes = sorted(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    done = Built(digest, tuple(hashes))
    (build_folder(root) / "frontend.json").write_text(json.dumps(asdict(done), indent=1))
    return done


def serving_environment(root: Path = ROOT) -> dict[str, str]:
    """What a process that serves a finished build must have in its environment before it imports the app."""
    return {
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        **_reflex_environment(root),
    }


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    workers: int = 1,
    root: Path = ROOT,
    app: str = "phbportal.phbportal:app",
) -> None:
    """Serve the finished build until interrupted. ``host`` is an address, or "localhost".

    Several workers need PHB_REDIS_URL: state is otherwise in the memory of one of them.
    """
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ.update(serving_environment(root))
    os.chdir(root)
    Server(
        app,
        address="127.0.0.1" if host == "localhost" else host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        websockets=True,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=workers > 1,
        workers_kill_timeout=10,
        working_dir=root,
    ).serve()


def _compile(root: Path, say: Callable[[str], None]) -> None:
    log = root / "var" / "build.log"
    command = [sys.executable, "-m", "phbportal.ui.compile"]
    with log.open("w") as out:
        done = subprocess.run(
            command,
            cwd=root,
            env=_build_environment(root),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        say("\n".join(log.read_text(errors="replace").splitlines()[-40:]))
        done.check_returncode()


@contextmanager
def _same_words(file: Path) -> Iterator[None]:
    """Keep a tracked JSON file as it was written if only its spaces changed: npm and Reflex space it differently."""
    before = file.read_text() if file.exists() else ""
    yield
    if before and file.exists() and json.loads(file.read_text()) == json.loads(before):
        file.write_text(before)


def _digest(root: Path, names: tuple[str, ...]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in BAKED_IN:
        digest.update(f"\0{name}={os.environ.get(name, '')}".encode())
    for file in _files(root, names):
        digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _both(sources: str, root: Path) -> str:
    return hashlib.sha256(f"{sources} {_digest(root, _LOCKS)}".encode()).hexdigest()


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        top = root / name
        if top.is_file():
            yield top
        else:
            yield from sorted(p for p in top.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _build_environment(root: Path) -> dict[str, str]:
    environment = {**os.environ, **_reflex_environment(root)}
    # the path as typed, not resolved: the virtual environment's node and npm stand beside its python
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    environment["REFLEX_USE_NPM"] = "1"
    environment["npm_config_omit_lockfile_registry_resolved"] = "true"
    for name in ("audit", "fund", "update_notifier"):
        environment[f"npm_config_{name}"] = "false"
    environment["npm_config_fetch_retries"] = "3"
    if "NPM_CONFIG_REGISTRY" not in environment:
        # otherwise Reflex tries two registries for speed and takes the faster, whichever npm is set to
        npm = ["npm", "config", "get", "registry"]
        found = subprocess.run(npm, env=environment, capture_output=True, text=True, check=True)
        environment["NPM_CONFIG_REGISTRY"] = found.stdout.strip()
    return environment


def _reflex_environment(root: Path) -> dict[str, str]:
    return {
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(root / "var" / "reflex"),
    }


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Two builds of one folder would delete each other's files."""
    folder = root / "var"
    folder.mkdir(exist_ok=True)
    with (folder / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
