"""The pages of the office, driven over the socket of the really served portal, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.admin.list_state import ListState
from phbportal.domain.roles import Role
from phbportal.pages.staff.access import AccessState
from phbportal.pages.staff.break_glass import AskingState, BreakGlassState
from phbportal.pages.staff.changes import ChangesState
from phbportal.pages.staff.person import PersonState
from phbportal.pages.staff.phb_case_manager import CaseManagerState
from phbportal.pages.staff.role_grant import RoleGrantState
from phbportal.pages.staff.user import UserState
from phbportal.pages.staff.user_leaving import BudgetsState, DisableState, EnableState
from phbportal.pages.staff.user_roles import ChangeRoleState, EndRoleState, FurtherRoleState, InviteState
from phbportal.pages.staff.work import WorkState
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.break_glass import ASKED_THEMSELVES
from phbportal.services.people import PersonEntry, add_person
from phbportal.tables.audit import AccessEvent
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.phbs import Phb
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, Identity, Invitation, User
from tests.pages.opening import OPEN, Opened, opened
from tests.support import journey
from tests.support.journey import Case
from tests.support.portal import PROVIDER, Portal
from tests.support.sockets import Frames
from tests.support.world import add_staff

OFFICE = {
    UserState: routes.STAFF_USER, InviteState: routes.STAFF_INVITE,
    FurtherRoleState: routes.STAFF_USER_ROLE, ChangeRoleState: routes.STAFF_USER_CHANGE,
    EndRoleState: routes.STAFF_USER_END, DisableState: routes.STAFF_USER_DISABLE,
    EnableState: routes.STAFF_USER_ENABLE, BudgetsState: routes.STAFF_USER_CASES,
    RoleGrantState: routes.STAFF_ROLE_GRANT, BreakGlassState: routes.STAFF_BREAK_GLASS,
    AskingState: routes.STAFF_BREAK_GLASS_ONE, AccessState: routes.STAFF_ACCESS,
    CaseManagerState: routes.STAFF_PHB_CASE_MANAGER, WorkState: routes.STAFF,
    PersonState: routes.STAFF_PERSON,
}  # fmt: skip


def show(portal: Portal, subject: str, state: Any, **query: str) -> Opened:
    return opened(portal, subject, state, OFFICE[state], **query)


def listed(portal: Portal, subject: str, resource: str, **query: str) -> Opened:
    """One of the engine's lists."""
    return opened(portal, subject, ListState, f"/staff/{resource}", resource=resource, **query)


def sentences(page: Opened, frames: Any) -> list[str]:
    return [problem["sentence"] for problem in page.after(frames, "problems")]


def stepped_up(portal: Portal, subject: str) -> None:
    """The sessions of somebody, as if they had just confirmed who they are."""

    def step(uow: Any) -> None:
        for session in portal.rows(SignInSession, col(SignInSession.user_id) == portal.world.actors[subject].user_id):
            uow.session.get_one(SignInSession, session.id).step_up_until = datetime.now(UTC) + timedelta(minutes=5)
        uow.session.flush()

    portal.change(step)


@contextmanager
def somebody(portal: Portal, role: Role) -> Iterator[Actor]:
    """A new member of staff who may sign in under the name given as their e-mail."""
    name = f"new_{uuid4().hex[:8]}"
    with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        actor = add_staff(uow, name, role, portal.world.icb, portal.world.today)
        uow.add(Identity, user_id=actor.user_id, provider=PROVIDER, issuer=f"{portal.origin}/dev-idp", subject=name)
    portal.world.actors[name] = actor
    yield actor


def proposed(portal: Portal, name: str) -> str:
    page = show(portal, "admin", InviteState)
    assert page.var("alone") is False  # there are approvers, auditors and other administrators
    frames = page.submit(
        "save", name=name, email=f"{uuid4().hex}@example.org", role="FINANCE", reason="Joins the team."
    )
    (to,) = frames.redirects
    assert to.endswith("?done=proposed"), to
    return to.split("/")[-1].split("?")[0]


def a_budget(portal: Portal, family: str) -> Case:
    entry = PersonEntry("Ada", family, datetime(1961, 2, 3, tzinfo=UTC).date())
    person = portal.world.do(portal.world.cm, lambda uow: add_person(uow, entry))
    return journey.draft(portal.world, person_id=person)


def test_the_office_is_shown_to_administrators_and_auditors_and_nothing_of_a_budget_with_it(portal: Portal) -> None:
    case = a_budget(portal, "Officeworth")
    for subject in ("admin", "auditor"):
        user = show(portal, subject, UserState, user=str(portal.world.cm.user_id))
        for page in (listed(portal, subject, "users"), listed(portal, subject, "invitations"), user):
            assert page.var("ready"), page.path
            assert not page.frames.says("Officeworth")
            assert not page.frames.says(case.reference)
    for subject in ("cm", "clinician", "finance", "approver"):
        for resource in ("users", "invitations"):
            assert listed(portal, subject, resource).frames.redirects == [routes.NOT_ALLOWED]
        for state in (InviteState, BreakGlassState, AccessState):
            if (subject, state) != ("approver", BreakGlassState):
                assert show(portal, subject, state).frames.redirects == [routes.NOT_ALLOWED]


def test_a_user_is_found_by_any_part_of_a_name_and_by_role_and_the_list_turns(portal: Portal) -> None:
    page = listed(portal, "admin", "users", role="FINANCE")
    assert {row[2] for row in page.var("rows")} == {"Finance officer"}
    frames = page.submit("find", search="approver2", role="")
    (to,) = frames.redirects
    assert "approver2" not in to, "what was typed is not in the address"
    view = to.split("view=")[1]
    assert [row[1] for row in listed(portal, "admin", "users", view=view).var("rows")] == ["Approver2"]
    other = listed(portal, "other_admin", "users")
    assert "Approver2" not in {row[1] for row in other.var("rows")}
    assert show(portal, "other_admin", UserState, user=str(portal.world.cm.user_id)).var("missing")


def test_a_user_page_shows_the_provider_and_never_who_they_are_there(portal: Portal) -> None:
    identity = portal.rows(Identity, col(Identity.user_id) == portal.world.approver.user_id)[0]
    page = show(portal, "admin", UserState, user=str(portal.world.approver.user_id))
    assert page.var("sign_ins")[0]["provider"] == "Development sign-in", "by the name people call it"
    assert not any(identity.subject == value for row in page.var("sign_ins") for value in row.values())
    assert page.var("roles")[0]["limit"] == "Any amount"


def test_an_invitation_goes_from_its_proposal_by_a_second_person_to_a_code_shown_once(portal: Portal) -> None:
    grant = proposed(portal, "Nia Newcomer")
    own = show(portal, "admin", RoleGrantState, grant=grant)
    assert own.var("view")["because"] == "You proposed this, so someone else must decide it."
    stepped_up(portal, "admin")
    assert sentences(own, own.send("grant")) == ["You proposed this, so someone else must decide it."]
    assert any("Nia Newcomer" in i["title"] for g in show(portal, "approver", WorkState).var("groups")
               for i in g["work"])  # fmt: skip
    for subject, where in (("admin", "mine"), ("auditor", "to_decide")):
        waits = opened(portal, subject, ChangesState, routes.STAFF_CHANGES).var(where)
        found = [row["href"] for row in waits if row["what"].endswith("Nia Newcomer")]
        assert found == [routes.staff_role_grant(grant)]
    elsewhere = opened(portal, "other_admin", ChangesState, routes.STAFF_CHANGES)
    assert not elsewhere.frames.says("Nia Newcomer")
    page = show(portal, "approver", RoleGrantState, grant=grant)
    view = page.var("view")
    assert (view["before"], view["after"]) == ("Not here yet", "Finance officer, no end date")
    unsure = portal.signed_in("approver").page()
    OPEN.append(unsure)
    asked = Opened(unsure, RoleGrantState, page.path, page.query, Frames())
    asked.send("load")
    assert asked.send("grant").redirects[0].startswith(routes.STEP_UP)
    assert page.send("grant").redirects == [f"{routes.staff_role_grant(grant)}?done=granted"]
    made = own.after(own.send("make"), "made")
    assert len(made) == 24
    again = show(portal, "admin", RoleGrantState, grant=grant)
    assert again.var("made") in ("", None), "shown once"
    assert again.var("view")["code"].startswith("Works until")
    assert not again.frames.says(made)
    assert "Nia Newcomer" in [row[1] for row in listed(portal, "admin", "invitations", standing="OPEN").var("rows")]
    assert "Nia Newcomer" not in [row[1] for row in listed(portal, "admin", "invitations", standing="USED").var("rows")]
    assert not portal.rows(Invitation, col(Invitation.code_hash) == made)


def test_an_invitation_sent_twice_is_proposed_once_and_a_refusal_says_why(portal: Portal) -> None:
    page = show(portal, "admin", InviteState)
    answers = {"name": "Twice Pressed", "email": "", "role": "AUDITOR", "reason": "Why."}
    first, second = page.submit("save", **answers), page.submit("save", **answers)
    assert first.redirects == second.redirects
    (row,) = portal.rows(RoleGrant, col(RoleGrant.display_name) == "Twice Pressed")
    deciding = show(portal, "auditor", RoleGrantState, grant=str(row.id))
    assert sentences(deciding, deciding.submit("refuse", refusal="")) == [
        "Say why you refuse, so that whoever proposed it knows what to do."
    ]
    deciding.submit("refuse", refusal="Two are enough.")
    assert show(portal, "admin", RoleGrantState, grant=str(row.id)).var("view")["refusal"] == "Two are enough."


def test_a_leaver_is_disabled_and_their_open_page_is_sent_away(portal: Portal) -> None:
    with somebody(portal, Role.CASE_MANAGER) as leaver:
        subject = next(name for name, a in portal.world.actors.items() if a is leaver)
        theirs = show(portal, subject, WorkState)
        page = show(portal, "admin", DisableState, user=str(leaver.user_id))
        (to,) = page.send("disable").redirects
        assert to == f"{routes.staff_user(leaver.user_id)}?done=disabled"
        ended = theirs.page.wait_for_the_end()
        assert ended.redirects == [routes.SIGNED_OUT]
        again = show(portal, "admin", EnableState, user=str(leaver.user_id))
        (to,) = again.submit("save", reason="They came back.").redirects
        grant = to.split("/")[-1].split("?")[0]
        stepped_up(portal, "auditor")
        deciding = show(portal, "auditor", RoleGrantState, grant=grant)
        stepped_up(portal, "auditor")
        deciding.send("grant")
        (user,) = portal.rows(User, col(User.id) == leaver.user_id)
        assert user.disabled_at is None


def test_nobody_disables_themselves_over_the_socket(portal: Portal) -> None:
    page = show(portal, "admin", DisableState, user=str(portal.world.admin.user_id))
    assert sentences(page, page.send("disable")) == ["You cannot do this to yourself. Ask another administrator."]
    page = show(portal, "auditor", DisableState, user=str(portal.world.cm.user_id))
    assert page.frames.redirects == [routes.NOT_ALLOWED]


def test_a_role_is_proposed_changed_and_ended_from_a_users_page(portal: Portal) -> None:
    with somebody(portal, Role.APPROVER) as new:
        user, held = str(new.user_id), str(new.assignment_id)
        (to,) = show(portal, "admin", FurtherRoleState, user=user).submit(
            "save", role="AUDITOR", reason="Covers."
        ).redirects  # fmt: skip
        assert to.endswith("?done=proposed")
        form = show(portal, "admin", ChangeRoleState, user=user, assignment=held)
        assert form.var("held")["words"] == "Approver, any amount, no end date"
        (to,) = form.submit("save", limit="1,000.00", reason="New to it.").redirects
        view = show(portal, "auditor", RoleGrantState, grant=to.split("/")[-1].split("?")[0]).var("view")
        assert (view["before"], view["after"]) == (
            "Approver, any amount, no end date", "Approver, up to £1,000.00 a week, no end date",
        )  # fmt: skip
        show(portal, "admin", EndRoleState, user=user, assignment=held).send("end")
        (row,) = portal.rows(Assignment, col(Assignment.id) == new.assignment_id)
        assert row.revoked_at
        assert show(portal, "admin", EndRoleState, user=user, assignment=held).var("missing")


def test_a_budget_and_all_of_a_leavers_budgets_go_to_another_case_manager(portal: Portal) -> None:
    with somebody(portal, Role.CASE_MANAGER) as leaver:
        case = a_budget(portal, "Handedover")
        form = show(portal, "cm", CaseManagerState, phb=case.reference)
        (to,) = form.submit("save", case_manager=str(leaver.user_id)).redirects
        assert to.endswith("?done=case-manager")
        page = show(portal, "admin", BudgetsState, user=str(leaver.user_id))
        assert page.var("budgets") == "1 open budget"
        assert not page.frames.says("Handedover")
        page.submit("save", case_manager=str(portal.world.cm2.user_id))
        (phb,) = portal.rows(Phb, col(Phb.id) == case.phb_id)
        assert phb.case_manager_id == portal.world.cm2.user_id


def test_break_glass_from_asking_to_its_end_with_the_minutes_on_every_page(portal: Portal) -> None:
    case = a_budget(portal, "Glassworth")
    person = str(case.person_id)
    with somebody(portal, Role.ADMIN) as admin:
        subject = next(name for name, a in portal.world.actors.items() if a is admin)
        assert listed(portal, subject, "people").frames.redirects == [routes.NOT_ALLOWED]
        (to,) = show(portal, subject, BreakGlassState).submit(
            "ask", reference=case.reference, reason="A fault in the data."
        ).redirects  # fmt: skip
        asking = to.split("/")[-1].split("?")[0]
        own = show(portal, subject, AskingState, asking=asking)
        assert own.var("view")["person"] == ""
        assert (own.var("view")["because"], own.var("view")["end_words"]) == (ASKED_THEMSELVES, "Take it back")
        assert not own.frames.says("Glassworth")
        deciding = show(portal, "approver", AskingState, asking=asking)
        assert deciding.var("view")["person"] == "Ada Glassworth"
        stepped_up(portal, "approver")
        deciding.send("agree")
        record = show(portal, subject, PersonState, person=person)
        assert record.var("name") == "Ada Glassworth"
        assert record.frames.says("60 minutes left")
        assert listed(portal, subject, "users").frames.says("60 minutes left")
        other = a_budget(portal, "Notopened")
        assert show(portal, subject, PersonState, person=str(other.person_id)).var("missing")
        looks = portal.rows(AccessEvent, col(AccessEvent.break_glass_id) == UUID(asking))
        assert {look.user_id for look in looks} == {admin.user_id}
        told = [i for g in show(portal, "auditor", WorkState).var("groups") for i in g["work"]
                if "break-glass" in i["title"]]  # fmt: skip
        assert {i["href"] for i in told} == {routes.STAFF_BREAK_GLASS}, "where they say that they have looked"
        report = show(portal, "auditor", AccessState, person=person, glass="yes")
        assert {row["mark"] for row in report.var("rows")} == {"Break-glass"}
        with portal.later(minutes=10):
            still = show(portal, subject, PersonState, person=person)
            assert still.frames.says("50 minutes left")
        (row,) = portal.rows(BreakGlass, col(BreakGlass.id) == UUID(asking))
        portal.change(lambda uow: uow.change(uow.session.get_one(BreakGlass, row.id), ends_at=datetime.now(UTC)))
        assert sentences(record, record.send("load")) == ["You do not have permission to do this."], "an open page too"
        assert show(portal, subject, PersonState, person=person).frames.redirects == [routes.NOT_ALLOWED]


def test_the_access_report_is_by_person_by_user_and_by_period_and_is_itself_a_look(portal: Portal) -> None:
    case = a_budget(portal, "Lookedat")
    person = str(case.person_id)
    for subject in ("cm", "finance"):
        show(portal, subject, PersonState, person=person)
    page = show(portal, "auditor", AccessState, person=person)
    assert [row["who"] for row in page.var("rows")][:2] == ["Finance", "Cm"]
    mine = portal.rows(
        AccessEvent, col(AccessEvent.page) == "access report", col(AccessEvent.person_id) == UUID(person)
    )
    assert [look.user_id for look in mine] == [portal.world.auditor.user_id]
    by_user = show(portal, "auditor", AccessState, person=person, user=str(portal.world.cm.user_id))
    assert {row["who"] for row in by_user.var("rows")} == {"Cm"}
    (to,) = page.submit("find", person=case.reference, user="", from__day="1", from__month="1",
                        from__year="2020", to__day="2", to__month="1", to__year="2020").redirects  # fmt: skip
    assert to == f"{routes.STAFF_ACCESS}?person={person}&from=2020-01-01&to=2020-01-02"
    nothing = show(portal, "auditor", AccessState, **{"person": person, "from": "2020-01-01", "to": "2020-01-02"})
    assert nothing.var("rows") in ([], None)
    frames = page.submit("find", person="PHB-2020-999999", user="")
    assert sentences(page, frames) == ["Nobody your board looks after has this number. Check it."]
    assert "Enter the reference of a budget" in sentences(page, page.submit("find", person="Ada", user=""))[0]
    assert by_user.var("told").endswith("on this page, the newest first.")
    assert show(portal, "auditor", AccessState, user="not-an-id").var("missing")


@pytest.mark.parametrize("state", [RoleGrantState, AskingState, UserState])
def test_an_id_of_another_board_or_of_nothing_reads_not_found(portal: Portal, state: Any) -> None:
    name = {RoleGrantState: "grant", AskingState: "asking", UserState: "user"}[state]
    theirs = proposed(portal, "Of This Board") if state is RoleGrantState else str(UUID(int=5))
    for wanted in (theirs, "nothing"):
        assert show(portal, "other_admin", state, **{name: wanted}).var("missing")
