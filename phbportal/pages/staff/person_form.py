"""What the forms about one person share: whom they are about, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import engine_page
from phbportal.edge.here import params_of
from phbportal.edge.outcomes import PageState, new_form
from phbportal.queries.ids import given_id
from phbportal.queries.person_forms import PersonBrief, person_brief
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns


class AboutPerson(PageState, mixin=True):
    """A form about a person: their name, and their record's address."""

    name: str = ""
    back: str = ""

    def _about(self, uow: UnitOfWork, page: str) -> PersonBrief:
        """Find the person the address names, for a form that is opened; NotFound if they are out of sight."""
        person_id = self._id()
        brief = person_brief(uow.session, uow.actor, uow.today, person_id)
        self.name, self.back = brief.name, routes.staff_person(person_id)
        new_form(self)
        uow.saw(page, person_id=person_id)
        return brief

    def _id(self, name: str = "person") -> UUID:
        return given_id(params_of(self).get(name, ""))

    def _done(self, code: str) -> Any:
        return rx.redirect(f"{routes.staff_person(self._id())}?done={code}")


def person_form_page(title: Any, *content: Any, state: Any) -> rx.Component:
    """The page of such a form: whose record it is stands above the title."""
    return engine_page(title, columns(*content), state=state, caption=state.name, before=back_link(state.back))
