"""The rest of the board's year: what has happened to each of the people of the wider world."""

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
from phbportal.demo.stories import ACCOUNT, SORT_CODE, Stories
from phbportal.demo.wider_people import LIFE, PLACE
from phbportal.domain.acting import Acting, Basis, NominatedBy
from phbportal.domain.budgets import LineType as T
from phbportal.domain.capacity import Capacity
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import Cycle
from phbportal.domain.phbs import PhbKind
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.services import capacity, consents, equipment, notes, payments, people
from phbportal.services.accounts import AccountEntry
from phbportal.services.acting import ActingEntry, ChecksEntry
from phbportal.services.spending import SpendingEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.consents import Consent
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Phb

LIVE: dict[str, tuple[int, int]] = {
    "blessing": (12, 97), "tomasz": (11, 94), "rukhsana": (9, 99), "delroy": (8, 90), "catrin": (12, 46),
    "bridget": (5, 92), "xiuying": (6, 95), "jaswant": (4, 101), "owain": (3, 88), "nkechi": (2, 93),
    "thimai": (2, 90), "callum": (3, 97),
}  # fmt: skip
"""Direct payments: how many payment cycles have been paid, and how much of each hundred pounds was accounted for."""
INVOICED = {"margaret": 5, "oskar": 6, "kateryna": 2, "meera": 3}
"""Notional budgets: how many invoices the NHS has paid."""
NOMINEE = "Anwen Pugh"
LIMIT_PENCE = 100_000


class WiderStories(Stories):
    """One method a kind of story; those with one of their own have a method."""

    def tell(self) -> None:
        """Every story, in the order in which the budgets were opened in each group."""
        for key, (cycles, percent) in LIVE.items():
            self._live(key, cycles, percent)
        for key, invoices in INVOICED.items():
            self._invoiced(key, invoices)
        for story in (
            self.winston, self.arthur, self.gary, self.edna, self.one_nominee, self.yusuf, self.aaliyah, self.jayden,
            self.rafiq, self.eilidh, self.sipho, self.thomas, self.liwei, self.fatima, self.kevin, self.sheila,
            self.ravi, self.joanna, self.anthea,
        ):  # fmt: skip
            story()

    def winston(self) -> None:
        """In hospital since the week before the cycle: what was recorded to be paid was cancelled."""
        case, since = self._live("winston", 9, 96, but_last=1), ago(self.days.cycle.starts_on, 5)
        self._cancelled(case, self.days.cycle, f"In hospital since {long_date(since)}")
        words = f"In hospital since {long_date(since)} with his heart. His assistants are kept on for four weeks."
        self._note(case, words, on=ago(since, -1))

    def arthur(self) -> None:
        """Died in the spring of the cycle; nothing more was paid and his daughter has paid back some of what was
        left."""
        case, died = self._live("arthur", 8, 95, but_last=1), ago(self.days.cycle.starts_on, 9)
        self._cancelled(case, self.days.cycle, f"He died on {long_date(died)}")
        words = (
            f"Mr Ramsbottom died at home on {long_date(died)}, as he wished. Helen sends the last wage slips, and pays "
            "back what is left."
        )
        self._note(case, words, on=ago(died, -4))
        entry = SpendingEntry(Verb.REPAY, 120_000, self.days.working(2), reference="Paid back by Helen Ramsbottom")
        steps.spent(case, self._finance("kofi"), 0, entry, on=self.days.working(2))

    def gary(self) -> None:
        """He took his consent back last week: the paperwork was too much. Nothing can be paid until another way is
        found."""
        case, on = self._live("gary", 7, 91), self.days.working(4)
        case.act(self._of("gary"), "consent back", on, lambda uow: _take_back(uow, case.person_id, on))
        self._note(case, "Gary does not want to be an employer. He would like an organisation to do it.", on=on)

    def edna(self) -> None:
        """She lacks capacity; her daughter and attorney represents her and receives the money."""
        on = ago(self.days.cycle_back(3).starts_on, 28)
        entry = capacity.CapacityEntry(
            "Whether to have a direct payment", Capacity.LACKS, on, "Dr Arjun Mehta", None
        )  # fmt: skip
        person = self._added("edna", on=on)
        by = self._of("edna")
        self.stage.act(by, "edna capacity", on, lambda uow: capacity.record_capacity(uow, person, entry))
        helper = ActingEntry(Acting.REPRESENTATIVE, "Susan Clegg", Relation.CHILD, Basis.LPA, contact="Ormskirk")
        self._live("edna", 4, 96, helper=self._helper(helper, "susan"))

    def one_nominee(self) -> None:
        """Three people chose the same solicitor to hold their money: she signs in once and sees all three."""
        for key, cycles in (("ffion", 5), ("reginald", 4), ("comfort", 2)):
            entry = ActingEntry(
                Acting.NOMINEE, NOMINEE, Relation.PROFESSIONAL, nominated_by=NominatedBy.HOLDER,
                contact="Pugh and Partners, 2 Example Square, Chester",
            )  # fmt: skip
            checks = ChecksEntry(dbs_on=ago(self.days.joined, 30), dbs_reference="001234567890")
            helper = steps.Helper(entry, self.stage.staff["ruth", Role.APPROVER], "anwen", checks)
            self._live(key, cycles, 95, helper=helper)

    def yusuf(self) -> None:
        """Paid to his mother, who consented for him."""
        self._child("yusuf", 6, "Hodan Abdi", "hodan")

    def aaliyah(self) -> None:
        """Paid to her father, who consented for her."""
        self._child("aaliyah", 3, "Imran Hussain", "imran")

    def jayden(self) -> None:
        """Sixteen a month ago on his mother's consent: nothing is paid until he consents himself."""
        case = self._child("jayden", 9, "Denise Thompson", "mum", but_last=3)
        self._note(case, "Jayden wants to sign himself. Appointment made; his mother agrees.", on=self.days.working(3))

    def rafiq(self) -> None:
        """A wheelchair budget with £600.00 of his own towards the kerb climber."""
        case, cycle = self._one_off("rafiq", 2)
        on = ago(cycle.starts_on, -10)
        steps.spent(
            case, self._finance("denise"), 0,
            SpendingEntry(Verb.OWN_MONEY, 60_000, on, reference="His own, towards the kerb climber"),
            SpendingEntry(Verb.ACCOUNT_FOR, 540_000, on, T.EQUIPMENT, "Powered chair and kerb climber"), on=ago(on, -1),
        )  # fmt: skip
        self._bought(case, "Powered chair with kerb climber", "KC-40117", 540_000, on=on)

    def eilidh(self) -> None:
        """A wheelchair budget; the chair cost a little less, and the rest was paid back."""
        case, cycle = self._one_off("eilidh", 4)
        on = ago(cycle.starts_on, -8)
        steps.spent(
            case, self._finance("kofi"), 0,
            SpendingEntry(Verb.ACCOUNT_FOR, 258_900, on, T.EQUIPMENT, "Light active chair"),
            SpendingEntry(Verb.REPAY, 6_100, on, reference="The rest, paid back"), on=ago(on, -1),
        )  # fmt: skip
        self._bought(case, "Light active chair", "LA-2208", 258_900, on=on)

    def sipho(self) -> None:
        """A wheelchair budget, approved; the bank details wait for a second finance officer."""
        case = self._agreed(
            "sipho", "rhodri", "siobhan", "owen", starts=self.days.next_cycle_on, on=ago(self.days.monday, 3),
            kind=PhbKind.ONE_OFF,
        )  # fmt: skip
        entry = AccountEntry("S Dlamini", SORT_CODE, ACCOUNT)
        steps.bank_entered(case, self._finance("kofi"), 0, entry, on=self.days.working())

    def thomas(self) -> None:
        """Mixed: nights the NHS pays for and days by direct payment."""
        self._mixed("thomas", 6)

    def liwei(self) -> None:
        """Mixed: a support worker the NHS pays for and a coach by direct payment."""
        self._mixed("liwei", 4)

    def fatima(self) -> None:
        """Waits for approval."""
        case = self._ready("fatima", on=ago(self.days.monday, 21))
        self._signed(case, "siobhan", on=self.days.working(3))

    def kevin(self) -> None:
        """Waits for clinical sign-off."""
        case = self._planned("kevin", self._of("kevin"), on=ago(self.days.monday, 28))
        steps.submitted(case, self._of("kevin"), on=ago(self.days.monday, 10))

    def sheila(self) -> None:
        """Refused by the approver, who sends the plan back: the NHS cannot pay for a cruise."""
        case = self._ready("sheila", on=ago(self.days.monday, 35))
        self._signed(case, "arjun", on=ago(self.days.monday, 12))
        reason = (
            "The board cannot agree to a companion’s cruise: it meets no health need that the assessment names. "
            "Please talk with Mrs Pickering about what would help her joints and her company nearer home."
        )
        steps.returned(case, self.stage.staff["ruth", Role.APPROVER], reason, on=ago(self.days.monday, 5))

    def ravi(self) -> None:
        """A draft; his consent and the check are recorded already."""
        self._ready("ravi", on=ago(self.days.monday, 7), submitted=False)

    def joanna(self) -> None:
        """Leaving hospital: a notional draft, just begun."""
        self._planned("joanna", self._of("joanna"), on=ago(self.days.monday, 7))

    def anthea(self) -> None:
        """Approved, to start with the next cycle; nobody has entered her bank details yet."""
        self._start("anthea", self.days.next_cycle_on, on=ago(self.days.monday, 3))

    def _live(
        self, key: str, cycles: int, percent: int, *, helper: steps.Helper | None = None, but_last: int = 0
    ) -> Case:
        """A direct payment paid for some cycles, but for the last few; spent in the proportion that is given.

        Every third of them begins a week into a cycle.
        """
        first = self.days.cycle_back(cycles - 1)
        starts = ago(first.starts_on, -7) if cycles > 1 and PLACE[key] % 3 == 0 else first.starts_on
        case = self._start(key, starts, on=ago(starts, 10), helper=helper)
        name = helper.entry.name if helper else self._holder(key).entry.family_name
        self._bank(case, 0, name[:18], on=ago(starts, 7))
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
        self._bank(case, 1, self._holder(key).entry.family_name[:18], on=ago(first.starts_on, 7))
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
        self._bank(case, 0, self._holder(key).entry.family_name[:18], on=ago(cycle.starts_on, 7))
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
        denise, entry = self._finance("denise"), payments.PaymentEntry(cycle.starts_on, cycle.ends_on)
        reference = steps.payment_recorded(case, denise, 0, entry, on=ago(cycle.starts_on, 3))

        def cancel(uow: UnitOfWork) -> None:
            found = select(col(PaymentItem.id)).where(col(PaymentItem.reference) == reference)
            payments.cancel_payment(uow, uow.session.execute(found).scalar_one(), reason=why)

        case.act(denise, f"cancelled {reference}", cycle.starts_on, cancel)

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

    def _of(self, key: str) -> Actor:
        return self._manager(LIFE[key].manager)

    def _holder(self, key: str) -> Holder:
        return LIFE[key].holder(PLACE[key], self.days.today)

    def _script(self, key: str) -> Script:
        return LIFE[key].script


def _take_back(uow: UnitOfWork, person_id: UUID, on: date) -> None:
    given = uow.session.execute(select(col(Consent.id)).where(col(Consent.person_id) == person_id)).scalar_one()
    consents.withdraw_consent(uow, given, on)
