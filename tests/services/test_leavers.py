"""Leavers: one role ended, or somebody disabled everywhere at once; and their budgets given to somebody else."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.role_grants import RoleTerms
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.work import work
from phbportal.services import role_grants, users
from phbportal.services.cases import change_case_manager, reassign_cases
from phbportal.services.leavers import disable_user, end_role
from phbportal.services.role_proposals import RoleEntry, propose_invitation, propose_role
from phbportal.tables.audit import AuditEvent
from phbportal.tables.phbs import Phb
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.sessions import Draft, SignInSession
from phbportal.tables.users import Assignment, Identity, Invitation, User
from tests.services.asking import refused, row, rows
from tests.support.journey import Case
from tests.support.world import World, add_staff, at


def session_of(world: World, actor: Actor, handle: str) -> None:
    with world.unit(SYSTEM) as uow:
        identity = uow.add(Identity, user_id=actor.user_id, provider="p", issuer="i", subject=handle)
        uow.add(
            SignInSession, handle=handle, secret_hash=handle, user_id=actor.user_id, identity_id=identity.id,
            assignment_id=actor.assignment_id, provider="p", last_seen_at=uow.now, idle_seconds=900,
            absolute_expires_at=uow.now + timedelta(hours=12),
        )  # fmt: skip


def draft_of(world: World, actor: Actor, handle: str) -> None:
    with world.unit(SYSTEM) as uow:
        uow.add(
            Draft, user_id=actor.user_id, session_handle=handle, page="/staff", content="{}",
            expires_at=uow.now + timedelta(minutes=30),
        )  # fmt: skip


@pytest.fixture
def leaving(world: World) -> Actor:
    """A second administrator who is about to leave."""
    with world.unit(SYSTEM) as uow:
        return add_staff(uow, "leaving", Role.ADMIN, world.icb, world.today)


def test_disabling_ends_sessions_sign_ins_roles_and_what_they_gave_at_once(world: World, leaving: Actor) -> None:
    session_of(world, leaving, "theirs")
    session_of(world, world.cm, "another")
    draft_of(world, leaving, "theirs")
    draft_of(world, world.cm, "another")
    entry = RoleEntry(RoleTerms(Role.FINANCE), "Why.", "Nia", "nia@example.org")
    waiting = world.do(leaving, lambda uow: propose_role(uow, world.cm.user_id, entry))
    invited = world.do(leaving, lambda uow: propose_invitation(uow, entry))
    world.do(world.auditor, lambda uow: role_grants.grant(uow, invited))
    code = world.do(leaving, lambda uow: role_grants.make_code(uow, invited))
    world.do(world.admin, lambda uow: disable_user(uow, leaving.user_id))
    assert row(world, User, leaving.user_id).disabled_at == at(world.today)
    assert all(i.disabled_at for i in rows(world, Identity, user_id=leaving.user_id))
    assert all(a.revoked_at for a in rows(world, Assignment, user_id=leaving.user_id))
    assert [s.revoked_at for s in rows(world, SignInSession, handle="another")] == [None]
    (theirs,) = rows(world, SignInSession, handle="theirs")
    assert (theirs.revoked_at, theirs.revoked_reason) == (at(world.today), "office")
    assert [d.session_handle for d in rows(world, Draft)] == ["another"]
    assert {row(world, RoleGrant, g).status for g in (waiting, invited)} == {"WITHDRAWN"}
    assert all(i.withdrawn_at for i in rows(world, Invitation, grant_id=invited))
    with pytest.raises(users.Unknown), world.unit(SYSTEM) as uow:
        users.open_invitation(uow.session, code, uow.now)
    assert rows(world, AuditEvent, kind="user_disabled")
    assert "disabled already" in refused(world, world.admin, lambda uow: disable_user(uow, leaving.user_id))


def test_ending_one_role_leaves_the_others_and_the_sessions_in_them(world: World) -> None:
    session_of(world, world.cm, "as-case-manager")
    with world.unit(SYSTEM) as uow:
        other = uow.add(Assignment, user_id=world.cm.user_id, role="CLINICIAN", icb_id=world.icb,
                        valid_from=world.today)  # fmt: skip
    world.do(world.admin, lambda uow: end_role(uow, other.id))
    assert row(world, Assignment, other.id).revoked_at
    assert rows(world, SignInSession, handle="as-case-manager")[0].revoked_at is None
    world.do(world.admin, lambda uow: end_role(uow, world.cm.assignment_id))
    assert rows(world, SignInSession, handle="as-case-manager")[0].revoked_at


def test_an_administrator_whose_role_ends_keeps_no_code_to_come_back_with(world: World, leaving: Actor) -> None:
    """A code is bound to nobody: somebody who ends as administrator could use it with another account."""
    entry = RoleEntry(RoleTerms(Role.FINANCE), "Why.", "Nia", "nia@example.org")
    invited = world.do(world.admin, lambda uow: propose_invitation(uow, entry))
    world.do(world.auditor, lambda uow: role_grants.grant(uow, invited))
    code = world.do(leaving, lambda uow: role_grants.make_code(uow, invited))
    world.do(world.admin, lambda uow: end_role(uow, leaving.assignment_id))
    with pytest.raises(users.Unknown), world.unit(SYSTEM) as uow:
        users.open_invitation(uow.session, code, uow.now)
    fresh = world.do(world.admin, lambda uow: role_grants.make_code(uow, invited))
    with world.unit(SYSTEM) as uow:
        users.open_invitation(uow.session, fresh, uow.now)


def test_nobody_ends_or_disables_themselves_nor_somebody_of_another_board(world: World) -> None:
    for act in (disable_user, end_role):
        own = world.admin.user_id if act is disable_user else world.admin.assignment_id
        assert "to yourself" in refused(world, world.admin, lambda uow, a=act, o=own: a(uow, o))
        theirs = world.other_cm.user_id if act is disable_user else world.other_cm.assignment_id
        with pytest.raises(NotFound):
            world.do(world.admin, lambda uow, a=act, t=theirs: a(uow, t))
    for by in ("approver", "auditor", "cm"):
        with pytest.raises(Refusal):
            world.do(world.actors[by], lambda uow: disable_user(uow, world.cm2.user_id))


def test_a_board_somebody_left_cannot_lock_them_out_of_the_board_they_went_to(world: World, leaving: Actor) -> None:
    with world.unit(SYSTEM) as uow:
        uow.add(Assignment, user_id=leaving.user_id, role="FINANCE", icb_id=world.other_icb, valid_from=world.today)
    world.do(world.admin, lambda uow: end_role(uow, leaving.assignment_id))
    assert "works at another" in refused(world, world.admin, lambda uow: disable_user(uow, leaving.user_id))
    world.do(world.other_admin, lambda uow: disable_user(uow, leaving.user_id))
    assert row(world, User, leaving.user_id).disabled_at is not None


def test_a_board_keeps_its_last_administrator(world: World, leaving: Actor) -> None:
    """Also the one of another board for whom somebody of this one works as well."""
    with world.unit(SYSTEM) as uow:
        uow.add(Assignment, user_id=world.other_admin.user_id, role="CASE_MANAGER", icb_id=world.icb,
                valid_from=world.today)  # fmt: skip
    said = refused(world, world.admin, lambda uow: disable_user(uow, world.other_admin.user_id))
    assert said == "Other Admin is the last administrator of NHS Test Two ICB. Have another one granted first."
    world.do(world.admin, lambda uow: end_role(uow, leaving.assignment_id))
    outlived = leaving  # their session was read before the role ended
    assert "last administrator" in refused(world, outlived, lambda uow: disable_user(uow, world.admin.user_id))


def test_two_administrators_who_disable_each_other_at_once_leave_one(world: World, leaving: Actor) -> None:
    barrier, said = threading.Barrier(2), []

    def disable(by: Actor, whom: Actor) -> None:
        barrier.wait()
        try:
            world.do(by, lambda uow: disable_user(uow, whom.user_id))
        except Refusal as refusal:
            said.append(str(refusal))

    threads = [threading.Thread(target=disable, args=pair)
               for pair in ((world.admin, leaving), (leaving, world.admin))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    disabled = [row(world, User, a.user_id).disabled_at for a in (world.admin, leaving)]
    assert sum(d is not None for d in disabled) == 1
    assert len(said) == 1


def test_a_holder_who_is_disabled_as_staff_would_lose_their_own_budget(drafted: tuple[World, Case]) -> None:
    world, case = drafted
    with world.unit(SYSTEM) as uow:
        uow.change(uow.session.get_one(User, world.cm2.user_id), person_id=case.person_id)
    assert "one by one" in refused(world, world.admin, lambda uow: disable_user(uow, world.cm2.user_id))


def test_a_leavers_budgets_wait_for_the_office_and_go_to_another_case_manager_at_once(
    drafted: tuple[World, Case],
) -> None:
    world, case = drafted

    def waiting() -> list[Any]:
        with world.unit(world.admin, writes=False) as uow:
            found = work(uow.session, uow.actor, uow.today, uow.now).groups
        return [item.title for g in found for item in g.items if g.heading == "Budgets of people who have left"]

    assert waiting() == []
    world.do(world.admin, lambda uow: disable_user(uow, world.cm.user_id))
    assert waiting() == ["Give the 1 budget of Cm to another case manager"]
    for wrong in (world.finance, world.other_cm, world.cm):
        refused(world, world.admin, lambda uow, w=wrong: reassign_cases(uow, world.cm.user_id, w.user_id))
    assert world.do(world.admin, lambda uow: reassign_cases(uow, world.cm.user_id, world.cm2.user_id)) == 1
    assert row(world, Phb, case.phb_id).case_manager_id == world.cm2.user_id
    assert rows(world, AuditEvent, kind="case_manager_changed", phb_id=case.phb_id)
    assert waiting() == []
    refused(world, world.admin, lambda uow: reassign_cases(uow, world.cm.user_id, world.cm2.user_id))


def test_one_budget_goes_to_another_case_manager_unless_somebody_was_quicker(drafted: tuple[World, Case]) -> None:
    world, case = drafted
    cm, cm2 = world.cm.user_id, world.cm2.user_id
    world.do(world.cm, lambda uow: change_case_manager(uow, case.phb_id, cm2, seen=cm))
    assert "meanwhile" in refused(world, world.cm, lambda uow: change_case_manager(uow, case.phb_id, cm2, seen=cm))
    with pytest.raises(NotFound):  # an administrator sees no budget
        world.do(world.admin, lambda uow: change_case_manager(uow, case.phb_id, cm, seen=cm2))
