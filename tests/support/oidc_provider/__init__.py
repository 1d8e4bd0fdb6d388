"""The independent provider: npm ``oidc-provider``, put beside the virtual environment once, started by whoever asks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HOW = (
    "The sign-in tests need the npm package oidc-provider {version}, and npm could not install it here. Look at what "
    "npm says above; behind a proxy or a mirror, set npm's own settings for it."
)


def folder() -> Path:
    """Where the package lives: beside the virtual environment's other things, never in the checkout's git."""
    return Path(sys.prefix) / "oidc-provider"


def version() -> str:
    return json.loads((HERE / "package.json").read_text())["dependencies"]["oidc-provider"]


def is_here() -> bool:
    installed = folder() / "node_modules" / "oidc-provider" / "package.json"
    return installed.exists() and json.loads(installed.read_text())["version"] == version()


def find_or_get() -> str:
    """Install the package as its lock says, unless it is here. Raises RuntimeError saying what to do."""
    if not is_here():
        place = folder()
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, place / name)
        command = [_tool("npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        done = subprocess.run(command, cwd=place, env=_environment(), check=False, timeout=300)
        if done.returncode != 0 or not is_here():
            raise RuntimeError(HOW.format(version=version()))
    return f"oidc-provider {version()}"


def _tool(name: str) -> str:
    """The Node of the virtual environment, else the machine's."""
    own = Path(sys.executable).with_name(name)
    return str(own) if own.exists() else name


def _environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "npm_config_omit_lockfile_registry_resolved": "true", "NODE_ENV": "production"}


@contextmanager
def running(providers: list[dict[str, Any]], origin: str) -> Iterator[None]:
    """The providers on their loopback ports, for a portal at ``origin``. Each is a dict of name, port, alg (of its ID
    tokens), claims (everybody's) and client (id and public key as a JWK)."""
    find_or_get()
    server = folder() / "server.mjs"
    shutil.copy(HERE / "server.mjs", server)
    asked = json.dumps({"providers": providers, "origin": origin})
    process = subprocess.Popen(
        [_tool("node"), str(server)], cwd=folder(), env={**_environment(), "PROVIDERS": asked}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        until = time.monotonic() + 60
        while (line := process.stdout.readline()) and line.strip() != "ready":
            assert time.monotonic() < until, "the independent provider did not start"
        assert line, "the independent provider did not start"
        yield
    finally:
        process.kill()
        process.communicate()
