"""third-party arrangements: offers, answers, agreements and signatures"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from phbportal.tables.append_only import protect, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("isf_answer", "signature")


def upgrade() -> None:
    op.create_table(
        "isf_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=False),
        sa.Column("one_off_pence", sa.BigInteger(), nullable=False),
        sa.Column("frequency", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("hourly_pence", sa.BigInteger(), nullable=False),
        sa.Column("other_rates", sa.String(length=500), nullable=False),
        sa.Column("fee_kind", sa.String(length=12), nullable=False),
        sa.Column("fee_bp", sa.Integer(), nullable=False),
        sa.Column("fee_weekly_pence", sa.BigInteger(), nullable=False),
        sa.Column("fee_covers", sa.String(length=300), nullable=False),
        sa.Column("timing", sa.String(length=20), nullable=False),
        sa.Column("bank_cap_weeks", sa.Integer(), nullable=False),
        sa.Column("bank_period_weeks", sa.Integer(), nullable=False),
        sa.Column("flexibility", sa.Text(), nullable=False),
        sa.Column("reporting", sa.String(length=12), nullable=False),
        sa.Column("exit_days", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("fee_decided_by", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("fee_bp >= 0 AND fee_bp < 10000", name="ck_isf_confirmation_fee_bp"),
        sa.CheckConstraint("fee_kind IN ('NONE', 'PERCENT', 'FIXED_WEEKLY')", name="ck_isf_confirmation_fee_kind"),
        sa.CheckConstraint("fee_weekly_pence >= 0", name="ck_isf_confirmation_fee_weekly_pence_positive"),
        sa.CheckConstraint(
            "frequency IN ('WEEKLY', 'FOUR_WEEKLY', 'MONTHLY', 'QUARTERLY', 'ONCE')",
            name="ck_isf_confirmation_frequency",
        ),
        sa.CheckConstraint("hourly_pence > 0", name="ck_isf_confirmation_hourly_pence_positive"),
        sa.CheckConstraint("one_off_pence >= 0", name="ck_isf_confirmation_one_off_pence_positive"),
        sa.CheckConstraint("reporting IN ('MONTHLY', 'QUARTERLY')", name="ck_isf_confirmation_reporting"),
        sa.CheckConstraint(
            "status IN ('FEE_WAITS', 'SENT', 'CONFIRMED', 'CONFIRMED_WITH_CHANGES', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'REPLACED')",
            name="ck_isf_confirmation_status",
        ),
        sa.CheckConstraint(
            "timing IN ('FIRST_DAY', 'ONE_WEEK_BEFORE', 'TWO_WEEKS_BEFORE')", name="ck_isf_confirmation_timing"
        ),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_isf_confirmation_weekly_pence_positive"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream_id", "round", name="uq_isf_confirmation_round"),
    )
    op.create_index("ix_isf_confirmation_held", "isf_confirmation", ["organisation_id", "status"], unique=False)
    op.create_index("ix_isf_confirmation_phb_id", "isf_confirmation", ["phb_id"], unique=False)
    op.create_index("ix_isf_confirmation_plan_id", "isf_confirmation", ["plan_id"], unique=False)
    op.create_index("ix_isf_confirmation_waiting", "isf_confirmation", ["status", "expires_on"], unique=False)

    op.create_table(
        "isf_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("confirmation_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("answered_name", sa.String(length=200), nullable=False),
        sa.Column("answered_role", sa.String(length=100), nullable=False),
        sa.CheckConstraint("answer IN ('ACCEPTED', 'QUERIED', 'DECLINED')", name="ck_isf_answer_answer"),
        sa.CheckConstraint("line >= 1 AND line <= 12", name="ck_isf_answer_line"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["confirmation_id"], ["isf_confirmation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_isf_answer_confirmation_id", "isf_answer", ["confirmation_id"], unique=False)
    op.create_index("ix_isf_answer_phb_id", "isf_answer", ["phb_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("confirmation_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("template_version", sa.String(length=20), nullable=False),
        sa.Column("law_as_of", sa.Date(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('ISF')", name="ck_agreement_kind"),
        sa.CheckConstraint("status IN ('OPEN', 'IN_FORCE', 'REPLACED')", name="ck_agreement_status"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["confirmation_id"], ["isf_confirmation.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_agreement_confirmation_id", "agreement", ["confirmation_id"], unique=False)
    op.create_index("ix_agreement_phb_id", "agreement", ["phb_id"], unique=False)
    op.create_index("ix_agreement_stream_id", "agreement", ["stream_id"], unique=False)
    op.create_index("ix_agreement_waiting", "agreement", ["icb_id", "status"], unique=False)

    op.create_table(
        "signature",
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
        sa.CheckConstraint("how IN ('PORTAL', 'PAPER')", name="ck_signature_how"),
        sa.CheckConstraint("party IN ('PERSON', 'ORGANISATION', 'BOARD')", name="ck_signature_party"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agreement_id", "party", name="uq_signature_party"),
    )
    op.create_index("ix_signature_phb_id", "signature", ["phb_id"], unique=False)

    for table in APPEND_ONLY:
        protect(op.get_bind(), table)


def downgrade() -> None:
    for table in APPEND_ONLY:
        unprotect(op.get_bind(), table)

    op.drop_index("ix_signature_phb_id", table_name="signature")
    op.drop_table("signature")
    op.drop_index("ix_agreement_waiting", table_name="agreement")
    op.drop_index("ix_agreement_stream_id", table_name="agreement")
    op.drop_index("ix_agreement_phb_id", table_name="agreement")
    op.drop_index("ix_agreement_confirmation_id", table_name="agreement")
    op.drop_table("agreement")
    op.drop_index("ix_isf_answer_phb_id", table_name="isf_answer")
    op.drop_index("ix_isf_answer_confirmation_id", table_name="isf_answer")
    op.drop_table("isf_answer")
    op.drop_index("ix_isf_confirmation_waiting", table_name="isf_confirmation")
    op.drop_index("ix_isf_confirmation_plan_id", table_name="isf_confirmation")
    op.drop_index("ix_isf_confirmation_phb_id", table_name="isf_confirmation")
    op.drop_index("ix_isf_confirmation_held", table_name="isf_confirmation")
    op.drop_table("isf_confirmation")
