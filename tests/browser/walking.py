"""The steps from an offer to a live budget, as people take them in their browsers: journeys are made of these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.clock import LONDON, london_date
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind
from phbportal.domain.plans import RegistrationBody
from phbportal.domain.roles import Role
from phbportal.services import accounts, approvals, consents, eligibility, payments, people, phbs, plan_checks, plans
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.budgets import Stream
from phbportal.tables.payments import PaymentItem
from tests.browser.stops import APPROVER, CASE_MANAGER, CLINICIAN, SECOND_FINANCE
from tests.browser.visitor import Given, Visitor
from tests.support.demo import staff

CHECKS = (
    "The money is there, and I know from which budget of the board",
    "The rates are those of the day, on-costs included",
    "The budget covers the full cost of the plan",
)


def today() -> date:
    return london_date(datetime.now(UTC))


def as_case_manager(engine: Engine, act: Any) -> Any:
    """Do something as the case manager of the demo world, by the services."""
    with open_unit(engine, staff(engine, "case.manager", Role.CASE_MANAGER), writes=True) as uow:
        return act(uow)


def known(engine: Engine, given: str, family: str, born: date) -> UUID:
    """Somebody the board has just been told of."""
    entry = people.PersonEntry(given, family, born, nhs_number_status="07")
    return as_case_manager(engine, lambda uow: people.add_person(uow, entry))


def referred(
    engine: Engine, person: UUID, cohort: Cohort, consent: GivenBy, giver: str = "", kind: PhbKind = PhbKind.ONGOING
) -> str:
    """Somebody found eligible today, who may have a direct payment, and a budget nobody has offered yet."""

    def act(uow: UnitOfWork) -> str:
        right = eligibility.record_eligibility(uow, person, eligibility.EligibilityEntry(cohort, uow.today, uow.today))
        consents.record_consent(uow, person, consents.ConsentEntry(consent, uow.today, giver))
        consents.record_exclusion_check(uow, person, excluded=False)
        return phbs.open_phb(uow, person, phbs.PhbEntry(right, kind))

    return as_case_manager(engine, act)


def begun(uow: UnitOfWork, reference: str, about_me: str, outcome: str, service: str) -> tuple[UUID, UUID]:
    """A plan with its words, one outcome and one service. Returns the ids of the plan and of the service."""
    plan = plans.start_plan(uow, phb_by_reference(uow, reference).id)
    plans.write_plan(uow, plan.id, plans.PlanEntry(about_me), seen_version=plan.row_version)
    wanted = plans.add_outcome(uow, plan.id, plans.OutcomeEntry(outcome))
    return plan.id, plans.add_service(uow, plan.id, plans.ServiceEntry(service, wanted))


def dates(visitor: Visitor, question: str, on: date | None = None) -> None:
    """A day, today unless told, in the three boxes of a question."""
    day = on or today()
    group = visitor.page.get_by_role("group", name=question)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part, exact=True).fill(str(value))


def ticks(visitor: Visitor, *labels: str) -> None:
    for label in labels:
        visitor.page.get_by_label(label, exact=True).check()


def offers(marta: Visitor, home: str) -> None:
    """The case manager records that the budget was offered."""
    marta.opens(home, shows="It is the case manager’s turn.")
    marta.follows("Record the offer").settles("When was the budget offered?")
    dates(marta, "When was the budget offered?")
    ticks(marta, "In person", "The person was given information in a form they can use",
          "The person was offered an advocate")  # fmt: skip
    marta.presses("Record the offer").sees("The offer is recorded.", "It is the person’s turn to answer the offer.")


def accepts(marta: Visitor) -> None:
    """The person says yes, and the case manager records it."""
    marta.follows("Record the answer").settles("What is the answer?")
    ticks(marta, "Accepted", "The person")
    dates(marta, "When was it given?")
    marta.presses("Record the answer").sees("The answer is recorded.")


WEEKLY, ONCE = ("Amount a week", "Hours needed, at local rates", "a week"), ("One-off amount", "Another way", "once")


def shows_amount(
    marta: Visitor, home: str, amount: str, worked_out_from: str, *, to: str = "", kind: tuple[str, str, str] = WEEKLY
) -> None:
    """The indicative budget recorded, and shown to the person or to whoever is named."""
    question, tool, how_often = kind
    marta.opens(home).follows("Record the indicative budget").settles("About how much money")
    marta.types(question, amount)
    ticks(marta, tool)
    marta.types("What was it worked out from?", worked_out_from)
    dates(marta, "When was it worked out?")
    marta.presses("Record the indicative budget").sees("Show it to the person next.")
    marta.does_not_see("Start the plan")
    marta.follows("Record that it was shown").settles(f"The indicative budget is £{int(amount):,}.00 {how_often}.")
    dates(marta, "When was it shown?")
    ticks(marta, "Their representative" if to else "The person",
          "I explained the ways to hold the money, and that they can be mixed",
          "I explained that the money can be used flexibly for the plan")  # fmt: skip
    if to:
        marta.types("Their name, if it was the representative", to)
    marta.presses("Record that it was shown").sees("Planning can begin.", "Start the plan")


def decide(given: Given, marta: Visitor, home: str, whose: str) -> tuple[Visitor, ...]:
    """Sent, signed off, its money checked, approved. Returns the clinician, the finance officer and the approver."""
    marta.opens(f"{home}/plan", shows="Send the plan").presses("Send for clinical sign-off")
    marta.sees("It is a clinician’s turn to sign the plan off.")
    siobhan = given.signed_in(CLINICIAN).opens(f"{home}/plan/sign-off", shows="Your signature")
    siobhan.sees("Your board has checked this registration.").presses("Sign the plan off")
    siobhan.sees("Finance checks its money next.")
    kofi = given.signed_in(SECOND_FINANCE).opens("/staff", shows=f"Check the money of the plan for {whose}")
    kofi.opens(f"{home}/plan/check", shows="Your check")
    ticks(kofi, *CHECKS)
    kofi.types("What did you check?", "Funding, rates and sums.").presses("The money is right")
    kofi.sees("The plan now waits for approval.")
    ruth = given.freshly_signed_in(APPROVER).opens(f"{home}/plan/approve", shows="What every budget must have")
    ruth.sees("Money checked by Kofi Boateng").presses("Approve the plan and its budget")
    ruth.page.wait_for_url("**/dev-idp/**")
    ruth.presses(APPROVER).settles("You have confirmed it is you.")
    ruth.presses("Approve the plan and its budget").sees("You have approved the plan.")
    return siobhan, kofi, ruth


def makes_agreement(marta: Visitor, home: str, waits_for: str) -> None:
    """The agreement about the direct payment, made for everybody to sign."""
    marta.opens(home, shows="Setting up").sees("The agreement about the direct payment is signed by everybody")
    marta.follows("See the agreement").settles("There is no agreement yet.").presses("Make the agreement")
    marta.sees(f"Still to sign: {waits_for}.")


def signs_for_board(ruth: Visitor, whose: str) -> None:
    title = f"Sign the agreement about the direct payment for {whose}"
    ruth.opens("/staff", shows=title).follows(title).settles("Signatures")
    ticks(ruth, "I have read the agreement and sign it for the board")
    ruth.presses("Sign for the board").sees("You have signed the agreement for the board.", "Signed by everybody")


def signs_for_them(visitor: Visitor, part: object) -> None:
    """A representative for the person, or a nominee for themselves."""
    visitor.opens(f"/acting-for/part/{part}/direct-payment-agreement", shows="Waiting for signatures")
    ticks(visitor, "I have read this and I agree")
    visitor.presses("Sign").sees("You have signed the agreement.")


def paid(engine: Engine, stream: UUID, payee: str) -> None:
    """Bank details entered, approved and cooled, and the first week paid by two finance officers on the fourth day."""
    denise, kofi = (staff(engine, key, Role.FINANCE) for key in ("finance", "kofi"))
    later = datetime.combine(today() + timedelta(days=3), time(12), LONDON).astimezone(UTC)

    def record(uow: UnitOfWork) -> str:
        starts = uow.find(Stream, stream).starts_on
        entry = payments.PaymentEntry(starts, starts + timedelta(days=6))
        return payments.record_payment(uow, stream, entry, key=f"first of {payee}")

    with open_unit(engine, denise, writes=True) as uow:
        account = accounts.propose_account(uow, stream, accounts.AccountEntry(payee, "089999", "66374958"))
    with open_unit(engine, kofi, writes=True) as uow:
        accounts.approve_account(uow, account)
    with open_unit(engine, denise, writes=True, now=later) as uow:
        reference = record(uow)
    with open_unit(engine, kofi, writes=True, now=later) as uow:
        item = select(col(PaymentItem.id)).where(col(PaymentItem.reference) == reference)
        payments.confirm_payment(uow, uow.session.execute(item).scalar_one(), paid_on=uow.today)


def case_manager(given: Given) -> Visitor:
    return given.signed_in(CASE_MANAGER)


def sent_and_approved(engine: Engine, plan_id: UUID) -> None:
    """Sent, signed off, its money checked, and approved, each by somebody else."""
    signature = plans.SignOffEntry("Siobhán Kelly", RegistrationBody.NMC, "99A1234E")
    acts: tuple[tuple[str, Role, Callable[[UnitOfWork], object]], ...] = (
        ("case.manager", Role.CASE_MANAGER, lambda uow: plans.submit_plan(uow, plan_id)),
        ("siobhan", Role.CLINICIAN, lambda uow: plans.sign_off_plan(uow, plan_id, signature)),
        ("kofi", Role.FINANCE, lambda uow: plan_checks.check_money(uow, plan_id, note="Funding, rates and sums.")),
        ("approver", Role.APPROVER, lambda uow: approvals.approve_plan(uow, plan_id)),
    )
    for who, role, act in acts:
        with open_unit(engine, staff(engine, who, role), writes=True) as uow:
            act(uow)
