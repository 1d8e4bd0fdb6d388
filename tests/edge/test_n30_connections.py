"""Negative tests 30–32 and 41–47 over a raw websocket: a token is worth nothing without its session's cookie, a
connection is one origin's and one token's, and a browser's own "connect" is no connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from reflex_base.event import Event

from phbportal.sign_in.keys import ANONYMOUS, handle_of, ident
from tests.support.portal import Browser, Portal
from tests.support.sockets import STATE, Page, Refused
from tests.support.trial import NAME as TRIAL

pytestmark = pytest.mark.usefixtures("tidy")
WORDS = "Words of one session only"


def words_kept(portal: Portal, token: str = "a-token-of-a-tab") -> tuple[Browser, Page, str]:
    """A signed-in page whose state holds words, and the ident Reflex knows it by."""
    browser = portal.signed_in("cm")
    page = browser.page(token=token)
    assert page.event(f"{TRIAL}.show", "/trial", text=WORDS).says(WORDS)
    return browser, page, ident_of(portal, browser.handle())


def ident_of(portal: Portal, handle: str) -> str:
    (found,) = [t for t in portal.server.app.event_namespace.token_to_sid if t.startswith(handle)]
    return found


def everything(page: Page) -> str:
    """All that a page can be brought to say of its state."""
    frames = [page.hydrate("/trial"), page.event(f"{TRIAL}.load", "/trial"), page.event(f"{STATE}.hydrate", "/trial")]
    if not page.disconnected:
        page.event(f"{TRIAL}.say", text="hello")
    return "\n".join(text for frame in frames for text in frame.texts)


def is_nobodys(page: Page) -> bool:
    """Whether a page is nobody's: neither what a session kept nor whose it is can be had from it."""
    said = everything(page)
    return WORDS not in said and "The work of" not in said and "/auth/login" in said


def is_finances(page: Page) -> bool:
    """Whether a page is the finance officer's own and says nothing of anybody else."""
    said = everything(page)
    return WORDS not in said and "The work of Finance" in said and "The work of Cm" not in said


def test_n30_a_token_without_its_cookie_reaches_nothing(portal: Portal) -> None:
    _browser, page, _ident = words_kept(portal)
    for _ in ("while its owner is there", "and when they are gone"):
        assert is_nobodys(portal.anonymous_page("a-token-of-a-tab"))
        page.close()


def test_n31_a_token_with_another_persons_cookie_reaches_nothing(portal: Portal) -> None:
    _browser, page, _ident = words_kept(portal)
    other = portal.signed_in("finance")
    for _ in ("while its owner is there", "and when they are gone"):
        assert is_finances(other.page(token="a-token-of-a-tab"))
        page.close()


def test_n32_a_stolen_ident_reaches_nothing_without_its_cookie(portal: Portal) -> None:
    browser, page, stolen = words_kept(portal)
    page.close()
    assert is_nobodys(portal.anonymous_page(stolen))
    assert is_finances(portal.signed_in("finance").page(token=stolen))
    assert browser.page(token=stolen).event(f"{TRIAL}.poll").var("trial", "shown") == "polled"  # its own session may


def test_n32_a_forged_ident_is_a_token_like_any_other(portal: Portal) -> None:
    browser, _page, stolen = words_kept(portal)
    handle = browser.handle()
    wrong_key = ident(b"another key", handle, "0" * 32)
    for forged in (wrong_key, stolen[:-1] + ("0" if stolen[-1] != "0" else "1"), stolen.upper(), f"{stolen}a"):
        assert handle_of(portal.hall.key, forged) is None
        page = portal.anonymous_page(forged)
        assert is_nobodys(page)
        idents = [t for t in portal.server.app.event_namespace.token_to_sid if t.startswith(ANONYMOUS)]
        assert all(handle_of(portal.hall.key, t) == ANONYMOUS for t in idents)
        page.close()


@pytest.mark.parametrize("event", [f"{TRIAL}.load", f"{TRIAL}.say", f"{STATE}.hydrate"])
def test_n32_an_event_under_an_ident_we_never_made_is_denied_however_it_came(portal: Portal, event: str) -> None:
    """The Gate lets none in; should another way in be found, what stands before every event does not either."""
    browser = portal.signed_in("cm")
    server, handle = portal.server, browser.handle()
    payload = {"text": "x"} if event.endswith("say") else {}
    for forged in (f"{handle}.{'0' * 32}.{'0' * 32}", handle, f"anon.{'0' * 32}.{'0' * 32}", "a-token-of-a-tab"):

        async def send(token: str = forged) -> None:
            await (await server.app.event_processor.enqueue(token, Event(name=event, payload=payload)))

        with portal.refused("guard.ident"), portal.writes() as writes:
            asyncio.run_coroutine_threadsafe(send(), server.loop).result(10)
        assert writes == []
        server.app.state_manager.states.pop(forged, None)


def spoofed(environ: dict[str, Any], *more: Any) -> Callable[[Page], None]:
    return lambda page: page.emit("connect", environ, *more)


def test_n32_a_browsers_own_connect_event_does_not_make_it_somebody_else(portal: Portal) -> None:
    """Reflex's method for a new connection takes the token from the query string it is handed, and socket.io hands it
    what a browser sends under the name "connect"."""
    _browser, page, stolen = words_kept(portal)
    page.close()
    boot = {"name": f"{TRIAL}.load", "payload": {}, "router_data": {"pathname": "/trial"}}
    attempts = [
        spoofed({"QUERY_STRING": f"token={stolen}"}), spoofed({"QUERY_STRING": f"token={stolen}"}, {"event": boot}),
        spoofed({"QUERY_STRING": f"token={stolen}", "asgi.scope": {"headers": [], "client": ["::1", 1]}}, None),
        spoofed({}), lambda p: p.emit("connect"), lambda p: p.emit("connect", None, boot),
    ]  # fmt: skip
    for attempt in attempts:
        thief = portal.anonymous_page()
        with portal.refused("guard.socket"):
            attempt(thief)
            thief.settle()
        assert is_nobodys(thief)
        assert stolen not in portal.server.app.event_namespace.token_to_sid
        thief.close()


def test_a_browser_can_say_only_what_pages_say(portal: Portal) -> None:
    page = portal.signed_in("cm").page()
    names = ["disconnect", "ping_", "link_token_to_sid", "", "Event", "__init__", "trigger_event", "message"]
    with portal.refused("guard.socket", times=len(names) + 3):
        for name in names:
            page.emit(name, {"sid": "x"})
        page.emit("event", {"name": "x"}, "one too many")
        page.socket.send('42/_event,[5,{"QUERY_STRING":"token=x"}]')
        page.socket.send("42/_event,[null]")
        page.settle()
    assert page.event(f"{TRIAL}.poll").var("trial", "shown") == "polled"


def test_a_second_connect_packet_changes_nothing(portal: Portal) -> None:
    page = portal.signed_in("cm").page()
    for packet in ('40/_event,{"token":"x"}', "40", "40/other,", "40/_event?token=x,"):
        page.socket.send(packet)
    page.settle()
    assert page.event(f"{TRIAL}.poll").var("trial", "shown") == "polled"


def test_the_first_event_in_the_connect_packet_is_guarded_like_any_other(portal: Portal) -> None:
    boot = {"name": f"{TRIAL}.found", "payload": {"form": {"name": "Booted"}}, "router_data": {"pathname": "/trial"}}
    before = portal.snapshot()
    with portal.refused("session.none"):
        page = Page(portal.server.port, boot=boot, app=portal.server.app)
        assert page.settle().redirects == ["/auth/login"]
    with portal.refused("guard.unknown"):
        Page(portal.server.port, boot=boot | {"name": "no.such"}, app=portal.server.app).settle()
    for odd in ("text", ["list"], 5, {"name": 5}, {"name": f"{TRIAL}.load", "payload": []}, {"payload": {}}):
        with portal.refused("guard.shape"):
            Page(portal.server.port, boot=odd, app=portal.server.app).settle()
    assert portal.snapshot() == before


def refusal(portal: Portal, **how: Any) -> int:
    with pytest.raises(Refused) as refused:
        Page(portal.server.port, **how)
    return refused.value.status


@pytest.mark.parametrize(
    ("number", "origin"),
    [
        (41, "https://evil.example"), (42, None), (43, "null"), (44, "http://localhost.evil.example:{port}"),
        (44, "http://evil.localhost:{port}"), (44, "http://localhost:1{port}"), (44, "http://localhost"),
        (44, "https://localhost:{port}"), (44, "http://127.0.0.1:{port}"), (44, "http://localhost:{port}/"),
        (44, "HTTP://localhost:{port}"), (44, ""), (44, "http://localhost:{port} http://localhost:{port}"),
    ],
)  # fmt: skip
def test_n41_to_n44_a_socket_is_our_own_pages_only(portal: Portal, number: int, origin: str | None) -> None:
    cookie = portal.page_cookie("cm")
    said = origin.format(port=portal.server.port) if origin is not None else None
    with portal.refused("gate.origin"):
        assert refusal(portal, origin=said, cookie=cookie) == 403


def test_n44_two_origins_are_none(portal: Portal) -> None:
    with portal.refused("gate.origin"):
        assert refusal(portal, headers=[("Origin", "https://evil.example")]) == 403


def test_n45_polling_is_refused(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    for method in ("GET", "POST", "OPTIONS"):
        with portal.refused("gate.polling"):
            answer = browser.request(method, "/_event/?EIO=4&transport=polling&token=a-token-of-a-tab")
            assert answer.status_code == 400
    with portal.refused("gate.token"):
        assert refusal(portal, query="EIO=4&transport=polling&token=a-token-of-a-tab") == 403


@pytest.mark.parametrize(
    "query",
    [
        "", "token=", "token=1234567", f"token={'x' * 129}", "token=../../etc/passwd", "token=a%00tokenoftab",
        "token=a-token-of-a-tab&token=a-token-of-a-tab", "token=a-token-of-a-tab&token=", "token=a%0Atokenoftab",
        "TOKEN=a-token-of-a-tab", "token=a+token+of+a+tab", "token=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9", "token=a-token*tab",
        "token=a-token-of-a-tab%0A", "token=a-token-of-a-tab;token=x",
    ],
)  # fmt: skip
def test_n46_a_socket_has_one_token_of_the_usual_form(portal: Portal, query: str) -> None:
    with portal.refused("gate.token"):
        assert refusal(portal, query=f"EIO=4&transport=websocket&{query}") == 403


@pytest.mark.parametrize("query", ["EIO=3&transport=websocket", "transport=websocket", "EIO=4", "EIO=4&EIO=4"])
def test_n46_a_socket_speaks_one_version_over_one_transport(portal: Portal, query: str) -> None:
    with portal.refused("gate.token"):
        assert refusal(portal, query=f"{query}&token=a-token-of-a-tab") == 403


def test_a_socket_cannot_carry_on_somebody_elses_connection(portal: Portal) -> None:
    """engine.io takes a ``sid`` in the query for a connection to carry on with; only the token is passed to it."""
    signed_in = portal.page_of("cm")
    (sid,) = [s for s, socket in portal.server.app.sio.eio.sockets.items() if not socket.closed][:1]
    query = f"EIO=4&transport=websocket&token=a-token-of-a-tab&sid={quote(sid)}&j=1&b64=1"
    stranger = Page(portal.server.port, query=query, app=portal.server.app)
    assert stranger.event(f"{TRIAL}.say", text="a stranger").var("trial", "said") == "a stranger"
    assert not signed_in.settle().texts
    assert signed_in.event(f"{TRIAL}.poll").var("trial", "shown") == "polled"


@pytest.mark.parametrize("path", ["/", "/_event/x", "/_eventual", "/_event/_event/", "/auth/session", "/staff"])
def test_no_other_address_opens_a_socket(portal: Portal, path: str) -> None:
    assert refusal(portal, path=path) in (403, 404)


def test_a_socket_for_another_host_is_refused(portal: Portal) -> None:
    with portal.refused("gate.host"):
        assert refusal(portal, host="evil.example") == 400


def test_no_compression_is_agreed_to(portal: Portal) -> None:
    """A small message must not unfold to a large one."""
    page = portal.anonymous_page()
    offered = Page(portal.server.port, headers=[("Sec-WebSocket-Extensions", "permessage-deflate")])
    for one in (page, offered):
        assert one.socket.accepted is not None
        assert not one.socket.accepted.extensions


def test_n47_what_was_done_before_sign_in_is_not_there_after_it_and_the_reverse(portal: Portal) -> None:
    token = "the-token-of-this-tab"
    before = portal.anonymous_page(token)
    assert before.event(f"{TRIAL}.say", "/trial", text="said by nobody").says("said by nobody")
    browser = portal.signed_in("cm")
    during = browser.page(token=token)
    assert not during.hydrate("/trial").says("said by nobody")
    assert during.event(f"{TRIAL}.say", "/trial", text="said by the case manager").says("said by the case manager")
    assert during.event(f"{TRIAL}.show", "/trial", text=WORDS).says(WORDS)
    browser.post("/auth/logout", {"csrf": browser.csrf()})
    assert during.wait_for_the_end().redirects == ["/auth/signed-out"]
    after = portal.anonymous_page(token)  # the back button, and hydrate
    for frames in (after.hydrate("/trial"), after.event(f"{STATE}.hydrate", "/trial")):
        assert not frames.says("said by")
        assert not frames.says(WORDS)


def test_n47_a_planted_flow_or_session_cookie_is_not_made_anybodys(portal: Portal) -> None:
    """Session fixation: whatever secret the browser brought along, it gets a new one."""
    browser = portal.browser()
    browser.cookies = {"__Host-phb": "planted-by-somebody-else-0123456789abcdefgh"}
    browser.sign_in("cm")
    assert browser.cookies["__Host-phb"] != "planted-by-somebody-else-0123456789abcdefgh"
    planted = portal.browser()
    planted.cookies = {"__Host-phb": "planted-by-somebody-else-0123456789abcdefgh"}
    assert planted.get("/auth/session").status_code == 401


def test_a_duplicated_tab_gets_an_ident_of_its_own_session_and_a_state_of_its_own(portal: Portal) -> None:
    browser, page, first = words_kept(portal)
    twin = browser.page(token="a-token-of-a-tab")
    assert handle_of(portal.hall.key, twin.new_token) == browser.handle()
    assert twin.new_token != first
    assert not twin.hydrate("/trial").says(WORDS)
    twin.close()
    page.close()
    back = browser.page(token=twin.new_token)  # what the browser stored and sends again
    assert back.new_token == ""
    # the same value under another session is only a token
    assert is_finances(portal.signed_in("finance").page(token=first))


def test_a_reconnection_begins_with_an_empty_page_and_loads_it_anew(portal: Portal) -> None:
    browser, page, known = words_kept(portal)
    page.close()
    again = browser.page()
    frames = again.hydrate("/trial")
    assert ident_of(portal, browser.handle()) == known
    assert not frames.says(WORDS)
    assert frames.var("trial", "shown") == "The work of Cm"
