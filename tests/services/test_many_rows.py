"""Many rows at once are the rows that one at a time would be, and are refused as one would be: on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services.behind import Behind
from phbportal.services.many_rows import (
    AT_A_TIME,
    BATCH,
    columns_ready,
    insert_many,
    is_among,
    many_ready,
    parts_of,
    update_many,
)
from phbportal.services.new_rows import Ids, NewRows
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.audit import AuditEvent
from phbportal.tables.base import new_id
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility

NOW = datetime(2026, 11, 22, 12, 0, 0, 123, UTC)
SUMMER = datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
ODD = (
    "a\tb",
    "a\nb",
    "a\r\nb",
    "a\\nb",
    r"\N",
    r"\.",
    "\\",
    "",
    " ",
    "O’Brien",
    "Łuksza",
    "'; --",
    "👩🏽‍⚕️",
    '"quoted"',
    "\x01",
)


def person(**more: Any) -> dict[str, Any]:
    values = {name: field.default for name, field in Person.model_fields.items() if not field.is_required()}
    stamp = {"id": new_id(), "created_at": NOW, "created_by": None, "updated_at": NOW, "updated_by": None}
    named = {"given_name": "Ada", "family_name": "Byron", "search_name": "byron ada", "search_given": "ada byron"}
    return values | stamp | named | {"date_of_birth": date(1970, 12, 10)} | more


def held(engine: Engine, table: Any = Person) -> list[dict[str, Any]]:
    with open_unit(engine, SYSTEM, writes=False) as uow:
        return [row.model_dump() for row in uow.session.execute(select(table).order_by(col(table.id))).scalars()]


def test_many_rows_hold_what_a_row_by_itself_would(engine: Engine) -> None:
    rows = [
        person(
            known_as=odd, address=odd * 3, died_on=date(2026, 1, n + 1) if n % 2 else None,
            nhs_number=None if n % 3 else f"{n:010d}", easy_read=bool(n % 2), created_at=SUMMER if n % 2 else NOW,
            row_version=n + 1,
        )
        for n, odd in enumerate(ODD)
    ]  # fmt: skip
    with open_unit(engine, SYSTEM, writes=True) as uow:
        insert_many(uow.session, Person, rows)
    many = held(engine)
    with open_unit(engine, SYSTEM, writes=True) as uow:
        for row in uow.session.execute(select(Person)).scalars():
            uow.session.delete(row)
        uow.session.flush()
        for values in rows:
            uow.session.add(Person(**values))
    assert many == held(engine)
    assert [row["known_as"] for row in many] == list(ODD)
    assert {row["created_at"] for row in many} == {NOW, SUMMER.astimezone(UTC)}


def test_rows_may_leave_their_ids_out(engine: Engine) -> None:
    rows = [person(known_as=f"Ada {n}") for n in range(30)]
    for row in rows:
        del row["id"]
    with open_unit(engine, SYSTEM, writes=True) as uow:
        before = new_id()
        insert_many(uow.session, Person, rows)
        after = new_id()
    found = held(engine)
    assert [row["known_as"] for row in found] == [row["known_as"] for row in rows], "in the order of making"
    assert all(before < row["id"] < after and row["id"].version == 7 for row in found)


def test_what_is_made_ready_is_as_it_was_then_and_is_written_when_it_is_asked_for(engine: Engine) -> None:
    rows = [person(known_as="Ada")]
    with open_unit(engine, SYSTEM, writes=True) as uow:
        write = many_ready(uow.session, Person, rows)
        rows[0]["known_as"] = "Mary"
        assert not uow.session.execute(select(Person)).all()
        write()
    assert [row["known_as"] for row in held(engine)] == ["Ada"]


def test_what_all_rows_hold_alike_is_said_once(engine: Engine) -> None:
    """As if every row held it; and no row may hold it otherwise."""
    rows = [person(known_as=odd, row_version=n + 1) for n, odd in enumerate(ODD)]
    alike: dict[str, Any] = {name: rows[0][name] for name in rows[0].keys() - {"id", "known_as", "row_version"}}
    alike |= {"address": "1 High Street\nLeeds\\N", "died_on": None, "easy_read": True}
    own = {name: [row[name] for row in rows] for name in rows[0] if name not in alike}
    with open_unit(engine, SYSTEM, writes=True) as uow:
        columns_ready(uow.session, Person, own, alike)()
    assert held(engine) == [Person(**(row | alike)).model_dump() for row in rows]
    with open_unit(engine, SYSTEM, writes=False) as uow, pytest.raises(ValueError, match="differ"):
        columns_ready(uow.session, Person, own, {"known_as": "Ada"})


def test_new_rows_of_a_table_may_be_given_different_columns(engine: Engine) -> None:
    names = {"given_name": "Ada", "family_name": "Byron", "search_name": "byron ada", "search_given": "ada byron"}
    born = {"date_of_birth": date(1970, 12, 10)}
    with open_unit(engine, SYSTEM, writes=True, now=NOW) as uow:
        new = NewRows(uow, Person)
        for more in ({}, {"known_as": "A"}, {"postcode": "L1 8JQ"}, {"known_as": "B"}):
            new.put(Person, **names, **born, **more)
        new.write()
        assert not new.waiting
    assert [(row["known_as"], row["postcode"], row["row_version"]) for row in held(engine)] == [
        ("", "", 1), ("A", "", 1), ("", "L1 8JQ", 1), ("B", "", 1),
    ]  # fmt: skip


@pytest.fixture
def one_engine(engine: Engine) -> Engine:
    return engine


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60), max_size=8)
)
def test_any_text_comes_back_as_it_was(one_engine: Engine, texts: list[str]) -> None:
    with open_unit(one_engine, SYSTEM, writes=True) as uow:
        insert_many(uow.session, Person, [person(address=text) for text in texts])
        found = uow.session.execute(select(col(Person.address)).order_by(col(Person.id))).scalars()
        assert list(found) == texts
        uow.session.rollback()


def test_more_rows_than_are_sent_at_once(engine: Engine) -> None:
    many = AT_A_TIME + 1
    with open_unit(engine, SYSTEM, writes=True) as uow:
        insert_many(uow.session, Person, [person(row_version=n) for n in range(many)])
        assert uow.session.execute(select(func.sum(col(Person.row_version)))).scalar_one() == many * (many - 1) // 2
    assert [len(part) for part in parts_of(range(BATCH + 1))] == [BATCH, 1]


def test_rows_that_differ_in_their_columns_are_a_mistake(engine: Engine) -> None:
    more, fewer = person(), person()
    del fewer["known_as"]
    with open_unit(engine, SYSTEM, writes=False) as uow:
        for rows in ([more, fewer], [fewer, more]):
            with pytest.raises((ValueError, KeyError)):
                insert_many(uow.session, Person, rows)
        insert_many(uow.session, Person, [])
        uow.session.rollback()


@pytest.mark.parametrize(
    "wrong",
    [{"given_name": None}, {"id": "twice"}, {"nhs_number": "9990000018"}],
    ids=["empty", "same-id", "same-number"],
)
def test_the_databases_rules_hold_and_nothing_is_kept(engine: Engine, wrong: dict[str, Any]) -> None:
    first = person(nhs_number="9990000018")
    second = person(**({"id": first["id"]} if wrong.get("id") else wrong))
    with pytest.raises((Refusal, IntegrityError)), open_unit(engine, SYSTEM, writes=True) as uow:
        insert_many(uow.session, Person, [person(), first, second])
    assert held(engine) == []


def test_a_link_to_nobody_is_refused(engine: Engine) -> None:
    stamp = {"created_at": NOW, "created_by": None, "updated_at": NOW, "updated_by": None, "row_version": 1}
    row = {"id": new_id(), "person_id": new_id(), "icb_id": new_id(), "starts_on": NOW.date(), "ends_on": None, **stamp}
    with pytest.raises(DBAPIError), open_unit(engine, SYSTEM, writes=True) as uow:
        insert_many(uow.session, PersonResponsibility, [row])
    assert held(engine, PersonResponsibility) == []


def test_what_is_too_long_is_refused_and_not_cut(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return  # SQLite does not count letters
    for values in ({"nhs_number": "99900000188"}, {"given_name": "x" * 500}):
        with pytest.raises(DBAPIError), open_unit(engine, SYSTEM, writes=True) as uow:
            insert_many(uow.session, Person, [person(**values)])
        with open_unit(engine, SYSTEM, writes=True) as uow:
            insert_many(uow.session, Person, [one := person(nhs_number="9990000018")])
        with pytest.raises(DBAPIError), open_unit(engine, SYSTEM, writes=True) as uow:
            update_many(uow.session, Person, [{"id": one["id"], **values}])
        with open_unit(engine, SYSTEM, writes=True) as uow:
            found = uow.session.execute(
                select(Person).where(is_among(uow.session, col(Person.nhs_number), ["99900000188"]))
            )
            assert found.first() is None
            uow.session.delete(uow.session.get_one(Person, one["id"]))


def test_many_changes_are_each_rows_own(engine: Engine) -> None:
    rows = [person(row_version=1) for _ in range(5)]
    with open_unit(engine, SYSTEM, writes=True) as uow:
        insert_many(uow.session, Person, rows)
    later = NOW + timedelta(days=1)
    changes: list[dict[str, Any]] = [
        {"id": rows[0]["id"], "postcode": "L1 8JQ", "row_version": 2, "updated_at": later},
        {"id": rows[1]["id"], "postcode": "M1 1AE", "row_version": 2, "updated_at": later},
        {"id": rows[2]["id"], "nhs_number": "9990000018", "local_reference": None, "row_version": 2},
    ]
    with open_unit(engine, SYSTEM, writes=True) as uow:
        update_many(uow.session, Person, changes)
        update_many(uow.session, Person, [])
    wanted = [row | change for row, change in zip(rows, [*changes, {}, {}], strict=True)]
    assert held(engine) == [Person(**values).model_dump() for values in wanted]


def test_an_append_only_table_takes_many_rows_and_gives_none_back(engine: Engine) -> None:
    with open_unit(engine, SYSTEM, writes=True, now=NOW) as uow:
        new = NewRows(uow, Organisation)
        new.record("directory_changed", icb_id=None, about=new_id(), held={"name": ["A\tB", "C\\D"]}, fields=["name"])
        new.write()
    (event,) = held(engine, AuditEvent)
    assert event["details"] == '{"fields": ["name"], "held": {"name": ["A\\tB", "C\\\\D"]}}'
    with pytest.raises(DBAPIError), open_unit(engine, SYSTEM, writes=True) as uow:
        update_many(uow.session, AuditEvent, [{"id": event["id"], "details": "{}"}])


def test_ids_are_kept_by_their_tables() -> None:
    ids, people, boards = Ids(), [new_id() for _ in range(3)], [new_id()]
    for one in people:
        ids.keep(Person, one)
    ids.keep(Organisation, boards[0])
    assert list(ids) == [*((Person, one) for one in people), (Organisation, boards[0])]
    together = [(Person, f"{people[0].hex},{people[1].hex}"), (Person, people[2].hex), (Organisation, boards[0].hex)]
    assert list(ids.together(2)) == together


def test_what_goes_on_behind_is_done_in_order_and_to_its_end() -> None:
    done: list[int] = []
    with Behind() as behind:
        for n in range(20):
            behind.do(lambda n=n: done.append(n))
    assert done == list(range(20))


def _fails() -> None:
    raise Refusal("Not this one.")


def _much(behind: Behind) -> None:
    behind.do(_fails)
    for _ in range(10):
        behind.do(lambda: None)


@pytest.mark.parametrize("act", [_much, lambda behind: behind.do(_fails)], ids=["amid", "last"])
def test_what_fails_behind_is_raised(act: Callable[[Behind], None]) -> None:
    with pytest.raises(Refusal, match="Not this one"), Behind() as behind:
        act(behind)


def test_the_thread_has_let_go_when_the_block_ends_however_it_ends() -> None:
    begun, done = Event(), Event()

    def slow() -> None:
        begun.set()
        Event().wait(0.1)
        done.set()

    def broken_off() -> None:
        with Behind() as behind:
            behind.do(slow)
            begun.wait(5)
            raise KeyError

    with pytest.raises(KeyError):
        broken_off()
    assert done.is_set()
