"""The engine's lists in a real browser: by keyboard alone, on a small phone, for those who hear the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.stops import CASE_MANAGER
from tests.browser.visitor import Given, Visitor

LIST = "/staff/equipment?saved=all"


@pytest.fixture
def tunde(given: Given) -> Visitor:
    """A case manager whose board has bought some things."""
    return given.signed_in(CASE_MANAGER).opens(LIST, shows="Hoist")


def focused(visitor: Visitor) -> str:
    """The words of what has the focus."""
    return visitor.page.evaluate("document.activeElement.textContent.trim()")


def press(visitor: Visitor, *keys: str) -> None:
    for key in keys:
        visitor.enters() if key == "Enter" else visitor.page.keyboard.press(key)


def test_a_list_has_a_title_of_its_own(tunde: Visitor) -> None:
    expect(tunde.page).to_have_title("Equipment - Personal health budgets")


def test_keys_lead_to_the_search_box_from_row_to_row_and_into_a_record(tunde: Visitor) -> None:
    press(tunde, "/")
    expect(tunde.page.locator("#search")).to_be_focused()
    press(tunde, "/", "?")
    assert tunde.page.locator("#search").input_value() == "/?", "in a box they are only letters"
    tunde.page.locator("#search").fill("")
    tunde.page.locator("main h1").focus()
    press(tunde, "ArrowDown")
    assert focused(tunde) == "Bath seat"
    press(tunde, "ArrowDown")
    assert focused(tunde) == "Hoist"
    press(tunde, "ArrowUp")
    assert focused(tunde) == "Bath seat"
    press(tunde, "ArrowUp")
    assert focused(tunde) == "Bath seat", "the first stays the first"
    press(tunde, "ArrowDown", "Enter")
    tunde.page.wait_for_url("**/staff/equipment/*")
    tunde.sees("£899.00")


def test_a_question_mark_tells_the_keys_and_they_can_be_turned_off(tunde: Visitor) -> None:
    press(tunde, "?")
    expect(tunde.page.locator("#list-keys details")).to_have_attribute("open", "")
    tunde.sees("go to the search box")
    press(tunde, "Tab", "Enter")
    expect(tunde.page.locator("#keys-switch")).to_have_text("Turn the keys on")
    tunde.page.locator("main h1").focus()
    press(tunde, "/")
    assert tunde.page.evaluate("document.activeElement.id") != "search"
    tunde.opens(LIST, shows="Hoist").page.locator("#list-keys summary").click()
    expect(tunde.page.locator("#keys-switch")).to_have_text("Turn the keys on")
    tunde.page.locator("#keys-switch").click()
    expect(tunde.page.locator("#keys-switch")).to_have_text("Turn the keys off")


def opened(visitor: Visitor, words: str) -> Visitor:
    visitor.page.locator("summary", has_text=words).click()
    return visitor


def test_a_filter_is_built_by_keyboard_alone_and_taken_away(tunde: Visitor) -> None:
    tunde.page.locator("summary", has_text="Filter by more").focus()
    press(tunde, "Enter", "Tab")
    tunde.page.keyboard.type("Price")
    expect(tunde.page.get_by_label("How", exact=True)).to_be_visible()
    assert tunde.page.evaluate("document.activeElement.id") == "field", "the focus stays where it was"
    press(tunde, "Tab")
    tunde.page.keyboard.type("is more")
    press(tunde, "Tab")
    tunde.page.keyboard.type("lots")
    press(tunde, "Enter")
    tunde.sees("We could not read that as an amount of money.").is_content()
    box = tunde.page.get_by_label("Value", exact=True)
    box.focus()
    box.fill("100")
    press(tunde, "Enter")
    tunde.sees("Price is more than £100.00").does_not_see("Bath seat")
    assert parse_qs(urlsplit(tunde.page.url).query).keys() == {"view"}, "what was typed is not in the address"
    tunde.is_content()
    tunde.page.get_by_role("button", name="Take away Price is more than £100.00").click()
    tunde.sees("Bath seat").does_not_see("Price is more than £100.00")


def test_columns_are_moved_by_button_with_the_focus_where_it_was(tunde: Visitor) -> None:
    opened(tunde, "Columns and rows").is_content()
    tunde.page.get_by_role("button", name="Move down Budget").focus()
    press(tunde, "Enter")
    expect(tunde.page.locator("thead th").nth(2)).to_have_text("Price")
    assert focused(tunde).startswith("Move down")
    tunde.page.get_by_role("button", name="Move up Budget").click()
    expect(tunde.page.locator("thead th").nth(2)).to_have_text("Budget")


def test_a_list_is_saved_found_again_and_deleted(tunde: Visitor) -> None:
    tunde.page.get_by_label("Status", exact=True).select_option("IN_USE")
    tunde.presses("Search").page.wait_for_url("**status=IN_USE**")
    opened(tunde.settles("Show everything"), "Save this list").types("Name", "In use now").presses("Save the list")
    tunde.sees("The list is saved.").is_content()
    tunde.opens(LIST, shows="In use now").follows("In use now").settles("Hoist")
    expect(tunde.page.get_by_label("Status", exact=True)).to_have_value("IN_USE")
    opened(tunde, "Save this list").page.get_by_role("button", name="Delete this saved list").click()
    tunde.sees("The saved list is deleted.").does_not_see("In use now")


def test_rows_are_chosen_and_one_thing_is_done_to_all(tunde: Visitor) -> None:
    box: Any = tunde.page.get_by_label("Choose Hoist")
    box.focus()
    press(tunde, "Space")
    tunde.sees("1 piece of equipment chosen")
    expect(box).to_be_focused()
    tunde.page.get_by_label("Choose Bath seat").click()
    tunde.sees("2 pieces of equipment chosen").is_content()
    tunde.presses("Mark as returned").page.wait_for_url("**/act/take-back?**")
    tunde.settles("It is done to all of these, or to none").is_content()
    tunde.presses("Mark as returned").page.locator(".nhsuk-error-summary").wait_for()
    tunde.is_content()
    for part, value in (("Day", "4"), ("Month", "4"), ("Year", "2026")):
        tunde.types(part, value)
    tunde.presses("Mark as returned").sees("2 pieces of equipment: It is marked as returned.")
