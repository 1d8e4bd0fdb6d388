"""what a file made names its file without a link: the same one was looked up once for each of a million rows"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _made(*links: sa.ForeignKeyConstraint) -> sa.Table:
    return sa.Table(
        "import_made",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("of_table", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        *links,
    )


def _as(table: sa.Table) -> None:
    """Write the table anew, as SQLite has to."""
    with op.batch_alter_table("import_made", copy_from=table, recreate="always"):
        pass
    op.create_index("ix_import_made_batch", "import_made", ["batch_id", "of_table"], unique=False)
    op.create_index("ix_import_made_row", "import_made", ["row_id"], unique=False)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _as(_made())
    else:
        op.drop_constraint("import_made_batch_id_fkey", "import_made", type_="foreignkey")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _as(_made(sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"])))
    else:
        op.create_foreign_key("import_made_batch_id_fkey", "import_made", "import_batch", ["batch_id"], ["id"])
