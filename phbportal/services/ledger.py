"""Posting to the ledger: the only writer of its three tables. Kept balances, and what the board's money comes to, move
in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, below_zero_sentence, may_go_below_zero, stream_of
from phbportal.services.board_money import add_up, add_up_known
from phbportal.services.new_rows import parts_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import new_id
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.phbs import Phb


def post(uow: UnitOfWork, journal: Journal) -> UUID:
    """Write a journal and move its balances. Returns the journal's id.

    The same key with the same content posts once and returns the first id; with other content it is refused.
    Asks no leave: the service that calls it has.
    """
    digest = journal.content_hash()
    earlier = uow.session.execute(
        select(col(LedgerJournal.id), col(LedgerJournal.content_hash)).where(
            col(LedgerJournal.idempotency_key) == journal.idempotency_key
        )
    ).one_or_none()
    if earlier is not None:
        if earlier.content_hash != digest:
            raise Refusal("This was already posted with another amount or date. Reload the page before you try again.")
        return earlier.id
    phb = uow.session.get(Phb, journal.phb_id)
    assert phb is not None, "a journal belongs to a budget"
    accounts = _accounts(uow, journal)
    for path in sorted(accounts):
        _move(uow, accounts[path], path, journal.postings)
    journal_id = new_id()
    made = {"created_at": uow.now, "created_by": uow.actor.user_id}
    uow.session.execute(
        insert(LedgerJournal).values(
            id=journal_id, icb_id=phb.icb_id, phb_id=journal.phb_id, stream_id=journal.stream_id,
            verb=journal.verb.value, effective_on=journal.effective_on, reference=journal.reference,
            idempotency_key=journal.idempotency_key, content_hash=digest, reverses_id=journal.reverses, **made,
        )
    )  # fmt: skip
    uow.session.execute(
        insert(LedgerPosting),
        [
            {
                "id": new_id(), "journal_id": journal_id, "position": position, "from_id": accounts[p.from_path],
                "to_id": accounts[p.to_path], "amount_pence": p.amount_pence, **made,
            }
            for position, p in enumerate(journal.postings)
        ],
    )  # fmt: skip
    add_up(uow, phb, journal)
    return journal_id


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal of a budget that is known already, with what its board's money is added up by."""

    journal: Journal
    icb_id: UUID
    cohort: str
    method: str = ""


def post_many(uow: UnitOfWork, entries: Sequence[Entry]) -> list[UUID]:
    """Write many journals as ``post`` writes one, a few statements a thousand. Returns the new ones’ ids.

    Only for money that comes from outside or from what a payee holds, which nothing can run short of (ValueError).
    """
    return [journal_id for part in parts_of(entries) for journal_id in _post_part(uow, part)]


def _post_part(uow: UnitOfWork, part: Sequence[Entry]) -> list[UUID]:
    hashes = {entry.journal.idempotency_key: entry.journal.content_hash() for entry in part}
    earlier = uow.session.execute(
        select(col(LedgerJournal.idempotency_key), col(LedgerJournal.content_hash)).where(
            col(LedgerJournal.idempotency_key).in_(hashes)
        )
    ).all()
    if any(hashes[key] != digest for key, digest in earlier):
        raise Refusal("This was already posted with another amount or date. Nothing was written.")
    there = {key for key, _ in earlier}
    new = [entry for entry in part if entry.journal.idempotency_key not in there]
    if not new:
        return []
    accounts = _move_many(uow, [entry.journal for entry in new])
    made = {"created_at": uow.now, "created_by": uow.actor.user_id}
    journals: list[dict[str, Any]] = []
    postings: list[dict[str, Any]] = []
    for entry in new:
        journal, journal_id = entry.journal, new_id()
        journals.append(
            {
                "id": journal_id, "icb_id": entry.icb_id, "phb_id": journal.phb_id, "stream_id": journal.stream_id,
                "verb": journal.verb.value, "effective_on": journal.effective_on, "reference": journal.reference,
                "idempotency_key": journal.idempotency_key, "content_hash": hashes[journal.idempotency_key],
                "reverses_id": journal.reverses, **made,
            }
        )  # fmt: skip
        postings += [
            {
                "id": new_id(), "journal_id": journal_id, "position": position, "from_id": accounts[p.from_path],
                "to_id": accounts[p.to_path], "amount_pence": p.amount_pence, **made,
            }
            for position, p in enumerate(journal.postings)
        ]  # fmt: skip
        add_up_known(uow, entry.icb_id, entry.cohort, entry.method, journal)
    uow.session.execute(insert(LedgerJournal), journals)
    uow.session.execute(insert(LedgerPosting), postings)
    return [journal["id"] for journal in journals]


def _move_many(uow: UnitOfWork, journals: Sequence[Journal]) -> dict[str, UUID]:
    """Make the accounts that are new, move every balance, and return the ids by path."""
    change: Counter[str] = Counter()
    owner: dict[str, UUID] = {}
    for journal in journals:
        for p in journal.postings:
            if not may_go_below_zero(p.from_path):
                raise ValueError("money that can run short is posted by itself")
            change[p.from_path] -= p.amount_pence
            change[p.to_path] += p.amount_pence
            owner[p.from_path] = owner[p.to_path] = journal.phb_id
    dialect = uow.session.get_bind().dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_or
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_or
    account = insert_or(LedgerAccount)
    more = {"balance_pence": col(LedgerAccount.balance_pence) + account.excluded.balance_pence}
    uow.session.execute(
        account.on_conflict_do_update(index_elements=["path"], set_=more),
        [
            {
                "id": new_id(), "path": path, "phb_id": None if path.startswith("outside:") else owner[path],
                "stream_id": stream_of(path), "balance_pence": change[path],
                "created_at": uow.now, "created_by": uow.actor.user_id,
            }
            for path in sorted(change)  # in one order, or two transactions could each wait for the other
        ],
    )  # fmt: skip
    found: dict[str, UUID] = {}
    for paths in parts_of(sorted(change)):
        rows = uow.session.execute(
            select(col(LedgerAccount.path), col(LedgerAccount.id)).where(col(LedgerAccount.path).in_(paths))
        )
        found |= {row.path: row.id for row in rows}
    return found


def posted(uow: UnitOfWork, key: str) -> bool:
    """Whether an entry was already posted under this key."""
    return uow.session.execute(
        select(col(LedgerJournal.id)).where(col(LedgerJournal.idempotency_key) == key)
    ).first() is not None  # fmt: skip


def _accounts(uow: UnitOfWork, journal: Journal) -> dict[str, UUID]:
    """The accounts of the postings, made where they are new."""
    paths = {path for p in journal.postings for path in (p.from_path, p.to_path)}
    rows = uow.session.execute(
        select(col(LedgerAccount.path), col(LedgerAccount.id)).where(col(LedgerAccount.path).in_(paths))
    )
    found = {row.path: row.id for row in rows}
    missing = sorted(paths - found.keys())
    if missing:
        dialect = uow.session.get_bind().dialect.name
        if dialect == "postgresql":
            from sqlalchemy.dialects.postgresql import insert as insert_or
        else:
            from sqlalchemy.dialects.sqlite import insert as insert_or
        uow.session.execute(
            insert_or(LedgerAccount).on_conflict_do_nothing(index_elements=["path"]),
            [
                {
                    "id": new_id(), "path": path, "phb_id": None if path.startswith("outside:") else journal.phb_id,
                    "stream_id": stream_of(path), "balance_pence": 0,
                    "created_at": uow.now, "created_by": uow.actor.user_id,
                }
                for path in missing
            ],
        )  # fmt: skip
        return _accounts(uow, journal)
    return found


def _move(uow: UnitOfWork, account_id: UUID, path: str, postings: Iterable[Posting]) -> None:
    change = sum((p.to_path == path) * p.amount_pence - (p.from_path == path) * p.amount_pence for p in postings)
    statement = update(LedgerAccount).where(col(LedgerAccount.id) == account_id)
    if change < 0 and not may_go_below_zero(path):
        statement = statement.where(col(LedgerAccount.balance_pence) >= -change)
    moved = uow.session.execute(
        statement.values(balance_pence=LedgerAccount.balance_pence + change)
        .returning(col(LedgerAccount.id))
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if moved is None:
        balance = uow.session.execute(
            select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.id) == account_id)
        ).scalar_one()
        raise Refusal(below_zero_sentence(path, balance, -change), field="amount")


def reverse(uow: UnitOfWork, journal_id: UUID, *, key: str, reason: str) -> UUID:
    """Correct an entry the only way there is: a new entry the other way round (invariant I13).

    Asks no leave beyond sight of the entry: the service that calls it has. Sent again with its own key and reason
    it returns the first correction.
    """
    original = uow.find(LedgerJournal, journal_id, lock=True)
    if original.verb == Verb.REVERSE:
        raise Refusal("A correction cannot itself be corrected this way. Make a new entry.")
    taken = uow.session.execute(
        select(LedgerJournal).where(col(LedgerJournal.reverses_id) == journal_id)
    ).scalar_one_or_none()  # fmt: skip
    if taken is not None and taken.idempotency_key != key:
        raise Refusal("This entry has already been corrected.")
    source, target = aliased(LedgerAccount), aliased(LedgerAccount)
    rows = uow.session.execute(
        select(col(source.path), col(target.path), col(LedgerPosting.amount_pence))
        .select_from(LedgerPosting)
        .join(source, col(source.id) == col(LedgerPosting.from_id))
        .join(target, col(target.id) == col(LedgerPosting.to_id))
        .where(col(LedgerPosting.journal_id) == journal_id)
        .order_by(col(LedgerPosting.position))
    ).all()
    return post(
        uow,
        Journal(
            verb=Verb.REVERSE, phb_id=original.phb_id, stream_id=original.stream_id,
            effective_on=uow.today if taken is None else taken.effective_on, reference=reason[:100],
            idempotency_key=key, reverses=journal_id,
            postings=tuple(Posting(target_path, source_path, pence) for source_path, target_path, pence in rows),
        ),
    )  # fmt: skip
