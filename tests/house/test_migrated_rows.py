"""What a migration does to rows that are there, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CHAR, Connection, Engine, MetaData, Table, Uuid, event, select

from alembic import command
from tests.house.test_migrations import configured, empty

__all__ = ["empty"]


def as_it_is() -> MetaData:
    """Tables as the database holds them; SQLite keeps an id as 32 letters."""
    found = MetaData()

    @event.listens_for(found, "column_reflect")
    def _ids(_inspector: Any, _table: Any, column: Any) -> None:
        if isinstance(column["type"], CHAR) and column["type"].length == 32:
            column["type"] = Uuid()

    return found


def add(connection: Connection, table: Table, **given: Any) -> UUID:
    """A row with something in every column that must hold something."""
    row_id = uuid4()
    values = {"id": row_id} | given
    for column in table.columns:
        if column.nullable or column.name in values:
            continue
        kind = column.type.python_type
        values[column.name] = {
            str: "", int: 0, bool: False, date: date(2026, 4, 1), datetime: datetime(2026, 4, 1, tzinfo=UTC),
        }[kind]  # fmt: skip
    connection.execute(table.insert().values(**values))
    return row_id


def test_0015_says_which_representative_nominated_where_there_was_only_one_who_may(empty: Engine) -> None:
    command.upgrade(configured(empty), "0014")
    found = as_it_is()
    found.reflect(empty, only=["organisation", "person", "person_role"])
    organisation, person, part = (found.tables[name] for name in ("organisation", "person", "person_role"))
    act = {"relation": "SIBLING", "status": "ACTIVE"}
    nominees: dict[str, tuple[UUID, UUID | None]] = {}
    with empty.begin() as connection:
        board = add(connection, organisation, kind="ICB")
        for name, bases in {
            "one": ["PARENT"], "two": ["PARENT", "LPA"], "appointed": ["APPOINTED_BY_ICB"],
            "one beside": ["DEPUTY", "APPOINTED_BY_ICB"],
        }.items():  # fmt: skip
            whose = add(connection, person, nhs_number_status="07")
            about = act | {"person_id": whose, "icb_id": board}
            parts = [
                add(connection, part, **about, role="REPRESENTATIVE", basis=b, nominated_by="", name=b) for b in bases
            ]  # fmt: skip
            nominee = add(connection, part, **about, role="NOMINEE", basis="", nominated_by="REPRESENTATIVE", name=name)
            nominees[name] = (nominee, parts[0] if name.startswith("one") else None)
    command.upgrade(configured(empty), "head")
    now = Table("person_role", as_it_is(), autoload_with=empty)
    with empty.connect() as connection:
        kept = {row.id: row.nominator_id for row in connection.execute(select(now.c.id, now.c.nominator_id))}
    assert {name: kept[nominee] for name, (nominee, _one) in nominees.items()} == {
        name: one for name, (_nominee, one) in nominees.items()
    }


def test_0032_keeps_what_is_said_of_the_rows_a_file_made(empty: Engine) -> None:
    command.upgrade(configured(empty), "0030")
    found = as_it_is()
    found.reflect(empty, only=["organisation", "user_account", "import_batch", "import_made"])
    made = found.tables["import_made"]
    with empty.begin() as connection:
        board = add(connection, found.tables["organisation"], kind="ICB")
        user = add(connection, found.tables["user_account"])
        about = {"icb_id": board, "prepared_by": user, "status": "DONE", "decides": "caseload.approve"}
        batch = add(connection, found.tables["import_batch"], **about)
        for n in range(3):
            add(connection, made, batch_id=batch, of_table="person", row_id=uuid4(), version=n + 1, before="{}")
        was = set(connection.execute(select(made)))
    for revision in ("0032", "0030", "0032"):
        act = command.upgrade if revision == "0032" else command.downgrade
        act(configured(empty), revision)
        with empty.connect() as connection:
            assert set(connection.execute(select(made))) == was


def test_0036_keeps_what_a_file_made_together_and_takes_it_apart_again(empty: Engine) -> None:
    command.upgrade(configured(empty), "0033")
    found = as_it_is()
    found.reflect(empty, only=["import_made"])
    made = found.tables["import_made"]
    files, people = [uuid4(), uuid4()], [uuid4() for _ in range(4)]
    changed = '{"postcode": "L8 7SS"}'
    rows = {
        *((files[0], "person", one, 1, "") for one in people), (files[0], "phb", uuid4(), 1, ""),
        (files[0], "person", uuid4(), 3, ""), (files[1], "person", people[0], 2, changed),
        (files[1], "person", people[1], 2, changed), (files[1], "person", uuid4(), 1, ""),
    }  # fmt: skip
    with empty.begin() as connection:
        for batch, table, row_id, version, before in rows:
            add(connection, made, batch_id=batch, of_table=table, row_id=row_id, version=version, before=before)
    for _ in range(2):
        command.upgrade(configured(empty), "0036")
        now = Table("import_made", as_it_is(), autoload_with=empty)
        with empty.connect() as connection:
            kept = connection.execute(select(now)).all()
        assert len(kept) == len(rows) - 3
        each = {
            (one.batch_id, one.of_table, UUID(row_id), one.version, one.before)
            for one in kept for row_id in one.ids.split(",")
        }  # fmt: skip
        assert each == rows
        command.downgrade(configured(empty), "0033")
        with empty.connect() as connection:
            c = made.c
            again = connection.execute(select(c.batch_id, c.of_table, c.row_id, c.version, c.before)).all()
        assert sorted(again) == sorted(rows)
