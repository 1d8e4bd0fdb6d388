"""A working day without a mouse: only keys are pressed, the focus is always somewhere, and always to be seen.

A page that has just opened puts the focus on its heading, which is read aloud and wants no ring of its own.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.stops import CASE_MANAGER, HOLDER, REPRESENTATIVE
from tests.browser.visitor import SUMMARY, Given, Visitor, eventually

MOST_TABS = 80
WHERE = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect(), look = getComputedStyle(here);
  const words = here.labels && here.labels.length ? here.labels[0] : here;
  const label = words.querySelector ? (words.querySelector("label") || words) : words;
  const ringed = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
  const around = here.closest("label, .nhsuk-radios__item, .nhsuk-checkboxes__item");
  return {
    words: (here.getAttribute("aria-label") || label.textContent || "").replace(/\\s+/g, " ").trim(),
    lost: here === document.body || here === document.documentElement,
    heading: here.tagName === "H1",
    seen: box.width > 0 && box.height > 0 && (ringed || look.boxShadow !== "none" || !!around),
  };
}"""


def tabs_to(visitor: Visitor, words: str, *, back: bool = False) -> Visitor:
    """Press Tab until what is focused has these words, and nothing on the way has a focus that cannot be seen."""
    passed: list[str] = []
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Shift+Tab" if back else "Tab")
        here = visitor.page.evaluate(WHERE)
        assert here["lost"] or here["heading"] or here["seen"], (
            f"the focus cannot be seen on {here['words']!r} at {visitor.page.url}"
        )
        if here["words"] == words:
            return visitor
        passed.append(here["words"])
    raise AssertionError(f"{words!r} was not to be reached at {visitor.page.url}. On the way: {passed}")


def types_into(visitor: Visitor, words: str, typed: str) -> Visitor:
    tabs_to(visitor, words)
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.press("Delete")
    visitor.page.keyboard.type(typed)
    return visitor


def enters(visitor: Visitor, words: str) -> Visitor:
    tabs_to(visitor, words).enters()
    return visitor


def keeps_the_focus(visitor: Visitor) -> None:
    """After a page changed in place the focus is on something of it."""
    visitor.page.wait_for_timeout(100)
    eventually(
        lambda: not visitor.page.evaluate(WHERE)["lost"], visitor.page, f"the focus was lost: {visitor.page.url}"
    )


def comes_to(visitor: Visitor, address: str, heading: str) -> Visitor:
    """Wait for the next page, whose heading has the focus; until it is drawn the keys still reach the last one."""
    visitor.page.wait_for_url(address)
    expect(visitor.page.locator("main h1")).to_contain_text(heading)
    expect(visitor.page.locator("main h1")).to_be_focused()
    return visitor.settles()


def test_a_person_is_found_opened_changed_and_saved(given: Given) -> None:
    marta = given.signed_in(CASE_MANAGER).opens("/staff/people", shows="Pritchard-Evans, Gareth")
    marta.page.keyboard.press("/")
    expect(marta.page.locator("#search")).to_be_focused()
    marta.page.keyboard.type("tew rh")
    marta.enters()
    marta.does_not_see("Pritchard-Evans").sees("Tew, Rhys")
    keeps_the_focus(marta)
    marta.page.keyboard.press("ArrowDown")
    marta.enters()
    enters(comes_to(marta, "**/staff/people/*-*", "Tew"), "Change details")
    comes_to(marta, "**/change", "Change details").settles("Family name")
    types_into(marta, "Family name", "")
    marta.enters()
    expect(marta.page.locator(SUMMARY)).to_be_focused()
    tabs_to(marta, marta.page.locator(f"{SUMMARY} a").first.inner_text()).enters()
    expect(marta.page.get_by_label("Family name", exact=True)).to_be_focused()
    marta.enters()
    expect(marta.page.locator(SUMMARY)).to_be_focused()  # the same said again is said again
    tabs_to(marta, marta.page.locator(f"{SUMMARY} a").first.inner_text()).enters()
    expect(marta.page.get_by_label("Family name", exact=True)).to_be_focused()
    assert "_set_focus" not in marta.received(), "what comes late takes the focus from the field"
    marta.page.keyboard.type("Tew-Hughes")
    marta.enters()
    marta.page.wait_for_url("**done=changed")
    marta.settles("Tew-Hughes")


def test_rows_are_chosen_done_with_and_a_filter_is_built(given: Given) -> None:
    marta = given.signed_in(CASE_MANAGER).opens("/staff/equipment?saved=all", shows="Walking frame")
    tabs_to(marta, "Choose Walking frame").page.keyboard.press("Space")
    marta.sees("1 piece of equipment chosen")
    keeps_the_focus(marta)
    tabs_to(marta, "Mark as returned", back=True).enters()
    marta.page.wait_for_url("**/act/take-back?**")
    enters(marta.settles("It is done to all of these"), "Mark as returned")
    expect(marta.page.locator(SUMMARY)).to_be_focused()
    enters(marta, "Cancel")
    tabs_to(comes_to(marta, "**/staff/equipment?**", "Equipment").settles("Walking frame"), "Filter by more").enters()
    tabs_to(marta, "Filter by").page.keyboard.type("Name")
    expect(marta.page.get_by_label("How", exact=True)).to_be_visible()
    tabs_to(marta, "How").page.keyboard.type("begins")
    types_into(marta, "Value", "walk").enters()
    marta.sees("Name begins with “walk”").does_not_see("Bath seat")
    keeps_the_focus(marta)
    enters(marta, "Take away Name begins with “walk”").sees("Bath seat")
    keeps_the_focus(marta)


def test_a_record_is_added_from_an_empty_form_to_a_saved_one(given: Given) -> None:
    marta = given.signed_in(CASE_MANAGER).opens("/staff/equipment/new", shows="Budget")
    enters(marta, "Save")
    expect(marta.page.locator(SUMMARY)).to_be_focused()
    types_into(marta, "Budget", marta.portal.facts["gareth_phb"])
    # what the budget could be is looked for, and nothing else changes meanwhile
    marta.page.locator("datalist option").first.wait_for(state="attached")
    marta.sees("There is a problem", "Enter the day it was bought.")
    types_into(marta, "Name", "Yard ramp")
    types_into(marta, "Price", "310.00")
    for part, value in (("Day", "4"), ("Month", "4"), ("Year", "2026")):
        types_into(marta, part, value)
    marta.enters()
    marta.page.wait_for_url("**done=new")
    marta.settles("Yard ramp").sees("The equipment was written down.", "£310.00")
    keeps_the_focus(marta)


def test_a_nominee_is_proposed_by_a_holder_and_by_a_representative(given: Given) -> None:
    for who, path in (
        (HOLDER, "/my-budget/who-helps-me/nominee"),
        (REPRESENTATIVE, "/acting-for/part/{noah_part}/nominee"),
    ):
        visitor = given.signed_in(who).opens(path, shows="What a nominee does")
        enters(visitor, "Propose this person")
        expect(visitor.page.locator(SUMMARY)).to_be_focused()
        visitor.is_content()
