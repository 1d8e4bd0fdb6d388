"""Negative tests 4 and 68–72: each kind of provider signs its own people in, and nobody it is not sure enough of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update
from sqlmodel import col

from phbportal.domain.roles import Role
from phbportal.gateways.identity.assertion import OneMinuteAssertion
from phbportal.sign_in.keys import digest
from phbportal.tables.sessions import AuthFlow, SignInSession
from phbportal.tables.users import Assignment
from tests.support.portal import Portal
from tests.support.ways_in import NAMES, STAFF, TENANT, WaysIn, four_ways_in

pytestmark = pytest.mark.usefixtures("tidy")


@pytest.fixture(scope="module")
def ways(portal: Portal) -> Iterator[WaysIn]:
    with four_ways_in(portal) as made:
        yield made


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


HOMES = {"nhs-login": "/my-budget", "care-identity": "/staff", "work": "/staff", "example-id": "/provider"}
ASSURANCE = {"nhs-login": "P9.Cp.Cd", "care-identity": "AAL2_OR_AAL3_ANY", "work": "", "example-id": "development"}


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_provider_signs_its_own_people_in(ways: WaysIn, name: str) -> None:
    browser = ways.portal.browser()
    answer = ways.sign_in(name, browser=browser)
    assert (answer.status_code, answer.headers["location"]) == (303, HOMES[name])
    (row,) = ways.portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    assert (row.provider, row.assurance) == (name, ASSURANCE[name])


# number, way, faults, reason
REFUSED = [
    ("n68", "work", ("tenant",), "claim.tid"),
    ("n68", "work", ("object",), "identity.unknown"),  # the same address, another person
    ("n68", "work", ("guest",), "claim.acct"),
    ("n68", "work", ("account_type_missing",), "claim.acct"),
    ("n68", "work", ("app_roles_missing",), "claim.roles"),
    ("n68", "work", ("app_roles_other",), "claim.roles"),
    ("n69", "care-identity", ("no_roles",), "claim.nhsid_nrbac_roles"),
    ("n69", "care-identity", ("roles_missing",), "claim.nhsid_nrbac_roles"),
    ("n69", "care-identity", ("roles_odd",), "claim.nhsid_nrbac_roles"),
    ("n69", "care-identity", ("selected_other",), "claim.selected_roleid"),
    ("n70", "nhs-login", ("vot_p5",), "assurance.low"),
    ("n70", "nhs-login", ("vot_p0",), "assurance.low"),
    ("n70", "nhs-login", ("vot_one_factor",), "assurance.low"),
    ("n70", "nhs-login", ("vot_missing",), "assurance.low"),
    ("n71", "care-identity", ("acr_low",), "assurance.low"),
    ("n71", "care-identity", ("aal_missing",), "assurance.low"),
    ("n71", "care-identity", ("aal_word",), "assurance.low"),
    ("n71", "care-identity", ("aal_low",), "assurance.low"),
    ("n71", "care-identity", ("ial_missing",), "assurance.low"),
    ("n71", "care-identity", ("ial_low",), "assurance.low"),
    ("n19", "nhs-login", ("userinfo_sub",), "userinfo.sub"),
    ("n12", "nhs-login", ("other_key",), "token.signature"),
    ("n13", "care-identity", ("iss_slash",), "token.iss"),
]


@pytest.mark.parametrize(
    ("number", "name", "faults", "reason"), REFUSED, ids=[f"{n}-{w}-{'-'.join(f)}" for n, w, f, _ in REFUSED]
)
def test_n68_to_n71_somebody_the_provider_is_not_sure_enough_of_is_not_signed_in(
    ways: WaysIn, number: str, name: str, faults: tuple[str, ...], reason: str
) -> None:
    browser = ways.portal.browser()
    with ways.portal.refused(reason, kind="sign_in"):
        answer = ways.sign_in(name, "", browser, *faults)
    assert answer.status_code == (403 if reason.split(".")[0] in ("claim", "identity", "assurance") else 400)
    assert "__Host-phb" not in browser.cookies
    assert reason not in answer.text


def test_n68_staff_are_told_who_can_set_their_account_up_and_holders_whom_to_call(ways: WaysIn) -> None:
    for fault in ("tenant", "guest", "app_roles_missing", "object"):
        answer = ways.sign_in("work", "", None, fault)
        assert "Your account has not been set up for this service. Ask your administrator." in answer.text
    assert "cannot find a personal health budget for you" in ways.sign_in("nhs-login", "somebody-new").text


def test_n69_a_role_at_an_organisation_we_do_not_serve_signs_nobody_in(ways: WaysIn) -> None:
    with ways.configured("care-identity", organisation_codes={"QT1": "QZZ"}):
        with ways.portal.refused("identity.organisation"):
            assert ways.sign_in("care-identity").status_code == 403


def test_n69_a_role_at_another_board_does_not_open_the_roles_of_this_one(ways: WaysIn) -> None:
    """The codes of the sites of a board are written down in the configuration."""
    with ways.configured("care-identity", organisation_codes={"QT1": "QT2"}):
        with ways.portal.refused("identity.no_role"):
            assert ways.sign_in("care-identity").status_code == 403


def test_n69_somebody_of_two_boards_works_in_the_one_whose_role_they_chose(ways: WaysIn) -> None:
    """The whole session long: the other board's role is not offered afterwards either."""
    portal, world = ways.portal, ways.portal.world
    portal.change(
        lambda uow: uow.add(
            Assignment, user_id=world.cm.user_id, role=Role.FINANCE.value, icb_id=world.other_icb,
            valid_from=world.today - timedelta(days=1),
        )
    )  # fmt: skip
    try:
        browser = portal.browser()
        assert ways.sign_in("care-identity", browser=browser).headers["location"] == "/staff"
        for _ in ("as signed in", "and as chosen, which is another session"):
            offered = browser.get("/auth/choose-role").text
            assert "NHS Test One ICB" in offered
            assert "NHS Test Two ICB" not in offered
            chosen = {"csrf": browser.csrf(), "assignment": str(world.cm.assignment_id)}
            assert browser.post("/auth/choose-role", chosen).headers["location"] == "/staff"
        with ways.configured("care-identity", scopes=("openid", "nationalrbacaccess")):
            answer = ways.sign_in("care-identity", "", None, "selected_missing")
            assert answer.headers["location"] == "/auth/choose-role?next=/"
        with portal.refused("claim.selected_roleid"):  # asked to choose, and yet several
            assert ways.sign_in("care-identity", "", None, "selected_missing").status_code == 403
    finally:
        where = (col(Assignment.user_id) == world.cm.user_id, col(Assignment.icb_id) == world.other_icb)
        portal.change(lambda uow: uow.session.execute(update(Assignment).where(*where).values(revoked_at=uow.now)))


def test_n70_the_levels_that_were_asked_for_bind_the_answer_whatever_the_settings_say_by_then(ways: WaysIn) -> None:
    portal, browser = ways.portal, ways.portal.browser()
    with ways.configured("nhs-login", levels=("P9.Cm",)):
        asked = browser.leave(provider="nhs-login")
        assert query(asked)["vtr"] == '["P9.Cm"]'
    address = browser.choose(asked, ways.who["nhs-login"])
    where = col(AuthFlow.state_hash) == digest(query(address)["state"])
    (flow,) = portal.rows(AuthFlow, where)
    assert json.loads(flow.asked) == ["P9.Cm"]
    portal.change(lambda uow: uow.session.execute(update(AuthFlow).where(where).values(asked=json.dumps(["P9.Cp.Ck"]))))
    with portal.refused("assurance.low"):
        assert browser.get(address).status_code == 403


def test_nhs_login_is_asked_exactly_what_it_registered_and_nothing_it_does_not_know(ways: WaysIn) -> None:
    asked = query(ways.portal.browser().leave(provider="nhs-login"))
    assert asked["vtr"] == '["P9.Cp.Cd","P9.Cp.Ck","P9.Cm"]'
    assert asked["scope"] == "openid profile profile_extended email phone"
    step_up = ways.client("nhs-login").asks(step_up=True)
    assert step_up.parameters == {"vtr": asked["vtr"], "prompt": "login"}
    assert step_up.accepted == ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")
    assert not {"max_age", "acr_values", "login_hint", "id_token_hint", "prompt"} & set(asked)


def test_care_identity_asks_which_role_every_time(ways: WaysIn) -> None:
    asked = query(ways.portal.browser().leave(provider="care-identity"))
    assert (asked["acr_values"], asked["prompt"]) == ("AAL2_OR_AAL3_ANY", "login")
    with ways.configured("care-identity", step_up_levels=("AAL3_ANY",)):
        assert ways.client("care-identity").asks(step_up=True).accepted == ("AAL3_ANY",)


@pytest.mark.parametrize("fault", ["", "context_missing", "context_other", "context_text"])
def test_n71_an_entra_step_up_satisfies_the_context_that_was_asked_for(ways: WaysIn, fault: str) -> None:
    browser = ways.signed_in("work")
    assert "claims" not in query(ways.portal.browser().leave(provider="work"))
    with ways.configured("work", step_up_levels=("c1",)):
        left = browser.get("/auth/step-up?next=/staff").headers["location"]
        assert (query(left)["prompt"], json.loads(query(left)["claims"])) == (
            "login", {"id_token": {"acrs": {"essential": True, "value": "c1"}}},
        )  # fmt: skip
        ways.controls["work"].fail(*filter(None, [fault]))
        with ways.portal.door() as events:
            answer = browser.get(browser.choose(left, ways.who["work"]))
        ways.controls["work"].fail()
        assert ways.signed_in("work")  # which is asked for no context, and needs none
    (row,) = ways.portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    assert (answer.status_code, row.step_up_until is None) == ((403, True) if fault else (303, False))
    assert [e.reason for e in events] == ["assurance.low" if fault else ""]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 200, "You cannot continue without sharing your information"),
        ("consent_required", 200, "You cannot continue without sharing your information"),
        ("temporarily_unavailable", 503, "NHS login is not available at the moment"),
        ("server_error", 503, "NHS login is not available at the moment"),
        ("sso_login_required", 400, "Start your sign-in again"),
        ("login_required", 400, "Start your sign-in again"),
        ("interaction_required", 400, "Start your sign-in again"),
        ("account_selection_required", 400, "Start your sign-in again"),
        ("invalid_scope", 400, "We could not sign you in"),
        ("unauthorized_client", 400, "We could not sign you in"),
        ("never_heard_of", 400, "We could not sign you in"),
    ],
)
def test_each_error_nhs_login_may_answer_with_is_put_in_words(
    ways: WaysIn, error: str, status: int, words: str
) -> None:
    browser = ways.portal.browser()
    state = query(browser.leave(provider="nhs-login"))["state"]
    with ways.portal.door() as events:
        answer = browser.get(f"/auth/callback/nhs-login?state={state}&error={error}&error_description=ConsentNotGiven")
    assert answer.status_code == status
    assert words in answer.text
    assert "ConsentNotGiven" not in answer.text
    assert [(e.kind, e.outcome) for e in events] == [("sign_in", "refused")]
    assert "/auth/login?choose=1" in answer.text


def test_a_colleague_who_turns_back_at_their_own_sign_in_is_not_told_of_sharing(ways: WaysIn) -> None:
    browser = ways.portal.browser()
    answer = browser.get(browser.choose(browser.leave(provider="work"), "", refuse="yes"))
    assert (answer.status_code, "You are not signed in" in answer.text) == (200, True)


def test_with_nhs_login_down_holders_have_a_number_to_call_and_staff_still_sign_in(
    ways: WaysIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = ways.portal
    monkeypatch.setattr(portal.hall.settings, "contact_phone", "01452 000000")
    ways.controls["nhs-login"].fail("discovery_down")
    with portal.later(hours=30), portal.refused("provider.unavailable"):
        answer = portal.browser().get("/auth/login/nhs-login")
        assert (answer.status_code, "01452 000000" in answer.text) == (503, True)
        assert "NHS login is not available" in answer.text
    ways.controls["nhs-login"].fail()
    assert ways.sign_in("work").status_code == 303


def test_n04_the_answer_of_one_provider_is_nothing_to_the_callback_of_another(ways: WaysIn) -> None:
    for name in NAMES:
        other = NAMES[(NAMES.index(name) + 1) % len(NAMES)]
        browser = ways.portal.browser()
        address = browser.choose(browser.leave(provider=name), ways.who[name])
        with ways.portal.refused("flow.state"):
            answer = browser.get(address.replace(f"/callback/{name}", f"/callback/{other}"))
        assert answer.status_code == 400
        assert browser.get(address).status_code == 303  # and at its own it is still good


@pytest.mark.parametrize("issuer", ["ORIGIN/dev-idp/example-id", "https://somebody-else.example", "", "ORIGIN"])
def test_n05_the_issuer_of_another_provider_in_the_answer_is_refused(ways: WaysIn, issuer: str) -> None:
    browser = ways.portal.browser()
    address = browser.choose(browser.leave(provider="nhs-login"), ways.who["nhs-login"])
    with ways.portal.refused("flow.iss"):
        assert browser.get(f"{address}&iss={issuer.replace('ORIGIN', ways.portal.origin)}").status_code == 400


def test_n72_what_proves_us_to_one_provider_proves_nothing_to_another(ways: WaysIn, portal: Portal) -> None:
    """Signed for the second's own address even, as an assertion carried over by a dishonest first would be."""
    first, second = ways.client("example-id"), ways.client("work")

    def error(signer: Any, provider: Any) -> str:
        assertion = OneMinuteAssertion(provider, signer._secret, portal.clock).sign(None, "")
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        form = {"client_assertion_type": kind, "client_assertion": assertion, "grant_type": "authorization_code"}
        return portal.browser().post(second.provider.issuer + "/token", {**form, "code": "x"}).json()["error"]

    to_second = replace(second.provider, assertion_audience="issuer")
    assert error(second, to_second) == "invalid_grant"  # the client is known, the code is not
    assert error(first, to_second) == "invalid_client"
    assert error(first, replace(first.provider, assertion_audience="issuer")) == "invalid_client"


def test_the_people_of_each_way_in_are_its_own(ways: WaysIn) -> None:
    browser = ways.portal.browser()
    pages = {name: browser.get(browser.leave(provider=name)).text for name in NAMES}
    assert STAFF in pages["care-identity"]
    assert STAFF not in pages["work"]
    assert TENANT in pages["work"]
    assert "Hal Verity" not in pages["care-identity"]
    for page in pages.values():
        assert "Somebody the portal does not know" in page
