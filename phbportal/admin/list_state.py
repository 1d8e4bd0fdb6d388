"""The one state behind every list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.admin import asking as asks
from phbportal.admin import conditions as built
from phbportal.admin import filling, laying, picking, saving
from phbportal.admin.asking import Asking, asking
from phbportal.admin.conditions import Line
from phbportal.admin.filling import Filter
from phbportal.admin.heads import Head
from phbportal.admin.inputs import Input
from phbportal.admin.laying import Column
from phbportal.admin.listing import count_words
from phbportal.admin.picking import ManyAct
from phbportal.admin.resolve import may_read, resource_here
from phbportal.admin.saving import ViewLink
from phbportal.admin.trail import Trail
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice


class ListState(PageState, Trail):
    """One page of any resource, as text."""

    title: str = ""
    intro: str = ""
    heads: list[Head] = []
    apart: list[int] = []
    rows: list[list[str]] = []
    record_base: str = ""
    sort_base: str = ""
    clear_href: str = ""
    see_also: list[Choice] = []
    """Where else to look: addresses and their words."""
    search: str = ""
    search_label: str = ""
    search_hint: str = ""
    filters: list[Filter] = []
    narrowed: bool = False
    nothing: str = ""
    summary: str = ""
    new_href: str = ""
    new_label: str = ""
    downloads: list[Choice] = []
    has_before: bool = False
    has_after: bool = False
    lines: list[Line] = []
    """The conditions somebody built, in words."""
    fields: list[Choice] = []
    field: str = ""
    op: str = ""
    ops: list[Choice] = []
    inputs: list[Input] = []
    values: dict[str, str] = {}
    columns: list[Column] = []
    size: str = ""
    density: str = ""
    views: list[ViewLink] = []
    view_name: str = ""
    view_shared: bool = False
    view_first: bool = False
    view_mine: bool = False
    """Whether the saved list one looks at is one's own."""
    acts: list[ManyAct] = []
    picked: list[str] = []
    picked_words: str = ""
    all_here: bool = False
    _before: str = ""
    _after: str = ""
    _ids: list[str] = []
    _picked: list[str] = []
    _picked_of: str = ""

    @reads(may_read)
    def load(self, uow: UnitOfWork) -> None:
        now = self._now(uow)
        if self._picked_of != now.signature():
            self._picked, self._picked_of = [], now.signature()
        filling.fill(self, uow, now, params_of(self))

    @reads(may_read, passive=True)
    def count(self, uow: UnitOfWork) -> None:
        now = self._now(uow)
        found = count_words(uow.session, uow.actor, uow.today, now.resource, now.asked()) if self.rows else ""
        self.summary = f"Showing {len(self.rows)} of {found}" if found else ""
        self.notice = filling.done_words(now.resource, params_of(self))  # beginning has cleared it

    @writes(may_read)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        now = self._now(uow)
        quick = {name: form[name] for name in now.resource.filters if form.get(name)}
        return asks.go(uow, replace(now, search=form.get("search", "").strip(), quick=quick))

    @writes(may_read)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self._before if direction == "before" else self._after
        return asks.go(uow, self._now(uow), cursor=cursor, direction=direction)

    # Filter by more

    @reads(may_read)
    def choose(self, uow: UnitOfWork, field: str) -> None:
        if not field:
            return filling.forget_condition(self)
        one = built.field_to_filter(uow.actor, resource_here(self), field)
        self.field, self.ops, self.values = one.name, built.comparisons(one), {}
        self.op, self.inputs = one.ops[0].value, built.value_inputs(one, one.ops[0])

    @reads(may_read)
    def compare(self, uow: UnitOfWork, op: str) -> None:
        one = built.field_to_filter(uow.actor, resource_here(self), self.field)
        self.op = built.comparison(one, op).value
        self.inputs = built.value_inputs(one, built.comparison(one, op))

    @writes(may_read)
    def add(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        now, self.values = self._now(uow), dict(form)
        condition = built.read_condition(uow.actor, now.resource, form)
        filling.forget_condition(self)
        return asks.go(uow, asks.with_condition(now, condition))

    @writes(may_read)
    def drop(self, uow: UnitOfWork, place: int) -> object:
        return asks.go(uow, asks.without(uow, self._now(uow), place))

    # Columns, rows a page, density

    @writes(may_read)
    def arrange(self, uow: UnitOfWork, column: str, move: str) -> object:
        return self._set_out(uow, laying.arranged(uow.actor, self._now(uow), column, move))

    @writes(may_read)
    def set_out(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._set_out(uow, laying.set_out(self._now(uow), form))

    def _set_out(self, uow: UnitOfWork, now: Asking) -> object:
        laying.remember(uow, now)
        if laying.is_in_place(now, params_of(self)):
            return filling.fill(self, uow, now, params_of(self))
        return asks.go(uow, now)

    # Saved lists

    @writes(may_read)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return rx.redirect(saving.save_new(uow, self._now(uow), form))

    @writes(may_read)
    def save_again(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return rx.redirect(saving.save_again(uow, self._now(uow), form))

    @writes(may_read)
    def delete(self, uow: UnitOfWork) -> object:
        return rx.redirect(saving.delete(uow, self._now(uow)))

    # Several rows at once

    @reads(may_read)
    def pick(self, uow: UnitOfWork, key: str, on: bool) -> None:
        self._pick(uow, [row_id for row, row_id in zip(self.rows, self._ids, strict=True) if row[0] == key], on)

    @reads(may_read)
    def pick_page(self, uow: UnitOfWork, on: bool) -> None:
        self._pick(uow, list(self._ids), on)

    @reads(may_read)
    def pick_all(self, uow: UnitOfWork) -> None:
        self._picked = []
        self._pick(uow, [str(one) for one in picking.all_matching(uow, self._now(uow))], True)

    @reads(may_read)
    def pick_none(self, uow: UnitOfWork) -> None:
        self._picked = []
        filling.show_picked(self, resource_here(self))

    @writes(may_read)
    def act(self, uow: UnitOfWork, action: str) -> object:
        ids = [UUID(one) for one in self._picked]
        query = {k: str(v) for k, v in params_of(self).items() if k not in ("resource", "done", "count")}
        return rx.redirect(picking.begin_acting(uow, resource_here(self), action, ids, query))

    def _pick(self, uow: UnitOfWork, ids: list[str], on: bool) -> None:
        self._picked = picking.picked(list(self._picked), ids, on)
        filling.show_picked(self, resource_here(self))

    def _now(self, uow: UnitOfWork) -> Asking:
        params: Any = params_of(self)
        return asking(uow, resource_here(self), params)
