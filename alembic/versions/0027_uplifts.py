"""yearly uplifts; what the days of a payment came to, and what it made good; a price agreed by hand

A letter may tell of something else than a decision. Payments recorded before keep no sum of their own days, so nothing
is made good for them.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def _record() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
    ]


def _letter(*, needs_decision: bool) -> sa.Table:
    """The table of letters as it stands, for a database that changes a column by writing the table anew."""
    statuses = "status IN ('WAITING', 'TO_POST', 'POSTED', 'SENT')"
    return sa.Table(
        "letter",
        sa.MetaData(),
        *_record(),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=not needs_decision),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("law_as_of", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("addressee", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=600), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("post_by", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(statuses, name="ck_letter_status"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["part_id"], ["person_role.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["template_id"], ["document_template.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _letters(*, need_decision: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("letter", "decision_id", existing_type=sa.Uuid(), nullable=not need_decision)
        return
    was = _letter(needs_decision=not need_decision)
    with op.batch_alter_table("letter", copy_from=was, recreate="always") as table:
        table.alter_column("decision_id", existing_type=sa.Uuid(), nullable=not need_decision)
    for column in ("decision_id", "part_id", "person_id", "phb_id"):
        op.create_index(f"ix_letter_{column}", "letter", [column], unique=False)
    op.create_index("ix_letter_board_status", "letter", ["icb_id", "status", "id"], unique=False)
    op.create_index("uq_letter_about_recipient", "letter", ["about_id", "recipient"], unique=True)


def upgrade() -> None:
    _letters(need_decision=False)
    op.add_column("payment_item", sa.Column("regular_pence", sa.BigInteger(), nullable=True))
    op.add_column("payment_item", sa.Column("adjustment_pence", sa.BigInteger(), nullable=True))
    op.add_column("stream", sa.Column("price_agreed", sa.String(length=300), nullable=True))
    op.create_table(
        "uplift",
        *_record(),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("largest_pence", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("return_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'PROPOSED', 'RETURNED', 'WITHDRAWN', 'APPROVED', 'DONE')", name="ck_uplift_status"
        ),
        sa.CheckConstraint("approved_by <> proposed_by", name="ck_uplift_second_person"),
        sa.CheckConstraint("first_by <> proposed_by", name="ck_uplift_first_person"),
        sa.CheckConstraint("first_by <> approved_by", name="ck_uplift_two_approvers"),
        sa.CheckConstraint("(status IN ('APPROVED', 'DONE')) = (approved_by IS NOT NULL)", name="ck_uplift_approved"),
        sa.CheckConstraint("basis_points >= 0", name="ck_uplift_basis_points_positive"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_uplift_board_status", "uplift", ["icb_id", "status"], unique=False)
    op.create_table(
        "uplift_item",
        *_record(),
        sa.Column("uplift_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("before_pence", sa.BigInteger(), nullable=False),
        sa.Column("after_pence", sa.BigInteger(), nullable=False),
        sa.Column("more_yearly_pence", sa.BigInteger(), nullable=False),
        sa.Column("working", sa.Text(), nullable=False),
        sa.Column("lines_json", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('CHOSEN', 'LEFT_OUT', 'EXCEPTION', 'WRITTEN', 'IN_EFFECT', 'OVERTAKEN')",
            name="ck_uplift_item_status",
        ),
        sa.CheckConstraint(
            "why IN ('', 'SUSPENDED', 'ENDS', 'HAND_AGREED', 'ORGANISATION', 'OTHER_CHANGE', 'NO_RATE', 'LESS')",
            name="ck_uplift_item_why",
        ),
        sa.CheckConstraint("(why <> '') = (status = 'EXCEPTION')", name="ck_uplift_item_exception"),
        sa.CheckConstraint("status = 'EXCEPTION' OR after_pence > before_pence", name="ck_uplift_item_more"),
        sa.CheckConstraint("before_pence >= 0", name="ck_uplift_item_before_pence_positive"),
        sa.ForeignKeyConstraint(["uplift_id"], ["uplift.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["version_id"], ["budget_version.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_uplift_item_icb_id", "uplift_item", ["icb_id"], unique=False)
    op.create_index("ix_uplift_item_phb_id", "uplift_item", ["phb_id"], unique=False)
    op.create_index("ix_uplift_item_stream", "uplift_item", ["stream_id", "status"], unique=False)
    op.create_index("ix_uplift_item_due", "uplift_item", ["status", "effective_on"], unique=False)
    op.create_index("uq_uplift_item_stream", "uplift_item", ["uplift_id", "stream_id"], unique=True)


def downgrade() -> None:
    op.drop_table("uplift_item")
    op.drop_table("uplift")
    op.drop_column("stream", "price_agreed")
    op.drop_column("payment_item", "adjustment_pence")
    op.drop_column("payment_item", "regular_pence")
    op.execute("DELETE FROM outbox_item WHERE letter_id IN (SELECT id FROM letter WHERE decision_id IS NULL)")
    op.execute("DELETE FROM letter WHERE decision_id IS NULL")
    _letters(need_decision=True)
