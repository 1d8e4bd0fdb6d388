"""The one state behind every record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.admin import addresses
from phbportal.admin.record import Record, RelatedView, SectionView, record_of
from phbportal.admin.resolve import may_read, resource_here
from phbportal.admin.resource import Resource
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.services.unit_of_work import UnitOfWork

KEPT = "What you typed is kept. You find it again when you open the form."


@dataclass(frozen=True)
class Act:
    """Something that may be done with the record."""

    label: str
    href: str


class RecordState(PageState, rx.State):
    """A record of any resource, as text."""

    title: str = ""
    caption: str = ""
    back_href: str = ""
    back_label: str = ""
    sections: list[SectionView] = []
    related: list[RelatedView] = []
    acts: list[Act] = []

    @reads(may_read)
    def load(self, uow: UnitOfWork) -> None:
        resource = resource_here(self)
        key = str(self.router.page.params.get("row", ""))
        found = record_of(uow.session, uow.actor, uow.today, resource, key)
        self.title, self.caption = found.title, resource.one[:1].upper() + resource.one[1:]
        self.back_href, self.back_label = addresses.list_address(resource), resource.many
        self.sections, self.related = found.sections, found.related
        self.acts = acts_of(uow.actor, resource, found)
        self.notice = done_words(resource, self.router.page.params)
        self.ready = True
        uow.saw(resource.one, person_id=found.person_id, phb_id=found.phb_id)


def acts_of(actor: Actor, resource: Resource, found: Record) -> list[Act]:
    """What this actor could do with a record; the service says whether with this one."""
    acts: list[Act] = []
    if resource.change and could_ever(actor, resource.change.permission):
        acts.append(Act(resource.change.title, addresses.change_address(resource, found.key)))
    acts += [
        Act(one.label, addresses.act_address(resource, found.key, one.code))
        for one in resource.actions
        if "one" in one.on and could_ever(actor, one.permission)
    ]
    return acts


def done_words(resource: Resource, params: Any) -> str:
    code = params.get("done", "")
    if code == "kept":
        return KEPT
    forms = {"new": resource.new, "change": resource.change}
    form = forms.get(code)
    if form is not None:
        return form.done
    return next((one.done for one in resource.actions if one.code == code), "")
