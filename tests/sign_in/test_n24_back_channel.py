"""Negative tests 24–28: a provider signs people out behind the browser's back; nobody else can, and nobody twice."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import update
from sqlmodel import col

from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions
from phbportal.sign_in.limits import PerMinute
from phbportal.sign_in.roles import RoleChoice
from phbportal.tables.sessions import LogoutJti, SignInSession
from tests.gateways.test_identity_verify import assembled
from tests.gateways.test_identity_verify import signed as signed_by
from tests.support.portal import Browser, Portal
from tests.support.ways_in import STAFF, WaysIn, four_ways_in

pytestmark = pytest.mark.usefixtures("tidy")
EVENT = "http://schemas.openid.net/event/backchannel-logout"
NAME, OTHER = "care-identity", "example-id"
OTHER_KEY = RSAKey.generate_key(2048)


@pytest.fixture(scope="module")
def ways(portal: Portal) -> Iterator[WaysIn]:
    with four_ways_in(portal) as made:
        yield made


def session_of(ways: WaysIn, browser: Browser) -> SignInSession:
    (row,) = ways.portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    return row


def claims_of(ways: WaysIn, name: str = NAME, **changes: Any) -> dict[str, Any]:
    """The claims of a right logout token; a change to ... leaves the claim out."""
    provider, now = ways.client(name).provider, int(ways.portal.clock().timestamp())
    claims = {
        "iss": provider.issuer, "aud": provider.client_id, "iat": now, "exp": now + 120, "jti": secrets.token_hex(8),
        "events": {EVENT: {}}, "sub": STAFF,
    } | changes  # fmt: skip
    return {claim: value for claim, value in claims.items() if value is not ...}


def header_of(ways: WaysIn, name: str = NAME, **changes: Any) -> dict[str, Any]:
    header = {"alg": "RS256", "typ": "logout+jwt", "kid": ways.controls[name].key.kid} | changes
    return {member: value for member, value in header.items() if value is not ...}


def token_of(ways: WaysIn, name: str = NAME, header: dict[str, Any] | None = None, **changes: Any) -> str:
    key = ways.controls[name].key
    return signed_by(claims_of(ways, name, **changes), header or header_of(ways, name), key)


def post(ways: WaysIn, token: str, name: str = NAME) -> Any:
    """As the provider itself would: no cookie, no Origin."""
    answer = ways.portal.browser().post(f"/auth/backchannel/{name}", {"logout_token": token}, origin=None)
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    return answer


def is_in(browser: Browser) -> bool:
    return browser.get("/auth/session").status_code == 200


def test_a_provider_signs_one_session_out_and_its_open_pages_go_at_once(ways: WaysIn) -> None:
    browser, elsewhere = ways.signed_in(NAME), ways.signed_in(NAME)
    handle, sid = browser.handle(), session_of(ways, browser).op_sid
    page = browser.page()
    began = time.monotonic()
    with ways.portal.door() as events:
        answer = post(ways, token_of(ways, sid=sid))
    assert (answer.status_code, answer.content) == (200, b"")
    assert set(page.wait_for_the_end().redirects) == {"/auth/signed-out"}  # the watch over sessions may be as quick
    assert time.monotonic() - began < 3
    assert (is_in(browser), is_in(elsewhere)) == (False, True)
    assert [(e.kind, e.outcome, e.session_handle, e.provider) for e in events] == [
        ("back_channel", "allowed", handle, NAME)
    ]
    (row,) = ways.portal.rows(SignInSession, col(SignInSession.handle) == handle)
    assert row.revoked_reason == "back_channel"


def test_a_provider_that_names_only_the_person_signs_all_their_sessions_out(ways: WaysIn) -> None:
    browsers = [ways.signed_in(NAME), ways.signed_in(NAME)]
    by_another_way = ways.signed_in("work")  # the same person, known there by another identity
    assert post(ways, token_of(ways)).status_code == 200
    assert [is_in(b) for b in (*browsers, by_another_way)] == [False, False, True]


def test_a_session_whose_name_we_were_never_told_ends_with_the_person(ways: WaysIn) -> None:
    browser = ways.signed_in(NAME)
    where = col(SignInSession.handle) == browser.handle()
    ways.portal.change(lambda uow: uow.session.execute(update(SignInSession).where(where).values(op_sid=None)))
    assert post(ways, token_of(ways, sid="of-a-session-elsewhere")).status_code == 200
    assert not is_in(browser)


def test_a_token_about_nobody_who_is_here_is_answered_the_same(ways: WaysIn) -> None:
    browser = ways.signed_in(NAME)
    for changes in ({"sub": "nobody"}, {"sid": "nowhere", "sub": ...}, {"sid": "nowhere"}):
        assert post(ways, token_of(ways, **changes)).status_code == 200
    # Another person's session is not ended by naming it together with oneself.
    assert post(ways, token_of(ways, sid=session_of(ways, browser).op_sid, sub="somebody-else")).status_code == 200
    assert is_in(browser)


def test_n24_a_logout_token_is_good_once(ways: WaysIn) -> None:
    browser = ways.signed_in(NAME)
    token = token_of(ways)
    assert post(ways, token).status_code == 200
    assert not is_in(browser)
    again = ways.signed_in(NAME)
    with ways.portal.refused("token.replayed", kind="back_channel"):
        assert post(ways, token).status_code == 400
    assert is_in(again)


def test_n24_used_tokens_are_forgotten_when_they_are_too_old_anyway(ways: WaysIn) -> None:
    token = token_of(ways)
    assert post(ways, token).status_code == 200
    with ways.portal.later(minutes=2), ways.portal.refused("token.replayed"):
        assert post(ways, token).status_code == 400
    with ways.portal.later(minutes=11):
        with ways.portal.refused("token.exp"):
            assert post(ways, token).status_code == 400
        assert post(ways, token_of(ways)).status_code == 200
        assert len(ways.portal.rows(LogoutJti)) == 1


def test_a_session_that_changes_its_role_at_that_moment_ends_all_the_same(ways: WaysIn) -> None:
    browser, actor = ways.signed_in(NAME), ways.portal.world.cm
    handle, sid = browser.handle(), session_of(ways, browser).op_sid
    assert actor.assignment_id is not None
    role = RoleChoice(actor.assignment_id, Role.CASE_MANAGER, "case manager", "")
    answers: list[int] = []
    provider = threading.Thread(target=lambda: answers.append(post(ways, token_of(ways, sid=sid)).status_code))
    with open_unit(ways.portal.engine, SYSTEM, writes=True) as uow:
        sessions.rotate(uow.session, handle, browser.cookies["__Host-phb"], role, ways.portal.clock())
        provider.start()
        ways.portal.wait(0.7)
    provider.join()
    assert answers == [200]
    live = col(SignInSession.revoked_at).is_(None)
    assert ways.portal.rows(SignInSession, live, col(SignInSession.op_sid) == sid) == []


NOT_A_RIGHT_TOKEN = [
    ("n25", {"aud": "somebody-else"}, "token.aud"),
    ("n25", {"aud": ["phbportal-cis2", "somebody-else"]}, "token.aud"),
    ("n25", {"iss": "https://somebody-else.example"}, "token.iss"),
    ("n26", {"nonce": "a-nonce"}, "token.nonce"),
    ("n26", {"nonce": ""}, "token.nonce"),
    ("n27", {"events": ...}, "token.events"),
    ("n27", {"events": {}}, "token.events"),
    ("n27", {"events": {EVENT: {}, "https://other.example/event": {}}}, "token.events"),
    ("n27", {"events": {"https://other.example/event": {}}}, "token.events"),
    ("n27", {"events": {EVENT: True}}, "token.events"),
    ("n27", {"events": [EVENT]}, "token.events"),
    ("n27", {"sub": ...}, "token.sub"),
    ("n27", {"sub": "", "sid": "x"}, "token.sub"),
    ("n27", {"sid": 7}, "token.sid"),
    ("n27", {"jti": ...}, "token.jti"),
    ("n27", {"jti": ""}, "token.jti"),
    ("n27", {"jti": ["x"]}, "token.jti"),
    ("n27", {"iat": "an hour ago"}, "token.iat"),
    ("n27", {"iat": "an hour ahead"}, "token.iat"),
    ("n27", {"iat": ...}, "token.iat"),
    ("n27", {"exp": ...}, "token.exp"),
    ("n27", {"exp": 1}, "token.exp"),
]


@pytest.mark.parametrize(
    ("number", "changes", "reason"),
    NOT_A_RIGHT_TOKEN,
    ids=[f"{n}-{r}-{i}" for i, (n, _, r) in enumerate(NOT_A_RIGHT_TOKEN)],
)
def test_n25_to_n27_a_token_that_is_not_quite_right_signs_nobody_out(
    ways: WaysIn, number: str, changes: dict[str, Any], reason: str
) -> None:
    browser = ways.portal.kept("in", lambda _: ways.signed_in("care-identity"))
    now = int(ways.portal.clock().timestamp())
    times = {"an hour ago": now - 3600, "an hour ahead": now + 3600}
    changes = {claim: times.get(v, v) if isinstance(v, str) else v for claim, v in changes.items()}
    if "iat" in changes:
        changes["exp"] = now + 7200
    with ways.portal.refused(reason, kind="back_channel"):
        answer = post(ways, token_of(ways, **changes))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert is_in(browser)


def test_n25_a_token_nobody_of_ours_signed_signs_nobody_out(ways: WaysIn) -> None:
    browser, key = ways.signed_in(NAME), ways.controls[NAME].key
    claims = claims_of(ways)
    secret = key.as_pem(private=False)
    forged = {
        "token.signature": signed_by(claims, header_of(ways), OTHER_KEY),
        "token.kid": signed_by(claims, header_of(ways, kid="nobody-has-this"), OTHER_KEY),
        "token.header": signed_by(claims, header_of(ways, jwk=OTHER_KEY.as_dict(private=False)), OTHER_KEY),
        "token.typ": signed_by(claims, header_of(ways, typ="at+jwt"), key),
        "token.missing": "",
        "token.malformed": "junk",
    }
    for reason, token in forged.items():
        with ways.portal.refused(reason, kind="back_channel"):
            assert post(ways, token).status_code == 400
    for header, sign in (
        ({"alg": "none"}, lambda _: b""),
        ({"alg": "HS256"}, lambda text: hmac.digest(secret, text, "sha256")),
        ({"alg": "RS512"}, lambda _: b"x"),
    ):
        with ways.portal.refused("token.alg", kind="back_channel"):
            assert post(ways, assembled(header_of(ways, **header), claims, sign)).status_code == 400
    assert is_in(browser)


def test_a_token_may_leave_its_type_out_but_not_be_of_another(ways: WaysIn) -> None:
    assert post(ways, token_of(ways, header=header_of(ways, typ=...))).status_code == 200
    with ways.portal.refused("token.typ"):
        assert post(ways, token_of(ways, header=header_of(ways, typ="JWT"))).status_code == 400
    with ways.configured(NAME, logout_token_types=("logout+jwt", "JWT")):  # where a provider is known to say so
        assert post(ways, token_of(ways, header=header_of(ways, typ="JWT"))).status_code == 200


def test_n26_an_id_token_is_no_logout_token(ways: WaysIn) -> None:
    """Whatever it calls itself."""
    browser = ways.signed_in(NAME)
    for typ, reason in (("JWT", "token.typ"), (..., "token.events"), ("logout+jwt", "token.events")):
        token = token_of(ways, header=header_of(ways, typ=typ), nonce="n", events=..., jti=..., auth_time=1)
        with ways.portal.refused(reason):
            assert post(ways, token).status_code == 400
    assert is_in(browser)


def test_n28_one_providers_token_does_not_end_anothers_session_of_the_same_name(ways: WaysIn) -> None:
    """Same sid, same sub: the issuer tells them apart."""
    ways.identity(OTHER, ways.portal.world.cm2.user_id, STAFF)
    with ways.configured(OTHER, audience=("staff",)):
        theirs, ours = ways.signed_in(OTHER, STAFF), ways.signed_in(NAME)
    sid = session_of(ways, ours).op_sid
    where = col(SignInSession.handle) == theirs.handle()
    ways.portal.change(lambda uow: uow.session.execute(update(SignInSession).where(where).values(op_sid=sid)))
    for changes in ({"sid": sid}, {"sid": sid, "sub": ...}, {}):
        assert post(ways, token_of(ways, **changes)).status_code == 200
    assert (is_in(ours), is_in(theirs)) == (False, True)
    with ways.portal.refused("token.kid"):  # and at the other's address it is not even read
        assert post(ways, token_of(ways), OTHER).status_code == 400
    assert is_in(theirs)


def test_the_address_is_for_providers_we_know_and_for_small_forms(ways: WaysIn) -> None:
    portal = ways.portal
    assert post(ways, "x", "nobody").status_code == 404
    browser = portal.browser()
    assert browser.get(f"/auth/backchannel/{NAME}").status_code == 405
    token = token_of(ways)
    for body in (f"logout_token={token}&logout_token={token}", f"logout_token={'x' * 20_000}", f"token={token}", ""):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = browser.request("POST", f"/auth/backchannel/{NAME}", content=body.encode(), headers=headers)
        assert (answer.status_code, answer.headers["cache-control"]) == (400, "no-store")


def test_a_flood_of_tokens_has_a_limit(ways: WaysIn) -> None:
    with ways.portal.limited("logout_tokens", PerMinute(3)):
        assert [post(ways, "junk").status_code for _ in range(5)] == [400] * 3 + [429] * 2


def test_with_the_database_down_the_provider_is_told_it_failed(ways: WaysIn) -> None:
    token = token_of(ways)
    with ways.portal.database_down():
        assert post(ways, token).status_code == 400
    assert post(ways, token).status_code == 200  # it may try again
