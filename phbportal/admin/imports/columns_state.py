"""The one state behind the page that asks what the columns of a file are."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from phbportal import routes
from phbportal.admin.imports.declared import Import
from phbportal.admin.imports.reading import check_columns, proposed
from phbportal.admin.imports.showing import sheets_words
from phbportal.admin.registry import import_of
from phbportal.domain.errors import NotFound
from phbportal.domain.imports import ImportStatus
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.imports import BatchView, batch_of, said_of_headings
from phbportal.services.imports import try_import
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice


def open_batch(uow: UnitOfWork, brought: str) -> tuple[BatchView, Import]:
    """The actor's own file while what is meant by it can still be said; NotFound for any other."""
    batch = batch_of(uow.session, uow.actor, uow.today, given_id(brought))
    if not batch.is_mine or batch.status not in (ImportStatus.READ, ImportStatus.TRIED):
        raise NotFound()
    return batch, import_of(batch.resource, batch.way)


@dataclass(frozen=True)
class Asked:
    """A heading of the file, some values under it, and what it stands for."""

    name: str
    heading: str
    samples: str
    value: str


class ImportColumnsState(PageState, rx.State):
    """What each heading of a file stands for: proposed, and put right."""

    caption: str = ""
    asked: list[Asked] = []
    choices: list[Choice] = []
    back_href: str = ""
    sheets: str = ""
    sheets_href: str = ""

    @reads(Permission.IMPORT_PREPARE)
    def load(self, uow: UnitOfWork) -> None:
        batch, declared = self._open(uow)
        headings = [str(one["text"]) for one in batch.headings]
        said = batch.columns or proposed(
            headings,
            declared,
            said_of_headings(uow.session, uow.actor, f"{batch.resource}/{batch.way}"),
            batch.by_sheet,
        )
        self.caption, self.back_href = f"{batch.title}: {batch.file_name}", routes.staff_import(batch.id)
        self.choices = [Choice("", "Leave it out"), *[Choice(one.name, one.words()) for one in declared.fields]]
        self.asked = [
            Asked(f"c{n}", str(one["text"]), ", ".join(one["samples"]), said.get(str(one["text"]), ""))
            for n, one in enumerate(batch.headings)
        ]
        self.sheets, self.sheets_href = sheets_words(batch), ""
        if len(batch.sheets) > 1:
            self.sheets_href = routes.of_import(routes.STAFF_IMPORT_SHEETS, batch.id)
        self.ready = True
        uow.saw("columns of a file to bring in")

    @writes(Permission.IMPORT_PREPARE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        batch, declared = self._open(uow)
        known = {one.name for one in declared.fields}
        columns = {
            str(one["text"]): form[f"c{n}"] if form.get(f"c{n}") in known else ""
            for n, one in enumerate(batch.headings)
        }  # fmt: skip
        self.asked = [Asked(one.name, one.heading, one.samples, columns.get(one.heading, "")) for one in self.asked]
        check_columns(declared, columns, batch.by_sheet)
        try_import(uow, batch.id, columns)
        return rx.redirect(routes.staff_import(batch.id))

    def _open(self, uow: UnitOfWork) -> tuple[BatchView, Import]:
        return open_batch(uow, str(params_of(self).get("brought", "")))
