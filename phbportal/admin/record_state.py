"""The one state behind every record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.admin import addresses
from phbportal.admin.again import subjects_of
from phbportal.admin.history import Told, told
from phbportal.admin.record import Record, RelatedView, SectionView, record_of, related_of, related_view
from phbportal.admin.resolve import may_read, resource_here
from phbportal.admin.resource import Resource
from phbportal.domain.notes import read_note
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.change_requests import WaitingLine, waiting_for
from phbportal.queries.ids import given_id
from phbportal.queries.looks import LookRow, looks_at
from phbportal.queries.notes import NoteRow, notes_on
from phbportal.queries.paging import Place
from phbportal.services.notes import write_note
from phbportal.services.unit_of_work import UnitOfWork

KEPT = "What you typed is kept. You find it again when you open the form."
LOOKS = 10


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
    waits: list[WaitingLine] = []
    notes: list[NoteRow] = []
    history: list[Told] = []
    looks: list[LookRow] = []
    sees_notes: bool = False
    writes_notes: bool = False
    sees_history: bool = False
    sees_looks: bool = False
    correcting: str = ""
    has_newer: bool = False
    has_older: bool = False
    has_newer_notes: bool = False
    has_older_notes: bool = False
    _id: str = ""
    _places: list[tuple[str, str]] = []
    _owners: list[Any] = []
    _history_place: tuple[str, str] = ("", "")
    _notes_place: tuple[str, str] = ("", "")

    @reads(may_read)
    def load(self, uow: UnitOfWork) -> None:
        resource = resource_here(self)
        found = record_of(uow.session, uow.actor, uow.today, resource, str(params_of(self).get("row", "")))
        self.title, self.caption = found.title, resource.one[:1].upper() + resource.one[1:]
        self.back_href, self.back_label = addresses.list_address(resource), resource.many
        self.sections, self.related, self._places, self._owners = (
            found.sections, found.related, found.places, found.owners,
        )  # fmt: skip
        self._id, self.acts = str(found.id), acts_of(uow, resource, found)
        subjects = subjects_of(resource)
        self.waits = waiting_for(uow.session, uow.actor, uow.today, subjects, found.id) if subjects else []
        self._show_beside(uow, resource, found)
        self.notice = done_words(resource, params_of(self))
        new_form(self)
        self.ready = True
        uow.saw(resource.one, person_id=found.person_id, phb_id=found.phb_id)

    @reads(may_read)
    def turn_related(self, uow: UnitOfWork, which: int, direction: str) -> None:
        resource = resource_here(self)
        if not 0 <= which < len(self._places):
            return
        cursor = self._places[which][0 if direction == "before" else 1]
        one = related_of(uow.actor, resource)[which]
        view, place = related_view(
            uow.session, uow.actor, uow.today, one, self._owners[which], cursor=cursor, direction=direction
        )
        self.related = [view if n == which else other for n, other in enumerate(self.related)]
        self._places = [place if n == which else other for n, other in enumerate(self._places)]

    @reads(may_read)
    def turn_history(self, uow: UnitOfWork, direction: str) -> None:
        cursor = self._history_place[0 if direction == "newer" else 1]
        self._show_history(uow, resource_here(self), given_id(self._id), Place(cursor, direction))

    @reads(may_read)
    def turn_notes(self, uow: UnitOfWork, direction: str) -> None:
        cursor = self._notes_place[0 if direction == "newer" else 1]
        self._show_notes(uow, given_id(self._id), Place(cursor, direction))

    @reads(Permission.NOTE_WRITE)
    def put_right(self, uow: UnitOfWork, note: str) -> object:
        self.correcting = note
        return rx.set_focus("note")

    @writes(Permission.NOTE_WRITE)
    def add_note(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        resource, row_id, words = resource_here(self), given_id(self._id), read_note(form)
        corrects = given_id(self.correcting) if self.correcting else None

        def write() -> str:
            return str(write_note(uow, resource.code, resource.table, row_id, words, corrects=corrects))

        uow.once("note", self.form_key, {**form, "corrects": self.correcting}, write)
        self.correcting, self.notice = "", "The note was written."
        new_form(self)
        self._show_notes(uow, row_id, Place())
        self._show_history(uow, resource, row_id, Place())

    # What follows is no event: a browser cannot call it.

    def _show_beside(self, uow: UnitOfWork, resource: Resource, found: Record) -> None:
        """What stands beside the record's own facts: notes, history, who has looked."""
        self.sees_notes = could_ever(uow.actor, Permission.NOTE_READ)
        self.writes_notes = could_ever(uow.actor, Permission.NOTE_WRITE)
        self.sees_history = could_ever(uow.actor, Permission.HISTORY_READ)
        self.sees_looks = found.person_id is not None and could_ever(uow.actor, Permission.ACCESS_READ)
        if self.sees_notes:
            self._show_notes(uow, found.id, Place())
        if self.sees_history:
            self._show_history(uow, resource, found.id, Place())
        if self.sees_looks and found.person_id:
            self.looks = list(looks_at(uow.session, uow.actor, uow.today, found.person_id, size=LOOKS))

    def _show_history(self, uow: UnitOfWork, resource: Resource, row_id: UUID, place: Place) -> None:
        self.history, newer, older = told(uow.session, uow.actor, uow.today, resource, row_id, place=place)
        self._history_place, self.has_newer, self.has_older = (newer, older), bool(newer), bool(older)

    def _show_notes(self, uow: UnitOfWork, row_id: UUID, place: Place) -> None:
        notes, newer, older = notes_on(uow.session, uow.actor, uow.today, row_id, place=place)
        self.notes = [replace(one, mine=one.mine and self.writes_notes and not one.put_right) for one in notes]
        self._notes_place, self.has_newer_notes, self.has_older_notes = (newer, older), bool(newer), bool(older)


def acts_of(uow: UnitOfWork, resource: Resource, found: Record) -> list[Act]:
    """What this actor may do with this record: what its state and the grants allow. The service decides again."""
    wanted = [one for one in resource.actions if "one" in one.on and one.offered(found.watched)]
    acts = [(one.permission, Act(one.label, addresses.act_address(resource, found.key, one.code))) for one in wanted]
    if resource.change:
        change = Act(resource.change.title, addresses.change_address(resource, found.key))
        acts.insert(0, (resource.change.permission, change))
    acts = [(permission, act) for permission, act in acts if could_ever(uow.actor, permission)]
    if not acts:
        return []
    row: Any = uow.find(resource.table, found.id)  # pyright: ignore
    return [act for permission, act in acts if uow.decide(permission, row).allowed]


def done_words(resource: Resource, params: Any) -> str:
    """What the page says was just done, by the code in its address."""
    code = params.get("done", "")
    if code == "kept":
        return KEPT
    forms = {"new": resource.new, "change": resource.change}
    form = forms.get(code)
    if form is not None:
        return form.done
    return next((one.done for one in resource.actions if one.code == code), "")
