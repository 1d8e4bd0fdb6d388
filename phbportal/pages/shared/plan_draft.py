"""Writing the draft of a plan one is asked to write: by the person, whoever acts for them, or an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.domain.errors import Conflict
from phbportal.domain.plan_parts import Section
from phbportal.domain.regulated_care import ACTIVITY_WORDS
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.planners import Draft, DraftView, draft_to_write
from phbportal.services.plan_drafts import read_draft, save_draft
from phbportal.services.planners import decline_invitation, hand_in, read_note
from phbportal.services.plans import add_outcome, add_service, read_outcome, read_service
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, select
from phbportal.ui.forms import form, text_input, textarea
from phbportal.ui.notices import inset, warning
from phbportal.ui.text import bullets, columns, heading, paragraph
from phbportal.ui.values import when

ACTIVITIES = [Choice(code, words) for code, words in ACTIVITY_WORDS.items()]


class DraftPage(PageState, mixin=True):
    """The draft of one invitation, as text; ``_home`` is where the writer goes when they are done."""

    view: DraftView = DraftView()
    outcomes: list[Choice] = []
    _plan: str = ""
    _version: int = 0
    _versions: dict[str, int] = {}
    _home: str = ""

    @reads(Permission.PLAN_DRAFT)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.PLAN_DRAFT)
    def keep(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        try:
            save_draft(uow, self._plan_id(uow), read_draft(form), seen=self._version, seen_parts=self._versions)
        except Conflict:
            self._seen_now(self._draft(uow))  # what a colleague saved is shown: sent again, it was seen
            raise
        self._show(uow)
        self.notice = "Your words are kept. Nothing is handed in yet."

    @writes(Permission.PLAN_DRAFT)
    def outcome(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        entry, plan_id = read_outcome(form), self._plan_id(uow)
        uow.once("outcome", self.form_key, form, lambda: str(add_outcome(uow, plan_id, entry)))
        self._again(uow, "The outcome is added.")

    @writes(Permission.PLAN_DRAFT)
    def service(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        entry, plan_id = read_service(form), self._plan_id(uow)
        uow.once("service", self.form_key, form, lambda: str(add_service(uow, plan_id, entry)))
        self._again(uow, "It is added.")

    @writes(Permission.PLAN_DRAFT)
    def hand_in(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        hand_in(uow, self._id(), read_note(form, "hand_in_note"))
        return rx.redirect(f"{self._home}?done=handed-in")

    @writes(Permission.PLAN_DRAFT)
    def decline(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        decline_invitation(uow, self._id(), read_note(form, "decline_note"))
        return rx.redirect(f"{self._home}?done=declined")

    def _again(self, uow: UnitOfWork, notice: str) -> None:
        self._show(uow)
        new_form(self)
        self.notice = notice

    def _show(self, uow: UnitOfWork) -> None:
        found = self._draft(uow)
        self.view, self.outcomes = found.view, [Choice(row_id, words) for row_id, words in found.outcomes]
        self._seen_now(found)
        uow.saw("plan", person_id=found.person_id, phb_id=found.phb_id, icb_id=found.icb_id)

    def _seen_now(self, found: Draft) -> None:
        self._version, self._versions = found.row_version, found.versions

    def _draft(self, uow: UnitOfWork) -> Draft:
        return draft_to_write(uow.session, uow.actor, uow.today, self._id())

    def _plan_id(self, uow: UnitOfWork) -> UUID:
        return self._draft(uow).plan_id

    def _id(self) -> UUID:
        return given_id(params_of(self).get("invitation", ""))


@dataclass(frozen=True, slots=True)
class Words:
    """How the page speaks of the person the plan is for."""

    asks: str = " asks you to write this plan with "
    how: str = "You see this one plan, until you hand it in. Talk with the person, and write in their words."
    about_me: str = "Who the person is and how they live, in their own words where you can"
    wants: str = "What the person wants"
    want: str = "What does the person want?"
    know: str = "How will they know it has happened? (optional)"
    after: str = "You will not see the plan any more. The team goes on with it, and shows it to the person."


OF_ANOTHER = Words()
OF_ONES_OWN = Words(
    asks=" asks you to write your plan",
    how="Write in your own words. You can keep what you wrote, and go on another day.",
    about_me="Who you are and how you live",
    wants="What you want",
    want="What do you want?",
    know="How will you know it has happened? (optional)",
    after="You cannot change it here afterwards. Your team goes on with it, and shows it to you.",
)


def draft_content(s: Any, *, own: bool = False) -> rx.Component:
    """What is asked; the words; outcomes and what helps; then handing it in. ``own`` is whether it is the plan of
    whoever writes it."""
    v, words = s.view, OF_ONES_OWN if own else OF_ANOTHER
    return columns(
        paragraph(v.board, words.asks, "" if own else v.person, "."),
        when(v.note, inset(v.note)),
        paragraph(words.how),
        heading("The words"),
        *[
            when(s.theirs[name], inset("A colleague saved this in the meantime: ", s.theirs[name]))
            for name in ("about_me", "what_matters", "contingency", "words")
        ],
        form(
            textarea("about_me", "About me", value=v.about_me, error=s.errors["about_me"], rows=5,
                     hint=words.about_me),
            textarea("what_matters", "What matters to me", value=v.what_matters, error=s.errors["what_matters"],
                     rows=5),
            *[_section(s, section) for section in Section],
            textarea("contingency", "If things go wrong", value=v.contingency, error=s.errors["contingency"], rows=4),
            button_group(button("Keep what I wrote")),
            on_submit=s.keep,
        ),
        heading(words.wants),
        rx.cond(v.outcomes, bullets(v.outcomes), paragraph("Nothing is written yet.")),
        _anew(s, form(
            textarea("statement", words.want, error=s.errors["statement"], rows=2),
            text_input("measure", words.know, error=s.errors["measure"]),
            button_group(button("Add it", kind="secondary")),
            on_submit=s.outcome,
        )),
        heading("What would help"),
        rx.cond(v.services, bullets(v.services), paragraph("Nothing is written yet.")),
        when(
            s.outcomes,
            _anew(s, form(
                textarea("description", "What would be provided or bought?", error=s.errors["description"], rows=2),
                select("outcome", "What is it for?", s.outcomes, error=s.errors["outcome"], blank="Choose one"),
                text_input("who", "Who would do it? (optional)", error=s.errors["who"]),
                text_input("when", "When? (optional)", error=s.errors["when"]),
                select(
                    "activity", "Is it care of one of these kinds?", ACTIVITIES, error=s.errors["activity"],
                    blank="Choose one", hint="Whoever gives such care must be registered. The team sees to that.",
                ),
                button_group(button("Add what helps", kind="secondary")),
                on_submit=s.service,
            )),
        ),
        heading("Hand it in"),
        warning(words.after),
        form(
            textarea("hand_in_note", "Something the team should know (optional)", error=s.errors["hand_in_note"],
                     rows=3),
            button_group(button("Hand the plan in")),
            on_submit=s.hand_in,
        ),
        heading("If you cannot write it"),
        form(
            textarea("decline_note", "Why? (optional)", error=s.errors["decline_note"], rows=2),
            button_group(button("I will not write it", kind="warning")),
            on_submit=s.decline,
        ),
        when(v.manager, paragraph("Questions? Ask ", v.manager, rx.cond(v.email, rx.fragment(", ", v.email), ""), ".")),
    )  # fmt: skip


def _anew(s: Any, form: rx.Component) -> rx.Component:
    """A form that is empty again once what it said was added: the key is then another."""
    return rx.el.div(form, key=s.form_key)


def _section(s: Any, section: Section) -> rx.Component:
    """The box of one section, where the plan has it."""
    name = f"section_{section.value.lower()}"
    return rx.foreach(
        s.view.sections,
        lambda one: rx.cond(
            one.code == section.value,
            textarea(name, one.title, value=one.words, hint=one.hint, error=s.errors[name], rows=4),
            rx.fragment(),
        ),
    )
