"""What was spent by whoever funds it, quarter by quarter, equal to the ledger to the penny."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.funding import Funder, Share
from phbportal.domain.ledger import Verb
from phbportal.domain.quarters import quarter_of
from phbportal.domain.streams import Method
from phbportal.queries.spent_by_funder import spent_by_funder, spent_chart, spent_figures
from phbportal.services.funders import set_shares
from phbportal.services.ledger import reverse
from phbportal.services.payments import PaymentEntry, record_payment
from phbportal.services.spending import SpendingEntry, record_spending
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from tests.queries.worlds import Worlds
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.world import World

LATER = date(2026, 8, 3)


@pytest.fixture
def spent(worlds: Worlds, kind: str) -> Iterator[World]:
    """A direct payment in thirds, spent in two quarters with one entry taken back; an invoice the board pays alone."""

    def build(world: World) -> None:
        person = journey.add_person(world)
        journey.allow_direct_payment(world, person)
        case = journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000), person_id=person)
        thirds = [Share(funder, 1) for funder in Funder]
        world.do(world.finance2, lambda uow: set_shares(uow, case.plan_id, thirds))
        for step in (journey.submit, journey.sign_off, journey.approve):
            step(world, case)
        stream = case.streams[0]
        journey.account(world, stream)
        journey.pay(world, stream, date(2026, 4, 13), date(2026, 5, 3))

        def spend(pence: int, on: date, key: str) -> object:
            entry = SpendingEntry(Verb.ACCOUNT_FOR, pence, on, LineType.AGENCY, key)
            return world.do(world.finance, lambda uow: record_spending(uow, stream, entry, key=key), on=on)

        spend(100_000, date(2026, 5, 1), "a")
        wrong = spend(7_777, date(2026, 5, 2), "b")
        world.do(world.finance, lambda uow: reverse(uow, wrong, key="c", reason="Wrong"), on=LATER)  # pyright: ignore[reportArgumentType]
        spend(50_001, LATER, "d")
        other = journey.add_person(world, number=journey.NUMBERS[1], names=("Bo", "Other"))
        nights = journey.approved(world, StreamPlan(Method.NOTIONAL, 40_000), person_id=other)
        invoice = PaymentEntry(date(2026, 4, 13), date(2026, 4, 19), 39_950, LineType.AGENCY, "INV-1")
        on = date(2026, 4, 20)
        reference = world.do(world.finance, lambda uow: record_payment(uow, nights.streams[0], invoice, key="i"), on=on)
        journey.confirm(world, reference, on=on)

    with worlds.copy(kind, "spent", build) as (world, _nothing):
        yield world


def in_the_ledger(world: World) -> dict[date, int]:
    """What went into accounts of what was spent, less what left them, by quarter: from the postings themselves."""
    found: Counter[date] = Counter()
    with world.unit(world.finance, writes=False) as uow:
        for end, sign in ((LedgerPosting.to_id, 1), (LedgerPosting.from_id, -1)):
            account = aliased(LedgerAccount)
            rows = uow.session.execute(
                select(col(LedgerJournal.effective_on), col(LedgerPosting.amount_pence))
                .join(LedgerPosting, col(LedgerPosting.journal_id) == col(LedgerJournal.id))
                .join(account, col(account.id) == end)
                .where(col(account.path).like("stream:%:spent:%"))
            )
            for day, pence in rows:
                found[quarter_of(day)] += sign * pence
    return dict(found)


def test_the_parts_of_each_quarter_come_to_the_ledger_to_the_penny(spent: World) -> None:
    with spent.unit(spent.finance, on=LATER, writes=False) as uow:
        found = spent_by_funder(uow.session, uow.actor, uow.today)
        chart = spent_chart(uow.session, uow.actor, uow.today)
        whole = spent_figures(uow.session, uow.actor, uow.today)
    first, second = date(2026, 4, 1), date(2026, 7, 1)
    assert {quarter: sum(parts.values()) for quarter, parts in found.items() if any(parts.values())} == (
        in_the_ledger(spent)
    )
    assert list(found[first].values()) == [35_926 + 39_950, 35_926, 35_925]
    assert list(found[second].values()) == [14_075, 14_074, 14_075]
    year = [sum(pair) for pair in zip(found[first].values(), found[second].values(), strict=True)]
    assert year == [50_001 + 39_950, 50_000, 50_000], "the year by itself is shared out to the penny (ADR 0036)"
    assert chart.labels == ("April to June 2026", "July to September 2026")
    assert list(whole.totals()) == list(in_the_ledger(spent).values())
    assert [one.name for one in chart.series] == ["Health", "Social care", "Education"]


def test_another_board_sees_none_of_it(spent: World) -> None:
    with spent.unit(spent.other_finance, on=LATER, writes=False) as uow:
        found = spent_by_funder(uow.session, uow.actor, uow.today)
    assert not any(any(parts.values()) for parts in found.values())
