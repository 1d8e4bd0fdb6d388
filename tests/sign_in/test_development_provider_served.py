"""The portal and its development provider in one real server: the portal's callback asks the very server it runs in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from phbportal.gateways.identity import OidcClient
from phbportal.sign_in.development_provider import development_sign_in
from tests.gateways.identity_world import PEOPLE
from tests.support.ports import free_port

VERIFIER = "v" * 64


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_portal_that_is_its_own_provider_does_not_wait_for_itself():
    """Over real sockets, one worker: the callback route asks the same server for keys, tokens and userinfo."""
    origin = f"http://localhost:{free_port()}"

    def clock() -> datetime:
        return datetime.now(UTC)

    pair = development_sign_in(lambda: PEOPLE, origin, clock, environment="test")
    client = OidcClient(pair.provider, clock=clock, key=pair.key)
    flow = {"code_verifier": VERIFIER, "redirect_uri": f"{origin}/auth/callback/development", "nonce": "a-nonce"}

    async def callback(request: Request) -> JSONResponse:
        claims = await client.exchange(code=request.query_params["code"], **flow)
        return JSONResponse({"name": claims.name})

    routes = [Mount("/dev-idp", app=pair.app), Route("/auth/callback/development", callback)]
    server = Server(
        Starlette(routes=routes),
        address="127.0.0.1",
        port=urlsplit(origin).port or 0,
        interface=Interfaces.ASGI,
        websockets=False,
    )
    serving = asyncio.create_task(server.serve())

    async def sign_in(browser: httpx2.AsyncClient) -> str:
        url = await client.authorization_url(state="a-state", **flow)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        answer = await browser.post(f"{origin}/dev-idp/authorize", data=asked | {"person": "holder-1"})
        return (await browser.get(answer.headers["location"])).json()["name"]

    try:
        async with httpx2.AsyncClient(trust_env=False) as browser, asyncio.timeout(20):
            while True:
                try:
                    await browser.get(f"{origin}/dev-idp/jwks")
                    break
                except httpx2.ConnectError:
                    await asyncio.sleep(0.05)
            names = await asyncio.gather(*(sign_in(browser) for _ in range(10)))
    finally:
        server.stop()
        await serving
    assert names == ["Jo Bloggs"] * 10
