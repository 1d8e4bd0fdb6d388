"""Negative tests 1–3, 8 and 20–23 over HTTP: flows are single use, one browser's and ten minutes old at most; nobody is
sent elsewhere afterwards; nobody is signed out by somebody else's page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from sqlalchemy import update
from sqlmodel import col

from phbportal.sign_in.keys import digest
from phbportal.tables.sessions import AuthFlow, SignInSession
from tests.support.portal import Browser, Portal
from tests.support.sockets import STATE

TRIAL = f"{STATE}.tests___support___trial____trial"
pytestmark = pytest.mark.usefixtures("tidy")


def with_parameters(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return urlunsplit(parts._replace(query=urlencode(query)))


def parameter(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]


def test_a_person_who_is_chosen_is_signed_in_and_the_event_is_written(portal: Portal) -> None:
    browser = portal.browser()
    with portal.door() as events:
        answer = browser.sign_in("cm")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert [(e.kind, e.outcome, e.session_handle) for e in events] == [("sign_in", "allowed", browser.handle())]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_session_cookie_is_a_secret_of_this_host_that_no_script_reads(portal: Portal) -> None:
    browser = portal.browser()
    lines = browser.sign_in("cm").headers.get_list("set-cookie")
    (line,) = [line for line in lines if line.startswith("__Host-phb=")]
    attributes = {part.strip().lower() for part in line.split(";")[1:]}
    assert attributes == {"httponly", "path=/", "samesite=lax", "secure"}
    (row,) = portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    assert browser.cookies["__Host-phb"] not in repr(row)


def test_n01_the_same_callback_twice_in_the_same_browser_is_refused(portal: Portal) -> None:
    browser = portal.browser()
    address, flow = browser.callback("cm"), browser.cookies["__Host-phb-flow"]
    assert browser.get(address).status_code == 303
    with portal.refused("flow.browser"):
        assert browser.get(address).status_code == 400
    browser.cookies["__Host-phb-flow"] = flow  # as it was, had the portal not taken it away
    with portal.refused("flow.replayed"):
        assert browser.get(address).status_code == 400


def test_n02_a_callback_in_another_browser_is_refused(portal: Portal) -> None:
    address = portal.browser().callback("cm")
    other = portal.browser()
    with portal.refused("flow.browser"):
        assert other.get(address).status_code == 400
    assert "__Host-phb" not in other.cookies


def test_n03_an_attackers_callback_in_a_browser_with_its_own_flow_is_refused(portal: Portal) -> None:
    attackers = portal.browser().callback("other_cm")
    victim = portal.browser()
    own = victim.callback("cm")
    with portal.refused("flow.browser"):
        assert victim.get(attackers).status_code == 400
    assert victim.get(own).status_code == 303  # and the victim's own goes on


def test_n08_a_victims_code_in_the_attackers_flow_is_refused(portal: Portal) -> None:
    victims = portal.browser().callback("cm")
    attacker = portal.browser()
    own = attacker.callback("other_cm")
    with portal.refused("token.exchange"):
        assert attacker.get(with_parameters(own, code=parameter(victims, "code"))).status_code == 400
    assert "__Host-phb" not in attacker.cookies


def test_n08b_an_altered_code_is_refused(portal: Portal) -> None:
    browser = portal.browser()
    address = browser.callback("cm")
    with portal.refused("token.exchange"):
        assert browser.get(with_parameters(address, code=parameter(address, "code")[:-2] + "xx")).status_code == 400


@pytest.mark.parametrize("name", ["state", "code", "iss", "error"])
def test_n07_a_parameter_given_twice_is_refused(portal: Portal, name: str) -> None:
    browser = portal.browser()
    address = browser.callback("cm")
    with portal.refused("flow.duplicate"):
        assert browser.get(f"{address}&{name}=a&{name}=b").status_code == 400


def test_n20_a_flow_of_ten_minutes_is_refused(portal: Portal) -> None:
    browser = portal.browser()
    address = browser.callback("cm")
    with portal.later(minutes=10), portal.refused("flow.expired"):
        assert browser.get(address).status_code == 400


def test_n20_a_flow_for_another_provider_is_refused(portal: Portal) -> None:
    browser = portal.browser()
    address = browser.callback("cm")
    assert browser.get(address.replace("/callback/development", "/callback/nobody")).status_code == 404
    alter_flow(portal, address, provider="somebody-else")
    with portal.refused("flow.state"):
        assert browser.get(address).status_code == 400


def test_n20_a_step_up_is_not_a_sign_in(portal: Portal) -> None:
    browser = portal.browser()
    address = browser.callback("cm")
    alter_flow(portal, address, purpose="step_up")
    with portal.refused("flow.state"):
        assert browser.get(address).status_code == 400


def test_n20_a_state_nobody_was_given_is_refused(portal: Portal) -> None:
    browser = portal.browser()
    address = browser.callback("cm")
    for state in ("", "x" * 43, "\u00e9\0"):
        with portal.refused("flow.state"):
            assert browser.get(with_parameters(address, state=state)).status_code == 400


def alter_flow(portal: Portal, address: str, **values: str) -> None:
    where = col(AuthFlow.state_hash) == digest(parameter(address, "state"))
    portal.change(lambda uow: uow.session.execute(update(AuthFlow).where(where).values(**values)))


@pytest.mark.parametrize("path", ["/auth/signed-out", "/auth/timed-out"])
def test_n21_the_old_tab_s_goodbye_leaves_the_new_session_s_cookie_alone(portal: Portal, path: str) -> None:
    """The old tab asks with its own cookie; the answer may reach the browser after the new one did."""
    browser = portal.signed_in("cm")
    old = Browser(portal, dict(browser.cookies))
    assert browser.sign_in("finance").status_code == 303
    goodbye = old.get(path)
    assert "You have been signed out" in goodbye.text
    assert not [line for line in goodbye.headers.get_list("set-cookie") if line.startswith("__Host-phb=")]


def test_n21_signing_in_as_somebody_else_ends_the_old_session_and_its_state(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    old = Browser(portal, dict(browser.cookies))
    page = old.page()
    page.event(f"{TRIAL}.show", "/trial", text="of the case manager")
    assert browser.sign_in("finance").status_code == 303

    left = page.wait_for_the_end()
    assert left.redirects == ["/auth/signed-out"]
    (row,) = portal.rows(SignInSession, col(SignInSession.handle) == old.handle())
    assert (row.revoked_reason, row.revoked_at is not None) == ("replaced", True)
    fresh = browser.page()  # the same token of the same tab
    assert not fresh.hydrate("/trial").says("of the case manager")
    assert not old.page().hydrate("/trial").says("of the case manager")
    fresh.close()


def test_n21_the_old_tab_does_not_end_the_session_that_took_its_place(portal: Portal) -> None:
    """It is sent to the signed-out page, and by now carries the new cookie."""
    browser = portal.signed_in("cm")
    browser.sign_in("finance")
    for page in ("/auth/signed-out", "/auth/timed-out"):
        answer = browser.get(page)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "clear-site-data" not in answer.headers
    assert browser.get("/auth/session").status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "/%5cevil", "/%2f/evil", "/%252fevil.example",
        "javascript:alert(1)", "/staff\t", "/staff\n/x", "/sta ff", "/staff?x=1", "/staff#x", "/staff/../auth",
        "/staff//evil", "/auth/logout", "/dev-idp", "/staffx", "\\/evil", "/staff/@evil", "/staff/" + "x" * 5_000,
    ],
)  # fmt: skip
def test_n22_after_sign_in_nobody_is_sent_to_an_address_that_is_not_ours(portal: Portal, given: str) -> None:
    answer = portal.browser().get("/auth/login/development?" + urlencode({"next": given}))
    (flow,) = portal.rows(AuthFlow, col(AuthFlow.state_hash) == digest(parameter(answer.headers["location"], "state")))
    assert flow.next_path == "/"


def test_n22_without_an_address_a_person_lands_on_their_own_page(portal: Portal) -> None:
    assert portal.browser().sign_in("cm", "//evil.example").headers["location"] == "/staff"
    assert portal.browser().sign_in("holder", "//evil.example").headers["location"] == "/my-budget"


def test_n22_after_sign_in_a_page_of_ours_is_gone_on_to(portal: Portal) -> None:
    browser = portal.browser()
    assert browser.get("/staff/people").headers["location"] == "/auth/login?next=/staff/people"
    asked = browser.get("/auth/login?next=/staff/people").headers["location"]
    assert asked == "/auth/login/development?next=/staff/people"
    assert browser.sign_in("cm", "/staff/people").headers["location"] == "/staff/people"


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://localhost", "other port"])
def test_n23_a_sign_out_that_is_not_from_our_own_page_changes_nothing(portal: Portal, origin: str | None) -> None:
    browser = portal.signed_in("cm")
    origin = "http://localhost:1" if origin == "other port" else origin
    with portal.refused("csrf", kind="sign_out"):
        answer = browser.post("/auth/logout", {"csrf": browser.csrf()}, origin=origin)
    assert answer.status_code == 403
    assert browser.get("/auth/session").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_n23_a_browser_that_says_the_form_is_another_sites_is_believed(portal: Portal, site: str) -> None:
    """Whatever the Origin says."""
    browser = portal.signed_in("cm")
    for path in ("/auth/logout", "/auth/sessions"):
        data = {"csrf": browser.csrf(), "which": "everywhere"}
        with portal.refused("csrf", kind="sign_out"):
            assert browser.post(path, data, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert browser.post("/auth/session", headers={"Sec-Fetch-Site": site}).status_code == 403
    answer = browser.post("/auth/logout", {"csrf": browser.csrf()}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["location"] == "/auth/signed-out"


@pytest.mark.parametrize("token", ["", "0" * 32, "é" * 32, "another session's"])
def test_n23_a_sign_out_without_the_sessions_own_token_changes_nothing(portal: Portal, token: str) -> None:
    browser = portal.signed_in("cm")
    token = portal.signed_in("finance").csrf() if token.startswith("another") else token
    with portal.refused("csrf", kind="sign_out"):
        assert browser.post("/auth/logout", {"csrf": token} if token else {}).status_code == 403
    assert browser.get("/auth/session").status_code == 200


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", "application/json", ""])
def test_n23_a_sign_out_form_is_a_small_form_and_nothing_else(portal: Portal, kind: str) -> None:
    browser = portal.signed_in("cm")
    body = f"csrf={browser.csrf()}".encode()
    headers = {"Origin": portal.origin, "Content-Type": kind}
    with portal.refused("csrf", kind="sign_out"):
        assert browser.request("POST", "/auth/logout", content=body, headers=headers).status_code == 403
    with portal.refused("csrf", kind="sign_out"):
        assert browser.post("/auth/logout", {"csrf": browser.csrf(), "more": "x" * 20_000}).status_code == 403


def test_n23_another_site_cannot_take_the_cookie_from_somebody_signed_in(portal: Portal) -> None:
    """A foreign form's POST comes without the Lax cookie; the answer must not tell the browser to drop it."""
    nobody = portal.browser()
    with portal.refused("csrf", kind="sign_out"):
        answer = nobody.post("/auth/logout", origin="https://evil.example")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "clear-site-data" not in answer.headers


def test_n23_sign_out_is_no_get(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        assert browser.request(method, "/auth/logout").status_code == 405
    assert browser.get("/auth/session").status_code == 200


def test_signing_out_ends_every_tab_and_the_second_tabs_sign_out_is_as_good(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    tabs = [browser.page(token=f"tab-number-{n}") for n in range(3)]
    csrf, cookies = browser.csrf(), dict(browser.cookies)
    with portal.door() as events:
        first = browser.post("/auth/logout", {"csrf": csrf})
        second = Browser(portal, dict(cookies)).post("/auth/logout", {"csrf": csrf})
    for answer in (first, second):
        assert (answer.status_code, answer.headers["location"]) == (303, "/auth/signed-out")
        assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert [(e.kind, e.outcome) for e in events] == [("sign_out", "allowed")]
    assert [tab.wait_for_the_end().redirects for tab in tabs] == [["/auth/signed-out"]] * 3
    assert "__Host-phb" not in browser.cookies
    assert Browser(portal, cookies).get("/auth/session").json() == {"reason": "session.revoked"}
