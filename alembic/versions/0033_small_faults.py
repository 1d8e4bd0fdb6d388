"""what a reduction could not give back of the year's money"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0033"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("kept_pence", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("decision", "kept_pence")
