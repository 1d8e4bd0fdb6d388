"""Bringing a file in as its page and its address do it, and the worker after them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col

from phbportal import routes
from phbportal.admin.imports.batch_state import ImportState
from phbportal.admin.imports.columns_state import ImportColumnsState
from phbportal.admin.worker import GIVE_UP, doers
from phbportal.services.jobs import run_one
from phbportal.tables.imports import ImportBatch
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal

HEADINGS = ("Budget reference", "Name", "Serial number", "Price", "Bought on")


def as_csv(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()


def post(
    portal: Portal, content: bytes, *, subject: str = "cm", way: str = "equipment/list", name: str = "list.csv",
    origin: str = "own", **fields: str,
) -> Any:  # fmt: skip
    browser = portal.signed_in(subject)
    files = {"file": (name, content, "application/octet-stream")}
    return browser.post(f"{routes.IMPORT}/{way}", {"csrf": browser.csrf()} | fields, origin=origin, files=files)


def sent(portal: Portal, content: bytes, **more: Any) -> UUID:
    """A file that was taken in: its id."""
    answer = post(portal, content, **more)
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].split("/")[-2])


def worked(portal: Portal) -> None:
    """The worker, until nothing waits."""
    while run_one(portal.engine, doers(folder(portal).parent / "exports"), give_up=GIVE_UP):
        pass


def folder(portal: Portal) -> Path:
    return portal.hall.settings.files_dir / "imports"


def batch(portal: Portal, batch_id: UUID) -> ImportBatch:
    return portal.rows(ImportBatch, col(ImportBatch.id) == batch_id)[0]


def columns(portal: Portal, batch_id: UUID, *, subject: str = "cm", **answers: str) -> Opened:
    """The page that asks what the columns are, sent as it proposes but for the answers given."""
    path = routes.of_import(routes.STAFF_IMPORT_COLUMNS, batch_id)
    page = opened(portal, subject, ImportColumnsState, path, brought=str(batch_id))
    proposed = {one["name"]: one["value"] for one in page.var("asked")}
    page.frames = page.submit("save", **{**proposed, **answers})
    return page


def page_of(portal: Portal, batch_id: UUID, *, subject: str = "cm", **query: str) -> Opened:
    path = routes.staff_import(batch_id)
    return opened(portal, subject, ImportState, path, brought=str(batch_id), **query)


def tried(portal: Portal, content: bytes, **more: Any) -> UUID:
    """A file that has been tried as its columns were proposed."""
    batch_id = sent(portal, content, **more)
    columns(portal, batch_id, subject=more.get("subject", "cm"))
    worked(portal)
    return batch_id


def brought_in(portal: Portal, content: bytes, **more: Any) -> UUID:
    """A file that was tried and brought in by one person."""
    batch_id = tried(portal, content, **more)
    page_of(portal, batch_id, subject=more.get("subject", "cm")).send("go")
    worked(portal)
    return batch_id


def taken_back(portal: Portal, batch_id: UUID, *, subject: str = "cm") -> None:
    page_of(portal, batch_id, subject=subject).send("take_back")
    worked(portal)
