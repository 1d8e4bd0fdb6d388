"""The page that asks how somebody will sign in, and what is remembered of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from phbportal.domain.roles import Role
from tests.sign_in.test_roles_and_codes import invite, onward, use
from tests.support.portal import Portal
from tests.support.ways_in import TENANT, WaysIn, four_ways_in

pytestmark = pytest.mark.usefixtures("tidy")


@pytest.fixture(scope="module")
def ways(portal: Portal) -> Iterator[WaysIn]:
    with four_ways_in(portal) as made:
        portal.hall.clients = {name: c for name, c in portal.hall.clients.items() if name != "development"}
        yield made


def buttons(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="nhsuk-button[^"]*" href="([^"]+)"[^>]*>([^<]+)</a>', page)


def test_nhs_login_comes_first_under_its_own_name_with_a_small_l(ways: WaysIn) -> None:
    """Though it is the third in the file; and without the logo, which is not ours to hand out."""
    answer = ways.portal.browser().get("/auth/login?next=/my-budget")
    assert answer.status_code == 200
    assert buttons(answer.text) == [
        ("/auth/login/nhs-login?next=/my-budget", "Continue to NHS login"),
        ("/auth/login/care-identity?next=/my-budget", "Sign in with NHS Care Identity"),
        ("/auth/login/work?next=/my-budget", "Sign in with your work account"),
        ("/auth/login/example-id?next=/my-budget", "Sign in with Example ID"),
    ]
    assert "<img" not in answer.text
    assert "<svg" not in answer.text


def test_the_last_way_in_is_gone_on_to_and_another_can_be_chosen(ways: WaysIn) -> None:
    browser = ways.signed_in("work")
    assert browser.cookies["__Host-phb-provider"] == "work"
    browser.post("/auth/logout", {"csrf": browser.csrf()})
    answer = browser.get("/auth/login?next=/staff")
    assert (answer.status_code, answer.headers["location"]) == (302, "/auth/login/work?next=/staff")
    assert len(buttons(browser.get("/auth/login?choose=1").text)) == 4
    browser.cookies["__Host-phb-provider"] = "a-provider-of-old"
    assert browser.get("/auth/login").status_code == 200


def test_a_way_in_that_failed_is_not_remembered(ways: WaysIn) -> None:
    browser = ways.portal.browser()
    browser.cookies["__Host-phb-provider"] = "work"
    ways.sign_in("work", "", browser, "guest")
    assert "__Host-phb-provider" not in browser.cookies


def test_a_code_can_be_used_with_any_way_in_and_each_kind_only_for_its_own(ways: WaysIn) -> None:
    """A representative is invited, and signs in with NHS login."""
    page = ways.portal.browser().get("/auth/invitation").text
    assert set(re.findall(r'name="provider" value="([^"]+)"', page)) == set(ways.who)


def test_leaving_a_provider_without_a_sign_out_of_its_own_says_so(ways: WaysIn) -> None:
    for name, known_as in (("nhs-login", "NHS login"), ("care-identity", "NHS Care Identity")):
        browser = ways.signed_in(name)
        browser.post("/auth/logout", {"csrf": browser.csrf()})
        assert f"You may still be signed in to {known_as}." in browser.get("/auth/signed-out").text
        assert "the service you signed in with" in browser.get("/auth/signed-out").text  # said once


def test_where_the_provider_has_a_sign_out_of_its_own_it_is_walked_and_nothing_is_left_to_do(ways: WaysIn) -> None:
    browser = ways.signed_in("work")
    browser.post("/auth/logout", {"csrf": browser.csrf()})
    on = browser.get("/auth/signed-out").headers["refresh"].partition("; url=")[2]
    back = browser.get(on.removeprefix(ways.portal.origin)).headers["location"]
    assert back.startswith(f"{ways.portal.origin}/auth/signed-out?state=")
    elsewhere = ways.portal.browser().get(back)  # a link to it is a link like any other
    last = browser.get(back)
    assert ("still be signed in" in elsewhere.text, "still be signed in" in last.text) == (True, False)
    assert "You have been signed out" in last.text
    assert "refresh" not in last.headers
    assert "__Host-phb-leaving" not in browser.cookies


def test_a_newcomer_uses_a_code_with_each_way_in_for_staff(ways: WaysIn) -> None:
    for name, newcomer in (("care-identity", "somebody-new"), ("work", f"{TENANT}:somebody-new")):
        browser = ways.portal.browser()
        asked = onward(use(browser, invite(ways.portal, Role.CLINICIAN), name))
        assert browser.get(browser.choose(asked, newcomer)).headers["location"] == "/staff"
