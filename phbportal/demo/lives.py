"""Somebody of the wider world in a few words: who they are, and the plan and budget that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from phbportal.demo.people import Holder
from phbportal.demo.plans import Aim, Cost, Script
from phbportal.domain.budgets import LineType as T
from phbportal.domain.eligibility import Cohort as C
from phbportal.domain.periods import months_after
from phbportal.domain.plans import Share
from phbportal.domain.streams import Frequency, Method
from phbportal.services.people import PersonEntry

DIRECT, NOTIONAL, ISF = (Method.DIRECT_PAYMENT,), (Method.NOTIONAL,), (Method.THIRD_PARTY,)
AND_NOTIONAL = (Method.NOTIONAL, Method.DIRECT_PAYMENT)
AND_ISF = (Method.NOTIONAL, Method.THIRD_PARTY)
PAYROLL_PENCE, HOUR_PENCE = 443, 1350

TOWNS = (
    ("Liverpool", "L2 3SW"), ("Chester", "CH1 2HJ"), ("Birkenhead", "CH41 5BR"), ("St Helens", "WA10 1HP"),
    ("Warrington", "WA1 1UH"), ("Huyton", "L36 9YU"), ("Southport", "PR8 1DA"), ("Runcorn", "WA7 2GX"),
    ("Crewe", "CW1 2BJ"), ("Bootle", "L20 7AE"), ("Widnes", "WA8 6AA"), ("Wallasey", "CH44 8ED"),
    ("Macclesfield", "SK10 1EA"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Life:
    """Somebody, who looks after their budget, and what it is for.

    ``age`` is in years on the day the world was begun, and ``months`` more than them (by place, if none are given);
    ``weekly`` is the whole budget in pence a week, ``once`` pence once.
    """

    key: str
    name: str
    number: str
    cohort: C
    age: int
    manager: str
    weekly: int
    about: str
    matters: str
    call: str
    outcome: str
    service: str
    methods: tuple[Method, ...] = DIRECT
    once: int = 0
    months: int | None = None
    needs: str = ""
    often: Frequency = Frequency.FOUR_WEEKLY

    def holder(self, place: int, today: date) -> Holder:
        """The person; ``place`` is their place in the list, from which address and telephone follow."""
        given, family = self.name.split("|")
        # Birthdays all over the year, while the age in whole years stays as it is written.
        months = place * 5 % 11 if self.months is None else self.months
        born = months_after(today, -12 * self.age - months) - timedelta(days=1 + place % 26)
        town, postcode = TOWNS[place % len(TOWNS)]
        entry = PersonEntry(
            given, family, born, nhs_number=self.number, nhs_number_status="01",
            address=f"{21 + place} Example Street, {town}", postcode=postcode,
            telephone=f"+44770090{200 + place:04d}", communication_needs=self.needs,
        )  # fmt: skip
        return Holder(self.key, self.cohort, entry)

    @property
    def script(self) -> Script:
        """The plan, with a budget that comes to the weekly amount: a mixed one is two fifths notional."""
        costs: list[Cost] = []
        for place, method in enumerate(self.methods):
            first = self.weekly * 2 // 5
            part = self.weekly if len(self.methods) == 1 else first if place == 0 else self.weekly - first
            costs += _costs(method, part, self.once if place == len(self.methods) - 1 else 0, place)
        hours = max(1, self.weekly * 22 // 25 // HOUR_PENCE)
        aim = Aim(
            self.outcome, "I say so at each review.", self.service, "People I have met and chosen",
            f"{hours} hours a week" if self.weekly else "Once", tuple(costs), Share.ALL,
        )  # fmt: skip
        often = self.often if self.weekly else Frequency.ONCE
        return Script(self.about, self.matters, self.call, self.methods, (aim,), (), often)


def _costs(method: Method, weekly: int, once: int, place: int) -> list[Cost]:
    if not weekly:
        return [Cost(T.EQUIPMENT, 0, once, place)]
    if method is not Method.DIRECT_PAYMENT:
        return [Cost(T.AGENCY, weekly, once, place)]
    wage, cover = weekly * 22 // 25, weekly * 2 // 25
    return [
        Cost(T.PA_WAGE, wage, once, place), Cost(T.PA_COVER, cover, 0, place),
        Cost(T.PAYROLL, PAYROLL_PENCE, 0, place), Cost(T.EMPLOYER_NI, weekly - wage - cover - PAYROLL_PENCE, 0, place),
    ]  # fmt: skip
