"""Easy read: one idea at a time, in short sentences, with a picture beside each."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.buttons import button
from phbportal.ui.pictures import Picture, picture
from phbportal.ui.values import Flag, classes, pick, when


def idea(shown: Picture | rx.Component, *words: Any, pictured: Flag = True) -> rx.Component:
    """One idea: what is said, and while ``pictured`` a picture beside it (one by name, or a choice of several)."""
    sentences = [x if isinstance(x, rx.Component) else rx.el.p(x) for x in words]
    return rx.el.div(
        when(pictured, shown if isinstance(shown, rx.Component) else picture(shown)),
        rx.el.div(*sentences, class_name="phb-idea__words"),
        class_name=classes("phb-part", (pictured, "phb-idea")),
    )


def said(sentences: rx.Var[list[str]], *, apart: Flag) -> rx.Component:
    """Sentences as one paragraph, or each on a line of its own while ``apart``."""
    return rx.cond(
        apart,
        rx.fragment(rx.foreach(sentences, lambda sentence: rx.el.p(sentence))),
        rx.el.p(rx.foreach(sentences, lambda sentence: rx.fragment(sentence, " "))),
    )


def easy_read_switch(on: rx.Var[bool], *, turn: Any) -> rx.Component:
    """The button that turns easy read on and off, and what it does in words. ``turn`` is the handler's event, given
    what it should be next. One button, whose words change: whoever pressed it with a key stays on it."""
    return rx.el.div(
        button(pick(on, "Turn easy read off", "Turn easy read on"), kind="secondary", on_click=turn),
        rx.el.p(
            rx.cond(on, "Easy read is on.", "Easy read has bigger words, short sentences and pictures."),
            class_name="phb-easy-switch__words",
        ),
        class_name="phb-easy-switch",
    )
