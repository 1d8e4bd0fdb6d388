"""The ways in, in a real browser: the page that asks which, a holder's first sign-in with NHS login, and out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.portal import Portal
from tests.browser.visitor import Given
from tests.support.ways_in import FILE

NEVER_SIGNED_IN = "Wilfred Oyelaran"


@pytest.fixture(scope="module")
def arriving(portal: Portal, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """People who come to a portal with all four ways in (the pages are built by the other one)."""
    four = Portal.start(tmp_path_factory.mktemp("four-ways-in"), providers=FILE)
    everybody = Given(chromium, four, {})
    yield everybody
    everybody.everybody_leaves()
    four.stop()


def test_the_page_that_asks_which_way_in_is_for_everybody_wide_and_narrow(arriving: Given) -> None:
    somebody = arriving.somebody().opens("/auth/login")
    somebody.is_content()
    assert somebody.page.locator("main a.nhsuk-button").first.inner_text() == "Continue to NHS login"
    somebody.opens("/auth/invitation").presses("Continue").sees("There is a problem").is_content()
    assert [c for c in somebody.complaints if "CSP" in c] == []


def test_a_holder_signs_in_with_nhs_login_for_the_first_time_and_out_again(arriving: Given) -> None:
    wilfred = arriving.somebody().opens("/my-budget")
    wilfred.follows("Continue to NHS login").presses(NEVER_SIGNED_IN)
    wilfred.page.wait_for_url("**/my-budget")
    wilfred.settles().signs_out(there_too=False).sees("You may still be signed in to NHS login.").is_content()
    assert [c for c in wilfred.complaints if "CSP" in c] == []


def test_somebody_who_does_not_share_is_told_what_that_means_and_can_choose_again(arriving: Given) -> None:
    somebody = arriving.somebody().opens("/auth/login")
    somebody.follows("Continue to NHS login").presses("Do not sign in")
    somebody.sees("You cannot continue without sharing your information", "01632 960 999").is_content()
    somebody.follows("Try again").sees("Sign in with NHS Care Identity")


def test_a_colleague_nobody_invited_is_told_whom_to_ask(arriving: Given) -> None:
    for way in ("Sign in with NHS Care Identity", "Sign in with your work account"):
        somebody = arriving.somebody().opens("/auth/login")
        somebody.follows(way).presses("Somebody the portal does not know")
        somebody.sees("Your account has not been set up for this service. Ask your administrator.").is_content()
