"""How we prove to a provider that we are its client: a signed assertion, good for one minute and one use (RFC 7523)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt

from phbportal.gateways.identity.keys import SigningKey
from phbportal.gateways.identity.provider import Provider

ASSERTION_SECONDS = 60


class OneMinuteAssertion(PrivateKeyJWT):
    """Authlib's own reuses one jti for ever when given claims and lasts an hour, so the signing is ours."""

    def __init__(self, provider: Provider, key: SigningKey, clock: Callable[[], datetime]) -> None:
        super().__init__(alg=provider.signing_alg)
        self._provider, self._key, self._clock = provider, key, clock

    def sign(self, auth: Any, token_endpoint: str) -> Any:
        """The assertion for one request to ``token_endpoint``; ``auth`` is Authlib's and not needed."""
        provider, issued = self._provider, int(self._clock().timestamp())
        claims = {
            "iss": provider.client_id,
            "sub": provider.client_id,
            # One text, never a list: with several audiences one provider could replay it at another.
            "aud": provider.issuer if provider.assertion_audience == "issuer" else token_endpoint,
            "iat": issued,
            "exp": issued + ASSERTION_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        header = {"alg": provider.signing_alg, "kid": provider.key_id or self._key.thumbprint()}
        return jwt.encode(header, claims, self._key, algorithms=[provider.signing_alg])
