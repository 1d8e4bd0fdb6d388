"""What is due by date: on 1 April each live budget's money for the new year is set aside (decisions.md §3), after what
it was raised to is in effect; a direct payment that rests on a parent's consent is flagged when the young person turns
16 (I27); reviews that nobody set, birthdays that change what is due, long stays in hospital, what runs out
(registrations, insurance, wheelchairs) and needs to be assessed again are told of; offers to organisations run out
after fourteen days; decisions and uplifts take effect on their day; letters lost on their way are sent again; forms
begun and left for a month are thrown away.

Can be run twice and catches up after days off: each act has a key of its own. Budgets are taken a thousand at a time,
a few statements for each thousand. What somebody is working on is come back to at the end of the night; if it is held
still, it is the next night's, and finance is told of budgets whose year's money waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus, year_commitment
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import financial_year
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.tasks import YEAR_NOT_SET_ASIDE
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
from phbportal.services.uplift_night import carry_out_uplifts, write_approved
from phbportal.services.walks import BEFORE_ALL, Left, Stretch, by_itself, come_back, part, walked
from phbportal.services.year_money import amounts_of, made_good_in, taken_early
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.phbs import Phb, Task

RUNNING = (
    PhbStatus.ACTIVE.value, PhbStatus.SETUP.value, PhbStatus.SUSPENDED.value, PhbStatus.STOPPING.value,
)  # fmt: skip


def tick(engine: Engine, *, now: datetime | None = None, left: Left | None = None) -> int:
    """Do what is due today (the day of ``now``). Returns how many budgets had a year's money set aside. ``left`` is
    given what is left for the next night."""
    left = Left() if left is None else left
    carry_out_uplifts(engine, now=now, left=left)  # first, so that the new year is set aside as it will be paid
    done = walked(engine, BudgetVersion, _set_stretch_aside, now, left)
    run_review_clock(engine, now=now, left=left)
    run_expiry_clock(engine, now=now, left=left)
    part(engine, end_offers, now, left)
    part(engine, ask_for_renewals, now, left)
    carry_out_decisions(engine, now=now, left=left)
    for each in (send_again, listen, turn_sixteen, _sweep):
        part(engine, each, now, left)
    return done + _come_back(engine, now, left)


def _sweep(engine: Engine, *, now: datetime | None = None) -> int:
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        sweep_form_drafts(uow)
    return 0


def _come_back(engine: Engine, now: datetime | None, left: Left) -> int:
    """What was refused, once more; then finance is told of the budgets whose money waits still, and not any more of
    others. Returns how many more had money set aside."""
    done = 0
    if left.things:
        done = come_back(engine, left, now)[_set_stretch_aside]
        part(engine, write_approved, now, left)
    by_itself(engine, partial(_tell, stretches=left.of(_set_stretch_aside)), "whose money waits", BEFORE_ALL, now)
    return done


def _tell(uow: UnitOfWork, stretches: Sequence[Stretch]) -> int:
    """A task for finance about each budget of these stretches whose money waits, unless there is one; those about
    others end. Returns how many wait."""
    year = financial_year(uow.today)
    wait = {
        entry.journal.phb_id: entry.icb_id
        for one in stretches for entry in _entries(uow, _due(uow, one.after, one.end))
    }  # fmt: skip
    tasks = uow.session.execute(
        select(Task).where(col(Task.kind) == YEAR_NOT_SET_ASIDE, col(Task.done_at).is_(None))
    ).scalars().all()  # fmt: skip
    for task in tasks:
        if task.phb_id not in wait:
            uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)
    told = {task.phb_id for task in tasks}
    for phb_id, icb_id in wait.items():
        if phb_id not in told:
            phb = uow.session.get_one(Phb, phb_id)
            uow.add(
                Task, icb_id=icb_id, kind=YEAR_NOT_SET_ASIDE, role=Role.FINANCE.value, phb_id=phb_id,
                person_id=phb.person_id, due_on=uow.today,
                sentence=f"The money of {phb.reference} for {year[0].year} to {year[1].year} is not set aside yet, "
                "most likely because somebody was working on the budget at night. The portal tries again each night. "
                "If this is still here tomorrow, tell whoever runs the portal.",
            )  # fmt: skip
    return len(wait)


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
    """Set aside what each of these needs. Returns how many needed any."""
    entries = _entries(uow, due)
    return len(post_many(uow, entries)) if entries else 0


def _entries(uow: UnitOfWork, due: list[Any]) -> list[Entry]:
    """This year's commitment of each, less what a payment across 31 March already took of it."""
    if not due:
        return []
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
    return entries
