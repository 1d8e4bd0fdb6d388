"""Recording what a payee did with money they hold: spent it, paid it back, added to it."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.domain.budgets import LINE_WORDS
from phbportal.domain.ledger import Verb
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.money_stream import StreamPage
from phbportal.pages.staff.phb_frame import narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.purchases import agreed_choices
from phbportal.services.spending import read_spending, record_spending
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios, select
from phbportal.ui.forms import date_input, money_input, text_input
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

KINDS = [
    Choice(Verb.ACCOUNT_FOR, "It was spent", "On something in the plan, with a receipt or an invoice."),
    Choice(Verb.REPAY, "It was paid back", "To the NHS."),
    Choice(Verb.OWN_MONEY, "The person added their own money"),
    Choice(Verb.INTEREST, "The bank paid interest"),
    Choice(Verb.REFUND, "A provider refunded it"),
]
LINES = [Choice(kind, words) for kind, words in LINE_WORDS.items()]


class SpendingState(StreamPage, rx.State):
    agreed: list[Choice] = []

    @reads(Permission.SPENDING_RECORD)
    def load(self, uow: UnitOfWork) -> None:
        case, _stream = self._open_stream(uow, "record spending")
        found = agreed_choices(uow.session, uow.actor, uow.today, case.id)
        self.agreed = [Choice(one.value, one.text) for one in found]
        new_form(self)
        self.ready = True

    @writes(Permission.SPENDING_RECORD)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_spending(form, uow.today)
        record_spending(uow, self._stream_id(uow), entry, key=self.form_key)
        return self._back(routes.STAFF_PHB, "spending")


def spending() -> rx.Component:
    """The form for money spent, repaid or added."""
    s = SpendingState
    return phb_page(
        "Record spending",
        paragraph(s.stream_view.name, ". Paid to: ", s.stream_view.payee, "."),
        when(s.stream_view.with_payee, paragraph("The payee holds ", s.stream_view.with_payee, ".")),
        narrow_form(
            radios("verb", "What happened to the money?", KINDS, error=s.errors["verb"]),
            money_input("amount", "Amount", error=s.errors["amount"]),
            date_input("on", "When did it happen?", error=s.errors["on"]),
            select(
                "line_type", "What was it spent on?", LINES, error=s.errors["line_type"], blank="Choose a kind",
                hint="Only for money that was spent.",
            ),
            text_input(
                "reference", "What was it?", error=s.errors["reference"], auto_complete="off",
                hint="For example, the shop or the invoice number",
            ),
            when(
                s.agreed,
                select(
                    "question", "Was it asked about before? (optional)", s.agreed, error=s.errors["question"],
                    blank="No, or not one of these", hint="What was agreed before, and what its buyer says it cost.",
                ),
            ),
            button_group(
                button("Save"), link_button("Leave without saving", s.head.money_href, kind="secondary")
            ),
            on_submit=s.save,
        ),
        state=s,
        up=("Money", s.head.money_href),
    )  # fmt: skip
