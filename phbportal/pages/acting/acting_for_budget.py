"""One budget somebody looks after for another: what is left, entries, what the money may buy, who else helps."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.exclusions import EXCLUSIONS
from phbportal.domain.money import pounds
from phbportal.domain.text import listed as in_words
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.pages.acting.parts import money_lines
from phbportal.pages.holder.parts import listed, own_wheelchair, people_to_ask, what_it_is_for, who_is_paid
from phbportal.pages.shared.before_review import BeforeReview, before_review
from phbportal.pages.shared.own_plan import money_rules
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import Budget, BudgetPage, budget_page
from phbportal.queries.wheelchairs import OwnWheelchair, own_wheelchairs
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.settings import settings
from phbportal.ui.charts import BarPart, Kind, bar_parts, budget_bar
from phbportal.ui.details import details
from phbportal.ui.links import back_link, link
from phbportal.ui.tables import Column, table
from phbportal.ui.text import bullets, heading, loading, paragraph
from phbportal.ui.values import pick, when

NOT_EASY = rx.Var.create(False)
"""Easy read is a holder's own choice."""


class ActingBudgetState(BeforeReview, rx.State):
    """The budget, as text and as the parts of its picture."""

    whose: str = ""
    found: BudgetPage = BudgetPage()
    wheelchair: OwnWheelchair = OwnWheelchair()
    bar: list[BarPart] = []
    bar_words: str = ""
    total: str = ""
    phone: str = ""
    email: str = ""

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = budget_page(uow.session, uow.actor, uow.now, params_of(self).get("phb", ""))
        self.found, self.whose = found, found.budget.whose
        chairs = own_wheelchairs(uow.session, uow.actor, uow.today, own=False)
        self.wheelchair = chairs.get(found.budget.reference, OwnWheelchair())
        self.bar, self.bar_words, self.total = _picture(found.budget)
        self.phone = settings().contact_phone or found.budget.telephone
        self.email = settings().contact_email or found.budget.email
        self._show_to_come(uow, reference=found.budget.reference)
        self.ready = True


def _picture(budget: Budget) -> tuple[list[BarPart], str, str]:
    """The parts of the picture, the same in a sentence, and the whole; a nominee's shows only what they were paid."""
    amounts: list[tuple[Kind, str, int]] = [
        ("spent", "Spent", budget.spent_pence), ("paid", "In the account", budget.held_pence),
        ("set-aside", "Set aside for a payment", budget.set_aside_pence),
        ("left", "Not paid yet", budget.unpaid_pence),
    ]  # fmt: skip
    shown = [(kind, label, pounds(pence), pence) for kind, label, pence in amounts if pence]
    if not shown:
        return [], "", ""
    said = in_words([f"{amount} is {label[0].lower()}{label[1:]}" for _kind, label, amount, _pence in shown])
    return bar_parts(shown), f"{said[0].upper()}{said[1:]}.", pounds(sum(pence for *_rest, pence in shown))


def budget() -> rx.Component:
    """What is left first; then the rest, one idea below the other."""
    s = ActingBudgetState
    return acting_page(
        pick(s.whose, "Money for " + s.whose, "Money you look after"),
        rx.cond(s.ready, _whole(), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )


def _whole() -> rx.Component:
    s: Any = ActingBudgetState
    found = s.found
    columns = [Column("Date", "on"), Column("What happened", "what"), Column("Amount", "amount", numeric=True)]
    return rx.fragment(
        heading("What is left"),
        money_lines(found.budget.streams),
        when(s.bar, heading("The money as a picture"), budget_bar(s.bar, s.bar_words, total=s.total)),
        heading("What happened lately"),
        table("What happened lately", columns, found.happened, empty="Nothing has happened yet.", caption_hidden=True),
        own_wheelchair(s.wheelchair, "Their wheelchair", easy=NOT_EASY),
        what_it_is_for(found.money_for, easy=NOT_EASY),
        who_is_paid(found.workers, "Who works for them", easy=NOT_EASY),
        heading("What the money may buy"),
        pick(
            found.may_buy,
            rx.fragment(paragraph("Spend it only on what is in the plan:"), bullets(found.may_buy)),
            paragraph("No plan that you can read is agreed yet. Ask the team before you buy anything."),
        ),
        when(
            found.shared,
            heading("What the plan says for you"),
            listed(found.shared, lambda one: rx.fragment(rx.el.strong(one.kind, ": "), one.words)),
        ),
        paragraph("Not sure? ", link("Ask before you buy", found.budget.href + "/ask-before-you-buy"), "."),
        details("What the money cannot buy", bullets([x.for_others for x in EXCLUSIONS])),
        money_rules(found.money_rules),
        _words("About them, in their own words", found.about_me),
        _words("What matters to them", found.what_matters),
        _words("If something goes wrong", found.contingency),
        before_review(s),
        heading("Who else helps"),
        pick(
            found.others,
            listed(found.others, lambda one: rx.fragment(rx.el.strong(one.name), ", ", one.what.lower())),
            paragraph("Nobody else is recorded."),
        ),
        people_to_ask(
            found.budget.manager,
            found.budget.board,
            found.budget.reference,
            s.phone,
            s.email,
            easy=NOT_EASY,
        ),
    )


def _words(title: str, text: Any) -> rx.Component:
    """The plan's own words, for a representative; nothing for a nominee, who is not shown them."""
    return when(text, heading(title), rx.el.p(text, class_name="phb-own-words"))
