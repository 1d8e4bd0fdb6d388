"""The front end: built when its sources changed, finished for our security policy, and served with everything else.

``build()`` compiles the pages to static files under ``.web/build/client`` with the Node of the virtual environment;
``serve()`` answers pages, files, API and websocket on one port. Nothing here imports Reflex: compiling is a process of
its own, and the server imports the app.
"""

from __future__ import annotations

import base64
import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NHSUK_VERSION = "10.6.1"
BAKED_IN = ("PHB_BRAND",)
"""Settings whose value is written into the built pages."""

_SOURCES = ("rxconfig.py", "phbportal", "assets", "reflex.lock", "requirements.lock")
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_FOREIGN_URL = re.compile(r"""url\(\s*["']?(?:https?:)?//[^)]*\)|@import[^;]*;""")
_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Built:
    """What the last build left: the digest of its sources, and the inline scripts its pages may run."""

    digest: str
    script_hashes: tuple[str, ...]
    """``'sha256-…'``, quoted as in a Content-Security-Policy."""


def asset_version(name: str) -> str:
    """Eight characters that change with an asset's content, for ``/portal.css?v=…``."""
    return hashlib.sha256((ROOT / "assets" / name).read_bytes()).hexdigest()[:8]


def source_digest(root: Path = ROOT) -> str:
    """A digest of everything the build depends on: code, assets, locks, this Python and the settings baked in."""
    digest = hashlib.sha256(sys.version.encode())
    for name in BAKED_IN:
        digest.update(f"\0{name}={os.environ.get(name, '')}".encode())
    for file in _source_files(root):
        digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def built(root: Path = ROOT) -> Built | None:
    """What the last finished build left, or None if there is none."""
    try:
        kept = json.loads((_build_folder(root) / "frontend.json").read_text())
    except FileNotFoundError:
        return None
    return Built(kept["digest"], tuple(kept["script_hashes"]))


def build(root: Path = ROOT, *, say: Callable[[str], None] = print) -> Built:
    """Build the pages if their sources changed since the last build; a failed build raises ``CalledProcessError``."""
    with _one_at_a_time(root):
        digest = source_digest(root)
        before = built(root)
        if before is not None and before.digest == digest:
            return before
        say("Building the pages (the first time takes about half a minute)…")
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "phbportal.ui.compile"], cwd=root, env=_build_environment(root), check=True)
        # the compiler writes the locks it used, which are sources too
        done = finish(root, source_digest(root))
        say(f"The pages are built ({time.monotonic() - started:.0f} seconds).")
        return done


def finish(root: Path, digest: str) -> Built:
    """Add the NHS styles to a build, note which inline scripts its pages hold, and mark it finished."""
    client = _build_folder(root) / "client"
    package = root / ".web" / "node_modules" / "nhsuk-frontend"
    _write_styles(package / "dist" / "nhsuk", client)
    scripts: set[str] = set()
    for page in client.rglob("*.html"):
        scripts.update(_INLINE_SCRIPT.findall(page.read_text(encoding="utf-8")))
    hashes = sorted(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    done = Built(digest, tuple(hashes))
    (_build_folder(root) / "frontend.json").write_text(json.dumps(asdict(done), indent=1))
    return done


def own_origin_only(css: str) -> str:
    """The NHS styles without anything fetched from elsewhere: no web fonts (they need a licence), Arial instead."""
    css = _FONT_FACE.sub("", css).replace("Frutiger W01,", "").replace('"Frutiger W01",', "")
    css = css.replace("/assets/images/", f"/assets/nhsuk-{NHSUK_VERSION}/")
    return _FOREIGN_URL.sub("none", css)


def cache_control(path: str, query: str = "") -> str:
    """The ``Cache-Control`` of a response that has none: a year for what carries its version, nothing for the rest."""
    if path.startswith("/assets/") or (query.startswith("v=") and path.rsplit(".", 1)[-1] in {"css", "js", "svg"}):
        return _YEAR
    return "no-cache" if path.rsplit("/", 1)[-1].endswith((".css", ".js", ".svg", ".png", ".ico")) else "no-store"


def serving_environment(root: Path = ROOT) -> dict[str, str]:
    """What a process that serves a finished build must have in its environment before it imports the app."""
    return {
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        **_reflex_environment(root),
    }


def serve(host: str = "127.0.0.1", port: int = 8000, *, workers: int = 1, root: Path = ROOT, app: str = "phbportal.phbportal:app") -> None:
    """Serve the finished build until interrupted. Several workers need PHB_REDIS_URL: state is otherwise in memory."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ.update(serving_environment(root))
    os.chdir(root)
    Server(
        app,
        address=host,
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


def _write_styles(nhsuk: Path, client: Path) -> None:
    css = own_origin_only((nhsuk / f"nhsuk-frontend-{NHSUK_VERSION}.min.css").read_text(encoding="utf-8"))
    (client / "nhsuk.css").write_text(css, encoding="utf-8")
    # mtime=0: the same styles make the same file
    (client / "nhsuk.css.gz").write_bytes(gzip.compress(css.encode(), 9, mtime=0))
    icons = client / "assets" / f"nhsuk-{NHSUK_VERSION}"
    icons.mkdir(parents=True, exist_ok=True)
    for name in sorted(set(re.findall(rf"/assets/nhsuk-{re.escape(NHSUK_VERSION)}/([\w.-]+)", css))):
        shutil.copyfile(nhsuk / "assets" / "images" / name, icons / name)


def _source_files(root: Path) -> Iterator[Path]:
    for name in _SOURCES:
        top = root / name
        if top.is_file():
            yield top
            continue
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


def _build_folder(root: Path) -> Path:
    return root / ".web" / "build"


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Two builds of one folder would delete each other's files."""
    folder = root / "var"
    folder.mkdir(exist_ok=True)
    with (folder / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
