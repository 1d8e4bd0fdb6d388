"""A wheelchair with a contribution, from the first offer until its person has it and reads about it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.services import budgets, payments, plans
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.payments import PaymentItem
from tests.browser import walking
from tests.browser.stops import APPROVER, CASE_MANAGER
from tests.browser.test_office import confirmed
from tests.browser.visitor import Given
from tests.browser.walking import dates, sent_and_approved, ticks, today
from tests.support.demo import staff

VALUE = 115_000


def planned(engine: Engine, reference: str) -> tuple[UUID, UUID]:
    """The plan written: a chair for £1,150.00, paid once by the NHS. Returns the plan and the stream."""
    with open_unit(engine, staff(engine, "case.manager", Role.CASE_MANAGER), writes=True) as uow:
        plan = plans.start_plan(uow, phb_by_reference(uow, reference).id)
        plans.write_plan(uow, plan.id, plans.PlanEntry("I keep bees."), seen_version=plan.row_version)
        outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I reach my hives."))
        service = plans.add_service(uow, plan.id, plans.ServiceEntry("A powered chair", outcome))
        entry = budgets.StreamEntry(Method.NOTIONAL, PayeeKind.NONE, uow.today, Frequency.ONCE)
        stream = budgets.add_stream(uow, plan.id, entry)
        budgets.add_line(uow, plan.id, budgets.LineEntry(stream, LineType.EQUIPMENT, 0, VALUE, service))
        return plan.id, stream


def paid(engine: Engine, stream: UUID) -> None:
    """The supplier's invoice, recorded and confirmed by two finance officers."""
    invoice = payments.PaymentEntry(today(), today(), VALUE, LineType.EQUIPMENT, "WN-1")
    with open_unit(engine, staff(engine, "finance", Role.FINANCE), writes=True) as uow:
        reference = payments.record_payment(uow, stream, invoice, key="the chair")
    with open_unit(engine, staff(engine, "kofi", Role.FINANCE), writes=True) as uow:
        item = select(col(PaymentItem.id)).where(col(PaymentItem.reference) == reference)
        payments.confirm_payment(uow, uow.session.execute(item).scalar_one(), paid_on=uow.today)


def test_a_wheelchair_with_a_contribution_goes_from_the_offer_to_the_handover(given: Given) -> None:
    engine = given.portal.engine
    person = walking.known(engine, "Greta", "Halloran", date(1958, 4, 2))
    reference = walking.referred(engine, person, Cohort.WHEELCHAIR, GivenBy.SELF, kind=PhbKind.ONE_OFF)
    home = f"/staff/phbs/{reference}"
    marta = given.signed_in(CASE_MANAGER)
    walking.offers(marta, home)
    walking.accepts(marta)
    walking.shows_amount(marta, home, "1150", "The price list of the service", kind=walking.ONCE)

    plan, stream = planned(engine, reference)
    confirmed(marta).opens(home, shows="Work out the wheelchair budget").follows("Work out the wheelchair budget")
    marta.settles("The chair").types("Chair", "Powered chair with a kerb climber")
    dates(marta, "Prescribed on")
    marta.types("How many years is it meant to last? (optional)", "5").presses("Continue").settles("The money")
    ticks(marta, "The NHS provides the chair, and somebody adds to it")
    marta.types("What does a chair for the assessed need cost the NHS?", "1150")
    marta.types("What do the extras cost, before VAT?", "780")
    marta.presses("Continue").settles("Check your answers")
    marta.presses("Save").sees("£780.00, and the VAT of 20% on it £156.00: £936.00 is paid by the person")
    marta.is_content()

    marta.opens(home, shows="Nobody has said yet who pays £936.00 of the £936.00.")
    marta.follows("Record who adds to the wheelchair").settles("Who is it?").types("Name", "Wheels for All")
    marta.page.get_by_label("Who is it?", exact=True).select_option(label="A charity")
    marta.types("How much, VAT included?", "936")
    dates(marta, "Promised on")
    marta.presses("Save").sees("It is recorded.")
    sent_and_approved(engine, plan)

    marta.opens(home, shows="The agreement about the wheelchair is signed by everybody")
    marta.follows("See the agreement about the wheelchair").settles("There is no agreement yet.")
    marta.presses("Make the agreement").sees("Still to sign: The person and the board.", "Wheels for All pays £936.00")
    marta.follows("Record a signature on paper").settles("Who signed?")
    ticks(marta, "The person themselves")
    marta.types("Their name", "Greta Halloran")
    dates(marta, "When did they sign?")
    marta.types("Where can the signed paper be seen?", "Scanned to the case file").presses("Record the signature")
    marta.sees("The signature is recorded.")
    ruth = given.signed_in(APPROVER).opens("/staff", shows="Sign the agreement about the wheelchair for Greta Halloran")
    ruth.follows("Sign the agreement about the wheelchair for Greta Halloran").settles("Signatures")
    ticks(ruth, "I have read the agreement and sign it for the board")
    ruth.presses("Sign for the board").sees("Signed by everybody")

    paid(engine, stream)
    marta.opens(home, shows="Live since").follows("See the wheelchair budget").settles("Record the handover")
    marta.follows("Record the handover").settles("When was it handed over?")
    dates(marta, "When was it handed over?")
    dates(marta, "When is it looked at again?", today() + timedelta(days=364))
    marta.presses("Record the handover").sees("The handover is recorded.", f"{today().year + 5}")
    assert marta.complaints == ruth.complaints == []
