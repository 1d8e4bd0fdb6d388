"""assessments of needs, clinicians' registrations, and what those who are paid for a person say before a review"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0029"
down_revision = "0028"
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


def upgrade() -> None:
    op.add_column("plan", sa.Column("assessment_id", sa.Uuid(), nullable=True))
    op.add_column("eligibility", sa.Column("assessment_id", sa.Uuid(), nullable=True))
    op.create_table(
        "needs_assessment",
        *_record(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessor", sa.String(length=200), nullable=False),
        sa.Column("profession", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("mistake", sa.String(length=500), nullable=False),
        sa.CheckConstraint("outcome IN ('NEEDS', 'NO_NEEDS', 'MORE_TO_FIND')", name="ck_needs_assessment_outcome"),
        sa.CheckConstraint("body IN ('NMC', 'GMC', 'HCPC', 'SWE', '')", name="ck_needs_assessment_body"),
        sa.CheckConstraint("(body = '') = (number = '')", name="ck_needs_assessment_registration"),
        sa.CheckConstraint("next_due_on IS NULL OR next_due_on > assessed_on", name="ck_needs_assessment_dates"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_needs_assessment_person_id", "needs_assessment", ["person_id"], unique=False)
    op.create_index("ix_needs_assessment_due", "needs_assessment", ["icb_id", "next_due_on"], unique=False)
    op.create_table(
        "assessed_need",
        *_record(),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "area IN ('BREATHING', 'EATING', 'TOILET', 'SKIN', 'MOVING', 'TALKING', 'FEELINGS', 'THINKING', "
            "'BEHAVIOUR', 'MEDICINES', 'AWARENESS', 'DAILY_LIFE', 'LEARNING', 'FAMILY', 'OTHER')",
            name="ck_assessed_need_area",
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["needs_assessment.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_assessed_need_assessment_id", "assessed_need", ["assessment_id"], unique=False)
    op.create_index("ix_assessed_need_person_id", "assessed_need", ["person_id"], unique=False)
    op.create_table(
        "registration",
        *_record(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("profession", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("body IN ('NMC', 'GMC', 'HCPC', 'SWE')", name="ck_registration_body"),
        sa.CheckConstraint("ends_on >= checked_on", name="ck_registration_dates"),
        sa.UniqueConstraint("user_id", "body", name="uq_registration_user_body"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_registration_ends_on", "registration", ["ends_on"], unique=False)
    op.create_table(
        "review_comment",
        *_record(),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("said_as", sa.String(length=10), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_name", sa.String(length=200), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("said_as IN ('NOMINEE', 'PROVIDER')", name="ck_review_comment_said_as"),
        sa.UniqueConstraint("review_id", "stream_id", "said_by", name="uq_review_comment"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"]),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["said_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_review_comment_stream_id", "review_comment", ["stream_id"], unique=False)
    op.create_index("ix_review_comment_phb_id", "review_comment", ["phb_id"], unique=False)


def downgrade() -> None:
    op.drop_table("review_comment")
    op.drop_table("registration")
    op.drop_table("assessed_need")
    op.drop_table("needs_assessment")
    op.drop_column("eligibility", "assessment_id")
    op.drop_column("plan", "assessment_id")
