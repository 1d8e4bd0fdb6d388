"""The list somebody last had open, as long as they go no further than its records.

It is kept on the server: what was searched and where in the list somebody is may stand in no address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import reflex as rx

from phbportal.admin.addresses import list_address, record_base
from phbportal.admin.asked import Asked, Searched
from phbportal.admin.registry import resource_of


@dataclass(frozen=True, slots=True)
class LastList:
    """A list as it was asked for, its address, and the keys of the rows it led to."""

    code: str
    asked: Asked
    searched: Searched
    href: str
    keys: frozenset[str]

    def leads_to(self, path: str) -> bool:
        """Whether a page is the list itself, one of its records, or a page below one of those."""
        resource = resource_of(self.code)
        bases = (list_address(resource), record_base(resource))
        return any(base and (path == base or path.startswith(f"{base}/")) for base in bases)


class Trail(rx.State):
    """What the list and the pages of its records share. Nothing of it is sent to the browser."""

    _last_list: LastList | None = None

    def _on_page(self, path: str) -> None:
        """Somebody opens a page: one that is not of the list forgets it."""
        if self._last_list is not None and not self._last_list.leads_to(path):
            self._last_list = None

    def _came_from(self, code: str, key: str) -> LastList | None:
        """The list a record was opened from, if it was from one."""
        last = self._last_list
        return last if last is not None and last.code == code and key in last.keys else None

    def _lead_on(self, keys: Iterable[str]) -> None:
        """The list leads to more records: the neighbours of one."""
        if self._last_list is not None:
            self._last_list = replace(self._last_list, keys=self._last_list.keys | {one for one in keys if one})
