"""The development provider on its own: strict where a real one is strict, and nowhere but on this machine."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.routing import Mount

from phbportal.domain.errors import Refusal
from phbportal.gateways.identity.assertion import OneMinuteAssertion
from phbportal.sign_in.development_provider import DevelopmentSignIn, DevPerson, development_sign_in
from tests.gateways.identity_world import CALLBACK, ORIGIN, Clock

pytestmark = pytest.mark.anyio

ISSUER = f"{ORIGIN}/dev-idp"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PEOPLE = [
    DevPerson("staff-1", "Amara Okafor", "Case manager", "Writes plans for NHS Gloucestershire"),
    DevPerson("staff-2", "Siôn <b>Rees</b>", "Case manager"),
    DevPerson("holder-1", "Jo Bloggs", "Holder", claims={"nhs_number": "9990000018"}),
]
ASKED = {
    "client_id": "phbportal-development",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid profile",
    "state": "a-state",
    "nonce": "a-nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Provider:
    """The provider, mounted as the portal mounts it, and a browser and a back office that talk to it."""

    def __init__(self, people: Sequence[DevPerson] = PEOPLE, peer: str = "127.0.0.1") -> None:
        self.clock = Clock()
        self.pair: DevelopmentSignIn = development_sign_in(lambda: people, ORIGIN, self.clock, environment="test")
        portal = Starlette(routes=[Mount("/dev-idp", app=self.pair.app)])
        self.transport = httpx2.ASGITransport(app=portal, client=(peer, 40000))

    async def ask(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        async with httpx2.AsyncClient(transport=self.transport, base_url=ISSUER) as browser:
            return await browser.request(method, path, **sent)

    async def choose(self, **changes: str) -> httpx2.Response:
        return await self.ask("POST", "/authorize", data=ASKED | {"person": "staff-1"} | changes)

    async def code(self) -> str:
        return parse_qs(urlsplit((await self.choose()).headers["location"]).query)["code"][0]

    def assertion(self, key: ECKey | None = None, **changes: object) -> str:
        """A right client assertion; a change to ... leaves the claim out."""
        now = int(self.clock().timestamp())
        client = self.pair.provider.client_id
        claims = {"iss": client, "sub": client, "aud": f"{ISSUER}/token", "exp": now + 60, "jti": secrets.token_hex(8)}
        claims = {name: value for name, value in (claims | changes).items() if value is not ...}
        return jwt.encode({"alg": "ES256"}, claims, key or self.pair.key)

    async def trade(self, code: str, assertion: str | None = None, **changes: str) -> tuple[int, dict[str, Any]]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion() if assertion is None else assertion,
        }
        answer = await self.ask("POST", "/token", data=form | changes)
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code, answer.json()

    async def error_of(self, code: str, assertion: str | None = None, **changes: str) -> str:
        return (await self.trade(code, assertion, **changes))[1].get("error", "given")


@pytest.fixture
def provider() -> Provider:
    return Provider()


async def test_discovery_says_what_the_provider_does(provider: Provider):
    found = (await provider.ask("GET", "/.well-known/openid-configuration")).json()
    assert found["issuer"] == ISSUER
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]
    assert found["authorization_response_iss_parameter_supported"] is True


async def test_keys_are_public_and_new_at_every_start(provider: Provider):
    (key,) = (await provider.ask("GET", "/jwks")).json()["keys"]
    (other,) = (await Provider().ask("GET", "/jwks")).json()["keys"]
    assert "d" not in key
    assert key["kid"] != other["kid"]
    assert key["n"] != other["n"]


async def test_the_page_lists_people_as_buttons_under_their_roles(provider: Provider):
    page = await provider.ask("GET", "/authorize", params=ASKED)
    assert page.status_code == 200
    assert re.findall(r"<h1[^>]*>([^<]+)</h1>", page.text) == ["Choose who to sign in as"]
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page.text) == ["Case manager", "Holder", "Or go back"]
    assert re.findall(r'name="person" value="([^"]+)"', page.text) == ["staff-1", "staff-2", "holder-1"]
    assert 'aria-describedby="note-1-1"' in page.text
    assert "Writes plans for NHS Gloucestershire" in page.text


async def test_the_page_works_under_a_strict_content_security_policy(provider: Provider):
    page = await provider.ask("GET", "/authorize", params=ASKED)
    assert page.headers["content-security-policy"] == (
        f"default-src 'self'; form-action 'self' {ORIGIN}; base-uri 'none'; frame-ancestors 'none'"
    )
    assert page.headers["cache-control"] == "no-store"
    for unwanted in ("<script", "style=", "<style", "onclick", "http-equiv"):
        assert unwanted not in page.text


async def test_names_and_parameters_cannot_write_html(provider: Provider):
    page = await provider.ask("GET", "/authorize", params=ASKED | {"state": '"><script>alert(1)</script>'})
    assert "<script" not in page.text
    assert "<b>" not in page.text
    assert "Siôn &lt;b&gt;Rees&lt;/b&gt;" in page.text


async def test_with_nobody_to_choose_the_page_says_what_to_do():
    page = await Provider(people=[]).ask("GET", "/authorize", params=ASKED)
    assert "Add some people to the portal" in page.text


async def test_choosing_a_person_goes_back_with_code_state_and_issuer(provider: Provider):
    answer = await provider.choose()
    assert answer.status_code == 303
    where, _, query = answer.headers["location"].partition("?")
    back = parse_qs(query)
    assert where == CALLBACK
    assert (back["state"], back["iss"]) == (["a-state"], [ISSUER])
    assert len(back["code"][0]) >= 43


async def test_refusing_goes_back_with_access_denied(provider: Provider):
    back = parse_qs(urlsplit((await provider.choose(refuse="yes")).headers["location"]).query)
    assert back == {"error": ["access_denied"], "state": ["a-state"], "iss": [ISSUER]}


@pytest.mark.parametrize(
    "redirect_uri",
    [
        CALLBACK + "/",
        CALLBACK + "?x=1",
        CALLBACK.replace("localhost", "127.0.0.1"),
        CALLBACK.replace("http:", "https:"),
        "https://evil.example",
        CALLBACK.upper(),
        "",
    ],
)
async def test_redirect_addresses_are_exact_or_the_browser_is_sent_nowhere(provider: Provider, redirect_uri: str):
    for answer in (
        await provider.ask("GET", "/authorize", params=ASKED | {"redirect_uri": redirect_uri}),
        await provider.choose(redirect_uri=redirect_uri),
        await provider.choose(redirect_uri=redirect_uri, refuse="yes"),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "There is a problem" in answer.text


async def test_an_unknown_client_is_sent_nowhere(provider: Provider):
    assert (await provider.choose(client_id="somebody-else")).status_code == 400


async def test_somebody_who_is_not_on_the_list_cannot_be_chosen(provider: Provider):
    assert (await provider.choose(person="staff-99")).status_code == 400


async def test_a_parameter_said_twice_is_refused(provider: Provider):
    asked = [*ASKED.items(), ("state", "another")]
    assert (await provider.ask("GET", "/authorize", params=asked)).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "none"}, "login_required"),
    ],
)
async def test_a_request_without_its_protections_gets_no_code(provider: Provider, changes: dict[str, str], error: str):
    for answer in (
        await provider.ask("GET", "/authorize", params=ASKED | changes),
        await provider.choose(**changes),
    ):
        back = parse_qs(urlsplit(answer.headers["location"]).query)
        assert (back["error"], "code" in back) == ([error], False)


async def test_a_code_is_traded_once_and_never_again(provider: Provider):
    code = await provider.code()
    status, tokens = await provider.trade(code)
    assert (status, tokens["token_type"]) == (200, "Bearer")
    assert await provider.error_of(code) == "invalid_grant"


async def test_a_code_lasts_a_minute(provider: Provider):
    code = await provider.code()
    provider.clock.advance(seconds=60)
    assert await provider.error_of(code) == "given"
    code = await provider.code()
    provider.clock.advance(seconds=61)
    assert await provider.error_of(code) == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"code_verifier": CHALLENGE},
        {"redirect_uri": CALLBACK + "/"},
    ],
)
async def test_n08c_a_code_is_worth_nothing_without_its_verifier_and_address(
    provider: Provider, changes: dict[str, str]
):
    assert await provider.error_of(await provider.code(), **changes) == "invalid_grant"


async def test_n08b_a_code_nobody_was_given_is_refused(provider: Provider):
    assert await provider.error_of("altered") == "invalid_grant"


async def test_a_failed_attempt_spends_the_code(provider: Provider):
    code = await provider.code()
    assert await provider.error_of(code, code_verifier="w" * 64) == "invalid_grant"
    assert await provider.error_of(code) == "invalid_grant"


async def test_only_codes_are_traded(provider: Provider):
    error = await provider.error_of(await provider.code(), grant_type="client_credentials")
    assert error == "unsupported_grant_type"


async def test_n72_an_assertion_is_good_once(provider: Provider):
    signer = OneMinuteAssertion(provider.pair.provider, provider.pair.key, provider.clock)
    assertion = signer.sign(None, f"{ISSUER}/token")
    assert await provider.error_of(await provider.code(), assertion) == "given"
    assert await provider.error_of(await provider.code(), assertion) == "invalid_client"


async def test_n72_an_assertion_signed_by_another_key_is_refused(provider: Provider):
    other = ECKey.generate_key("P-256")
    assert await provider.error_of(await provider.code(), provider.assertion(other)) == "invalid_client"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://somebody-else.example/token"},
        {"aud": [f"{ISSUER}/token", "https://somebody-else.example/token"]},
        {"aud": ...},
        {"iss": "somebody-else"},
        {"sub": "somebody-else"},
        {"exp": 1},
        {"exp": ...},
        {"exp": 99_999_999_999},
        {"jti": ...},
        {"jti": ""},
    ],
)
async def test_an_assertion_that_is_not_about_this_client_and_this_minute_is_refused(
    provider: Provider, changes: dict[str, object]
):
    assert await provider.error_of(await provider.code(), provider.assertion(**changes)) == "invalid_client"


@pytest.mark.parametrize("assertion", ["", "junk", "a.b.c"])
async def test_a_client_without_proof_is_refused(provider: Provider, assertion: str):
    status, answer = await provider.trade(await provider.code(), assertion)
    assert (status, answer) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("authorization", ["Basic !", "Basic cGhiOng=", "Bearer x", "Basic " + "A" * 40])
async def test_a_client_registered_with_a_key_cannot_use_a_password(provider: Provider, authorization: str):
    answer = await provider.ask("POST", "/token", data={"code": "x"}, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


async def test_userinfo_needs_a_token_that_is_five_minutes_old_at_most(provider: Provider):
    _, tokens = await provider.trade(await provider.code())
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await provider.ask("GET", "/userinfo", headers=bearer)).json() == {
        "sub": "staff-1",
        "name": "Amara Okafor",
    }
    assert (await provider.ask("GET", "/userinfo")).status_code == 401
    provider.clock.advance(seconds=301)
    assert (await provider.ask("GET", "/userinfo", headers=bearer)).status_code == 401


async def test_faults_are_out_of_reach_over_http(provider: Provider):
    for path in ("/control", "/faults", "/fail", "/"):
        assert (await provider.ask("POST", path, data={"fault": "none"})).status_code == 404
    await provider.ask("GET", "/authorize", params=ASKED | {"fault": "none"})
    assert provider.pair.control.faults == frozenset()
    with pytest.raises(ValueError, match="misspelt"):
        provider.pair.control.fail("misspelt")


@pytest.mark.parametrize("peer", ["10.0.0.5", "192.168.1.20", "::ffff:10.0.0.5", "2001:db8::1", "", "testclient"])
async def test_n77_another_machine_is_not_answered(peer: str):
    stranger = Provider(peer=peer)
    for path in ("/.well-known/openid-configuration", "/jwks", "/authorize", "/userinfo"):
        assert (await stranger.ask("GET", path)).status_code == 403


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
async def test_n77_this_machine_is_answered_by_any_of_its_loopback_addresses(peer: str):
    assert (await Provider(peer=peer).ask("GET", "/jwks")).status_code == 200


async def test_a_page_rebound_to_this_machine_by_name_is_not_answered(provider: Provider):
    assert (await provider.ask("GET", "/jwks", headers={"Host": "evil.example:8000"})).status_code == 403


@pytest.mark.parametrize(
    ("environment", "origin"),
    [("production", ORIGIN), ("", ORIGIN), ("development", "https://phb.example.nhs.uk"), ("test", "http://0.0.0.0")],
)
async def test_n77_it_refuses_to_be_built_in_production_or_away_from_this_machine(environment: str, origin: str):
    with pytest.raises(Refusal, match="development sign-in"):
        development_sign_in(lambda: PEOPLE, origin, Clock(), environment=environment)


BACK = f"{ORIGIN}/auth/signed-out"


async def test_whoever_signed_out_is_sent_back_to_where_the_client_said_it_would_be(provider: Provider):
    found = (await provider.ask("GET", "/.well-known/openid-configuration")).json()
    assert found["end_session_endpoint"] == f"{ISSUER}/end-session"
    asked = {"client_id": ASKED["client_id"], "post_logout_redirect_uri": BACK, "state": "a state&more"}
    answer = await provider.ask("GET", "/end-session", params=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BACK}?state=a+state%26more")
    del asked["state"]
    assert (await provider.ask("GET", "/end-session", params=asked)).headers["location"] == BACK


@pytest.mark.parametrize(
    "wrong",
    [
        {"post_logout_redirect_uri": "https://evil.example"}, {"post_logout_redirect_uri": BACK + "?x"},
        {"post_logout_redirect_uri": CALLBACK}, {"post_logout_redirect_uri": ""}, {"client_id": "somebody-else"},
        {"client_id": ""},
    ],
)  # fmt: skip
async def test_and_to_nowhere_else(provider: Provider, wrong: dict[str, str]):
    asked = {"client_id": ASKED["client_id"], "post_logout_redirect_uri": BACK} | wrong
    answer = await provider.ask("GET", "/end-session", params=asked)
    assert (answer.status_code, "location" in answer.headers) == (400, False)
