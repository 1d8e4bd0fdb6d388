"""A setting proposed by one person and approved by another, in real browsers, with the queue between them."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.stops import APPROVER, AUDITOR, CASE_MANAGER, FINANCE, SECOND_FINANCE
from tests.browser.test_office import confirmed
from tests.browser.visitor import NARROW, Given, Visitor

YEAR = datetime.now(UTC).year + 1


def proposes(visitor: Visitor, value: str, *, source: str = "") -> None:
    for label, typed in (("Day", "1"), ("Month", "4"), ("Year", str(YEAR))):
        visitor.page.get_by_label(label, exact=True).fill(typed)
    visitor.types("Why?", "Agreed at the board of 6 April.")
    if source:
        visitor.types("Where it stands", source).types("Amount in pounds", value)
    else:
        visitor.types("Setting", value)
    visitor.presses("Propose it").sees("It is proposed.", "Waiting for a second person", "someone else must decide it")


def test_a_setting_is_proposed_found_in_the_queue_and_approved_by_another(given: Given) -> None:
    denise = given.freshly_signed_in(FINANCE).opens("/staff/settings", shows="as is usual")
    denise.follows("Payments left over that count as a surplus").sees("8 weeks")
    proposes(denise, "6")
    denise.is_content()
    denise.opens("/staff/changes", shows="Payments left over").is_content()
    ruth = confirmed(given.freshly_signed_in(APPROVER)).opens("/staff", shows="Changes to decide")
    ruth.follows(f"Payments left over that count as a surplus, from 1 April {YEAR}")
    ruth.sees("8 weeks", "6 weeks", "Agreed at the board")
    ruth.is_content()
    ruth.presses("Approve it").sees("You have approved it, and it is done.", "Approved")
    ruth.opens("/staff/changes", shows="Decided lately").sees("Payments left over")
    marta = given.freshly_signed_in(CASE_MANAGER).opens("/staff/settings", shows=f"6 weeks from 1 April {YEAR}")
    marta.is_content()


def test_a_rate_is_returned_on_a_small_phone_and_its_note_is_read(given: Given) -> None:
    denise = given.freshly_signed_in(FINANCE).opens("/staff/rates/mileage", shows="£0.45")
    proposes(denise, "0.55", source="GOV.UK")
    address = denise.page.url.split("?")[0]
    kofi = given.freshly_signed_in(SECOND_FINANCE, viewport=NARROW).opens("/staff/changes", shows="Mileage")
    kofi.follows(f"Mileage, a mile, for the first 10,000 miles, from 1 April {YEAR}").sees("£0.55", "GOV.UK")
    kofi.presses("Return it").sees("Say what must be different").is_content()
    kofi.types("Or say what must be different", "It is 45p still.").presses("Return it")
    kofi.sees("You have returned it.", "Returned")
    denise.page.goto(address)
    denise.settles("It is 45p still.").is_content()


def test_approving_asks_who_one_is_and_keeps_the_note(given: Given) -> None:
    denise = given.freshly_signed_in(FINANCE).opens("/staff/settings/contingency_weeks", shows="1 week")
    proposes(denise, "2")
    address = denise.page.url.split("?")[0]
    yasmin = given.freshly_signed_in(AUDITOR)
    yasmin.page.goto(address)
    yasmin.settles("You will be asked to confirm it is you.")
    yasmin.types("Note (optional)", "Seen with the minutes.").presses("Approve it")
    yasmin.page.wait_for_url("**/dev-idp/**")
    yasmin.presses(AUDITOR)
    yasmin.page.wait_for_url(lambda url: url.startswith(address))
    yasmin.settles("You have confirmed it is you.")
    expect(yasmin.page.get_by_label("Note (optional)", exact=True)).to_have_value("Seen with the minutes.")
    yasmin.presses("Approve it").sees("You have approved it, and it is done.", "Seen with the minutes.")
