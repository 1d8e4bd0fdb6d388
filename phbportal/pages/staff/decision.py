"""A decision: what, why and since when; the letter read before it goes; a second person's word; looked at again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.domain.decisions import DecisionKind, DecisionStatus
from phbportal.domain.letters import paragraphs_of
from phbportal.domain.reconsiderations import may_be_asked
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.phb_frame import STATUS_COLOURS, PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.decisions import AskedRow, DecisionRecord, DecisionView, LetterRow, decision_of
from phbportal.queries.ids import given_id
from phbportal.queries.phbs import Case, case_of
from phbportal.queries.reduction_working import reduction_working
from phbportal.resources.colours import DECISION_COLOURS
from phbportal.services.decisions import (
    approve_decision,
    lift_suspension,
    preview,
    read_reason,
    return_decision,
    withdraw_decision,
)
from phbportal.services.letters import digest
from phbportal.services.policies import plan_year, whole_setting
from phbportal.services.reconsiderations import may_answer, withdraw_asked
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.forms import textarea
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.tables import Column, line, summary_list, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

PAGE = "decision"
DONE = {
    "prepared": "The decision is prepared. Another person must approve it; it is on their work list.",
    "approved": "You have approved the decision. The letter is on its way.",
    "returned": "You have returned the decision. Whoever prepared it can read why.",
    "withdrawn": "The decision is withdrawn.",
    "lifted": "The suspension is lifted. The money is paid again.",
    "asked": "It is recorded. Somebody who had no part in the decision must answer.",
    "asked-withdrawn": "It is recorded that nobody needs to look at this again.",
    "answered": "You have answered. The letter is on its way.",
}


class DecisionPage(PhbPage, mixin=True):
    """The state of a page about one decision: the one whose id stands in the address."""

    view: DecisionView = DecisionView()
    decision_href: str = ""

    def _id(self) -> UUID:
        return given_id(self._param("decision"))

    def _open_decision(self, uow: UnitOfWork, page: str) -> tuple[Case, DecisionRecord]:
        found = decision_of(uow.session, uow.actor, uow.today, self._id())
        case = case_of(uow.session, uow.actor, uow.today, found.reference)
        self.head, self.view, self.decision_href = case.head, found.view, routes.staff_decision(found.id)
        self.notice = DONE.get(self._param("done"), "")
        uow.saw(page, person_id=case.person_id, phb_id=case.id)
        return case, found

    def _again(self, code: str) -> Any:
        return rx.redirect(f"{routes.staff_decision(self._id())}?done={code}")


class DecisionState(DecisionPage, rx.State):
    """One decision as text, with what this person may do about it."""

    letters: list[LetterRow] = []
    asked: list[AskedRow] = []
    draft_to: list[str] = []
    draft_lines: list[str] = []
    working: list[str] = []
    because: str = ""
    may_approve: bool = False
    may_change: bool = False
    may_withdraw: bool = False
    may_lift: bool = False
    asked_href: str = ""
    answer_href: str = ""
    why_not_answer: str = ""
    change_href: str = ""
    may_withdraw_asked: bool = False
    _seen: str = ""
    _asked_id: UUID | None = None

    @reads(Permission.DECISION_READ)
    def load(self, uow: UnitOfWork) -> None:
        case, found = self._open_decision(uow, PAGE)
        self.letters, self.asked = list(found.letters), list(found.asked)
        days = whole_setting(uow, found.row.icb_id, "notice_days_reduce")
        year = plan_year(uow, found.row.icb_id)
        self.working = list(reduction_working(uow.session, uow.actor, uow.today, found.row, days, year))
        self._show_acts(uow, case, found)
        self._show_draft(uow, found)
        new_form(self)
        self.ready = True

    @writes(Permission.DECISION_APPROVE, step_up=True)
    def approve(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        approve_decision(uow, self._id(), seen=self._seen)
        return self._again("approved")

    @writes(Permission.DECISION_APPROVE)
    def send_back(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return_decision(uow, self._id(), read_reason(form))
        return self._again("returned")

    @writes(Permission.DECISION_PREPARE)
    def withdraw(self, uow: UnitOfWork) -> object:
        withdraw_decision(uow, self._id())
        return self._again("withdrawn")

    @writes(Permission.DECISION_PREPARE)
    def lift(self, uow: UnitOfWork) -> object:
        lift_suspension(uow, self._id())
        return self._again("lifted")

    @writes(Permission.RECONSIDERATION_RECORD)
    def withdraw_asked(self, uow: UnitOfWork) -> object:
        withdraw_asked(uow, given_id(str(self._asked_id)))
        return self._again("asked-withdrawn")

    def _show_acts(self, uow: UnitOfWork, case: Case, found: DecisionRecord) -> None:
        waits, row = found.status is DecisionStatus.PREPARED, found.row
        approves = uow.decide(Permission.DECISION_APPROVE, row)
        prepares = uow.decide(Permission.DECISION_PREPARE, row).allowed
        records = uow.decide(Permission.RECONSIDERATION_RECORD, row).allowed
        self.may_approve = waits and approves.allowed
        self.because = approves.because if waits and not prepares and not approves.allowed else ""
        self.may_change = prepares and found.status is DecisionStatus.RETURNED
        self.change_href = routes.of_decision(routes.STAFF_DECISION_CHANGE, found.id) if self.may_change else ""
        self.may_withdraw = prepares and found.status in (DecisionStatus.PREPARED, DecisionStatus.RETURNED)
        self.may_lift = prepares and found.kind is DecisionKind.SUSPEND and found.status is DecisionStatus.IN_EFFECT
        asks = records and may_be_asked(found.kind, found.status) and found.asked_id is None
        self.asked_href = routes.of_decision(routes.STAFF_DECISION_ASKED, found.id) if asks else ""
        self._show_asked(uow, found, records=records)

    def _show_asked(self, uow: UnitOfWork, found: DecisionRecord, *, records: bool) -> None:
        self._asked_id, self.may_withdraw_asked = found.asked_id, records and found.asked_id is not None
        self.answer_href, self.why_not_answer = "", ""
        if found.asked_id is None:
            return
        answers = may_answer(uow, found.asked_id)
        if answers.allowed:
            self.answer_href = routes.of_decision(routes.STAFF_DECISION_ANSWER, found.id)
        elif not records:
            self.why_not_answer = answers.because

    def _show_draft(self, uow: UnitOfWork, found: DecisionRecord) -> None:
        """The letter as it would be sent, while it can still be stopped."""
        self.draft_to, self.draft_lines, self._seen = [], [], ""
        if found.status is not DecisionStatus.PREPARED:
            return
        drafts = preview(uow, found.id)
        self._seen = digest(drafts)
        self.draft_to = [draft.to.name for draft in drafts]
        self.draft_lines = [words for draft in drafts for words in (draft.title, *paragraphs_of(draft.body))]


def decision() -> rx.Component:
    """What is decided; the letter; what can be done now; what was asked again."""
    s = DecisionState
    return phb_page(
        "A decision",
        when(s.because, inset(s.because)),
        about_decision(s.view),
        when(s.working, rx.fragment(heading("How it works out"), rx.foreach(s.working, lambda one: paragraph(one)))),
        when(s.draft_lines, _draft(s)),
        when(s.may_approve, _approve(s)),
        _acts(s),
        heading("Letters"),
        _letters(s),
        heading("Looked at again"),
        when(s.why_not_answer, inset(s.why_not_answer)),
        rx.cond(s.asked, rx.foreach(s.asked, _asked), paragraph("Nobody has asked for this to be looked at again.")),
        _asked_acts(s),
        state=s,
    )


def about_decision(view: Any) -> rx.Component:
    """A decision, line by line."""
    return summary_list(
        [
            line("What is decided", view.kind),
            line("Status", status_tag(view.status, DECISION_COLOURS)),
            line("About", view.about),
            line("What, or who", view.subject, shown=view.subject),
            line("Ground in the law", view.ground, shown=view.ground),
            line("Reasons", rx.el.span(view.reasons, class_name="phb-own-words")),
            line("Amount", view.amount, shown=view.amount),
            line("Takes effect", view.effective),
            line("Why notice is not waited for", view.early, shown=view.early),
            line("Care in its place", view.care, shown=view.care),
            line("Prepared by", view.prepared),
            line("Returned because", view.returned, shown=view.returned),
            line("Approved and issued", view.issued, shown=view.issued),
        ]
    )


def _draft(s: Any) -> rx.Component:
    return rx.fragment(
        heading("The letter, as it will be sent"),
        paragraph("To: ", rx.foreach(s.draft_to, lambda name: rx.fragment(name, ". "))),
        rx.el.div(rx.foreach(s.draft_lines, lambda words: paragraph(words)), class_name="phb-draft-letter"),
    )


def _approve(s: Any) -> rx.Component:
    return rx.fragment(
        heading("Your decision"),
        narrow_form(
            paragraph("When you approve, the letter goes out, and the person can read the decision in the portal."),
            confirm_hint(s),
            button_group(button("Approve the decision")),
            on_submit=s.approve,
        ),
        narrow_form(
            textarea("reason", "Or return it: what must be different?", error=s.errors["reason"], rows=3),
            button_group(button("Return the decision", kind="secondary")),
            on_submit=s.send_back,
        ),
    )


def _acts(s: Any) -> rx.Component:
    return button_group(
        when(s.change_href, link_button("Change it and send it again", s.change_href)),
        when(s.may_withdraw, button("Withdraw the decision", kind="secondary", on_click=s.withdraw)),
        when(s.may_lift, button("Let the money go on again", on_click=s.lift)),
    )


def _letters(s: Any) -> rx.Component:
    return table(
        "Letters",
        [
            Column("Letter", lambda row: link(row.title, row.href, leaves=True)),
            Column("To", "addressee"),
            Column("Status", lambda row: status_tag(row.status, STATUS_COLOURS, otherwise="blue")),
            Column("Post by", "post_by"),
            Column("To print", lambda row: link("PDF", row.pdf_href, leaves=True)),
        ],
        s.letters,
        empty="A letter is written when the decision is approved.",
        caption_hidden=True,
    )


def _asked(one: Any) -> rx.Component:
    return summary_list(
        [
            line("Asked by", one.asked),
            line("What they said", rx.el.span(one.words, class_name="phb-own-words")),
            line("Status", status_tag(one.status, DECISION_COLOURS)),
            line("Answer by", one.due, shown=one.due),
            line("Outcome", one.outcome, shown=one.outcome),
            line("Reasons", one.reasons, shown=one.reasons),
            line("Answered by", one.answered, shown=one.answered),
        ]
    )


def _asked_acts(s: Any) -> rx.Component:
    return button_group(
        when(s.answer_href, link_button("Answer", s.answer_href)),
        when(
            s.asked_href,
            link_button("Record that somebody asked for it to be looked at again", s.asked_href, kind="secondary"),
        ),
        when(
            s.may_withdraw_asked,
            button("Record that it need not be looked at again", kind="secondary", on_click=s.withdraw_asked),
        ),
    )
