"""Adding to a plan that is being written: an outcome, a service."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.regulated_care import ACTIVITY_WORDS, GIVEN_BY_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.organisation_choice import OrganisationChoice, no_organisation, organisation_search
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.plans import PlanRecord, plan_id_of, plan_of
from phbportal.services.excuses import propose_service, read_because
from phbportal.services.plans import add_outcome, add_service, read_outcome, read_service
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios, select
from phbportal.ui.forms import date_input, text_input, textarea
from phbportal.ui.links import link
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

ACTIVITIES = [Choice(code, words) for code, words in ACTIVITY_WORDS.items()]
GIVEN_BY = [Choice(code, words) for code, words in GIVEN_BY_WORDS.items()]
FIRST = "If an organisation gives care that must be registered, find it here first."
WHICH = "Which organisation gives it? (optional)"


class PlanAddition(PhbPage, mixin=True):
    """A form that adds one thing to the plan."""

    def _begin(self, uow: UnitOfWork, page: str) -> PlanRecord | None:
        case = self._open(uow, page)
        new_form(self)
        self.ready = True
        return plan_of(uow.session, uow.actor, uow.today, case.id)

    def _plan(self, uow: UnitOfWork) -> Any:
        return plan_id_of(uow.session, uow.actor, uow.today, self._param("phb"))


class OutcomeState(PlanAddition, rx.State):
    @reads(Permission.PLAN_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self._begin(uow, "new outcome")

    @writes(Permission.PLAN_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry, plan = read_outcome(form), self._plan(uow)
        uow.once("outcome", self.form_key, form, lambda: str(add_outcome(uow, plan, entry)))
        return self._back(routes.STAFF_PHB_PLAN, "outcome")


class ServiceState(PlanAddition, OrganisationChoice, rx.State):
    """The outcomes to choose from, and the organisations found, for care that must be registered."""

    outcomes: list[Choice] = []
    asks_why: bool = False

    @reads(Permission.PLAN_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        plan, self.asks_why = self._begin(uow, "new service"), False
        self.organisations, self.organisation = [], ""
        self.outcomes = [Choice(o.id, o.statement) for o in plan.view.outcomes] if plan else []

    @reads(Permission.PLAN_WRITE)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        self._find(uow, form)

    @writes(Permission.PLAN_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry, plan, because = read_service(form), self._plan(uow), read_because(form)
        self.asks_why = True  # shown once something stands in the way: the form is left when nothing does
        if because:
            uow.once("excuse", self.form_key, form, lambda: str(propose_service(uow, plan, entry, because)))
            return self._back(routes.STAFF_PHB_PLAN, "excuse")
        uow.once("service", self.form_key, form, lambda: str(add_service(uow, plan, entry)))
        return self._back(routes.STAFF_PHB_PLAN, "service")


def outcome() -> rx.Component:
    """The form for an outcome."""
    s = OutcomeState
    return phb_page(
        "Add an outcome",
        narrow_form(
            textarea(
                "statement", "What does the person want?", error=s.errors["statement"], rows=3,
                hint="In their own words, for example “I get up when I choose”.",
            ),
            text_input("measure", "How will you know it has happened? (optional)", error=s.errors["measure"]),
            date_input("target_on", "By when? (optional)", error=s.errors["target_on"]),
            _save(s, "Add the outcome"),
            on_submit=s.save,
        ),
        state=s,
        up=("Plan", s.head.plan_href),
    )  # fmt: skip


def service() -> rx.Component:
    """The form for a service."""
    s = ServiceState
    return phb_page(
        "Add a service",
        rx.cond(
            s.outcomes,
            rx.fragment(paragraph(FIRST), organisation_search(s), narrow_form(
                textarea("description", "What will be provided or bought?", error=s.errors["description"], rows=3),
                select(
                    "outcome", "Which outcome is it for?", s.outcomes, error=s.errors["outcome"],
                    blank="Choose an outcome",
                ),
                text_input("who", "Who provides it? (optional)", error=s.errors["who"]),
                text_input("when", "When? (optional)", error=s.errors["when"], hint="For example, every morning"),
                select(
                    "activity", "Is it care that must be registered?", ACTIVITIES, error=s.errors["activity"],
                    blank="Choose", hint="Whoever gives it is then registered with the Care Quality Commission (CQC).",
                ),
                radios(
                    "given_by", "Who gives such care? (optional)", GIVEN_BY, error=s.errors["given_by"],
                    hint="Only for care that must be registered. It is needed before the plan is sent.",
                ),
                rx.cond(
                    s.organisations,
                    radios("organisation", WHICH, s.organisations, error=s.errors["organisation"]),
                    no_organisation(
                        s.errors["organisation"], WHICH,
                        "Only if an organisation gives it, and not the holder of a third-party budget.",
                    ),
                ),
                when(
                    s.asks_why,
                    textarea(
                        "because", "Why may the money buy it?", error=s.errors["because"], rows=3,
                        hint="Only if it looks as if it could not. An approver reads this and agrees, or does not.",
                    ),
                ),
                _save(s, "Add the service"),
                on_submit=s.save,
            )),
            paragraph(
                "Each service is for an outcome, and there are none yet. ",
                link("Add an outcome first", s.head.plan_href + "/outcome"),
            ),
        ),
        state=s,
        up=("Plan", s.head.plan_href),
    )  # fmt: skip


def _save(s: Any, words: str) -> rx.Component:
    return button_group(button(words), link_button("Leave without saving", s.head.plan_href, kind="secondary"))
