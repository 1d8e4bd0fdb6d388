"""Consent to a direct payment by age and capacity (I04), and the excluded-persons check (I05)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.consents import (
    GIVEN_BY_WORDS,
    ConsentFact,
    ConsentKind,
    GivenBy,
    direct_payment_consent_problem,
    exclusion_problem,
    in_force,
)
from phbportal.domain.people import birthday

BORN = date(2010, 6, 15)
SIXTEENTH = birthday(BORN, 16)
GIVEN = date(2026, 1, 5)


def consent(by: GivenBy, kind: ConsentKind = ConsentKind.DIRECT_PAYMENT, withdrawn: date | None = None) -> ConsentFact:
    return ConsentFact(kind, by, GIVEN, withdrawn)


def problem(*consents: ConsentFact, on: date, lacks_capacity: bool = False) -> str:
    found = direct_payment_consent_problem(list(consents), date_of_birth=BORN, lacks_capacity=lacks_capacity, on=on)
    return found.sentence if found else ""


def test_a_consent_is_in_force_from_its_day_until_the_day_before_it_is_withdrawn() -> None:
    withdrawn = consent(GivenBy.SELF, withdrawn=date(2026, 3, 1))
    assert not in_force(withdrawn, GIVEN - timedelta(days=1))
    assert in_force(withdrawn, GIVEN)
    assert in_force(withdrawn, date(2026, 2, 28))
    assert not in_force(withdrawn, date(2026, 3, 1))
    assert in_force(consent(GivenBy.SELF), date(2036, 1, 1))


def test_i04_a_person_under_16_needs_a_representative() -> None:
    on = SIXTEENTH - timedelta(days=1)
    assert problem(consent(GivenBy.REPRESENTATIVE), on=on) == ""
    assert "under 16" in problem(consent(GivenBy.SELF), on=on)


def test_i04_from_the_16th_birthday_a_person_with_capacity_consents_alone() -> None:
    assert problem(consent(GivenBy.SELF), on=SIXTEENTH) == ""
    assert "16 or over" in problem(consent(GivenBy.REPRESENTATIVE), on=SIXTEENTH)


def test_i04_a_person_of_16_who_lacks_capacity_needs_a_representative() -> None:
    assert problem(consent(GivenBy.REPRESENTATIVE), on=SIXTEENTH, lacks_capacity=True) == ""
    assert "lacks capacity" in problem(consent(GivenBy.SELF), on=SIXTEENTH, lacks_capacity=True)


@pytest.mark.parametrize("kind", [k for k in ConsentKind if k is not ConsentKind.DIRECT_PAYMENT])
def test_i04_a_consent_to_something_else_is_not_a_consent_to_a_direct_payment(kind: ConsentKind) -> None:
    assert "no consent to a direct payment in force" in problem(consent(GivenBy.SELF, kind), on=SIXTEENTH)


def test_i04_a_withdrawn_consent_is_none() -> None:
    gone = consent(GivenBy.SELF, withdrawn=SIXTEENTH)
    assert "no consent to a direct payment in force" in problem(gone, on=SIXTEENTH)


def test_i04_a_new_consent_after_a_withdrawn_one_is_in_force() -> None:
    gone = consent(GivenBy.SELF, withdrawn=SIXTEENTH)
    again = ConsentFact(ConsentKind.DIRECT_PAYMENT, GivenBy.SELF, SIXTEENTH, None)
    assert problem(gone, again, on=SIXTEENTH) == ""


def test_every_refusal_about_consent_has_words_of_its_own() -> None:
    young = SIXTEENTH - timedelta(days=1)
    said = {
        problem(on=SIXTEENTH),
        problem(consent(GivenBy.SELF), on=young),
        problem(consent(GivenBy.REPRESENTATIVE), on=SIXTEENTH),
        problem(consent(GivenBy.SELF), on=SIXTEENTH, lacks_capacity=True),
    }
    assert len(said) == 4
    assert "" not in said


def test_i05_nobody_having_checked_is_not_the_same_as_not_excluded() -> None:
    found = exclusion_problem([], GIVEN)
    assert found is not None
    assert "Nobody has checked" in found.sentence


def test_i05_a_check_after_the_day_does_not_count_for_it() -> None:
    assert exclusion_problem([(GIVEN, False)], GIVEN - timedelta(days=1)) is not None
    assert exclusion_problem([(GIVEN, False)], GIVEN) is None


def test_i05_a_positive_answer_refuses_and_says_what_may_be_offered() -> None:
    found = exclusion_problem([(GIVEN, True)], GIVEN)
    assert found is not None
    assert "notional or third-party budget instead" in found.sentence


def test_i05_the_later_of_two_answers_of_one_day_decides() -> None:
    """An answer entered wrongly and put right on the same day must not exclude the person for good."""
    assert exclusion_problem([(GIVEN, True), (GIVEN, False)], GIVEN) is None
    assert exclusion_problem([(GIVEN, False), (GIVEN, True)], GIVEN) is not None


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@settings(max_examples=300)
@given(st.lists(st.tuples(days, st.booleans()), max_size=8), days)
def test_i05_only_the_latest_answer_by_the_day_counts(answers: list[tuple[date, bool]], on: date) -> None:
    latest: tuple[date, bool] | None = None
    for answer in answers:
        if answer[0] <= on and (latest is None or answer[0] >= latest[0]):
            latest = answer
    assert (exclusion_problem(answers, on) is None) == (latest is not None and not latest[1])


def test_every_giver_has_words() -> None:
    assert GIVEN_BY_WORDS.keys() == set(GivenBy)
