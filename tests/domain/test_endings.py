"""Endings as rules: from which status, for which reason, and what must be settled before a close."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phbportal.domain.endings import (
    AFTER_A_DECISION,
    END_WORDS,
    LIVE,
    EndReason,
    Settling,
    after_start,
    asked_from,
    balance_problem,
    check_closable,
    left_to_do,
    whom_to_write_to,
    write_off_problem,
)
from phbportal.domain.errors import Refusal
from phbportal.domain.hospital import full_pay_until, nights_after, taken_off
from phbportal.domain.periods import Rate
from phbportal.domain.phbs import PhbStatus

PENCE = st.integers(-10_000_000, 10_000_000)
DAY = date(2026, 6, 1)


@pytest.mark.parametrize("reason", list(EndReason))
@pytest.mark.parametrize("status", list(PhbStatus))
def test_an_ending_begins_only_from_a_budget_that_runs_and_against_somebody_only_when_it_is_stopped(
    status: PhbStatus, reason: EndReason
) -> None:
    may = status in LIVE and (reason not in AFTER_A_DECISION or status is PhbStatus.STOPPING)
    if may:
        assert after_start(status, reason) is PhbStatus.CLOSING
        return
    with pytest.raises(Refusal) as refused:
        after_start(status, reason)
    assert all(p.sentence[0].isupper() and p.sentence.endswith(".") for p in refused.value.problems)


@given(
    st.none() | st.just(DAY), PENCE, st.integers(0, 10_000_000), st.integers(0, 3), st.none() | st.integers(0, 9_999)
)
def test_a_budget_is_closable_exactly_when_nothing_is_left_to_do(
    return_on: date | None, held: int, reserved: int, waiting: int, owed: int | None
) -> None:
    closing = Settling(return_on, held, reserved, waiting, owed)
    settled = return_on is not None and held == 0 and reserved == 0 and waiting == 0 and owed is not None
    assert (left_to_do(closing) == []) is settled
    if settled:
        assert check_closable(PhbStatus.CLOSING, closing) is PhbStatus.CLOSED
    else:
        with pytest.raises(Refusal):
            check_closable(PhbStatus.CLOSING, closing)


@given(PENCE, st.integers(0, 10_000_000))
def test_what_is_owed_to_others_is_never_asked_back(held: int, owed: int) -> None:
    """Domain.md §0.5: an accrued liability is not surplus."""
    asked = Settling(DAY, held, 0, 0, owed).to_ask_back_pence
    assert asked == max(0, held - owed)


def test_t06_the_demand_to_the_personal_representatives() -> None:
    """Bank £7,945.60; wages, notice, holiday, HMRC and the payroll close come to £3,499.86: £4,445.74 is asked back."""
    owed = 131_025 + 108_000 + 70_200 + 38_841 + 1_920
    assert owed == 349_986
    assert Settling(DAY, 794_560, 0, 0, owed).to_ask_back_pence == 444_574


@given(PENCE, PENCE)
def test_a_final_balance_agrees_to_the_penny_or_says_by_how_much_not(typed: int, held: int) -> None:
    assert (balance_problem(typed, held) is None) is (typed == held)


@given(PENCE, st.integers(0, 10_000))
def test_only_a_small_rest_is_written_off(held: int, most: int) -> None:
    assert (write_off_problem(held, most) is None) is (0 < held <= most)


def test_nobody_writes_to_somebody_who_has_died_and_nobody_asks_their_family_for_money_at_once() -> None:
    assert whom_to_write_to("Arthur Ramsbottom", None) == "Arthur Ramsbottom"
    assert whom_to_write_to("Arthur Ramsbottom", DAY) == "The personal representatives of Arthur Ramsbottom"
    assert asked_from(date(2026, 8, 17)) == date(2026, 9, 14)


@pytest.mark.parametrize("reason", list(EndReason))
def test_every_reason_has_words(reason: EndReason) -> None:
    assert END_WORDS[reason]


@given(st.integers(0, 120), st.integers(0, 84), st.integers(0, 500_000))
def test_what_is_taken_off_is_never_more_than_the_nights_in_hospital_are_worth(
    nights: int, full: int, weekly: int
) -> None:
    home = date.fromordinal(DAY.toordinal() + nights)
    found = nights_after(DAY, home, full)
    assert (found is None) is (nights <= full)
    if found is not None:
        assert found[0] > full_pay_until(DAY, full)
        assert (found[1] - found[0]).days + 1 == nights - full
        assert 0 <= taken_off([Rate(weekly, date(2026, 1, 1))], found) * 7 <= weekly * (nights - full) + 7
