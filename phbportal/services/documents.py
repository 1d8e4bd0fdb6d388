"""Keeping a document with a budget, and opening one: each opening of somebody's document is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.documents import SHOWN_TO_THE_PERSON, DocumentKind, Scan, file_problem, scan_of, why_shut
from phbportal.domain.errors import NotFound, Refusal
from phbportal.gateways.documents import StoredFile
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.documents import Document
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """What is needed to hand a file over."""

    name: str
    media_type: str
    stored_as: str


def may_add_document(uow: UnitOfWork, reference: str) -> UUID:
    """The id of the budget with this reference, if the actor may keep a document with it: asked before one is read."""
    phb_id = uow.session.execute(select(col(Phb.id)).where(col(Phb.reference) == reference)).scalar_one_or_none()
    if phb_id is None:
        raise NotFound()
    phb = uow.find(Phb, phb_id)
    uow.require(Permission.DOCUMENT_ADD, phb)
    return phb.id


def add_document(
    uow: UnitOfWork, phb_id: UUID, kind: DocumentKind, name: str, file: StoredFile, scan: Scan = Scan.UNCHECKED
) -> UUID:
    """Keep a document with a budget; the file is in its folder already. The same file twice is one document.

    One whose scan waits is opened by nobody until the scanner has answered.
    """
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.DOCUMENT_ADD, phb)
    problem = file_problem(name, file.size, file.media_type)
    if problem is not None:
        raise Refusal(problem)
    same = uow.session.execute(
        select(col(Document.id)).where(col(Document.phb_id) == phb.id, col(Document.sha256) == file.sha256)
    ).scalar_one_or_none()
    if same is not None:
        raise Refusal("This file is already kept with this budget.", field="file")
    document = uow.add(
        Document, icb_id=phb.icb_id, phb_id=phb.id, kind=kind.value, name=name, media_type=file.media_type,
        size=file.size, sha256=file.sha256, stored_as=file.stored_as, scan=scan.value,
        scanned_at=uow.now if scan is Scan.CLEAN else None, for_them=kind in SHOWN_TO_THE_PERSON,
    )  # fmt: skip
    uow.record("document_added", about=document, phb_id=phb.id, person_id=phb.person_id, document=kind.value)
    return document.id


def open_document(uow: UnitOfWork, document_id: UUID) -> OpenedDocument:
    """A document the actor may read; NotFound for anybody else. Refuses one that is being checked, or has a virus."""
    document = uow.find(Document, document_id)
    uow.require(Permission.DOCUMENT_READ, document)
    if shut := why_shut(scan_of(document.scan)):
        raise Refusal(shut)
    phb = uow.find(Phb, document.phb_id)
    uow.saw("document", person_id=phb.person_id, phb_id=phb.id)
    return OpenedDocument(document.name, document.media_type, document.stored_as)
