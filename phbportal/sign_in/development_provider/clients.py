"""Who may ask the development provider for tokens, and the proof it wants."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS_AT_MOST = 300
_ALGORITHMS = ["ES256", "PS256", "RS256", "RS512"]


@dataclass(frozen=True, slots=True)
class DevClient:
    """A registered client: its exact redirect addresses, after signing in and after signing out, and either its public
    key or a secret."""

    client_id: str
    redirect_uris: tuple[str, ...]
    public_key: RSAKey | ECKey | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    signed_out_uris: tuple[str, ...] = ()


class ClientDesk:
    """Knows the clients and the assertions already used. ``now`` is in seconds since 1970."""

    def __init__(self, clients: Sequence[DevClient], audiences: Sequence[str], now: Callable[[], float]) -> None:
        self._clients = {client.client_id: client for client in clients}
        self._audiences, self._now = audiences, now
        self._used: dict[str, float] = {}

    def named(self, client_id: str) -> DevClient | None:
        """The client of that id, not yet proved."""
        return self._clients.get(client_id)

    def authenticated(self, form: Mapping[str, str], authorization: str) -> DevClient | None:
        """The client that proves itself by private_key_jwt or client_secret_basic, or None."""
        if authorization:
            return self._by_secret(authorization)
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return None
        assertion = form.get("client_assertion", "")
        return next(
            (c for c in self._clients.values() if c.public_key and self._is_proof(c, c.public_key, assertion)), None
        )

    def _by_secret(self, authorization: str) -> DevClient | None:
        scheme, _, encoded = authorization.partition(" ")
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        client = self._clients.get(client_id)
        if scheme.lower() != "basic" or client is None or client.secret is None:
            return None
        return client if hmac.compare_digest(client.secret.encode(), secret.encode()) else None

    def _is_proof(self, client: DevClient, key: RSAKey | ECKey, assertion: str) -> bool:
        """RFC 7523: signed by the client, about itself, for us alone, short-lived, never seen before."""
        try:
            claims = jwt.decode(assertion, key, algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError):
            return False
        now, expires, jti = self._now(), claims.get("exp"), claims.get("jti")
        self._used = {old: until for old, until in self._used.items() if until > now}
        if not isinstance(expires, int) or not now < expires <= now + ASSERTION_SECONDS_AT_MOST:
            return False
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            return False
        if claims.get("aud") not in self._audiences or not isinstance(jti, str) or not jti or jti in self._used:
            return False
        self._used[jti] = expires
        return True
