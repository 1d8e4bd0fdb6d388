"""The portal, really served, for every test here that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pages.opening import OPEN
from tests.support.portal import portal

__all__ = ["portal"]


@pytest.fixture(autouse=True)
def _closed_pages() -> Iterator[None]:
    """No page stays open after its test."""
    yield
    while OPEN:
        OPEN.pop().close()
