"""The strict reading of an ID token: security.md section 7, numbers 9 to 19, each refused for its own reason."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from phbportal.gateways.identity import Provider, SignInFailed, verify_id_token
from phbportal.gateways.identity.keys import public_keys

NOW = datetime(2026, 4, 6, 9, 30, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://id.example.org:443/realm"
NONCE = "n" * 43
ACCESS_TOKEN = "an-access-token"
PROVIDER = Provider(
    name="example",
    shape="generic",
    title="Example",
    audience=("organisation",),
    issuer=ISSUER,
    client_id="phbportal",
    id_token_algs=("RS512",),
)
KEY = RSAKey.generate_key(2048, parameters={"kid": "first"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "first"})
KEYS = public_keys({"keys": [KEY.as_dict(private=False)]})


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def good_claims(**changes: Any) -> dict[str, Any]:
    """The claims of a right token; a change to ... leaves the claim out."""
    claims = {
        "iss": ISSUER,
        "sub": "248289761001",
        "aud": "phbportal",
        "exp": SECONDS + 300,
        "iat": SECONDS,
        "nonce": NONCE,
    }
    return {name: value for name, value in (claims | changes).items() if value is not ...}


def good_header(**changes: Any) -> dict[str, Any]:
    header = {"alg": "RS512", "kid": "first", "typ": "JWT"} | changes
    return {name: value for name, value in header.items() if value is not ...}


def assembled(header: object, claims: object, sign: Callable[[bytes], bytes]) -> str:
    text = ".".join(
        base64url(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, claims)
    )
    return f"{text}.{base64url(sign(text.encode()))}"


def signed(claims: object, header: dict[str, Any] | None = None, key: RSAKey | ECKey = KEY) -> str:
    header = good_header() if header is None else header
    algorithm = JWSRegistry.algorithms[header["alg"]]
    return assembled(header, claims, lambda text: algorithm.sign(text, key))


def reason_of(token: object, **changes: Any) -> str:
    """The reason code a token is refused for; "accepted" if it is not."""
    asked = {"provider": PROVIDER, "keys": KEYS, "nonce": NONCE, "now": NOW, "access_token": ACCESS_TOKEN} | changes
    try:
        verify_id_token(token, **asked)
    except SignInFailed as failure:
        return failure.reason_code
    return "accepted"


def test_a_right_token_is_accepted_and_its_claims_read():
    claims = verify_id_token(signed(good_claims()), provider=PROVIDER, keys=KEYS, nonce=NONCE, now=NOW)
    assert claims["sub"] == "248289761001"


def test_a_token_with_the_right_access_token_hash_is_accepted():
    half = base64url(hashlib.sha512(ACCESS_TOKEN.encode()).digest()[:32])
    assert reason_of(signed(good_claims(at_hash=half))) == "accepted"


def test_a_token_with_its_one_audience_in_a_list_is_accepted():
    assert reason_of(signed(good_claims(aud=["phbportal"], azp="phbportal"))) == "accepted"


def test_a_header_that_repeats_claims_as_nhs_login_sends_it_is_accepted():
    header = good_header(iss=ISSUER, sub="x" * 255, aud="phbportal", exp=SECONDS, iat=SECONDS, jti="j" * 36, kid=...)
    assert len(base64url(json.dumps(header).encode())) > 512, "longer than joserfc takes by itself"
    assert reason_of(signed(good_claims(), header)) == "accepted"


@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES256"])
def test_each_pinned_algorithm_is_accepted_with_a_key_of_its_kind(algorithm: str):
    key = ECKey.generate_key("P-256", parameters={"kid": "first"}) if algorithm == "ES256" else KEY
    keys = public_keys({"keys": [key.as_dict(private=False)]})
    token = signed(good_claims(), good_header(alg=algorithm), key)
    assert reason_of(token, provider=replace(PROVIDER, id_token_algs=(algorithm,)), keys=keys) == "accepted"


def test_n09_an_unsigned_token_is_refused():
    token = assembled(good_header(alg="none"), good_claims(), lambda _: b"")
    assert reason_of(token) == "token.alg"


def test_n09_a_token_without_an_algorithm_is_refused():
    assert reason_of(assembled(good_header(alg=...), good_claims(), lambda _: b"")) == "token.alg"


def test_n10_a_token_signed_with_the_public_key_as_shared_secret_is_refused():
    secret = KEY.as_pem(private=False)
    token = assembled(good_header(alg="HS256"), good_claims(), lambda text: hmac.digest(secret, text, "sha256"))
    assert reason_of(token) == "token.alg"


def test_n11_a_weaker_algorithm_than_agreed_is_refused():
    assert reason_of(signed(good_claims(), good_header(alg="RS256"))) == "token.alg"


def test_n12_a_token_signed_by_another_key_of_the_same_kid_is_refused():
    assert reason_of(signed(good_claims(), key=OTHER_KEY)) == "token.signature"


def test_n12_a_token_altered_after_signing_is_refused():
    header, _, signature = signed(good_claims()).split(".")
    payload = base64url(json.dumps(good_claims(sub="somebody-else")).encode())
    assert reason_of(f"{header}.{payload}.{signature}") == "token.signature"


@pytest.mark.parametrize(
    "member",
    [
        {"jwk": OTHER_KEY.as_dict(private=False)},
        {"jku": "https://somebody-else.example/jwks"},
        {"x5u": "https://somebody-else.example/chain"},
        {"x5c": ["AAAA"]},
        {"crit": ["understand-me"], "understand-me": True},
        {"crit": ["b64"], "b64": True},
        {"crit": []},
    ],
    ids=lambda member: "-".join(member),
)
def test_n12_a_header_that_brings_its_own_key_or_an_unknown_demand_is_refused(member: dict[str, Any]):
    assert reason_of(signed(good_claims(), good_header(**member))) == "token.header"


def test_n12_an_embedded_key_is_refused_even_when_it_fits_the_signature():
    header = good_header(jwk=OTHER_KEY.as_dict(private=False))
    assert reason_of(signed(good_claims(), header, OTHER_KEY)) == "token.header"


def test_n12_a_token_of_an_unknown_kid_is_refused():
    assert reason_of(signed(good_claims(), good_header(kid="second"))) == "token.kid"


def test_n12_a_token_without_kid_is_refused_where_the_provider_has_two_keys():
    both = public_keys({"keys": [KEY.as_dict(private=False), OTHER_KEY.as_dict(private=False, kid="second")]})
    assert reason_of(signed(good_claims(), good_header(kid=...)), keys=both) == "token.kid"


def test_n12_two_keys_of_one_kid_are_never_guessed_between():
    both = public_keys({"keys": [KEY.as_dict(private=False), OTHER_KEY.as_dict(private=False)]})
    assert reason_of(signed(good_claims()), keys=both) == "token.kid"


def test_n12_a_key_published_for_encryption_or_another_algorithm_is_not_used():
    for published in (KEY.as_dict(private=False, use="enc"), KEY.as_dict(private=False, alg="RS256")):
        assert reason_of(signed(good_claims()), keys=public_keys({"keys": [published]})) == "token.kid"


@pytest.mark.parametrize(
    "issuer",
    ["https://somebody-else.example", ..., ISSUER + "/", ISSUER.replace(":443", ""), ISSUER.upper(), [ISSUER], None],
)
def test_n13_a_token_of_any_other_issuer_is_refused(issuer: object):
    assert reason_of(signed(good_claims(iss=issuer))) == "token.iss"


@pytest.mark.parametrize(
    "audience",
    ["somebody-else", ["phbportal", "somebody-else"], [], ..., None, "phbportal ", ["phbportal", "phbportal"]],
)
def test_n14_a_token_for_anybody_else_is_refused(audience: object):
    assert reason_of(signed(good_claims(aud=audience))) == "token.aud"


def test_n14_a_token_for_somebody_else_is_refused_though_we_are_the_authorised_party():
    assert reason_of(signed(good_claims(aud="somebody-else", azp="phbportal"))) == "token.aud"
    assert reason_of(signed(good_claims(aud=["phbportal", "somebody-else"], azp="phbportal"))) == "token.aud"


def test_n14_a_token_whose_authorised_party_is_somebody_else_is_refused():
    assert reason_of(signed(good_claims(azp="somebody-else"))) == "token.azp"


def test_n15_a_token_expired_by_31_seconds_is_refused_and_by_30_is_not():
    assert reason_of(signed(good_claims(iat=SECONDS - 60, exp=SECONDS - 31))) == "token.exp"
    assert reason_of(signed(good_claims(iat=SECONDS - 60, exp=SECONDS - 30))) == "accepted"


@pytest.mark.parametrize("expiry", [..., str(SECONDS + 300), None, True, -1, 10**400, float("nan"), float("inf")])
def test_n15_an_expiry_that_is_missing_or_not_a_number_of_seconds_is_refused(expiry: object):
    assert reason_of(signed(good_claims(exp=expiry))) == "token.exp"


@pytest.mark.parametrize(
    "issued", [SECONDS + 31, SECONDS + 3600, SECONDS - 601, SECONDS - 86_400, ..., str(SECONDS), True]
)
def test_n16_a_token_from_the_future_or_older_than_ten_minutes_is_refused(issued: object):
    assert reason_of(signed(good_claims(iat=issued, exp=SECONDS + 7200))) == "token.iat"


@pytest.mark.parametrize("issued", [SECONDS + 30, SECONDS - 600])
def test_n16_a_token_at_the_edge_of_its_time_is_accepted(issued: int):
    assert reason_of(signed(good_claims(iat=issued))) == "accepted"


@pytest.mark.parametrize("not_before", [SECONDS + 31, "soon", None, True])
def test_n16_a_token_not_valid_yet_is_refused(not_before: object):
    assert reason_of(signed(good_claims(nbf=not_before))) == "token.nbf"


@pytest.mark.parametrize("nonce", ["m" * 43, ..., "", None, [NONCE], NONCE + "\u0000", "\ud800"])
def test_n17_a_token_of_another_flow_is_refused(nonce: object):
    assert reason_of(signed(good_claims(nonce=nonce))) == "token.nonce"


def test_n17_a_flow_without_a_nonce_accepts_no_token():
    assert reason_of(signed(good_claims(nonce="")), nonce="") == "token.nonce"


def test_n17_a_token_made_for_another_access_token_is_refused():
    half = base64url(hashlib.sha512(b"another-access-token").digest()[:32])
    assert reason_of(signed(good_claims(at_hash=half))) == "token.at_hash"
    assert reason_of(signed(good_claims(at_hash=half)), access_token=None) == "token.at_hash"
    assert reason_of(signed(good_claims(at_hash=None))) == "token.at_hash"


@pytest.mark.parametrize("subject", [..., "", 248289761001, "x" * 256, None, ["a"], "a\u0000b", "a\nb", "\ud800"])
def test_n17_a_token_about_nobody_we_could_name_is_refused(subject: object):
    assert reason_of(signed(good_claims(sub=subject))) == "token.sub"


def test_n17_the_longest_subject_is_accepted():
    assert reason_of(signed(good_claims(sub="x" * 255))) == "accepted"


@pytest.mark.parametrize("kind", ["logout+jwt", "at+jwt", "application/at+jwt", "", None, 1, ["JWT"]])
def test_n18_a_token_of_another_type_is_refused(kind: object):
    assert reason_of(signed(good_claims(), good_header(typ=kind))) == "token.typ"


def test_n18_a_logout_token_without_a_type_is_refused():
    events = {"http://schemas.openid.net/event/backchannel-logout": {}}
    token = signed(good_claims(events=events, jti="1", nonce=...), good_header(typ=...))
    assert reason_of(token) == "token.nonce"


@pytest.mark.parametrize("kind", ["JWT", "jwt", ...])
def test_n18_a_plain_token_may_say_so_or_say_nothing(kind: object):
    assert reason_of(signed(good_claims(), good_header(typ=kind))) == "accepted"


@pytest.mark.parametrize("token", [None, ""])
def test_n19_an_answer_without_an_id_token_is_refused(token: object):
    assert reason_of(token) == "token.missing"


def test_n19_a_token_over_sixteen_kilobytes_is_refused_unread():
    assert reason_of(signed(good_claims(padding="x" * 13_000))) == "token.size"
    assert reason_of("x" * 5_000_000) == "token.size"


def test_n19_a_header_over_two_kilobytes_is_refused():
    assert reason_of(signed(good_claims(), good_header(padding="x" * 2000))) == "token.header"


DEEP = b"[" * 1400
JUNK: list[object] = [
    {"alg": "RS512"},
    12,
    "no dots at all",
    "a.b",
    "..",
    "a.b.c.d.e",
    "é.é.é",
    signed(good_claims())[:-7],
    assembled(DEEP, good_claims(), lambda _: b""),
    assembled(b'{"alg":"RS512"', good_claims(), lambda _: b""),
    assembled(b'"alg"', good_claims(), lambda _: b""),
    assembled(b"\xff\xfe", good_claims(), lambda _: b""),
]


@pytest.mark.parametrize("token", JUNK, ids=range(len(JUNK)))
def test_n19_junk_in_place_of_a_token_is_refused_without_an_accident(token: object):
    assert reason_of(token) in ("token.malformed", "token.signature")


@pytest.mark.parametrize("payload", [b"[]", b'"text"', b"{", b"[" * 5000, b"\xff", b'{"exp":1' + b"0" * 5000 + b"}"])
def test_n19_a_signed_payload_that_is_not_an_object_is_refused(payload: bytes):
    assert reason_of(signed(payload)) == "token.malformed"


def test_an_old_proof_of_identity_is_refused_where_the_provider_limits_its_age():
    limited = replace(PROVIDER, auth_max_age_seconds=60)
    assert reason_of(signed(good_claims(auth_time=SECONDS - 91)), provider=limited) == "token.auth_time"
    assert reason_of(signed(good_claims(auth_time=SECONDS + 31)), provider=limited) == "token.auth_time"
    assert reason_of(signed(good_claims()), provider=limited) == "token.auth_time"
    assert reason_of(signed(good_claims(auth_time=SECONDS - 60)), provider=limited) == "accepted"


def test_keys_we_cannot_use_are_passed_over():
    weak = {"kty": "RSA", "n": base64url(b"\xff" * 128), "e": "AQAB", "kid": "weak"}
    published = [
        {"kty": "AKP", "kid": "lattice", "alg": "ML-DSA-44", "pub": "AAAA"},
        {"kty": "oct", "kid": "secret", "k": "AAAA"},
        {"kty": "RSA", "kid": "empty"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": ["RSA"]},
        {"kty": "RSA", "n": KEY.as_dict(private=False)["n"], "e": 3, "kid": "number"},
        weak,
        "not an object",
        KEY.as_dict(private=False),
    ]
    assert [key.kid for key in public_keys({"keys": published})] == ["first"]


@pytest.mark.parametrize("document", [None, [], {}, {"keys": {}}, {"keys": None}, "keys"])
def test_a_key_document_of_the_wrong_form_holds_no_keys(document: object):
    assert public_keys(document) == ()


def test_a_private_key_published_by_mistake_is_kept_without_its_private_half():
    (key,) = public_keys({"keys": [KEY.as_dict(private=True)]})
    assert not key.is_private
