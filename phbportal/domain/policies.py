"""Local choices a board makes, with the defaults of domain.md §4.9. Money in pence, times in the unit of the name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Refusal
from phbportal.domain.money import parse_pounds, pounds
from phbportal.domain.periods import MonthlyPay
from phbportal.domain.plan_year import PLAN_YEAR_WORDS, PlanYear
from phbportal.domain.quantities import percent
from phbportal.domain.streams import FREQUENCY_WORDS, MONTHLY_PAY_WORDS, Frequency
from phbportal.domain.text import legible, long_date, parse_date, plural

PAYMENT_FREQUENCIES = (Frequency.WEEKLY, Frequency.FOUR_WEEKLY, Frequency.MONTHLY, Frequency.QUARTERLY)
RETURN_WORDS: dict[str, str] = {
    "MONTHLY": "every month", "QUARTERLY": "every 3 months", "HALF_YEARLY": "every 6 months", "YEARLY": "every year",
}  # fmt: skip
"""How often whoever is paid sends a return, as a sentence says it (domain.md §4.9: monthly to yearly)."""
YES, NO = "YES", "NO"
DEFAULTS: dict[str, str] = {
    "bank_change_cooling_hours": "48",
    "cycle_anchor_date": "2026-04-06",
    "payment_frequency": "FOUR_WEEKLY",
    "monthly_payment": MonthlyPay.BY_DAYS.value,
    "return_frequency": "QUARTERLY",
    "return_due_days": "28",
    "receipt_required_over_pence": "0",
    "cash_withdrawal_allowed": NO,
    "retention_years_finance": "7",
    "retention_years_clinical": "8",
    "notice_days_reduce": "28",
    "notice_days_stop": "28",
    "decision_letter_days": "5",
    "reconsideration_days": "28",
    "reconsideration_again_months": "6",
    "surplus_weeks": "8",
    "contingency_weeks": "1",
    "hospital_full_pay_days": "28",
    "small_balance_write_off_pence": "5000",
    "plan_year_weeks": PlanYear.WEEKS_52.value,
    "indicative_tolerance_pct": "10",
    "second_approver_over_weekly_pence": "100000",
    "review_first_months": "3",
    "review_next_months": "12",
    "nominee_review_days": "14",
    "age16_review_days": "28",
    "age16_warning_months": "6",
    "isf_fee_default_pct": "5",
    "isf_bank_cap_weeks": "4",
    "isf_max_hold_weeks": "12",
    "pwb_period_years_adult": "5",
    "pwb_period_years_child": "3",
    "purchase_answer_days": "10",
    "uplift_basis_points": "0",
    "uplift_policy": "The board’s yearly uplift of personal health budgets",
}


class SettingKind(StrEnum):
    """How a setting is answered: a count, an amount of money, a day, one of some choices, a percentage kept in
    hundredths of one per cent, or words."""

    COUNT = "COUNT"
    MONEY = "MONEY"
    DAY = "DAY"
    CHOICE = "CHOICE"
    PERCENT = "PERCENT"
    WORDS = "WORDS"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in words. A count is of ``unit`` ("week", "%"); ``least`` and ``most`` are in its unit, or in pence.
    ``choices`` are the codes of a choice with their words, ``hint`` what whoever chooses should know."""

    label: str
    kind: SettingKind = SettingKind.COUNT
    unit: str = ""
    least: int = 0
    most: int = 0
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    hint: str = ""


def _chosen(label: str, choices: Mapping[str, str], hint: str = "") -> Setting:
    """A choice, its words as they stand by themselves."""
    words = {code: w[:1].upper() + w[1:] for code, w in choices.items()}
    return Setting(label, SettingKind.CHOICE, choices=words, hint=hint)


def _weeks(label: str, least: int, most: int) -> Setting:
    return Setting(label, unit="week", least=least, most=most)


def _days(label: str, least: int, most: int) -> Setting:
    return Setting(label, unit="day", least=least, most=most)


def _months(label: str, least: int, most: int) -> Setting:
    return Setting(label, unit="month", least=least, most=most)


def _years(label: str, least: int, most: int) -> Setting:
    return Setting(label, unit="year", least=least, most=most)


def _money(label: str, least: int, most: int) -> Setting:
    return Setting(label, SettingKind.MONEY, least=least, most=most)


# Bounds: the range seen in practice (domain.md §4.9), widened; what protects somebody cannot be set to nothing.
SETTINGS: dict[str, Setting] = {
    "payment_frequency": _chosen(
        "How often direct payments are paid", {one.value: FREQUENCY_WORDS[one] for one in PAYMENT_FREQUENCIES}
    ),
    "monthly_payment": _chosen(
        "How a monthly payment is worked out",
        {one.value: words for one, words in MONTHLY_PAY_WORDS.items()},
        "As twelfths, every whole month is 52 weeks divided by 12, so a year comes to exactly 52 weeks; a part of a "
        "month is paid by its days. By days, a month of 31 days is more than one of 30. What was agreed before is paid "
        "as it was agreed.",
    ),
    "cycle_anchor_date": Setting("A first day of the four-weekly calendar", SettingKind.DAY),
    "surplus_weeks": _weeks("Payments left over that count as a surplus", 4, 26),
    "contingency_weeks": _weeks("Payments kept for the unexpected", 0, 8),
    "return_frequency": _chosen("How often a return is sent", RETURN_WORDS),
    "return_due_days": _days("Time to send a return", 7, 56),
    "receipt_required_over_pence": _money("Largest purchase that needs no receipt", 0, 5_000),
    "cash_withdrawal_allowed": _chosen("Taking money out in cash", {YES: "Allowed", NO: "Not allowed"}),
    "retention_years_finance": _years("How long records of the money are kept", 2, 12),
    "retention_years_clinical": _years("How long records of care are kept after a budget is closed", 8, 20),
    "notice_days_reduce": _days("Notice before a budget is reduced", 7, 112),
    "notice_days_stop": _days("Notice before a budget stops", 7, 112),
    "decision_letter_days": Setting("Working days to post the letter of a decision", unit="day", least=1, most=20),
    "reconsideration_days": _days("Time to answer when somebody disagrees with a decision", 7, 56),
    "reconsideration_again_months": _months("Before a decision must be looked at once more", 0, 12),
    "hospital_full_pay_days": _days("Full pay for personal assistants while the person is in hospital", 0, 84),
    "small_balance_write_off_pence": _money("Largest balance that may be written off", 0, 10_000),
    "second_approver_over_weekly_pence": _money("Weekly amount above which a second approver is needed", 0, 2_000_000),
    "plan_year_weeks": _chosen(
        "What a weekly amount comes to in a year", {year.value: words for year, words in PLAN_YEAR_WORDS.items()}
    ),
    "indicative_tolerance_pct": Setting(
        "Final budget above the indicative one before a reason is needed", unit="%", least=0, most=50
    ),
    "bank_change_cooling_hours": Setting("Time before new bank details can be paid", unit="hour", least=24, most=336),
    "review_first_months": _months("First review after a budget starts", 1, 6),
    "review_next_months": _months("Between reviews after the first", 1, 12),
    "nominee_review_days": _days("Time to review when a nominee ends", 7, 56),
    "age16_review_days": _days("Time to review when a person turns 16", 7, 56),
    "age16_warning_months": _months("Warning before a person turns 16", 1, 12),
    "isf_fee_default_pct": Setting("Usual fee of an organisation", unit="%", least=0, most=15),
    "isf_bank_cap_weeks": _weeks("Most payments an organisation may keep", 1, 12),
    "isf_max_hold_weeks": _weeks("Longest an organisation may hold money", 4, 26),
    "pwb_period_years_adult": _years("How long an adult’s wheelchair is meant to last", 1, 10),
    "pwb_period_years_child": _years("How long a child’s wheelchair is meant to last", 1, 10),
    "purchase_answer_days": _days("Time to answer a question asked before buying", 1, 28),
    "uplift_basis_points": Setting("Yearly uplift of prices and amounts", SettingKind.PERCENT, most=2_500),
    "uplift_policy": Setting("What the yearly uplift rests on", SettingKind.WORDS, most=200),
}

_PERCENT = re.compile(r"(?P<whole>[0-9]{1,3})(?:\.(?P<part>[0-9]{1,2}))? ?%?")
_COUNT = re.compile(r"(?P<count>[0-9]{1,6})(?: ?(?:%|[a-z]+))?", re.IGNORECASE)


def show_setting(name: str, value: str) -> str:
    """A setting as a person reads it: "8 weeks", "£50.00", "5%", "6 April 2026", "four-weekly"."""
    setting = SETTINGS[name]
    match setting.kind:
        case SettingKind.MONEY:
            return pounds(int(value))
        case SettingKind.DAY:
            return long_date(date.fromisoformat(value))
        case SettingKind.CHOICE:
            return setting.choices[value]
        case SettingKind.COUNT:
            return f"{value}%" if setting.unit == "%" else plural(int(value), setting.unit)
        case SettingKind.PERCENT:
            return percent(int(value))
        case SettingKind.WORDS:
            return value


def bounds_words(name: str) -> str:
    """What may be chosen, for the hint of the form; nothing for a day."""
    setting = SETTINGS[name]
    match setting.kind:
        case SettingKind.MONEY:
            return f"From {pounds(setting.least)} to {pounds(setting.most)}"
        case SettingKind.COUNT:
            unit = "%" if setting.unit == "%" else f" {setting.unit}s"
            return f"From {setting.least} to {setting.most}{unit}"
        case SettingKind.PERCENT:
            least, most = (percent(points) for points in (setting.least, setting.most))
            return f"From {least} to {most}"
        case SettingKind.WORDS:
            return "In a line, as people who get a letter read it"
        case _:
            return setting.hint


def parse_setting(name: str, text: str, *, field: str | None = None) -> str:
    """Read an answer into what is kept. Refuses, beside ``field``, what cannot be read or is out of bounds."""
    setting = SETTINGS[name]
    return _PARSERS[setting.kind](setting, name, text, field)


def _count(setting: Setting, name: str, text: str, field: str | None) -> str:
    found = _COUNT.fullmatch(legible(text))
    if found is None:
        raise Refusal("Enter a whole number.", field=field)
    return _within(setting, name, int(found["count"]), field)


def _amount(setting: Setting, name: str, text: str, field: str | None) -> str:
    return _within(setting, name, parse_pounds(text, field=field), field)


def _within(setting: Setting, name: str, value: int, field: str | None) -> str:
    if not setting.least <= value <= setting.most:
        raise Refusal(f"This is not possible. {bounds_words(name)}.", field=field)
    return str(value)


def _on(setting: Setting, name: str, text: str, field: str | None) -> str:
    return parse_date(text, field=field).isoformat()


def _choice(setting: Setting, name: str, text: str, field: str | None) -> str:
    if text not in setting.choices:
        raise Refusal("Choose one of these.", field=field)
    return text


def _points(setting: Setting, name: str, text: str, field: str | None) -> str:
    found = _PERCENT.fullmatch(legible(text))
    if found is None:
        raise Refusal("Enter a percentage with at most 2 figures after the point, such as 4.1.", field=field)
    return _within(setting, name, int(found["whole"]) * 100 + int((found["part"] or "").ljust(2, "0")), field)


def _words(setting: Setting, name: str, text: str, field: str | None) -> str:
    words = legible(text)
    if not words or len(words) > setting.most:
        raise Refusal(f"Enter it in words, {setting.most} letters at most.", field=field)
    return words


_PARSERS: dict[SettingKind, Callable[[Setting, str, str, str | None], str]] = {
    SettingKind.COUNT: _count,
    SettingKind.MONEY: _amount,
    SettingKind.DAY: _on,
    SettingKind.CHOICE: _choice,
    SettingKind.PERCENT: _points,
    SettingKind.WORDS: _words,
}
