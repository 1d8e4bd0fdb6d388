"""Files somebody brought in."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import Integer, Moment, Tag, Text
from phbportal.admin.resource import Resource
from phbportal.domain.imports import IMPORT_WORDS, ImportStatus
from phbportal.policy.permissions import Permission
from phbportal.tables.imports import ImportBatch

COLOURS = {
    ImportStatus.READ: "blue", ImportStatus.TRYING: "aqua-green", ImportStatus.TRIED: "blue",
    ImportStatus.ASKED: "yellow", ImportStatus.DOING: "aqua-green", ImportStatus.DONE: "green",
    ImportStatus.UNDOING: "aqua-green", ImportStatus.UNDONE: "grey", ImportStatus.REFUSED: "red",
    ImportStatus.GONE: "grey",
}  # fmt: skip

IMPORTS = Resource(
    code="imports",
    table=ImportBatch,
    one="file brought in",
    many="Files brought in",
    intro="Lists out of files: tried, agreed to where a second person must, brought in, and taken back.",
    read=Permission.IMPORT_READ,
    fields=(
        Text("title", "List"),
        Tag("status", choices=IMPORT_WORDS, colours=COLOURS),
        Text("file_name", "File"),
        Integer("rows_total", "Rows"),
        Integer("new_count", "New"),
        Integer("changed_count", "Changed"),
        Integer("refused_count", "Refused"),
        Text("sha256", "Digest of the file"),
        Moment("created_at", "Begun"),
        Moment("brought_in_at", "Brought in"),
        Moment("taken_back_at", "Taken back"),
    ),
    title="title",
    columns=("title", "status", "file_name", "rows_total", "new_count", "changed_count", "refused_count", "created_at"),
    filters=("status",),
    empty="No file has been brought in yet. A list that can be brought in says so above its rows.",
    done={"given-up": "The file is given up. Nothing of it was written."},
    gathers_imports=True,
    record_page=routes.STAFF_IMPORTS,
)
