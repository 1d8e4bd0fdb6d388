"""The portal's own key, and everything that is derived from it: idents, CSRF tokens, digests of secrets."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from phbportal.domain.errors import Refusal

ANONYMOUS = "anon"
_IDENT = re.compile(r"(anon|[0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{32})")
_TOKEN = re.compile(r"[A-Za-z0-9._-]{8,128}")
SHORTEST_KEY = 32
"""Characters in the key file: an empty or guessable key would let anybody write idents."""


def load_key(path: Path, *, make: bool) -> bytes:
    """The portal's key from its file; in development it is made, readable by its owner alone. Raises Refusal."""
    if make and not path.exists():
        _make_key(path)
    try:
        if not make and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Refusal("PHB_KEY_FILE can be read by other users. Make it private with: chmod 600.")
        text = path.read_bytes().strip()
    except OSError:
        raise Refusal("PHB_KEY_FILE names a file that cannot be read.") from None
    if len(text) < SHORTEST_KEY:
        raise Refusal("PHB_KEY_FILE holds no key. Make one with: openssl rand -hex 32.")
    return hashlib.sha256(text).digest()


def _make_key(path: Path) -> None:
    """Whole or not at all: of two processes that start at once both then read the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


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


def is_csrf_token(key: bytes, handle: str, sent: str) -> bool:
    """Whether a form carries the session's own token; compared as bytes, for a text beyond ASCII would raise."""
    return hmac.compare_digest(sent.encode(errors="replace"), csrf_token(key, handle).encode())


def ident(key: bytes, handle: str, nonce: str) -> str:
    """What Reflex uses as the client's token: it names the session and cannot be made without the key (T1, T2)."""
    return f"{handle}.{nonce}.{mac(key, 'ident', f'{handle}.{nonce}')}"


def fresh_ident(key: bytes, handle: str) -> str:
    return ident(key, handle, secrets.token_hex(16))


def derive_ident(key: bytes, handle: str, token: str) -> str | None:
    """The ident for a browser's token under a session: its own if it is already one of this session's, else derived.

    None for a token that no browser of ours would send.
    """
    if not _TOKEN.fullmatch(token):
        return None
    if handle_of(key, token) == handle:
        return token
    return ident(key, handle, hashlib.sha256(f"{handle}|{token}".encode()).hexdigest()[:32])


def handle_of(key: bytes, token: str) -> str | None:
    """The session handle an ident names (``anon`` for nobody), or None if its mac is not ours."""
    parts = _IDENT.fullmatch(token)
    if parts is None:
        return None
    expected = mac(key, "ident", f"{parts[1]}.{parts[2]}")
    return parts[1] if hmac.compare_digest(expected, parts[3]) else None
