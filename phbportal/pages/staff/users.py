"""Who works at the board: search, filter by role, page on; and the invitations that are open."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.domain.roles import ROLE_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.role_grants import ProposalRow, proposals
from phbportal.queries.users_list import LISTED, InvitationRow, UserRow, open_invitations, users_page
from phbportal.queries.views import kept_view
from phbportal.services.role_grants import withdraw_invitation
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view
from phbportal.ui.buttons import link_button, text_button
from phbportal.ui.choices import Choice, select
from phbportal.ui.links import link
from phbportal.ui.pagination import pager
from phbportal.ui.search import search
from phbportal.ui.tables import Column, link_cell, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import pick, when

PAGE = "users"
ROLES = [Choice(role.value, ROLE_WORDS[role].capitalize()) for role in LISTED]
COLOURS: dict[str, Colour] = {"Active": "green", "Disabled": "red", "No role now": "grey"}
DONE = {
    "withdrawn": "The invitation is withdrawn. Its code does not work any more.",
    "proposed": "It is proposed. Another person must grant it; it is on their work list.",
}


class UsersState(PageState, rx.State):
    """One page of users, as text."""

    rows: list[UserRow] = []
    invitations: list[InvitationRow] = []
    proposals: list[ProposalRow] = []
    search: str = ""
    role: str = ""
    nothing: str = ""
    has_before: bool = False
    has_after: bool = False
    may_invite: bool = False
    _before: str = ""
    _after: str = ""

    @reads(Permission.USER_READ)
    def load(self, uow: UnitOfWork) -> None:
        params = self.router.page.params
        view, self.role = kept_view(uow.session, uow.actor, PAGE, params.get("view", "")), _role(params.get("role", ""))
        page = users_page(
            uow.session, uow.actor, uow.today, search=view.search, role=self.role, cursor=view.cursor,
            direction=view.direction,
        )  # fmt: skip
        self.rows, self.search, self.nothing = list(page.rows), view.search, page.nothing
        self._before, self._after = page.before, page.after
        self.has_before, self.has_after = bool(page.before), bool(page.after)
        self.invitations = list(open_invitations(uow.session, uow.actor, uow.now, uow.today))
        self.proposals = list(proposals(uow.session, uow.actor, uow.today))
        self.may_invite = could_ever(uow.actor, Permission.ROLE_GRANT_PROPOSE)
        self.notice = DONE.get(params.get("done", ""), "")
        self.ready = True

    @writes(Permission.USER_READ)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return _go(uow, _role(form.get("role", "")), search=form.get("search", ""))

    @writes(Permission.USER_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self._before if direction == "before" else self._after
        return _go(uow, self.role, search=self.search, cursor=cursor, direction=direction)

    @writes(Permission.USER_INVITE)
    def withdraw(self, uow: UnitOfWork, invitation: str) -> object:
        withdraw_invitation(uow, given_id(invitation))
        return rx.redirect(f"{routes.STAFF_USERS}?done=withdrawn")


def _role(code: str) -> str:
    return code if code in {choice.value for choice in ROLES} else ""


def _go(uow: UnitOfWork, role: str, *, search: str, cursor: str = "", direction: str = "") -> object:
    address = f"{routes.STAFF_USERS}?role={role}"
    if not search.strip() and not cursor:
        return rx.redirect(address if role else routes.STAFF_USERS)
    view = keep_view(uow, PAGE, search=search, cursor=cursor, direction=direction)
    return rx.redirect(f"{address}&view={view}")


def users() -> rx.Component:
    """Search box, table, pager; then the open invitations."""
    s = UsersState
    return staff_page(
        "Users",
        search(
            "Find a user",
            value=s.search,
            hint="By any part of their name",
            before=select("role", "Role", ROLES, value=s.role, blank="Every role"),
            on_submit=s.find,
        ),
        when((s.search != "") | (s.role != ""), paragraph(link("Show everyone", routes.STAFF_USERS))),
        when(s.may_invite, link_button("Invite somebody", routes.STAFF_INVITE, kind="secondary")),
        table(
            "Users",
            [
                Column("Name", link_cell("name", "href")),
                Column("Roles today", "roles"),
                Column("Status", lambda row: status_tag(row.status, COLOURS)),
            ],
            s.rows,
            empty=s.nothing,
            caption_hidden=True,
        ),
        pager(on_previous=s.turn("before"), on_next=s.turn("after"), has_previous=s.has_before, has_next=s.has_after),
        heading("What waits for a second person"),
        table(
            "What waits for a second person",
            [
                Column("Name", link_cell("name", "href")),
                Column("What", "what"),
                Column("Proposed by", "proposed"),
            ],
            s.proposals,
            empty="Nothing waits for a second person.",
            caption_hidden=True,
        ),
        heading("Invitations that are open"),
        table(
            "Invitations that are open",
            [
                Column("Name", _name),
                Column("Role", "role"),
                Column("Invited by", "invited"),
                Column("Code works until", "until"),
                Column("Withdraw", lambda row: _withdraw(s, row)),
            ],
            s.invitations,
            empty="No invitation is open.",
            caption_hidden=True,
        ),
        state=s,
    )


def _name(row: Any) -> rx.Component:
    return pick(row.href, link(row.name, row.href), rx.fragment(row.name))


def _withdraw(s: Any, row: Any) -> rx.Component:
    press = text_button("Withdraw", on_click=s.withdraw(row.id), more="the invitation of " + row.name)
    return pick(s.may_invite & (row.id != ""), press, rx.fragment(pick(row.href, "On its own page", "")))
