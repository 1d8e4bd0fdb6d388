"""The long lists of a budget, a page at a time: payments, ledger entries, history."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.money_parts import entries_table, payments_table
from phbportal.pages.staff.phb_frame import PhbPage, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.entries import EntryRow, entries_page
from phbportal.queries.history import HistoryRow, history_page
from phbportal.queries.payments import PaymentRow, payments_page
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.pagination import pager
from phbportal.ui.timeline import timeline

PAYMENTS, ENTRIES, HISTORY = "phb-payments", "phb-entries", "phb-history"


class PhbList(PhbPage, mixin=True):
    """A list of a budget: the cursors either way."""

    newer: str = ""
    older: str = ""

    def _shown(self, found: Any) -> None:
        self.newer, self.older, self.ready = found.newer, found.older, True


class PaymentsState(PhbList, rx.State):
    rows: list[PaymentRow] = []

    @reads(Permission.PAYMENT_READ)
    def load(self, uow: UnitOfWork) -> None:
        case, place = self._open(uow, PAYMENTS), self._place(uow, PAYMENTS)
        found = payments_page(uow.session, uow.actor, uow.today, case.id, place=place)
        self.rows = list(found.rows)
        self._shown(found)

    @writes(Permission.PAYMENT_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self.newer if direction == "newer" else self.older
        return self._turn(uow, PAYMENTS, routes.STAFF_PHB_PAYMENTS, cursor, direction)


class EntriesState(PhbList, rx.State):
    rows: list[EntryRow] = []

    @reads(Permission.LEDGER_READ)
    def load(self, uow: UnitOfWork) -> None:
        case, place = self._open(uow, ENTRIES), self._place(uow, ENTRIES)
        found = entries_page(uow.session, uow.actor, uow.today, case.id, place=place)
        self.rows = list(found.rows)
        self._shown(found)

    @writes(Permission.LEDGER_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self.newer if direction == "newer" else self.older
        return self._turn(uow, ENTRIES, routes.STAFF_PHB_ENTRIES, cursor, direction)


class HistoryState(PhbList, rx.State):
    rows: list[HistoryRow] = []

    @reads(Permission.HISTORY_READ)
    def load(self, uow: UnitOfWork) -> None:
        case, place = self._open(uow, HISTORY), self._place(uow, HISTORY)
        found = history_page(uow.session, uow.actor, uow.today, phb_id=case.id, place=place)
        self.rows = list(found.rows)
        self._shown(found)

    @writes(Permission.HISTORY_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self.newer if direction == "newer" else self.older
        return self._turn(uow, HISTORY, routes.STAFF_PHB_HISTORY, cursor, direction)


def payments() -> rx.Component:
    """Every payment of a budget."""
    s = PaymentsState
    return phb_page("Payments", payments_table(s.rows, s.head.reference), _pager(s), state=s)


def entries() -> rx.Component:
    """Every ledger entry of a budget."""
    return phb_page("Ledger entries", entries_table(EntriesState.rows), _pager(EntriesState), state=EntriesState)


def history() -> rx.Component:
    """Everything that happened to a budget, in sentences."""
    return phb_page("History", timeline(HistoryState.rows), _pager(HistoryState), state=HistoryState)


def _pager(s: Any) -> rx.Component:
    return pager(
        on_previous=s.turn("newer"), on_next=s.turn("older"), has_previous=s.newer != "", has_next=s.older != ""
    )
