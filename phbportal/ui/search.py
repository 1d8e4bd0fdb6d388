"""A search box beside its button."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.forms import form, hint_text
from phbportal.ui.values import Text, described_by, identity, pick, starts_from


def search(
    label: Text,
    *,
    on_submit: Any,
    name: str = "search",
    value: Text = "",
    hint: Text = "",
    before: Any = None,
    otherwise: Any = None,
) -> rx.Component:
    """A form with one box; the handler receives what was typed under ``name``.

    ``before`` is a choice that goes with it. ``otherwise`` stands in place of the box where ``label`` is empty.
    """
    box = rx.el.input(
        name=name, type="search", default_value=value, auto_complete="off", spell_check=False,
        aria_describedby=described_by((hint, f"{name}-hint")),
        class_name="nhsuk-input nhsuk-search-input__input nhsuk-input--width-20",
        **starts_from(value), **identity(name),
    )  # fmt: skip
    press = rx.el.button(
        "Search", type="submit", class_name="nhsuk-button nhsuk-button--small nhsuk-search-input__button"
    )
    group = rx.el.div(
        rx.el.label(label, html_for=name, class_name="nhsuk-label"),
        hint_text(name, hint),
        rx.el.div(box, press, class_name="nhsuk-input-wrapper nhsuk-search-input__wrapper"),
        class_name="nhsuk-form-group nhsuk-search-input",
    )
    asked = group if otherwise is None else pick(label, group, otherwise)
    return rx.el.div(form(*([] if before is None else [before]), asked, on_submit=on_submit), role="search")
