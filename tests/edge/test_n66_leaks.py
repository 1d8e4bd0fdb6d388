"""Negative tests 66, 67 and 73, and what must not follow a person from page to page: secrets and records are in no log
and in no kept state, a fault says only its reference, and a database that is gone takes nothing else with it."""

from __future__ import annotations

import logging
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from reflex.state import State
from reflex_base.constants.state import FIELD_MARKER
from sqlmodel import col

from phbportal.admin.asked import Asked, Searched
from phbportal.admin.trail import LastList, Trail
from phbportal.edge.frame import Frame
from phbportal.edge.guard import forget_pages
from phbportal.edge.quiet import quieten_logs
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import digest
from phbportal.tables.sessions import AuthEvent, AuthFlow
from tests.edge.handlers import GUARDED
from tests.support import trial
from tests.support.portal import Portal
from tests.support.sockets import STATE, Page, Refused
from tests.support.trial import NAME as TRIAL
from tests.support.trial import SECRET

pytestmark = pytest.mark.usefixtures("tidy")
NUMBERS = ("9990000018", "999 000 0018", "9990000034", "999 000 0034")
PEOPLE = f"{STATE}.phbportal___admin___trail____trail.phbportal___admin___list_state____list_state"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger at its most talkative."""
    loud = ["", "phbportal", "reflex", "reflex_base", "engineio", "socketio", "authlib", "httpx2", "asyncio", "granian"]
    before = {name: logging.getLogger(name).level for name in loud}
    for name in loud:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield caplog
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def kept_states(portal: Portal) -> str:
    """All that the process keeps of its pages, as it would be written down."""
    states = portal.server.app.state_manager.states
    return "\n".join(f"{token} {pickle.dumps(state)!r}" for token, state in states.items())


def secrets_of_a_whole_sign_in(portal: Portal) -> tuple[Any, dict[str, str]]:
    """A sign-in, and every secret in it: cookies, state, code, verifier, nonce and the provider's tokens."""
    browser = portal.browser()
    asked = browser.leave()
    flow_cookie = browser.cookies["__Host-phb-flow"]
    state = parse_qs(urlsplit(asked).query)["state"][0]
    (flow,) = portal.rows(AuthFlow, col(AuthFlow.state_hash) == digest(state))
    back = browser.choose(asked, "cm")
    assert browser.get(back).status_code == 303
    code = parse_qs(urlsplit(back).query)["code"][0]
    return browser, {
        "cookie": browser.cookies["__Host-phb"], "flow cookie": flow_cookie, "state": state, "code": code,
        "verifier": flow.code_verifier, "nonce": flow.nonce, "JSON web token": "eyJ",
    }  # fmt: skip


def test_n66_no_secret_and_no_nhs_number_is_in_a_log_or_in_a_kept_state(
    portal: Portal, everything_logged: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    browser, secrets = secrets_of_a_whole_sign_in(portal)
    page = browser.page()
    shown = page.hydrate("/staff/people", {"resource": "people"})
    assert shown.says("999 000 0018")
    person = str(portal.people["own"])
    assert page.hydrate(f"/staff/people/{person}", {"person": person}).says("Okafor")
    page.event("no.such.handler", text="9990000018")
    page.event(f"{PEOPLE}.find", "/staff/people", {"resource": "people"}, form={"search": ["9990000018"]})
    page.emit("event", "9990000018")
    page.socket.send('42/_event,["9990000018",{"secret":"9990000018"}]')
    page.settle()
    page.hydrate("/")
    logged = "\n".join(
        [*(r.getMessage() + str(r.args) + str(r.exc_info) for r in everything_logged.records), *capfd.readouterr()]
    )
    assert "withheld" in logged  # the libraries did speak
    kept = kept_states(portal)
    assert browser.handle() in kept
    for what, secret in secrets.items():
        assert secret not in logged, what
        assert what == "JSON web token" or secret not in kept, what
    for number in (*NUMBERS, "Okafor"):
        assert number not in logged
        assert number not in kept
    assert not list(Path.cwd().glob(".states/*"))


def test_n66_the_auth_events_hold_no_name_number_or_secret(portal: Portal) -> None:
    browser, secrets = secrets_of_a_whole_sign_in(portal)
    browser.page().event(f"{PEOPLE}.find", "/staff/people", {"resource": "people"}, form={"search": ["9990000018"]})
    written = "\n".join(repr(event) for event in portal.rows(AuthEvent))
    assert not any(secret in written for what, secret in secrets.items() if what != "JSON web token")
    assert not any(words in written for words in (*NUMBERS, "Okafor", "Amina"))


def test_n66_reflex_hears_nothing_of_the_cookie(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    given = {name: f"of-the-proxy-{name}" for name in
             ("Authorization", "X-Forwarded-Access-Token", "X-Auth-Request-Access-Token")}  # fmt: skip
    secrets = [browser.cookies["__Host-phb"], *given.values()]
    frames = browser.page(headers=[*given.items()]).hydrate("/")
    known = [str(environ) for environ in portal.server.app.sio.environ.values()] + [kept_states(portal)]
    assert browser.handle() in known[-1]
    for secret in secrets:
        assert not frames.says(secret)
        assert not any(secret in one for one in known), secret


def test_n67_a_fault_in_a_handler_says_its_reference_and_nothing_else(
    portal: Portal, everything_logged: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    page = portal.page_of("cm")
    before = portal.snapshot()
    frames = page.event(f"{TRIAL}.break_down")
    (problem,) = frames.var("trial", "problems")
    reference = re.search(r"quote ([0-9a-f]{8})\.", problem["sentence"])
    assert reference
    ours = [r.getMessage() for r in everything_logged.records if r.name.startswith("phbportal")]
    assert f"problem {reference[1]} in Trial.break_down: ValueError" in ours
    everywhere = "\n".join([*frames.texts, *(r.getMessage() for r in everything_logged.records), *capfd.readouterr()])
    assert SECRET not in everywhere
    assert "Traceback" not in everywhere
    assert portal.snapshot() == before


def test_n67_a_fault_outside_a_handlers_own_work_is_as_quiet(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, everything_logged: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: Any) -> None:
        raise ValueError(SECRET)

    from phbportal.edge import markers

    monkeypatch.setattr(markers, "show_frame", broken)
    frames = portal.page_of("cm").event(f"{TRIAL}.load")
    (where,) = frames.redirects
    assert re.fullmatch(r"/problem\?reference=[0-9a-f]{8}", where)
    assert SECRET not in "\n".join([*frames.texts, *(r.getMessage() for r in everything_logged.records)])


def test_n67_a_fault_of_ours_at_sign_in_is_a_page_with_a_reference(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, everything_logged: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(SECRET)

    browser = portal.browser()
    address = browser.callback("cm")
    monkeypatch.setattr(sessions, "start", broken)
    answer = browser.get(address)
    assert answer.status_code == 500
    reference = re.search(r"quote ([0-9a-f]{8})", answer.text)
    assert reference
    logged = "\n".join(r.getMessage() for r in everything_logged.records)
    assert f"problem {reference[1]} in come_back: ValueError" in logged
    assert SECRET not in logged + answer.text


def test_n73_with_the_database_gone_events_are_refused_in_words_and_it_recovers_by_itself(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    page = browser.page()
    page.hydrate("/staff/people", {"resource": "people"})
    with portal.database_down():
        for name, payload in ((f"{TRIAL}.load", {}), (f"{TRIAL}.found", {"form": {"name": "Nobody's"}})):
            frames = page.event(name, **payload)
            assert "The portal has a problem and nothing was changed." in frames.var("trial", "problems")[0]["sentence"]
            assert not frames.redirects
        begun = page.hydrate("/trial")  # a page opened now: its frame, its problem, and nobody's records
        assert "The portal has a problem" in begun.var("trial", "problems")[0]["sentence"]
        assert not begun.redirects  # which would only come back here
        assert not begun.says("Okafor")
        assert browser.get("/staff").status_code == 503
        assert browser.get("/auth/session").status_code == 503
        assert browser.post("/auth/logout", {"csrf": "x"}).status_code == 503
        assert portal.browser().get("/auth/login/development").status_code == 503
        with pytest.raises(Refused) as refused:
            browser.page(token="a-new-connection")
        assert refused.value.status == 503
        anonymous = portal.anonymous_page()
        assert anonymous.event(f"{TRIAL}.say", text="hello").var("trial", "said") == "hello"
        assert not anonymous.event(f"{TRIAL}.load").says("The work of")
    assert page.event(f"{TRIAL}.load").var("trial", "shown") == "The work of Cm"
    assert browser.get("/auth/session").status_code == 200
    # and the watch over sessions goes on
    portal.change(lambda uow: sessions.revoke(uow.session, browser.handle(), "elsewhere", portal.clock()))
    assert page.wait_for_the_end(5).redirects == ["/auth/signed-out"]


def test_n73_a_busy_database_signs_nobody_out(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    page = browser.page()
    page.hydrate("/trial")
    with portal.later(minutes=5), portal.locked():
        frames = page.event(f"{TRIAL}.load")  # and would put the idle limit off
        assert frames.var("trial", "shown") == "The work of Cm"
    assert browser.get("/auth/session").status_code == 200


def test_leaving_a_page_leaves_its_record_behind(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    page = browser.page()
    assert page.hydrate("/staff/people", {"resource": "people"}).says("999 000 0018")
    for path in ("/", "/staff", "/accessibility"):
        left = page.event(f"{STATE}.reflex___state____on_load_internal_state.on_load_internal", path)
        assert not any(left.says(n) for n in NUMBERS)
        assert not any(page.event(f"{STATE}.hydrate", path).says(n) for n in NUMBERS)
        page.hydrate("/staff/people", {"resource": "people"})
    page.close()
    again = browser.page()  # a reconnection, on another page
    assert not any(again.hydrate("/accessibility").says(n) for n in NUMBERS)


def test_every_handler_of_every_page_marks_its_state_to_be_forgotten() -> None:
    """A state that shows records and is no PageState would be sent again with the next page."""
    from reflex_base.registry import RegistrationContext

    handlers = RegistrationContext.get().event_handlers
    states = {handlers[name].states[0] for name in GUARDED}
    assert all("_touched" in state.get_fields() for state in states)


def test_forgetting_empties_what_is_sent_and_what_is_not() -> None:
    root = State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] - as Reflex makes one
    (page,) = [s for s in root.substates.values() if isinstance(s, trial.Trial)]
    page.shown, page._kept, page.problems, page._touched = "a record", "a version", [], True
    forget_pages(page)
    assert (page.shown, page._kept, page._touched) == ("", "", False)
    page.said = "nobody's record"
    forget_pages(page)
    assert page.said == "nobody's record"


def test_a_page_that_was_only_sent_keeps_nothing() -> None:
    """A thousand sessions with the defaults of every page would weigh a fifth more."""
    root = State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] - as Reflex makes one
    (page,) = [s for s in root.substates.values() if isinstance(s, trial.Trial)]
    sent = root.dict()[page.get_full_name()]
    assert vars(page)
    forget_pages(page)
    assert not vars(page)
    assert "rx_router_url" in vars(root)
    assert root.dict()[page.get_full_name()] == sent


def test_what_came_back_from_redis_and_is_no_page_is_kept() -> None:
    """Nothing that Redis gave back says it was touched. Of a header that is emptied nobody knows that it must be
    filled in again: no name, no way to sign out; a list that is not told of a page is never forgotten."""
    root = State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] - as Reflex makes one
    header: Any = root.substates[Frame.get_name()]
    trail: Any = root.substates[Trail.get_name()]
    nowhere = LastList("people", Asked(), Searched(), "/staff/people", frozenset())
    header.name, header.csrf, trail._last_list = "Cm", "a token", nowhere
    for state in (header, trail):
        state._clean()
        state._was_touched = False
    forget_pages(root, "/staff/people")
    assert (root.dict()[Frame.get_full_name()]["name" + FIELD_MARKER], header.csrf) == ("Cm", "a token")
    assert trail._last_list == nowhere
    forget_pages(root, "/accessibility")
    assert (trail._last_list, trail._was_touched) == (None, True), "and Redis is told"


def test_our_own_words_are_logged_and_other_peoples_are_not(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    quieten_logs()
    try:
        logging.getLogger("phbportal.door").warning("refused %s", "event")
        for name in ("reflex.app", "reflex_base.x", "socketio.server", "asyncio", "granian", "sqlalchemy.pool", "new"):
            try:
                raise ValueError(SECRET)
            except ValueError:
                logging.getLogger(name).exception("%s", SECRET, stack_info=True)
    finally:
        logging.setLogRecordFactory(before)
    assert "refused event" in caplog.text
    assert SECRET not in caplog.text
    assert caplog.text.count("withheld ValueError") == 7


def test_a_page_that_stays_open_over_a_fault_is_still_the_same_page(portal: Portal) -> None:
    page: Page = portal.signed_in("cm").page()
    page.event(f"{TRIAL}.break_down")
    assert page.event(f"{TRIAL}.show", text="after it").var("trial", "shown") == "after it 0 False"
    assert page.event(f"{TRIAL}.look_for", reference="PHB-2026-000001").var("trial", "missing") is True
