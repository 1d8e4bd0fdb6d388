"""The one state behind the page of a file: how far it is, what becomes of its rows, and what can be done with it."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.imports import showing
from phbportal.admin.imports.showing import Doubtful, Narrow, Shown, Strange
from phbportal.admin.registry import import_of
from phbportal.domain.imports import Outcome, plain
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.imports import batch_of
from phbportal.services import imports
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice
from phbportal.ui.tables import Line


class ImportState(PageState, rx.State):
    """A file of any resource."""

    title: str = ""
    lines: list[Line] = []
    at_work: bool = False
    done: int = 0
    total: int = 0
    progress: str = ""
    trouble: str = ""
    narrows: list[Narrow] = []
    rows: list[Shown] = []
    next_href: str = ""
    first_href: str = ""
    strange: list[Strange] = []
    downloads: list[Choice] = []
    columns_href: str = ""
    go_words: str = ""
    not_go: str = ""
    may_go: bool = False
    may_name: bool = False
    may_say: bool = False
    doubtful: list[Doubtful] = []
    may_give_up: bool = False
    may_decide: bool = False
    may_take_back: bool = False
    may_take_back_second: bool = False
    rules: list[str] = []

    @reads(Permission.IMPORT_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        uow.saw("rows of a file brought in", rows=len(self.rows))

    @reads(Permission.IMPORT_READ, passive=True)
    def look_again(self, uow: UnitOfWork) -> None:
        self._show(uow)

    @writes(Permission.IMPORT_PREPARE)
    def go(self, uow: UnitOfWork) -> None:
        imports.bring_in(uow, self._id())
        self._show(uow)

    @writes(Permission.IMPORT_PREPARE)
    def name_values(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        pairs = showing.strange_pairs(batch_of(uow.session, uow.actor, uow.today, self._id()))
        said = {(column, plain(value)): form.get(f"v{n}", "") for n, (column, value) in enumerate(pairs)}
        imports.name_values(uow, self._id(), said)
        self._show(uow)

    @writes(Permission.IMPORT_PREPARE)
    def decide(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        said = {int(name[1:]): value for name, value in form.items() if name[:1] == "d" and name[1:].isdecimal()}
        imports.decide_rows(uow, self._id(), said)
        self._show(uow)

    @writes(Permission.IMPORT_PREPARE)
    def give_up(self, uow: UnitOfWork) -> object:
        imports.give_up(uow, self._id())
        return rx.redirect(f"{routes.STAFF_IMPORTS}?done=given-up")

    @writes(Permission.IMPORT_PREPARE)
    def take_back(self, uow: UnitOfWork) -> None:
        imports.take_back(uow, self._id())
        self._show(uow)

    @writes(Permission.IMPORT_DECIDE, step_up=True)
    def agree(self, uow: UnitOfWork) -> None:
        imports.agree_import(uow, self._id())
        self._show(uow)

    @writes(Permission.IMPORT_DECIDE)
    def refuse(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        imports.refuse_import(uow, self._id(), form.get("note", ""))
        self._show(uow)

    @writes(Permission.IMPORT_DECIDE, step_up=True)
    def take_back_second(self, uow: UnitOfWork) -> None:
        imports.take_back(uow, self._id())
        self._show(uow)

    # What follows is no event: a browser cannot call it.

    def _id(self) -> UUID:
        return given_id(str(params_of(self).get("brought", "")))

    def _show(self, uow: UnitOfWork) -> None:
        batch = batch_of(uow.session, uow.actor, uow.today, self._id())
        params = params_of(self)
        outcome = str(params.get("outcome", ""))
        outcome = outcome if outcome in list(Outcome) else ""
        after = str(params.get("after", "0"))
        self.title, self.lines, self.at_work = batch.title, showing.facts(batch), batch.at_work
        self.done, self.total = batch.done, max(batch.total, 1)
        self.progress = showing.progress_words(batch) if batch.at_work else ""
        self.trouble = batch.problem or (f"The same file was brought in on {batch.earlier}." if batch.earlier else "")
        number = int(after) if after.isdigit() and len(after) < 9 else 0
        self.rows, self.next_href = showing.page_of_rows(uow, batch, outcome, number)
        self.narrows = showing.narrows(batch, outcome) if self.rows or outcome else []
        self.first_href = f"{routes.staff_import(batch.id)}?outcome={outcome}" if number else ""
        declared = import_of(batch.resource, batch.way)
        self.strange = showing.strange_values(batch, declared)
        self.doubtful = showing.doubtful_rows(uow, batch, declared)
        self.downloads = showing.downloads(batch)
        for name, value in showing.acts_now(uow, batch).items():
            setattr(self, name, value)
        self.ready = True
