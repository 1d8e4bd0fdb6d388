"""Decisions about a holder's budget: what, why, what they can do, and asking for one to be looked at again."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.decision import ask_form, decision_parts
from phbportal.policy.permissions import Permission
from phbportal.queries import holder_facts
from phbportal.queries.ids import given_id
from phbportal.queries.own_decisions import OwnDecision, board_of_decisions, one_of, own_decisions
from phbportal.services.people import set_easy_read
from phbportal.services.policies import whole_setting
from phbportal.services.reconsiderations import ask_again, read_words
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.easy_read import easy_read_switch
from phbportal.ui.links import back_link, link
from phbportal.ui.text import heading, loading, paragraph

ASKED = "You have asked us to look at this decision again."


def own(uow: UnitOfWork) -> list[OwnDecision]:
    """What has been decided about the actor's own budgets, with the settings of the board that decided last."""
    board = board_of_decisions(uow.session, uow.actor, uow.today)
    days, again = (whole_setting(uow, board, f"reconsideration_{name}") for name in ("days", "again_months"))
    return own_decisions(uow.session, uow.actor, uow.today, days=days, again_months=again)


class MyDecisionsState(PageState, rx.State):
    """Every decision, as text."""

    found: list[OwnDecision] = []
    easy_read: bool = False

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        person = holder_facts.own_person(uow.session, uow.actor, uow.today)
        self.found, self.easy_read = own(uow), person is not None and person.easy_read
        self.ready = True

    @writes(Permission.OWN_SETTINGS_WRITE)
    def read_easily(self, uow: UnitOfWork, on: bool) -> None:
        set_easy_read(uow, on)
        self.easy_read = on


class MyDecisionState(PageState, rx.State):
    """One decision, as text, and the form to ask for it to be looked at again."""

    one: OwnDecision = OwnDecision()
    easy_read: bool = False

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.RECONSIDERATION_ASK)
    def ask(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        words, decision_id = read_words(form), given_id(self.one.id)
        uow.once("ask again", self.form_key, form, lambda: str(ask_again(uow, decision_id, words)))
        self._show(uow)
        self.notice = ASKED

    @writes(Permission.OWN_SETTINGS_WRITE)
    def read_easily(self, uow: UnitOfWork, on: bool) -> None:
        set_easy_read(uow, on)
        self.easy_read = on

    def _show(self, uow: UnitOfWork) -> None:
        person = holder_facts.own_person(uow.session, uow.actor, uow.today)
        self.easy_read = person is not None and person.easy_read
        self.one = one_of(own(uow), params_of(self).get("decision", ""))


def my_decisions() -> rx.Component:
    """One below the other, the latest first."""
    s = MyDecisionsState
    return holder_page(
        "Decisions",
        easy_read_switch(s.easy_read, turn=s.read_easily(~s.easy_read)),
        rx.cond(
            s.ready,
            rx.cond(s.found, rx.foreach(s.found, _row), paragraph("There is no decision to read.")),
            loading(),
        ),
        paragraph(link("Choose how you get letters", routes.MY_LETTERS)),
        state=s,
        before=back_link(routes.MY_BUDGET, "My budget"),
        easy_read=s.easy_read,
    )


def _row(one: rx.Var[OwnDecision]) -> rx.Component:
    return rx.el.section(
        heading(one.said[0], size="s"),
        paragraph(one.standing),
        paragraph(
            link(
                rx.fragment(
                    "Read why, and what you can do", rx.el.span(": ", one.said[0], class_name="nhsuk-u-visually-hidden")
                ),
                routes.MY_DECISIONS + "/" + one.id,
            )
        ),
        class_name="phb-budget",
    )


def my_decision() -> rx.Component:
    """One decision, whole; then the form."""
    s = MyDecisionState
    return holder_page(
        "A decision about your budget",
        easy_read_switch(s.easy_read, turn=s.read_easily(~s.easy_read)),
        rx.cond(
            s.ready, rx.fragment(decision_parts(s.one, easy=s.easy_read), ask_form(s, s.one)), loading()
        ),
        state=s,
        before=back_link(routes.MY_DECISIONS, "Decisions"),
        easy_read=s.easy_read,
    )  # fmt: skip
