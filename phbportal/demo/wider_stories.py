"""The rest of the board's year: what has happened to each of the people of the wider world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo import lives_go_on, steps
from phbportal.demo.chairs import handed_over
from phbportal.demo.days import ago
from phbportal.demo.months import BY_MONTHS, Months
from phbportal.demo.plans import Script
from phbportal.demo.stories import ACCOUNT, SORT_CODE
from phbportal.demo.third_party import MERSEY
from phbportal.domain.acting import Acting, Basis, NominatedBy
from phbportal.domain.budgets import LineType as T
from phbportal.domain.capacity import Capacity
from phbportal.domain.decisions import DecisionKind, Ground
from phbportal.domain.endings import EndReason
from phbportal.domain.ledger import Verb
from phbportal.domain.phbs import PhbKind
from phbportal.domain.reconsiderations import Asker, How
from phbportal.domain.relations import Relation
from phbportal.domain.reviews import ReviewResult
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import SYSTEM
from phbportal.services import acting, capacity, consents, plans
from phbportal.services.accounts import AccountEntry
from phbportal.services.acting import ActingEntry, ChecksEntry
from phbportal.services.decisions import DecisionEntry, approve_decision, prepare_decision, preview
from phbportal.services.letters import digest
from phbportal.services.payments import PaymentEntry
from phbportal.services.reconsiderations import AskedEntry, record_asked
from phbportal.services.spending import SpendingEntry
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.acting import PersonRole
from phbportal.tables.consents import Consent
from phbportal.tables.organisations import Organisation

LIVE: dict[str, tuple[int, int]] = {
    "blessing": (12, 97), "rukhsana": (9, 99), "delroy": (8, 90), "catrin": (12, 46),
    "bridget": (5, 92), "jaswant": (4, 101), "owain": (3, 88), "nkechi": (2, 93),
    "thimai": (2, 90), "callum": (3, 97),
}  # fmt: skip
"""Direct payments: how many payment cycles have been paid, and how much of each hundred pounds was accounted for."""
REVIEWED = {
    "blessing": (
        "The assistant she chose has stayed all year. She is out twice a week and has had no pressure sores.",
        "I choose who comes and when. I would not go back.",
    ),
    "rukhsana": (
        "The two assistants share the week well. The payroll bureau answers late; she has its new number.",
        "It works. The forms are hard, but my daughter helps.",
    ),
    "catrin": (
        "She has not found a second assistant, so less than half is spent. The surplus is to be looked at with her.",
        "The help I have is good. I need another assistant.",
    ),
}
"""Whose first review was held: what was found, and what they said of it themselves."""
INVOICED = {"margaret": 5, "oskar": 6, "kateryna": 2, "meera": 3}
"""Notional budgets: how many invoices the NHS has paid."""
NOMINEE = "Anwen Pugh"
KEPT = "owain"
"""Whose direct payment an organisation keeps for him, and pays out as he says: a managed account."""


class WiderStories(Months):
    """One method a kind of story; those with one of their own have a method."""

    def tell(self) -> None:
        """Every story, in the order in which the budgets were opened in each group."""
        for key, (cycles, percent) in LIVE.items():
            case = self._live(key, cycles, percent, keeper=self._keeper() if key == KEPT else None)
            if key in REVIEWED:
                findings, said = REVIEWED[key]
                lives_go_on.reviewed(case, self._of(key), findings, said, on=self._after_a_quarter(cycles))
        self._by_months(BY_MONTHS, 95)
        for key, invoices in INVOICED.items():
            self._invoiced(key, invoices)
        for story in (
            self.tomasz, self.winston, self.arthur, self.gary, self.edna, self.one_nominee, self.yusuf, self.aaliyah,
            self.jayden, self.rafiq, self.eilidh, self.sipho, self.thomas, self.liwei, self.fatima, self.kevin,
            self.sheila, self.ravi, self.joanna, self.anthea,
        ):  # fmt: skip
            story()

    def _keeper(self) -> tuple[str, UUID]:
        """Mersey Lives keeps a managed account beside the money it holds itself."""
        with open_unit(self.stage.engine, SYSTEM, writes=False) as uow:
            found = select(col(Organisation.id)).where(col(Organisation.name) == MERSEY.name)
            return f"Mersey for {self._on_account(KEPT)}"[:18], uow.session.execute(found).scalar_one()

    def winston(self) -> None:
        """In hospital since the week before the cycle: what was recorded to be paid was cancelled, and a review of the
        change is due."""
        case, since = self._live("winston", 9, 96, but_last=1), ago(self.days.cycle.starts_on, 5)
        self._cancelled(case, self.days.cycle, f"In hospital since {long_date(since)}")
        note = "His heart. His assistants are kept on."
        lives_go_on.in_hospital(case, self._of("winston"), since, "The ward sister", note, on=ago(since, -1))

    def arthur(self) -> None:
        """Died before the cycle: what was to be paid was put on hold and cancelled, and his daughter paid back some of
        the rest. The accounts are being closed."""
        case, died = self._live("arthur", 8, 95, but_last=1), ago(self.days.cycle.starts_on, 9)
        steps.payment_recorded(
            case, self._finance("denise"), 0, PaymentEntry(self.days.cycle.starts_on, self.days.cycle.ends_on),
            on=ago(died, 2),
        )  # fmt: skip
        lives_go_on.died(case, self._of("arthur"), died, "His daughter Helen", on=ago(died, -4))
        self._cancel(case, f"He died on {long_date(died)}", on=self.days.cycle.starts_on)
        entry = SpendingEntry(Verb.REPAY, 120_000, self.days.working(2), reference="Paid back by Helen Ramsbottom")
        steps.spent(case, self._finance("kofi"), 0, entry, on=self.days.working(2))

    def gary(self) -> None:
        """He took his consent back last week: the paperwork was too much. Nothing can be paid until another way is
        found."""
        case, on = self._live("gary", 7, 91), self.days.working(4)
        case.act(self._of("gary"), "consent back", on, lambda uow: _take_back(uow, case.person_id, on))
        self._note(case, "Gary does not want to be an employer. He would like an organisation to do it.", on=on)
        entry = DecisionEntry(
            DecisionKind.STOP,
            "You told us that you do not want to be paid the money any more, so we may not pay it. You said that the "
            "paperwork was too much. An organisation can do it for you.",
            Ground.CONSENT_WITHDRAWN, effective_on=ago(self.days.today, -14),
            no_replacement="We pay your assistants until the organisation you choose takes over",
        )  # fmt: skip
        act = partial(prepare_decision, phb_id=case.phb_id, entry=entry)
        case.act(self._of("gary"), "stop", self.days.working(2), act)

    def tomasz(self) -> None:
        """After the first review his plan was written anew, for his son's matches; the money stayed as it was."""
        cycles, percent = 11, 94
        case, by = self._live("tomasz", cycles, percent), self._of("tomasz")
        on = ago(self.days.cycle_back(7).starts_on, -1)
        lives_go_on.reviewed(
            case, by, "He wants to coach his son’s team. The same assistant can go with him to matches.",
            "I want to be at my son’s matches.", on=ago(on, 1), result=ReviewResult.AMEND_PLAN,
            then="Write the matches into the plan; the money stays as it is.",
        )  # fmt: skip
        script = self._script("tomasz")
        outcome = plans.OutcomeEntry("I coach the under-elevens from my chair.", "A match a week, in season.")
        plan = UUID(case.act(by, "plan again", on, lambda uow: _second_plan(uow, case.phb_id, script, outcome)))
        again = replace(case, key="tomasz again", plan_id=plan)
        steps.submitted(again, by, on=ago(on, -2))
        self._signed(again, "siobhan", on=ago(on, -3))
        steps.approved(again, self.stage.staff["ruth", Role.APPROVER], on=ago(on, -7))

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
        """Paid to her father until last week: he is abroad, so his part and the payments are on hold."""
        case, by = self._child("aaliyah", 3, "Imran Hussain", "imran"), self._of("aaliyah")

        def hold(uow: UnitOfWork) -> None:
            part = select(col(PersonRole.id)).where(col(PersonRole.person_id) == case.person_id)
            acting.suspend(uow, uow.session.execute(part).scalar_one(), "He works abroad until the summer.")

        case.act(by, "on hold", self.days.working(5), hold)

    def jayden(self) -> None:
        """Sixteen a month ago on his mother's consent: nothing is paid until he consents himself."""
        case = self._child("jayden", 9, "Denise Thompson", "mum", but_last=3)
        self._note(case, "Jayden wants to sign himself. Appointment made; his mother agrees.", on=self.days.working(3))

    def rafiq(self) -> None:
        """A wheelchair from the NHS, to which he and a charity add £600.00 for the kerb climber; he has it."""
        cycle = self.days.cycle_back(2)
        case = self._start("rafiq", cycle.starts_on, on=ago(cycle.starts_on, 10), kind=PhbKind.ONE_OFF)
        steps.agreement_signed(case, self._of("rafiq"), 0, on=ago(cycle.starts_on, 7))
        on = ago(cycle.starts_on, -10)
        self._invoice(case, cycle, 480_000, T.EQUIPMENT, "KC-40117", on=on)
        self._bought(case, "Powered chair with kerb climber", "KC-40117", 480_000, on=on)
        handed_over(self.stage, "rafiq", self._of("rafiq"), case.phb_id, on=ago(on, -4))

    def eilidh(self) -> None:
        """A wheelchair budget; the chair cost a little less, the rest was paid back, and the budget is closed."""
        case, cycle = self._one_off("eilidh", 4)
        on = ago(cycle.starts_on, -8)
        steps.spent(
            case, self._finance("kofi"), 0,
            SpendingEntry(Verb.ACCOUNT_FOR, 258_900, on, T.EQUIPMENT, "Light active chair"),
            SpendingEntry(Verb.REPAY, 6_100, on, reference="The rest, paid back"), on=ago(on, -1),
        )  # fmt: skip
        self._bought(case, "Light active chair", "LA-2208", 258_900, on=on)
        lives_go_on.settled_and_closed(
            case, self._of("eilidh"), self._finance("kofi"), self._finance("denise"), EndReason.ONE_OFF_COMPLETE,
            on=ago(on, -10),
        )  # fmt: skip

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
        self._cruise(case)

    def _cruise(self, case: steps.Case) -> None:
        """Left out of the plan with reasons; she does not agree, and somebody who had no part in it must answer."""
        by, on = self._of("sheila"), ago(self.days.monday, 4)
        entry = DecisionEntry(
            DecisionKind.OMIT_SERVICE,
            "A cruise with a companion meets no health need that your assessment names. We would gladly talk with you "
            "about what helps your joints, and about company nearer home.",
            subject="A cruise with a companion",
        )  # fmt: skip
        one = UUID(case.act(by, "cruise", on, lambda uow: prepare_decision(uow, case.phb_id, entry)))
        owen = self.stage.staff["owen", Role.APPROVER]
        case.act(owen, "cruise left out", ago(on, -1), lambda uow: _approved(uow, one))
        words = "The warm water is the only thing that ever helped my hips, and I would not be alone at table."
        asked = AskedEntry(Asker.HOLDER, "Sheila Pickering", How.TELEPHONE, ago(on, -2), words)
        case.act(by, "cruise again", ago(on, -2), lambda uow: record_asked(uow, one, asked))

    def ravi(self) -> None:
        """A draft; his consent and the check are recorded already."""
        self._ready("ravi", on=ago(self.days.monday, 7), submitted=False)

    def joanna(self) -> None:
        """Leaving hospital: a notional draft, just begun."""
        self._planned("joanna", self._of("joanna"), on=ago(self.days.monday, 7))

    def anthea(self) -> None:
        """Approved, to start with the next cycle; nobody has entered her bank details yet."""
        self._start("anthea", self.days.next_cycle_on, on=ago(self.days.monday, 3))


def _approved(uow: UnitOfWork, decision_id: UUID) -> None:
    approve_decision(uow, decision_id, seen=digest(preview(uow, decision_id)))


def _take_back(uow: UnitOfWork, person_id: UUID, on: date) -> None:
    given = uow.session.execute(select(col(Consent.id)).where(col(Consent.person_id) == person_id)).scalar_one()
    consents.withdraw_consent(uow, given, on)


def _second_plan(uow: UnitOfWork, phb_id: UUID, script: Script, outcome: plans.OutcomeEntry) -> UUID:
    """A later version: the same person, one thing more to aim for."""
    plan = plans.start_plan(uow, phb_id)
    entry = plans.PlanEntry(script.about_me, script.what_matters, script.contingency)
    plans.write_plan(uow, plan.id, entry, seen_version=plan.row_version)
    aim = plans.add_outcome(uow, plan.id, outcome)
    service = plans.ServiceEntry("The same assistant, at matches too", aim, "Marek, whom I chose", "Saturdays")
    plans.add_service(uow, plan.id, service)
    return plan.id
