"""A board ends and another takes over: everybody goes, to the penny; who reads what; and all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.reading import given
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import decide
from phbportal.queries.dashboard_money import left_to_pay, paid_this_year, set_aside, with_payees
from phbportal.queries.entries import entries_page
from phbportal.queries.history import history_page
from phbportal.queries.ledger import balances_of, check_ledger
from phbportal.queries.passed_on import keeps_its_board
from phbportal.queries.scope import ASKS_WHO, READ, visible
from phbportal.services import payments, successions
from phbportal.services.change_requests import approve, send_back
from phbportal.services.subjects import subject_of
from phbportal.services.succession_trials import SuccessionEntry, try_succession
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.notes import Note
from phbportal.tables.organisations import Organisation, OrganisationSuccession
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import PassedOn, Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.sessions import SignInSession
from phbportal.tables.settings import Job
from phbportal.tables.users import Assignment, Identity
from tests.queries.worlds import Worlds
from tests.services.asking import refused
from tests.support import journey
from tests.support.succeeding import (
    ALL_TO_TWO,
    EVE,
    ON,
    Ending,
    as_it_is,
    at_board,
    ending,
    propose,
    succeed,
)
from tests.support.world import World

Copy = tuple[World, Ending]
ABOUT_PEOPLE = [t for t in READ if {"person_id", "phb_id"} & set(t.model_fields) or t is Person]
SPLIT = {"SL": "QT3", "GU": "QT2"}
STAFF = {"cm@example.org": "QT2", "finance@example.org": "QT3"}


@pytest.fixture
def merging(worlds: Worlds, kind: str) -> Iterator[Copy]:
    with worlds.copy(kind, "merging", ending) as copy:
        yield copy


def split(world: World, case: Ending, **changes: Any) -> SuccessionEntry:
    """Slough to the third board, Guildford to the second; the one without a budget by a line of its own."""
    with world.unit(SYSTEM, writes=False) as uow:
        assert uow.session.get_one(Person, case.people["known"]).postcode.startswith("SL10")
    return replace(SuccessionEntry(("QT2", "QT3"), ON, SPLIT, STAFF), **changes)


def of_board(world: World, table: Any, icb_id: UUID) -> int:
    with world.unit(SYSTEM, writes=False) as uow:
        return uow.session.execute(select(func.count()).where(table.icb_id == icb_id)).scalar_one()


def seen(world: World, actor: Actor, table: type[SQLModel], on: date = ON) -> list[Any]:
    with world.unit(actor, writes=False, on=on) as uow:
        return list(uow.session.execute(select(table).where(visible(actor, table, on))).scalars())


def the_money(world: World) -> Any:
    """Every account's balance, every journal and every posting."""
    with world.unit(SYSTEM, writes=False) as uow:
        accounts = dict(uow.session.execute(select(col(LedgerAccount.path), col(LedgerAccount.balance_pence))).all())
        journals = uow.session.execute(select(col(LedgerJournal.id), col(LedgerJournal.icb_id))).all()
        return accounts, set(journals), uow.session.execute(select(func.count()).select_from(LedgerPosting)).scalar()


def figures(world: World, actor: Actor, on: date) -> tuple[int, ...]:
    with world.unit(actor, writes=False, on=on) as uow:
        return tuple(
            one(uow.session, actor, on) for one in (left_to_pay, set_aside, with_payees, paid_this_year)
        )  # fmt: skip


def test_everybody_goes_with_all_that_is_theirs_and_nobody_twice(merging: Copy) -> None:
    world, case = merging
    own = [t for t in ABOUT_PEOPLE if "icb_id" in t.model_fields and not keeps_its_board(t) and t is not ChangeRequest]
    here, there = ({t: of_board(world, t, board) for t in own} for board in (world.icb, world.other_icb))
    succeed(world)
    for table in own:  # the act sets no task and no review: exactly what was there has come
        assert of_board(world, table, world.icb) == 0, table
        assert of_board(world, table, world.other_icb) == here[table] + there[table], table
    with world.unit(SYSTEM, writes=False) as uow:
        for person in case.people.values():
            rows = uow.session.execute(
                select(PersonResponsibility).where(col(PersonResponsibility.person_id) == person)
                .order_by(col(PersonResponsibility.starts_on))
            ).scalars().all()  # fmt: skip
            assert [(row.icb_id, row.ends_on) for row in rows] == [(world.icb, EVE), (world.other_icb, None)]
            assert rows[1].starts_on == ON
        links = uow.session.execute(select(OrganisationSuccession)).scalars().all()
        assert [(one.predecessor_id, one.successor_id, one.succeeds_on, one.kind) for one in links] == [
            (world.icb, world.other_icb, ON, "merger")
        ]
        assert uow.session.get_one(Organisation, world.icb).valid_to == EVE


def test_the_ledger_is_untouched_and_the_figures_of_the_successor_are_the_sum(merging: Copy) -> None:
    world, _case = merging
    before, ours, theirs = (
        the_money(world),
        figures(world, world.finance, EVE),
        figures(world, world.other_finance, EVE),
    )
    assert ours[0] > 0 < ours[2]
    succeed(world)
    assert the_money(world) == before
    assert figures(world, world.other_finance, ON) == tuple(a + b for a, b in zip(ours, theirs, strict=True))
    # The books of the board that ended stay as it left them.
    assert figures(world, world.finance, EVE) == ours
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []


def test_a_board_s_sum_that_was_altered_after_a_merger_is_found_and_named(merging: Copy) -> None:
    world, _case = merging
    succeed(world)
    with world.unit(SYSTEM) as uow:
        row = uow.session.execute(
            select(BoardMoney).where(col(BoardMoney.icb_id) == world.other_icb).order_by(col(BoardMoney.id)).limit(1)
        ).scalar_one()
        row.amount_pence += 1
    with world.unit(SYSTEM, writes=False) as uow:
        (wrong,) = check_ledger(uow.session)
        assert wrong.path.startswith(f"board {world.other_icb}")
        assert wrong.kept_pence == wrong.computed_pence + 1


def test_payments_go_on_the_planned_one_and_the_next(merging: Copy) -> None:
    world, case = merging
    succeed(world)
    finance, second = (replace(one, icb_id=world.other_icb) for one in (world.finance, world.finance2))
    with world.unit(second, on=date(2026, 6, 2)) as uow:
        item = uow.session.execute(select(PaymentItem).where(col(PaymentItem.reference) == case.planned)).scalar_one()
        payments.confirm_payment(uow, item.id, paid_on=date(2026, 6, 2))
    after = payments.PaymentEntry(date(2026, 6, 8), date(2026, 7, 5))
    for stream in (*case.direct.streams, case.held.streams[0]):
        entry = (
            after if stream == case.direct.streams[0] else payments.PaymentEntry(date(2026, 4, 13), date(2026, 5, 10))
        )
        reference = world.do(
            finance, lambda uow, s=stream, e=entry: payments.record_payment(uow, s, e, key=f"next:{s}"),
            on=date(2026, 6, 8),
        )  # fmt: skip
        with world.unit(second, on=date(2026, 6, 8)) as uow:
            item = uow.session.execute(select(PaymentItem).where(col(PaymentItem.reference) == reference)).scalar_one()
            assert item.icb_id == world.other_icb
            payments.confirm_payment(uow, item.id, paid_on=date(2026, 6, 8))
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []
        assert balances_of(uow.session, case.direct.phb_id).held_by(case.direct.streams[0]) == 3 * 4 * 125_000 + 59_800


def test_scope_agrees_with_decide_on_every_row_after_it(one_merged: Copy) -> None:
    world, case = one_merged
    actors = [
        at_board(Actor(role, user_id=world.cm.user_id), board)
        for role in sorted(STAFF_ROLES) for board in (world.icb, world.other_icb, case.third_icb)
    ]  # fmt: skip
    with world.unit(SYSTEM, writes=False, on=ON) as uow:
        for table in ABOUT_PEOPLE:
            rows = list(uow.session.execute(select(table)).scalars())
            subjects = [(row, subject_of(uow.session, row, ON)) for row in rows]
            for actor in actors:
                sight = select(table).where(visible(actor, table, ON))
                found = {row.id for row in uow.session.execute(sight).scalars()}  # pyright: ignore
                allowed = {row.id for row, subject in subjects if decide(actor, READ[table], subject).allowed}  # pyright: ignore
                assert found == allowed, (actor, table)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def one_merged(worlds: Worlds, request: pytest.FixtureRequest) -> Iterator[Copy]:
    """A merger gone through, for tests that only look."""

    def build(world: World) -> Ending:
        case = ending(world)
        succeed(world)
        return case

    with worlds.copy(request.param, "merged", build) as copy:
        yield copy


def test_those_of_the_successor_read_the_whole_history_and_nobody_else_does(one_merged: Copy) -> None:
    world, case = one_merged
    for table in ABOUT_PEOPLE:
        if table in ASKS_WHO or table is ChangeRequest:
            continue
        for board in (world.icb, case.third_icb):
            for role in sorted(STAFF_ROLES):
                rows = seen(world, at_board(Actor(role, user_id=world.cm.user_id), board), table)
                about = [row for row in rows if getattr(row, "person_id", None) or getattr(row, "phb_id", None)]
                assert about == [], (table, role, board)
    auditor = at_board(world.auditor, world.other_icb)
    with world.unit(auditor, writes=False, on=ON) as uow:
        told = history_page(uow.session, auditor, ON, phb_id=case.direct.phb_id, size=50).rows
        sentences = [row.sentence for row in told]
        assert "Had NHS Test Two ICB take this budget over from NHS Test One ICB on 1 June 2026." in sentences
        assert any(one.startswith("Approved the plan") for one in sentences)
        entries = entries_page(uow.session, auditor, ON, case.direct.phb_id, size=50).rows
        assert len(entries) == uow.session.execute(
            select(func.count()).select_from(LedgerPosting).join(
                LedgerJournal, col(LedgerJournal.id) == col(LedgerPosting.journal_id)
            ).where(col(LedgerJournal.phb_id) == case.direct.phb_id)
        ).scalar()  # fmt: skip
    assert [row.words for row in seen(world, auditor, Note)] == ["Rang back."]
    assert len({row.person_id for row in seen(world, auditor, AccessEvent)}) == 1


def test_staff_come_along_and_their_old_roles_end(one_merged: Copy) -> None:
    world, case = one_merged
    with world.unit(SYSTEM, writes=False, on=ON) as uow:
        a = Assignment
        old = uow.session.execute(select(a).where(col(a.icb_id) == world.icb)).scalars().all()
        assert old
        assert all(one.revoked_at is not None for one in old)
        for who in (world.cm, world.finance2, world.approver, case.second_admin):
            mine = uow.session.execute(
                select(a).where(col(a.user_id) == who.user_id, col(a.revoked_at).is_(None))
            ).scalar_one()  # fmt: skip
            assert (mine.icb_id, mine.role, mine.valid_from) == (world.other_icb, who.role, ON)
        for who in (case.holder, case.nominee):
            mine = uow.session.execute(select(a).where(col(a.user_id) == who.user_id)).scalar_one()
            assert (mine.icb_id, mine.revoked_at) == (world.other_icb, None)


def test_holders_nominees_and_organisations_see_what_they_saw(merging: Copy) -> None:
    world, case = merging
    tables = [t for t in READ if t not in (AuditEvent, AccessEvent)]
    before = {
        (who.role, t): {row.id for row in seen(world, who, t, EVE)}
        for who in (case.holder, case.nominee, case.provider) for t in tables
    }  # fmt: skip
    succeed(world)
    for (role, table), ids in before.items():
        who = next(one for one in (case.holder, case.nominee, case.provider) if one.role == role)
        moved = who if who.role is Role.PROVIDER else replace(who, icb_id=world.other_icb)
        assert {row.id for row in seen(world, moved, table)} == ids, (role, table)


def test_a_session_goes_on_only_where_its_provider_says_one_works(merging: Copy) -> None:
    world, _case = merging
    sessions: dict[str | None, UUID] = {}
    with world.unit(SYSTEM) as uow:
        who = uow.add(Identity, user_id=world.cm.user_id, provider="cis2", issuer="https://idp.test", subject="cm")
        for codes in (None, "QT1", "QT1 QT2"):
            sessions[codes] = uow.add(
                SignInSession, handle=f"h{codes}", secret_hash=f"s{codes}", user_id=world.cm.user_id,
                identity_id=who.id, assignment_id=world.cm.assignment_id, provider="cis2", board_codes=codes,
                last_seen_at=uow.now, absolute_expires_at=uow.now, idle_seconds=900,
            ).id  # fmt: skip
    succeed(world)
    with world.unit(SYSTEM, writes=False) as uow:
        found = {codes: uow.session.get_one(SignInSession, row_id) for codes, row_id in sessions.items()}
        goes_on = {codes: row.revoked_at is None for codes, row in found.items()}
        assert goes_on == {None: True, "QT1": False, "QT1 QT2": True}
        boards = {codes: uow.session.get_one(Assignment, given(row.assignment_id)).icb_id
                  for codes, row in found.items()}  # fmt: skip
        assert boards == {None: world.other_icb, "QT1": world.icb, "QT1 QT2": world.other_icb}


def test_a_split_sends_people_by_postcode_and_reference_and_staff_where_it_says(merging: Copy) -> None:
    world, case = merging
    entry = split(world, case, lines={**SPLIT, case.direct.reference: "QT2"})
    succeed(world, entry)
    with world.unit(SYSTEM, writes=False, on=ON) as uow:
        phbs = dict(uow.session.execute(select(col(Phb.id), col(Phb.icb_id))).all())
        assert phbs[case.direct.phb_id] == phbs[case.held.phb_id] == world.other_icb  # a reference before a postcode
        passed = dict(uow.session.execute(select(col(PassedOn.person_id), col(PassedOn.icb_id))).all())
        assert passed == {case.people["direct"]: world.other_icb, case.people["third"]: world.other_icb,
                          case.people["known"]: case.third_icb}  # fmt: skip
        a = Assignment
        rows = uow.session.execute(
            select(a).where(col(a.revoked_at).is_(None), col(a.valid_from) == ON).order_by(col(a.id))
        ).scalars().all()  # fmt: skip
        assert {(row.user_id, row.icb_id) for row in rows} == {
            (world.cm.user_id, world.other_icb), (world.finance.user_id, case.third_icb)
        }  # fmt: skip
        assert check_ledger(uow.session) == []
        tasks = uow.session.execute(select(col(Task.icb_id)).where(col(Task.person_id).is_(None))).scalars().all()
        assert set(tasks) == {world.other_icb}
    theirs = at_board(world.finance, case.third_icb)
    assert [row.id for row in seen(world, theirs, Person)] == [case.people["known"]]
    assert {row.id for row in seen(world, at_board(world.finance, world.other_icb), Person)} == {
        case.people["direct"], case.people["third"], case.elsewhere.person_id
    }  # fmt: skip


def test_whoever_no_line_is_about_is_told_and_keeps_it_from_being_proposed(merging: Copy) -> None:
    world, case = merging
    entry = split(world, case, lines={"GU": "QT2", "RG": "QT3"})
    said = refused(world, world.admin, lambda uow: successions.propose_succession(uow, entry, "x"), on=EVE)
    assert said == (f"No line is about 2 people: {case.direct.reference}, somebody without a reference, postcode SL10.")
    trial = world.do(world.admin, lambda uow: try_succession(uow, entry), on=EVE)
    assert trial.assigned.unused == ("RG",)
    assert "Amina" not in repr(trial)


def test_somebody_added_meanwhile_follows_the_rule_or_keeps_it_from_being_approved(merging: Copy) -> None:
    world, case = merging
    change = propose(world, split(world, case))
    journey.add_person(world, number=journey.NUMBERS[5], names=("Late", "Comer"))
    said = refused(world, world.approver, lambda uow: approve(uow, change), on=ON)
    assert said == "No line is about 1 person: somebody without a reference, postcode not known."
    merger = world.do(world.admin, lambda uow: try_succession(uow, ALL_TO_TWO), on=EVE)
    assert merger.takes[0].people == 4


def test_it_is_approved_on_its_day_and_not_before(merging: Copy) -> None:
    world, _case = merging
    change = propose(world)
    said = refused(world, world.approver, lambda uow: approve(uow, change), on=EVE)
    assert said == "This can be approved from 1 June 2026: until then the board answers for its people."
    world.do(world.approver, lambda uow: approve(uow, change), on=ON + timedelta(days=5))
    with world.unit(SYSTEM, writes=False) as uow:
        starts = set(uow.session.execute(
            select(col(PersonResponsibility.starts_on)).where(
                col(PersonResponsibility.icb_id) == world.other_icb, col(PersonResponsibility.starts_on) > world.today)
        ).scalars())  # fmt: skip
    assert starts == {ON}


def test_somebody_who_came_after_the_day_never_was_the_old_board_s(merging: Copy) -> None:
    world, _case = merging
    change = propose(world)
    entry = journey.people.PersonEntry("Late", "Comer", date(1950, 1, 1))
    late = world.do(world.cm, lambda uow: journey.people.add_person(uow, entry), on=ON + timedelta(days=2))
    world.do(world.approver, lambda uow: approve(uow, change), on=ON + timedelta(days=5))
    with world.unit(SYSTEM, writes=False) as uow:
        (row,) = uow.session.execute(
            select(PersonResponsibility).where(col(PersonResponsibility.person_id) == late)
        ).scalars()  # fmt: skip
        assert (row.icb_id, row.starts_on, row.ends_on) == (world.other_icb, ON + timedelta(days=2), None)


@pytest.mark.parametrize("who", ["approver", "second_admin", "other_approver", "other_admin"])
def test_a_second_person_of_either_board_decides_it(merging: Copy, who: str) -> None:
    world, case = merging
    actor = case.second_admin if who == "second_admin" else getattr(world, who)
    succeed(world, by=actor)
    with world.unit(SYSTEM, writes=False) as uow:
        assert uow.session.execute(select(func.count()).select_from(PassedOn)).scalar() == 3


def test_nobody_else_decides_it_and_a_third_board_does_not_see_it(merging: Copy) -> None:
    world, case = merging
    change = propose(world)
    for actor, fault in (
        (world.admin, NotAllowed), (world.cm, NotFound), (world.finance, NotFound), (world.auditor, NotAllowed),
        (world.other_finance, NotFound), (case.third["approver"], NotFound), (case.third["admin"], NotFound),
    ):  # fmt: skip
        for act in (lambda uow: approve(uow, change), lambda uow: send_back(uow, change, "No.")):
            with pytest.raises(fault):
                world.do(actor, act, on=ON)


@pytest.mark.parametrize("who", ["cm", "clinician", "finance", "approver", "auditor"])
def test_only_an_administrator_tries_or_proposes_it(merging: Copy, who: str) -> None:
    world, _case = merging
    with pytest.raises(NotAllowed):
        world.do(getattr(world, who), lambda uow: try_succession(uow, ALL_TO_TWO), on=EVE)


def test_it_is_done_once(merging: Copy) -> None:
    world, case = merging
    succeed(world)
    before = as_it_is(world)
    with pytest.raises(Refusal, match="It is done: NHS Test One ICB, taken over by NHS Test Two ICB"):
        world.do(world.admin, lambda uow: successions.propose_succession(uow, ALL_TO_TWO, "again"), on=ON)
    assert as_it_is(world) == before
    assert case.planned


def test_what_breaks_half_way_leaves_everything_as_it_was(merging: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _case = merging
    change = propose(world)
    before = as_it_is(world)

    def breaks(*_given: object) -> None:
        raise RuntimeError("the lights went out")

    for place in ("others_follow", "staff_follow", "_link"):
        with monkeypatch.context() as patch:
            patch.setattr(successions, place, breaks)
            with pytest.raises(RuntimeError):
                world.do(world.approver, lambda uow: approve(uow, change), on=ON)
        assert as_it_is(world) == before, place


def test_a_file_that_is_being_brought_in_is_waited_for(merging: Copy) -> None:
    world, _case = merging
    change = propose(world)
    with world.unit(SYSTEM) as uow:
        uow.add(Job, kind="import_do", icb_id=world.icb, status="RUNNING", payload="", outcome="")
    assert refused(world, world.approver, lambda uow: approve(uow, change), on=ON).startswith("A file of this board")


def test_a_board_that_took_over_may_end_too_and_all_of_it_is_read_by_the_last(merging: Copy) -> None:
    world, case = merging
    succeed(world)
    again = ON + timedelta(days=300)
    entry = SuccessionEntry(("QT3",), again)
    change = world.do(world.other_admin, lambda uow: successions.propose_succession(uow, entry, "2027"), on=again)
    world.do(world.other_approver, lambda uow: approve(uow, change), on=again)
    auditor = case.third["auditor"]
    with world.unit(auditor, writes=False, on=again) as uow:
        assert check_ledger(uow.session) == []
        wrote = {row.icb_id for row in uow.session.execute(
            select(LedgerJournal).where(visible(auditor, LedgerJournal, again))).scalars()}  # fmt: skip
        assert wrote == {world.icb, world.other_icb}
        assert (
            uow.session.execute(
                select(func.count()).select_from(LedgerJournal).where(~visible(auditor, LedgerJournal, again))
            ).scalar()
            == 0
        )
    assert seen(world, at_board(world.auditor, world.other_icb), LedgerJournal, again) == []
    assert of_board(world, BoardMoney, case.third_icb) >= of_board(world, BoardMoney, world.other_icb)


def test_somebody_who_left_before_is_not_taken_along_but_their_budget_is(merging: Copy) -> None:
    """The board they moved to answers for them; what the old one still had to settle goes to whoever takes over."""
    world, case = merging
    moved = date(2026, 5, 20)
    with world.unit(SYSTEM) as uow:
        row = uow.session.execute(
            select(PersonResponsibility).where(col(PersonResponsibility.person_id) == case.people["third"])
        ).scalar_one()
        uow.change(row, ends_on=moved - timedelta(days=1))
        uow.add(PersonResponsibility, person_id=row.person_id, icb_id=case.third_icb, starts_on=moved)
    succeed(world)
    with world.unit(SYSTEM, writes=False) as uow:
        rows = uow.session.execute(
            select(col(PersonResponsibility.icb_id), col(PersonResponsibility.ends_on))
            .where(col(PersonResponsibility.person_id) == case.people["third"])
            .order_by(col(PersonResponsibility.starts_on))
        ).all()
        assert rows == [(world.icb, moved - timedelta(days=1)), (case.third_icb, None)]
        assert uow.session.get_one(Phb, case.held.phb_id).icb_id == world.other_icb


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (SuccessionEntry(("QT1",), ON), "That is the board itself. Enter the boards that take over from it."),
        (SuccessionEntry(("QZZ",), ON), "There is no board with the code QZZ. Check it against the ODS list."),
        (SuccessionEntry(("QT2",), date(2031, 4, 1)), "That day is more than two years away. Check it."),
        (SuccessionEntry(("QT2",), ON, {}, {"nobody@example.org": "QT2"}),
         "Nobody of this board’s staff has the e-mail nobody@example.org."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(merging: Copy, entry: SuccessionEntry, said: str) -> None:
    world, _case = merging
    assert refused(world, world.admin, lambda uow: try_succession(uow, entry), on=EVE) == said


def test_a_day_that_is_not_the_one_after_the_board_s_last_is_refused(merging: Copy) -> None:
    world, _case = merging
    with world.unit(SYSTEM) as uow:
        uow.change(uow.session.get_one(Organisation, world.icb), valid_to=date(2026, 6, 30))
    said = refused(world, world.admin, lambda uow: try_succession(uow, ALL_TO_TWO), on=EVE)
    assert said == "This board’s last day is 30 June 2026, so the day is the one after it."
