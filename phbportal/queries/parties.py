"""Who acts for whom: conditions on the parts people have in others' lives, for ``scope`` to build on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import col

from phbportal.domain.acting import ActingStatus
from phbportal.domain.isf import AgreementStatus as ThreeParty
from phbportal.domain.payee_agreement import AgreementStatus
from phbportal.domain.planners import InvitationStatus, Planner
from phbportal.domain.roles import Role
from phbportal.domain.streams import StreamStatus
from phbportal.policy.actors import Actor
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import Agreement
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.purchases import PurchaseQuestion
from phbportal.tables.reviews import ReviewComment

Where = ColumnElement[bool]
_CLOSED = StreamStatus.CLOSED.value


def is_party(actor: Actor, part: Any = PersonRole) -> Where:
    """Parts given to the actor by name, or to their organisation by the board that let them in: one board's code
    must not open what another board gave the same organisation."""
    theirs = [col(part.user_id) == actor.user_id] if actor.user_id else []
    if actor.organisation_id and actor.icb_id:
        theirs.append((col(part.organisation_id) == actor.organisation_id) & (col(part.icb_id) == actor.icb_id))
    return or_(false(), *theirs) & (col(part.role) == actor.role.value)


def noted_for_own_organisation(actor: Actor) -> Where:
    """The parts in people's lives that somebody's own organisation has and that have not ended. To count by, never to
    show: whose life it is, a provider is not told (I31)."""
    if actor.role is not Role.PROVIDER or actor.organisation_id is None:
        return false()
    live = col(PersonRole.status) != ActingStatus.ENDED.value
    return (col(PersonRole.organisation_id) == actor.organisation_id) & live


def acted_for(actor: Actor) -> Any:
    """The people the actor acts for now, in the role they are signed in with (invariant I29)."""
    live = col(PersonRole.status) == ActingStatus.ACTIVE.value
    return select(col(PersonRole.person_id)).where(is_party(actor), live)


def paid_to(actor: Actor) -> Where:
    """The streams a nominee is paid, while they act (invariant I30)."""
    live = col(PersonRole.status) == ActingStatus.ACTIVE.value
    parts = select(col(PersonRole.id)).where(is_party(actor), live)
    return col(Stream.payee_role_id).in_(parts)


def asked_to_plan(actor: Actor) -> Where:
    """Invitations to write a plan that a nominee has, until the draft is handed in or the invitation taken back."""
    i = PlanInvitation
    own = select(col(PersonRole.id)).where(is_party(actor), col(PersonRole.status) == ActingStatus.ACTIVE.value)
    asked = (col(i.planner) == Planner.NOMINEE.value) & (col(i.status) == InvitationStatus.ASKED.value)
    return asked & col(i.part_id).in_(own)


def asked_before_buying(actor: Actor) -> Where:
    """What a nominee asked themselves before buying, of budgets they are paid from."""
    q = PurchaseQuestion
    theirs = select(col(Stream.phb_id)).where(paid_to(actor))
    return (col(q.asked_by) == actor.user_id) & col(q.phb_id).in_(theirs) if actor.user_id else false()


def kept_by(actor: Actor, table: Any) -> Where:
    """Agreements about managed accounts an organisation keeps, and their signatures, while they stand: the money is
    still paid into its account, and has not all been accounted for."""
    a = PayeeAgreement
    still = (
        select(col(Stream.id))
        .join(PayeeAccount, col(PayeeAccount.id) == col(Stream.account_id))
        .where(col(PayeeAccount.organisation_id) == actor.organisation_id, col(Stream.status) != _CLOSED)
    )
    own = (col(a.organisation_id) == actor.organisation_id) & (col(a.status) != AgreementStatus.REPLACED.value)
    own &= col(a.stream_id).in_(still)
    return own if table is a else col(PayeeSignature.agreement_id).in_(select(col(a.id)).where(own))


def held_by(actor: Actor) -> Where:
    """The streams an organisation holds by an agreement that everybody has signed, not those it was only offered."""
    a = Agreement
    if actor.role is not Role.PROVIDER or actor.organisation_id is None:
        return false()
    mine = (col(a.organisation_id) == actor.organisation_id) & (col(a.status) == ThreeParty.IN_FORCE.value)
    return col(Stream.id).in_(select(col(a.stream_id)).where(mine))


def said_before_review(actor: Actor) -> Where:
    """What a nominee said themselves before a review, of streams they are paid."""
    c = ReviewComment
    theirs = select(col(Stream.id)).where(paid_to(actor))
    return (col(c.said_by) == actor.user_id) & col(c.stream_id).in_(theirs) if actor.user_id else false()


def of_whom_let_in_to(actor: Actor, table: Any) -> Where:
    """The rows about the one person an administrator is let in to by break-glass."""
    if actor.let_in_to is None:
        return false()
    if "phb_id" not in table.model_fields:
        return table.person_id == actor.let_in_to
    theirs = table.phb_id.in_(select(col(Phb.id)).where(col(Phb.person_id) == actor.let_in_to))
    if "person_id" not in table.model_fields:
        return theirs
    return or_(table.person_id == actor.let_in_to, and_(table.person_id.is_(None), theirs))
