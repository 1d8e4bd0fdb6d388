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
    "vot_p5": lambda c: c.update(vot="P5.Cp.Cd"),
    "vot_p0": lambda c: c.update(vot="P0.Cp"),
    "vot_one_factor": lambda c: c.update(vot="P9.Cp"),
    "vot_missing": lambda c: c.pop("vot"),
    "acr_low": lambda c: c.update(acr="AAL1_USERPASS"),
    "aal_missing": lambda c: c.pop("authentication_assurance_level"),
    "aal_word": lambda c: c.update(authentication_assurance_level="abc"),
    "aal_low": lambda c: c.update(authentication_assurance_level="1"),
    "ial_missing": lambda c: c.pop("id_assurance_level"),
    "ial_low": lambda c: c.update(id_assurance_level="2"),
    "selected_other": lambda c: c.update(selected_roleid="9-9"),
    "selected_missing": lambda c: c.pop("selected_roleid"),
    "context_missing": lambda c: c.pop("acrs"),
    "context_other": lambda c: c.update(acrs=["c2", ["c1"], None]),
    "context_text": lambda c: c.update(acrs="c1"),
    "tenant": lambda c: c.update(tid="00000000-0000-4000-8000-000000000000"),
    "object": lambda c: c.update(oid="somebody-else"),
    "guest": lambda c: c.update(acct=1),
    "account_type_missing": lambda c: c.pop("acct"),
    "app_roles_missing": lambda c: c.pop("roles"),
    "app_roles_other": lambda c: c.update(roles=["Another.App"]),
    "big": lambda c: c.update(padding="x" * 16_384),
}
USERINFO_FAULTS: dict[str, Callable[[Claims], object]] = {
    "no_roles": lambda c: c.update(nhsid_nrbac_roles=[]),
    "roles_missing": lambda c: c.pop("nhsid_nrbac_roles"),
    "roles_odd": lambda c: c.update(nhsid_nrbac_roles=[{"person_roleid": "1-1"}, "x", {"org_code": ["QT1"]}]),
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
FAULTS = frozenset({*CLAIM_FAULTS, *USERINFO_FAULTS, *HEADER_FAULTS}) | SIGNATURE_FAULTS | ENDPOINT_FAULTS


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


def signed(
    claims: Claims, header: Claims, *, key: RSAKey, faults: frozenset[str], new_key: Callable[[], RSAKey]
) -> str:
    """An ID token, spoiled in the ways that are on."""
    for name in faults:
        CLAIM_FAULTS.get(name, _leave)(claims)
        HEADER_FAULTS.get(name, _leave)(header)
    if "none" in faults:
        return _assemble({**header, "alg": "none"}, claims, lambda _: b"")
    if "hs256" in faults:  # the old confusion: the public key's text as a shared secret
        secret = key.as_pem(private=False)
        return _assemble({**header, "alg": "HS256"}, claims, lambda text: hmac.digest(secret, text, "sha256"))
    signing_key = new_key() if "other_key" in faults else key
    # joserfc itself would not sign what we want refused, nor a header with claims in it.
    algorithm = JWSRegistry.algorithms[header["alg"]]
    return _assemble(header, claims, lambda text: algorithm.sign(text, signing_key))


def half_hash(text: str, algorithm: str) -> str:
    """The ``at_hash`` of an access token (OIDC Core 3.1.3.6)."""
    digest = hashlib.new(f"sha{algorithm[-3:]}", text.encode()).digest()
    return _base64(digest[: len(digest) // 2])


def _leave(_: Claims) -> None:
    return None


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _assemble(header: Claims, claims: Claims, sign: Callable[[bytes], bytes]) -> str:
    text = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{_base64(sign(text.encode()))}"
