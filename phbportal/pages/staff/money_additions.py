"""Writing the budget: a stream. A line is ``money_line``."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.streams import (
    FREQUENCY_WORDS,
    METHOD_WORDS,
    PAYEE_WORDS,
    Frequency,
    Method,
    PayeeKind,
)
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.organisation_choice import OrganisationChoice, no_organisation, organisation_search
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.people_who_help import payee_choices
from phbportal.queries.plans import plan_id_of
from phbportal.services.budgets import add_stream, read_stream
from phbportal.services.policies import setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import date_input
from phbportal.ui.text import paragraph

METHODS = [
    Choice(Method.NOTIONAL, METHOD_WORDS[Method.NOTIONAL], "The NHS keeps the money and pays the providers."),
    Choice(Method.DIRECT_PAYMENT, METHOD_WORDS[Method.DIRECT_PAYMENT], "The money is paid to the person."),
    Choice(Method.THIRD_PARTY, METHOD_WORDS[Method.THIRD_PARTY], "An organisation holds and spends the money."),
]
TO_HOLDER = Choice(PayeeKind.HOLDER, PAYEE_WORDS[PayeeKind.HOLDER])
MONTHS_HINT = "By the days of each month or as a twelfth of 52 weeks: as your board has set for the day this starts."
FREQUENCIES = [
    Choice(f, FREQUENCY_WORDS[f].capitalize(), MONTHS_HINT if f is Frequency.MONTHLY else "") for f in Frequency
]


class StreamState(PhbPage, OrganisationChoice, rx.State):
    """Who may be paid a direct payment: the holder, and whoever acts for them. The organisations to choose from are
    those found, for a third-party budget; ``frequency`` is how often the board usually pays."""

    payees: list[Choice] = []
    frequency: str = ""

    @reads(Permission.BUDGET_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, "new stream")
        found = payee_choices(uow.session, uow.actor, uow.today, case.person_id)
        self.payees = [TO_HOLDER, *(Choice(row.value, row.text, row.hint) for row in found)]
        self.organisations, self.organisation = [], ""
        self.frequency = setting(uow, case.icb_id, "payment_frequency")
        new_form(self)
        self.ready = True

    @reads(Permission.BUDGET_WRITE)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        self._find(uow, form)

    @writes(Permission.BUDGET_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_stream(form)
        plan = plan_id_of(uow.session, uow.actor, uow.today, self._param("phb"))
        uow.once("stream", self.form_key, form, lambda: str(add_stream(uow, plan, entry)))
        return self._back(routes.STAFF_PHB_MONEY, "stream")


def stream() -> rx.Component:
    """The form for a stream; its amounts come from its lines."""
    s = StreamState
    return phb_page(
        "Add a stream",
        paragraph("A stream says how part of the money is managed. Its amounts come from its budget lines."),
        organisation_search(s),
        narrow_form(
            radios("method", "How will the money be managed?", METHODS, error=s.errors["method"]),
            radios(
                "payee_kind", "Who is a direct payment paid to?", s.payees, error=s.errors["payee_kind"],
                hint="Only for a direct payment. Nominees and representatives are added on the person’s record.",
            ),
            rx.cond(
                s.organisations,
                radios("organisation", "Which organisation holds a third-party budget?", s.organisations,
                       error=s.errors["organisation"]),
                no_organisation(s.errors["organisation"]),
            ),
            date_input("starts_on", "When does it start?", error=s.errors["starts_on"]),
            date_input(
                "ends_on", "When does it end? (optional)", error=s.errors["ends_on"], hint="Leave empty for no end"
            ),
            radios("frequency", "How often is it paid?", FREQUENCIES, value=s.frequency,
                   error=s.errors["frequency"]),
            _save(s, "Add the stream"),
            on_submit=s.save,
        ),
        state=s,
        up=("Money", s.head.money_href),
    )  # fmt: skip


def _save(s: Any, words: str) -> rx.Component:
    return button_group(button(words), link_button("Leave without saving", s.head.money_href, kind="secondary"))
