"""lists of the engine: users found and sorted by their folded names, organisations of every kind by theirs"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from phbportal.domain.text import search_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    users = sa.table(
        "user_account",
        sa.column("id", sa.Uuid()),
        sa.column("display_name", sa.String()),
        sa.column("search_name", _SORT),
    )
    op.add_column("user_account", sa.Column("search_name", _SORT, nullable=True))
    bind = op.get_bind()
    for user_id, name in bind.execute(sa.select(users.c.id, users.c.display_name)).all():
        bind.execute(users.update().where(users.c.id == user_id).values(search_name=search_key(name)[:200]))
    with op.batch_alter_table("user_account") as table:
        table.alter_column("search_name", existing_type=_SORT, nullable=False)
    op.create_index("ix_user_account_search_name", "user_account", ["search_name"], unique=False)
    op.create_index("ix_organisation_search", "organisation", ["search_name", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_organisation_search", table_name="organisation")
    op.drop_index("ix_user_account_search_name", table_name="user_account")
    with op.batch_alter_table("user_account") as table:
        table.drop_column("search_name")
