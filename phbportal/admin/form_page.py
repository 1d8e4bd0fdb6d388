"""How a form looks; and, when somebody else was quicker, the two versions side by side."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.confirming import confirm_hint
from phbportal.admin.conflict import conflict_form
from phbportal.admin.form_state import FormState
from phbportal.admin.frame import engine_page
from phbportal.ui.buttons import button, button_group, text_button, way_button
from phbportal.ui.forms import form
from phbportal.ui.inputs import any_input, way
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import inset
from phbportal.ui.tables import line
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import pick, when


def form_of_row() -> rx.Component:
    """A form of any resource."""
    s: Any = FormState
    return engine_page(
        s.title,
        pick(
            s.differing,
            conflict_form(s.differing, s.errors, on_submit=s.settle, cancel_href=s.back_href),
            columns(
                when(
                    s.begun,
                    inset(
                        paragraph(s.begun),
                        button_group(
                            link("Go on with it", s.begun_href), text_button("Throw it away", on_click=s.forget)
                        ),
                    ),
                ),
                when(s.step_words, heading(s.step_words)),
                form(
                    way(),
                    rx.foreach(s.inputs, lambda one: _input(one, s)),
                    when(s.lines, rx.el.dl(rx.foreach(s.lines, _line), class_name="nhsuk-summary-list")),
                    when(s.second, inset(s.second)),
                    confirm_hint(s),
                    button_group(
                        button(s.button),
                        way_button("Keep it for later", "later"),
                        when(s.previous_href, link("Back a step", s.previous_href)),
                        link("Cancel", s.back_href),
                    ),
                    on_submit=s.save,
                    guarded=True,
                ),
            ),
        ),
        state=s,
        caption=s.caption,
        before=back_link(s.back_href),
    )


def _input(one: Any, s: Any) -> rx.Component:
    return any_input(
        one, s.values, s.errors, answers=s.answers, offers=s.offers, on_answer=s.answer, on_typing=s.suggest
    )


def _line(one: Any) -> rx.Component:
    return line(one.label, one.text, href=one.href)
