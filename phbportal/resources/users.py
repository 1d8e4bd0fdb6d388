"""Who works at the board, and the invitations to do so: a user's record is a page made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from phbportal import routes
from phbportal.admin.fields import Choice, Computed, Email, Having, Link, Moment, Text
from phbportal.admin.resource import Action, Resource, Section
from phbportal.domain.roles import ROLE_WORDS
from phbportal.policy.permissions import Permission
from phbportal.queries import invitations, which
from phbportal.queries.users_list import LISTED, Standing, has_role, standings
from phbportal.services.role_grants import withdraw_invitation
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.users import Invitation, User

ROLES = {role: ROLE_WORDS[role].capitalize() for role in LISTED}
COLOURS = {"Active": "green", "Disabled": "red", "No role now": "grey"}
STANDINGS = {"Open": "green", "Used": "grey", "Withdrawn": "grey", "Run out": "orange"}


def _roles(standing: Standing) -> str:
    return standing.roles


def _status(standing: Standing) -> str:
    return standing.status


def _withdraw(uow: UnitOfWork, row_id: UUID, values: Mapping[str, Any]) -> None:
    withdraw_invitation(uow, row_id)


USERS = Resource(
    code="users",
    table=User,
    one="user",
    many="Users",
    intro="Who works at your board, and in which roles.",
    read=Permission.USER_READ,
    fields=(
        Text("display_name", "Name", sort_by="search_name"),
        Computed("roles", "Roles today", load=standings, pick=_roles),
        Computed("status", load=standings, pick=_status, colours=COLOURS),
        Having("role", choices=ROLES, condition=has_role),
        Having("which", "Which", choices=which.USERS, condition=which.users),
        Email("email", "E-mail", optional=True),
        Moment("created_at", "Since"),
    ),
    title="display_name",
    columns=("display_name", "roles", "status"),
    order="display_name",
    sorts=("display_name",),
    filters=("role", "which"),
    search=("search_name",),
    search_parts=True,
    search_hint="By any part of their name",
    see_also=("invitations",),
    record_page=routes.STAFF_USERS,
    new_page=routes.STAFF_INVITE,
    new_label="Invite somebody",
    new_needs=Permission.ROLE_GRANT_PROPOSE,
    empty="Nobody works here yet.",
    done={"proposed": "It is proposed. Another person must grant it; it is on their work list."},
)

INVITATIONS = Resource(
    code="invitations",
    table=Invitation,
    one="invitation",
    many="Invitations",
    intro="Codes that let somebody sign in for the first time. What is still to be granted is on the work list.",
    read=Permission.USER_READ,
    fields=(
        Text("display_name", "Name"),
        Choice("role", choices=ROLES),
        Link("created_by", "Invited by", to="users"),
        Moment("created_at", "Invited on"),
        Moment("expires_at", "Code works until"),
        Computed("stands", "Standing", load=invitations.standings, colours=STANDINGS),
        Having("standing", choices=invitations.STANDING_WORDS, condition=invitations.stands),
    ),
    title="display_name",
    columns=("display_name", "role", "created_by", "expires_at", "stands"),
    order="-id",
    filters=("standing", "role"),
    sections=(Section("About it", ("display_name", "role", "created_by", "created_at", "expires_at", "stands")),),
    actions=(
        Action(
            code="withdraw",
            label="Withdraw the invitation",
            permission=Permission.USER_INVITE,
            act=_withdraw,
            on=("one", "selected"),
            while_empty=("used_at", "withdrawn_at"),
            explains="Its code does not work any more. Whoever has it is told to ask for another.",
            done="The invitation is withdrawn. Its code does not work any more.",
        ),
    ),
)
