"""What a list is asked for, out of its address, what was typed, and a saved list; and the way to the list it becomes.

An address holds filters by code, sort, size, and random ids of what is kept here: never what anybody typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import reflex as rx

from phbportal.admin import addresses
from phbportal.admin.asked import SIZE, SIZES, Asked
from phbportal.admin.conditions import MOST, Line, line_of, read_conditions, write_conditions
from phbportal.admin.ops import Condition, Op
from phbportal.admin.resource import Resource
from phbportal.domain.errors import Refusal
from phbportal.queries.views import KeptView, Saved, kept_and_saved
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import Layout, keep_view

EVERYTHING = "all"
"""What an address says in a saved list's place to show none, though one opens first."""
COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class Asking:
    """A list as it is asked for.

    ``quick`` are the filters by code, ``more`` the conditions somebody built; ``columns`` () are the declared ones.
    ``saved`` is the saved list one looks at, ``views`` those one could; ``is_own``: the actor typed the search.
    """

    resource: Resource
    search: str
    quick: dict[str, str]
    more: tuple[Condition, ...]
    columns: tuple[str, ...]
    sort: str
    size: int
    density: str
    cursor: str
    direction: str
    saved: Saved | None
    views: tuple[Saved, ...]
    is_own: bool

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Both kinds of filter."""
        return (*(Condition(name, Op.IS, (code,)) for name, code in self.quick.items()), *self.more)

    def asked(self) -> Asked:
        return Asked(
            self.search, self.conditions, self.sort, self.cursor, self.direction, self.size, self.columns
        )  # fmt: skip

    def layout(self) -> Layout:
        """What a saved list keeps of it."""
        return Layout(
            self.search, write_conditions(self.conditions), ",".join(self.columns), self.sort, self.size, self.density
        )  # fmt: skip

    def signature(self) -> str:
        """The same for every page of the same rows."""
        return f"{self.resource.code} {self.search} {write_conditions(self.conditions)}"

    def lines(self, uow: UnitOfWork) -> list[Line]:
        """The built conditions in words, then the quick filters that cannot be used."""
        built = [line_of(uow.actor, self.resource, one) for one in self.more]
        quick = [line_of(uow.actor, self.resource, one) for one in self.conditions[: len(self.quick)]]
        return [*built, *[one for one in quick if one.problem]]


def asking(uow: UnitOfWork, resource: Resource, params: Mapping[str, Any]) -> Asking:
    """Read what is asked for. One statement."""
    view, views = kept_and_saved(uow.session, uow.actor, resource.code, str(params.get("view", "")))
    usual = next((one for one in views if not one.name), None)
    named = tuple(one for one in views if one.name)
    query = {name: str(params[name]) for name in (*resource.filters, "sort", "size") if params.get(name)}
    saved = _saved(named, str(params.get("saved", "")), bare=not query and not view.found)
    fresh = saved is not None and not view.found
    source: KeptView | Saved = saved if saved is not None and fresh else view
    quick = {name: query[name] for name in resource.filters if _is_code(resource, name, query)}
    more = read_conditions(source.conditions)
    if fresh:
        known = {c.field: c.values[0] for c in more if c.op is Op.IS and c.field in resource.filters}
        more = tuple(c for c in more if not (c.op is Op.IS and c.field in resource.filters))
        quick = {name: code for name in resource.filters if (code := quick.get(name) or known.get(name, ""))}
    layout = (saved if fresh else None) or usual
    return Asking(
        resource, source.search, quick, more,
        tuple(filter(None, (source.columns or (usual.columns if usual else "")).split(","))),
        query.get("sort") or (saved.sort if saved and fresh else ""), _size(query.get("size", ""), layout),
        source.density or (usual.density if usual else ""), view.cursor, view.direction, saved, named,
        saved.mine if saved is not None and fresh else view.mine,
    )  # fmt: skip


def _saved(named: tuple[Saved, ...], wanted: str, *, bare: bool) -> Saved | None:
    if wanted:
        return next((one for one in named if str(one.id) == wanted), None)
    return next((one for one in named if one.opens_first and one.mine), None) if bare else None


def _size(asked: str, layout: Saved | None) -> int:
    size = int(asked) if asked in {str(s) for s in SIZES} else layout.size if layout else SIZE
    return size if size in SIZES else SIZE


def _is_code(resource: Resource, name: str, query: Mapping[str, str]) -> bool:
    options: list[tuple[str, str]] = getattr(resource.field(name), "options", list[Any])()
    return query.get(name) in {code for code, _words in options}


def with_condition(now: Asking, condition: Condition) -> Asking:
    """The list with one condition more. Raises Refusal for the same twice, and for too many."""
    if condition in now.more:
        raise Refusal("This filter is there already.", field="field")
    if len(now.more) >= MOST:
        raise Refusal(f"There can be {MOST} filters at most. Take one away first.", field="field")
    return replace(now, more=(*now.more, condition))


def without(uow: UnitOfWork, now: Asking, place: int) -> Asking:
    """The list without the line at this place; as it is for a place where none is."""
    if 0 <= place < len(now.more):
        return replace(now, more=(*now.more[:place], *now.more[place + 1 :]))
    unfit = [name for name, code in now.quick.items() if _problem(uow, now, name, code)]
    gone = unfit[place - len(now.more)] if 0 <= place - len(now.more) < len(unfit) else ""
    return replace(now, quick={name: code for name, code in now.quick.items() if name != gone})


def _problem(uow: UnitOfWork, now: Asking, name: str, code: str) -> str:
    return line_of(uow.actor, now.resource, Condition(name, Op.IS, (code,))).problem


def sort_base(now: Asking, params: Mapping[str, Any]) -> str:
    """What stands before a column's name in the address that sorts by it: the same rows from the top."""
    saved = str(now.saved.id) if now.saved else str(params.get("saved", ""))
    kept = {**_query(replace(now, sort="")), "saved": saved, "view": str(params.get("view", ""))}
    return addresses.list_address(now.resource, {**kept, "sort": "x"})[:-1]


def everything(now: Asking) -> str:
    """The address of the whole list."""
    opens = any(one.opens_first and one.mine for one in now.views)
    return addresses.list_address(now.resource, {"saved": EVERYTHING} if opens else {})


def go(uow: UnitOfWork, now: Asking, *, cursor: str = "", direction: str = "") -> Any:
    """On to the list as it is now asked for, from its top or from a place."""
    return rx.redirect(address_of(uow, now, cursor=cursor, direction=direction))


def address_of(uow: UnitOfWork, now: Asking, *, cursor: str = "", direction: str = "") -> str:
    """The address of a list as it is asked for; what may not stand there is kept under a random id."""
    query = _query(now)
    if now.saved is not None:
        query["saved"] = str(now.saved.id)
    if now.search.strip() or cursor or now.more or now.saved is not None:
        kept = keep_view(
            uow, now.resource.code, search=now.search, cursor=cursor, direction=direction,
            conditions=write_conditions(now.more), columns=",".join(now.columns), density=now.density,
        )  # fmt: skip
        query["view"] = str(kept)
    if not query and any(one.opens_first and one.mine for one in now.views):
        query["saved"] = EVERYTHING
    return addresses.list_address(now.resource, query)


def _query(now: Asking) -> dict[str, str]:
    size = str(now.size) if now.size != SIZE else ""
    return {name: value for name, value in {**now.quick, "sort": now.sort, "size": size}.items() if value}


def to_text(asked: Asked) -> str:
    """What a list is asked for, to be kept."""
    return json.dumps(asdict(asked.page_one()))


def from_text(text: str) -> Asked:
    """The other way round; what it does not say is as usual."""
    kept = json.loads(text)
    conditions = tuple(Condition(c["field"], Op(c["op"]), tuple(c["values"])) for c in kept.pop("conditions", ()))
    return Asked(**{**kept, "conditions": conditions, "columns": tuple(kept.get("columns", ()))})
