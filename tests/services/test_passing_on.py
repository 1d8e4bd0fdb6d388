"""What becomes of each table when a board ends; however many people, the same few statements; and two at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from threading import BrokenBarrierError
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from phbportal.domain.errors import Refusal
from phbportal.domain.successions import Leaver
from phbportal.policy.actors import SYSTEM
from phbportal.queries.ledger import check_ledger
from phbportal.queries.passed_on import keeps_its_board
from phbportal.queries.scope import READ
from phbportal.services import payments, succession_trials, successions
from phbportal.services.change_requests import approve
from phbportal.services.passing_on import OF_THEIR_OWN, followers
from phbportal.services.people import PersonEntry, add_person
from phbportal.services.succession_trials import is_done, people_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.append_only import APPEND_ONLY
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import PassedOn, PersonResponsibility
from tests.queries.worlds import Worlds
from tests.services.test_two_at_once import at_once
from tests.support.statements import statements
from tests.support.succeeding import EVE, ON, Ending, ending, propose
from tests.support.world import World

# What else has a board, and what becomes of it. A new table with a board is about a person, a budget, or one of these.
OF_NO_PERSON = {
    "role_assignment": "ends, and begins anew where somebody comes along",
    "invitation": "goes with the part it is for; codes of staff stop working",
    "role_grant": "what waits is withdrawn",
    "saved_view": "goes with whoever saved it",
    "form_draft": "goes with whoever began it",
    "board_money": "stays, and is added to what the successor's come to",
    "policy_setting": "stays: the successor has its own",
    "local_rule": "stays: the successor has its own",
    "document_template": "stays: the successor has its own",
    "uplift": "stays with the board that proposed it; what it agreed for each budget goes with the person",
    "export_request": "stays with the board that asked",
    "import_batch": "stays with the board that brought it in",
    "import_file": "stays with the board that brought it in",
    "import_word": "stays: the successor's offices have their own words",
    "job": "nothing is carried out while one waits",
    "view": "a place in a list, swept",
}


def test_of_every_table_with_a_board_it_is_known_what_becomes_of_it() -> None:
    follow = {table.name for table in followers()}
    for name, table in SQLModel.metadata.tables.items():
        if "icb_id" not in table.c or name in OF_THEIR_OWN:
            continue
        known = [name in follow, name in APPEND_ONLY, name in OF_NO_PERSON]
        assert sum(known) == 1, f"{name}: say in {__file__} what becomes of it when its board ends (ADR 0022)"
    assert set(OF_NO_PERSON) <= set(SQLModel.metadata.tables)


def test_what_is_never_changed_and_is_about_people_is_read_by_what_was_passed_on() -> None:
    names = {str(table.__tablename__) for table in READ if keeps_its_board(table)}
    assert names == {
        "ledger_journal",
        "audit_event",
        "access_event",
        "signature",
        "payee_signature",
        "isf_answer",
        "note",
    }


@pytest.fixture
def merging(worlds: Worlds, kind: str) -> Iterator[tuple[World, Ending]]:
    with worlds.copy(kind, "merging", ending) as copy:
        yield copy


def test_more_people_take_no_more_statements(merging: tuple[World, Ending], worlds: Worlds, kind: str) -> None:
    def asked(world: World) -> int:
        change = propose(world)
        with statements(world.engine) as sent:
            world.do(world.approver, lambda uow: approve(uow, change), on=ON)
        return len(sent)

    with worlds.copy(kind, "merging", ending) as (few, _case):
        before = asked(few)
    many, _case = merging
    for number in range(30):
        entry = PersonEntry("Somebody", f"Number {number}", date(1950, 1, 1), postcode="SL1 2AB")
        many.do(many.cm, lambda uow, e=entry: add_person(uow, e))
    assert asked(many) == before


def test_of_two_who_approve_at_once_one_does(merging: tuple[World, Ending]) -> None:
    world, _case = merging
    change = propose(world)
    acts = [(who, lambda uow: approve(uow, change)) for who in (world.approver, world.other_approver)]
    outcomes = at_once(world, *acts, on=ON)
    assert sum(isinstance(one, Refusal) for one in outcomes) == 1
    with world.unit(SYSTEM, writes=False) as uow:
        assert uow.session.execute(select(func.count()).select_from(PassedOn)).scalar() == 3


@pytest.mark.parametrize("other", ["a payment", "a person"])
def test_what_is_written_in_the_very_moment_comes_along(merging: tuple[World, Ending], other: str) -> None:
    world, case = merging
    change = propose(world)
    entry = payments.PaymentEntry(date(2026, 6, 8), date(2026, 7, 5))

    def pays(uow: UnitOfWork) -> object:
        return payments.record_payment(uow, case.direct.streams[0], entry, key="at once")

    def adds(uow: UnitOfWork) -> object:
        return add_person(uow, PersonEntry("Late", "Comer", date(1950, 1, 1)))

    who, act = (world.finance, pays) if other == "a payment" else (world.cm, adds)
    outcomes = at_once(world, (world.approver, lambda uow: approve(uow, change)), (who, act), on=ON)
    # Each waited for the other, and this one was told to try again; or a busy machine let it begin too late.
    if isinstance(outcomes[0], Refusal | BrokenBarrierError):
        world.do(world.approver, lambda uow: approve(uow, change), on=ON)
    elif isinstance(outcomes[0], BaseException):
        raise outcomes[0]
    with world.unit(SYSTEM, on=ON) as uow:
        board = uow.session.get_one(Organisation, world.icb)
        done = is_done(uow, world.icb)
        assert done is not None
        successions.gather(uow, board, done)
        assert successions.gather(uow, board, done) == 0
    with world.unit(SYSTEM, writes=False) as uow:
        for table in followers():
            left = select(func.count()).where(table.c.icb_id == world.icb)
            if "person_id" in table.c:
                left = left.where(table.c.person_id.is_not(None))
            assert uow.session.execute(left).scalar() == 0, table.name
        assert check_ledger(uow.session) == []
        people = select(func.count()).where(col(PassedOn.icb_id) == world.other_icb)
        came = other == "a person" and not isinstance(outcomes[1], Refusal)
        assert uow.session.execute(people).scalar() == 3 + came


def test_who_is_added_while_it_is_carried_out_stays_until_they_are_gathered(merging: tuple[World, Ending]) -> None:
    """Seen by the later statements of a transaction and not by the earlier ones, whenever they began at the board."""
    world, _case = merging
    change = propose(world)
    early = world.do(world.cm, lambda uow: add_person(uow, PersonEntry("Early", "Comer", date(1950, 1, 1)), since=EVE))
    late = world.do(world.cm, lambda uow: add_person(uow, PersonEntry("Late", "Comer", date(1950, 1, 1))), on=ON)
    unseen = {early, late}

    def seen(uow: UnitOfWork, board: UUID, on: date) -> list[Leaver]:
        return [one for one in people_of(uow, board, on) if one.person_id not in unseen]

    with patch.object(succession_trials, "people_of", seen):
        world.do(world.approver, lambda uow: approve(uow, change), on=ON)

    def answers(person: UUID) -> list[tuple[UUID, date, date | None]]:
        r = PersonResponsibility
        rows = select(col(r.icb_id), col(r.starts_on), col(r.ends_on)).where(col(r.person_id) == person)
        with world.unit(SYSTEM, writes=False) as uow:
            return [tuple(row) for row in uow.session.execute(rows.order_by(col(r.starts_on)))]

    assert answers(early) == [(world.icb, EVE, None)]
    assert answers(late) == [(world.icb, ON, None)]
    with world.unit(SYSTEM, on=ON) as uow:
        done = is_done(uow, world.icb)
        assert done is not None
        successions.gather(uow, uow.session.get_one(Organisation, world.icb), done)
    assert answers(early) == [(world.icb, EVE, EVE), (world.other_icb, ON, None)]
    assert answers(late) == [(world.other_icb, ON, None)]
