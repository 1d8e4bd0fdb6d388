"""The end of a session in a real browser: warned, signed out, timed out, revoked; and nothing left on the screen.

Numbers are those of the negative tests in the project's security document.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.stops import CASE_MANAGER, HOLDER, SEVERAL_ROLES
from tests.browser.visitor import Given, Visitor, eventually

FIGURE = "£2,868.64"


def seen(visitor: Visitor, ago: timedelta, **values: object) -> None:
    """As if the person had last done something that long ago."""
    visitor.portal.change_session(visitor.secret, last_seen_at=datetime.now(UTC) - ago, **values)


def warning(visitor: Visitor) -> Visitor:
    visitor.looks_again()
    expect(visitor.page.get_by_role("dialog", name="You will be signed out in 2 minutes")).to_be_visible()
    return visitor


def test_two_minutes_before_the_end_the_page_asks_and_staying_puts_it_off(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    gareth.page.get_by_role("link", name="See what you can spend it on").focus()
    seen(gareth, timedelta(minutes=28, seconds=30))
    warning(gareth)
    expect(gareth.page.get_by_role("button", name="Stay signed in")).to_be_focused()
    gareth.is_content()
    gareth.presses("Stay signed in")
    expect(gareth.page.get_by_role("dialog")).to_have_count(0)
    expect(gareth.page.get_by_role("link", name="See what you can spend it on")).to_be_focused()
    assert datetime.now(UTC) - gareth.portal.session(gareth.secret).last_seen_at < timedelta(seconds=30)
    gareth.sees(FIGURE)


def test_the_escape_key_means_staying(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    seen(gareth, timedelta(minutes=28, seconds=30))
    warning(gareth).page.keyboard.press("Escape")
    expect(gareth.page.get_by_role("dialog")).to_have_count(0)
    lately = datetime.now(UTC) - timedelta(seconds=30)
    eventually(
        lambda: gareth.portal.session(gareth.secret).last_seen_at > lately, gareth.page, "the session was not put off"
    )


def test_a_warning_that_the_browser_closed_comes_back(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    seen(gareth, timedelta(minutes=28, seconds=30))
    warning(gareth).page.evaluate("document.querySelector('dialog.phb-session').close()")
    expect(gareth.page.get_by_role("dialog")).to_have_count(0)
    warning(gareth)


def test_signing_out_from_the_warning(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    seen(gareth, timedelta(minutes=28, seconds=30))
    warning(gareth).page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    gareth.page.wait_for_url("**/auth/signed-out*")  # and on from there a second later
    gareth.sees("You have been signed out").does_not_see(FIGURE)


def test_n51_staying_does_not_put_the_absolute_limit_off(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    ends = datetime.now(UTC) + timedelta(seconds=90)
    gareth.portal.change_session(gareth.secret, absolute_expires_at=ends)
    warning(gareth).sees("You have been signed in for nearly 12 hours.")
    assert gareth.page.get_by_role("button", name="Stay signed in").count() == 0
    gareth.presses("Close this message")
    expect(gareth.page.get_by_role("dialog")).to_have_count(0)
    left = gareth.page.evaluate("fetch('/auth/session', {method: 'POST'}).then((answer) => answer.json())")
    assert left["seconds"] <= 90


def test_nobody_else_s_page_can_keep_a_session_alive(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    seen(gareth, timedelta(minutes=20))
    foreign = {"Origin": "https://evil.example"}
    answer = gareth.context.request.post(f"{gareth.portal.origin}/auth/session", headers=foreign)
    assert answer.status == 403
    assert datetime.now(UTC) - gareth.portal.session(gareth.secret).last_seen_at > timedelta(minutes=19)


def test_a_holder_is_told_of_30_minutes_and_staff_of_15(given: Given) -> None:
    for name, path, minutes in ((HOLDER, "/my-budget", 30), (CASE_MANAGER, "/staff/people", 15)):
        visitor = given.freshly_signed_in(name).opens(path, shows="Gareth" if minutes == 15 else FIGURE)
        seen(visitor, timedelta(minutes=minutes, seconds=1))
        visitor.looks_again()
        visitor.page.wait_for_url("**/auth/timed-out")
        visitor.sees(f"because you did nothing for {minutes} minutes").does_not_see("Gareth", FIGURE)
        visitor.page.go_back()
        visitor.page.wait_for_load_state()
        visitor.does_not_see(FIGURE, "Pritchard-Evans, Gareth")


def test_after_12_hours_the_reason_is_the_12_hours(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    gareth.portal.change_session(gareth.secret, absolute_expires_at=datetime.now(UTC) - timedelta(seconds=1))
    gareth.looks_again()
    gareth.page.wait_for_url("**/auth/timed-out")
    gareth.sees("signed in for 12 hours")


def test_n47_after_signing_out_the_back_button_shows_nothing(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    gareth.signs_out()
    mark = len(gareth.frames)
    gareth.page.go_back()
    gareth.page.wait_for_load_state()
    gareth.page.wait_for_timeout(1500)
    gareth.does_not_see(FIGURE, "PHB-2026")
    assert "2,868.64" not in gareth.received(mark)


def test_n47_what_was_seen_before_signing_in_is_gone(given: Given) -> None:
    somebody = given.somebody().opens("/", shows="Sign in")
    somebody.signs_in(HOLDER)
    somebody.settles("left to spend").is_at("/my-budget")
    somebody.signs_out()
    mark = len(somebody.frames)
    somebody.opens("/", shows="Sign in")
    eventually(lambda: len(somebody.frames) > mark, somebody.page, "the page never asked the server")
    assert "Pritchard" not in somebody.received(mark)
    assert "2,868.64" not in somebody.received(mark)


def test_n48_signing_out_in_one_tab_clears_the_other(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    other = gareth.context.new_page()
    other.goto("/my-plan")
    other.get_by_text("What I can spend on").first.wait_for()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/auth/signed-out*")  # and on from there a second later
    gareth.page.wait_for_url(lambda url: "/my-budget" not in url)
    gareth.does_not_see(FIGURE)


def test_n48_a_session_revoked_elsewhere_leaves_the_screen_empty(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    gareth.portal.change_session(gareth.secret, revoked_at=datetime.now(UTC), revoked_reason="test")
    gareth.looks_again()
    gareth.page.wait_for_url(lambda url: "/my-budget" not in url)
    gareth.does_not_see(FIGURE)


def test_n49_an_event_of_a_revoked_session_is_refused(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    # so long ago that the watch, which looks back half a minute, does not come before the event
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    gareth.portal.change_session(gareth.secret, revoked_at=long_ago, revoked_reason="test")
    gareth.presses("Turn easy read on")
    gareth.page.wait_for_url(lambda url: "/my-budget" not in url)
    gareth.does_not_see(FIGURE)


def test_n20_somebody_else_in_the_same_browser_sees_nothing_of_the_first(given: Given) -> None:
    browser = given.freshly_signed_in(HOLDER).opens("/my-budget", shows=FIGURE)
    old_tab = browser.page
    browser.page = browser.context.new_page()
    browser.listens_to(browser.page)
    mark = len(browser.frames)
    browser.signs_in("Nia Morgan").opens("/my-budget", shows="You do not have a personal health budget yet")
    assert "2,868.64" not in browser.received(mark)
    old_tab.wait_for_function(f"!document.body.innerText.includes('{FIGURE}')")
    browser.opens("/my-budget", shows="You do not have a personal health budget yet")


def test_somebody_with_several_roles_chooses_one_first(given: Given) -> None:
    bethan = given.freshly_signed_in(SEVERAL_ROLES)
    bethan.is_at("/auth/choose-role?next=/") if "next" in bethan.page.url else bethan.is_at("/auth/choose-role")
    bethan.page.get_by_role("button", name="Case manager").first.click()
    bethan.page.wait_for_url("**/staff**")
    bethan.opens("/staff/people", shows="Pritchard-Evans, Gareth")


def test_only_pages_of_somebody_signed_in_ask_about_the_session(given: Given) -> None:
    asked: list[str] = []
    somebody = given.somebody()
    somebody.page.on("request", lambda request: asked.append(request.url))
    somebody.opens("/", shows="Sign in").looks_again()
    somebody.page.wait_for_timeout(500)
    assert not [url for url in asked if "/auth/" in url]
