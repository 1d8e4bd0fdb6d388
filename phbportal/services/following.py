"""Lines of history for rows that an act about another row made or moved: a stream that is agreed with its plan, a
review that is due because a budget went live.

Each belongs to that row's own history alone; what was done is told where it was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import Agreement, IsfConfirmation
from phbportal.tables.base import Row
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.phbs import Review, Task
from phbportal.tables.plans import Outcome, Plan
from phbportal.tables.users import Assignment, Invitation

if TYPE_CHECKING:
    from phbportal.services.unit_of_work import UnitOfWork


def follow(uow: UnitOfWork) -> None:
    """Before the commit: a line for each row that is new or changed and that no line was about."""
    for row, is_new in uow.unsaid.left():
        _care(uow, row, is_new)
        _office(uow, row, is_new)


def _care(uow: UnitOfWork, row: Row, is_new: bool) -> None:
    if isinstance(row, Plan):
        uow.record("plan_followed", about=row, icb_id=row.icb_id, version=row.version)
    elif isinstance(row, BudgetVersion) and is_new:
        uow.record("budget_begun", about=row, icb_id=row.icb_id, version=row.version)
    elif isinstance(row, BudgetVersion):
        uow.record("budget_followed", about=row, icb_id=row.icb_id, version=row.version)
    elif isinstance(row, BudgetLine):
        uow.record("line_followed", about=row, line_type=row.line_type, weekly_pence=row.weekly_pence)
    elif isinstance(row, Stream):
        uow.record("stream_followed", about=row, icb_id=row.icb_id, method=row.method, starts_on=row.starts_on)
    elif isinstance(row, IsfConfirmation):
        uow.record("offer_followed", about=row, icb_id=row.icb_id, round=row.round)
    elif isinstance(row, Agreement) and is_new:
        uow.record("agreement_made", about=row, icb_id=row.icb_id)
    elif isinstance(row, Agreement):
        uow.record("agreement_followed", about=row, icb_id=row.icb_id)
    elif isinstance(row, Decision) and not is_new:
        uow.record("decision_followed", about=row, icb_id=row.icb_id, decision=row.kind)
    elif isinstance(row, Outcome) and not is_new:
        uow.record("outcome_followed", about=row)
    elif isinstance(row, PersonRole):
        uow.record("part_followed", about=row, icb_id=row.icb_id)


def _office(uow: UnitOfWork, row: Row, is_new: bool) -> None:
    if isinstance(row, Review) and is_new:
        uow.record("review_set", about=row, icb_id=row.icb_id, due_on=row.due_on)
    elif isinstance(row, Review):
        uow.record("review_followed", about=row, icb_id=row.icb_id)
    elif isinstance(row, Task) and is_new:
        uow.record("task_set", about=row, icb_id=row.icb_id, role=ROLE_WORDS[Role(row.role)])
    elif isinstance(row, Task):
        uow.record("task_over", about=row, icb_id=row.icb_id)
    elif isinstance(row, Assignment) and is_new:
        uow.record("role_given", about=row, icb_id=row.icb_id, role=ROLE_WORDS[Role(row.role)])
    elif isinstance(row, Assignment):
        uow.record("role_followed", about=row, icb_id=row.icb_id, role=ROLE_WORDS[Role(row.role)])
    elif isinstance(row, Invitation) and is_new:
        uow.record("code_made", about=row, icb_id=row.icb_id, role=ROLE_WORDS[Role(row.role)])
    elif isinstance(row, Invitation):
        uow.record("code_followed", about=row, icb_id=row.icb_id, role=ROLE_WORDS[Role(row.role)])
