"""how the months of a stream that is paid by the month were agreed to be worked out; empty is by their days"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stream", sa.Column("monthly_pay", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("stream", "monthly_pay")
