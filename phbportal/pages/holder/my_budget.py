"""A holder's money: what is left, the year as a picture, the next payment, what has been paid, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.domain.money import pounds
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.pages.holder.parts import (
    listed,
    named,
    next_steps,
    own_wheelchair,
    part,
    people_to_ask,
    what_it_is_for,
    who_is_paid,
)
from phbportal.policy.permissions import Permission
from phbportal.queries.for_them import ToLookAt, to_look_at
from phbportal.queries.holders import BudgetView, CycleView, EntryView, PaymentView, StreamView, own_budgets
from phbportal.queries.own_offers import own_offer
from phbportal.queries.tracker import Track, tracks_of
from phbportal.queries.wheelchairs import OwnWheelchair, own_wheelchairs
from phbportal.services.people import set_easy_read
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.settings import settings
from phbportal.ui.charts import BarPart, Kind, bar_parts, budget_bar
from phbportal.ui.details import details
from phbportal.ui.easy_read import easy_read_switch, said
from phbportal.ui.links import link
from phbportal.ui.pictures import picture
from phbportal.ui.tables import Column, table
from phbportal.ui.text import loading, paragraph
from phbportal.ui.values import when

PAGE = "my budget"


@dataclass(frozen=True)
class BudgetCard:
    """A budget and the parts of its picture."""

    budget: BudgetView
    parts: list[BarPart]
    track: Track
    wheelchair: OwnWheelchair


class MyBudgetState(PageState, rx.State):
    """The holder's budgets, as text."""

    cards: list[BudgetCard] = []
    several: bool = False
    offer: str = ""
    news: list[ToLookAt] = []
    easy_read: bool = False
    phone: str = ""
    email: str = ""

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = own_budgets(uow.session, uow.actor, uow.now, uow.today)
        tracks = tracks_of(uow.session, uow.actor, uow.today)
        chairs = own_wheelchairs(uow.session, uow.actor, uow.today)
        self.cards = [
            BudgetCard(one, _parts(one), tracks.get(one.reference, Track()), chairs.get(one.reference, OwnWheelchair()))
            for one in found.budgets
        ]
        self.news = [one for found_for in to_look_at(uow.session, uow.actor, uow.today).values() for one in found_for]
        self.offer = own_offer(uow.session, uow.actor, uow.today).reference
        self.several, self.easy_read = len(found.budgets) > 1, found.easy_read
        self.phone, self.email = settings().contact_phone, settings().contact_email
        self.ready = True
        uow.saw(PAGE, person_id=uow.actor.person_id)

    @writes(Permission.OWN_SETTINGS_WRITE)
    def read_easily(self, uow: UnitOfWork, on: bool) -> None:
        set_easy_read(uow, on)
        self.easy_read = on


def _parts(budget: BudgetView) -> list[BarPart]:
    spent: tuple[Kind, str, str, int] = ("spent", "Spent", pounds(budget.spent_pence), budget.spent_pence)
    held: tuple[Kind, str, str, int] = ("paid", "In your account", pounds(budget.paid_pence), budget.paid_pence)
    aside: tuple[Kind, str, str, int] = (
        "set-aside", "Set aside for a payment", pounds(budget.set_aside_pence), budget.set_aside_pence,
    )  # fmt: skip
    left: tuple[Kind, str, str, int] = ("left", "Not paid yet", pounds(budget.unpaid_pence), budget.unpaid_pence)
    kept: tuple[Kind, str, str, int] = ("paid", "Kept for you", pounds(budget.kept_pence), budget.kept_pence)
    by_payee = ([held] if budget.to_holder else []) + ([kept] if budget.kept_pence else [])
    return bar_parts([spent, *by_payee, aside, left])


def my_budget() -> rx.Component:
    """Every budget of the person, one below the other."""
    s = MyBudgetState
    return holder_page(
        "My budget",
        easy_read_switch(s.easy_read, turn=s.read_easily(~s.easy_read)),
        rx.cond(s.ready, rx.fragment(_news(), rx.cond(s.cards, _whole(), _none())), loading()),
        state=s,
        easy_read=s.easy_read,
    )


def _news() -> rx.Component:
    """What waits for the holder or is new, above everything else."""
    s: Any = MyBudgetState
    links = listed(s.news, lambda one: link(one.words, one.href))
    return when(s.news, part("pen", "For you to look at", links, easy=s.easy_read, level=2))


def _whole() -> rx.Component:
    """Every budget, and then what is kept with them."""
    s: Any = MyBudgetState
    kept = paragraph(link("See the documents your team keeps with your budget", routes.MY_DOCUMENTS))
    return rx.fragment(rx.foreach(s.cards, _card), part("list", "My documents", kept, easy=s.easy_read, level=2))


def _none() -> rx.Component:
    s = MyBudgetState
    return rx.fragment(
        next_steps(s.easy_read),
        people_to_ask("", "", "", s.phone, s.email, easy=s.easy_read),
    )


def _card(card: rx.Var[BudgetCard]) -> rx.Component:
    s, budget = MyBudgetState, card.budget
    easy = s.easy_read
    picture_of_year = budget_bar(card.parts, rx.cond(easy, budget.year_easy, budget.year), total=budget.total)
    return rx.el.section(
        named(budget.heading, "Your money", several=s.several),
        when(budget.standing, part("arrow", "What happens next", said(budget.standing, apart=easy), easy=easy)),
        when(s.offer == budget.reference, paragraph(link("Answer the offer", routes.MY_OFFER))),
        when(card.track.turn, part("list", "Where your budget is", _track(card.track), easy=easy)),
        when(
            budget.left,
            part(
                "purse",
                "What is left",
                rx.el.p(budget.left, class_name="phb-balance"),
                paragraph(budget.promised),
                paragraph(link("See what you can spend it on", routes.MY_PLAN)),
                easy=easy,
            ),
            part("chart", "Your money this year", picture_of_year, easy=easy),
        ),
        own_wheelchair(card.wheelchair, "Your wheelchair", easy=easy),
        what_it_is_for(budget.money_for, easy=easy),
        who_is_paid(budget.workers, "Who works for you", easy=easy),
        rx.foreach(budget.streams, _stream),
        when(budget.left, _payments(budget.payments), _entries(budget.happened)),
        people_to_ask(
            budget.manager,
            budget.board,
            budget.reference,
            _either(s.phone, budget.telephone),
            _either(s.email, budget.email),
            easy=easy,
        ),
        class_name="phb-budget",
    )


def _track(track: rx.Var[Track]) -> rx.Component:
    """Whose turn it is, and the steps to a budget that has begun."""
    steps = listed(track.steps, lambda step: rx.fragment(step.words, ": ", rx.el.strong(step.status)))
    return rx.fragment(paragraph(track.turn), steps)


def _either(first: rx.Var[str], second: rx.Var[str]) -> rx.Var[str]:
    return rx.cond(first, first, second)


def _stream(stream: rx.Var[StreamView]) -> rx.Component:
    easy = MyBudgetState.easy_read
    how = part(
        rx.cond(stream.next, picture("bank"), picture("care")),
        stream.name,
        said(stream.sentences, apart=easy),
        when(stream.agreement, paragraph(link(stream.agreement, stream.agreement_href))),
        when(
            stream.cycles,
            rx.cond(easy, rx.foreach(stream.cycles, _cycle_in_sentences), _cycles(stream.cycles)),
        ),
        easy=easy,
    )  # fmt: skip
    following = part("calendar", "Next payment", said(stream.next, apart=easy), easy=easy)
    return rx.fragment(how, when(stream.next, following))


def _cycle_in_sentences(cycle: rx.Var[CycleView]) -> rx.Component:
    return rx.fragment(rx.el.p(rx.el.strong(cycle.days)), rx.foreach(cycle.sentences, lambda words: rx.el.p(words)))


def _cycles(cycles: rx.Var[list[CycleView]]) -> rx.Component:
    return table(
        "How much of it is used",
        [
            Column("Days", "days"),
            Column("For your care", "planned", numeric=True),
            Column("Providers asked for", "invoiced", numeric=True),
            Column("Left", "left", numeric=True),
        ],
        cycles,
        size="s",
    )


def _payments(payments: rx.Var[list[PaymentView]]) -> rx.Component:
    easy = MyBudgetState.easy_read
    columns = [
        Column("Paid on", "on"), Column("Paid to", "payee"), Column("For", "days"),
        Column("Amount", "amount", numeric=True),
    ]  # fmt: skip
    none = "Nothing has been paid yet."
    return part(
        "coin", "Payments so far",
        rx.cond(
            easy,
            rx.cond(payments, listed(payments, lambda p: p.sentence), paragraph(none)),
            table("Payments so far", columns, payments, empty=none, caption_hidden=True),
        ),
        easy=easy,
    )  # fmt: skip


def _entries(entries: rx.Var[list[EntryView]]) -> rx.Component:
    easy = MyBudgetState.easy_read
    columns = [Column("Date", "on"), Column("What happened", "what"), Column("Amount", "amount", numeric=True)]
    shown = rx.cond(
        easy,
        listed(entries, lambda e: rx.fragment(e.on, ": ", e.what, ", ", e.amount, ".")),
        table("What happened lately", columns, entries, caption_hidden=True),
    )
    return part("list", "What happened lately", details("Show what happened lately", shown), easy=easy)
