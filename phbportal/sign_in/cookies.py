"""The two cookies (security.md §5.3), and two that say only which provider was used."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

SESSION = "__Host-phb"
FLOW = "__Host-phb-flow"
LAST_PROVIDER = "__Host-phb-provider"
LEAVING = "__Host-phb-leaving"
"""For a minute after signing out: at which provider the browser may still be signed in; then, until it is back from
there, the state it was sent with."""


def read_one(headers: Iterable[tuple[bytes, bytes]], name: str) -> str | None:
    """The cookie's value if it was sent exactly once, else None: two are an attack or a fault (T24)."""
    found: list[str] = []
    for key, value in headers:
        if key.lower() != b"cookie":
            continue
        for part in value.decode("latin-1").split(";"):
            cookie, _, content = part.strip().partition("=")
            if cookie == name:
                found.append(content)
    return found[0] if len(found) == 1 and 0 < len(found[0]) <= 200 else None


def put(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    response.set_cookie(name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="lax")


def drop(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
