"""Who has looked at the record of somebody: what the person would read, for whoever represents them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.errors import NotFound
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.pages.holder.parts import day_of_looks
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.ids import given_id
from phbportal.queries.looks import LookDay, looks_in_sentences
from phbportal.queries.paging import Place
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.pagination import pager
from phbportal.ui.text import loading, paragraph
from phbportal.ui.values import pick, when


class ActingWhoLookedState(PageState, rx.State):
    """The days on the page; the place in the list stays on the server."""

    whose: str = ""
    days: list[LookDay] = []
    has_newer: bool = False
    has_older: bool = False
    _newer: str = ""
    _older: str = ""

    @reads(Permission.ACCESS_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow, Place())
        self.ready = True

    @reads(Permission.ACCESS_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> None:
        self._show(uow, Place(self._newer if direction == "newer" else self._older, direction))

    def _show(self, uow: UnitOfWork, place: Place) -> None:
        part_id = given_id(params_of(self).get("part", ""))
        part, person_id = part_of(uow.session, uow.actor, uow.today, part_id)
        if not part.represents:
            raise NotFound()
        found = looks_in_sentences(uow.session, uow.actor, uow.today, person_id, place=place)
        self.whose, self.days, self._newer, self._older = part.whose, list(found.days), found.newer, found.older
        self.has_newer, self.has_older = bool(found.newer), bool(found.older)


def who_looked() -> rx.Component:
    """The days, each with its sentences."""
    s: Any = ActingWhoLookedState
    turning = pager(
        on_previous=s.turn("newer"), on_next=s.turn("older"), has_previous=s.has_newer, has_next=s.has_older
    )
    nobody = paragraph("Nobody has looked at this record yet.")
    return acting_page(
        pick(s.whose, "Who has looked at the record of " + s.whose, "Who has looked"),
        paragraph("People who work on a personal health budget look at the person’s record. We note each time."),
        rx.cond(s.ready, pick(s.days, rx.foreach(s.days, day_of_looks), nobody), loading()),
        when(s.has_newer | s.has_older, turning),
        when(s.days, paragraph("Is there somebody here you do not expect? Ask the team why they looked.")),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )
