"""Templates in plain words: what is filled in, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.templates import USES, TemplateKind, filled_in, kind_of, placeholders_of, template_problems

TODAY = date(2026, 4, 6)
BODY = "Dear {person_name},\n\nYour budget is {amount}. {person_name}, this is yours."


def said(body: str, law_as_of: date = TODAY) -> dict[str, str]:
    return {one.field: one.sentence for one in template_problems(body, law_as_of, TODAY)}


def test_names_in_braces_are_filled_in_and_none_is_left() -> None:
    assert placeholders_of(BODY) == ("person_name", "amount")
    told = filled_in(BODY, {"person_name": "Amina", "amount": "£10.00"})
    assert told == "Dear Amina,\n\nYour budget is £10.00. Amina, this is yours."
    with pytest.raises(KeyError):
        filled_in(BODY, {"person_name": "Amina"})


def test_a_right_template_has_no_problem() -> None:
    assert said(BODY) == {}
    assert said("No braces at all.") == {}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Dear {nmae}", "Nothing can be filled in for {nmae}."),
        ("Dear {}", "Nothing can be filled in for {}."),
        ("Dear {person_name", "A brace stands alone."),
        ("Dear person_name}", "A brace stands alone."),
        ("Dear {{person_name}}", "A brace stands alone."),
    ],
)
def test_what_could_never_be_filled_in_is_refused(body: str, sentence: str) -> None:
    assert said(body)["body"].startswith(sentence)


def test_the_law_was_not_checked_on_a_day_to_come() -> None:
    assert "cannot be in the future" in said(BODY, date(2026, 4, 7))["law_as_of"]


def test_every_use_is_a_letter_or_an_agreement_and_says_so() -> None:
    for code, words in USES.items():
        assert words.startswith(f"{kind_of(code).value.capitalize()}: ")
    assert kind_of("ISF_AGREEMENT") is TemplateKind.AGREEMENT
