"""Finance's own look at a signed-off plan, before anybody approves it: funding, rates, full cost."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.phb_frame import narrow_form, phb_page
from phbportal.pages.staff.plan import whole_plan
from phbportal.pages.staff.plan_decisions import PlanDecision
from phbportal.pages.staff.plan_features import FeatureLine, feature_lines, features_table
from phbportal.pages.staff.plan_parts import plan_signatures
from phbportal.policy.permissions import Permission
from phbportal.services.plan_checks import check_money, read_check
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import checkbox
from phbportal.ui.forms import textarea
from phbportal.ui.notices import inset
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when


class CheckMoneyState(PlanDecision, rx.State):
    features: list[FeatureLine] = []

    @reads(Permission.PLAN_CHECK)
    def load(self, uow: UnitOfWork) -> None:
        self.may_decide = self._begin(uow, "plan check").check
        self.features = feature_lines(uow, self._plan(uow))

    @writes(Permission.PLAN_CHECK)
    def check(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        check_money(uow, self._plan(uow), note=read_check(form))
        return self._back(routes.STAFF_PHB, "checked")


def check() -> rx.Component:
    """The plan and its budget, then what finance looked at."""
    s = CheckMoneyState
    back = link_button("Return it for changes", s.head.plan_href + "/return", kind="secondary")
    fields = narrow_form(
        features_table(s.features),
        checkbox("funding", "The money is there, and I know from which budget of the board", error=s.errors["funding"]),
        checkbox("rates", "The rates are those of the day, on-costs included", error=s.errors["rates"]),
        checkbox("full_cost", "The budget covers the full cost of the plan", error=s.errors["full_cost"]),
        textarea("note", "What did you check?", error=s.errors["note"], rows=4),
        button_group(button("The money is right"), when(s.may_return, back)),
        on_submit=s.check,
    )
    return phb_page(
        "Check the money",
        when(~s.may_decide, inset(s.because)),
        paragraph("Version ", s.plan.version, ". Read the plan and its budget before you check them."),
        plan_signatures(s.plan),
        whole_plan(s),
        when(s.may_decide, heading("Your check"), fields),
        state=s,
        up=("Plan", s.head.plan_href),
    )
