"""The plan of a budget: read, begun, sent for sign-off."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.streams import Method
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.money_parts import streams_table
from phbportal.pages.staff.phb_acts import Act, budget_buttons, plan_buttons
from phbportal.pages.staff.phb_frame import STATUS_COLOURS, PhbPage, may, phb_page
from phbportal.pages.staff.plan_care import care_links, plan_care
from phbportal.pages.staff.plan_parts import (
    budget_lines,
    budget_totals,
    plan_outcomes,
    plan_signatures,
    plan_words,
)
from phbportal.policy.permissions import Permission
from phbportal.queries.budgets import BudgetView, budget_view
from phbportal.queries.ledger import balances_of
from phbportal.queries.needs import rests_on
from phbportal.queries.plan_parts import PlanParts, SectionView, parts_of_plans, still_needed, with_empty
from phbportal.queries.planners import WriterView, writers_of
from phbportal.queries.plans import PlanView, VersionLink, plan_id_of, plan_of, versions_of
from phbportal.queries.regulated_care import nominee_warnings
from phbportal.queries.streams import StreamView, streams_of
from phbportal.services.plan_acts import PlanActs, plan_acts
from phbportal.services.plan_sharing import share_plan
from phbportal.services.plans import start_plan, submit_plan
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.tags import status_tag
from phbportal.ui.text import bullets, heading, paragraph
from phbportal.ui.values import when

PAGE = "plan"


class PlanPage(PhbPage, mixin=True):
    """A whole plan with its budget, as the pages that show it all need it."""

    plan: PlanView = PlanView()
    parts: PlanParts = PlanParts()
    sections: list[SectionView] = []
    writers: list[WriterView] = []
    sees_care: bool = False
    still_needed: str = ""
    rests_on: str = ""
    budget: BudgetView = BudgetView()
    streams: list[StreamView] = []
    shows_accounts: bool = False
    warnings: list[str] = []

    def _show_whole(self, uow: UnitOfWork, page: str, version: int | None = None) -> Any:
        """Fill in the plan and its budget; returns the case, the streams and the plan's record."""
        case = self._open(uow, page)
        streams = streams_of(uow.session, uow.actor, uow.now, case, balances_of(uow.session, case.id))
        plan = plan_of(uow.session, uow.actor, uow.today, case.id, version=version)
        plan_id = plan.id if plan else None
        self.plan = plan.view if plan else PlanView()
        self._show_parts(uow, case, plan_id)
        self.rests_on = rests_on(uow.session, uow.actor, uow.today, plan.assessment_id if plan else None)
        self.budget = budget_view(uow.session, uow.actor, uow.today, case.id, plan_id, streams)
        self.streams = [s.view for s in streams]
        self.shows_accounts = may(uow, Permission.ACCOUNT_READ, case)
        paid = any(s.method is Method.DIRECT_PAYMENT for s in streams)
        self.warnings = nominee_warnings(uow.session, uow.actor, uow.today, case.id) if paid else []
        return case, streams, plan

    def _show_parts(self, uow: UnitOfWork, case: Any, plan_id: Any) -> None:
        """What the plan holds besides, for those who read about health: not for finance (domain.md §9.3)."""
        self.sees_care = may(uow, Permission.PLAN_CARE_READ, case) and plan_id is not None
        if not self.sees_care:
            self.parts, self.sections, self.writers, self.still_needed = PlanParts(), [], [], ""
            return
        self.parts = parts_of_plans(uow.session, uow.actor, uow.today, [plan_id])[plan_id]
        self.sections = with_empty(self.parts, case.cohort)
        self.still_needed = still_needed(self.parts, case.cohort)
        self.writers = writers_of(uow.session, uow.actor, uow.today, plan_id)


def whole_plan(s: Any) -> rx.Component:
    """The plan and its budget, from its words to its last line."""
    return rx.fragment(
        when(s.rests_on, paragraph(s.rests_on)),
        plan_words(s.plan),
        plan_outcomes(s.plan),
        when(s.sees_care, plan_care(s)),
        heading("Budget"),
        budget_totals(s.budget),
        streams_table(s.streams, shows_accounts=s.shows_accounts),
        rx.foreach(s.warnings, lambda words: inset(words)),
        budget_lines(s.budget),
    )


class PlanState(PlanPage, rx.State):
    """The latest plan, or the version the address names."""

    acts: list[Act] = []
    may_start: bool = False
    may_submit: bool = False
    may_share: bool = False
    may_write: bool = False
    because: str = ""
    versions: list[VersionLink] = []

    @reads(Permission.PLAN_READ)
    def load(self, uow: UnitOfWork) -> None:
        wanted = self._param("version")
        case, streams, plan = self._show_whole(uow, PAGE, int(wanted) if wanted.isdecimal() else None)
        self.versions = list(versions_of(uow.session, uow.actor, uow.today, case.id, case.head.plan_href))
        earlier = plan is not None and plan.view.version != self.versions[0].version  # is only read
        acts = PlanActs() if earlier else plan_acts(uow, case, plan)
        self.may_start, self.may_submit, self.because = acts.start, acts.submit, acts.because
        self.may_share, self.may_write = acts.share, acts.write
        found = plan_buttons(case.head.reference, acts, whole=False) + budget_buttons(
            case.head.reference, acts, streams
        )
        self.acts = [act for act in found if act.href != case.head.plan_href]
        self.ready = True

    @writes(Permission.PLAN_WRITE)
    def start(self, uow: UnitOfWork) -> object:
        start_plan(uow, self._case(uow).id)
        return self._back(routes.STAFF_PLAN_WORDS, "started")

    @writes(Permission.PLAN_SHARE)
    def share(self, uow: UnitOfWork) -> object:
        share_plan(uow, plan_id_of(uow.session, uow.actor, uow.today, self._param("phb")))
        return self._back(routes.STAFF_PHB_PLAN, "shared")

    @writes(Permission.PLAN_SUBMIT)
    def submit(self, uow: UnitOfWork) -> object:
        submit_plan(uow, plan_id_of(uow.session, uow.actor, uow.today, self._param("phb")))
        return self._back(routes.STAFF_PHB, "submitted")


def plan() -> rx.Component:
    """The page of a plan."""
    s = PlanState
    return phb_page(
        rx.cond(s.plan.version, "Plan, version " + s.plan.version, "Plan"),
        when(s.because, inset(s.because)),
        rx.cond(
            s.plan.version,
            rx.fragment(
                paragraph(status_tag(s.plan.status, STATUS_COLOURS, otherwise="blue")),
                plan_signatures(s.plan),
                button_group(
                    rx.foreach(s.acts, lambda act: link_button(act.label, act.href, kind="secondary")),
                ),
                whole_plan(s),
            ),
            paragraph("No plan has been written yet."),
        ),
        when(s.sees_care & s.may_write, care_links(s)),
        when(
            s.may_share,
            heading("Share the plan"),
            paragraph("The person sees the plan in the portal and can say something about it. You can go on writing."),
            button("Share it with the person", on_click=s.share, kind="secondary"),
        ),
        when(
            s.may_submit,
            heading("Send the plan"),
            paragraph("A clinician reads the plan and its budget as they stand above. You can no longer change them."),
            button("Send for clinical sign-off", on_click=s.submit),
        ),
        when(
            s.may_start,
            button(rx.cond(s.plan.version, "Write a new version", "Start the plan"), on_click=s.start),
        ),
        when(
            s.versions.length() > 1,
            heading("Versions"),
            bullets([rx.foreach(s.versions, lambda v: paragraph(link(v.label, v.href)))]),
        ),
        state=s,
    )
