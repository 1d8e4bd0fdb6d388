"""When nobody's consent stands behind a direct payment any more, or the rules forbid it: its payments stop by
themselves, so somebody must see that care goes on (SI 2013/1617 reg 17(1); domain.md §1.3, §1.5, §1.14)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.consents import direct_payment_consent_problem, is_excluded
from phbportal.domain.roles import Role
from phbportal.domain.streams import GOES_ON, Method
from phbportal.domain.tasks import BARRED, CONSENT_GONE
from phbportal.services.facts import stream_fact
from phbportal.services.payee_agreements import settle_ready
from phbportal.services.tasks import over
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task

DAYS = 5
_GONE = (
    "nobody who may consents to the direct payment now, so nothing more is paid. Ask whoever may, or decide to stop it "
    "with other care in its place."
)
_FORBIDDEN = (
    "the check says that no direct payment may be made, so nothing more is paid. Decide to stop it with other care in "
    "its place, or check again."
)


def look_at_consent(uow: UnitOfWork, person: Person) -> None:
    """After a consent, its withdrawal, an assessment of capacity or a check against the rules: ask the case manager of
    each live direct payment that nobody consents to any more, or that the rules forbid, once; and ask no more where it
    may be paid. What waits for its first payment is ready to pay no more, or is again. Asks no leave: a part of those
    acts."""
    uow.hold_budgets(col(Phb.person_id) == person.id)
    for phb, streams in _paid_directly(uow, person):
        fact = stream_fact(uow, streams[0])
        gone = direct_payment_consent_problem(
            fact.consents, date_of_birth=person.date_of_birth, lacks_capacity=person.lacks_capacity, on=uow.today
        )
        _ask(uow, phb, CONSENT_GONE, _GONE if gone else "")
        _ask(uow, phb, BARRED, _FORBIDDEN if is_excluded(fact.exclusion_answers, uow.today) else "")
        for stream in streams:
            settle_ready(uow, stream)


def _ask(uow: UnitOfWork, phb: Phb, kind: str, why: str) -> None:
    """Ask once for what is wrong; where nothing is, what was asked is over."""
    if not why:
        over(uow, phb.id, kind)
    elif not _is_asked(uow, phb.id, kind):
        uow.add(
            Task, icb_id=phb.icb_id, kind=kind, role=Role.CASE_MANAGER.value, phb_id=phb.id, person_id=phb.person_id,
            due_on=uow.today + timedelta(days=DAYS), sentence=f"{phb.reference}: {why}",
        )  # fmt: skip


def _paid_directly(uow: UnitOfWork, person: Person) -> list[tuple[Phb, list[Stream]]]:
    """The budgets of a person that a live direct payment runs by, each with those streams, locked."""
    live = (
        select(Stream)
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .where(
            col(Phb.person_id) == person.id, col(Stream.method) == Method.DIRECT_PAYMENT.value,
            col(Stream.status).in_([one.value for one in GOES_ON]),
        )
        .order_by(col(Stream.phb_id), col(Stream.id))
        .with_for_update(of=Stream, key_share=True)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    found: dict[UUID, list[Stream]] = {}
    for stream in uow.session.execute(live).scalars():
        found.setdefault(stream.phb_id, []).append(stream)
    return [(uow.session.get_one(Phb, phb_id), streams) for phb_id, streams in found.items()]


def _is_asked(uow: UnitOfWork, phb_id: UUID, kind: str) -> bool:
    t = Task
    waits = select(col(t.id)).where(col(t.phb_id) == phb_id, col(t.kind) == kind, col(t.done_at).is_(None))
    return uow.session.execute(waits.with_for_update().limit(1)).first() is not None
