"""to which day a stream was paid before it was brought in; empty where that is not known, or nothing was"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stream", sa.Column("paid_to_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("stream", "paid_to_on")
