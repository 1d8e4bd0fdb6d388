"""wheelchair budgets and what others add to them; agreements of more kinds than one, and who keeps a managed account"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from phbportal.tables.append_only import protect, unprotect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
_IN_USE = sa.text("ended_on IS NULL")
_AGREEMENT = (
    "id, created_at, created_by, updated_at, updated_by, row_version, icb_id, phb_id, stream_id, plan_id, status, "
    "template_version, law_as_of, plan_version, plan_hash, content, content_hash"
)
_SIGNATURE = (
    "id, created_at, created_by, icb_id, phb_id, agreement_id, party, how, signer_id, signer_name, signer_role, "
    "signed_on, evidence, content_hash"
)


def _record() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
    ]


def _links() -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    ]


def _agreements(*, kinds: bool) -> None:
    """The two tables of agreements, with their kinds or as they were when there was one."""
    more = [sa.Column("kind", sa.String(length=16), nullable=False),
            sa.Column("organisation_id", sa.Uuid(), nullable=True)] if kinds else []  # fmt: skip
    known = [sa.CheckConstraint("kind IN ('DIRECT_PAYMENT', 'MANAGED', 'NOTIONAL', 'WHEELCHAIR')",
                                name="ck_payee_agreement_kind")] if kinds else []  # fmt: skip
    parties = "'PERSON', 'NOMINEE', 'ORGANISATION', 'BOARD'" if kinds else "'PERSON', 'NOMINEE', 'BOARD'"
    op.create_table(
        "payee_agreement",
        *_record(),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("template_version", sa.String(length=40 if kinds else 20), nullable=False),
        sa.Column("law_as_of", sa.Date(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        *more,
        sa.CheckConstraint("status IN ('OPEN', 'IN_FORCE', 'REPLACED')", name="ck_payee_agreement_status"),
        *known,
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        *_links(),
    )
    op.create_index("ix_payee_agreement_phb_id", "payee_agreement", ["phb_id"], unique=False)
    op.create_index("ix_payee_agreement_stream_id", "payee_agreement", ["stream_id"], unique=False)
    op.create_index("ix_payee_agreement_waiting", "payee_agreement", ["icb_id", "status"], unique=False)
    if kinds:
        op.create_index(
            "ix_payee_agreement_organisation", "payee_agreement", ["organisation_id", "status"], unique=False
        )
    op.create_table(
        "payee_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=True),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("signer_role", sa.String(length=100), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(f"party IN ({parties})", name="ck_payee_signature_party"),
        sa.CheckConstraint("how IN ('PORTAL', 'PAPER')", name="ck_payee_signature_how"),
        sa.UniqueConstraint("agreement_id", "party", name="uq_payee_signature_party"),
        sa.ForeignKeyConstraint(["agreement_id"], ["payee_agreement.id"]),
        *_links(),
    )
    op.create_index("ix_payee_signature_phb_id", "payee_signature", ["phb_id"], unique=False)


def _put_aside() -> None:
    """What both tables hold is kept beside them while they are made anew: nothing else points at either, and a table
    that is only added to is never altered in place."""
    for table in ("payee_agreement", "payee_signature"):
        op.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608 - our own names
    unprotect(op.get_bind(), "payee_signature")
    op.drop_table("payee_signature")
    op.drop_table("payee_agreement")


def _put_back(*, kinds: bool) -> None:
    """What was put aside goes back: all of it as about direct payments, or what was about them alone."""
    only = "kind = 'DIRECT_PAYMENT'"
    more, kind, where = (", kind", ", 'DIRECT_PAYMENT'", "") if kinds else ("", "", f" WHERE {only}")
    signed = "" if kinds else f" WHERE agreement_id IN (SELECT id FROM kept_payee_agreement WHERE {only})"  # noqa: S608
    op.execute(
        f"INSERT INTO payee_agreement ({_AGREEMENT}{more}) SELECT {_AGREEMENT}{kind} FROM kept_payee_agreement{where}"  # noqa: S608 - our own names
    )
    op.execute(f"INSERT INTO payee_signature ({_SIGNATURE}) SELECT {_SIGNATURE} FROM kept_payee_signature{signed}")  # noqa: S608 - our own names
    for table in ("payee_agreement", "payee_signature"):
        op.drop_table(f"kept_{table}")
    protect(op.get_bind(), "payee_signature")


def upgrade() -> None:
    op.create_table(
        "wheelchair",
        *_record(),
        sa.Column("way", sa.String(length=28), nullable=False),
        sa.Column("chair", sa.String(length=300), nullable=False),
        sa.Column("search_chair", _SORT, nullable=False),
        sa.Column("prescribed_on", sa.Date(), nullable=False),
        sa.Column("value_pence", sa.BigInteger(), nullable=False),
        sa.Column("extras_pence", sa.BigInteger(), nullable=False),
        sa.Column("relieved_of_vat", sa.Boolean(), nullable=False),
        sa.Column("repairs_pence", sa.BigInteger(), nullable=False),
        sa.Column("chair_pence", sa.BigInteger(), nullable=False),
        sa.Column("covers", sa.String(length=24), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("budget_pence", sa.BigInteger(), nullable=False),
        sa.Column("person_pays_pence", sa.BigInteger(), nullable=False),
        sa.Column("term_years", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "way IN ('PWB_NOTIONAL', 'PWB_NOTIONAL_CONTRIBUTION', 'PWB_THIRD_PARTY', 'PWB_DIRECT_PAYMENT')",
            name="ck_wheelchair_way",
        ),
        sa.CheckConstraint(
            "covers IN ('REPAIRS_AND_MAINTENANCE', 'REPAIRS', 'MAINTENANCE', 'NOTHING')", name="ck_wheelchair_covers"
        ),
        sa.CheckConstraint("value_pence > 0", name="ck_wheelchair_value_pence_positive"),
        sa.CheckConstraint("extras_pence >= 0", name="ck_wheelchair_extras_pence_positive"),
        sa.CheckConstraint("repairs_pence >= 0", name="ck_wheelchair_repairs_pence_positive"),
        sa.CheckConstraint("chair_pence >= 0", name="ck_wheelchair_chair_pence_positive"),
        sa.CheckConstraint("person_pays_pence >= 0", name="ck_wheelchair_person_pays_pence_positive"),
        sa.CheckConstraint("budget_pence = value_pence + repairs_pence", name="ck_wheelchair_budget"),
        sa.CheckConstraint("term_years BETWEEN 1 AND 10", name="ck_wheelchair_term"),
        sa.CheckConstraint("(issued_on IS NULL) = (expires_on IS NULL)", name="ck_wheelchair_dates"),
        *_links(),
    )
    op.create_index("ix_wheelchair_icb_id", "wheelchair", ["icb_id"], unique=False)
    op.create_index("ix_wheelchair_phb_id", "wheelchair", ["phb_id"], unique=False)
    op.create_index("ix_wheelchair_search_chair", "wheelchair", ["search_chair"], unique=False)
    op.create_index("ix_wheelchair_expires", "wheelchair", ["expires_on"], unique=False)
    op.create_index(
        "uq_wheelchair_in_use",
        "wheelchair",
        ["phb_id"],
        unique=True,
        sqlite_where=_IN_USE,
        postgresql_where=_IN_USE,
    )
    op.create_table(
        "wheelchair_contribution",
        *_record(),
        sa.Column("wheelchair_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "source IN ('PERSON', 'CHARITY', 'EDUCATION', 'SOCIAL_CARE', 'WORK', 'OTHER')",
            name="ck_wheelchair_contribution_source",
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_wheelchair_contribution_amount_pence_positive"),
        sa.CheckConstraint(
            "received_on IS NULL OR received_on >= promised_on", name="ck_wheelchair_contribution_dates"
        ),
        sa.ForeignKeyConstraint(["wheelchair_id"], ["wheelchair.id"]),
        *_links(),
    )
    op.create_index("ix_wheelchair_contribution_icb_id", "wheelchair_contribution", ["icb_id"], unique=False)
    op.create_index("ix_wheelchair_contribution_phb_id", "wheelchair_contribution", ["phb_id"], unique=False)
    op.create_index(
        "ix_wheelchair_contribution_wheelchair_id", "wheelchair_contribution", ["wheelchair_id"], unique=False
    )
    op.add_column("payee_account", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    _put_aside()
    _agreements(kinds=True)
    _put_back(kinds=True)


def downgrade() -> None:
    _put_aside()
    _agreements(kinds=False)
    _put_back(kinds=False)
    op.drop_column("payee_account", "organisation_id")
    op.drop_table("wheelchair_contribution")
    op.drop_table("wheelchair")
