"""Employer's National Insurance and pension by worker; the allowance by employer (domain.md §4.3)."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.on_costs import Earnings, employer_ni, employer_pension
from tests.domain.rate_books import BOOK

ON = date(2026, 4, 6)
staff = st.lists(st.builds(Earnings, st.just("Ana"), st.integers(0, 20_000_000), st.booleans()), max_size=8)


def test_an_employer_of_nobody_pays_nothing() -> None:
    assert employer_ni([], BOOK, ON, claims_allowance=True).pence == 0
    assert "nothing to pay" in employer_pension([], BOOK, ON).words


def test_the_allowance_is_the_employers_not_each_workers() -> None:
    """Three at £60,000.00 a year: £24,750.00 less £10,500.00 once."""
    three = [Earnings(name, 6_000_000) for name in ("Ana", "Ben", "Cat")]
    assert employer_ni(three, BOOK, ON, claims_allowance=True).pence == 2_475_000 - 1_050_000


def test_a_pension_counts_only_what_lies_within_the_band() -> None:
    """£60,000.00 counts as £50,270.00: 3% of £44,030.00."""
    assert employer_pension([Earnings("Ana", 6_000_000)], BOOK, ON).pence == 132_090


def test_who_opts_in_below_the_trigger_is_paid_for() -> None:
    """3% of what £8,424.00 is above £6,240.00; below £6,240.00 there is nothing to take a share of."""
    assert employer_pension([Earnings("Ben", 842_400, opts_in=True)], BOOK, ON).pence == 6_552
    low = employer_pension([Earnings("Ben", 600_000, opts_in=True)], BOOK, ON)
    assert (low.pence, low.words) == (0, "Ben: nothing, because £6,000.00 is not above £6,240.00.")


@settings(max_examples=300, deadline=None)
@given(staff)
def test_the_allowance_never_gives_money_back_and_never_more_than_it_is(workers: list[Earnings]) -> None:
    without = employer_ni(workers, BOOK, ON, claims_allowance=False).pence
    with_it = employer_ni(workers, BOOK, ON, claims_allowance=True).pence
    assert without == sum((1_500 * max(0, w.annual_pence - 500_000) + 5_000) // 10_000 for w in workers)
    assert with_it == max(0, without - 1_050_000)


@settings(max_examples=300, deadline=None)
@given(staff)
def test_a_pension_is_the_sum_of_each_workers_own(workers: list[Earnings]) -> None:
    whole = employer_pension(workers, BOOK, ON).pence
    assert whole == sum(employer_pension([w], BOOK, ON).pence for w in workers)
    for w in workers:
        own = employer_pension([w], BOOK, ON).pence
        enrolled = w.annual_pence > 1_000_000 or (w.opts_in and w.annual_pence > 624_000)
        assert own == ((300 * (min(w.annual_pence, 5_027_000) - 624_000) + 5_000) // 10_000 if enrolled else 0)
