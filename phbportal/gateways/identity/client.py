"""Talking to one identity provider: where to send the person, and what came back. Knows no browsers, flows or rows."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from phbportal.gateways.identity.assertion import OneMinuteAssertion
from phbportal.gateways.identity.claims import Claims, gather_claims
from phbportal.gateways.identity.config import RESERVED_PARAMETERS
from phbportal.gateways.identity.failure import FLOW_ISS, PROVIDER_UNAVAILABLE, SignInFailed
from phbportal.gateways.identity.kept import Kept
from phbportal.gateways.identity.keys import SigningKey, public_keys, read_private_file, read_signing_key
from phbportal.gateways.identity.logout import LogoutToken, verify_logout_token
from phbportal.gateways.identity.metadata import Metadata, discovery_url, read_metadata
from phbportal.gateways.identity.provider import PRIVATE_KEY_JWT, Provider, is_loopback
from phbportal.gateways.identity.shapes import Asked, shape_of
from phbportal.gateways.identity.verify import verify_id_token

_TRY_LATER = ("temporarily_unavailable", "server_error")
# The second because a provider may change its key and keep, or never send, the kid.
_KEYS_MAY_BE_STALE = ("token.kid", "token.signature")
# No answer, or none that can be read: JSON of the wrong encoding or depth raises the last two.
_UNREACHABLE = (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError, ValueError, RecursionError)
T = TypeVar("T")

logging.getLogger("authlib").setLevel(logging.INFO)  # at DEBUG it writes code verifiers down


class OidcClient:
    """One provider. Safe for many sign-ins at once on one event loop.

    ``clock`` returns an aware datetime. ``key`` and ``secret`` stand in for the configured files (development, tests);
    ``transport`` for the network. Every method raises SignInFailed("provider.unavailable") when the provider cannot be
    reached within ``timeout_seconds`` or answers nonsense.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        clock: Callable[[], datetime],
        key: SigningKey | None = None,
        secret: str | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        timeout_seconds: float = 5.0,
    ) -> None:
        self.provider = provider
        self._clock = clock
        self._timeout = timeout_seconds
        self._transport = transport
        self._secret, self._auth_method = _credential(provider, key, secret, clock)
        self._metadata: Kept[Metadata] = Kept(self._fetch_metadata, clock)
        self._keys: Kept[tuple[SigningKey, ...]] = Kept(self._fetch_keys, clock)

    async def metadata(self) -> Metadata:
        """The discovery document, at most an hour old. Raises provider.issuer if it is another issuer's."""
        return await self._metadata.get()

    def asks(self, *, step_up: bool = False) -> Asked:
        """What a sign-in or a step-up asks of this provider. Keep ``accepted`` in the flow and hand it to exchange."""
        return shape_of(self.provider).asks(self.provider, step_up=step_up)

    async def authorization_url(
        self, *, state: str, nonce: str, code_verifier: str, redirect_uri: str, extra: Mapping[str, str] | None = None
    ) -> str:
        """Where to send the browser, asking what a sign-in asks. ``extra`` adds parameters or replaces those (the
        ``parameters`` of ``asks(step_up=True)``, prompt=login); it cannot replace our own."""
        chosen = {**self.provider.authorize_params, **self.asks().parameters, **(extra or {})}
        if reserved := sorted(RESERVED_PARAMETERS & set(chosen)):
            raise ValueError(f"{', '.join(reserved)} may not be given as an extra parameter")
        endpoint = (await self.metadata()).authorization_endpoint
        async with self._oauth() as session:
            verifier = code_verifier if self.provider.pkce else None
            url, _ = session.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier, redirect_uri=redirect_uri, **chosen
            )
        return str(url)

    async def check_response_issuer(self, iss: str | None) -> None:
        """The ``iss`` of the callback (RFC 9207): must match if there, must be there if promised. Raises flow.iss."""
        if iss is not None:
            if iss != self.provider.issuer:
                raise SignInFailed(FLOW_ISS, "names another issuer")
            return
        required = self.provider.iss_param_required
        if required if required is not None else (await self.metadata()).sends_iss:
            raise SignInFailed(FLOW_ISS, "missing")

    async def exchange(
        self, *, code: str, code_verifier: str, redirect_uri: str, nonce: str, accepted: Sequence[str] | None = None
    ) -> Claims:
        """Trade the code for tokens, check them, ask userinfo, keep the claims and let the tokens go.

        ``accepted`` are the levels the flow asked for; None means those a sign-in asks for now.
        Raises SignInFailed with the reason code of the first thing wrong.
        """
        tokens = await self._fetch_tokens(code, code_verifier, redirect_uri)
        access_token = tokens.get("access_token")
        if not isinstance(access_token, str) or not access_token.isascii() or not access_token.isprintable():
            access_token = None

        def check(keys: Sequence[SigningKey]) -> Mapping[str, object]:
            return verify_id_token(
                tokens.get("id_token"),
                provider=self.provider,
                keys=keys,
                nonce=nonce,
                now=self._clock(),
                access_token=access_token,
            )

        id_token = await self.with_keys(check)
        userinfo = await self._fetch_userinfo(access_token, str(id_token["sub"])) if self.provider.userinfo else {}
        return gather_claims(self.provider, id_token, userinfo, self.asks().accepted if accepted is None else accepted)

    async def check_logout_token(self, token: object) -> LogoutToken:
        """Whom a logout token says is signed out. Raises SignInFailed for any token that is not quite right."""
        return await self.with_keys(
            lambda keys: verify_logout_token(token, provider=self.provider, keys=keys, now=self._clock())
        )

    async def end_session_url(self, *, return_to: str, state: str) -> str | None:
        """Where a browser is signed out at the provider too, or None where it has no such place.

        Without an ID token as a hint: that would put a name, or an NHS number, into the address (security.md §2).
        """
        endpoint = (await self.metadata()).end_session_endpoint
        if endpoint is None:
            return None
        asked = {"client_id": self.provider.client_id, "post_logout_redirect_uri": return_to, "state": state}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def with_keys(self, check: Callable[[Sequence[SigningKey]], T]) -> T:
        """Run ``check`` with the provider's keys, once more with fresh ones if the key seems to be new.

        Keys are fetched at most once in 10 seconds: a flood of unknown kids must not become a flood of fetches.
        """
        keys = await self._keys.get()
        try:
            return check(keys)
        except SignInFailed as failure:
            if failure.reason_code not in _KEYS_MAY_BE_STALE:
                raise
            fresh = await self._keys.get(fresh=True)
            if fresh is keys:
                raise
        return check(fresh)

    async def _fetch_metadata(self) -> Metadata:
        return read_metadata(await self._get_json(discovery_url(self.provider.issuer)), self.provider)

    async def _fetch_keys(self) -> tuple[SigningKey, ...]:
        keys = public_keys(await self._get_json((await self.metadata()).jwks_uri))
        if not keys:
            raise SignInFailed(PROVIDER_UNAVAILABLE, "no usable key")
        return keys

    async def _fetch_tokens(self, code: str, code_verifier: str, redirect_uri: str) -> Mapping[str, object]:
        endpoint = (await self.metadata()).token_endpoint
        sent = {"code": code, "redirect_uri": redirect_uri}
        if self.provider.pkce:
            sent["code_verifier"] = code_verifier
        try:
            async with self._oauth() as session, asyncio.timeout(self._timeout):
                return await session.fetch_token(endpoint, grant_type="authorization_code", **sent)
        except OAuthError as error:
            reason = PROVIDER_UNAVAILABLE if error.error in _TRY_LATER else "token.exchange"
            raise SignInFailed(reason, _code_of(error.error)) from None
        except httpx2.HTTPStatusError as error:
            status = error.response.status_code
            refused = 400 <= status < 500 and status != 429
            raise SignInFailed("token.exchange" if refused else PROVIDER_UNAVAILABLE, f"HTTP {status}") from None
        except (*_UNREACHABLE, TypeError) as error:
            raise SignInFailed(PROVIDER_UNAVAILABLE, f"token endpoint: {type(error).__name__}") from None

    async def _fetch_userinfo(self, access_token: str | None, subject: str) -> Mapping[str, object]:
        endpoint = (await self.metadata()).userinfo_endpoint
        if access_token is None or endpoint is None:
            raise SignInFailed("userinfo.refused", "no access token")
        userinfo = await self._get_json(endpoint, bearer=access_token)
        if not isinstance(userinfo, dict) or userinfo.get("sub") != subject:
            raise SignInFailed("userinfo.sub")
        return userinfo

    async def _get_json(self, url: str, *, bearer: str | None = None) -> object:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        try:
            async with httpx2.AsyncClient(**self._network()) as session, asyncio.timeout(self._timeout):
                response = await session.get(url, headers=headers)
                if bearer and response.status_code in (400, 401, 403):
                    raise SignInFailed("userinfo.refused", f"HTTP {response.status_code}")
                if response.status_code != 200:
                    raise SignInFailed(PROVIDER_UNAVAILABLE, f"HTTP {response.status_code}")
                return response.json()
        except _UNREACHABLE as error:
            raise SignInFailed(PROVIDER_UNAVAILABLE, type(error).__name__) from None

    def _network(self) -> dict[str, Any]:
        local = is_loopback(self.provider.issuer)  # a proxy of the environment cannot reach this machine's loopback
        return {
            "transport": self._transport,
            "verify": _tls(),
            "timeout": self._timeout,
            "trust_env": not local,
            "follow_redirects": False,
        }

    @asynccontextmanager
    async def _oauth(self) -> AsyncIterator[Any]:
        client: Any = AsyncOAuth2Client(
            self.provider.client_id,
            self._secret,
            token_endpoint_auth_method=self._auth_method,
            scope=" ".join(self.provider.scopes),
            code_challenge_method="S256",
            **self._network(),
        )
        async with client as session:
            yield session


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Certificates this machine trusts, read once for all providers: it costs tens of milliseconds."""
    return httpx2.create_ssl_context()


def _credential(
    provider: Provider, key: SigningKey | None, secret: str | None, clock: Callable[[], datetime]
) -> tuple[object, object]:
    """What Authlib wants as client secret and as method of client authentication. Raises UnusableKey, ValueError."""
    if provider.auth_method == PRIVATE_KEY_JWT:
        if key is None and provider.key_file is not None:
            key = read_signing_key(provider.key_file, provider.signing_alg)
        if key is None:
            raise ValueError(f"provider {provider.name} has no key")
        return key, OneMinuteAssertion(provider, key, clock)
    if secret is None and provider.client_secret_file is not None:
        secret = read_private_file(provider.client_secret_file).decode().strip()
    if not secret:
        raise ValueError(f"provider {provider.name} has no client secret")
    return secret, "client_secret_basic"


def _code_of(error: object) -> str:
    """An OAuth error code for the log; anything that is not one (it comes from outside) is left out."""
    return error if isinstance(error, str) and len(error) <= 40 and error.replace("_", "").isalnum() else ""
