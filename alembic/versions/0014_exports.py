"""lists taken out of the portal with a second person's agreement"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("file_kind", sa.String(length=4), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_role", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('BEGUN', 'ASKED', 'AGREED', 'READY', 'FAILED', 'REFUSED', 'GONE')",
            name="ck_export_request_status",
        ),
        sa.CheckConstraint("file_kind IN ('CSV', 'XLSX')", name="ck_export_request_file_kind"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="ck_export_request_two_people"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_export_request_icb_id", "export_request", ["icb_id"], unique=False)
    op.create_index("ix_export_request_asked_by", "export_request", ["asked_by"], unique=False)


def downgrade() -> None:
    op.drop_table("export_request")
