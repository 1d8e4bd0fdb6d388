"""Rates read and shown: pence, never a penny out, and percentages as basis points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.rates import RATES, RateUnit, parse_rate, show_rate, typed_rate


@pytest.mark.parametrize(
    ("unit", "typed", "amount", "shown"),
    [
        (RateUnit.PENCE_PER_HOUR, "12.71", 1271, "£12.71 an hour"),
        (RateUnit.PENCE_PER_YEAR, "£5,000", 500_000, "£5,000.00 a year"),
        (RateUnit.PENCE, "0.45", 45, "£0.45"),
        (RateUnit.BASIS_POINTS, "12.07%", 1207, "12.07%"),
        (RateUnit.BASIS_POINTS, "15", 1500, "15%"),
        (RateUnit.BASIS_POINTS, "12.5 %", 1250, "12.5%"),
        (RateUnit.BASIS_POINTS, "100", 10_000, "100%"),
    ],
)
def test_a_rate_is_read_and_shown_in_its_unit(unit: RateUnit, typed: str, amount: int, shown: str) -> None:
    assert parse_rate(unit, typed) == amount
    assert show_rate(unit, amount) == shown


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        (RateUnit.PENCE, "0"), (RateUnit.PENCE, "-1"), (RateUnit.PENCE, "1000000.01"), (RateUnit.PENCE, "a lot"),
        (RateUnit.PENCE, "12.715"), (RateUnit.BASIS_POINTS, "0"), (RateUnit.BASIS_POINTS, "100.01"),
        (RateUnit.BASIS_POINTS, "12.071"), (RateUnit.BASIS_POINTS, "£3"), (RateUnit.BASIS_POINTS, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_beside_the_field(unit: RateUnit, typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_rate(unit, typed, field="value")
    assert refused.value.problems[0].field == "value"


@given(st.sampled_from(list(RateUnit)), st.integers(1, 10_000))
def test_what_a_form_starts_from_reads_back_to_the_penny(unit: RateUnit, amount: int) -> None:
    assert parse_rate(unit, typed_rate(unit, amount)) == amount


def test_every_rate_has_a_name_of_its_own() -> None:
    assert len({kind.label for kind in RATES.values()}) == len(RATES)
    assert all(name.islower() and len(name) <= 60 for name in RATES)
