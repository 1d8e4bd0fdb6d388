"""people who act for others"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table → the column after which the new ones stand, and the new ones: name, type on SQLite, what they refer to.
NEW = {
    "stream": (
        "first_payment_on DATE",
        [("payee_role_id", "CHAR(32)", "person_role"), ("review_required_on", "DATE", "")],
    ),
    "invitation": ("used_identity_id CHAR(32)", [("person_role_id", "CHAR(32)", "person_role")]),
}


def upgrade() -> None:
    _person_role()
    _capacity_assessment()
    if op.get_bind().dialect.name == "sqlite":
        for table, (after, columns) in NEW.items():
            _rebuild(table, after, columns, add=True)
    else:
        op.add_column("stream", sa.Column("payee_role_id", sa.Uuid(), sa.ForeignKey("person_role.id"), nullable=True))
        op.add_column("stream", sa.Column("review_required_on", sa.Date(), nullable=True))
        op.add_column(
            "invitation", sa.Column("person_role_id", sa.Uuid(), sa.ForeignKey("person_role.id"), nullable=True)
        )
    op.create_index("ix_stream_payee_role_id", "stream", ["payee_role_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stream_payee_role_id", table_name="stream")
    if op.get_bind().dialect.name == "sqlite":
        for table, (after, columns) in NEW.items():
            _rebuild(table, after, columns, add=False)
    else:
        op.drop_column("invitation", "person_role_id")
        op.drop_column("stream", "review_required_on")
        op.drop_column("stream", "payee_role_id")
    op.drop_index("ix_capacity_assessment_person_id", table_name="capacity_assessment")
    op.drop_index("ix_capacity_assessment_icb_id", table_name="capacity_assessment")

    op.drop_table("capacity_assessment")
    op.drop_index("ix_person_role_waiting", table_name="person_role")
    op.drop_index("ix_person_role_user", table_name="person_role")
    op.drop_index("ix_person_role_organisation", table_name="person_role")
    op.drop_index("ix_person_role_person_id", table_name="person_role")

    op.drop_table("person_role")


def _person_role() -> None:
    op.create_table(
        "person_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("nominated_by", sa.String(length=20), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("lives_in_household", sa.Boolean(), nullable=False),
        sa.Column("involved_friend", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("dbs_on", sa.Date(), nullable=True),
        sa.Column("dbs_reference", sa.String(length=40), nullable=False),
        sa.Column("dbs_checked_by", sa.Uuid(), nullable=True),
        sa.Column("board_agreed_on", sa.Date(), nullable=True),
        sa.Column("board_agreed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "role IN ('REPRESENTATIVE', 'NOMINEE', 'ADVOCATE', 'BROKER', 'FAMILY')", name="ck_person_role_role"
        ),
        sa.CheckConstraint(
            "basis IN ('', 'DEPUTY', 'LPA', 'EPA', 'PARENT', 'APPOINTED_BY_ICB')", name="ck_person_role_basis"
        ),
        sa.CheckConstraint(
            "nominated_by IN ('', 'HOLDER', 'REPRESENTATIVE', 'ICB', 'IN_ADVANCE')", name="ck_person_role_nominated_by"
        ),
        sa.CheckConstraint(
            "relation IN ('PARTNER', 'PARENT', 'CHILD', 'STEP_PARENT', 'STEP_CHILD', 'PARENT_IN_LAW', 'CHILD_IN_LAW', "
            "'SIBLING', 'AUNT_OR_UNCLE', 'GRANDPARENT', 'GRANDCHILD', 'PARTNER_OF_FAMILY', 'OTHER_FAMILY', 'FRIEND', "
            "'NEIGHBOUR', 'PROFESSIONAL', 'ORGANISATION', 'OTHER')",
            name="ck_person_role_relation",
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CHECKS', 'ACTIVE', 'SUSPENDED', 'ENDED')", name="ck_person_role_status"
        ),
        sa.CheckConstraint("user_id IS NULL OR organisation_id IS NULL", name="ck_person_role_party"),
        sa.CheckConstraint("(basis <> '') = (role = 'REPRESENTATIVE')", name="ck_person_role_basis_role"),
        sa.CheckConstraint("(nominated_by <> '') = (role = 'NOMINEE')", name="ck_person_role_nominated_role"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_role_person_id", "person_role", ["person_id"], unique=False)
    op.create_index("ix_person_role_organisation", "person_role", ["organisation_id", "status"], unique=False)
    op.create_index("ix_person_role_user", "person_role", ["user_id", "status"], unique=False)
    op.create_index("ix_person_role_waiting", "person_role", ["icb_id", "status"], unique=False)


def _capacity_assessment() -> None:
    op.create_table(
        "capacity_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by", sa.String(length=200), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.CheckConstraint("outcome IN ('HAS', 'LACKS', 'FLUCTUATING')", name="ck_capacity_assessment_outcome"),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_capacity_assessment_icb_id", "capacity_assessment", ["icb_id"], unique=False)
    op.create_index("ix_capacity_assessment_person_id", "capacity_assessment", ["person_id"], unique=False)


def _rebuild(table: str, after: str, columns: list[tuple[str, str, str]], *, add: bool) -> None:
    """Make a table anew on SQLite with columns added or taken away, its checks, links and indexes kept.

    SQLite cannot add a link to a table that is there, and a batch of Alembic's would lose the checks. The tables are
    not append-only and have no triggers; foreign keys are off while a migration runs (env.py).
    """
    run = op.get_bind().exec_driver_sql
    sql = str(run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one())
    indexes = run(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (table,)
    ).scalars().all()  # fmt: skip
    new = "".join(f", {name} {kind}" for name, kind, _to in columns)
    links = "".join(f", FOREIGN KEY({name}) REFERENCES {to} (id)" for name, _kind, to in columns if to)
    if add:
        body = sql.rstrip()
        if body.count(after) != 1 or not body.endswith(")"):
            raise RuntimeError(f"{table} is not as the first migration made it")
        fresh = body[:-1].rstrip().replace(after, after + new) + links + ")"
    else:
        fresh = sql.replace(new, "", 1).replace(links, "", 1)
    _head, _, rest = fresh.partition("(")
    run(f"CREATE TABLE new_{table} ({rest}")
    kept = [
        row[1] for row in run(f"PRAGMA table_info({table})").all() if row[1] not in {name for name, *_more in columns}
    ]
    names = ", ".join(f'"{name}"' for name in kept)
    run(f"INSERT INTO new_{table} ({names}) SELECT {names} FROM {table}")  # noqa: S608 - the names are the schema's
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE new_{table} RENAME TO {table}")
    for index in indexes:
        run(str(index))
