"""The files of a new resource, and the lines it adds to shared ones. What begins with $ is the noun in one of its forms
(``new_resource.Noun``)."""

from __future__ import annotations

DOMAIN = '''"""$Many_words of a budget: what may be said of them."""

from __future__ import annotations

from datetime import date

from phbportal.domain.errors import Problem


def ${snake}_problem(noted_on: date, today: date) -> Problem | None:
    """What is wrong with the day $a_one was noted."""
    return Problem("The day cannot be in the future.", "noted_on") if noted_on > today else None
'''

TABLE = '''"""$Many_words of a budget."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.tables.base import Record, day, link, long_text, sort_text, text


class $Class(Record, table=True):
    """One $one of a budget."""

    __tablename__ = "$snake"

    icb_id: UUID = link("organisation", why="the board whose budget it belongs to")
    phb_id: UUID = link("phb", personal=True)
    name: str = text(personal=True)
    search_name: str = sort_text(personal=True, index=True)
    noted_on: date = day(personal=True)
    note: str = long_text(personal=True)
'''

MIGRATION = '''"""$many_words of budgets"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "$number"
down_revision = "$down"
branch_labels = None
depends_on = None

_SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "$snake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("icb_id", sa.Uuid(), nullable=False),
        sa.Column("phb_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_name", _SORT, nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["icb_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["phb_id"], ["phb.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_${snake}_icb_id", "$snake", ["icb_id"], unique=False)
    op.create_index("ix_${snake}_phb_id", "$snake", ["phb_id"], unique=False)
    op.create_index("ix_${snake}_search_name", "$snake", ["search_name"], unique=False)


def downgrade() -> None:
    op.drop_table("$snake")
'''

SERVICE = '''"""$Many_words of a budget: written down and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from phbportal.domain.errors import Refusal
from phbportal.domain.$module import ${snake}_problem
from phbportal.domain.text import search_key
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.$module import $Class
from phbportal.tables.phbs import Phb


def add_$snake(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Write $a_one down. Returns its id."""
    phb = uow.find(Phb, values["phb_id"])
    uow.require(Permission.${UPPER}_WRITE, phb)
    _check(uow, values)
    row = uow.add($Class, icb_id=phb.icb_id, phb_id=phb.id, **_columns(values))
    uow.record("${snake}_added", about=row, phb_id=phb.id, person_id=phb.person_id, name=row.name)
    return row.id


def change_$snake(uow: UnitOfWork, ${snake}_id: UUID, values: Mapping[str, Any]) -> None:
    """Change what is known of $a_one."""
    row = uow.find($Class, ${snake}_id, lock=True)
    uow.require(Permission.${UPPER}_WRITE, row)
    _check(uow, values)
    if changed := uow.change(row, **_columns(values)):
        phb = uow.find(Phb, row.phb_id)
        uow.record_change(
            "${snake}_changed", row, changed, untold=("note",), name=row.name, phb_id=phb.id, person_id=phb.person_id
        )


def _check(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    if problem := ${snake}_problem(values["noted_on"], uow.today):
        raise Refusal(problem)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: values[name] for name in ("name", "noted_on", "note")}
    return kept | {"search_name": search_key(values["name"])[:200]}
'''

DECLARATION = '''"""$Many_words of a budget."""

from __future__ import annotations

from phbportal.admin.fields import Day, Link, LongText, Text
from phbportal.admin.resource import Form, Resource, Section, fields
from phbportal.policy.permissions import Permission
from phbportal.services.$module import add_$snake, change_$snake
from phbportal.tables.$module import $Class

$MANY = Resource(
    code="$code",
    table=$Class,
    one="$one",
    many="$Many_words",
    intro="$Many_words of budgets.",
    read=Permission.${UPPER}_READ,
    fields=(
        Text("name", sort_by="search_name"),
        Day("noted_on", "Day", needed="Enter the day."),
        LongText("note", optional=True),
        Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference"),
    ),
    title="name",
    columns=("name", "phb_id", "noted_on"),
    order="name",
    sorts=("name", "noted_on"),
    search=("search_name",),
    search_hint="By name",
    sections=(Section("About it", ("name", "phb_id", "noted_on", "note")),),
    new=Form(
        title="Add $a_one",
        steps=fields("phb_id", "name", "noted_on", "note"),
        permission=Permission.${UPPER}_WRITE,
        save=add_$snake,
        done="The $one was written down.",
    ),
    change=Form(
        title="Change the $one",
        steps=fields("name", "noted_on", "note"),
        permission=Permission.${UPPER}_WRITE,
        save=change_$snake,
        done="The changes were saved.",
    ),
)
'''

TESTS = '''"""$Many_words of a budget: who writes them down, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from phbportal.domain.errors import NotFound, Refusal
from phbportal.services.$module import add_$snake, change_$snake
from phbportal.tables.$module import $Class
from tests.services.asking import Copy, refused, row


def values(copy: Copy, **more: Any) -> dict[str, Any]:
    world, case = copy
    return {"phb_id": case.phb_id, "name": "First", "noted_on": world.today, "note": "", **more}


def test_${a_snake}_is_written_down_and_changed(drafted: Copy) -> None:
    world, _case = drafted
    added = world.do(world.cm, lambda uow: add_$snake(uow, values(drafted)))
    assert row(world, $Class, added).search_name == "first"
    world.do(world.cm, lambda uow: change_$snake(uow, added, values(drafted, name="Second")))
    found = row(world, $Class, added)
    assert (found.name, found.search_name, found.row_version) == ("Second", "second", 2)


def test_a_day_to_come_is_refused_beside_its_field(drafted: Copy) -> None:
    world, _case = drafted
    tomorrow = world.today + timedelta(days=1)
    said = refused(world, world.cm, lambda uow: add_$snake(uow, values(drafted, noted_on=tomorrow)))
    assert said == "The day cannot be in the future."


@pytest.mark.parametrize("by", ["clinician", "finance", "approver", "auditor"])
def test_only_a_case_manager_writes(drafted: Copy, by: str) -> None:
    world, _case = drafted
    with pytest.raises(Refusal):
        world.do(world.actors[by], lambda uow: add_$snake(uow, values(drafted)))


def test_another_board_neither_sees_nor_changes_it(drafted: Copy) -> None:
    world, _case = drafted
    added = world.do(world.cm, lambda uow: add_$snake(uow, values(drafted)))
    with pytest.raises(NotFound):
        world.do(world.other_cm, lambda uow: change_$snake(uow, added, values(drafted)))
    with pytest.raises(NotFound):
        world.do(world.other_cm, lambda uow: add_$snake(uow, values(drafted)))
'''

FILES: dict[str, str] = {
    "phbportal/domain/$module.py": DOMAIN,
    "phbportal/tables/$module.py": TABLE,
    "alembic/versions/${number}_$module.py": MIGRATION,
    "phbportal/services/$module.py": SERVICE,
    "phbportal/resources/$module.py": DECLARATION,
    "tests/services/test_$module.py": TESTS,
}

IMPORT_TABLE = "from phbportal.tables.$module import $Class"
ROW = (
    '        uow.add($Class, icb_id=world.icb, phb_id=case.phb_id, name="First", search_name="first",\n'
    "                noted_on=world.today)  # fmt: skip"
)

LINES: tuple[tuple[str, str, str, str], ...] = (
    ("phbportal/tables/__init__.py", "import", "phbportal.tables", "$module"),
    ("phbportal/tables/__init__.py", "names", "__all__", '    "$module",'),
    ("phbportal/policy/permissions.py", "class", "Permission", '    ${UPPER}_READ = "${UPPER}_READ"'),
    ("phbportal/policy/permissions.py", "class", "Permission", '    ${UPPER}_WRITE = "${UPPER}_WRITE"'),
    (
        "phbportal/policy/permissions.py", "list", "SENTENCES",
        '    Permission.${UPPER}_READ: "See $many_words of budgets.",',
    ),
    (
        "phbportal/policy/permissions.py", "list", "SENTENCES",
        '    Permission.${UPPER}_WRITE: "Write $many_words of budgets down, and change them.",',
    ),
    ("phbportal/policy/grants.py", "list", "GRANTS", "    P.${UPPER}_READ: _staff(*_READERS),"),
    ("phbportal/policy/grants.py", "list", "GRANTS", "    P.${UPPER}_WRITE: _staff(is_case_manager),"),
    ("phbportal/policy/grants.py", "list", "LET_IN_TO", "        P.${UPPER}_READ,"),
    ("phbportal/queries/scope.py", "imports", "", IMPORT_TABLE),
    ("phbportal/queries/read_permissions.py", "imports", "", IMPORT_TABLE),
    ("phbportal/queries/read_permissions.py", "list", "READ", "    $Class: Permission.${UPPER}_READ,"),
    ("phbportal/queries/scope.py", "list", "_BY_TABLE", "    $Class: _board($Class),"),
    ("phbportal/domain/history.py", "list", "SENTENCES", '    "${snake}_added": "wrote down $a_one: {name}.",'),
    (
        "phbportal/domain/history.py", "list", "SENTENCES",
        '    "${snake}_changed": "changed {fields} of $a_one: {name}.",',
    ),
    ("phbportal/resources/everything.py", "imports", "", "from phbportal.resources.$module import $MANY"),
    ("phbportal/resources/everything.py", "list", "RESOURCES", "    $MANY,"),
    ("tests/queries/test_scope.py", "imports", "", IMPORT_TABLE),
    ("tests/queries/test_scope.py", "list", "CLOSED_TO_HOLDERS", "    $Class,"),
    ("tests/queries/test_scope.py", "with", "through_everything", ROW),
)  # fmt: skip
"""The shared file, the kind of place (``inserting.py``), its name, and the line."""
