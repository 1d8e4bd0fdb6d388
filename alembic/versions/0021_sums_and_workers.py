"""workers, who pays which part, and how each budget line was worked out

Columns are added in place and may be empty: of the lines written before, only the amounts are known.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

_SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
_RELATIONS = (
    "'PARTNER', 'PARENT', 'CHILD', 'STEP_PARENT', 'STEP_CHILD', 'PARENT_IN_LAW', 'CHILD_IN_LAW', 'SIBLING', "
    "'AUNT_OR_UNCLE', 'GRANDPARENT', 'GRANDCHILD', 'PARTNER_OF_FAMILY', 'OTHER_FAMILY', 'FRIEND', 'NEIGHBOUR', "
    "'PROFESSIONAL', 'ORGANISATION', 'OTHER'"
)


def upgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_name", _SORT, nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("same_household", sa.Boolean(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("hours_hundredths", sa.Integer(), nullable=True),
        sa.Column("price_pence", sa.BigInteger(), nullable=True),
        sa.Column("opts_in_pension", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("dbs_on", sa.Date(), nullable=True),
        sa.Column("right_to_work_on", sa.Date(), nullable=True),
        sa.Column("training", sa.String(length=500), nullable=False),
        sa.Column("competencies", sa.String(length=500), nullable=False),
        sa.Column("competent_until", sa.Date(), nullable=True),
        sa.Column("insured_until", sa.Date(), nullable=True),
        sa.Column("exception_reason", sa.Text(), nullable=False),
        sa.Column("excepted_on", sa.Date(), nullable=True),
        sa.Column("exception_review_on", sa.Date(), nullable=True),
        sa.CheckConstraint(f"relation IN ({_RELATIONS})", name="ck_worker_relation"),
        sa.CheckConstraint("hours_hundredths IS NULL OR hours_hundredths BETWEEN 0 AND 16800", name="ck_worker_hours"),
        sa.CheckConstraint("price_pence IS NULL OR price_pence > 0", name="ck_worker_price"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ck_worker_dates"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("icb_id", "phb_id", "search_name"):
        op.create_index(f"ix_worker_{column}", "worker", [column], unique=False)
    op.create_table(
        "funding_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("funder", sa.String(length=12), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("funder IN ('HEALTH', 'SOCIAL_CARE', 'EDUCATION')", name="ck_funding_share_funder"),
        sa.CheckConstraint("(weight IS NULL) <> (weekly_pence IS NULL)", name="ck_funding_share_one_way"),
        sa.CheckConstraint("weight IS NULL OR weight >= 0", name="ck_funding_share_weight"),
        sa.CheckConstraint("weekly_pence IS NULL OR weekly_pence >= 0", name="ck_funding_share_weekly_pence"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget_version.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("budget_id", "funder", name="uq_funding_share"),
    )
    op.add_column("budget_line", sa.Column("worker_id", sa.Uuid(), nullable=True))
    op.add_column("budget_line", sa.Column("answers", sa.Text(), nullable=True))
    op.add_column("budget_line", sa.Column("annual_pence", sa.BigInteger(), nullable=True))
    op.add_column("budget_line", sa.Column("working", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("working", "annual_pence", "answers", "worker_id"):
        op.drop_column("budget_line", column)
    op.drop_table("funding_share")
    op.drop_table("worker")
