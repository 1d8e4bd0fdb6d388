"""A budget as a case: whose it is, where it stands, who looks after it, which reviews are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Uuid, and_, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.eligibility import COHORT_WORDS, Cohort
from phbportal.domain.errors import NotFound
from phbportal.domain.identifiers import show_nhs_number
from phbportal.domain.phbs import KIND_WORDS, STATUS_WORDS, PhbKind, PhbStatus
from phbportal.domain.reviews import REVIEW_WORDS, ReviewKind
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.users import User


@dataclass(frozen=True, slots=True)
class PhbHead:
    """What stands at the top of every page of a budget, as text.

    ``nhs_number`` and ``cohort`` are empty for those who may not see them; ``person_href`` and the rest of the
    person are empty when another board answers for them now.
    """

    reference: str = ""
    id: str = ""
    href: str = ""
    plan_href: str = ""
    money_href: str = ""
    status: str = ""
    kind: str = ""
    cohort: str = ""
    opened: str = ""
    live: str = ""
    ended: str = ""
    case_manager: str = ""
    person: str = ""
    person_href: str = ""
    nhs_number: str = ""
    born: str = ""
    died: str = ""


@dataclass(frozen=True, slots=True)
class PersonFact:
    """What the rules of direct payments need to know of the holder."""

    date_of_birth: date
    lacks_capacity: bool
    died_on: date | None


@dataclass(frozen=True, slots=True)
class Case:
    """A budget in the actor's sight: ids and facts for the code, and the head for the page."""

    id: UUID
    icb_id: UUID
    person_id: UUID
    status: PhbStatus
    holder: PersonFact
    head: PhbHead
    cohort: Cohort


def case_of(session: Session, actor: Actor, today: date, reference: str) -> Case:
    """The budget with this reference, if the actor may see it; else NotFound. One statement."""
    row = session.connection().execute(_case(actor, today), {"reference": reference}).one_or_none()
    if row is None:
        raise NotFound()
    holder = PersonFact(row.date_of_birth, row.lacks_capacity, row.died_on)
    return Case(row.id, row.icb_id, row.person_id, PhbStatus(row.status), holder, _head(row, actor), Cohort(row.cohort))


@by_shape
def _case(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    seen = visible(actor, Person, today)
    return (
        select(
            col(Phb.id), col(Phb.icb_id), col(Phb.person_id), col(Phb.reference), col(Phb.status), col(Phb.kind),
            col(Phb.cohort), col(Phb.opened_on), col(Phb.live_on), col(Phb.ended_on),
            col(User.display_name).label("case_manager"), col(Person.given_name), col(Person.family_name),
            col(Person.nhs_number), col(Person.date_of_birth), col(Person.died_on), col(Person.lacks_capacity),
            seen.label("seen"),
        )
        .join(Person, col(Person.id) == col(Phb.person_id))
        .outerjoin(User, col(User.id) == col(Phb.case_manager_id))
        .where(and_(col(Phb.reference) == bindparam("reference", type_=String()), visible(actor, Phb, today)))
    )  # fmt: skip


def _head(row: Any, actor: Actor) -> PhbHead:
    number = row.nhs_number if row.seen and could_ever(actor, Permission.NHS_NUMBER_READ) else None
    return PhbHead(
        reference=row.reference,
        id=str(row.id),
        href=routes.staff_phb(row.reference),
        plan_href=routes.staff_phb_plan(row.reference),
        money_href=routes.staff_phb_money(row.reference),
        status=STATUS_WORDS[PhbStatus(row.status)],
        kind=KIND_WORDS[PhbKind(row.kind)],
        cohort=COHORT_WORDS[Cohort(row.cohort)] if could_ever(actor, Permission.ELIGIBILITY_READ) else "",
        opened=long_date(row.opened_on),
        live=long_date(row.live_on) if row.live_on else "",
        ended=long_date(row.ended_on) if row.ended_on else "",
        case_manager=row.case_manager or "Nobody yet",
        person=f"{row.given_name} {row.family_name}" if row.seen else "",
        person_href=routes.staff_person(row.person_id) if row.seen else "",
        nhs_number=show_nhs_number(number) if number else "",
        born=long_date(row.date_of_birth) if row.seen else "",
        died=long_date(row.died_on) if row.seen and row.died_on else "",
    )


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review, as text; ``status`` is "Held", "Due", "Overdue" or "Not needed"."""

    kind: str
    due: str
    held: str
    status: str
    href: str = ""


def _review_status(row: Any, today: date) -> str:
    if row.held_on or row.not_needed_on:
        return "Held" if row.held_on else "Not needed"
    return "Overdue" if row.due_on < today else "Due"


def reviews_of(session: Session, actor: Actor, today: date, phb_id: UUID, reference: str) -> tuple[ReviewRow, ...]:
    """The reviews of a budget: those still to be held first, by the day they are due. One statement."""
    rows = session.connection().execute(_reviews(actor, today), {"phb": phb_id})
    return tuple(
        ReviewRow(
            REVIEW_WORDS[ReviewKind(row.kind)],
            long_date(row.due_on),
            long_date(row.held_on) if row.held_on else "",
            _review_status(row, today),
            routes.of_phb(routes.STAFF_REVIEW, reference, review=str(row.id)),
        )
        for row in rows
    )


@by_shape
def _reviews(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(col(Review.id), col(Review.kind), col(Review.due_on), col(Review.held_on), col(Review.not_needed_on))
        .where(col(Review.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, Review, today))
        .order_by(
            col(Review.held_on).is_not(None), col(Review.not_needed_on).is_not(None), col(Review.due_on), col(Review.id)
        )
    )
