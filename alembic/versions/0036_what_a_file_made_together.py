"""what a file made is kept some thousands of rows together, not row by row"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TOGETHER = 4_000
M = sa.table(
    "import_made",
    sa.column("id", sa.Uuid()), sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("created_by", sa.Uuid()), sa.column("batch_id", sa.Uuid()), sa.column("of_table", sa.String()),
    sa.column("version", sa.Integer()), sa.column("before", sa.Text()), sa.column("row_id", sa.Uuid()),
    sa.column("ids", sa.Text()),
)  # fmt: skip
LETTERS = sa.func.replace(sa.cast(M.c.row_id, sa.String()), "-", "")


def upgrade() -> None:
    op.drop_index("ix_import_made_row", "import_made")
    op.add_column("import_made", sa.Column("ids", sa.Text(), nullable=True))
    change = op.get_bind().execute
    change(sa.update(M).where(M.c.before != "").values(ids=LETTERS))
    alike = (M.c.batch_id, M.c.of_table, M.c.version)
    place = sa.func.row_number().over(partition_by=alike, order_by=M.c.id)
    rows = sa.select(*alike, M.c.id, LETTERS.label("letters"), place.label("place")).where(M.c.before == "").subquery()
    of = (rows.c.batch_id, rows.c.of_table, rows.c.version, (rows.c.place - 1) // sa.literal(TOGETHER, sa.Integer()))
    first = sa.cast(sa.func.min(sa.cast(rows.c.id, sa.String())), sa.Uuid())
    ids = sa.func.aggregate_strings(rows.c.letters, ",")
    kept = sa.select(first.label("first"), ids.label("ids")).group_by(*of).subquery()
    change(sa.update(M).where(M.c.id == kept.c.first).values(ids=kept.c.ids))
    change(sa.delete(M).where(M.c.ids.is_(None)))
    with op.batch_alter_table("import_made") as table:
        table.drop_column("row_id")
        table.alter_column("ids", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("import_made") as table:
        table.add_column(sa.Column("row_id", sa.Uuid(), nullable=True))
        table.alter_column("ids", existing_type=sa.Text(), nullable=True)
    change = op.get_bind().execute
    kept = (M.c.created_at, M.c.created_by, M.c.batch_id, M.c.of_table, M.c.version, M.c.before)
    if op.get_bind().dialect.name == "postgresql":
        row_id = sa.cast(sa.func.unnest(sa.func.string_to_array(M.c.ids, ",")), sa.Uuid())
        each = sa.select(sa.func.gen_random_uuid(), *kept, row_id)
    else:
        listed = sa.literal('["').concat(sa.func.replace(M.c.ids, ",", '","')).concat('"]')
        one = sa.func.json_each(listed).table_valued("value", joins_implicitly=True)
        new_id = sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
        each = sa.select(new_id, *kept, one.c.value).select_from(M, one)
    change(
        sa.insert(M).from_select(["id", *(column.name for column in kept), "row_id"], each.where(M.c.ids.contains(",")))
    )
    change(sa.delete(M).where(M.c.ids.contains(",")))
    change(sa.update(M).where(M.c.row_id.is_(None)).values(row_id=sa.cast(M.c.ids, sa.Uuid())))
    with op.batch_alter_table("import_made") as table:
        table.alter_column("row_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_column("ids")
    op.create_index("ix_import_made_row", "import_made", ["row_id"], unique=False)
