"""Lists somebody asked to take out of the portal."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.export import in_words_of
from phbportal.admin.fields import Choice, Computed, Integer, LongText, Moment, Tag, Text
from phbportal.admin.resource import Action, Resource, Section
from phbportal.domain.exports import EXPORT_WORDS, FILE_WORDS, ExportStatus
from phbportal.policy.permissions import Permission
from phbportal.queries.exports import asked_for, ready_files
from phbportal.services.exports import agree_export, ask_again, ask_export, refuse_export
from phbportal.tables.exports import ExportRequest

COLOURS = {
    ExportStatus.BEGUN: "blue", ExportStatus.ASKED: "yellow", ExportStatus.AGREED: "aqua-green",
    ExportStatus.READY: "green", ExportStatus.FAILED: "red", ExportStatus.REFUSED: "red", ExportStatus.GONE: "grey",
}  # fmt: skip


def _download(stored: str) -> tuple[str, str]:
    return "Download the file", f"{routes.EXPORT_FILE}/{stored}"


EXPORTS = Resource(
    code="exports",
    table=ExportRequest,
    one="list taken out",
    many="Lists taken out",
    intro="Lists of more than 500 rows: asked for by one person, agreed to by another, kept for a day.",
    read=Permission.EXPORT_READ,
    fields=(
        Text("title", "List"),
        Tag("status", choices=EXPORT_WORDS, colours=COLOURS),
        Choice("file_kind", "Kind of file", choices=FILE_WORDS),
        LongText("reason", "Why", longest=300),
        LongText("note", "Why not, or what went wrong", longest=300),
        Computed("in_it", "What is in it", load=in_words_of(asked_for)),
        Integer("rows_total", "Rows when it was asked for"),
        Integer("rows_done", "Rows in the file"),
        Moment("created_at", "Asked for"),
        Moment("decided_at", "Decided"),
        Computed("file", load=ready_files, pick=_download, leads=True, nothing=""),
    ),
    title="title",
    columns=("title", "status", "rows_done", "created_at", "file"),
    filters=("status",),
    sections=(
        Section(
            "About it",
            ("title", "in_it", "rows_total", "file_kind", "status", "reason", "created_at", "decided_at", "note"),
        ),
        Section("The file", ("file", "rows_done")),
    ),
    actions=(
        Action(
            code="ask", label="Give a reason and ask", permission=Permission.EXPORT_ASK, act=ask_export,
            asks=(LongText("reason", "Why do you need it?", longest=300),), when=("status", (ExportStatus.BEGUN,)),
            explains="More than 500 rows leave the portal only when a second person agrees.",
            done="A second person has been asked. You will find the file here once they have agreed.",
        ),
        Action(
            code="ask-again", label="Ask for it again", permission=Permission.EXPORT_ASK, act=ask_again,
            when=("status", (ExportStatus.FAILED,)),
            explains="A second person agrees anew, and then the file is made. Why you need it stays as you said it.",
            done="A second person has been asked. You will find the file here once they have agreed.",
        ),
        Action(
            code="agree", label="Agree", permission=Permission.EXPORT_DECIDE, act=agree_export, step_up=True,
            when=("status", (ExportStatus.ASKED,)), explains="The file is made for whoever asked, and for nobody else.",
            done="You have agreed. The file is being made.",
        ),
        Action(
            code="refuse", label="Refuse", permission=Permission.EXPORT_DECIDE, act=refuse_export,
            asks=(LongText("note", "Why not?", longest=300),), when=("status", (ExportStatus.ASKED,)),
            done="It is refused, and whoever asked can read why.",
        ),
    ),
)  # fmt: skip
