"""Which board's name and code stand on an output (I35): those that were valid on the day its period ends.

A budget for the year to 31 March is one of the board that ended that day; a budget for April is its successor's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, case, literal, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.policy.actors import Actor
from phbportal.tables.organisations import Organisation, OrganisationSuccession
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import PersonResponsibility
from phbportal.tables.phbs import Phb

MOST_ASKED = 1000


@dataclass(frozen=True, slots=True)
class BoardOn:
    """A board as it is written on an output: its ODS code and name."""

    code: str
    name: str


def boards_of_people_on(session: Session, people: Collection[UUID], on: date) -> dict[UUID, BoardOn]:
    """The board that answered for each of these people on a day, which is the one whose code their rows of an output
    carry. Whoever no board answered for that day is left out. A statement a thousand people.

    Facts for an output: the caller has found the people in the actor's scope.
    """
    r, o = PersonResponsibility, Organisation
    wanted, found = list(people), dict[UUID, BoardOn]()
    for start in range(0, len(wanted), MOST_ASKED):
        rows = session.execute(
            select(col(r.person_id), col(o.ods_code), col(o.name))
            .join(o, col(o.id) == col(r.icb_id))
            .where(
                col(r.person_id).in_(wanted[start : start + MOST_ASKED]), col(r.starts_on) <= on,
                or_(col(r.ends_on).is_(None), col(r.ends_on) >= on),
            )
            .order_by(col(r.starts_on))
        )  # fmt: skip
        found |= {person: BoardOn(code or "", name) for person, code, name in rows}
    return found


def boards_on(session: Session, icb_id: UUID, on: date) -> tuple[BoardOn, ...]:
    """The boards in force on a day whose part a board has or had: itself, else those it took over from, else those that
    took over from it; by code. Several where boards merged or one was split.

    For what is a whole board's and nobody's in particular; a row about a person asks ``boards_of_people_on``.
    """
    s = OrganisationSuccession
    for to, from_ in ((col(s.predecessor_id), col(s.successor_id)), (col(s.successor_id), col(s.predecessor_id))):
        asked, seen = {icb_id}, set[UUID]()
        while asked:
            rows = session.execute(select(Organisation).where(col(Organisation.id).in_(asked))).scalars().all()
            valid = [row for row in rows if _in_force(row, on)]
            if valid:
                return tuple(sorted((BoardOn(row.ods_code or "", row.name) for row in valid), key=lambda one: one.code))
            seen |= asked
            asked = set(session.execute(select(to).where(from_.in_(asked))).scalars()) - seen
    return ()


def _in_force(board: Organisation, on: date) -> bool:
    begun = board.valid_from is None or board.valid_from <= on
    return begun and (board.valid_to is None or on <= board.valid_to)


def board_of_letter(session: Session, person_id: UUID, icb_id: UUID, on: date) -> str:
    """The name at the head of a letter: of the board that answered for the person when it was written, which is the one
    its words name; without one, of the board that has the letter."""
    found = boards_of_people_on(session, [person_id], on).get(person_id)
    return found.name if found else session.get_one(Organisation, icb_id).name


def boards_of_people(session: Session, _actor: Actor, today: date, people: Sequence[UUID]) -> dict[UUID, BoardOn]:
    """The board of each person of a list: it has no period, so that of today."""
    return boards_of_people_on(session, people, today)


def boards_of_budgets(session: Session, _actor: Actor, today: date, budgets: Sequence[UUID]) -> dict[UUID, BoardOn]:
    """The board of each budget of a list: on its last day, if it has ended, or today. One statement."""
    on = case((col(Phb.ended_on) < today, col(Phb.ended_on)), else_=literal(today, Date()))
    return _of_rows(session, select(col(Phb.id), *_BOARD), col(Phb.id), budgets, on)


def boards_of_payments(session: Session, _actor: Actor, _today: date, items: Sequence[UUID]) -> dict[UUID, BoardOn]:
    """The board of each payment of a list: on the last day it is for. One statement."""
    paid = select(col(PaymentItem.id), *_BOARD).join(Phb, col(Phb.id) == col(PaymentItem.phb_id))
    return _of_rows(session, paid, col(PaymentItem.id), items, col(PaymentItem.period_end))


def code_of(board: BoardOn) -> str:
    """A board's code, as a column of a list has it."""
    return board.code


_BOARD = col(Organisation.ods_code), col(Organisation.name)


def _of_rows(
    session: Session, rows: Select[*tuple[Any, ...]], row_id: Any, asked: Sequence[UUID], on: Any
) -> dict[UUID, BoardOn]:  # fmt: skip
    """The boards of rows about budgets, each on a day of its own."""
    r = PersonResponsibility
    of = (
        rows.join(r, col(r.person_id) == col(Phb.person_id))
        .join(Organisation, col(Organisation.id) == col(r.icb_id))
        .where(col(r.starts_on) <= on, or_(col(r.ends_on).is_(None), col(r.ends_on) >= on))
        .order_by(col(r.starts_on))
    )
    found = dict[UUID, BoardOn]()
    for start in range(0, len(asked), MOST_ASKED):
        some = session.execute(of.where(row_id.in_(asked[start : start + MOST_ASKED])))
        found |= {one: BoardOn(code or "", name) for one, code, name in some}
    return found
