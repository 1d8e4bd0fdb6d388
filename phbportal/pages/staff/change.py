"""One change: what is and what would be, field by field; a second person's decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.admin.frame import staff_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.staff.anew import anew
from phbportal.pages.staff.changes import CHANGE_COLOURS
from phbportal.policy.permissions import Permission
from phbportal.queries.change_requests import ChangeLine, ChangeView, change_view
from phbportal.queries.ids import given_id
from phbportal.services.change_requests import approve, let_be, read_note, read_return, send_back, withdraw
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.forms import form, textarea
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.notices import inset
from phbportal.ui.tables import Column, line, summary_list, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import when

LINE_COLOURS: dict[str, Colour] = {"Changed": "blue", "The same": "grey"}
DONE = {
    "proposed": "It is proposed. Another person must approve it; it is on their work list.",
    "approved": "You have approved it, and it is done.",
    "returned": "You have returned it. Whoever proposed it can read why.",
    "withdrawn": "It is withdrawn.",
    "let-be": "It is off your work list.",
}


class ChangeState(PageState, rx.State):
    """One change, as text."""

    view: ChangeView = ChangeView()
    lines: list[ChangeLine] = []
    again_href: str = ""

    @reads(Permission.CHANGE_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = change_view(uow.session, uow.actor, uow.today, self._id())
        self.view, self.lines = found.view, list(found.lines)
        self.again_href = anew(uow, self._id()) if found.view.may_begin_anew else ""
        uow.saw("change request", person_id=found.person_id, phb_id=found.phb_id)
        new_form(self)
        self.notice = DONE.get(params_of(self).get("done", ""), "")
        self.ready = True

    @writes(Permission.CHANGE_DECIDE, step_up=True)
    def approve(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        note, change_id = read_note(form), self._id()
        uow.once("approval", self.form_key, form | {"change": change_id}, lambda: str(approve(uow, change_id, note)))
        return self._again("approved")

    @writes(Permission.CHANGE_DECIDE)
    def send_back(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        send_back(uow, self._id(), read_return(form))
        return self._again("returned")

    @writes(Permission.CHANGE_WITHDRAW)
    def withdraw(self, uow: UnitOfWork) -> object:
        withdraw(uow, self._id())
        return self._again("withdrawn")

    @writes(Permission.CHANGE_WITHDRAW)
    def let_be(self, uow: UnitOfWork) -> object:
        let_be(uow, self._id())
        return self._again("let-be")

    def _id(self) -> UUID:
        return given_id(params_of(self).get("change", ""))

    def _again(self, code: str) -> Any:
        return rx.redirect(f"{routes.staff_change(self._id())}?done={code}")


def change() -> rx.Component:
    """Before and after; who and why; the decision."""
    s = ChangeState
    view = s.view
    return staff_page(
        "A proposed change",
        when(
            s.ready,
            summary_list(
                [
                    line("Status", status_tag(view.status, CHANGE_COLOURS)),
                    line("What", view.title),
                    line("Who it is about", link(view.person, view.person_href), shown=view.person),
                    line("Budget", link(view.phb, view.phb_href), shown=view.phb),
                    line("Why", view.reason),
                    line("Proposed by", view.proposed),
                    line("Decided by", view.decided, shown=view.decided),
                    line("Withdrawn", view.withdrawn, shown=view.withdrawn),
                    line("Note", view.note, shown=view.note),
                    line(
                        "Takes the place of",
                        link("a change that was returned", view.again_of_href),
                        shown=view.again_of_href,
                    ),
                ]
            ),
            table(
                "Before and after",
                [
                    Column("Field", "label"),
                    Column("Before", lambda row: _long(row.before)),
                    Column("After", lambda row: _long(row.after)),
                    Column("Changed?", lambda row: status_tag(row.status, LINE_COLOURS)),
                ],
                s.lines,
            ),
        ),
        when(view.because, inset(view.because)),
        when(view.may_decide, _decision(s)),
        when(view.may_withdraw, button_group(button("Withdraw it", kind="secondary", on_click=s.withdraw))),
        when(
            view.may_begin_anew,
            columns(
                heading("What now?"),
                paragraph("Put right what the note says and propose it anew, or let it be."),
                button_group(
                    when(s.again_href, link_button("Propose it anew", s.again_href)),
                    button("Let it be", kind="secondary", on_click=s.let_be),
                ),
            ),
        ),
        state=s,
        before=breadcrumb(("Changes", routes.STAFF_CHANGES)),
    )


def _long(words: Any) -> rx.Component:
    """Paragraphs stay paragraphs."""
    return rx.el.span(words, class_name="phb-long")


def _decision(s: Any) -> rx.Component:
    return columns(
        heading("Your decision"),
        paragraph("Check every line. You answer for it, with whoever proposed it."),
        form(
            textarea("note", "Note (optional)", value=s.draft["note"], error=s.errors["note"], rows=2),
            confirm_hint(s),
            button_group(button("Approve it")),
            on_submit=s.approve,
        ),
        form(
            textarea(
                "why", "Or say what must be different", error=s.errors["why"], rows=3,
                hint="Whoever proposed it reads this",
            ),
            button_group(button("Return it", kind="secondary")),
            on_submit=s.send_back,
        ),
    )  # fmt: skip
