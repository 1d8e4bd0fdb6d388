"""what a reduction could not give back of the year's money; how those who act for a person get letters"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("kept_pence", sa.BigInteger(), nullable=True))
    op.add_column("person_role", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("person_role", sa.Column("letters_by", sa.String(length=12), nullable=True))


def downgrade() -> None:
    for column in ("letters_by", "email"):
        op.drop_column("person_role", column)
    op.drop_column("decision", "kept_pence")
