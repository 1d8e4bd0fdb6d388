"""A holder's plan: who I am, what I want, what is in it, what the money may and may not buy, what I say about it."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.edge.markers import reads, writes
from phbportal.pages.holder.parts import next_steps
from phbportal.pages.shared.own_needs import own_needs
from phbportal.pages.shared.own_plan import cannot_buy, money_rules, own_plan, plans_to_write
from phbportal.pages.shared.own_plan_acts import OwnPlansPage
from phbportal.policy.permissions import Permission
from phbportal.queries.holder_plans import OwnPlan
from phbportal.services.people import set_easy_read
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.easy_read import easy_read_switch
from phbportal.ui.links import link
from phbportal.ui.text import loading, paragraph

PAGE = "my plan"
DONE = {
    "said": "Your team has been told. You will see the answer here.",
    "signed": "You have signed your plan.",
    "handed-in": "Your plan is handed in. Your team goes on with it.",
    "declined": "Your team has been told that you will not write the plan.",
}


class MyPlanState(OwnPlansPage, rx.State):
    """The holder's plans, as text."""

    several: bool = False
    easy_read: bool = False

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = self._show(uow)
        self.several, self.easy_read = len(found.plans) > 1, found.easy_read
        self.notice = DONE.get(self._param("done"), "")
        self.ready = True
        uow.saw(PAGE, person_id=uow.actor.person_id)

    @writes(Permission.OWN_SETTINGS_WRITE)
    def read_easily(self, uow: UnitOfWork, on: bool) -> None:
        set_easy_read(uow, on)
        self.easy_read = on


def my_plan() -> rx.Component:
    """Every plan of the person, one below the other; then what no budget may buy."""
    s = MyPlanState
    return holder_page(
        "My plan",
        easy_read_switch(s.easy_read, turn=s.read_easily(~s.easy_read)),
        rx.cond(
            s.ready,
            rx.fragment(
                plans_to_write(s.to_write),
                own_needs(s.needs, easy=s.easy_read),
                rx.cond(
                    s.plans,
                    rx.fragment(
                        rx.foreach(s.plans, _plan), cannot_buy(s.rules, easy=s.easy_read), money_rules(s.money_rules)
                    ),
                    next_steps(s.easy_read),
                ),
            ),
            loading(),
        ),
        state=s,
        easy_read=s.easy_read,
    )


def _plan(plan: rx.Var[OwnPlan]) -> rx.Component:
    s = MyPlanState
    return rx.el.section(
        own_plan(
            plan, easy=s.easy_read, several=s.several, say=routes.MY_PLAN_COMMENT, sign=routes.MY_PLAN_SIGN,
            ask=routes.MY_ASK, review=routes.MY_REVIEW,
        ),
        paragraph(link("See your money", routes.MY_BUDGET)),
        class_name="phb-budget",
    )  # fmt: skip
