"""A stream's last day does not come unnoticed: asked about before, told of after, wound down when it has been paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from phbportal.domain.streams import StreamStatus
from phbportal.domain.tasks import NOTHING_RUNS, STREAM_ENDS
from phbportal.services.expiry_clock import run_expiry_clock
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Task
from tests.services.quick import mixed, quick_world
from tests.support.journey import Case
from tests.support.world import World, at

LAST = date(2027, 3, 31)


def ends(world: World, case: Case, *last: date | None) -> None:
    """Say when each stream of the case ends, and that all of them run."""
    with world.unit(world.cm) as uow:
        for stream_id, day in zip(case.streams, last, strict=True):
            uow.change(uow.find(Stream, stream_id), ends_on=day, status=StreamStatus.ACTIVE.value)


def night(world: World, on: date) -> int:
    return run_expiry_clock(world.engine, now=at(on, 2))


def tasks(world: World) -> list[tuple[str, date]]:
    with world.unit(world.cm, writes=False) as uow:
        return [
            (t.kind, t.due_on)
            for t in uow.session.execute(select(Task)).scalars()
            if t.kind in (STREAM_ENDS, NOTHING_RUNS)
        ]


def statuses(world: World, case: Case) -> list[str]:
    with world.unit(world.cm, writes=False) as uow:
        return [uow.find(Stream, stream_id).status for stream_id in case.streams]


def test_asked_eight_weeks_before_once_and_told_the_day_after_once() -> None:
    with quick_world(mixed) as (world, case):
        ends(world, case, LAST, LAST)
        assert night(world, LAST - timedelta(days=57)) == 0
        assert night(world, LAST - timedelta(days=56)) == 2
        assert night(world, LAST - timedelta(days=55)) == 0
        assert sorted(tasks(world)) == [(STREAM_ENDS, LAST)] * 2
        assert night(world, LAST) == 0
        assert night(world, LAST + timedelta(days=1)) == 2
        assert night(world, LAST + timedelta(days=2)) == 0
        assert (NOTHING_RUNS, LAST) in tasks(world)


def test_what_another_stream_follows_is_not_asked_about() -> None:
    with quick_world(mixed) as (world, case):
        ends(world, case, LAST, LAST + timedelta(days=300))
        assert night(world, LAST + timedelta(days=1)) == 0
        assert tasks(world) == []


@pytest.mark.parametrize("after", [28, 29])
def test_it_can_be_paid_for_one_cycle_more_and_then_winds_down(after: int) -> None:
    with quick_world(mixed) as (world, case):
        ends(world, case, LAST, None)
        night(world, LAST + timedelta(days=after))
        night(world, LAST + timedelta(days=after))
        assert statuses(world, case) == ["ACTIVE" if after == 28 else "WINDING_DOWN", "ACTIVE"]
        with world.unit(world.cm, writes=False) as uow:
            said = uow.session.execute(select(AuditEvent).where(AuditEvent.kind == "stream_over")).scalars().all()
        assert len(said) == (0 if after == 28 else 1)


def test_one_that_is_being_stopped_has_its_decision() -> None:
    with quick_world(mixed) as (world, case):
        ends(world, case, LAST, LAST)
        with world.unit(world.cm) as uow:
            for stream_id in case.streams:
                uow.change(uow.find(Stream, stream_id), status=StreamStatus.STOPPING.value)
        assert night(world, LAST + timedelta(days=40)) == 0
