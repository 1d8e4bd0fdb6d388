"""Deciding a plan: a clinician signs it off, an approver approves it, either returns it. Each reads it whole first."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.domain.plans import BODY_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.phb_frame import narrow_form, phb_page
from phbportal.pages.staff.plan import PlanPage, whole_plan
from phbportal.pages.staff.plan_features import FeatureLine, checks_of, feature_lines, features_table
from phbportal.pages.staff.plan_parts import plan_signatures
from phbportal.policy.permissions import Permission
from phbportal.queries.plans import plan_id_of
from phbportal.queries.registrations import own_registration
from phbportal.services.approvals import approve_plan
from phbportal.services.plan_acts import PlanActs, plan_acts
from phbportal.services.plans import read_sign_off, return_plan, sign_off_plan
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import text_input, textarea
from phbportal.ui.links import link
from phbportal.ui.notices import inset, warning
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

NOT_CHECKED = (
    "Your board has no registration of yours that runs today, so you cannot sign a plan off. Ask an administrator of "
    "your board to look it up and record it."
)
BODIES = [Choice(body.value, words) for body, words in BODY_WORDS.items()]


class PlanDecision(PlanPage, mixin=True):
    """A plan before somebody decides it: whether they may, and why not."""

    may_decide: bool = False
    may_return: bool = False
    because: str = ""

    def _begin(self, uow: UnitOfWork, page: str) -> PlanActs:
        case, _streams, plan = self._show_whole(uow, page)
        acts = plan_acts(uow, case, plan)
        waits = plan.view.status if plan else "not written yet"
        self.because = acts.because or f"There is nothing to decide: the plan is “{waits}”."
        self.may_return, self.ready = acts.send_back, True
        return acts

    def _plan(self, uow: UnitOfWork) -> Any:
        return plan_id_of(uow.session, uow.actor, uow.today, self._param("phb"))


class SignOffState(PlanDecision, rx.State):
    """``body`` and ``number`` are of the registration the board has checked, ``checked`` says so; empty for none."""

    signer: str = ""
    body: str = ""
    number: str = ""
    checked: str = ""

    @reads(Permission.PLAN_SIGN_OFF)
    def load(self, uow: UnitOfWork) -> None:
        self.may_decide = self._begin(uow, "plan sign-off").sign_off
        self.signer = uow.actor.display_name
        self.body, self.number, self.checked = own_registration(uow.session, uow.actor, uow.today)

    @writes(Permission.PLAN_SIGN_OFF)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        sign_off_plan(uow, self._plan(uow), read_sign_off(form))
        return self._back(routes.STAFF_PHB, "signed")


class ApprovalState(PlanDecision, rx.State):
    features: list[FeatureLine] = []
    checks: list[str] = []

    @reads(Permission.PLAN_APPROVE)
    def load(self, uow: UnitOfWork) -> None:
        self.may_decide = self._begin(uow, "plan approval").approve
        self.features, self.checks = feature_lines(uow, self._plan(uow)), checks_of(uow, self._param("phb"))

    @writes(Permission.PLAN_APPROVE, step_up=True)
    def approve(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        whole = approve_plan(uow, self._plan(uow), note=form.get("note", ""))
        return self._back(routes.STAFF_PHB, "approved" if whole else "approved-first")


class ReturnState(PlanDecision, rx.State):
    @reads(Permission.PLAN_RETURN)
    def load(self, uow: UnitOfWork) -> None:
        self.may_decide = self._begin(uow, "plan return").send_back

    @writes(Permission.PLAN_RETURN)
    def send_back(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return_plan(uow, self._plan(uow), reason=form.get("reason", ""))
        return self._back(routes.STAFF_PHB, "returned")


def sign_off() -> rx.Component:
    """The plan, then the clinician's signature."""
    s = SignOffState
    fields = narrow_form(
        inset(rx.cond(s.checked, s.checked, NOT_CHECKED)),
        text_input("name", "Your full name", value=s.signer, error=s.errors["name"], auto_complete="name"),
        radios("body", "Which body are you registered with?", BODIES, value=s.body, error=s.errors["body"]),
        text_input(
            "pin", "Your registration number", value=s.number, error=s.errors["pin"], width="20", spell_check=False,
            hint="For example, 12A3456E (NMC) or 1234567 (GMC)",
        ),
        textarea("note", "Note (optional)", error=s.errors["note"], rows=4),
        _decide(s, "Sign the plan off"),
        on_submit=s.sign,
    )  # fmt: skip
    return _decision("Sign the plan off", s, "Your signature", fields)


def approval() -> rx.Component:
    """The plan, who wrote and signed it and what it commits, then the decision."""
    s = ApprovalState
    fields = narrow_form(
        rx.foreach(s.checks, lambda words: paragraph(words)),
        features_table(s.features),
        when(s.budget.commitment, warning(s.budget.commitment, heading="What you commit", level=3)),
        textarea(
            "note",
            "Note (optional)",
            value=s.draft["note"],
            error=s.errors["note"],
            rows=4,
            hint="Needed where the budget is well above the indicative one: write why you approve it.",
        ),
        confirm_hint(s),
        _decide(s, "Approve the plan and its budget"),
        on_submit=s.approve,
    )
    return _decision("Approve the plan", s, "Your decision", fields)


def send_back() -> rx.Component:
    """Why the plan goes back."""
    s = ReturnState
    fields = narrow_form(
        textarea(
            "reason", "What should be changed?", error=s.errors["reason"], rows=5,
            hint="The case manager reads this. Say it in a sentence or two.",
        ),
        button_group(button("Return the plan"), link_button("Leave it as it is", s.head.href, kind="secondary")),
        on_submit=s.send_back,
    )  # fmt: skip
    return phb_page(
        "Return the plan",
        rx.cond(s.may_decide, fields, inset(s.because)),
        paragraph(link("Read the plan", s.head.plan_href)),
        state=s,
        up=("Plan", s.head.plan_href),
    )


def _decision(title: str, s: Any, words: str, fields: rx.Component) -> rx.Component:
    return phb_page(
        title,
        when(~s.may_decide, inset(s.because)),
        paragraph("Version ", s.plan.version, ". Read the plan and its budget before you decide."),
        plan_signatures(s.plan),
        whole_plan(s),
        when(s.may_decide, heading(words), fields),
        state=s,
        up=("Plan", s.head.plan_href),
    )


def _decide(s: Any, words: str) -> rx.Component:
    back = link_button("Return it for changes", s.head.plan_href + "/return", kind="secondary")
    return button_group(button(words), when(s.may_return, back))
