"""What a raw request says, read strictly: one value where one belongs, one way to read a path."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.types import Scope

SOCKET = ("/_event", "/_event/")


def token_of(scope: Scope, origin: str) -> tuple[str, int, str]:
    """The one token of a handshake; or the status and reason to refuse it with."""
    if scope["type"] != "websocket":
        return "", 400, "gate.polling"
    if values(scope["headers"], b"origin") != [origin.encode()]:
        return "", 403, "gate.origin"
    asked: dict[str, list[str]] = {}
    query = scope["query_string"].decode("latin-1")
    try:
        for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=20):
            asked.setdefault(name, []).append(value)
    except ValueError:
        return "", 403, "gate.token"
    tokens = asked.get("token", [])
    if len(tokens) != 1 or asked.get("transport") != ["websocket"] or asked.get("EIO") != ["4"]:
        return "", 403, "gate.token"
    return (tokens[0], 0, "") if scope["path"] in SOCKET else ("", 404, "gate.path")


def values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """Every value of a header."""
    return [v for k, v in headers if k.lower() == name]


def is_plain(path: str) -> bool:
    """A path that can only be read in one way: no empty, "." or ".." part, no backslash, no control character."""
    parts = path[1:].split("/")
    return (
        path.startswith("/")
        and path.isprintable()
        and "\\" not in path
        and not any(part in (".", "..") for part in parts)
        and "" not in parts[:-1]
    )
