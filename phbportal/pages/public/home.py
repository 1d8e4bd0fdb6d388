"""The signed-out home page: what this is, who it is for, and the way in."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import public_page
from phbportal.pages.public.visitor import the_team, way_in
from phbportal.ui.links import link
from phbportal.ui.text import bullets, heading, lead, paragraph


def home() -> rx.Component:
    return public_page(
        "Personal health budgets",
        lead("A personal health budget is NHS money for your own care and support. You help decide how it is spent."),
        way_in(),
        heading("If you have a personal health budget"),
        paragraph("You sign in with NHS login. Then you can see:"),
        bullets(
            [
                "how much money is left",
                "when the next payment comes",
                "your plan, and what you can spend the money on",
            ]
        ),
        paragraph("You can turn on easy read: bigger words, short sentences and pictures."),
        heading("If you work for the NHS"),
        paragraph("Sign in with the account your organisation gave you. An administrator invites you first."),
        heading("If you act for somebody, or work for an organisation that holds money for people"),
        paragraph("The personal health budget team invites you, or a colleague who signs in already."),
        heading("If you have a code"),
        paragraph(
            "You need it only the first time. ",
            link("Use your code", routes.INVITATION, leaves=True),
        ),
        heading("If you need help"),
        the_team(),
    )
