"""Whole sign-ins through OidcClient against the development provider: what is sent, and what is kept."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.routing import Mount

from phbportal.gateways.identity import OidcClient, Provider, SignInFailed
from phbportal.gateways.identity.claims import gather_claims
from phbportal.gateways.identity.keys import UnusableKey
from phbportal.sign_in.development_provider import DevClient, development_provider
from tests.gateways.identity_world import CALLBACK, ORIGIN, PEOPLE, Clock, Flow, World

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


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


@pytest.fixture
def unfiltered_logs() -> Iterator[None]:
    """Logs as our code and the libraries write them, whatever another test had withheld."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.usefixtures("unfiltered_logs")
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
    read = [[json.loads(unbase64(part)) for part in assertion.split(".")[:2]] for assertion in sent]
    (first_header, first), (_, second) = read
    assert first["jti"] != second["jti"]
    assert first["exp"] - first["iat"] == 60
    assert (first["iss"], first["sub"]) == ("phbportal-development", "phbportal-development")
    assert first["aud"] == f"{ORIGIN}/dev-idp/token"
    assert (first_header["alg"], first_header["kid"]) == ("ES256", world.pair.key.kid)


async def test_a_provider_may_ask_to_be_named_as_issuer_in_the_assertion(world: World):
    client = world.new_client(assertion_audience="issuer")
    assert await world.reason(client) == "signed in"
    claims = json.loads(unbase64(world.transport.bodies("/dev-idp/token")[0]["client_assertion"][0].split(".")[1]))
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


SIGNED = {"sub": "staff-1", "auth_time": 1}


async def test_what_lets_somebody_in_is_read_from_the_signed_token_alone(world: World):
    for claim in ("acr", "vot", "tid", "roles"):
        provider = replace(world.pair.provider, required_claims={claim: ("yes",)})
        with pytest.raises(SignInFailed):
            gather_claims(provider, SIGNED, {"sub": "staff-1", claim: "yes"})
        assert gather_claims(provider, {**SIGNED, claim: "yes"}, {"sub": "staff-1", claim: "no"}).subject == "staff-1"


async def test_an_address_is_not_verified_by_what_is_said_of_another(world: World):
    signed = {**SIGNED, "email": "attacker@example.org"}
    userinfo = {"sub": "staff-1", "email": "victim@example.org", "email_verified": True}
    claims = gather_claims(world.pair.provider, signed, userinfo)
    assert (claims.email, claims.email_verified) == ("attacker@example.org", False)
    assert gather_claims(world.pair.provider, SIGNED, {**userinfo, "email_verified": "true"}).email_verified is False


async def test_claims_of_the_wrong_form_count_as_absent(world: World):
    odd = {
        "sid": 7,
        "acr": "",
        "amr": "pwd",
        "auth_time": True,
        "name": "x" * 256,
        "email": "a\u0000b",
        "birthdate": None,
    }
    claims = gather_claims(world.pair.provider, {"sub": "staff-1", **odd}, {})
    assert (claims.sid, claims.acr, claims.amr, claims.auth_time) == (None, None, (), None)
    assert (claims.name, claims.email, claims.birthdate) == (None, None, None)


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


def unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
