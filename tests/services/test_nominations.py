"""Nominations: by the holder and by a representative, and what becomes of one when the representative stops acting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.acting import Acting, ActingStatus, Basis, NominatedBy
from phbportal.domain.capacity import Capacity
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.history import sentence
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind, StreamStatus
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import acting, capacity, nominations, payments, tasks
from phbportal.services.acting import ActingEntry, ChecksEntry
from phbportal.services.nominations import NominationEntry
from phbportal.tables.acting import PersonRole
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Task
from tests.queries.worlds import Worlds
from tests.services.asking import NEXT_END, NEXT_START, START, refused, row, rows
from tests.services.test_two_at_once import at_once
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

TEN = date(2016, 1, 2)
SISTER = NominationEntry("Nora Chosen", "01632 960 111", Relation.SIBLING, "To look after the money")


@dataclass(frozen=True)
class Chosen:
    """A child's direct payment, paid to a nominee whom the parent nominated."""

    world: World
    case: Case
    parent: UUID
    nominee: UUID

    @property
    def stream(self) -> UUID:
        return self.case.streams[0]

    def status(self, part: UUID | None = None) -> str:
        return row(self.world, PersonRole, part or self.nominee).status

    def open_tasks(self) -> list[Task]:
        return [task for task in rows(self.world, Task, kind="NOMINATION_CHANGED") if task.done_at is None]


def build(world: World) -> tuple[Case, UUID, UUID]:
    person = journey.add_person(world, born=TEN, names=("Nia", "Young"))
    parent = journey.parent(world, person)
    nominee = journey.nominee(world, person, by=NominatedBy.REPRESENTATIVE)
    journey.allow_direct_payment(world, person, given_by=GivenBy.REPRESENTATIVE)
    stream = StreamPlan(Method.DIRECT_PAYMENT, 30_000, payee=(PayeeKind.NOMINEE, nominee))
    case = journey.draft(world, stream, person_id=person, cohort=Cohort.CYPCC)
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    journey.account(world, case.streams[0])
    return case, parent, nominee


@pytest.fixture
def chosen(worlds: Worlds, kind: str) -> Iterator[Chosen]:
    with worlds.copy(kind, "chosen", build) as (world, (case, parent, nominee)):
        yield Chosen(world, case, parent, nominee)


# A representative stops, or is on hold -------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["suspend", "end", "stop"])
def test_i29_a_nominee_is_on_hold_with_the_representative_who_nominated_them(chosen: Chosen, act: str) -> None:
    world = chosen.world
    who = journey.user_of(world, chosen.parent, Role.REPRESENTATIVE) if act == "stop" else world.cm
    world.do(who, lambda uow: getattr(acting, act)(uow, chosen.parent, "No longer able to"), on=START)
    assert chosen.status() == ActingStatus.SUSPENDED
    assert row(world, Stream, chosen.stream).status == StreamStatus.SUSPENDED
    (task,) = chosen.open_tasks()
    assert (task.part_id, task.phb_id, task.due_on) == (chosen.nominee, chosen.case.phb_id, START + timedelta(days=14))
    assert "the representative who nominated the nominee is on hold or no longer acts" in task.sentence
    entry = payments.PaymentEntry(NEXT_START, NEXT_END)
    paying = refused(
        world, world.finance, lambda uow: payments.record_payment(uow, chosen.stream, entry, key="k"), on=NEXT_START
    )
    assert "on hold" in paying
    (event,) = rows(world, AuditEvent, kind="nominee_held")
    assert event.icb_id == world.icb
    told = sentence("nominee_held", {"name": "Nell Ominee", "representative": "A. Parent"})
    assert told.startswith("put Nell Ominee on hold as nominee, because A. Parent, who nominated them,")


def test_a_nominee_whom_the_representative_did_not_nominate_goes_on(chosen: Chosen) -> None:
    """Of two parents one nominated them: the other's ending changes nothing."""
    world = chosen.world
    other = journey.parent(world, chosen.case.person_id, "B. Parent")
    world.do(world.cm, lambda uow: acting.end(uow, other, "Moved abroad"), on=START)
    assert chosen.status() == ActingStatus.ACTIVE
    assert row(world, Stream, chosen.stream).status == StreamStatus.READY
    assert chosen.open_tasks() == []


def test_where_the_record_does_not_say_who_nominated_them_they_are_for_review(chosen: Chosen) -> None:
    world = chosen.world
    other = journey.parent(world, chosen.case.person_id, "B. Parent")
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(PersonRole, chosen.nominee), nominator_id=None))
    world.do(world.cm, lambda uow: acting.end(uow, other, "Moved abroad"), on=START)
    assert chosen.status() == ActingStatus.SUSPENDED
    world.do(world.approver, lambda uow: acting.agree(uow, chosen.nominee), on=START)
    assert row(world, Stream, chosen.stream).status == StreamStatus.READY


def test_a_nominee_on_hold_goes_on_only_when_their_nominator_acts_again_and_both_are_agreed(chosen: Chosen) -> None:
    world = chosen.world
    world.do(world.cm, lambda uow: acting.suspend(uow, chosen.parent, "A concern was raised"), on=START)
    agree = lambda uow: acting.agree(uow, chosen.nominee)  # noqa: E731
    assert "who nominated this nominee is on hold" in refused(world, world.approver, agree, on=START)
    world.do(world.approver, lambda uow: acting.agree(uow, chosen.parent), on=START)
    assert chosen.status() == ActingStatus.SUSPENDED, "the board looks at the nominee too"
    world.do(world.approver, agree, on=START)
    assert (chosen.status(), row(world, Stream, chosen.stream).status) == (ActingStatus.ACTIVE, StreamStatus.READY)
    world.do(world.cm, lambda uow: acting.end(uow, chosen.parent, "No longer able to"), on=START)
    journey.parent(world, chosen.case.person_id, "B. Parent", on=START)
    assert "End this part and have them nominated anew" in refused(world, world.approver, agree, on=START)


def test_a_nominee_who_is_paid_nothing_yet_is_on_hold_with_a_task_all_the_same(world: World) -> None:
    person = journey.add_person(world, born=TEN)
    parent = journey.parent(world, person)
    nominee = journey.nominee(world, person, by=NominatedBy.REPRESENTATIVE)
    world.do(world.cm, lambda uow: acting.end(uow, parent, "Moved abroad"))
    assert row(world, PersonRole, nominee).status == ActingStatus.SUSPENDED
    (task,) = rows(world, Task, kind="NOMINATION_CHANGED")
    assert (task.phb_id, task.person_id, task.part_id) == (None, person, nominee)


def test_of_several_representatives_the_one_who_nominated_is_chosen(world: World) -> None:
    person = journey.add_person(world, born=TEN)
    first, second = journey.parent(world, person), journey.parent(world, person, "B. Parent")
    entry = ActingEntry(Acting.NOMINEE, "Nell", Relation.SIBLING, nominated_by=NominatedBy.REPRESENTATIVE)
    said = refused(world, world.cm, lambda uow: acting.propose(uow, person, entry))
    assert said == "More than one representative may nominate. Choose which of them did."
    stranger = replace(entry, nominator=UUID(int=5))
    assert "acts for this person" in refused(world, world.cm, lambda uow: acting.propose(uow, person, stranger))
    part = world.do(world.cm, lambda uow: acting.propose(uow, person, replace(entry, nominator=second)))
    assert row(world, PersonRole, part).nominator_id == second != first


def test_a_nominee_agreed_while_their_nominator_ends_is_never_left_active(chosen: Chosen) -> None:
    world, person = chosen.world, chosen.case.person_id
    entry = ActingEntry(Acting.NOMINEE, "Just Agreed", Relation.SIBLING, nominated_by=NominatedBy.REPRESENTATIVE)
    part = world.do(world.cm, lambda uow: acting.propose(uow, person, entry))
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, ChecksEntry(world.today), seen_version=1))
    ends = lambda uow: acting.end(uow, chosen.parent, "Moved abroad")  # noqa: E731
    agrees = lambda uow: acting.agree(uow, part)  # noqa: E731
    ended, _agreed = at_once(world, (world.cm, ends), (world.approver, agrees))
    assert ended is None
    assert chosen.status(part) in (ActingStatus.SUSPENDED, ActingStatus.CHECKS)


# Proposed in the portal ----------------------------------------------------------------------------------------------


def holder(world: World, person: UUID) -> Actor:
    return Actor(Role.HOLDER, user_id=UUID(int=77), display_name="Amina", icb_id=world.icb, person_id=person)


def propose(world: World, who: Actor, person: UUID, entry: NominationEntry = SISTER) -> UUID:
    return world.do(who, lambda uow: nominations.nominate(uow, person, entry))


def test_a_holder_proposes_a_nominee_and_the_case_manager_goes_on_as_always(world: World) -> None:
    case = journey.draft(world)
    part = propose(world, holder(world, case.person_id), case.person_id)
    made = row(world, PersonRole, part)
    assert (made.status, made.nominated_by, made.wanted_for) == ("PROPOSED", "HOLDER", "To look after the money")
    (task,) = rows(world, Task, kind="NOMINEE_PROPOSED")
    assert (task.phb_id, task.part_id, task.role, task.done_at) == (case.phb_id, part, "CASE_MANAGER", None)
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, ChecksEntry(world.today), seen_version=1))
    (task,) = rows(world, Task, kind="NOMINEE_PROPOSED")
    assert task.done_by == world.cm.user_id
    world.do(world.approver, lambda uow: acting.agree(uow, part))
    assert row(world, PersonRole, part).status == ActingStatus.ACTIVE


def test_a_proposal_the_team_ends_waits_no_more(world: World) -> None:
    case = journey.draft(world)
    part = propose(world, holder(world, case.person_id), case.person_id)
    world.do(world.cm, lambda uow: acting.end(uow, part, "They changed their mind"))
    assert rows(world, Task, kind="NOMINEE_PROPOSED")[0].done_at is not None


def test_a_representative_proposes_a_nominee_whose_nomination_is_theirs(world: World) -> None:
    person = journey.add_person(world, born=TEN)
    parent = journey.parent(world, person)
    journey.parent(world, person, "B. Parent")
    part = propose(world, journey.user_of(world, parent, Role.REPRESENTATIVE), person)
    made = row(world, PersonRole, part)
    assert (made.nominated_by, made.nominator_id, made.icb_id) == ("REPRESENTATIVE", parent, world.icb)


def test_somebody_under_16_or_without_capacity_does_not_choose_a_nominee(world: World) -> None:
    child = journey.add_person(world, born=TEN)
    nominate = lambda uow: nominations.nominate(uow, child, SISTER)  # noqa: E731
    assert "You are under 16" in refused(world, holder(world, child), nominate)
    adult = journey.add_person(world, number=journey.NUMBERS[1])
    found = capacity.CapacityEntry("A direct payment", Capacity.LACKS, world.today, "Dr Who")
    world.do(world.cm, lambda uow: capacity.record_capacity(uow, adult, found))
    said = refused(world, holder(world, adult), lambda uow: nominations.nominate(uow, adult, SISTER))
    assert "somebody else decides this for you" in said


def test_whom_the_board_appointed_does_not_choose_a_nominee(world: World) -> None:
    person = journey.add_person(world, born=TEN)
    entry = ActingEntry(Acting.REPRESENTATIVE, "Appointed", Relation.AUNT_OR_UNCLE, Basis.APPOINTED_BY_ICB)
    them = journey.user_of(world, journey.acts(world, person, entry), Role.REPRESENTATIVE)
    said = refused(world, them, lambda uow: nominations.nominate(uow, person, SISTER))
    assert said == "The board appointed you, so it chooses a nominee where one is needed. Talk to the team."


def test_a_representative_whose_child_has_come_of_age_does_not_choose_a_nominee(world: World) -> None:
    person = journey.add_person(world, born=date(2010, 4, 20))
    them = journey.user_of(world, journey.parent(world, person), Role.REPRESENTATIVE)
    nominate = lambda uow: nominations.nominate(uow, person, SISTER)  # noqa: E731
    assert "only they can do this" in refused(world, them, nominate, on=date(2026, 4, 20))


def test_nobody_proposes_for_somebody_they_do_not_act_for(world: World) -> None:
    person, other = journey.add_person(world, born=TEN), journey.add_person(world, number=journey.NUMBERS[1])
    parent = journey.user_of(world, journey.parent(world, person), Role.REPRESENTATIVE)
    nominee = journey.user_of(world, journey.nominee(world, person, by=NominatedBy.REPRESENTATIVE), Role.NOMINEE)
    for who, whose in ((parent, other), (holder(world, person), other), (nominee, person), (world.cm, person)):
        said = refused(world, who, lambda uow, w=whose: nominations.nominate(uow, w, SISTER))
        assert said in ("We could not find that.", "Only a budget holder can do this."), said


def test_somebody_is_proposed_once(world: World) -> None:
    case = journey.draft(world)
    them = holder(world, case.person_id)
    propose(world, them, case.person_id)
    twice = replace(SISTER, name="NORA  chosen")
    assert "already" in refused(world, them, lambda uow: nominations.nominate(uow, case.person_id, twice))


def test_one_proposed_in_two_tabs_at_once_is_proposed_once(chosen: Chosen) -> None:
    world, person = chosen.world, chosen.case.person_id
    them = journey.user_of(world, chosen.parent, Role.REPRESENTATIVE)
    nominate = lambda uow: nominations.nominate(uow, person, SISTER)  # noqa: E731
    outcomes = at_once(world, (them, nominate), (them, nominate))
    assert sum(isinstance(one, UUID) for one in outcomes) == 1
    assert len(rows(world, PersonRole, name="Nora Chosen")) == 1


def test_bad_input_gets_a_sentence_beside_each_field() -> None:
    with pytest.raises(nominations.Refusal) as refusal:
        nominations.read_nomination({"relation": "ORGANISATION", "involved_friend": "yes"})
    assert {p.field for p in refusal.value.problems} == {"name", "contact", "relation", "involved_friend", "wanted_for"}


# The review is done ---------------------------------------------------------------------------------------------------


def test_the_review_is_done_by_somebody_with_a_note_and_once(chosen: Chosen) -> None:
    world = chosen.world
    world.do(world.cm, lambda uow: acting.end(uow, chosen.nominee, "Moved abroad"), on=START)
    (task,) = chosen.open_tasks()
    finish = lambda uow: tasks.finish_task(uow, task.id, "An agency covers until Nora is agreed.")  # noqa: E731
    for who in (world.finance, world.other_cm, world.auditor):
        assert refused(world, who, finish) in ("Only a case manager can do this.", "We could not find that.")
    world.do(world.cm2, finish, on=START)
    done = row(world, Task, task.id)
    assert (done.done_by, done.done_note) == (world.cm2.user_id, "An agency covers until Nora is agreed.")
    assert done.done_at is not None
    assert "done already" in refused(world, world.cm, finish, on=START)
    (event,) = rows(world, AuditEvent, kind="task_done")
    assert "agency" not in event.details, "history holds codes and amounts, never what somebody wrote"


def test_a_task_that_an_act_ends_is_not_said_to_be_done(world: World) -> None:
    case = journey.draft(world)
    propose(world, holder(world, case.person_id), case.person_id)
    (task,) = rows(world, Task, kind="NOMINEE_PROPOSED")
    said = refused(world, world.cm, lambda uow: tasks.finish_task(uow, task.id, "I talked with them."))
    assert said == "This task ends by itself when what it asks for is done."


@pytest.mark.parametrize(("note", "words"), [("", "Say what you found"), ("Done", "a few words more")])
def test_a_review_is_not_done_without_saying_what_came_of_it(note: str, words: str) -> None:
    with pytest.raises(nominations.Refusal, match=words):
        tasks.read_note({"note": note})
