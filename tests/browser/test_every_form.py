"""Every form, as it is opened and with its errors shown, on a wide screen and on a small phone."""

from __future__ import annotations

import pytest

from phbportal.built import build_folder
from tests.browser.portal import Portal
from tests.browser.stops import CHANGE_FORMS, FORMS, OFFICE_FORMS, Stop
from tests.browser.visitor import Given


@pytest.mark.parametrize("stop", [*FORMS, *OFFICE_FORMS, *CHANGE_FORMS], ids=str)
def test_a_form_and_its_errors_are_for_everybody_wide_and_narrow(guests: Given, stop: Stop) -> None:
    guests.the_same(stop.who).tries(stop)


def test_no_form_stands_on_a_page_before_it_has_started(portal: Portal) -> None:
    """Sent so soon, the browser would send it itself, with what was typed in the address."""
    pages = {file: file.read_text() for file in (build_folder() / "client").rglob("*.html")}
    assert pages, f"{portal.origin} shows pages that were built elsewhere"
    mains = {file: text.partition("<main")[2].partition("</main>")[0] for file, text in pages.items()}
    assert [str(file) for file, main in mains.items() if "<form" in main] == []
