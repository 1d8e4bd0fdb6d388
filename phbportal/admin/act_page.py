"""How an action looks before it is done: what it is about, what it asks, and the button."""

from __future__ import annotations

import reflex as rx

from phbportal.admin.act_state import ActState
from phbportal.admin.confirming import confirm_hint
from phbportal.admin.frame import engine_page
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form
from phbportal.ui.inputs import any_input
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import inset
from phbportal.ui.text import columns, paragraph
from phbportal.ui.values import when


def act_on_row() -> rx.Component:
    """An action of any resource on one row."""
    s = ActState
    return engine_page(
        s.title,
        columns(
            when(s.explains, paragraph(s.explains)),
            form(
                rx.foreach(
                    s.inputs, lambda one: any_input(one, s.values, s.errors, answers=s.answers, on_answer=s.answer)
                ),
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
