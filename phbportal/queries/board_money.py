"""What a board's money comes to, worked out again from every posting and held against what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Date, Select, Uuid, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.ledger import Place
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.phbs import Phb

Key = tuple[UUID, str, str, date, str, str]


def wrong_sums(session: Session) -> list[tuple[str, int, int]]:
    """Every sum of a board's money that is not what the postings say: its name, the pence kept, the pence they say.

    Two statements; an empty list is sound.
    """
    kept, computed = _kept(session), added_up(session)
    return [
        (_words(key), kept.get(key, 0), computed.get(key, 0))
        for key in sorted(kept.keys() | computed.keys())
        if kept.get(key, 0) != computed.get(key, 0)
    ]


def _words(key: Key) -> str:
    icb_id, from_place, to_place, month, cohort, method = key
    return f"board {icb_id}: {from_place} to {to_place}, {month:%Y-%m}, {cohort}, {method or 'no method'}"


def _kept(session: Session) -> dict[Key, int]:
    m = BoardMoney
    rows = session.execute(
        select(
            col(m.icb_id), col(m.from_place), col(m.to_place), col(m.month), col(m.cohort), col(m.method),
            col(m.amount_pence),
        )
    )  # fmt: skip
    return {(icb, source, target, month, cohort, method): pence
            for icb, source, target, month, cohort, method, pence in rows}  # fmt: skip


def added_up(session: Session, boards: Collection[UUID] = ()) -> dict[Key, int]:
    """What the rows of ``board_money`` should hold, in pence, from the postings alone; of some boards, or of all. One
    statement.

    A board's sums are of what it posted, and of what others posted before it took their budgets over (ADR 0022): the
    books of a board that ended stay as it left them, and what its successor has left is right from the first day.
    """
    source, target = aliased(LedgerAccount), aliased(LedgerAccount)
    day = col(LedgerJournal.effective_on)
    sqlite = session.get_bind().dialect.name == "sqlite"
    first: Any = func.date(day, "start of month") if sqlite else cast(func.date_trunc("month", day), Date)
    wrote, has = col(LedgerJournal.icb_id), col(Phb.icb_id)
    parts: list[Any] = [
        type_coerce(wrote, Uuid()).label("wrote"), type_coerce(has, Uuid()).label("has"),
        _place(col(source.path)), _place(col(target.path)),
        type_coerce(first, Date()), col(Phb.cohort), func.coalesce(col(Stream.method), ""),
    ]  # fmt: skip
    statement: Select[*tuple[Any, ...]] = (
        select(*parts, cast(func.sum(col(LedgerPosting.amount_pence)), BigInteger))
        .select_from(LedgerPosting)
        .join(LedgerJournal, col(LedgerJournal.id) == col(LedgerPosting.journal_id))
        .join(Phb, col(Phb.id) == col(LedgerJournal.phb_id))
        .outerjoin(Stream, col(Stream.id) == col(LedgerJournal.stream_id))
        .join(source, col(source.id) == col(LedgerPosting.from_id))
        .join(target, col(target.id) == col(LedgerPosting.to_id))
        .group_by(*parts)
    )
    if boards:
        statement = statement.where(or_(wrote.in_(boards), has.in_(boards)))
    found: Counter[Key] = Counter()
    for wrote_it, has_it, *key, pence in session.execute(statement):
        for board in {wrote_it, has_it}:
            if not boards or board in boards:
                found[(board, *key)] += pence
    return dict(found)


def _place(path: Any) -> ColumnElement[str]:
    return case(
        (path.like("outside:icb:%"), Place.BOARD.value), (path.like("outside:%"), Place.OUTSIDE.value),
        (path.like("phb:%:available"), Place.AVAILABLE.value), (path.like("phb:%:reserved"), Place.RESERVED.value),
        (path.like("stream:%:held"), Place.HELD.value), else_=Place.SPENT.value,
    )  # fmt: skip
