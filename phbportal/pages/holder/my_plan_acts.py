"""What a holder does with their plan: says something about a part of it, signs that it is theirs."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.pages.shared.own_plan import comment_form, sign_form
from phbportal.pages.shared.own_plan_acts import OwnPlanComment, OwnPlanSign, WhosePlan
from phbportal.ui.links import back_link
from phbportal.ui.text import loading

BACK = back_link(routes.MY_PLAN, "My plan")


class OfMine(WhosePlan, mixin=True):
    """The way back to one's own plan."""

    def _done(self, code: str) -> Any:
        return rx.redirect(f"{routes.MY_PLAN}?done={code}")


class MyPlanCommentState(OfMine, OwnPlanComment, rx.State):
    """The holder's own comment."""


class MyPlanSignState(OfMine, OwnPlanSign, rx.State):
    """The holder's own signature."""


def say() -> rx.Component:
    """The form for a comment."""
    s: Any = MyPlanCommentState
    return holder_page(
        "Say something about my plan",
        rx.cond(s.ready, comment_form(s, back=routes.MY_PLAN), loading()),
        state=s,
        before=BACK,
    )


def sign() -> rx.Component:
    """The holder's signature."""
    s: Any = MyPlanSignState
    return holder_page(
        "Sign my plan",
        rx.cond(s.ready, sign_form(s, back=routes.MY_PLAN, whose="my plan", said_of="your plan"), loading()),
        state=s,
        before=BACK,
    )
