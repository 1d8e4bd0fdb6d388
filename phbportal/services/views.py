"""Keeping what somebody typed to search, and where they paged to, out of the address bar (decisions.md §5); and lists
saved under a name, for oneself or for one's board."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import SavedView, View

MOST_SAVED = 30


def keep_view(
    uow: UnitOfWork, page: str, *, search: str = "", cursor: str = "", direction: str = "", conditions: str = "",
    columns: str = "", density: str = "",
) -> UUID:  # fmt: skip
    """Keep a search and a place in its list for the actor's team. Returns the random id that goes into the address."""
    _only_staff(uow)
    view = uow.add(
        View, id=uuid.uuid4(), icb_id=uow.actor.icb_id, user_id=uow.actor.user_id, page=page,
        search=search.strip()[:200], cursor=cursor[:400], direction=direction[:10], conditions=conditions,
        columns=columns[:400], density=density[:12],
    )  # fmt: skip
    return view.id


@dataclass(frozen=True, slots=True)
class Layout:
    """A list as it is to be found again: the search, conditions as JSON, columns, sort, rows a page, density."""

    search: str = ""
    conditions: str = ""
    columns: str = ""
    sort: str = ""
    size: int = 50
    density: str = ""


def save_view(
    uow: UnitOfWork, page: str, name: str, layout: Layout, *, shared: bool = False, opens_first: bool = False
) -> UUID:  # fmt: skip
    """Save a list under a name nothing else of one's own on this page has. Returns its id. Raises Refusal."""
    _only_staff(uow)
    own, name = _own(uow, page), _good_name(name)
    _refuse_twice(own, name, None)
    if len([one for one in own if one.name]) >= MOST_SAVED:
        raise Refusal(f"You have saved {MOST_SAVED} lists here, the most there can be. Delete one first.", field="name")
    if opens_first:
        _none_first(uow, own)
    row = uow.add(
        SavedView, icb_id=uow.actor.icb_id, user_id=uow.actor.user_id, page=page, name=name, shared=shared,
        opens_first=opens_first, **_columns(layout),
    )  # fmt: skip
    if shared:
        uow.record("list_shared", about=row, page=page)
    return row.id


def change_view(
    uow: UnitOfWork, page: str, view_id: UUID, name: str, layout: Layout, *, shared: bool, opens_first: bool
) -> None:
    """Change one's own saved list: its name, who has it, whether it opens first, and what it shows. Raises Refusal."""
    row, own, name = _mine(uow, page, view_id), _own(uow, page), _good_name(name)
    _refuse_twice(own, name, row.id)
    if opens_first and not row.opens_first:
        _none_first(uow, own)
    was_shared = row.shared
    uow.change(row, name=name, shared=shared, opens_first=opens_first, **_columns(layout))
    if shared and not was_shared:
        uow.record("list_shared", about=row, page=page)
    elif was_shared and not shared:
        uow.record("list_unshared", about=row, page=page)


def drop_view(uow: UnitOfWork, page: str, view_id: UUID) -> None:
    """Delete one's own saved list: it is a way to look at records and none itself."""
    row = _mine(uow, page, view_id)
    if row.shared:
        uow.record("list_unshared", about=row, page=page)
    uow.session.delete(row)
    uow.session.flush()


def remember_layout(uow: UnitOfWork, page: str, *, columns: str, size: int, density: str) -> None:
    """Remember for the actor how they set a list out: it looks so when they come again."""
    _only_staff(uow)
    usual = next((one for one in _own(uow, page) if not one.name), None)
    if usual is not None:
        uow.change(usual, columns=columns[:400], size=size, density=density)
        return
    uow.add(
        SavedView, icb_id=uow.actor.icb_id, user_id=uow.actor.user_id, page=page, name="", shared=False,
        opens_first=False, columns=columns[:400], size=size, density=density,
    )  # fmt: skip


def _only_staff(uow: UnitOfWork) -> None:
    if not uow.actor.is_staff or uow.actor.icb_id is None:
        raise NotAllowed("You do not have permission to do this.")


def _own(uow: UnitOfWork, page: str) -> list[SavedView]:
    s = SavedView
    where = (
        col(s.user_id) == uow.actor.user_id, col(s.icb_id) == uow.actor.icb_id, col(s.page) == page,
    )  # fmt: skip
    return list(uow.session.execute(select(s).where(*where).order_by(col(s.id))).scalars())


def _mine(uow: UnitOfWork, page: str, view_id: UUID) -> SavedView:
    """One of one's own by its id: somebody else's reads like one that is not there."""
    _only_staff(uow)
    found = next((one for one in _own(uow, page) if one.id == view_id and one.name), None)
    if found is None:
        raise NotFound("That list is not one you saved.")
    return found


def _good_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise Refusal("Enter a name for the list.", field="name")
    if len(plain) > 60:
        raise Refusal("The name is too long. Use 60 letters or fewer.", field="name")
    return plain


def _refuse_twice(own: list[SavedView], name: str, but: UUID | None) -> None:
    if any(one.name.casefold() == name.casefold() and one.id != but for one in own):
        raise Refusal(f"You have already saved a list called “{name}”. Choose another name.", field="name")


def _none_first(uow: UnitOfWork, own: list[SavedView]) -> None:
    for one in own:
        uow.change(one, opens_first=False)


def _columns(layout: Layout) -> dict[str, str | int]:
    return {
        "search": layout.search.strip()[:200], "conditions": layout.conditions, "columns": layout.columns[:400],
        "sort": layout.sort[:60], "size": layout.size, "density": layout.density[:12],
    }  # fmt: skip
