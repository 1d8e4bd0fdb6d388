"""Statutory rates: what holds today, what is to come, and the form that proposes one."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.domain.rates import RATES, typed_rate
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.staff.anew import returned
from phbportal.pages.staff.dated import SECOND, from_day, names_table, reason_field, values_table
from phbportal.policy.permissions import Permission
from phbportal.queries.dated import DatedRow, NamedRow
from phbportal.queries.ids import given_id
from phbportal.queries.rates import RateForm, rate_form, rate_view, rates_list
from phbportal.services.rates import SUBJECT, propose_rate, propose_rate_change, read_rate
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form, text_input
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.notices import inset
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import pick, when


class RatesState(PageState, rx.State):
    """Every rate, as text."""

    rows: list[NamedRow] = []

    @reads(Permission.RATE_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.rows, self.ready = list(rates_list(uow.session, uow.actor, uow.today)), True


class RateState(PageState, rx.State):
    """One rate, as text, and the form: of a new value, or of one to put right (``row`` in the address)."""

    label: str = ""
    is_percentage: bool = False
    rows: list[DatedRow] = []
    may_propose: bool = False
    own: str = ""
    changes: bool = False
    value: str = ""
    reason: str = ""
    source: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    _version: int = 0

    @reads(Permission.RATE_READ)
    def load(self, uow: UnitOfWork) -> None:
        view = rate_view(uow.session, uow.actor, uow.today, self._name())
        self.label, self.is_percentage, self.may_propose = view.label, view.is_percentage, view.may_propose
        self.rows, row = list(view.rows), self._row()
        self.own = routes.staff_rate(self._name())
        self._start(rate_form(uow.session, uow.actor, uow.today, self._name(), row) if row else None)
        self._start_anew(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.RATE_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        change_id = uow.once("rate", self.form_key, form, lambda: str(self._propose(uow, form)))
        return rx.redirect(f"{routes.staff_change(change_id)}?done=proposed")

    def _propose(self, uow: UnitOfWork, form: dict[str, str]) -> UUID:
        entry, reason = read_rate(form, self._name())
        if row := self._row():
            return propose_rate_change(uow, row, entry, reason, seen_version=self._version, again=self._again())
        return propose_rate(uow, self._name(), entry, reason, again=self._again())

    def _start(self, found: RateForm | None) -> None:
        self.changes, self._version = found is not None, found.row_version if found else 0
        self.value, self.source = (found.value, found.source) if found else ("", "")
        self.day, self.month, self.year = (found.day, found.month, found.year) if found else ("", "", "")

    def _start_anew(self, uow: UnitOfWork) -> None:
        """Begin from what was proposed before and returned."""
        again, self.reason = self._again(), ""
        if found := returned(uow, again, SUBJECT, self._name(), self._row()):
            before, self.reason = found.values, found.reason
            self.value, self.source = typed_rate(RATES[self._name()].unit, before["amount"]), before["source"]
            on = before["starts_on"]
            self.day, self.month, self.year = str(on.day), str(on.month), str(on.year)

    def _again(self) -> UUID | None:
        given = params_of(self).get("again", "")
        return given_id(given) if given else None

    def _name(self) -> str:
        return params_of(self).get("rate", "")

    def _row(self) -> UUID | None:
        given = params_of(self).get("row", "")
        return given_id(given) if given else None


def rates() -> rx.Component:
    """Every rate with what holds today."""
    s = RatesState
    return staff_page(
        "Rates",
        paragraph(
            "Rates of the law and of national bodies, the same for every board. A new one is proposed by one person "
            "and approved by another. The choices of your own board are under ",
            link("Settings", routes.STAFF_SETTINGS),
            ".",
        ),
        names_table("Rates", s.rows),
        state=s,
    )


def rate() -> rx.Component:
    """Every value of one rate; the form."""
    s = RateState
    return staff_page(
        pick(s.label, s.label, "Rate"),
        when(
            s.ready,
            values_table(s.rows, "Where it stands", "This rate has not been written down yet."),
            when(s.may_propose, columns(heading(pick(s.changes, "Change this rate", "Propose a rate")), _form())),
        ),
        state=s,
        before=breadcrumb(("Rates", routes.STAFF_RATES)),
    )


def _form() -> rx.Component:
    s = RateState
    return form(
        inset(SECOND),
        text_input(
            "value", pick(s.is_percentage, "Percentage", "Amount in pounds"), value=s.value, error=s.errors["value"],
            hint=pick(s.is_percentage, "For example, 12.07", "For example, 12.71"), width="10", auto_complete="off",
        ),
        from_day(s),
        text_input(
            "source", "Where it stands", value=s.source, error=s.errors["source"],
            hint="For example, the page of GOV.UK, so that the second person can check it",
        ),
        reason_field(s),
        button_group(button("Propose it"), when(s.changes, link("Propose a new rate instead", s.own))),
        on_submit=s.save,
    )  # fmt: skip
