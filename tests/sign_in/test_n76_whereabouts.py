"""Negative test 76 and the page of one's own sessions: a cookie in another kind of browser gains nothing before its
person confirms who they are; one sign-in or all of them are ended from a page, whose open pages go at once."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime

import pytest
from sqlmodel import col

from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions, whereabouts
from phbportal.sign_in.agents import OTHER, family_of
from phbportal.sign_in.roles import RoleChoice
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment
from tests.support.portal import Browser, Portal
from tests.support.sockets import STATE
from tests.support.trial import NAME as TRIAL

pytestmark = pytest.mark.usefixtures("tidy")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
    "Safari/537.36 Edg/150.0.0.0"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
    "Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 "
    "Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"), (CHROME, "Chrome on Linux"), (EDGE, "Edge on Windows"),
        (SAFARI, "Safari on iPhone"), (ANDROID, "Samsung Internet on Android"), ("curl/8", OTHER), ("", OTHER),
        (FIREFOX.replace("140", "141"), "Firefox on Windows"), ("x" * 10_000 + "Windows", f"{OTHER} on Windows"),
    ],
)  # fmt: skip
def test_of_a_browser_only_its_family_is_kept(agent: str, words: str) -> None:
    assert family_of(agent) == words


def with_agent(portal: Portal, subject: str, agent: str = FIREFOX) -> Browser:
    browser = Browser(portal, agent=agent)
    assert browser.sign_in(subject).status_code == 303
    return browser


def test_n76_the_same_cookie_from_another_kind_of_browser_gains_nothing_and_is_recorded(portal: Portal) -> None:
    owner = with_agent(portal, "finance")
    handle = owner.handle()
    thief = Browser(portal, dict(owner.cookies), agent=CHROME)
    with portal.door() as events:
        for path in ("/staff", "/staff/people"):
            assert thief.get(path).headers["location"] == f"/auth/step-up?next={path}"
        assert thief.get("/auth/session").json() == {"reason": "session.agent"}
        assert thief.get("/auth/sessions").headers["location"] == "/auth/step-up"
        assert thief.get("/auth/choose-role").headers["location"] == "/auth/step-up"
        page = thief.page(headers=[("User-Agent", CHROME)])
    assert [(e.kind, e.reason, e.session_handle) for e in events] == [("session", "session.agent", handle)] * 6
    with portal.refused("session.none"):
        assert page.event(f"{TRIAL}.load").redirects == ["/auth/login"]
    assert owner.get("/staff").status_code != 303  # which goes on in its own browser
    assert owner.page(headers=[("User-Agent", FIREFOX)]).event(f"{TRIAL}.load").says("The work of Finance")


def test_n76_whoever_it_really_is_confirms_it_and_goes_on_in_the_new_browser(portal: Portal) -> None:
    owner = with_agent(portal, "finance")
    moved = Browser(portal, dict(owner.cookies), agent=EDGE)
    assert moved.confirm("/auth/step-up?next=/staff/people", "finance").headers["location"] == "/staff/people"
    assert moved.get("/auth/session").status_code == 200
    assert owner.get("/auth/session").json() == {"reason": "session.none"}  # its secret is used up


def test_n76_somebody_else_does_not_confirm_a_stolen_cookie(portal: Portal) -> None:
    owner = with_agent(portal, "finance")
    thief = Browser(portal, dict(owner.cookies), agent=CHROME)
    with portal.refused("step_up.identity", kind="step_up"):
        assert thief.confirm("/auth/step-up?next=/staff", "finance2").status_code == 403
    with portal.refused("session.agent", kind="session"):
        assert thief.get("/staff").headers["location"] == "/auth/step-up?next=/staff"


def test_n76_a_newer_version_of_the_same_browser_is_no_other_one(portal: Portal) -> None:
    owner = with_agent(portal, "finance")
    owner.agent = FIREFOX.replace("140", "141")
    assert owner.get("/auth/session").status_code == 200


# The page -----------------------------------------------------------------------------------------------------------


def listed(browser: Browser) -> list[tuple[str, str]]:
    """The sessions on the page: the heading of each and the id its button sends."""
    page = browser.get("/auth/sessions").text
    found = re.findall(r'<h2[^>]*id="browser-\d+">([^<]*)</h2>.*?value="([0-9a-f-]{36})"', page, re.DOTALL)
    assert found
    return found


def fresh(portal: Portal) -> None:
    """The second finance officer has no session but those of the test."""
    for row in portal.rows(SignInSession, col(SignInSession.user_id) == portal.world.finance2.user_id):
        portal.change(lambda uow, row=row: sessions.revoke(uow.session, row.handle, "test", uow.now))


def test_each_place_is_named_and_one_can_be_left_from_another(portal: Portal) -> None:
    fresh(portal)
    phone, desk = with_agent(portal, "finance2", SAFARI), with_agent(portal, "finance2")
    page = phone.page(headers=[("User-Agent", SAFARI)])
    found = listed(desk)
    assert [words for words, _ in found] == ["Firefox on Windows, this browser", "Safari on iPhone"]
    text = desk.get("/auth/sessions").text
    assert "Working as: finance officer." in text
    assert phone.handle() not in text
    phones = phone.handle()
    with portal.door() as events:
        answer = desk.post("/auth/sessions", {"csrf": desk.csrf(), "which": found[1][1]})
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/sessions")
    assert [(e.kind, e.outcome, e.session_handle) for e in events] == [("sign_out", "allowed", phones)]
    assert page.wait_for_the_end(1).redirects == ["/auth/signed-out"]
    assert phone.get("/auth/session").json() == {"reason": "session.revoked"}
    assert [words for words, _ in listed(desk)] == ["Firefox on Windows, this browser"]


def test_n76_sign_out_everywhere_ends_all_of_them_and_their_open_pages_at_once(portal: Portal) -> None:
    browsers = [with_agent(portal, "finance2", agent) for agent in (FIREFOX, CHROME, SAFARI)]
    somebody_else = portal.signed_in("finance")
    pages = [b.page(headers=[("User-Agent", b.agent)]) for b in browsers]
    answer = browsers[0].post("/auth/sessions", {"csrf": browsers[0].csrf(), "which": "everywhere"})
    assert answer.headers["location"] == "/auth/signed-out"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "/dev-idp/end-session?" in browsers[0].get("/auth/signed-out").headers["refresh"]  # and there as well
    assert [page.wait_for_the_end(1).redirects for page in pages] == [["/auth/signed-out"]] * 3
    assert {b.get("/auth/session").status_code for b in browsers} == {401}
    assert somebody_else.get("/auth/session").status_code == 200
    mine = col(SignInSession.user_id) == portal.world.finance2.user_id
    assert portal.rows(SignInSession, mine, col(SignInSession.revoked_at).is_(None)) == []


def test_n76_sign_out_everywhere_finds_a_session_that_changes_its_role_at_that_moment(portal: Portal) -> None:
    """Whoever holds a copied cookie may choose a role again and again; each time the session has another handle."""
    fresh(portal)
    thief = portal.signed_in("finance2")
    handle, secret = thief.handle(), thief.cookies["__Host-phb"]
    actor = portal.world.finance2
    assert actor.assignment_id is not None
    role = RoleChoice(actor.assignment_id, Role.FINANCE, "finance officer", "")
    began = threading.Event()

    def everywhere() -> None:
        began.wait(5)
        with open_unit(portal.engine, SYSTEM, writes=True) as uow:
            whereabouts.end(uow.session, found, whereabouts.EVERYWHERE, portal.clock(), ip="")

    with open_unit(portal.engine, SYSTEM, writes=False) as uow:
        found = sessions.find_by_handle(uow.session, handle, portal.clock())
    owner = threading.Thread(target=everywhere)
    owner.start()
    with open_unit(portal.engine, SYSTEM, writes=True) as uow:
        sessions.rotate(uow.session, handle, secret, role, portal.clock())
        began.set()
        portal.wait(0.5)  # the owner has looked, and waits for this to be written
    owner.join()
    mine = col(SignInSession.user_id) == actor.user_id
    assert portal.rows(SignInSession, mine, col(SignInSession.revoked_at).is_(None)) == []


def test_signing_out_of_this_browser_from_the_list_leaves_the_others(portal: Portal) -> None:
    fresh(portal)
    here, there = with_agent(portal, "finance2"), with_agent(portal, "finance2", CHROME)
    assert here.post("/auth/sessions", {"csrf": here.csrf(), "which": listed(here)[0][1]}).headers["location"] == (
        "/auth/signed-out"
    )
    assert "__Host-phb" not in here.cookies
    assert there.get("/auth/session").status_code == 200


@pytest.mark.parametrize("which", ["theirs", "", "x", "all", "' OR 1=1", "handle"])
def test_nobody_ends_the_session_of_somebody_else(portal: Portal, which: str) -> None:
    victim, other = portal.signed_in("approver"), portal.signed_in("finance")
    if which in ("theirs", "handle"):
        which = listed(victim)[0][1] if which == "theirs" else victim.handle()
    before = portal.live_sessions()
    assert other.post("/auth/sessions", {"csrf": other.csrf(), "which": which}).status_code == 303
    assert portal.live_sessions() == before


@pytest.mark.parametrize("how", ["no token", "another's token", "foreign", "no origin"])
def test_n23_a_form_that_is_not_our_own_page_s_ends_nothing(portal: Portal, how: str) -> None:
    browser = portal.signed_in("finance")
    tokens = {"no token": "", "another's token": portal.signed_in("cm").csrf()}
    origin = {"foreign": "https://evil.example", "no origin": None}.get(how, "own")
    with portal.refused("csrf", kind="sign_out"):
        data = {"csrf": tokens.get(how, browser.csrf()), "which": "everywhere"}
        assert browser.post("/auth/sessions", data, origin=origin).status_code == 403
    assert browser.get("/auth/session").status_code == 200


def test_a_session_that_ran_out_is_not_in_the_list(portal: Portal) -> None:
    fresh(portal)
    with_agent(portal, "finance2", CHROME)
    with portal.later(minutes=16):
        assert [words for words, _ in listed(with_agent(portal, "finance2"))] == ["Firefox on Windows, this browser"]
    assert portal.browser().get("/auth/sessions").headers["location"] == "/auth/login"


# The header ---------------------------------------------------------------------------------------------------------

FRAME = "edge___frame____frame"
PEOPLE = f"{STATE}.phbportal___admin___trail____trail.phbportal___admin___list_state____list_state.load"


def test_a_change_of_role_is_offered_only_to_those_with_another_to_take_up(portal: Portal) -> None:
    frames = portal.signed_in("auditor").page().event(PEOPLE, "/staff/people", {"resource": "people"})
    assert (frames.var(FRAME, "name"), frames.var(FRAME, "change_role_href")) == ("Auditor", "")
    with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        row = uow.add(
            Assignment, user_id=portal.world.auditor.user_id, role=Role.FINANCE.value, icb_id=portal.world.icb,
            valid_from=portal.world.today,
        )  # fmt: skip
    try:
        browser = portal.signed_in("auditor")
        (first, _) = re.findall(r'name="assignment" value="([0-9a-f-]+)"', browser.get("/auth/choose-role").text)
        browser.post("/auth/choose-role", {"csrf": browser.csrf(), "assignment": first})
        frames = browser.page().event(PEOPLE, "/staff/people", {"resource": "people"})
        assert frames.var(FRAME, "change_role_href") == "/auth/choose-role"
    finally:
        portal.change(lambda uow: uow.change(uow.session.get_one(Assignment, row.id), revoked_at=uow.now))
