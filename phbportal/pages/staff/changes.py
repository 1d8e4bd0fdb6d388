"""The queue of all that waits for a second signature: mine to decide, mine waiting, decided lately."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import engine_page
from phbportal.domain.change_requests import STATUS_WORDS, ChangeStatus
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.changes_queue import LATELY_DAYS, DecidedRow, QueueRow, queue
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.tables import Column, link_cell, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

CHANGE_COLOURS: dict[str, Colour] = {
    STATUS_WORDS[ChangeStatus.PROPOSED]: "yellow",
    STATUS_WORDS[ChangeStatus.APPROVED]: "green",
    STATUS_WORDS[ChangeStatus.RETURNED]: "orange",
}


class ChangesState(PageState, rx.State):
    """What waits, as text."""

    to_decide: list[QueueRow] = []
    mine: list[QueueRow] = []
    decided: list[DecidedRow] = []
    more: str = ""

    @reads(Permission.CHANGE_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = queue(uow.session, uow.actor, uow.today, uow.now)
        self.to_decide, self.mine, self.decided = list(found.to_decide), list(found.mine), list(found.decided)
        self.more, self.ready = found.more, True
        uow.saw("changes", rows=len(found.to_decide) + len(found.mine) + len(found.decided))


def changes() -> rx.Component:
    """Three tables; each line leads to the page where it is decided."""
    s = ChangesState
    return engine_page(
        "Changes that need a second person",
        paragraph(
            "One person proposes, another decides. Nobody decides what they proposed, whatever role they act in."
        ),
        heading("For you to decide"),
        _waiting("For you to decide", s.to_decide, "Nothing waits for your decision."),
        heading("Proposed by you"),
        _waiting("Proposed by you", s.mine, "Nothing that you proposed is waiting."),
        when(s.more, paragraph(s.more, small=True)),
        heading("Decided lately"),
        table(
            "Decided lately",
            [
                Column("Change", link_cell("what", "href")),
                Column("Proposed by", "proposed"),
                Column("Status", lambda row: status_tag(row.status, CHANGE_COLOURS)),
                Column("By", "decided"),
            ],
            s.decided,
            empty=f"No change was decided in the last {LATELY_DAYS} days.",
            caption_hidden=True,
        ),
        state=s,
    )


def _waiting(caption: str, rows: Any, empty: str) -> rx.Component:
    return table(
        caption,
        [
            Column("What", link_cell("what", "href")),
            Column("Kind", "kind"),
            Column("Proposed by", "proposed"),
            Column("Waiting", "waits"),
        ],
        rows,
        empty=empty,
        caption_hidden=True,
    )
