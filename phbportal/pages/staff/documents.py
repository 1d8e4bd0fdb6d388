"""The documents kept with a budget, and the form that keeps another."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.domain.documents import ACCEPTED, DOCUMENT_WORDS, MEDIA_TYPES, MOST_BYTES
from phbportal.edge.frame import Frame
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import show_left_out
from phbportal.pages.staff.phb_frame import PhbPage, may, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.documents import DocumentRow, documents_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.settings import settings
from phbportal.ui.buttons import button
from phbportal.ui.choices import Choice, select
from phbportal.ui.files import file_form, file_input
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.sections import section
from phbportal.ui.tables import Column, table
from phbportal.ui.text import columns
from phbportal.ui.values import pick, when

PAGE = "documents"
UNSCANNED = "No virus scanner is set up, so files are kept as they come. Open only what you expect."
HINT = f"{ACCEPTED}, at most {MOST_BYTES // 1024**2} MB. Where and when a picture was taken is removed from it."
WHO_READS = (
    "The person can read it, and so can whoever represents them, unless you choose “Assessment” or “Something else”."
)
KINDS = [Choice(kind.value, words) for kind, words in DOCUMENT_WORDS.items()]


class DocumentsState(PhbPage, rx.State):
    rows: list[DocumentRow] = []
    may_add: bool = False
    unscanned: bool = False
    kind: str = ""

    @reads(Permission.DOCUMENT_READ)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, PAGE)
        self.rows = list(documents_of(uow.session, uow.actor, uow.today, case.id))
        self.may_add = may(uow, Permission.DOCUMENT_ADD, case)
        self.unscanned, self.kind = not settings().clamd, self._param("kind")
        self.ready = True
        show_left_out(self)


def documents() -> rx.Component:
    """The list, and below it the form."""
    s = DocumentsState
    return phb_page(
        "Documents",
        table(
            "Documents",
            [
                Column("File", lambda row: pick(row.href, link(row.name, row.href, leaves=True), row.name)),
                Column("What it is", "kind"),
                Column("Size", "size", numeric=True),
                Column("Kept by", "added"),
                Column("Viruses", "scan"),
            ],
            s.rows,
            empty="Nothing is kept with this budget yet.",
            caption_hidden=True,
        ),
        when(s.unscanned, inset(UNSCANNED)),
        when(s.may_add, section("keep", "Keep a document", columns(_form(s)))),
        state=s,
    )


def _form(s: type[DocumentsState]) -> rx.Component:
    return file_form(
        rx.el.input(type="hidden", name="phb", value=s.head.reference, read_only=True),
        select("kind", "What is it?", KINDS, value=s.kind, error=s.errors["kind"], blank="Choose", hint=WHO_READS),
        file_input("file", "File", accept=",".join(MEDIA_TYPES), hint=HINT, error=s.errors["file"]),
        button("Keep this document"),
        action=routes.EVIDENCE,
        csrf=Frame.csrf,
    )
