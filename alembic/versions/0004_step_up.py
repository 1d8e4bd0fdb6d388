"""step-up: drafts of what was typed before it, and the kind of browser of a session"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_handle", sa.String(length=32), nullable=False),
        sa.Column("page", sa.String(length=400), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_draft_session_handle", "draft", ["session_handle"], unique=False)
    op.create_index("ix_draft_expires_at", "draft", ["expires_at"], unique=False)
    # Nullable, so that both databases add it in place: of sessions already there the browser is not known.
    op.execute("ALTER TABLE session ADD COLUMN agent VARCHAR(60)")


def downgrade() -> None:
    op.execute("ALTER TABLE session DROP COLUMN agent")
    op.drop_index("ix_draft_expires_at", table_name="draft")
    op.drop_index("ix_draft_session_handle", table_name="draft")

    op.drop_table("draft")
