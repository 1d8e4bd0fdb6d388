"""What is due by date: on 1 April each live budget's money for the new year is set aside (decisions.md §3); a direct
payment that rests on a parent's consent is flagged when the young person turns 16 (I27); offers to organisations run
out after fourteen days; decisions take effect on their day, and letters lost on their way are sent again; forms begun
and left for a month are thrown away.

Can be run twice and catches up after days off: each act has a key of its own.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import financial_year
from phbportal.domain.phbs import PhbStatus
from phbportal.policy.actors import SYSTEM
from phbportal.services.approvals import allocate
from phbportal.services.birthdays import turn_sixteen
from phbportal.services.budgets import streams_of
from phbportal.services.decisions import carry_out_decisions
from phbportal.services.form_drafts import sweep_form_drafts
from phbportal.services.isf_clock import end_offers
from phbportal.services.outbox import send_again
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.ledger import LedgerJournal, LedgerPosting
from phbportal.tables.phbs import Phb

BATCH = 200
GOES_ON = (PhbStatus.SETUP, PhbStatus.ACTIVE, PhbStatus.SUSPENDED, PhbStatus.STOPPING)


def tick(engine: Engine, *, now: datetime | None = None) -> int:
    """Do what is due today (the day of ``now``). Returns how many budgets had a year's money set aside."""
    done, last = 0, UUID(int=0)
    while True:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            due = _due(uow, last)
            done += sum(_allocate_year(uow, budget) > 0 for budget in due)
        if len(due) < BATCH:
            break
        # Onwards, not again from the start: a budget with nothing to set aside stays due.
        last = due[-1].id
    end_offers(engine, now=now)
    carry_out_decisions(engine, now=now)
    send_again(engine, now=now)
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        turn_sixteen(uow)
        sweep_form_drafts(uow)
    return done


def _due(uow: UnitOfWork, after: UUID) -> list[BudgetVersion]:
    """Approved budgets of live cases, beyond an id, that began before this year and have no allocation for it."""
    starts, _ends = financial_year(uow.today)
    allocated = select(col(LedgerJournal.phb_id)).where(
        col(LedgerJournal.verb) == Verb.ALLOCATE.value,
        col(LedgerJournal.effective_on) >= starts,
        col(LedgerJournal.idempotency_key).like("allocate:%"),
    )
    return list(
        uow.session.execute(
            select(BudgetVersion)
            .join(Phb, col(Phb.id) == col(BudgetVersion.phb_id))
            .where(
                col(BudgetVersion.status) == BudgetStatus.APPROVED.value,
                col(Phb.status).in_([s.value for s in GOES_ON]),
                col(BudgetVersion.id) > after,
                col(BudgetVersion.starts_on) < starts,
                col(BudgetVersion.phb_id).not_in(allocated),
            )
            .order_by(col(BudgetVersion.id))
            .limit(BATCH)
        ).scalars()
    )


def _allocate_year(uow: UnitOfWork, budget: BudgetVersion) -> int:
    """This year's commitment, less what a payment across 31 March already took of it. Returns pence set aside."""
    starts, _ends = financial_year(uow.today)
    phb = uow.session.get_one(Phb, budget.phb_id)
    early = uow.session.execute(
        select(func.coalesce(func.sum(col(LedgerPosting.amount_pence)), 0))
        .join(LedgerJournal, col(LedgerJournal.id) == col(LedgerPosting.journal_id))
        .where(
            col(LedgerJournal.phb_id) == phb.id,
            col(LedgerJournal.idempotency_key).like("allocate-early:%"),
            col(LedgerJournal.effective_on) >= starts.replace(year=starts.year - 1),
            col(LedgerJournal.effective_on) < starts,
        )
    ).scalar_one()
    return allocate(uow, phb, budget, streams_of(uow, phb.id), on=starts, less_pence=int(early))
