"""A budget line worked out in front of whoever writes it, and read by the person whose money it is."""

from __future__ import annotations

from tests.browser.stops import CASE_MANAGER
from tests.browser.visitor import Given

ROS = "Ros Achebe"


def test_a_line_is_worked_out_in_words_before_it_is_saved(given: Given) -> None:
    marta = given.freshly_signed_in(CASE_MANAGER)
    reference = marta.portal.facts["frances_phb"]
    marta.opens(f"/staff/phbs/{reference}/money/line", shows="Which stream pays for it?")
    page = marta.page
    page.get_by_label("Which stream pays for it?").select_option(index=1)
    page.get_by_label("What kind of cost is it?").select_option(label="Personal assistant pay")
    marta.presses("Continue").sees("How many hours a week?", "How much an hour?").is_content()
    page.get_by_label("How many hours a week?").fill("12")
    page.get_by_label("How much an hour?").fill("10")
    marta.presses("Work it out").sees("£10.00 an hour, is too little", "£12.71")
    page.get_by_label("How much an hour?").fill("14.20")
    marta.presses("Work it out").sees("12 hours a week × £14.20 × 52 weeks = £8,860.80 a year.", "£170.40").is_content()
    marta.presses("Add the line").sees("The budget line is added.", "12 hours a week × £14.20 × 52 weeks")
    marta.is_content()


def test_the_holder_reads_what_the_money_is_for_and_who_works_for_them(given: Given) -> None:
    ros = given.signed_in(ROS).opens("/my-budget", shows="What the money is for")
    ros.sees("Who works for you", "Bronagh Tully", "40 hours a week, £13.50 an hour")
    ros.page.get_by_text("Show each part of it").click()
    ros.sees("40 hours a week × £13.50 × 52 weeks = £28,080.00 a year.", "Employment Allowance").is_content()
