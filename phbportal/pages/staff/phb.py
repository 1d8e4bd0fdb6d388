"""A budget: where it stands, who must act, its money, plan, streams, payments, entries, reviews and history."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.beside_page import beside, beside_keys
from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import ENDED, PhbStatus
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.money_parts import balance_figures, entries_table, parts_of, payments_table, streams_table
from phbportal.pages.staff.phb_acts import (
    Act,
    budget_buttons,
    in_order,
    life_buttons,
    payment_buttons,
    plan_buttons,
    stream_buttons,
    wheelchair_buttons,
)
from phbportal.pages.staff.phb_frame import STATUS_COLOURS, PhbPage, may, phb_page
from phbportal.pages.staff.phb_path import (
    checks_list,
    offers_section,
    path_buttons,
    set_up_section,
    took,
    track_section,
    waits_to_be_shown,
)
from phbportal.pages.staff.phb_wheelchair import wheelchair_section
from phbportal.policy.permissions import Permission
from phbportal.queries.balances import BalanceView, balance_view
from phbportal.queries.budgets import BudgetView, budget_view
from phbportal.queries.case_path import CasePath, case_path
from phbportal.queries.decisions import DecisionRow, decisions_of
from phbportal.queries.entries import EntryRow, entries_page
from phbportal.queries.history import HistoryRow, history_page
from phbportal.queries.ledger import balances_of
from phbportal.queries.next_steps import next_step
from phbportal.queries.payments import PaymentRow, PaymentsPage, next_periods, payments_page
from phbportal.queries.phbs import Case, ReviewRow, reviews_of
from phbportal.queries.plans import PlanRecord, PlanView, plan_of
from phbportal.queries.streams import SetUpLine, StreamRecord, StreamView, streams_of
from phbportal.queries.tracker import Track, track_of
from phbportal.queries.wheelchairs import WheelchairView, wheelchair_view
from phbportal.resources.colours import DECISION_COLOURS
from phbportal.services.budget_offers import begin_assessing
from phbportal.services.plan_acts import plan_acts
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.charts import BarPart
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.sections import section
from phbportal.ui.tables import Column, line, link_cell, summary_list, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.timeline import timeline
from phbportal.ui.values import when

PAGE = "budget"
SHOWN_PAYMENTS, SHOWN_HISTORY = 10, 10
Streams = tuple[StreamRecord, ...]


class PhbState(PhbPage, rx.State):
    """One budget as text."""

    next_step: str = ""
    because: str = ""
    first_act: list[Act] = []
    acts: list[Act] = []
    balance: BalanceView = BalanceView()
    bar: list[BarPart] = []
    track: Track = Track()
    path: CasePath = CasePath()
    may_assess: bool = False
    wheelchair: WheelchairView = WheelchairView()
    set_up: list[SetUpLine] = []
    plan: PlanView = PlanView()
    budget: BudgetView = BudgetView()
    streams: list[StreamView] = []
    payments: list[PaymentRow] = []
    entries: list[EntryRow] = []
    reviews: list[ReviewRow] = []
    decisions: list[DecisionRow] = []
    decide_href: str = ""
    history: list[HistoryRow] = []
    more_payments: bool = False
    more_entries: bool = False
    more_history: bool = False
    shows_payments: bool = False
    shows_entries: bool = False
    shows_accounts: bool = False
    may_reassign: bool = False

    @reads(Permission.PHB_READ)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, PAGE)
        about = (uow.session, uow.actor, uow.today, case.id)
        balances = balances_of(uow.session, case.id)
        streams = streams_of(uow.session, uow.actor, uow.now, case, balances)
        plan = plan_of(*about)
        payments = payments_page(*about, size=SHOWN_PAYMENTS)
        self.balance = balance_view(uow.session, uow.actor, case.id, balances)
        self.bar = parts_of(self.balance)
        self.streams = [s.view for s in streams]
        self.set_up = [one for s in streams for one in s.set_up]
        self.payments, self.more_payments = list(payments.rows), payments.older != ""
        self._show_lists(uow, case)
        self._show_plan(uow, case, streams, plan)
        self._show_next(uow, case, streams, plan, payments)
        self.ready = True

    @writes(Permission.BUDGET_OFFER)
    def assess(self, uow: UnitOfWork) -> object:
        begin_assessing(uow, self._case(uow).id)
        return self._back(routes.STAFF_PHB, "assessing")

    def _show_lists(self, uow: UnitOfWork, case: Case) -> None:
        about = (uow.session, uow.actor, uow.today)
        entries = entries_page(*about, case.id)
        history = history_page(*about, phb_id=case.id, size=SHOWN_HISTORY)
        self.entries, self.more_entries = list(entries.rows), entries.older != ""
        self.history, self.more_history = list(history.rows), history.older != ""
        self.reviews = list(reviews_of(*about, case.id, case.head.reference))
        self.track, self.path = track_of(*about, case.id), case_path(*about, case.id)
        self.may_assess = case.status is PhbStatus.ACCEPTED and may(uow, Permission.BUDGET_OFFER, case)
        if case.cohort is Cohort.WHEELCHAIR:
            self.wheelchair = wheelchair_view(*about, case.id)
        self.decisions = list(decisions_of(*about, case.id))
        decides = case.status not in ENDED and may(uow, Permission.DECISION_PREPARE, case)
        self.decide_href = routes.of_phb(routes.STAFF_PHB_DECIDE, case.head.reference) if decides else ""
        self.shows_payments = may(uow, Permission.PAYMENT_READ, case)
        self.shows_entries = may(uow, Permission.LEDGER_READ, case)
        self.shows_accounts = may(uow, Permission.ACCOUNT_READ, case)
        self.may_reassign = may(uow, Permission.CASES_REASSIGN, case)

    def _show_plan(self, uow: UnitOfWork, case: Case, streams: Streams, plan: PlanRecord | None) -> None:
        self.plan = plan.view if plan else PlanView()
        plan_id = plan.id if plan else None
        self.budget = budget_view(uow.session, uow.actor, uow.today, case.id, plan_id, streams)

    def _show_next(
        self, uow: UnitOfWork, case: Case, streams: Streams, plan: PlanRecord | None, payments: PaymentsPage
    ) -> None:
        periods = next_periods(uow.session, uow.actor, uow.today, case.icb_id, case.id, streams)
        due = min(periods.values(), key=lambda period: period.starts_on, default=None)
        self.next_step = next_step(
            case.status, plan, streams, now=uow.now, waiting=payments.waiting, next_period=due,
            sees_payments=self.shows_payments,
        )  # fmt: skip
        acts = plan_acts(uow, case, plan)
        self.because = acts.because
        found = plan_buttons(case.head.reference, acts, whole=_is_whole(self.plan, self.budget))
        found += payment_buttons(case.head.reference, payments.rows)
        found += budget_buttons(case.head.reference, acts, streams)
        found += stream_buttons(uow, case, streams) + path_buttons(uow, case, self.path)
        found += wheelchair_buttons(uow, case, self.wheelchair) + life_buttons(uow, case)
        if acts.start and not waits_to_be_shown(case, self.path):
            found.append(
                Act("Start the plan" if plan is None else "Write a new version", case.head.plan_href, plan is None)
            )
        self.first_act, self.acts = in_order(found)


def _is_whole(plan: PlanView, budget: BudgetView) -> bool:
    """Whether sending the plan is worth trying; the service says what is missing."""
    return bool(plan.about_me and plan.outcomes and plan.services and budget.lines)


def phb() -> rx.Component:
    """The page of a budget."""
    s = PhbState
    return phb_page(
        "Personal health budget",
        beside(),
        inset(paragraph(rx.el.strong("What happens next. "), s.next_step), when(s.because, paragraph(s.because))),
        _buttons(s),
        when(s.may_assess, button("Begin the assessment", on_click=s.assess, kind="secondary")),
        _about(s),
        track_section(s),
        set_up_section(s),
        offers_section(s),
        took(s),
        wheelchair_section(s),
        heading("Money"),
        balance_figures(s.balance, s.bar),
        _plan(s),
        streams_table(s.streams, shows_accounts=s.shows_accounts),
        paragraph(link("See the budget and its lines", s.head.money_href)),
        when(
            s.shows_payments,
            section("payments", "Payments", payments_table(s.payments, s.head.reference)),
            _all(s.more_payments, "All payments", routes.STAFF_PHB_PAYMENTS, s),
        ),
        when(
            s.shows_entries,
            section("entries", "Ledger entries", entries_table(s.entries)),
            _all(s.more_entries, "Earlier entries", routes.STAFF_PHB_ENTRIES, s),
        ),
        section("reviews", "Reviews", _reviews(s)),
        section("decisions", "Decisions", _decisions(s)),
        heading("Documents"),
        _all(True, "Documents kept with this budget", routes.STAFF_PHB_DOCUMENTS, s),
        section("history", "History", timeline(s.history)),
        _all(s.more_history, "All of the history", routes.STAFF_PHB_HISTORY, s),
        beside_keys(),
        state=s,
        top=True,
    )


def _buttons(s: Any) -> rx.Component:
    return button_group(
        rx.foreach(s.first_act, lambda act: link_button(act.label, act.href)),
        rx.foreach(s.acts, lambda act: link_button(act.label, act.href, kind="secondary")),
    )


def _about(s: Any) -> rx.Component:
    head = s.head
    return summary_list(
        [
            line("Status", status_tag(head.status, STATUS_COLOURS, otherwise="blue")),
            line("Holder", link(head.person, head.person_href), shown=head.person),
            line("NHS number", head.nhs_number, shown=head.nhs_number),
            line("Born", head.born, shown=head.born),
            line("Died", head.died, shown=head.died),
            line(
                "Case manager",
                head.case_manager,
                href=rx.cond(s.may_reassign, head.href + "/case-manager", ""),
            ),
            line("Eligible through", head.cohort, shown=head.cohort),
            line("Kind", head.kind),
            line("Opened", head.opened),
            line("Live since", head.live, shown=head.live),
            line("Ended", head.ended, shown=head.ended),
        ]
    )


def _plan(s: Any) -> rx.Component:
    plan, budget = s.plan, s.budget
    return section(
        "plan",
        "Plan and budget",
        rx.cond(
            plan.version,
            summary_list(
                [
                    line("Plan", "Version ", plan.version, " ", status_tag(plan.status, STATUS_COLOURS)),
                    line("It holds", plan.summary),
                    line("Sent", plan.submitted, shown=plan.submitted),
                    line("Signed off", plan.signed, shown=plan.signed),
                    line("Checked", checks_list(s), shown=s.path.checks),
                    line("Approved", plan.approved, shown=plan.approved),
                    line("Returned because", plan.return_reason, shown=plan.return_reason),
                ]
            ),
            paragraph("No plan has been written yet."),
        ),
        when(
            budget.shown,
            summary_list([line("Budget a week", budget.weekly), line("Budget, one-off", budget.one_off)]),
        ),
        when(plan.version, paragraph(link("Read the plan", s.head.plan_href))),
    )


def _decisions(s: Any) -> rx.Component:
    return rx.fragment(
        table(
            "Decisions",
            [
                Column("Decision", lambda row: link(row.kind, row.href)),
                Column("About", "about"),
                Column("Takes effect", "effective"),
                Column("Status", lambda row: status_tag(row.status, DECISION_COLOURS)),
            ],
            s.decisions,
            empty="Nothing has been refused, reduced, suspended or stopped.",
            caption_hidden=True,
        ),
        when(s.decide_href, paragraph(link("Prepare a decision", s.decide_href))),
    )


def _reviews(s: Any) -> rx.Component:
    return table(
        "Reviews",
        [
            Column("Review", link_cell("kind", "href")),
            Column("Due", "due"),
            Column("Held", "held"),
            Column("Status", lambda row: status_tag(row.status, STATUS_COLOURS)),
        ],
        s.reviews,
        empty="No review is due. The first is set when the budget goes live.",
        caption_hidden=True,
    )


def _all(more: Any, words: str, route: str, s: Any) -> rx.Component:
    before, after = route.split("[phb]")
    return when(more, paragraph(link(words, before + s.head.reference + after)))
