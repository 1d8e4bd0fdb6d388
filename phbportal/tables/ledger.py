"""The ledger: accounts with kept balances, and append-only journals of from/to postings in pence."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from phbportal.domain.ledger import Verb
from phbportal.tables.base import CheckConstraint, Row, bare_id, day, link, one_of, pence, positive, text, whole


class LedgerAccount(Row, table=True):
    """An account and its kept balance. Only ``outside:*`` and ``stream:*:held`` may go below zero."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        CheckConstraint(
            "balance_pence >= 0 OR path LIKE 'outside:%' OR path LIKE 'stream:%held'",
            name="ck_ledger_account_balance",
        ),
    )

    path: str = text(length=120, unique=True)
    phb_id: UUID | None = link("phb", default=None)
    stream_id: UUID | None = link("stream", default=None, index=False)
    balance_pence: int = pence()


class LedgerJournal(Row, table=True):
    __tablename__ = "ledger_journal"
    __table_args__ = (
        one_of("ledger_journal", "verb", Verb),
        Index("ix_ledger_journal_phb", "phb_id", "effective_on", "id"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb", index=False)
    stream_id: UUID | None = link("stream", default=None, index=False)
    verb: str = text(length=12)
    effective_on: date = day()
    reference: str = text(length=100)
    idempotency_key: str = text(length=120, unique=True)
    content_hash: str = text(length=64)
    reverses_id: UUID | None = bare_id(default=None)


class LedgerPosting(Row, table=True):
    __tablename__ = "ledger_posting"
    __table_args__ = (
        positive("ledger_posting", "amount_pence", zero=False),
        CheckConstraint("from_id <> to_id", name="ck_ledger_posting_two_accounts"),
        UniqueConstraint("journal_id", "position", name="uq_ledger_posting_position"),
    )

    journal_id: UUID = link("ledger_journal", index=False)
    position: int = whole()
    from_id: UUID = link("ledger_account")
    to_id: UUID = link("ledger_account")
    amount_pence: int = pence()
