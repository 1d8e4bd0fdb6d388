"""Break-glass: asking to be let into one person's record, and deciding on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.beside_page import beside, beside_keys
from phbportal.admin.confirming import confirm_hint
from phbportal.admin.frame import engine_page, staff_page
from phbportal.domain.errors import Refusal
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form, show_refusal
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.break_glass import GlassRow, GlassView, asking_view, askings
from phbportal.queries.ids import given_id
from phbportal.services.break_glass import agree, as_asked, ask, end_early, read_asking, refuse_asking, review
from phbportal.services.role_proposals import read_refusal
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import date_input, form, text_input, textarea
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.notices import inset
from phbportal.ui.tables import Column, line, link_cell, summary_list, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import pick, when

COLOURS: dict[str, Colour] = {"Waiting for a second person": "yellow", "Open": "orange", "Refused": "red"}
DONE = {
    "asked": "You have asked. An approver or an auditor must agree; it is first on their work list.",
    "agreed": "You have let them in for 60 minutes. Your board’s auditors have a task to look at what was read.",
    "refused": "You have refused. Whoever asked can read why.",
    "ended": "It is over.",
    "over": "Your time to read that record is over. The pages that showed it have been closed.",
    "reviewed": "You have said that you looked at it. The task is done.",
}


NOBODY_FITS = "No one record of your board fits. Check what you typed; you can ask so five times a day."


class BreakGlassState(PageState, rx.State):
    """What was asked, and the form that asks."""

    rows: list[GlassRow] = []
    may_ask: bool = False

    @reads(Permission.BREAK_GLASS_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.rows = list(askings(uow.session, uow.actor, uow.now, uow.today))
        self.may_ask = could_ever(uow.actor, Permission.BREAK_GLASS_ASK)
        self.notice = DONE["over"] if params_of(self).get("done") == "over" else ""
        new_form(self)
        self.ready = True

    @writes(Permission.BREAK_GLASS_ASK)
    def ask(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_asking(form)
        key = f"{self.form_key}:{as_asked(entry)}"
        asking_id = uow.once("break-glass", key, form, lambda: str(ask(uow, entry) or ""))
        if not asking_id:  # nothing is rolled back: that somebody tried is kept
            return show_refusal(self, Refusal(NOBODY_FITS, field="reference" if entry.nhs_number else "name"))
        return rx.redirect(f"{routes.staff_break_glass(asking_id)}?done=asked")


class AskingState(PageState, rx.State):
    """One asking, as text."""

    view: GlassView = GlassView()

    @reads(Permission.BREAK_GLASS_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.view = asking_view(uow.session, uow.actor, uow.now, uow.today, self._id())
        self.notice = DONE.get(params_of(self).get("done", ""), "")
        self.ready = True
        uow.saw("break-glass", rows=1)

    @writes(Permission.BREAK_GLASS_DECIDE, step_up=True)
    def agree(self, uow: UnitOfWork) -> object:
        agree(uow, self._id())
        return self._again("agreed")

    @writes(Permission.BREAK_GLASS_DECIDE)
    def refuse(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        refuse_asking(uow, self._id(), read_refusal(form))
        return self._again("refused")

    @writes(Permission.BREAK_GLASS_ASK)
    def end(self, uow: UnitOfWork) -> object:
        end_early(uow, self._id())
        return self._again("ended")

    @writes(Permission.BREAK_GLASS_REVIEW)
    def review(self, uow: UnitOfWork) -> object:
        review(uow, self._id())
        return self._again("reviewed")

    def _id(self) -> UUID:
        return given_id(params_of(self).get("asking", ""))

    def _again(self, code: str) -> Any:
        return rx.redirect(f"{routes.staff_break_glass(self._id())}?done={code}")


def break_glass() -> rx.Component:
    """What break-glass is, the form, and what was asked before."""
    s = BreakGlassState
    return engine_page(
        "Break-glass",
        paragraph(
            "An administrator sees nobody’s record. In an emergency one can be let into one person’s record for 60 "
            "minutes, to read it and change nothing. An approver or an auditor must agree, and every look is recorded."
        ),
        when(s.may_ask, columns(heading("Ask to be let in"), _form(s))),
        heading("What was asked"),
        table(
            "What was asked",
            [
                Column("Record", link_cell("reference", "href")),
                Column("Asked by", "who"),
                Column("When", "asked"),
                Column("Status", lambda row: status_tag(row.status, COLOURS)),
            ],
            s.rows,
            empty="Nobody has asked.",
            caption_hidden=True,
        ),
        state=s,
    )


def _form(s: Any) -> rx.Component:
    return form(
        text_input(
            "reference", "Reference of the person’s budget, or their NHS number", error=s.errors["reference"],
            width="20", hint="For example, PHB-2026-000123 or 999 000 0018. Leave it empty if you know neither",
            auto_complete="off",
        ),
        text_input(
            "name", "Or their full name", error=s.errors["name"], auto_complete="off",
            hint="You are told only whether one record fits, never whose it is",
        ),
        date_input("born", "Date of birth", error=s.errors["born"], hint="Only with a name. For example, 6 4 1961"),
        textarea(
            "reason", "Why do you need to read this record, and why can nobody else?", error=s.errors["reason"],
            rows=4, hint="The person who agrees and your auditors read this",
        ),
        button_group(button("Ask to be let in")),
        on_submit=s.ask,
    )  # fmt: skip


def asking() -> rx.Component:
    """Who asked, whose record, why; the decision; what was read."""
    s = AskingState
    view = s.view
    person = pick(view.record_href, link(view.person, view.record_href), rx.fragment(view.person))
    return staff_page(
        "Break-glass into one record",
        beside(),
        when(
            s.ready,
            summary_list(
                [
                    line("Status", status_tag(view.status, COLOURS)),
                    line("Asked by", view.who),
                    line("When", view.asked),
                    line("Record", view.reference),
                    line("Person", person, shown=view.person),
                    line("Why", view.reason),
                    line("Decided by", view.decided, shown=view.decided),
                    line("Refused because", view.refusal, shown=view.refusal),
                    line("Until", view.until, shown=view.until),
                    line("Looked at by", view.reviewed, shown=view.reviewed),
                ]
            ),
        ),
        when(view.because, inset(view.because)),
        when(view.may_decide, _decision(s)),
        when(view.looks_href, paragraph(link("See who looked at this person’s record", view.looks_href))),
        when(view.may_review, button_group(button("I have looked at what was read", on_click=s.review))),
        when(view.may_end, button_group(button(view.end_words, kind="secondary", on_click=s.end))),
        beside_keys(),
        state=s,
        before=breadcrumb(("Break-glass", routes.STAFF_BREAK_GLASS)),
    )


def _decision(s: Any) -> rx.Component:
    return columns(
        heading("Your decision"),
        paragraph("They can read all of this person’s record for 60 minutes, and change nothing."),
        confirm_hint(s),
        button_group(button("Let them in for 60 minutes", on_click=s.agree)),
        form(
            textarea(
                "refusal", "Or say why you refuse", error=s.errors["refusal"], rows=3, hint="Whoever asked reads this"
            ),
            button_group(button("Refuse it", kind="secondary")),
            on_submit=s.refuse,
        ),
    )
