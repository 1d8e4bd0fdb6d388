"""The letters the portal writes by itself."""

from __future__ import annotations

import pytest

from phbportal.domain.letters import OWN_WORDS, TITLES


@pytest.mark.parametrize("code", sorted(OWN_WORDS))
def test_a_letter_does_not_repeat_the_day_that_stands_above_it(code: str) -> None:
    assert "{today}" not in OWN_WORDS[code]
    assert OWN_WORDS[code].endswith("{board_name}")
    assert TITLES[code]
