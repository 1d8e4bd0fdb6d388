"""Ways the development provider can go wrong on purpose, so that the portal's refusals are tried against a live one.

Switched on from Python only (``Control.fail``); nothing here can be reached over HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

Claims = dict[str, Any]

CLAIM_FAULTS: dict[str, Callable[[Claims], object]] = {
    "iss": lambda c: c.update(iss="https://somebody-else.example"),
    "iss_slash": lambda c: c.update(iss=c["iss"] + "/"),
    "iss_missing": lambda c: c.pop("iss"),
    "aud": lambda c: c.update(aud="somebody-else"),
    "aud_azp": lambda c: c.update(aud="somebody-else", azp=c["aud"]),
    "aud_list": lambda c: c.update(aud=[c["aud"], "somebody-else"], azp=c["aud"]),
    "azp": lambda c: c.update(azp="somebody-else"),
    "expired": lambda c: c.update(iat=c["iat"] - 331, exp=c["iat"] - 31),
    "exp_missing": lambda c: c.pop("exp"),
    "exp_text": lambda c: c.update(exp=str(c["exp"])),
    "iat_ahead": lambda c: c.update(iat=c["iat"] + 3600, exp=c["exp"] + 3600),
    "iat_old": lambda c: c.update(iat=c["iat"] - 86_400),
    "nbf": lambda c: c.update(nbf=c["iat"] + 31),
    "nonce": lambda c: c.update(nonce="of-another-flow"),
    "nonce_missing": lambda c: c.pop("nonce"),
    "at_hash": lambda c: c.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "sub_missing": lambda c: c.pop("sub"),
    "sub_empty": lambda c: c.update(sub=""),
    "sub_number": lambda c: c.update(sub=12345),
    "sub_long": lambda c: c.update(sub="x" * 256),
    "big": lambda c: c.update(padding="x" * 16_384),
}
HEADER_FAULTS: dict[str, Callable[[Claims], object]] = {
    "typ": lambda h: h.update(typ="logout+jwt"),
    "typ_access": lambda h: h.update(typ="at+jwt"),
    "jku": lambda h: h.update(jku="https://somebody-else.example/jwks"),
    "x5u": lambda h: h.update(x5u="https://somebody-else.example/chain"),
    "jwk": lambda h: h.update(jwk={"kty": "oct", "k": "AAAA"}),
    "crit": lambda h: h.update(crit=["understand-me"]),
    "kid_unknown": lambda h: h.update(kid="nobody-has-this"),
    "kid_missing": lambda h: h.pop("kid"),
}
SIGNATURE_FAULTS = frozenset({"other_key", "none", "hs256"})
ENDPOINT_FAULTS = frozenset(
    {
        "slow",
        "discovery_down",
        "discovery_issuer",
        "discovery_none",
        "jwks_down",
        "jwks_unknown_kty",
        "token_down",
        "no_id_token",
        "access_token_as_id_token",
        "userinfo_down",
        "userinfo_401",
        "userinfo_sub",
        "redirect_iss",
        "redirect_iss_missing",
    }
)
FAULTS = frozenset(CLAIM_FAULTS) | frozenset(HEADER_FAULTS) | SIGNATURE_FAULTS | ENDPOINT_FAULTS


class Control:
    """A test's hand on the provider: faults that are on, how often each endpoint was asked, and the key."""

    def __init__(self, new_key: Callable[[], RSAKey]) -> None:
        self._new_key = new_key
        self.keys = [new_key()]
        self.faults: frozenset[str] = frozenset()
        self.requests: Counter[str] = Counter()
        self.slow_seconds = 0.5

    @property
    def key(self) -> RSAKey:
        """The key tokens are signed with now."""
        return self.keys[-1]

    def fail(self, *names: str) -> None:
        """Go wrong in exactly these ways from now on; with none, behave. Raises ValueError for a way nobody wrote."""
        if unknown := set(names) - FAULTS:
            raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}")
        self.faults = frozenset(names)

    def rotate_key(self) -> None:
        """Sign with a new key under a new kid; the one before stays published for tokens on their way."""
        self.keys = [self.key, self._new_key()]


def signed(claims: Claims, *, key: RSAKey, faults: frozenset[str], new_key: Callable[[], RSAKey]) -> str:
    """An ID token, RS256, spoiled in the ways that are on."""
    header: Claims = {"alg": "RS256", "kid": key.kid, "typ": "JWT"}
    for name in faults:
        CLAIM_FAULTS.get(name, _leave)(claims)
        HEADER_FAULTS.get(name, _leave)(header)
    if "none" in faults:
        return _assemble({**header, "alg": "none"}, claims, lambda _: b"")
    if "hs256" in faults:  # the old confusion: the public key's text as a shared secret
        secret = key.as_pem(private=False)
        return _assemble({**header, "alg": "HS256"}, claims, lambda text: hmac.digest(secret, text, "sha256"))
    signing_key = new_key() if "other_key" in faults else key
    algorithm = JWSRegistry.algorithms["RS256"]
    if header.keys() & HEADER_FAULTS.keys():  # joserfc will not sign what we want refused
        return _assemble(header, claims, lambda text: algorithm.sign(text, signing_key))
    return jwt.encode(header, claims, signing_key, algorithms=["RS256"])


def half_hash(text: str) -> str:
    """The ``at_hash`` of an access token for RS256 (OIDC Core 3.1.3.6)."""
    return _base64(hashlib.sha256(text.encode()).digest()[:16])


def _leave(_: Claims) -> None:
    return None


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _assemble(header: Claims, claims: Claims, sign: Callable[[bytes], bytes]) -> str:
    text = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{_base64(sign(text.encode()))}"
