"""A small OpenID provider for one developer's machine: pick a person from a list and be that person.

It is a real provider (PKCE, signed client assertions, RFC 9207), so that development and tests walk the path production
walks. It refuses to exist in production, away from loopback, and to answer anybody but this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from phbportal.gateways.identity import Provider, check_development_only
from phbportal.routes import SIGNED_OUT
from phbportal.sign_in.development_provider.clients import DevClient
from phbportal.sign_in.development_provider.desk import Desk
from phbportal.sign_in.development_provider.faults import Control
from phbportal.sign_in.development_provider.pages import DevPerson
from phbportal.sign_in.development_provider.parts import PARTS, Part

__all__ = [
    "Control",
    "DevClient",
    "DevPerson",
    "DevelopmentSignIn",
    "check_development_only",
    "development_provider",
    "development_sign_in",
]


@dataclass(frozen=True, slots=True)
class DevelopmentSignIn:
    """Both ends of the development sign-in: mount ``app``, hand ``provider`` and ``key`` to OidcClient."""

    app: Starlette
    provider: Provider
    key: ECKey
    control: Control


def development_sign_in(
    people: Callable[[], Sequence[DevPerson]],
    origin: str,
    clock: Callable[[], datetime],
    *,
    environment: str,
    mount_path: str = "/dev-idp",
    callback_path: str = "/auth/callback/development",
    audience: tuple[str, ...] = ("staff", "holder", "organisation"),
    playing: Provider | None = None,
) -> DevelopmentSignIn:
    """The provider to mount at ``origin + mount_path`` and the portal's side of it. Keys are new at every start.

    ``playing`` is a provider of any shape, as configured, whose part to play; its issuer is where to mount it.
    Raises Refusal in production or where ``origin`` is not this machine. Codes live in memory: one worker only.
    """
    key = ECKey.generate_key("P-256", auto_kid=True)
    plain = Provider(
        name="development",
        shape="development",
        title="Development sign-in",
        audience=audience,
        issuer=origin + mount_path,
        client_id="phbportal-development",
        key_id=key.kid,
        signing_alg="ES256",
        id_token_algs=("RS256",),
        scopes=("openid", "profile", "email"),
    )
    provider = (
        plain
        if playing is None
        else replace(playing, auth_method="private_key_jwt", signing_alg="ES256", key_id=key.kid)
    )
    if playing is not None:
        callback_path = f"/auth/callback/{playing.name}"
    client = DevClient(
        provider.client_id,
        (origin + callback_path,),
        public_key=ECKey.import_key(key.as_dict(private=False)),
        signed_out_uris=(origin + SIGNED_OUT,),
    )
    app = development_provider(
        people, provider.issuer, clock, clients=[client], environment=environment, part=PARTS[provider.shape]
    )
    return DevelopmentSignIn(app, provider, key, app.state.control)


def development_provider(
    people: Callable[[], Sequence[DevPerson]],
    issuer: str,
    clock: Callable[[], datetime],
    *,
    clients: Sequence[DevClient],
    environment: str,
    part: Part = PARTS["development"],
) -> Starlette:
    """The provider as an app, to mount at the issuer's path or run on a loopback port of its own.

    ``people`` is called in a thread at each page and each choice (it may read rows). ``app.state.control`` is a
    Control: tests switch faults and rotate the key through it. Raises Refusal as check_development_only does.
    """
    check_development_only(environment, issuer)
    desk = Desk(people, issuer, clock, clients, part)
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", desk.answering("discovery", desk.discovery)),
            Route("/jwks", desk.answering("jwks", desk.jwks)),
            Route("/authorize", desk.authorize, methods=["GET", "POST"]),
            Route("/token", desk.answering("token", desk.token), methods=["POST"]),
            Route("/userinfo", desk.answering("userinfo", desk.userinfo)),
            Route("/end-session", desk.answering("end_session", desk.end_session)),
        ],
        middleware=[Middleware(_ThisMachineOnly, host=urlsplit(issuer).netloc)],
    )
    app.state.control = desk.control
    return app


class _ThisMachineOnly:
    """Answers loopback callers who ask for our own host: a portal bound to every address must not let the office in."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app, self._host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not (_is_local(scope) and Headers(scope=scope).get("host") == self._host):
            await PlainTextResponse("The development sign-in only answers this machine.", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_local(scope: Scope) -> bool:
    try:
        address = ip_address((scope.get("client") or ("",))[0])
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
