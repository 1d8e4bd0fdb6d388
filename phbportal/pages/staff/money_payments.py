"""Recording a payment: the days, then what it comes to in words, then it is sent."""

from __future__ import annotations

from datetime import date
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.budgets import LINE_WORDS
from phbportal.domain.money import pounds
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.money_parts import PAID_BEFORE
from phbportal.pages.staff.money_stream import StreamPage
from phbportal.pages.staff.phb_frame import narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.payments import next_periods
from phbportal.services.payment_preview import preview_payment
from phbportal.services.payments import PaymentEntry, read_payment, record_payment
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, select
from phbportal.ui.forms import date_input, money_input, text_input
from phbportal.ui.notices import inset, warning
from phbportal.ui.tables import Line, summary_list
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

LINES = [Choice(kind, words) for kind, words in LINE_WORDS.items()]
STEP = "payment-step"
"""What is read out when the page goes on to its next step, or back."""


class PaymentState(StreamPage, rx.State):
    """A payment being recorded. ``check`` is what it comes to, once its days are known to be right."""

    notional: bool = False
    proposal: str = ""
    start: list[str] = ["", "", ""]
    end: list[str] = ["", "", ""]
    amount: str = ""
    line_type: str = ""
    invoice_reference: str = ""
    check: list[Line] = []
    sum_words: str = ""
    left_out: str = ""
    _form: dict[str, str] = {}

    @reads(Permission.PAYMENT_RECORD)
    def load(self, uow: UnitOfWork) -> None:
        case, stream = self._open_stream(uow, "record payment")
        self.notional, self.check, self.proposal = stream.method is Method.NOTIONAL, [], ""
        period = next_periods(uow.session, uow.actor, uow.today, case.icb_id, case.id, [stream]).get(stream.id)
        if period is not None:
            self.start, self.end = _parts(period.starts_on), _parts(period.ends_on)
            self.proposal = f"{long_date(period.starts_on)} to {long_date(period.ends_on)}"
        new_form(self)
        self.ready = True

    @reads(Permission.PAYMENT_RECORD)
    def work_out(self, uow: UnitOfWork, form: dict[str, str]) -> Any:
        entry = read_payment(form, uow.today, notional=self.notional)
        preview = preview_payment(uow, self._stream_id(uow), entry)
        self._form, self.sum_words, self.left_out = form, preview.words, preview.left_out
        self.check = _lines(self.stream_view.name, entry, preview.amount_pence, notional=self.notional)
        return rx.set_focus(STEP)

    @reads(Permission.PAYMENT_RECORD)
    def change(self, uow: UnitOfWork) -> Any:
        self.check = []
        self.start, self.end = _typed(self._form, "period_start"), _typed(self._form, "period_end")
        self.amount, self.line_type = self._form.get("amount", ""), self._form.get("line_type", "")
        self.invoice_reference = self._form.get("invoice_reference", "")
        return rx.set_focus(STEP)

    @writes(Permission.PAYMENT_RECORD)
    def record(self, uow: UnitOfWork) -> object:
        entry = read_payment(self._form, uow.today, notional=self.notional)
        record_payment(uow, self._stream_id(uow), entry, key=self.form_key)
        return self._back(routes.STAFF_PHB, "payment")


def _parts(on: date) -> list[str]:
    return [str(on.day), str(on.month), str(on.year)]


def _typed(form: dict[str, str], field: str) -> list[str]:
    return [form.get(f"{field}-{part}", "") for part in ("day", "month", "year")]


def _lines(stream: str, entry: PaymentEntry, amount_pence: int, *, notional: bool) -> list[Line]:
    """What is about to be recorded, line by line."""
    days = f"{long_date(entry.period_start)} to {long_date(entry.period_end)}"
    found = [Line("Stream", stream), Line("Pays for", days)]
    if notional:
        found += [Line("Invoice", entry.invoice_reference), Line("For", LINE_WORDS[entry.line_type])]
    return [*found, Line("Amount", pounds(amount_pence))]


def payment() -> rx.Component:
    """The days, then the amount in words."""
    s = PaymentState
    return phb_page(
        rx.cond(s.check, "Check the payment", "Record a payment"),
        rx.el.div(rx.cond(s.check, _check(s), _form(s)), id=STEP, tab_index=-1),
        state=s,
        up=("Money", s.head.money_href),
    )


def _form(s: Any) -> rx.Component:
    invoice = rx.fragment(
        money_input("amount", "Amount of the invoice", value=s.amount, error=s.errors["amount"]),
        select(
            "line_type", "What is it for?", LINES, value=s.line_type, error=s.errors["line_type"], blank="Choose a kind"
        ),
        text_input(
            "invoice_reference", "Invoice number", value=s.invoice_reference, error=s.errors["invoice_reference"],
            width="20", spell_check=False, auto_complete="off",
        ),
    )  # fmt: skip
    stream = s.stream_view
    return rx.fragment(
        paragraph(rx.el.strong(stream.name), ", ", stream.weekly, " a week, paid ", stream.frequency, "."),
        when(stream.hindrance, warning(stream.hindrance, heading="This cannot be paid yet")),
        when(stream.paid_to, paragraph(PAID_BEFORE[0], stream.paid_to, PAID_BEFORE[1])),
        when(s.proposal, inset(paragraph("By the payment calendar the next payment is for ", s.proposal, "."))),
        narrow_form(
            date_input(
                "period_start", "First day this pays for", error=s.errors["period_start"],
                day=s.start[0], month=s.start[1], year=s.start[2],
            ),
            date_input(
                "period_end", "Last day this pays for", error=s.errors["period_end"],
                day=s.end[0], month=s.end[1], year=s.end[2],
            ),
            when(s.notional, invoice),
            button_group(
                button("Continue"), link_button("Leave without saving", s.head.money_href, kind="secondary")
            ),
            on_submit=s.work_out,
        ),
    )  # fmt: skip


def _check(s: Any) -> rx.Component:
    return rx.fragment(
        summary_list(s.check),
        when(s.sum_words, inset(s.sum_words)),
        when(s.left_out, warning(s.left_out, heading="Days are left out")),
        paragraph("Recording it sets the money aside. Another finance officer must then confirm that it left."),
        button_group(
            button("Record the payment", on_click=s.record),
            button("Change the days", kind="secondary", on_click=s.change),
        ),
    )
