"""Reading a logout token: a provider says, behind the browser's back, that somebody is signed out there
(OpenID Connect Back-Channel Logout 1.0 section 2.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phbportal.gateways.identity.failure import SignInFailed
from phbportal.gateways.identity.keys import SigningKey
from phbportal.gateways.identity.provider import Provider
from phbportal.gateways.identity.shapes.shape import text_of
from phbportal.gateways.identity.verify import check_parties, check_times, open_token

EVENT = "http://schemas.openid.net/event/backchannel-logout"
MAX_AGE_SECONDS = 150


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """Who is signed out where: one session (``sid``), or all of a person's (``subject``). ``jti`` is good once."""

    issuer: str
    jti: str
    sid: str | None
    subject: str | None


def verify_logout_token(token: object, *, provider: Provider, keys: Sequence[SigningKey], now: datetime) -> LogoutToken:
    """The token, if it is signed by ``provider``, for us, fresh, and a logout token and nothing else.

    Raises SignInFailed("token.…") naming the first thing wrong.
    """
    _, claims = open_token(token, provider=provider, keys=keys, types=provider.logout_token_types)
    check_parties(claims, provider)
    check_times(claims, now, max_age_seconds=MAX_AGE_SECONDS)
    if claims.get("events") != {EVENT: {}}:
        raise SignInFailed("token.events")
    if "nonce" in claims:  # an ID token dressed up
        raise SignInFailed("token.nonce")
    jti = text_of(claims, "jti")
    if not jti:
        raise SignInFailed("token.jti")
    return LogoutToken(provider.issuer, jti, *_whom(claims, provider))


def _whom(claims: Mapping[str, object], provider: Provider) -> tuple[str | None, str | None]:
    """sid and subject, at least one of them. A subject counts only where identities are kept by ``sub``."""
    for name in ("sid", "sub"):
        if name in claims and not text_of(claims, name):
            raise SignInFailed(f"token.{name}")
    sid, subject = text_of(claims, "sid") or None, text_of(claims, "sub") or None
    if provider.subject_claims != ("sub",):
        subject = None
    if sid is None and subject is None:
        raise SignInFailed("token.sub")
    return sid, subject
