"""A review from both sides in real browsers: the holder says how it works, the case manager finds it there and holds
the review, and the holder reads when the next one is."""

from __future__ import annotations

from tests.browser.stops import HOLDER
from tests.browser.visitor import NARROW, Given

MANAGER = "Tunde Bakare"
FOUND = "The nights are safe, and he gets out twice a week with somebody he chose."


def test_a_holder_is_asked_and_the_review_is_held(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER, viewport=NARROW).opens("/my-plan", shows="When we look at it again")
    gareth.follows("See what we will ask, or ask for a review").sees("What should change?", "Tell us before the review")
    gareth.is_content()
    gareth.presses("Send").sees("Choose how well your budget works.").is_content()
    gareth.page.get_by_label("Well", exact=True).check()
    gareth.page.get_by_label("Yes, I decide", exact=True).check()
    gareth.types("What do you want to tell us?", "I like the new assistant.").presses("Send")
    gareth.sees("Thank you. Your team reads this before the review.", "What you have said so far")

    tunde = given.freshly_signed_in(MANAGER).opens("/staff/phbs/{gareth_phb}", shows="First review")
    tunde.follows("First review").sees("I like the new assistant.", "Hold the review").is_content()
    tunde.presses("Save the review").sees("Say what you found.", "Say whether the care is safe.").is_content()
    tunde.types("Who was there?", "Gareth and his wife").types("What did you find?", FOUND)
    for field, answer in (("is_safe", "yes"), ("is_enough", "yes"), ("money_used", "AS_AGREED"),
                          ("result", "CONTINUE")):  # fmt: skip
        tunde.page.locator(f"input[name={field}][value={answer}]").check()
    tunde.presses("Save the review").sees("The review is saved.", "Yearly review")
    tunde.follows("First review").sees(FOUND, "Nothing, it goes on as it is").is_content()

    gareth.opens("/my-plan/review", shows="Yearly review").sees("We look at every budget at least once a year.")
    assert gareth.complaints == tunde.complaints == []
