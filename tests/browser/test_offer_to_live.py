"""An adult with NHS continuing healthcare and personal assistants, from the first offer to a live direct payment."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Engine

from phbportal.domain.budgets import LineType
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.services import budgets
from phbportal.services.unit_of_work import UnitOfWork
from tests.browser import walking
from tests.browser.visitor import Given
from tests.browser.walking import dates, ticks

WEEKLY = 65_000


def planned(engine: Engine, reference: str) -> UUID:
    """The plan written: assistants at home for £650.00 a week, paid to him. Returns the stream."""

    def act(uow: UnitOfWork) -> UUID:
        plan, service = walking.begun(
            uow, reference, "I was a drummer.", "I get up when I choose.", "Two personal assistants"
        )
        entry = budgets.StreamEntry(Method.DIRECT_PAYMENT, PayeeKind.HOLDER, uow.today, Frequency.WEEKLY)
        stream = budgets.add_stream(uow, plan, entry)
        budgets.add_line(uow, plan, budgets.LineEntry(stream, LineType.PA_WAGE, WEEKLY, 0, service))
        return stream

    return walking.as_case_manager(engine, act)


def test_an_adult_with_assistants_goes_from_the_offer_to_a_live_direct_payment(given: Given) -> None:
    engine = given.portal.engine
    person = walking.known(engine, "Maurice", "Okonedo", date(1958, 4, 2))
    reference = walking.referred(engine, person, Cohort.CHC, GivenBy.SELF)
    home = f"/staff/phbs/{reference}"

    marta = walking.case_manager(given)
    walking.offers(marta, home)
    walking.accepts(marta)
    walking.shows_amount(marta, home, "650", "40 hours a week at £16.25")

    stream = planned(engine, reference)
    decided = walking.decide(given, marta, home, "Maurice Okonedo")

    walking.makes_agreement(marta, home, "The person and the board")
    marta.is_content()
    marta.follows("Record a signature on paper").settles("Who signed?")
    ticks(marta, "The person themselves")
    marta.types("Their name", "Maurice Okonedo")
    dates(marta, "When did they sign?")
    marta.types("Where can the signed paper be seen?", "Scanned to the case file").presses("Record the signature")
    marta.sees("The signature is recorded.")
    walking.signs_for_board(decided[-1], "Maurice Okonedo")

    walking.paid(engine, stream, "M Okonedo")
    marta.opens(home, shows="Live since").sees("From the offer to yes: 0 days.")
    assert [one.complaints for one in (marta, *decided)] == [[]] * 4
