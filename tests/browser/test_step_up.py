"""Confirming who one is before approving, in a real browser and by the development sign-in; the pages of one's own
sign-ins and of who has looked.

Numbers are those of the negative tests in the project's security document.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.stops import APPROVER, AUDITOR, HOLDER, SECOND_FINANCE
from tests.browser.visitor import NARROW, Given

NOTE = "Agreed at the panel of 6 April."


def test_an_approver_confirms_who_they_are_and_comes_back_to_what_they_typed(given: Given) -> None:
    ruth = given.freshly_signed_in(APPROVER).opens("/staff/phbs/{emrys_phb}/plan/approve", shows="Your decision")
    ruth.sees("You will be asked to confirm it is you.")
    before, at = ruth.secret, ruth.page.url
    ruth.types("Note (optional)", NOTE).presses("Approve the plan and its budget")
    ruth.page.wait_for_url("**/dev-idp/**")
    ruth.sees("Choose who to sign in as").presses(APPROVER)
    ruth.page.wait_for_url(lambda url: url.startswith(at))
    ruth.settles("You have confirmed it is you.")
    assert NOTE not in ruth.page.url
    expect(ruth.page.get_by_label("Note (optional)", exact=True)).to_have_value(NOTE)
    ruth.does_not_see("You will be asked to confirm it is you.")
    ruth.is_content()
    ruth.page.reload()
    ruth.settles("Your decision")
    expect(ruth.page.get_by_label("Note (optional)", exact=True)).to_have_value(NOTE)
    assert ruth.secret != before
    ruth.presses("Approve the plan and its budget")
    ruth.page.wait_for_url("**done=approved")
    ruth.settles("You have approved the plan.")


def test_n52_somebody_else_at_the_same_screen_approves_nothing(given: Given) -> None:
    kofi = given.freshly_signed_in(SECOND_FINANCE)
    kofi.opens("/staff/phbs/{harpreet_phb}/money/confirm?payment={harpreet_payment}", shows="When did the money leave?")
    kofi.page.get_by_label("Day", exact=True).fill("1")
    kofi.presses("Confirm the payment")
    kofi.page.wait_for_url("**/dev-idp/**")
    kofi.presses(APPROVER)
    kofi.sees("You signed in as somebody else").is_content()
    kofi.follows("Go back").settles("When did the money leave?")
    expect(kofi.page.get_by_label("Day", exact=True)).to_have_value("1")
    kofi.sees("You will be asked to confirm it is you.", "Waiting to be confirmed")


def test_n76_signing_out_everywhere_closes_the_pages_of_another_browser(given: Given) -> None:
    phone = given.freshly_signed_in(HOLDER, viewport=NARROW).opens("/my-budget", shows="left to spend")
    desk = given.freshly_signed_in(HOLDER).opens("/my-budget", shows="left to spend")
    desk.follows("Where I am signed in").page.wait_for_url("**/auth/sessions")
    desk.sees("Chrome on Linux, this browser")
    assert desk.page.get_by_role("button", name="Sign out there").count() >= 1
    desk.is_content()
    desk.presses("Sign out everywhere")
    desk.page.wait_for_url("**/auth/signed-out*")
    phone.page.wait_for_url("**/auth/signed-out")
    phone.does_not_see("left to spend")


def test_a_holder_reads_who_has_looked_at_their_record(given: Given) -> None:
    given.signed_in(AUDITOR).opens("/staff/phbs/{gareth_phb}/plan", shows="Waking night care")
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows="left to spend")
    gareth.follows("Who has looked").page.wait_for_url("**/my-budget/who-has-looked")
    gareth.settles("Yasmin Farouk, auditor, looked at").is_content()
