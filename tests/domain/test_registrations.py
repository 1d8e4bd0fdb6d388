"""Registrations: whose signature counts today, and which dates cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.plans import RegistrationBody
from phbportal.domain.registrations import REGISTERS, RegistrationFact, registration_problems, sign_off_problem

TODAY = date(2026, 4, 1)
NMC = RegistrationBody.NMC
days = st.dates(date(2024, 1, 1), date(2029, 1, 1))
facts = st.lists(
    st.builds(RegistrationFact, st.sampled_from(RegistrationBody), st.sampled_from("AB"), days), max_size=4
)


@settings(max_examples=200)
@given(facts, st.sampled_from(RegistrationBody), st.sampled_from("AB"), days)
def test_a_signature_counts_exactly_while_that_registration_runs(
    found: list[RegistrationFact], body: RegistrationBody, number: str, today: date
) -> None:
    runs = any(one.body is body and one.number == number and one.ends_on >= today for one in found)
    assert (sign_off_problem(found, body, number, today) is None) is runs


@pytest.mark.parametrize(
    ("found", "field", "sentence"),
    [
        ([], "body", "is not recorded here, so you cannot sign a plan off."),
        ([RegistrationFact(RegistrationBody.GMC, "1234567", TODAY)], "body", "is not recorded here"),
        ([RegistrationFact(NMC, "99A1234E", TODAY)], "pin", "not the registration number your board has recorded"),
        ([RegistrationFact(NMC, "12A3456E", date(2026, 3, 31))], "pin", "only to 31 March 2026"),
    ],
    ids=["none", "another body", "another number", "lapsed yesterday"],
)
def test_each_reason_has_its_sentence(found: list[RegistrationFact], field: str, sentence: str) -> None:
    problem = sign_off_problem(found, NMC, "12A3456E", TODAY)
    assert problem is not None
    assert (problem.field, sentence in problem.sentence) == (field, True)


@pytest.mark.parametrize(
    ("checked_on", "ends_on", "field"),
    [
        (date(2026, 4, 2), date(2027, 4, 1), "checked_on"),
        (TODAY, date(2026, 3, 31), "ends_on"),
        (TODAY, date(2030, 1, 1), "ends_on"),
    ],
    ids=["tomorrow", "had ended", "too long"],
)
def test_a_date_that_cannot_be_is_refused_beside_its_field(checked_on: date, ends_on: date, field: str) -> None:
    assert [p.field for p in registration_problems(checked_on=checked_on, ends_on=ends_on, today=TODAY)] == [field]


def test_every_body_has_a_public_register() -> None:
    assert set(REGISTERS) == set(RegistrationBody)
    assert all(address.startswith("https://") for address in REGISTERS.values())
