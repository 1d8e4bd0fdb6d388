"""Everything there is to look through, as far as one may: the way to each resource."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from phbportal.admin.addresses import list_address
from phbportal.admin.registry import all_resources
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Way:
    """A resource's words, a line about it, and where its list is."""

    label: str
    intro: str
    href: str


class RecordsState(PageState, rx.State):
    """The resources the actor may read."""

    ways: list[Way] = []

    @reads(Permission.WORK_READ)
    def load(self, uow: UnitOfWork) -> None:
        mine = [one for one in all_resources() if could_ever(uow.actor, one.read)]
        self.ways = [Way(one.many, one.intro, list_address(one)) for one in sorted(mine, key=lambda one: one.many)]
        self.ready = True
