"""starlette-admin over our tables: lists of 50, its search and filter builder, its own sign-in."""

from __future__ import annotations

import os
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import EnumField, StringField, TextAreaField
from starlette_admin.auth import AdminUser, AuthProvider
from starlette_admin.contrib.sqla import Admin, ModelView
from starlette_admin.exceptions import LoginFailed

from benchmarks.peers.inside.door import NAME, opens
from benchmarks.peers.inside.rows import LedgerAccount, Person, Phb, Responsibility, Stream, engine
from benchmarks.peers.inside.statuses import STATUSES
from benchmarks.peers.inside.stopwatch import Asgi


class Door(AuthProvider):
    async def login(self, username: str, password: str, remember_me: bool, request: Request) -> Response | None:
        if not opens(username, password):
            raise LoginFailed("The name or the password is wrong.")
        request.session["user"] = NAME
        return None

    async def logout(self, request: Request) -> Response | None:
        request.session.clear()
        return None

    async def authenticate(self, request: Request) -> AdminUser | None:
        name = request.session.get("user")
        return AdminUser(username=name) if name == NAME else None


# The list shows the name by which it searches and sorts: it searches only what it shows.
_NOT_LISTED = [
    "id", "family_name", "given_name", "local_reference", "known_as", "died_on", "address", "postcode", "telephone",
    "communication_needs", "easy_read", "lacks_capacity", "responsibilities",
]  # fmt: skip


class People(ModelView):
    page_size = 50
    # Fields of their own for the texts that may be empty but not NULL: converted ones would be required.
    fields = [
        "id", "search_name", "family_name", "given_name", "date_of_birth", "nhs_number", "local_reference",
        StringField("known_as"), "died_on", StringField("address"), "postcode", "telephone",
        TextAreaField("communication_needs"), "easy_read", "lacks_capacity", "responsibilities", "budgets",
    ]  # fmt: skip
    exclude_fields_from_list = _NOT_LISTED
    exclude_fields_from_edit = ["id", "search_name", "responsibilities", "budgets"]
    searchable_fields = ["search_name", "nhs_number"]
    sortable_fields = ["search_name", "id"]
    fields_default_sort = ["search_name", "id"]


class Budgets(ModelView):
    page_size = 50
    fields = [
        "id", "reference", "person", "cohort", "kind", EnumField("status", choices=[(s, s) for s in STATUSES]),
        "opened_on", "live_on", "ended_on", "streams", "accounts",
    ]  # fmt: skip
    exclude_fields_from_list = ["id", "kind", "live_on", "ended_on", "streams", "accounts"]
    searchable_fields = ["reference", "status"]  # what may be filtered by must be searchable
    fields_default_sort = ["reference"]


class Part(ModelView):
    """The rows a record shows beside it."""

    fields_default_sort = ["id"]


def app() -> Any:
    """The application's factory."""
    secret = os.environ["BENCH_SECRET"]
    admin = Admin(
        engine(),
        auth_provider=Door(),
        secret_key=secret,
        middlewares=[Middleware(SessionMiddleware, secret_key=secret)],
    )
    admin.add_view(People(Person))
    admin.add_view(Budgets(Phb))
    for part in (Responsibility, Stream, LedgerAccount):
        admin.add_view(Part(part))
    site = Starlette()
    admin.mount_to(site)
    return Asgi(site)
