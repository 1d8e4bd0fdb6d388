"""Every form, as it is opened and with its errors shown, on a wide screen and on a small phone."""

from __future__ import annotations

import pytest

from tests.browser.stops import CHANGE_FORMS, FORMS, OFFICE_FORMS, Stop
from tests.browser.visitor import Given


@pytest.mark.parametrize("stop", [*FORMS, *OFFICE_FORMS, *CHANGE_FORMS], ids=str)
def test_a_form_and_its_errors_are_for_everybody_wide_and_narrow(guests: Given, stop: Stop) -> None:
    guests.the_same(stop.who).tries(stop)
