"""The one state behind every list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.admin import addresses
from phbportal.admin.asked import Asked
from phbportal.admin.asking import asked_by_address
from phbportal.admin.heads import Head
from phbportal.admin.listing import count_words, list_page
from phbportal.admin.record_state import done_words
from phbportal.admin.resolve import may_read, resource_here
from phbportal.admin.resource import Resource
from phbportal.admin.sight import seen
from phbportal.domain.exports import FILE_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.queries.views import KeptView, kept_view
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view
from phbportal.ui.choices import Choice


@dataclass(frozen=True)
class Filter:
    """A filter by code: its field, its words, what can be chosen and what is."""

    name: str
    label: str
    choices: list[Choice]
    value: str


@dataclass(frozen=True)
class Download:
    """A kind of file, and the address that makes it."""

    label: str
    href: str


class ListState(PageState, rx.State):
    """One page of any resource, as text."""

    title: str = ""
    intro: str = ""
    heads: list[Head] = []
    rows: list[list[str]] = []
    record_base: str = ""
    sort_base: str = ""
    clear_href: str = ""
    search: str = ""
    search_hint: str = ""
    filters: list[Filter] = []
    narrowed: bool = False
    nothing: str = ""
    summary: str = ""
    new_href: str = ""
    new_label: str = ""
    downloads: list[Download] = []
    has_before: bool = False
    has_after: bool = False
    _before: str = ""
    _after: str = ""

    @reads(may_read)
    def load(self, uow: UnitOfWork) -> None:
        resource, (asked, query) = resource_here(self), _asked(self, uow)
        page = list_page(uow.session, uow.actor, uow.today, resource, asked)
        self.heads, self.rows, self.nothing, self.summary = page.heads, page.rows, page.nothing, ""
        self._before, self._after = page.before, page.after
        self.has_before, self.has_after = bool(page.before), bool(page.after)
        self.title, self.intro, self.search = resource.many, resource.intro, asked.search
        self.search_hint = resource.search_hint if resource.search or resource.finds else ""
        self.record_base = addresses.record_base(resource)
        self.sort_base = addresses.list_address(resource, {**query, "sort": "x"})[:-1]
        self.clear_href = addresses.list_address(resource)
        self.filters, self.narrowed = _filters(uow.actor, resource, query), bool(asked.search or asked.conditions)
        self._show_new(uow.actor, resource)
        self.downloads = downloads_of(uow.actor, resource, query, self.router.page.params) if page.rows else []
        self.notice = done_words(resource, self.router.page.params)
        self.ready = True
        uow.saw(f"list of {resource.many.lower()}", rows=len(page.rows))

    def _show_new(self, actor: Actor, resource: Resource) -> None:
        needs = resource.new.permission if resource.new else resource.new_needs
        may = needs is not None and could_ever(actor, needs)
        self.new_href = addresses.new_address(resource) if may else ""
        self.new_label = resource.new_label or (resource.new.title if resource.new else "")

    @reads(may_read, passive=True)
    def count(self, uow: UnitOfWork) -> None:
        resource, (asked, _query) = resource_here(self), _asked(self, uow)
        found = count_words(uow.session, uow.actor, uow.today, resource, asked) if self.rows else ""
        self.summary = f"Showing {len(self.rows)} of {found}" if found else ""

    @writes(may_read)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        resource, (_asked_before, query) = resource_here(self), _asked(self, uow)
        chosen = {name: form.get(name, "") for name in resource.filters}
        kept = {**query, **chosen}
        return _go(uow, resource, kept, search=form.get("search", ""), view=_view(self, uow, resource))

    @writes(may_read)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        resource, (asked, query) = resource_here(self), _asked(self, uow)
        cursor = self._before if direction == "before" else self._after
        view = _view(self, uow, resource)
        return _go(uow, resource, query, search=asked.search, cursor=cursor, direction=direction, view=view)


def _view(state: Any, uow: UnitOfWork, resource: Resource) -> KeptView:
    return kept_view(uow.session, uow.actor, resource.code, state.router.page.params.get("view", ""))


def _asked(state: Any, uow: UnitOfWork) -> tuple[Asked, dict[str, str]]:
    return asked_by_address(uow.session, uow.actor, resource_here(state), state.router.page.params)


def downloads_of(actor: Actor, resource: Resource, query: dict[str, str], params: Any) -> list[Download]:
    """The files this list may be taken out as, by those who may."""
    if resource.export is None or not could_ever(actor, resource.export):
        return []
    view = {"view": str(params["view"])} if params.get("view") else {}
    return [
        Download(words, addresses.export_address(resource, kind, {**query, **view}))
        for kind, words in FILE_WORDS.items()
    ]


def _filters(actor: Actor, resource: Resource, query: dict[str, str]) -> list[Filter]:
    found: list[Filter] = []
    for one in seen(actor, resource, resource.filters):
        options: list[tuple[str, str]] = getattr(one, "options", list[Any])()
        choices = [Choice("", f"Any {one.words().lower()}"), *[Choice(code, words) for code, words in options]]
        found.append(Filter(one.name, one.words(), choices, query.get(one.name, "")))
    return found


def _go(
    uow: UnitOfWork, resource: Resource, query: dict[str, str], *, search: str, cursor: str = "", direction: str = "",
    view: KeptView,
) -> Any:  # fmt: skip
    """On to the list as it is now asked for; what was typed and the place in it are kept beside the address."""
    if search.strip() or cursor or view.conditions or view.columns:
        kept = keep_view(
            uow, resource.code, search=search, cursor=cursor, direction=direction, conditions=view.conditions,
            columns=view.columns, density=view.density,
        )  # fmt: skip
        query = {**query, "view": str(kept)}
    return rx.redirect(addresses.list_address(resource, query))
