"""A refusal reconsidered and changed, in real browsers: prepared, approved, read, not agreed with, answered."""

from __future__ import annotations

from tests.browser.stops import APPROVER, CASE_MANAGER, SEVERAL
from tests.browser.test_office import confirmed
from tests.browser.visitor import NARROW, Given

SECOND_APPROVER = "Owen Prosser"
REASONS = "The short breaks you asked for are paid for in another way already, so a budget would not add to them."
ANSWER = "We had not understood that the other breaks end in June. From then on a budget is the right way."
SAID = "We have decided not to give you a personal health budget."


def test_a_refusal_is_read_in_plain_words_not_agreed_with_and_changed(given: Given) -> None:
    marta = given.freshly_signed_in(CASE_MANAGER).opens("/staff/phbs/{toby_phb}", shows="Decisions")
    marta.follows("Prepare a decision").sees("What do you want to decide?")
    marta.page.get_by_label("Refuse a personal health budget", exact=True).check()
    marta.presses("Continue").sees("Which ground in the law?").is_content()
    marta.presses("Send it to a second person").sees("Write the reasons to the person").is_content()
    marta.page.get_by_label("is not appropriate to secure the care").check()
    marta.types("The reasons, written to the person", REASONS).presses("Send it to a second person")
    marta.sees("The decision is prepared.", "The letter, as it will be sent", SAID, REASONS).is_content()

    ruth = confirmed(given.freshly_signed_in(APPROVER)).opens("/staff", shows="Decisions to approve")
    ruth.follows("Refuse a personal health budget: Toby Ellis").sees("If you do not agree, you can ask us")
    ruth.is_content()
    ruth.presses("Approve the decision").sees("You have approved the decision. The letter is on its way.")

    toby = given.freshly_signed_in(SEVERAL, viewport=NARROW).opens("/my-decisions", shows=SAID)
    toby.is_content()
    toby.page.get_by_role("link", name="Read why, and what you can do").first.click()
    toby.sees(REASONS, "You can have somebody to help you.")
    toby.presses("Turn easy read on").sees("Easy read is on.").is_content()
    toby.presses("Turn easy read off").sees("Easy read has bigger words")
    toby.presses("Ask us to look at it again").sees("Tell us why you do not agree.").is_content()
    toby.types("Why do you not agree?", "The other breaks end in June.").presses("Ask us to look at it again")
    toby.sees("You have asked us to look at this decision again.", "We will answer by").is_content()
    address = toby.page.url

    owen = confirmed(given.freshly_signed_in(SECOND_APPROVER)).opens("/staff", shows="does not agree with")
    owen.follows("Answer: refuse a personal health budget, Toby Ellis").sees("The other breaks end in June.")
    owen.follows("Answer").sees("What comes of it?").is_content()
    owen.page.get_by_label("The decision is changed").check()
    owen.types("The reasons, written to the person", ANSWER).presses("Send the answer")
    owen.sees("You have answered. The letter is on its way.", "Changed after reconsideration").is_content()

    toby.page.goto(address)
    toby.settles("We looked at it again and changed it.").sees(ANSWER).is_content()
    toby.opens("/my-budget", shows="You and your team are writing your plan.")
