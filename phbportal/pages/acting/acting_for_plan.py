"""The whole plan of a person somebody represents: read, talked about, signed for them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.edge.markers import reads
from phbportal.pages.acting.of_part import OfPart
from phbportal.pages.shared.own_needs import own_needs
from phbportal.pages.shared.own_plan import (
    cannot_buy,
    comment_form,
    money_rules,
    own_plan,
    plans_to_write,
    sign_form,
)
from phbportal.pages.shared.own_plan_acts import OwnPlanComment, OwnPlanSign, OwnPlansPage
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import loading, paragraph
from phbportal.ui.values import pick

DONE = {"said": "The team has been told. You will see the answer here.", "signed": "You have signed the plan."}


class ActingPlanState(OfPart, OwnPlansPage, rx.State):
    """The plans of whom they represent, as text."""

    @reads(Permission.PLAN_COMMENT)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        self.notice = DONE.get(self._param("done"), "")
        self.ready = True


class ActingPlanCommentState(OfPart, OwnPlanComment, rx.State):
    """A comment for the person."""


class ActingPlanSignState(OfPart, OwnPlanSign, rx.State):
    """A signature for the person."""


def plan() -> rx.Component:
    """Every plan of the person, in the person's own words."""
    s: Any = ActingPlanState
    plain = rx.Var.create(False)
    whole = rx.fragment(
        paragraph("This is the plan of ", s.whose, ", in their own words."),
        plans_to_write(s.to_write),
        own_needs(s.needs, easy=plain, title="What " + s.whose + " needs help with"),
        rx.foreach(
            s.plans,
            lambda one: rx.el.section(
                own_plan(
                    one, easy=plain, several=True, say=s.plan_href + "/comment", sign=s.plan_href + "/sign",
                    ask=routes.ACTING_FOR + "/" + one.reference + "/ask-before-you-buy",
                    review=s.part_href + "/review", own=False,
                ),
                class_name="phb-budget",
            ),
        ),
        cannot_buy(s.rules, easy=plain, own=False),
        money_rules(s.money_rules),
    )  # fmt: skip
    return _page("Plan of " + s.whose, s, whole, back_link(routes.ACTING_FOR, "People you act for"))


def say() -> rx.Component:
    """The form for a comment."""
    s: Any = ActingPlanCommentState
    title = "Say something about the plan"
    words = comment_form(s, back=s.plan_href, own=False)
    return _page(pick(s.whose, title + " of " + s.whose, title), s, words, back_link(s.plan_href, "Plan"))


def sign() -> rx.Component:
    """A representative's signature for the person."""
    s: Any = ActingPlanSignState
    whose: Any = pick(s.whose, "the plan of " + s.whose, "the plan")
    form = sign_form(s, back=s.plan_href, whose=whose, said_of=whose)
    return _page("Sign " + whose, s, form, back_link(s.plan_href, "Plan"))


def _page(title: Any, s: Any, content: rx.Component, before: rx.Component) -> rx.Component:
    return acting_page(title, rx.cond(s.ready, content, loading()), state=s, before=before)
