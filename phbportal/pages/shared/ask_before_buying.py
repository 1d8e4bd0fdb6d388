"""“Ask before you buy”: the form, and what was asked before with its answers; for holders and who acts for them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.domain.purchases import ANSWERED_WORDS, Answered
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.permissions import Permission
from phbportal.queries.purchases import AskPage, ask_page, own_references
from phbportal.services.purchases import ask, read_bought, read_question, tell_bought
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, select
from phbportal.ui.forms import date_input, form, money_input, text_input, textarea
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import when

COLOURS: dict[str, Colour] = {
    ANSWERED_WORDS[Answered.OPEN]: "yellow",
    ANSWERED_WORDS[Answered.YES]: "green",
    ANSWERED_WORDS[Answered.NO]: "red",
    ANSWERED_WORDS[Answered.TALK]: "blue",
}


class Asking(PageState, mixin=True):
    """One budget's questions as text, and the outcomes one may choose; the budget is that of the address, or the
    latest."""

    found: AskPage = AskPage()
    outcomes: list[Choice] = []
    to_tell: list[Choice] = []

    @reads(Permission.PURCHASE_ASK)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.PURCHASE_ASK)
    def ask(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        entry = read_question(form)
        reference = self.found.reference
        uow.once("purchase", self.form_key, form, lambda: str(ask(uow, reference, entry)))
        self._show(uow)
        new_form(self)
        self.notice = "Your question is sent. You will find the answer on this page."

    @writes(Permission.PURCHASE_ASK)
    def tell(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        tell_bought(uow, read_bought(form))
        self._show(uow)
        new_form(self)
        self.notice = "Thank you. Your team looks at it and accounts for it."

    def _show(self, uow: UnitOfWork) -> None:
        references = own_references(uow.session, uow.actor, uow.today)
        wanted = str(params_of(self).get("phb", "")) or (references[0] if references else "")
        self.found = ask_page(uow.session, uow.actor, uow.today, wanted) if wanted else AskPage()
        self.outcomes = [Choice(row_id, words) for row_id, words in self.found.outcomes]
        self.to_tell = [Choice(row_id, words) for row_id, words in self.found.to_tell]


def ask_content(s: Any) -> rx.Component:
    """The form and the list; a sentence where there is no money to ask about."""
    found = s.found
    return rx.cond(
        found.reference,
        columns(
            paragraph(
                "If you are not sure whether the money may buy something, ask first. Your team writes back, and "
                "the answer is kept here. If you buy without asking, you may have to pay the money back."
            ),
            rx.el.div(  # empty again once the question is sent: the key is then another
                form(
                    textarea("question", "What do you want to buy, and why?", error=s.errors["question"], rows=4),
                    money_input("cost", "About how much does it cost?", error=s.errors["cost"]),
                    select(
                        "outcome", "Which of the things in the plan is it for? (optional)", s.outcomes,
                        error=s.errors["outcome"], blank="None of them, or not sure",
                    ),
                    button_group(button("Ask")),
                    on_submit=s.ask,
                ),
                key=s.form_key,
            ),
            when(s.to_tell, heading("Tell us what you bought"), rx.el.div(_bought_form(s), key=s.form_key)),
            when(found.questions, heading("What was asked before"), rx.foreach(found.questions, _question)),
        ),
        paragraph("There is no money to ask about yet. Your team will tell you when there is."),
    )  # fmt: skip


def _bought_form(s: Any) -> rx.Component:
    """What was bought after a yes: which, for how much, when and where."""
    return form(
        select(
            "bought_question", "What did you buy?", s.to_tell, error=s.errors["bought_question"], blank="Choose",
            hint="What your team said yes to.",
        ),
        money_input("bought", "What did it cost?", error=s.errors["bought"]),
        date_input("bought_on", "When did you buy it?", error=s.errors["bought_on"]),
        text_input("bought_from", "Where did you buy it?", error=s.errors["bought_from"], auto_complete="off"),
        button_group(button("Tell us")),
        on_submit=s.tell,
    )  # fmt: skip


def _question(one: Any) -> rx.Component:
    return rx.el.section(
        heading(one.question, level=3, size="s"),
        paragraph(status_tag(one.status, COLOURS)),
        paragraph(one.cost, ", asked by ", one.asked, "."),
        when(one.answer, paragraph("Answer: ", one.answer)),
        when(one.bought, paragraph(one.bought)),
        when(one.by, paragraph("You will have an answer by ", one.by, ".")),
    )
