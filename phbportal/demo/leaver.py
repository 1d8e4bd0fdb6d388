"""Somebody who worked at the first board and left: disabled, with her budgets in another case manager's hands."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo.staff import Colleague, invited
from phbportal.demo.stage import Stage
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services.cases import reassign_cases
from phbportal.services.leavers import disable_user
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.users import Assignment, User

JOAN = Colleague("joan", "Joan Prescott", (Role.CASE_MANAGER,))


def joins(stage: Stage) -> None:
    """She comes as everybody came. Her actor is read from her rows: she is in no role by the time a build goes on."""
    invited(stage, JOAN, Role.CASE_MANAGER, [stage.staff[key, Role.ADMIN] for key in ("grace", "patrick")],
            "case_manager joan")  # fmt: skip
    with open_unit(stage.engine, SYSTEM, writes=False) as uow:
        row = uow.session.execute(
            select(col(User.id), col(User.display_name), col(Assignment.id).label("assignment"), col(Assignment.icb_id))
            .join(Assignment, col(Assignment.user_id) == col(User.id))
            .where(col(User.email) == JOAN.address)
        ).one()
    stage.staff["joan", Role.CASE_MANAGER] = Actor(
        Role.CASE_MANAGER, user_id=row.id, display_name=row.display_name, icb_id=row.icb_id,
        assignment_id=row.assignment,
    )  # fmt: skip


def leaves(stage: Stage, *, on: date) -> None:
    """An administrator gives her budgets to Marta and disables her, the same day."""
    grace = stage.staff["grace", Role.ADMIN]
    joan, marta = (stage.staff[key, Role.CASE_MANAGER].user_id for key in ("joan", "marta"))
    assert joan is not None
    assert marta is not None
    stage.act(grace, "budgets of joan", on, lambda uow: reassign_cases(uow, joan, marta))
    stage.act(grace, "joan disabled", on, lambda uow: disable_user(uow, joan))
