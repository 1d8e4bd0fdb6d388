"""What waits before planning: people to offer a budget to, offers without an answer, amounts to work out and show."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, exists, label, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.agreement_kinds import ABOUT_WORDS, PAID_AFTER, AgreementKind
from phbportal.domain.eligibility import COHORT_WORDS, Cohort
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.payee_agreements import waits_for_signatures
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, about, due_status, waited, whose
from phbportal.tables.budgets import Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.path import BudgetOffer, IndicativeBudget
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

S = PhbStatus
_WAITS = "Nothing can be paid before everybody has signed."
_GOES_ON = "The care goes on meanwhile."
_BEFORE = (S.REFERRED, S.OFFERED, S.ACCEPTED, S.ASSESSING, S.INDICATIVE_SET)


def eligible_and_not_offered(session: Session, actor: Actor, today: date) -> WorkGroup:
    """People with an eligibility in force and no budget for the same reason, whatever became of it. One statement."""
    e = Eligibility
    had = exists(select(1).where(col(Phb.person_id) == col(e.person_id), col(Phb.cohort) == col(e.cohort)))
    statement = (
        select(col(e.person_id), col(e.cohort), col(e.decided_on), col(Person.given_name), col(Person.family_name))
        .join(Person, and_(col(Person.id) == col(e.person_id), visible(actor, Person, today)))
        .where(
            visible(actor, e, today), col(e.starts_on) <= today,
            or_(col(e.ends_on).is_(None), col(e.ends_on) >= today), col(Person.died_on).is_(None), ~had,
        )
        .order_by(col(e.decided_on), col(e.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "People to offer a budget to",
        [
            WorkItem(
                f"Offer a budget to {about(row.given_name, row.family_name)}",
                routes.of_person(routes.STAFF_PERSON_BUDGET, row.person_id),
                f"{COHORT_WORDS[Cohort(row.cohort)]}. Eligible {waited(row.decided_on, today)}.",
            )
            for row in session.execute(statement)
        ],
    )


def before_planning(session: Session, actor: Actor, today: date) -> WorkGroup:
    """The case manager's own budgets on their way to planning, and those declined that are to be offered again."""
    o, i = BudgetOffer, IndicativeBudget
    newer, newer_amount = _later(o), _later(i)
    statement = (
        select(
            col(Phb.reference), col(Phb.status), col(Phb.opened_on), col(o.offered_on), col(o.answered_on),
            col(o.again_on), col(i.worked_out_on), col(i.shown_on), col(Person.given_name), col(Person.family_name),
        )
        .select_from(Phb)
        .outerjoin(o, and_(col(o.phb_id) == col(Phb.id), ~newer))
        .outerjoin(i, and_(col(i.phb_id) == col(Phb.id), ~newer_amount))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, Phb, today),
            or_(col(Phb.case_manager_id) == actor.user_id, col(Phb.case_manager_id).is_(None)),
            or_(
                col(Phb.status).in_([s.value for s in _BEFORE]),
                and_(col(Phb.status) == S.DECLINED.value, col(o.again_on) <= today),
            ),
        )
        .order_by(col(Phb.opened_on), col(Phb.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of("Before planning", [_item(row, today) for row in session.execute(statement)])


def agreements_to_make(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Approved streams of the case manager's own budgets that are paid after an agreement which is not made, or not
    signed by everybody."""
    waiting = exists(
        select(1).where(col(PayeeAgreement.stream_id) == col(Stream.id), col(PayeeAgreement.status) == "OPEN")
    )
    statement = (
        select(
            col(Stream.id), col(Phb.reference), label("made", waiting), col(Person.given_name), col(Person.family_name)
        )
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, Stream, today), waits_for_signatures(),
            or_(col(Phb.case_manager_id) == actor.user_id, col(Phb.case_manager_id).is_(None)),
        )
        .order_by(col(Stream.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Agreements to make",
        [
            WorkItem(
                f"{'See to the signatures of' if row.made else 'Make'} the agreement for "
                f"{about(row.given_name, row.family_name)}",
                routes.of_phb(routes.STAFF_PAYEE_AGREEMENT, row.reference, stream=str(row.id)),
                f"{row.reference}. {_WAITS}",
            )
            for row in session.execute(statement)
        ],
    )


def agreements_to_sign(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Agreements about money the board has not signed, made ready by somebody else."""
    a = PayeeAgreement
    signed = select(1).where(col(PayeeSignature.agreement_id) == col(a.id), col(PayeeSignature.party) == "BOARD")
    statement = (
        select(col(a.stream_id), col(a.kind), col(Phb.reference), col(Person.given_name), col(Person.family_name))
        .join(Phb, col(Phb.id) == col(a.phb_id))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, a, today), col(a.status) == "OPEN", col(a.created_by).is_distinct_from(actor.user_id),
            ~exists(signed),
        )
        .order_by(col(a.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Agreements to sign",
        [
            WorkItem(
                f"Sign the agreement about {ABOUT_WORDS[AgreementKind(row.kind)]} for "
                f"{about(row.given_name, row.family_name)}",
                routes.of_phb(routes.STAFF_PAYEE_AGREEMENT, row.reference, stream=str(row.stream_id), kind=row.kind),
                f"{row.reference}. {_WAITS if AgreementKind(row.kind) in PAID_AFTER else _GOES_ON}",
            )
            for row in session.execute(statement)
        ],
    )


def _later(table: Any) -> Any:
    """Whether a budget has a later row of this table than the one joined: ids are in the order of making."""
    later = aliased(table)
    return select(1).where(later.phb_id == table.phb_id, later.id > table.id).correlate(table).exists()


def _item(row: Any, today: date) -> WorkItem:
    who, href, status = about(row.given_name, row.family_name), routes.staff_phb(row.reference), PhbStatus(row.status)
    again = row.again_on if status in (S.OFFERED, S.DECLINED) else None
    if status is S.REFERRED:
        title, since = f"Offer the budget to {who}", row.opened_on
    elif status is S.DECLINED:
        title, since = f"Offer the budget to {who} again", row.again_on
    elif status is S.OFFERED:
        title, since = f"Ask {who} for an answer to the offer", row.offered_on
    elif status is S.INDICATIVE_SET and row.shown_on is None:
        title, since = f"Show the indicative budget to {who}", row.worked_out_on
    elif status is S.INDICATIVE_SET:
        title, since = f"Start the plan for {who}", row.shown_on
    else:
        title, since = f"Work out the indicative budget for {who}", row.answered_on
    asked = f" To be asked again on {long_date(again)}." if again else ""
    return WorkItem(
        title, href, f"{row.reference}. Waiting {waited(since or row.opened_on, today)}.{asked}",
        due_status(again, today),
    )  # fmt: skip
