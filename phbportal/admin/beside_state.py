"""The one state behind "previous" and "next" on every record, those on pages made by hand too."""

from __future__ import annotations

from phbportal.admin.addresses import record_base
from phbportal.admin.beside import neighbours
from phbportal.admin.registry import all_resources
from phbportal.admin.resource import Resource
from phbportal.admin.trail import Trail
from phbportal.domain.errors import NotFound
from phbportal.edge.here import path_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork


def record_at(path: str) -> tuple[Resource, str]:
    """The resource and the key of the record at an address; NotFound for an address of none."""
    base, _, key = path.rstrip("/").rpartition("/")
    for resource in all_resources():
        if base and record_base(resource) == base:
            return resource, key
    raise NotFound()


def _may_read(state: BesideState) -> Permission:
    return record_at(path_of(state))[0].read


class BesideState(PageState, Trail):
    """The records before and after, while one goes through a list; empty for whoever came another way."""

    one: str = ""
    before_title: str = ""
    before_href: str = ""
    after_title: str = ""
    after_href: str = ""
    list_href: str = ""

    @reads(_may_read, passive=True)
    def look(self, uow: UnitOfWork) -> None:
        resource, key = record_at(path_of(self))
        last = self._came_from(resource.code, key)
        if last is None:
            return self.reset()
        before, after = neighbours(uow.session, uow.actor, uow.today, resource, last.asked, last.searched, key)
        self._lead_on((before.key, after.key))
        self.one, self.list_href, self.ready = resource.one, last.href, True
        self.before_title, self.before_href = before.title, before.href
        self.after_title, self.after_href = after.title, after.href
