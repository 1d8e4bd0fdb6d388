"""One portal and one Chromium for all browser tests of a process; a browser of their own for everybody in a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.portal import Portal
from tests.browser.visitor import LONGEST_WAIT_MS, Given
from tests.support.chromium import find_or_get


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The real portal: pages built, the demo world, the server on a free port."""
    started = Portal.start(tmp_path_factory.mktemp("portal"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium without a window. Without one there is nothing to test with: the reason says how to get it."""
    path = find_or_get()
    expect.set_options(timeout=LONGEST_WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sign_ins() -> dict[str, Any]:
    """The cookies of everybody who has signed in, by name."""
    return {}


@pytest.fixture(scope="module")
def guests(chromium: Browser, portal: Portal, sign_ins: dict[str, Any]) -> Iterator[Given]:
    """People who stay from one page to the next (``guests.the_same(name)``): nobody starts a browser for each."""
    everybody = Given(chromium, portal, sign_ins)
    yield everybody
    everybody.everybody_leaves()


@pytest.fixture
def given(chromium: Browser, portal: Portal, sign_ins: dict[str, Any]) -> Iterator[Given]:
    """``given.signed_in("Gareth Pritchard-Evans")``, ``given.somebody()``."""
    everybody = Given(chromium, portal, sign_ins)
    yield everybody
    everybody.everybody_leaves()
