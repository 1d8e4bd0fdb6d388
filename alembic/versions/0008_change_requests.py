"""changes proposed by one person for another to approve"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLES = "'HOLDER', 'REPRESENTATIVE', 'NOMINEE', 'PROVIDER', 'CASE_MANAGER', 'CLINICIAN', 'FINANCE', 'APPROVER', 'AUDITOR', 'ADMIN', 'SYSTEM'"


def upgrade() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("slot", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("before_json", sa.Text(), nullable=False),
        sa.Column("after_json", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("proposes", sa.String(length=40), nullable=False),
        sa.Column("decides", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_role", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("phb_id", sa.Uuid(), nullable=True),
        sa.Column("seen_version", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'APPROVED', 'RETURNED', 'WITHDRAWN')", name="ck_change_request_status"
        ),
        sa.CheckConstraint(f"proposed_role IN ({ROLES})", name="ck_change_request_proposed_role"),
        sa.CheckConstraint("decided_by <> proposed_by", name="ck_change_request_second_person"),
        sa.CheckConstraint(
            "(status IN ('APPROVED', 'RETURNED') AND decided_by IS NOT NULL AND decided_at IS NOT NULL)"
            " OR (status IN ('PROPOSED', 'WITHDRAWN') AND decided_by IS NULL AND decided_at IS NULL)",
            name="ck_change_request_decided",
        ),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    waiting = sa.text("status = 'PROPOSED' AND slot <> ''")
    op.create_index("ix_change_request_board_status", "change_request", ["icb_id", "status", "id"], unique=False)
    op.create_index("ix_change_request_row", "change_request", ["subject", "row_id"], unique=False)
    op.create_index("ix_change_request_person_id", "change_request", ["person_id"], unique=False)
    op.create_index("ix_change_request_phb_id", "change_request", ["phb_id"], unique=False)
    op.create_index(
        "uq_change_request_slot", "change_request", ["subject", "slot"], unique=True,
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("change_request")
