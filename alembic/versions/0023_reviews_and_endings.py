"""reviews that are held, stays in hospital, how budgets end, and who has taken a task"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_OPEN = sa.text("taken_back_on IS NULL")
_KINDS = ("FIRST", "ANNUAL", "UNPLANNED", "AGE16", "DEATH", "CHANGE", "PAYEE")
_KINDS_NOW = ("FIRST", "ANNUAL", "UNPLANNED", "AGE16", "AGE18", "DEATH", "CHANGE", "PAYEE")
_USED = ("AS_AGREED", "LESS", "MORE", "OTHERWISE")
_RESULTS = ("CONTINUE", "AMEND_PLAN", "CHANGE_AMOUNT", "CHANGE_PAYEE", "CONDITIONS", "STOP")
_OUTCOMES = ("NOT_STARTED", "WORKING", "MET", "PARTLY", "NOT_MET", "CHANGED")
_REASONS = (
    "DIED", "NO_LONGER_ELIGIBLE", "MOVED_AREA", "MOVED_TO_CARE_HOME", "DECLINED", "CONSENT_WITHDRAWN", "MISUSE",
    "TRANSFERRED_ICB", "ONE_OFF_COMPLETE", "AGED_OUT", "OTHER",
)  # fmt: skip


def _in(column: str, codes: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


def _stamp() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
    ]


def _review(kinds: tuple[str, ...]) -> sa.Table:
    """The table of reviews as it was: SQLite forgets a CHECK when a table is copied without being told of it."""
    return sa.Table(
        "review",
        sa.MetaData(),
        *_stamp(),
        sa.Column("phb_id", sa.Uuid(), sa.ForeignKey("phb.id"), nullable=False),
        sa.Column("icb_id", sa.Uuid(), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint(_in("kind", kinds), name="ck_review_kind"),
    )


def _found() -> list[sa.Column[object]]:
    """What is written down when a review is held, or not needed any more."""
    return [
        sa.Column("not_needed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("attended", sa.String(length=500), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("is_safe", sa.Boolean(), nullable=True),
        sa.Column("is_enough", sa.Boolean(), nullable=True),
        sa.Column("money_used", sa.String(length=12), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("actions", sa.Text(), nullable=True),
    ]


def upgrade() -> None:
    _widen_reviews()
    op.add_column("task", sa.Column("assigned_to", sa.Uuid(), nullable=True))
    op.create_table(
        "review_outcome",
        *_stamp(),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(_in("status", _OUTCOMES), name="ck_review_outcome_status"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"]),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id", "outcome_id", name="uq_review_outcome"),
    )
    op.create_index("ix_review_outcome_review_id", "review_outcome", ["review_id"], unique=False)
    op.create_index("ix_review_outcome_phb_id", "review_outcome", ["phb_id"], unique=False)
    op.create_table(
        "review_answer",
        *_stamp(),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("satisfaction", sa.String(length=12), nullable=False),
        sa.Column("control", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=16), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            _in("satisfaction", ("VERY_GOOD", "GOOD", "MIXED", "BAD")), name="ck_review_answer_satisfaction"
        ),
        sa.CheckConstraint(_in("control", ("YES", "PARTLY", "NO")), name="ck_review_answer_control"),
        sa.CheckConstraint(
            _in("answered_by", ("HOLDER", "REPRESENTATIVE", "STAFF")), name="ck_review_answer_answered_by"
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id", name="uq_review_answer"),
    )
    op.create_index("ix_review_answer_phb_id", "review_answer", ["phb_id"], unique=False)
    op.create_table(
        "hospital_stay",
        *_stamp(),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("reported_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=True),
        sa.Column("taken_off_pence", sa.BigInteger(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(_in("decision", ("NONE", "KEEP_PAYING", "PAY_LESS")), name="ck_hospital_stay_decision"),
        sa.CheckConstraint("discharged_on IS NULL OR discharged_on >= admitted_on", name="ck_hospital_stay_dates"),
        sa.CheckConstraint("taken_off_pence >= 0", name="ck_hospital_stay_taken_off_pence_positive"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_hospital_stay_icb_id", "hospital_stay", ["icb_id"], unique=False)
    op.create_index("ix_hospital_stay_person_id", "hospital_stay", ["person_id"], unique=False)
    op.create_table(
        "payment_deduction",
        *_stamp(),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("last_night", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_deduction_amount_pence_positive"),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["stay_id"], ["hospital_stay.id"]),
        sa.ForeignKeyConstraint(["payment_id"], ["payment_item.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("stream_id", "phb_id", "stay_id", "payment_id"):
        op.create_index(f"ix_payment_deduction_{column}", "payment_deduction", [column], unique=False)
    op.create_table(
        "phb_ending",
        *_stamp(),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("care", sa.String(length=500), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("return_on", sa.Date(), nullable=True),
        sa.Column("return_balance_pence", sa.BigInteger(), nullable=True),
        sa.Column("liabilities_pence", sa.BigInteger(), nullable=True),
        sa.Column("liabilities_note", sa.String(length=500), nullable=True),
        sa.Column("written_off_pence", sa.BigInteger(), nullable=False),
        sa.Column("given_back_pence", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("taken_back_on", sa.Date(), nullable=True),
        sa.CheckConstraint(_in("reason", _REASONS), name="ck_phb_ending_reason"),
        sa.CheckConstraint("liabilities_pence >= 0", name="ck_phb_ending_liabilities_pence_positive"),
        sa.CheckConstraint("written_off_pence >= 0", name="ck_phb_ending_written_off_pence_positive"),
        sa.CheckConstraint("closed_by IS NULL OR closed_by <> begun_by", name="ck_phb_ending_two_people"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_phb_ending_icb_id", "phb_ending", ["icb_id"], unique=False)
    op.create_index("ix_phb_ending_phb_id", "phb_ending", ["phb_id"], unique=False)
    op.create_index(
        "uq_phb_ending_open", "phb_ending", ["phb_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def _widen_reviews() -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("review", copy_from=_review(_KINDS), recreate="always") as table:
            table.drop_constraint("ck_review_kind", type_="check")
            table.create_check_constraint("ck_review_kind", _in("kind", _KINDS_NOW))
            table.create_check_constraint("ck_review_money_used", _in("money_used", _USED))
            table.create_check_constraint("ck_review_result", _in("result", _RESULTS))
            for column in _found():
                table.add_column(column)
        op.create_index("ix_review_phb_id", "review", ["phb_id"], unique=False)
        op.create_index("ix_review_due_on", "review", ["due_on"], unique=False)
    else:
        for column in _found():
            op.add_column("review", column)
        op.drop_constraint("ck_review_kind", "review", type_="check")
        op.create_check_constraint("ck_review_kind", "review", _in("kind", _KINDS_NOW))
        op.create_check_constraint("ck_review_money_used", "review", _in("money_used", _USED))
        op.create_check_constraint("ck_review_result", "review", _in("result", _RESULTS))
    op.create_index("ix_review_open", "review", ["icb_id", "held_on", "due_on"], unique=False)


def downgrade() -> None:
    for table in ("phb_ending", "payment_deduction", "hospital_stay", "review_answer", "review_outcome"):
        op.drop_table(table)
    op.drop_column("task", "assigned_to")
    op.drop_index("ix_review_open", table_name="review")
    op.execute("UPDATE review SET kind = 'UNPLANNED' WHERE kind = 'AGE18'")
    op.execute("DELETE FROM review WHERE not_needed_on IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        now = _review(_KINDS_NOW)
        for column in _found():
            now.append_column(column)
        with op.batch_alter_table("review", copy_from=now, recreate="always") as table:
            table.drop_constraint("ck_review_kind", type_="check")
            table.create_check_constraint("ck_review_kind", _in("kind", _KINDS))
            for column in _found():
                table.drop_column(column.name)
        op.create_index("ix_review_phb_id", "review", ["phb_id"], unique=False)
        op.create_index("ix_review_due_on", "review", ["due_on"], unique=False)
        return
    op.drop_constraint("ck_review_money_used", "review", type_="check")
    op.drop_constraint("ck_review_result", "review", type_="check")
    op.drop_constraint("ck_review_kind", "review", type_="check")
    op.create_check_constraint("ck_review_kind", "review", _in("kind", _KINDS))
    for column in _found():
        op.drop_column("review", column.name)
