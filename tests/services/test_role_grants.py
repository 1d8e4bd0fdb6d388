"""Roles: one person proposes, another grants, nobody for themselves (T35, domain.md §9.5)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.role_grants import RoleTerms
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import role_grants, users
from phbportal.services.leavers import disable_user, end_role
from phbportal.services.role_proposals import (
    RoleEntry,
    change_role,
    propose_enabling,
    propose_invitation,
    propose_role,
    read_invitation,
    read_role_change,
)
from phbportal.services.users import ProviderClaims, Unknown, find_or_bind, open_invitation
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Identity, Invitation, User
from tests.services.asking import refused, row, rows
from tests.support.world import World, add_staff, at

MARCH = date(2027, 3, 31)


def entry(role: Role = Role.FINANCE, **terms: Any) -> RoleEntry:
    return RoleEntry(RoleTerms(role, **terms), "Covers for Kim.", "Nia Newcomer", "nia@example.org")


def invitation(world: World, **terms: Any) -> UUID:
    return world.do(world.admin, lambda uow: propose_invitation(uow, entry(**terms)))


def granted(world: World, grant_id: UUID, by: Actor | None = None) -> UUID:
    world.do(by or world.auditor, lambda uow: role_grants.grant(uow, grant_id))
    return grant_id


def code(world: World, grant_id: UUID, by: Actor | None = None) -> str:
    return world.do(by or world.admin, lambda uow: role_grants.make_code(uow, grant_id))


def use(world: World, typed: str, subject: str, on: date | None = None) -> UUID:
    with world.unit(SYSTEM, on=on) as uow:
        opened = open_invitation(uow.session, typed, uow.now)
        return find_or_bind(
            uow.session, ProviderClaims("staff", "https://id.example", subject), uow.now, invitation_id=opened
        )[0]


def known(world: World, actor: Actor, subject: str) -> None:
    """The actor has signed in before, as this subject."""
    with world.unit(SYSTEM) as uow:
        uow.add(Identity, user_id=actor.user_id, provider="staff", issuer="https://id.example", subject=subject)


@pytest.fixture
def second_admin(world: World) -> Actor:
    with world.unit(SYSTEM) as uow:
        return add_staff(uow, "admin2", Role.ADMIN, world.icb, world.today)


def test_somebody_new_is_proposed_granted_by_another_and_comes_in_with_one_code(world: World) -> None:
    grant_id = granted(world, invitation(world, ends_on=MARCH))
    user_id = use(world, code(world, grant_id), "nia")
    (role,) = rows(world, Assignment, user_id=user_id)
    assert (role.role, role.icb_id, role.valid_to, role.granted_by) == (
        "FINANCE", world.icb, MARCH, world.auditor.user_id,
    )  # fmt: skip
    assert row(world, User, user_id).email == "nia@example.org"


@pytest.mark.parametrize("by", ["approver", "auditor", "second admin"])
def test_an_approver_an_auditor_or_another_administrator_grants(world: World, second_admin: Actor, by: str) -> None:
    who = second_admin if by == "second admin" else world.actors[by]
    found = row(world, RoleGrant, granted(world, invitation(world), by=who))
    assert (found.status, found.decided_by) == ("GRANTED", who.user_id)


def test_whoever_proposed_it_does_not_grant_it_in_any_role(world: World) -> None:
    grant_id = invitation(world)
    for role in (Role.ADMIN, Role.APPROVER, Role.AUDITOR):
        said = refused(
            world, replace(world.admin, role=role), lambda uow: role_grants.grant(uow, grant_id)
        )  # fmt: skip
        assert said == "You proposed this, so someone else must decide it."


def test_whoever_would_get_it_does_not_grant_it_and_nobody_proposes_for_themselves(world: World) -> None:
    grant_id = world.do(world.admin, lambda uow: propose_role(uow, world.auditor.user_id, entry(Role.APPROVER)))
    assert "would be yours" in refused(world, world.auditor, lambda uow: role_grants.grant(uow, grant_id))
    said = refused(world, world.admin, lambda uow: propose_role(uow, world.admin.user_id, entry(Role.APPROVER)))
    assert said == "You cannot do this to yourself. Ask another administrator."


@pytest.mark.parametrize("by", ["cm", "clinician", "finance"])
def test_no_other_role_sees_what_was_proposed_or_proposes(world: World, by: str) -> None:
    grant_id = invitation(world)
    with pytest.raises(NotFound):
        world.do(world.actors[by], lambda uow: role_grants.grant(uow, grant_id))
    refused(world, world.actors[by], lambda uow: propose_invitation(uow, entry()))


def test_another_board_neither_sees_nor_grants_it(world: World) -> None:
    grant_id = invitation(world)
    for by in ("other_admin", "other_auditor", "other_approver"):
        with pytest.raises(NotFound):
            world.do(world.actors[by], lambda uow: role_grants.grant(uow, grant_id))


def test_the_database_itself_refuses_a_grant_by_its_proposer(world: World) -> None:
    grant_id = invitation(world)
    with pytest.raises((IntegrityError, Refusal)):
        with world.unit(SYSTEM) as uow:
            uow.session.execute(
                text("UPDATE role_grant SET status = 'GRANTED', decided_by = proposed_by WHERE id = :id"),
                {"id": grant_id.hex if uow.session.get_bind().dialect.name == "sqlite" else grant_id},
            )


def test_there_is_no_code_before_the_grant_nor_after_a_refusal(world: World) -> None:
    first, second = (
        invitation(world),
        world.do(world.admin, lambda uow: propose_invitation(uow, replace(entry(), email="o@example.org"))),
    )
    world.do(world.approver, lambda uow: role_grants.refuse(uow, second, "We have enough."))
    for grant_id in (first, second):
        assert "granted" in refused(world, world.admin, lambda uow, g=grant_id: role_grants.make_code(uow, g))
    assert row(world, RoleGrant, second).refusal == "We have enough."
    assert "decided or withdrawn" in refused(world, world.auditor, lambda uow: role_grants.grant(uow, second))


def test_a_code_used_withdrawn_replaced_or_run_out_reads_the_same_as_a_wrong_one(world: World) -> None:
    grant_id = granted(world, invitation(world))
    replaced, good = code(world, grant_id), code(world, grant_id)
    said = {_refusal(world, replaced), _refusal(world, "AAAA-AAAA-AAAA-AAAA-AAAA")}
    said.add(_refusal(world, good, on=world.today + timedelta(days=14)))
    use(world, good, "nia")
    said.add(_refusal(world, good))
    other = granted(world, world.do(world.admin, lambda uow: propose_invitation(uow, replace(entry(), email=None))))
    letter = code(world, other)
    assert use_until(world, other) == at(world.today) + timedelta(days=28)
    world.do(world.admin, lambda uow: role_grants.withdraw_grant(uow, other))
    said.add(_refusal(world, letter))
    assert said == {"That code does not work. Check it, or ask the person who invited you for a new one."}
    assert "used" in refused(world, world.admin, lambda uow: role_grants.withdraw_grant(uow, grant_id))


def use_until(world: World, grant_id: UUID) -> Any:
    return rows(world, Invitation, grant_id=grant_id)[-1].expires_at


def _refusal(world: World, typed: str, on: date | None = None) -> str:
    with pytest.raises(Unknown) as unknown:
        use(world, typed, "somebody-else", on)
    return str(unknown.value)


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_neither_who_proposed_nor_who_granted_uses_the_code_themselves(world: World, who: str) -> None:
    grant_id = granted(world, invitation(world))
    typed = code(world, grant_id)
    known(world, world.actors[who], who)
    with pytest.raises(Unknown, match=r"identity\.own_invitation"):
        use(world, typed, who)
    assert use(world, typed, "nia")  # and it is not used up by the attempt


def test_a_further_role_is_held_from_the_grant_on_and_not_twice(world: World) -> None:
    grant_id = world.do(world.admin, lambda uow: propose_role(uow, world.cm.user_id, entry(Role.CLINICIAN)))
    again = refused(world, world.admin, lambda uow: propose_role(uow, world.cm.user_id, entry(Role.CLINICIAN)))
    assert "proposed for them already" in again
    assert len(rows(world, Assignment, user_id=world.cm.user_id)) == 1
    granted(world, grant_id)
    assert {a.role for a in rows(world, Assignment, user_id=world.cm.user_id)} == {"CASE_MANAGER", "CLINICIAN"}
    held = refused(world, world.admin, lambda uow: propose_role(uow, world.cm.user_id, entry(Role.CLINICIAN)))
    assert "already. Change" in held


def test_a_limit_and_a_later_end_wait_for_a_second_person_and_an_earlier_end_does_not(world: World) -> None:
    held = world.approver.assignment_id
    assert held

    def ask(**terms: Any) -> Any:
        return world.do(world.admin, lambda uow: change_role(uow, held, entry(Role.APPROVER, **terms)))

    assert ask(ends_on=MARCH) is None
    assert row(world, Assignment, held).valid_to == MARCH
    later = ask(ends_on=MARCH + timedelta(days=1), limit_pence=100_000)
    assert row(world, Assignment, held).sign_off_limit_pence is None
    said = refused(world, world.admin, lambda uow: change_role(uow, held, entry(Role.APPROVER, limit_pence=1)))
    assert "proposed already" in said
    granted(world, later, by=world.approver2)
    now = row(world, Assignment, held)
    assert (now.valid_to, now.sign_off_limit_pence) == (MARCH + timedelta(days=1), 100_000)


def test_two_administrators_do_not_give_each_other_a_last_day(world: World, second_admin: Actor) -> None:
    """Each act by itself takes only some power away; both together would leave nobody."""
    ends = entry(Role.ADMIN, ends_on=MARCH)
    world.do(world.admin, lambda uow: change_role(uow, second_admin.assignment_id, ends))
    said = refused(world, second_admin, lambda uow: change_role(uow, world.admin.assignment_id, ends))
    assert "stays longer than that day" in said


def test_a_role_that_changed_since_is_not_granted_blindly(world: World) -> None:
    held = world.approver.assignment_id
    assert held
    grant_id = world.do(world.admin, lambda uow: change_role(uow, held, entry(Role.APPROVER, limit_pence=100_000)))
    assert grant_id
    world.do(world.admin, lambda uow: change_role(uow, held, entry(Role.APPROVER, ends_on=MARCH)))
    assert "has changed since" in refused(world, world.auditor, lambda uow: role_grants.grant(uow, grant_id))


def test_somebody_disabled_signs_in_again_only_when_a_second_person_grants_it(world: World) -> None:
    known(world, world.cm2, "cm2")
    world.do(world.admin, lambda uow: disable_user(uow, world.cm2.user_id))
    grant_id = world.do(world.admin, lambda uow: propose_enabling(uow, world.cm2.user_id, "A mistake."))
    assert row(world, User, world.cm2.user_id).disabled_at
    granted(world, grant_id)
    assert row(world, User, world.cm2.user_id).disabled_at is None
    assert [i.disabled_at for i in rows(world, Identity, user_id=world.cm2.user_id)] == [None]
    assert all(a.revoked_at for a in rows(world, Assignment, user_id=world.cm2.user_id)), "the roles stay ended"


def test_a_board_somebody_left_does_not_undo_that_another_board_disabled_them(world: World) -> None:
    with world.unit(SYSTEM) as uow:
        uow.add(Assignment, user_id=world.cm2.user_id, role="FINANCE", icb_id=world.other_icb, valid_from=world.today)
    world.do(world.admin, lambda uow: end_role(uow, world.cm2.assignment_id))
    tomorrow = world.today + timedelta(days=1)
    world.do(world.other_admin, lambda uow: disable_user(uow, world.cm2.user_id), on=tomorrow)
    said = refused(world, world.admin, lambda uow: propose_enabling(uow, world.cm2.user_id, "A mistake."), on=tomorrow)
    assert "worked at another board" in said
    assert world.do(world.other_admin, lambda uow: propose_enabling(uow, world.cm2.user_id, "A mistake."), on=tomorrow)


def test_the_first_two_administrators_of_each_board_need_no_second_person_and_no_other_role_does_without(
    world: World,
) -> None:
    def ask(actor: Actor, role: Role, icb: UUID) -> Any:
        return lambda uow: users.invite(uow, role=role, icb_id=icb, name="N", email="n@example.org")

    assert world.do(SYSTEM, ask(SYSTEM, Role.ADMIN, world.icb))
    assert "first two administrators" in refused(world, SYSTEM, ask(SYSTEM, Role.ADMIN, world.icb))
    assert world.do(SYSTEM, ask(SYSTEM, Role.ADMIN, world.other_icb)), "another board counts its own"
    for actor in (SYSTEM, world.admin):
        assert "second person" in refused(world, actor, ask(actor, Role.FINANCE, world.icb))


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"name": ""}, "name", "Enter the person’s name."),
        ({"role": "HOLDER"}, "role", "Choose one of the roles of staff."),
        ({"role": ""}, "role", "Choose a role."),
        ({"limit": "100"}, "limit", "Only an approver has a sign-off limit. Leave this empty."),
        ({"email": "nobody"}, "email", None),
        ({"reason": " "}, "reason", "Say why, so that the second person can judge it."),
        ({"ends_on": "31/3/2026"}, "ends_on", None),
    ],
)
def test_every_slip_in_an_invitation_is_said_beside_its_field(
    form: dict[str, str], field: str, words: str | None
) -> None:
    good = {"name": "Nia Newcomer", "email": "nia@example.org", "role": "FINANCE", "reason": "Joins the team."}
    with pytest.raises(Refusal) as refusal:
        read_invitation(good | form, date(2026, 4, 1))
    (problem,) = refusal.value.problems
    assert problem.field == field
    assert words in (None, problem.sentence)
    assert read_role_change({"limit": "1,000", "reason": "x"}, Role.APPROVER, MARCH).terms.limit_pence == 100_000


def test_two_people_who_grant_one_role_at_once_give_it_once(world: World) -> None:
    grant_id = world.do(world.admin, lambda uow: propose_role(uow, world.cm.user_id, entry(Role.CLINICIAN)))
    barrier, said = threading.Barrier(2), list[str]()

    def grant(by: Actor) -> None:
        barrier.wait()
        try:
            world.do(by, lambda uow: role_grants.grant(uow, grant_id))
        except Refusal as refusal:
            said.append(str(refusal))

    threads = [threading.Thread(target=grant, args=[by]) for by in (world.auditor, world.approver)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(world, Assignment, user_id=world.cm.user_id, role="CLINICIAN")) == 1
    assert len(said) == 1
