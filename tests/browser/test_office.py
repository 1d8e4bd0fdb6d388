"""An invitation walked by two people in a real browser, to the code on paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.stops import ADMIN, APPROVER
from tests.browser.visitor import Given, Visitor


def confirmed(visitor: Visitor) -> Visitor:
    """As if they had just confirmed that it is them."""
    visitor.portal.change_session(visitor.secret, step_up_until=datetime.now(UTC) + timedelta(minutes=5))
    return visitor


def test_an_invitation_is_granted_by_a_second_person_and_its_code_is_all_that_is_printed(given: Given) -> None:
    grace = confirmed(given.freshly_signed_in(ADMIN)).opens("/staff/invite", shows="Invite somebody")
    grace.types("Full name", "Nia Newcomer").types("Why do they need it?", "Joins the team.")
    grace.page.get_by_label("Clinician").check()
    grace.presses("Propose this person").sees("Waiting for a second person", "someone else must decide it")
    ruth = confirmed(given.freshly_signed_in(APPROVER)).opens("/staff", shows="Clinician for Nia Newcomer")
    ruth.follows("Clinician for Nia Newcomer").sees("Not here yet", "Joins the team.")
    ruth.presses("Grant it").sees("You have granted it.")
    grace.opens("/staff", shows="Make the code for Nia Newcomer").follows("Make the code for Nia Newcomer")
    grace.presses("Make the code").sees("and type this code:")
    grace.is_content()
    code = grace.page.locator(".phb-letter__code")
    assert len(code.inner_text()) == 24
    grace.page.emulate_media(media="print")
    expect(code).to_be_visible()
    for hidden in ("h1", ".nhsuk-header__service-name", ".nhsuk-summary-list", ".nhsuk-card--warning"):
        assert grace.page.locator(hidden).first.evaluate("e => getComputedStyle(e).visibility") == "hidden", hidden
    grace.page.emulate_media(media="screen")
    grace.opens("/staff/invitations", shows="Nia Newcomer").does_not_see("and type this code:")
