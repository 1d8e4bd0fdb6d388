"""I35: the code on an output is the one that was valid on the day its period ends, on both sides of 1 April."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.policy.actors import SYSTEM
from phbportal.queries.boards import (
    BoardOn,
    board_of_letter,
    boards_of_budgets,
    boards_of_payments,
    boards_of_people,
    boards_of_people_on,
    boards_on,
    code_of,
)
from phbportal.services.reference_data import add_boards
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb

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


def somebody(uow: UnitOfWork, number: int, *spans: tuple[str, date, date | None]) -> UUID:
    row = uow.add(Person, id=uuid5(UUID(int=0), str(number)), given_name="A", family_name="B",
                  date_of_birth=date(1960, 1, 1), search_name="b", search_given="a")  # fmt: skip
    for code, starts, ends in spans:
        uow.add(PersonResponsibility, person_id=row.id, icb_id=board(uow, code), starts_on=starts, ends_on=ends)
    return row.id


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
    merged = somebody(uow, 1, ("QH8", date(2024, 5, 1), LAST), (ESSEX, FIRST, None))
    stayed = somebody(uow, 2, ("QYG", date(2024, 5, 1), None))
    came = somebody(uow, 3, (ESSEX, FIRST + timedelta(days=9), None))
    people = [merged, stayed, came]
    on = {day: boards_of_people_on(uow.session, people, day) for day in (LAST, FIRST)}
    assert {person: one.code for person, one in on[LAST].items()} == {merged: "QH8", stayed: "QYG"}
    assert {person: one.code for person, one in on[FIRST].items()} == {merged: ESSEX, stayed: "QYG"}
    assert on[LAST][merged] == BoardOn("QH8", "NHS Mid and South Essex Integrated Care Board")


def test_many_people_are_asked_for_a_thousand_at_a_time(uow: UnitOfWork) -> None:
    nobody = [uuid5(UUID(int=1), str(number)) for number in range(2_100)]
    assert boards_of_people_on(uow.session, nobody, FIRST) == {}


def test_lists_carry_the_code_of_the_day_a_row_is_for(uow: UnitOfWork) -> None:
    """A budget that ended before the merger is the old board's, and so is a payment for March; what goes on is not."""
    person = somebody(uow, 7, ("QH8", date(2024, 5, 1), LAST), (ESSEX, FIRST, None))
    about = {"icb_id": board(uow, ESSEX), "person_id": person, "cohort": "CHC", "kind": "ONGOING"}

    def phb(reference: str, **more: object) -> UUID:
        return uow.add(Phb, reference=reference, opened_on=date(2024, 5, 1), status="ACTIVE", **about, **more).id

    ended, ending, runs = phb("P1", ended_on=LAST), phb("P2", ended_on=FIRST + timedelta(days=90)), phb("P3")
    found = boards_of_budgets(uow.session, SYSTEM, FIRST, [ended, ending, runs])
    assert {one: code_of(it) for one, it in found.items()} == {ended: "QH8", ending: ESSEX, runs: ESSEX}
    stream = uow.add(
        Stream, phb_id=runs, icb_id=about["icb_id"], method="NOTIONAL", payee_kind="NONE", status="ACTIVE",
        starts_on=date(2024, 5, 1), frequency="FOUR_WEEKLY", weekly_pence=100, one_off_pence=0,
    ).id  # fmt: skip

    def paid(last: date) -> UUID:
        return uow.add(
            PaymentItem, stream_id=stream, phb_id=runs, icb_id=about["icb_id"], reference=f"PAY {last}",
            period_start=last - timedelta(days=27), period_end=last, amount_pence=400, due_on=FIRST, status="PLANNED",
            line_type="AGENCY", idempotency_key=f"pay {last}",
        ).id  # fmt: skip

    march, april = paid(LAST), paid(FIRST)
    payments = boards_of_payments(uow.session, SYSTEM, FIRST, [march, april])
    assert {one: code_of(it) for one, it in payments.items()} == {march: "QH8", april: ESSEX}
    assert code_of(boards_of_people(uow.session, SYSTEM, FIRST, [person])[person]) == ESSEX
    assert boards_of_budgets(uow.session, SYSTEM, FIRST, []) == {}


def test_a_letter_is_headed_by_the_board_that_wrote_it_whenever_it_is_printed(uow: UnitOfWork) -> None:
    person = somebody(uow, 8, ("QH8", date(2024, 5, 1), LAST), (ESSEX, FIRST, None))
    heads = [board_of_letter(uow.session, person, board(uow, ESSEX), on) for on in (LAST, FIRST, date(2020, 1, 1))]
    essex = uow.session.get_one(Organisation, board(uow, ESSEX)).name
    assert heads == ["NHS Mid and South Essex Integrated Care Board", essex, essex]
