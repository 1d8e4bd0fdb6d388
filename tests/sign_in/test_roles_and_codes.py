"""Who becomes whom: several roles, none, the portal's own; codes of invitations; a holder's first sign-in; and what a
provider of the wrong kind cannot vouch for."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.role_grants import RoleTerms
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.actors import SYSTEM
from phbportal.services import role_grants, users
from phbportal.services.role_proposals import RoleEntry, propose_invitation
from phbportal.services.users import ProviderClaims
from phbportal.sign_in.limits import PerMinute
from phbportal.sign_in.roles import may_take_up
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, Identity, Invitation, User
from tests.support.portal import Browser, Portal
from tests.support.sockets import STATE
from tests.support.trial import NAME as TRIAL

pytestmark = pytest.mark.usefixtures("tidy")
NHS_PEOPLE = f"{STATE}.phbportal___admin___trail____trail.phbportal___admin___list_state____list_state.load"


@pytest.fixture
def two_roles(portal: Portal) -> Iterator[str]:
    """A finance officer who is an auditor as well, for one test."""
    actor = portal.world.finance2
    with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        row = uow.add(
            Assignment, user_id=actor.user_id, role=Role.AUDITOR.value, icb_id=portal.world.icb,
            valid_from=portal.world.today,
        )  # fmt: skip
    yield "finance2"
    end_assignment(portal, row.id)


def end_assignment(portal: Portal, assignment_id: Any) -> None:
    portal.change(lambda uow: uow.change(uow.session.get_one(Assignment, assignment_id), revoked_at=uow.now))


def roles_offered(browser: Browser) -> list[str]:
    return re.findall(r'name="assignment" value="([0-9a-f-]+)"', browser.get("/auth/choose-role").text)


def test_somebody_with_two_roles_chooses_one_before_anything_else(portal: Portal, two_roles: str) -> None:
    browser = portal.browser()
    assert browser.sign_in(two_roles, "/staff/people").headers["location"] == "/auth/choose-role?next=/staff/people"
    assert browser.get("/staff/people").headers["location"] == "/auth/choose-role?next=/staff/people"
    assert browser.get("/auth/session").status_code == 200
    assert len(roles_offered(browser)) == 2


def test_without_a_chosen_role_every_handler_is_refused(portal: Portal, two_roles: str) -> None:
    """Such a session once acted as the portal itself, to whom the import and the invitations are open."""
    browser = portal.browser()
    browser.sign_in(two_roles)
    for name in (NHS_PEOPLE, f"{TRIAL}.load", f"{TRIAL}.found"):
        page = browser.page()
        payload = {"form": {"name": "Nobody's"}} if name.endswith("found") else {}
        with portal.refused("session.no_role"):
            frames = page.event(name, **payload)
        assert (frames.redirects, frames.disconnected) == (["/auth/choose-role"], True)
        assert not frames.says("Okafor")
    assert not portal.rows(Organisation, col(Organisation.name) == "Nobody's")


def test_a_session_without_a_role_has_no_actor_at_all(portal: Portal, two_roles: str) -> None:
    from phbportal.sign_in import sessions

    browser = portal.browser()
    browser.sign_in(two_roles)
    with portal.world.unit(SYSTEM, writes=False) as uow:
        found = sessions.find_by_handle(uow.session, browser.handle(), portal.clock())
    assert found.in_role is None
    with pytest.raises(sessions.SignedOut, match=r"session\.no_role"):
        _ = found.actor


def test_a_chosen_role_is_a_new_session_and_the_old_one_reaches_nothing(portal: Portal, two_roles: str) -> None:
    browser = portal.browser()
    browser.sign_in(two_roles)
    chosen, csrf, old = roles_offered(browser)[1], browser.csrf(), Browser(portal, dict(browser.cookies))
    old_handle, tab = old.handle(), old.page()
    with portal.door() as events:
        answer = browser.post("/auth/choose-role", {"csrf": csrf, "assignment": chosen, "next": "/staff/people"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/people")
    assert [(e.kind, e.outcome) for e in events] == [("choose_role", "allowed")]
    assert tab.wait_for_the_end().redirects == ["/"]
    assert browser.cookies["__Host-phb"] != old.cookies["__Host-phb"]
    assert browser.handle() != old_handle
    (row,) = portal.rows(SignInSession, col(SignInSession.handle) == old_handle)
    assert row.revoked_reason == "rotated"
    (new,) = portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    assert str(new.assignment_id) == chosen
    assert new.absolute_expires_at == row.absolute_expires_at
    assert old.get("/staff").headers["location"].startswith("/auth/login")
    # The same choice again, of the session that is over: nothing is made of it.
    before = portal.live_sessions()
    assert old.post("/auth/choose-role", {"csrf": csrf, "assignment": chosen}).headers["location"] == "/auth/login"
    assert portal.live_sessions() == before


def test_somebody_with_a_role_may_change_to_another(portal: Portal, two_roles: str) -> None:
    browser = portal.browser()
    browser.sign_in(two_roles)
    for chosen in roles_offered(browser):
        answer = browser.post("/auth/choose-role", {"csrf": browser.csrf(), "assignment": chosen})
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
        assert browser.page().event(f"{TRIAL}.load").var("trial", "ready") is True


@pytest.mark.parametrize("wrong", ["csrf", "origin", "assignment", "nothing"])
def test_a_choice_that_is_not_of_our_page_or_not_theirs_changes_nothing(
    portal: Portal, two_roles: str, wrong: str
) -> None:
    browser = portal.browser()
    browser.sign_in(two_roles)
    secret = browser.cookies["__Host-phb"]
    form = {"csrf": browser.csrf(), "assignment": roles_offered(browser)[0]}
    if wrong == "csrf":
        form["csrf"] = "0" * 32
    if wrong == "assignment":
        form["assignment"] = str(portal.world.admin.assignment_id)
    if wrong == "nothing":
        form = {}
    origin = "https://evil.example" if wrong == "origin" else "own"
    with portal.refused("role" if wrong == "assignment" else "csrf", kind="choose_role"):
        assert browser.post("/auth/choose-role", form, origin=origin).status_code == 403
    assert browser.cookies["__Host-phb"] == secret


def test_the_portals_own_role_is_nobodys_to_sign_in_with(portal: Portal) -> None:
    actor = portal.world.cm2
    with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        row = uow.add(Assignment, user_id=actor.user_id, role="SYSTEM", icb_id=None, valid_from=portal.world.today)
    try:
        browser = portal.browser()
        assert browser.sign_in("cm2").headers["location"] == "/staff"  # one role only, their own
        # and a session that came to point at it is over
        portal.change(
            lambda uow: setattr(
                uow.session.execute(
                    select(SignInSession).where(col(SignInSession.handle) == browser.handle())
                ).scalar_one(),
                "assignment_id", row.id,
            )
        )  # fmt: skip
        assert browser.get("/auth/session").json() == {"reason": "session.role"}
    finally:
        end_assignment(portal, row.id)


@contextmanager
def provider_for(portal: Portal, *audience: str) -> Iterator[None]:
    """The provider vouches only for these kinds of people, inside."""
    client = portal.hall.clients["development"]
    before = client.provider
    client.provider = replace(before, audience=audience)
    try:
        yield
    finally:
        client.provider = before


def test_a_provider_of_organisations_makes_nobody_staff_or_holder(portal: Portal) -> None:
    with provider_for(portal, "organisation"):
        for subject in ("cm", "admin", "holder"):
            with portal.refused("identity.no_role"):
                assert portal.browser().sign_in(subject).status_code == 403


def test_a_provider_of_organisations_cannot_claim_somebodys_nhs_number(portal: Portal) -> None:
    subject = f"holder-{portal.people['second']}"
    for audience in (("organisation",), ("staff",), ("organisation", "staff")):
        with provider_for(portal, *audience), portal.refused("identity.unknown"):
            assert portal.browser().sign_in(subject).status_code == 403
    assert not portal.rows(Identity, col(Identity.subject) == subject)


def test_nhs_login_makes_nobody_staff(portal: Portal) -> None:
    with provider_for(portal, "holder"), portal.refused("identity.no_role"):
        assert portal.browser().sign_in("cm").status_code == 403


def test_every_role_has_a_kind_of_provider_but_the_portals_own() -> None:
    everywhere = ("holder", "staff", "organisation")
    assert {role for role in Role if not may_take_up(role, everywhere)} == {Role.SYSTEM}
    assert not any(may_take_up(role, ()) for role in Role)


def test_a_holder_is_found_by_number_birth_and_name_once_and_then_known(portal: Portal) -> None:
    subject = f"holder-{portal.people['second']}"
    browser = portal.browser()
    assert browser.sign_in(subject).headers["location"] == "/my-budget"
    (user,) = portal.rows(User, col(User.person_id) == portal.people["second"])
    claims = claims_of(portal, subject)
    with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        assert users.find_or_bind(uow.session, claims, uow.now)[0] == user.id


def claims_of(portal: Portal, subject: str, **changes: str | None) -> ProviderClaims:
    said = {"nhs_number": "9990000034", "birthdate": "1961-02-03", "family_name": "VARGA"} | changes
    return ProviderClaims("development", f"{portal.origin}/dev-idp", subject, **said)


@pytest.mark.parametrize(
    "changes",
    [
        {"nhs_number": "9990000026"}, {"nhs_number": None}, {"nhs_number": ""}, {"birthdate": "1961-02-04"},
        {"birthdate": None}, {"birthdate": "03/02/1961"}, {"family_name": "Vargas"}, {"family_name": ""},
        {"family_name": None}, {"nhs_number": "9990000077"}, {"nhs_number": "%"}, {"family_name": "%"},
    ],
)  # fmt: skip
def test_a_holder_of_whom_one_thing_is_otherwise_is_unknown(portal: Portal, changes: dict[str, str | None]) -> None:
    claims = claims_of(portal, "a-new-subject", **changes)
    with pytest.raises(users.Unknown, match=r"identity\.unknown"):
        with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
            users.find_or_bind(uow.session, claims, uow.now)
    assert not portal.rows(Identity, col(Identity.subject) == "a-new-subject")


@pytest.mark.parametrize("how", ["sign_in_on", "died_on"])
def test_a_holder_whose_sign_in_was_switched_off_is_out_at_once_and_stays_out(portal: Portal, how: str) -> None:
    browser = portal.signed_in("holder")
    off: dict[str, Any] = {"sign_in_on": False} if how == "sign_in_on" else {"died_on": portal.world.today}
    on: dict[str, Any] = {"sign_in_on": True, "died_on": None}
    person = portal.people["own"]
    portal.change(lambda uow: uow.change(uow.session.get_one(Person, person), **off))
    try:
        assert browser.get("/auth/session").json() == {"reason": "session.disabled"}
        with portal.refused("identity.disabled"):
            assert portal.browser().sign_in("holder").status_code == 403
    finally:
        portal.change(lambda uow: uow.change(uow.session.get_one(Person, person), **on))
    assert browser.get("/auth/session").status_code == 200


def invite(portal: Portal, role: Role = Role.CLINICIAN, by: str = "admin") -> str:
    """A code: of a staff role once the auditor has granted what the administrator proposed."""
    actor, now = portal.world.actors[by], datetime.now(UTC)
    if role not in STAFF_ROLES:
        with portal.world.unit(actor, now=now) as uow:
            return users.invite(uow, role=role, icb_id=actor.icb_id, name="Nia Newcomer", email="nia@example.org")
    entry = RoleEntry(RoleTerms(role), "Joins the team.", "Nia Newcomer", f"{uuid4()}@example.org")
    with portal.world.unit(actor, now=now) as uow:
        grant_id = propose_invitation(uow, entry)
    with portal.world.unit(portal.world.auditor, now=now) as uow:
        role_grants.grant(uow, grant_id)
    with portal.world.unit(actor, now=now) as uow:
        return role_grants.make_code(uow, grant_id)


def use(browser: Browser, code: str, provider: str = "development") -> Any:
    return browser.post("/auth/invitation", {"code": code, "provider": provider})


def onward(answer: Any) -> str:
    """Where the page after the form goes on to by itself."""
    assert (answer.status_code, answer.headers["refresh"][:7]) == (200, "0; url=")
    return answer.headers["refresh"][7:]


def test_a_code_lets_one_person_in_once(portal: Portal) -> None:
    code = invite(portal)
    browser, other = portal.browser(), portal.browser()
    first, second = use(browser, code.lower().replace("-", " ")), use(other, code)
    assert browser.get(browser.choose(onward(first), "somebody-new")).headers["location"] == "/staff"
    with portal.refused("identity.invitation"):  # opened by two, used by one
        assert other.get(other.choose(onward(second), "finance")).status_code == 403
    assert use(portal.browser(), code).status_code == 400
    (identity,) = portal.rows(Identity, col(Identity.subject) == "somebody-new")
    roles = {a.role for a in portal.rows(Assignment, col(Assignment.user_id) == identity.user_id)}
    assert roles == {"CLINICIAN"}


def test_nobody_gives_themselves_a_role(portal: Portal) -> None:
    code = invite(portal, Role.APPROVER)
    browser = portal.browser()
    asked = onward(use(browser, code))
    with portal.refused("identity.own_invitation"):
        assert browser.get(browser.choose(asked, "admin")).status_code == 403
    granter = portal.browser()
    asked = onward(use(granter, code))
    with portal.refused("identity.own_invitation"):  # nor does whoever granted it
        assert granter.get(granter.choose(asked, "auditor")).status_code == 403
    roles = portal.rows(Assignment, col(Assignment.user_id) == portal.world.admin.user_id)
    assert {a.role for a in roles} == {"ADMIN"}
    (invitation,) = portal.rows(Invitation, col(Invitation.role) == "APPROVER")
    assert invitation.used_at is None


def test_a_code_is_for_one_kind_of_provider(portal: Portal) -> None:
    staff, provider = invite(portal, Role.FINANCE), invite(portal, Role.PROVIDER)
    flows = portal.browser()
    with provider_for(portal, "organisation"):
        assert (answer := use(flows, staff)).status_code == 400
        assert "another way of signing in" in answer.text
        assert onward(use(flows, provider))
    with provider_for(portal, "holder"):
        assert use(flows, staff).status_code == 400
        assert use(flows, provider).status_code == 400


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA-AAAA", "' OR 1=1 --", "\0", "é" * 20, "x" * 10_000])
def test_a_wrong_code_opens_nothing_and_every_way_reads_the_same(portal: Portal, code: str) -> None:
    answer = use(portal.browser(), code)
    assert answer.status_code == 400
    assert "That code does not work" in answer.text


def test_a_code_that_is_too_old_opens_nothing(portal: Portal) -> None:
    code = invite(portal)
    with portal.later(days=14):
        assert "That code does not work" in use(portal.browser(), code).text


@pytest.mark.parametrize("how", ["withdrawn_at", "expires_at"])
def test_a_code_that_stops_working_while_its_person_is_at_the_provider_lets_nobody_in(portal: Portal, how: str) -> None:
    code = invite(portal)
    browser = portal.browser()
    back = browser.choose(onward(use(browser, code)), "auditor")
    where = col(Invitation.code_hash) == users.code_digest(code)
    (row,) = portal.rows(Invitation, where)
    portal.change(lambda uow: uow.change(uow.session.get_one(Invitation, row.id), **{how: uow.now}))
    with portal.refused("identity.invitation"):
        assert browser.get(back).status_code == 403
    (row,) = portal.rows(Invitation, where)
    assert row.used_at is None


def test_codes_are_tried_from_our_own_page_and_not_many_times(portal: Portal) -> None:
    assert portal.browser().post("/auth/invitation", {"code": "x"}, origin="https://evil.example").status_code == 403
    assert use(portal.browser(), "x", provider="nobody").status_code == 400
    with portal.limited("codes", PerMinute(10)):
        statuses = [use(portal.browser(), f"AAAA-{n}").status_code for n in range(12)]
    assert statuses == [400] * 10 + [429] * 2


def test_sign_ins_from_one_address_have_a_limit(portal: Portal) -> None:
    with portal.limited("sign_ins", PerMinute(5)):
        statuses = [portal.browser().get("/auth/login/development").status_code for _ in range(7)]
    assert statuses == [302] * 5 + [429] * 2


def test_what_an_address_may_keeps_nobody_there_from_confirming_who_they_are(portal: Portal) -> None:
    """A whole board sits behind one address."""
    browsers = [portal.signed_in("finance"), portal.signed_in("cm")]
    with portal.limited("sign_ins", PerMinute(2)):
        assert [portal.browser().get("/auth/login/development").status_code for _ in range(3)] == [302, 302, 429]
        assert [b.get("/auth/step-up").status_code for b in browsers] == [302, 302]
        assert [browsers[0].get("/auth/step-up").status_code for _ in range(2)] == [302, 429]


def test_made_up_answers_of_a_provider_keep_nobody_from_writing(portal: Portal) -> None:
    with portal.locked():
        assert portal.browser().get("/auth/callback/development?state=made-up&code=x").status_code == 400


def test_a_disabled_user_and_a_disabled_identity_do_not_sign_in(portal: Portal) -> None:
    actor = portal.world.auditor
    for table, where in ((User, col(User.id) == actor.user_id), (Identity, col(Identity.user_id) == actor.user_id)):
        (row,) = portal.rows(table, where)
        portal.change(lambda uow, t=table, r=row: uow.change(uow.session.get_one(t, r.id), disabled_at=uow.now))
        with portal.refused("identity.disabled"):
            assert portal.browser().sign_in("auditor").status_code == 403
        portal.change(lambda uow, t=table, r=row: uow.change(uow.session.get_one(t, r.id), disabled_at=None))


def test_a_role_that_has_not_begun_or_has_ended_signs_nobody_in(portal: Portal) -> None:
    actor, today = portal.world.auditor, portal.world.today
    spans = [{"valid_from": today + timedelta(days=1)}, {"valid_to": today - timedelta(days=1)}]
    whole = {"valid_from": today - timedelta(days=30), "valid_to": None}
    for span in spans:
        portal.change(lambda uow, s=span: uow.change(uow.session.get_one(Assignment, actor.assignment_id), **whole | s))
        with portal.refused("identity.no_role"):
            assert portal.browser().sign_in("auditor").status_code == 403
    portal.change(lambda uow: uow.change(uow.session.get_one(Assignment, actor.assignment_id), **whole))


def test_the_first_sign_in_of_one_person_from_two_places_at_once_makes_one_user(portal: Portal) -> None:
    """The slower one is told to start again, and nothing of theirs is kept."""
    person = portal.new_person("Otto", "Twofold", "9990000042")
    addresses = []
    for _ in range(2):
        browser = portal.browser()
        addresses.append((browser, browser.callback(f"holder-{person}")))
    barrier, answers = threading.Barrier(2), []

    def finish(browser: Browser, address: str) -> None:
        barrier.wait()
        answers.append(browser.get(address, fresh=True).status_code)

    threads = [threading.Thread(target=finish, args=pair) for pair in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {303, 400}
    assert 303 in answers
    assert len(portal.rows(User, col(User.person_id) == person)) == 1
