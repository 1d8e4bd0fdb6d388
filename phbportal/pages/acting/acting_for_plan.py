"""The whole plan of a person somebody represents: read, talked about, signed for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.errors import NotFound
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.own_plan import cannot_buy, comment_form, own_plan, plans_to_write, sign_form
from phbportal.pages.shared.own_plan_acts import OwnPlanAct
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.holder_plans import OwnPlan, own_plans
from phbportal.queries.ids import given_id
from phbportal.queries.planners import PlanToWrite
from phbportal.services.agreements import read_agreed
from phbportal.services.plan_sharing import comment, read_comment, sign_own_plan
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import loading, paragraph

DONE = {"said": "The team has been told. You will see the answer here.", "signed": "You have signed the plan."}


class OfPart(OwnPlanAct, mixin=True):
    """The person whose plan it is, through the reader's part in their life; the part's id stands in the address."""

    whose: str = ""
    plan_href: str = ""

    def _person(self, uow: UnitOfWork) -> UUID:
        part, person_id = part_of(uow.session, uow.actor, uow.today, given_id(self._param("part")))
        if not part.represents:
            raise NotFound()
        self.whose, self.plan_href = part.whose, routes.of_part(routes.ACTING_FOR_PLAN, part.id)
        return person_id

    def _done(self, code: str) -> Any:
        return rx.redirect(f"{routes.of_part(routes.ACTING_FOR_PLAN, self._param('part'))}?done={code}")


class ActingPlanState(OfPart, rx.State):
    """The plans, as text."""

    plans: list[OwnPlan] = []
    rules: list[str] = []
    to_write: list[PlanToWrite] = []

    @reads(Permission.PLAN_COMMENT)
    def load(self, uow: UnitOfWork) -> None:
        person_id = self._person(uow)
        found = own_plans(uow.session, uow.actor, uow.today, person_id=person_id)
        self.plans, self.rules, self.to_write = found.plans, found.rules, found.to_write
        self.notice = DONE.get(self._param("done"), "")
        self.ready = True


class ActingPlanCommentState(OfPart, rx.State):
    place: str = "WHOLE"

    @reads(Permission.PLAN_COMMENT)
    def load(self, uow: UnitOfWork) -> None:
        self._find(uow, self._person(uow))
        self.place = "WHOLE"
        new_form(self)
        self.ready = True

    @writes(Permission.PLAN_COMMENT)
    def say(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        place, words = read_comment(form)
        plan_id = UUID(self._find(uow, self._person(uow)).plan_id)
        uow.once("plan comment", self.form_key, form, lambda: str(comment(uow, plan_id, place, words)))
        return self._done("said")


class ActingPlanSignState(OfPart, rx.State):
    _seen: int = 0

    @reads(Permission.PLAN_OWN_SIGN)
    def load(self, uow: UnitOfWork) -> None:
        self._seen = self._find(uow, self._person(uow)).row_version
        self.ready = True

    @writes(Permission.PLAN_OWN_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        read_agreed(form)
        sign_own_plan(uow, UUID(self._find(uow, self._person(uow)).plan_id), seen_version=self._seen)
        return self._done("signed")


def plan() -> rx.Component:
    """Every plan of the person, in the person's own words."""
    s: Any = ActingPlanState
    plain = rx.Var.create(False)
    whole = rx.fragment(
        paragraph("This is the plan of ", s.whose, ", in their own words."),
        plans_to_write(s.to_write),
        rx.foreach(
            s.plans,
            lambda one: rx.el.section(
                own_plan(
                    one, easy=plain, several=True, say=s.plan_href + "/comment", sign=s.plan_href + "/sign",
                    ask=routes.ACTING_FOR,
                ),
                class_name="phb-budget",
            ),
        ),
        cannot_buy(s.rules, easy=plain),
    )  # fmt: skip
    return _page("Plan of " + s.whose, s, whole, back_link(routes.ACTING_FOR, "People you act for"))


def say() -> rx.Component:
    """The form for a comment."""
    s: Any = ActingPlanCommentState
    return _page("Say something about the plan", s, comment_form(s, back=s.plan_href), back_link(s.plan_href, "Plan"))


def sign() -> rx.Component:
    """A representative's signature for the person."""
    s: Any = ActingPlanSignState
    form = sign_form(s, back=s.plan_href, whose="the plan of " + s.whose)
    return _page("Sign the plan", s, form, back_link(s.plan_href, "Plan"))


def _page(title: Any, s: Any, content: rx.Component, before: rx.Component) -> rx.Component:
    return acting_page(title, rx.cond(s.ready, content, loading()), state=s, before=before)
