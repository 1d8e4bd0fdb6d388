"""Every page, whoever looks at it, on a wide screen and on a small phone: nothing in anybody's way."""

from __future__ import annotations

import pytest

from tests.browser.stops import EASY_READER, EVERY_PAGE, PUBLIC, Stop
from tests.browser.visitor import Given


@pytest.mark.parametrize("stop", EVERY_PAGE, ids=str)
def test_a_page_is_for_everybody_wide_and_narrow(guests: Given, stop: Stop) -> None:
    guests.the_same(stop.who).tries(stop)


@pytest.mark.parametrize("path", ["/my-budget", "/my-plan"])
def test_easy_read_is_for_everybody_wide_and_narrow(given: Given, path: str) -> None:
    reader = given.signed_in(EASY_READER).opens(path)
    reader.presses("Turn easy read on").sees("Easy read is on.")
    assert reader.page.locator(".phb-idea__picture").count() >= 5
    reader.is_content()
    reader.presses("Turn easy read off").sees("Easy read has bigger words")


def test_every_public_page_has_a_title_of_its_own(guests: Given) -> None:
    titles: dict[str, str] = {}
    for stop in PUBLIC:
        if not stop.who and "?" not in stop.path and stop.path not in ("/no/such/page", "/auth/timed-out"):
            titles[stop.path] = guests.the_same("").opens(stop.path).page.title()
    assert all(titles.values()), titles
    assert len(set(titles.values())) == len(titles), titles
