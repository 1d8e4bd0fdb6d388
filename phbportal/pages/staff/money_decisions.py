"""Deciding a recorded payment: another finance officer confirms that it left, or it is cancelled."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.phb_frame import STATUS_COLOURS, PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.payments import PaymentRecord, PaymentRow, payment_of
from phbportal.services.payment_preview import read_paid_on
from phbportal.services.payments import cancel_payment, confirm_payment
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.forms import date_input, textarea
from phbportal.ui.notices import inset
from phbportal.ui.tables import line, summary_list
from phbportal.ui.tags import status_tag
from phbportal.ui.text import paragraph


class PaymentDecision(PhbPage, mixin=True):
    """The payment the address names, before it is decided."""

    payment: PaymentRow = PaymentRow()
    sum_words: str = ""
    funders: str = ""
    because: str = ""

    def _record(self, uow: UnitOfWork) -> PaymentRecord:
        case = self._case(uow)
        return payment_of(uow.session, uow.actor, uow.today, case.id, self._param("payment"))

    def _begin(self, uow: UnitOfWork, page: str) -> None:
        self._open(uow, page)
        found = self._record(uow)
        self.payment, self.sum_words, self.funders = found.row, found.sum_words, found.funders
        self.because = found.because or f"There is nothing to decide: this payment is “{found.row.status}”."
        self.ready = True


class ConfirmState(PaymentDecision, rx.State):
    """``day``, ``month`` and ``year`` are today: most payments are confirmed on the day they leave."""

    day: str = ""
    month: str = ""
    year: str = ""

    @reads(Permission.PAYMENT_CONFIRM)
    def load(self, uow: UnitOfWork) -> None:
        self._begin(uow, "confirm payment")
        today = {"day": uow.today.day, "month": uow.today.month, "year": uow.today.year}
        parts = [self.draft.get(f"paid_on-{part}", str(number)) for part, number in today.items()]
        self.day, self.month, self.year = parts

    @writes(Permission.PAYMENT_CONFIRM, step_up=True)
    def confirm(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        confirm_payment(uow, self._record(uow).id, paid_on=read_paid_on(form))
        return self._back(routes.STAFF_PHB, "confirmed")


class CancelState(PaymentDecision, rx.State):
    @reads(Permission.PAYMENT_RECORD)
    def load(self, uow: UnitOfWork) -> None:
        self._begin(uow, "cancel payment")

    @writes(Permission.PAYMENT_RECORD)
    def cancel(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        cancel_payment(uow, self._record(uow).id, reason=form.get("reason", ""))
        return self._back(routes.STAFF_PHB, "cancelled")


def confirm() -> rx.Component:
    """The payment, who recorded it, and the day it left."""
    s = ConfirmState
    fields = narrow_form(
        date_input(
            "paid_on", "When did the money leave?", day=s.day, month=s.month, year=s.year, error=s.errors["paid_on"]
        ),
        confirm_hint(s),
        _buttons(s, "Confirm the payment"),
        on_submit=s.confirm,
    )
    return _decision("Confirm a payment", s, s.payment.may_confirm, fields)


def cancel() -> rx.Component:
    """The payment, and why it is cancelled."""
    s = CancelState
    fields = narrow_form(
        textarea("reason", "Why is it cancelled?", error=s.errors["reason"], rows=3),
        paragraph("Its money is then available again."),
        _buttons(s, "Cancel the payment"),
        on_submit=s.cancel,
    )
    return _decision("Cancel a payment", s, s.payment.may_cancel, fields)


def _decision(title: str, s: Any, may_decide: Any, fields: rx.Component) -> rx.Component:
    row = s.payment
    return phb_page(
        title,
        summary_list(
            [
                line("Payment", row.reference),
                line("Pays for", row.period),
                line("What", row.what),
                line("Amount", row.amount),
                line("How it came about", s.sum_words, shown=s.sum_words),
                line("Who pays it", s.funders, shown=s.funders),
                line("Status", status_tag(row.status, STATUS_COLOURS)),
                line("Recorded by", row.recorded),
                line("Outcome", row.confirmed, shown=row.confirmed),
            ]
        ),
        rx.cond(may_decide, fields, inset(s.because)),
        state=s,
        up=("Money", s.head.money_href),
    )


def _buttons(s: Any, words: str) -> rx.Component:
    return button_group(button(words), link_button("Leave it as it is", s.head.href, kind="secondary"))
