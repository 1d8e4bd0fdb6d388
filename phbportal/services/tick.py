"""What is due by date: on 1 April each live budget's money for the new year is set aside (decisions.md §3), after what
it was raised to is in effect; a direct payment that rests on a parent's consent is flagged when the young person turns
16 (I27); reviews that nobody set, birthdays that change what is due, long stays in hospital, what runs out
(registrations, insurance, wheelchairs) and needs to be assessed again are told of; offers to organisations run out
after fourteen days; decisions and uplifts take effect on their day; letters lost on their way are sent again; forms
begun and left for a month are thrown away.

Can be run twice and catches up after days off: each act has a key of its own. Budgets are taken a thousand at a time,
a few statements for each thousand.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus, year_commitment
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import financial_year
from phbportal.domain.phbs import PhbStatus
from phbportal.policy.actors import SYSTEM
from phbportal.services.approvals import COSTS, allocation
from phbportal.services.birthdays import turn_sixteen
from phbportal.services.decisions import carry_out_decisions
from phbportal.services.expiry_clock import run_expiry_clock
from phbportal.services.form_drafts import sweep_form_drafts
from phbportal.services.isf_clock import end_offers
from phbportal.services.ledger import Entry, post_many
from phbportal.services.many_rows import is_among
from phbportal.services.outbox import listen, send_again
from phbportal.services.renewals import ask_for_renewals
from phbportal.services.review_clock import run_review_clock
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.uplift_night import carry_out_uplifts
from phbportal.services.walks import walked
from phbportal.services.year_money import amounts_of, made_good_in, taken_early
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.phbs import Phb

RUNNING = (
    PhbStatus.ACTIVE.value, PhbStatus.SETUP.value, PhbStatus.SUSPENDED.value, PhbStatus.STOPPING.value,
)  # fmt: skip


def tick(engine: Engine, *, now: datetime | None = None) -> int:
    """Do what is due today (the day of ``now``). Returns how many budgets had a year's money set aside."""
    carry_out_uplifts(engine, now=now)  # first, so that the new year is set aside as it will be paid
    done = _set_aside(engine, now)
    run_review_clock(engine, now=now)
    run_expiry_clock(engine, now=now)
    end_offers(engine, now=now)
    ask_for_renewals(engine, now=now)
    carry_out_decisions(engine, now=now)
    send_again(engine, now=now)
    listen(engine, now=now)
    turn_sixteen(engine, now=now)
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        sweep_form_drafts(uow)
    return done


def _set_aside(engine: Engine, now: datetime | None) -> int:
    """Every budget by its id, each stretch in a transaction of its own. Returns how many had money set aside."""
    return walked(engine, BudgetVersion, _set_stretch_aside, now)


def _set_stretch_aside(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """A stretch of them. The budgets are locked, and then looked at once more: what their streams cost may not change
    while it is being set aside."""
    if not (due := _due(uow, after, end)):
        return 0
    uow.hold_budgets(is_among(uow.session, col(Phb.id), [budget.phb_id for budget in due]))
    return _allocate_year(uow, _due(uow, after, end, lock=True))


def _due(uow: UnitOfWork, after: UUID, end: UUID, *, lock: bool = False) -> list[Any]:
    """The last approved budgets of live cases, in a stretch of ids, that began by 1 April and have no allocation for
    the year."""
    starts, _ends = financial_year(uow.today)
    b, j, later = BudgetVersion, LedgerJournal, aliased(BudgetVersion)
    allocated = exists(
        select(1).where(
            col(j.phb_id) == col(b.phb_id), col(j.effective_on) >= starts, col(j.verb) == Verb.ALLOCATE.value,
            col(j.idempotency_key).like("allocate:%"),
        )
    )  # fmt: skip
    replaced = exists(
        select(1).where(
            col(later.phb_id) == col(b.phb_id), col(later.status) == BudgetStatus.APPROVED.value,
            col(later.version) > col(b.version), col(later.starts_on) <= starts,
        )
    )  # fmt: skip
    found = (
        select(col(b.id), col(b.version), col(b.phb_id), col(Phb.icb_id), col(Phb.cohort))
        .join(Phb, col(Phb.id) == col(b.phb_id))
        .where(
            col(b.status) == BudgetStatus.APPROVED.value, col(Phb.status).in_(RUNNING), col(b.id) > after,
            col(b.id) <= end, col(b.starts_on) <= starts, ~allocated, ~replaced,
        )
        .order_by(col(b.id))
    )  # fmt: skip
    return list(uow.session.execute(found.with_for_update(of=b, key_share=True) if lock else found))


def _allocate_year(uow: UnitOfWork, due: list[Any]) -> int:
    """This year's commitment of each, less what a payment across 31 March already took of it. Returns how many."""
    if not due:
        return 0
    starts, _ends = financial_year(uow.today)
    phbs = [budget.phb_id for budget in due]
    streams: dict[UUID, list[Stream]] = defaultdict(list)
    for stream in uow.session.execute(
        select(Stream).where(col(Stream.phb_id).in_(phbs), COSTS).order_by(col(Stream.id))
    ).scalars():  # fmt: skip
        streams[stream.phb_id].append(stream)
    early = taken_early(uow, phbs, starts)
    entries: list[Entry] = []
    for budget in due:
        own = streams[budget.phb_id]
        amount = year_commitment(amounts_of(own), starts) + made_good_in(uow, own, starts)
        amount -= early.get(budget.phb_id, 0)
        if amount > 0:
            journal = allocation(
                budget.icb_id, budget.phb_id, budget.id, budget.version, amount, on=starts, year_of=starts
            )
            entries.append(Entry(journal, budget.icb_id, budget.cohort))
    return len(post_many(uow, entries)) if entries else 0
