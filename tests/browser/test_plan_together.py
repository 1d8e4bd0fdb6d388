"""A plan for somebody under section 117, written by a user-led organisation, talked about and signed by the person."""

from __future__ import annotations

import re

from phbportal.demo.third_party import NAME
from tests.browser.stops import CASE_MANAGER, PROVIDER, SEVERAL
from tests.browser.visitor import NARROW, Given

NEEDS = "Somebody to come with me on bad mornings."


def test_a_user_led_organisation_writes_the_plan_and_the_person_says_what_should_change(given: Given) -> None:
    marta = given.signed_in(CASE_MANAGER).opens("/staff/phbs/{planned_phb}/plan", shows="Start the plan")
    marta.presses("Start the plan").settles("Write the plan")
    marta.opens("/staff/phbs/{planned_phb}/plan", shows="Ask somebody else to write the plan")
    marta.follows("Ask somebody else to write the plan").settles("Who writes it")
    marta.page.get_by_label("A user-led organisation or a broker").check()
    marta.page.get_by_label(re.compile("^Organisation")).fill(NAME)
    marta.presses("Ask them").settles(NAME)
    marta.sees("They are asked. They see this one plan, until they hand it in.")

    imani = given.signed_in(PROVIDER)
    imani.page.set_viewport_size(NARROW)  # pyright: ignore[reportArgumentType]
    imani.opens("/provider", shows="Write the plan of Toby Ellis")
    imani.page.get_by_role("link", name="Write the plan of Toby Ellis").first.click()
    imani.settles("asks you to write this plan with Toby Ellis").is_content()
    imani.types("About me", "I like boats, and the sea in the morning.").types("Needs", NEEDS)
    imani.presses("Keep what I wrote").sees("Your words are kept. Nothing is handed in yet.")
    imani.types("What does the person want?", "I go out on the water once a week.").presses("Add it")
    imani.sees("The outcome is added.")
    imani.types("What would be provided or bought?", "Beer for the crew")
    imani.page.get_by_label("What is it for?").select_option(label="I go out on the water once a week.")
    imani.page.get_by_label("Is it care of one of these kinds?").select_option(label="No, none of these")
    imani.presses("Add what helps").sees("This looks like alcohol, which the money cannot buy (X01).")
    imani.is_content()
    imani.types("What would be provided or bought?", "A place on the accessible boat, with a helper")
    imani.presses("Add what helps").sees("A place on the accessible boat, with a helper")
    imani.presses("Hand the plan in").settles("What waits for you").sees("The plan is handed in.")
    imani.does_not_see("Write the plan of Toby Ellis")

    marta.opens("/staff/phbs/{planned_phb}/plan", shows=NEEDS).is_content()
    marta.presses("Share it with the person").settles("Shared with the person")

    toby = given.signed_in(SEVERAL).opens("/my-plan", shows=NEEDS)
    toby.sees("What I need help with")
    section = toby.page.locator("section.phb-budget", has_text=NEEDS)
    section.get_by_role("link", name="Say something about this plan").click()
    toby.settles("Your team reads it").is_content()
    toby.page.get_by_label("Which part of the plan is it about?").select_option(label="My care and support")
    toby.types("What do you want to say?", "Please not on Mondays.").presses("Send")
    toby.settles("What was said about this plan").sees("Please not on Mondays.", "Your team has not answered yet.")
    toby.page.locator("section.phb-budget", has_text=NEEDS).get_by_role("link", name="Sign the plan").click()
    toby.settles("Your signature says").page.get_by_label("I have read the plan, and it is my plan").check()
    toby.presses("Sign the plan").settles(NEEDS).sees("Toby Ellis signed that this is the plan")
    toby.is_content()

    marta.opens("/staff", shows="Answer what was said about the plan.")
    marta.page.get_by_role("link", name="Answer what was said about the plan.").last.click()
    marta.settles("Please not on Mondays.")
    marta.follows("Answer it").settles("Whoever said it reads this.")
    marta.types("Answer", "Of course: it will be Thursdays.").presses("Answer it")
    marta.sees("The answer is sent.")
    toby.opens("/my-plan", shows="Of course: it will be Thursdays.")
    assert imani.complaints == marta.complaints == toby.complaints == []
