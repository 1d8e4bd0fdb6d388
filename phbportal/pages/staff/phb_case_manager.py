"""Giving one budget to another case manager."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.user_record import case_manager_of, case_managers
from phbportal.services.cases import change_case_manager, read_case_manager
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, select
from phbportal.ui.text import paragraph


class CaseManagerState(PhbPage, rx.State):
    """Whose it is now, and to whom it may go."""

    others: list[Choice] = []
    _seen: UUID | None = None

    @reads(Permission.CASES_REASSIGN)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, "case manager form")
        self._seen = case_manager_of(uow.session, uow.actor, uow.today, case.id)
        found = case_managers(uow.session, uow.actor, uow.today)
        self.others = [Choice(str(user_id), name) for user_id, name in found if user_id != self._seen]
        self.ready = True

    @writes(Permission.CASES_REASSIGN)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        change_case_manager(uow, self._case(uow).id, read_case_manager(form), seen=self._seen)
        return self._back(routes.STAFF_PHB, "case-manager")


def case_manager() -> rx.Component:
    """One question."""
    s = CaseManagerState
    return phb_page(
        "Change the case manager",
        paragraph("Today: ", s.head.case_manager, "."),
        narrow_form(
            select(
                "case_manager", "Give this budget to", s.others, blank="Choose a case manager",
                error=s.errors["case_manager"],
            ),
            button_group(button("Save"), link_button("Leave it as it is", s.head.href, kind="secondary")),
            on_submit=s.save,
        ),
        state=s,
    )  # fmt: skip
