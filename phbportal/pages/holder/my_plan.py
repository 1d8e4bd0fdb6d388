"""A holder's plan: who I am, what I want, what is in it, what the money may and may not buy, who agreed it."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.domain.exclusions import EXCLUSIONS
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.pages.holder.parts import listed, named, next_steps, part
from phbportal.policy.permissions import Permission
from phbportal.queries.holder_plans import OutcomeView, OwnPlan, ServiceView, own_plans
from phbportal.services.people import set_easy_read
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.easy_read import easy_read_switch, said
from phbportal.ui.links import link
from phbportal.ui.pictures import Picture
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import bullets, heading, loading, paragraph
from phbportal.ui.values import when

PAGE = "my plan"
_OUTCOME_COLOURS = {"Met": "green", "Partly met": "yellow", "Working towards it": "blue", "Not met": "orange"}


class MyPlanState(PageState, rx.State):
    """The holder's plans, as text."""

    plans: list[OwnPlan] = []
    several: bool = False
    easy_read: bool = False

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = own_plans(uow.session, uow.actor, uow.today)
        self.plans, self.several, self.easy_read = found.plans, len(found.plans) > 1, found.easy_read
        self.ready = True
        uow.saw(PAGE, person_id=uow.actor.person_id)

    @writes(Permission.OWN_SETTINGS_WRITE)
    def read_easily(self, uow: UnitOfWork, on: bool) -> None:
        set_easy_read(uow, on)
        self.easy_read = on


def my_plan() -> rx.Component:
    """Every plan of the person, one below the other; then what no budget may buy."""
    s = MyPlanState
    return holder_page(
        "My plan",
        easy_read_switch(s.easy_read, turn=s.read_easily(~s.easy_read)),
        rx.cond(
            s.ready,
            rx.cond(
                s.plans,
                rx.fragment(rx.foreach(s.plans, _plan), _cannot_buy()),
                next_steps(s.easy_read),
            ),
            loading(),
        ),
        state=s,
        easy_read=s.easy_read,
    )


def _plan(plan: rx.Var[OwnPlan]) -> rx.Component:
    s = MyPlanState
    easy = s.easy_read
    whole = (
        _words("person", "About me", plan.about_me),
        _words("star", "What matters to me", plan.what_matters),
        part("target", "What I want to achieve", _outcomes(plan.outcomes), easy=easy),
        part("care", "My care and support", _services(plan.services), easy=easy),
        part(
            "basket", "What I can spend on",
            paragraph("You can spend the money on what is in your plan:"),
            listed(plan.services, lambda service: rx.fragment(service.what, ". ", service.pays, ".")),
            paragraph("Do you want to buy something else? Ask your team before you buy it."),
            easy=easy,
        ),
        _words("umbrella", "If something goes wrong", plan.contingency),
        part("pen", "Who agreed this plan", said(plan.agreed, apart=easy), easy=easy),
        part(
            "calendar", "When we look at it again", said(plan.review, apart=easy),
            paragraph(link("See what we will ask, or ask for a review", routes.MY_REVIEW)), easy=easy,
        ),
    )  # fmt: skip
    return rx.el.section(
        named(plan.heading, "Your plan", several=s.several),
        when(plan.standing, part("arrow", "What happens next", said(plan.standing, apart=easy), easy=easy)),
        when(plan.has_plan, *whole),
        paragraph(link("See your money", routes.MY_BUDGET)),
        class_name="phb-budget",
    )


def _words(name: Picture, title: str, text: rx.Var[str]) -> rx.Component:
    """What the person said in the plan, with the line breaks they wrote; nothing where they said nothing."""
    words = rx.el.p(text, class_name="phb-own-words")
    return when(text, part(name, title, words, easy=MyPlanState.easy_read))


def _outcomes(outcomes: rx.Var[list[OutcomeView]]) -> rx.Component:
    return listed(
        outcomes,
        lambda o: rx.fragment(
            rx.el.strong(o.statement), " ", status_tag(o.status, _OUTCOME_COLOURS),
            when(o.measure, rx.el.br(), "How I will know: ", o.measure),
            when(o.by, rx.el.br(), o.by, "."),
        ),
    )  # fmt: skip


def _services(services: rx.Var[list[ServiceView]]) -> rx.Component:
    easy = MyPlanState.easy_read
    lines = listed(
        services,
        lambda s: rx.fragment(
            rx.el.strong(s.what), when(s.who, rx.el.br(), "Who: ", s.who), when(s.when, rx.el.br(), "When: ", s.when)
        ),
    )
    columns = [Column("What", "what"), Column("Who helps", "who"), Column("When", "when")]
    return rx.cond(easy, lines, table("My care and support", columns, services, caption_hidden=True))


def _cannot_buy() -> rx.Component:
    """The one list of ``domain/exclusions.py``, in plain words and in fewer."""
    easy = MyPlanState.easy_read
    return rx.el.section(
        heading("What the money cannot buy"),
        rx.cond(
            easy,
            part("no", "You cannot buy", bullets([x.easy for x in EXCLUSIONS]), easy=easy),
            rx.fragment(paragraph("You cannot spend it on:"), bullets([x.words for x in EXCLUSIONS])),
        ),
        paragraph("Your team may have rules of its own as well. If you are not sure, ask before you buy."),
    )
