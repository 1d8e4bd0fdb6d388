"""the office: role grants, break-glass, invitations withdrawn

Columns are added in place, never by a batch: it would drop the triggers of ``access_event``.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROLES = "'HOLDER', 'REPRESENTATIVE', 'NOMINEE', 'PROVIDER', 'CASE_MANAGER', 'CLINICIAN', 'FINANCE', 'APPROVER', 'AUDITOR', 'ADMIN', 'SYSTEM'"


def upgrade() -> None:
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_version", sa.Integer(), nullable=True),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("sign_off_limit_pence", sa.BigInteger(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.CheckConstraint("kind IN ('INVITATION', 'ROLE', 'CHANGE', 'ENABLE')", name="ck_role_grant_kind"),
        sa.CheckConstraint("status IN ('PROPOSED', 'GRANTED', 'REFUSED', 'WITHDRAWN')", name="ck_role_grant_status"),
        sa.CheckConstraint(f"role IN ({ROLES})", name="ck_role_grant_role"),
        sa.CheckConstraint(
            "status <> 'GRANTED' OR (decided_by IS NOT NULL AND decided_by <> proposed_by"
            " AND (user_id IS NULL OR decided_by <> user_id))",
            name="ck_role_grant_second_person",
        ),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["assignment_id"], ["role_assignment.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_role_grant_board_status", "role_grant", ["icb_id", "status", "id"], unique=False)
    op.create_index("ix_role_grant_user_id", "role_grant", ["user_id"], unique=False)

    op.create_table(
        "break_glass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('ASKED', 'AGREED', 'REFUSED')", name="ck_break_glass_status"),
        sa.CheckConstraint(
            "status <> 'AGREED' OR (decided_by IS NOT NULL AND decided_by <> user_id AND ends_at IS NOT NULL)",
            name="ck_break_glass_second_person",
        ),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_break_glass_user", "break_glass", ["user_id", "id"], unique=False)
    op.create_index("ix_break_glass_board_status", "break_glass", ["icb_id", "status", "id"], unique=False)

    op.add_column("invitation", sa.Column("valid_to", sa.Date(), nullable=True))
    op.add_column("invitation", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation", sa.Column("grant_id", sa.Uuid(), nullable=True))
    op.add_column("access_event", sa.Column("break_glass_id", sa.Uuid(), nullable=True))
    op.create_index("ix_access_event_user", "access_event", ["user_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_access_event_user", table_name="access_event")
    op.drop_column("access_event", "break_glass_id")
    op.drop_column("invitation", "grant_id")
    op.drop_column("invitation", "withdrawn_at")
    op.drop_column("invitation", "valid_to")
    op.drop_index("ix_break_glass_board_status", table_name="break_glass")
    op.drop_index("ix_break_glass_user", table_name="break_glass")
    op.drop_table("break_glass")
    op.drop_index("ix_role_grant_user_id", table_name="role_grant")
    op.drop_index("ix_role_grant_board_status", table_name="role_grant")
    op.drop_table("role_grant")
