"""a task is found by the row it is about: the night asks it of every assistant, wheelchair and assessment"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_OF_A_PART = sa.text("part_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_task_part", "task", ["part_id", "kind"], unique=False, sqlite_where=_OF_A_PART,
        postgresql_where=_OF_A_PART,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_task_part", table_name="task")
