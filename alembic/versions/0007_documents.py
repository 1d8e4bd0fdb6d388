"""documents kept with a budget"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "kind IN ('CONSENT', 'ASSESSMENT', 'AGREEMENT', 'INVOICE', 'STATEMENT', 'LETTER', 'OTHER')",
            name="ck_document_kind",
        ),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stored_as"),
    )
    op.create_index("ix_document_icb_id", "document", ["icb_id"], unique=False)
    op.create_index("ix_document_phb_id", "document", ["phb_id"], unique=False)


def downgrade() -> None:
    op.drop_table("document")
