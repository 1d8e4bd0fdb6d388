"""Looking for viruses in documents: those that wait until the scanner answers, and those kept before there was one
(ADR 0032). The portal's own work, by its worker and at night."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, or_, select, update
from sqlmodel import col

from phbportal.domain.documents import Scan
from phbportal.domain.roles import Role
from phbportal.domain.tasks import DOCUMENT_INFECTED
from phbportal.gateways.documents import DocumentFolder
from phbportal.gateways.scanner import NoVerdict, Scanner, ScannerAway
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.documents import Document
from phbportal.tables.phbs import Phb, Task

log = logging.getLogger("phbportal.documents")
BATCH = 200


def scan_waiting(engine: Engine, scanner: Scanner, folder: DocumentFolder) -> int:
    """Have the scanner look at all documents that wait for it. Returns how many it looked at.

    It stops where the scanner does not answer: that document, and those behind it, go on waiting. One the scanner will
    not judge waits by itself, and keeps no other shut.
    """
    return _look(engine, scanner, folder, (Scan.WAITING.value,))


def scan_unchecked(engine: Engine, scanner: Scanner, folder: DocumentFolder) -> int:
    """The same of documents kept while no scanner was set up, which can be opened meanwhile: little by little, for
    letters wait behind it."""
    return _look(engine, scanner, folder, (Scan.UNCHECKED.value, None), at_a_time=BATCH)


def _look(
    engine: Engine, scanner: Scanner, folder: DocumentFolder, stands: Sequence[str | None], *, at_a_time: int = 0
) -> int:  # fmt: skip
    """All of them, or until ``at_a_time`` were judged, each once: one that nothing came of holds up no other."""
    d, looked, judged, after = Document, 0, 0, UUID(int=0)
    stand = or_(*[col(d.scan).is_(one) if one is None else col(d.scan) == one for one in stands])
    while True:
        with open_unit(engine, SYSTEM, writes=False) as uow:
            found = uow.session.execute(
                select(col(d.id), col(d.stored_as)).where(stand, col(d.id) > after).order_by(col(d.id)).limit(BATCH)
            ).all()
        verdicts = _look_at(engine, scanner, folder, found)
        looked, judged = looked + len(verdicts), judged + sum(verdicts)
        if len(verdicts) < BATCH or 0 < at_a_time <= judged:  # the last of them, the scanner is away, or enough for now
            return looked
        after = found[-1].id


def _look_at(engine: Engine, scanner: Scanner, folder: DocumentFolder, found: Sequence[Any]) -> list[bool]:
    """Whether each of these was judged; the list ends where the scanner does not answer."""
    verdicts: list[bool] = []
    for row in found:
        verdicts.append(False)
        try:
            virus = scanner.scan(folder.path(row.stored_as))
        except NoVerdict as unsaid:
            log.warning("the virus scanner does not judge document %s: %s", row.id, unsaid)
            continue
        except ScannerAway as away:
            log.warning("the virus scanner did not answer: %s", away)
            return verdicts[:-1]
        except FileNotFoundError:
            log.error("a document’s file is missing")
            continue
        with open_unit(engine, SYSTEM, writes=True) as uow:
            _scanned(uow, row.id, Scan.INFECTED if virus else Scan.CLEAN)
        if virus:
            log.error("a virus was found in a document: %s", virus)
            folder.forget(row.stored_as)
        verdicts[-1] = True
    return verdicts


def _scanned(uow: UnitOfWork, document_id: UUID, scan: Scan) -> None:
    """Write down what the scanner said, once. Of a virus whoever looks after the budget is told."""
    document = uow.session.execute(
        select(Document).where(col(Document.id) == document_id).with_for_update()
    ).scalar_one()
    if document.scan in (Scan.CLEAN, Scan.INFECTED):
        return
    uow.session.execute(
        update(Document).where(col(Document.id) == document_id).values(scan=scan.value, scanned_at=uow.now)
    )
    if scan is Scan.CLEAN:
        return
    phb = uow.session.get_one(Phb, document.phb_id)
    uow.record("document_infected", about=document, icb_id=document.icb_id, phb_id=phb.id, person_id=phb.person_id,
               document=document.kind)  # fmt: skip
    uow.add(
        Task, icb_id=document.icb_id, kind=DOCUMENT_INFECTED, role=Role.CASE_MANAGER.value, phb_id=phb.id,
        person_id=phb.person_id, due_on=uow.today,
        sentence=f"{phb.reference}: a virus was found in a document kept with this budget, and its file is gone. Tell "
        "whoever sent it, and ask for it again.",
    )  # fmt: skip
