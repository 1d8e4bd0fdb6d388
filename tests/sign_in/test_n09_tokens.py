"""Negative tests 5, 6, 9–19 and 29 over HTTP: a provider that goes wrong signs nobody in.

Each fault is switched on at the live provider; the portal's callback must refuse, write the reason once, and leave no
session. The same words are shown for every fault that would tell an attacker which check failed.
"""

from __future__ import annotations

import pytest

from tests.support.portal import Portal

pytestmark = pytest.mark.usefixtures("tidy")

# number, faults, reason
REFUSED = [
    ("n05", ("redirect_iss",), "flow.iss"),
    ("n06", ("redirect_iss_missing",), "flow.iss"),
    ("n09", ("none",), "token.alg"),
    ("n09", ("none", "discovery_none"), "token.alg"),
    ("n10", ("hs256",), "token.alg"),
    ("n12", ("other_key",), "token.signature"),
    ("n12", ("kid_unknown",), "token.kid"),
    ("n12", ("jwk",), "token.header"),
    ("n12", ("jku",), "token.header"),
    ("n12", ("x5u",), "token.header"),
    ("n12", ("crit",), "token.header"),
    ("n13", ("iss",), "token.iss"),
    ("n13", ("iss_missing",), "token.iss"),
    ("n13", ("iss_slash",), "token.iss"),
    ("n14", ("aud",), "token.aud"),
    ("n14", ("aud_list",), "token.aud"),
    ("n14", ("aud_azp",), "token.aud"),
    ("n14", ("azp",), "token.azp"),
    ("n15", ("expired",), "token.exp"),
    ("n15", ("exp_missing",), "token.exp"),
    ("n15", ("exp_text",), "token.exp"),
    ("n16", ("iat_ahead",), "token.iat"),
    ("n16", ("iat_old",), "token.iat"),
    ("n16", ("nbf",), "token.nbf"),
    ("n17", ("nonce",), "token.nonce"),
    ("n17", ("nonce_missing",), "token.nonce"),
    ("n17", ("at_hash",), "token.at_hash"),
    ("n17", ("sub_missing",), "token.sub"),
    ("n17", ("sub_empty",), "token.sub"),
    ("n17", ("sub_number",), "token.sub"),
    ("n17", ("sub_long",), "token.sub"),
    ("n18", ("typ",), "token.typ"),
    ("n18", ("typ_access",), "token.typ"),
    ("n18", ("access_token_as_id_token",), "token.malformed"),
    ("n19", ("no_id_token",), "token.missing"),
    ("n19", ("big",), "token.size"),
    ("n19", ("userinfo_sub",), "userinfo.sub"),
    ("n19", ("userinfo_401",), "userinfo.refused"),
]
DOWN = [("token_down",), ("userinfo_down",)]


@pytest.mark.parametrize(("number", "faults", "reason"), REFUSED, ids=[f"{n}-{'-'.join(f)}" for n, f, _ in REFUSED])
def test_n09_to_n19_an_answer_with_a_fault_signs_nobody_in(
    portal: Portal, number: str, faults: tuple[str, ...], reason: str
) -> None:
    browser = portal.browser()
    before = browser.leave()
    portal.control.fail(*faults)
    with portal.refused(reason, kind="sign_in"):
        answer = browser.get(browser.choose(before, "cm"))
    assert answer.status_code == 400
    assert "__Host-phb" not in browser.cookies
    assert "We could not sign you in" in answer.text
    assert reason not in answer.text


@pytest.mark.parametrize("faults", DOWN, ids=[f[0] for f in DOWN])
def test_n29_a_provider_that_breaks_down_half_way_signs_nobody_in(portal: Portal, faults: tuple[str, ...]) -> None:
    browser = portal.browser()
    before = browser.leave()
    portal.control.fail(*faults)
    with portal.refused("provider.unavailable"):
        assert browser.get(browser.choose(before, "cm")).status_code == 503
    portal.control.fail()
    assert browser.sign_in("cm").status_code == 303


@pytest.mark.parametrize(
    ("fault", "reason", "hours"),
    [("discovery_down", "provider.unavailable", 2), ("discovery_issuer", "provider.issuer", 3)],
)
def test_n29_a_provider_whose_own_description_fails_is_not_left_for(
    portal: Portal, fault: str, reason: str, hours: int
) -> None:
    portal.control.fail(fault)
    with portal.later(hours=hours), portal.refused(reason):  # what was kept of it is an hour old at most
        assert portal.browser().get("/auth/login/development").status_code == 503


def test_n29_a_provider_whose_keys_cannot_be_had_signs_nobody_in(portal: Portal) -> None:
    with portal.later(hours=4):
        browser = portal.browser()
        before = browser.leave()
        portal.control.fail("jwks_down")
        with portal.refused("provider.unavailable"):
            assert browser.get(browser.choose(before, "cm")).status_code == 503


def test_n29_a_new_key_in_mid_flow_is_no_fault(portal: Portal) -> None:
    with portal.later(hours=6):
        browser = portal.browser()
        before = browser.leave()
        portal.control.rotate_key()
        portal.control.fail("jwks_unknown_kty")
        assert browser.get(browser.choose(before, "cm")).status_code == 303


def test_somebody_who_says_no_is_told_what_that_means(portal: Portal) -> None:
    browser = portal.browser()
    before = browser.leave()
    with portal.refused("provider.access_denied"):
        answer = browser.get(browser.choose(before, "", refuse="yes"))
    assert (answer.status_code, "without sharing your information" in answer.text) == (200, True)


def test_a_flood_of_refused_sign_ins_from_one_address_is_counted(portal: Portal) -> None:
    with portal.later(hours=8), portal.refused("flow.state", times=50) as events:
        for _ in range(50):
            assert portal.browser().get("/auth/callback/development?state=x&code=y").status_code == 400
    assert [e.times for e in events] == [1] * 20 + [30]
