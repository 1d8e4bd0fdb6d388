"""What is shown when there is no page, no permission, or a fault of ours."""

from __future__ import annotations

import reflex as rx

from phbportal.admin.frame import page_body_missing, public_page
from phbportal.pages.public.visitor import Visitor, the_team, way_in
from phbportal.ui.text import paragraph


def not_found() -> rx.Component:
    """A page that is not there, and one that is not yours: they read the same."""
    return public_page("Page not found", page_body_missing(), way_in())


def not_allowed() -> rx.Component:
    """A page for people in another role."""
    return public_page(
        "You do not have permission to see this page",
        paragraph("This page is for people in another role."),
        paragraph("If you work in several roles, choose the right one first. If you think this is wrong, tell us."),
        way_in(),
        the_team(),
    )


def problem() -> rx.Component:
    """A fault of ours."""
    return public_page(
        "Sorry, there is a problem with the service",
        paragraph("Try again in a few minutes."),
        paragraph("Nothing you saved has been lost."),
        rx.cond(
            Visitor.reference,
            paragraph("If it keeps happening, tell us and quote ", rx.el.strong(Visitor.reference), "."),
            paragraph("If it keeps happening, tell us."),
        ),
        the_team(),
        way_in(),
    )
