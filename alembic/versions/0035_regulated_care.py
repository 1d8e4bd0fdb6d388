"""whether a service of a plan must be registered care, who gives it, and why it need not be"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_NAMED = sa.text("organisation_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("plan_service", sa.Column("activity", sa.String(length=20), nullable=True))
    op.add_column("plan_service", sa.Column("given_by", sa.String(length=12), nullable=True))
    op.add_column("plan_service", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    op.add_column("plan_service", sa.Column("exempt", sa.String(length=12), nullable=True))
    op.add_column("plan_service", sa.Column("exempt_because", sa.String(length=500), nullable=True))
    op.add_column("plan_service", sa.Column("exempt_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_plan_service_organisation", "plan_service", ["organisation_id"], unique=False, sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_plan_service_organisation", table_name="plan_service")
    for column in ("exempt_on", "exempt_because", "exempt", "organisation_id", "given_by", "activity"):
        op.drop_column("plan_service", column)
