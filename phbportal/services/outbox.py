"""The way out of a letter: by the worker, once. Without a key for the postal service it goes on the list of what is
to be printed; with one it is handed over, as a document or as an e-mail where its receiver chose so, under a reference
that is asked for before it is sent again. An e-mail that comes back is printed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, select
from sqlmodel import col

from phbportal.domain.letters import LetterStatus, OutboxStatus, Way, by_of, email_words, paragraphs_of
from phbportal.gateways.letters import Came, LetterPage, NotTaken, Postal, letter_pdf
from phbportal.policy.actors import SYSTEM
from phbportal.queries.boards import board_of_letter
from phbportal.services.jobs import Do
from phbportal.services.letters import HEARD, JOB
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.settings import Job

log = logging.getLogger("phbportal.letters")
LOST_AFTER = timedelta(minutes=10)
BATCH = 200
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

    def lost(now: datetime) -> list[ColumnElement[bool]]:
        return [col(OutboxItem.status) != OutboxStatus.DONE.value, col(OutboxItem.updated_at) < now - LOST_AFTER]

    return _all_asked(engine, now, lost, JOB)


def listen(engine: Engine, *, now: datetime | None = None) -> int:
    """Have the worker ask what became of the e-mails of the last days. Returns how many it asks after."""

    def gone(now: datetime) -> list[ColumnElement[bool]]:
        return [
            col(OutboxItem.status) == OutboxStatus.DONE.value, col(OutboxItem.way) == Way.NOTIFY.value,
            col(OutboxItem.heard_at).is_(None), col(OutboxItem.done_at) > now - LISTEN_FOR,
            col(OutboxItem.letter_id).in_(select(col(Letter.id)).where(col(Letter.email).is_not(None))),
        ]  # fmt: skip

    return _all_asked(engine, now, gone, HEARD)


def _all_asked(
    engine: Engine, now: datetime | None, which: Callable[[datetime], list[ColumnElement[bool]]], kind: str
) -> int:
    """Ask the worker for every item there is, a batch in a transaction. Returns how many were not asked for yet."""
    asked, after = 0, UUID(int=0)
    while True:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            mine = select(OutboxItem).where(*which(uow.now), col(OutboxItem.id) > after)
            found = uow.session.execute(mine.order_by(col(OutboxItem.id)).limit(BATCH)).scalars().all()
            asked += sum(_ask_again(uow, item, kind) for item in found)
            if len(found) < BATCH:
                return asked
            after = found[-1].id


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


def _ask_again(uow: UnitOfWork, item: OutboxItem, kind: str) -> bool:
    waits = select(col(Job.id)).where(
        col(Job.kind) == kind, col(Job.payload) == str(item.id), col(Job.status).in_(["WAITING", "RUNNING"])
    )
    if uow.session.execute(waits.limit(1)).first() is not None:
        return False
    uow.add(Job, kind=kind, status="WAITING", payload=str(item.id), outcome="")
    return True


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
