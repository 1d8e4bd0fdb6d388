"""The documents kept with a holder's budgets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.domain.errors import NotFound
from phbportal.pages.shared.own_documents import OwnDocumentsPage, own_document_list
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import loading, paragraph


class MyDocumentsState(OwnDocumentsPage, rx.State):
    """The holder's own."""

    def _person(self, uow: UnitOfWork) -> UUID:
        if uow.actor.person_id is None:  # staff and representatives, who have pages of their own
            raise NotFound()
        return uow.actor.person_id


def my_documents() -> rx.Component:
    """What they gave, and what they were given."""
    s: Any = MyDocumentsState
    return holder_page(
        "My documents",
        paragraph("Your team keeps these with your budget: what you gave them, and what they gave you."),
        rx.cond(s.ready, own_document_list(s, team="your team"), loading()),
        state=s,
        before=back_link(routes.MY_BUDGET, "My budget"),
    )
