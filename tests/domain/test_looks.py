"""What somebody looked at: to the person it is about, and to those who watch over the looks."""

from __future__ import annotations

import pytest

from phbportal.domain.looks import look_sentence, page_name
from phbportal.domain.roles import Role


@pytest.mark.parametrize(
    ("kept", "name"),
    [
        ("phb-payments", "Payments"),
        ("phb-history", "History of the budget"),
        ("helper", "Somebody who helps"),
        ("plan sign-off", "Plan sign-off"),
        ("my budget", "My budget"),
    ],
)
def test_no_word_of_the_program_stands_in_the_list_of_looks(kept: str, name: str) -> None:
    assert page_name(kept) == name


def test_each_thing_is_said_once_in_the_person_s_own_words() -> None:
    said = look_sentence(
        "Marta Kowalska", Role.CASE_MANAGER, ["offer form", "paper signature form", "capacity form", "budget"]
    )
    assert said == (
        "Marta Kowalska, case manager, looked at the agreement about your money, who can decide for you and your "
        "budget."
    )
