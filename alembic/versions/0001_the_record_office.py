"""the record office"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from phbportal.tables.append_only import protect, unprotect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
APPEND_ONLY = ("ledger_journal", "ledger_posting", "audit_event", "access_event", "auth_event")


def upgrade() -> None:
    op.create_table(
        "access_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("phb_id", sa.Uuid(), nullable=True),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("rows_shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_access_event_person", "access_event", ["person_id", "id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("phb_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("session_handle", sa.String(length=32), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_event_person", "audit_event", ["person_id", "id"], unique=False)
    op.create_index("ix_audit_event_phb", "audit_event", ["phb_id", "id"], unique=False)

    op.create_table(
        "auth_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("session_handle", sa.String(length=32), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("handler", sa.String(length=200), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_auth_event_kind", "auth_event", ["kind"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_name", SORT, nullable=False),
        sa.Column("ods_code", sa.String(length=10), nullable=True),
        sa.Column("cqc_location_id", sa.String(length=20), nullable=True),
        sa.Column("cqc_provider_id", sa.String(length=20), nullable=True),
        sa.Column("cqc_provider_name", sa.String(length=200), nullable=False),
        sa.Column("is_user_led", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("telephone", sa.String(length=20), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("local_authority_code", sa.String(length=12), nullable=True),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("specialisms", sa.Text(), nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=False),
        sa.Column("rating_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("directory_on", sa.Date(), nullable=True),
        sa.Column("gone_from_directory_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('ICB', 'SUB_ICB', 'COUNCIL', 'NHS_PROVIDER', 'CARE_PROVIDER', 'ULO', 'PAYROLL_BUREAU', 'CHARITY', 'WHEELCHAIR_SERVICE', 'SUPPLIER', 'OTHER')",
            name="ck_organisation_kind",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_organisation_kind_search", "organisation", ["kind", "search_name", "id"], unique=False)
    op.create_index(
        "uq_organisation_cqc_location_id",
        "organisation",
        ["cqc_location_id"],
        unique=True,
        sqlite_where=sa.text("cqc_location_id IS NOT NULL"),
        postgresql_where=sa.text("cqc_location_id IS NOT NULL"),
    )
    op.create_index(
        "uq_organisation_ods_code",
        "organisation",
        ["ods_code"],
        unique=True,
        sqlite_where=sa.text("ods_code IS NOT NULL"),
        postgresql_where=sa.text("ods_code IS NOT NULL"),
    )

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("nhs_number", sa.String(length=10), nullable=True),
        sa.Column("nhs_number_status", sa.String(length=2), nullable=False),
        sa.Column("local_reference", sa.String(length=40), nullable=True),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("known_as", sa.String(length=200), nullable=False),
        sa.Column("search_name", SORT, nullable=False),
        sa.Column("search_given", SORT, nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("telephone", sa.String(length=20), nullable=False),
        sa.Column("communication_needs", sa.Text(), nullable=False),
        sa.Column("easy_read", sa.Boolean(), nullable=False),
        sa.Column("lacks_capacity", sa.Boolean(), nullable=False),
        sa.Column("sign_in_on", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "nhs_number_status IN ('01', '02', '03', '04', '05', '06', '07', '08')", name="ck_person_nhs_number_status"
        ),
        sa.CheckConstraint("nhs_number IS NULL OR length(nhs_number) = 10", name="ck_person_nhs_number"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_local_reference", "person", ["local_reference"], unique=False)
    op.create_index("ix_person_search", "person", ["search_name", "id"], unique=False)
    op.create_index("ix_person_search_given", "person", ["search_given", "id"], unique=False)
    op.create_index(
        "uq_person_nhs_number",
        "person",
        ["nhs_number"],
        unique=True,
        sqlite_where=sa.text("nhs_number IS NOT NULL"),
        postgresql_where=sa.text("nhs_number IS NOT NULL"),
    )

    op.create_table(
        "rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "unit IN ('PENCE_PER_HOUR', 'PENCE_PER_YEAR', 'PENCE', 'BASIS_POINTS')", name="ck_rate_unit"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "starts_on", name="uq_rate"),
    )
    op.create_table(
        "reference_counter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("series"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.Column("giver_name", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.CheckConstraint("given_by IN ('SELF', 'REPRESENTATIVE')", name="ck_consent_given_by"),
        sa.CheckConstraint(
            "kind IN ('DIRECT_PAYMENT', 'NOMINATION', 'DATA_SHARING', 'CONTACT')", name="ck_consent_kind"
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consent_icb_id", "consent", ["icb_id"], unique=False)
    op.create_index("ix_consent_person_id", "consent", ["person_id"], unique=False)

    op.create_table(
        "eligibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("cohort", sa.String(length=20), nullable=False),
        sa.Column("entitlement", sa.String(length=10), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "cohort IN ('CHC', 'CHC_FAST_TRACK', 'CYPCC', 'S117', 'JOINT_FUNDED', 'WHEELCHAIR', 'EHC', 'LD_AUTISM', 'MENTAL_HEALTH', 'LTC', 'DISCHARGE', 'OTHER')",
            name="ck_eligibility_cohort",
        ),
        sa.CheckConstraint("entitlement IN ('HAVE', 'ASK')", name="ck_eligibility_entitlement"),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_eligibility_icb_id", "eligibility", ["icb_id"], unique=False)
    op.create_index("ix_eligibility_person_id", "eligibility", ["person_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('WAITING', 'RUNNING', 'DONE', 'FAILED')", name="ck_job_status"),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_job_icb_id", "job", ["icb_id"], unique=False)
    op.create_index("ix_job_status", "job", ["status"], unique=False)

    op.create_table(
        "organisation_succession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("predecessor_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("succeeds_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_organisation_succession_predecessor_id", "organisation_succession", ["predecessor_id"], unique=False
    )
    op.create_index(
        "ix_organisation_succession_successor_id", "organisation_succession", ["successor_id"], unique=False
    )

    op.create_table(
        "person_responsibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ck_person_responsibility_dates"),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_person_responsibility_board", "person_responsibility", ["person_id", "icb_id", "starts_on"], unique=False
    )
    op.create_index("ix_person_responsibility_icb_id", "person_responsibility", ["icb_id"], unique=False)

    op.create_table(
        "policy_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("icb_id", "name", "starts_on", name="uq_policy_setting"),
    )
    op.create_index("ix_policy_setting_icb_id", "policy_setting", ["icb_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_user_account_email", "user_account", ["email"], unique=False)
    op.create_index(
        "uq_user_account_person",
        "user_account",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )

    op.create_table(
        "exclusion_attestation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.Column("attested_on", sa.Date(), nullable=False),
        sa.Column("attested_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attested_by"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_exclusion_attestation_attested_by", "exclusion_attestation", ["attested_by"], unique=False)
    op.create_index("ix_exclusion_attestation_icb_id", "exclusion_attestation", ["icb_id"], unique=False)
    op.create_index("ix_exclusion_attestation_person_id", "exclusion_attestation", ["person_id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),
    )
    op.create_index("ix_identity_user_id", "identity", ["user_id"], unique=False)

    op.create_table(
        "import_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_file_approved_by", "import_file", ["approved_by"], unique=False)
    op.create_index("ix_import_file_icb_id", "import_file", ["icb_id"], unique=False)
    op.create_index("ix_import_file_sha256", "import_file", ["sha256"], unique=False)

    op.create_table(
        "phb",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("eligibility_id", sa.Uuid(), nullable=True),
        sa.Column("cohort", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("case_manager_id", sa.Uuid(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("live_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "cohort IN ('CHC', 'CHC_FAST_TRACK', 'CYPCC', 'S117', 'JOINT_FUNDED', 'WHEELCHAIR', 'EHC', 'LD_AUTISM', 'MENTAL_HEALTH', 'LTC', 'DISCHARGE', 'OTHER')",
            name="ck_phb_cohort",
        ),
        sa.CheckConstraint("kind IN ('ONGOING', 'ONE_OFF')", name="ck_phb_kind"),
        sa.CheckConstraint(
            "status IN ('REFERRED', 'OFFERED', 'ACCEPTED', 'DECLINED', 'ASSESSING', 'INDICATIVE_SET', 'PLANNING', 'CLINICAL_REVIEW', 'FINANCE_REVIEW', 'PANEL', 'APPROVED', 'RETURNED', 'REFUSED', 'SETUP', 'ACTIVE', 'CHANGE_PENDING', 'SUSPENDED', 'STOPPING', 'CLOSING', 'CLOSED')",
            name="ck_phb_status",
        ),
        sa.ForeignKeyConstraint(
            ["case_manager_id"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["eligibility_id"],
            ["eligibility.id"],
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index("ix_phb_board_status", "phb", ["icb_id", "status", "id"], unique=False)
    op.create_index("ix_phb_case_manager_id", "phb", ["case_manager_id"], unique=False)
    op.create_index("ix_phb_person_id", "phb", ["person_id"], unique=False)

    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("sign_off_limit_pence", sa.BigInteger(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('HOLDER', 'REPRESENTATIVE', 'NOMINEE', 'PROVIDER', 'CASE_MANAGER', 'CLINICIAN', 'FINANCE', 'APPROVER', 'AUDITOR', 'ADMIN', 'SYSTEM')",
            name="ck_role_assignment_role",
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_role_assignment_dates"),
        sa.ForeignKeyConstraint(
            ["granted_by"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_role_assignment_icb_id", "role_assignment", ["icb_id"], unique=False)
    op.create_index("ix_role_assignment_user_id", "role_assignment", ["user_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("search", sa.String(length=200), nullable=False),
        sa.Column("cursor", sa.String(length=400), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_view_user_id", "view", ["user_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("sign_off_limit_pence", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_identity_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "role IN ('HOLDER', 'REPRESENTATIVE', 'NOMINEE', 'PROVIDER', 'CASE_MANAGER', 'CLINICIAN', 'FINANCE', 'APPROVER', 'AUDITOR', 'ADMIN', 'SYSTEM')",
            name="ck_invitation_role",
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["used_identity_id"],
            ["identity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_table(
        "payee_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_on_account", sa.String(length=18), nullable=False),
        sa.Column("sort_code", sa.String(length=6), nullable=False),
        sa.Column("account_number", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooling_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('OWN_SEPARATE', 'PREPAID_CARD', 'MANAGED', 'ISF_LEDGER', 'ORDINARY_ONE_OFF')",
            name="ck_payee_account_kind",
        ),
        sa.CheckConstraint("status IN ('PROPOSED', 'APPROVED', 'REJECTED', 'CLOSED')", name="ck_payee_account_status"),
        sa.CheckConstraint("length(sort_code) = 6 AND length(account_number) = 8", name="ck_payee_account_digits"),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_payee_account_person_id", "payee_account", ["person_id"], unique=False)
    op.create_index("ix_payee_account_phb_id", "payee_account", ["phb_id"], unique=False)
    op.create_index("ix_payee_account_waiting", "payee_account", ["icb_id", "status"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("about_me", sa.Text(), nullable=False),
        sa.Column("what_matters", sa.Text(), nullable=False),
        sa.Column("contingency", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("signed_body", sa.String(length=10), nullable=False),
        sa.Column("signed_pin", sa.String(length=20), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("sign_off_note", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SHARED', 'SUBMITTED', 'CLINICALLY_SIGNED', 'APPROVED', 'ACTIVE', 'RETURNED', 'SUPERSEDED', 'ENDED')",
            name="ck_plan_status",
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("phb_id", "version", name="uq_plan_version"),
    )
    op.create_index("ix_plan_phb_id", "plan", ["phb_id"], unique=False)
    op.create_index("ix_plan_waiting", "plan", ["icb_id", "status"], unique=False)
    op.create_index(
        "uq_plan_open",
        "plan",
        ["phb_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('DRAFT', 'SHARED', 'RETURNED', 'SUBMITTED', 'CLINICALLY_SIGNED')"),
        postgresql_where=sa.text("status IN ('DRAFT', 'SHARED', 'RETURNED', 'SUBMITTED', 'CLINICALLY_SIGNED')"),
    )

    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('FIRST', 'ANNUAL', 'UNPLANNED', 'AGE16', 'DEATH', 'CHANGE', 'PAYEE')", name="ck_review_kind"
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_review_due_on", "review", ["due_on"], unique=False)
    op.create_index("ix_review_phb_id", "review", ["phb_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("handle", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("assurance", sa.String(length=60), nullable=False),
        sa.Column("op_sid", sa.String(length=255), nullable=True),
        sa.Column("auth_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("absolute_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("step_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.String(length=40), nullable=False),
        sa.Column("ip_first", sa.String(length=64), nullable=False),
        sa.Column("agent_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["role_assignment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_index("ix_session_provider", "session", ["provider", "op_sid"], unique=False)
    op.create_index("ix_session_revoked_at", "session", ["revoked_at"], unique=False)
    op.create_index("ix_session_user", "session", ["user_id", "revoked_at"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('HOLDER', 'REPRESENTATIVE', 'NOMINEE', 'PROVIDER', 'CASE_MANAGER', 'CLINICIAN', 'FINANCE', 'APPROVER', 'AUDITOR', 'ADMIN', 'SYSTEM')",
            name="ck_task_role",
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_task_person_id", "task", ["person_id"], unique=False)
    op.create_index("ix_task_phb_id", "task", ["phb_id"], unique=False)
    op.create_index("ix_task_waiting", "task", ["icb_id", "role", "done_at", "due_on"], unique=False)

    op.create_table(
        "auth_flow",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("code_verifier", sa.String(length=128), nullable=False),
        sa.Column("next_path", sa.String(length=500), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("state_hash"),
    )
    op.create_index("ix_auth_flow_expires_at", "auth_flow", ["expires_at"], unique=False)

    op.create_table(
        "budget_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=False),
        sa.Column("one_off_pence", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('INDICATIVE', 'FINAL', 'CHANGE', 'OPENING')", name="ck_budget_version_kind"),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'REJECTED', 'SUPERSEDED')", name="ck_budget_version_status"
        ),
        sa.CheckConstraint("one_off_pence >= 0", name="ck_budget_version_one_off_pence_positive"),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_budget_version_weekly_pence_positive"),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("phb_id", "version", name="uq_budget_version"),
    )
    op.create_index("ix_budget_version_phb_id", "budget_version", ["phb_id"], unique=False)
    op.create_index("ix_budget_version_plan_id", "budget_version", ["plan_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", sa.String(length=500), nullable=False),
        sa.Column("measure", sa.String(length=500), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.CheckConstraint("share IN ('NOBODY', 'NOMINEE', 'PROVIDER', 'ALL')", name="ck_outcome_share"),
        sa.CheckConstraint(
            "status IN ('NOT_STARTED', 'WORKING', 'MET', 'PARTLY', 'NOT_MET', 'CHANGED')", name="ck_outcome_status"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outcome_plan_id", "outcome", ["plan_id"], unique=False)

    op.create_table(
        "stream",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("payee_kind", sa.String(length=20), nullable=False),
        sa.Column("payee_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=False),
        sa.Column("one_off_pence", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("frequency", sa.String(length=12), nullable=False),
        sa.Column("first_payment_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "frequency IN ('WEEKLY', 'FOUR_WEEKLY', 'MONTHLY', 'QUARTERLY', 'ONCE')", name="ck_stream_frequency"
        ),
        sa.CheckConstraint("method IN ('NOTIONAL', 'THIRD_PARTY', 'DIRECT_PAYMENT')", name="ck_stream_method"),
        sa.CheckConstraint(
            "payee_kind IN ('HOLDER', 'REPRESENTATIVE', 'NOMINEE', 'ORGANISATION', 'NONE')", name="ck_stream_payee_kind"
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'AGREED', 'READY', 'ACTIVE', 'SUSPENDED', 'STOPPING', 'WINDING_DOWN', 'CLOSED')",
            name="ck_stream_status",
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ck_stream_dates"),
        sa.CheckConstraint("one_off_pence >= 0", name="ck_stream_one_off_pence_positive"),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_stream_weekly_pence_positive"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["payee_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_stream_organisation_id", "stream", ["organisation_id"], unique=False)
    op.create_index("ix_stream_phb_id", "stream", ["phb_id"], unique=False)

    op.create_table(
        "ledger_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=True),
        sa.Column("stream_id", sa.Uuid(), nullable=True),
        sa.Column("balance_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "balance_pence >= 0 OR path LIKE 'outside:%' OR path LIKE 'stream:%held'", name="ck_ledger_account_balance"
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["stream.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
    )
    op.create_index("ix_ledger_account_phb_id", "ledger_account", ["phb_id"], unique=False)

    op.create_table(
        "ledger_journal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "verb IN ('ALLOCATE', 'RESERVE', 'RELEASE', 'PAY', 'ACCOUNT_FOR', 'REPAY', 'OWN_MONEY', 'INTEREST', 'REFUND', 'OPENING', 'TRANSFER', 'REVERSE')",
            name="ck_ledger_journal_verb",
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["stream.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
    )
    op.create_index("ix_ledger_journal_phb", "ledger_journal", ["phb_id", "effective_on", "id"], unique=False)

    op.create_table(
        "payment_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("line_type", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_reference", sa.String(length=60), nullable=False),
        sa.Column("idempotency_key", sa.String(length=100), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "line_type IN ('PA_WAGE', 'PA_COVER', 'PA_SLEEP_NIGHT', 'PA_WAKING_NIGHT', 'PA_BANK_HOLIDAY', 'EMPLOYER_NI', 'EMPLOYER_PENSION', 'STATUTORY_PAY', 'PAYROLL', 'INSURANCE', 'DBS', 'RECRUITMENT', 'TRAINING', 'AGENCY', 'ISF_FEE', 'THERAPY', 'ACTIVITY', 'SHORT_BREAK', 'TRANSPORT', 'EQUIPMENT', 'ASSISTIVE_TECH', 'CONSUMABLES', 'CONTINGENCY', 'REDUNDANCY_NOTICE', 'CHARGES', 'OTHER')",
            name="ck_payment_item_line_type",
        ),
        sa.CheckConstraint(
            "status IN ('PLANNED', 'APPROVED', 'IN_RUN', 'EXPORTED', 'PAID', 'FAILED', 'CANCELLED', 'HELD')",
            name="ck_payment_item_status",
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_item_amount_pence_positive"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["payee_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["icb_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["phb_id"],
            ["phb.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["stream.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index("ix_payment_item_phb_id", "payment_item", ["phb_id"], unique=False)
    op.create_index("ix_payment_item_stream_id", "payment_item", ["stream_id"], unique=False)
    op.create_index("ix_payment_item_waiting", "payment_item", ["icb_id", "status", "due_on"], unique=False)

    op.create_table(
        "plan_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("when", sa.String(length=200), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.CheckConstraint("share IN ('NOBODY', 'NOMINEE', 'PROVIDER', 'ALL')", name="ck_plan_service_share"),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_service_outcome_id", "plan_service", ["outcome_id"], unique=False)
    op.create_index("ix_plan_service_plan_id", "plan_service", ["plan_id"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("plan_service_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_type", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), nullable=False),
        sa.Column("one_off_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "line_type IN ('PA_WAGE', 'PA_COVER', 'PA_SLEEP_NIGHT', 'PA_WAKING_NIGHT', 'PA_BANK_HOLIDAY', 'EMPLOYER_NI', 'EMPLOYER_PENSION', 'STATUTORY_PAY', 'PAYROLL', 'INSURANCE', 'DBS', 'RECRUITMENT', 'TRAINING', 'AGENCY', 'ISF_FEE', 'THERAPY', 'ACTIVITY', 'SHORT_BREAK', 'TRANSPORT', 'EQUIPMENT', 'ASSISTIVE_TECH', 'CONSUMABLES', 'CONTINGENCY', 'REDUNDANCY_NOTICE', 'CHARGES', 'OTHER')",
            name="ck_budget_line_line_type",
        ),
        sa.CheckConstraint("one_off_pence >= 0", name="ck_budget_line_one_off_pence_positive"),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_budget_line_weekly_pence_positive"),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["budget_version.id"],
        ),
        sa.ForeignKeyConstraint(
            ["plan_service_id"],
            ["plan_service.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["stream.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_budget_line_budget_id", "budget_line", ["budget_id"], unique=False)
    op.create_index("ix_budget_line_plan_service_id", "budget_line", ["plan_service_id"], unique=False)
    op.create_index("ix_budget_line_stream_id", "budget_line", ["stream_id"], unique=False)

    op.create_table(
        "ledger_posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_pence > 0", name="ck_ledger_posting_amount_pence_positive"),
        sa.CheckConstraint("from_id <> to_id", name="ck_ledger_posting_two_accounts"),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["ledger_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"],
            ["ledger_journal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_id"],
            ["ledger_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("journal_id", "position", name="uq_ledger_posting_position"),
    )
    op.create_index("ix_ledger_posting_from_id", "ledger_posting", ["from_id"], unique=False)
    op.create_index("ix_ledger_posting_to_id", "ledger_posting", ["to_id"], unique=False)
    for table in APPEND_ONLY:
        protect(op.get_bind(), table)


def downgrade() -> None:
    for table in APPEND_ONLY:
        unprotect(op.get_bind(), table)
    op.drop_index("ix_ledger_posting_to_id", table_name="ledger_posting")
    op.drop_index("ix_ledger_posting_from_id", table_name="ledger_posting")

    op.drop_table("ledger_posting")
    op.drop_index("ix_budget_line_stream_id", table_name="budget_line")
    op.drop_index("ix_budget_line_plan_service_id", table_name="budget_line")
    op.drop_index("ix_budget_line_budget_id", table_name="budget_line")

    op.drop_table("budget_line")
    op.drop_index("ix_plan_service_plan_id", table_name="plan_service")
    op.drop_index("ix_plan_service_outcome_id", table_name="plan_service")

    op.drop_table("plan_service")
    op.drop_index("ix_payment_item_waiting", table_name="payment_item")
    op.drop_index("ix_payment_item_stream_id", table_name="payment_item")
    op.drop_index("ix_payment_item_phb_id", table_name="payment_item")

    op.drop_table("payment_item")
    op.drop_index("ix_ledger_journal_phb", table_name="ledger_journal")

    op.drop_table("ledger_journal")
    op.drop_index("ix_ledger_account_phb_id", table_name="ledger_account")

    op.drop_table("ledger_account")
    op.drop_index("ix_stream_phb_id", table_name="stream")
    op.drop_index("ix_stream_organisation_id", table_name="stream")

    op.drop_table("stream")
    op.drop_index("ix_outcome_plan_id", table_name="outcome")

    op.drop_table("outcome")
    op.drop_index("ix_budget_version_plan_id", table_name="budget_version")
    op.drop_index("ix_budget_version_phb_id", table_name="budget_version")

    op.drop_table("budget_version")
    op.drop_index("ix_auth_flow_expires_at", table_name="auth_flow")

    op.drop_table("auth_flow")
    op.drop_index("ix_task_waiting", table_name="task")
    op.drop_index("ix_task_phb_id", table_name="task")
    op.drop_index("ix_task_person_id", table_name="task")

    op.drop_table("task")
    op.drop_index("ix_session_user", table_name="session")
    op.drop_index("ix_session_revoked_at", table_name="session")
    op.drop_index("ix_session_provider", table_name="session")

    op.drop_table("session")
    op.drop_index("ix_review_phb_id", table_name="review")
    op.drop_index("ix_review_due_on", table_name="review")

    op.drop_table("review")
    op.drop_index(
        "uq_plan_open",
        table_name="plan",
        sqlite_where=sa.text("status IN ('DRAFT', 'SHARED', 'RETURNED', 'SUBMITTED', 'CLINICALLY_SIGNED')"),
        postgresql_where=sa.text("status IN ('DRAFT', 'SHARED', 'RETURNED', 'SUBMITTED', 'CLINICALLY_SIGNED')"),
    )
    op.drop_index("ix_plan_waiting", table_name="plan")
    op.drop_index("ix_plan_phb_id", table_name="plan")

    op.drop_table("plan")
    op.drop_index("ix_payee_account_waiting", table_name="payee_account")
    op.drop_index("ix_payee_account_phb_id", table_name="payee_account")
    op.drop_index("ix_payee_account_person_id", table_name="payee_account")

    op.drop_table("payee_account")
    op.drop_table("invitation")
    op.drop_index("ix_view_user_id", table_name="view")

    op.drop_table("view")
    op.drop_table("submission")
    op.drop_index("ix_role_assignment_user_id", table_name="role_assignment")
    op.drop_index("ix_role_assignment_icb_id", table_name="role_assignment")

    op.drop_table("role_assignment")
    op.drop_index("ix_phb_person_id", table_name="phb")
    op.drop_index("ix_phb_case_manager_id", table_name="phb")
    op.drop_index("ix_phb_board_status", table_name="phb")

    op.drop_table("phb")
    op.drop_index("ix_import_file_sha256", table_name="import_file")
    op.drop_index("ix_import_file_icb_id", table_name="import_file")
    op.drop_index("ix_import_file_approved_by", table_name="import_file")

    op.drop_table("import_file")
    op.drop_index("ix_identity_user_id", table_name="identity")

    op.drop_table("identity")
    op.drop_index("ix_exclusion_attestation_person_id", table_name="exclusion_attestation")
    op.drop_index("ix_exclusion_attestation_icb_id", table_name="exclusion_attestation")
    op.drop_index("ix_exclusion_attestation_attested_by", table_name="exclusion_attestation")

    op.drop_table("exclusion_attestation")
    op.drop_index(
        "uq_user_account_person",
        table_name="user_account",
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index("ix_user_account_email", table_name="user_account")

    op.drop_table("user_account")
    op.drop_index("ix_policy_setting_icb_id", table_name="policy_setting")

    op.drop_table("policy_setting")
    op.drop_index("ix_person_responsibility_icb_id", table_name="person_responsibility")
    op.drop_index("ix_person_responsibility_board", table_name="person_responsibility")

    op.drop_table("person_responsibility")
    op.drop_index("ix_organisation_succession_successor_id", table_name="organisation_succession")
    op.drop_index("ix_organisation_succession_predecessor_id", table_name="organisation_succession")

    op.drop_table("organisation_succession")
    op.drop_index("ix_job_status", table_name="job")
    op.drop_index("ix_job_icb_id", table_name="job")

    op.drop_table("job")
    op.drop_index("ix_eligibility_person_id", table_name="eligibility")
    op.drop_index("ix_eligibility_icb_id", table_name="eligibility")

    op.drop_table("eligibility")
    op.drop_index("ix_consent_person_id", table_name="consent")
    op.drop_index("ix_consent_icb_id", table_name="consent")

    op.drop_table("consent")
    op.drop_table("reference_counter")
    op.drop_table("rate")
    op.drop_index(
        "uq_person_nhs_number",
        table_name="person",
        sqlite_where=sa.text("nhs_number IS NOT NULL"),
        postgresql_where=sa.text("nhs_number IS NOT NULL"),
    )
    op.drop_index("ix_person_search_given", table_name="person")
    op.drop_index("ix_person_search", table_name="person")
    op.drop_index("ix_person_local_reference", table_name="person")

    op.drop_table("person")
    op.drop_index(
        "uq_organisation_ods_code",
        table_name="organisation",
        sqlite_where=sa.text("ods_code IS NOT NULL"),
        postgresql_where=sa.text("ods_code IS NOT NULL"),
    )
    op.drop_index(
        "uq_organisation_cqc_location_id",
        table_name="organisation",
        sqlite_where=sa.text("cqc_location_id IS NOT NULL"),
        postgresql_where=sa.text("cqc_location_id IS NOT NULL"),
    )
    op.drop_index("ix_organisation_kind_search", table_name="organisation")

    op.drop_table("organisation")
    op.drop_index("ix_auth_event_kind", table_name="auth_event")

    op.drop_table("auth_event")
    op.drop_index("ix_audit_event_phb", table_name="audit_event")
    op.drop_index("ix_audit_event_person", table_name="audit_event")

    op.drop_table("audit_event")
    op.drop_index("ix_access_event_person", table_name="access_event")

    op.drop_table("access_event")
