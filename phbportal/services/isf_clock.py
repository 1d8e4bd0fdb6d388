"""The fourteen days of an offer: a reminder before they are over, and the end. Run twice, it does nothing new."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, select
from sqlmodel import col

from phbportal.domain.isf import REMIND_DAYS, IsfStatus, step
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import SYSTEM
from phbportal.services.arrangements import done_with_tasks, told
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Phb, Task

BATCH = 200


def end_offers(engine: Engine, *, now: datetime | None = None) -> int:
    """End what nobody answered in time, and remind of what soon ends. Returns how many offers it dealt with."""
    done = 0
    while True:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            due = _due(uow)
            for offer in due:
                _deal_with(uow, offer)
        done += len(due)
        if len(due) < BATCH:
            return done


def _due(uow: UnitOfWork) -> list[IsfConfirmation]:
    """Unanswered offers that ran out, or run out within days and were not reminded of. Each comes once."""
    c, soon = IsfConfirmation, uow.today + timedelta(days=REMIND_DAYS)
    return list(
        uow.session.execute(
            select(c)
            .where(
                col(c.status) == IsfStatus.SENT.value,
                or_(
                    col(c.expires_on) < uow.today,
                    (col(c.expires_on) <= soon) & col(c.reminded_on).is_(None),
                ),
            )
            .order_by(col(c.id))
            .limit(BATCH)
        ).scalars()
    )


def _deal_with(uow: UnitOfWork, seen: IsfConfirmation) -> None:
    # Budget, stream, offer, as everybody locks them; and read again, for it may have been answered.
    uow.hold_budgets(col(Phb.id) == seen.phb_id)
    uow.session.execute(select(col(Stream.id)).where(col(Stream.id) == seen.stream_id).with_for_update(key_share=True))
    offer = uow.session.execute(
        select(IsfConfirmation)
        .where(col(IsfConfirmation.id) == seen.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()
    if offer.status != IsfStatus.SENT or offer.expires_on is None:
        return
    name = uow.session.get_one(Organisation, offer.organisation_id).name
    if offer.expires_on < uow.today:
        uow.change(offer, status=step(IsfStatus(offer.status), "end").value)
        done_with_tasks(uow, offer.phb_id)
        _task(uow, offer, "isf_expired", f"{name} did not answer the offer in 14 days. Send it again, or ask another.")
        uow.record("isf_expired", about=offer, **told(uow, offer))
        return
    uow.change(offer, reminded_on=uow.today)
    words = f"{name} has not answered the offer yet. It runs out after {long_date(offer.expires_on)}."
    _task(uow, offer, "isf_ends_soon", words)


def _task(uow: UnitOfWork, offer: IsfConfirmation, kind: str, sentence: str) -> None:
    uow.add(
        Task, icb_id=offer.icb_id, kind=kind, role=Role.CASE_MANAGER.value, phb_id=offer.phb_id,
        sentence=sentence[:300], due_on=max(offer.expires_on or uow.today, uow.today),
    )  # fmt: skip
