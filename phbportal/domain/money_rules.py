"""The rules of a board for whoever is paid a direct payment: cash, receipts, returns, records (domain.md §1.10, §4.9).

The same choices stand in the agreement that is signed and on the pages of those who are paid. Amounts in pence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from phbportal.domain.money import pounds
from phbportal.domain.policies import DEFAULTS, RETURN_WORDS, YES
from phbportal.domain.text import plural

NAMES = (
    "cash_withdrawal_allowed", "receipt_required_over_pence", "return_frequency", "return_due_days",
    "retention_years_finance",
)  # fmt: skip
"""The settings these rules are made from."""


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """What a board has chosen. ``receipts_over_pence`` is the largest purchase that needs no receipt."""

    cash: bool
    receipts_over_pence: int
    returns: str
    return_days: int
    kept_years: int


def rules_from(chosen: Mapping[str, str]) -> MoneyRules:
    """The rules of a board from its settings by name; what it has not chosen is as is usual."""
    found = {name: chosen.get(name, DEFAULTS[name]) for name in NAMES}
    return MoneyRules(
        found["cash_withdrawal_allowed"] == YES, int(found["receipt_required_over_pence"]),
        RETURN_WORDS[found["return_frequency"]], int(found["return_due_days"]), int(found["retention_years_finance"]),
    )  # fmt: skip


AS_USUAL = rules_from({})


def _bought(rules: MoneyRules) -> str:
    over = rules.receipts_over_pence
    return f"everything that costs more than {pounds(over)}" if over else "everything that is bought"


def payee_sentences(rules: MoneyRules) -> tuple[str, ...]:
    """The rules to whoever reads about the money, one idea a sentence."""
    return (
        "Money may be taken out in cash. Keep a receipt for what it buys."
        if rules.cash
        else "Do not take the money out in cash.",
        f"Keep a receipt for {_bought(rules)}.",
        f"Send the board a return {rules.returns}: what was paid in, and what was spent.",
        f"Send each return within {plural(rules.return_days, 'day')}.",
        f"Keep the records of the money for {plural(rules.kept_years, 'year')}.",
    )


def account_sentence(rules: MoneyRules) -> str:
    """What an agreement says of cash."""
    if rules.cash:
        return "Money may be taken out of it in cash, with a receipt for what it buys."
    return "No money is taken out of it in cash."


def record_sentences(rules: MoneyRules, whoever: str) -> tuple[str, ...]:
    """What an agreement says that ``whoever`` is paid keeps and sends."""
    return (
        f"{whoever} keeps statements, receipts and payslips for {plural(rules.kept_years, 'year')}, and shows them "
        "when the board asks.",
        f"There is a receipt for {_bought(rules)}.",
        f"{whoever} sends the board a return {rules.returns}, within {plural(rules.return_days, 'day')} of the last "
        "day it is about: what was paid in, and what was spent.",
    )
