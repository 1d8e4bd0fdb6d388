"""boards that succeed others: who has what a board that ended wrote of a person; a change two boards may decide"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passed_on",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_icb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("succeeds_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_icb_id <> icb_id", name="ck_passed_on_two_boards"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["from_icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "from_icb_id", name="uq_passed_on"),
    )
    op.create_index("ix_passed_on_board", "passed_on", ["icb_id", "from_icb_id"], unique=False)
    op.add_column("change_request", sa.Column("other_icb_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("change_request", "other_icb_id")
    op.drop_table("passed_on")
