"""Decisions as somebody reads them who acts for the person: a representative all, a nominee those about the money they
are paid; and asking for one to be looked at again."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.decision import ask_form, decision_parts
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.ids import given_id
from phbportal.queries.own_decisions import OwnDecision, board_of_decisions, one_of, own_decisions
from phbportal.services.policies import whole_setting
from phbportal.services.reconsiderations import ask_again, read_words
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link, link
from phbportal.ui.text import heading, loading, paragraph
from phbportal.ui.values import pick


class ActingDecisions(PageState, mixin=True):
    """The part whose id stands in the address, and what is decided about that person."""

    whose: str = ""
    back: str = ""

    def _found(self, uow: UnitOfWork) -> list[OwnDecision]:
        part_id = given_id(params_of(self).get("part", ""))
        part, person_id = part_of(uow.session, uow.actor, uow.today, part_id)
        self.whose, self.back = part.whose, routes.of_part(routes.ACTING_FOR_DECISIONS, part_id)
        board = board_of_decisions(uow.session, uow.actor, uow.today, person_id)
        days, again = (whole_setting(uow, board, f"reconsideration_{name}") for name in ("days", "again_months"))
        return own_decisions(
            uow.session, uow.actor, uow.today, days=days, again_months=again, person_id=person_id
        )  # fmt: skip


class ActingDecisionsState(ActingDecisions, rx.State):
    """Every decision, as text."""

    found: list[OwnDecision] = []

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.found = self._found(uow)
        self.ready = True


class ActingDecisionState(ActingDecisions, rx.State):
    """One decision, as text, and the form to ask for it to be looked at again."""

    one: OwnDecision = OwnDecision()

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.RECONSIDERATION_ASK)
    def ask(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        words, decision_id = read_words(form), given_id(self.one.id)
        uow.once("ask again", self.form_key, form, lambda: str(ask_again(uow, decision_id, words)))
        self._show(uow)
        self.notice = "You have asked us to look at this decision again."

    def _show(self, uow: UnitOfWork) -> None:
        self.one = one_of(self._found(uow), params_of(self).get("decision", ""))


def decisions() -> rx.Component:
    """One below the other, the latest first."""
    s = ActingDecisionsState
    none = paragraph("There is no decision to read.")
    return acting_page(
        pick(s.whose, "Decisions about " + s.whose, "Decisions"),
        rx.cond(s.ready, rx.cond(s.found, rx.foreach(s.found, lambda one: _row(s, one)), none), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )


def _row(s: Any, one: Any) -> rx.Component:
    hidden = rx.el.span(": ", one.said[0], class_name="nhsuk-u-visually-hidden")
    return rx.el.section(
        heading(one.said[0], size="s"),
        paragraph(one.standing),
        paragraph(link(rx.fragment("Read why, and what you can do", hidden), s.back + "/" + one.id)),
        class_name="phb-budget",
    )


def decision() -> rx.Component:
    """One decision, whole; then the form."""
    s = ActingDecisionState
    return acting_page(
        pick(s.whose, "A decision about " + s.whose, "A decision"),
        rx.cond(s.ready, rx.fragment(decision_parts(s.one, easy=False), ask_form(s, s.one)), loading()),
        state=s,
        before=back_link(s.back, "Decisions"),
    )
