"""Third-party arrangements that wait for a member of staff: to offer, a high fee to approve, an agreement to sign."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.isf import AgreementStatus, IsfStatus, Party
from phbportal.domain.phbs import ENDED
from phbportal.domain.streams import Method, StreamStatus
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, about, whose
from phbportal.tables.arrangements import Agreement, IsfConfirmation, Signature
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

OFFERABLE = (StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE)


def _href(reference: str, stream_id: object) -> str:
    return routes.of_phb(routes.STAFF_ISF, reference, stream=str(stream_id))


def to_offer(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Approved third-party streams of the case manager's own budgets that nobody has been asked to hold."""
    s = Stream
    statement = (
        select(col(s.id), col(Phb.reference), col(Person.given_name), col(Person.family_name))
        .join(Phb, col(Phb.id) == col(s.phb_id))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, s, today),
            col(s.method) == Method.THIRD_PARTY.value,
            col(s.status).in_([status.value for status in OFFERABLE]),
            col(Phb.status).not_in([status.value for status in ENDED]),
            or_(col(Phb.case_manager_id).is_(None), col(Phb.case_manager_id) == actor.user_id),
            ~exists(select(1).where(col(IsfConfirmation.stream_id) == col(s.id))),
        )
        .order_by(col(s.id))
        .limit(MOST + 1)
    )
    return WorkGroup.of(
        "Offers to make",
        [
            WorkItem(
                f"Offer the third-party budget of {about(row.given_name, row.family_name)} to an organisation",
                _href(row.reference, row.id), f"{row.reference}. Nothing is paid before it is confirmed and signed.",
            )
            for row in session.execute(statement)
        ],
    )  # fmt: skip


def fees_to_approve(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Offers whose fee is above the usual, made by somebody else."""
    c = IsfConfirmation
    statement = (
        select(col(c.stream_id), col(Phb.reference), col(Organisation.name), col(Person.given_name),
               col(Person.family_name))
        .join(Phb, col(Phb.id) == col(c.phb_id))
        .join(Organisation, col(Organisation.id) == col(c.organisation_id))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, c, today), col(c.status) == IsfStatus.FEE_WAITS.value,
            col(c.sent_by).is_distinct_from(actor.user_id),
        )
        .order_by(col(c.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Fees to approve",
        [
            WorkItem(
                f"Decide the fee of {row.name} for {about(row.given_name, row.family_name)}",
                _href(row.reference, row.stream_id), f"{row.reference}. It is above the usual fee.",
            )
            for row in session.execute(statement)
        ],
    )  # fmt: skip


def to_sign(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Agreements the board has not signed, of offers somebody else made."""
    a, c = Agreement, IsfConfirmation
    statement = (
        select(col(a.stream_id), col(Phb.reference), col(Organisation.name), col(Person.given_name),
               col(Person.family_name))
        .join(c, col(c.id) == col(a.confirmation_id))
        .join(Phb, col(Phb.id) == col(a.phb_id))
        .join(Organisation, col(Organisation.id) == col(a.organisation_id))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, a, today), col(a.status) == AgreementStatus.OPEN.value,
            col(c.sent_by).is_distinct_from(actor.user_id),
            ~exists(
                select(1).where(
                    col(Signature.agreement_id) == col(a.id), col(Signature.party) == Party.BOARD.value
                )
            ),
        )
        .order_by(col(a.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Agreements to sign",
        [
            WorkItem(
                f"Sign the agreement with {row.name} for {about(row.given_name, row.family_name)}",
                _href(row.reference, row.stream_id), f"{row.reference}. Nothing can be paid before all three sign.",
            )
            for row in session.execute(statement)
        ],
    )  # fmt: skip
