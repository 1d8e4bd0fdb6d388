"""What every public page asks the server: whether somebody is signed in, and how to reach the team."""

from __future__ import annotations

import re

import reflex as rx

from phbportal import routes
from phbportal.edge.here import params_of
from phbportal.edge.markers import public
from phbportal.edge.visitors import visitors_page
from phbportal.settings import settings
from phbportal.ui.buttons import link_button
from phbportal.ui.links import is_page, link
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

_REFERENCE = re.compile(r"[0-9a-f]{8}")


class Visitor(rx.State):
    """The way to the visitor's own page ("" for nobody), how to reach the team, and a fault's reference, as text."""

    words: str = ""
    href: str = ""
    is_page: bool = True
    phone: str = ""
    email: str = ""
    reference: str = ""

    @public
    async def look(self) -> None:
        own = await visitors_page()
        self.words, self.href, self.is_page = own.words, own.href, is_page(own.href)
        self.phone, self.email = settings().contact_phone, settings().contact_email
        named = params_of(self).get("reference", "")
        self.reference = named if _REFERENCE.fullmatch(named) else ""


def way_in() -> rx.Component:
    """To sign in; or, for somebody signed in, to their own page."""
    own = rx.cond(
        Visitor.is_page,
        link_button(Visitor.words, Visitor.href),
        link_button(Visitor.words, Visitor.href, leaves=True),
    )
    return rx.cond(Visitor.href, own, link_button("Sign in", routes.LOGIN, leaves=True))


def the_team() -> rx.Component:
    """How to reach the personal health budget team."""
    v = Visitor
    return rx.fragment(
        when(v.phone, paragraph("Telephone: ", rx.el.strong(v.phone))),
        when(v.email, paragraph("E-mail: ", link(v.email, "mailto:" + v.email, leaves=True))),
        rx.cond(
            (v.phone == "") & (v.email == ""),
            paragraph(
                "Contact the personal health budget team of your integrated care board. Their telephone number is on "
                "the letters they send you."
            ),
            rx.fragment(),
        ),
    )
