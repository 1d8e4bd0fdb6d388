"""The work list: what waits for you, below a few figures of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.dashboard_page import dashboard_tiles
from phbportal.admin.frame import staff_page
from phbportal.domain.roles import Role
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.work import total_words, work
from phbportal.resources.colours import WORK_COLOURS
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.cards import WorkItem, work_list
from phbportal.ui.links import link
from phbportal.ui.text import heading, lead, paragraph
from phbportal.ui.values import pick, when

CLEAR = {
    Role.CASE_MANAGER: "Nothing waits for you. Under People you add a person, or find one to go on with.",
    Role.CLINICIAN: "No plan waits for your sign-off. A plan comes here when a case manager sends it.",
    Role.APPROVER: "No plan waits for your approval. A plan comes here when a clinician has signed it off.",
    Role.FINANCE: "No bank details or payments wait for you, and no payment starts in the next 14 days.",
    Role.ADMIN: "No task waits for you. Invite your team under Users, and look at your board’s choices under Settings.",
}


@dataclass(frozen=True)
class Group:
    """Work of one kind: heading, items, and a line when not all are shown."""

    heading: str
    work: list[WorkItem]
    more: str


class WorkState(PageState, rx.State):
    """What waits, in groups."""

    groups: list[Group] = []
    total: str = ""
    clear: str = ""

    @reads(Permission.WORK_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = work(uow.session, uow.actor, uow.today, uow.now)
        self.groups = [
            Group(g.heading, [_item(i.title, i.href, i.detail, i.status) for i in g.items], g.more)
            for g in found.groups
        ]
        self.total = total_words(found)
        self.clear = CLEAR.get(uow.actor.role, "No task waits for you.")
        self.ready = True
        uow.saw("work", rows=sum(len(g.items) for g in found.groups))


def _item(title: str, href: str, detail: str, status: str) -> WorkItem:
    return WorkItem(title, href, detail, status, WORK_COLOURS.get(status, "blue"))


def staff_work() -> rx.Component:
    """The figures; then groups of work, or what to do when there is none."""
    s = WorkState
    return staff_page(
        "Work",
        dashboard_tiles(paragraph(link("See the overview", routes.STAFF_OVERVIEW))),
        when(s.total, lead(s.total)),
        pick(s.groups, rx.fragment(), paragraph(s.clear)),
        rx.foreach(s.groups, _group),
        state=s,
    )


def _group(group: Any) -> rx.Component:
    return rx.fragment(
        heading(group.heading),
        work_list(group.work, empty=""),
        when(group.more, paragraph(group.more, small=True)),
    )
