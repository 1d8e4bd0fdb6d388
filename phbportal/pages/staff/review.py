"""A review of a budget: the form it is held by, or what was found; and what the holder said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.domain.plans import OUTCOME_WORDS
from phbportal.domain.represented_words import CONTROL_OF_THEM
from phbportal.domain.reviews import MONEY_USED_WORDS, RESULT_WORDS, SATISFACTION_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.phb_frame import PhbPage, may, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.review_comments import CommentView, comments_before
from phbportal.queries.reviews import AnswerView, OutcomeAsked, OutcomeFound, ReviewView, review_view
from phbportal.services.review_answers import read_answer, record_answer
from phbportal.services.reviews import hold_review, read_death_review, read_review, usual_next
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios, select
from phbportal.ui.forms import date_input, form, text_input, textarea
from phbportal.ui.notices import inset
from phbportal.ui.tables import Column, line, summary_list, table
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import pick, when

OUTCOMES = [Choice(code.value, words) for code, words in OUTCOME_WORDS.items()]
USED = [Choice(code.value, words) for code, words in MONEY_USED_WORDS.items()]
RESULTS = [Choice(code.value, words) for code, words in RESULT_WORDS.items()]
WELL = [Choice(code.value, words) for code, words in SATISFACTION_WORDS.items()]
DECIDES = [Choice(code.value, words) for code, words in CONTROL_OF_THEM.items()]
YES_NO = [Choice("yes", "Yes"), Choice("no", "No")]


class ReviewState(PhbPage, rx.State):
    """One review, as text; ``next_day`` and the like are the latest day of the next one."""

    kind: str = ""
    due: str = ""
    reason: str = ""
    waits: bool = False
    goes_on: bool = False
    after_death: bool = False
    may_hold: bool = False
    may_write_answer: bool = False
    asked: list[OutcomeAsked] = []
    outcomes: list[OutcomeFound] = []
    held: str = ""
    attended: str = ""
    findings: str = ""
    safe: str = ""
    enough: str = ""
    money_used: str = ""
    result: str = ""
    actions: str = ""
    not_needed: str = ""
    answer: AnswerView = AnswerView()
    comments: list[CommentView] = []
    today: list[str] = ["", "", ""]
    latest: list[str] = ["", "", ""]

    @reads(Permission.PHB_READ)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, "review")
        self._show(review_view(uow.session, uow.actor, uow.today, case.id, self._id()))
        self.comments = comments_before(uow.session, uow.actor, uow.today, self._id())
        writes_it = may(uow, Permission.REVIEW_WRITE, case)
        self.may_hold = self.waits and writes_it
        open_to_them = not self.not_needed and not self.after_death
        self.may_write_answer = writes_it and not self.answer.by_themselves and open_to_them
        latest = usual_next(uow, case.icb_id, uow.today)
        self.today = [str(uow.today.day), str(uow.today.month), str(uow.today.year)]
        self.latest = [str(latest.day), str(latest.month), str(latest.year)]
        new_form(self)
        self.ready = True

    @writes(Permission.REVIEW_WRITE)
    def hold(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        outcomes = [given_id(one.id) for one in self.asked]
        after_death = self.after_death
        entry = read_death_review(form, uow.today) if after_death else read_review(form, uow.today, outcomes)
        review = self._id()
        uow.once("review", self.form_key, form, lambda: str(hold_review(uow, review, entry) or review))
        return self._back(routes.STAFF_PHB, "review")

    @writes(Permission.REVIEW_WRITE)
    def write_answer(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        record_answer(uow, self._id(), read_answer(form))
        self._show(review_view(uow.session, uow.actor, uow.today, self._case(uow).id, self._id()))
        self.notice = "What the holder said is written down."

    def _show(self, found: ReviewView) -> None:
        self.kind, self.due, self.reason, self.waits, self.goes_on = (
            found.kind, found.due, found.reason, found.waits, found.goes_on,
        )  # fmt: skip
        self.held, self.attended, self.findings, self.not_needed = (
            found.held, found.attended, found.findings, found.not_needed,
        )  # fmt: skip
        self.safe, self.enough, self.money_used = found.safe, found.enough, found.money_used
        self.result, self.actions, self.answer = found.result, found.actions, found.answer
        self.asked, self.outcomes, self.after_death = found.asked, found.outcomes, found.after_death

    def _id(self) -> UUID:
        return given_id(self._param("review"))


def review() -> rx.Component:
    """Why it is, what was found, what the holder said; and the forms."""
    s: Any = ReviewState
    return phb_page(
        s.kind,
        summary_list(
            [
                line("Due", s.due),
                line("Why", s.reason, shown=s.reason),
                line("Not needed since", s.not_needed, shown=s.not_needed),
                line("Held", s.held, shown=s.held),
                line("Who was there", s.attended, shown=s.attended),
                line("What was found", s.findings, shown=s.findings),
                line("Is the care safe?", s.safe, shown=s.safe),
                line("Is it enough?", s.enough, shown=s.enough),
                line("How the money was used", s.money_used, shown=s.money_used),
                line("What changes", s.result, shown=s.result),
                line("What happens now", s.actions, shown=s.actions),
            ]
        ),
        when(s.outcomes, _outcomes(s)),
        when(~s.after_death, _answer(s)),
        when(s.comments, _comments(s)),
        when(s.may_hold, pick(s.after_death, _death_form(s), _form(s))),
        state=s,
    )


def _outcomes(s: Any) -> rx.Component:
    return rx.fragment(
        heading("How each outcome stands"),
        table(
            "How each outcome stands",
            [Column("Outcome", "statement"), Column("Stands", "status"), Column("Note", "note")],
            s.outcomes,
            caption_hidden=True,
        ),
    )


def _answer(s: Any) -> rx.Component:
    said = summary_list(
        [
            line("How well it works", s.answer.satisfaction),
            line("Do they decide about their care?", s.answer.control),
            line("In their own words", s.answer.words, shown=s.answer.words),
            line("Who said it", s.answer.by),
        ]
    )
    return rx.fragment(
        heading("What the holder says"),
        rx.cond(s.answer.by, said, paragraph("Nothing yet. They can say it in the portal before the review.")),
        when(s.may_write_answer, _answer_form(s)),
    )


def _comments(s: Any) -> rx.Component:
    return rx.fragment(
        heading("What those who are paid say"),
        rx.foreach(s.comments, lambda one: rx.fragment(heading(one.by, level=3, size="s"), paragraph(one.words))),
    )


def _answer_form(s: Any) -> rx.Component:
    fields = form(
        radios("satisfaction", "How well does the budget work for them?", WELL, error=s.errors["satisfaction"]),
        radios("control", "Do they decide about their own care?", DECIDES, error=s.errors["control"]),
        textarea("words", "In their own words", error=s.errors["words"], rows=3,
                 hint="What they want the team to know. Leave it empty if there is nothing"),
        button_group(button("Write down what they said", kind="secondary")),
        on_submit=s.write_answer, id="answer-form",
    )  # fmt: skip
    return columns(fields)


def _form(s: Any) -> rx.Component:
    return rx.fragment(
        heading("Hold the review"),
        narrow_form(
            date_input("held_on", "When was it held?", day=s.today[0], month=s.today[1], year=s.today[2],
                       error=s.errors["held_on"]),
            textarea("attended", "Who was there?", error=s.errors["attended"], rows=2,
                     hint="For example, the holder, their daughter and the district nurse"),
            rx.foreach(s.asked, lambda one: _outcome(s, one)),
            textarea("findings", "What did you find?", error=s.errors["findings"], rows=5,
                     hint="What works, what does not, and what has changed"),
            radios("is_safe", "Is the care safe?", YES_NO, error=s.errors["is_safe"], inline=True),
            radios("is_enough", "Are the care and the money enough?", YES_NO, error=s.errors["is_enough"],
                   inline=True),
            radios("money_used", "How was the money used?", USED, error=s.errors["money_used"]),
            radios("result", "What changes?", RESULTS, error=s.errors["result"],
                   hint="A change becomes a task. It counts only when a new version of the plan is agreed."),
            textarea("actions", "What happens now, who does it and by when?", error=s.errors["actions"], rows=3),
            date_input("next_due", "When is the next review, at the latest?", day=s.latest[0], month=s.latest[1],
                       year=s.latest[2], error=s.errors["next_due"]),
            when(~s.goes_on, inset(paragraph("This budget is ending, so no other review follows."))),
            button_group(
                button("Save the review"), link_button("Leave it as it is", s.head.href, kind="secondary")
            ),
            on_submit=s.hold,
        ),
    )  # fmt: skip


def _death_form(s: Any) -> rx.Component:
    """After a death: what was used and what is left. What the person themselves would be asked is not."""
    return rx.fragment(
        heading("Hold the review"),
        narrow_form(
            date_input("held_on", "When was it held?", day=s.today[0], month=s.today[1], year=s.today[2],
                       error=s.errors["held_on"]),
            textarea("attended", "Who was there?", error=s.errors["attended"], rows=2,
                     hint="For example, whoever looks after the accounts of the family"),
            textarea("findings", "What did you find?", error=s.errors["findings"], rows=5,
                     hint="The accounts, what is still owed, and equipment that goes back"),
            radios("money_used", "How was the money used?", USED, error=s.errors["money_used"]),
            textarea("actions", "What happens now, who does it and by when?", error=s.errors["actions"], rows=3),
            button_group(
                button("Save the review"), link_button("Leave it as it is", s.head.href, kind="secondary")
            ),
            on_submit=s.hold,
        ),
    )  # fmt: skip


def _outcome(s: Any, one: Any) -> rx.Component:
    return rx.fragment(
        select(one.field, "How this stands: " + one.statement, OUTCOMES, value=one.status,
               error=s.errors[one.field]),
        text_input(one.note_field, "A few words about: " + one.statement, error=s.errors[one.note_field]),
    )  # fmt: skip
