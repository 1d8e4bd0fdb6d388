"""What a board's money comes to, kept beside the ledger so that a figure of the whole board is one short read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint

from phbportal.domain.ledger import Place
from phbportal.tables.base import Row, day, link, one_of, pence, positive, text


class BoardMoney(Row, table=True):
    """What went from one kind of account to another in a month, by group of people and method; nobody's in particular.

    Every posting is added to one row in the transaction that makes it, so a row only ever grows (until its board is
    taken over or takes over: ADR 0022); what is in a place is what went to it less what left it. ``method`` is "" for
    what no stream is part of. ``services/board_money.py`` is its only writer, and ``check-ledger`` works every row out
    again.
    """

    __tablename__ = "board_money"
    __table_args__ = (
        one_of("board_money", "from_place", Place),
        one_of("board_money", "to_place", Place),
        positive("board_money", "amount_pence", zero=False),
        UniqueConstraint("icb_id", "from_place", "to_place", "month", "cohort", "method", name="uq_board_money_row"),
    )

    icb_id: UUID = link("organisation", index=False)
    from_place: str = text(length=10)
    to_place: str = text(length=10)
    month: date = day()
    cohort: str = text(length=20, why="a group of people, nobody in particular")
    method: str = text(length=20)
    amount_pence: int = pence()
