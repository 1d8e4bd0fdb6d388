"""What the last build of the pages left, as the server and the sign-in pages need it.

It imports nothing of ours, so every floor may use it; ``frontend.py`` makes what it reads.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NHSUK_VERSION = "10.6.1"
_YEAR = "public, max-age=31536000, immutable"
_VERSIONED = (".css", ".js", ".svg")
_REVALIDATED = (*_VERSIONED, ".png", ".ico")


@dataclass(frozen=True)
class Built:
    """A finished build: the digest of its sources, and the inline scripts its pages may run."""

    digest: str
    script_hashes: tuple[str, ...]
    """``'sha256-…'``, quoted as in a Content-Security-Policy; the same for everybody until the next build."""


def build_folder(root: Path = ROOT) -> Path:
    """Where a build stands; its files for browsers are in ``client`` below."""
    return root / ".web" / "build"


def built(root: Path = ROOT) -> Built | None:
    """The last finished build, or None if there is none."""
    try:
        kept = json.loads((build_folder(root) / "frontend.json").read_text())
    except FileNotFoundError:
        return None
    return Built(kept["digest"], tuple(kept["script_hashes"]))


@cache
def asset_version(name: str) -> str:
    """Eight characters that change with the content of a file in ``assets/``."""
    return hashlib.sha256((ROOT / "assets" / name).read_bytes()).hexdigest()[:8]


def stylesheets() -> tuple[str, str]:
    """The addresses of the NHS styles and of ours, with their versions; for every page, drawn by Reflex or not."""
    return f"/nhsuk.css?v={NHSUK_VERSION}", f"/portal.css?v={asset_version('portal.css')}"


def cache_control(path: str, query: str = "", status: int = 200) -> str:
    """The ``Cache-Control`` of a response: a year for what carries its version; pages are never kept.

    ``query`` is the query string without its question mark.
    """
    if status >= 400:
        return "no-store"
    if path.startswith("/assets/") or (query.startswith("v=") and path.endswith(_VERSIONED)):
        return _YEAR
    return "no-cache" if path.endswith(_REVALIDATED) else "no-store"


def straight_to_pages(app: Any, root: Path = ROOT) -> Any:
    """An ASGI layer that answers ``/holders`` with its built page, where Reflex would redirect to ``/holders/``."""
    client = build_folder(root) / "client"
    pages = {"/" + page.parent.relative_to(client).as_posix() for page in client.rglob("index.html")} - {"/."}

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] in pages:
            scope = {**scope, "path": scope["path"] + "/", "raw_path": scope["path"].encode() + b"/"}
        await app(scope, receive, send)

    return answer
