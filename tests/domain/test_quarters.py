"""What was spent in each quarter by whoever funds it: the parts always come to the whole."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.funding import Funder, Share, share_out
from phbportal.domain.quarters import Version, by_funder, in_force, last_quarters, quarter_of, quarter_words

Q1, Q2 = date(2026, 4, 1), date(2026, 7, 1)
HALVES = (Share(Funder.HEALTH, 50), Share(Funder.SOCIAL_CARE, 50))


def test_quarters_are_those_of_the_financial_year() -> None:
    assert [quarter_of(date(2026, month, 28)) for month in (3, 4, 6, 7)] == [date(2026, 1, 1), Q1, Q1, Q2]
    assert quarter_words(date(2027, 1, 1)) == "January to March 2027"
    assert last_quarters(date(2026, 8, 5), 3) == (date(2026, 1, 1), Q1, Q2)


def test_a_shared_budget_is_shared_out_and_the_rest_is_the_boards() -> None:
    whole = {Q1: 100_001, Q2: 0}
    found = by_funder(whole, {"a": ([Version(Q1, HALVES)], {date(2026, 5, 1): 301})})
    assert found[Q1] == {Funder.HEALTH: 99_851, Funder.SOCIAL_CARE: 150, Funder.EDUCATION: 0}
    assert found[Q2] == dict.fromkeys(Funder, 0)


def test_a_new_version_shares_what_is_spent_from_its_day() -> None:
    whole_board = (Share(Funder.HEALTH, 1),)
    versions = [Version(Q1, HALVES), Version(date(2026, 6, 1), whole_board)]
    assert in_force(versions, date(2026, 3, 1)) == versions[0]
    found = by_funder({Q1: 300}, {"a": (versions, {date(2026, 5, 31): 100, date(2026, 6, 1): 200})})
    assert found[Q1][Funder.SOCIAL_CARE] == 50


def test_each_year_is_shared_out_by_itself_and_so_is_what_was_spent_before_the_quarters_shown() -> None:
    """The quarters shown begin in a year that had begun: its thirds go on from what was spent before them."""
    thirds = tuple(Share(funder, 1) for funder in Funder)
    days = {date(2026, 5, 1): 100, date(2026, 8, 1): 100, date(2027, 4, 1): 100}
    versions = [Version(Q1, thirds)]
    found = by_funder({Q2: 100, date(2027, 4, 1): 100}, {"a": (versions, days)})
    assert [list(parts.values()) for parts in found.values()] == [[33, 34, 33], [34, 33, 33]]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 180), st.integers(-50_000, 500_000)), max_size=8),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.integers(0, 1_000_000),
)
def test_i08_the_parts_come_to_the_whole_to_the_penny(
    spent: list[tuple[int, int]], weights: list[int], others: int
) -> None:
    days: dict[date, int] = {}
    for after, pence in spent:
        day = Q1 + timedelta(days=after)
        days[day] = days.get(day, 0) + pence
    shares = tuple(Share(funder, weight) for funder, weight in zip(Funder, weights, strict=True))
    whole = {Q1: others, Q2: others}
    for day, pence in days.items():
        whole[quarter_of(day)] = whole.get(quarter_of(day), 0) + pence
    found = by_funder(whole, {"a": ([Version(Q1, shares)], days)})
    assert {quarter: sum(parts.values()) for quarter, parts in found.items()} == whole
    if any(weights):
        year = share_out(sum(days.values()), shares)
        assert sum(parts[Funder.EDUCATION] for parts in found.values()) == year[Funder.EDUCATION]
