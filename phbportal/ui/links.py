"""Links: inside the portal without reloading the page, elsewhere as browsers do.

Mind that ``rx.el.a`` is the page router's link: with an address it does not know it shows "Page not found".
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router import link as router_link

from phbportal.ui.values import Text

SERVER_PATHS = ("/auth/", "/api/")
"""What the server answers itself: the page router knows nothing of these."""


def is_page(href: Text) -> bool:
    """Whether a link leads to one of the portal's own pages. A var does unless said otherwise."""
    if isinstance(href, rx.Var):
        return True
    return href.startswith("/") and not href.startswith((*SERVER_PATHS, "//"))


def is_served(href: Any) -> rx.Var[bool]:
    """Whether an address known only in the browser is one that the server answers itself: a file, or a way in."""
    address = href.to(str)
    return address.startswith(SERVER_PATHS[0]) | address.startswith(SERVER_PATHS[1])


def anchor(*content: Any, href: Text, leaves: bool | rx.Var[bool] = False, **props: Any) -> rx.Component:
    """An ``<a>`` with any content. ``leaves=True``: the address, though a var, is not one of the portal's pages; where
    that too is known only in the browser, ``is_served(href)``."""
    if isinstance(leaves, rx.Var):
        return router_link(*content, to=href, reload_document=leaves, **props)
    if is_page(href) and not leaves:
        return router_link(*content, to=href, **props)
    return A.create(*content, href=href, **props)


def link(text: Text, href: Text, *, hidden: Text = "", leaves: bool | rx.Var[bool] = False) -> rx.Component:
    """A link in running text.

    ``hidden`` goes on for people who hear the page: "Change" + "date of birth".
    """
    more = [rx.el.span(" ", hidden, class_name="nhsuk-u-visually-hidden")] if not _absent(hidden) else []
    return anchor(text, *more, href=href, leaves=leaves, class_name="nhsuk-link")


def back_link(href: Text, text: Text = "Back") -> rx.Component:
    """The link above a page that goes up one level."""
    way = anchor(text, href=href, class_name="nhsuk-back-link")
    return rx.el.nav(way, aria_label="Back", class_name="phb-back")


def breadcrumb(*steps: tuple[Text, Text]) -> rx.Component:
    """Where this page is: ``(text, href)`` from the top down, without the page itself.

    On a phone only the way to the last step is shown.
    """
    items = [
        rx.el.li(anchor(text, href=href, class_name="nhsuk-breadcrumb__link"), class_name="nhsuk-breadcrumb__list-item")
        for text, href in steps
    ]
    text, href = steps[-1]
    up = rx.el.span("Back to ", class_name="nhsuk-u-visually-hidden")
    return rx.el.nav(
        rx.el.ol(*items, class_name="nhsuk-breadcrumb__list"),
        anchor(up, text, href=href, class_name="nhsuk-back-link"),
        class_name="nhsuk-breadcrumb",
        aria_label="Breadcrumb",
    )


def _absent(text: Text) -> bool:
    return isinstance(text, str) and not text
