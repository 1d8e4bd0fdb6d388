"""Saying who pays for a budget: health, social care, education, by parts or by amounts."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.domain.funding import FUNDER_WORDS, Funder
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.pages.staff.plan_parts import who_pays
from phbportal.policy.permissions import Permission
from phbportal.queries.budgets import BudgetView, budget_view
from phbportal.queries.plans import plan_id_of, plan_of
from phbportal.services.funders import set_shares
from phbportal.services.funding import BY_AMOUNTS, BY_PARTS, read_shares
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import text_input
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

WAYS = [
    Choice(BY_PARTS, "In parts", "For example, 60 and 40, or 1, 1 and 1. They follow the budget when it changes."),
    Choice(BY_AMOUNTS, "In pounds a week", "Together they must come to the budget."),
]


class FundingState(PhbPage, rx.State):
    """What the budget comes to, and who pays so far."""

    budget: BudgetView = BudgetView()

    @reads(Permission.BUDGET_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, "who pays")
        plan = plan_of(uow.session, uow.actor, uow.today, case.id)
        self.budget = budget_view(uow.session, uow.actor, uow.today, case.id, plan.id if plan else None, [])
        new_form(self)
        self.ready = True

    @writes(Permission.BUDGET_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        set_shares(uow, plan_id_of(uow.session, uow.actor, uow.today, self._param("phb")), read_shares(form))
        return self._back(routes.STAFF_PHB_MONEY, "funding")


def funding() -> rx.Component:
    """The form, under who pays so far."""
    s = FundingState
    return phb_page(
        "Say who pays",
        when(s.budget.shown, paragraph("The budget is ", s.budget.weekly, " a week.")),
        who_pays(s.budget),
        paragraph("Where nothing is said, health pays for all of it."),
        narrow_form(
            radios("way", "How is it shared?", WAYS, error=s.errors["way"]),
            *(
                text_input(
                    funder.value, f"{words} (leave empty if they pay nothing)", width="10", input_mode="decimal",
                    error=s.errors[funder.value], auto_complete="off",
                )
                for funder, words in ((one, FUNDER_WORDS[one]) for one in Funder)
            ),
            button_group(button("Save"), link_button("Leave without saving", s.head.money_href, kind="secondary")),
            on_submit=s.save,
        ),
        state=s,
        up=("Money", s.head.money_href),
    )  # fmt: skip
