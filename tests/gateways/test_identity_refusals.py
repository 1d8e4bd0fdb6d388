"""Everything a provider can do wrong in a whole sign-in, by accident or by design, and the reason it ends for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import httpx2
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from phbportal.gateways.identity import OidcClient, Provider, SignInFailed
from tests.gateways.identity_world import CALLBACK, Clock, World

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def world() -> World:
    return World()


FAULTS = {
    "none": "token.alg",
    "hs256": "token.alg",
    "other_key": "token.signature",
    "jwk": "token.header",
    "jku": "token.header",
    "x5u": "token.header",
    "crit": "token.header",
    "kid_unknown": "token.kid",
    "iss": "token.iss",
    "iss_slash": "token.iss",
    "iss_missing": "token.iss",
    "aud": "token.aud",
    "aud_azp": "token.aud",
    "aud_list": "token.aud",
    "azp": "token.azp",
    "expired": "token.exp",
    "exp_missing": "token.exp",
    "exp_text": "token.exp",
    "iat_ahead": "token.iat",
    "iat_old": "token.iat",
    "nbf": "token.nbf",
    "nonce": "token.nonce",
    "nonce_missing": "token.nonce",
    "at_hash": "token.at_hash",
    "sub_missing": "token.sub",
    "sub_empty": "token.sub",
    "sub_number": "token.sub",
    "sub_long": "token.sub",
    "typ": "token.typ",
    "typ_access": "token.typ",
    "access_token_as_id_token": "token.malformed",
    "no_id_token": "token.missing",
    "big": "token.size",
    "userinfo_sub": "userinfo.sub",
    "userinfo_401": "userinfo.refused",
    "userinfo_down": "provider.unavailable",
    "token_down": "provider.unavailable",
    "jwks_down": "provider.unavailable",
    "discovery_down": "provider.unavailable",
    "discovery_issuer": "provider.issuer",
}


@pytest.mark.parametrize(("fault", "reason"), FAULTS.items())
async def test_n09_to_n19_each_fault_of_the_provider_ends_the_sign_in_for_its_own_reason(
    world: World, fault: str, reason: str
):
    world.control.fail(fault)
    assert await world.reason() == reason


async def test_n09_an_unsigned_token_is_refused_though_discovery_offers_none(world: World):
    world.control.fail("discovery_none", "none")
    assert await world.reason() == "token.alg"


async def test_n11_another_algorithm_than_agreed_is_refused(world: World):
    assert await world.reason(world.new_client(id_token_algs=("RS512",))) == "token.alg"


async def test_a_token_without_kid_is_accepted_while_the_provider_has_one_key(world: World):
    world.control.fail("kid_missing")
    assert await world.reason() == "signed in"
    world.control.rotate_key()
    assert await world.reason(world.new_client()) == "token.kid"


async def test_n29_a_new_key_of_the_provider_is_noticed_in_the_middle_of_a_flow(world: World):
    assert await world.reason() == "signed in"
    flow = await world.choose()
    world.clock.advance(seconds=11)
    world.control.rotate_key()
    assert (await world.finish(flow)).subject == "staff-1"
    assert world.control.requests["jwks"] == 2


async def test_n29_a_hundred_unknown_keys_are_at_most_one_fetch_in_ten_seconds(world: World):
    def unknown(_: object) -> None:
        raise SignInFailed("token.kid")

    async def flood() -> None:
        results = await asyncio.gather(*(world.client.with_keys(unknown) for _ in range(100)), return_exceptions=True)
        assert {str(result) for result in results} == {"token.kid"}

    await flood()
    assert world.control.requests["jwks"] == 1
    world.clock.advance(seconds=9)
    await flood()
    assert world.control.requests["jwks"] == 1
    world.clock.advance(seconds=2)
    await flood()
    assert world.control.requests["jwks"] == 2


async def test_n29_a_key_of_an_unknown_kind_does_not_spoil_the_others(world: World):
    world.control.fail("jwks_unknown_kty")
    assert await world.reason() == "signed in"


async def test_n29_with_the_keys_out_of_reach_nobody_is_signed_in_and_the_provider_can_come_back(world: World):
    world.control.fail("jwks_down")
    assert await world.reason() == "provider.unavailable"
    world.control.fail()
    world.clock.advance(seconds=11)
    assert await world.reason() == "signed in"


async def test_discovery_and_keys_are_kept_for_an_hour_and_no_longer(world: World):
    for _ in range(3):
        assert await world.reason() == "signed in"
    assert (world.control.requests["discovery"], world.control.requests["jwks"]) == (1, 1)
    world.clock.advance(minutes=61)
    assert await world.reason() == "signed in"
    assert (world.control.requests["discovery"], world.control.requests["jwks"]) == (2, 2)


async def test_kept_keys_do_not_outlive_their_hour_when_the_provider_is_down(world: World):
    assert await world.reason() == "signed in"
    world.control.fail("jwks_down")
    assert await world.reason() == "signed in"
    world.clock.advance(minutes=61)
    assert await world.reason() == "provider.unavailable"


async def test_a_slow_provider_is_given_up_on(world: World):
    world.control.fail("slow")
    assert await world.reason(world.new_client(timeout_seconds=0.05)) == "provider.unavailable"


async def test_people_waiting_for_a_dead_provider_do_not_wait_for_each_other(world: World):
    world.control.fail("slow")
    client = world.new_client(timeout_seconds=0.2)
    started = time.monotonic()
    reasons = await asyncio.gather(*(world.reason(client) for _ in range(20)))
    assert set(reasons) == {"provider.unavailable"}
    assert time.monotonic() - started < 1


async def test_outages_are_told_from_faults(world: World):
    assert SignInFailed("provider.unavailable").is_outage
    assert SignInFailed("provider.issuer").is_outage
    assert not SignInFailed("token.aud").is_outage


def stub_client(clock: Clock, routes: dict[str, Callable[[Request], Response]], **changes: object) -> OidcClient:
    """A client of an odd provider that answers only what the test says."""

    def route(path: str, answer: Callable[[Request], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            return answer(request)

        return Route(path, endpoint, methods=["GET", "POST"])

    provider = Provider(
        name="odd",
        shape="generic",
        title="Odd",
        audience=("staff",),
        issuer="https://odd.example",
        client_id="phbportal",
    )
    provider = replace(provider, auth_method="client_secret_basic", **changes)
    app = Starlette(routes=[route(path, answer) for path, answer in routes.items()])
    return OidcClient(provider, clock=clock, secret="secret", transport=httpx2.ASGITransport(app=app))


ODD_DISCOVERY = {
    "issuer": "https://odd.example",
    "authorization_endpoint": "https://odd.example/authorize",
    "token_endpoint": "https://odd.example/token",
    "userinfo_endpoint": "https://odd.example/userinfo",
    "jwks_uri": "https://odd.example/jwks",
}
WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({**ODD_DISCOVERY, "issuer": "https://odd.example/"}, "provider.issuer"),
        ({**ODD_DISCOVERY, "issuer": "https://ODD.example"}, "provider.issuer"),
        ({}, "provider.issuer"),
        ([], "provider.unavailable"),
        ({**ODD_DISCOVERY, "token_endpoint": "http://odd.example/token"}, "provider.unavailable"),
        ({**ODD_DISCOVERY, "authorization_endpoint": "javascript:alert(1)"}, "provider.unavailable"),
        ({**ODD_DISCOVERY, "jwks_uri": "http://localhost/jwks"}, "provider.unavailable"),
        ({**ODD_DISCOVERY, "userinfo_endpoint": None}, "provider.unavailable"),
        ({**ODD_DISCOVERY, "token_endpoint": "https://[odd"}, "provider.unavailable"),
    ],
)
async def test_n29_a_discovery_document_is_believed_only_where_it_fits_the_configuration(document: object, reason: str):
    client = stub_client(Clock(), {WELL_KNOWN: lambda _: JSONResponse(document)})
    with pytest.raises(SignInFailed) as failure:
        await client.metadata()
    assert failure.value.reason_code == reason


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: RedirectResponse("https://somebody-else.example/"),
        lambda _: Response("<h1>Sorry</h1>"),
        lambda _: Response(b"[" * 5000),
        lambda _: Response(b"\xff\xfe\xfa"),
        lambda _: Response(status_code=404),
    ],
    ids=["redirect", "html", "deep", "bytes", "missing"],
)
async def test_nonsense_in_place_of_discovery_is_an_outage(answer: Callable[[Request], Response]):
    client = stub_client(Clock(), {WELL_KNOWN: answer})
    with pytest.raises(SignInFailed) as failure:
        await client.metadata()
    assert failure.value.reason_code == "provider.unavailable"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda _: JSONResponse({"error": "invalid_grant", "error_description": "Jo Bloggs"}, 400), "token.exchange"),
        (lambda _: JSONResponse({"error": "invalid_client"}, 401), "token.exchange"),
        (lambda _: JSONResponse({"error": {"a": 1}}, 400), "token.exchange"),
        (lambda _: JSONResponse({"error": "temporarily_unavailable"}, 400), "provider.unavailable"),
        (lambda _: Response("slow down", 429), "provider.unavailable"),
        (lambda _: Response("no", 403), "token.exchange"),
        (lambda _: Response("<h1>Sorry</h1>"), "provider.unavailable"),
        (lambda _: JSONResponse([]), "provider.unavailable"),
        (lambda _: JSONResponse({"expires_in": "soon"}), "provider.unavailable"),
        (lambda _: Response(b'{"a":' + b"[" * 5000), "provider.unavailable"),
        (lambda _: RedirectResponse("https://somebody-else.example/"), "provider.unavailable"),
        (lambda _: JSONResponse({"access_token": "a", "token_type": "Bearer"}), "token.missing"),
        (lambda _: JSONResponse({"access_token": 7, "id_token": ["x"]}), "token.malformed"),
    ],
)
async def test_each_odd_answer_of_a_token_endpoint_ends_the_sign_in(answer: Callable[[Request], Response], reason: str):
    jwks = {"keys": [{**rsa_public(), "kid": "1"}]}
    client = stub_client(
        Clock(),
        {
            WELL_KNOWN: lambda _: JSONResponse(ODD_DISCOVERY),
            "/token": answer,
            "/jwks": lambda _: JSONResponse(jwks),
        },
    )
    with pytest.raises(SignInFailed) as failure:
        await client.exchange(code="c", code_verifier="v" * 48, redirect_uri=CALLBACK, nonce="n")
    assert failure.value.reason_code == reason
    assert "Bloggs" not in str(failure.value)


def rsa_public() -> dict[str, str]:
    public = RSAKey.generate_key(2048).as_dict(private=False)
    return {name: str(public[name]) for name in ("kty", "n", "e")}
