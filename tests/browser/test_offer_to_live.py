"""An adult with NHS continuing healthcare and personal assistants, from the first offer to a live direct payment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.clock import LONDON
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.services import accounts, budgets, payments, plans
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.budgets import Stream
from phbportal.tables.payments import PaymentItem
from tests.browser.on_the_path import dates, offered_and_told, referred, ticks, today
from tests.browser.stops import APPROVER, CASE_MANAGER, CLINICIAN, SECOND_FINANCE
from tests.browser.visitor import Given
from tests.support.demo import staff

WEEKLY = 65_000
CHECKS = (
    "The money is there, and I know from which budget of the board",
    "The rates are those of the day, on-costs included",
    "The budget covers the full cost of the plan",
)


def planned(engine: Engine, reference: str) -> UUID:
    """The plan written: assistants at home for £650.00 a week, paid to him. Returns the stream."""
    with open_unit(engine, staff(engine, "case.manager", Role.CASE_MANAGER), writes=True) as uow:
        plan = plans.start_plan(uow, phb_by_reference(uow, reference).id)
        plans.write_plan(uow, plan.id, plans.PlanEntry("I was a drummer."), seen_version=plan.row_version)
        outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I get up when I choose."))
        service = plans.add_service(uow, plan.id, plans.ServiceEntry("Two personal assistants", outcome))
        entry = budgets.StreamEntry(Method.DIRECT_PAYMENT, PayeeKind.HOLDER, uow.today, Frequency.WEEKLY)
        stream = budgets.add_stream(uow, plan.id, entry)
        budgets.add_line(uow, plan.id, budgets.LineEntry(stream, LineType.PA_WAGE, WEEKLY, 0, service))
        return stream


def paid(engine: Engine, stream: UUID) -> None:
    """Bank details entered, approved and cooled, and the first week paid by two finance officers on the fourth day."""
    denise, kofi = (staff(engine, key, Role.FINANCE) for key in ("finance", "kofi"))
    later = datetime.combine(today() + timedelta(days=3), time(12), LONDON).astimezone(UTC)

    def record(uow: UnitOfWork) -> str:
        starts = uow.find(Stream, stream).starts_on
        return payments.record_payment(
            uow, stream, payments.PaymentEntry(starts, starts + timedelta(days=6)), key="first of Maurice"
        )

    with open_unit(engine, denise, writes=True) as uow:
        account = accounts.propose_account(uow, stream, accounts.AccountEntry("M Okonedo", "089999", "66374958"))
    with open_unit(engine, kofi, writes=True) as uow:
        accounts.approve_account(uow, account)
    with open_unit(engine, denise, writes=True, now=later) as uow:
        reference = record(uow)
    with open_unit(engine, kofi, writes=True, now=later) as uow:
        item = select(col(PaymentItem.id)).where(col(PaymentItem.reference) == reference)
        payments.confirm_payment(uow, uow.session.execute(item).scalar_one(), paid_on=uow.today)


def test_an_adult_with_assistants_goes_from_the_offer_to_a_live_direct_payment(given: Given) -> None:
    engine = given.portal.engine
    _person, reference = referred(engine, ("Maurice", "Okonedo"))
    home = f"/staff/phbs/{reference}"

    marta = given.signed_in(CASE_MANAGER)
    offered_and_told(
        marta, home, question="Amount a week", amount="650", tool="Hours needed, at local rates",
        of="40 hours a week at £16.25", says="The indicative budget is £650.00 a week.",
    )  # fmt: skip

    stream = planned(engine, reference)
    marta.opens(f"{home}/plan", shows="Send the plan").presses("Send for clinical sign-off")
    marta.sees("It is a clinician’s turn to sign the plan off.")

    siobhan = given.signed_in(CLINICIAN).opens(f"{home}/plan/sign-off", shows="Your signature")
    ticks(siobhan, "Nursing and Midwifery Council (NMC)")
    siobhan.types("Your registration number", "99A1234E").presses("Sign the plan off")
    siobhan.sees("Finance checks its money next.")

    kofi = given.signed_in(SECOND_FINANCE).opens("/staff", shows="Check the money of the plan for Maurice Okonedo")
    kofi.opens(f"{home}/plan/check", shows="Your check").is_content()
    ticks(kofi, *CHECKS)
    kofi.types("What did you check?", "Funding, rates and sums.").presses("The money is right")
    kofi.sees("The plan now waits for approval.")

    ruth = given.freshly_signed_in(APPROVER).opens(f"{home}/plan/approve", shows="What every budget must have")
    ruth.sees("Money checked by Kofi Boateng").presses("Approve the plan and its budget")
    ruth.page.wait_for_url("**/dev-idp/**")
    ruth.presses(APPROVER).settles("You have confirmed it is you.")
    ruth.presses("Approve the plan and its budget").sees("You have approved the plan.")

    marta.opens(home, shows="Setting up").sees("The agreement about the direct payment is signed by everybody")
    marta.is_content()
    marta.follows("See the agreement").settles("There is no agreement yet.").presses("Make the agreement")
    marta.sees("Still to sign: The person and the board.")
    marta.follows("Record a signature on paper").settles("Who signed?")
    ticks(marta, "The person themselves")
    marta.types("Their name", "Maurice Okonedo")
    dates(marta, "When did they sign?")
    marta.types("Where can the signed paper be seen?", "Scanned to the case file").presses("Record the signature")
    marta.sees("The signature is recorded.")
    ruth.opens("/staff", shows="Sign the agreement about the direct payment for Maurice Okonedo")
    ruth.follows("Sign the agreement about the direct payment for Maurice Okonedo").settles("Signatures")
    ticks(ruth, "I have read the agreement and sign it for the board")
    ruth.presses("Sign for the board").sees("You have signed the agreement for the board.", "Signed by everybody")

    paid(engine, stream)
    marta.opens(home, shows="Live since").sees("From the offer to yes: 0 days.")
    assert marta.complaints == siobhan.complaints == kofi.complaints == ruth.complaints == []
