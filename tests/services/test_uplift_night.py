"""Many uplifts on their day: what is written for hundreds at once is what would be written for each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services import tick, uplift_effects, uplift_night
from phbportal.services.walks import walked
from phbportal.tables.audit import AuditEvent
from phbportal.tables.base import Record, Row
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.ledger import LedgerAccount, LedgerJournal
from phbportal.tables.phbs import Task
from phbportal.tables.uplifts import Uplift, UpliftItem
from tests.queries.worlds import Worlds
from tests.services.asking import balances, row, rows
from tests.services.raising import MARCH, ON, agreed, approve, items, prepare, propose, two_budgets
from tests.support.journey import Case
from tests.support.statements import statements
from tests.support.world import World, at

Two = tuple[World, list[Case]]
WRITTEN: tuple[type[Row], ...] = (
    Stream, UpliftItem, BudgetVersion, LedgerAccount, LedgerJournal, BoardMoney, Task, AuditEvent,
)  # fmt: skip
MADE = {"id"}


def test_a_budget_somebody_is_working_on_keeps_no_other_from_being_written_and_is_written_next(
    worlds: Worlds, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with worlds.copy(kind, "two budgets", two_budgets) as (world, cases):
        uplift = prepare(world)
        propose(world, uplift)
        approve(world, uplift)
        write = uplift_effects._write_budget

        def busy(uow: Any, uplift_id: Any, phb_id: Any) -> bool:
            if phb_id == cases[0].phb_id:
                raise Refusal("Somebody else is changing the same record.")
            return write(uow, uplift_id, phb_id)

        monkeypatch.setattr(uplift_effects, "_write_budget", busy)
        uplift_effects.write_all(world.engine, uplift, now=at(MARCH))
        assert [item.status for item in items(world, uplift)] == ["CHOSEN", "WRITTEN"]
        assert row(world, Uplift, uplift).status == "APPROVED"
        monkeypatch.undo()
        uplift_effects.write_all(world.engine, uplift, now=at(MARCH))
        assert [item.status for item in items(world, uplift)] == ["WRITTEN", "WRITTEN"]
        assert row(world, Uplift, uplift).status == "DONE"


def agreed_two(world: World) -> list[Case]:
    """Two budgets that are to be raised, their new year's money set aside already: as where the day is in mid-year."""
    cases = two_budgets(world)
    agreed(world)
    walked(world.engine, BudgetVersion, tick._set_stretch_aside, at(ON, 1))
    return cases


@pytest.fixture
def two(worlds: Worlds, kind: str) -> Iterator[Two]:
    with worlds.copy(kind, "two agreed", agreed_two) as copy:
        yield copy


@pytest.fixture
def same_two(worlds: Worlds, kind: str) -> Iterator[Two]:
    with worlds.copy(kind, "two agreed", agreed_two) as copy:
        yield copy


def night(world: World) -> int:
    return uplift_night.carry_out_uplifts(world.engine, now=at(ON, 2))


def told(world: World) -> list[str]:
    """Every row that the night may write, without the ids of those it makes."""
    found: list[str] = []
    with world.engine.connect() as connection:
        for table in WRITTEN:
            of: Any = table
            made = set[str]() if issubclass(table, Record) else MADE
            kept = {column.name for column in of.__table__.columns} - made
            for one in connection.execute(select(*(of.__table__.c[name] for name in sorted(kept)))):
                found.append(f"{table.__name__} {one._asdict()}")
    return sorted(found)


def test_many_at_once_write_what_each_by_itself_does(two: Two, same_two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = told(two[0])
    assert begun == told(same_two[0])
    with monkeypatch.context() as one_by_one:
        one_by_one.setattr(uplift_night, "_raise_plain", lambda _uow, due: (0, due))
        assert night(same_two[0]) == 2
    monkeypatch.setattr(uplift_night, "put_in_effect", None)
    assert night(two[0]) == 2
    assert told(two[0]) == told(same_two[0]) != begun
    assert night(two[0]) == 0


def test_a_stream_that_ended_the_day_before_is_looked_at_by_itself(
    two: Two, same_two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits to be wound down: what is agreed from then on does not hold its amount."""
    for world, (_first, second) in (two, same_two):
        with world.unit(world.cm) as uow:
            uow.change(uow.find(Stream, second.streams[0]), ends_on=ON - timedelta(days=1))
    with monkeypatch.context() as one_by_one:
        one_by_one.setattr(uplift_night, "_raise_plain", lambda _uow, due: (0, due))
        night(same_two[0])
    night(two[0])
    found = [
        sorted((one.version, one.status, one.weekly_pence) for one in rows(world, BudgetVersion))
        for world, _cases in (two, same_two)
    ]
    assert found[0] == found[1]


def test_two_budgets_take_as_many_statements_as_one(two: Two, same_two: Two) -> None:
    world, (_first, second) = same_two
    with world.unit(SYSTEM) as uow:
        (item,) = rows(world, UpliftItem, phb_id=second.phb_id)
        uow.change(uow.session.get_one(UpliftItem, item.id), status="LEFT_OUT")
    with statements(world.engine) as of_one:
        assert night(world) == 1
    with statements(two[0].engine) as of_two:
        assert night(two[0]) == 2
    assert len(of_two) == len(of_one)


def test_the_year_that_was_set_aside_is_raised(two: Two) -> None:
    world, (_first, second) = two
    before = balances(world, second).available_pence
    night(world)
    assert row(world, Stream, second.streams[0]).weekly_pence == 41_640
    assert balances(world, second).available_pence == before + (41_640 * 366 + 3) // 7 - (40_000 * 366 + 3) // 7


def test_what_has_changed_since_is_looked_at_by_itself(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    world, (first, second) = two
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Stream, first.streams[0]), weekly_pence=97_000)
    alone: list[object] = []
    act = uplift_night.put_in_effect

    def seen(uow: Any, **which: Any) -> int:
        alone.append(which["phb_id"])
        return act(uow, **which)

    monkeypatch.setattr(uplift_night, "put_in_effect", seen)
    assert night(world) == 1
    assert alone == [first.phb_id]
    statuses = {item.phb_id: item.status for item in rows(world, UpliftItem)}
    assert statuses == {first.phb_id: "OVERTAKEN", second.phb_id: "IN_EFFECT"}
    assert row(world, Stream, first.streams[0]).weekly_pence == 97_000


def test_if_all_at_once_is_refused_each_goes_by_itself(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _cases = two

    def refused(*_given: Any) -> None:
        raise Refusal("Somebody else is changing the same record.")

    monkeypatch.setattr(uplift_night, "post_many", refused)
    assert night(world) == 2
    assert {item.status for item in rows(world, UpliftItem)} == {"IN_EFFECT"}
    assert len([one for one in rows(world, AuditEvent) if one.kind == "stream_raised"]) == 2
