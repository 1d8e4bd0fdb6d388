"""What a page says before a button that asks its person to confirm who they are: the button must not surprise."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.text import paragraph
from phbportal.ui.values import when


def confirm_hint(state: Any) -> rx.Component:
    """Said only while it is true; ``state`` is the page's PageState."""
    return when(state.must_confirm, paragraph("You will be asked to confirm it is you. Then you come back here."))
