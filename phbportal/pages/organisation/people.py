"""Who signs in for an organisation: the list, ending a sign-in, inviting a colleague."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import organisation_page
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.invitation import code_words, invitation_form
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.organisation_home import ColleagueRow, colleagues
from phbportal.services.organisation_users import (
    end_colleague,
    invite_colleague,
    read_invitation,
    withdraw_colleague,
)
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import link_button, text_button
from phbportal.ui.links import back_link
from phbportal.ui.tables import Column, table
from phbportal.ui.text import columns, paragraph
from phbportal.ui.values import when


class ColleaguesState(PageState, rx.State):
    """The people of the organisation, as text."""

    rows: list[ColleagueRow] = []

    @reads(Permission.OWN_ORGANISATION_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.rows = colleagues(uow.session, uow.actor, uow.now)
        self.ready = True

    @writes(Permission.OWN_ORGANISATION_WRITE)
    def end(self, uow: UnitOfWork, person: str) -> None:
        end_colleague(uow, given_id(person))
        self.rows = colleagues(uow.session, uow.actor, uow.now)
        self.notice = "Their sign-in has ended."

    @writes(Permission.OWN_ORGANISATION_WRITE)
    def take_back(self, uow: UnitOfWork, code: str) -> None:
        withdraw_colleague(uow, given_id(code))
        self.rows = colleagues(uow.session, uow.actor, uow.now)
        self.notice = "The code no longer works."


class InviteColleagueState(PageState, rx.State):
    """The form that invites a colleague, and the code once it has."""

    code: str = ""

    @reads(Permission.OWN_ORGANISATION_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        new_form(self)
        self.code, self.ready = "", True

    @writes(Permission.OWN_ORGANISATION_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        self.code = invite_colleague(uow, read_invitation(form), key=self.form_key) or self.code


def people() -> rx.Component:
    """The list, and the way to invite."""
    s = ColleaguesState
    return organisation_page(
        "Our people",
        paragraph("These people sign in for your organisation. Each sees every arrangement you have."),
        table(
            "Our people",
            [Column("Name", "name"), Column("Status", "status"), Column("Action", lambda row: _end(s, row))],
            s.rows,
            empty="Nobody signs in for your organisation.",
            caption_hidden=True,
        ),
        link_button("Invite a colleague", routes.ORGANISATION_INVITE, kind="secondary"),
        state=s,
    )


def _end(s: Any, row: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(row.id, text_button("End their sign-in", on_click=s.end(row.id), more=row.name)),
        rx.cond(row.code_id, text_button("Take the code back", on_click=s.take_back(row.code_id), more=row.name)),
    )


def invite() -> rx.Component:
    """Name and e-mail; then the code."""
    s = InviteColleagueState
    return organisation_page(
        "Invite a colleague",
        when(
            s.ready,
            columns(rx.cond(s.code, code_words(s.code), invitation_form(s, back=routes.ORGANISATION_PEOPLE))),
        ),
        state=s,
        before=back_link(routes.ORGANISATION_PEOPLE, "Our people"),
    )
