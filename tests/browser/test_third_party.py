"""Somebody under section 117 whose plan one user-led organisation writes, and whose money another holds (§2.3): from
the first offer to the first week paid."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.demo.third_party import NAME
from phbportal.domain.budgets import LineType
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.services import arrangements, budgets
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.organisations import Organisation
from phbportal.tables.plans import Plan, PlanService
from tests.browser import walking
from tests.browser.stops import PROVIDER
from tests.browser.visitor import NARROW, Given, Visitor
from tests.browser.walking import dates, ticks
from tests.support import arranging
from tests.support.arranging import TERMS
from tests.support.world import World

WHOSE, HOLDS = "Selma Ibsen", "Held Well"
WEEKLY = 90_000


def asks_them_to_plan(marta: Visitor, home: str) -> None:
    """The case manager begins the plan and asks the organisation to write it."""
    marta.opens(f"{home}/plan", shows="Start the plan").presses("Start the plan").settles("Write the plan")
    marta.opens(f"{home}/plan").follows("Ask somebody else to write the plan").settles("Who writes it")
    marta.page.get_by_label("A user-led organisation or a broker").check()
    marta.page.get_by_label(re.compile("^Organisation")).fill(NAME)
    marta.presses("Ask them").sees("They are asked. They see this one plan, until they hand it in.")


def writes_it(imani: Visitor) -> None:
    """The organisation writes the plan on a telephone, and hands it in."""
    imani.opens("/provider", shows=f"Write the plan of {WHOSE}")
    imani.page.get_by_role("link", name=f"Write the plan of {WHOSE}").first.click()
    imani.settles(f"asks you to write this plan with {WHOSE}")
    imani.types("About me", "I sing alto.").presses("Keep what I wrote").sees("Your words are kept.")
    imani.types("What does the person want?", "I sing with others again.").presses("Add it")
    imani.sees("The outcome is added.")
    imani.types("What would be provided or bought?", "Somebody who comes with me to choir")
    imani.page.get_by_label("What is it for?").select_option(label="I sing with others again.")
    imani.page.get_by_label("Is it care of one of these kinds?").select_option(label="No, none of these")
    imani.presses("Add what helps").sees("Somebody who comes with me to choir")
    imani.presses("Hand the plan in").sees("The plan is handed in.")


def budgeted(engine: Engine, reference: str) -> UUID:
    """£900.00 a week, held by the organisation, for what it wrote down. Returns the stream."""

    def act(uow: UnitOfWork) -> UUID:
        phb = phb_by_reference(uow, reference)
        plan = uow.session.execute(select(col(Plan.id)).where(col(Plan.phb_id) == phb.id)).scalar_one()
        service = uow.session.execute(select(col(PlanService.id)).where(col(PlanService.plan_id) == plan)).scalar_one()
        entry = budgets.StreamEntry(
            Method.THIRD_PARTY, PayeeKind.ORGANISATION, uow.today, Frequency.WEEKLY, organisation_id=held_by(uow)
        )
        stream = budgets.add_stream(uow, plan, entry)
        budgets.add_line(uow, plan, budgets.LineEntry(stream, LineType.AGENCY, WEEKLY, 0, service))
        return stream

    return walking.as_case_manager(engine, act)


def held_by(uow: UnitOfWork) -> UUID:
    """Whoever wrote the plan is independent, so somebody else holds the money."""
    return uow.session.execute(select(col(Organisation.id)).where(col(Organisation.name) == HOLDS)).scalar_one()


def arranged(engine: Engine, stream: UUID) -> None:
    """Offered, every line accepted, and the agreement signed by the organisation."""

    def offer(uow: UnitOfWork) -> tuple[UUID, UUID, UUID]:
        sent = arrangements.send_offer(uow, stream, arrangements.OfferEntry(held_by(uow), TERMS))
        board = uow.actor.icb_id
        assert board is not None
        return sent, held_by(uow), board

    sent, organisation, board = walking.as_case_manager(engine, offer)
    world = World(engine, walking.today(), board, board, {})
    theirs = arranging.somebody_of(world, organisation, "Hattie Well")
    arranging.answer(world, theirs, sent)
    arranging.sign(world, theirs, arranging.agreement(world, sent))


def test_a_plan_written_by_a_user_led_organisation_is_paid_through_it(given: Given) -> None:
    engine = given.portal.engine
    person = walking.known(engine, "Selma", "Ibsen", date(1984, 3, 9))
    reference = walking.referred(engine, person, Cohort.S117, GivenBy.SELF)
    home = f"/staff/phbs/{reference}"

    marta = walking.case_manager(given)
    walking.offers(marta, home)
    walking.accepts(marta)
    walking.shows_amount(marta, home, "1000", "The present cost of her aftercare")
    asks_them_to_plan(marta, home)
    imani = given.signed_in(PROVIDER, viewport=NARROW)
    writes_it(imani)

    stream = budgeted(engine, reference)
    decided = walking.decide(given, marta, home, WHOSE)

    arranged(engine, stream)
    marta.opens(f"{home}/isf?stream={stream}", shows="still has to be signed by the person and the board")
    marta.follows("Record a signature on paper").settles("Who signed?")
    ticks(marta, "The person")
    marta.types("Their name", WHOSE)
    dates(marta, "When did they sign?")
    marta.types("Where can the signed paper be seen?", "Scanned to the case file").presses("Record the signature")
    marta.sees("The signature is recorded.")
    ruth, title = decided[-1], f"Sign the agreement with {HOLDS} for {WHOSE}"
    ruth.opens("/staff", shows=title).follows(title).settles("Signatures")
    ticks(ruth, "I have read the agreement and sign it for the board")
    ruth.presses("Sign for the board").sees("Signed by all three")

    walking.paid(engine, stream, HOLDS)
    marta.opens(home, shows="Live since").is_content()
    imani.opens("/provider").does_not_see(WHOSE)
    assert [one.complaints for one in (marta, imani, *decided)] == [[]] * 5
