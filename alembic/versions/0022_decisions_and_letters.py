"""decisions, reconsiderations, letters and the outbox they leave by"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ASKED = sa.text("status = 'ASKED'")


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=True),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("weekly_before_pence", sa.BigInteger(), nullable=True),
        sa.Column("weekly_after_pence", sa.BigInteger(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("early", sa.String(length=10), nullable=False),
        sa.Column("early_words", sa.String(length=500), nullable=False),
        sa.Column("replacement_id", sa.Uuid(), nullable=True),
        sa.Column("no_replacement", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("return_reason", sa.String(length=500), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("took_effect_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("before_json", sa.Text(), nullable=False),
        sa.CheckConstraint("(issued_on IS NULL) = (approved_by IS NULL)", name="ck_decision_approved"),
        sa.CheckConstraint("early IN ('', 'FRAUD', 'SAFETY')", name="ck_decision_early"),
        sa.CheckConstraint(
            "ground IN ('', 'NOT_ELIGIBLE', 'NOT_APPROPRIATE', 'NOT_LOCAL_OFFER', 'NO_CONSENT', 'EXCLUDED', 'CANNOT_MANAGE', 'NOT_VALUE', 'NOT_BEST_INTERESTS', 'STILL_ENOUGH', 'UNSPENT', 'HEALTH_CHANGED', 'CONSENT_WITHDRAWN', 'REPRESENTATIVE_WITHDREW', 'YOUNG_PERSON_NO', 'REGAINED_CAPACITY_NO', 'NOT_A_PATIENT', 'PAYEE_UNSUITABLE', 'NOMINEE_WITHDREW', 'NOMINATION_WITHDRAWN', 'OUTSIDE_PLAN', 'SUSPECTED_OFFENCE', 'NEEDS_NOT_MET')",
            name="ck_decision_ground",
        ),
        sa.CheckConstraint(
            "(status IN ('PREPARED', 'RETURNED', 'WITHDRAWN')) = (issued_on IS NULL)", name="ck_decision_issued"
        ),
        sa.CheckConstraint(
            "kind IN ('REFUSE_PHB', 'REFUSE_DP', 'OMIT_SERVICE', 'REDUCE', 'STOP', 'SUSPEND', 'APPOINT', 'REFUSE_APPOINT', 'ALLOW_EXCEPTION', 'REFUSE_EXCEPTION')",
            name="ck_decision_kind",
        ),
        sa.CheckConstraint("approved_by <> prepared_by", name="ck_decision_second_person"),
        sa.CheckConstraint(
            "status IN ('PREPARED', 'RETURNED', 'WITHDRAWN', 'ISSUED', 'IN_EFFECT', 'LIFTED', 'CHANGED', 'REVERSED')",
            name="ck_decision_status",
        ),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["part_id"], ["person_role.id"]),
        sa.ForeignKeyConstraint(["replacement_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["prepared_by"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["approved_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_decision_board_status", "decision", ["icb_id", "status", "id"], unique=False)
    op.create_index("ix_decision_due", "decision", ["status", "effective_on"], unique=False)
    op.create_index("ix_decision_person_id", "decision", ["person_id"], unique=False)
    op.create_index("ix_decision_phb_id", "decision", ["phb_id"], unique=False)
    op.create_index("ix_decision_stream_id", "decision", ["stream_id"], unique=False)
    op.create_table(
        "reconsideration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asker", sa.String(length=20), nullable=False),
        sa.Column("asker_name", sa.String(length=200), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint("asker IN ('HOLDER', 'REPRESENTATIVE', 'NOMINEE')", name="ck_reconsideration_asker"),
        sa.CheckConstraint(
            "(status = 'DECIDED') = (decided_by IS NOT NULL AND outcome <> '')", name="ck_reconsideration_decided"
        ),
        sa.CheckConstraint("how IN ('PORTAL', 'LETTER', 'TELEPHONE', 'MEETING')", name="ck_reconsideration_how"),
        sa.CheckConstraint("outcome IN ('', 'UPHELD', 'CHANGED', 'REVERSED')", name="ck_reconsideration_outcome"),
        sa.CheckConstraint("status IN ('ASKED', 'DECIDED', 'WITHDRAWN')", name="ck_reconsideration_status"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reconsideration_board_status", "reconsideration", ["icb_id", "status", "due_on"], unique=False)
    op.create_index("ix_reconsideration_decision_id", "reconsideration", ["decision_id"], unique=False)
    op.create_index("ix_reconsideration_person_id", "reconsideration", ["person_id"], unique=False)
    op.create_index("ix_reconsideration_phb_id", "reconsideration", ["phb_id"], unique=False)
    op.create_index(
        "uq_reconsideration_waits",
        "reconsideration",
        ["decision_id"],
        unique=True,
        sqlite_where=_ASKED,
        postgresql_where=_ASKED,
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
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
        sa.CheckConstraint("status IN ('WAITING', 'TO_POST', 'POSTED', 'SENT')", name="ck_letter_status"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["part_id"], ["person_role.id"]),
        sa.ForeignKeyConstraint(["template_id"], ["document_template.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_letter_board_status", "letter", ["icb_id", "status", "id"], unique=False)
    op.create_index("ix_letter_decision_id", "letter", ["decision_id"], unique=False)
    op.create_index("ix_letter_part_id", "letter", ["part_id"], unique=False)
    op.create_index("ix_letter_person_id", "letter", ["person_id"], unique=False)
    op.create_index("ix_letter_phb_id", "letter", ["phb_id"], unique=False)
    op.create_index("uq_letter_about_recipient", "letter", ["about_id", "recipient"], unique=True)
    op.create_table(
        "outbox_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_as", sa.String(length=60), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('WAITING', 'SENDING', 'DONE')", name="ck_outbox_item_status"),
        sa.CheckConstraint("way IN ('', 'PRINT', 'NOTIFY')", name="ck_outbox_item_way"),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index("ix_outbox_item_status", "outbox_item", ["status"], unique=False)


def downgrade() -> None:
    op.drop_table("outbox_item")
    op.drop_table("letter")
    op.drop_table("reconsideration")
    op.drop_table("decision")
