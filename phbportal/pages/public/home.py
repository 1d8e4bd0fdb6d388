"""The signed-out home page."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.pages.shared.frame import public_page
from phbportal.ui.buttons import link_button
from phbportal.ui.text import lead


def home() -> rx.Component:
    return public_page(
        "Personal health budgets",
        lead("A personal health budget is NHS money for your own care and support. You help decide how it is spent."),
        link_button("Sign in", routes.LOGIN, leaves=True),
    )
