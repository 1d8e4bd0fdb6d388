"""The pages of changes that need a second person, and of what is changed that way: rates and settings."""

from __future__ import annotations

from phbportal import routes
from phbportal.pages.staff import board_settings, change, changes, rates, succession

PAGES = (
    (changes.changes, routes.STAFF_CHANGES, "Changes that need a second person", changes.ChangesState.load),
    (change.change, routes.STAFF_CHANGE, "A proposed change", change.ChangeState.load),
    (rates.rates, routes.STAFF_RATES, "Rates", rates.RatesState.load),
    (rates.rate, routes.STAFF_RATE, "Rate", rates.RateState.load),
    (board_settings.board_settings, routes.STAFF_SETTINGS, "Settings", board_settings.SettingsState.load),
    (succession.succession, routes.STAFF_SUCCESSION, "When other boards take over", succession.SuccessionState.load),
    (board_settings.board_setting, routes.STAFF_SETTING, "Setting", board_settings.SettingState.load),
)
"""Each page, its address, its title and what fills it in."""
