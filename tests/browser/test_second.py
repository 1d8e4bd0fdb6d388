"""A form of the engine that two people decide, worked end to end in real browsers: proposed, returned with a reason,
found on the work list, proposed anew with what was typed, approved, and only then there."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.stops import ADMIN, APPROVER, CLINICIAN
from tests.browser.test_office import confirmed
from tests.browser.visitor import NARROW, Given

WORDS = "Dear {person_name},\n\nPlease come to your review on {starts_on}.\n\n{case_manager_name}"
TITLE = "Your review"


def test_a_template_is_proposed_returned_proposed_anew_and_approved(given: Given) -> None:
    grace = given.freshly_signed_in(ADMIN).opens("/staff/templates", shows="letters and agreements of your board")
    grace.follows("Add a template").sees("Another person must approve this")
    grace.presses("Propose it").sees("Enter the words.", "Say why, so that the second person can judge it.")
    grace.is_content()
    grace.page.get_by_label("What it is for").select_option("REVIEW")
    grace.types("Title", TITLE).types("Words", WORDS.replace("person_name", "nmae"))
    for label, typed in (("Day", "6"), ("Month", "4"), ("Year", "2026")):
        grace.page.get_by_label(label, exact=True).fill(typed)
    grace.types("Why?", "We had none.").presses("Propose it").sees("Nothing can be filled in for {nmae}.")
    grace.types("Words", WORDS).presses("Propose it")
    grace.sees("It is proposed.", "Waiting for a second person", "someone else must decide it").is_content()
    grace.opens("/staff/templates", shows="letters and agreements of your board").does_not_see(TITLE)

    ruth = confirmed(given.freshly_signed_in(APPROVER, viewport=NARROW)).opens("/staff", shows="Changes to decide")
    ruth.follows(f"Add a template: {TITLE}").sees("Dear {person_name},", "We had none.").is_content()
    ruth.types("Or say what must be different", "Say where, too.").presses("Return it").sees("You have returned it.")

    grace.opens("/staff", shows="Changes returned to you").sees("Say where, too.").is_content()
    grace.follows(f"Add a template: {TITLE}").sees("What now?").is_content()
    grace.follows("Propose it anew").sees("Another person must approve this")
    expect(grace.page.get_by_label("Words", exact=True)).to_have_value(WORDS)
    expect(grace.page.get_by_label("Why?", exact=True)).to_have_value("We had none.")
    grace.types("Words", WORDS + "\n\nWe meet at {organisation_name}.").presses("Propose it").sees("It is proposed.")
    grace.opens("/staff").does_not_see("Changes returned to you")

    ruth.opens("/staff", shows="Changes to decide").follows(f"Add a template: {TITLE}")
    ruth.sees("We meet at {organisation_name}.").presses("Approve it").sees("You have approved it, and it is done.")

    joan = given.freshly_signed_in(CLINICIAN).opens("/staff/templates", shows=TITLE)
    joan.follows(TITLE).sees("We meet at {organisation_name}.", "Letter: invitation to a review").is_content()
