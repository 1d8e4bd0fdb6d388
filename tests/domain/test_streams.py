"""Streams: who may be paid by which method, and what stands in the way of a payment (I04, I05, I06, I10, I11, I26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from phbportal.domain.consents import ConsentFact, ConsentKind, GivenBy
from phbportal.domain.streams import (
    ACCOUNT_STATUS_WORDS,
    FREQUENCY_WORDS,
    METHOD_WORDS,
    PAYEE_WORDS,
    STREAM_STATUS_WORDS,
    AccountFact,
    AccountStatus,
    Frequency,
    Method,
    PayeeKind,
    StreamFact,
    StreamStatus,
    account_problem,
    payee_problem,
    payment_problems,
    start_problems,
)

START = date(2026, 4, 13)
NOW = datetime(2026, 4, 13, 12, tzinfo=UTC)
COOL = AccountFact(AccountStatus.APPROVED, NOW)
DIRECT = StreamFact(
    method=Method.DIRECT_PAYMENT, payee_kind=PayeeKind.HOLDER, starts_on=START, ends_on=None,
    date_of_birth=date(1961, 2, 3), lacks_capacity=False, died_on=None,
    consents=[ConsentFact(ConsentKind.DIRECT_PAYMENT, GivenBy.SELF, START, None)],
    exclusion_answers=[(START, False)], account=COOL,
)  # fmt: skip
NOTIONAL = replace(DIRECT, method=Method.NOTIONAL, payee_kind=PayeeKind.NONE, consents=[], exclusion_answers=[],
                   account=None)  # fmt: skip


def said(stream: StreamFact, *, start: date = START, on: date = START, now: datetime = NOW) -> str:
    return " ".join(p.sentence for p in payment_problems(stream, period_start=start, on=on, now=now))


def test_a_direct_payment_with_consent_check_and_cooled_account_has_nothing_in_its_way() -> None:
    assert said(DIRECT) == ""


def test_i05_a_notional_budget_needs_neither_consent_nor_check_nor_account() -> None:
    assert said(NOTIONAL) == ""
    assert said(replace(NOTIONAL, exclusion_answers=[(START, True)])) == ""


def test_i05_an_excluded_person_cannot_have_a_direct_payment() -> None:
    assert "exclude this person" in said(replace(DIRECT, exclusion_answers=[(START, True)]))


@pytest.mark.parametrize(
    ("method", "payee", "words"),
    [
        (Method.NOTIONAL, PayeeKind.HOLDER, "not paid to anybody"),
        (Method.THIRD_PARTY, PayeeKind.HOLDER, "is paid to the organisation that holds it"),
        (Method.DIRECT_PAYMENT, PayeeKind.ORGANISATION, "paid to the holder, a representative or a nominee"),
        (Method.DIRECT_PAYMENT, PayeeKind.NONE, "paid to the holder, a representative or a nominee"),
    ],
)
def test_a_payee_the_method_does_not_allow_is_refused_in_words(method: Method, payee: PayeeKind, words: str) -> None:
    found = payee_problem(method, payee)
    assert found is not None
    assert words in found.sentence


def test_the_payees_that_are_allowed() -> None:
    allowed = {(m, p) for m in Method for p in PayeeKind if payee_problem(m, p) is None}
    to = (PayeeKind.HOLDER, PayeeKind.REPRESENTATIVE, PayeeKind.NOMINEE)
    assert allowed == {
        *((Method.DIRECT_PAYMENT, kind) for kind in to), (Method.NOTIONAL, PayeeKind.NONE),
        (Method.THIRD_PARTY, PayeeKind.ORGANISATION),
    }  # fmt: skip


@pytest.mark.parametrize("status", [s for s in AccountStatus if s is not AccountStatus.APPROVED])
def test_i11_an_account_that_is_not_approved_is_not_paid(status: AccountStatus) -> None:
    found = account_problem(AccountFact(status, NOW), NOW + timedelta(days=30))
    assert found is not None
    assert "not been approved" in found.sentence


def test_i11_an_account_is_paid_from_the_moment_its_cooling_ends_and_not_before() -> None:
    cooling = AccountFact(AccountStatus.APPROVED, NOW + timedelta(hours=48))
    assert account_problem(cooling, NOW + timedelta(hours=48)) is None
    early = account_problem(cooling, NOW + timedelta(hours=48) - timedelta(seconds=1))
    assert early is not None
    assert "until 15 April 2026 at 13:00" in early.sentence  # noon in Greenwich is one o'clock in a British April


def test_i11_no_account_is_said_in_other_words_than_an_unapproved_one() -> None:
    none, proposed = account_problem(None, NOW), account_problem(AccountFact(AccountStatus.PROPOSED, None), NOW)
    assert none is not None
    assert proposed is not None
    assert none.sentence != proposed.sentence


def test_i26_nothing_is_paid_for_days_after_a_death_nor_after_it_is_known() -> None:
    died = replace(DIRECT, died_on=date(2026, 8, 17))
    assert said(died, start=date(2026, 7, 27), on=date(2026, 8, 17)) == ""
    assert "has died" in said(died, start=date(2026, 8, 18), on=date(2026, 8, 17))
    assert "has died" in said(died, start=date(2026, 7, 27), on=date(2026, 8, 18))


def test_a_payment_before_the_stream_starts_or_after_it_ends_is_refused() -> None:
    ended = replace(DIRECT, ends_on=date(2026, 9, 30))
    assert "starts before this stream does" in said(ended, start=START - timedelta(days=1))
    assert "ended before the period starts" in said(ended, start=date(2026, 10, 1))
    assert said(ended, start=date(2026, 9, 30)) == ""


def test_a_payment_made_ahead_of_the_start_needs_a_consent_on_the_day_of_the_start() -> None:
    """The day asked about is the later of the two: a consent that begins on the start day is enough."""
    assert said(DIRECT, on=START - timedelta(days=10)) == ""
    assert start_problems(DIRECT, START - timedelta(days=10)) != []


def test_everything_in_the_way_of_a_payment_is_said_at_once() -> None:
    worst = replace(DIRECT, consents=[], exclusion_answers=[], account=None, died_on=START - timedelta(days=1))
    problems = payment_problems(worst, period_start=START - timedelta(days=2), on=START, now=NOW)
    assert len({p.sentence for p in problems}) == len(problems) == 5


def test_every_code_has_words() -> None:
    for words, codes in (
        (METHOD_WORDS, Method), (PAYEE_WORDS, PayeeKind), (STREAM_STATUS_WORDS, StreamStatus),
        (FREQUENCY_WORDS, Frequency), (ACCOUNT_STATUS_WORDS, AccountStatus),
    ):  # fmt: skip
        assert words.keys() == set(codes)
