"""What somebody who is asked to write a plan sees: that one plan, through the invitation, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import NotFound
from phbportal.domain.plan_parts import HOLDER_HINTS, HOLDER_WORDS, SECTION_HINTS, SECTION_WORDS, sections_for
from phbportal.domain.planners import INVITATION_WORDS, PLANNER_ROLES, InvitationStatus
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_parts import PlanSection
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.users import User


@dataclass(frozen=True, slots=True)
class PlanToWrite:
    """One line of "plans to write": for whom, which board asks, and where."""

    person: str
    board: str
    asked: str
    href: str


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section as a planner writes it."""

    code: str
    title: str
    hint: str
    words: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """The draft as text: for whom and for which board, what was asked, its words and what hangs on it."""

    person: str = ""
    board: str = ""
    manager: str = ""
    email: str = ""
    note: str = ""
    about_me: str = ""
    what_matters: str = ""
    contingency: str = ""
    sections: list[DraftSection] = field(default_factory=list[DraftSection])
    outcomes: list[str] = field(default_factory=list[str])
    services: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft for the code: ids, versions, the outcomes to choose from, and its view."""

    plan_id: UUID
    row_version: int
    versions: dict[str, int]
    outcomes: list[tuple[str, str]]
    person_id: UUID
    phb_id: UUID
    icb_id: UUID
    view: DraftView


def plans_to_write(session: Session, actor: Actor, today: date) -> list[PlanToWrite]:
    """The plans the actor is asked to write now, the oldest first. One statement."""
    i = PlanInvitation
    wanted = [planner.value for planner, role in PLANNER_ROLES.items() if role is actor.role]
    rows = session.execute(
        select(col(i.id), col(i.asked_on), col(Person.given_name), col(Person.known_as), col(Person.family_name),
               col(Organisation.name))
        .join(Person, col(Person.id) == col(i.person_id))
        .join(Organisation, col(Organisation.id) == col(i.icb_id))
        .where(visible(actor, i, today), col(i.status) == InvitationStatus.ASKED.value, col(i.planner).in_(wanted))
        .order_by(col(i.id))
    )  # fmt: skip
    return [
        PlanToWrite(
            f"{row.known_as or row.given_name} {row.family_name}", row.name,
            f"Asked on {long_date(row.asked_on)}", routes.plan_to_write(actor.role, row.id),
        )
        for row in rows
    ]  # fmt: skip


def draft_to_write(session: Session, actor: Actor, today: date, invitation_id: UUID) -> Draft:
    """The plan of an invitation that waits for the actor. Raises NotFound for any other. Six statements."""
    i = PlanInvitation
    wanted = [planner.value for planner, role in PLANNER_ROLES.items() if role is actor.role]
    row: Any = session.execute(
        select(i, Plan, Phb, Person, col(Organisation.name), User)
        .join(Plan, col(Plan.id) == col(i.plan_id))
        .join(Phb, col(Phb.id) == col(i.phb_id))
        .join(Person, col(Person.id) == col(i.person_id))
        .join(Organisation, col(Organisation.id) == col(i.icb_id))
        .outerjoin(User, col(User.id) == col(Phb.case_manager_id))
        .where(
            col(i.id) == invitation_id, visible(actor, i, today), col(i.status) == InvitationStatus.ASKED.value,
            col(i.planner).in_(wanted),
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    invitation, plan, phb, person, board, manager = row
    own = session.execute(select(PlanSection).where(col(PlanSection.plan_id) == plan.id)).scalars().all()
    written = {one.section: one for one in own}
    outcomes = session.execute(
        select(col(Outcome.id), col(Outcome.statement)).where(col(Outcome.plan_id) == plan.id)
        .order_by(col(Outcome.position))
    ).all()  # fmt: skip
    s = PlanService
    services = session.execute(
        select(col(s.description), col(s.who), col(s.when)).where(col(s.plan_id) == plan.id).order_by(col(s.position))
    ).all()
    by_staff_words = actor.role is Role.PROVIDER
    titles, hints = (SECTION_WORDS, SECTION_HINTS) if by_staff_words else (HOLDER_WORDS, HOLDER_HINTS)
    view = DraftView(
        f"{person.known_as or person.given_name} {person.family_name}", board,
        manager.display_name if manager else "", (manager.email or "") if manager else "", invitation.note,
        plan.about_me, plan.what_matters, plan.contingency,
        [
            DraftSection(one.value, titles[one], hints[one],
                         written[one.value].words if one.value in written else "")
            for one in sections_for(Cohort(phb.cohort))
        ],
        [outcome.statement for outcome in outcomes],
        [", ".join(filter(None, one)) for one in services],
    )  # fmt: skip
    return Draft(
        plan.id, plan.row_version, {code: one.row_version for code, one in written.items()},
        [(str(one.id), one.statement) for one in outcomes], person.id, phb.id, phb.icb_id, view,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WriterView:
    """Who is asked to write a plan and how that stands, to staff and to the person."""

    id: str
    name: str
    status: str
    asked: str
    note: str
    waits: bool


def writers_of(session: Session, actor: Actor, today: date, plan_id: UUID) -> list[WriterView]:
    """Everybody who was asked to write a plan, the latest first. One statement."""
    i = PlanInvitation
    rows = session.execute(
        select(i).where(col(i.plan_id) == plan_id, visible(actor, i, today)).order_by(col(i.id).desc())
    ).scalars()
    return [
        WriterView(
            str(row.id), row.name, INVITATION_WORDS[InvitationStatus(row.status)], long_date(row.asked_on),
            row.end_note, row.status == InvitationStatus.ASKED.value,
        )
        for row in rows
    ]  # fmt: skip


def planner_words(name: str) -> str:
    """What the holder reads while somebody writes their plan."""
    return f"{name} is writing your plan. You will see it here when it is ready."
