"""Somebody with a browser: what they do and what they see, in words.

amina = given.signed_in("Amina Okafor-Reyes")
amina.opens("/my-budget")
amina.sees("left to spend")
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebSocket, expect

from phbportal.sign_in.cookies import SESSION
from tests.browser.portal import Portal
from tests.browser.stops import Stop

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
SIGN_OUT = "form[action='/auth/logout']"
SUMMARY = ".nhsuk-error-summary"
# What the browser itself reports when the security policy stops something.
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP stopped " + event.violatedDirective + " " + event.blockedURI));
"""
SETTLED = """() => {
  const heading = document.querySelector("main h1");
  return heading && !/^Loading/.test(heading.textContent) && !/Loading…/.test(document.querySelector("main").innerText);
}"""
# A box that lies over its radio or its tick is hit by the whole of its label.
TOO_SMALL = """() => {
  const all = [...document.querySelectorAll("main :is(a[href], button, input, select, summary)")];
  return all.filter((one) => {
    const box = one.getBoundingClientRect();
    const shown = box.width > 2 && box.height > 2 && !one.closest(".nhsuk-radios__item, .nhsuk-checkboxes__item");
    return shown && (box.height < 24 || box.width < 24);
  }).map((one) => one.textContent.trim() || one.outerHTML.slice(0, 80));
}"""
LOADED = '"is_hydrated_rx_state_":true'  # in the last frame of a page that was asked for
SAME_PRESS_SECONDS = 0.6
LONGEST_WAIT_MS = 30_000  # only what is wrong waits so long
_AXE = Axe()


@dataclass
class Visitor:
    """One browser of its own, with one page; ``frames`` is everything its sockets received, ``complaints`` what the
    console held against us."""

    portal: Portal
    context: BrowserContext
    page: Page
    frames: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])
    pressed_at: float = 0.0

    @classmethod
    def arrives(cls, browser: Browser, portal: Portal, *, state: Any = None, viewport: Any = None) -> Visitor:
        context = browser.new_context(
            base_url=portal.origin, storage_state=state, viewport=viewport or WIDE, locale="en-GB",
            reduced_motion="reduce",
        )  # fmt: skip
        context.add_init_script(WATCH_POLICY)
        context.set_default_timeout(LONGEST_WAIT_MS)
        visitor = cls(portal, context, context.new_page())
        visitor.listens_to(visitor.page)
        return visitor

    def listens_to(self, page: Page) -> None:
        """Keep what a page's sockets receive and what its console complains of."""

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

        def connected(socket: WebSocket) -> None:
            socket.on("framereceived", lambda payload: self.frames.append(_text(payload)))

        page.on("console", heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error in the page: {error}"))
        page.on("websocket", connected)

    # What they do ---------------------------------------------------------------------------------------------------

    def opens(self, path: str, *, shows: str = "") -> Visitor:
        """Go to an address of the portal and wait for its heading and its data."""
        self.page.goto(self.portal.path(path))
        return self.settles(shows)

    def settles(self, shows: str = "") -> Visitor:
        """Wait until a page is drawn with its data; ``shows`` are words that are there only then."""
        self.page.wait_for_function(SETTLED)
        if shows:
            expect(self.page.locator("main")).to_contain_text(self.portal.path(shows))
        return self

    def follows(self, link: str) -> Visitor:
        self.page.get_by_role("link", name=link, exact=True).first.click()
        return self

    def presses(self, button: str) -> Visitor:
        """Press a button; not within half a second of the last, which would count as the same press. The half second
        begins when the press has arrived, not when it was asked for."""
        self._lets_the_last_press_be_over()
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.pressed_at = time.monotonic()
        return self

    def enters(self) -> Visitor:
        """Press Enter on what has the focus; like ``presses``, not within half a second of the last."""
        self._lets_the_last_press_be_over()
        self.page.keyboard.press("Enter")
        self.pressed_at = time.monotonic()
        return self

    def _lets_the_last_press_be_over(self) -> None:
        wait = self.pressed_at + SAME_PRESS_SECONDS - time.monotonic()
        if wait > 0:
            self.page.wait_for_timeout(wait * 1000)
        # The page tells by a timer, which a press overtakes while the page is busy: one set now comes after it.
        self.page.wait_for_function("() => new Promise((done) => setTimeout(done, 0, true))")

    def types(self, label: str, words: str) -> Visitor:
        self.page.get_by_label(label, exact=True).fill(words)
        return self

    def signs_in(self, name: str, *, to: str = "/") -> Visitor:
        """By the development sign-in, from the start, on the way to a page (their own first page unless told)."""
        self.page.goto(f"/auth/login?next={to}")
        self.presses(name)
        self.page.wait_for_url(lambda url: "/dev-idp/" not in url and "/auth/callback" not in url)
        return self

    def signs_out(self, *, there_too: bool = True) -> Visitor:
        """Here, and at a provider with a sign-out of its own: the page goes there by itself, and comes back."""
        self.presses("Sign out")
        self.page.wait_for_url("**/auth/signed-out?state=*" if there_too else "**/auth/signed-out")
        return self

    def looks_again(self) -> None:
        """Come back to the window: its script asks at once whether the session still lives."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def leaves(self) -> None:
        self.context.close()

    # What they see --------------------------------------------------------------------------------------------------

    def sees(self, *words: str) -> Visitor:
        for one in words:
            expect(self.page.locator("body")).to_contain_text(one)
        return self

    def does_not_see(self, *words: str) -> Visitor:
        for one in words:
            expect(self.page.locator("body")).not_to_contain_text(one)
        return self

    def is_at(self, path: str) -> Visitor:
        expect(self.page).to_have_url(self.portal.origin + self.portal.path(path))
        return self

    def heading(self) -> str:
        return self.page.locator("main h1").inner_text()

    @property
    def secret(self) -> str:
        """The secret in the session cookie."""
        return next(c["value"] for c in self.context.cookies() if c["name"] == SESSION)  # pyright: ignore[reportTypedDictNotRequiredAccess]

    def received(self, since: int = 0) -> str:
        """Everything the sockets received, from a place in ``frames`` on."""
        return "\n".join(self.frames[since:])

    # What must hold of every page -----------------------------------------------------------------------------------

    def finds_nothing_in_the_way(self) -> None:
        """axe finds no fault; if it does, the rules and the elements are named."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.axe_script)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((all) => all.violations)")
        faults = [
            f"{v['id']} ({v['impact']}): {v['help']}\n" + "\n".join(f"    {n['html'][:200]}" for n in v["nodes"][:5])
            for v in found
        ]
        assert not faults, f"{len(faults)} accessibility faults at {self.page.url}:\n" + "\n".join(faults)

    def need_not_scroll_sideways(self) -> None:
        widths = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], f"{self.page.url} is {widths[0]} pixels wide on a screen of {widths[1]}"

    def can_hit_everything(self) -> None:
        """What can be pressed is at least 24 pixels high and wide (WCAG 2.5.8), sentences' own links too."""
        small = self.page.evaluate(TOO_SMALL)
        assert not small, f"too small to hit at {self.page.url}: {small}"

    def is_content(self) -> None:
        """Wide and narrow: nothing in the way of anybody, nothing cut off, nothing too small, one heading."""
        assert self.page.locator("h1").count() == 1
        for size in (WIDE, NARROW):
            self.page.set_viewport_size(size)  # pyright: ignore[reportArgumentType]
            self.need_not_scroll_sideways()
            self.can_hit_everything()
            self.finds_nothing_in_the_way()
        self.page.set_viewport_size(WIDE)  # pyright: ignore[reportArgumentType]

    def tries(self, stop: Stop) -> None:
        """A page as it is opened and, if it has a form, with its errors shown: content both times, and no script of
        ours or anybody's stopped."""
        self.complaints.clear()
        self.opens(stop.path, shows=stop.shows).is_content()
        if stop.press:
            self.presses(stop.press).page.locator(SUMMARY).wait_for()
            self.is_content()
        assert [c for c in self.complaints if "CSP" in c or "error in the page" in c] == []


@dataclass
class Given:
    """Who is there before a test begins. Sign-ins are kept: each person signs in once a run."""

    browser: Browser
    portal: Portal
    states: dict[str, Any]
    visitors: list[Visitor] = field(default_factory=list[Visitor])
    kept: dict[str, Visitor] = field(default_factory=dict[str, Visitor])

    def somebody(self, *, viewport: Any = None) -> Visitor:
        """Somebody who is not signed in."""
        return self._here(Visitor.arrives(self.browser, self.portal, viewport=viewport))

    def signed_in(self, name: str, *, viewport: Any = None) -> Visitor:
        """Somebody signed in, perhaps since an earlier test: for tests that do not end the session."""
        if name not in self.states:
            self.states[name] = self.freshly_signed_in(name).context.storage_state()
        visitor = self._here(Visitor.arrives(self.browser, self.portal, state=self.states[name], viewport=viewport))
        return self._still_there(visitor)

    def the_same(self, name: str) -> Visitor:
        """One visitor a name ("" for nobody signed in), kept from test to test."""
        if name not in self.kept:
            self.kept[name] = self.signed_in(name) if name else self.somebody()
        return self._still_there(self.kept[name]) if name else self.kept[name]

    def freshly_signed_in(self, name: str, *, viewport: Any = None) -> Visitor:
        """Somebody with a session of their own."""
        return self.somebody(viewport=viewport).signs_in(name)

    def _still_there(self, visitor: Visitor) -> Visitor:
        """As if they had just done something: between two tests of theirs others may take a quarter of an hour."""
        self.portal.change_session(visitor.secret, last_seen_at=datetime.now(UTC))
        return visitor

    def _here(self, visitor: Visitor) -> Visitor:
        self.visitors.append(visitor)
        return visitor

    def everybody_leaves(self) -> None:
        for visitor in self.visitors:
            visitor.leaves()


def _text(payload: str | bytes) -> str:
    return payload if isinstance(payload, str) else payload.decode("utf-8", "replace")


def eventually(holds: Callable[[], bool], page: Page, what: str, *, seconds: float = LONGEST_WAIT_MS / 1000) -> None:
    """Wait until something holds that no locator can see."""
    for _ in range(int(seconds * 20)):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(what)


def as_json(text: str) -> str:
    """A text as it stands inside a frame."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
