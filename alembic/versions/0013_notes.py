"""notes on records: append-only"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from phbportal.tables.append_only import protect, unprotect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("phb_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_note_icb_id", "note", ["icb_id"], unique=False)
    op.create_index("ix_note_person_id", "note", ["person_id"], unique=False)
    op.create_index("ix_note_about", "note", ["about_id", "id"], unique=False)
    protect(op.get_bind(), "note")


def downgrade() -> None:
    unprotect(op.get_bind(), "note")
    op.drop_table("note")
