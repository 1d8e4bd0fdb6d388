"""Proposing roles: somebody new, a further role, another limit or end; and ending a role."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import engine_page
from phbportal.domain.roles import Role
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.staff.user_form import (
    STAFF_CHOICES,
    AboutUser,
    end_field,
    limit_field,
    reason_field,
    user_form_page,
)
from phbportal.policy.permissions import Permission
from phbportal.queries.user_record import RoleForm, role_form
from phbportal.queries.users import somebody_else_grants
from phbportal.services.leavers import end_role
from phbportal.services.role_proposals import (
    change_role,
    propose_invitation,
    propose_role,
    read_further_role,
    read_invitation,
    read_role_change,
)
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import radios
from phbportal.ui.forms import form, text_input
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import inset, warning
from phbportal.ui.text import columns, paragraph
from phbportal.ui.values import when

SECOND = "Another person must grant this: an approver, an auditor or another administrator. You cannot, nor can they."


ALONE = (
    "Nobody else at your board can grant a role yet. Ask whoever runs the portal for a code for a second administrator "
    "first: a board’s first two administrators need nobody to grant it."
)


class InviteState(PageState, rx.State):
    """The form that proposes somebody new; ``alone`` is whether nobody could grant it."""

    alone: bool = False

    @reads(Permission.ROLE_GRANT_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        self.alone = not somebody_else_grants(uow.session, uow.actor, uow.today)
        new_form(self)
        self.ready = True

    @writes(Permission.ROLE_GRANT_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_invitation(form, uow.today)
        grant_id = uow.once("invitation", self.form_key, form, lambda: str(propose_invitation(uow, entry)))
        return rx.redirect(f"{routes.staff_role_grant(grant_id)}?done=proposed")


class FurtherRoleState(AboutUser, rx.State):
    """The form that proposes a further role."""

    @reads(Permission.ROLE_GRANT_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow)
        self.ready = True

    @writes(Permission.ROLE_GRANT_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_further_role(form, uow.today)
        grant_id = uow.once("role", self.form_key, form, lambda: str(propose_role(uow, self._id(), entry)))
        return rx.redirect(f"{routes.staff_role_grant(grant_id)}?done=proposed")


class OfRole(AboutUser, mixin=True):
    """A form about one role of a user."""

    held: RoleForm = RoleForm(Role.APPROVER, "", "", "", "", "", False)

    def _about_role(self, uow: UnitOfWork) -> None:
        self._about(uow)
        self.held = role_form(uow.session, uow.actor, uow.today, self._id(), self._id("assignment"))
        self.ready = True


class ChangeRoleState(OfRole, rx.State):
    """The form that changes a role's limit or end."""

    @reads(Permission.ROLE_GRANT_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        self._about_role(uow)

    @writes(Permission.ROLE_GRANT_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_role_change(form, self.held.role, uow.today)
        result = uow.once(
            "change of a role", self.form_key, form, lambda: str(change_role(uow, self._id("assignment"), entry) or "")
        )
        return rx.redirect(f"{routes.staff_role_grant(result)}?done=proposed") if result else self._done("shortened")


class EndRoleState(OfRole, rx.State):
    """The question whether to end a role."""

    @reads(Permission.USER_END)
    def load(self, uow: UnitOfWork) -> None:
        self._about_role(uow)

    @writes(Permission.USER_END)
    def end(self, uow: UnitOfWork) -> object:
        end_role(uow, self._id("assignment"))
        return self._done("ended")


def invite() -> rx.Component:
    """Who, how to reach them, which role, until when, why."""
    s = InviteState
    return engine_page(
        "Invite somebody",
        columns(
            when(s.alone, warning(ALONE)),
            inset(SECOND),
            form(
                text_input("name", "Full name", error=s.errors["name"], width="20", auto_complete="off"),
                text_input(
                    "email", "E-mail address", error=s.errors["email"], width="20", type="email", auto_complete="off",
                    hint="With it the code works for 14 days. Leave it empty to send the code in a letter: 28 days",
                ),
                radios("role", "Role", STAFF_CHOICES, error=s.errors["role"]),
                limit_field(s),
                end_field(s),
                reason_field(s),
                button_group(button("Propose this person"), link("Cancel", routes.STAFF_USERS)),
                on_submit=s.save,
            ),
        ),
        state=s,
        before=back_link(routes.STAFF_USERS),
    )  # fmt: skip


def further_role() -> rx.Component:
    """Which role, until when, why."""
    s = FurtherRoleState
    return user_form_page(
        "Propose a role",
        inset(SECOND),
        form(
            radios("role", "Role", STAFF_CHOICES, error=s.errors["role"]),
            limit_field(s),
            end_field(s),
            reason_field(s),
            button_group(button("Propose this role"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )


def change() -> rx.Component:
    """The limit and the last day as they stand, and why they should change."""
    s = ChangeRoleState
    return user_form_page(
        "Change a role",
        paragraph("Today: ", s.held.words, "."),
        inset("An earlier last day is saved at once. Anything else must be granted by another person."),
        form(
            when(s.held.shows_limit, limit_field(s, s.held.limit)),
            end_field(s, day=s.held.day, month=s.held.month, year=s.held.year),
            reason_field(s),
            button_group(button("Save the change"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )


def end() -> rx.Component:
    """What ending a role does."""
    s = EndRoleState
    return user_form_page(
        "End a role",
        paragraph(s.held.words, "."),
        warning(
            "The role ends now. If they are working in it they are signed out within seconds. To give it back it must "
            "be proposed and granted anew."
        ),
        button_group(button("End this role", kind="warning", on_click=s.end), link("Cancel", s.back)),
        state=s,
    )
