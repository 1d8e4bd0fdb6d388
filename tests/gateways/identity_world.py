"""A portal, a development provider and a client that talks to it, all in this process, for the identity tests."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount

from phbportal.gateways.identity import Claims, OidcClient, SignInFailed
from phbportal.sign_in.development_provider import DevPerson, development_sign_in

ORIGIN = "http://localhost:8000"
CALLBACK = f"{ORIGIN}/auth/callback/development"
PEOPLE = [
    DevPerson(
        "staff-1",
        "Amara Okafor",
        "Case manager",
        claims={"email": "amara@example.nhs.uk", "email_verified": True, "acr": "AAL2_ANY", "tid": "t-1", "oid": "o-1"},
    ),
    DevPerson(
        "holder-1",
        "Jo Bloggs",
        "Holder",
        claims={"nhs_number": "9990000018", "birthdate": "1985-04-06", "family_name": "Bloggs", "given_name": "Jo"},
    ),
]


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 6, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Recording(httpx2.AsyncBaseTransport):
    """Passes every request on to an app in this process, and remembers it."""

    def __init__(self, app: Starlette) -> None:
        self._inner = httpx2.ASGITransport(app=app)
        self.requests: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return await self._inner.handle_async_request(request)

    def bodies(self, path: str) -> list[dict[str, list[str]]]:
        return [parse_qs(r.content.decode()) for r in self.requests if r.url.path == path]


class Flow:
    """One person's browser on its way to the provider and back: what the portal keeps in its flow row."""

    def __init__(self) -> None:
        self.state, self.nonce, self.verifier = (secrets.token_urlsafe(n) for n in (32, 32, 48))
        self.code = self.iss = ""


class World:
    """A portal that mounts the provider, and a client that calls back into the same app."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.pair = development_sign_in(lambda: PEOPLE, ORIGIN, self.clock, environment="test")
        self.portal = Starlette(routes=[Mount("/dev-idp", app=self.pair.app)])
        self.control = self.pair.control
        self.transport = Recording(self.portal)
        self.client = self.new_client()

    def new_client(self, timeout_seconds: float = 5.0, **changes: object) -> OidcClient:
        provider = replace(self.pair.provider, **changes)
        return OidcClient(
            provider, clock=self.clock, key=self.pair.key, transport=self.transport, timeout_seconds=timeout_seconds
        )

    async def choose(self, person: str = "staff-1", client: OidcClient | None = None) -> Flow:
        """Go to the provider, press the person's button, and come back with a code."""
        flow = Flow()
        url = await (client or self.client).authorization_url(
            state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier, redirect_uri=CALLBACK
        )
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=self.portal)) as browser:
            form = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            answer = await browser.post(f"{ORIGIN}/dev-idp/authorize", data={**form, "person": person})
        back = parse_qs(urlsplit(answer.headers["location"]).query)
        assert back["state"] == [flow.state]
        flow.code, flow.iss = back["code"][0], back.get("iss", [""])[0]
        return flow

    async def finish(self, flow: Flow, client: OidcClient | None = None) -> Claims:
        return await (client or self.client).exchange(
            code=flow.code, code_verifier=flow.verifier, redirect_uri=CALLBACK, nonce=flow.nonce
        )

    async def reason(self, client: OidcClient | None = None) -> str:
        """The reason code a whole sign-in ends with; "signed in" if it does not."""
        try:
            await self.finish(await self.choose(client=client), client)
        except SignInFailed as failure:
            return failure.reason_code
        return "signed in"
