"""Things to notice: inset text, warnings, and the banner that says what just happened."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from phbportal.ui.text import hidden
from phbportal.ui.values import Text, pick, when


def inset(*content: Any) -> rx.Component:
    """Text set apart from what surrounds it."""
    return rx.el.div(hidden("Information: "), *_paragraphs(content), class_name="nhsuk-inset-text")


def warning(*content: Any, heading: str = "Important", level: Literal[2, 3] = 2) -> rx.Component:
    """A warning that must not be missed. The heading starts with a word that says so."""
    first = [] if heading.lower().startswith("important") else [hidden("Important: ")]
    title = (rx.el.h2 if level == 2 else rx.el.h3)(*first, heading, class_name="nhsuk-card__heading")
    return rx.el.div(
        rx.el.div(title, *_paragraphs(content), class_name="nhsuk-card__content"),
        class_name="nhsuk-card nhsuk-card--warning",
    )


def banner(
    text: Text, *, kind: Literal["success", "info"] | rx.Var[str] = "info", more: Any = None, id: str = "notice"
) -> rx.Component:
    """What just happened ("The plan was approved."): shown while ``text`` is not empty, and read out when it comes.

    The live region stands on the page from the start; a region that arrives with its words is often not read out.
    """
    success = kind == "success"
    title = pick(success, "Success", "Information")
    names = "nhsuk-notification-banner" + pick(success, " nhsuk-notification-banner--success", "")
    content = [rx.el.p(text, class_name="nhsuk-notification-banner__heading"), *([] if more is None else [more])]
    shown = rx.el.div(
        rx.el.div(
            rx.el.h2(title, class_name="nhsuk-notification-banner__title"),
            class_name="nhsuk-notification-banner__header",
        ),
        rx.el.div(*content, class_name="nhsuk-notification-banner__content"),
        class_name=names,
    )
    return rx.el.div(when(text, shown), role="status", aria_live="polite", id=id)


def progress(done: rx.Var[int], total: rx.Var[int], sentence: Text, *, label: str) -> rx.Component:
    """Long work: a bar, and a sentence with the count done, left and wrong so far, read out politely as it changes."""
    return rx.el.div(
        rx.el.progress(value=done, max=total, aria_label=label, class_name="phb-progress"),
        rx.el.p(sentence, role="status", class_name="nhsuk-body"),
        class_name="phb-progress-group",
    )


def _paragraphs(content: tuple[Any, ...]) -> list[rx.Component]:
    return [x if isinstance(x, rx.Component) else rx.el.p(x) for x in content]
