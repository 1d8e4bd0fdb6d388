"""Whole sign-ins through OidcClient against the development provider, and everything that must end one."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from phbportal.gateways.identity import Claims, OidcClient, Provider, SignInFailed
from phbportal.gateways.identity.keys import UnusableKey
from phbportal.sign_in.development_provider import DevClient, DevPerson, development_provider, development_sign_in

pytestmark = pytest.mark.anyio

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


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


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


@pytest.fixture
def world() -> World:
    return World()


async def test_a_person_who_is_chosen_is_signed_in_with_their_claims(world: World):
    claims = await world.finish(await world.choose("staff-1"))
    assert (claims.issuer, claims.subject, claims.name) == (f"{ORIGIN}/dev-idp", "staff-1", "Amara Okafor")
    assert (claims.email, claims.email_verified, claims.acr) == ("amara@example.nhs.uk", True, "AAL2_ANY")
    assert claims.amr == ("pwd",)
    assert claims.auth_time == int(world.clock().timestamp())
    assert claims.sid


async def test_a_holder_brings_what_their_record_is_found_by(world: World):
    claims = await world.finish(await world.choose("holder-1"))
    assert (claims.nhs_number, claims.birthdate, claims.family_name, claims.given_name) == (
        "9990000018",
        "1985-04-06",
        "Bloggs",
        "Jo",
    )
    assert claims.email_verified is False


async def test_logging_a_persons_claims_gives_nobody_away(world: World):
    shown = repr(await world.finish(await world.choose("holder-1")))
    assert "holder-1" in shown
    for personal in ("9990000018", "1985", "Bloggs", "Jo"):
        assert personal not in shown


async def test_codes_verifiers_and_tokens_are_never_logged(world: World, caplog: pytest.LogCaptureFixture):
    flow = await world.choose()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("anything").debug("logging is on")
        await world.finish(flow)
    assert "logging is on" in caplog.text
    bearer = world.transport.requests[-1].headers["authorization"].removeprefix("Bearer ")
    for secret in (flow.code, flow.verifier, flow.nonce, bearer):
        assert secret not in caplog.text


async def test_the_request_carries_a_challenge_and_never_the_verifier(world: World):
    flow = Flow()
    url = await world.client.authorization_url(
        state=flow.state,
        nonce=flow.nonce,
        code_verifier=flow.verifier,
        redirect_uri=CALLBACK,
        extra={"prompt": "login"},
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{ORIGIN}/dev-idp/authorize?")
    assert flow.verifier not in url
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == (flow.state, flow.nonce, CALLBACK)
    assert (asked["response_type"], asked["scope"], asked["prompt"]) == ("code", "openid profile email", "login")


async def test_configured_parameters_are_sent_and_our_own_cannot_be_replaced(world: World):
    client = world.new_client(authorize_params={"vtr": '["P9.Cp.Cd"]'})
    asked = {"state": "s", "nonce": "n", "code_verifier": "v" * 48, "redirect_uri": CALLBACK}
    assert parse_qs(urlsplit(await client.authorization_url(**asked)).query)["vtr"] == ['["P9.Cp.Cd"]']
    with pytest.raises(ValueError, match="redirect_uri"):
        await client.authorization_url(**asked, extra={"redirect_uri": "https://evil.example"})


async def test_a_provider_without_code_challenges_gets_none(world: World):
    client = world.new_client(pkce=False)
    url = await client.authorization_url(state="s", nonce="n", code_verifier="v" * 48, redirect_uri=CALLBACK)
    assert "code_challenge" not in url


async def test_each_assertion_is_new_names_its_key_and_lasts_a_minute(world: World):
    for _ in range(2):
        await world.finish(await world.choose())
    sent = [body["client_assertion"][0] for body in world.transport.bodies("/dev-idp/token")]
    read = [[json.loads(_unbase64(part)) for part in assertion.split(".")[:2]] for assertion in sent]
    (first_header, first), (_, second) = read
    assert first["jti"] != second["jti"]
    assert first["exp"] - first["iat"] == 60
    assert (first["iss"], first["sub"]) == ("phbportal-development", "phbportal-development")
    assert first["aud"] == f"{ORIGIN}/dev-idp/token"
    assert (first_header["alg"], first_header["kid"]) == ("ES256", world.pair.key.kid)


async def test_a_provider_may_ask_to_be_named_as_issuer_in_the_assertion(world: World):
    client = world.new_client(assertion_audience="issuer")
    assert await world.reason(client) == "signed in"
    claims = json.loads(_unbase64(world.transport.bodies("/dev-idp/token")[0]["client_assertion"][0].split(".")[1]))
    assert claims["aud"] == f"{ORIGIN}/dev-idp"


async def test_a_client_with_a_secret_signs_in_too(world: World):
    registered = DevClient("with-secret", (CALLBACK,), secret="a long enough secret")
    app = development_provider(
        lambda: PEOPLE, f"{ORIGIN}/dev-idp", world.clock, clients=[registered], environment="test"
    )
    world.portal.routes[:] = [Mount("/dev-idp", app=app)]
    provider = replace(world.pair.provider, client_id="with-secret", auth_method="client_secret_basic")

    def with_secret(secret: str) -> OidcClient:
        return OidcClient(provider, clock=world.clock, secret=secret, transport=world.transport)

    assert await world.reason(with_secret("a long enough secret")) == "signed in"
    assert await world.reason(with_secret("another secret")) == "token.exchange"


async def test_n05_the_answer_of_another_issuer_is_refused(world: World):
    world.control.fail("redirect_iss")
    flow = await world.choose()
    with pytest.raises(SignInFailed) as failure:
        await world.client.check_response_issuer(flow.iss)
    assert failure.value.reason_code == "flow.iss"


async def test_n06_an_answer_without_issuer_is_refused_where_the_provider_promises_one(world: World):
    with pytest.raises(SignInFailed) as failure:
        await world.client.check_response_issuer(None)
    assert failure.value.reason_code == "flow.iss"
    assert await world.client.check_response_issuer((await world.choose()).iss) is None
    assert await world.new_client(iss_param_required=False).check_response_issuer(None) is None


async def test_n08_a_stolen_code_is_worth_nothing_with_another_flows_verifier(world: World):
    victim, attacker = await world.choose("holder-1"), await world.choose("staff-1")
    attacker.code = victim.code
    with pytest.raises(SignInFailed) as failure:
        await world.finish(attacker)
    assert (failure.value.reason_code, failure.value.detail) == ("token.exchange", "invalid_grant")


async def test_n08b_an_altered_code_is_refused(world: World):
    flow = await world.choose()
    flow.code = flow.code[:-1] + ("A" if flow.code[-1] != "A" else "B")
    with pytest.raises(SignInFailed) as failure:
        await world.finish(flow)
    assert failure.value.reason_code == "token.exchange"


async def test_n08c_an_altered_verifier_is_refused(world: World):
    flow = await world.choose()
    flow.verifier = flow.verifier[:-1] + ("A" if flow.verifier[-1] != "A" else "B")
    with pytest.raises(SignInFailed) as failure:
        await world.finish(flow)
    assert failure.value.reason_code == "token.exchange"


async def test_a_code_is_good_once(world: World):
    flow = await world.choose()
    assert (await world.finish(flow)).subject == "staff-1"
    with pytest.raises(SignInFailed) as failure:
        await world.finish(flow)
    assert failure.value.reason_code == "token.exchange"


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


async def test_a_low_assurance_is_refused_by_its_own_reason(world: World):
    assert await world.reason(world.new_client(required_claims={"acr": ("AAL3_ANY",)})) == "assurance.low"
    assert await world.reason(world.new_client(required_claims={"acr": ("AAL2_ANY", "AAL3_ANY")})) == "signed in"
    assert await world.reason(world.new_client(required_claims={"vot": ("P9.Cp.Cd",)})) == "assurance.low"


async def test_n68_another_tenant_is_refused_and_one_kind_of_value_is_not_another(world: World):
    assert await world.reason(world.new_client(required_claims={"tid": ("t-2",)})) == "claim.tid"
    assert await world.reason(world.new_client(required_claims={"email_verified": ("true",)})) == "claim.email_verified"
    assert await world.reason(world.new_client(required_claims={"email_verified": (1,)})) == "claim.email_verified"


async def test_n68_people_of_a_tenant_are_known_by_tenant_and_object(world: World):
    client = world.new_client(subject_claims=("tid", "oid"), required_claims={"tid": ("t-1",)})
    claims = await world.finish(await world.choose(client=client), client)
    assert claims.subject == "t-1:o-1"
    assert claims.raw == {"tid": "t-1"}
    assert await world.reason(world.new_client(subject_claims=("tid", "missing"))) == "token.sub"


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
    jwks = {"keys": [{**_rsa_public(), "kid": "1"}]}
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


async def test_a_provider_with_no_credential_cannot_be_used():
    provider = Provider(
        name="bare", shape="generic", title="Bare", audience=("staff",), issuer="https://bare.example", client_id="x"
    )
    with pytest.raises(ValueError, match="bare has no key"):
        OidcClient(provider, clock=Clock())
    with pytest.raises(ValueError, match="bare has no client secret"):
        OidcClient(replace(provider, auth_method="client_secret_basic"), clock=Clock())


async def test_key_and_secret_are_read_from_private_files(tmp_path, world: World):
    pem = tmp_path / "key.pem"
    pem.write_bytes(world.pair.key.as_pem(private=True))
    pem.chmod(0o600)
    client = OidcClient(replace(world.pair.provider, key_file=pem), clock=world.clock, transport=world.transport)
    assert await world.reason(client) == "signed in"
    pem.chmod(0o644)
    with pytest.raises(UnusableKey, match="read by other users"):
        OidcClient(replace(world.pair.provider, key_file=pem), clock=world.clock)


def _unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _rsa_public() -> dict[str, str]:
    public = RSAKey.generate_key(2048).as_dict(private=False)
    return {name: str(public[name]) for name in ("kty", "n", "e")}
