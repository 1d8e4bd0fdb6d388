"""A Chromium for the browser tests: the machine's, else Playwright's own, else Debian's when root; else a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "The browser tests need Chromium and none could be had. Install it (on Debian or Ubuntu: apt-get install chromium; "
    "elsewhere: playwright install chromium) or set CHROMIUM to its path."
)


def find() -> str | None:
    """The path of a Chromium that is here already."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def find_or_get() -> str:
    """A Chromium, fetched if need be. Raises RuntimeError saying how to get one."""
    if found := find():
        return found
    _try([sys.executable, "-m", "playwright", "install", "chromium"])
    if found := find():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "chromium"])
    if found := find():
        return found
    raise RuntimeError(HOW)


def _try(command: list[str]) -> None:
    subprocess.run(command, check=False, timeout=600, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
