"""who nominated whom, whom an organisation names, and how a task was done

Columns are added in place and may be empty: what was recorded before does not say.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# A nomination counts as a representative's when the person has had exactly one who may nominate.
NOMINATOR = """
    UPDATE person_role SET nominator_id = (
        SELECT r.id FROM person_role r WHERE r.person_id = person_role.person_id AND r.role = 'REPRESENTATIVE'
        AND r.basis <> 'APPOINTED_BY_ICB'
    )
    WHERE nominated_by = 'REPRESENTATIVE' AND 1 = (
        SELECT count(*) FROM person_role r WHERE r.person_id = person_role.person_id AND r.role = 'REPRESENTATIVE'
        AND r.basis <> 'APPOINTED_BY_ICB'
    )
"""


def upgrade() -> None:
    op.add_column("person_role", sa.Column("nominator_id", sa.Uuid(), nullable=True))
    op.add_column("person_role", sa.Column("wanted_for", sa.String(length=300), nullable=True))
    op.add_column("person_role", sa.Column("individual", sa.String(length=200), nullable=True))
    op.add_column("task", sa.Column("part_id", sa.Uuid(), nullable=True))
    op.add_column("task", sa.Column("done_by", sa.Uuid(), nullable=True))
    op.add_column("task", sa.Column("done_note", sa.String(length=500), nullable=True))
    op.execute(NOMINATOR)


def downgrade() -> None:
    for column in ("done_note", "done_by", "part_id"):
        op.drop_column("task", column)
    for column in ("individual", "wanted_for", "nominator_id"):
        op.drop_column("person_role", column)
