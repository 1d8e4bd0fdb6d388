"""Who has looked at a holder's record: a sentence for each person and day, the newest first."""

from __future__ import annotations

import reflex as rx

from phbportal.admin.frame import holder_page
from phbportal.domain.errors import NotFound
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.pages.holder.parts import day_of_looks
from phbportal.policy.permissions import Permission
from phbportal.queries.looks import LookDay, looks_in_sentences
from phbportal.queries.paging import Place
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.pagination import pager
from phbportal.ui.text import loading, paragraph
from phbportal.ui.values import when


class WhoLookedState(PageState, rx.State):
    """The days on the page; the place in the list stays on the server."""

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
        if uow.actor.person_id is None:  # an auditor, who reads it on the person's record
            raise NotFound()
        found = looks_in_sentences(uow.session, uow.actor, uow.today, uow.actor.person_id, place=place)
        self.days, self._newer, self._older = list(found.days), found.newer, found.older
        self.has_newer, self.has_older = bool(found.newer), bool(found.older)


def who_looked() -> rx.Component:
    """The days, each with its sentences."""
    s = WhoLookedState
    return holder_page(
        "Who has looked at your record",
        paragraph("People who work on your personal health budget look at your record. We note each time."),
        rx.cond(s.ready, rx.cond(s.days, rx.foreach(s.days, day_of_looks), _nobody()), loading()),
        when(
            s.has_newer | s.has_older,
            pager(
                on_previous=s.turn("newer"),
                on_next=s.turn("older"),
                has_previous=s.has_newer,
                has_next=s.has_older,
            ),
        ),
        when(s.days, paragraph("Is there somebody here you do not expect? Ask your team why they looked.")),
        state=s,
    )


def _nobody() -> rx.Component:
    return paragraph("Nobody has looked at your record yet.")
