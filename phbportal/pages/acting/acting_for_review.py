"""A review of the budget of somebody a representative acts for: they say for the person what the person would say."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.pages.acting.of_part import OfPart
from phbportal.pages.shared.own_review import OwnReviewPage, own_review
from phbportal.ui.links import back_link
from phbportal.ui.text import loading, paragraph


class ActingReviewState(OfPart, OwnReviewPage, rx.State):
    """The reviews of whom they represent."""


def review() -> rx.Component:
    """Whose review it is first; its questions name the person."""
    s: Any = ActingReviewState
    return acting_page(
        "Review for " + s.whose,
        rx.cond(
            s.ready,
            rx.fragment(
                paragraph("You answer for ", s.whose, ". Say what they would say, as far as you know it."),
                own_review(s, easy=rx.Var.create(False), whose=s.whose),
            ),
            loading(),
        ),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )
