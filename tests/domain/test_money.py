"""Pounds and pence: domain.md §4.4 and the sums of scenarios T01, T10, T11 and T12."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.money import LARGEST_PENCE, instalments, parse_pounds, pounds, round_half_up, split

amounts = st.integers(-LARGEST_PENCE, LARGEST_PENCE)
weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,234.50", 123450),
        ("1234.5", 123450),
        (" 12 ", 1200),
        ("£ 12", 1200),
        ("0", 0),
        (".5", 50),
        ("007.25", 725),
        ("1 234.50", 123450),
        (f"£{NBSP}1{NBSP}234.50", 123450),
        ("12.34 GBP", 1234),
        ("gbp 12.34", 1234),
        ("100,000,000.00", LARGEST_PENCE),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, pence: int) -> None:
    assert parse_pounds(text) == pence


@pytest.mark.parametrize("text", ["-£86.40", "£-86.40", "-86.4", "\N{MINUS SIGN}86.40", "(86.40)", "(£86.40)"])
def test_an_amount_below_nought_is_read_where_it_may_stand(text: str) -> None:
    assert parse_pounds(text, allow_negative=True) == -8640


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Enter an amount in pounds and pence, such as 1,234.50."),
        ("twelve pounds", "could not read that"),
        ("1,50", "could not read that"),
        ("12,34,567", "could not read that"),
        ("1,2345", "could not read that"),
        ("12.", "could not read that"),
        ("1.2.3", "could not read that"),
        ("1e6", "could not read that"),
        ("£", "could not read that"),
        ("-", "could not read that"),
        ("()", "could not read that"),
        ("$5", "could not read that"),
        ("\N{ARABIC-INDIC DIGIT ONE}", "could not read that"),
        ("12.345", "no more than 2 figures after the point"),
        ("-5", "cannot be less than 0"),
        ("(5)", "cannot be less than 0"),
        ("(-5)", "one minus sign"),
        ("100,000,000.01", "£100,000,000.00 or less"),
        ("9" * 5000, "£100,000,000.00 or less"),
    ],
)
def test_what_is_not_an_amount_is_refused_beside_its_field(text: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_pounds(text, field="weekly")
    (problem,) = refused.value.problems
    assert says in problem.sentence
    assert problem.field == "weekly"


def test_an_absurd_amount_below_nought_is_refused_too() -> None:
    with pytest.raises(Refusal, match="or less"):
        parse_pounds("-100000000.01", allow_negative=True)


def test_pence_are_shown_as_pounds() -> None:
    assert pounds(123450) == "£1,234.50"
    assert pounds(-8640) == "-£86.40"
    assert pounds(0) == "£0.00"
    assert pounds(-5) == "-£0.05"


@settings(max_examples=300)
@given(amounts)
def test_an_amount_shown_is_read_back_the_same(pence: int) -> None:
    assert parse_pounds(pounds(pence), allow_negative=True) == pence


@settings(max_examples=500)
@given(st.text() | st.text("0123456789.,-£() GBP"))
def test_whatever_is_typed_is_an_amount_or_a_refusal(text: str) -> None:
    sentence = "It was read."
    try:
        pence = parse_pounds(text, allow_negative=True)
    except Refusal as refusal:
        pence, sentence = 0, str(refusal)
    assert abs(pence) <= LARGEST_PENCE
    assert sentence.endswith(".")


def test_halves_round_away_from_nought() -> None:
    assert [round_half_up(n, 2) for n in (-5, -4, -3, -1, 0, 1, 3, 4, 5)] == [-3, -2, -2, -1, 0, 1, 2, 2, 3]


@settings(max_examples=300)
@given(st.integers(-(10**15), 10**15), st.integers(1, 10_000))
def test_rounding_agrees_with_decimal_arithmetic(numerator: int, denominator: int) -> None:
    exact = (Decimal(numerator) / denominator).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert round_half_up(numerator, denominator) == int(exact)


def test_nothing_is_divided_by_nought_or_less() -> None:
    with pytest.raises(ValueError, match="above 0"):
        round_half_up(1, 0)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (56000, (60, 40), (33600, 22400)),
        (55555, (60, 40), (33333, 22222)),
        (100000, (1, 1, 1), (33334, 33333, 33333)),
        (1, (50, 50), (1, 0)),
    ],
)
def test_t10_a_sum_is_split_between_funders_to_the_penny(
    total: int, shares: tuple[int, ...], parts: tuple[int, ...]
) -> None:
    assert split(total, shares) == parts


def test_a_funder_without_a_share_gets_nothing() -> None:
    assert split(101, (1, 0, 1)) == (51, 0, 50)


@settings(max_examples=300)
@given(amounts, weights)
def test_a_split_is_exact_fair_and_mirrored_below_nought(total: int, shares: list[int]) -> None:
    parts = split(total, shares)
    assert sum(parts) == total
    assert split(-total, shares) == tuple(-part for part in parts)
    whole = sum(shares)
    assert all(abs(part * whole - total * share) < whole for part, share in zip(parts, shares, strict=True))


def test_a_share_below_nought_is_refused() -> None:
    with pytest.raises(Refusal, match="cannot be less than 0"):
        split(100, (3, -1))


@pytest.mark.parametrize("shares", [(), (0, 0)])
def test_a_split_among_nobody_is_refused(shares: tuple[int, ...]) -> None:
    with pytest.raises(Refusal, match="at least one share"):
        split(100, shares)


def test_t11_a_year_in_twelve_payments_is_exact_for_each_funder() -> None:
    health, education, social_care = (instalments(year, 12) for year in (780_000, 520_000, 260_000))
    assert (health[0], education[0], social_care[0]) == (65000, 43333, 21667)
    assert (health[1], education[1], social_care[1]) == (65000, 43334, 21666)
    assert (sum(health), sum(education), sum(social_care)) == (780_000, 520_000, 260_000)
    assert {sum(month) for month in zip(health, education, social_care, strict=True)} == {130_000}


@settings(max_examples=300)
@given(amounts, st.integers(1, 60))
def test_instalments_sum_exactly_and_differ_by_a_penny_at_most(annual: int, n: int) -> None:
    parts = instalments(annual, n)
    assert len(parts) == n
    assert sum(parts) == annual
    assert max(parts) - min(parts) <= 1


def test_a_sum_is_not_paid_in_no_parts() -> None:
    with pytest.raises(ValueError, match="1 part or more"):
        instalments(100, 0)


def test_t12_a_wheelchair_contribution_carries_value_added_tax() -> None:
    extras = parse_pounds("780.00")
    assert pounds(extras + round_half_up(extras * 20, 100)) == "£936.00"
