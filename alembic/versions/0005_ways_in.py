"""ways in: what a sign-in asked for, the boards of a session, logout tokens that were used"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("auth_flow", sa.Column("asked", sa.String(length=400), nullable=True))
    op.add_column("session", sa.Column("board_codes", sa.String(length=400), nullable=True))
    op.create_table(
        "logout_jti",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("jti_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "jti_hash", name="uq_logout_jti_issuer_jti_hash"),
    )
    op.create_index("ix_logout_jti_expires_at", "logout_jti", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_logout_jti_expires_at", table_name="logout_jti")
    op.drop_table("logout_jti")
    op.drop_column("session", "board_codes")
    op.drop_column("auth_flow", "asked")
