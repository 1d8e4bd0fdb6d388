"""The one state behind every form: for a new row, or for a change of one; in one page or in several."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin import addresses
from phbportal.admin.again import proposed_before
from phbportal.admin.conflict import Difference, Versions, differences, settled
from phbportal.admin.fields import Field, Link
from phbportal.admin.form import Labels, Several, label_links, link_ids, open_form, read_sent, save_form
from phbportal.admin.form_steps import CheckLine, check_lines, step_of
from phbportal.admin.inputs import WAY, Input, answers_so_far, inputs_of, kept_part, with_rows
from phbportal.admin.links import creates, offered
from phbportal.admin.proposing import propose_sent
from phbportal.admin.registry import resource_of
from phbportal.admin.resolve import form_here, form_steps_up, may_fill_in, resource_here
from phbportal.admin.resource import Form
from phbportal.admin.second import PROPOSE, WORDS, asked
from phbportal.admin.sight import seen
from phbportal.domain.errors import Conflict, Refusal
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form, show_refusal
from phbportal.queries.form_drafts import any_form_draft, form_draft, newest_form_draft
from phbportal.services.form_drafts import drop_form_draft, keep_form_draft
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice


class FormState(PageState, rx.State):
    """A form of any resource."""

    title: str = ""
    caption: str = ""
    back_href: str = ""
    button: str = ""
    second: str = ""
    step_words: str = ""
    previous_href: str = ""
    inputs: list[Input] = []
    values: dict[str, str] = {}
    answers: dict[str, str] = {}
    offers: dict[str, list[str]] = {}
    lines: list[CheckLine] = []
    differing: list[Difference] = []
    begun: str = ""
    begun_href: str = ""
    _version: int = 0
    _seen: dict[str, str] = {}
    _versions: Versions = Versions({}, {})
    _labels: Labels = {}
    _picks: dict[str, list[Choice]] = {}

    @reads(may_fill_in)
    def load(self, uow: UnitOfWork) -> None:
        resource, form, key = resource_here(self), form_here(self), self._param("row")
        opened = open_form(uow, resource, form, key, dict(params_of(self)))
        kept = form_draft(uow.session, uow.actor, self._param("kept"), resource.code, key)
        self._labels, self._picks, self.differing = opened.labels, {}, []
        before = proposed_before(uow, resource, form, key, self._param("again"))
        content = {**opened.values, **before, **(kept.content if kept else {}), **self._made_meanwhile()}
        self.values = {**label_links(uow, opened.fields, content, self._labels), **self.draft}
        self._version, self._seen = opened.row_version, opened.shown
        self.title, self.caption, self.second = form.title, opened.caption, WORDS if form.second else ""
        self.back_href = addresses.record_address(resource, key) if key else addresses.list_address(resource)
        self._show(uow)
        self._offer_begun(uow, kept is not None)
        new_form(self)
        self.ready = True
        if key:
            uow.saw(f"change of {resource.one}", person_id=opened.person_id, phb_id=opened.phb_id)

    @reads(may_fill_in, aside=True)
    def suggest(self, uow: UnitOfWork, link: str, typed: str) -> None:
        field = resource_here(self).by_name.get(link)
        if isinstance(field, Link) and field in self._fields(uow):
            found = offered(uow.session, uow.actor, uow.today, field.to, typed)
            self._labels = {**self._labels, link: {**self._labels.get(link, {}), **found}}
            self.offers = {**self.offers, link: list(found)}
            if found:
                uow.saw(f"search for {resource_of(field.to).one}", rows=len(found))

    @reads(may_fill_in, aside=True)
    def answer(self, uow: UnitOfWork, field: str, value: str) -> None:
        self.answers = {**self.answers, field: value}

    @writes(may_fill_in, step_up=form_steps_up)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        way = form.pop(WAY, "")
        self.values = {**self.values, **form}
        return self._by_way(uow, way, form) if way else self._send(uow, form)

    @writes(may_fill_in, step_up=form_steps_up)
    def settle(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        why = {one.name: self.values.get(one.name, "") for one in asked(form_here(self).second)}
        return self._save(uow, {**settled(form, self._versions, self.differing), **why})

    @writes(may_fill_in)
    def forget(self, uow: UnitOfWork) -> object:
        resource, key = resource_here(self), self._param("row")
        begun = newest_form_draft(uow.session, uow.actor, resource.code, key)
        if begun:
            drop_form_draft(uow, begun.id)
        self.begun = ""
        self.notice = "It is thrown away."
        return None

    # What follows is no event: a browser cannot call it.

    def _show(self, uow: UnitOfWork) -> None:
        """The controls of the step this is, or the answers to check before they are sent."""
        form = form_here(self)
        step = step_of(form, self._param("step"))
        self.step_words, self.previous_href = "", ""
        self.button = PROPOSE if form.second and form.button == Form.button else form.button
        if len(form.steps) > 1:
            total = len(form.steps) + 1
            title = form.steps[step].title if step < len(form.steps) else "Check your answers"
            self.step_words = f"Step {step + 1} of {total}: {title}"
            self.button = self.button if step == len(form.steps) else "Continue"
            if step:
                self.previous_href = self._address(step - 1)
        self.lines = (
            check_lines(uow, form_here(self), resource_here(self), self.values, self._address)
            if step == len(form.steps)
            else []
        )
        self.inputs = inputs_of(self._fields(uow), self.values, self._picks, creates(uow.actor, self._fields(uow)))
        self.answers = answers_so_far(self.inputs, self.values)

    def _fields(self, uow: UnitOfWork) -> tuple[Field, ...]:
        """The fields of the step this is."""
        form = form_here(self)
        step = step_of(form, self._param("step"))
        own = seen(uow.actor, resource_here(self), form.steps[step].names if step < len(form.steps) else ())
        return own if step < len(form.steps) and len(form.steps) > 1 else (*own, *asked(form.second))

    def _by_way(self, uow: UnitOfWork, way: str, form: dict[str, str]) -> object:
        act, _, name = way.partition(":")
        if act in ("add", "remove"):
            group = name.partition(":")[0]
            stale = [key for key in self.values if key.startswith(f"{group}-") and key not in form]
            self.values = with_rows(self._fields(uow), {k: v for k, v in self.values.items() if k not in stale}, way)
            self.inputs = inputs_of(self._fields(uow), self.values, self._picks, creates(uow.actor, self._fields(uow)))
            return None
        draft = self._keep(uow)
        if act == "create" and name in creates(uow.actor, self._fields(uow)):
            target = resource_of(resource_here(self).field(name).to)  # pyright: ignore[reportAttributeAccessIssue]
            return rx.redirect(addresses.new_address(target, {"then": str(draft), "field": name}))
        return rx.redirect(f"{self.back_href}?done=kept")

    def _keep(self, uow: UnitOfWork, step: int | None = None) -> UUID:
        """Keep everything typed so far as a draft of the actor's own."""
        resource, form, key = resource_here(self), form_here(self), self._param("row")
        fields = seen(uow.actor, resource, form.names())
        kept = form_draft(uow.session, uow.actor, self._param("kept"), resource.code, key)
        content = link_ids(fields, kept_part(fields, self.values), self._labels)
        at = step_of(form, self._param("step")) if step is None else step
        return keep_form_draft(
            uow, kept.id if kept else None, resource=resource.code, row_key=key, step=at, content=content
        )

    def _send(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        declared = form_here(self)
        step = step_of(declared, self._param("step"))
        if len(declared.steps) > 1 and step < len(declared.steps):
            self._read(uow, self._fields(uow), form)
            return rx.redirect(self._address(step + 1, str(self._keep(uow, step + 1))))
        return self._save(uow, {**self.values, **form} if len(declared.steps) > 1 else form)

    def _read(self, uow: UnitOfWork, fields: tuple[Field, ...], sent: dict[str, str]) -> dict[str, Any]:
        """Every value, noted as what its words stand for. Where a link is not clear, the page asks which."""
        try:
            values = read_sent(uow, fields, sent, self._labels)
        except Several as several:
            self._picks = {
                name: [Choice(str(row_id), words) for words, row_id in found.items()]
                for name, found in several.found.items()
            }
            self.inputs = inputs_of(self._fields(uow), self.values, self._picks, creates(uow.actor, self._fields(uow)))
            raise Refusal("Choose which one you mean.", field=next(iter(self._picks))) from None
        for field in fields:
            if isinstance(field, Link) and isinstance(values.get(field.name), UUID):
                known = self._labels.get(field.name, {})
                self._labels = {**self._labels, field.name: {**known, sent[field.name]: values[field.name]}}
        return values

    def _save(self, uow: UnitOfWork, sent: dict[str, str]) -> object:
        resource, form, key = resource_here(self), form_here(self), self._param("row")
        values = self._read(uow, (*seen(uow.actor, resource, form.names()), *asked(form.second)), sent)
        try:
            save = partial(propose_sent, again=self._param("again")) if form.second else save_form
            saved = save(uow, resource, form, key, sent, values, form_key=self.form_key, seen_version=self._version)
        except Conflict as conflict:
            if self._compare(conflict):
                return show_refusal(self, conflict)
            return rx.redirect(addresses.record_address(resource, key))
        if kept := form_draft(uow.session, uow.actor, self._param("kept"), resource.code, key):
            drop_form_draft(uow, kept.id)
        if form.second:
            return rx.redirect(f"{routes.staff_change(saved)}?done=proposed")
        return self._onward(uow, saved)

    def _onward(self, uow: UnitOfWork, saved: str) -> object:
        """To the record; or back to the form from which this row was added."""
        resource = resource_here(self)
        came = any_form_draft(uow.session, uow.actor, self._param("then"))
        if came is not None:
            query = {"kept": str(came.id), "step": str(came.step), "field": self._param("field"), "made": saved}
            return rx.redirect(addresses.form_address(resource_of(came.resource), came.row_key, query))
        code = "change" if self._param("row") else "new"
        return rx.redirect(
            f"{addresses.record_address(resource, saved) or addresses.list_address(resource)}?done={code}"
        )

    def _made_meanwhile(self) -> dict[str, str]:
        """A row that was added from here, for the link it was added for."""
        return {self._param("field"): self._param("made")} if self._param("made") else {}

    def _offer_begun(self, uow: UnitOfWork, is_it: bool) -> None:
        """Say that one was begun before, unless it is the one that is open."""
        resource, key = resource_here(self), self._param("row")
        begun = None if is_it else newest_form_draft(uow.session, uow.actor, resource.code, key)
        self.begun = f"You began this form on {begun.kept} and kept it for later." if begun else ""
        query = {"kept": str(begun.id), "step": str(begun.step)} if begun else {}
        self.begun_href = addresses.form_address(resource, key, query) if begun else ""

    def _compare(self, conflict: Conflict) -> bool:
        """Whether the two versions say different things: two people may have made the same change."""
        labels = {one.name: one.label for one in self.inputs}
        self._versions = Versions.of(conflict)
        self.differing = differences(self._versions, self._seen, labels)
        self._seen, self._version = conflict.theirs, conflict.row_version
        return bool(self.differing)

    def _address(self, step: int, kept: str = "") -> str:
        """This form at one of its steps, with what was kept of it."""
        then = self._param("then")
        query = {"kept": kept or self._param("kept"), "step": str(step), "then": then, "again": self._param("again"),
                 "field": self._param("field") if then else ""}  # fmt: skip
        return addresses.form_address(resource_here(self), self._param("row"), {k: v for k, v in query.items() if v})

    def _param(self, name: str) -> str:
        return str(params_of(self).get(name, ""))
