"""What a decision may know of a row: its boards today, whose it is, who made it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from phbportal.domain.acting import Acting, ActingStatus
from phbportal.domain.decisions import OF_MONEY, TOLD, DecisionKind, DecisionStatus
from phbportal.domain.documents import is_shown
from phbportal.domain.payee_agreement import AgreementStatus
from phbportal.domain.planners import PLANNER_ROLES, InvitationStatus, Planner
from phbportal.domain.plans import PlanStatus, Share
from phbportal.domain.reviews import SaidAs
from phbportal.domain.roles import LISTED_ROLES, Role
from phbportal.domain.streams import StreamStatus
from phbportal.policy.actors import Subject
from phbportal.policy.decide import roles_that_could
from phbportal.policy.permissions import Permission
from phbportal.queries.passed_on import board_of
from phbportal.queries.scope import PLAN_PARTS, SHARED_WITH_PROVIDERS, in_sight
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.audit import AuditEvent
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.budgets import BudgetLine, BudgetVersion, PayeeAccount, Stream
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.documents import Document
from phbportal.tables.endings import PhbEnding
from phbportal.tables.exports import ExportRequest
from phbportal.tables.funding import FundingShare
from phbportal.tables.imports import ImportBatch
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.letters import Letter
from phbportal.tables.needs import AssessedNeed, NeedsAssessment
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.plans import Plan
from phbportal.tables.purchases import PurchaseQuestion
from phbportal.tables.registrations import Registration
from phbportal.tables.reviews import ReviewComment
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.settings import PolicySetting, Rate
from phbportal.tables.uplifts import Uplift
from phbportal.tables.users import Assignment, Invitation, User
from phbportal.tables.workers import Worker

# What people do to a plan and its budget while it is being written (kinds of domain/history.py).
WRITING = (
    "plan_started", "plan_written", "outcome_added", "service_added", "stream_added", "line_added", "line_removed",
    "section_written", "risk_written", "contingency_written", "omission_written", "shares_set",
)  # fmt: skip


OpenTo = frozenset[tuple[Role, UUID, UUID | None]]
_SIGN_IN = (Acting.REPRESENTATIVE.value, Acting.NOMINEE.value)
_FOR_NOMINEES = (Share.NOMINEE.value, Share.ALL.value)
_NONE: OpenTo = frozenset()
_IN_FORCE = (PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value)


def boards_of(session: Session, person_id: UUID, today: date) -> frozenset[UUID]:
    """The boards that answer for a person today."""
    r = PersonResponsibility
    return frozenset(
        session.execute(
            select(col(r.icb_id)).where(
                col(r.person_id) == person_id,
                col(r.starts_on) <= today,
                or_(col(r.ends_on).is_(None), col(r.ends_on) >= today),
            )
        ).scalars()
    )


def _people(*ids: UUID | None) -> frozenset[UUID]:
    return frozenset(i for i in ids if i is not None)


def _holder_of(session: Session, phb_id: UUID) -> UUID | None:
    return session.execute(select(col(Phb.person_id)).where(col(Phb.id) == phb_id)).scalar_one_or_none()


def subject_of(session: Session, row: SQLModel, today: date) -> Subject:
    """The Subject of any scoped row."""
    if isinstance(row, Person):
        return Subject(
            icbs=boards_of(session, row.id, today), person_id=row.id, open_to=_representatives(session, row.id)
        )
    if isinstance(row, PLAN_PARTS):
        part: Any = row
        plan = session.get(Plan, part.plan_id)
        assert plan is not None
        whole = subject_of(session, plan, today)
        shared = part.share in SHARED_WITH_PROVIDERS
        entrusted = _entrusted(session, col(IsfConfirmation.plan_id) == plan.id, today) if shared else frozenset[UUID]()
        readers = _readers_of_part(session, plan, part.share)
        return replace(whole, open_to=whole.open_to | readers, organisations=entrusted)
    if isinstance(row, PlanInvitation):
        return _planner_subject(session, row)
    if isinstance(row, BudgetLine | FundingShare):
        budget = session.get(BudgetVersion, row.budget_id)
        assert budget is not None
        return subject_of(session, budget, today)
    if isinstance(row, User | Assignment | Invitation | RoleGrant | BreakGlass | ExportRequest | ImportBatch):
        return _office_subject(session, row)
    if isinstance(row, Registration):
        return _office_subject(session, session.get_one(User, row.user_id))
    if isinstance(row, ChangeRequest):
        return Subject(
            icbs=_people(row.icb_id, row.other_icb_id), everybodys=row.icb_id is None, made_by=_people(row.proposed_by),
            person_id=row.person_id or (_holder_of(session, row.phb_id) if row.phb_id else None),
            for_roles=roles_that_could(Permission(row.proposes), Permission(row.decides)),
        )  # fmt: skip
    if isinstance(row, PolicySetting | Rate):
        board = row.icb_id if isinstance(row, PolicySetting) else None
        return Subject(icbs=_people(board), everybodys=board is None)
    icb_id: UUID | None = getattr(row, "icb_id", None)
    person_id: UUID | None = getattr(row, "person_id", None)
    phb_id: UUID | None = getattr(row, "phb_id", None)
    if person_id is None and phb_id is not None:
        person_id = _holder_of(session, phb_id)
    icb_id = board_of(session, row, icb_id, person_id)
    return Subject(
        icbs=_people(icb_id), person_id=person_id, made_by=_makers(session, row), weekly_pence=_weekly(session, row),
        changed_by=_writers(session, row) if isinstance(row, Plan) else frozenset(),
        for_role=Role(row.role) if isinstance(row, Task) else None, organisations=_organisations(session, row, today),
        open_to=_open_to(session, row, person_id), party=_party(row) if isinstance(row, PersonRole) else None,
        user_id=_asker(row),
        untold=_untold(session, row),
    )  # fmt: skip


def _untold(session: Session, row: SQLModel) -> bool:
    """What the person does not read: a decision that is being prepared, an assessment recorded by mistake, a document
    that may speak of others."""
    if isinstance(row, Document):
        return not is_shown(row.kind, for_them=bool(row.for_them))
    if isinstance(row, AssessedNeed):
        return _untold(session, session.get_one(NeedsAssessment, row.assessment_id))
    if isinstance(row, NeedsAssessment):
        return bool(row.mistake)
    return isinstance(row, Decision) and DecisionStatus(row.status) not in TOLD


def _asker(row: SQLModel) -> UUID | None:
    """Whose own words it holds, where those who act for a person see only their own."""
    if isinstance(row, PurchaseQuestion):
        return row.asked_by
    return row.said_by if isinstance(row, ReviewComment) else None


def _party(part: PersonRole) -> UUID | None:
    return part.user_id or part.organisation_id


def _parts(session: Session, person_id: UUID | None, role: Acting) -> list[PersonRole]:
    """The live parts of one kind in a person's life."""
    return list(
        session.execute(
            select(PersonRole).where(
                col(PersonRole.person_id) == person_id,
                col(PersonRole.role) == role.value,
                col(PersonRole.status) == ActingStatus.ACTIVE.value,
            )
        ).scalars()
    )


def _people_of(parts: Iterable[PersonRole]) -> OpenTo:
    return frozenset(
        (Role(part.role), party, None if part.user_id else part.icb_id)
        for part in parts
        if (party := _party(part)) is not None
    )


def _representatives(session: Session, person_id: UUID | None) -> OpenTo:
    return _people_of(_parts(session, person_id, Acting.REPRESENTATIVE))


def _nominees(session: Session, *streams: ColumnElement[bool]) -> OpenTo:
    """The live nominees whom streams are paid to (I30)."""
    parts = session.execute(
        select(PersonRole)
        .join(Stream, col(Stream.payee_role_id) == col(PersonRole.id))
        .where(
            col(PersonRole.status) == ActingStatus.ACTIVE.value,
            col(PersonRole.role) == Acting.NOMINEE.value,
            *streams,
        )
    ).scalars()
    return _people_of(parts)


def _open_to(session: Session, row: SQLModel, person_id: UUID | None) -> OpenTo:
    """Who acts for the person and may see this: representatives all of it, nominees the money they answer for."""
    found = _representatives(session, person_id)
    match row:
        case Stream():
            return found | _nominees(session, col(Stream.id) == row.id)
        case ReviewComment():
            return found | _nominees(session, col(Stream.id) == row.stream_id)
        case PaymentItem() | LedgerJournal():
            return found | (_nominees(session, col(Stream.id) == row.stream_id) if row.stream_id else _NONE)
        case PayeeAgreement():
            return found | _nominees(session, col(Stream.id) == row.stream_id)
        case PayeeSignature():
            agreed = select(col(PayeeAgreement.stream_id)).where(col(PayeeAgreement.id) == row.agreement_id)
            return found | _nominees(session, col(Stream.id).in_(agreed))
        case PayeeAccount():
            return found | _nominees(session, col(Stream.account_id) == row.id)
        case PurchaseQuestion() | Worker():
            return found | _nominees(session, col(Stream.phb_id) == row.phb_id)
        case PersonRole():
            own = _people_of([row]) if row.role in _SIGN_IN and row.status != ActingStatus.ENDED.value else _NONE
            others = _people_of(_parts(session, person_id, Acting.NOMINEE))
            return found | own | (others if row.status == ActingStatus.ACTIVE.value else _NONE)
        case Decision():
            return found | _paid_by(session, row)
        case Reconsideration():
            return found | _paid_by(session, session.get_one(Decision, row.decision_id))
        case Letter():
            part = session.get(PersonRole, row.part_id) if row.part_id else None
            own = part is not None and part.role == Acting.NOMINEE and part.status == ActingStatus.ACTIVE
            return found | (_people_of([part]) if part and own else _NONE)
        case _:
            return found


def _planner_subject(session: Session, row: PlanInvitation) -> Subject:
    """Who may see an invitation to write a plan: the board, the person’s side, and whoever is asked, while they are."""
    asked = row.status == InvitationStatus.ASKED.value
    open_to = _representatives(session, row.person_id)
    if asked and row.planner == Planner.NOMINEE.value and (part := session.get(PersonRole, row.part_id)):
        open_to |= _people_of([part]) if part.status == ActingStatus.ACTIVE.value else _NONE
    return Subject(
        icbs=_people(row.icb_id), person_id=row.person_id, open_to=open_to,
        organisations=_people(row.organisation_id) if asked else frozenset(),
        for_role=PLANNER_ROLES[Planner(row.planner)], made_by=_people(row.created_by),
    )  # fmt: skip


def _paid_by(session: Session, decision: Decision) -> OpenTo:
    """The nominees whom the money is paid that a decision is about."""
    if DecisionKind(decision.kind) not in OF_MONEY:
        return _NONE
    whole = col(Stream.phb_id) == decision.phb_id
    return _nominees(session, col(Stream.id) == decision.stream_id if decision.stream_id else whole)


def _readers_of_part(session: Session, plan: Plan, share: str) -> OpenTo:
    """Nominees read what is marked for them of a plan that is in force."""
    if share not in _FOR_NOMINEES or plan.status not in _IN_FORCE:
        return frozenset()
    return _nominees(session, col(Stream.phb_id) == plan.phb_id)


def _office_subject(
    session: Session, row: User | Assignment | Invitation | RoleGrant | BreakGlass | ExportRequest | ImportBatch
) -> Subject:
    """Of the office's own rows: which boards may know of them, and which user they are about."""
    if isinstance(row, User):
        listed = [role.value for role in LISTED_ROLES]
        boards = session.execute(
            select(col(Assignment.icb_id)).where(col(Assignment.user_id) == row.id, col(Assignment.role).in_(listed))
        ).scalars()
        return Subject(icbs=_people(*boards), user_id=row.id)
    if isinstance(row, RoleGrant):
        return Subject(icbs=_people(row.icb_id), user_id=row.user_id, made_by=_people(row.proposed_by))
    if isinstance(row, ExportRequest):
        return Subject(icbs=_people(row.icb_id), user_id=row.asked_by, made_by=_people(row.asked_by))
    if isinstance(row, ImportBatch):
        return Subject(icbs=_people(row.icb_id), user_id=row.prepared_by, made_by=_people(row.prepared_by))
    if isinstance(row, BreakGlass):
        return Subject(icbs=_people(row.icb_id), user_id=row.user_id, made_by=_people(row.user_id))
    listed_here = Role(row.role) in LISTED_ROLES
    return Subject(icbs=_people(row.icb_id) if listed_here else frozenset(), user_id=row.user_id)


def _makers(session: Session, row: SQLModel) -> frozenset[UUID]:
    """Who prepared it, and so may not decide it (invariant I12)."""
    if isinstance(row, Plan):
        budgets = session.execute(
            select(col(BudgetVersion.prepared_by)).where(col(BudgetVersion.plan_id) == row.id)
        ).scalars()
        return _people(row.written_by, row.submitted_by, row.signed_by, *budgets)
    if isinstance(row, PayeeAccount):
        return _people(row.proposed_by)
    if isinstance(row, PaymentItem):
        return _people(row.recorded_by)
    if isinstance(row, BudgetVersion):
        return _people(row.prepared_by)
    if isinstance(row, PersonRole):
        return _people(row.proposed_by, row.user_id)
    if isinstance(row, PhbEnding):
        return _people(row.begun_by)
    if isinstance(row, Decision):
        return _people(row.prepared_by)
    if isinstance(row, Reconsideration):
        first = session.get_one(Decision, row.decision_id)
        return _people(first.prepared_by, first.approved_by, row.created_by)
    if isinstance(row, IsfConfirmation):
        return _people(row.sent_by)
    if isinstance(row, PayeeAgreement):
        return _people(row.created_by)
    if isinstance(row, Uplift):
        return _people(row.proposed_by, row.created_by)
    if isinstance(row, Agreement):
        sent_by = select(col(IsfConfirmation.sent_by)).where(col(IsfConfirmation.id) == row.confirmation_id)
        return _people(session.execute(sent_by).scalar_one())
    return frozenset()


def _organisations(session: Session, row: SQLModel, today: date) -> frozenset[UUID]:
    """Which organisations it has been entrusted to: by an offer in their sight."""
    c = IsfConfirmation
    if isinstance(row, IsfConfirmation):
        return _entrusted(session, col(c.id) == row.id, today)
    if isinstance(row, IsfAnswer | Agreement):
        return _entrusted(session, col(c.id) == row.confirmation_id, today)
    if isinstance(row, Signature):
        of_agreement = select(col(Agreement.confirmation_id)).where(col(Agreement.id) == row.agreement_id)
        return _entrusted(session, col(c.id).in_(of_agreement), today)
    if isinstance(row, PayeeAgreement):
        return _keepers(session, row)
    if isinstance(row, PayeeSignature):
        return _keepers(session, session.get_one(PayeeAgreement, row.agreement_id))
    if isinstance(row, ReviewComment) and row.said_as == SaidAs.PROVIDER:
        return _entrusted(session, col(c.stream_id) == row.stream_id, today)
    if isinstance(row, Stream):
        return _entrusted(session, col(c.stream_id) == row.id, today)
    if isinstance(row, PaymentItem):
        return _entrusted(session, col(c.stream_id) == row.stream_id, today)
    return frozenset()


def _keepers(session: Session, agreement: PayeeAgreement) -> frozenset[UUID]:
    """The organisation that keeps a managed account, while its agreement stands and the money is paid into it."""
    if agreement.organisation_id is None or agreement.status == AgreementStatus.REPLACED:
        return frozenset()
    stream = session.get_one(Stream, agreement.stream_id)
    account = session.get(PayeeAccount, stream.account_id) if stream.account_id else None
    keeps = account is not None and account.organisation_id == agreement.organisation_id
    return _people(agreement.organisation_id) if keeps and stream.status != StreamStatus.CLOSED else frozenset()


def _entrusted(session: Session, which: ColumnElement[bool], today: date) -> frozenset[UUID]:
    offers = select(col(IsfConfirmation.organisation_id)).where(which, in_sight(today))
    return frozenset(session.execute(offers).scalars())


def _writers(session: Session, plan: Plan) -> frozenset[UUID]:
    """Everybody who wrote any part of this version: the plan keeps only who began it, the audit keeps them all."""
    found = session.execute(
        select(col(AuditEvent.created_by)).where(
            col(AuditEvent.phb_id) == plan.phb_id,
            col(AuditEvent.kind).in_(WRITING),
            col(AuditEvent.created_at) >= plan.created_at,
        )
    ).scalars()
    return _people(*found)


def _weekly(session: Session, row: SQLModel) -> int:
    if isinstance(row, Plan):
        found = session.execute(
            select(col(BudgetVersion.weekly_pence)).where(col(BudgetVersion.plan_id) == row.id)
        ).scalars()
        return max(found, default=0)
    if isinstance(row, Uplift):
        return row.largest_pence
    return getattr(row, "weekly_pence", 0)
