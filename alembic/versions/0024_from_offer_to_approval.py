"""offers of a budget and their answers, indicative budgets, checks of a plan, agreements about direct payments

A plan that waited for approval has had no finance check, so its case waits for that first.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from phbportal.tables.append_only import protect, unprotect

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _record() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
    ]


def _links() -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    ]


def upgrade() -> None:
    op.create_table(
        "budget_offer",
        *_record(),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("information_given", sa.Boolean(), nullable=False),
        sa.Column("advocacy_offered", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(length=16), nullable=False),
        sa.Column("answered_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.CheckConstraint("how IN ('IN_PERSON', 'TELEPHONE', 'VIDEO', 'LETTER', 'EMAIL')", name="ck_budget_offer_how"),
        sa.CheckConstraint("answer IN ('PENDING', 'ACCEPTED', 'DECLINED', 'MORE_TIME')", name="ck_budget_offer_answer"),
        sa.CheckConstraint("answered_by IN ('PERSON', 'REPRESENTATIVE', '')", name="ck_budget_offer_answered_by"),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= offered_on", name="ck_budget_offer_dates"),
        *_links(),
    )
    op.create_index("ix_budget_offer_phb_id", "budget_offer", ["phb_id"], unique=False)
    op.create_index("ix_budget_offer_waiting", "budget_offer", ["icb_id", "answer", "offered_on"], unique=False)
    op.create_table(
        "indicative_budget",
        *_record(),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=False),
        sa.Column("one_off_pence", sa.BigInteger(), nullable=False),
        sa.Column("tool", sa.String(length=20), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("worked_out_on", sa.Date(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("shown_to", sa.String(length=16), nullable=False),
        sa.Column("shown_name", sa.String(length=200), nullable=False),
        sa.Column("choices_explained", sa.Boolean(), nullable=False),
        sa.Column("spending_explained", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "tool IN ('POINTS', 'NEEDS_AND_RATES', 'PRESENT_COST', 'OTHER')", name="ck_indicative_budget_tool"
        ),
        sa.CheckConstraint("shown_to IN ('PERSON', 'REPRESENTATIVE', '')", name="ck_indicative_budget_shown_to"),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_indicative_budget_weekly_pence_positive"),
        sa.CheckConstraint("one_off_pence >= 0", name="ck_indicative_budget_one_off_pence_positive"),
        sa.CheckConstraint("shown_on IS NULL OR shown_on >= worked_out_on", name="ck_indicative_budget_dates"),
        *_links(),
    )
    op.create_index("ix_indicative_budget_phb_id", "indicative_budget", ["phb_id"], unique=False)
    op.create_table(
        "plan_check",
        *_record(),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=False),
        sa.Column("one_off_pence", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('FINANCE', 'APPROVAL')", name="ck_plan_check_kind"),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_plan_check_weekly_pence_positive"),
        sa.CheckConstraint("one_off_pence >= 0", name="ck_plan_check_one_off_pence_positive"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        *_links(),
    )
    op.create_index("ix_plan_check_phb_id", "plan_check", ["phb_id"], unique=False)
    op.create_index("ix_plan_check_standing", "plan_check", ["plan_id", "kind", "standing"], unique=False)
    op.create_table(
        "payee_agreement",
        *_record(),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("template_version", sa.String(length=20), nullable=False),
        sa.Column("law_as_of", sa.Date(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("status IN ('OPEN', 'IN_FORCE', 'REPLACED')", name="ck_payee_agreement_status"),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        *_links(),
    )
    op.create_index("ix_payee_agreement_phb_id", "payee_agreement", ["phb_id"], unique=False)
    op.create_index("ix_payee_agreement_stream_id", "payee_agreement", ["stream_id"], unique=False)
    op.create_index("ix_payee_agreement_waiting", "payee_agreement", ["icb_id", "status"], unique=False)
    op.create_table(
        "payee_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=True),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("signer_role", sa.String(length=100), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("party IN ('PERSON', 'NOMINEE', 'BOARD')", name="ck_payee_signature_party"),
        sa.CheckConstraint("how IN ('PORTAL', 'PAPER')", name="ck_payee_signature_how"),
        sa.UniqueConstraint("agreement_id", "party", name="uq_payee_signature_party"),
        sa.ForeignKeyConstraint(["agreement_id"], ["payee_agreement.id"]),
        *_links(),
    )
    op.create_index("ix_payee_signature_phb_id", "payee_signature", ["phb_id"], unique=False)
    protect(op.get_bind(), "payee_signature")
    op.execute("UPDATE phb SET status = 'FINANCE_REVIEW' WHERE status = 'PANEL'")
    # What was approved before the portal kept agreements has its agreement on paper.
    op.execute("UPDATE stream SET status = 'READY' WHERE method = 'DIRECT_PAYMENT' AND status = 'AGREED'")


def downgrade() -> None:
    op.execute("UPDATE stream SET status = 'AGREED' WHERE method = 'DIRECT_PAYMENT' AND status = 'READY'")
    op.execute("UPDATE phb SET status = 'PANEL' WHERE status = 'FINANCE_REVIEW'")
    unprotect(op.get_bind(), "payee_signature")
    op.drop_table("payee_signature")
    op.drop_table("payee_agreement")
    op.drop_table("plan_check")
    op.drop_table("indicative_budget")
    op.drop_table("budget_offer")
