"""what a plan holds, who writes it and what the person says of it; what the money cannot buy, and asking before"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
_ASKED = sa.text("status = 'ASKED'")


def upgrade() -> None:
    op.add_column("plan", sa.Column("person_signed_on", sa.Date(), nullable=True))
    op.add_column("plan", sa.Column("person_signed_as", sa.String(length=20), nullable=True))
    op.add_column("plan", sa.Column("person_signed_name", sa.String(length=200), nullable=True))
    op.add_column("plan_service", sa.Column("excused", sa.String(length=60), nullable=True))
    op.add_column("plan_service", sa.Column("excused_because", sa.String(length=500), nullable=True))
    op.create_table(
        "plan_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "section IN ('NEEDS', 'HEALTH', 'COMMUNICATION', 'CAPACITY', 'MONEY', 'CO_ORDINATOR', 'MONITORING', 'STAFF', 'EDUCATION', 'REVIEW', 'NOTICE')",
            name="ck_plan_section_section",
        ),
        sa.CheckConstraint("share IN ('NOBODY', 'NOMINEE', 'PROVIDER', 'ALL')", name="ck_plan_section_share"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("plan_id", "section", name="uq_plan_section"),
    )
    op.create_index("ix_plan_section_phb_id", "plan_section", ["phb_id"], unique=False)
    op.create_table(
        "plan_risk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("risk", sa.String(length=500), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("mitigation", sa.String(length=1000), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("accepted_by", sa.String(length=200), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.CheckConstraint("impact BETWEEN 1 AND 5", name="ck_plan_risk_impact"),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name="ck_plan_risk_likelihood"),
        sa.CheckConstraint("share IN ('NOBODY', 'NOMINEE', 'PROVIDER', 'ALL')", name="ck_plan_risk_share"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_risk_phb_id", "plan_risk", ["phb_id"], unique=False)
    op.create_index("ix_plan_risk_plan_id", "plan_risk", ["plan_id"], unique=False)
    op.create_table(
        "plan_contingency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("happens", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=1000), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.CheckConstraint("share IN ('NOBODY', 'NOMINEE', 'PROVIDER', 'ALL')", name="ck_plan_contingency_share"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_contingency_phb_id", "plan_contingency", ["phb_id"], unique=False)
    op.create_index("ix_plan_contingency_plan_id", "plan_contingency", ["plan_id"], unique=False)
    op.create_table(
        "plan_omission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asked_for", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.CheckConstraint("share IN ('NOBODY', 'NOMINEE', 'PROVIDER', 'ALL')", name="ck_plan_omission_share"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_omission_phb_id", "plan_omission", ["phb_id"], unique=False)
    op.create_index("ix_plan_omission_plan_id", "plan_omission", ["plan_id"], unique=False)
    op.create_table(
        "plan_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("planner", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "planner IN ('PERSON', 'REPRESENTATIVE', 'NOMINEE', 'ORGANISATION')", name="ck_plan_invitation_planner"
        ),
        sa.CheckConstraint(
            "status IN ('ASKED', 'HANDED_IN', 'WITHDRAWN', 'DECLINED')", name="ck_plan_invitation_status"
        ),
        sa.CheckConstraint(
            "(organisation_id IS NOT NULL) = (planner = 'ORGANISATION')", name="ck_plan_invitation_whose"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_invitation_organisation", "plan_invitation", ["organisation_id", "status"], unique=False)
    op.create_index("ix_plan_invitation_person_id", "plan_invitation", ["person_id"], unique=False)
    op.create_index("ix_plan_invitation_phb_id", "plan_invitation", ["phb_id"], unique=False)
    op.create_index("ix_plan_invitation_plan_id", "plan_invitation", ["plan_id"], unique=False)
    op.create_index(
        "uq_plan_invitation_open",
        "plan_invitation",
        ["plan_id"],
        unique=True,
        sqlite_where=_ASKED,
        postgresql_where=_ASKED,
    )
    op.create_table(
        "plan_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("said_as", sa.String(length=20), nullable=False),
        sa.Column("said_name", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "place IN ('WHOLE', 'ABOUT_ME', 'WHAT_MATTERS', 'OUTCOMES', 'SERVICES', 'RISKS', 'CONTINGENCY', 'OMISSIONS', 'NEEDS', 'HEALTH', 'COMMUNICATION', 'CAPACITY', 'MONEY', 'CO_ORDINATOR', 'MONITORING', 'STAFF', 'EDUCATION', 'REVIEW', 'NOTICE')",
            name="ck_plan_comment_place",
        ),
        sa.CheckConstraint("said_as IN ('HOLDER', 'REPRESENTATIVE')", name="ck_plan_comment_said_as"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_comment_person_id", "plan_comment", ["person_id"], unique=False)
    op.create_index("ix_plan_comment_phb_id", "plan_comment", ["phb_id"], unique=False)
    op.create_index("ix_plan_comment_plan_id", "plan_comment", ["plan_id"], unique=False)
    op.create_index("ix_plan_comment_waiting", "plan_comment", ["icb_id", "answered_at"], unique=False)
    op.create_table(
        "purchase_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.String(length=1000), nullable=False),
        sa.Column("cost_pence", sa.BigInteger(), nullable=False),
        sa.Column("asked_as", sa.String(length=20), nullable=False),
        sa.Column("asked_name", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rules", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("asked_as IN ('HOLDER', 'REPRESENTATIVE', 'NOMINEE')", name="ck_purchase_question_asked_as"),
        sa.CheckConstraint("cost_pence >= 0", name="ck_purchase_question_cost_pence_positive"),
        sa.CheckConstraint("status IN ('OPEN', 'YES', 'NO', 'TALK')", name="ck_purchase_question_status"),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_purchase_question_person_id", "purchase_question", ["person_id"], unique=False)
    op.create_index("ix_purchase_question_phb_id", "purchase_question", ["phb_id"], unique=False)
    op.create_index("ix_purchase_question_waiting", "purchase_question", ["icb_id", "status", "due_on"], unique=False)
    op.create_table(
        "local_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("search_words", _SORT, nullable=False),
        sa.Column("easy", sa.String(length=100), nullable=False),
        sa.Column("looks_like", sa.String(length=500), nullable=False),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("icb_id", "code", "starts_on", name="uq_local_rule"),
    )
    op.create_index("ix_local_rule_icb_id", "local_rule", ["icb_id"], unique=False)
    op.create_index("ix_local_rule_search_words", "local_rule", ["search_words"], unique=False)


def downgrade() -> None:
    op.drop_table("local_rule")
    op.drop_table("purchase_question")
    op.drop_table("plan_comment")
    op.drop_table("plan_invitation")
    op.drop_table("plan_omission")
    op.drop_table("plan_contingency")
    op.drop_table("plan_risk")
    op.drop_table("plan_section")
    op.drop_column("plan_service", "excused_because")
    op.drop_column("plan_service", "excused")
    op.drop_column("plan", "person_signed_name")
    op.drop_column("plan", "person_signed_as")
    op.drop_column("plan", "person_signed_on")
