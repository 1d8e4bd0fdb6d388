"""What waits for whoever is asking: by role, the oldest first, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.break_glass import TASK_KIND
from phbportal.domain.roles import Role
from phbportal.domain.tasks import LEADS_TO, TASK_WORDS
from phbportal.domain.text import long_date, plural
from phbportal.policy.actors import Actor
from phbportal.queries import (
    people_who_help,
    uplifts,
    work_arrangements,
    work_decisions,
    work_money,
    work_offers,
    work_office,
    work_plans,
)
from phbportal.queries.break_glass import askings_waiting
from phbportal.queries.change_requests import changes_returned, changes_waiting
from phbportal.queries.exports import exports_to_fetch, exports_waiting
from phbportal.queries.imports import imports_waiting
from phbportal.queries.letters import to_post
from phbportal.queries.role_grants import codes_to_make, grants_waiting
from phbportal.queries.scope import visible
from phbportal.queries.work_items import CANNOT, MOST, OVERDUE, WorkGroup, WorkItem, due_status, due_words, whose
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task

Group = Callable[[Session, Actor, date], WorkGroup]


@dataclass(frozen=True, slots=True)
class Work:
    """What waits; groups without items are left out."""

    groups: tuple[WorkGroup, ...]


def tasks(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Tasks for the actor's role that are not done and nobody else has taken; a case manager's own, those of nobody's
    budget, and what they have taken of others."""
    statement = (
        select(
            col(Task.id),
            col(Task.kind),
            col(Task.part_id),
            col(Task.sentence),
            col(Task.due_on),
            col(Task.person_id),
            col(Phb.reference),
            col(Person.given_name),
            col(Person.family_name),
        )
        .outerjoin(Phb, col(Phb.id) == col(Task.phb_id))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, Task, today),
            col(Task.role) == actor.role.value,
            col(Task.done_at).is_(None),
            or_(col(Task.assigned_to).is_(None), col(Task.assigned_to) == actor.user_id),
        )
        .order_by(col(Task.due_on).is_(None), col(Task.due_on), col(Task.id))
        .limit(MOST + 1)
    )
    if actor.role is Role.CASE_MANAGER:
        statement = statement.where(
            or_(
                col(Phb.id).is_(None),
                col(Phb.case_manager_id).is_(None),
                col(Phb.case_manager_id) == actor.user_id,
                col(Task.assigned_to) == actor.user_id,
            )
        )
    found: list[WorkItem] = []
    for row in session.execute(statement):
        href = routes.staff_phb(row.reference) if row.reference else routes.STAFF
        if row.reference is None and row.person_id is not None:
            href = routes.staff_person(row.person_id)
        if row.kind in TASK_WORDS:
            href = routes.staff_task(row.id)
        elif row.kind in LEADS_TO and row.part_id is not None:
            href = routes.staff_record(LEADS_TO[row.kind], row.part_id)
        elif row.part_id is not None and row.person_id is not None:
            href = routes.staff_helper(row.person_id, row.part_id)
        elif row.kind == TASK_KIND:
            href = routes.STAFF_BREAK_GLASS  # where an auditor says that they have looked
        due = f"{long_date(row.due_on)}, {due_words(row.due_on, today)}" if row.due_on else ""
        named = f"{row.given_name} {row.family_name}, " if row.family_name else ""
        detail = f"{named}{row.reference}. " if row.reference else ""
        words = f"{detail}Due on {due}." if due else detail.strip()
        found.append(WorkItem(row.sentence, href, words, due_status(row.due_on, today)))
    return WorkGroup.of("Tasks", found)


GROUPS: dict[Role, Sequence[Group]] = {
    Role.CASE_MANAGER: (
        work_offers.eligible_and_not_offered,
        work_offers.before_planning,
        work_plans.to_write,
        work_offers.agreements_to_make,
        work_arrangements.to_offer,
        work_plans.reviews_due,
        work_decisions.to_answer,
        work_decisions.returned,
        to_post,
        changes_waiting,
        changes_returned,
        exports_to_fetch,
        tasks,
    ),
    Role.CLINICIAN: (work_plans.to_sign_off, changes_waiting, changes_returned, tasks),
    Role.APPROVER: (
        work_plans.to_approve,
        work_decisions.to_approve,
        uplifts.to_approve,
        work_decisions.to_answer,
        people_who_help.to_agree,
        work_arrangements.fees_to_approve,
        work_offers.agreements_to_sign,
        work_arrangements.to_sign,
        grants_waiting,
        changes_waiting,
        changes_returned,
        exports_waiting,
        imports_waiting,
        exports_to_fetch,
        tasks,
    ),
    Role.FINANCE: (
        work_plans.to_check,
        work_money.accounts_to_approve,
        work_money.payments_to_confirm,
        work_money.payments_due,
        uplifts.to_propose,
        uplifts.stopped,
        changes_waiting,
        changes_returned,
        exports_to_fetch,
        tasks,
    ),
    Role.AUDITOR: (grants_waiting, changes_waiting, exports_waiting, exports_to_fetch, tasks),
    Role.ADMIN: (
        grants_waiting,
        changes_waiting,
        changes_returned,
        codes_to_make,
        work_office.budgets_of_leavers,
        exports_to_fetch,
        tasks,
    ),
}


def work(session: Session, actor: Actor, today: date, now: datetime) -> Work:
    """Everything that waits for the actor in their role. As many statements as the role has groups, however long."""
    groups = [group(session, actor, today) for group in GROUPS.get(actor.role, ())]
    if actor.role in (Role.APPROVER, Role.AUDITOR):
        groups.insert(0, askings_waiting(session, actor, now, today))  # the only work that is a matter of hours
    return Work(groups=tuple(group for group in groups if group.items))


def total_words(found: Work) -> str:
    """How much waits, in a sentence."""
    count = sum(len(group.items) for group in found.groups)
    late = sum(item.status == OVERDUE for group in found.groups for item in group.items)
    cannot = sum(item.status == CANNOT for group in found.groups for item in group.items)
    if not count:
        return ""
    words = plural(count, "thing waits", "things wait") + " for you"
    words += f". {plural(late, 'is', 'are')} overdue" if late else ""
    return f"{words}. {plural(cannot, 'payment', 'payments')} cannot be made." if cannot else f"{words}."
