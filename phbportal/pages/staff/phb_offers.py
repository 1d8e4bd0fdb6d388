"""The forms before a plan: the offer of a budget, the person's answer, the indicative budget, and that it was shown."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.budget_offers import ANSWER_WORDS, HOW_WORDS, TELLER_WORDS, Answer
from phbportal.domain.indicative import TOOL_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.case_path import IndicativeView, case_path
from phbportal.services.budget_offers import make_offer, read_answer, read_offer, record_answer
from phbportal.services.indicative import read_indicative, read_shown, record_indicative, show_indicative
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, checkbox, radios
from phbportal.ui.forms import date_input, money_input, text_input, textarea
from phbportal.ui.notices import inset
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

HOWS = [Choice(how.value, words) for how, words in HOW_WORDS.items()]
ANSWERS = [Choice(answer.value, words) for answer, words in ANSWER_WORDS.items() if answer is not Answer.PENDING]
TELLERS = [Choice(teller.value, words) for teller, words in TELLER_WORDS.items()]
TOOLS = [Choice(tool.value, words) for tool, words in TOOL_WORDS.items()]


class BudgetForm(PhbPage, mixin=True):
    """A form about the way to a plan."""

    def _begin(self, uow: UnitOfWork, page: str) -> Any:
        case = self._open(uow, page)
        new_form(self)
        return case


class BudgetOfferState(BudgetForm, rx.State):
    @reads(Permission.BUDGET_OFFER)
    def load(self, uow: UnitOfWork) -> None:
        self._begin(uow, "budget offer form")
        self.ready = True

    @writes(Permission.BUDGET_OFFER)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        phb_id, entry = self._case(uow).id, read_offer(form)
        uow.once("budget offer", self.form_key, form, lambda: str(make_offer(uow, phb_id, entry)))
        return self._back(routes.STAFF_PHB, "budget-offered")


class BudgetAnswerState(BudgetForm, rx.State):
    @reads(Permission.BUDGET_OFFER)
    def load(self, uow: UnitOfWork) -> None:
        self._begin(uow, "budget answer form")
        self.ready = True

    @writes(Permission.BUDGET_OFFER)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        phb_id, entry = self._case(uow).id, read_answer(form, uow.today)
        uow.once("budget answer", self.form_key, form, lambda: str(record_answer(uow, phb_id, entry) or ""))
        return self._back(routes.STAFF_PHB, "answered")


class IndicativeState(BudgetForm, rx.State):
    @reads(Permission.INDICATIVE_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self._begin(uow, "indicative form")
        self.ready = True

    @writes(Permission.INDICATIVE_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        phb_id, entry = self._case(uow).id, read_indicative(form, uow.today)
        uow.once("indicative", self.form_key, form, lambda: str(record_indicative(uow, phb_id, entry)))
        return self._back(routes.STAFF_PHB, "indicative")


class ShownState(BudgetForm, rx.State):
    indicative: IndicativeView = IndicativeView()

    @reads(Permission.INDICATIVE_SHOW)
    def load(self, uow: UnitOfWork) -> None:
        case = self._begin(uow, "shown form")
        self.indicative = case_path(uow.session, uow.actor, uow.today, case.id).indicative
        self.ready = True

    @writes(Permission.INDICATIVE_SHOW)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        phb_id, entry = self._case(uow).id, read_shown(form)
        uow.once("shown", self.form_key, form, lambda: str(show_indicative(uow, phb_id, entry) or ""))
        return self._back(routes.STAFF_PHB, "shown")


def _buttons(s: Any, words: str) -> rx.Component:
    return button_group(button(words), link_button("Leave without saving", s.head.href, kind="secondary"))


def offer() -> rx.Component:
    """When and how the budget was offered, and what came with the offer."""
    s = BudgetOfferState
    return phb_page(
        "Record the offer",
        narrow_form(
            date_input("offered_on", "When was the budget offered?", error=s.errors["offered_on"]),
            radios("how", "How was it offered?", HOWS, error=s.errors["how"]),
            checkbox("information_given", "The person was given information in a form they can use",
                     error=s.errors["information_given"]),
            checkbox("advocacy_offered", "The person was offered an advocate", error=s.errors["advocacy_offered"]),
            _buttons(s, "Record the offer"),
            on_submit=s.save,
        ),
        state=s,
    )  # fmt: skip


def answer() -> rx.Component:
    """What was answered, by whom and when."""
    s = BudgetAnswerState
    return phb_page(
        "Record the answer",
        narrow_form(
            radios("answer", "What is the answer?", ANSWERS, error=s.errors["answer"]),
            date_input("answered_on", "When was it given?", error=s.errors["answered_on"]),
            radios("by", "Who answered?", TELLERS, error=s.errors["by"]),
            text_input("name", "Their name, if it was the representative", error=s.errors["name"], width="20",
                       auto_complete="off"),
            textarea("reason", "Reason", error=s.errors["reason"], rows=4,
                     hint="Needed where the offer is declined. Use the person’s own words if you can."),
            date_input("again_on", "When should they be asked again? (optional)", error=s.errors["again_on"]),
            _buttons(s, "Record the answer"),
            on_submit=s.save,
        ),
        state=s,
    )  # fmt: skip


def indicative() -> rx.Component:
    """About how much, how it was worked out, and from what."""
    s = IndicativeState
    return phb_page(
        "Record the indicative budget",
        paragraph("About how much money there may be. The person is told before planning begins."),
        narrow_form(
            money_input("weekly", "Amount a week", error=s.errors["weekly"]),
            money_input("one_off", "One-off amount", error=s.errors["one_off"]),
            radios("tool", "How was it worked out?", TOOLS, error=s.errors["tool"]),
            textarea("inputs", "What was it worked out from?", error=s.errors["inputs"], rows=5,
                     hint="For example, 30 hours a week at £16.20, and 4 nights at £110.00"),
            date_input("worked_out_on", "When was it worked out?", error=s.errors["worked_out_on"]),
            _buttons(s, "Record the indicative budget"),
            on_submit=s.save,
        ),
        state=s,
    )  # fmt: skip


def shown() -> rx.Component:
    """When and to whom the amount was shown, and what was explained with it."""
    s = ShownState
    return phb_page(
        "Record that it was shown",
        rx.cond(
            s.indicative.amount,
            inset("The indicative budget is ", s.indicative.amount, "."),
            inset("There is no indicative budget yet. Record it first."),
        ),
        when(
            s.indicative.amount,
            narrow_form(
                date_input("shown_on", "When was it shown?", error=s.errors["shown_on"]),
                radios("to", "Who was it shown to?", TELLERS, error=s.errors["to"]),
                text_input("name", "Their name, if it was the representative", error=s.errors["name"], width="20",
                           auto_complete="off"),
                checkbox("choices_explained", "I explained the ways to hold the money, and that they can be mixed",
                         error=s.errors["choices_explained"]),
                checkbox("spending_explained", "I explained that the money can be used flexibly for the plan",
                         error=s.errors["spending_explained"]),
                _buttons(s, "Record that it was shown"),
                on_submit=s.save,
            ),
        ),
        state=s,
    )  # fmt: skip
