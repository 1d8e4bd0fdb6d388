"""The money of a budget: streams, lines, and what each stream still needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.admin.addresses import new_address
from phbportal.domain.phbs import OVER
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.money_parts import balance_figures, parts_of, payments_table, streams_table, workers_table
from phbportal.pages.staff.phb_acts import Act, budget_buttons, stream_buttons
from phbportal.pages.staff.phb_frame import PhbPage, may, phb_page
from phbportal.pages.staff.plan_parts import budget_lines, budget_totals, who_pays
from phbportal.policy.permissions import Permission
from phbportal.queries.balances import BalanceView, balance_view
from phbportal.queries.budgets import BudgetView, budget_view
from phbportal.queries.ledger import balances_of
from phbportal.queries.payments import PaymentRow, payments_page
from phbportal.queries.plans import plan_id_of, plan_of
from phbportal.queries.streams import StreamView, streams_of
from phbportal.queries.workers import WorkerView, worker_views
from phbportal.resources.workers import WORKERS
from phbportal.services.budgets import remove_line
from phbportal.services.plan_acts import plan_acts
from phbportal.services.stream_removal import remove_stream
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button_group, link_button, text_button
from phbportal.ui.charts import BarPart
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.sections import section
from phbportal.ui.tables import Column
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

PAGE = "money"


class MoneyState(PhbPage, rx.State):
    """Streams, lines, payments and the balance, as text."""

    acts: list[Act] = []
    balance: BalanceView = BalanceView()
    bar: list[BarPart] = []
    budget: BudgetView = BudgetView()
    streams: list[StreamView] = []
    payments: list[PaymentRow] = []
    more_payments: bool = False
    workers: list[WorkerView] = []
    shows_workers: bool = False
    may_remove: bool = False
    shows_payments: bool = False
    shows_accounts: bool = False

    @reads(Permission.BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        self.ready = True

    @writes(Permission.BUDGET_WRITE)
    def remove(self, uow: UnitOfWork, line: str) -> None:
        remove_line(uow, plan_id_of(uow.session, uow.actor, uow.today, self._param("phb")), _id(line))
        self._show(uow)
        self.notice = "The budget line is taken out."

    @writes(Permission.BUDGET_WRITE)
    def take_out(self, uow: UnitOfWork, stream: str) -> None:
        remove_stream(uow, plan_id_of(uow.session, uow.actor, uow.today, self._param("phb")), _id(stream))
        self._show(uow)
        self.notice = "The stream is taken out, with its lines."

    def _show(self, uow: UnitOfWork) -> None:
        case = self._open(uow, PAGE)
        about = (uow.session, uow.actor, uow.today, case.id)
        balances = balances_of(uow.session, case.id)
        streams = streams_of(uow.session, uow.actor, uow.now, case, balances)
        plan = plan_of(*about)
        plan_id = plan.id if plan else None
        acts = plan_acts(uow, case, plan)
        payments = payments_page(*about)
        self.balance = balance_view(uow.session, uow.actor, case.id, balances)
        self.bar = parts_of(self.balance)
        self.streams = [s.view for s in streams]
        self.budget = budget_view(*about, plan_id, streams)
        self.payments, self.more_payments = list(payments.rows), payments.older != ""
        self.shows_payments = may(uow, Permission.PAYMENT_READ, case)
        self.shows_accounts = may(uow, Permission.ACCOUNT_READ, case)
        self.shows_workers = may(uow, Permission.WORKER_READ, case)
        self.workers = worker_views(*about)
        self.may_remove = acts.budget
        self.acts = budget_buttons(case.head.reference, acts, streams) + stream_buttons(uow, case, streams)
        if case.status not in OVER and may(uow, Permission.WORKER_WRITE, case):
            self.acts.append(Act("Add a personal assistant", new_address(WORKERS, {"phb_id": str(case.id)})))


def _id(text: str) -> UUID:
    """An id sent by a page; what is not one finds nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def money() -> rx.Component:
    """The page of a budget's money."""
    s = MoneyState
    return phb_page(
        "Money",
        when(s.head.ended, inset(paragraph("This budget ended on ", s.head.ended, "."))),
        button_group(rx.foreach(s.acts, lambda act: link_button(act.label, act.href, kind="secondary"))),
        heading("Balance"),
        balance_figures(s.balance, s.bar),
        heading("Budget"),
        budget_totals(s.budget),
        rx.cond(
            s.may_remove,
            streams_table(s.streams, Column("Action", lambda row: _take_out(s, row)), shows_accounts=s.shows_accounts),
            streams_table(s.streams, shows_accounts=s.shows_accounts),
        ),
        rx.cond(
            s.may_remove,
            budget_lines(s.budget, Column("Action", lambda row: _remove(s, row))),
            budget_lines(s.budget),
        ),
        who_pays(s.budget),
        when(s.shows_workers, workers_table(s.workers)),
        when(
            s.shows_payments,
            section("payments", "Payments", payments_table(s.payments, s.head.reference)),
            when(s.more_payments, paragraph(link("All payments", s.head.href + "/payments"))),
        ),
        state=s,
    )


def _take_out(s: Any, row: Any) -> rx.Component:
    return when(row.is_proposed, text_button("Remove", on_click=s.take_out(row.id), more=row.name))


def _remove(s: Any, row: Any) -> rx.Component:
    return text_button("Remove", on_click=s.remove(row.id), more=row.cost)
