"""Proposing rates and settings in tests, and what is in the change request."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from phbportal.policy.actors import Actor
from phbportal.services.policies import SettingEntry, propose_setting
from phbportal.services.rates import RateEntry, propose_rate, propose_rate_change
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import PolicySetting, Rate
from tests.services.asking import rows
from tests.support.world import World

WAGE, REASON, SOURCE = "national_living_wage", "As the law says.", "GOV.UK"
APRIL, NEXT_APRIL = date(2026, 4, 1), date(2027, 4, 1)


def wage(amount: int = 1271, starts_on: date = APRIL, source: str = SOURCE) -> RateEntry:
    return RateEntry(amount, starts_on, source)


def proposed_rate(world: World, entry: RateEntry | None = None, *, by: Actor | None = None) -> UUID:
    """A National Living Wage that waits for a second person."""
    return world.do(by or world.finance, lambda uow: propose_rate(uow, WAGE, entry or wage(), REASON))


def proposed_rate_change(world: World, rate: Rate, entry: RateEntry, *, by: Actor | None = None) -> UUID:
    """A rate that is to be put right, as somebody who just opened the form proposes it."""

    def act(uow: UnitOfWork) -> UUID:
        return propose_rate_change(uow, rate.id, entry, REASON, seen_version=rate.row_version)

    return world.do(by or world.finance, act)


def proposed_setting(
    world: World,
    value: str = "6",
    starts_on: date | None = None,
    *,
    name: str = "surplus_weeks",
    by: Actor | None = None,
) -> UUID:
    """A setting of the board that waits for a second person."""
    entry = SettingEntry(value, starts_on or world.today)
    return world.do(by or world.admin, lambda uow: propose_setting(uow, name, entry, REASON))


def wages(world: World) -> list[tuple[int, date, date | None]]:
    """The National Living Wage as it is written: amount, first and last day."""
    found = sorted(rows(world, Rate, name=WAGE), key=lambda rate: rate.starts_on)
    return [(rate.amount, rate.starts_on, rate.ends_on) for rate in found]


def settings_of(world: World, **equal: Any) -> list[PolicySetting]:
    """The settings that were written, but for the limit every board of the world begins with."""
    return [one for one in rows(world, PolicySetting, **equal) if one.name != "second_approver_over_weekly_pence"]
