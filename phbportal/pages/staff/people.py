"""The people list: search, open, page on."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.pages.shared.frame import staff_page
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.people import PersonRow, people_page
from phbportal.queries.views import kept_view
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view
from phbportal.ui.buttons import button, link_button
from phbportal.ui.forms import form, text_input
from phbportal.ui.pagination import pager
from phbportal.ui.tables import Column, link_cell, table

PAGE = "people"


class PeopleState(PageState, rx.State):
    """One page of people, as text."""

    rows: list[PersonRow] = []
    search: str = ""
    before: str = ""
    after: str = ""
    may_add: bool = False

    @reads(Permission.PERSON_READ)
    def load(self, uow: UnitOfWork) -> None:
        view = kept_view(uow.session, uow.actor, PAGE, self.router.page.params.get("view", ""))
        page = people_page(
            uow.session, uow.actor, uow.today, search=view.search, cursor=view.cursor, direction=view.direction
        )
        self.rows, self.search = list(page.rows), view.search
        self.before, self.after = page.before, page.after
        self.may_add = could_ever(uow.actor, Permission.PERSON_WRITE)
        self.ready = True
        uow.saw(PAGE, rows=len(page.rows))

    @writes(Permission.PERSON_READ)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return _go(uow, search=form.get("search", ""))

    @writes(Permission.PERSON_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self.before if direction == "before" else self.after
        return _go(uow, search=self.search, cursor=cursor, direction=direction)


def _go(uow: UnitOfWork, *, search: str, cursor: str = "", direction: str = "") -> object:
    if not search.strip() and not cursor:
        return rx.redirect(routes.STAFF_PEOPLE)
    view = keep_view(uow, PAGE, search=search, cursor=cursor, direction=direction)
    return rx.redirect(f"{routes.STAFF_PEOPLE}?view={view}")


def people() -> rx.Component:
    """Search box, table, pager."""
    s = PeopleState
    return staff_page(
        "People",
        form(
            text_input("search", "Search", value=s.search, hint="A name, an NHS number or a reference"),
            button("Search"),
            on_submit=s.find,
        ),
        rx.cond(s.may_add, link_button("Add a person", routes.STAFF_NEW_PERSON, kind="secondary"), rx.fragment()),
        table(
            "People your team looks after",
            [
                Column("Name", link_cell("name", "href")),
                Column("NHS number", "nhs_number"),
                Column("Born", "born"),
                Column("Budget", "budgets"),
                Column("Status", "status"),
            ],
            s.rows,
            empty="No people found. Check the spelling, or search by NHS number.",
            caption_hidden=True,
        ),
        pager(
            on_previous=s.turn("before"), on_next=s.turn("after"), has_previous=s.before != "", has_next=s.after != ""
        ),
        state=s,
    )
