"""The ledger, read: what a budget has left, and whether every kept balance agrees with its postings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.ledger import available, reserved, stream_of
from phbportal.policy.actors import Actor
from phbportal.queries.board_money import wrong_sums
from phbportal.queries.scope import visible
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An account whose kept balance is not the sum of its postings; an account without a row is named by its id. Or
    one of a board's sums, named by its board, where from, where to, month, group and method."""

    path: str
    kept_pence: int
    computed_pence: int


@dataclass(frozen=True, slots=True)
class Balances:
    """Where a budget's money is, in pence: left to pay out, set aside, held by payees, spent by kind of cost.

    ``held_pence`` is by stream, ``spent_pence`` by stream and line type; a stream nothing happened on is absent.
    """

    available_pence: int
    reserved_pence: int
    held_pence: Mapping[UUID, int]
    spent_pence: Mapping[UUID, Mapping[str, int]]

    def held_by(self, stream_id: UUID) -> int:
        """What the payee of a stream holds; below nought when they are overdrawn."""
        return self.held_pence.get(stream_id, 0)

    def spent_on(self, stream_id: UUID) -> int:
        """What has been spent on a stream, of every kind."""
        return sum(self.spent_pence.get(stream_id, {}).values())


def amounts_of(session: Session, actor: Actor, today: date, entries: Sequence[UUID]) -> dict[UUID, int]:
    """How much each of these entries moved, in pence: the sum of its postings. One statement."""
    moved = cast(func.sum(col(LedgerPosting.amount_pence)), BigInteger).label("moved")
    rows = session.execute(
        select(col(LedgerJournal.id), moved)
        .join(LedgerPosting, col(LedgerPosting.journal_id) == col(LedgerJournal.id))
        .where(visible(actor, LedgerJournal, today), col(LedgerJournal.id).in_(entries))
        .group_by(col(LedgerJournal.id))
    )
    return {row.id: row.moved for row in rows}


# Built once: building a statement takes longer than running it.
_KEPT = select(col(LedgerAccount.phb_id), col(LedgerAccount.path), col(LedgerAccount.balance_pence)).where(
    col(LedgerAccount.phb_id).in_(bindparam("phbs", expanding=True))
)


def balances_of(session: Session, phb_id: UUID) -> Balances:
    """The kept balances of a budget, in one indexed read however long its history.

    The caller has found the budget in the actor's scope; accounts have no scope of their own.
    """
    return balances_by_phb(session, [phb_id])[phb_id]


def balances_by_phb(session: Session, phb_ids: Sequence[UUID]) -> dict[UUID, Balances]:
    """The kept balances of several budgets of the actor's scope, in one read; one nothing happened on has noughts."""
    rows = session.connection().execute(_KEPT, {"phbs": list(phb_ids)})
    paths: dict[UUID, dict[str, int]] = {phb_id: {} for phb_id in phb_ids}
    for phb_id, path, pence in rows:
        assert phb_id is not None, "only accounts of these budgets were asked for"
        paths[phb_id][path] = pence
    return {phb_id: _balances(phb_id, own) for phb_id, own in paths.items()}


def _balances(phb_id: UUID, paths: Mapping[str, int]) -> Balances:
    whole = {available(phb_id): 0, reserved(phb_id): 0}
    held: dict[UUID, int] = {}
    spent: dict[UUID, dict[str, int]] = {}
    for path, pence in paths.items():
        stream_id = stream_of(path)
        if stream_id is None:
            whole[path] = pence
        elif path.endswith(":held"):
            held[stream_id] = pence
        else:
            spent.setdefault(stream_id, {})[path.rpartition(":")[2]] = pence
    return Balances(
        whole[available(phb_id)], whole[reserved(phb_id)], MappingProxyType(held),
        MappingProxyType({stream_id: MappingProxyType(kinds) for stream_id, kinds in spent.items()}),
    )  # fmt: skip


def check_ledger(session: Session) -> list[Mismatch]:
    """Every account and every sum of a board that differs from its postings, worked out by the database.

    With postings that each go from one account to another, "everything sums to nought" would prove nothing
    (decisions.md §3). Postings on an account that has no row are told too. An empty list is a sound ledger.
    """
    posting, account = LedgerPosting, LedgerAccount
    amount = col(posting.amount_pence)
    moves = union_all(
        select(col(posting.to_id).label("account_id"), amount.label("pence")),
        select(col(posting.from_id), -amount),
    ).subquery("moves")
    sums = (
        select(moves.c.account_id, cast(func.sum(moves.c.pence), BigInteger).label("pence"))
        .group_by(moves.c.account_id)
        .cte("sums")
    )
    computed = func.coalesce(sums.c.pence, 0)
    wrong = (
        select(col(account.path), col(account.id), col(account.balance_pence), computed)
        .outerjoin(sums, sums.c.account_id == col(account.id))
        .where(col(account.balance_pence) != computed)
    )
    no_row = (
        select(literal(""), sums.c.account_id, literal(0), sums.c.pence)
        .select_from(sums)
        .outerjoin(account, col(account.id) == sums.c.account_id)
        .where(col(account.id).is_(None))
    )
    rows = session.execute(union_all(wrong, no_row)).all()
    found = [Mismatch(path or f"no account {account_id}", kept, pence) for path, account_id, kept, pence in rows]
    found += [Mismatch(*sum_) for sum_ in wrong_sums(session)]
    return sorted(found, key=lambda mismatch: mismatch.path)
