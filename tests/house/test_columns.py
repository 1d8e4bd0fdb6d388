"""Every column says whether it is personal; append-only tables refuse change even by SQL."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from phbportal import tables

ABOUT_PEOPLE = ("person", "payee_account", "user_account")
SHARED = {"id", "created_at", "created_by", "updated_at", "updated_by", "row_version"}


def test_every_column_says_whether_it_is_personal() -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.tables.values()
        for column in table.columns
        if "personal" not in column.info
    ]
    assert silent == [], "make these columns with the helpers of tables/base.py"


@pytest.mark.parametrize("name", ABOUT_PEOPLE)
def test_a_column_about_people_that_is_not_personal_gives_its_reason(name: str) -> None:
    unexplained = [
        column.name
        for column in tables.metadata.tables[name].columns
        if column.name not in SHARED and not column.info["personal"] and column.info["why"] in ("", "a link")
    ]
    assert unexplained == [], f'say why in {name}: why="…"'


def test_money_columns_end_in_pence_and_are_whole_numbers() -> None:
    for table in tables.metadata.tables.values():
        for column in table.columns:
            if column.name.endswith("_pence"):
                assert column.type.python_type is int, f"{table.name}.{column.name} must be whole pence"
            assert column.type.python_type is not float, f"{table.name}.{column.name} is a float"


@pytest.mark.parametrize("name", tables.APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "REPLACE"])
def test_an_append_only_table_refuses_change_even_by_sql(engine: Engine, name: str, verb: str) -> None:
    columns = tables.metadata.tables[name].columns
    values = {c.name: _some(c) for c in columns if not c.nullable}
    sqlite = engine.dialect.name == "sqlite"
    insert = f"INTO {name} ({', '.join(values)}) VALUES ({', '.join(':' + k for k in values)})"
    with engine.connect() as connection:
        if sqlite:
            connection.execute(text("ROLLBACK"))
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # pyright: ignore
            connection.execute(text("BEGIN"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(f"INSERT {insert}"), values)
        if not sqlite:
            connection.execute(text("SET session_replication_role = origin"))
        statement = {
            "UPDATE": f"UPDATE {name} SET created_by = NULL",
            "DELETE": f"DELETE FROM {name}",
            "REPLACE": f"INSERT OR REPLACE {insert}" if sqlite else f"TRUNCATE {name} CASCADE",
        }[verb]
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement), values if verb == "REPLACE" and sqlite else {})


def _some(column: object) -> object:
    """A value that fits a column and its checks."""
    from uuid import UUID

    from sqlalchemy import Column

    assert isinstance(column, Column)
    by_name = {
        "verb": "PAY", "from_id": UUID(int=1).hex, "to_id": UUID(int=2).hex, "amount_pence": 1, "position": 0,
        "effective_on": "2026-04-06", "created_at": "2026-04-06 12:00:00", "times": 1, "rows_shown": 1,
        "line": 1, "answer": "ACCEPTED", "party": "BOARD", "how": "PORTAL", "signed_on": "2026-04-06",
    }  # fmt: skip
    if column.name in by_name:
        return by_name[column.name]
    return UUID(int=7).hex if column.type.python_type is UUID else "x"
