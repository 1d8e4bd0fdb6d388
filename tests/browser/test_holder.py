"""A holder's own pages: the money in words and as a picture, the plan, easy read."""

from __future__ import annotations

from tests.browser.more_people import HOSTILE
from tests.browser.stops import CASE_MANAGER, HOLDER, NO_BUDGET, SEVERAL
from tests.browser.visitor import NARROW, Given

T01 = "Ros Achebe"


def test_t01_the_balance_to_the_penny_the_picture_and_the_table(given: Given) -> None:
    ros = given.signed_in(T01, viewport=NARROW).opens("/my-budget", shows="left to spend")
    ros.sees("You have £5,338.73 left to spend.", "£0.00 of it is promised.", "Your next payment is £5,000.00.")
    parts = ros.page.locator(".phb-bar__part").count()
    assert parts >= 4
    table = ros.page.get_by_role("table", name="Your budget this year")
    assert not table.is_visible()
    ros.page.get_by_text("Show as table").first.click()
    assert table.is_visible()
    assert "£5,338.73" in table.inner_text()


def test_t09_the_care_the_nhs_pays_for_and_the_money_of_the_holder(given: Given) -> None:
    gareth = given.signed_in(HOLDER).opens("/my-budget", shows="left to spend")
    gareth.sees("Care the NHS pays for", "£1,600.00", "£1,552.50", "£47.50", "Money paid to you")
    gareth.sees("Tunde Bakare", "NHS Cheshire and Merseyside Integrated Care Board", "01632 960 999")


def test_nobody_s_budget_and_everybody_s_budget(given: Given) -> None:
    given.signed_in(NO_BUDGET).opens("/my-budget").sees("You do not have a personal health budget yet")
    toby = given.signed_in(SEVERAL).opens("/my-budget", shows="This budget ended")
    assert toby.page.locator("section.phb-budget").count() >= 3  # another journey may have begun one more
    toby.sees("You and your team are writing your plan.", "You have £1,200.00 left to spend.")


def test_the_plan_says_what_the_money_may_and_may_not_buy(given: Given) -> None:
    gareth = given.signed_in(HOLDER).opens("/my-plan", shows="What I can spend on")
    gareth.sees("Waking night care. The NHS pays for this.", "Getting out. You pay for this from your budget.")
    gareth.sees("alcohol", "NHS charges, such as prescriptions", "Dr Arjun Mehta signed this plan on")
    gareth.sees("Ruth Abernethy approved it on", "Your next review is by")


def test_what_an_attacker_wrote_into_a_plan_is_shown_and_never_run(given: Given) -> None:
    toby = given.signed_in(SEVERAL).opens("/my-plan", shows="I like boats")
    toby.sees(HOSTILE)
    assert toby.page.evaluate("window.hacked") is None
    assert toby.complaints == []


def test_easy_read_is_kept_on_every_page_and_says_the_same(given: Given) -> None:
    ros = given.freshly_signed_in(T01).opens("/my-budget", shows="left to spend")
    ros.presses("Turn easy read on").sees("Easy read is on.", "You have £5,338.73 left to spend.")
    size = "parseFloat(getComputedStyle(document.querySelector('.phb-balance + p')).fontSize)"
    assert ros.page.evaluate(size) >= 24
    ros.opens("/my-plan", shows="Easy read is on.")
    ros.sees("Alcohol", "Gambling, like betting or lottery tickets")
    again = given.freshly_signed_in(T01).opens("/my-budget", shows="Easy read is on.")
    assert again.page.locator(".phb-idea__picture").count() >= 5
    again.presses("Turn easy read off").sees("Easy read has bigger words")


def test_the_switch_works_with_a_keyboard_alone(given: Given) -> None:
    nia = given.signed_in(NO_BUDGET).opens("/my-budget")
    switch = nia.page.get_by_role("button", name="Turn easy read on")
    for _ in range(30):
        if switch.evaluate("button => button === document.activeElement"):
            break
        nia.page.keyboard.press("Tab")
    nia.page.keyboard.press("Enter")
    nia.sees("Easy read is on.")
    nia.presses("Turn easy read off").sees("Easy read has bigger words")


def test_a_holder_s_pages_are_not_for_staff_and_staff_pages_show_a_holder_nobody(given: Given) -> None:
    given.signed_in(CASE_MANAGER).opens("/my-budget").sees("You do not have permission to see this page")
    given.signed_in(HOLDER).opens("/staff/people").does_not_see("Achebe", "Oyelaran", "Ellis")


def test_somebody_signed_in_is_offered_their_own_page(given: Given) -> None:
    gareth = given.signed_in(HOLDER).opens("/", shows="Go to my budget").follows("Go to my budget")
    gareth.settles("left to spend").is_at("/my-budget")
    given.signed_in(CASE_MANAGER).opens("/", shows="Go to my work")
