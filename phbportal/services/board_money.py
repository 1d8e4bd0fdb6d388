"""What a board's money comes to: the only writer of its table, in the transaction that posts.

A month's payments of a board all add to a few rows. They are written as the last thing of a transaction and always in
one order, so that two officers hardly wait for each other and never for each other at once, and a payment run of
thousands writes each row once.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from sqlmodel import col

from phbportal.domain.ledger import Journal, place_of
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
        if self._uow.session.get_bind().dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert
        else:
            from sqlalchemy.dialects.sqlite import insert
        new = insert(BoardMoney)
        more = {"amount_pence": col(BoardMoney.amount_pence) + new.excluded.amount_pence}
        made = {"created_at": self._uow.now, "created_by": self._uow.actor.user_id}
        for key in sorted(self.pence):  # in one order, or two transactions could each wait for the other
            values = {**dict(zip(KEY, key, strict=True)), "amount_pence": self.pence[key], "id": new_id(), **made}
            self._uow.session.execute(new.values(values).on_conflict_do_update(index_elements=KEY, set_=more))


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
