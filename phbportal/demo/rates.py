"""Statutory rates two people have agreed on, and what still waits for the second: a rate and a setting."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from phbportal.demo.stage import Stage
from phbportal.domain.roles import Role
from phbportal.services.change_requests import approve
from phbportal.services.policies import SettingEntry, propose_setting
from phbportal.services.rates import RateEntry, propose_rate

LAST, THIS = date(2025, 4, 1), date(2026, 4, 1)
# By the page of domain.md §4.2: pence, and hundredths of a percent.
RATES: tuple[tuple[str, int, date], ...] = (
    ("national_living_wage", 1_221, LAST), ("national_living_wage", 1_271, THIS),
    ("minimum_wage_18_to_20", 1_000, LAST), ("minimum_wage_18_to_20", 1_085, THIS),
    ("minimum_wage_under_18", 755, LAST), ("minimum_wage_under_18", 800, THIS),
    ("employer_ni", 1_500, LAST), ("employer_ni_threshold", 500_000, LAST), ("employment_allowance", 1_050_000, LAST),
    ("pension_trigger", 1_000_000, LAST), ("pension_lower", 624_000, LAST), ("pension_upper", 5_027_000, LAST),
    ("pension_employer", 300, LAST),
    ("accommodation_offset", 1_066, LAST), ("accommodation_offset", 1_110, THIS), ("mileage", 45, LAST),
)  # fmt: skip
WAITS = ("enhanced_dbs", 4_950, THIS)


TWO_ABOVE_PENCE = 120_000
"""Above this much a week the first board has two approvers."""


def limits(stage: Stage) -> None:
    """The first board's scheme of delegation, agreed by two people when the team joined."""
    grace, ruth, on = stage.staff["grace", Role.ADMIN], stage.staff["ruth", Role.APPROVER], stage.days.joined
    entry, name = SettingEntry(str(TWO_ABOVE_PENCE), on), "second_approver_over_weekly_pence"
    why = "The board’s scheme of delegation."
    change = UUID(stage.act(grace, "two approvers", on, lambda uow: propose_setting(uow, name, entry, why)))
    stage.act(ruth, "two approvers approved", on, lambda uow: approve(uow, change))


def rates(stage: Stage) -> None:
    """Denise writes the rates down and Ruth checks them, before anything is worked out with them."""
    denise, ruth = stage.staff["denise", Role.FINANCE], stage.staff["ruth", Role.APPROVER]
    for name, amount, starts_on in RATES:
        key, on = f"rate {name} {starts_on}", stage.days.joined
        entry = RateEntry(amount, starts_on, "GOV.UK, National Minimum Wage and tax rates")
        change = UUID(
            stage.act(denise, key, on, lambda uow, n=name, e=entry: propose_rate(uow, n, e, "Rates of the year."))
        )
        stage.act(ruth, f"{key} approved", on, lambda uow, c=change: approve(uow, c))


def rates_that_wait(stage: Stage) -> None:
    """A rate and a setting that wait for somebody."""
    denise, on = stage.staff["denise", Role.FINANCE], stage.days.working()
    name, amount, starts_on = WAITS
    waits = RateEntry(amount, starts_on, "GOV.UK, DBS fees")
    stage.act(denise, "rate waits", on, lambda uow: propose_rate(uow, name, waits, "The fee of the year."))
    setting = SettingEntry("21", stage.days.today + timedelta(days=40))
    grace = stage.staff["grace", Role.ADMIN]
    why = "Returns come in late, and reviews wait for them."
    stage.act(grace, "setting waits", on, lambda uow: propose_setting(uow, "return_due_days", setting, why))
