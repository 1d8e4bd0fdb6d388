"""When nobody's consent stands behind a direct payment any more: its payments stop by themselves, so somebody must see
that care goes on (SI 2013/1617 reg 17(1); domain.md §1.3, §1.14)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.consents import ConsentFact, ConsentKind, GivenBy, direct_payment_consent_problem
from phbportal.domain.roles import Role
from phbportal.domain.streams import GOES_ON, Method
from phbportal.domain.tasks import CONSENT_GONE
from phbportal.services.tasks import over
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.consents import Consent
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task

DAYS = 5


def look_at_consent(uow: UnitOfWork, person: Person) -> None:
    """After a consent, its withdrawal or an assessment of capacity: ask the case manager of each live direct payment
    that nobody consents to any more, once; and ask no more where somebody does. Asks no leave: a part of those acts."""
    for phb, consents in _paid_directly(uow, person):
        gone = direct_payment_consent_problem(
            consents, date_of_birth=person.date_of_birth, lacks_capacity=person.lacks_capacity, on=uow.today
        )
        if not gone:
            over(uow, phb.id, CONSENT_GONE)
        elif not _is_asked(uow, phb.id):
            uow.add(
                Task, icb_id=phb.icb_id, kind=CONSENT_GONE, role=Role.CASE_MANAGER.value, phb_id=phb.id,
                person_id=person.id, due_on=uow.today + timedelta(days=DAYS),
                sentence=f"{phb.reference}: nobody who may consents to the direct payment now, so nothing more is "
                "paid. Ask whoever may, or decide to stop it with other care in its place.",
            )  # fmt: skip


def _paid_directly(uow: UnitOfWork, person: Person) -> list[tuple[Phb, list[ConsentFact]]]:
    """The budgets of a person that a live direct payment runs by, each with the consents its board has."""
    live = select(col(Stream.phb_id)).where(
        col(Stream.method) == Method.DIRECT_PAYMENT.value, col(Stream.status).in_([one.value for one in GOES_ON])
    )
    phbs = select(Phb).where(col(Phb.person_id) == person.id, col(Phb.id).in_(live)).order_by(col(Phb.id))
    rows = list(uow.session.execute(select(Consent).where(col(Consent.person_id) == person.id)).scalars())
    return [
        (
            phb,
            [
                ConsentFact(ConsentKind(c.kind), GivenBy(c.given_by), c.given_on, c.withdrawn_on)
                for c in rows
                if c.icb_id == phb.icb_id
            ],
        )
        for phb in uow.session.execute(phbs).scalars()
    ]


def _is_asked(uow: UnitOfWork, phb_id: UUID) -> bool:
    t = Task
    waits = select(col(t.id)).where(col(t.phb_id) == phb_id, col(t.kind) == CONSENT_GONE, col(t.done_at).is_(None))
    return uow.session.execute(waits.with_for_update().limit(1)).first() is not None
