"""A change one person proposes and another decides, once, and only as it stood (domain.md §9.5, I12)."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from phbportal.domain.change_requests import unpack
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.permissions import Permission
from phbportal.queries.work import work
from phbportal.services.change_requests import (
    APPLIES,
    applies,
    approve,
    propose,
    read_note,
    read_return,
    send_back,
    withdraw,
)
from phbportal.services.leavers import disable_user, end_role
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import Rate
from phbportal.tables.users import Assignment
from tests.services.asking import Copy, refused, row, rows
from tests.services.proposing import (
    APRIL,
    NEXT_APRIL,
    proposed_rate,
    proposed_rate_change,
    proposed_setting,
    settings_of,
    wage,
    wages,
)
from tests.services.test_two_at_once import at_once, one_wins
from tests.support.world import World, add_staff

ROOT = Path(__file__).resolve().parents[2]


def approved(world: World, change_id: UUID, by: Actor | None = None, note: str = "") -> UUID:
    return world.do(by or world.approver, lambda uow: approve(uow, change_id, note))


def told(world: World, kind: str) -> list[dict[str, Any]]:
    return [json.loads(one.details) for one in rows(world, AuditEvent, kind=kind)]


@pytest.fixture
def second_admin(world: World) -> Actor:
    with world.unit(SYSTEM) as uow:
        return add_staff(uow, "admin2", Role.ADMIN, world.icb, world.today)


def test_nothing_is_written_before_a_second_person_approves_and_then_exactly_that(world: World) -> None:
    change_id = proposed_rate(world)
    assert wages(world) == []
    rate_id = approved(world, change_id, note="As published.")
    assert wages(world) == [(1271, APRIL, None)]
    found, rate = row(world, ChangeRequest, change_id), row(world, Rate, rate_id)
    assert (found.status, found.row_id, found.decided_by, found.note) == (
        "APPROVED", rate_id, world.approver.user_id, "As published.",
    )  # fmt: skip
    assert (rate.created_by, rate.unit, rate.source) == (world.finance.user_id, "PENCE_PER_HOUR", "GOV.UK")


def test_whoever_proposed_it_does_not_decide_it_in_any_role(world: World) -> None:
    rate, setting = proposed_rate(world), proposed_setting(world)
    for proposer, change_id, roles in (
        (world.finance, rate, (Role.FINANCE, Role.APPROVER)),
        (world.admin, setting, (Role.ADMIN, Role.AUDITOR, Role.APPROVER)),
    ):
        for role in roles:
            for act in (lambda uow, c=change_id: approve(uow, c), lambda uow, c=change_id: send_back(uow, c, "No.")):
                said = refused(world, replace(proposer, role=role), act)
                assert said == "You proposed this, so someone else must decide it."


@pytest.mark.parametrize("by", ["finance2", "approver", "other_finance", "other_approver"])
def test_a_rate_is_every_board_s_and_any_other_finance_officer_or_approver_decides_it(world: World, by: str) -> None:
    approved(world, proposed_rate(world), world.actors[by])
    assert wages(world) == [(1271, APRIL, None)]


@pytest.mark.parametrize("by", ["approver", "auditor", "second admin"])
def test_a_setting_is_decided_by_an_approver_an_auditor_or_another_administrator(
    world: World, second_admin: Actor, by: str
) -> None:
    approved(world, proposed_setting(world), second_admin if by == "second admin" else world.actors[by])
    assert [(one.icb_id, one.value) for one in settings_of(world)] == [(world.icb, "6")]


@pytest.mark.parametrize("by", ["cm", "clinician", "other_admin", "other_approver", "other_auditor"])
def test_nobody_else_so_much_as_sees_a_board_s_setting(world: World, by: str) -> None:
    change_id = proposed_setting(world)
    for act in (lambda uow: approve(uow, change_id), lambda uow: send_back(uow, change_id, "No."),
                lambda uow: withdraw(uow, change_id)):  # fmt: skip
        with pytest.raises(NotFound):
            world.do(world.actors[by], act)


def test_finance_sees_a_setting_that_waits_and_may_not_decide_it(world: World) -> None:
    change_id = proposed_setting(world)
    said = refused(world, world.finance, lambda uow: approve(uow, change_id))
    assert said == "Only an approver can do this."


@pytest.mark.parametrize("by", ["cm", "clinician", "approver", "auditor"])
def test_only_finance_and_administrators_propose(world: World, by: str) -> None:
    for propose_it in (proposed_rate, proposed_setting):
        with pytest.raises(Refusal):
            propose_it(world, by=world.actors[by])
    assert rows(world, ChangeRequest) == []


def test_a_change_that_is_returned_is_not_made_and_its_note_is_read(world: World) -> None:
    change_id = proposed_setting(world)
    world.do(world.auditor, lambda uow: send_back(uow, change_id, "From 1 May, please."))
    found = row(world, ChangeRequest, change_id)
    assert (found.status, found.note, found.decided_by) == (
        "RETURNED", "From 1 May, please.", world.auditor.user_id,
    )  # fmt: skip
    assert settings_of(world) == []


def test_only_whoever_proposed_it_withdraws_it(world: World) -> None:
    change_id = proposed_setting(world, by=world.finance)
    said = refused(world, world.admin, lambda uow: withdraw(uow, change_id))
    assert said.startswith("Only whoever proposed this can withdraw it.")
    world.do(world.finance, lambda uow: withdraw(uow, change_id))
    assert row(world, ChangeRequest, change_id).status == "WITHDRAWN"
    assert settings_of(world) == []


@pytest.mark.parametrize("first", ["approve", "send_back", "withdraw"])
@pytest.mark.parametrize("then", ["approve", "send_back", "withdraw"])
def test_what_is_decided_once_is_decided(world: World, first: str, then: str) -> None:
    change_id = proposed_setting(world)

    def act(name: str) -> tuple[Actor, Any]:
        if name == "withdraw":
            return world.admin, lambda uow: withdraw(uow, change_id)
        if name == "approve":
            return world.approver, lambda uow: approve(uow, change_id)
        return world.approver, lambda uow: send_back(uow, change_id, "No.")

    world.do(*act(first))
    before = settings_of(world)
    assert refused(world, *act(then)).startswith("This has been decided or withdrawn already.")
    assert settings_of(world) == before


def test_only_one_change_waits_for_the_same_thing(world: World) -> None:
    proposed_setting(world, "6")
    again = refused(world, world.finance, lambda uow: _propose_surplus(uow, "7"))
    assert again == "A change to this is proposed already and waits for a second person."
    (change,) = rows(world, ChangeRequest)
    world.do(world.admin, lambda uow: withdraw(uow, change.id))
    approved(world, world.do(world.finance, lambda uow: _propose_surplus(uow, "7")))
    assert [one.value for one in settings_of(world)] == ["7"]


def _propose_surplus(uow: UnitOfWork, value: str) -> UUID:
    from phbportal.services.policies import SettingEntry, propose_setting

    return propose_setting(uow, "surplus_weeks", SettingEntry(value, uow.today), "Test.")


def test_two_boards_may_wait_for_the_same_setting_each_for_its_own(world: World) -> None:
    proposed_setting(world, "6")
    other = proposed_setting(world, "7", by=world.other_admin)
    approved(world, other, world.other_approver)
    assert [(one.icb_id, one.value) for one in settings_of(world)] == [(world.other_icb, "7")]


def test_a_row_that_changed_since_is_refused_with_what_changed(world: World) -> None:
    rate = row(world, Rate, approved(world, proposed_rate(world)))
    change_id = proposed_rate_change(world, rate, wage(1281))
    with world.unit(SYSTEM) as uow:
        uow.change(uow.session.get_one(Rate, rate.id), amount=1275)
    said = refused(world, world.approver, lambda uow: approve(uow, change_id))
    assert said == (
        "It has changed since this was proposed: rate from “£12.71 an hour” to “£12.75 an hour”. "
        "Return it, so that it can be proposed anew."
    )
    world.do(world.approver, lambda uow: send_back(uow, change_id, "It has changed."))


def test_a_row_that_was_saved_again_is_refused_though_it_reads_the_same(world: World) -> None:
    rate = row(world, Rate, approved(world, proposed_rate(world)))
    change_id = proposed_rate_change(world, rate, wage(1281))
    with world.unit(SYSTEM) as uow:
        again = uow.session.get_one(Rate, rate.id)
        uow.change(again, amount=1275)
        uow.change(again, amount=1271)
    assert refused(world, world.approver, lambda uow: approve(uow, change_id)).startswith("It was saved again")


def test_what_a_new_value_would_take_the_place_of_must_be_as_it_was_seen(world: World) -> None:
    """Two are proposed for two days; the later one was looked at beside what stood before the earlier."""
    later = proposed_setting(world, "6", world.today + timedelta(days=30))
    approved(world, proposed_setting(world, "10", world.today + timedelta(days=10)))
    said = refused(world, world.approver, lambda uow: approve(uow, later))
    assert "setting from “8 weeks” to “10 weeks”" in said


def test_a_proposal_of_somebody_who_lost_the_role_is_not_carried_out(world: World, second_admin: Actor) -> None:
    setting, rate = proposed_setting(world, by=second_admin), proposed_rate(world)
    world.do(world.admin, lambda uow: end_role(uow, second_admin.assignment_id))
    world.do(world.admin, lambda uow: disable_user(uow, world.finance.user_id))
    for change_id in (setting, rate):
        said = refused(
            world, world.approver, lambda uow, c=change_id: approve(uow, c), on=world.today + timedelta(days=1)
        )
        assert said.startswith("Whoever proposed this does not have that role any more.")
    assert (settings_of(world), wages(world)) == ([], [])


def test_a_role_given_at_another_board_does_not_carry_a_proposal_of_this_one(world: World) -> None:
    change_id = proposed_setting(world)
    with world.unit(SYSTEM) as uow:
        uow.change(uow.session.get_one(Assignment, world.admin.assignment_id), icb_id=world.other_icb)
    assert refused(world, world.approver, lambda uow: approve(uow, change_id)).startswith("Whoever proposed this")


def test_the_database_itself_refuses_one_person_in_both_parts(world: World) -> None:
    change_id = proposed_setting(world)
    with world.unit(SYSTEM) as uow:
        for decided_by, status in (
            (world.admin.user_id, "APPROVED"),
            (None, "APPROVED"),
            (world.cm.user_id, "PROPOSED"),
        ):
            with pytest.raises(IntegrityError), uow.session.begin_nested():
                uow.session.execute(
                    text("UPDATE change_request SET status = :status, decided_by = :by, decided_at = created_at "
                         "WHERE id = :id"),
                    {"status": status, "by": _key(world, decided_by), "id": _key(world, change_id)},
                )  # fmt: skip


def _key(world: World, value: UUID | None) -> object:
    return value.hex if value is not None and world.engine.dialect.name == "sqlite" else value


def test_two_who_approve_at_once_write_it_once(world: World) -> None:
    change_id = proposed_rate(world)

    def act(uow: UnitOfWork) -> UUID:
        return approve(uow, change_id)

    said = one_wins(at_once(world, (world.approver, act), (world.finance2, act), on=world.today))
    assert said.startswith("This has been decided or withdrawn already.")
    assert wages(world) == [(1271, APRIL, None)]


def test_an_approval_and_a_withdrawal_at_once_leave_one_of_the_two(world: World) -> None:
    change_id = proposed_rate(world)
    acts = (world.approver, lambda uow: approve(uow, change_id)), (world.finance, lambda uow: withdraw(uow, change_id))
    outcomes = at_once(world, *acts, on=world.today)
    assert one_wins(outcomes).startswith("This has been decided or withdrawn already.")
    status = row(world, ChangeRequest, change_id).status
    assert len(wages(world)) == (1 if status == "APPROVED" else 0)


def test_two_who_propose_the_same_at_once_leave_one_that_waits(world: World) -> None:
    one_wins(at_once(world, (world.finance, lambda uow: _propose_surplus(uow, "6")),
                     (world.admin, lambda uow: _propose_surplus(uow, "7")), on=world.today))  # fmt: skip
    assert len(rows(world, ChangeRequest)) == 1


def test_history_tells_what_was_and_what_would_be(world: World) -> None:
    approved(world, proposed_setting(world))
    rate = proposed_rate(world)
    world.do(world.approver, lambda uow: send_back(uow, rate, "No."))
    (proposal, _rate), (approval,), (returned,) = (
        told(world, kind) for kind in ("change_proposed", "change_approved", "change_returned")
    )
    assert proposal["changes"] == "setting from “8 weeks” to “6 weeks” and from “1 April 2026”"
    assert approval["proposer"] == "Admin"
    assert approval["changes"] == proposal["changes"]
    assert returned["title"] == "National Living Wage, 21 and over, from 1 April 2026"


def test_it_waits_on_the_work_list_of_those_who_may_decide_it_and_of_nobody_else(world: World) -> None:
    proposed_setting(world)
    proposed_rate(world)

    def waits(name: str) -> set[str]:
        with world.unit(world.actors[name], writes=False) as uow:
            groups = work(uow.session, uow.actor, uow.today, uow.now).groups
        return {
            item.title.split(",")[0] for group in groups if group.heading == "Changes to decide" for item in group.items
        }

    setting, rate = "Payments left over that count as a surplus", "National Living Wage"
    expected = {
        "approver": {setting, rate}, "finance": set(), "finance2": {rate}, "auditor": {setting}, "admin": set(),
        "cm": set(), "clinician": set(), "other_finance": {rate}, "other_approver": {rate}, "other_auditor": set(),
    }  # fmt: skip
    assert {name: waits(name) for name in expected} == expected


def test_notes_are_read_with_a_problem_beside_the_field() -> None:
    assert read_note({"note": " ok "}) == "ok"
    assert read_note({}) == ""
    for form in ({"why": ""}, {"why": "x" * 501}):
        with pytest.raises(Refusal) as refusal:
            read_return(form)
        assert refusal.value.problems[0].field == "why"


# A noun of a person's own, as the engine's forms will propose: a holder's telephone ------------------------


@pytest.fixture
def of_a_person(drafted: Copy) -> Any:
    """The first way to change a person by two: registered for the length of a test."""

    def change_telephone(uow: UnitOfWork, row_id: UUID | None, values: Any, _seen: int | None) -> UUID:
        person = uow.find(Person, row_id or UUID(int=0), lock=True)
        uow.require(Permission.PERSON_WRITE, person)
        uow.change(person, **values)
        return person.id

    applies(
        "test_person", "change", what="A person’s telephone", decides=Permission.ACTING_AGREE, apply=change_telephone,
        table=Person,
    )  # fmt: skip
    yield drafted
    del APPLIES["test_person", "change"]


def telephone_change(uow: UnitOfWork, person_id: UUID) -> UUID:
    person = uow.find(Person, person_id)
    return propose(
        uow, subject="test_person", act="change", title="Amina Okafor-Reyes", before={"Telephone": "", "Name": "Amina"},
        after={"Telephone": "01632 960 001", "Name": "Amina"}, values={"telephone": "01632 960 001"}, reason="Asked.",
        permission=Permission.PERSON_WRITE, row=person,
    )  # fmt: skip


def test_a_change_about_a_person_is_their_record_s_and_its_history_names_fields_only(of_a_person: Copy) -> None:
    world, case = of_a_person
    change_id = world.do(world.cm, lambda uow: telephone_change(uow, case.person_id))
    found = row(world, ChangeRequest, change_id)
    assert (found.icb_id, found.person_id, found.phb_id, found.seen_version) == (
        world.icb, case.person_id, None, row(world, Person, case.person_id).row_version,
    )  # fmt: skip
    assert told(world, "change_proposed")[0]["changes"] == "the telephone"
    approved(world, change_id)
    assert row(world, Person, case.person_id).telephone == "01632 960 001"
    (event,) = rows(world, AuditEvent, kind="change_approved")
    assert event.person_id == case.person_id


def test_an_administrator_an_auditor_apart_from_another_board_sees_no_change_about_a_person(of_a_person: Copy) -> None:
    world, case = of_a_person
    change_id = world.do(world.cm, lambda uow: telephone_change(uow, case.person_id))
    for by in ("admin", "finance", "clinician", "other_cm", "other_approver", "other_auditor"):
        with pytest.raises(NotFound):
            world.do(world.actors[by], lambda uow: uow.find(ChangeRequest, change_id))
    for by in ("auditor", "cm2", "approver"):
        assert world.do(world.actors[by], lambda uow: uow.find(ChangeRequest, change_id)).id == change_id


def test_a_person_who_moved_away_is_not_changed_by_the_board_they_left(of_a_person: Copy) -> None:
    world, case = of_a_person
    change_id = world.do(world.cm, lambda uow: telephone_change(uow, case.person_id))
    with world.unit(SYSTEM) as uow:
        uow.session.execute(text("UPDATE person_responsibility SET starts_on = '2026-03-01', ends_on = '2026-03-31'"))
    said = refused(world, world.approver, lambda uow: approve(uow, change_id))
    assert said == "What this was about is not there any more. Return it."


def test_of_a_row_under_a_budget_the_person_is_found(of_a_person: Copy) -> None:
    world, case = of_a_person

    def act(uow: UnitOfWork) -> UUID:
        return propose(
            uow, subject="test_person", act="change", title="Something new", before={}, after={"Name": "x"}, values={},
            reason="Test.", permission=Permission.BUDGET_WRITE, under=uow.find(Phb, case.phb_id),
        )  # fmt: skip

    found = row(world, ChangeRequest, world.do(world.cm, act))
    assert (found.person_id, found.phb_id, found.icb_id, found.row_id) == (case.person_id, case.phb_id, world.icb, None)


def test_a_change_that_changes_nothing_is_refused(of_a_person: Copy) -> None:
    world, case = of_a_person

    def act(uow: UnitOfWork) -> UUID:
        person = uow.find(Person, case.person_id)
        return propose(
            uow, subject="test_person", act="change", title="x", before={"Name": "A"}, after={"Name": "A"},
            values={"given_name": "A"}, reason="Test.", permission=Permission.PERSON_WRITE, row=person,
        )  # fmt: skip

    assert refused(world, world.cm, act).startswith("Nothing is different.")


def test_there_is_one_way_to_carry_a_change_out() -> None:
    def nothing(_uow: UnitOfWork, _row: UUID | None, _values: Any, _seen: int | None) -> UUID:
        return UUID(int=0)

    with pytest.raises(ValueError, match="only one way"):
        applies("rate", "add", what="A rate", decides=Permission.RATE_DECIDE, apply=nothing)
    ours = [one for one in APPLIES.values() if one.apply.__module__.startswith("phbportal.")]
    assert ours
    assert all(one.decides.value.endswith(("_DECIDE", "_EXCUSE", "_EXEMPT")) for one in ours)


def test_rates_and_settings_are_written_nowhere_but_by_an_approval() -> None:
    found: list[str] = []
    for path in sorted((ROOT / "phbportal").rglob("*.py")):
        for node in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)):
            for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
                names = {a.id for a in call.args if isinstance(a, ast.Name)} & {"Rate", "PolicySetting"}
                if names and getattr(call.func, "attr", "") == "add":
                    found.append(f"{path.stem}.{node.name}")
    assert found == ["policies._add_setting", "rates._add_rate"]


def test_what_was_kept_can_be_read_again(world: World) -> None:
    found = row(world, ChangeRequest, proposed_rate(world, wage(1271, NEXT_APRIL)))
    after = unpack(found.after_json)
    assert after.values == {"name": "national_living_wage", "amount": 1271, "starts_on": NEXT_APRIL, "source": "GOV.UK"}
    assert after.shown["Rate"] == "£12.71 an hour"
