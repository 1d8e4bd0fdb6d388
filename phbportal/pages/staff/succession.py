"""Other boards take over from one's own: what would become of it is tried, and then proposed for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.domain.successions import as_lines
from phbportal.domain.text import listed
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.staff.dated import SECOND, reason_field
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.services.succession_trials import Takes, Trial, try_succession
from phbportal.services.successions import (
    known_successors,
    propose_succession,
    read_reason,
    read_succession,
    returned_succession,
)
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import date_input, form, text_input, textarea
from phbportal.ui.links import breadcrumb
from phbportal.ui.notices import inset, warning
from phbportal.ui.tables import Column, table
from phbportal.ui.text import bullets, columns, heading, paragraph
from phbportal.ui.values import when

ENDS = "Their role only ends"


@dataclass(frozen=True)
class StaffRow:
    """A member of staff and what becomes of them, as text."""

    name: str
    email: str
    roles: str
    goes: str


class SuccessionState(PageState, rx.State):
    """The form, and what would become of the board by what was typed last."""

    successors: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    lines: str = ""
    staff_lines: str = ""
    reason: str = ""
    tried: bool = False
    takes: list[Takes] = []
    staff: list[StaffRow] = []
    refusals: list[str] = []
    warnings: list[str] = []
    _typed: dict[str, str] = {}

    @reads(Permission.SUCCESSION_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        codes, on = known_successors(uow)
        self.lines, self.staff_lines, self.reason = "", "", ""
        if again := self._again():
            found = returned_succession(uow, again)
            codes, on, self.reason = found.entry.codes, found.entry.on, found.reason
            self.lines, self.staff_lines = as_lines(found.entry.lines), as_lines(found.entry.staff or {})
        self.successors = ", ".join(codes)
        self.day, self.month, self.year = (str(on.day), str(on.month), str(on.year)) if on else ("", "", "")
        self.tried, self.takes, self.staff, self.refusals, self.warnings = False, [], [], [], []
        self._typed = {}
        new_form(self)
        self.ready = True

    @reads(Permission.SUCCESSION_PROPOSE)
    def try_it(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        self.tried = False
        self._show(try_succession(uow, read_succession(form)))
        self._typed, self.tried = form, True

    @writes(Permission.SUCCESSION_PROPOSE)
    def propose(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        typed = self._typed | form
        change_id = uow.once("succession", self.form_key, typed, lambda: str(self._propose(uow, form)))
        return rx.redirect(f"{routes.staff_change(change_id)}?done=proposed")

    def _propose(self, uow: UnitOfWork, form: dict[str, str]) -> UUID:
        return propose_succession(uow, read_succession(self._typed), read_reason(form), again=self._again())

    def _again(self) -> UUID | None:
        given = params_of(self).get("again", "")
        return given_id(given) if given else None

    def _show(self, trial: Trial) -> None:
        names = {one.code: one.name for one in trial.takes}
        self.takes, self.refusals, self.warnings = list(trial.takes), list(trial.refusals), list(trial.warnings)
        goes = {one.user_id: f"{names[code]} ({code})" for one, code in trial.comes}
        members = (*(one for one, _code in trial.comes), *trial.stays)
        self.staff = [StaffRow(one.name, one.email, listed(one.roles), goes.get(one.user_id, ENDS)) for one in members]


def succession() -> rx.Component:
    """What it does; the form; what would become of the board; the proposal."""
    s = SuccessionState
    return staff_page(
        "When other boards take over",
        paragraph(
            "A board that merges or is split hands its people to the boards that take over: their budgets, what waits, "
            "the payments that are planned and their whole history. What is in the ledger stays as it is."
        ),
        warning(
            "There is no way back. It is approved by a second person on the day or after it, and takes a few seconds."
        ),
        when(s.ready, columns(_form())),
        when(s.tried, _trial()),
        state=s,
        before=breadcrumb(("Settings", routes.STAFF_SETTINGS)),
    )  # fmt: skip


def _form() -> rx.Component:
    s = SuccessionState
    return form(
        text_input(
            "successors", "Codes of the boards that take over", value=s.successors, error=s.errors["successors"],
            hint="The first one takes what is about nobody in particular. For example, S1Y5D or S0E4D, S9B9J, QRL",
            width="20", auto_complete="off",
        ),
        date_input(
            "on", "First day of the boards that take over", day=s.day, month=s.month, year=s.year, error=s.errors["on"],
            hint="For example, 1 4 2027",
        ),
        textarea(
            "lines", "Who goes where", value=s.lines, error=s.errors["lines"], rows=6,
            hint="Only with several boards. A line each: the beginning of a postcode, or a reference of a budget or a "
            "person; a comma; the code of the board. For example: SL1, S0E4D. A reference counts before a postcode, "
            "and the longer postcode before the shorter.",
        ),
        textarea(
            "staff", "Which staff come along", value=s.staff_lines, error=s.errors["staff"], rows=6,
            hint="A line each: an e-mail address, a comma, the code of the board. Whoever has no line loses their role "
            "here. With one board and no lines at all, everybody comes along.",
        ),
        button_group(button("Try it")),
        on_submit=s.try_it,
    )  # fmt: skip


def _trial() -> rx.Component:
    s = SuccessionState
    return rx.fragment(
        heading("What would become of the board"),
        when(s.refusals, inset("It cannot be proposed yet.", bullets(s.refusals))),
        when(s.warnings, inset("Check this.", bullets(s.warnings))),
        table(
            "Who takes over what",
            [
                Column("Board", "name"),
                Column("People", "people", numeric=True),
                Column("Budgets", "budgets", numeric=True),
                Column("Tasks that wait", "tasks", numeric=True),
                Column("Payments not made yet", "payments", numeric=True),
                Column("Offers that wait", "offers", numeric=True),
                Column("Staff", "staff", numeric=True),
            ],
            s.takes,
        ),
        table(
            "Staff",
            [
                Column("Name", "name"), Column("E-mail", "email"), Column("Roles", "roles"),
                Column("Comes along to", "goes"),
            ],
            s.staff,
            empty="Nobody works for this board.",
        ),
        when(
            ~s.refusals.bool(),
            columns(
                form(
                    inset(SECOND, "An approver or another administrator, of this board or of the first to take over."),
                    reason_field(s),
                    button_group(button("Propose it")),
                    on_submit=s.propose,
                )
            ),
        ),
    )  # fmt: skip
