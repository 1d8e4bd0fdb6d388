"""Asking the services for what they must refuse, and looking at what is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, literal, select, union_all
from sqlmodel import SQLModel, col

from phbportal.domain.errors import Refusal
from phbportal.domain.streams import Method
from phbportal.policy.actors import Actor
from phbportal.queries.ledger import Balances, balances_of, check_ledger
from phbportal.services import payments
from phbportal.services.payments import PaymentEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.ledger import LedgerAccount
from phbportal.tables.payments import PaymentItem
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

R = TypeVar("R", bound=SQLModel)
Act = Callable[[UnitOfWork], Any]
Copy = tuple[World, Case]
START, END = date(2026, 4, 13), date(2026, 5, 3)
NEXT_START, NEXT_END = date(2026, 5, 4), date(2026, 5, 31)


def refused(world: World, actor: Actor, act: Callable[[UnitOfWork], object], *, on: date | None = None) -> str:
    """Do what must be refused; returns the sentences, and sees to it that nothing at all was written."""
    before = rows_in_all(world)
    with pytest.raises(Refusal) as refusal:
        world.do(actor, act, on=on)
    assert rows_in_all(world) == before, "a refusal wrote something"
    sentences = [p.sentence for p in refusal.value.problems]
    assert all(s[0].isupper() and s[-1] == "." for s in sentences), sentences
    return " ".join(sentences)


def rows_in_all(world: World) -> dict[str, int]:
    """How many rows each table has."""
    counts = [
        select(literal(name), func.count()).select_from(table) for name, table in SQLModel.metadata.tables.items()
    ]
    with world.unit(world.cm, writes=False) as uow:
        return {row[0]: row[1] for row in uow.session.execute(union_all(*counts))}


def row(world: World, table: type[R], row_id: UUID) -> R:
    """A row as it stands."""
    with world.unit(world.cm, writes=False) as uow:
        return uow.session.get_one(table, row_id)


def rows(world: World, table: type[R], **equal: object) -> list[R]:
    """The rows of a table whose columns equal these, oldest first."""
    with world.unit(world.cm, writes=False) as uow:
        statement = select(table).order_by(col(table.id))
        for name, value in equal.items():
            statement = statement.where(getattr(table, name) == value)
        return list(uow.session.execute(statement).scalars())


def balances(world: World, case: Case) -> Balances:
    """The balances of a case, after a look that every one agrees with its postings (I14)."""
    with world.unit(world.finance, writes=False) as uow:
        assert check_ledger(uow.session) == []
        return balances_of(uow.session, case.phb_id)


def balance(world: World, path: str) -> int:
    """One kept balance; an account nothing happened on holds nothing."""
    with world.unit(world.finance, writes=False) as uow:
        found = select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.path) == path)
        return uow.session.execute(found).scalar_one_or_none() or 0


def payment(world: World, reference: str) -> PaymentItem:
    """A payment by its reference."""
    return rows(world, PaymentItem, reference=reference)[0]


@dataclass(frozen=True)
class Paying:
    """An approved case and what finance does with its first stream."""

    DIRECT: ClassVar = StreamPlan(Method.DIRECT_PAYMENT, 125_000, 59_800)
    NIGHTS: ClassVar = StreamPlan(Method.NOTIONAL, 40_000, starts_on=date(2026, 4, 6))

    world: World
    case: Case

    @property
    def stream(self) -> UUID:
        return self.case.streams[0]

    def recording(self, start: date = START, end: date = END, *, key: str = "first", **invoice: Any) -> Act:
        entry = PaymentEntry(start, end, **invoice)
        return lambda uow: payments.record_payment(uow, self.stream, entry, key=key)

    def record(self, start: date = START, end: date = END, *, key: str = "first", on: date | None = None) -> str:
        return self.world.do(self.world.finance, self.recording(start, end, key=key), on=on or START)

    def confirming(self, reference: str, paid_on: date = START) -> Act:
        item = payment(self.world, reference)
        return lambda uow: payments.confirm_payment(uow, item.id, paid_on=paid_on)

    def confirm(self, reference: str, *, on: date = START) -> None:
        self.world.do(self.world.finance2, self.confirming(reference, on), on=on)

    def cancel(self, reference: str, *, on: date = START) -> None:
        item = payment(self.world, reference)
        self.world.do(
            self.world.finance, lambda uow: payments.cancel_payment(uow, item.id, reason="Wrong days."), on=on
        )

    def refused(
        self, start: date = START, end: date = END, *, by: Actor | None = None, on: date = START, key: str = "other",
        **invoice: Any,
    ) -> str:  # fmt: skip
        return refused(self.world, by or self.world.finance, self.recording(start, end, key=key, **invoice), on=on)
