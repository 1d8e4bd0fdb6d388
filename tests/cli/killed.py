"""What is done in a process of its own, to be killed in the middle of it."""

from __future__ import annotations

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from phbportal.db import make_engine
from phbportal.gateways.caseload_file import read_caseload
from phbportal.gateways.letters import Came
from phbportal.policy.actors import Actor
from phbportal.services.approvals import approve_plan
from phbportal.services.caseload_import import bring_in_caseload
from phbportal.services.decisions import approve_decision, preview
from phbportal.services.jobs import run_one
from phbportal.services.letters import JOB, digest
from phbportal.services.outbox import send_letter
from phbportal.services.unit_of_work import london_date, open_unit
from phbportal.services.users import board_by_code


def bring_in(said: Connection, url: str, preparer: Actor, approver: Actor, now: datetime, path: str) -> None:
    """Bring a caseload in; says when it begins and when it is done."""
    caseload = read_caseload(Path(path).read_bytes(), today=london_date(now))
    engine = make_engine(url)
    said.send("begun")
    with open_unit(engine, preparer, writes=True, now=now) as uow:
        bring_in_caseload(uow, caseload, board_by_code(uow, "QT1"), approver)
    said.send("done")


def approve(said: Connection, url: str, approver: Actor, now: datetime, plan_id: UUID) -> None:
    """Approve a plan; says when it begins and when it is done."""
    engine = make_engine(url)
    said.send("begun")
    with open_unit(engine, approver, writes=True, now=now) as uow:
        approve_plan(uow, plan_id)
    said.send("done")


class PostOffice:
    """A postal service in a file: one line a letter or e-mail, written whole or not at all, seen by every process."""

    emails = True

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def taken(self) -> list[str]:
        return self.path.read_text().splitlines() if self.path.exists() else []

    def find(self, reference: str) -> str:
        return reference if reference in self.taken() else ""

    def send(self, reference: str, pdf: bytes) -> str:
        assert pdf.startswith(b"%PDF")
        return self._write(reference)

    def email(self, reference: str, address: str, words: str) -> str:
        assert address == "ada@example.org"
        assert "Our reasons" in words
        return self._write(reference)

    def came_of(self, sent_as: str) -> Came:
        return Came.ON_ITS_WAY

    def _write(self, reference: str) -> str:
        with self.path.open("a") as book:
            book.write(f"{reference}\n")
        return reference


def decide_and_write(said: Connection, url: str, approver: Actor, now: datetime, decision_id: UUID, book: str) -> None:
    """Approve a decision and send its letter; says when it begins and when it is done."""
    engine = make_engine(url)
    said.send("begun")
    with open_unit(engine, approver, writes=True, now=now) as uow:
        approve_decision(uow, decision_id, seen=digest(preview(uow, decision_id)))
    while run_one(engine, {JOB: send_letter(lambda: PostOffice(book))}):
        pass
    said.send("done")
