"""Our own strict reading of an ID token: Authlib's lets eight kinds of bad token through (security.md 3.2)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from joserfc.errors import JoseError, MissingAlgorithmError
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact
from joserfc.util import urlsafe_b64encode

from phbportal.gateways.identity.failure import SignInFailed
from phbportal.gateways.identity.keys import SigningKey
from phbportal.gateways.identity.provider import Provider

LEEWAY_SECONDS = 30
MOST_TOKEN_CHARACTERS = 16_384
MOST_SUBJECT_CHARACTERS = 255
ID_TOKEN_TYPES = ("JWT",)
_NEVER_IN_A_HEADER = ("jwk", "jku", "x5u", "x5c", "crit")  # keys come from the pinned JWKS only; we know no extension
_UNREADABLE = (JoseError, ValueError, TypeError, AttributeError, RecursionError)  # what odd JSON makes the parser raise


class _Registry(JWSRegistry):
    max_header_length = 2048  # NHS login repeats claims in the header; joserfc stops at 512
    max_payload_length = MOST_TOKEN_CHARACTERS


def verify_id_token(
    token: object,
    *,
    provider: Provider,
    keys: Sequence[SigningKey],
    nonce: str,
    now: datetime,
    access_token: str | None = None,
) -> Mapping[str, object]:
    """The claims of an ID token signed by ``provider``, meant for us, fresh, and made for the flow of ``nonce``.

    Raises SignInFailed("token.…") naming the first thing wrong.
    """
    header, claims = open_token(token, provider=provider, keys=keys, types=ID_TOKEN_TYPES)
    check_parties(claims, provider)
    check_times(claims, now, max_age_seconds=provider.id_token_max_age_seconds)
    if not _same(claims.get("nonce"), nonce):
        raise SignInFailed("token.nonce")
    if "at_hash" in claims and not _same(claims["at_hash"], _half_hash(str(header["alg"]), access_token)):
        raise SignInFailed("token.at_hash")
    check_subject(claims)
    _check_auth_time(claims, now, provider.auth_max_age_seconds)
    return claims


def open_token(
    token: object, *, provider: Provider, keys: Sequence[SigningKey], types: Sequence[str]
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Header and claims of a token whose form, algorithm, type, key and signature are right. No claim is checked."""
    if token is None or token == "":
        raise SignInFailed("token.missing")
    if not isinstance(token, str):
        raise SignInFailed("token.malformed", "not a text")
    if len(token) > MOST_TOKEN_CHARACTERS:
        raise SignInFailed("token.size")
    if token.find(".") > _Registry.max_header_length:
        raise SignInFailed("token.header", "too long")
    registry = _Registry(algorithms=provider.id_token_algs, strict_check_header=False)
    signed, header = _parse(token, registry)
    if found := [name for name in _NEVER_IN_A_HEADER if name in header]:
        raise SignInFailed("token.header", ", ".join(found))
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in provider.id_token_algs:
        raise SignInFailed("token.alg")
    if "typ" in header and str(header["typ"]).upper() not in (name.upper() for name in types):
        raise SignInFailed("token.typ")
    key = _pick_key(header, algorithm, keys)
    try:
        genuine = validate_compact(signed, key, registry=registry)
    except _UNREADABLE:
        genuine = False
    if not genuine:
        raise SignInFailed("token.signature")
    return header, _claims_of(signed)


def check_parties(claims: Mapping[str, object], provider: Provider) -> None:
    """Issued by exactly this issuer (compared as text, never normalised), for us and nobody else."""
    if claims.get("iss") != provider.issuer:
        raise SignInFailed("token.iss")
    if claims.get("aud") not in (provider.client_id, [provider.client_id]):
        raise SignInFailed("token.aud")
    if "azp" in claims and claims["azp"] != provider.client_id:
        raise SignInFailed("token.azp")


def check_times(claims: Mapping[str, object], now: datetime, *, max_age_seconds: int) -> None:
    """Not expired, not from the future (30 s leeway), and issued at most ``max_age_seconds`` ago."""
    moment = now.timestamp()
    if _seconds(claims, "exp") < moment - LEEWAY_SECONDS:
        raise SignInFailed("token.exp")
    issued = _seconds(claims, "iat")
    if issued > moment + LEEWAY_SECONDS or issued < moment - max_age_seconds:
        raise SignInFailed("token.iat")
    if "nbf" in claims and _seconds(claims, "nbf") > moment + LEEWAY_SECONDS:
        raise SignInFailed("token.nbf")


def check_subject(claims: Mapping[str, object]) -> str:
    """The ``sub``: a text of 1 to 255 printable characters."""
    subject = claims.get("sub")
    if isinstance(subject, str) and 1 <= len(subject) <= MOST_SUBJECT_CHARACTERS and subject.isprintable():
        return subject
    raise SignInFailed("token.sub")


def _parse(token: str, registry: JWSRegistry) -> tuple[CompactSignature, Mapping[str, object]]:
    """Split once, so that what is checked is what is verified."""
    try:
        signed = extract_compact(token.encode("ascii"), registry=registry)
        header: object = signed.headers()
    except MissingAlgorithmError:
        raise SignInFailed("token.alg") from None
    except _UNREADABLE:
        raise SignInFailed("token.malformed") from None
    if not isinstance(header, dict):
        raise SignInFailed("token.malformed", "header")
    return signed, header


def _pick_key(header: Mapping[str, object], algorithm: str, keys: Sequence[SigningKey]) -> SigningKey:
    """The one key the header names; without a name, the one key there is. Never a guess between two."""
    kind = "EC" if algorithm.startswith("ES") else "RSA"
    fit = [key for key in keys if key.key_type == kind and key.alg in (None, algorithm)]
    if "kid" in header:
        fit = [key for key in fit if key.kid == header["kid"]]
    if len(fit) != 1:
        raise SignInFailed("token.kid")
    return fit[0]


def _claims_of(signed: CompactSignature) -> Mapping[str, object]:
    try:
        claims: object = json.loads(signed.payload)
    except _UNREADABLE:
        raise SignInFailed("token.malformed", "payload") from None
    if not isinstance(claims, dict):
        raise SignInFailed("token.malformed", "payload")
    return MappingProxyType(claims)


def _seconds(claims: Mapping[str, object], name: str) -> float:
    """A NumericDate (RFC 7519). Text, true, NaN and absurdly large numbers are refused under the claim's name."""
    value = claims.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11:
        return value
    raise SignInFailed(f"token.{name}")


def _same(given: object, expected: str) -> bool:
    """Equal, in constant time. An empty expectation is met by nothing."""
    if not isinstance(given, str) or not expected:
        return False
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode(errors="replace"))


def _half_hash(algorithm: str, access_token: str | None) -> str:
    """OIDC Core 3.1.3.6: the left half of the access token's hash, by the hash of the signing algorithm."""
    if not access_token:
        return ""
    digest = hashlib.new(f"sha{algorithm[-3:]}", access_token.encode("ascii", errors="replace")).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).decode()


def _check_auth_time(claims: Mapping[str, object], now: datetime, max_age_seconds: int | None) -> None:
    """Where a provider is configured so: the person proved who they are at most that long ago."""
    if max_age_seconds is None:
        return
    try:
        proved = _seconds(claims, "auth_time")
    except SignInFailed:
        raise SignInFailed("token.auth_time") from None
    if not now.timestamp() - max_age_seconds - LEEWAY_SECONDS <= proved <= now.timestamp() + LEEWAY_SECONDS:
        raise SignInFailed("token.auth_time")
