"""Turning 16, and assessments of capacity (invariant I27, refusal 5 of domain.md §10.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from phbportal.domain.acting import Acting, Basis
from phbportal.domain.capacity import Capacity
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import SYSTEM
from phbportal.services import birthdays, capacity, consents, payments
from phbportal.services.acting import ActingEntry
from phbportal.services.capacity import CapacityEntry
from phbportal.services.consents import ConsentEntry
from phbportal.services.tick import tick
from phbportal.tables.acting import PersonRole
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import Stream
from phbportal.tables.consents import Consent
from phbportal.tables.people import Person
from phbportal.tables.phbs import Review, Task
from tests.queries.worlds import Worlds
from tests.services.asking import Copy, refused, row, rows, rows_in_all
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, at

SIXTEENTH = date(2026, 10, 20)
STAMPS = {"id", "created_at", "created_by", "updated_at", "updated_by", "row_version"}


def build(world: World) -> Case:
    person_id = journey.add_person(world, born=date(2010, 10, 20))
    payee = (PayeeKind.REPRESENTATIVE, journey.parent(world, person_id))
    journey.allow_direct_payment(world, person_id, given_by=GivenBy.REPRESENTATIVE)
    stream = StreamPlan(Method.DIRECT_PAYMENT, 50_000, payee=payee)
    case = journey.draft(world, stream, person_id=person_id, cohort=Cohort.CYPCC)
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    journey.account(world, case.streams[0])
    return case


@pytest.fixture
def young(worlds: Worlds, kind: str) -> Iterator[Copy]:
    """Paid to a parent on the parent's consent; 16 on 20 October 2026."""
    with worlds.copy(kind, "young", build) as copy:
        yield copy


def test_the_birthday_is_warned_of_six_months_before_and_once(young: Copy) -> None:
    world, _case = young
    for day, warnings in ((date(2026, 4, 19), 0), (date(2026, 4, 20), 1), (date(2026, 4, 21), 1)):
        tick(world.engine, now=at(day))
        assert len(rows(world, Task, kind="AGE16_WARNING")) == warnings
    assert rows(world, Task, kind="AGE16_WARNING")[0].due_on == SIXTEENTH


def test_a_budget_with_two_streams_is_warned_of_and_reviewed_once_in_stretches_of_any_size(
    young: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, case = young
    with world.unit(SYSTEM) as uow:
        one = uow.session.get_one(Stream, case.streams[0]).model_dump()
        uow.add(Stream, **{name: one[name] for name in one if name not in STAMPS})
    monkeypatch.setattr(birthdays, "BATCH", 1)
    for day in (date(2026, 4, 20), SIXTEENTH, SIXTEENTH):
        tick(world.engine, now=at(day))
    assert [stream.review_required_on for stream in rows(world, Stream)] == [SIXTEENTH, SIXTEENTH]
    for kind in ("AGE16_WARNING", "AGE16_REVIEW"):
        assert len(rows(world, Task, kind=kind)) == 1


def test_refusal_5_i27_at_16_a_stream_on_a_parent_s_consent_needs_a_review_and_is_not_paid(young: Copy) -> None:
    world, case = young
    tick(world.engine, now=at(date(2026, 10, 19)))
    assert row(world, Stream, case.streams[0]).review_required_on is None
    tick(world.engine, now=at(date(2026, 10, 23)))  # the portal was off on the day
    assert row(world, Stream, case.streams[0]).review_required_on == date(2026, 10, 23)
    (task,), (review,) = rows(world, Task, kind="AGE16_REVIEW"), rows(world, Review, kind="AGE16")
    assert task.due_on == review.due_on == date(2026, 11, 17)
    before = rows_in_all(world)
    tick(world.engine, now=at(date(2026, 10, 23)))
    assert rows_in_all(world) == before
    entry = payments.PaymentEntry(SIXTEENTH, date(2026, 11, 1))
    said = refused(
        world, world.finance, lambda uow: payments.record_payment(uow, case.streams[0], entry, key="k"), on=SIXTEENTH
    )
    assert "16 or over, so they must consent" in said


@pytest.mark.parametrize("what", ["their own consent", "incapacity"])
def test_i27_their_own_consent_or_incapacity_settles_it(young: Copy, what: str) -> None:
    world, case = young
    tick(world.engine, now=at(SIXTEENTH))
    if what == "their own consent":
        entry = ConsentEntry(GivenBy.SELF, SIXTEENTH)
        world.do(world.cm, lambda uow: consents.record_consent(uow, case.person_id, entry), on=SIXTEENTH)
    else:
        found = CapacityEntry("A direct payment", Capacity.LACKS, SIXTEENTH, "Dr Ade")
        world.do(world.cm, lambda uow: capacity.record_capacity(uow, case.person_id, found), on=SIXTEENTH)
    assert row(world, Stream, case.streams[0]).review_required_on is None
    assert all(task.done_at is not None for task in rows(world, Task, kind="AGE16_REVIEW"))
    before = rows_in_all(world)
    tick(world.engine, now=at(date(2026, 10, 25)))
    assert rows_in_all(world) == before


def test_i27_consent_given_on_the_birthday_itself_needs_no_review(young: Copy) -> None:
    world, case = young
    entry = ConsentEntry(GivenBy.SELF, SIXTEENTH)
    world.do(world.cm, lambda uow: consents.record_consent(uow, case.person_id, entry), on=SIXTEENTH)
    tick(world.engine, now=at(SIXTEENTH))
    assert rows(world, Task, kind="AGE16_REVIEW") == []


def assess(world: World, person: object, outcome: Capacity, on: date) -> None:
    entry = CapacityEntry("A direct payment", outcome, on, "Dr Ade", date(2027, 1, 1))
    world.do(world.cm, lambda uow: capacity.record_capacity(uow, person, entry), on=on)  # pyright: ignore


def test_what_the_record_says_of_capacity_follows_the_latest_assessment(world: World) -> None:
    person = journey.add_person(world)
    for outcome, on, lacks in (
        (Capacity.LACKS, date(2026, 4, 1), True), (Capacity.FLUCTUATING, date(2026, 5, 1), True),
        (Capacity.HAS, date(2026, 6, 1), False), (Capacity.FLUCTUATING, date(2026, 7, 1), False),
    ):  # fmt: skip
        assess(world, person, outcome, on)
        assert row(world, Person, person).lacks_capacity is lacks
    # Found later, made earlier: what was found last by date still stands.
    entry = CapacityEntry("A direct payment", Capacity.LACKS, date(2026, 3, 1), "Dr Ade")
    world.do(world.cm, lambda uow: capacity.record_capacity(uow, person, entry), on=date(2026, 8, 1))
    assert not row(world, Person, person).lacks_capacity


def test_capacity_is_not_assessed_under_16_and_somebody_without_it_does_not_consent(world: World) -> None:
    child = journey.add_person(world, born=date(2014, 1, 1))
    entry = CapacityEntry("A direct payment", Capacity.LACKS, world.today, "Dr Ade")
    assert "from 16" in refused(world, world.cm, lambda uow: capacity.record_capacity(uow, child, entry))
    adult = journey.add_person(world, number=journey.NUMBERS[1])
    assess(world, adult, Capacity.LACKS, world.today)
    own = ConsentEntry(GivenBy.SELF, world.today)
    assert "lacks capacity" in refused(world, world.cm, lambda uow: consents.record_consent(uow, adult, own))
    assert len(rows(world, AuditEvent, kind="capacity_recorded")) == 1


@pytest.fixture
def represented(worlds: Worlds, kind: str) -> Iterator[Copy]:
    """An adult who lacks capacity; a deputy is paid, and consented."""

    def build(world: World) -> Case:
        person_id = journey.add_person(world)
        assess(world, person_id, Capacity.LACKS, world.today)
        entry = ActingEntry(Acting.REPRESENTATIVE, "D. Eputy", Relation.SIBLING, Basis.DEPUTY)
        payee = (PayeeKind.REPRESENTATIVE, journey.acts(world, person_id, entry))
        journey.allow_direct_payment(world, person_id, given_by=GivenBy.REPRESENTATIVE)
        case = journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 50_000, payee=payee), person_id=person_id)
        journey.submit(world, case)
        journey.sign_off(world, case)
        journey.approve(world, case)
        return case

    with worlds.copy(kind, "represented", build) as copy:
        yield copy


def asked(world: World) -> list[bool]:
    """The tasks about a direct payment nobody consents to: whether each is done."""
    return [task.done_at is not None for task in rows(world, Task, kind="CONSENT_GONE")]


def withdrawn(world: World, on: date) -> None:
    (consent,) = rows(world, Consent, given_by="REPRESENTATIVE", withdrawn_on=None)
    world.do(world.cm, lambda uow: consents.withdraw_consent(uow, consent.id, on), on=on)


@pytest.mark.parametrize("what", ["withdrawn", "regained"])
def test_a_direct_payment_nobody_consents_to_any_more_is_asked_about_once_until_somebody_does(
    represented: Copy, what: str
) -> None:
    world, case = represented
    assert asked(world) == []
    june = date(2026, 6, 1)
    if what == "withdrawn":
        withdrawn(world, june)
        assess(world, case.person_id, Capacity.FLUCTUATING, june)
        giver = GivenBy.REPRESENTATIVE
    else:
        assess(world, case.person_id, Capacity.HAS, june)
        giver = GivenBy.SELF
    assert asked(world) == [False]
    (task,) = rows(world, Task, kind="CONSENT_GONE")
    assert (task.role, task.due_on, task.phb_id) == ("CASE_MANAGER", date(2026, 6, 6), case.phb_id)
    entry = ConsentEntry(giver, june, "D. Eputy" if giver is GivenBy.REPRESENTATIVE else "")
    world.do(world.cm, lambda uow: consents.record_consent(uow, case.person_id, entry), on=june)
    assert asked(world) == [True]


def test_a_representative_who_takes_their_consent_back_in_the_portal_is_told_of(represented: Copy) -> None:
    world, case = represented
    (part,) = rows(world, PersonRole, person_id=case.person_id)
    deputy = journey.user_of(world, part.id, Role.REPRESENTATIVE)
    world.do(deputy, lambda uow: consents.take_back_consent(uow, case.person_id))
    assert asked(world) == [False]


def test_somebody_without_a_direct_payment_is_not_asked_about(world: World) -> None:
    case = journey.approved(world)
    journey.allow_direct_payment(world, case.person_id)
    (consent,) = rows(world, Consent)
    world.do(world.cm, lambda uow: consents.withdraw_consent(uow, consent.id, world.today))
    assert asked(world) == []
