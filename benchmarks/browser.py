"""In a real browser on loopback: how soon there is something to see.

    python -m benchmarks.browser

The portal is built and served with the demo world. The signed-out home is measured on a slow telephone (four times
slower, 150 ms away, 1.6 Mbit/s: what Lighthouse simulates), a signed-in list's first row with a slow processor only.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.portal import Portal
from tests.browser.visitor import Visitor
from tests.support.chromium import find_or_get

TIMES = 7
LCP = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(-1), 15000);
})"""


def slow(page: Page, *, network: bool) -> None:
    """Slow this page's processor four times, and its network to a telephone's."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    if network:
        line = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
        session.send("Network.emulateNetworkConditions", line)


def signed_out_home(browser: Browser, portal: Portal) -> float:
    """Milliseconds to the largest thing painted, nothing kept from before."""
    context = browser.new_context(base_url=portal.origin, viewport={"width": 412, "height": 823})
    page = context.new_page()
    slow(page, network=True)
    page.goto("/")
    page.wait_for_timeout(1500)
    found = page.evaluate(LCP)
    context.close()
    return found


def first_row(browser: Browser, portal: Portal, state: object) -> float:
    """Milliseconds to the first row of the people list, with a session and nothing else kept."""
    context = browser.new_context(base_url=portal.origin, storage_state=state)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    slow(page, network=False)
    started = time.perf_counter()
    page.goto("/staff/people", wait_until="commit")
    page.locator("tbody tr").first.wait_for()
    taken = (time.perf_counter() - started) * 1000
    context.close()
    return taken


def main() -> None:
    portal = Portal.start(Path(tempfile.mkdtemp(prefix="phb-bench-browser-")))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_or_get(), args=["--no-sandbox"])
            visitor = Visitor.arrives(browser, portal).signs_in("Marta Kowalska")
            state = visitor.context.storage_state()
            for name, taken in (
                ("signed-out home, largest paint", [signed_out_home(browser, portal) for _ in range(TIMES)]),
                ("people list, first row", [first_row(browser, portal, state) for _ in range(TIMES)]),
            ):
                print(f"{name:34} median {statistics.median(taken):6.0f} ms, most {max(taken):6.0f} ms", flush=True)
            browser.close()
    finally:
        portal.stop()


if __name__ == "__main__":
    main()
