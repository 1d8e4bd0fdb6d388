"""What a page says when its connection is gone, or when it broke."""

from __future__ import annotations

import reflex as rx
from reflex_base.constants import Hooks, Imports
from reflex_base.vars import VarData
from reflex_components_core.base.error_boundary import ErrorBoundary

_LOST: rx.Var[bool] = rx.Var(
    # one failed attempt is a flicker, two in a row are an outage
    _js_expr="(connectErrors.length >= 2)",
    _var_type=bool,
    _var_data=VarData(imports=Imports.CONNECT_ERRORS, hooks={Hooks.CONNECT_ERRORS: None}),
)


def connection_banner() -> rx.Component:
    """Says that the connection is lost while it is; the page reconnects by itself.

    It stands first on every page, empty, so that its words are read out when they come.
    """
    words = rx.el.p(
        rx.el.strong("You are not connected."),
        " We are trying again. What you have typed is still on the page; do not close it.",
        class_name="phb-connection__words",
    )
    return rx.el.div(rx.cond(_LOST, words, rx.fragment()), role="status", class_name="phb-connection")


def broken_page() -> rx.Component:
    """What is shown when a page cannot be drawn: no technical words, and what to do."""
    return rx.el.main(
        rx.el.title("Error: there is a problem with this page"),
        rx.el.h1("Sorry, there is a problem with this page", class_name="nhsuk-heading-l"),
        rx.el.p("Reload the page. If that does not help, try again later.", class_name="nhsuk-body"),
        rx.el.p("Nothing you saved has been lost.", class_name="nhsuk-body"),
        class_name="nhsuk-width-container nhsuk-main-wrapper",
    )


def error_boundary() -> rx.Component:
    """Catches what goes wrong while drawing, in place of Reflex's page with a stack trace and a badge."""
    return ErrorBoundary.create(fallback_render=broken_page())
