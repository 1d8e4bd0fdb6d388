"""how often a job was begun and its worker lost, and what stopped the writing of an uplift; empty for never and nothing"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("attempts", sa.Integer(), nullable=True))
    op.add_column("uplift", sa.Column("problem", sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column("uplift", "problem")
    op.drop_column("job", "attempts")
