"""The documents kept with a person's budgets, as they read them, or whoever represents them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.own_documents import OwnDocument, own_documents
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import link
from phbportal.ui.tables import Column, table
from phbportal.ui.text import paragraph
from phbportal.ui.values import Text, pick, when


class OwnDocumentsPage(PageState, mixin=True):
    """The documents, newest first."""

    documents: list[OwnDocument] = []

    @reads(Permission.DOCUMENT_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.documents = list(own_documents(uow.session, uow.actor, uow.today, self._person(uow)))
        self.ready = True

    def _person(self, uow: UnitOfWork) -> UUID:
        """Whose documents. Raises NotFound for whoever has none here."""
        raise NotImplementedError


def own_document_list(s: Any, *, team: Text) -> rx.Component:
    """A table, and what else there may be; ``team`` is "your team" or "the team"."""
    return rx.fragment(
        table(
            "Documents",
            [
                Column("Document", _document),
                Column("What it is", "kind"),
                Column("Kept since", "kept"),
                Column("Size", "size", numeric=True),
                Column("Budget", "budget"),
            ],
            s.documents,
            empty="There are no documents to read yet.",
            caption_hidden=True,
        ),
        paragraph("There may be other papers, such as assessments. Ask ", team, " if you want to see them."),
    )


def _document(row: Any) -> rx.Component:
    return rx.fragment(
        pick(row.href, link(row.name, row.href, leaves=True), row.name),
        when(row.shut, rx.el.div(row.shut, class_name="nhsuk-hint nhsuk-u-margin-bottom-0")),
    )
