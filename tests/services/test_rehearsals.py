"""A change that is rehearsed: nothing of it stays, not even a line of history about what it made, on both databases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import Applies
from phbportal.services.rehearsals import rehearsed
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.phbs import Task
from tests.services.asking import rows_in_all
from tests.support.world import World


def _task(uow: UnitOfWork, _row: UUID | None, values: Any, _seen: int | None) -> UUID:
    """A change whose rows nobody tells: they are followed at the commit."""
    return uow.add(
        Task, icb_id=uow.actor.icb_id, kind="write_plan", role="CASE_MANAGER", sentence=values["sentence"],
        due_on=uow.today,
    ).id  # fmt: skip


SETS_A_TASK = Applies(what="A task", decides=Permission.EQUIPMENT_DECIDE, apply=_task)


def test_what_a_rehearsal_made_is_not_told_when_its_unit_of_work_ends(world: World) -> None:
    before = rows_in_all(world)
    with world.unit(world.cm) as uow:
        with rehearsed(uow, SETS_A_TASK, None, {"sentence": "Write it."}, None) as (practice, row_id):
            assert practice.find(Task, row_id).sentence == "Write it."
        assert uow.unsaid.left() == []
    assert rows_in_all(world) == before


def test_what_the_unit_of_work_itself_wrote_beside_a_rehearsal_is_told(world: World) -> None:
    with world.unit(world.cm) as uow:
        kept = _task(uow, None, {"sentence": "Keep it."}, None)
        with rehearsed(uow, SETS_A_TASK, None, {"sentence": "Write it."}, None):
            pass
    with world.unit(world.cm, writes=False) as uow:
        told = [one.about_id for one in uow.session.query(AuditEvent).filter_by(kind="task_set")]
    assert told == [kept]
