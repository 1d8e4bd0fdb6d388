"""Choosing: drop-down lists, radios and checkboxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.ui.forms import field_group, fieldset, group_classes
from phbportal.ui.problems import error_message
from phbportal.ui.values import NOTHING, Text, classes, described_by, identity, pick, starts_from, when


@dataclass(frozen=True)
class Choice:
    """One thing to choose: what the handler receives, what the person reads, and a line below it."""

    value: str
    text: str
    hint: str = ""


Choices = Sequence[Choice] | rx.Var[list[Choice]]


def select(
    name: str,
    label: Text,
    choices: Choices,
    *,
    value: Text = "",
    error: Text = "",
    hint: Text = "",
    blank: str = "",
    size: str = "",
    **props: Any,
) -> rx.Component:
    """A drop-down list. ``blank`` is the text of a first choice whose value is empty."""

    def option(choice: Any) -> rx.Component:
        return rx.el.option(choice.text, value=choice.value)

    def control(describes: Text) -> rx.Component:
        first = [rx.el.option(blank, value="")] if blank else []
        return rx.el.select(
            *first,
            *_each(choices, lambda choice, _: option(choice)),
            name=name,
            default_value=value,
            **starts_from(value),
            aria_describedby=describes,
            class_name=classes("nhsuk-select", (error, "nhsuk-select--error")),
            **identity(name),
            **props,
        )

    return field_group(name, label, control, error=error, hint=hint, size=size)


def radios(
    name: str,
    legend: Text,
    choices: Choices,
    *,
    value: Text = "",
    error: Text = "",
    hint: Text = "",
    inline: bool = False,
    small: bool = False,
    size: str = "s",
    on_change: Any = None,
) -> rx.Component:
    """One of several. ``on_change`` is for pages that show more once something is chosen."""
    more = {} if on_change is None else {"on_change": on_change}

    def item(choice: Any, index: Any) -> rx.Component:
        return _item("radio", name, choice, index, checked=choice.value == value, start=value, **more)

    names = classes("nhsuk-radios", (inline, "nhsuk-radios--inline"), (small, "nhsuk-radios--small"))
    return fieldset(name, legend, rx.el.div(*_each(choices, item), class_name=names), error=error, hint=hint, size=size)


def checkboxes(
    name: str,
    legend: Text,
    choices: Choices,
    *,
    values: Sequence[str] | rx.Var[list[str]] = (),
    error: Text = "",
    hint: Text = "",
    small: bool = False,
    size: str = "s",
) -> rx.Component:
    """Any of several.

    A dict holds only the last of them: the handler annotates its form as ``reflex_base.utils.form.FormData`` and reads
    ``getlist(name)``, or as a TypedDict with a ``list[str]`` of that name.
    """

    def item(choice: Any, index: Any) -> rx.Component:
        chosen = values.contains(choice.value) if isinstance(values, rx.Var) else _is_one_of(choice.value, values)
        start = values.join(" ") if isinstance(values, rx.Var) else " ".join(values)
        return _item("checkbox", name, choice, index, checked=chosen, start=start)

    names = classes("nhsuk-checkboxes", (small, "nhsuk-checkboxes--small"))
    return fieldset(name, legend, rx.el.div(*_each(choices, item), class_name=names), error=error, hint=hint, size=size)


def checkboxes_by_name(
    name: Text, legend: Text, choices: Choices, values: Any, *, error: Text = "", hint: Text = ""
) -> rx.Component:
    """Any of several, each under a name of its own (its choice's value): "yes" for those that are ticked."""

    def item(choice: Any, _index: Any) -> rx.Component:
        return checkbox(choice.value, choice.text, checked=values[choice.value] == "yes", hint=choice.hint)

    boxes = rx.el.div(*_each(choices, item), **identity(name), tab_index=-1)
    return fieldset(name, legend, boxes, error=error, hint=hint, size="")


def checkbox(name: str, text: Text, *, checked: Any = False, error: Text = "", hint: Text = "") -> rx.Component:
    """One box to tick. The handler receives "yes" under the name, or nothing."""
    start = pick(checked, "yes", "no")
    box = rx.el.div(
        rx.el.input(
            type="checkbox",
            name=name,
            value="yes",
            default_checked=checked,
            **starts_from(start),
            class_name="nhsuk-checkboxes__input",
            aria_describedby=described_by((error, f"{name}-error"), (hint, f"{name}-item-hint")),
            **identity(name),
        ),
        rx.el.label(text, html_for=name, class_name="nhsuk-label nhsuk-checkboxes__label"),
        when(hint, rx.el.div(hint, class_name="nhsuk-hint nhsuk-checkboxes__hint", **identity(f"{name}-item-hint"))),
        class_name="nhsuk-checkboxes__item",
    )
    return rx.el.div(
        error_message(name, error), rx.el.div(box, class_name="nhsuk-checkboxes"), class_name=group_classes(error)
    )


def _item(kind: str, name: str, choice: Any, index: Any, *, checked: Any, start: Text, **more: Any) -> rx.Component:
    block = "nhsuk-radios" if kind == "radio" else "nhsuk-checkboxes"
    # the first id is the field's name, so that a problem leads to the first choice
    identifier = pick(index == 0, name, f"{name}-" + _number(index))
    hint_id = identifier + "-item-hint"
    return rx.el.div(
        rx.el.input(
            type=kind,
            name=name,
            value=choice.value,
            default_checked=checked,
            **starts_from(start),
            class_name=f"{block}__input",
            aria_describedby=pick(choice.hint, hint_id, NOTHING),
            **identity(identifier),
            **more,
        ),
        rx.el.label(choice.text, html_for=identifier, class_name=f"nhsuk-label {block}__label"),
        when(choice.hint, rx.el.div(choice.hint, class_name=f"nhsuk-hint {block}__hint", **identity(hint_id))),
        class_name=f"{block}__item",
    )


def _number(index: Any) -> Text:
    return (index + 1).to_string() if isinstance(index, rx.Var) else str(index + 1)


def _is_one_of(value: Any, values: Sequence[str]) -> Any:
    return rx.Var.create(list(values)).contains(value) if isinstance(value, rx.Var) else value in values


def _each(choices: Choices, item: Callable[[Any, Any], rx.Component]) -> list[rx.Component]:
    if isinstance(choices, rx.Var):
        return [rx.foreach(choices, item)]
    return [item(choice, index) for index, choice in enumerate(choices)]
