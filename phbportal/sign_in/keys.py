"""The portal's own key, and everything that is derived from it: idents, CSRF tokens, digests of secrets."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

ANONYMOUS = "anon"
_IDENT = re.compile(r"^(anon|[0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{32})$")
_TOKEN = re.compile(r"^[A-Za-z0-9._-]{8,128}$")


def load_key(path: Path, *, make: bool) -> bytes:
    """The portal's key from its file; in development it is made, readable by its owner alone."""
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return hashlib.sha256(path.read_bytes().strip()).digest()


def digest(secret: str) -> str:
    """SHA-256 in hex: what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def new_handle() -> str:
    """128 random bits in hex: a session's name inside the server."""
    return secrets.token_hex(16)


def mac(key: bytes, purpose: str, text: str) -> str:
    return hmac.new(key, f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()[:32]


def csrf_token(key: bytes, handle: str) -> str:
    """The token a sign-out form carries."""
    return mac(key, "csrf", handle)


def ident(key: bytes, handle: str, nonce: str) -> str:
    """What Reflex uses as the client's token: it names the session and cannot be made without the key (T1, T2)."""
    return f"{handle}.{nonce}.{mac(key, 'ident', f'{handle}.{nonce}')}"


def fresh_ident(key: bytes, handle: str) -> str:
    return ident(key, handle, secrets.token_hex(16))


def derive_ident(key: bytes, handle: str, token: str) -> str | None:
    """The ident for a browser's token under a session: its own if it is already one of this session's, else derived.

    None for a token that no browser of ours would send.
    """
    if not _TOKEN.match(token):
        return None
    if handle_of(key, token) == handle:
        return token
    return ident(key, handle, hashlib.sha256(f"{handle}|{token}".encode()).hexdigest()[:32])


def handle_of(key: bytes, token: str) -> str | None:
    """The session handle an ident names (``anon`` for nobody), or None if its mac is not ours."""
    parts = _IDENT.match(token)
    if parts is None:
        return None
    expected = mac(key, "ident", f"{parts[1]}.{parts[2]}")
    return parts[1] if hmac.compare_digest(expected, parts[3]) else None
