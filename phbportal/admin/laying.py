"""How a list is set out: which columns in which order, how many rows a page, how dense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from phbportal.admin.asked import SIZES
from phbportal.admin.asking import COMPACT, Asking
from phbportal.admin.fields import Computed, Field, Json, LongText
from phbportal.admin.listing import columns_of
from phbportal.admin.resource import Resource
from phbportal.admin.sight import seen
from phbportal.domain.errors import Refusal
from phbportal.policy.actors import Actor
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import remember_layout

MOST_COLUMNS = 12


@dataclass(frozen=True)
class Column:
    """A column one may have: whether it is shown, and whether it can go further up or down."""

    name: str
    label: str
    shown: bool
    can_up: bool
    can_down: bool


def columns_to_choose(actor: Actor, now: Asking) -> list[Column]:
    """The columns that are shown, in their order, then those that could be. The title stands first and stays."""
    shown = [one.name for one in columns_of(actor, now.resource, now.asked())][1:]
    last = len(shown) - 1
    labels = {field.name: field.words() for field in _possible(actor, now.resource)}
    chosen = [Column(n, labels[n], True, at > 0, at < last) for at, n in enumerate(shown) if n in labels]
    return [*chosen, *[Column(n, words, False, False, False) for n, words in labels.items() if n not in shown]]


def arranged(actor: Actor, now: Asking, name: str, move: str) -> Asking:
    """The list with a column shown, hidden, or moved one place. Raises Refusal."""
    shown = [one.name for one in columns_of(actor, now.resource, now.asked())][1:]
    if name not in {field.name for field in _possible(actor, now.resource)}:
        raise Refusal("That is not a column of this list.")
    if move == "show" and name not in shown:
        if len(shown) >= MOST_COLUMNS:
            raise Refusal(f"A list shows {MOST_COLUMNS} columns at most. Hide another first.")
        shown.append(name)
    elif move == "hide" and name in shown:
        shown.remove(name)
    elif move in ("up", "down") and name in shown:
        at = shown.index(name)
        to = max(0, min(len(shown) - 1, at + (1 if move == "down" else -1)))
        shown.insert(to, shown.pop(at))
    return replace(now, columns=(now.resource.title, *shown))


def set_out(now: Asking, form: Mapping[str, str]) -> Asking:
    """The list with as many rows and as dense as a form says."""
    size = next((one for one in SIZES if str(one) == form.get("size")), now.size)
    return replace(now, size=size, density=COMPACT if form.get("density") == COMPACT else "comfortable")


def remember(uow: UnitOfWork, now: Asking) -> None:
    """Remember it for the actor, unless they look at a saved list, which has its own."""
    if now.saved is None:
        remember_layout(
            uow, now.resource.code, columns=",".join(now.columns), size=now.size, density=now.density
        )  # fmt: skip


def is_in_place(now: Asking, params: Mapping[str, Any]) -> bool:
    """Whether the address stays what it is when the list is set out anew."""
    return now.saved is None and not params.get("view") and not params.get("size")


def _possible(actor: Actor, resource: Resource) -> list[Field]:
    """What can be a column: what the actor sees and is short."""
    found = seen(actor, resource, tuple(n for n in resource.by_name if n != resource.title))
    return [f for f in found if (f.columns() or isinstance(f, Computed)) and not isinstance(f, (Json, LongText))]
