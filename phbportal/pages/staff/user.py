"""One user: roles with their dates, ways of signing in, what was proposed about them; nothing they work on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.addresses import new_address
from phbportal.admin.beside_page import beside, beside_keys
from phbportal.admin.frame import staff_page
from phbportal.domain.plans import BODY_WORDS
from phbportal.domain.registrations import REGISTERS
from phbportal.edge.here import params_of
from phbportal.edge.house import hall
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.registrations import RegistrationRow, registrations_of
from phbportal.queries.role_grants import GrantRow
from phbportal.queries.user_record import HeldRole, SignInRow, UserRecord, user_record
from phbportal.resources.registrations import REGISTRATIONS
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button_group, link_button
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.tables import Column, line, link_cell, summary_list, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import bullets, heading, paragraph
from phbportal.ui.values import pick, when

DONE = {
    "shortened": "The last day of the role is saved.",
    "ended": "The role has ended.",
    "disabled": "This person is disabled and signed out everywhere.",
}
COLOURS: dict[str, Colour] = {"In force": "green", "Not begun": "yellow", "Ended": "grey", "In use": "green",
                              "Disabled": "red"}  # fmt: skip


class UserState(PageState, rx.State):
    """A user's record, as text."""

    name: str = ""
    email: str = ""
    status: str = ""
    sessions: str = ""
    budgets: str = ""
    disabled: bool = False
    roles: list[HeldRole] = []
    sign_ins: list[SignInRow] = []
    grants: list[GrantRow] = []
    registrations: list[RegistrationRow] = []
    registration_href: str = ""
    base: str = ""
    looks_href: str = ""
    may_change: bool = False

    @reads(Permission.USER_READ)
    def load(self, uow: UnitOfWork) -> None:
        user_id = given_id(params_of(self).get("user", ""))
        self._show(user_record(uow.session, uow.actor, uow.now, uow.today, user_id))
        about = Subject(icbs=frozenset({uow.actor.icb_id} if uow.actor.icb_id else ()), user_id=user_id)
        self.may_change = uow.decide(Permission.ROLE_GRANT_PROPOSE, about).allowed
        looks = uow.decide(Permission.ACCESS_READ, about).allowed
        self.looks_href = f"{routes.STAFF_ACCESS}?user={user_id}" if looks else ""
        self.registrations = list(registrations_of(uow.session, uow.actor, uow.today, user_id))
        records = uow.decide(Permission.REGISTRATION_WRITE, about).allowed
        self.registration_href = new_address(REGISTRATIONS, {"user_id": str(user_id)}) if records else ""
        self.notice = DONE.get(params_of(self).get("done", ""), "")
        self.ready = True

    def _show(self, found: UserRecord) -> None:
        self.name, self.email, self.status = found.name, found.email, found.status
        self.base, self.disabled = routes.staff_user(found.id), found.is_disabled
        self.sessions, self.budgets = found.sessions, found.budgets
        self.roles, self.sign_ins, self.grants = list(found.roles), _named(found.sign_ins), list(found.grants)


def _named(sign_ins: Iterable[SignInRow]) -> list[SignInRow]:
    """Ways of signing in by the name people call them, not by the one in the settings."""
    clients = hall().clients
    named = {code: client.provider.known_as or client.provider.title for code, client in clients.items()}
    return [replace(row, provider=named.get(row.provider) or row.provider) for row in sign_ins]


def user() -> rx.Component:
    """Who they are; roles; sign-ins; what was proposed."""
    s = UserState
    return staff_page(
        s.name,
        beside(),
        when(s.may_change, _buttons(s)),
        summary_list(
            [
                line("Status", s.status),
                line("E-mail address", s.email),
                line("Sessions", s.sessions),
                line("Case manager of", s.budgets, shown=s.budgets),
            ]
        ),
        heading("Roles at your board"),
        table(
            "Roles at your board",
            [
                Column("Role", "role"),
                Column("Limit", "limit"),
                Column("From", "starts"),
                Column("To", "ends"),
                Column("Status", lambda row: status_tag(row.status, COLOURS)),
                Column("Change", lambda row: _acts(s, row)),
            ],
            s.roles,
            empty="They have had no role at your board.",
            caption_hidden=True,
        ),
        _registrations(s),
        heading("Ways of signing in"),
        table(
            "Ways of signing in",
            [
                Column("Way in", "provider"),
                Column("Last used", "last_used"),
                Column("Status", lambda row: status_tag(row.status, COLOURS)),
            ],
            s.sign_ins,
            empty="They have not signed in yet.",
            caption_hidden=True,
        ),
        heading("What was proposed about them"),
        table(
            "What was proposed about them",
            [
                Column("What", link_cell("what", "href")),
                Column("Proposed by", "proposed"),
                Column("Outcome", "outcome"),
            ],
            s.grants,
            empty="Nothing has been proposed here.",
            caption_hidden=True,
        ),
        when(s.looks_href, paragraph(link("See what they looked at", s.looks_href))),
        beside_keys(),
        state=s,
        before=breadcrumb(("Users", routes.STAFF_USERS)),
    )


def _registrations(s: Any) -> rx.Component:
    """What is recorded, the way to record more, and where anybody may look it up."""
    return rx.fragment(
        heading("Professional registrations"),
        table(
            "Professional registrations",
            [
                Column("Registered with", "body"),
                Column("Number", link_cell("number", "href")),
                Column("Until", "ends"),
                Column("Status", lambda row: status_tag(row.status, COLOURS)),
            ],
            s.registrations,
            empty="None is recorded. A clinician needs one to sign plans off.",
            caption_hidden=True,
        ),
        when(
            s.registration_href,
            link_button("Record a registration", s.registration_href, kind="secondary"),
            paragraph("Look it up on the register of the body first:"),
            bullets([link(BODY_WORDS[body], href, leaves=True) for body, href in REGISTERS.items()]),
        ),
    )


def _buttons(s: Any) -> rx.Component:
    return button_group(
        when(
            ~s.disabled,
            link_button("Propose a role", s.base + "/new-role", kind="secondary"),
            link_button("Disable this person", s.base + "/disable", kind="secondary"),
        ),
        when(s.disabled, link_button("Let them sign in again", s.base + "/enable", kind="secondary")),
        when(s.budgets, link_button("Give their budgets to somebody else", s.base + "/budgets", kind="secondary")),
    )


def _acts(s: Any, row: Any) -> rx.Component:
    return pick(
        s.may_change,
        rx.fragment(
            when(row.change_href, link("Change", row.change_href, hidden=row.role), " "),
            when(row.end_href, link("End this role", row.end_href, hidden=row.role)),
        ),
        rx.fragment(),
    )
