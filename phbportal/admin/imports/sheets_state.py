"""The one state behind the page that asks which sheets of a workbook are meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.imports.columns_state import open_batch
from phbportal.domain.errors import NotFound
from phbportal.domain.text import plural
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.imports import BatchView
from phbportal.services.imports import choose_sheets
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice

MOST_HEADINGS = 4


class ImportSheetsState(PageState, rx.State):
    """The sheets of a workbook: those most likely meant are ticked."""

    caption: str = ""
    sheets: list[Choice] = []
    ticked: dict[str, str] = {}
    back_href: str = ""

    @reads(Permission.IMPORT_PREPARE)
    def load(self, uow: UnitOfWork) -> None:
        batch = self._open(uow)
        self.caption, self.back_href = f"{batch.title}: {batch.file_name}", routes.staff_import(batch.id)
        self.sheets = [Choice(f"s{n}", _words(one), _hint(one)) for n, one in enumerate(batch.sheets)]
        self.ticked = {f"s{n}": "yes" if one["name"] in batch.chosen else "" for n, one in enumerate(batch.sheets)}
        self.ready = True
        uow.saw("sheets of a file to bring in")

    @writes(Permission.IMPORT_PREPARE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        batch = self._open(uow)
        self.ticked = {f"s{n}": form.get(f"s{n}", "") for n in range(len(batch.sheets))}
        choose_sheets(uow, batch.id, [one["name"] for n, one in enumerate(batch.sheets) if form.get(f"s{n}")])
        return rx.redirect(routes.of_import(routes.STAFF_IMPORT_COLUMNS, batch.id))

    def _open(self, uow: UnitOfWork) -> BatchView:
        batch, declared = open_batch(uow, str(params_of(self).get("brought", "")))
        if not batch.sheets or declared.any_columns:
            raise NotFound()
        return batch


def _words(sheet: Mapping[str, Any]) -> str:
    hidden = ", hidden in the workbook" if sheet["hidden"] else ""
    return f"{sheet['name']} ({plural(sheet['rows'], 'row')}{hidden})"


def _hint(sheet: Mapping[str, Any]) -> str:
    texts = [one["text"] for one in sheet["headings"]]
    more = " …" if len(texts) > MOST_HEADINGS else ""
    return f"Headings: {', '.join(texts[:MOST_HEADINGS])}{more}" if texts else "No headings"
