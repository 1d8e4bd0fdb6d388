"""What a holder does with their plan: says something about a part of it, signs that it is theirs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.own_plan import comment_form, sign_form
from phbportal.pages.shared.own_plan_acts import OwnPlanAct
from phbportal.policy.permissions import Permission
from phbportal.services.agreements import read_agreed
from phbportal.services.plan_sharing import comment, read_comment, sign_own_plan
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import loading

BACK = back_link(routes.MY_PLAN, "My plan")


class MyPlanCommentState(OwnPlanAct, rx.State):
    """The part something is said about, as the address names it."""

    place: str = "WHOLE"

    @reads(Permission.PLAN_COMMENT)
    def load(self, uow: UnitOfWork) -> None:
        self._find(uow)
        self.place = self._param("place") or "WHOLE"
        new_form(self)
        self.ready = True

    @writes(Permission.PLAN_COMMENT)
    def say(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        place, words = read_comment(form)
        plan_id = UUID(self._find(uow).plan_id)
        uow.once("plan comment", self.form_key, form, lambda: str(comment(uow, plan_id, place, words)))
        return rx.redirect(f"{routes.MY_PLAN}?done=said")


class MyPlanSignState(OwnPlanAct, rx.State):
    """The plan to be signed, in the version that was read."""

    _seen: int = 0

    @reads(Permission.PLAN_OWN_SIGN)
    def load(self, uow: UnitOfWork) -> None:
        self._seen = self._find(uow).row_version
        self.ready = True

    @writes(Permission.PLAN_OWN_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        read_agreed(form)
        sign_own_plan(uow, UUID(self._find(uow).plan_id), seen_version=self._seen)
        return rx.redirect(f"{routes.MY_PLAN}?done=signed")


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
        rx.cond(s.ready, sign_form(s, back=routes.MY_PLAN, whose="my plan"), loading()),
        state=s,
        before=BACK,
    )
