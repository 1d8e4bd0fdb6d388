"""What a board's money comes to: the only writer of its table, in the transaction that posts.

A month's payments of a board all add to a few rows. They are written as the last thing of a transaction and always in
one order, so that two officers hardly wait for each other and never for each other at once, and a payment run of
thousands writes each row once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlmodel import col

from phbportal.domain.ledger import Journal, place_of
from phbportal.queries.board_money import added_up
from phbportal.services.new_rows import parts_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import new_id
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Phb

Key = tuple[UUID, str, str, date, str, str]
KEY = ("icb_id", "from_place", "to_place", "month", "cohort", "method")


class Added:
    """What the postings of one transaction come to so far; called to write it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.pence: Counter[Key] = Counter()

    def __call__(self) -> None:
        if not self.pence:
            return
        new = _insert(self._uow)(BoardMoney)
        more = {"amount_pence": col(BoardMoney.amount_pence) + new.excluded.amount_pence}
        made = {"created_at": self._uow.now, "created_by": self._uow.actor.user_id}
        for key in sorted(self.pence):  # in one order, or two transactions could each wait for the other
            values = {**dict(zip(KEY, key, strict=True)), "amount_pence": self.pence[key], "id": new_id(), **made}
            self._uow.session.execute(new.values(values).on_conflict_do_update(index_elements=KEY, set_=more))


def _insert(uow: UnitOfWork) -> Any:
    """The insert of this database that can be told what to do with a row that is there."""
    if uow.session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    return insert


def add_up_again(uow: UnitOfWork, boards: Collection[UUID]) -> None:
    """Work the sums of some boards out anew from the postings, after budgets went from one to another. For a service
    that has asked leave."""
    if uow.session.get_bind().dialect.name == "postgresql":
        # Whoever has posted and not committed is waited for; whoever posts from now on adds to what is written here.
        uow.session.execute(text("LOCK TABLE board_money IN SHARE ROW EXCLUSIVE MODE"))
    sums = added_up(uow.session, boards)
    kept = {tuple(getattr(row, name) for name in KEY): row.id for row in uow.session.execute(
        select(BoardMoney).where(col(BoardMoney.icb_id).in_(boards))
    ).scalars()}  # fmt: skip
    gone = [row_id for key, row_id in kept.items() if key not in sums]
    for part in parts_of(gone):  # sums, not facts: a board that only handed on what it was passed has none of it left
        uow.session.execute(
            delete(BoardMoney).where(col(BoardMoney.id).in_(part)).execution_options(synchronize_session=False)
        )
    new = _insert(uow)(BoardMoney)
    made = {"created_at": uow.now, "created_by": uow.actor.user_id}
    rows = [
        {**dict(zip(KEY, key, strict=True)), "amount_pence": sums[key], "id": new_id(), **made} for key in sorted(sums)
    ]
    same = new.on_conflict_do_update(index_elements=KEY, set_={"amount_pence": new.excluded.amount_pence})
    for part in parts_of(rows):
        uow.session.execute(same, list(part))


def add_up(uow: UnitOfWork, phb: Phb, journal: Journal) -> None:
    """Add a journal's postings to what its board's money comes to. Asks no leave: the ledger calls it."""
    stream = uow.session.get(Stream, journal.stream_id) if journal.stream_id else None
    add_up_known(uow, phb.icb_id, phb.cohort, stream.method if stream else "", journal)


def add_up_known(uow: UnitOfWork, icb_id: UUID, cohort: str, method: str, journal: Journal) -> None:
    """The same where it is known whose money it is. ``method`` is "" for what no stream is part of."""
    added = next((act for act in uow.last_acts if isinstance(act, Added)), None)
    if added is None:
        added = Added(uow)
        uow.last_acts.append(added)
    month = journal.effective_on.replace(day=1)
    for posting in journal.postings:
        places = place_of(posting.from_path).value, place_of(posting.to_path).value
        added.pence[(icb_id, *places, month, cohort, method)] += posting.amount_pence
