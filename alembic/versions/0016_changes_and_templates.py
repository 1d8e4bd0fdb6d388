"""changes by two people: a returned one is settled, and proposed anew; templates of letters and agreements"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
_IN_USE = sa.text("status = 'IN_USE'")


def upgrade() -> None:
    op.add_column("change_request", sa.Column("again_of", sa.Uuid(), nullable=True))
    op.add_column("change_request", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "document_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("search_title", _SORT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("law_as_of", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.CheckConstraint("kind IN ('LETTER', 'AGREEMENT')", name="ck_document_template_kind"),
        sa.CheckConstraint("status IN ('IN_USE', 'REPLACED', 'WITHDRAWN')", name="ck_document_template_status"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("icb_id", "code", "version", name="uq_document_template_version"),
    )
    op.create_index("ix_document_template_search_title", "document_template", ["search_title"], unique=False)
    op.create_index(
        "uq_document_template_in_use", "document_template", ["icb_id", "code"], unique=True, sqlite_where=_IN_USE,
        postgresql_where=_IN_USE,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("document_template")
    op.drop_column("change_request", "settled_at")
    op.drop_column("change_request", "again_of")
