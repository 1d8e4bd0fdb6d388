"""A holder's review: when it is, what will be asked, what they say beforehand; and asking for one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.domain.errors import NotFound
from phbportal.edge.markers import writes
from phbportal.pages.shared.own_review import OwnReviewPage, own_review
from phbportal.policy.permissions import Permission
from phbportal.queries.holder_facts import own_person
from phbportal.services.people import set_easy_read
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.easy_read import easy_read_switch
from phbportal.ui.links import back_link
from phbportal.ui.text import loading


class MyReviewState(OwnReviewPage, rx.State):
    """The holder's own reviews."""

    easy_read: bool = False

    @writes(Permission.OWN_SETTINGS_WRITE)
    def read_easily(self, uow: UnitOfWork, on: bool) -> None:
        set_easy_read(uow, on)
        self.easy_read = on

    def _person(self, uow: UnitOfWork) -> UUID:
        person = own_person(uow.session, uow.actor, uow.today)
        if person is None:  # a representative, whose own page this is not
            raise NotFound()
        self.easy_read = person.easy_read
        return person.id


def my_review() -> rx.Component:
    """The review to come, with the switch for easy read."""
    s: Any = MyReviewState
    return holder_page(
        "My review",
        easy_read_switch(s.easy_read, turn=s.read_easily(~s.easy_read)),
        rx.cond(s.ready, own_review(s, easy=s.easy_read), loading()),
        state=s,
        before=back_link(routes.MY_PLAN, "My plan"),
        easy_read=s.easy_read,
    )
