"""Writing the words of a plan; when somebody else saved first, both versions side by side and a choice a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.errors import Conflict, Problem, Refusal
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.plans import WORDS, plan_id_of, plan_of
from phbportal.services.plans import read_plan, write_plan
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.cards import card
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import form, textarea
from phbportal.ui.sections import paragraphs
from phbportal.ui.text import heading, paragraph, side_by_side

PAGE = "plan words"
HINTS = {
    "about_me": "Who the person is, their health and how they live, in their own words where you can.",
    "what_matters": "What the person wants their days to be like.",
    "contingency": "What to do when somebody is ill or something breaks down, and who to call.",
}


@dataclass(frozen=True, slots=True)
class Clash:
    """One part of the plan written twice: what a colleague saved, and what this person typed, in paragraphs."""

    field: str
    label: str
    theirs: list[str]
    mine: list[str]
    error: str = ""


class PlanWordsState(PhbPage, rx.State):
    """The words as they stand, and what is to be chosen between after a clash."""

    about_me: str = ""
    what_matters: str = ""
    contingency: str = ""
    clashes: list[Clash] = []
    _version: int = 0
    _theirs: dict[str, str] = {}
    _mine: dict[str, str] = {}

    @reads(Permission.PLAN_WRITE)
    def load(self, uow: UnitOfWork) -> Any:
        case = self._open(uow, PAGE)
        plan = plan_of(uow.session, uow.actor, uow.today, case.id)
        if plan is None:
            return rx.redirect(case.head.plan_href)
        self.about_me, self.what_matters = plan.words["about_me"], plan.words["what_matters"]
        self.contingency, self._version = plan.words["contingency"], plan.row_version
        self.clashes, self.ready = [], True
        return None

    @writes(Permission.PLAN_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._write(uow, form)

    @writes(Permission.PLAN_WRITE)
    def settle(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._write(uow, self._chosen(form))

    def _write(self, uow: UnitOfWork, words: dict[str, str]) -> object:
        plan_id = plan_id_of(uow.session, uow.actor, uow.today, self._param("phb"))
        try:
            write_plan(uow, plan_id, read_plan(words), seen_version=self._version)
        except Conflict as clash:
            if clash.theirs != clash.mine:  # the same words twice are a form sent twice
                self._show_clash(clash)
                raise
        return self._back(routes.STAFF_PHB_PLAN, "words")

    def _show_clash(self, clash: Conflict) -> None:
        self._version, self._theirs, self._mine = clash.row_version, clash.theirs, clash.mine
        self.clashes = [
            Clash(f"keep_{name}", label, clash.theirs[name].splitlines(), clash.mine[name].splitlines())
            for name, label in WORDS.items()
            if clash.theirs[name] != clash.mine[name]
        ]

    def _chosen(self, form: dict[str, str]) -> dict[str, str]:
        """The words of the chosen side of each clash; refuses a clash nobody decided."""
        open_ones = [c for c in self.clashes if form.get(c.field) not in ("theirs", "mine")]
        if open_ones:
            raise Refusal(*(Problem(f"Choose which words to keep for “{c.label}”.", c.field) for c in open_ones))
        theirs = {c.field.removeprefix("keep_") for c in self.clashes if form[c.field] == "theirs"}
        return {name: (self._theirs if name in theirs else self._mine)[name] for name in WORDS}


def plan_words() -> rx.Component:
    """The form, or after a clash the two versions."""
    s = PlanWordsState
    return phb_page(
        rx.cond(s.clashes, "Choose which words to keep", "Write the plan"),
        rx.cond(s.clashes, _choice(s), _form(s)),
        state=s,
        up=("Plan", s.head.plan_href),
    )


def _form(s: Any) -> rx.Component:
    boxes = [
        textarea(name, label, value=getattr(s, name), error=s.errors[name], hint=HINTS[name], rows=8, size="m")
        for name, label in WORDS.items()
    ]
    leave = link_button("Leave without saving", s.head.plan_href, kind="secondary")
    return narrow_form(*boxes, button_group(button("Save the words"), leave), on_submit=s.save)


def _choice(s: Any) -> rx.Component:
    return rx.fragment(
        paragraph("A colleague saved other words while you were writing. Nothing of either is lost."),
        form(rx.foreach(s.clashes, lambda c: _clash(s, c)), button("Save what I chose"), on_submit=s.settle),
    )


def _clash(s: Any, clash: Any) -> rx.Component:
    choices = [Choice("theirs", "Keep the colleague’s words"), Choice("mine", "Keep my words")]
    return rx.el.div(
        heading(clash.label),
        side_by_side(
            card("What the colleague saved", paragraphs(clash.theirs, empty="Nothing."), level=3),
            card("What you wrote", paragraphs(clash.mine, empty="Nothing."), level=3),
        ),
        radios(
            clash.field,
            "Which words for “" + clash.label + "” do you want to keep?",
            choices,
            error=s.errors[clash.field],
            inline=True,
        ),
    )
