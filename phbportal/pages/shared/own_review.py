"""A review to come, as the person reads it, or whoever represents them: when, why, what is asked, what they say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.domain.represented_words import CONTROL_OF_THEM
from phbportal.domain.reviews import CONTROL_WORDS, SATISFACTION_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.holder.parts import listed, part
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.reviews import AnswerView, OwnReview, own_reviews
from phbportal.services.review_answers import answer_review, read_answer
from phbportal.services.review_setting import ask_for_review, read_asking
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios, select
from phbportal.ui.easy_read import said
from phbportal.ui.forms import form, textarea
from phbportal.ui.tables import line, summary_list
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import when

WELL = [Choice(code.value, words) for code, words in SATISFACTION_WORDS.items()]
DECIDES = [Choice(code.value, words) for code, words in CONTROL_WORDS.items()]
THEY_DECIDE = [Choice(code.value, words) for code, words in CONTROL_OF_THEM.items()]
NONE = OwnReview("", "", [], "", [], AnswerView())


class OwnReviewPage(PageState, mixin=True):
    """The review that comes first, those after it, and the budgets a review can be asked for."""

    review: OwnReview = NONE
    others: list[OwnReview] = []
    budgets: list[Choice] = []

    @reads(Permission.REVIEW_ANSWER)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.REVIEW_ANSWER)
    def answer(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        answer_review(uow, given_id(self.review.id), read_answer(form))
        self._show(uow)
        self.notice = "Thank you. Your team reads this before the review."

    @writes(Permission.REVIEW_ANSWER)
    def ask(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        budget = given_id(form.get("budget", "") or self.budgets[0].value)
        uow.once("my-review", self.form_key, form, lambda: str(ask_for_review(uow, budget, read_asking(form))))
        self._show(uow)
        new_form(self)
        self.notice = "You have asked for a review. Your team will find a day with you."

    def _person(self, uow: UnitOfWork) -> UUID:
        """Whose reviews. Raises NotFound for whoever has none here."""
        raise NotImplementedError

    def _named(self) -> str:
        """How the person is called: "" for the reader themselves. Known once ``_person`` was asked."""
        return ""

    def _show(self, uow: UnitOfWork) -> None:
        found = own_reviews(uow.session, uow.actor, uow.today, self._person(uow), whose=self._named())
        self.review, self.others = (found.waiting[0] if found.waiting else NONE), found.waiting[1:]
        self.budgets = [Choice(budget, reference) for budget, reference in found.budgets]


def own_review(s: Any, *, easy: Any, whose: Any = "") -> rx.Component:
    """When, why, what is asked, what is said; then how to ask for one. ``whose``: the person, where the reader answers
    for them."""
    return columns(_waiting(s, easy, whose), rx.foreach(s.others, _other), _asking(s))


def _waiting(s: Any, easy: Any, whose: Any) -> rx.Component:
    review, mine = s.review, isinstance(whose, str)
    asks = "What we will ask you" if mine else "What we will ask"
    decide = "Do you decide?" if mine else "Do they decide?"
    well = "How well does your budget work for you?" if mine else "How well does the budget work for " + whose + "?"
    decides = "Do you decide about your own care?" if mine else "Does " + whose + " decide about their own care?"
    whole = rx.fragment(
        heading(review.heading),
        part("calendar", "When it is", said(review.when, apart=easy), easy=easy),
        part("arrow", "Why", paragraph(review.why), easy=easy),
        part("talk", asks, listed(review.questions, lambda question: question), easy=easy),
        when(review.said.by, part("pen", "What you have said so far", _said(review.said, decide), easy=easy)),
        heading("Tell us before the review"),
        paragraph("You can say it here, or tell your team when you meet. You can change it until the review."),
        form(
            radios("satisfaction", well, WELL, error=s.errors["satisfaction"]),
            radios("control", decides, DECIDES if mine else THEY_DECIDE, error=s.errors["control"]),
            textarea(
                "words", "What do you want to tell us?", error=s.errors["words"], rows=4,
                hint="You can leave this empty",
            ),
            button_group(button("Send")),
            on_submit=s.answer, id="answer-form",
        ),
    )  # fmt: skip
    return rx.cond(review.id, whole, paragraph("No review is planned yet."))


def _said(answer: Any, decides: str) -> rx.Component:
    return summary_list(
        [
            line("How well it works", answer.satisfaction),
            line(decides, answer.control),
            line("In your words", answer.words, shown=answer.words),
            line("When", answer.by),
        ]
    )


def _other(review: Any) -> rx.Component:
    return rx.fragment(heading(review.heading), rx.el.p(rx.foreach(review.when, lambda words: rx.fragment(words, " "))))


def _asking(s: Any) -> rx.Component:
    fields = form(
        when(
            s.budgets.length() > 1,
            select("budget", "Which budget?", s.budgets, error=s.errors["budget"]),
        ),
        textarea("reason", "What do you want to talk about?", error=s.errors["reason"], rows=3,
                 hint="For example, my nights are harder, or the money is not enough"),
        button_group(button("Ask for a review", kind="secondary")),
        on_submit=s.ask, id="ask-form",
    )  # fmt: skip
    return when(
        s.budgets,
        heading("Ask for a review"),
        paragraph("You can ask at any time. Your team must look at it, and has two weeks."),
        rx.el.div(fields, key=s.form_key),
    )
