"""The ledger entries of a budget, in words: what happened, from where to where, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.budgets import LINE_WORDS, LineType
from phbportal.domain.ledger import VERB_WORDS, Verb, outside
from phbportal.domain.money import pounds
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.paging import TOP, Place, newest_first
from phbportal.queries.scope import visible
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting

SIZE = 20

_OUTSIDE = {
    outside(Verb.OWN_MONEY.lower()): "The holder’s own money",
    outside(Verb.INTEREST.lower()): "Bank interest",
    outside(Verb.REFUND.lower()): "Refunds",
    outside(Verb.OPENING.lower()): "Before the portal",
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One posting of an entry, as text. ``source`` and ``target`` are the places the money went between."""

    day: str
    what: str
    source: str
    target: str
    amount: str
    reference: str


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """Rows, newest first, and the cursors either way."""

    rows: tuple[EntryRow, ...] = ()
    newer: str = ""
    older: str = ""


def entries_page(
    session: Session, actor: Actor, today: date, phb_id: UUID, *, place: Place = TOP, size: int = SIZE
) -> EntriesPage:
    """One page of a budget's postings, by the day they took effect. One statement, whatever the page."""
    keys = [col(LedgerJournal.effective_on), col(LedgerPosting.id)]
    statement = _entries(actor, today)
    found = newest_first(session, statement, keys, {"phb": phb_id}, place=place, size=size)
    return EntriesPage(tuple(_row(row) for row in found.rows), found.newer, found.older)


@by_shape
def _entries(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    source, target = aliased(LedgerAccount), aliased(LedgerAccount)
    paths: list[Any] = [col(source.path).label("source"), col(target.path).label("target")]
    j, p = LedgerJournal, LedgerPosting
    return (
        select(
            col(j.effective_on), col(p.id), col(j.verb), col(j.reference), col(p.amount_pence), *paths,
        )
        .join(p, col(p.journal_id) == col(j.id))
        .join(source, col(source.id) == col(p.from_id))
        .join(target, col(target.id) == col(p.to_id))
        .where(col(j.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, j, today))
    )  # fmt: skip


def _row(row: Any) -> EntryRow:
    return EntryRow(
        long_date(row.effective_on), VERB_WORDS[Verb(row.verb)], place_words(row.source), place_words(row.target),
        pounds(row.amount_pence), row.reference,
    )  # fmt: skip


def place_words(path: str) -> str:
    """An account's path as a person says it: "Left to pay out", "With the payee", "Spent: training"."""
    if path.startswith("outside:icb:"):
        return "The NHS board"
    if path in _OUTSIDE:
        return _OUTSIDE[path]
    if path.endswith(":available"):
        return "Left to pay out"
    if path.endswith(":reserved"):
        return "Set aside for payments"
    if path.endswith(":held"):
        return "With the payee"
    return f"Spent: {LINE_WORDS[LineType(path.rpartition(':')[2])]}"
