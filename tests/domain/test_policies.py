"""Settings of a board: every one has words, bounds that hold its default, and reads back as it is kept."""

from __future__ import annotations

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.policies import (
    DEFAULTS,
    SETTINGS,
    SettingKind,
    bounds_words,
    parse_setting,
    show_setting,
)

COUNTS = [name for name, setting in SETTINGS.items() if setting.kind is SettingKind.COUNT]


def test_every_setting_with_a_default_can_be_set_and_no_other() -> None:
    assert set(SETTINGS) == set(DEFAULTS)
    assert len({setting.label for setting in SETTINGS.values()}) == len(SETTINGS)


@pytest.mark.parametrize("name", list(SETTINGS))
def test_the_usual_setting_can_be_typed_as_it_is_shown(name: str) -> None:
    shown = show_setting(name, DEFAULTS[name])
    typed = DEFAULTS[name] if SETTINGS[name].kind is SettingKind.CHOICE else shown
    assert parse_setting(name, typed) == DEFAULTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_out_of_bounds_is_refused_with_the_bounds(name: str) -> None:
    setting = SETTINGS[name]
    for typed in (str(setting.most + 1), str(setting.least - 1) if setting.least else "-1", "", "some", "1.5"):
        with pytest.raises(Refusal) as refused:
            parse_setting(name, typed, field="value")
        assert refused.value.problems[0].field == "value"
    assert parse_setting(name, str(setting.least)) == str(setting.least)
    assert parse_setting(name, str(setting.most)) == str(setting.most)
    assert str(setting.most) in bounds_words(name)


def test_what_protects_somebody_cannot_be_set_to_nothing() -> None:
    for name in ("bank_change_cooling_hours", "notice_days_reduce", "notice_days_stop", "nominee_review_days"):
        with pytest.raises(Refusal):
            parse_setting(name, "0")


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("surplus_weeks", "1", "1 week"), ("surplus_weeks", "8", "8 weeks"), ("isf_fee_default_pct", "5", "5%"),
        ("small_balance_write_off_pence", "5000", "£50.00"), ("cycle_anchor_date", "2026-04-06", "6 April 2026"),
        ("cash_withdrawal_allowed", "NO", "Not allowed"), ("plan_year_weeks", "WEEKS_52", "52 weeks of it"),
        ("return_frequency", "QUARTERLY", "Every 3 months"), ("pwb_period_years_child", "3", "3 years"),
        ("payment_frequency", "FOUR_WEEKLY", "Every 4 weeks"),
        ("monthly_payment", "TWELFTHS", "As twelfths of 52 weeks"), ("bank_change_cooling_hours", "48", "48 hours"),
    ],
)  # fmt: skip
def test_a_setting_is_shown_in_words(name: str, value: str, shown: str) -> None:
    assert show_setting(name, value) == shown


def test_how_a_month_is_worked_out_is_one_of_two_ways_and_says_what_they_mean() -> None:
    assert parse_setting("monthly_payment", "TWELFTHS") == "TWELFTHS"
    for code in ("MONTHLY", "FOUR_WEEKLY", "twelfths"):
        with pytest.raises(Refusal):
            parse_setting("monthly_payment", code)
    assert "a year comes to exactly 52 weeks" in bounds_words("monthly_payment")


CHOICES = [name for name, setting in SETTINGS.items() if setting.kind is SettingKind.CHOICE]


@pytest.mark.parametrize("name", CHOICES)
def test_only_one_of_its_own_choices_is_taken(name: str) -> None:
    for code in SETTINGS[name].choices:
        assert parse_setting(name, code) == code
    with pytest.raises(Refusal, match="Choose one of these"):
        parse_setting(name, "PERHAPS")


def test_only_a_way_of_paying_that_repeats_can_be_chosen() -> None:
    for code in ("ONCE", "four_weekly", ""):
        with pytest.raises(Refusal):
            parse_setting("payment_frequency", code)
