"""the low-code engine: a row's own history, lists as people want to find them again, and equipment as its example"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _text(length: int) -> sa.String:
    return sa.String(length=length)


def _sort_text() -> sa.types.TypeEngine[str]:
    return sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def _stamps() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    # Not in batch mode: that would build the table anew and lose its triggers (decisions.md §4).
    op.add_column("audit_event", sa.Column("about_id", sa.Uuid(), nullable=True))
    op.create_index("ix_audit_event_about", "audit_event", ["about_id", "id"], unique=False)
    _view(
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("columns", _text(400), nullable=False),
        sa.Column("density", _text(12), nullable=False),
    )
    op.create_table(
        "saved_view",
        *_stamps(),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("page", _text(40), nullable=False),
        sa.Column("name", _text(60), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("opens_first", sa.Boolean(), nullable=False),
        sa.Column("search", _text(200), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("columns", _text(400), nullable=False),
        sa.Column("sort", _text(60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("density", _text(12), nullable=False),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_saved_view_icb_id", "saved_view", ["icb_id"], unique=False)
    op.create_index("ix_saved_view_user_id", "saved_view", ["user_id"], unique=False)
    op.create_table(
        "equipment",
        *_stamps(),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("search_name", _sort_text(), nullable=False),
        sa.Column("serial_number", _text(60), nullable=False),
        sa.Column("price_pence", sa.BigInteger(), nullable=False),
        sa.Column("status", _text(10), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.CheckConstraint("status IN ('IN_USE', 'RETURNED', 'LOST')", name="ck_equipment_status"),
        sa.CheckConstraint("price_pence >= 0", name="ck_equipment_price_pence_positive"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_equipment_icb_id", "equipment", ["icb_id"], unique=False)
    op.create_index("ix_equipment_phb_id", "equipment", ["phb_id"], unique=False)
    op.create_index("ix_equipment_search_name", "equipment", ["search_name"], unique=False)


def downgrade() -> None:
    op.drop_table("equipment")
    op.drop_table("saved_view")
    _view()
    op.drop_index("ix_audit_event_about", table_name="audit_event")
    op.drop_column("audit_event", "about_id")


def _view(*more: sa.Column[object]) -> None:
    """Make the table of kept searches anew: its rows are nothing but searches."""
    op.drop_table("view")
    op.create_table(
        "view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("page", _text(40), nullable=False),
        sa.Column("search", _text(200), nullable=False),
        sa.Column("cursor", _text(400), nullable=False),
        sa.Column("direction", _text(10), nullable=False),
        *more,
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_view_user_id", "view", ["user_id"], unique=False)
