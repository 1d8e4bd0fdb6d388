"""The way out of a letter: by the worker, once. Without a key for the postal service it goes on the list of what is
to be printed; with one it is handed over, as a document or as an e-mail where its receiver chose so, under a reference
that is asked for before it is sent again. An e-mail that comes back is printed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Select, select
from sqlmodel import col

from phbportal.domain.letters import LetterStatus, OutboxStatus, Way, by_of, email_words, paragraphs_of
from phbportal.gateways.letters import Came, LetterPage, NotTaken, Postal, letter_pdf
from phbportal.policy.actors import SYSTEM
from phbportal.queries.boards import board_of_letter
from phbportal.services.jobs import Do
from phbportal.services.letters import HEARD, JOB
from phbportal.services.many_rows import is_among
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import BEFORE_ALL
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.settings import Job

log = logging.getLogger("phbportal.letters")
LOST_AFTER = timedelta(minutes=10)
BATCH = 500
PRINTED = "It waits to be printed."
HANDED_OVER = "It was handed to the postal service."
LISTEN_FOR = timedelta(days=7)


def letter_page(letter: Letter, board: str) -> LetterPage:
    """A letter as it is printed."""
    return LetterPage(
        board, letter.title, letter.addressee, tuple(letter.address.splitlines()),
        tuple(paragraphs_of(letter.body)), letter.written_on,
    )  # fmt: skip


def send_letter(postal: Callable[[], Postal | None]) -> Do:
    """Does the job of one letter; ``postal`` is asked for the postal service each time, None for none."""

    def do(engine: Engine, payload: str, _progress: Callable[[int, int], None]) -> str:
        service, item_id = postal(), UUID(payload)
        with open_unit(engine, SYSTEM, writes=True) as uow:
            item = _locked(uow, item_id)
            if item.status == OutboxStatus.DONE:
                return PRINTED if item.way == Way.PRINT else HANDED_OVER
            if service is None:
                _done(uow, item, Way.PRINT)
                return PRINTED
            again = item.tries > 0
            uow.change(item, status=OutboxStatus.SENDING.value, tries=item.tries + 1)
            letter = uow.session.get_one(Letter, item.letter_id)
            board = board_of_letter(uow.session, letter.person_id, letter.icb_id, letter.written_on)
            page = letter_page(letter, board)
            reference, email = item.reference, letter.email if service.emails else None
            words = email_words(by_of(letter.sent_by), page.board, page.paragraphs)
        sent_as = (service.find(reference) if again else "") or _hand_over(service, reference, page, email, words)
        with open_unit(engine, SYSTEM, writes=True) as uow:
            item = _locked(uow, item_id)
            if item.status != OutboxStatus.DONE:
                _done(uow, item, Way.NOTIFY if sent_as else Way.PRINT, sent_as, emailed=email is not None)
        return HANDED_OVER if sent_as else PRINTED

    return do


def send_again(engine: Engine, *, now: datetime | None = None) -> int:
    """Ask anew for letters whose job was lost or failed. Returns how many."""

    def lost(uow: UnitOfWork) -> Select[Any]:
        return select(col(OutboxItem.id)).where(
            col(OutboxItem.status) != OutboxStatus.DONE.value, col(OutboxItem.updated_at) < uow.now - LOST_AFTER
        )

    return _ask_again(engine, lost, JOB, now)


def listen(engine: Engine, *, now: datetime | None = None) -> int:
    """Have the worker ask what became of the e-mails of the last days. Returns how many it asks after."""

    def gone(uow: UnitOfWork) -> Select[Any]:
        return (
            select(col(OutboxItem.id))
            .join(Letter, col(Letter.id) == col(OutboxItem.letter_id))
            .where(
                col(OutboxItem.status) == OutboxStatus.DONE.value, col(OutboxItem.way) == Way.NOTIFY.value,
                col(OutboxItem.heard_at).is_(None), col(OutboxItem.done_at) > uow.now - LISTEN_FOR,
                col(Letter.email).is_not(None),
            )
        )  # fmt: skip

    return _ask_again(engine, gone, HEARD, now)


def hear_of_letter(postal: Callable[[], Postal | None]) -> Do:
    """Does the job of asking what became of one e-mail: one that came back is printed, so that it arrives after all."""

    def do(engine: Engine, payload: str, _progress: Callable[[int, int], None]) -> str:
        service, item_id = postal(), UUID(payload)
        with open_unit(engine, SYSTEM, writes=False) as uow:
            item = uow.session.get_one(OutboxItem, item_id)
        came = service.came_of(item.sent_as) if service and item.heard_at is None else Came.ON_ITS_WAY
        if came is Came.ON_ITS_WAY:
            return "Nothing is known yet."
        with open_unit(engine, SYSTEM, writes=True) as uow:
            item = _locked(uow, item_id)
            letter = uow.session.get_one(Letter, item.letter_id)
            back = came is Came.BACK and letter.status == LetterStatus.SENT
            uow.change(item, heard_at=uow.now, way=(Way.PRINT if back else Way(item.way)).value)
            if back:
                uow.change(letter, status=LetterStatus.TO_POST.value, left_on=None)
                uow.record("letter_came_back", about=letter, title=letter.title, icb_id=letter.icb_id,
                           phb_id=letter.phb_id, person_id=letter.person_id)  # fmt: skip
        return "It came back, so it waits to be printed." if back else "It was delivered."

    return do


def _ask_again(
    engine: Engine, which: Callable[[UnitOfWork], Select[Any]], kind: str, now: datetime | None
) -> int:  # fmt: skip
    """A job for each of these items that has none waiting or running, a stretch at a time. Returns how many."""
    asked, last = 0, BEFORE_ALL
    while True:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            stretch = which(uow).where(col(OutboxItem.id) > last).order_by(col(OutboxItem.id)).limit(BATCH)
            ids = uow.session.execute(stretch).scalars().all()
            waits = set(
                uow.session.execute(
                    select(col(Job.payload)).where(
                        col(Job.kind) == kind, col(Job.status).in_(["WAITING", "RUNNING"]),
                        is_among(uow.session, col(Job.payload), [str(item_id) for item_id in ids]),
                    )
                ).scalars()
            ) if ids else set[str]()  # fmt: skip
            new = NewRows(uow, Job)
            for item_id in ids:
                if str(item_id) not in waits:
                    new.put(Job, kind=kind, status="WAITING", payload=str(item_id), outcome="")
            asked += new.waiting
            new.write()
        if len(ids) < BATCH:
            return asked
        last = ids[-1]


def _hand_over(service: Postal, reference: str, page: LetterPage, email: str | None, words: str) -> str:
    """What the service knows the letter by; nothing if it said that it does not take it, so that it is printed."""
    try:
        return service.email(reference, email, words) if email else service.send(reference, letter_pdf(page))
    except NotTaken as refused:
        log.error("a letter was not taken: %s", refused)
        return ""


def _locked(uow: UnitOfWork, item_id: UUID) -> OutboxItem:
    found = select(OutboxItem).where(col(OutboxItem.id) == item_id).with_for_update()
    return uow.session.execute(found.execution_options(populate_existing=True)).scalar_one()


def _done(uow: UnitOfWork, item: OutboxItem, way: Way, sent_as: str = "", *, emailed: bool = False) -> None:
    # Of a document nothing more is asked: what the service says of its printing is no word of whether it came.
    heard = None if emailed and way is Way.NOTIFY else uow.now
    uow.change(item, status=OutboxStatus.DONE.value, way=way.value, sent_as=sent_as[:60], done_at=uow.now,
               heard_at=heard)  # fmt: skip
    letter = uow.session.get_one(Letter, item.letter_id)
    about = {"icb_id": letter.icb_id, "phb_id": letter.phb_id, "person_id": letter.person_id}
    if way is Way.PRINT:
        uow.change(letter, status=LetterStatus.TO_POST.value)
        uow.record("letter_ready", about=letter, title=letter.title, **about)
    else:
        uow.change(letter, status=LetterStatus.SENT.value, left_on=uow.today)
        if emailed:
            uow.record("letter_emailed", about=letter, title=letter.title, **about)
        else:
            uow.record("letter_sent", about=letter, title=letter.title, **about)
