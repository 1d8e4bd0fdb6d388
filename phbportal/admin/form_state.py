"""The one state behind every form: for a new row, or for a change of one."""

from __future__ import annotations

import reflex as rx

from phbportal.admin import addresses
from phbportal.admin.conflict import Difference, Versions, differences, settled
from phbportal.admin.form import Opened, open_form, save_form
from phbportal.admin.inputs import Input, input_of
from phbportal.admin.resolve import form_here, form_steps_up, may_fill_in, resource_here
from phbportal.domain.errors import Conflict
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form, show_refusal
from phbportal.services.unit_of_work import UnitOfWork


class FormState(PageState, rx.State):
    """A form of any resource."""

    title: str = ""
    caption: str = ""
    back_href: str = ""
    button: str = ""
    inputs: list[Input] = []
    values: dict[str, str] = {}
    differing: list[Difference] = []
    _version: int = 0
    _seen: dict[str, str] = {}
    _versions: Versions = Versions({}, {})

    @reads(may_fill_in)
    def load(self, uow: UnitOfWork) -> None:
        resource, form, key = resource_here(self), form_here(self), self._key()
        opened = open_form(uow, resource, form, key, dict(self.router.page.params))
        self._show(opened)
        self.title, self.button, self.caption = form.title, form.button, opened.caption
        self.back_href = addresses.record_address(resource, key) if key else addresses.list_address(resource)
        new_form(self)
        self.ready = True
        if key:
            uow.saw(f"change of {resource.one}", person_id=opened.person_id, phb_id=opened.phb_id)

    def _show(self, opened: Opened) -> None:
        self.inputs, self.values = [input_of(field) for field in opened.fields], {**opened.values, **self.draft}
        self._version, self._seen, self.differing = opened.row_version, opened.shown, []

    @writes(may_fill_in, step_up=form_steps_up)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._save(uow, form)

    @writes(may_fill_in, step_up=form_steps_up)
    def settle(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._save(uow, settled(form, self._versions, self.differing))

    def _save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        resource, declared, key = resource_here(self), form_here(self), self._key()
        self.values = {**self.values, **form}
        try:
            saved = save_form(uow, resource, declared, key, form, form_key=self.form_key, seen_version=self._version)
        except Conflict as conflict:
            if self._compare(conflict):
                return show_refusal(self, conflict)
            return rx.redirect(addresses.record_address(resource, key))
        code = "change" if key else "new"
        return rx.redirect(f"{addresses.record_address(resource, saved)}?done={code}")

    def _compare(self, conflict: Conflict) -> bool:
        """Whether the two versions say different things: two people may have made the same change."""
        labels = {one.name: one.label for one in self.inputs}
        self._versions = Versions.of(conflict)
        self.differing = differences(self._versions, self._seen, labels)
        self._seen, self._version = conflict.theirs, conflict.row_version
        return bool(self.differing)

    def _key(self) -> str:
        return str(self.router.page.params.get("row", ""))
