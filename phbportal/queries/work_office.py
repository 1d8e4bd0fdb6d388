"""Work of the office itself: budgets whose case manager does not work here any more."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.phbs import ENDED
from phbportal.domain.roles import Role
from phbportal.domain.text import plural
from phbportal.policy.actors import Actor
from phbportal.queries.users_list import role_in_force
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem
from phbportal.tables.phbs import Phb
from phbportal.tables.users import Assignment, User


def budgets_of_leavers(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Open budgets of case managers who are none at the board today, only counted. One statement."""
    works_here = exists(
        select(1).where(
            col(Assignment.user_id) == col(Phb.case_manager_id), col(Assignment.icb_id) == actor.icb_id,
            col(Assignment.role) == Role.CASE_MANAGER.value, role_in_force(today),
        )
    )  # fmt: skip
    rows = session.execute(
        select(col(User.id), col(User.display_name), func.count())
        .select_from(Phb)
        .join(User, col(User.id) == col(Phb.case_manager_id))
        .where(
            col(Phb.icb_id) == actor.icb_id, col(Phb.status).not_in([status.value for status in ENDED]),
            ~works_here | col(User.disabled_at).is_not(None),
        )
        .group_by(col(User.id), col(User.display_name))
        .order_by(col(User.display_name))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Budgets of people who have left",
        [
            WorkItem(
                f"Give the {plural(count, 'budget')} of {name} to another case manager",
                routes.of_user(routes.STAFF_USER_CASES, user_id),
                "They are not a case manager of your board any more.",
            )
            for user_id, name, count in rows
        ],
    )
