"""Negative tests 53 and 62–65, and other odd requests over HTTP: closed paths, foreign origins, hosts, cookies,
addresses, methods, and paths that could be read in two ways."""

from __future__ import annotations

import pytest
from sqlmodel import col

from phbportal.sign_in.raw import is_plain
from phbportal.tables.sessions import AuthEvent, AuthFlow, SignInSession
from tests.support.portal import Portal, raw

pytestmark = pytest.mark.usefixtures("tidy")


def test_n53_reflexs_own_upload_is_closed(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    with portal.refused("gate.closed", times=5):
        headers = {"reflex-client-token": "a-token-of-a-tab", "reflex-event-handler": "any.handler"}
        files = {"files": ("x.pdf", b"%PDF-1.7")}
        assert browser.request("POST", "/_upload", headers=headers, files=files).status_code == 403
        for path in ("/_upload/x", "/_upload", "/_all_routes", "/auth-codespace"):
            assert browser.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/", "/auth/login", "/auth/session", "/api", "/_event/", "/staff", "/ping"])
def test_n62_no_answer_may_be_read_by_another_origin(portal: Portal, path: str) -> None:
    browser = portal.signed_in("cm")
    for origin in ("https://evil.example", "null", portal.origin + ".evil.example", portal.origin.replace(":", ":1")):
        simple = browser.get(path, headers={"Origin": origin})
        asked = browser.request("OPTIONS", path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        for answer in (simple, asked):
            assert "access-control-allow-origin" not in answer.headers


def test_n63_two_session_cookies_are_nobodys(portal: Portal) -> None:
    browser, other = portal.signed_in("cm"), portal.signed_in("finance")
    mine, theirs = browser.cookies["__Host-phb"], other.cookies["__Host-phb"]
    for header in (
        f"__Host-phb={mine}; __Host-phb={theirs}", f"__Host-phb={mine}; __Host-phb={mine}",
        f"__Host-phb={theirs};__Host-phb=", f"__host-phb={mine}", f"__Host-phb ={mine}", f'__Host-phb="{mine}"',
        f"x__Host-phb={mine}", "__Host-phb=" + "x" * 201, "__Host-phb=\xff\xfe", "__Host-phb", "=;;=__Host-phb=",
    ):  # fmt: skip
        asker = portal.browser()
        answer = asker.get("/auth/session", headers={"Cookie": header.encode("latin-1")})
        assert (answer.status_code, answer.json()["reason"]) == (401, "session.none"), header
        assert asker.get("/staff", headers={"Cookie": header.encode("latin-1")}).status_code == 303
    assert browser.get("/auth/session").status_code == 200


def test_n63_two_cookie_headers_are_read_as_one(portal: Portal) -> None:
    cookie = portal.signed_in("cm").cookies["__Host-phb"]
    line = f"Cookie: __Host-phb={cookie}\r\n"
    assert status(portal, "GET", "/auth/session", line) == 200
    assert status(portal, "GET", "/auth/session", line + "Cookie: a=b\r\n") == 200
    assert status(portal, "GET", "/auth/session", line + line) == 401


def status(portal: Portal, method: str, target: str, headers: str = "", host: str | None = "own") -> int:
    """The status of a request written by hand."""
    named = f"Host: localhost:{portal.server.port}\r\n" if host == "own" else host or ""
    answer = raw(
        portal.server.port, f"{method} {target} HTTP/1.1\r\n{named}{headers}Connection: close\r\n\r\n".encode()
    )
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "host",
    [
        "Host: evil.example\r\n", "Host: localhost\r\n", "Host: localhost:1\r\n", "Host: \r\n", "",
        "Host: localhost:{port}.evil.example\r\n", "Host: evil.example\r\nHost: localhost:{port}\r\n",
        "Host: localhost:{port}\r\nHost: localhost:{port}\r\n", "Host: localhost:{port}\r\nHost: evil.example\r\n",
        "Host: LOCALHOST:{port}\r\n", "Host: user@localhost:{port}\r\n", "X-Forwarded-Host: localhost:{port}\r\n",
    ],
)  # fmt: skip
def test_n64_another_host_is_answered_with_nothing(portal: Portal, host: str) -> None:
    for path in ("/", "/auth/login", "/staff"):
        assert status(portal, "GET", path, host=host.format(port=portal.server.port)) == 400


def test_n64_another_host_is_recorded(portal: Portal) -> None:
    with portal.refused("gate.host"):
        assert portal.browser().get("/", headers={"Host": "evil.example"}).status_code == 400


def test_n64_a_whole_address_as_target_is_held_against_its_host(portal: Portal) -> None:
    port = portal.server.port
    assert status(portal, "GET", "http://evil.example/", host="Host: evil.example\r\n") == 400
    assert status(portal, "GET", "http://evil.example/auth/session", host=f"Host: localhost:{port}\r\n") in (400, 401)
    assert status(portal, "GET", f"http://localhost:{port}/auth/session", host="Host: evil.example\r\n") == 400


def test_n65_a_forged_forwarded_address_is_not_believed(portal: Portal) -> None:
    forged = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Client-IP"), "203.0.113.9, 198.51.100.7")
    forged["Forwarded"] = "for=203.0.113.9"
    browser = portal.browser()
    address = browser.callback("cm")
    with portal.door() as events:
        browser.get(address, headers=forged)
        portal.browser().get("/auth/callback/development?state=x", headers=forged)
        portal.browser().get("/_upload", headers=forged)
    assert [e.outcome for e in events] == ["allowed", "refused", "refused"]
    assert {e.ip for e in events} == {"127.0.0.1"}
    (row,) = portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    assert row.ip_first == "127.0.0.1"


@pytest.mark.parametrize(
    ("hops", "said", "recorded"),
    [
        (1, "203.0.113.9", "203.0.113.9"), (1, "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        (2, "192.0.2.1, 198.51.100.7, 203.0.113.9", "198.51.100.7"), (2, "203.0.113.9", "127.0.0.1"),
        (1, ",", "127.0.0.1"), (1, "x" * 500, "x" * 64),
    ],
)  # fmt: skip
def test_n65_behind_proxies_only_what_the_trusted_ones_said_counts(
    portal: Portal, hops: int, said: str, recorded: str
) -> None:
    settings = portal.hall.settings
    portal.hall.settings = settings.model_copy(update={"trusted_proxy_hops": hops})
    try:
        with portal.door() as events:
            portal.browser().get("/_upload", headers={"X-Forwarded-For": said})
    finally:
        portal.hall.settings = settings
    assert [e.ip for e in events] == [recorded]


@pytest.mark.parametrize(
    "target",
    [
        "//_event/", "/./_event/", "/x/../_event/", "/_event/../_event/", "/%2e%2e/_event/", "/_event//", "/\\_event",
        "//_upload", "/_upload/../x", "/%00", "/a%0ab", "/%2f_event/", "//evil.example/", "/staff//people",
    ],
)  # fmt: skip
def test_a_path_that_can_be_read_in_two_ways_is_no_path(portal: Portal, target: str) -> None:
    assert status(portal, "GET", target) in (400, 403, 404)


@pytest.mark.parametrize(
    ("target", "expected"),
    [("/%5fevent/", 400), ("/_event", 400), ("/_eventual", 400), ("/_event/x", 400), ("/%5Fupload", 403),
     ("/_uploads", 403), ("/%70ing", 200)],
)  # fmt: skip
def test_a_path_written_otherwise_is_the_same_path(portal: Portal, target: str, expected: int) -> None:
    assert status(portal, "GET", target) == expected


def test_a_path_is_plain_or_it_is_not() -> None:
    assert all(map(is_plain, ("/", "/staff", "/staff/", "/staff/people/a.b", "/..a", "/assets/[person]-x.js")))
    odd = ("", "staff", "//", "/a//b", "/.", "/..", "/a/../b", "/a/.", "/a\\b", "/a\0", "/a\n", "/a\u202eb", "//x/")
    assert not any(map(is_plain, odd))


def test_health_is_for_this_machine_and_not_for_who_comes_through_its_proxy(portal: Portal) -> None:
    assert status(portal, "GET", "/ping", host="Host: any-name\r\n") == 200
    for header in ("X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "Via: 1.1 proxy"):
        assert status(portal, "GET", "/ping", f"{header}\r\n") == 404
        assert status(portal, "GET", "/_health", f"{header}\r\n") == 404
        assert status(portal, "GET", "/ping", f"{header}\r\n", host="Host: any-name\r\n") == 400


def test_a_look_ahead_begins_no_sign_in_and_uses_none_up(portal: Portal) -> None:
    browser = portal.browser()
    flows = len(portal.rows(AuthFlow))
    assert browser.request("HEAD", "/auth/login/development").status_code == 405
    assert len(portal.rows(AuthFlow)) == flows
    address = browser.callback("cm")
    assert browser.request("HEAD", address).status_code == 405
    assert browser.get(address).status_code == 303


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_for_the_signed_in_is_not_even_painted_for_others(portal: Portal, method: str) -> None:
    for path in ("/staff", "/staff/people", "/staff/phbs/PHB-2026-000001", "/my-budget", "/my-plan"):
        answer = portal.browser().request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/auth/login?next={path}")
        assert answer.headers["cache-control"] == "no-store"


def test_every_answer_carries_the_security_headers(portal: Portal) -> None:
    for path in ("/", "/auth/login", "/auth/session", "/_upload", "/nowhere", "/auth/signed-out"):
        headers = portal.browser().get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]


def test_pages_with_a_form_to_ourselves_let_the_browser_say_where_it_came_from(portal: Portal) -> None:
    """From a page that says no-referrer, browsers send a form with ``Origin: null``, and it would be refused."""
    assert portal.browser().get("/auth/invitation").headers["referrer-policy"] == "same-origin"
    assert portal.signed_in("cm").get("/auth/choose-role").headers["referrer-policy"] == "same-origin"
    assert portal.browser().get("/auth/callback/development?code=x").headers["referrer-policy"] == "no-referrer"


def test_every_refusal_at_the_gate_is_an_auth_event_without_a_person(portal: Portal) -> None:
    portal.browser().get("/_upload")
    events = portal.rows(AuthEvent, col(AuthEvent.kind) == "handshake")
    assert events
    assert all(e.session_handle is None and e.user_id is None for e in events)
