"""One account and its password, kept as a hash: the sign-in of the peers that leave the accounts to their user."""

from __future__ import annotations

import hashlib
import hmac
import os

NAME = "bench"
_SALT = os.urandom(16)
_KEPT = hashlib.scrypt(os.environ["BENCH_PASSWORD"].encode(), salt=_SALT, n=2**14, r=8, p=1)


def opens(name: str, password: str) -> bool:
    """Whether these are the account's name and password."""
    given = hashlib.scrypt(password.encode(), salt=_SALT, n=2**14, r=8, p=1)
    return hmac.compare_digest(name, NAME) and hmac.compare_digest(given, _KEPT)
