"""The permission that reads each table a scope turns into a WHERE; ``scope.py`` asks it first."""

from __future__ import annotations

from sqlmodel import SQLModel

from phbportal.policy.permissions import Permission
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
from phbportal.tables.people import Person
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

READ: dict[type[SQLModel], Permission] = {
    Person: Permission.PERSON_READ,
    Eligibility: Permission.ELIGIBILITY_READ,
    Consent: Permission.CONSENT_READ,
    ExclusionAttestation: Permission.CONSENT_READ,
    NeedsAssessment: Permission.NEEDS_READ,
    AssessedNeed: Permission.NEEDS_READ,
    Phb: Permission.PHB_READ,
    Plan: Permission.PLAN_READ,
    Outcome: Permission.PLAN_PART_READ,
    PlanService: Permission.PLAN_PART_READ,
    BudgetVersion: Permission.BUDGET_READ,
    BudgetLine: Permission.BUDGET_READ,
    FundingShare: Permission.BUDGET_READ,
    Stream: Permission.BUDGET_READ,
    PayeeAccount: Permission.ACCOUNT_READ,
    PaymentItem: Permission.PAYMENT_READ,
    LedgerJournal: Permission.LEDGER_READ,
    Review: Permission.PHB_READ,
    BudgetOffer: Permission.PHB_READ,
    IndicativeBudget: Permission.BUDGET_READ,
    PlanCheck: Permission.PLAN_READ,
    PayeeAgreement: Permission.PAYEE_AGREEMENT_READ,
    PayeeSignature: Permission.PAYEE_AGREEMENT_READ,
    ReviewOutcome: Permission.PHB_READ,
    ReviewAnswer: Permission.PHB_READ,
    ReviewComment: Permission.REVIEW_COMMENT_READ,
    HospitalStay: Permission.STAY_READ,
    PaymentDeduction: Permission.STAY_READ,
    PhbEnding: Permission.ENDING_READ,
    Task: Permission.TASK_READ,
    Document: Permission.DOCUMENT_READ,
    Equipment: Permission.EQUIPMENT_READ,
    Worker: Permission.WORKER_READ,
    Note: Permission.NOTE_READ,
    ExportRequest: Permission.EXPORT_READ,
    ImportBatch: Permission.IMPORT_READ,
    AuditEvent: Permission.HISTORY_READ,
    AccessEvent: Permission.ACCESS_READ,
    Organisation: Permission.PROVIDER_READ,
    PersonRole: Permission.ACTING_READ,
    CapacityAssessment: Permission.CONSENT_READ,
    IsfConfirmation: Permission.ARRANGEMENT_READ,
    IsfAnswer: Permission.ARRANGEMENT_READ,
    Agreement: Permission.ARRANGEMENT_READ,
    Signature: Permission.ARRANGEMENT_READ,
    User: Permission.USER_READ,
    Registration: Permission.REGISTRATION_READ,
    Assignment: Permission.USER_READ,
    Invitation: Permission.USER_READ,
    RoleGrant: Permission.ROLE_GRANT_READ,
    BreakGlass: Permission.BREAK_GLASS_READ,
    ChangeRequest: Permission.CHANGE_READ,
    PolicySetting: Permission.SETTING_READ,
    Rate: Permission.RATE_READ,
    BoardMoney: Permission.FIGURES_READ,
    DocumentTemplate: Permission.TEMPLATE_READ,
    PlanSection: Permission.PLAN_CARE_READ,
    PlanRisk: Permission.PLAN_CARE_READ,
    PlanContingency: Permission.PLAN_CARE_READ,
    PlanOmission: Permission.PLAN_CARE_READ,
    PlanInvitation: Permission.PLANNER_READ,
    PlanComment: Permission.PLAN_COMMENT_READ,
    PurchaseQuestion: Permission.PURCHASE_READ,
    LocalRule: Permission.RULE_READ,
    Decision: Permission.DECISION_READ,
    Reconsideration: Permission.DECISION_READ,
    Letter: Permission.LETTER_READ,
    Wheelchair: Permission.WHEELCHAIR_READ,
    WheelchairContribution: Permission.WHEELCHAIR_READ,
    Uplift: Permission.UPLIFT_READ,
    UpliftItem: Permission.UPLIFT_STREAM_READ,
}
