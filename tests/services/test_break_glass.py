"""Break-glass: asked with a reason, agreed by another, sixty minutes of reading one record, told to the auditors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.admin.asked import Asked
from phbportal.admin.listing import list_page
from phbportal.domain.break_glass import minutes_left
from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.break_glass import asking_view, askings
from phbportal.queries.person import person_record
from phbportal.queries.work import work
from phbportal.resources.everything import PEOPLE
from phbportal.services import plans
from phbportal.services.break_glass import AskingEntry, agree, ask, end_early, read_asking, refuse_asking, review
from phbportal.services.consents import record_exclusion_check
from phbportal.sign_in import sessions
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import Plan
from tests.queries.worlds import Worlds
from tests.services.asking import refused, row, rows
from tests.services.test_leavers import session_of
from tests.support import journey
from tests.support.journey import NUMBERS, Case
from tests.support.world import World, at

HANDLE = "administrator"


@pytest.fixture
def glass(worlds: Worlds, kind: str) -> Iterator[tuple[World, Case]]:
    """A person with a budget, another person, and an administrator who is signed in."""

    def build(world: World) -> Case:
        journey.add_person(world, number=NUMBERS[1], names=("Bertram", "Quill"))
        session_of(world, world.admin, HANDLE)
        return journey.draft(world)

    with worlds.copy(kind, "glass", build) as copy:
        yield copy


def asked(world: World, case: Case) -> UUID:
    return world.do(world.admin, lambda uow: ask(uow, AskingEntry(case.reference, "A data fault nobody else sees.")))


def agreed(world: World, case: Case, by: Actor | None = None) -> UUID:
    asking = asked(world, case)
    world.do(by or world.approver, lambda uow: agree(uow, asking))
    return asking


def signed_in(world: World, minutes: float = 0) -> Actor:
    """The administrator as the session says at a moment, so many minutes after noon."""
    now = at(world.today) + timedelta(minutes=minutes)
    with world.unit(SYSTEM) as uow:
        sessions.touch(uow.session, HANDLE, now)
    with world.unit(SYSTEM, writes=False) as uow:
        return sessions.find_by_handle(uow.session, HANDLE, now).actor


@pytest.mark.parametrize("by", ["approver", "auditor"])
def test_an_administrator_let_in_reads_that_one_record_for_sixty_minutes(glass: tuple[World, Case], by: str) -> None:
    world, case = glass
    before = signed_in(world)
    assert before.let_in_to is None
    agreed(world, case, by=world.actors[by])
    who = signed_in(world, 59.9)
    assert (who.let_in_to, minutes_left(who.let_in_until, at(world.today))) == (case.person_id, 60)  # type: ignore[arg-type]
    with world.unit(who, writes=False) as uow:
        assert person_record(uow.session, who, uow.today, case.person_id).name == "Amina Okafor-Reyes"
        page = list_page(uow.session, who, uow.today, PEOPLE, Asked())
        assert [row[1] for row in page.rows] == ["Okafor-Reyes, Amina"]
        assert uow.find(Plan, case.plan_id).id == case.plan_id
    over = signed_in(world, 60)
    assert (over.let_in_to, over.break_glass_id) == (None, None)
    with world.unit(over, writes=False) as uow, pytest.raises(NotFound):
        person_record(uow.session, over, uow.today, case.person_id)


def test_nothing_is_written_under_break_glass(glass: tuple[World, Case]) -> None:
    world, case = glass
    agreed(world, case)
    who = signed_in(world)
    for act in (
        lambda uow: record_exclusion_check(uow, case.person_id, excluded=False),
        lambda uow: plans.submit_plan(uow, case.plan_id),
        lambda uow: uow.require(plans.Permission.PLAN_WRITE, uow.find(Plan, case.plan_id)),
    ):
        with pytest.raises(NotAllowed):
            world.do(who, act)


def test_each_look_is_marked_every_auditor_is_told_at_once_and_the_record_says_so(glass: tuple[World, Case]) -> None:
    world, case = glass
    asking = agreed(world, case)
    who = signed_in(world)
    with world.unit(who, writes=False) as uow:
        uow.saw("person record", person_id=case.person_id)
    with world.unit(world.cm, writes=False) as uow:
        uow.saw("person record", person_id=case.person_id)
    marks = {(e.role, e.break_glass_id) for e in rows(world, AccessEvent, page="person record")}
    assert marks == {("ADMIN", asking), ("CASE_MANAGER", None)}
    (task,) = rows(world, Task, kind="BREAK_GLASS")
    assert (task.role, task.person_id, task.due_on) == ("AUDITOR", case.person_id, world.today)
    kinds = {e.kind for e in rows(world, AuditEvent, person_id=case.person_id)}
    assert {"break_glass_asked", "break_glass_agreed"} <= kinds


def test_an_asking_is_first_on_the_work_of_those_who_may_agree(glass: tuple[World, Case]) -> None:
    world, case = glass
    asked(world, case)
    for name, sees in (("approver", True), ("auditor", True), ("other_auditor", False), ("finance", False)):
        with world.unit(world.actors[name], writes=False) as uow:
            groups = work(uow.session, uow.actor, uow.today, uow.now).groups
        assert (bool(groups) and groups[0].heading == "Break-glass") is sees, name


def test_nobody_agrees_to_their_own_asking_nor_does_another_administrator(glass: tuple[World, Case]) -> None:
    world, case = glass
    asking = asked(world, case)
    for role in (Role.APPROVER, Role.AUDITOR):
        said = refused(world, replace(world.admin, role=role), lambda uow: agree(uow, asking))
        assert said == "You asked for this, so someone else must decide it."
    refused(world, world.admin, lambda uow: agree(uow, asking))
    for name in ("finance", "cm", "other_approver", "other_admin"):
        with pytest.raises(NotFound):
            world.do(world.actors[name], lambda uow: agree(uow, asking))


def test_one_record_at_a_time_of_their_own_board_and_with_a_reason(glass: tuple[World, Case]) -> None:
    world, case = glass
    entry = AskingEntry(case.reference, "Why.")
    refused(world, world.other_admin, lambda uow: ask(uow, entry))
    refused(world, world.cm, lambda uow: ask(uow, entry))
    asking = asked(world, case)
    assert "One record at a time" in refused(world, world.admin, lambda uow: ask(uow, entry))
    world.do(world.admin, lambda uow: end_early(uow, asking))
    assert "taken back" in refused(world, world.approver, lambda uow: agree(uow, asking))
    asked(world, case)
    with pytest.raises(Refusal) as refusal:
        read_asking({"reference": "", "reason": ""})
    assert {p.field for p in refusal.value.problems} == {"reference", "reason"}


NUMBER_OF_AMINA = NUMBERS[0]
ASKED_AS = (
    {"reference": "999 000 0018"},
    {"name": "amina OKAFOR-REYES", "born-day": "3", "born-month": "2", "born-year": "1961"},
)


@pytest.mark.parametrize("form", ASKED_AS, ids=["NHS number", "name"])
def test_asked_by_nhs_number_or_name_the_asker_learns_that_one_record_fits_and_no_more(
    glass: tuple[World, Case], form: dict[str, str]
) -> None:
    world, case = glass
    asking = world.do(world.admin, lambda uow: ask(uow, read_asking(form | {"reason": "A data fault."})))
    assert asking is not None
    kept = row(world, BreakGlass, asking)
    assert (kept.person_id, kept.status) == (case.person_id, "ASKED")
    with world.unit(world.admin, writes=False) as uow:
        view = asking_view(uow.session, uow.actor, uow.now, uow.today, asking)
        listed = askings(uow.session, uow.actor, uow.now, uow.today)[0].reference
    assert "one record fits" in view.reference
    assert case.reference not in f"{view} {listed}", "the budget's reference is more than they gave"
    assert (view.person, view.record_href) == ("", "")
    with world.unit(world.approver, writes=False) as uow:
        assert asking_view(uow.session, uow.actor, uow.now, uow.today, asking).person == "Amina Okafor-Reyes"
    world.do(world.approver, lambda uow: agree(uow, asking))
    assert signed_in(world).let_in_to == case.person_id


def test_none_and_several_and_another_board_s_read_the_same_and_each_try_is_kept(glass: tuple[World, Case]) -> None:
    world, _case = glass
    for _ in range(2):
        journey.add_person(world, number=None, names=("Two", "Alike"), born=date(1950, 1, 1))
    there = World(world.engine, world.today, world.other_icb, world.icb, {"cm": world.other_cm})
    journey.add_person(there, number=NUMBERS[5], names=("Chidi", "Marsh"))
    tries = (
        AskingEntry("", "Why.", nhs_number=NUMBERS[6]), AskingEntry("", "Why.", nhs_number=NUMBERS[5]),
        AskingEntry("", "Why.", name="Two Alike", born=date(1950, 1, 1)),
        AskingEntry("", "Why.", name="Amina Okafor-Reyes", born=date(1961, 2, 4)),
    )  # fmt: skip
    for entry in tries:
        assert world.do(world.admin, lambda uow, e=entry: ask(uow, e)) is None
    missed = rows(world, AuditEvent, kind="break_glass_missed")
    assert len(missed) == len(tries)
    assert all(one.person_id is None and one.icb_id == world.icb for one in missed)
    assert not any(NUMBERS[6] in one.details or "Alike" in one.details for one in missed)
    assert rows(world, BreakGlass) == []


def test_nobody_tries_out_who_has_a_budget(glass: tuple[World, Case]) -> None:
    """Five a day in all, whether each fitted or not; by the reference of a budget there is no such end."""
    world, case = glass
    hit, miss = (AskingEntry("", "Why.", nhs_number=number) for number in (NUMBER_OF_AMINA, NUMBERS[6]))
    for entry in (hit, miss, hit, miss, miss):
        asking = world.do(world.admin, lambda uow, e=entry: ask(uow, e))
        if asking is not None:
            world.do(world.admin, lambda uow, a=asking: end_early(uow, a))
    for entry in (hit, miss):
        assert "5 times in a day" in refused(world, world.admin, lambda uow, e=entry: ask(uow, e))
    assert asked(world, case)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"reference": "999 000 0019"}, "reference"), ({"reference": "Amina"}, "reference"),
        ({"reference": "999 000 0018", "name": "Amina"}, "reference"), ({"name": "Amina Okafor-Reyes"}, "born"),
        ({"name": "Amina", "born-day": "31", "born-month": "2", "born-year": "1961"}, "born"), ({}, "reference"),
    ],
)  # fmt: skip
def test_every_slip_in_an_asking_is_said_once_beside_its_field(form: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_asking(form | {"reason": "A data fault."})
    assert [p.field for p in refusal.value.problems] == [field]


def test_an_asking_lapses_after_a_day_and_a_refusal_says_why(glass: tuple[World, Case]) -> None:
    world, case = glass
    asking = asked(world, case)
    tomorrow = world.today + timedelta(days=1)
    assert "lapsed" in refused(world, world.auditor, lambda uow: agree(uow, asking), on=tomorrow)
    world.do(world.auditor, lambda uow: refuse_asking(uow, asking, "Ask the case manager."))
    assert row(world, BreakGlass, asking).refusal == "Ask the case manager."
    assert signed_in(world).let_in_to is None


def test_it_is_over_when_they_end_it_or_their_role_ends(glass: tuple[World, Case]) -> None:
    world, case = glass
    asking = agreed(world, case)
    world.do(world.admin, lambda uow: end_early(uow, asking))
    assert signed_in(world).let_in_to is None
    world.do(world.auditor, lambda uow: review(uow, asking))
    (task,) = rows(world, Task, kind="BREAK_GLASS")
    assert task.done_at
    assert row(world, BreakGlass, asking).reviewed_by == world.auditor.user_id
    assert "already" in refused(world, world.auditor, lambda uow: review(uow, asking))


def test_an_auditor_looks_when_the_hour_is_over_and_not_before(glass: tuple[World, Case]) -> None:
    world, case = glass
    asking = agreed(world, case)
    assert "Wait until" in refused(world, world.auditor, lambda uow: review(uow, asking))
    with pytest.raises(NotAllowed):
        world.do(world.approver, lambda uow: review(uow, asking))


def test_whoever_was_let_in_does_not_look_over_their_own_reading_as_an_auditor(glass: tuple[World, Case]) -> None:
    world, case = glass
    asking = agreed(world, case)
    world.do(world.admin, lambda uow: end_early(uow, asking))
    herself = replace(world.admin, role=Role.AUDITOR)
    assert "someone else must" in refused(world, herself, lambda uow: review(uow, asking))
    with world.unit(herself, writes=False) as uow:
        assert not asking_view(uow.session, herself, uow.now, uow.today, asking).may_review
    with world.unit(world.auditor, writes=False) as uow:
        assert asking_view(uow.session, uow.actor, uow.now, uow.today, asking).may_review


def test_another_board_s_person_is_not_opened_by_this_board_s_break_glass(glass: tuple[World, Case]) -> None:
    world, case = glass
    asking = agreed(world, case)
    who = replace(world.other_admin, let_in_to=case.person_id, break_glass_id=asking)
    with world.unit(who, writes=False) as uow, pytest.raises(NotFound):
        uow.find(Phb, case.phb_id)
