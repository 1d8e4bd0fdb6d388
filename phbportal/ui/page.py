"""The frame of every page: skip link, header, navigation, one h1, main, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from phbportal.ui.links import anchor
from phbportal.ui.problems import error_summary
from phbportal.ui.tags import tag
from phbportal.ui.values import NOTHING, Flag, Text, classes, pick, when

Audience = Literal["staff", "holder", "public"]
BRAND = "Personal health budgets"
MAIN_ID = "maincontent"


@dataclass(frozen=True)
class NavItem:
    """One link of the main navigation."""

    label: Text
    href: Text
    current: Flag = False


@dataclass(frozen=True)
class Account:
    """Who is signed in, in which role, and the token that lets their sign-out button work."""

    name: Text
    role: Text
    csrf: Text
    change_role_href: Text = ""
    sessions_href: str = ""


class PostForm(BaseHTML):
    """A form the browser itself posts: Reflex's own form stops that even when nothing listens."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def page(
    title: Text,
    *content: Any,
    audience: Audience = "staff",
    nav: Sequence[NavItem] | rx.Var[list[NavItem]] = (),
    account: Account | None = None,
    brand: str = BRAND,
    home: str = "/",
    phase: str = "",
    caption: Text = "",
    before: Any = None,
    problems: Any = None,
    notice: Any = None,
    easy_read: Flag = False,
    wide: bool | None = None,
    footer_links: Sequence[tuple[str, str]] = (("Accessibility statement", "/accessibility"),),
) -> rx.Component:
    """A whole page. ``title`` is its one h1, with ``caption`` as a smaller line above.

    ``before`` is the back link or breadcrumb; ``problems`` the error summary's var; ``notice`` a ``banner(…)``;
    ``phase`` the words after the tag ("This is a new service."). Staff pages are wide unless ``wide`` says otherwise.
    """
    container = "nhsuk-width-container" + (" phb-wide" if (audience == "staff" if wide is None else wide) else "")
    small = when(caption, rx.el.span(caption, " ", class_name="nhsuk-caption-l"))
    main = rx.el.main(
        *([] if problems is None else [error_summary(problems)]),
        *([] if notice is None else [notice]),
        rx.el.h1(small, title, tab_index=-1, class_name="nhsuk-heading-l phb-title"),
        *content,
        class_name="nhsuk-main-wrapper",
        custom_attrs={"id": MAIN_ID},
    )
    return rx.el.div(
        anchor("Skip to main content", href=f"#{MAIN_ID}", class_name="nhsuk-skip-link"),
        _header(brand, home, nav, account, phase, container),
        rx.el.div(*([] if before is None else [before]), main, class_name=container),
        _footer(footer_links, container),
        rx.el.noscript(
            rx.el.p("This service needs JavaScript. Turn it on in your browser, or ask your PHB team for help.")
        ),
        class_name=classes(f"phb-page phb-page--{audience}", (easy_read, "phb-easy-read")),
    )


def page_title(title: Text, *, brand: str = BRAND, problems: Any = None) -> Text:
    """The browser's title for ``app.add_page(title=…)``: the error first, the page, then the service."""
    start = "" if problems is None else pick(problems, "Error: ", "")
    return start + title + f" – {brand}"


def _header(brand: str, home: str, nav: Any, account: Account | None, phase: str, container: str) -> rx.Component:
    name = anchor(brand, href=home, class_name="nhsuk-header__service-name")
    rows: list[rx.Component] = [
        rx.el.div(
            rx.el.div(name, class_name="nhsuk-header__service"),
            *([] if account is None else [_account(account)]),
            class_name=f"nhsuk-header__container {container}",
        )
    ]
    if isinstance(nav, rx.Var) or nav:
        links = [rx.foreach(nav, _nav_item)] if isinstance(nav, rx.Var) else [_nav_item(item) for item in nav]
        menu = rx.el.ul(*links, class_name="nhsuk-header__navigation-list")
        rows.append(
            rx.el.nav(
                rx.el.div(menu, class_name=f"nhsuk-header__navigation-container {container}"),
                class_name="nhsuk-header__navigation",
                aria_label="Menu",
            )
        )
    if phase:
        rows.append(rx.el.div(rx.el.p(tag("Beta", "white"), " ", phase, class_name=container), class_name="phb-phase"))
    return rx.el.header(*rows, class_name="nhsuk-header")


def _nav_item(item: Any) -> rx.Component:
    return rx.el.li(
        anchor(
            pick(item.current, rx.el.strong(item.label, class_name=_CURRENT), rx.fragment(item.label)),
            href=item.href,
            class_name="nhsuk-header__navigation-link",
            aria_current=pick(item.current, "page", NOTHING),
        ),
        class_name=classes("nhsuk-header__navigation-item", (item.current, "nhsuk-header__navigation-item--current")),
    )


_CURRENT = "nhsuk-header__navigation-item-current-fallback"


def _account(account: Account) -> rx.Component:
    sign_out = PostForm.create(
        rx.el.input(type="hidden", name="csrf", value=account.csrf, read_only=True),
        rx.el.button("Sign out", type="submit", class_name="nhsuk-header__account-button"),
        action="/auth/logout",
        method="post",
        class_name="nhsuk-header__account-form",
    )
    change = _way("Change role", account.change_role_href)
    where = _way("Where I am signed in", account.sessions_href)
    rows = [
        (account.name, True), (account.role, account.role), (change, account.change_role_href),
        (where, account.sessions_href), (sign_out, True),
    ]  # fmt: skip
    items = [when(shown, rx.el.li(content, class_name="nhsuk-header__account-item")) for content, shown in rows]
    return when(
        account.name,
        rx.el.nav(
            rx.el.ul(*items, class_name="nhsuk-header__account-list"),
            class_name="nhsuk-header__account",
            aria_label="Account",
        ),
    )


def _way(words: str, href: Text) -> rx.Component:
    """A link of the account line: to a page the server draws itself."""
    return anchor(words, href=href, leaves=True, class_name="nhsuk-header__account-link")


def _footer(links: Sequence[tuple[str, str]], container: str) -> rx.Component:
    items = [
        rx.el.li(
            anchor(text, href=href, class_name="nhsuk-footer__list-item-link"), class_name="nhsuk-footer__list-item"
        )
        for text, href in links
    ]
    return rx.el.footer(
        rx.el.div(
            rx.el.div(
                rx.el.h2("Support links", class_name="nhsuk-u-visually-hidden"),
                rx.el.ul(*items, class_name="nhsuk-footer__list"),
                class_name="nhsuk-footer__meta",
            ),
            class_name=container,
        ),
        class_name="nhsuk-footer",
    )
