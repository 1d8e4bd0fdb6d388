"""What has happened to each person so far. Day by day; the weekdays are counted from Mondays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.demo import steps
from phbportal.demo.days import ago
from phbportal.demo.leaver import leaves
from phbportal.demo.people import Holder, holder
from phbportal.demo.plans import SCRIPTS, Script
from phbportal.demo.staff import PROVIDER, SIGNATURES
from phbportal.demo.stage import Stage
from phbportal.demo.steps import Case
from phbportal.domain.account_kinds import AccountKind
from phbportal.domain.acting import Acting, Basis, NominatedBy
from phbportal.domain.budgets import LineType as T
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import Cycle
from phbportal.domain.phbs import PhbKind
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.policy.actors import Actor
from phbportal.services.accounts import AccountEntry
from phbportal.services.acting import ActingEntry
from phbportal.services.payments import PaymentEntry
from phbportal.services.spending import SpendingEntry

SORT_CODE, ACCOUNT = "089999", "66374958"
"""A test pair the bank industry publishes (Vocalink): no account of anybody's."""
FORTNIGHT = 14


class Stories:
    """One method a person; each tells the whole of one story and stops where the tour begins."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.days = stage, stage.days

    def tell(self) -> None:
        """Every story."""
        for story in (
            self.rosalind, self.gareth, self.wilfred, self.elzbieta, self.harpreet, self.dorothy, self.emrys, self.mei,
            self.zainab, self.frances, self.noah, self.ivor, self.tamsin, self.desmond, self.beryl, self.idris,
        ):  # fmt: skip
            story()

    def rosalind(self) -> None:
        """T01: a direct payment that began a week into a cycle, with start-up costs; £5,338.73 in hand."""
        starts = ago(self.days.cycle_before.starts_on, -7)
        case = self._agreed("rosalind", "marta", "siobhan", "ruth", starts=starts, on=ago(starts, 10))
        self._bank(case, 0, "R Achebe", on=ago(starts, 7))
        self._signs_in(case, "marta", on=ago(starts, 5))
        self._paid(case, 0, Cycle(starts, self.days.cycle_before.ends_on))
        friday = ago(self.days.cycle.starts_on, 3)
        steps.spent(
            case, self._finance("denise"), 0,
            _receipt(T.RECRUITMENT, 15_000, ago(starts, -1), "Advertisement, Wirral Globe"),
            _receipt(T.INSURANCE, 9_900, ago(starts, -1), "Employer’s liability, one year"),
            _receipt(T.DBS, 9_900, ago(starts, -2), "Two checks"),
            _receipt(T.TRAINING, 25_000, ago(starts, -4), "Moving and handling, two assistants"),
            _receipt(T.PA_WAGE, 291_600, ago(starts, -18), "Wages, three weeks"),
            _receipt(T.PA_WAGE, 23_700, ago(starts, -18), "HMRC, tax on the wages"),
            _receipt(T.ACTIVITY, 18_000, ago(starts, -18), "Pool and café, four weeks"),
            _receipt(T.TRANSPORT, 7_827, ago(starts, -18), "Taxis"),
            on=friday,
        )  # fmt: skip
        self._paid(case, 0, self.days.cycle)

    def gareth(self) -> None:
        """T09: nights the NHS pays for, days by direct payment; an invoice of £1,552.50 leaves £47.50 of £1,600.00."""
        cycle = self.days.cycle_before
        case = self._agreed("gareth", "tunde", "arjun", "ruth", starts=cycle.starts_on, on=ago(cycle.starts_on, 10))
        self._bank(case, 1, "G Pritchard-Evans", on=ago(cycle.starts_on, 7))
        self._signs_in(case, "tunde", on=ago(cycle.starts_on, 5))
        self._paid(case, 1, cycle)
        steps.spent(
            case, self._finance("kofi"), 1,
            _receipt(T.PA_WAGE, 194_400, ago(cycle.ends_on, 2), "Huw’s wages, four weeks"),
            _receipt(T.PA_WAGE, 16_400, ago(cycle.ends_on, 2), "HMRC, tax on the wages"),
            _receipt(T.PAYROLL, 886, ago(cycle.ends_on, 2), "Payroll service"),
            _receipt(T.ACTIVITY, 21_450, ago(cycle.ends_on, 5), "Railway club, meals and fares"),
            on=ago(cycle.ends_on, 2),
        )  # fmt: skip
        self._paid(case, 1, self.days.cycle)
        self._invoice(case, cycle, 155_250, T.AGENCY, "INV-77", on=self.days.cycle.starts_on)

    def wilfred(self) -> None:
        """A notional budget, live: the NHS has paid three invoices. He may sign in and has not done so yet. Joan, who
        planned it with him, has left, and it is Marta's now."""
        cycle = self.days.cycle_before
        starts = cycle.starts_on
        case = self._agreed("wilfred", "joan", "siobhan", "ruth", starts=starts, on=ago(starts, 10))
        leaves(self.stage, on=ago(starts, -3))
        first = Cycle(starts, ago(starts, 1 - FORTNIGHT))
        self._invoice(case, first, 236_000, T.AGENCY, "WHC-1041", on=ago(starts, -FORTNIGHT))
        second = Cycle(ago(starts, -FORTNIGHT), cycle.ends_on)
        self._invoice(case, second, 221_400, T.AGENCY, "WHC-1066", on=self.days.cycle.starts_on)
        self._invoice(case, cycle, 52_000, T.THERAPY, "SLT-208", on=self.days.cycle.starts_on)
        steps.sign_in_switched_on(case, self._manager("marta"), on=self.days.working(2))

    def elzbieta(self) -> None:
        """Paid every week: the last payment covers this week, the next is due next Monday."""
        mondays = [ago(self.days.monday, 7 * weeks) for weeks in (3, 2, 1, 0)]
        case = self._agreed("elzbieta", "tunde", "siobhan", "owen", starts=mondays[0], on=ago(mondays[0], 10))
        self._bank(case, 0, "E Nowicka", on=ago(mondays[0], 7))
        self._signs_in(case, "tunde", on=ago(mondays[0], 5))
        for monday in mondays:
            self._paid(case, 0, Cycle(monday, ago(monday, -6)))
        steps.spent(
            case, self._finance("denise"), 0,
            *(_receipt(T.PA_WAGE, 54_000, ago(monday, -4), "Basia’s wages") for monday in mondays[:2]),
            _receipt(T.ACTIVITY, 4_500, ago(mondays[1], -5), "Community kitchen, an afternoon"),
            on=mondays[3],
        )  # fmt: skip

    def harpreet(self) -> None:
        """The first payment is recorded; another finance officer must confirm it."""
        starts = self.days.monday
        case = self._agreed("harpreet", "marta", "arjun", "owen", starts=starts, on=ago(starts, 10))
        self._bank(case, 0, "H Sandhu", on=ago(starts, 7))
        entry = PaymentEntry(starts, self.days.cycle.ends_on)
        steps.payment_recorded(case, self._finance("denise"), 0, entry, on=self.days.working())

    def dorothy(self) -> None:
        """Approved, to start with the next cycle; her bank details wait for a second finance officer."""
        case = self._agreed(
            "dorothy", "marta", "siobhan", "owen", starts=self.days.next_cycle_on, on=ago(self.days.monday, 3)
        )
        steps.agreement_signed(case, self._manager("marta"), 0, on=self.days.working())
        entry = AccountEntry("D Fenwick", SORT_CODE, ACCOUNT)
        steps.bank_entered(case, self._finance("denise"), 0, entry, on=self.days.working())

    def beryl(self) -> None:
        """Found eligible last week; nobody has offered her a budget yet."""
        steps.referred(self.stage, self._holder("beryl"), self._manager("marta"), on=ago(self.days.monday, 7))

    def idris(self) -> None:
        """Offered a budget on Monday last, and thinking about it."""
        monday = ago(self.days.monday, 7)
        steps.referred(self.stage, self._holder("idris"), self._manager("marta"), on=ago(monday, 7), offered_on=monday)

    def emrys(self) -> None:
        """Waits for approval, above Owen's limit; Bethan, who is an approver too, wrote it."""
        monday, bethan = self.days.monday, self._manager("bethan")
        case = self._planned("emrys", bethan, on=ago(monday, 21), starts=self.days.next_cycle_on)
        steps.checked(case, bethan, on=ago(monday, 17))
        steps.consented(case, bethan, on=ago(monday, 17))
        steps.submitted(case, bethan, on=ago(monday, 14))
        self._signed(case, "arjun", on=self.days.working(2))

    def mei(self) -> None:
        """Waits for clinical sign-off."""
        case = self._planned("mei", self._manager("marta"), on=ago(self.days.monday, 14))
        steps.submitted(case, self._manager("marta"), on=self.days.working(2))

    def zainab(self) -> None:
        """Sent back by a clinician, with what to change."""
        monday, tunde = self.days.monday, self._manager("tunde")
        case = self._planned("zainab", tunde, on=ago(monday, 21))
        steps.checked(case, tunde, on=ago(monday, 17))
        steps.consented(case, tunde, on=ago(monday, 17))
        steps.submitted(case, tunde, on=ago(monday, 13))
        reason = (
            "The pain clinic advised pacing and hydrotherapy in its last letter. Please say how the plan uses that "
            "advice, and why physiotherapy every week was chosen."
        )
        steps.returned(case, self.stage.staff["siobhan", Role.CLINICIAN], reason, on=self.days.working())

    def frances(self) -> None:
        """A draft for a direct payment she has not consented to yet: it cannot be approved before she does."""
        case = self._planned("frances", self._manager("marta"), on=ago(self.days.monday, 7))
        steps.checked(case, self._manager("marta"), on=ago(self.days.monday, 3))

    def noah(self) -> None:
        """A child with a notional draft; his mother represents him and can consent to a direct payment."""
        entry = ActingEntry(
            Acting.REPRESENTATIVE, "Sarah Webb", Relation.PARENT, Basis.PARENT, contact="8 Example Street, Runcorn",
            lives_in_household=True,
        )  # fmt: skip
        self._planned("noah", self._manager("tunde"), on=ago(self.days.monday, 7), helper=self._helper(entry, "sarah"))

    def ivor(self) -> None:
        """A live direct payment that his sister receives as his nominee; one payment made and some of it spent."""
        cycle = self.days.cycle
        entry = ActingEntry(
            Acting.NOMINEE, "Nerys Powell", Relation.SIBLING, nominated_by=NominatedBy.HOLDER,
            contact="15 Example Street, Nantwich",
        )  # fmt: skip
        case = self._agreed(
            "ivor", "marta", "siobhan", "ruth", starts=cycle.starts_on, on=ago(cycle.starts_on, 10),
            helper=self._helper(entry, "nominee"),
        )  # fmt: skip
        self._bank(case, 0, "N Powell", on=ago(cycle.starts_on, 7))
        self._paid(case, 0, cycle)

    def tamsin(self) -> None:
        """Paid to her father, who consented for her; she is 16 in three months and must then consent herself."""
        cycle = self.days.cycle
        entry = ActingEntry(
            Acting.REPRESENTATIVE, "Joel Rowe", Relation.PARENT, Basis.PARENT, contact="14 Example Street, Widnes",
            lives_in_household=True,
        )  # fmt: skip
        case = self._agreed(
            "tamsin", "tunde", "arjun", "ruth", starts=cycle.starts_on, on=ago(cycle.starts_on, 10),
            helper=self._helper(entry, "joel"),
        )  # fmt: skip
        self._bank(case, 0, "J Rowe", on=ago(cycle.starts_on, 7))
        self._paid(case, 0, cycle)

    def desmond(self) -> None:
        """The second board's only person: approved, and starts with the next cycle."""
        friday = ago(self.days.monday, 3)
        self._agreed("desmond", "hannah", "femi", "callum", starts=self.days.next_cycle_on, on=friday)

    def _helper(self, entry: ActingEntry, signs_in_as: str) -> steps.Helper:
        return steps.Helper(entry, self.stage.staff["ruth", Role.APPROVER], signs_in_as)

    def _planned(
        self, key: str, by: Actor, *, on: date, starts: date | None = None, helper: steps.Helper | None = None,
        kind: PhbKind = PhbKind.ONGOING,
    ) -> Case:  # fmt: skip
        """Referred on a Monday, planned the Thursday after."""
        return steps.planned(
            self.stage, self._holder(key), self._script(key), by, on=on, written=ago(on, -3),
            starts=starts or self.days.next_cycle_on, helper=helper, kind=kind,
        )  # fmt: skip

    def _agreed(
        self, key: str, manager: str, clinician: str, approver: str, *, starts: date, on: date,
        helper: steps.Helper | None = None, kind: PhbKind = PhbKind.ONGOING,
    ) -> Case:  # fmt: skip
        """Approved on a Friday, eighteen days after the person was referred on a Monday."""
        by = self._manager(manager)
        case = self._planned(key, by, on=ago(on, 18), starts=starts, helper=helper, kind=kind)
        if Method.DIRECT_PAYMENT in self._script(key).methods:
            steps.checked(case, by, on=ago(on, 10))
            represents = helper is not None and helper.entry.role is Acting.REPRESENTATIVE
            steps.consented(case, by, on=ago(on, 10), representative=helper.entry.name if helper and represents else "")
        steps.submitted(case, by, on=ago(on, 4))
        self._signed(case, clinician, on=ago(on, 2))
        steps.approved(case, self.stage.staff[approver, Role.APPROVER], on=on)
        return case

    def _signed(self, case: Case, clinician: str, *, on: date) -> None:
        steps.signed(case, self.stage.staff[clinician, Role.CLINICIAN], SIGNATURES[clinician], on=on)

    def _bank(self, case: Case, stream: int, name: str, *, on: date, keeper: UUID | None = None) -> None:
        """Bank details entered on a Monday, approved the day after, and cool by Thursday. With a keeper it is a managed
        account, and the keeper signs an agreement too."""
        kind = AccountKind.MANAGED if keeper else AccountKind.OWN_SEPARATE
        entry = AccountEntry(name, SORT_CODE, ACCOUNT, kind, keeper)
        if keeper is None:
            steps.agreement_signed(case, self._manager("marta"), stream, on=on)
        account = steps.bank_entered(case, self._finance("denise"), stream, entry, on=on)
        steps.bank_approved(case, self._finance("kofi"), account, on=ago(on, -1))
        if keeper is not None:
            steps.agreement_signed(case, self._manager("marta"), stream, on=ago(on, -1))

    def _paid(self, case: Case, stream: int, days: Cycle) -> None:
        """Recorded by Denise the Friday before, confirmed by Kofi the Monday it was paid."""
        entry = PaymentEntry(days.starts_on, days.ends_on)
        reference = steps.payment_recorded(case, self._finance("denise"), stream, entry, on=ago(days.starts_on, 3))
        steps.payment_confirmed(case, self._finance("kofi"), reference, on=days.starts_on)

    def _invoice(self, case: Case, days: Cycle, pence: int, line: T, number: str, *, on: date) -> None:
        """A provider's invoice to the notional stream, recorded by Kofi and confirmed by Denise the same day."""
        entry = PaymentEntry(days.starts_on, days.ends_on, pence, line, number)
        reference = steps.payment_recorded(case, self._finance("kofi"), 0, entry, on=on)
        steps.payment_confirmed(case, self._finance("denise"), reference, on=on)

    def _signs_in(self, case: Case, manager: str, *, on: date) -> None:
        """Sign-in switched on, and used the day after."""
        steps.sign_in_switched_on(case, self._manager(manager), on=on)
        steps.signed_in(case, self._holder(case.key), PROVIDER, on=ago(on, -1))

    def _holder(self, key: str) -> Holder:
        return holder(key, self.days.today)

    def _script(self, key: str) -> Script:
        return SCRIPTS[key]

    def _manager(self, key: str) -> Actor:
        return self.stage.staff[key, Role.CASE_MANAGER]

    def _finance(self, key: str) -> Actor:
        return self.stage.staff[key, Role.FINANCE]


def _receipt(line: T, pence: int, on: date, words: str) -> SpendingEntry:
    return SpendingEntry(Verb.ACCOUNT_FOR, pence, on, line, words)
