"""Saved lists: the short list of them above a table, and the form that saves one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from phbportal.admin import addresses
from phbportal.admin.asking import EVERYTHING, Asking
from phbportal.domain.errors import Refusal
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import change_view, drop_view, save_view


@dataclass(frozen=True)
class ViewLink:
    """A saved list one can go to; ``note`` says whether it is shared or opens first."""

    label: str
    href: str
    note: str
    current: bool


def view_links(now: Asking) -> list[ViewLink]:
    """The whole list and the saved ones; nothing while none is saved."""
    if not now.views:
        return []
    first = any(one.opens_first and one.mine for one in now.views)
    whole = addresses.list_address(now.resource, {"saved": EVERYTHING} if first else {})
    links = [ViewLink(f"All {now.resource.several}", whole, "", now.saved is None)]
    for one in now.views:
        notes = ["shared" if one.mine and one.shared else "" if one.mine else "from a colleague"]
        notes.append("opens first" if one.mine and one.opens_first else "")
        address = addresses.list_address(now.resource, {"saved": str(one.id)})
        links.append(ViewLink(one.name, address, ", ".join(filter(None, notes)), one == now.saved))
    return links


def save_new(uow: UnitOfWork, now: Asking, form: Mapping[str, str]) -> str:
    """Save the list as it is under a new name. Returns its address."""
    _usable(uow, now)
    page, name = now.resource.code, form.get("name", "")
    made = save_view(
        uow, page, name, now.layout(), shared=form.get("shared") == "yes", opens_first=form.get("opens-first") == "yes"
    )  # fmt: skip
    return addresses.list_address(now.resource, {"saved": str(made), "done": "saved"})


def save_again(uow: UnitOfWork, now: Asking, form: Mapping[str, str]) -> str:
    """Change the saved list one looks at, if it is one's own: name, sharing, and what it shows now. Returns its
    address."""
    _usable(uow, now)
    if now.saved is None or not now.saved.mine:
        raise Refusal("Save it under a name of your own first.", field="name")
    change_view(
        uow, now.resource.code, now.saved.id, form.get("name", ""), now.layout(), shared=form.get("shared") == "yes",
        opens_first=form.get("opens-first") == "yes",
    )  # fmt: skip
    return addresses.list_address(now.resource, {"saved": str(now.saved.id), "done": "saved"})


def delete(uow: UnitOfWork, now: Asking) -> str:
    """Delete the saved list one looks at, if it is one's own. Returns the address of the whole list."""
    if now.saved is None or not now.saved.mine:
        raise Refusal("Only whoever saved this list can delete it.")
    drop_view(uow, now.resource.code, now.saved.id)
    opens = any(one.opens_first and one.mine and one != now.saved for one in now.views)
    query = {"saved": EVERYTHING} if opens else {}
    return addresses.list_address(now.resource, {**query, "done": "list-deleted"})


def _usable(uow: UnitOfWork, now: Asking) -> None:
    """What one may not see is not saved under one's own name."""
    if any(line.problem for line in now.lines(uow)):
        raise Refusal("Take away the filters that cannot be used before you save the list.", field="name")
