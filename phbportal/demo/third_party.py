"""A user-led organisation and the people whose money it holds, or is asked to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo import steps
from phbportal.demo.days import ago
from phbportal.demo.people import Holder, holder
from phbportal.demo.plans import Aim, Cost, Script
from phbportal.demo.staff import PROVIDER, SIGNATURES
from phbportal.demo.stage import Stage
from phbportal.demo.steps import Case
from phbportal.demo.stories import ACCOUNT, SORT_CODE
from phbportal.domain.budgets import LineType as T
from phbportal.domain.isf import LINES, Answer, LineAnswer
from phbportal.domain.isf_offer import DEFAULT_FLEXIBILITY, EXIT_DAYS, FeeKind, Reporting, Terms, Timing
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import Cycle
from phbportal.domain.plans import Share
from phbportal.domain.regulated_care import Activity, GivenBy
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.domain.text import search_key
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import (
    accounts,
    agreements,
    arrangements,
    isf_answers,
    organisation_users,
    payments,
    spending,
    users,
)
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.arrangements import Agreement
from phbportal.tables.organisations import Organisation
from phbportal.tables.users import Assignment, User


@dataclass(frozen=True, slots=True)
class Holds:
    """An organisation that holds people's money, and the first person to sign in for it."""

    key: str
    name: str
    address: str
    postcode: str
    telephone: str
    signs_in_as: str
    person: str
    cqc_number: str


NAME = "Mersey Lives CIC"
MERSEY = Holds("mersey", NAME, "20 Example Street, Liverpool", "L2 3SW", "+441632960120", "imani", "Imani Osei",
               "1-990000001")  # fmt: skip
TERMS = Terms(
    hourly_pence=2650, other_rates="Sleep-in nights £95.00 a night", fee_kind=FeeKind.PERCENT, fee_bp=500,
    fee_weekly_pence=0, fee_covers="Rotas, payroll and the statement", timing=Timing.TWO_WEEKS_BEFORE,
    bank_cap_weeks=4, bank_period_weeks=12, flexibility=DEFAULT_FLEXIBILITY, reporting=Reporting.QUARTERLY,
    exit_days=EXIT_DAYS,
)  # fmt: skip


def _script(about: str, matters: str, contingency: str, outcome: str, service: str, when: str, weekly: int) -> Script:
    aim = Aim(
        outcome, "I say so at each review.", service, NAME, when, (Cost(T.AGENCY, weekly),), Share.PROVIDER,
        Activity.PERSONAL_CARE, GivenBy.ORGANISATION,
    )  # fmt: skip
    return Script(about, matters, contingency, (Method.THIRD_PARTY,), (aim,))


SCRIPTS: dict[str, Script] = {
    "ruben": _script(
        "I paint large canvases. My left side has been weak since a bleed on the brain.",
        "My studio, my dog, and not filling in forms.", "Mersey Lives sends somebody within two hours.",
        "I work in my studio four days a week.", "Support workers I choose, employed by Mersey Lives",
        "34 hours a week", 90_000,
    ),
    "olive": _script(
        "I kept a corner shop for forty years. My memory comes and goes.",
        "My own front door. People who laugh at my jokes.", "My neighbour Jean has a key.",
        "I stay in my own flat.", "Two workers who come every day", "28 hours a week", 74_200,
    ),
    "priya": _script(
        "I am a student. I use a ventilator at night.",
        "Living with friends. Being on time for lectures.", "The respiratory team’s number is by the bed.",
        "I live in my student flat.", "Trained workers by day", "40 hours a week", 106_000,
    ),
}  # fmt: skip


class ThirdPartyStories:
    """The organisation comes to the portal; then one story a person."""

    def __init__(self, stage: Stage, holds: Holds = MERSEY) -> None:
        self.stage, self.days, self.holds = stage, stage.days, holds
        key, joined = holds.key, self.days.joined
        self.organisation_id = UUID(stage.act(SYSTEM, f"organisation {key}", joined, self._organisation))
        marta = stage.staff["marta", Role.CASE_MANAGER]
        stage.act(marta, f"invited {holds.signs_in_as}", joined, self._invited)
        self._provider = self._signed_in()

    def tell(self) -> None:
        """Every story."""
        for story in (self.ruben, self.olive, self.priya):
            story()

    def ruben(self) -> None:
        """Confirmed, signed by all three and paid twice; three weeks of the first payment are accounted for."""
        cycle = self.days.cycle_before
        starts = cycle.starts_on
        case = self._agreed("ruben", starts=starts, on=ago(starts, 10))
        offer = self._offered(case, on=ago(starts, 7))
        self._answered(case, offer, {}, on=ago(starts, 6))
        self._signed_by_all(case, offer, on=ago(starts, 5))
        self._bank(case, on=ago(starts, 7))
        self._paid(case, cycle)
        entry = spending.SpendingEntry(
            Verb.ACCOUNT_FOR, 270_300, ago(starts, -21), T.AGENCY, "Statement of Mersey Lives, 102 hours"
        )
        steps.spent(case, self.stage.staff["denise", Role.FINANCE], 0, entry, on=ago(starts, -23))
        self._paid(case, self.days.cycle)

    def olive(self) -> None:
        """Approved; the offer waits for the organisation's answers."""
        case = self._agreed("olive", starts=self.days.next_cycle_on, on=ago(self.days.monday, 3))
        self._offered(case, on=self.days.working())

    def priya(self) -> None:
        """The organisation asks for changes: the hourly rate, and the notice."""
        case = self._agreed("priya", starts=self.days.next_cycle_on, on=ago(self.days.monday, 10))
        offer = self._offered(case, on=ago(self.days.monday, 7))
        queries = {
            3: LineAnswer(Answer.QUERIED, "Workers trained for the ventilator cost £29.40 an hour. Can you pay that?"),
            11: LineAnswer(Answer.DECLINED, "We need 8 weeks to find trained workers another place."),
        }
        self._answered(case, offer, queries, on=ago(self.days.monday, 4))

    def _holder(self, key: str) -> Holder:
        return holder(key, self.days.today)

    def _script(self, key: str) -> Script:
        return SCRIPTS[key]

    def _manager(self, key: str) -> Actor:
        """Whoever looks after this person's budget."""
        return self.stage.staff["marta", Role.CASE_MANAGER]

    def _agreed(self, key: str, *, starts: date, on: date) -> Case:
        """Approved on a Friday, eighteen days after the person was referred on a Monday."""
        by = self._manager(key)
        case = steps.planned(
            self.stage, self._holder(key), self._script(key), by, on=ago(on, 18), written=ago(on, 15), starts=starts,
            organisation_id=self.organisation_id,
        )  # fmt: skip
        steps.submitted(case, by, on=ago(on, 4))
        steps.signed(case, self.stage.staff["siobhan", Role.CLINICIAN], SIGNATURES["siobhan"], on=ago(on, 2))
        steps.approved(case, self.stage.staff["ruth", Role.APPROVER], on=on)
        return case

    def _offered(self, case: Case, terms: Terms = TERMS, *, on: date, again: str = "") -> UUID:
        """The last stream of a budget is offered; ``again`` names a later round."""
        entry = arrangements.OfferEntry(self.organisation_id, terms)
        by, what = self._manager(case.key), f"offered {again}".strip()
        return UUID(case.act(by, what, on, lambda uow: arrangements.send_offer(uow, case.streams[-1], entry)))

    def _answered(self, case: Case, offer: UUID, but: dict[int, LineAnswer], *, on: date) -> None:
        given = {line: LineAnswer(Answer.ACCEPTED) for line in LINES} | but
        entry = isf_answers.AnswersEntry("Director", given)
        case.act(self._provider, "answered", on, lambda uow: isf_answers.send_answers(uow, offer, entry).value)

    def _signed_by_all(self, case: Case, offer: UUID, *, on: date) -> None:
        name = self._holder(case.key).entry
        paper = agreements.PaperEntry(f"{name.given_name} {name.family_name}", False, on, "Scanned to the case file")
        case.act(
            self._provider, "signed isf", on,
            lambda uow: agreements.sign_agreement(uow, agreement_of(uow, offer), role_words="Director"),
        )  # fmt: skip
        owen = self.stage.staff["owen", Role.APPROVER]
        case.act(owen, "signed board", on, lambda uow: agreements.sign_agreement(uow, agreement_of(uow, offer)))
        case.act(
            self._manager(case.key), "signed paper", on,
            lambda uow: agreements.record_paper_signature(uow, agreement_of(uow, offer), paper),
        )  # fmt: skip

    def _bank(self, case: Case, *, on: date) -> None:
        """The organisation's account, entered on a Monday, approved the day after, cool by Thursday."""
        entry = accounts.AccountEntry(self.holds.name[:18].strip(), SORT_CODE, ACCOUNT)
        place = len(case.streams) - 1
        account = steps.bank_entered(case, self.stage.staff["denise", Role.FINANCE], place, entry, on=on)
        steps.bank_approved(case, self.stage.staff["kofi", Role.FINANCE], account, on=ago(on, -1))

    def _paid(self, case: Case, days: Cycle) -> None:
        """Recorded by Denise the Friday before, confirmed by Kofi the Monday it was paid."""
        entry = payments.PaymentEntry(days.starts_on, days.ends_on)
        denise, kofi = (self.stage.staff[key, Role.FINANCE] for key in ("denise", "kofi"))
        place = len(case.streams) - 1
        reference = steps.payment_recorded(case, denise, place, entry, on=ago(days.starts_on, 3))
        steps.payment_confirmed(case, kofi, reference, on=days.starts_on)

    def _invited(self, uow: UnitOfWork) -> None:
        """The first person of the organisation, who takes the code up at once: it is kept nowhere."""
        who, name = self.holds.signs_in_as, self.holds.person
        entry = organisation_users.PersonToInvite(name, f"{who}@example.org")
        code = organisation_users.invite_first(uow, self.organisation_id, entry, key=who)
        claims = users.ProviderClaims(PROVIDER, self.stage.issuer, f"demo-{who}", name)
        users.find_or_bind(
            uow.session, claims, uow.now, invitation_id=users.open_invitation(uow.session, code, uow.now)
        )

    def _organisation(self, uow: UnitOfWork) -> UUID:
        """As if from the directory, with the mark that a board gives it."""
        one = self.holds
        return uow.add(
            Organisation, kind="ULO", name=one.name, search_name=search_key(one.name), is_user_led=True,
            address=one.address, postcode=one.postcode, telephone=one.telephone,
            cqc_location_id=one.cqc_number, rating="Good",
        ).id  # fmt: skip

    def _signed_in(self) -> Actor:
        with open_unit(self.stage.engine, SYSTEM, writes=False) as uow:
            row = uow.session.execute(
                select(col(Assignment.id), col(Assignment.user_id), col(User.display_name))
                .join(User, col(User.id) == col(Assignment.user_id))
                .where(
                    col(Assignment.organisation_id) == self.organisation_id,
                    col(User.display_name) == self.holds.person,
                )
            ).one()
        return Actor(
            Role.PROVIDER, user_id=row.user_id, display_name=row.display_name, organisation_id=self.organisation_id,
            assignment_id=row.id,
        )  # fmt: skip


def agreement_of(uow: UnitOfWork, offer: UUID) -> UUID:
    """The agreement that an offer became."""
    return uow.session.execute(select(col(Agreement.id)).where(col(Agreement.confirmation_id) == offer)).scalar_one()
