"""I35: the code on an output is the one that was valid on the day its period ends, on both sides of 1 April."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.policy.actors import SYSTEM
from phbportal.queries.boards import BoardOn, boards_of_people_on, boards_on
from phbportal.services.reference_data import add_boards
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility

LAST, FIRST = date(2026, 3, 31), date(2026, 4, 1)
ESSEX, CENTRAL = "D7T5G", "S1Y5D"


@pytest.fixture(scope="module")
def uow(module_engine: Engine) -> Iterator[UnitOfWork]:
    with open_unit(module_engine, SYSTEM, writes=True) as uow:
        add_boards(uow)
        yield uow


def board(uow: UnitOfWork, code: str) -> UUID:
    return uow.session.execute(select(col(Organisation.id)).where(col(Organisation.ods_code) == code)).scalar_one()


def codes(uow: UnitOfWork, code: str, on: date) -> list[str]:
    return [one.code for one in boards_on(uow.session, board(uow, code), on)]


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("QYG", ["QYG"], ["QYG"]),
        ("QH8", ["QH8"], [ESSEX]),
        (ESSEX, ["QH8", "QJG", "QM7"], [ESSEX]),
        ("QM7", ["QM7"], [ESSEX, CENTRAL]),
        ("QRL", ["QRL"], ["QRL"]),  # Hampshire took a part of Frimley and stayed what it was
        ("QNQ", ["QNQ"], ["QRL", "S0E4D", "S9B9J"]),
    ],
)
def test_a_board_goes_by_the_codes_of_the_day(uow: UnitOfWork, code: str, before: list[str], after: list[str]) -> None:
    assert codes(uow, code, LAST) == before
    assert codes(uow, code, FIRST) == after
    assert codes(uow, code, date(2026, 6, 30)) == after


def test_a_day_before_there_were_boards_has_none(uow: UnitOfWork) -> None:
    assert codes(uow, ESSEX, date(2022, 6, 30)) == []


def test_a_person_s_rows_carry_the_code_of_the_board_that_answered_for_them_that_day(uow: UnitOfWork) -> None:
    def somebody(number: int, *spans: tuple[str, date, date | None]) -> UUID:
        row = uow.add(Person, id=uuid5(UUID(int=0), str(number)), given_name="A", family_name="B",
                      date_of_birth=date(1960, 1, 1), search_name="b", search_given="a")  # fmt: skip
        for code, starts, ends in spans:
            uow.add(PersonResponsibility, person_id=row.id, icb_id=board(uow, code), starts_on=starts, ends_on=ends)
        return row.id

    merged = somebody(1, ("QH8", date(2024, 5, 1), LAST), (ESSEX, FIRST, None))
    stayed = somebody(2, ("QYG", date(2024, 5, 1), None))
    came = somebody(3, (ESSEX, FIRST + timedelta(days=9), None))
    people = [merged, stayed, came]
    on = {day: boards_of_people_on(uow.session, people, day) for day in (LAST, FIRST)}
    assert {person: one.code for person, one in on[LAST].items()} == {merged: "QH8", stayed: "QYG"}
    assert {person: one.code for person, one in on[FIRST].items()} == {merged: ESSEX, stayed: "QYG"}
    assert on[LAST][merged] == BoardOn("QH8", "NHS Mid and South Essex Integrated Care Board")


def test_many_people_are_asked_for_a_thousand_at_a_time(uow: UnitOfWork) -> None:
    nobody = [uuid5(UUID(int=1), str(number)) for number in range(2_100)]
    assert boards_of_people_on(uow.session, nobody, FIRST) == {}
