"""The one state behind the page where a file for any resource is chosen."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin import addresses
from phbportal.admin.imports.declared import Import
from phbportal.admin.registry import import_of
from phbportal.admin.resolve import resource_here
from phbportal.domain.exports import FILE_WORDS
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState, show_left_out
from phbportal.policy.permissions import Permission
from phbportal.services.imports import may_bring_in
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice
from phbportal.ui.tables import Line


def import_here(state: Any) -> Import:
    """The import whose page this is; NotFound for an address that names none."""
    return import_of(resource_here(state).code, str(params_of(state).get("incoming", "")))


def may_import(state: Any) -> Permission:
    """The permission to bring in such a list."""
    return import_here(state).permission


class ImportStartState(PageState, rx.State):
    """Which columns a file may have, an empty one to fill in, and where it is sent."""

    title: str = ""
    caption: str = ""
    explains: str = ""
    rules: list[str] = []
    lines: list[Line] = []
    templates: list[Choice] = []
    action: str = ""
    back_href: str = ""

    @reads(may_import)
    def load(self, uow: UnitOfWork) -> object:
        resource, declared = resource_here(self), import_here(self)
        may_bring_in(uow, declared.permission)
        self.title, self.caption, self.explains = declared.words(), resource.many, declared.explains
        self.rules = rules_of(declared)
        self.lines = [
            Line(one.words(), one.hint or ("May be empty" if one.optional else "Needed")) for one in declared.fields
        ]
        self.action = f"{routes.IMPORT}/{resource.code}/{declared.code}"
        self.templates = [Choice(f"{self.action}?kind={kind.value}", words) for kind, words in FILE_WORDS.items()]
        self.back_href = addresses.list_address(resource)
        self.ready = True
        return show_left_out(self)


def rules_of(declared: Import) -> list[str]:
    """How such a file is brought in, in sentences."""
    found = ["You see what would become of every row before anything is written."]
    if declared.all_or_nothing:
        found.append("The whole file is brought in or nothing of it: every row must be right.")
    else:
        found.append("Rows that are refused are left out; you can download them, put them right and bring them again.")
    if declared.second is not None:
        found.append("A second person must agree before it is brought in.")
    found.append(declared.keeps or "A file can be taken back, whole, as long as nothing has built upon it.")
    found.append("The file itself is kept for a day after the last time you worked on it.")
    return found
