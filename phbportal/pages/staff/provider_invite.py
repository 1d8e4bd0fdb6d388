"""Inviting the first person who signs in for an organisation."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.invitation import code_words, invitation_form
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.organisations import organisation_record
from phbportal.services.organisation_users import invite_first, read_invitation
from phbportal.services.reference_data import authority_names
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, paragraph
from phbportal.ui.values import when


class InviteFirstState(PageState, rx.State):
    """The form, and the code once somebody is invited."""

    name: str = ""
    back: str = ""
    code: str = ""

    @reads(Permission.ORGANISATION_INVITE)
    def load(self, uow: UnitOfWork) -> None:
        found = organisation_record(uow.session, uow.actor, uow.today, authority_names(), self._id())
        self.name, self.back, self.code = found.name, routes.staff_provider(self._id()), ""
        new_form(self)
        self.ready = True

    @writes(Permission.ORGANISATION_INVITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        self.code = invite_first(uow, self._id(), read_invitation(form), key=self.form_key) or self.code

    def _id(self) -> UUID:
        return given_id(params_of(self).get("organisation", ""))


def provider_invite() -> rx.Component:
    """Whom to invite; then the code."""
    s = InviteFirstState
    form = rx.fragment(
        paragraph("They will see what boards entrust to this organisation, and invite their own colleagues."),
        invitation_form(s, back=s.back),
    )
    return staff_page(
        "Invite somebody to sign in",
        when(s.ready, columns(rx.cond(s.code, code_words(s.code), form))),
        state=s,
        caption=s.name,
        before=back_link(s.back),
    )
