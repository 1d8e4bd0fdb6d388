"""Keys: ours for signing client assertions, a provider's for checking its tokens."""

from __future__ import annotations

import stat
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

SigningKey = RSAKey | ECKey

# Asymmetric only: a provider that may sign with a shared secret can be impersonated by whoever reads ours.
ALGORITHMS = tuple(f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512))

_KEY_TYPES: dict[str, type[RSAKey | ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_PUBLIC_MEMBERS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
_RSA_BITS = range(2048, 8193)  # below is too weak (NIST SP 800-131A); above only slows the portal down


class UnusableKey(Exception):
    """A key file that cannot be used; the message is the end of a sentence that begins with the setting's name."""


def read_private_file(path: Path) -> bytes:
    """The bytes of a secret file that only its owner may read. Raises UnusableKey."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UnusableKey("can be read by other users. Make it private with: chmod 600")
        return path.read_bytes()
    except OSError:
        raise UnusableKey("names a file that does not exist or cannot be read") from None


def read_signing_key(path: Path, algorithm: str) -> SigningKey:
    """The private key in a PEM file of mode 0600, fit for ``algorithm``. Raises UnusableKey."""
    pem = read_private_file(path)
    kind = ECKey if algorithm.startswith("ES") else RSAKey
    wanted = f"a private {kind.key_type} key in PEM for {algorithm}"
    try:
        if b"PRIVATE KEY" not in pem:
            raise UnusableKey(f"does not hold {wanted}")
        key = kind.import_key(pem)
        JWSRegistry.algorithms[algorithm].check_key(key)
    except (JoseError, ValueError, TypeError, AttributeError):
        raise UnusableKey(f"does not hold {wanted}, without a password") from None
    if isinstance(key, RSAKey) and key.raw_value.key_size not in _RSA_BITS:
        raise UnusableKey("holds an RSA key of the wrong size. Use 2048 to 8192 bits")
    return key


def public_keys(document: object) -> tuple[SigningKey, ...]:
    """The signature keys of a JWKS document we can use; anything else in it is passed over (RFC 7517 section 5)."""
    entries = document.get("keys") if isinstance(document, dict) else None
    found = [_public_key(entry) for entry in entries] if isinstance(entries, list) else []
    return tuple(key for key in found if key is not None)


def _public_key(entry: object) -> SigningKey | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or entry.get("kty") not in ("RSA", "EC"):
        return None
    if (
        entry["kty"] == "RSA" and not 340 < len(str(entry.get("n", ""))) < 1400
    ):  # before joserfc warns of a short modulus
        return None
    # A provider that publishes its private half by mistake must not end up with us holding it.
    public = {name: entry[name] for name in _PUBLIC_MEMBERS if name in entry}
    try:
        key = _KEY_TYPES[public["kty"]].import_key(public)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, ECKey) or key.raw_value.key_size in _RSA_BITS else None
