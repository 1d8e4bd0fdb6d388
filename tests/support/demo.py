"""Looking at a demo world from the outside."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Engine, func, select
from sqlmodel import col

from phbportal import tables
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.users import staff_actor
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.ledger import LedgerAccount
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

ISSUER = "http://localhost:8000/dev-idp"

PROMISED = {
    "Achebe": (PhbStatus.ACTIVE, PlanStatus.ACTIVE),
    "Pritchard-Evans": (PhbStatus.ACTIVE, PlanStatus.ACTIVE),
    "Oyelaran": (PhbStatus.ACTIVE, PlanStatus.ACTIVE),
    "Nowicka": (PhbStatus.ACTIVE, PlanStatus.ACTIVE),
    "Sandhu": (PhbStatus.SETUP, PlanStatus.APPROVED),
    "Fenwick": (PhbStatus.SETUP, PlanStatus.APPROVED),
    "Vaughan": (PhbStatus.PANEL, PlanStatus.CLINICALLY_SIGNED),
    "Chow": (PhbStatus.CLINICAL_REVIEW, PlanStatus.SUBMITTED),
    "Siddiqui": (PhbStatus.RETURNED, PlanStatus.RETURNED),
    "O’Dowd": (PhbStatus.PLANNING, PlanStatus.DRAFT),
    "Iqbal-Webb": (PhbStatus.PLANNING, PlanStatus.DRAFT),
    "Powell": (PhbStatus.ACTIVE, PlanStatus.ACTIVE),
    "Rowe": (PhbStatus.ACTIVE, PlanStatus.ACTIVE),
    "Clarke": (PhbStatus.SETUP, PlanStatus.APPROVED),
    "Castellano": (PhbStatus.ACTIVE, PlanStatus.ACTIVE),
    "Marchetti": (PhbStatus.SETUP, PlanStatus.APPROVED),
    "Nair-Hughes": (PhbStatus.SETUP, PlanStatus.APPROVED),
}


BEGINNING = {"Hargreaves": PhbStatus.REFERRED, "Morgan": PhbStatus.OFFERED}
"""Those without a plan yet."""


class Record(NamedTuple):
    """Somebody's record, with what hangs on it in the order it was made."""

    person: Person
    phb: Phb
    plan: Plan
    streams: list[Stream]
    accounts: list[PayeeAccount]
    payments: list[PaymentItem]


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }


def telling(engine: Engine) -> list[tuple[object, ...]]:
    """Everything that was agreed, paid and kept, without ids."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        cases = (
            select(col(Person.family_name), col(Phb.reference), col(Phb.status), col(Phb.opened_on), col(Plan.status))
            .join(Phb, col(Phb.person_id) == col(Person.id))
            .join(Plan, col(Plan.phb_id) == col(Phb.id))
            .order_by(col(Phb.reference), col(Plan.version))
        )
        paid = select(col(PaymentItem.reference), col(PaymentItem.amount_pence), col(PaymentItem.status))
        kept = select(col(LedgerAccount.balance_pence)).order_by(col(LedgerAccount.balance_pence))
        found = (cases, paid.order_by(col(PaymentItem.reference)), kept)
        return [tuple(row) for statement in found for row in uow.session.execute(statement)]


def record_of(engine: Engine, family_name: str) -> Record:
    """The record of the person with this family name."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        run = uow.session.execute
        person = run(select(Person).where(col(Person.family_name) == family_name)).scalar_one()
        phb = run(select(Phb).where(col(Phb.person_id) == person.id)).scalar_one()
        plan = run(select(Plan).where(col(Plan.phb_id) == phb.id)).scalar_one()
        streams = run(select(Stream).where(col(Stream.phb_id) == phb.id).order_by(col(Stream.id)))
        accounts = run(select(PayeeAccount).where(col(PayeeAccount.phb_id) == phb.id))
        items = run(select(PaymentItem).where(col(PaymentItem.phb_id) == phb.id).order_by(col(PaymentItem.id)))
        return Record(
            person, phb, plan, list(streams.scalars()), list(accounts.scalars()), list(items.scalars())
        )  # fmt: skip


def balance(engine: Engine, path: str) -> int:
    with open_unit(engine, SYSTEM, writes=False) as uow:
        found = select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.path) == path)
        return uow.session.execute(found).scalar_one()


def staff(engine: Engine, key: str, role: Role, board: str = "QYG") -> Actor:
    with open_unit(engine, SYSTEM, writes=False) as uow:
        return staff_actor(uow.session, f"{key}@example.org", board, uow.today, (role,))


def assert_promises_kept(engine: Engine) -> None:
    """Every person of docs/demo.md is where it says they are."""
    for family_name, (case, plan) in PROMISED.items():
        found = record_of(engine, family_name)
        assert (family_name, found.phb.status, found.plan.status) == (family_name, case, plan)
    with open_unit(engine, SYSTEM, writes=False) as uow:
        of = select(col(Person.family_name), col(Phb.status)).join(Phb, col(Phb.person_id) == col(Person.id))
        begun = uow.session.execute(of.where(col(Person.family_name).in_(BEGINNING))).all()
        assert {row.family_name: row.status for row in begun} == BEGINNING
