"""Files brought in: where each stands, what becomes of its rows, what was made of them, and what words stand for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from phbportal.domain.imports import ImportStatus, Outcome
from phbportal.tables.base import Record, Row, bare_id, link, long_text, moment, one_of, text, whole, yes_no


class ImportBatch(Record, table=True):
    """One file somebody brings in: who, when, its digest, what was said of its columns, what came of it."""

    __tablename__ = "import_batch"
    __table_args__ = (
        one_of("import_batch", "status", ImportStatus),
        CheckConstraint("decided_by IS NULL OR decided_by <> prepared_by", name="ck_import_batch_two_people"),
    )

    icb_id: UUID = link("organisation")
    resource: str = text(length=40)
    way: str = text(length=40, why="which of a resource’s imports it is")
    title: str = text(length=80, why="what kind of list")
    file_name: str = text(personal=True, length=200)
    sha256: str = text(length=64, index=True)
    size: int = whole(why="bytes")
    stored_as: str = text(length=40, default="", why="a random name")
    status: str = text(length=8)
    needs: str = text(length=40, why="the permission to bring it in")
    decides: str = text(length=40, default="", why="the permission of a second person; empty for none")
    all_or_nothing: bool = yes_no(why="whether one refused row keeps the whole file out")
    prepared_by: UUID = link("user_account")
    prepared_role: str = text(length=20)
    decided_by: UUID | None = link("user_account", default=None, index=False)
    decided_role: str = text(length=20, default="")
    decided_at: datetime | None = moment()
    note: str = text(personal=True, length=300, default="")
    look: str = long_text(personal=True)
    """JSON: the headings the file has, each with a few of its values."""
    columns: str = long_text(personal=True)
    """JSON: which of our columns each heading stands for."""
    problem: str = text(personal=True, length=500, default="")
    rows_total: int = whole(default=0)
    rows_done: int = whole(default=0)
    new_count: int = whole(default=0)
    changed_count: int = whole(default=0)
    same_count: int = whole(default=0)
    refused_count: int = whole(default=0)
    brought_in_at: datetime | None = moment()
    taken_back_by: UUID | None = link("user_account", default=None, index=False)
    taken_back_at: datetime | None = moment()


class ImportRow(Row, table=True):
    """What becomes of one row of a file, and why."""

    __tablename__ = "import_row"
    __table_args__ = (
        one_of("import_row", "outcome", Outcome),
        UniqueConstraint("batch_id", "number", name="uq_import_row"),
        Index("ix_import_row_outcome", "batch_id", "outcome", "number"),
    )

    batch_id: UUID = link("import_batch", index=False)
    number: int = whole(why="the row as a spreadsheet shows it")
    outcome: str = text(length=8)
    words: str = text(personal=True, length=200, default="")
    reason: str = long_text(personal=True)
    done: bool = yes_no(why="whether it has been written, of a file that is not taken whole")


class ImportMade(Row, table=True):
    """Rows of the portal that a file made, some thousands of a table together; or one row that it changed, with what it
    held before. And the version they had after that."""

    __tablename__ = "import_made"
    __table_args__ = (Index("ix_import_made_batch", "batch_id", "of_table"),)

    batch_id: UUID = bare_id(why="a file")
    of_table: str = text(length=40)
    ids: str = long_text(why="ids of rows of the table that is named beside it", default=...)
    """Each as 32 letters, commas between them: written one by one they would be a third of all that a file makes."""
    version: int = whole(why="counts changes", default=1)
    before: str = long_text(personal=True)
    """JSON of the columns that were changed; empty for rows that were made."""


class ImportWord(Record, table=True):
    """What a heading or a value of other people's files stands for, as a board said once."""

    __tablename__ = "import_word"
    __table_args__ = (UniqueConstraint("icb_id", "way", "about", "theirs", name="uq_import_word"),)

    icb_id: UUID = link("organisation", index=False)
    way: str = text(length=80, why="the resource and which of its imports")
    about: str = text(length=60, default="", why="the column whose value it is; empty for a heading")
    theirs: str = text(personal=True, length=200)
    ours: str = text(length=200)
