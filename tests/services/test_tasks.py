"""A task of a team: taken by one, given back, passed on; only by those whose team it is, and not once it is done."""

from __future__ import annotations

from uuid import UUID

import pytest

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import Actor
from phbportal.queries.work import tasks as waiting
from phbportal.services import tasks
from phbportal.tables.phbs import Task
from tests.services.asking import refused, rows
from tests.support.world import World

WORDS = "Ring the payroll bureau."


@pytest.fixture
def task(world: World) -> UUID:
    with world.unit(world.cm) as uow:
        return uow.add(Task, icb_id=world.icb, kind="test", role="FINANCE", sentence=WORDS).id


def sees(world: World, actor: Actor) -> bool:
    with world.unit(actor, writes=False) as uow:
        return WORDS in [item.title for item in waiting(uow.session, uow.actor, uow.today).items]


def test_a_task_that_is_taken_is_on_one_list_and_given_back_on_all(world: World, task: UUID) -> None:
    assert sees(world, world.finance)
    assert sees(world, world.finance2)
    world.do(world.finance, lambda uow: tasks.take_task(uow, task, {}))
    assert (sees(world, world.finance), sees(world, world.finance2)) == (True, False)
    world.do(world.finance2, lambda uow: tasks.give_back_task(uow, task, {}))
    assert (sees(world, world.finance), sees(world, world.finance2)) == (True, True)


def test_a_task_that_is_passed_on_is_the_other_team_s(world: World, task: UUID) -> None:
    world.do(world.finance, lambda uow: tasks.take_task(uow, task, {}))
    world.do(world.finance, lambda uow: tasks.pass_task_on(uow, task, {"to_role": "APPROVER"}))
    found = rows(world, Task, id=task)[0]
    assert (found.role, found.assigned_to) == ("APPROVER", None)
    assert (sees(world, world.finance), sees(world, world.approver)) == (False, True)


@pytest.mark.parametrize("name", ["cm", "approver", "auditor", "admin", "other_finance"])
def test_nobody_takes_a_task_of_another_team(world: World, task: UUID, name: str) -> None:
    refused(world, world.actors[name], lambda uow: tasks.take_task(uow, task, {}))


@pytest.mark.parametrize(
    ("role", "sentence"),
    [("FINANCE", "It is that team’s task already. Choose another role."),
     ("ADMIN", "Choose a role that works with budgets.")],
)  # fmt: skip
def test_a_task_is_passed_on_to_another_team_that_works_with_budgets(
    world: World, task: UUID, role: str, sentence: str
) -> None:
    assert refused(world, world.finance, lambda uow: tasks.pass_task_on(uow, task, {"to_role": role})) == sentence


def test_what_is_done_is_not_taken_and_nothing_is_taken_twice(world: World, task: UUID) -> None:
    assert refused(world, world.finance, lambda uow: tasks.give_back_task(uow, task, {})) == (
        "Nobody has taken this task."
    )
    world.do(world.finance, lambda uow: tasks.take_task(uow, task, {}))
    with pytest.raises(Refusal, match="You have this task already"):
        world.do(world.finance, lambda uow: tasks.take_task(uow, task, {}))
    with world.unit(world.cm) as uow:
        found = uow.find(Task, task)
        uow.change(found, done_at=uow.now)
    with pytest.raises(Refusal, match="done already"):
        world.do(world.finance2, lambda uow: tasks.take_task(uow, task, {}))
