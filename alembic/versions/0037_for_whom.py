"""which letters were kept for the person to read, and for which organisation an exemption was agreed"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("for_them", sa.Boolean(), nullable=True))
    op.add_column("plan_service", sa.Column("exempt_for", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_service", "exempt_for")
    op.drop_column("document", "for_them")
