"""Forms: text, money, dates, and the group of label, hint and error around each.

The id of a field is its name, so that a ``Problem``'s field is also where its link leads. Inputs are uncontrolled: they
start from ``value`` and belong to the person typing; when the server's value changes, the input starts again from it.
``error`` is the sentence to show, usually ``State.errors["name"]``; empty or absent shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import reflex as rx

from phbportal.ui.problems import error_message
from phbportal.ui.values import Flag, Text, classes, described_by, identity, starts_from, when

DOUBLE_CLICK_MS = 500
"""A second submit within this time is the same press of a shaking hand."""

Width = Literal["", "2", "3", "4", "5", "10", "20", "30"]


def form(*content: rx.Component, on_submit: Any, id: str = "", guarded: bool = False) -> rx.Component:
    """A form. The handler receives a dict of field names and texts; nothing is checked in the browser.

    ``guarded``: leaving the page asks first, if something was typed.

    A second press within half a second is dropped; the service's idempotency key is what makes an act happen once.
    """
    props: dict[str, Any] = identity(id) if id else {}
    if guarded:
        props.setdefault("custom_attrs", {})["data-guard"] = "true"
    return rx.el.form(*content, on_submit=on_submit.throttle(DOUBLE_CLICK_MS), no_validate=True, **props)


def field_group(
    name: str,
    label: Text,
    control: Callable[[Text], rx.Component],
    *,
    error: Text = "",
    hint: Text = "",
    size: str = "",
) -> rx.Component:
    """Label, hint, error and the control, tied together; ``control`` is given its ``aria-describedby``."""
    describes = described_by((hint, f"{name}-hint"), (error, f"{name}-error"))
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name=classes("nhsuk-label", (size, f"nhsuk-label--{size}"))),
        hint_text(name, hint),
        error_message(name, error),
        control(describes),
        class_name=group_classes(error),
    )


def fieldset(
    name: str,
    legend: Text,
    *content: rx.Component,
    error: Text = "",
    hint: Text = "",
    size: str = "s",
    role: Text | None = None,
) -> rx.Component:
    """Several controls that answer one question."""
    props: dict[str, Any] = {"custom_attrs": {"role": role}} if role else {}
    return rx.el.div(
        rx.el.fieldset(
            rx.el.legend(
                legend, class_name=classes("nhsuk-fieldset__legend", (size, f"nhsuk-fieldset__legend--{size}"))
            ),
            hint_text(name, hint),
            error_message(name, error),
            *content,
            class_name="nhsuk-fieldset",
            aria_describedby=described_by((hint, f"{name}-hint"), (error, f"{name}-error")),
            **props,
        ),
        class_name=group_classes(error),
    )


def hint_text(name: str, hint: Text) -> rx.Component:
    """The grey line below a label."""
    return when(hint, rx.el.div(hint, class_name="nhsuk-hint", **identity(f"{name}-hint")))


def group_classes(error: Text) -> Text:
    """The class of a group, with the red bar when there is an error."""
    return classes("nhsuk-form-group", (error, "nhsuk-form-group--error"))


def text_input(
    name: str,
    label: Text,
    *,
    value: Text = "",
    error: Text = "",
    hint: Text = "",
    width: Width = "",
    prefix: str = "",
    suffix: str = "",
    size: str = "",
    disabled: Flag = False,
    **props: Any,
) -> rx.Component:
    """One line of text. ``props`` go to the input: ``type``, ``auto_complete``, ``input_mode``, ``spell_check``, …"""

    def control(describes: Text) -> rx.Component:
        box = text_box(
            name, name, value=value, error=error, width=width, disabled=disabled, describes=describes, **props
        )
        if not prefix and not suffix:
            return box
        parts = [(prefix, "prefix"), (box, ""), (suffix, "suffix")]
        return rx.el.div(
            *[
                rx.el.div(part, aria_hidden=True, class_name=f"nhsuk-input-wrapper__{kind}") if kind else part
                for part, kind in parts
                if part
            ],
            class_name="nhsuk-input-wrapper",
        )

    return field_group(name, label, control, error=error, hint=hint, size=size)


def text_box(
    identifier: str,
    name: str,
    *,
    value: Text,
    error: Text,
    width: Width,
    describes: Text | None = None,
    kind: str = "",
    disabled: Flag = False,
    **props: Any,
) -> rx.Component:
    """The ``<input>`` alone, for components that draw their own label."""
    names = classes("nhsuk-input", (kind, kind), (width, f"nhsuk-input--width-{width}"), (error, "nhsuk-input--error"))
    if describes is not None:
        props["aria_describedby"] = describes
    if isinstance(disabled, rx.Var) or disabled:
        props["disabled"] = disabled
    props.setdefault("type", "text")
    props |= {**starts_from(value), **identity(identifier)}
    return rx.el.input(name=name, default_value=value, class_name=names, **props)


def money_input(
    name: str, label: Text, *, value: Text = "", error: Text = "", hint: Text = "", **props: Any
) -> rx.Component:
    """An amount in pounds; the handler receives what was typed ("1,234.50")."""
    return text_input(
        name,
        label,
        value=value,
        error=error,
        hint=hint,
        width="10",
        prefix="£",
        input_mode="decimal",
        spell_check=False,
        auto_complete="off",
        **props,
    )


def date_input(
    name: str,
    legend: Text,
    *,
    day: Text = "",
    month: Text = "",
    year: Text = "",
    error: Text = "",
    hint: Text = "For example, 6 4 2026",
    size: str = "s",
) -> rx.Component:
    """A date in three boxes. The handler receives ``{name}-day``, ``{name}-month`` and ``{name}-year``."""
    boxes: list[tuple[str, Text, Width]] = [("day", day, "2"), ("month", month, "2"), ("year", year, "4")]
    items = [_date_box(name, part, value, width, error) for part, value, width in boxes]
    # role="group": without it JAWS keeps the hint of a fieldset of text boxes to itself (NHS.UK frontend)
    return fieldset(
        name, legend, rx.el.div(*items, class_name="nhsuk-date-input"), error=error, hint=hint, size=size, role="group"
    )


def _date_box(name: str, part: str, value: Text, width: Width, error: Text) -> rx.Component:
    # the day's id is the field's name, so that a problem with the date leads to the first box
    identifier = name if part == "day" else f"{name}-{part}"
    return rx.el.div(
        rx.el.div(
            rx.el.label(part.capitalize(), html_for=identifier, class_name="nhsuk-label nhsuk-date-input__label"),
            text_box(
                identifier,
                f"{name}-{part}",
                value=value,
                error=error,
                width=width,
                kind="nhsuk-date-input__input",
                input_mode="numeric",
                auto_complete="off",
            ),
            class_name="nhsuk-form-group",
        ),
        class_name="nhsuk-date-input__item",
    )


def textarea(
    name: str,
    label: Text,
    *,
    value: Text = "",
    error: Text = "",
    hint: Text = "",
    rows: int = 5,
    size: str = "",
    **props: Any,
) -> rx.Component:
    """Several lines of text."""

    def control(describes: Text) -> rx.Component:
        return rx.el.textarea(
            name=name,
            default_value=value,
            **starts_from(value),
            rows=str(rows),
            aria_describedby=describes,
            class_name=classes("nhsuk-textarea", (error, "nhsuk-textarea--error")),
            **identity(name),
            **props,
        )

    return field_group(name, label, control, error=error, hint=hint, size=size)
