"""Negative tests 48–51: a session that is over is over everywhere at once: for open pages, for the next event, for a
reconnection, whoever ended it, and when nobody did but time or a role."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from phbportal.edge.live import OpenPages
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import handle_of
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, Identity, User
from tests.support.portal import Browser, Portal
from tests.support.sockets import STATE, Page
from tests.support.trial import NAME as TRIAL

pytestmark = pytest.mark.usefixtures("tidy")
WORDS = "Words of a session that will end"


def with_words(portal: Portal, subject: str = "cm", token: str = "a-token-of-a-tab") -> tuple[Browser, Page]:
    browser = portal.signed_in(subject)
    page = browser.page(token=token)
    page.event(f"{TRIAL}.show", "/trial", text=WORDS)
    return browser, page


def states_of(portal: Portal, handle: str) -> list[str]:
    return [t for t in portal.server.app.state_manager.states if t.startswith(handle)]


def revoke(portal: Portal, handle: str) -> None:
    """As another process would: straight in the database."""
    portal.change(lambda uow: sessions.revoke(uow.session, handle, "by another process", portal.clock()))


@contextmanager
def nobody_watching(portal: Portal) -> Iterator[None]:
    """Revocations are found by events alone, inside."""
    live = portal.hall.live
    look, live.look = live.look, asleep
    try:
        yield
    finally:
        live.look = look


async def asleep(*, everything: bool = False) -> None:
    """A look that sees nothing."""


def test_n48_an_open_page_is_sent_away_then_disconnected_and_its_state_forgotten(portal: Portal) -> None:
    browser, page = with_words(portal)
    other = browser.page(token="another-tab-of-it")
    handle, cookie = browser.handle(), dict(browser.cookies)
    assert len(states_of(portal, handle)) >= 1
    browser.post("/auth/logout", {"csrf": browser.csrf()})
    for tab in (page, other):
        frames = tab.wait_for_the_end()
        assert frames.redirects == ["/auth/signed-out"]
        assert frames.texts[-1].startswith("41/_event")
    assert states_of(portal, handle) == []
    again = Browser(portal, cookie).page()  # the old cookie: nobody's
    with portal.refused("session.none"):
        assert again.event(f"{TRIAL}.load").redirects == ["/auth/login"]
    assert not again.hydrate("/trial").says(WORDS)


def test_n48_a_page_is_sent_away_once_though_two_come_upon_it_at_once(portal: Portal) -> None:
    """Its sign-out, and the watch over sessions in the same moment."""
    browser, page = with_words(portal)
    handle, live = browser.handle(), portal.hall.live

    async def both() -> None:
        await asyncio.gather(*(live.send_away(handle, "/auth/signed-out") for _both in range(2)))

    asyncio.run_coroutine_threadsafe(both(), portal.server.loop).result(10)
    assert page.wait_for_the_end().redirects == ["/auth/signed-out"]
    assert states_of(portal, handle) == []


def test_n48_after_its_end_a_socket_that_stays_open_is_told_nothing(portal: Portal) -> None:
    """A page of ours leaves; a client of somebody else's may stay and connect again on the same socket."""
    browser, page = with_words(portal)
    browser.post("/auth/logout", {"csrf": browser.csrf()})
    page.wait_for_the_end()
    with nobody_watching(portal), portal.door() as events:
        portal.wait(0.3)  # for a look under way
        page.socket.send("40/_event,")
        assert page.socket.next_text().startswith("40/_event")
        frames = page.event(f"{TRIAL}.load", "/trial")
    assert [e.reason for e in events] == ["session.revoked"]
    assert not frames.says("The work of")
    assert not frames.says(WORDS)


def test_n49_a_session_ended_by_another_process_is_refused_at_its_next_event(portal: Portal) -> None:
    with nobody_watching(portal):
        browser, page = with_words(portal)
        other = browser.page(token="another-tab-of-it")
        revoke(portal, browser.handle())
        with portal.refused("session.revoked"), portal.writes() as writes:
            frames = page.event(f"{TRIAL}.found", form={"name": "After the end"})
        assert (frames.redirects, frames.disconnected, writes) == (["/auth/signed-out"], True, [])
        assert other.wait_for_the_end().redirects == ["/auth/signed-out"]


@pytest.mark.parametrize("event", ["hydrate", "hydrate_and_load", "on_load", "set_is_hydrated"])
def test_n49_reflexs_own_events_end_there_too(portal: Portal, event: str) -> None:
    name = f"{STATE}.{event}"
    if event == "on_load":
        name = f"{STATE}.reflex___state____on_load_internal_state.on_load_internal"
    with nobody_watching(portal):
        browser, page = with_words(portal)
        other = browser.page(token="another-tab-of-it")
        revoke(portal, browser.handle())
        with portal.refused("session.revoked"):
            frames = page.event(name, "/trial", **({"value": True} if event == "set_is_hydrated" else {}))
        assert (frames.redirects, frames.disconnected) == (["/auth/signed-out"], True)
        assert not frames.says(WORDS)
        assert other.wait_for_the_end().redirects == ["/auth/signed-out"]


def test_n49_the_load_of_a_page_that_finds_its_session_over_still_tells_the_other_tabs(portal: Portal) -> None:
    """Disconnecting a page cancels its load, and it is the load that is telling them."""
    with nobody_watching(portal):
        browser = portal.signed_in("cm")
        tabs = [browser.page(token=f"tab-number-{n}") for n in range(4)]
        entered = threading.Event()
        handle = browser.handle()

        def revoke_first(*_: Any) -> None:
            if not entered.is_set():
                entered.set()
                revoke(portal, handle)

        real = sessions.find_by_handle

        def after_the_look(db: Any, wanted: str, now: Any) -> Any:
            found = real(db, wanted, now)
            if wanted == handle:
                revoke_first()
            return found

        sessions.find_by_handle = after_the_look  # the page's beginning still sees the session alive
        try:
            with portal.refused("session.revoked"):
                frames = tabs[0].hydrate("/trial")
        finally:
            sessions.find_by_handle = real
        assert frames.redirects == ["/auth/signed-out"]
        for tab in tabs[1:]:
            assert tab.wait_for_the_end().redirects == ["/auth/signed-out"]
        assert states_of(portal, handle) == []


def test_a_revocation_by_another_process_reaches_an_idle_page_by_itself(portal: Portal) -> None:
    browser, page = with_words(portal)
    handle = browser.handle()
    revoke(portal, handle)
    assert page.wait_for_the_end(5).redirects == ["/auth/signed-out"]
    portal.wait(0.3)
    assert states_of(portal, handle) == []


def end_role(uow: Any, portal: Portal, actor: Any, undo: bool) -> None:
    row = uow.session.get_one(Assignment, actor.assignment_id)
    uow.change(row, revoked_at=None if undo else uow.now)


def end_role_by_date(uow: Any, portal: Portal, actor: Any, undo: bool) -> None:
    row = uow.session.get_one(Assignment, actor.assignment_id)
    uow.change(row, valid_to=None if undo else portal.world.today - timedelta(days=1))


def role_begins_later(uow: Any, portal: Portal, actor: Any, undo: bool) -> None:
    row = uow.session.get_one(Assignment, actor.assignment_id)
    uow.change(row, valid_from=portal.world.today + timedelta(days=-30 if undo else 1))


def disable_user(uow: Any, portal: Portal, actor: Any, undo: bool) -> None:
    uow.change(uow.session.get_one(User, actor.user_id), disabled_at=None if undo else uow.now)


def disable_identity(uow: Any, portal: Portal, actor: Any, undo: bool) -> None:
    (row,) = portal.rows(Identity, col(Identity.user_id) == actor.user_id)
    uow.change(uow.session.get_one(Identity, row.id), disabled_at=None if undo else uow.now)


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (end_role, "session.role"), (end_role_by_date, "session.role"), (role_begins_later, "session.role"),
        (disable_user, "session.disabled"), (disable_identity, "session.disabled"),
    ],
)  # fmt: skip
def test_n50_a_role_that_ended_or_a_person_disabled_is_out_at_the_next_event(
    portal: Portal, act: Any, reason: str
) -> None:
    actor = portal.world.clinician
    browser, page = with_words(portal, "clinician")
    portal.change(lambda uow: act(uow, portal, actor, undo=False))
    try:
        with portal.refused(reason), portal.writes() as writes:
            frames = page.event(f"{TRIAL}.found", form={"name": "After the end"})
        assert (frames.redirects, frames.disconnected, writes) == (["/auth/signed-out"], True, [])
        assert browser.get("/staff").headers["location"] == "/auth/login?next=/staff"
    finally:
        portal.change(lambda uow: act(uow, portal, actor, undo=True))


def test_n50_the_sweep_finds_what_no_event_does(portal: Portal) -> None:
    """Nobody ended these sessions in so many words: a role did, and time."""
    actor = portal.world.clinician
    clinician, first = with_words(portal, "clinician")
    staff, second = with_words(portal, "finance")
    holder = portal.signed_in("holder").page()
    handles = [clinician.handle(), staff.handle()]
    portal.change(lambda uow: end_role(uow, portal, actor, undo=False))
    try:
        with portal.later(minutes=20):
            portal.sweep()
    finally:
        portal.change(lambda uow: end_role(uow, portal, actor, undo=True))
    assert first.wait_for_the_end(5).redirects == ["/auth/timed-out"]  # idle comes first
    assert second.wait_for_the_end(5).redirects == ["/auth/timed-out"]
    assert [states_of(portal, h) for h in handles] == [[], []]
    assert not holder.settle().disconnected  # theirs is 30 minutes


def test_the_sweep_forgets_states_of_tabs_that_were_closed_long_ago(portal: Portal) -> None:
    browser, page = with_words(portal)
    handle = browser.handle()
    page.close()
    portal.wait(0.1)
    assert states_of(portal, handle)
    with portal.later(hours=13):
        portal.sweep()
    assert states_of(portal, handle) == []


@pytest.mark.parametrize(("subject", "minutes"), [("cm", 15), ("holder", 30)])
def test_n51_idle_is_over_after_its_minutes_whatever_the_page_does_by_itself(
    portal: Portal, subject: str, minutes: int
) -> None:
    browser = portal.signed_in(subject)
    page, about = browser.page(), "poll" if subject == "cm" else "look"
    poller = f"{TRIAL}.poll" if about == "poll" else f"{STATE}.phbportal___pages___public___visitor____visitor.look"
    for part in (4, 2, 4 / 3):
        with portal.later(minutes=minutes / part, seconds=-1):
            assert not page.event(poller).redirects
            assert not page.hydrate("/staff" if subject == "cm" else "/my-budget").redirects  # as at a reconnection
            assert browser.get("/auth/session").status_code == 200
            browser.get("/staff" if subject == "cm" else "/my-budget", headers={"Sec-Fetch-Mode": "cors"})
    with portal.later(minutes=minutes, seconds=1):
        assert browser.get("/auth/session").json() == {"reason": "session.idle"}
        with portal.refused("session.idle"):
            frames = page.event(f"{STATE}.hydrate", "/staff")
        assert frames.redirects == ["/auth/timed-out"]
        path = "/staff" if subject == "cm" else "/my-budget"
        assert browser.get(path).headers["location"] == "/auth/timed-out"


def seen_at(portal: Portal, browser: Browser) -> Any:
    (row,) = portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    return row.last_seen_at


def test_n51_what_a_person_does_puts_idle_off(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    page = browser.page()
    page.hydrate("/trial")
    acts: list[Any] = [
        lambda: page.event(f"{TRIAL}.show", text="read"),
        lambda: page.event(f"{TRIAL}.found", form={"name": "Written"}),
        lambda: page.event(f"{TRIAL}.found", form={"name": ""}),  # refused, and still somebody's doing
        lambda: page.event(f"{STATE}.reflex___state____on_load_internal_state.on_load_internal", "/trial"),
        lambda: browser.get("/staff", headers={"Sec-Fetch-Mode": "navigate"}),
        lambda: browser.post("/auth/session"),
    ]
    for number, act in enumerate(acts):
        with portal.later(minutes=2 * (number + 1)):
            before = seen_at(portal, browser)
            act()
            assert seen_at(portal, browser) > before, number


def test_n51_what_a_page_does_by_itself_does_not(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    page = browser.page()
    before = seen_at(portal, browser)
    acts: list[Any] = [
        lambda: page.hydrate("/trial"),
        lambda: page.event(f"{STATE}.hydrate", "/trial"),
        lambda: page.event(f"{TRIAL}.poll"),
        lambda: page.event(f"{STATE}.set_is_hydrated", value=True),
        lambda: browser.page(token="a-reconnection").hydrate("/trial"),
        lambda: browser.get("/auth/session"),
        lambda: browser.post("/auth/session", origin="https://evil.example"),
        lambda: browser.get("/staff"),
        lambda: browser.get("/staff", headers={"Sec-Fetch-Mode": "no-cors"}),
        lambda: browser.get("/staff", headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}),
    ]
    with portal.later(minutes=5):
        for number, act in enumerate(acts):
            act()
            assert seen_at(portal, browser) == before, number


def test_n51_staying_signed_in_puts_off_idle_and_never_twelve_hours(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    page = browser.page()
    for part in range(1, 51):
        with portal.later(minutes=14 * part):
            answer = browser.post("/auth/session")
            assert answer.status_code == 200
    assert answer.json() == {"seconds": pytest.approx(20 * 60 - 5 * 60, abs=60), "final": False}
    with portal.later(minutes=12 * 60 - 6):
        answer = browser.post("/auth/session")
    assert answer.json() == {"seconds": pytest.approx(6 * 60, abs=60), "final": True}
    with portal.later(hours=12, seconds=1):
        assert browser.post("/auth/session").json() == {"reason": "session.absolute"}
        with portal.refused("session.absolute"):
            assert page.event(f"{TRIAL}.show", text="x").redirects == ["/auth/timed-out?after=absolute"]
        assert "12 hours" in browser.get("/auth/timed-out?after=absolute").text


def test_a_session_once_ended_is_not_touched_to_life(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    handle = browser.handle()
    revoke(portal, handle)
    (ended,) = portal.rows(SignInSession, col(SignInSession.handle) == handle)
    portal.change(lambda uow: sessions.touch(uow.session, handle, portal.clock() + timedelta(hours=1)))
    portal.change(lambda uow: sessions.revoke(uow.session, handle, "again", portal.clock()))
    (after,) = portal.rows(SignInSession, col(SignInSession.handle) == handle)
    assert (after.last_seen_at, after.revoked_reason) == (ended.last_seen_at, "by another process")


def test_two_ends_at_once_leave_one_event_and_no_page(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    tabs = [browser.page(token=f"tab-number-{n}") for n in range(3)]
    csrf, cookies = browser.csrf(), dict(browser.cookies)
    barrier = threading.Barrier(3)

    def end() -> None:
        barrier.wait()
        Browser(portal, dict(cookies)).post("/auth/logout", {"csrf": csrf}, fresh=True)

    with portal.door() as events:
        threads = [threading.Thread(target=end) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [(e.kind, e.outcome) for e in events] == [("sign_out", "allowed")]
    for tab in tabs:
        assert tab.wait_for_the_end().redirects[0] == "/auth/signed-out"


def test_states_of_nobody_are_not_kept_after_the_page_is_closed(portal: Portal) -> None:
    page = portal.anonymous_page("a-visitor-who-leaves")
    page.event(f"{TRIAL}.say", text="hello")
    states = portal.server.app.state_manager.states
    (token,) = [t for t in states if t.startswith("anon.")]
    page.close()
    portal.until(lambda: token not in states)
    assert all(handle_of(portal.hall.key, t) != "anon" for t in states)


def test_states_kept_in_redis_are_forgotten_too(portal: Portal) -> None:
    """Only the session's own keys: ``ident/class`` of each of its pages."""
    handle, other = "a" * 32, "b" * 32
    kept = {f"{handle}.x.y/State", f"{handle}.z.y/State.Trial", f"{other}.x.y/State", "token_manager_socket_record_x"}

    class Redis:
        async def scan_iter(self, match: str) -> Any:
            for key in [k for k in kept if k.startswith(match.removesuffix("*"))]:
                yield key

        async def delete(self, key: str) -> None:
            kept.discard(key)

    class Manager:
        redis = Redis()

    class App:
        state_manager = Manager()

        def register_lifespan_task(self, task: Any) -> None:
            assert callable(task)

    asyncio.run(OpenPages(App())._forget(handle))
    assert kept == {f"{other}.x.y/State", "token_manager_socket_record_x"}


def test_kept_states_end_with_the_longest_idle_time(portal: Portal) -> None:
    assert portal.server.app.state_manager.token_expiration == 35 * 60
