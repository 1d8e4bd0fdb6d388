"""What a year of payments is made of: how a budget of the wider world begins, runs and is accounted for."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo import steps
from phbportal.demo.days import ago
from phbportal.demo.people import Holder
from phbportal.demo.plans import Script
from phbportal.demo.steps import Case
from phbportal.demo.stories import Stories
from phbportal.demo.wider_people import LIFE, PLACE
from phbportal.domain.acting import Acting, Basis
from phbportal.domain.budgets import LineType as T
from phbportal.domain.ledger import Verb
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import Cycle
from phbportal.domain.phbs import PhbKind
from phbportal.domain.relations import Relation
from phbportal.policy.actors import Actor
from phbportal.services import equipment, notes, payments, people
from phbportal.services.acting import ActingEntry
from phbportal.services.spending import SpendingEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Phb

LIMIT_PENCE = 100_000
"""What Owen may approve, a week."""


class Year(Stories):
    """The acts that the stories of the wider world have in common, each by the person's own case manager."""

    def _live(
        self, key: str, cycles: int, percent: int, *, helper: steps.Helper | None = None, but_last: int = 0,
        keeper: tuple[str, UUID] | None = None,
    ) -> Case:  # fmt: skip
        """A direct payment paid for some cycles, but for the last few; spent in the proportion that is given.

        Every third of them begins a week into a cycle. ``keeper`` is whoever keeps a managed account, by the name on
        it and as an organisation.
        """
        first = self.days.cycle_back(cycles - 1)
        starts = ago(first.starts_on, -7) if cycles > 1 and PLACE[key] % 3 == 0 else first.starts_on
        case = self._start(key, starts, on=ago(starts, 10), helper=helper)
        name, kept_by = keeper or (helper.entry.name[:18] if helper else self._on_account(key), None)
        self._bank(case, 0, name, on=ago(starts, 7), keeper=kept_by)
        for back in range(cycles - 1, but_last - 1, -1):
            cycle = self.days.cycle_back(back)
            days = Cycle(max(starts, cycle.starts_on), cycle.ends_on)
            self._paid(case, 0, days)
            if back > 0:
                self._spent(case, LIFE[key].weekly * days.days // 7 * percent // 100, days)
        return case

    def _spent(self, case: Case, pence: int, days: Cycle, stream: int = 0) -> None:
        """What the payslips of a cycle say, recorded as it ends."""
        on, tax = ago(days.ends_on, 2), pence // 12
        steps.spent(
            case, self._finance("denise" if days.starts_on.month % 2 else "kofi"), stream,
            SpendingEntry(Verb.ACCOUNT_FOR, pence - tax, on, T.PA_WAGE, "Payslips of the cycle"),
            SpendingEntry(Verb.ACCOUNT_FOR, tax, on, T.EMPLOYER_NI, "HMRC"), on=on,
        )  # fmt: skip

    def _invoiced(self, key: str, invoices: int) -> None:
        """A notional budget: an invoice a cycle, recorded the day the next one begins."""
        starts = self.days.cycle_back(invoices).starts_on
        case = self._start(key, starts, on=ago(starts, 10))
        for back in range(invoices, 0, -1):
            self._invoice_of(case, self.days.cycle_back(back), LIFE[key].weekly)

    def _invoice_of(self, case: Case, cycle: Cycle, weekly: int) -> None:
        """A little less than was agreed, as invoices are."""
        pence = 4 * weekly * 97 // 100
        number = f"{case.key[:3].upper()}-{cycle.starts_on:%y%m%d}"
        self._invoice(case, cycle, pence, T.AGENCY, number, on=ago(cycle.ends_on, -1))

    def _mixed(self, key: str, cycles: int) -> None:
        first, weekly = self.days.cycle_back(cycles - 1), LIFE[key].weekly
        case = self._start(key, first.starts_on, on=ago(first.starts_on, 10))
        self._bank(case, 1, self._on_account(key), on=ago(first.starts_on, 7))
        notional = weekly * 2 // 5
        for back in range(cycles - 1, -1, -1):
            cycle = self.days.cycle_back(back)
            self._paid(case, 1, cycle)
            if back > 0:
                self._spent(case, (weekly - notional) * 4 * 95 // 100, cycle, 1)
                self._invoice_of(case, cycle, notional)

    def _child(self, key: str, cycles: int, parent: str, signs_in_as: str, *, but_last: int = 0) -> Case:
        entry = ActingEntry(
            Acting.REPRESENTATIVE, parent, Relation.PARENT, Basis.PARENT, contact=self._holder(key).entry.address,
            lives_in_household=True,
        )  # fmt: skip
        return self._live(key, cycles, 96, helper=self._helper(entry, signs_in_as), but_last=but_last)

    def _one_off(self, key: str, cycles: int) -> tuple[Case, Cycle]:
        """A budget paid once, for the cycle that many before the present one."""
        cycle = self.days.cycle_back(cycles)
        case = self._start(key, cycle.starts_on, on=ago(cycle.starts_on, 10), kind=PhbKind.ONE_OFF)
        self._bank(case, 0, self._on_account(key), on=ago(cycle.starts_on, 7))
        self._paid(case, 0, cycle)
        return case, cycle

    def _start(
        self, key: str, starts: date, *, on: date, helper: steps.Helper | None = None, kind: PhbKind = PhbKind.ONGOING
    ) -> Case:
        """Approved by whoever may at that amount; the two clinicians take turns."""
        life, place = LIFE[key], PLACE[key]
        approver = "owen" if life.weekly <= LIMIT_PENCE and place % 3 else "ruth"
        clinician = "siobhan" if place % 2 else "arjun"
        return self._agreed(key, life.manager, clinician, approver, starts=starts, on=on, helper=helper, kind=kind)

    def _ready(self, key: str, *, on: date, submitted: bool = True) -> Case:
        """Planned, checked and consented for a direct payment, and sent for sign-off."""
        by = self._of(key)
        case = self._planned(key, by, on=on)
        steps.checked(case, by, on=ago(on, -3))
        steps.consented(case, by, on=ago(on, -3))
        if submitted:
            steps.submitted(case, by, on=ago(on, -9))
        return case

    def _cancelled(self, case: Case, cycle: Cycle, why: str) -> None:
        """Recorded by Denise the Friday before, cancelled by her the Monday after."""
        entry = payments.PaymentEntry(cycle.starts_on, cycle.ends_on)
        steps.payment_recorded(case, self._finance("denise"), 0, entry, on=ago(cycle.starts_on, 3))
        self._cancel(case, why, on=cycle.starts_on)

    def _cancel(self, case: Case, why: str, *, on: date) -> None:
        """The payment of a budget that waits, or is on hold, is cancelled by Denise."""
        waiting = [PaymentStatus.PLANNED.value, PaymentStatus.HELD.value]

        def cancel(uow: UnitOfWork) -> None:
            found = select(col(PaymentItem.id)).where(
                col(PaymentItem.phb_id) == case.phb_id, col(PaymentItem.status).in_(waiting)
            )
            payments.cancel_payment(uow, uow.session.execute(found).scalar_one(), reason=why)

        case.act(self._finance("denise"), "cancelled", on, cancel)

    def _after_a_quarter(self, cycles: int) -> date:
        """The third day of the fourth cycle that somebody was paid for: a review within three months."""
        return ago(self.days.cycle_back(cycles - 4).starts_on, -2)

    def _note(self, case: Case, words: str, *, on: date) -> None:
        """A note on the budget by its case manager."""
        case.act(self._of(case.key), "note", on, lambda uow: notes.write_note(uow, "phbs", Phb, case.phb_id, words))

    def _bought(self, case: Case, name: str, serial: str, pence: int, *, on: date) -> None:
        values = {"phb_id": case.phb_id, "name": name, "serial_number": serial, "price_pence": pence, "bought_on": on}
        day = on + timedelta(days=3)
        case.act(self._of(case.key), "bought", day, lambda uow: equipment.add_equipment(uow, values))

    def _added(self, key: str, *, on: date) -> UUID:
        """The person's record, made before the rest of their story."""
        entry = self._holder(key).entry
        return UUID(self.stage.act(self._of(key), f"{key} added", on, lambda uow: people.add_person(uow, entry)))

    def _on_account(self, key: str) -> str:
        """An initial and a family name, as a bank takes it."""
        entry = self._holder(key).entry
        return f"{entry.given_name[0]} {entry.family_name}"[:18]

    def _of(self, key: str) -> Actor:
        return self._manager(LIFE[key].manager)

    def _holder(self, key: str) -> Holder:
        return LIFE[key].holder(PLACE[key], self.days.today)

    def _script(self, key: str) -> Script:
        return LIFE[key].script
