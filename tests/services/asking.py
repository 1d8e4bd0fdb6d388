"""Asking the services for what they must refuse, and looking at what is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import Actor
from phbportal.queries.ledger import Balances, balances_of, check_ledger
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.ledger import LedgerAccount
from phbportal.tables.payments import PaymentItem
from tests.support.journey import Case
from tests.support.world import World

R = TypeVar("R", bound=SQLModel)


def refused(
    world: World, actor: Actor, act: Callable[[UnitOfWork], object], *, on: date | None = None
) -> str:  # fmt: skip
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
    with world.unit(world.cm, writes=False) as uow:
        counts = {
            name: uow.session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
        }
    return counts


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
