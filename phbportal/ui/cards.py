"""Cards: blocks of a page, pieces of work, and big figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from phbportal.ui.links import anchor
from phbportal.ui.tags import tag
from phbportal.ui.values import Text, pick, when


def card(
    heading: Text,
    *content: Any,
    href: Text = "",
    level: Literal[2, 3] = 2,
    kind: Literal["", "feature", "secondary"] = "",
) -> rx.Component:
    """A block with a heading. With ``href`` the whole card leads there."""
    linked = bool(href) if isinstance(href, str) else True
    title = anchor(heading, href=href, class_name="nhsuk-card__link") if linked else heading
    names = "nhsuk-card" + (" nhsuk-card--clickable" if linked else "") + (f" nhsuk-card--{kind}" if kind else "")
    element = rx.el.h2 if level == 2 else rx.el.h3
    return rx.el.div(
        rx.el.div(
            element(title, class_name="nhsuk-card__heading nhsuk-heading-m"),
            *[x if isinstance(x, rx.Component) else rx.el.p(x, class_name="nhsuk-card__description") for x in content],
            class_name="nhsuk-card__content",
        ),
        class_name=names,
    )


def figure_card(
    label: Text, figure: Text, *, hint: Text = "", href: Text = "", level: Literal[2, 3] = 2
) -> rx.Component:
    """A big figure with its name above and a line below: a balance, a count of things waiting."""
    linked = bool(href) if isinstance(href, str) else True
    name = anchor(label, href=href, class_name="nhsuk-card__link") if linked else label
    element = rx.el.h2 if level == 2 else rx.el.h3
    return rx.el.div(
        rx.el.div(
            element(name, class_name="phb-figure__label"),
            rx.el.p(figure, class_name="phb-figure__number"),
            when(hint, rx.el.p(hint, class_name="phb-figure__hint")),
            class_name="nhsuk-card__content",
        ),
        class_name="nhsuk-card phb-figure" + (" nhsuk-card--clickable" if linked else ""),
    )


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: its words, where it is done, a line of detail, its status and the tag's colour."""

    title: str
    href: str
    detail: str = ""
    status: str = ""
    colour: str = "blue"


def work_list(items: Sequence[WorkItem] | rx.Var[list[WorkItem]], *, empty: Text) -> rx.Component:
    """A list of things to do, each leading to where it is done; ``empty`` is the sentence for a clear desk."""
    rows = [rx.foreach(items, _work)] if isinstance(items, rx.Var) else [_work(item) for item in items]
    return pick(items, rx.el.ul(*rows, class_name="nhsuk-task-list"), rx.el.p(empty, class_name="nhsuk-body phb-empty"))


def _work(item: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            anchor(item.title, href=item.href, class_name="nhsuk-task-list__link nhsuk-link"),
            when(item.detail, rx.el.div(item.detail, class_name="nhsuk-task-list__hint")),
            class_name="nhsuk-task-list__name-and-hint",
        ),
        when(item.status, rx.el.div(tag(item.status, item.colour), class_name="nhsuk-task-list__status")),
        class_name="nhsuk-task-list__item nhsuk-task-list__item--with-link",
    )
