"""1 April: each live budget's money for the new year is set aside, once (decisions.md §3)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.tasks import YEAR_NOT_SET_ASIDE
from phbportal.queries.work import tasks
from phbportal.services import tick, walks
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.walks import Left
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.phbs import Phb, Task
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


# A budget somebody is working on -------------------------------------------------------------------------------------


def second_budget(direct: Paying) -> journey.Case:
    person = journey.add_person(direct.world, number=journey.NUMBERS[1])
    return journey.approved(direct.world, Paying.NIGHTS, person_id=person)


SECOND_YEAR = 2_057_143 + (40_000 * 366 + 3) // 7


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> set[UUID]:
    """Budgets that cannot be locked, as if somebody held them."""
    found, hold = set[UUID](), UnitOfWork.hold_budgets

    def refuses(uow: UnitOfWork, *which: Any) -> None:
        hold(uow, *which)
        if found & set(uow.session.execute(select(col(Phb.id)).where(*which)).scalars()):
            raise Refusal("Somebody else is changing the same record.")

    monkeypatch.setattr(UnitOfWork, "hold_budgets", refuses)
    return found


def waiting(world: World) -> list[Task]:
    return [one for one in rows(world, Task, kind=YEAR_NOT_SET_ASIDE) if one.done_at is None]


def test_a_budget_that_is_held_all_night_keeps_no_other_from_its_money_and_finance_is_told(
    direct: Paying, held: set[UUID]
) -> None:
    second, left = second_budget(direct), Left()
    before = balances(direct.world, direct.case).available_pence
    held.add(direct.case.phb_id)
    assert tick.tick(direct.world.engine, now=at(NEW_YEAR, 2), left=left) == 1
    assert balances(direct.world, second).available_pence == SECOND_YEAR
    assert balances(direct.world, direct.case).available_pence == before
    assert len(left.things) == 1
    (task,) = waiting(direct.world)
    (phb,) = rows(direct.world, Phb, id=direct.case.phb_id)
    assert (task.phb_id, task.role, task.due_on) == (direct.case.phb_id, Role.FINANCE.value, NEW_YEAR)
    assert task.sentence.startswith(f"The money of {phb.reference} for 2027 to 2028 is not set aside yet")
    with direct.world.unit(direct.world.finance, writes=False) as uow:
        items = tasks(uow.session, direct.world.finance, NEW_YEAR).items
    assert task.sentence in {one.title for one in items}

    assert night(direct.world) == 0
    assert [one.id for one in waiting(direct.world)] == [task.id], "it is told once"
    held.clear()
    assert night(direct.world, date(2027, 4, 2)) == 1
    assert balances(direct.world, direct.case).available_pence == before + YEAR_OF_366
    assert waiting(direct.world) == []


def test_a_budget_that_is_free_again_at_the_end_of_the_night_has_its_money_that_night(
    direct: Paying, held: set[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, clock = balances(direct.world, direct.case).available_pence, tick.run_review_clock

    def later(*given: Any, **more: Any) -> int:
        held.clear()
        return clock(*given, **more)

    monkeypatch.setattr(tick, "run_review_clock", later)
    held.add(direct.case.phb_id)
    left = Left()
    assert tick.tick(direct.world.engine, now=at(NEW_YEAR, 2), left=left) == 1
    assert balances(direct.world, direct.case).available_pence == before + YEAR_OF_366
    assert (left.things, waiting(direct.world)) == ([], [])


def test_a_part_of_the_night_that_is_refused_keeps_no_other_from_being_done(
    direct: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: Any, **_more: Any) -> int:
        raise Refusal("Somebody else is changing the same record.")

    done: list[str] = []
    monkeypatch.setattr(tick, "end_offers", busy)
    monkeypatch.setattr(tick, "turn_sixteen", lambda *_given, **_more: done.append("sixteen") or 0)
    left = Left()
    assert tick.tick(direct.world.engine, now=at(NEW_YEAR, 2), left=left) == 1
    assert done == ["sixteen"]
    assert len(left.things) == 1


def test_somebody_who_really_holds_a_budget_is_not_waited_for_all_night(
    direct: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    if direct.world.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer: nobody holds a row")
    second, hold = second_budget(direct), UnitOfWork.hold_budgets

    def impatient(uow: UnitOfWork, *which: Any) -> None:
        uow.session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        hold(uow, *which)

    with direct.world.unit(direct.world.cm) as uow:
        uow.find(Phb, direct.case.phb_id, lock=True)
        monkeypatch.setattr(UnitOfWork, "hold_budgets", impatient)
        assert night(direct.world) == 1
        assert [one.phb_id for one in waiting(direct.world)] == [direct.case.phb_id]
    assert balances(direct.world, second).available_pence == SECOND_YEAR
    assert night(direct.world) == 1
    assert waiting(direct.world) == []
