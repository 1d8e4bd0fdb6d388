"""The people somebody acts for: whose money, what is left, what comes next, and what they are asked."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import acting_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.pages.acting.parts import money_lines, sentences_of
from phbportal.pages.holder.parts import listed
from phbportal.pages.shared.own_plan import plans_to_write as writing
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import PartView, parts_of
from phbportal.queries.planners import PlanToWrite, plans_to_write
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import link
from phbportal.ui.text import heading, loading, paragraph
from phbportal.ui.values import pick, when

DONE = {
    "accepted": "You said yes. The team does its checks next, then the board agrees.",
    "stopped": "You stopped. The team has been told and makes sure that care goes on.",
    "proposed": "The case manager has been told whom you propose. They will talk with you about it.",
    "consented": "Your consent was recorded.",
    "handed-in": "The plan is handed in. The team goes on with it.",
    "declined": "The team has been told that you will not write the plan.",
    "withdrawn": "The consent was withdrawn. No more direct payments are made.",
}


class ActingForState(PageState, rx.State):
    """Everybody the reader acts for, as text."""

    parts: list[PartView] = []
    to_write: list[PlanToWrite] = []

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.parts = parts_of(uow.session, uow.actor, uow.now)
        self.to_write = plans_to_write(uow.session, uow.actor, uow.today)
        self.notice = DONE.get(params_of(self).get("done", ""), "")
        self.ready = True


def acting_for() -> rx.Component:
    """One section a person."""
    s = ActingForState
    none = rx.fragment(
        paragraph("You do not act for anybody at the moment."),
        paragraph("If you think you should, ask the person’s personal health budget team."),
    )
    return acting_page(
        "People you act for",
        rx.cond(s.ready, rx.fragment(writing(s.to_write), pick(s.parts, rx.foreach(s.parts, _part), none)), loading()),
        state=s,
    )


def _part(part: Any) -> rx.Component:
    return rx.el.section(
        heading(part.whose, size="l"),
        paragraph("You are their ", part.what.lower(), "."),
        sentences_of(part.standing),
        when(
            part.news,
            heading("For you to look at", level=3, size="s"),
            listed(part.news, lambda one: link(one.words, one.href, hidden="for " + part.whose)),
        ),
        when(part.asks, paragraph(link("Read what it means and say yes or no", part.href, hidden="for " + part.whose))),
        rx.foreach(part.budgets, _budget),
        when(part.represents, _pages(part)),
        when(~part.asks, paragraph(link(_more(part), part.href, hidden="for " + part.whose))),
        class_name="phb-budget",
    )


def _more(part: Any) -> Any:
    """A representative finds more behind it: consent, a nominee, an offer, agreements, who has looked."""
    return pick(part.represents, "What else you can do, and how to stop", "What you do, and how to stop")


def _pages(part: Any) -> rx.Component:
    """What a representative comes for most, without going by way of what their part is."""
    pages = (("Read the plan", "/plan"), ("See the next review", "/review"), ("Read decisions", "/decisions"))
    return rx.fragment(*[paragraph(link(words, part.href + page, hidden="for " + part.whose)) for words, page in pages])


def _budget(budget: Any) -> rx.Component:
    return rx.fragment(
        money_lines(budget.streams),
        paragraph(
            link("See what was paid, and what the money may buy", budget.href, hidden=" of budget " + budget.reference)
        ),
        paragraph(link("Ask before you buy", budget.href + "/ask-before-you-buy", hidden="from " + budget.reference)),
    )
