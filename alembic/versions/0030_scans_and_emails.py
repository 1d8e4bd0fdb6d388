"""whether a document was checked for viruses, letters by e-mail, what was bought after a yes"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_WAITS = sa.text("scan = 'WAITING'")


def upgrade() -> None:
    op.add_column("document", sa.Column("scan", sa.String(length=12), nullable=True))
    op.add_column("document", sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_document_to_scan", "document", ["id"], unique=False, sqlite_where=_WAITS, postgresql_where=_WAITS
    )
    op.add_column("person", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("person", sa.Column("letters_by", sa.String(length=12), nullable=True))
    op.add_column("letter", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("letter", sa.Column("sent_by", sa.String(length=12), nullable=True))
    op.add_column("outbox_item", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("purchase_question", sa.Column("bought_pence", sa.BigInteger(), nullable=True))
    op.add_column("purchase_question", sa.Column("bought_on", sa.Date(), nullable=True))
    op.add_column("purchase_question", sa.Column("bought_from", sa.String(length=100), nullable=True))
    op.add_column("purchase_question", sa.Column("bought_name", sa.String(length=200), nullable=True))
    op.add_column("purchase_question", sa.Column("spent_pence", sa.BigInteger(), nullable=True))
    op.add_column("purchase_question", sa.Column("journal_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    for column in ("journal_id", "spent_pence", "bought_name", "bought_from", "bought_on", "bought_pence"):
        op.drop_column("purchase_question", column)
    op.drop_column("outbox_item", "heard_at")
    for column in ("sent_by", "email"):
        op.drop_column("letter", column)
    for column in ("letters_by", "email"):
        op.drop_column("person", column)
    op.drop_index("ix_document_to_scan", table_name="document")
    for column in ("scanned_at", "scan"):
        op.drop_column("document", column)
