"""The frame of every page: header, navigation, sign-out, problems, notice."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.edge.frame import Frame
from phbportal.settings import settings
from phbportal.ui import notices
from phbportal.ui.page import Account, page
from phbportal.ui.text import loading, paragraph
from phbportal.ui.values import pick


def staff_page(title: Any, *content: Any, state: Any, before: Any = None, caption: Any = "") -> rx.Component:
    """A page for staff; ``state`` is its PageState. A title that the server gives says that it is on its way."""
    if isinstance(title, rx.Var):
        title = pick(title, title, "Loading…")
    return _signed_in(title, *content, state=state, audience="staff", before=before, caption=caption)


def engine_page(title: Any, *content: Any, state: Any, **more: Any) -> rx.Component:
    """A page for staff of which nothing stands before the server has said what it is about.

    A form that stood any sooner would be sent by the browser itself, with what was typed in the address.
    """
    return staff_page(title, pick(state.ready, rx.fragment(*content), loading()), state=state, **more)


def holder_page(title: Any, *content: Any, state: Any, before: Any = None, easy_read: Any = False) -> rx.Component:
    """A page for a budget holder."""
    return _signed_in(title, *content, state=state, audience="holder", before=before, easy_read=easy_read)


def acting_page(title: Any, *content: Any, state: Any, before: Any = None) -> rx.Component:
    """A page for a nominee or a representative: painted as a holder's."""
    return _signed_in(title, *content, state=state, audience="holder", before=before)


def organisation_page(title: Any, *content: Any, state: Any, before: Any = None) -> rx.Component:
    """A page for somebody who signs in for an organisation."""
    return _signed_in(title, *content, state=state, audience="organisation", before=before)


def _signed_in(title: Any, *content: Any, state: Any, audience: Any, **more: Any) -> rx.Component:
    missing = page_body_missing()
    nav: Any = Frame.nav
    return page(
        rx.cond(state.missing, "Page not found", title),
        rx.cond(state.missing, missing, rx.fragment(*content)),
        audience="holder" if audience == "organisation" else audience,
        nav=nav,
        account=Account(
            Frame.name,
            Frame.role_words,
            Frame.csrf,
            change_role_href=Frame.change_role_href,
            sessions_href=routes.SESSIONS,
        ),
        brand=settings().brand,
        problems=state.problems,
        notice=rx.fragment(
            rx.cond(Frame.let_in, notices.warning(Frame.let_in, heading="Break-glass"), rx.fragment()),
            rx.cond(state.notice, notices.banner(state.notice, kind="success"), rx.fragment()),
        ),
        **more,
    )


def public_page(title: Any, *content: Any) -> rx.Component:
    """A page anybody may see."""
    return page(title, *content, audience="public", brand=settings().brand)


def page_body_missing() -> rx.Component:
    """What is absent and what is out of sight read the same."""
    return rx.fragment(
        paragraph("If you typed the address, check it is right. If you pasted it, check you copied all of it."),
        paragraph("If it is a person or a budget, it may not be one your team looks after."),
    )
