"""How a form looks; and, when somebody else was quicker, the two versions side by side."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.confirming import confirm_hint
from phbportal.admin.conflict import conflict_form
from phbportal.admin.form_state import FormState
from phbportal.admin.frame import staff_page
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form
from phbportal.ui.inputs import any_input
from phbportal.ui.links import back_link, link
from phbportal.ui.text import columns
from phbportal.ui.values import pick


def form_of_row() -> rx.Component:
    """A form of any resource."""
    s: Any = FormState
    return staff_page(
        s.title,
        pick(
            s.differing,
            conflict_form(s.differing, s.errors, on_submit=s.settle, cancel_href=s.back_href),
            columns(
                form(
                    rx.foreach(s.inputs, lambda one: any_input(one, s.values, s.errors)),
                    confirm_hint(s),
                    button_group(button(s.button), link("Cancel", s.back_href)),
                    on_submit=s.save,
                )
            ),
        ),
        state=s,
        caption=s.caption,
        before=back_link(s.back_href),
    )
