"""Who looked at whom and when, for auditors. Using it is itself a look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import engine_page
from phbportal.domain.errors import NotFound
from phbportal.domain.reading import Reading
from phbportal.domain.text import plural
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.access_report import (
    AccessFilter,
    AccessRow,
    access_page,
    colleagues,
    name_of_person,
    person_of,
)
from phbportal.queries.ids import given_id
from phbportal.queries.paging import Place
from phbportal.queries.views import kept_view
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, checkbox, select
from phbportal.ui.forms import date_input, form, text_input
from phbportal.ui.links import link
from phbportal.ui.pagination import pager
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import tag
from phbportal.ui.text import columns, paragraph
from phbportal.ui.values import pick, when

PAGE = "access report"


class AccessState(PageState, rx.State):
    """One page of looks, as text, and what they were asked for by."""

    rows: list[AccessRow] = []
    users: list[Choice] = []
    values: dict[str, str] = {}
    about: str = ""
    told: str = ""
    has_newer: bool = False
    has_older: bool = False
    _newer: str = ""
    _older: str = ""
    _person: str = ""

    @reads(Permission.ACCESS_READ)
    def load(self, uow: UnitOfWork) -> None:
        params = params_of(self)
        asked, view = _asked(params), kept_view(uow.session, uow.actor, PAGE, params.get("view", ""))
        about = (uow.session, uow.actor, uow.today)
        page = access_page(*about, asked, place=Place(view.cursor, view.direction))
        self.rows, self._newer, self._older = list(page.rows), page.newer, page.older
        self.has_newer, self.has_older = bool(page.newer), bool(page.older)
        self.users = [Choice(str(user_id), name) for user_id, name in colleagues(*about)]
        self.about, self.values = name_of_person(*about, asked.person_id), _values(asked)
        self.told = f"{plural(len(page.rows), 'look')} on this page, the newest first." if page.rows else ""
        self._person, self.ready = str(asked.person_id or ""), True
        uow.saw(PAGE, person_id=asked.person_id, rows=len(page.rows))

    @writes(Permission.ACCESS_READ)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return rx.redirect(_address(_read(uow, form, self._person)))

    @writes(Permission.ACCESS_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self._newer if direction == "newer" else self._older
        view = keep_view(uow, PAGE, cursor=cursor, direction=direction)
        return rx.redirect(_address(_query(_asked(params_of(self))) | {"view": str(view)}))


def _asked(params: Mapping[str, str]) -> AccessFilter:
    """What the address asks for: ids, days and a switch. NotFound for what is none of these."""
    return AccessFilter(
        _id(params.get("person", "")), _id(params.get("user", "")), _day(params.get("from", "")),
        _day(params.get("to", "")), params.get("glass", "") == "yes",
    )  # fmt: skip


def _id(text: str) -> UUID | None:
    return given_id(text) if text else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotFound() from None


def _read(uow: UnitOfWork, form: Mapping[str, str], person: str) -> dict[str, str]:
    """Read the form. An empty person keeps the one the report is about; a link lets go of them."""
    r = Reading(form)
    starts, ends = r.day("from"), r.day("to")
    if starts and ends and ends < starts:
        r.problem("The last day cannot be before the first.", "to")
    r.finish()
    typed = r.text("person")
    found = person_of(uow.session, uow.actor, uow.today, typed) if typed else _id(person)
    return _query(AccessFilter(found, _id(r.raw("user")), starts, ends, r.yes("glass")))


def _query(asked: AccessFilter) -> dict[str, str]:
    found = {
        "person": str(asked.person_id or ""), "user": str(asked.user_id or ""),
        "from": asked.starts_on.isoformat() if asked.starts_on else "",
        "to": asked.ends_on.isoformat() if asked.ends_on else "", "glass": "yes" if asked.break_glass else "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _address(query: dict[str, str]) -> str:
    return f"{routes.STAFF_ACCESS}?{urlencode(query)}" if query else routes.STAFF_ACCESS


def _values(asked: AccessFilter) -> dict[str, str]:
    values = {"user": str(asked.user_id or ""), "glass": "yes" if asked.break_glass else ""}
    for name, day in (("from", asked.starts_on), ("to", asked.ends_on)):
        parts = (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")
        values |= dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), parts, strict=True))
    return values


def access() -> rx.Component:
    """What is asked for, and the looks, the newest first."""
    s, everybody = AccessState, link("Show everybody", routes.STAFF_ACCESS)
    return engine_page(
        "Who looked at whom",
        paragraph("Each look at a person’s record by your board’s staff. That you look here is recorded too."),
        paragraph(link("See what was asked under break-glass", routes.STAFF_BREAK_GLASS)),
        columns(_form(s)),
        rx.el.div(
            when(s.about, paragraph("About ", rx.el.strong(s.about), ". ", everybody)),
            when(s.told, paragraph(s.told)),
            role="status",
        ),
        table(
            "Looks at records",
            [
                Column("When", "when"),
                Column("Who looked", "who"),
                Column("Role", "role"),
                Column("What they opened", lambda row: rx.fragment(row.page, when(row.mark, " ", _mark(row)))),
                Column("Whose record", lambda row: pick(row.href, link(row.person, row.href), row.person)),
            ],
            s.rows,
            empty="Nobody looked at anything that fits. Ask for less.",
            caption_hidden=True,
        ),
        pager(
            on_previous=s.turn("newer"), on_next=s.turn("older"), has_previous=s.has_newer, has_next=s.has_older,
            label="Pages of the looks",
        ),
        state=s,
    )  # fmt: skip


def _mark(row: Any) -> rx.Component:
    return tag(row.mark, "orange")


def _form(s: Any) -> rx.Component:
    def days(name: str, legend: str) -> rx.Component:
        return date_input(
            name, legend, day=s.values[f"{name}_day"], month=s.values[f"{name}_month"],
            year=s.values[f"{name}_year"], error=s.errors[name],
        )  # fmt: skip

    return form(
        text_input(
            "person", "Whose record", error=s.errors["person"], width="20", auto_complete="off",
            hint="A budget’s reference or an NHS number",
        ),
        select("user", "Who looked", s.users, value=s.values["user"], blank="Everybody", error=s.errors["user"]),
        days("from", "First day"),
        days("to", "Last day"),
        checkbox("glass", "Only under break-glass", checked=s.values["glass"] == "yes"),
        button_group(button("Show the looks")),
        on_submit=s.find,
    )  # fmt: skip
