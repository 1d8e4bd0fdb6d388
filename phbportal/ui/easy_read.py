"""Easy read: one idea at a time, in short sentences, with a picture beside each."""

from __future__ import annotations

from typing import Any

import reflex as rx


def idea(picture: str, *words: Any) -> rx.Component:
    """One idea: the address of a picture, and the sentences it stands beside.

    The picture repeats the words for people who would rather look than read, so it is not read out.
    """
    sentences = [x if isinstance(x, rx.Component) else rx.el.p(x) for x in words]
    return rx.el.div(
        rx.el.img(src=picture, alt="", width="120", height="120", class_name="phb-idea__picture"),
        rx.el.div(*sentences, class_name="phb-idea__words"),
        class_name="phb-idea",
    )
