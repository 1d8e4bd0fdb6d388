"""One person's record."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.addresses import new_address
from phbportal.admin.beside_page import beside, beside_keys
from phbportal.admin.frame import staff_page
from phbportal.admin.history import Told, told
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.pages.staff.person_helpers import assessments, helpers
from phbportal.pages.staff.person_sections import budgets, direct_payments, eligibility, history, looks, needs, tasks
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.assessments import AssessmentRow, assessments_of
from phbportal.queries.ids import given_id
from phbportal.queries.looks import LookRow, looks_at
from phbportal.queries.needs import NeedsRow, assessments_of_needs
from phbportal.queries.paging import Place
from phbportal.queries.people_who_help import HelperRow, helpers_of
from phbportal.queries.person import BudgetRow, ConsentRow, EligibilityRow, Fact, PersonRecord, TaskRow, person_record
from phbportal.resources.life import STAYS
from phbportal.resources.needs import NEEDS
from phbportal.resources.people import PEOPLE
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button_group, link_button
from phbportal.ui.links import breadcrumb
from phbportal.ui.tables import summary_list
from phbportal.ui.values import pick, when

DONE = {
    "added": "The person was added. Next, record why they may have a budget.",
    "changed": "The details were saved.",
    "eligibility": "The eligibility was recorded. You can open a budget now.",
    "consent": "The consent was recorded.",
    "withdrawn": "The withdrawal was recorded. Nothing is paid by direct payment from that day on.",
    "check": "The check was recorded.",
    "helper": "They were added. A representative or nominee now accepts, is checked, and is agreed by an approver.",
    "capacity": "The assessment was recorded.",
    "sign-in": "The sign-in was changed.",
    "death": "The death was recorded. Payments have stopped, and the budgets can be closed.",
}


class PersonState(PageState, rx.State):
    """A person's record, as text."""

    name: str = ""
    base: str = ""
    facts: list[Fact] = []
    signs_in: bool = False
    alive: bool = False
    stay_href: str = ""
    eligibilities: list[EligibilityRow] = []
    consents: list[ConsentRow] = []
    check: str = ""
    missing_for_payment: list[str] = []
    budgets: list[BudgetRow] = []
    tasks: list[TaskRow] = []
    history: list[Told] = []
    has_newer: bool = False
    has_older: bool = False
    looks: list[LookRow] = []
    may_write: bool = False
    sees_eligibility: bool = False
    sees_consents: bool = False
    sees_looks: bool = False
    helpers: list[HelperRow] = []
    assessments: list[AssessmentRow] = []
    needs: list[NeedsRow] = []
    sees_needs: bool = False
    needs_href: str = ""
    _newer: str = ""
    _older: str = ""

    @reads(Permission.PERSON_READ)
    def load(self, uow: UnitOfWork) -> None:
        person_id = given_id(params_of(self).get("person", ""))
        self._show(person_record(uow.session, uow.actor, uow.today, person_id))
        self.base = routes.staff_person(person_id)
        self.stay_href = new_address(STAYS, {"person_id": str(person_id)})
        self.may_write = could_ever(uow.actor, Permission.PERSON_WRITE)
        self.sees_eligibility = could_ever(uow.actor, Permission.ELIGIBILITY_READ)
        self.sees_consents = could_ever(uow.actor, Permission.CONSENT_READ)
        self.sees_looks = could_ever(uow.actor, Permission.ACCESS_READ)
        self.looks = list(looks_at(uow.session, uow.actor, uow.today, person_id)) if self.sees_looks else []
        self.helpers = list(helpers_of(uow.session, uow.actor, uow.today, person_id))
        self.assessments = list(assessments_of(uow.session, uow.actor, uow.today, person_id))
        self._show_needs(uow, person_id)
        self._show_history(uow, Place())
        self.notice = DONE.get(params_of(self).get("done", ""), "")
        self.ready = True
        uow.saw("person record", person_id=person_id)

    @reads(Permission.HISTORY_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> None:
        self._show_history(uow, Place(self._newer if direction == "newer" else self._older, direction))
        uow.saw("history", person_id=given_id(params_of(self).get("person", "")))

    def _show(self, record: PersonRecord) -> None:
        self.name, self.facts, self.signs_in = record.name, list(record.facts), record.signs_in
        self.alive = record.alive
        self.eligibilities, self.consents = list(record.eligibilities), list(record.consents)
        self.check, self.missing_for_payment = record.check, list(record.missing)
        self.budgets, self.tasks = list(record.budgets), list(record.tasks)

    def _show_needs(self, uow: UnitOfWork, person_id: UUID) -> None:
        self.sees_needs = could_ever(uow.actor, Permission.NEEDS_READ)
        found = assessments_of_needs(uow.session, uow.actor, uow.today, person_id) if self.sees_needs else ()
        self.needs = list(found)
        named = {one.id: one.assessed for one in found}
        self.eligibilities = [replace(one, rests_on=named.get(one.rests_on, "")) for one in self.eligibilities]
        writes = could_ever(uow.actor, Permission.NEEDS_WRITE) and self.alive
        self.needs_href = new_address(NEEDS, {"person_id": str(person_id)}) if writes else ""

    def _show_history(self, uow: UnitOfWork, place: Place) -> None:
        person_id = given_id(params_of(self).get("person", ""))
        found = told(uow.session, uow.actor, uow.today, PEOPLE, person_id, column="person_id", place=place)
        self.history, self._newer, self._older = found
        self.has_newer, self.has_older = bool(self._newer), bool(self._older)


def person() -> rx.Component:
    """Who they are; budgets; why; direct payments; tasks; what happened; who looked."""
    s = PersonState
    return staff_page(
        s.name,
        beside(),
        when(
            s.may_write,
            button_group(
                link_button("Change details", s.base + "/change", kind="secondary"),
                link_button(
                    pick(s.signs_in, "Switch sign-in off", "Switch sign-in on"),
                    s.base + "/sign-in", kind="secondary",
                ),
                when(s.alive, link_button("Record a death", s.base + "/death", kind="secondary")),
                when(s.alive, link_button("Record a stay in hospital", s.stay_href, kind="secondary")),
            ),
        ),
        summary_list(s.facts),
        budgets(s),
        when(s.sees_needs, needs(s)),
        when(s.sees_eligibility, eligibility(s)),
        helpers(s),
        when(s.sees_consents, direct_payments(s), assessments(s)),
        tasks(s),
        history(s),
        when(s.sees_looks, looks(s)),
        beside_keys(),
        state=s,
        before=breadcrumb(("People", routes.STAFF_PEOPLE)),
    )  # fmt: skip
