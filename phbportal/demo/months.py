"""Months as twelfths of 52 weeks (ADR 0036): the first board's choice, and somebody who is paid by the month."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from phbportal.demo import steps
from phbportal.demo.days import ago
from phbportal.demo.stage import Stage
from phbportal.demo.wider_people import LIFE
from phbportal.demo.year import Year
from phbportal.domain.periods import Cycle, MonthlyPay, months_after
from phbportal.domain.roles import Role
from phbportal.services.change_requests import approve
from phbportal.services.payments import PaymentEntry
from phbportal.services.policies import SettingEntry, propose_setting

BY_MONTHS = "xiuying"
MONTHS = 5


def months_as_twelfths(stage: Stage) -> None:
    """Grace proposes it and Ruth agrees, when the team joined."""
    grace, ruth, on = stage.staff["grace", Role.ADMIN], stage.staff["ruth", Role.APPROVER], stage.days.joined
    entry, why = SettingEntry(MonthlyPay.TWELFTHS.value, on), "Every month is to be the same, and the year 52 weeks."
    change = UUID(stage.act(grace, "twelfths", on, lambda uow: propose_setting(uow, "monthly_payment", entry, why)))
    stage.act(ruth, "twelfths agreed", on, lambda uow: approve(uow, change))


class Months(Year):
    """Stories told by the calendar month."""

    def _by_months(self, key: str, percent: int) -> None:
        """A direct payment paid on the first working day of each of the last months; spent in the proportion given."""
        this = self.days.working().replace(day=1)
        starts = months_after(this, 1 - MONTHS)
        friday = ago(starts, 10 + (starts.weekday() - 10 - 4) % 7)
        case = self._start(key, starts, on=friday)
        self._bank(case, 0, self._on_account(key), on=ago(friday, -3))
        for number in range(MONTHS):
            first = months_after(starts, number)
            days = Cycle(first, ago(months_after(first, 1), 1))
            self._paid_in_month(case, days)
            if first < this:
                self._spent(case, LIFE[key].weekly * days.days // 7 * percent // 100, days)

    def _paid_in_month(self, case: steps.Case, days: Cycle) -> None:
        """Recorded by Denise and confirmed by Kofi on the first working day of the month."""
        on = _first_working(days.starts_on)
        entry = PaymentEntry(days.starts_on, days.ends_on)
        reference = steps.payment_recorded(case, self._finance("denise"), 0, entry, on=on)
        steps.payment_confirmed(case, self._finance("kofi"), reference, on=on)


def _first_working(on: date) -> date:
    """The first day from this one on that is no Saturday or Sunday."""
    return on + timedelta(days=7 - on.weekday()) if on.weekday() > 4 else on
