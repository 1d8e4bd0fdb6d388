"""1 April: each live budget's money for the new year is set aside, once (decisions.md §3)."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.ledger import Verb
from phbportal.domain.phbs import PhbStatus
from phbportal.services import tick, walks
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.phbs import Phb
from tests.services.asking import NEXT_START, Paying, balances, rows
from tests.support import journey
from tests.support.world import World, at

NEW_YEAR = date(2027, 4, 1)
YEAR_OF_366 = (125_000 * 366 + 3) // 7


def night(world: World, on: date = NEW_YEAR) -> int:
    return tick.tick(world.engine, now=at(on, 2))


def test_the_new_year_s_money_is_set_aside_without_the_start_up_costs(direct: Paying) -> None:
    before = balances(direct.world, direct.case).available_pence
    assert night(direct.world) == 1
    assert balances(direct.world, direct.case).available_pence == before + YEAR_OF_366


def test_the_night_run_twice_or_late_sets_the_money_aside_once(direct: Paying) -> None:
    assert [night(direct.world), night(direct.world), night(direct.world, date(2027, 4, 9))] == [1, 0, 0]
    assert len(rows(direct.world, LedgerJournal, verb=Verb.ALLOCATE.value)) == 2


def test_a_night_that_was_missed_is_caught_up(direct: Paying) -> None:
    assert night(direct.world, date(2027, 4, 20)) == 1


def test_nothing_is_set_aside_before_the_year_ends(direct: Paying) -> None:
    assert night(direct.world, date(2027, 3, 31)) == 0


def test_what_a_payment_across_31_march_took_early_is_not_set_aside_again(direct: Paying) -> None:
    """The payment of 8 March to 4 April took £714.29 of the new year's money."""
    direct.confirm(direct.record())
    direct.record(NEXT_START, date(2027, 3, 7), key="the year", on=date(2026, 5, 4))
    direct.record(date(2027, 3, 8), date(2027, 4, 4), key="across", on=date(2027, 3, 8))
    assert balances(direct.world, direct.case).available_pence == 0
    night(direct.world)
    assert balances(direct.world, direct.case).available_pence == YEAR_OF_366 - 71_429


def test_after_the_night_the_new_year_can_be_paid_to_its_last_day(direct: Paying) -> None:
    direct.confirm(direct.record())
    night(direct.world)
    direct.record(date(2027, 4, 1), date(2028, 3, 31), key="next", on=NEW_YEAR)
    assert balances(direct.world, direct.case).reserved_pence == YEAR_OF_366


@pytest.mark.parametrize("status", [PhbStatus.CLOSED, PhbStatus.PLANNING])
def test_a_budget_that_is_not_live_gets_nothing(direct: Paying, status: PhbStatus) -> None:
    with direct.world.unit(direct.world.cm) as uow:
        uow.change(uow.find(Phb, direct.case.phb_id), status=status.value)
    assert night(direct.world) == 0


def test_a_stream_that_ended_gets_nothing_and_does_not_hold_up_the_night(
    direct: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A budget with nothing to set aside stays due for ever: the night must pass it, not come back to it."""
    second = journey.approved(
        direct.world, Paying.NIGHTS, person_id=journey.add_person(direct.world, number=journey.NUMBERS[1])
    )
    with direct.world.unit(direct.world.cm) as uow:
        uow.change(uow.find(Stream, direct.stream), ends_on=date(2027, 3, 31))
    monkeypatch.setattr(walks, "STRETCH", 1)
    assert night(direct.world) == 1
    assert balances(direct.world, second).available_pence == 2_057_143 + (40_000 * 366 + 3) // 7
