"""What the forms about one user share: whom they are about, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES
from phbportal.edge.here import params_of
from phbportal.edge.outcomes import PageState, new_form
from phbportal.queries.ids import given_id
from phbportal.queries.user_record import UserBrief, user_brief
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice
from phbportal.ui.forms import date_input, money_input, textarea
from phbportal.ui.links import back_link
from phbportal.ui.text import columns
from phbportal.ui.values import when

STAFF_CHOICES = [
    Choice(role.value, ROLE_WORDS[role].capitalize()) for role in sorted(STAFF_ROLES, key=ROLE_WORDS.__getitem__)
]  # fmt: skip


class AboutUser(PageState, mixin=True):
    """A form about a user: their name, and their record's address."""

    name: str = ""
    back: str = ""

    def _about(self, uow: UnitOfWork) -> UserBrief:
        """Find the user the address names; NotFound if they are out of sight."""
        brief = user_brief(uow.session, uow.actor, uow.today, self._id())
        self.name, self.back = brief.name, routes.staff_user(brief.id)
        new_form(self)
        return brief

    def _id(self, name: str = "user") -> UUID:
        return given_id(params_of(self).get(name, ""))

    def _done(self, code: str) -> Any:
        return rx.redirect(f"{routes.staff_user(self._id())}?done={code}")


def user_form_page(title: Any, *content: Any, state: Any) -> rx.Component:
    """The page of such a form: whose record it is stands above the title."""
    shown = when(state.ready, columns(*content))
    return staff_page(title, shown, state=state, caption=state.name, before=back_link(state.back))


def limit_field(s: Any, value: Any = "") -> rx.Component:
    """An approver's limit."""
    return money_input(
        "limit", "Sign-off limit a week, for an approver", value=value, error=s.errors["limit"],
        hint="Leave it empty for any amount, or for another role",
    )  # fmt: skip


def end_field(s: Any, *, day: Any = "", month: Any = "", year: Any = "") -> rx.Component:
    """The last day of a role."""
    return date_input(
        "ends_on", "Last day of the role", day=day, month=month, year=year, error=s.errors["ends_on"],
        hint="Leave it empty if the role has no end. For example, 31 3 2027",
    )  # fmt: skip


def reason_field(s: Any) -> rx.Component:
    """Why, for the second person."""
    return textarea(
        "reason", "Why do they need it?", error=s.errors["reason"], rows=3,
        hint="The person who grants it reads this",
    )  # fmt: skip
