"""Inviting somebody to sign in for an organisation: the form, and the code, which is shown once."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.settings import settings
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form, text_input
from phbportal.ui.letters import letter
from phbportal.ui.links import link
from phbportal.ui.text import paragraph


def invitation_form(s: Any, *, back: Any) -> rx.Component:
    """Whom to invite."""
    return form(
        text_input("name", "Their name", error=s.errors["name"], width="20", auto_complete="off"),
        text_input(
            "email", "Their e-mail address (optional)", error=s.errors["email"], width="20", type="email",
            auto_complete="off", hint="With an e-mail address the code works for 14 days, without one for 28.",
        ),
        button_group(button("Make a code"), link("Cancel", back)),
        on_submit=s.save,
    )  # fmt: skip


def code_words(code: Any) -> rx.Component:
    """The code and where it is used."""
    return rx.fragment(
        paragraph(
            "Give them this code yourself. It works once and is shown only now, so before you leave print this page or "
            "write the code down. Only the address and the code are printed."
        ),
        letter(f"{settings().public_origin}{routes.INVITATION}", code),
    )
