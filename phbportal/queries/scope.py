"""Which rows may I see: the one place that turns an actor into a WHERE (invariant I29).

The other half of the same law is ``policy/grants.py``; a house test proves that for every role and row,
visible here ⇔ permitted there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from phbportal.domain.acting import ActingStatus
from phbportal.domain.isf import IN_SIGHT, IsfStatus
from phbportal.domain.planners import InvitationStatus
from phbportal.domain.plans import PlanStatus, Share
from phbportal.domain.reviews import SaidAs
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.queries import decided, of_office, parties
from phbportal.queries.kept import itself
from phbportal.queries.parties import acted_for, asked_before_buying, asked_to_plan, is_party, kept_by, paid_to
from phbportal.queries.passed_on import is_of_board
from phbportal.queries.read_permissions import READ as READ
from phbportal.tables.acting import CapacityAssessment, PersonRole
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.budgets import BudgetLine, BudgetVersion, PayeeAccount, Stream
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.documents import Document
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.endings import HospitalStay, PaymentDeduction, PhbEnding
from phbportal.tables.equipment import Equipment
from phbportal.tables.exports import ExportRequest
from phbportal.tables.funding import FundingShare
from phbportal.tables.imports import ImportBatch
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.letters import Letter
from phbportal.tables.local_rules import LocalRule
from phbportal.tables.needs import AssessedNeed, NeedsAssessment
from phbportal.tables.notes import Note
from phbportal.tables.organisations import Organisation
from phbportal.tables.path import BudgetOffer, IndicativeBudget, PlanCheck
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plan_parts import PlanContingency, PlanOmission, PlanRisk, PlanSection
from phbportal.tables.plan_sharing import PlanComment, PlanInvitation
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.purchases import PurchaseQuestion
from phbportal.tables.registrations import Registration
from phbportal.tables.reviews import ReviewAnswer, ReviewComment, ReviewOutcome
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.settings import PolicySetting, Rate
from phbportal.tables.uplifts import Uplift, UpliftItem
from phbportal.tables.users import Assignment, Invitation, User
from phbportal.tables.wheelchairs import Wheelchair, WheelchairContribution
from phbportal.tables.workers import Worker

Where = ColumnElement[bool]

ASKS_WHO: frozenset[type[SQLModel]] = frozenset({BreakGlass, ExportRequest, ImportBatch})
"""Where it matters which member of staff is asking, not only in which role of which board."""

SHARED_WITH_PROVIDERS = (Share.PROVIDER, Share.ALL)
PLAN_PARTS: tuple[type[SQLModel], ...] = (Outcome, PlanService, PlanSection, PlanRisk, PlanContingency, PlanOmission)
"""What of a plan others may read by its share mark."""


def responsible_today(icb_id: Any, today: date) -> Where:
    """The board answers for this person today (dated responsibility rows)."""
    r, on = PersonResponsibility, itself(today)
    return exists(
        select(1).where(
            col(r.person_id) == col(Person.id),
            col(r.icb_id) == (itself(icb_id) if isinstance(icb_id, UUID) else icb_id),
            col(r.starts_on) <= on,
            or_(col(r.ends_on).is_(None), col(r.ends_on) >= on),
        )
    )


def visible(actor: Actor, table: type[SQLModel], today: date) -> Where:
    """The rows of ``table`` this actor may see today, as a condition on that table."""
    if not could_ever(actor, READ[table]):
        return false()
    if actor.role is Role.PROVIDER:
        return _of_organisation(actor, table, today)
    return _BY_TABLE[table](actor, today)


def in_sight(today: date) -> Where:
    """The offers an organisation sees: those it has been sent and has not declined or let run out (I31).

    One that ran out is out of sight the next day, whether or not the night's work has ended it yet.
    """
    c = IsfConfirmation
    ran_out = (col(c.status) == IsfStatus.SENT.value) & (col(c.expires_on) < today)
    return col(c.status).in_([status.value for status in IN_SIGHT]) & or_(col(c.expires_on).is_(None), ~ran_out)


def _of_organisation(actor: Actor, table: type[SQLModel], today: date) -> Where:
    """What a provider may see: its own streams and what belongs to them; of a plan the parts marked for it."""
    if actor.organisation_id is None:
        return false()
    c = IsfConfirmation
    mine = (col(c.organisation_id) == actor.organisation_id) & in_sight(today)
    if table is IsfConfirmation:
        return mine
    if table is IsfAnswer or table is Agreement:
        owner: Any = table
        return owner.confirmation_id.in_(select(col(c.id)).where(mine))
    if table is Signature:
        own = select(col(Agreement.id)).where(col(Agreement.confirmation_id).in_(select(col(c.id)).where(mine)))
        return col(Signature.agreement_id).in_(own)
    if table is Stream:
        return col(Stream.id).in_(select(col(c.stream_id)).where(mine))
    if table is PaymentItem:
        return col(PaymentItem.stream_id).in_(select(col(c.stream_id)).where(mine))
    if table is ReviewComment:
        theirs = col(ReviewComment.said_as) == SaidAs.PROVIDER.value
        return theirs & col(ReviewComment.stream_id).in_(select(col(c.stream_id)).where(mine))
    if table is PlanInvitation:
        asked = col(PlanInvitation.status) == InvitationStatus.ASKED.value
        return (col(PlanInvitation.organisation_id) == actor.organisation_id) & asked
    if table in (PayeeAgreement, PayeeSignature):
        return kept_by(actor, table)
    if table in PLAN_PARTS:
        part: Any = table
        return part.plan_id.in_(select(col(c.plan_id)).where(mine)) & part.share.in_(
            [share.value for share in SHARED_WITH_PROVIDERS]
        )
    return false()


def _person(actor: Actor, today: date) -> Where:
    if actor.role is Role.HOLDER:
        return col(Person.id) == actor.person_id if actor.person_id else false()
    if actor.role is Role.REPRESENTATIVE:
        return col(Person.id).in_(acted_for(actor))
    of_board = responsible_today(actor.icb_id, today) if actor.icb_id else false()
    return of_board & (col(Person.id) == actor.let_in_to) if actor.role is Role.ADMIN else of_board


def _board(table: Any) -> Callable[[Actor, date], Where]:
    """What a board owns and a holder is the person of."""

    def where(actor: Actor, today: date) -> Where:
        if actor.role is Role.HOLDER:
            if actor.person_id is None:
                return false()
            if "person_id" in table.model_fields:
                return table.person_id == actor.person_id
            own = (col(Phb.id) == table.phb_id) & (col(Phb.person_id) == actor.person_id)
            return select(1).where(own).correlate(table).exists()
        if actor.role is Role.REPRESENTATIVE:
            if "person_id" in table.model_fields:
                return table.person_id.in_(acted_for(actor))
            return table.phb_id.in_(select(col(Phb.id)).where(col(Phb.person_id).in_(acted_for(actor))))
        if actor.role is Role.NOMINEE:
            return _of_nominee(actor, table)
        # Without a board, "= NULL" would be written IS NULL and show what belongs to no board.
        of_board = is_of_board(table, actor.icb_id) if actor.icb_id else false()
        return of_board & parties.of_whom_let_in_to(actor, table) if actor.role is Role.ADMIN else of_board

    return where


def _of_nominee(actor: Actor, table: Any) -> Where:
    """What hangs on a stream the nominee answers for; nothing else of a budget."""
    if table is Stream:
        return paid_to(actor)
    theirs = select(col(Stream.id)).where(paid_to(actor))
    if table is PaymentItem:
        return col(PaymentItem.stream_id).in_(theirs)
    if table is LedgerJournal:
        return col(LedgerJournal.stream_id).in_(theirs)
    if table is PayeeAgreement:
        return col(PayeeAgreement.stream_id).in_(theirs)
    if table is PayeeSignature:
        own = select(col(PayeeAgreement.id)).where(col(PayeeAgreement.stream_id).in_(theirs))
        return col(PayeeSignature.agreement_id).in_(own)
    if table is PayeeAccount:
        accounts = select(col(Stream.account_id)).where(paid_to(actor), col(Stream.account_id).is_not(None))
        return col(PayeeAccount.id).in_(accounts)
    if table is Worker:
        return col(Worker.phb_id).in_(select(col(Stream.phb_id)).where(paid_to(actor)))
    return false()


def _part_in_life(actor: Actor, today: date) -> Where:
    """A nominee or representative sees their own part until it ends, and who else acts for the person while they do."""
    if actor.role not in (Role.REPRESENTATIVE, Role.NOMINEE):
        return _board(PersonRole)(actor, today)
    own = is_party(actor) & (col(PersonRole.status) != ActingStatus.ENDED.value)
    live = aliased(PersonRole)
    parts = select(col(live.person_id)).where(is_party(actor, live), col(live.status) == ActingStatus.ACTIVE.value)
    others = col(PersonRole.person_id).in_(parts)
    if actor.role is Role.NOMINEE:
        others = others & (col(PersonRole.status) == ActingStatus.ACTIVE.value)
    return own | others


def _board_and_nominee(table: Any, theirs: Callable[[Actor], Where]) -> Callable[[Actor, date], Where]:
    """What a board owns and a holder is the person of; of it to a nominee what ``theirs`` says."""

    def where(actor: Actor, today: date) -> Where:
        return theirs(actor) if actor.role is Role.NOMINEE else _board(table)(actor, today)

    return where


def _task(actor: Actor, today: date) -> Where:
    if actor.role is not Role.ADMIN:
        return _board(Task)(actor, today)
    theirs = or_(col(Task.role) == Role.ADMIN.value, parties.of_whom_let_in_to(actor, Task))
    return (col(Task.icb_id) == actor.icb_id) & theirs if actor.icb_id else false()


def _part_of_plan(table: Any) -> Callable[[Actor, date], Where]:
    def where(actor: Actor, today: date) -> Where:
        if actor.role is Role.NOMINEE:
            in_force = select(col(Plan.id)).where(
                col(Plan.status).in_([PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value]),
                col(Plan.phb_id).in_(select(col(Stream.phb_id)).where(paid_to(actor))),
            )
            return table.share.in_([Share.NOMINEE.value, Share.ALL.value]) & table.plan_id.in_(in_force)
        # EXISTS, not IN: SQLite would read every plan of the board first.
        plan = col(Plan.id) == table.plan_id
        return select(1).where(plan, visible(actor, Plan, today)).correlate(table).exists()

    return where


def _part_of_budget(table: Any) -> Callable[[Actor, date], Where]:
    def where(actor: Actor, today: date) -> Where:
        budget = col(BudgetVersion.id) == table.budget_id
        return select(1).where(budget, visible(actor, BudgetVersion, today)).correlate(table).exists()

    return where


_BY_TABLE: dict[type[SQLModel], Callable[[Actor, date], Where]] = {
    Person: _person,
    Eligibility: _board(Eligibility),
    Consent: _board(Consent),
    ExclusionAttestation: _board(ExclusionAttestation),
    NeedsAssessment: decided.assessments(_board(NeedsAssessment)),
    AssessedNeed: decided.found_needs(_board(AssessedNeed)),
    Phb: _board(Phb),
    Plan: _board(Plan),
    BudgetVersion: _board(BudgetVersion),
    BudgetLine: _part_of_budget(BudgetLine),
    FundingShare: _part_of_budget(FundingShare),
    Stream: _board(Stream),
    PayeeAccount: _board(PayeeAccount),
    PaymentItem: _board(PaymentItem),
    LedgerJournal: _board(LedgerJournal),
    Review: _board(Review),
    BudgetOffer: _board(BudgetOffer),
    IndicativeBudget: _board(IndicativeBudget),
    PlanCheck: _board(PlanCheck),
    PayeeAgreement: _board(PayeeAgreement),
    PayeeSignature: _board(PayeeSignature),
    ReviewOutcome: _board(ReviewOutcome),
    ReviewAnswer: _board(ReviewAnswer),
    ReviewComment: _board_and_nominee(ReviewComment, parties.said_before_review),
    HospitalStay: _board(HospitalStay),
    PaymentDeduction: _board(PaymentDeduction),
    PhbEnding: _board(PhbEnding),
    Task: _task,
    Document: decided.documents(_board(Document)),
    Equipment: _board(Equipment),
    Worker: _board(Worker),
    Wheelchair: _board(Wheelchair),
    WheelchairContribution: _board(WheelchairContribution),
    Note: _board(Note),
    ExportRequest: of_office.asked_for(ExportRequest, col(ExportRequest.asked_by)),
    ImportBatch: of_office.asked_for(ImportBatch, col(ImportBatch.prepared_by)),
    AuditEvent: _board(AuditEvent),
    AccessEvent: _board(AccessEvent),
    Organisation: of_office.everybody,
    PersonRole: _part_in_life,
    CapacityAssessment: _board(CapacityAssessment),
    IsfConfirmation: _board(IsfConfirmation),
    IsfAnswer: _board(IsfAnswer),
    Agreement: _board(Agreement),
    Signature: _board(Signature),
    User: of_office.users,
    # A registration goes with its user.
    Registration: lambda actor, today: exists(
        select(1).where(col(User.id) == col(Registration.user_id), of_office.users(actor, today))
    ),
    Assignment: of_office.office(Assignment),
    Invitation: of_office.office(Invitation),
    RoleGrant: of_office.own_board(RoleGrant),
    BreakGlass: of_office.break_glass,
    ChangeRequest: of_office.change_requests,
    PolicySetting: of_office.board_or_everybodys(PolicySetting),
    Rate: of_office.everybody,
    BoardMoney: of_office.own_board(BoardMoney),
    DocumentTemplate: of_office.own_board(DocumentTemplate),
    **{part: _part_of_plan(part) for part in PLAN_PARTS},
    PlanInvitation: _board_and_nominee(PlanInvitation, asked_to_plan),
    PlanComment: _board(PlanComment),
    PurchaseQuestion: _board_and_nominee(PurchaseQuestion, asked_before_buying),
    LocalRule: of_office.own_board(LocalRule),
    Decision: decided.decisions(_board(Decision)),
    Reconsideration: decided.reconsiderations(_board(Reconsideration)),
    Letter: decided.letters(_board(Letter)),
    Uplift: of_office.own_board(Uplift),
    UpliftItem: _board(UpliftItem),
}
