"""Choosing a file and sending it: a form the browser itself posts, since files do not go over the socket."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.forms import field_group
from phbportal.ui.page import PostForm
from phbportal.ui.values import Text, identity


def file_form(*content: rx.Component, action: str, csrf: Text) -> rx.Component:
    """A form with a file in it, and the session's own token."""
    return PostForm.create(
        rx.el.input(type="hidden", name="csrf", value=csrf, read_only=True),
        *content,
        action=action,
        method="post",
        custom_attrs={"encType": "multipart/form-data"},
    )


def file_input(name: str, label: Text, *, accept: str, hint: Text = "", error: Text = "") -> rx.Component:
    """Choose one file. ``accept`` is what the browser offers first; the server decides."""

    def control(describes: Text) -> rx.Component:
        props: dict[str, Any] = identity(name)
        return rx.el.input(
            type="file", name=name, accept=accept, aria_describedby=describes, class_name="nhsuk-file-upload", **props
        )

    return field_group(name, label, control, hint=hint, error=error)
