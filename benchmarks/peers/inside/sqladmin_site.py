"""sqladmin over our tables: lists of 50, its search and filters, its own sign-in."""

from __future__ import annotations

import os
from typing import Any

from sqladmin import Admin, ModelView
from sqladmin.authentication import AuthenticationBackend
from sqladmin.filters import StaticValuesFilter
from starlette.applications import Starlette
from starlette.requests import Request
from wtforms.validators import Optional

from benchmarks.peers.inside.door import NAME, opens
from benchmarks.peers.inside.rows import Person, Phb, engine
from benchmarks.peers.inside.statuses import STATUSES
from benchmarks.peers.inside.stopwatch import Asgi


class Door(AuthenticationBackend):
    async def login(self, request: Request) -> bool:
        form = await request.form()
        if not opens(str(form["username"]), str(form["password"])):
            return False
        request.session["user_id"] = NAME
        return True

    async def logout(self, request: Request) -> bool:
        request.session.clear()
        return True

    async def authenticate(self, request: Request) -> bool:
        return request.session.get("user_id") == NAME


_NAMES = [Person.family_name, Person.given_name, Person.date_of_birth, Person.nhs_number]
_DETAILS = [
    Person.local_reference, Person.known_as, Person.died_on, Person.address, Person.postcode, Person.telephone,
    Person.communication_needs, Person.easy_read, Person.lacks_capacity,
]  # fmt: skip


class People(ModelView, model=Person):
    page_size = 50
    page_size_options = [25, 50, 100]
    column_list = [*_NAMES, Person.budgets]
    column_default_sort = [(Person.search_name, False), (Person.id, False)]
    column_searchable_list = [Person.search_name, Person.nhs_number]
    column_details_list = [*_NAMES, *_DETAILS, Person.responsibilities, Person.budgets]
    form_columns = [*_NAMES, *_DETAILS]
    # A text that may not be NULL may be empty.
    form_args = {name: {"validators": [Optional()]} for name in ("known_as", "address", "communication_needs")}


class Budgets(ModelView, model=Phb):
    page_size = 50
    page_size_options = [25, 50, 100]
    column_list = [Phb.reference, Phb.person, Phb.cohort, Phb.status, Phb.opened_on]
    column_default_sort = [(Phb.reference, False)]
    column_searchable_list = [Phb.reference]
    column_filters = [StaticValuesFilter(Phb.status, [(s, s) for s in STATUSES])]
    column_details_list = [
        Phb.reference, Phb.person, Phb.cohort, Phb.kind, Phb.status, Phb.opened_on, Phb.live_on, Phb.ended_on,
        Phb.streams, Phb.accounts,
    ]  # fmt: skip


def app() -> Any:
    """The application's factory."""
    site = Starlette()
    admin = Admin(site, engine(), authentication_backend=Door(os.environ["BENCH_SECRET"]))
    admin.add_view(People)
    admin.add_view(Budgets)
    return Asgi(site)
