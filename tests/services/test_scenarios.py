"""Scenarios T01 and T09 of the domain, to the penny, through the services and both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.ledger import Verb, available, held, reserved, spent
from phbportal.domain.streams import Method
from phbportal.services import payments, spending
from phbportal.tables.ledger import LedgerAccount
from phbportal.tables.phbs import Review
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.world import World, make_world


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=date(2026, 4, 1))


def balance(world: World, path: str) -> int:
    with world.unit(world.finance, writes=False) as uow:
        found = select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.path) == path)
        return uow.session.execute(found).scalar_one()


def test_t01_a_direct_payment_that_starts_in_mid_cycle(world: World) -> None:
    """13 Apr: 21 days and start-up costs, £4,348.00. Spends £598.00 and £3,411.27; £338.73 on 3 May.
    4 May: £5,000.00 more, £5,338.73. Commitment to 31 March £63,633.71. First review 13 July."""
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, 59_800, line_type=LineType.PA_WAGE))
    stream = case.streams[0]
    assert balance(world, available(case.phb_id)) == 6_363_371
    journey.account(world, stream)

    journey.pay(world, stream, date(2026, 4, 13), date(2026, 5, 3))
    assert balance(world, held(stream)) == 434_800

    for amount, line in ((59_800, LineType.RECRUITMENT), (341_127, LineType.PA_WAGE)):
        entry = spending.SpendingEntry(Verb.ACCOUNT_FOR, amount, date(2026, 5, 3), line, "Receipt")
        world.do(
            world.finance,
            lambda uow, e=entry, k=str(amount): spending.record_spending(uow, stream, e, key=k),
            on=date(2026, 5, 3),
        )
    assert balance(world, held(stream)) == 33_873

    journey.pay(world, stream, date(2026, 5, 4), date(2026, 5, 31))
    assert balance(world, held(stream)) == 533_873
    assert balance(world, available(case.phb_id)) == 6_363_371 - 434_800 - 500_000
    assert balance(world, reserved(case.phb_id)) == 0
    with world.unit(world.cm, writes=False) as uow:
        review = uow.session.execute(select(Review).where(col(Review.phb_id) == case.phb_id)).scalar_one()
    assert (review.kind, review.due_on) == ("FIRST", date(2026, 7, 13))


def test_t09_notional_nights_and_direct_payment_days(world: World) -> None:
    """£400.00 notional nights and £650.00 direct payment days: £1,050.00 a week. The direct payment pays £2,600.00 a
    cycle; the provider's invoice of £1,552.50 leaves £47.50 of the £1,600.00 and does not touch the payment."""
    start = date(2026, 4, 6)
    case = journey.approved(
        world,
        StreamPlan(Method.NOTIONAL, 40_000, starts_on=start, line_type=LineType.AGENCY),
        StreamPlan(Method.DIRECT_PAYMENT, 65_000, starts_on=start, line_type=LineType.PA_WAGE),
    )
    nights, days = case.streams
    journey.account(world, days)
    journey.pay(world, days, start, date(2026, 5, 3))
    assert balance(world, held(days)) == 260_000

    entry = payments.PaymentEntry(start, date(2026, 5, 3), 155_250, LineType.AGENCY, "INV-77")
    reference = world.do(
        world.finance, lambda uow: payments.record_payment(uow, nights, entry, key="inv-77"), on=date(2026, 5, 4)
    )
    journey.confirm(world, reference, on=date(2026, 5, 5))
    assert balance(world, spent(nights, "AGENCY")) == 155_250
    assert balance(world, held(days)) == 260_000
    assert 40_000 * 4 - 155_250 == 4_750
