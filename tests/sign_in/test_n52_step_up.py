"""Negative tests 20 and 52: before money moves its person confirms who they are, at the same provider, just now, for
five minutes; what they had typed waits for them, and for nobody else."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from phbportal.domain.roles import Role
from phbportal.sign_in import drafts, sessions, step_ups
from phbportal.sign_in.keys import digest
from phbportal.sign_in.roles import RoleChoice
from phbportal.tables.organisations import Organisation
from phbportal.tables.sessions import AuthFlow, Draft, SignInSession
from tests.support.portal import Browser, Portal
from tests.support.sockets import Frames, Page
from tests.support.trial import NAME as TRIAL

pytestmark = pytest.mark.usefixtures("tidy")
PAGE = "/staff/phbs/PHB-2026-000001/money/confirm?payment=PAY-2026-000001&done=x&name=Amina+Okafor"
BACK = "/staff/phbs/PHB-2026-000001/money/confirm?payment=PAY-2026-000001"
WORDS = "Words typed before, 9990000018"


def asked(page: Page, path: str = PAGE) -> str:
    """Press the button with something typed: where the page sends its person."""
    (address,) = page.event(f"{TRIAL}.send", path, form={"note": WORDS}).redirects
    return address


def paid(portal: Portal) -> list[str]:
    return [row.name for row in portal.rows(Organisation, col(Organisation.name) == WORDS[:20])]


def session(portal: Portal, handle: str) -> SignInSession:
    (row,) = portal.rows(SignInSession, col(SignInSession.handle) == handle)
    return row


def loaded(page: Page, address: str) -> Frames:
    """The page again, at the address the browser was sent back to."""
    path, _, query = address.partition("?")
    return page.event(f"{TRIAL}.load", path, {name: v[0] for name, v in parse_qs(query).items()})


def test_n52_the_whole_way_confirms_who_it_is_and_shows_again_what_was_typed(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    page, handle, before = browser.page(), browser.handle(), dict(browser.cookies)
    with portal.refused("guard.step_up"), portal.writes() as writes:
        address = asked(page)
    assert (writes, paid(portal)) == ([], [])
    assert re.fullmatch(r"/auth/step-up\?draft=[0-9a-f-]{36}", address)
    left = browser.get(address)
    assert (left.status_code, parse_qs(urlsplit(left.headers["location"]).query)["prompt"]) == (302, ["login"])
    with portal.door() as events:
        back = browser.get(browser.choose(left.headers["location"], "finance"))
    assert [(e.kind, e.outcome, e.session_handle) for e in events] == [("step_up", "allowed", handle)]
    draft = parse_qs(urlsplit(address).query)["draft"][0]
    assert (back.status_code, back.headers["location"]) == (303, f"{BACK}&draft={draft}")

    # the same session with a new secret: the old cookie is nobody's, the open page goes on, but approves nothing
    assert browser.handle() == handle
    assert browser.cookies["__Host-phb"] != before["__Host-phb"]
    assert Browser(portal, before).get("/auth/session").json() == {"reason": "session.none"}
    with portal.refused("guard.step_up"):
        assert page.event(f"{TRIAL}.send", PAGE, form={"note": WORDS}).redirects
    page.close()
    page = browser.page()  # as the browser does when it is back
    shown = loaded(page, back.headers["location"])
    assert shown.var("trial", "draft") == {"note": WORDS}
    assert shown.var("trial", "notice").startswith("You have confirmed it is you.")
    assert not page.event(f"{TRIAL}.send", PAGE, form={"note": WORDS}).redirects
    assert len(paid(portal)) == 1
    (row,) = portal.rows(Draft, col(Draft.id) == UUID(draft))
    assert (row.content, row.used_at is not None) == ("", True)  # read once, then emptied
    assert not loaded(browser.page(token="another-tab-of-it"), back.headers["location"]).says(WORDS)


def test_n52_a_step_up_is_over_after_five_minutes(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    page = browser.page()
    assert browser.confirm(asked(page), "finance").status_code == 303
    page = browser.page(token="the-tab-that-is-back")
    with portal.later(minutes=4, seconds=58):
        assert not page.event(f"{TRIAL}.send", form={"note": "in time"}).redirects
    with portal.later(minutes=5, seconds=1), portal.refused("guard.step_up"), portal.writes() as writes:
        assert page.event(f"{TRIAL}.send", form={"note": "late"}).redirects[0].startswith("/auth/step-up?draft=")
    assert writes == []


def test_n52_a_copied_cookie_that_waits_on_an_open_socket_gains_nothing(portal: Portal) -> None:
    """It is the same kind of browser, and connected before its owner stepped up: the handle is the same, the proof is
    not its own."""
    owner = portal.signed_in("finance")
    thief = Browser(portal, dict(owner.cookies)).page(token="the-tab-of-a-thief")
    assert owner.confirm(asked(owner.page()), "finance").status_code == 303
    with portal.refused("guard.step_up"), portal.writes() as writes:
        thief.event(f"{TRIAL}.send", form={"note": "stolen"})
    assert writes == []
    assert not owner.page(token="the-tab-that-is-back").event(f"{TRIAL}.send", form={"note": "own"}).redirects


@pytest.mark.parametrize("packets", [["40/_event,"], ["41/_event,", "40/_event,"]])
def test_n52_nor_does_one_that_joins_late_on_a_socket_opened_before(portal: Portal, packets: list[str]) -> None:
    """A client chooses when to join the portal's namespace, and may leave it and join again; the cookie is read once,
    when the socket is opened."""
    owner = portal.signed_in("finance")
    joins = packets[0].startswith("40")
    thief = Browser(portal, dict(owner.cookies)).page(token="the-tab-of-a-thief", connect=not joins)
    assert owner.confirm(asked(owner.page()), "finance").status_code == 303
    for packet in packets:
        thief.socket.send(packet)
    thief.settle()
    with portal.refused("guard.step_up"), portal.writes() as writes:
        thief.event(f"{TRIAL}.send", form={"note": "stolen"})
    assert writes == []


def test_n52_nor_does_what_it_sent_before_and_left_waiting(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of a tab wait for each other; the one that waits is asked about the connection it came by, not about the
    one its tab has by then."""
    owner = portal.signed_in("finance")
    page = owner.page()
    address, handle = asked(page), owner.handle()
    page.close()
    go_on, began, real = threading.Event(), threading.Event(), sessions.find_by_handle

    def slowly(db: Any, wanted: str, now: Any) -> Any:
        if wanted == handle and not began.is_set():
            began.set()
            go_on.wait(10)
        return real(db, wanted, now)

    monkeypatch.setattr(sessions, "find_by_handle", slowly)
    portal.wait(0.2)
    thief = Browser(portal, dict(owner.cookies)).page()  # the copied tab, too
    for event, payload in (("load", {}), ("send", {"form": {"note": "stolen"}})):
        thief.emit("event", {"name": f"{TRIAL}.{event}", "payload": payload, "router_data": {"pathname": "/staff"}})
    assert began.wait(5)
    thief.close()
    portal.wait(0.2)
    assert owner.confirm(address, "finance").status_code == 303
    with portal.refused("guard.step_up"), portal.writes() as writes:
        back = owner.page()
        assert not back.new_token  # it is the tab of the events that wait
        go_on.set()
        back.settle()
    assert writes == []


def test_n52_somebody_else_does_not_confirm_it(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    page = browser.page()
    with portal.door() as events:
        answer = browser.confirm(asked(page), "finance2")
    assert [e.reason for e in events] == ["guard.step_up", "step_up.identity"]
    assert answer.status_code == 403
    assert "You signed in as somebody else" in answer.text
    assert session(portal, browser.handle()).step_up_until is None
    assert browser.get("/auth/session").status_code == 200  # still signed in, with nothing gained
    assert page.event(f"{TRIAL}.send", form={"note": "x"}).redirects


def test_n52_a_proof_from_before_it_was_asked_for_is_stale(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    left = browser.get(asked(browser.page())).headers["location"]
    with portal.later(seconds=-50):
        address = browser.choose(left, "finance")
    with portal.refused("step_up.stale", kind="step_up"):
        assert browser.get(address).status_code == 403
    assert session(portal, browser.handle()).step_up_until is None


@pytest.mark.parametrize(
    ("seconds_ago", "fresh"), [(0, True), (60, True), (90, True), (91, False), (-30, True), (-31, False), (None, False)]
)
def test_n52_a_proof_is_fresh_for_a_minute_and_clocks_may_differ_by_half_of_one(
    seconds_ago: int | None, fresh: bool
) -> None:
    now = datetime(2026, 4, 6, 12, tzinfo=UTC)
    proved = None if seconds_ago is None else int(now.timestamp()) - seconds_ago
    assert step_ups.is_fresh(proved, now - timedelta(minutes=9), now) is fresh


def test_n52_saying_no_at_the_provider_changes_nothing_and_leads_back_to_the_page(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    left = browser.get(asked(browser.page())).headers["location"]
    with portal.refused("provider.access_denied", kind="step_up"):
        answer = browser.get(browser.choose(left, "finance", refuse="yes"))
    assert f'href="{BACK}&amp;draft=' in answer.text
    assert browser.get("/auth/session").status_code == 200


def test_n52_with_the_provider_gone_nobody_is_signed_out_and_the_page_is_still_there(portal: Portal) -> None:
    browser = portal.signed_in("holder")
    portal.control.fail("discovery_down")
    with portal.later(hours=2), portal.door() as events:  # what was kept of its description is an hour old at most
        handle = browser.handle()
        portal.change(
            lambda uow: uow.session.execute(
                update(SignInSession)
                .where(col(SignInSession.handle) == handle)
                .values(last_seen_at=portal.clock(), absolute_expires_at=portal.clock() + timedelta(hours=1))
            )
        )
        answer = browser.get("/auth/step-up?next=/my-budget")
        assert browser.get("/auth/session").status_code == 200
    assert (answer.status_code, [e.kind for e in events]) == (503, ["step_up"])
    assert 'href="/my-budget"' in answer.text


def test_n52_a_step_up_belongs_to_the_session_it_was_begun_in(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    for other in (portal.signed_in("finance"), portal.browser()):  # another session of the same person; and nobody
        left = browser.get(asked(browser.page())).headers["location"]
        other.cookies["__Host-phb-flow"] = browser.cookies["__Host-phb-flow"]
        with portal.refused("step_up.session", kind="step_up"):
            assert other.get(browser.choose(left, "finance")).status_code == 400
    left = browser.get(asked(browser.page())).headers["location"]
    browser.post("/auth/logout", {"csrf": browser.csrf()})
    with portal.refused("step_up.session", kind="step_up"):
        assert browser.get(browser.choose(left, "finance")).status_code == 400


def test_n52_of_two_that_come_back_with_one_secret_one_is_confirmed(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    page = browser.page()
    first, second = (browser.get(asked(page)).headers["location"] for _ in range(2))
    before = dict(browser.cookies)
    addresses = [browser.choose(left, "finance") for left in (first, second)]
    assert browser.get(addresses[0]).status_code == 303
    with portal.refused("step_up.session", kind="step_up"):
        assert Browser(portal, before).get(addresses[1]).status_code == 400


def test_n52_a_copied_cookie_gets_no_new_session_at_the_moment_its_owner_steps_up(portal: Portal) -> None:
    """A choice of role makes a session anew: not from a secret that is used up since the request was let in."""
    browser = portal.signed_in("finance")
    handle, copied, actor = browser.handle(), browser.cookies["__Host-phb"], portal.world.finance
    assert actor.assignment_id is not None
    role = RoleChoice(actor.assignment_id, Role.FINANCE, "finance officer", "")
    assert browser.confirm(asked(browser.page()), "finance").status_code == 303
    with pytest.raises(sessions.SignedOut, match=r"session\.revoked"):
        portal.change(lambda uow: sessions.rotate(uow.session, handle, copied, role, portal.clock()))
    assert browser.get("/auth/session").status_code == 200


def test_n52_nobody_signed_in_has_nothing_to_confirm(portal: Portal) -> None:
    assert portal.browser().get(f"/auth/step-up?draft={uuid4()}").headers["location"] == "/auth/login"
    for method in ("HEAD", "POST"):
        assert portal.browser().request(method, "/auth/step-up").status_code == 405


def alter_flow(portal: Portal, address: str, **values: Any) -> None:
    state = parse_qs(urlsplit(address).query)["state"][0]
    where = col(AuthFlow.state_hash) == digest(state)
    portal.change(lambda uow: uow.session.execute(update(AuthFlow).where(where).values(**values)))


def test_n20_no_purpose_of_a_flow_stands_in_for_another(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    step_up = browser.choose(browser.get(asked(browser.page())).headers["location"], "finance")
    for purpose in ("sign_in", "invite"):
        alter_flow(portal, step_up, purpose=purpose)
        with portal.refused("flow.state"):
            assert browser.get(step_up).status_code == 400
    sign_in = portal.browser()
    address = sign_in.callback("finance")
    for purpose in ("step_up", "invite"):
        alter_flow(portal, address, purpose=purpose)
        with portal.refused("flow.state"):
            assert sign_in.get(address).status_code == 400
    assert "__Host-phb" not in sign_in.cookies
    assert session(portal, browser.handle()).step_up_until is None


def test_n20_a_plain_sign_in_is_no_step_up(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    page = browser.page()
    asked(page)
    assert browser.sign_in("finance").status_code == 303
    with portal.refused("guard.step_up"):
        browser.page().event(f"{TRIAL}.send", form={"note": "x"})


def test_a_page_that_reloads_or_reconnects_does_not_lose_what_it_showed(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    page = browser.page()
    back = browser.confirm(asked(page), "finance").headers["location"]
    page.close()
    for _ in range(2):
        again = browser.page()
        again.hydrate("/staff")  # empties every page's state, as every beginning of a page does
        assert loaded(again, back).var("trial", "draft") == {"note": WORDS}
        again.close()
    other = browser.page(token="another-tab-of-it")
    other.hydrate("/staff")
    assert not loaded(other, back).says("Words typed before")


# Drafts -------------------------------------------------------------------------------------------------------------


def test_a_draft_is_shown_to_no_other_session_and_nobody_else(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    draft = asked(browser.page()).partition("draft=")[2]
    for other in (portal.signed_in("finance"), portal.signed_in("finance2")):
        assert not loaded(other.page(), f"/staff?draft={draft}").says(WORDS)
        left = other.get(f"/auth/step-up?draft={draft}")
        (flow,) = portal.rows(
            AuthFlow, col(AuthFlow.state_hash) == digest(parse_qs(urlsplit(left.headers["location"]).query)["state"][0])
        )
        assert flow.next_path == "/staff"
    assert loaded(browser.page(), f"/staff?draft={draft}").says("Words typed before")


def test_a_draft_is_taken_by_its_own_person_once(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    given, handle, now = asked(browser.page()).partition("draft=")[2], browser.handle(), portal.clock()
    taken: list[dict[str, str] | None] = []
    for user_id in (portal.world.cm.user_id, portal.world.finance.user_id, portal.world.finance.user_id):
        assert user_id is not None
        portal.change(
            lambda uow, u=user_id: taken.append(drafts.take(uow.session, given, user_id=u, handle=handle, now=now))
        )
    assert taken == [None, {"note": WORDS}, None]


def test_a_draft_ends_with_its_session(portal: Portal) -> None:
    browser = portal.signed_in("finance")
    other = portal.signed_in("finance")
    handles = [browser.handle(), other.handle()]
    for one in (browser, other):
        asked(one.page())
    browser.post("/auth/logout", {"csrf": browser.csrf()})
    kept = portal.rows(Draft, col(Draft.session_handle).in_(handles))
    assert [row.session_handle for row in kept] == handles[1:]


@pytest.mark.parametrize("given", ["", "x", "'; DROP TABLE draft; --", str(UUID(int=7)), "é" * 36])
def test_a_draft_that_never_was_shows_an_empty_form(portal: Portal, given: str) -> None:
    page = portal.signed_in("finance").page()
    frames = page.event(f"{TRIAL}.load", "/staff", {"draft": given})
    assert (frames.says("Words typed before"), frames.var("trial", "shown")) == (False, "The work of Finance")


def test_a_draft_is_gone_after_half_an_hour_and_a_session_keeps_twenty(portal: Portal) -> None:
    browser = portal.signed_in("holder")
    handle, now = browser.handle(), portal.clock()
    user_id = session(portal, handle).user_id

    def keep(at: datetime) -> None:
        portal.change(
            lambda uow: drafts.keep(
                uow.session, user_id=user_id, handle=handle, page="/staff", content={"a": WORDS}, now=at
            )
        )

    for second in range(25):
        keep(now + timedelta(seconds=second))
    kept = portal.rows(Draft, col(Draft.session_handle) == handle)
    assert sorted((row.created_at - now).seconds for row in kept) == list(range(5, 25))
    given = str(max(kept, key=lambda row: row.created_at).id)
    at = now + timedelta(minutes=30, seconds=24)
    portal.change(
        lambda uow: given and kept.append(drafts.take(uow.session, given, user_id=user_id, handle=handle, now=at))
    )
    assert kept[-1] is None
    with portal.later(minutes=31):
        portal.browser().leave()  # anybody's sign-in sweeps what is old
    assert portal.rows(Draft, col(Draft.session_handle) == handle) == []


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/staff/phbs/PHB-2026-000001/plan/approve", "", "/staff/phbs/PHB-2026-000001/plan/approve"),
        ("/staff/x", "stream=0189-00-7000", "/staff/x?stream=0189-00-7000"),
        ("/staff/x", "draft=1&done=approved&a=Ann+Lee&b=" + "x" * 65, "/staff/x"),
        ("//evil.example", "", "/"), ("https://evil.example/", "a=b", "/"), ("/auth/logout", "a=b", "/"),
        ("/staff/../auth", "", "/"), ("/staff/\\evil", "", "/"),
    ],
)  # fmt: skip
def test_n22_after_a_step_up_nobody_is_sent_to_an_address_that_is_not_ours(
    path: str, query: str, expected: str
) -> None:
    assert drafts.page_of(path, query) == expected


def test_the_address_and_the_log_hold_nothing_of_what_was_typed(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    browser = portal.signed_in("finance")
    with portal.door() as events:
        answer = browser.confirm(asked(browser.page()), "finance")
    said = answer.headers["location"] + caplog.text + "".join(map(str, events))
    assert not any(word in said for word in ("Words", "9990000018", "Amina"))
