"""What a board asks of whoever is paid: the same choices in the agreement and on the pages (domain.md §4.9)."""

from __future__ import annotations

import pytest

from phbportal.domain.money_rules import NAMES, account_sentence, payee_sentences, record_sentences, rules_from
from phbportal.domain.policies import SETTINGS

OTHERWISE = {
    "cash_withdrawal_allowed": "YES", "receipt_required_over_pence": "2000", "return_frequency": "YEARLY",
    "return_due_days": "14", "retention_years_finance": "6",
}  # fmt: skip


def test_what_nobody_chose_is_as_is_usual() -> None:
    assert payee_sentences(rules_from({})) == (
        "Do not take the money out in cash.",
        "Keep a receipt for everything that is bought.",
        "Send the board a return every 3 months: what was paid in, and what was spent.",
        "Send each return within 28 days.",
        "Keep the records of the money for 7 years.",
    )


def test_every_choice_changes_a_sentence_of_the_page_and_of_the_agreement() -> None:
    assert set(OTHERWISE) == set(NAMES) <= set(SETTINGS)

    def said(chosen: dict[str, str]) -> tuple[str, ...]:
        rules = rules_from(chosen)
        return (account_sentence(rules), *record_sentences(rules, "Ann"))

    for name, value in OTHERWISE.items():
        assert payee_sentences(rules_from({name: value})) != payee_sentences(rules_from({}))
        assert said({name: value}) != said({})


@pytest.mark.parametrize(
    "sentence",
    [
        "Money may be taken out of it in cash, with a receipt for what it buys.",
        "Ann keeps statements, receipts and payslips for 6 years, and shows them when the board asks.",
        "There is a receipt for everything that costs more than £20.00.",
        "Ann sends the board a return every year, within 14 days of the last day it is about: what was paid in, and "
        "what was spent.",
    ],
)
def test_the_agreement_says_what_was_chosen(sentence: str) -> None:
    rules = rules_from(OTHERWISE)
    assert sentence in (account_sentence(rules), *record_sentences(rules, "Ann"))
