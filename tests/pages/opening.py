"""Opening a page of the really served portal and sending its forms, as a browser would over its socket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reflex_base.utils.format import format_event_handler

from phbportal.edge.payloads import FORM
from tests.support.portal import Portal
from tests.support.sockets import Frames, Page

OPEN: list[Page] = []
"""Pages to close when a test ends (conftest.py)."""


@dataclass
class Opened:
    """A page somebody has open: its state's class, its address, and what the server sent when it opened."""

    page: Page
    state: Any
    path: str
    query: dict[str, str]
    frames: Frames

    def send(self, handler: str, **payload: Any) -> Frames:
        """One event of this page."""
        return self.page.event(_name(self.state, handler), self.path, self.query, **payload)

    def submit(self, handler: str, **answers: str) -> Frames:
        """A form of this page, as the browser packs it; in a name, __ stands for a hyphen."""
        pairs = [[name.replace("__", "-"), value] for name, value in answers.items()]
        return self.send(handler, form={FORM: pairs})

    def var(self, name: str) -> Any:
        """A var of the state as the opening left it in the browser."""
        return self.frames.var(self.state.get_full_name(), name)

    def after(self, frames: Frames, name: str) -> Any:
        """A var as later frames left it."""
        return frames.var(self.state.get_full_name(), name)


def _name(state: Any, handler: str) -> str:
    return format_event_handler(state.event_handlers[handler])


def opened(
    portal: Portal, subject: str, state: Any, path: str, *, handler: str = "load", **query: str
) -> Opened:  # fmt: skip
    """A page in a browser of its own, loaded: ``query`` is what stands in the address, dynamic parts included.

    Whoever opens it has just confirmed who they are; ``tests/sign_in/test_n52_step_up.py`` is about those who have not.
    """
    browser = portal.signed_in(subject)
    portal.prove(browser)
    page = browser.page()
    OPEN.append(page)
    found = Opened(page, state, path, query, Frames())
    found.frames = found.send(handler)
    return found
