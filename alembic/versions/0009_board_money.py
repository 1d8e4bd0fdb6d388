"""what a board's money comes to, added up from every posting there is"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
import uuid_utils.compat

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PLACES = "'BOARD', 'OUTSIDE', 'AVAILABLE', 'RESERVED', 'HELD', 'SPENT'"


def upgrade() -> None:
    op.create_table(
        "board_money",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("from_place", sa.String(length=10), nullable=False),
        sa.Column("to_place", sa.String(length=10), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("cohort", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"from_place IN ({PLACES})", name="ck_board_money_from_place"),
        sa.CheckConstraint(f"to_place IN ({PLACES})", name="ck_board_money_to_place"),
        sa.CheckConstraint("amount_pence > 0", name="ck_board_money_amount_pence_positive"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("icb_id", "from_place", "to_place", "month", "cohort", "method", name="uq_board_money_row"),
    )
    fill(op.get_bind())
    op.create_index("ix_phb_board_cohort", "phb", ["icb_id", "cohort", "status"], unique=False)
    op.create_index("ix_plan_board_signed", "plan", ["icb_id", "signed_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_plan_board_signed", table_name="plan")
    op.drop_index("ix_phb_board_cohort", table_name="phb")
    op.drop_table("board_money")


def fill(connection: sa.Connection) -> None:
    """Add up every posting there is: few rows, worked out by the database and written one by one."""
    uuid = sa.Uuid()
    found = connection.execute(sa.text(_ADDED_UP).columns(icb_id=uuid, month=sa.String, amount_pence=sa.BigInteger))
    rows = [{"id": uuid_utils.compat.uuid7(), "created_at": datetime.now(UTC), **row} for row in found.mappings().all()]
    into = sa.text(
        "INSERT INTO board_money (id, created_at, icb_id, from_place, to_place, month, cohort, method, amount_pence) "
        "VALUES (:id, :created_at, :icb_id, :from_place, :to_place, :month, :cohort, :method, :amount_pence)"
    ).bindparams(
        sa.bindparam("id", type_=uuid), sa.bindparam("icb_id", type_=uuid), sa.bindparam("month", type_=sa.Date()),
        sa.bindparam("created_at", type_=sa.DateTime(timezone=True)),
    )  # fmt: skip
    for row in rows:
        month = datetime.strptime(row["month"], "%Y-%m").replace(tzinfo=UTC).date()
        connection.execute(into, {**row, "month": month})


def _place(path: str) -> str:
    return (
        f"CASE WHEN {path} LIKE 'outside:icb:%' THEN 'BOARD' WHEN {path} LIKE 'outside:%' THEN 'OUTSIDE' "
        f"WHEN {path} LIKE 'phb:%:available' THEN 'AVAILABLE' WHEN {path} LIKE 'phb:%:reserved' THEN 'RESERVED' "
        f"WHEN {path} LIKE 'stream:%:held' THEN 'HELD' ELSE 'SPENT' END"
    ).replace(":", r"\:")  # none of these is a parameter


# Both databases write a date as YYYY-MM-DD when it becomes text.
_ADDED_UP = f"""
    SELECT j.icb_id, {_place("f.path")} AS from_place, {_place("t.path")} AS to_place,
        substr(CAST(j.effective_on AS VARCHAR(10)), 1, 7) AS month, b.cohort, coalesce(s.method, '') AS method,
        CAST(sum(p.amount_pence) AS BIGINT) AS amount_pence
    FROM ledger_posting p
    JOIN ledger_journal j ON j.id = p.journal_id
    JOIN phb b ON b.id = j.phb_id
    LEFT JOIN stream s ON s.id = j.stream_id
    JOIN ledger_account f ON f.id = p.from_id
    JOIN ledger_account t ON t.id = p.to_id
    GROUP BY 1, 2, 3, 4, 5, 6"""  # noqa: S608 - of our own words alone
