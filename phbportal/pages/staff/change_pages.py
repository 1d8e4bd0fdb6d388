"""The pages of changes that need a second person, and of what is changed that way: rates and settings."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.pages.staff import board_settings, change, changes, rates, succession

PAGES: tuple[tuple[Any, str, Any, Any], ...] = (
    (changes.changes, routes.STAFF_CHANGES, "Changes that need a second person", changes.ChangesState.load),
    (change.change, routes.STAFF_CHANGE, "A proposed change", change.ChangeState.load),
    (rates.rates, routes.STAFF_RATES, "Rates", rates.RatesState.load),
    (
        rates.rate,
        routes.STAFF_RATE,
        rx.cond(rates.RateState.label, rates.RateState.label, "Rate"),
        rates.RateState.load,
    ),
    (board_settings.board_settings, routes.STAFF_SETTINGS, "Settings", board_settings.SettingsState.load),
    (succession.succession, routes.STAFF_SUCCESSION, "When other boards take over", succession.SuccessionState.load),
    (
        board_settings.board_setting,
        routes.STAFF_SETTING,
        rx.cond(board_settings.SettingState.label, board_settings.SettingState.label, "Setting"),
        board_settings.SettingState.load,
    ),
)
"""Each page, its address, its title and what fills it in."""
