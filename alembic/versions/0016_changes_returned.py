"""changes by two people: a returned one is settled, and proposed anew"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change_request", sa.Column("again_of", sa.Uuid(), nullable=True))
    op.add_column("change_request", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("change_request", "settled_at")
    op.drop_column("change_request", "again_of")
