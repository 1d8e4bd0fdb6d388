"""Words known now, and words known only in the browser: one way of handling both.

Every function of the kit takes plain text or a Reflex var of text. With plain text the choice is made while the page
is compiled and costs the browser nothing; with a var it is made in the browser.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

Text = str | rx.Var[str]
Flag = bool | rx.Var[bool]

NOTHING: rx.Var[str] = rx.Var(_js_expr="undefined", _var_type=str)
"""An attribute that is left off."""


def pick(condition: Any, yes: Any, no: Any) -> Any:
    """``yes`` if the condition holds, else ``no``; an empty text is false, here and in the browser."""
    if isinstance(condition, rx.Var):
        return rx.cond(condition, yes, no)
    return yes if condition else no


def when(condition: Any, *shown: Any) -> rx.Component:
    """The components if the condition holds, else nothing."""
    return pick(condition, rx.fragment(*shown), rx.fragment())


def classes(*names: str | tuple[Any, str]) -> Text:
    """A class attribute: plain names, and ``(condition, name)`` pairs for those that depend on something."""
    text: Text = ""
    for name in names:
        if isinstance(name, str):
            text = text + " " + name if not _is_empty(text) else name
        elif isinstance(name[0], rx.Var):
            text = text + rx.cond(name[0], " " + name[1], "")
        elif name[0]:
            text = text + " " + name[1]
    return text


def described_by(*ids: tuple[Any, str]) -> Text:
    """``aria-describedby`` out of ``(shown, id)`` pairs, in reading order; left off when nothing is shown."""
    text: Text = ""
    for shown, identity in ids:
        text = text + pick(shown, identity + " ", "")
    if isinstance(text, str):
        return text.strip() or NOTHING
    return rx.cond(text, text, NOTHING)


def identity(value: Text, **attributes: Any) -> dict[str, Any]:
    """Attributes with an ``id`` that Reflex does not turn into a ref.

    Reflex adds the value of every control with a ref to a submitted form, checked or not, under the control's id.
    Our handlers receive what the form holds and nothing else.
    """
    return {"custom_attrs": {"id": value, **attributes}}


def starts_from(value: Any) -> dict[str, Any]:
    """Makes a control start again when the server's value for it changes; a plain value never does."""
    return {"key": value} if isinstance(value, rx.Var) else {}


def _is_empty(text: Text) -> bool:
    return isinstance(text, str) and not text
