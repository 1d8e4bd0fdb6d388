"""Turning 16: a direct payment that rests on a parent's consent needs the young person's own (invariant I27)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.consents import ConsentFact, ConsentKind, GivenBy, in_force, rests_on_representative
from phbportal.domain.people import ADULT_AGE, OWN_CONSENT_AGE, birthday
from phbportal.domain.periods import months_after
from phbportal.domain.roles import Role
from phbportal.domain.streams import GOES_ON, Method
from phbportal.domain.text import long_date
from phbportal.policy.actors import SYSTEM
from phbportal.services.payee_agreements import settle_ready
from phbportal.services.policies import settings_read_once, whole_setting
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import BEFORE_ALL
from phbportal.tables.budgets import Stream
from phbportal.tables.consents import Consent
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review, Task

AGE16_REVIEW, AGE16_WARNING = "AGE16_REVIEW", "AGE16_WARNING"
BATCH = 1000


def turn_sixteen(engine: Engine, *, now: datetime | None = None) -> int:
    """Flag what rests on a representative's consent after a 16th birthday, and warn months before it: a thousand
    streams in a transaction.

    Returns how many streams were flagged. Twice on one day does nothing the second time; days off are caught up.
    """
    flagged, last = 0, BEFORE_ALL
    while True:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            found = _near_sixteen(uow, last)
            flagged += _turn(uow, found)
        if len(found) < BATCH:
            return flagged
        last = found[-1][0].id


def _turn(uow: UnitOfWork, found: list[tuple[Stream, Phb, Person]]) -> int:
    """Flag or warn of each of these. Returns how many were flagged."""
    flagged = 0
    given_to = _consents_of(uow, [person.id for _stream, _phb, person in found])
    warned = _with_task(uow, AGE16_WARNING, [phb.id for _stream, phb, _person in found])
    setting = settings_read_once(uow)
    for stream, phb, person in found:
        consents = given_to.get((person.id, stream.icb_id), [])
        on = birthday(person.date_of_birth, OWN_CONSENT_AGE)
        if uow.today >= on:
            if stream.review_required_on is None and rests_on_representative(
                consents, date_of_birth=person.date_of_birth, lacks_capacity=person.lacks_capacity, on=uow.today
            ):
                _require_review(uow, stream, phb, on)
                flagged += 1
        elif phb.id not in warned and _consented(consents, uow.today) and (
            months_after(on, -setting(stream.icb_id, "age16_warning_months")) <= uow.today
        ):  # fmt: skip
            _warn(uow, phb, on)
            warned.add(phb.id)
    return flagged


def _consented(consents: list[ConsentFact], on: date) -> bool:
    return any(one.kind is ConsentKind.DIRECT_PAYMENT and in_force(one, on) for one in consents)


def _near_sixteen(uow: UnitOfWork, after: UUID) -> list[tuple[Stream, Phb, Person]]:
    """The next thousand direct payments to people from a year before their 16th birthday until they are adults and a
    year, that are not flagged already."""
    oldest, youngest = _years_before(uow.today, ADULT_AGE + 1), _years_before(uow.today, OWN_CONSENT_AGE - 1)
    rows = uow.session.execute(
        select(Stream, Phb, Person)
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .where(
            col(Stream.id) > after,
            col(Stream.review_required_on).is_(None),
            col(Person.date_of_birth).between(oldest, youngest),
            col(Person.died_on).is_(None),
            col(Stream.method) == Method.DIRECT_PAYMENT.value,
            col(Stream.status).in_([s.value for s in GOES_ON]),
        )
        .order_by(col(Stream.id))
        .limit(BATCH)
    )
    return [(stream, phb, person) for stream, phb, person in rows]


def _years_before(on: date, years: int) -> date:
    return months_after(on, -12 * years)


def _consents_of(uow: UnitOfWork, people: list[UUID]) -> dict[tuple[UUID, UUID], list[ConsentFact]]:
    """The consents of many people, by person and board. One statement."""
    found: dict[tuple[UUID, UUID], list[ConsentFact]] = {}
    for c in uow.session.execute(select(Consent).where(col(Consent.person_id).in_(people))).scalars():
        fact = ConsentFact(ConsentKind(c.kind), GivenBy(c.given_by), c.given_on, c.withdrawn_on)
        found.setdefault((c.person_id, c.icb_id), []).append(fact)
    return found


def _consents(uow: UnitOfWork, person_id: UUID, icb_id: UUID) -> list[ConsentFact]:
    rows = uow.session.execute(
        select(Consent).where(col(Consent.person_id) == person_id, col(Consent.icb_id) == icb_id)
    ).scalars()
    return [ConsentFact(ConsentKind(c.kind), GivenBy(c.given_by), c.given_on, c.withdrawn_on) for c in rows]


def _with_task(uow: UnitOfWork, kind: str, phb_ids: list[UUID]) -> set[UUID | None]:
    """Those of these budgets that have, or had, a task of a kind."""
    found = select(col(Task.phb_id)).where(col(Task.phb_id).in_(phb_ids), col(Task.kind) == kind)
    return set(uow.session.execute(found).scalars())


def _warn(uow: UnitOfWork, phb: Phb, on: date) -> None:
    uow.add(
        Task, icb_id=phb.icb_id, kind=AGE16_WARNING, role=Role.CASE_MANAGER.value, phb_id=phb.id,
        person_id=phb.person_id, due_on=on,
        sentence=f"{phb.reference}: this person is 16 on {long_date(on)}. Ask for their own consent to the direct "
        "payment, or record that they lack capacity, before then.",
    )  # fmt: skip
    uow.record("warned_of_16", icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id, birthday_on=on)


def _require_review(uow: UnitOfWork, stream: Stream, phb: Phb, on: date) -> None:
    uow.hold_budgets(col(Phb.id) == phb.id)
    as_it_is = select(Stream).where(col(Stream.id) == stream.id).with_for_update(key_share=True)
    stream = uow.session.execute(as_it_is.execution_options(populate_existing=True)).scalar_one()
    uow.change(stream, review_required_on=uow.today)
    settle_ready(uow, stream)  # nobody consents to it any more
    uow.record(
        "review_at_16",
        about=stream,
        icb_id=phb.icb_id,
        phb_id=phb.id,
        person_id=phb.person_id,
        starts_on=stream.starts_on,
    )
    if _with_task(uow, AGE16_REVIEW, [phb.id]):
        return
    due = on + timedelta(days=whole_setting(uow, phb.icb_id, "age16_review_days"))
    uow.add(Review, phb_id=phb.id, icb_id=phb.icb_id, kind="AGE16", due_on=due)
    uow.add(
        Task, icb_id=phb.icb_id, kind=AGE16_REVIEW, role=Role.CASE_MANAGER.value, phb_id=phb.id,
        person_id=phb.person_id, due_on=due,
        sentence=f"Review {phb.reference}: this person is 16 now and a direct payment rests on their representative’s "
        "consent. Nothing more is paid until they consent themselves, or it is recorded that they lack capacity.",
    )  # fmt: skip


def settle_review(uow: UnitOfWork, person: Person) -> None:
    """After a consent or an assessment: take the flag off what no longer rests on a representative's consent."""
    uow.hold_budgets(col(Phb.person_id) == person.id)
    flagged = uow.session.execute(
        select(Stream)
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .where(col(Phb.person_id) == person.id, col(Stream.review_required_on).is_not(None))
        .with_for_update(of=Stream, key_share=True)
    ).scalars().all()  # fmt: skip
    for stream in flagged:
        consents = _consents(uow, person.id, stream.icb_id)
        own = any(
            c.kind is ConsentKind.DIRECT_PAYMENT and c.given_by is GivenBy.SELF and in_force(c, uow.today)
            for c in consents
        )
        if not own and not person.lacks_capacity:
            continue
        uow.change(stream, review_required_on=None)
        for task in uow.session.execute(
            select(Task).where(
                col(Task.phb_id) == stream.phb_id, col(Task.kind).in_([AGE16_REVIEW, AGE16_WARNING]),
                col(Task.done_at).is_(None),
            )
        ).scalars():  # fmt: skip
            uow.change(task, done_at=uow.now)
