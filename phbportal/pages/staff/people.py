"""The people list: search, open, page on."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.people import PersonRow, people_count, people_page
from phbportal.queries.views import kept_view
from phbportal.resources.colours import PHB_COLOURS
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view
from phbportal.ui.buttons import button_group, link_button
from phbportal.ui.links import link
from phbportal.ui.pagination import pager
from phbportal.ui.search import search
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import paragraph
from phbportal.ui.values import pick, when

PAGE = "people"


class PeopleState(PageState, rx.State):
    """One page of people, as text."""

    rows: list[PersonRow] = []
    search: str = ""
    nothing: str = ""
    summary: str = ""
    has_before: bool = False
    has_after: bool = False
    may_add: bool = False
    begins: bool = False
    shows_number: bool = False
    _before: str = ""
    _after: str = ""

    @reads(Permission.PERSON_READ)
    def load(self, uow: UnitOfWork) -> None:
        view = kept_view(uow.session, uow.actor, PAGE, self.router.page.params.get("view", ""))
        page = people_page(
            uow.session, uow.actor, uow.today, search=view.search, cursor=view.cursor, direction=view.direction
        )
        self.rows, self.search, self.nothing, self.summary = list(page.rows), view.search, page.nothing, ""
        self._before, self._after = page.before, page.after
        self.has_before, self.has_after = bool(page.before), bool(page.after)
        self.may_add = could_ever(uow.actor, Permission.PERSON_WRITE)
        self.begins = self.may_add and not view.search
        self.shows_number = could_ever(uow.actor, Permission.NHS_NUMBER_READ)
        self.ready = True
        uow.saw(PAGE, rows=len(page.rows))

    @reads(Permission.PERSON_READ, passive=True)
    def count(self, uow: UnitOfWork) -> None:
        found = people_count(uow.session, uow.actor, uow.today, search=self.search)
        self.summary = f"Showing {len(self.rows)} of {found}" if self.rows else ""

    @writes(Permission.PERSON_READ)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return _go(uow, search=form.get("search", ""))

    @writes(Permission.PERSON_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self._before if direction == "before" else self._after
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
        search(
            "Find a person",
            value=s.search,
            hint=pick(s.shows_number, "By name, NHS number or reference", "By name or reference"),
            on_submit=s.find,
        ),
        button_group(
            when(s.may_add, link_button("Add a person", routes.STAFF_NEW_PERSON, kind="secondary")),
            when(s.search != "", link("Show everyone", routes.STAFF_PEOPLE)),
        ),
        pick(s.shows_number, _table(s, _NUMBER), _table(s)),
        pick(
            s.rows,
            rx.fragment(),
            when(s.begins, paragraph("Choose “Add a person” to begin, or bring a caseload in from a file.")),
        ),
        pager(
            on_previous=s.turn("before"),
            on_next=s.turn("after"),
            has_previous=s.has_before,
            has_next=s.has_after,
            summary=s.summary,
        ),
        state=s,
    )


_NUMBER = Column("NHS number", "nhs_number")


def _table(s: type[PeopleState], *more: Column) -> rx.Component:
    return table(
        pick(s.search != "", "People found", "People your board looks after"),
        [
            Column("Name", lambda row: link(row.name, routes.staff_person(row.id))),
            Column("Born", "born"),
            *more,
            Column("Budget", _budget),
            Column("Status", lambda row: pick(row.budget != "", status_tag(row.status, PHB_COLOURS), row.status)),
        ],
        s.rows,
        empty=s.nothing,
        caption_hidden=True,
    )


def _budget(row: PersonRow) -> rx.Component:
    return when(row.budget, link(row.budget, routes.staff_phb(row.budget)), when(row.more, " ", row.more))
