"""A second user-led organisation, and one person for each thing that can become of an offer."""

from __future__ import annotations

from dataclasses import replace

from phbportal.demo import steps
from phbportal.demo.days import ago
from phbportal.demo.people import Holder
from phbportal.demo.plans import Script
from phbportal.demo.stage import Stage
from phbportal.demo.steps import Case
from phbportal.demo.third_party import TERMS, Holds, ThirdPartyStories, agreement_of
from phbportal.demo.wider_people import LIFE, PLACE
from phbportal.domain.budgets import LineType as T
from phbportal.domain.isf import ROLE_LINE, Answer, LineAnswer
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import Cycle
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.services import agreements, arrangements, payments
from phbportal.services.spending import SpendingEntry

HERON = Holds(
    "heron", "Heron Lane Living CIC", "31 Example Street, Birkenhead", "CH41 5BR", "+441632960131", "dylan",
    "Dylan Ashworth", "1-990000002",
)  # fmt: skip


class WiderThirdPartyStories(ThirdPartyStories):
    """The same acts, for people of the wider world, each by their own case manager."""

    def hamid(self) -> None:
        """Mersey Lives asked for changes; the second offer waits, and the first was replaced."""
        case = self._agreed("hamid", starts=self.days.next_cycle_on, on=ago(self.days.monday, 17))
        first = self._offered(case, on=ago(self.days.monday, 14))
        asked = {3: LineAnswer(Answer.QUERIED, "Our workers who speak Farsi cost £28.10 an hour. Can you pay that?")}
        self._answered(case, first, asked, on=ago(self.days.monday, 9))
        dearer = replace(TERMS, hourly_pence=2810)
        self._offered(case, dearer, on=ago(self.days.monday, 3), again="again")

    def doreen(self) -> None:
        """Signed by all three and paid since."""
        self._runs("doreen", 5)

    def beatrice(self) -> None:
        """Mixed: nights the NHS pays for, days by the organisation."""
        case = self._runs("beatrice", 3)
        kofi, denise = (self.stage.staff[key, Role.FINANCE] for key in ("kofi", "denise"))
        for back in (2, 1):
            cycle = self.days.cycle_back(back)
            pence = LIFE["beatrice"].weekly * 2 // 5 * 4
            entry = payments.PaymentEntry(cycle.starts_on, cycle.ends_on, pence, T.AGENCY, f"NIGHTS-{3 - back}")
            on = ago(cycle.ends_on, -1)
            reference = steps.payment_recorded(case, kofi, 0, entry, on=on)
            steps.payment_confirmed(case, denise, reference, on=on)

    def lakshmi(self) -> None:
        """Confirmed; organisation and board have signed, and she has not yet."""
        case = self._agreed("lakshmi", starts=self.days.next_cycle_on, on=ago(self.days.monday, 10))
        offer = self._offered(case, on=ago(self.days.monday, 7))
        self._answered(case, offer, {}, on=ago(self.days.monday, 5))
        for what, who, role in (
            ("signed isf", self._provider, "Director"), ("signed board", self.stage.staff["owen", Role.APPROVER], ""),
        ):  # fmt: skip
            case.act(
                who, what, ago(self.days.monday, 4),
                lambda uow, r=role: agreements.sign_agreement(uow, agreement_of(uow, offer), role_words=r),
            )  # fmt: skip

    def kwame(self) -> None:
        """The fee is above what is usual, so an approver must agree it before the offer is sent."""
        case = self._agreed("kwame", starts=self.days.next_cycle_on, on=ago(self.days.monday, 3))
        dear = replace(TERMS, fee_bp=900, fee_covers="Rotas, payroll, the statement and a worker who signs")
        self._offered(case, dear, on=self.days.working())

    def piotr(self) -> None:
        """The organisation declined: it has nobody trained for his feeding tube."""
        case = self._agreed("piotr", starts=self.days.next_cycle_on, on=ago(self.days.monday, 17))
        offer = self._offered(case, on=ago(self.days.monday, 14))
        no = {ROLE_LINE: LineAnswer(Answer.DECLINED, "We have nobody trained for a feeding tube before the spring.")}
        self._answered(case, offer, no, on=ago(self.days.monday, 10))

    def marlene(self) -> None:
        """Nobody answered in fourteen days, so the offer ran out."""
        case = self._agreed("marlene", starts=self.days.next_cycle_on, on=ago(self.days.monday, 31))
        self._offered(case, on=ago(self.days.monday, 28))

    def samuel(self) -> None:
        """The case manager took the offer back: he has thought better of it."""
        case = self._agreed("samuel", starts=self.days.next_cycle_on, on=ago(self.days.monday, 17))
        offer = self._offered(case, on=ago(self.days.monday, 14))
        on = ago(self.days.monday, 12)
        case.act(self._manager("samuel"), "withdrawn", on, lambda uow: arrangements.withdraw_offer(uow, offer))

    def _runs(self, key: str, cycles: int) -> Case:
        """Offered, confirmed and signed before the first of some cycles, and paid for each of them."""
        starts = self.days.cycle_back(cycles - 1).starts_on
        case = self._agreed(key, starts=starts, on=ago(starts, 10))
        offer = self._offered(case, on=ago(starts, 7))
        self._answered(case, offer, {}, on=ago(starts, 6))
        self._signed_by_all(case, offer, on=ago(starts, 5))
        self._bank(case, on=ago(starts, 7))
        for back in range(cycles - 1, -1, -1):
            cycle = self.days.cycle_back(back)
            self._paid(case, cycle)
            if back > 0:
                self._statement(case, cycle)
        return case

    def _statement(self, case: Case, cycle: Cycle) -> None:
        """What the organisation's statement says of a cycle: its fee, and most of the hours."""
        part = LIFE[case.key].weekly * (3 if len(case.streams) > 1 else 5) // 5 * 4
        on, fee = ago(cycle.ends_on, 2), part // 20
        steps.spent(
            case, self.stage.staff["denise", Role.FINANCE], len(case.streams) - 1,
            SpendingEntry(Verb.ACCOUNT_FOR, part * 9 // 10, on, T.AGENCY, f"Statement of {self.holds.name}"),
            SpendingEntry(Verb.ACCOUNT_FOR, fee, on, T.ISF_FEE, "Fee, 5%"), on=on,
        )  # fmt: skip

    def _holder(self, key: str) -> Holder:
        return LIFE[key].holder(PLACE[key], self.days.today)

    def _script(self, key: str) -> Script:
        return LIFE[key].script

    def _manager(self, key: str) -> Actor:
        return self.stage.staff[LIFE[key].manager, Role.CASE_MANAGER]


def wider_third_party(stage: Stage) -> None:
    """Every story, by the organisation that was asked."""
    WiderThirdPartyStories(stage).hamid()
    heron = WiderThirdPartyStories(stage, HERON)
    for story in (
        heron.doreen, heron.beatrice, heron.lakshmi, heron.kwame, heron.piotr, heron.marlene, heron.samuel,
    ):  # fmt: skip
        story()
