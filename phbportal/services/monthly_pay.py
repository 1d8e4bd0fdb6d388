"""How the months of a new stream are worked out: by its board's setting, kept with it from then on (ADR 0036)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from phbportal.domain.streams import Frequency
from phbportal.services.policies import setting, setting_by_day
from phbportal.services.unit_of_work import UnitOfWork


def kept_with_new(uow: UnitOfWork, icb_id: UUID, frequency: Frequency, starts_on: date) -> str | None:
    """What is kept with a stream that is added: the setting of the day it starts, or of today where it started before;
    nothing for one that is not paid by the month."""
    if frequency is not Frequency.MONTHLY:
        return None
    return setting(uow, icb_id, "monthly_payment", max(uow.today, starts_on))


def kept_with_each(uow: UnitOfWork, icb_id: UUID) -> Callable[[Frequency, date], str | None]:
    """The same for many streams of a board: the settings are read now, and nothing is asked of the database later."""
    by_day, today = setting_by_day(uow, icb_id, "monthly_payment"), uow.today

    def kept(frequency: Frequency, starts_on: date) -> str | None:
        return by_day(max(today, starts_on)) if frequency is Frequency.MONTHLY else None

    return kept
