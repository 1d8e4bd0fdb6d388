"""Filling the list's state: what is the same as before is not sent to the browser again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from phbportal.admin import addresses
from phbportal.admin import asking as asks
from phbportal.admin.asked import can_search, search_hint
from phbportal.admin.asking import COMPACT, Asking
from phbportal.admin.conditions import fields_to_filter
from phbportal.admin.fields.base import an
from phbportal.admin.heads import Head
from phbportal.admin.laying import columns_to_choose
from phbportal.admin.listing import Listed, list_page
from phbportal.admin.picking import acts_on_many, picked_words
from phbportal.admin.record_state import KEPT
from phbportal.admin.registry import all_resources, resource_of
from phbportal.admin.resource import Resource
from phbportal.admin.saving import view_links
from phbportal.admin.second import PROPOSED
from phbportal.admin.sight import seen
from phbportal.admin.trail import LastList
from phbportal.domain.exports import FILE_WORDS
from phbportal.domain.text import plural, within
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice

SAVED = {
    "kept": KEPT,
    "saved": "The list is saved.",
    "list-deleted": "The saved list is deleted. The records are untouched.",
}


@dataclass(frozen=True)
class Filter:
    """A filter by code: its field, its words, what can be chosen and what is."""

    name: str
    label: str
    choices: list[Choice]
    value: str


def put(state: Any, **values: Any) -> None:
    """Set what differs."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)


def fill(state: Any, uow: UnitOfWork, now: Asking, params: Mapping[str, Any]) -> None:
    """One page of a list, and all that stands around it."""
    resource, lines = now.resource, now.lines(uow)
    problem = next((line.problem for line in lines if line.problem), "")
    page = (
        Listed([], [], "", "", problem) if problem
        else list_page(uow.session, uow.actor, uow.today, resource, now.asked())
    )  # fmt: skip
    state._before, state._after, state._ids = page.before, page.after, [str(one) for one in page.ids]
    state.rows = page.rows
    put(
        state, nothing=page.nothing, summary="", has_before=bool(page.before), has_after=bool(page.after),
        # What a colleague searched by is not shown to somebody who may not see it.
        search="" if page.unseen and not now.is_own else now.search,
        heads=page.heads, apart=apart_at(page.heads, page.rows),
        lines=lines,
        title=resource.many,
        intro=resource.intro,
        search_label=f"Find {an(resource.one)}" if can_search(uow.actor, resource) else "",
        search_hint=search_hint(uow.actor, resource),
        see_also=[*_see_also(uow.actor, resource), *_imports(uow.actor, resource)],
        record_base=addresses.record_base(resource),
        sort_base=asks.sort_base(now, params), clear_href=asks.everything(now), filters=_filters(uow.actor, now),
        narrowed=bool(now.search or now.conditions), fields=fields_to_filter(uow.actor, resource),
        columns=columns_to_choose(uow.actor, now), size=str(now.size),
        density=COMPACT if now.density == COMPACT else "comfortable", views=view_links(now),
        downloads=_downloads(uow.actor, resource, params) if page.rows else [],
        acts=acts_on_many(uow.actor, resource), notice=done_words(resource, params),
    )  # fmt: skip
    _show_saved(state, now)
    _show_new(state, uow.actor, resource)
    show_picked(state, resource)
    keys = frozenset(row[0] for row in page.rows)
    asked = now.asked().page_one()
    state._last_list = LastList(resource.code, asked, page.searched, _address(now, params), keys)
    state.ready = True
    uow.saw(f"list of {within(resource.many)}", rows=len(page.rows))


def apart_at(heads: Sequence[Head], rows: Sequence[Sequence[str]]) -> list[int]:
    """Where in a row stands what tells it from others of the same title, for those who hear "Choose …" and not the rest
    of the row: nothing where the titles do, else what it belongs to, and if need be what differs most."""
    told = [1]
    others = [head.at for head in heads if head.kind == "link"] + [head.at for head in heads if head.kind != "link"]
    for some in (others[:1], others[1:]):
        if _different(rows, told) == len(rows):
            break
        told += sorted(some, key=lambda at: -_different(rows, [*told, at]))[:1]
    return told[1:]


def _different(rows: Sequence[Sequence[str]], places: Sequence[int]) -> int:
    return len({tuple(row[at] for at in places) for row in rows})


def _address(now: Asking, params: Mapping[str, Any]) -> str:
    """Where the list is, at the page one is on."""
    names = (*now.resource.filters, "sort", "size", "view", "saved")
    return addresses.list_address(now.resource, {name: str(params.get(name, "")) for name in names})


def show_picked(state: Any, resource: Resource) -> None:
    """Which rows of the page are chosen, and how many of all pages."""
    chosen = set(state._picked)
    pairs = zip(state.rows, state._ids, strict=True) if chosen else ()  # most have chosen none
    here = [row[0] for row, row_id in pairs if row_id in chosen]
    put(
        state, picked=here, all_here=bool(here) and len(here) == len(state.rows),
        picked_words=picked_words(resource, [UUID(one) for one in chosen]),
    )  # fmt: skip


def forget_condition(state: Any) -> None:
    """The controls that ask for a condition begin again."""
    put(state, field="", op="", ops=[], inputs=[], values={})


def _show_saved(state: Any, now: Asking) -> None:
    own = now.saved is not None and now.saved.mine
    put(
        state, view_mine=own, view_name=now.saved.name if now.saved and own else "",
        view_shared=now.saved.shared if now.saved and own else False,
        view_first=now.saved.opens_first if now.saved and own else False,
    )  # fmt: skip


def _show_new(state: Any, actor: Actor, resource: Resource) -> None:
    needs = resource.new.permission if resource.new else resource.new_needs
    may = needs is not None and could_ever(actor, needs)
    put(
        state, new_href=addresses.new_address(resource) if may else "",
        new_label=resource.new_label or (resource.new.title if resource.new else ""),
    )  # fmt: skip


def _downloads(actor: Actor, resource: Resource, params: Mapping[str, Any]) -> list[Choice]:
    """The files this list may be taken out as, by those who may: their addresses and kinds."""
    if resource.export is None or not could_ever(actor, resource.export):
        return []
    names = (*resource.filters, "sort", "view", "saved")
    query = {name: str(params[name]) for name in names if params.get(name)}
    return [Choice(addresses.export_address(resource, kind, query), words) for kind, words in FILE_WORDS.items()]


def _see_also(actor: Actor, resource: Resource) -> list[Choice]:
    others = [resource_of(code) for code in resource.see_also]
    return [Choice(addresses.list_address(one), one.many) for one in others if could_ever(actor, one.read)]


def _imports(actor: Actor, resource: Resource) -> list[Choice]:
    """The kinds of file that may be brought in here."""
    return [
        Choice(addresses.import_address(of, one.code), one.words())
        for of in (all_resources() if resource.gathers_imports else [resource])
        for one in of.imports
        if actor.icb_id and could_ever(actor, one.permission)
    ]


def _filters(actor: Actor, now: Asking) -> list[Filter]:
    found: list[Filter] = []
    for one in seen(actor, now.resource, now.resource.filters):
        options: list[tuple[str, str]] = getattr(one, "options", list[Any])()
        choices = [Choice("", "Any"), *[Choice(code, words) for code, words in options]]
        found.append(Filter(one.name, one.words(), choices, now.quick.get(one.name, "")))
    return found


def done_words(resource: Resource, params: Mapping[str, Any]) -> str:
    """What was just done, by the code in the address."""
    code, count = str(params.get("done", "")), str(params.get("count", ""))
    forms = {"new": resource.new, "change": resource.change}
    form = forms.get(code)
    if form is not None:
        return form.done
    action = next((one for one in resource.actions if one.code == code), None)
    if action is None:
        return resource.done.get(code) or SAVED.get(code, "")
    many = int(count) if count.isdigit() and len(count) < 4 else 0
    done = PROPOSED if action.second else action.done
    return f"{plural(many, resource.one, resource.several)}: {done}" if many else done
