"""How an action on several rows looks before it is done: how many, which, what it asks, and the button."""

from __future__ import annotations

import reflex as rx

from phbportal.admin.act_many_state import ActManyState
from phbportal.admin.confirming import confirm_hint
from phbportal.admin.frame import engine_page
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form
from phbportal.ui.inputs import any_input
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import inset
from phbportal.ui.text import bullets, columns, paragraph
from phbportal.ui.values import when


def act_on_rows() -> rx.Component:
    """An action of any resource on the chosen rows."""
    s = ActManyState
    return engine_page(
        s.title,
        columns(
            when(s.explains, paragraph(s.explains)),
            paragraph("It is done to all of these, or to none:"),
            bullets(s.names),
            when(s.more, paragraph(s.more)),
            form(
                rx.foreach(s.inputs, lambda one: any_input(one, s.values, s.errors)),
                when(s.second, inset(s.second)),
                confirm_hint(s),
                button_group(button(s.button), link("Cancel", s.back_href)),
                on_submit=s.act,
            ),
        ),
        state=s,
        caption=s.caption,
        before=back_link(s.back_href),
    )
