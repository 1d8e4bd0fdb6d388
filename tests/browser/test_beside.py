"""Going through a list from record to record in a real browser, by link and by key; a record on a phone, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stops import CASE_MANAGER
from tests.browser.visitor import NARROW, Given, Visitor

LIST = "/staff/people"
PAPER = {"width": 794, "height": 1123}  # A4 at 96 dots an inch


def opens_first(visitor: Visitor) -> str:
    """The first record of the list, as somebody opens it; its title."""
    way = visitor.opens(LIST, shows="Find a person").page.locator("main .phb-data tbody th a").first
    title = way.inner_text()
    way.click()
    expect(visitor.page.get_by_role("navigation", name="The list you came from")).to_be_visible()
    return title


def test_one_goes_on_and_back_by_links_and_by_keys(given: Given) -> None:
    tunde = given.signed_in(CASE_MANAGER)
    opens_first(tunde)
    beside = tunde.page.get_by_role("navigation", name="The list you came from")
    first = tunde.page.url
    assert "?" not in first
    beside.get_by_role("link", name="Next person").click()
    expect(tunde.page).not_to_have_url(first)
    second = tunde.page.url
    expect(beside.get_by_role("link", name="Previous person")).to_be_visible()
    tunde.page.keyboard.press("[")
    expect(tunde.page).to_have_url(first)
    expect(beside.get_by_role("link", name="Previous person")).to_have_count(0)
    expect(beside.get_by_role("link", name="Next person")).to_be_visible()
    tunde.page.keyboard.press("]")
    expect(tunde.page).to_have_url(second)
    tunde.finds_nothing_in_the_way()
    expect(beside.get_by_role("link", name="Previous person")).to_be_visible()
    beside.get_by_role("link", name="Back to the list").click()
    expect(tunde.page.locator("main h1")).to_have_text("People")


def test_whoever_comes_from_elsewhere_finds_no_list(given: Given) -> None:
    tunde = given.signed_in(CASE_MANAGER)
    opens_first(tunde)
    record = tunde.page.url
    tunde.opens("/staff", shows="See the overview").opens(record.removeprefix(tunde.portal.origin))
    tunde.settles()
    expect(tunde.page.get_by_role("navigation", name="The list you came from")).to_have_count(0)


@pytest.mark.parametrize("paper", [False, True], ids=["phone", "paper"])
@pytest.mark.parametrize("code", ["plans", "payments", "streams"])
def test_a_record_is_whole_on_a_phone_and_on_paper(given: Given, code: str, paper: bool) -> None:
    tunde = given.signed_in(CASE_MANAGER, viewport=PAPER if paper else NARROW)
    tunde.opens(f"/staff/{code}").page.locator("main .phb-data tbody th a").first.click()
    expect(tunde.page.get_by_role("heading", name="What has happened")).to_be_visible()
    if paper:
        tunde.page.emulate_media(media="print")
        for gone in ("header nav", "footer", ".phb-beside", "#list-keys", "main button"):
            for one in tunde.page.locator(gone).all():
                expect(one).not_to_be_visible()
        expect(tunde.page.locator("main h1")).to_be_visible()
    tunde.need_not_scroll_sideways()
