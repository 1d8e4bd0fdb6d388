"""People who act for others: proposed, accepted, checked, agreed by a second person, on hold, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from phbportal.domain.acting import Acting, ActingStatus, Basis, NominatedBy
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind, StreamStatus
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.acted_for import parts_of
from phbportal.queries.people_who_help import helper_record, who_signs_in
from phbportal.services import acting, approvals, budgets, consents, individuals, payments, users
from phbportal.services.acting import ActingEntry, ChecksEntry
from phbportal.services.acting_sign_ins import end_sign_in
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.consents import Consent
from phbportal.tables.endings import PaymentDeduction
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Task
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment
from tests.queries.worlds import Worlds
from tests.services.asking import END, NEXT_END, NEXT_START, START, payment, refused, row, rows
from tests.services.test_leavers import session_of
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.living import stay
from tests.support.world import World

NEIGHBOUR = ActingEntry(Acting.NOMINEE, "Nigel Next", Relation.NEIGHBOUR, nominated_by=NominatedBy.HOLDER)
TEN = date(2016, 1, 2)


@dataclass(frozen=True)
class Nominated:
    """A direct payment approved and payable to a nominee."""

    world: World
    case: Case
    part: UUID

    @property
    def stream(self) -> UUID:
        return self.case.streams[0]

    def pays(self, start: date = START, end: date = END) -> str:
        entry = payments.PaymentEntry(start, end)
        key = f"{start}"
        return self.world.do(
            self.world.finance, lambda uow: payments.record_payment(uow, self.stream, entry, key=key), on=start
        )

    def may_not_pay(self) -> str:
        entry = payments.PaymentEntry(NEXT_START, NEXT_END)
        return refused(
            self.world, self.world.finance,
            lambda uow: payments.record_payment(uow, self.stream, entry, key="next"), on=NEXT_START,
        )  # fmt: skip


def build(world: World) -> tuple[Case, UUID]:
    person_id = journey.add_person(world)
    part = journey.nominee(world, person_id)
    stream = StreamPlan(Method.DIRECT_PAYMENT, 125_000, payee=(PayeeKind.NOMINEE, part))
    case = journey.approved(world, stream, person_id=person_id)
    journey.account(world, case.streams[0])
    return case, part


@pytest.fixture
def nominated(worlds: Worlds, kind: str) -> Iterator[Nominated]:
    with worlds.copy(kind, "nominated", build) as (world, (case, part)):
        yield Nominated(world, case, part)


def propose(world: World, entry: ActingEntry, person_id: UUID | None = None) -> UUID:
    person = person_id or journey.add_person(world)
    return world.do(world.cm, lambda uow: acting.propose(uow, person, entry))


def check(world: World, part: UUID, entry: ChecksEntry, version: int = 1) -> None:
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, entry, seen_version=version))


def agreeing(world: World, part: UUID, by: Actor | None = None) -> str:
    return refused(world, by or world.approver, lambda uow: acting.agree(uow, part))


# The refusals of domain.md §10.1 -------------------------------------------------------------------------------------


def test_refusal_2_a_neighbour_without_a_dbs_certificate_is_not_agreed_and_not_paid(world: World) -> None:
    person_id = journey.add_person(world)
    part = propose(world, NEIGHBOUR, person_id)
    agreed = ChecksEntry(agreed_on=world.today)
    said = refused(world, world.cm, lambda uow: acting.record_checks(uow, part, agreed, seen_version=1))
    assert said == "An enhanced DBS certificate is needed. Enter the date on it."
    assert "record the checks first" in agreeing(world, part)
    case = journey.draft(
        world, StreamPlan(Method.DIRECT_PAYMENT, 50_000, payee=(PayeeKind.NOMINEE, part)), person_id=person_id
    )
    journey.allow_direct_payment(world, person_id)
    journey.submit(world, case)
    journey.sign_off(world, case)
    said = refused(world, world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id))
    assert "has not agreed to receive this money" in said
    check(world, part, ChecksEntry(world.today, date(2026, 2, 1), "001234567890"))
    assert "An approver must agree first" in refused(
        world, world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id)
    )
    world.do(world.approver, lambda uow: acting.agree(uow, part))
    journey.approve(world, case)
    assert row(world, Stream, case.streams[0]).status == StreamStatus.AGREED


def test_refusal_19_what_the_holder_agreed_and_the_nominee_did_not_is_not_agreed(world: World) -> None:
    part = propose(world, replace(NEIGHBOUR, relation=Relation.SIBLING))
    check(world, part, ChecksEntry())
    assert agreeing(world, part) == "The nominee has not agreed to act yet. Ask them to accept first."


@pytest.mark.parametrize("born", [TEN, date(2010, 6, 15)])
def test_refusal_4_a_child_is_not_paid_a_direct_payment_from_the_moment_a_stream_is_added(
    world: World, born: date
) -> None:
    person_id = journey.add_person(world, born=born)
    with pytest.raises(Refusal, match="A person under 16 cannot be paid a direct payment"):
        journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 1), person_id=person_id, cohort=Cohort.CYPCC)


def test_refusal_3_the_rules_exclude_the_person_and_not_the_nominee(nominated: Nominated) -> None:
    world, person = nominated.world, nominated.case.person_id
    world.do(world.cm, lambda uow: consents.record_exclusion_check(uow, person, excluded=True), on=NEXT_START)
    assert "The regulations exclude this person" in nominated.may_not_pay()


# Appointing ----------------------------------------------------------------------------------------------------------


def test_whoever_proposed_them_or_is_them_does_not_agree(world: World) -> None:
    part = propose(world, replace(NEIGHBOUR, relation=Relation.SIBLING))
    check(world, part, ChecksEntry(agreed_on=world.today))
    both = replace(world.cm, role=Role.APPROVER)
    assert agreeing(world, part, both) == "You proposed this person, or are this person, so someone else must agree."
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(PersonRole, part), user_id=world.approver2.user_id))
    assert "or are this person" in agreeing(world, part, world.approver2)
    world.do(world.approver, lambda uow: acting.agree(uow, part))
    assert row(world, PersonRole, part).status == ActingStatus.ACTIVE
    assert "nothing to agree" in agreeing(world, part)


@pytest.mark.parametrize(
    ("entry", "born", "words"),
    [
        (ActingEntry(Acting.REPRESENTATIVE, "A", Relation.PARENT, Basis.PARENT), date(1961, 2, 3), "nobody represents"),
        (ActingEntry(Acting.REPRESENTATIVE, "A", Relation.OTHER, Basis.LPA), TEN, "parental responsibility"),
        (replace(NEIGHBOUR, nominated_by=NominatedBy.HOLDER), TEN, "cannot nominate anybody now"),
        (replace(NEIGHBOUR, nominated_by=NominatedBy.REPRESENTATIVE), TEN, "Appoint the representative first"),
        (replace(NEIGHBOUR, nominated_by=NominatedBy.ICB), date(1961, 2, 3), "only where nobody else can"),
        (replace(NEIGHBOUR, nominated_by=NominatedBy.IN_ADVANCE), date(1961, 2, 3), "They can nominate now"),
        (replace(NEIGHBOUR, organisation_code="ZZZ99"), date(1961, 2, 3), "No organisation has this code"),
    ],
)
def test_nobody_is_proposed_whom_the_regulations_do_not_allow(
    world: World, entry: ActingEntry, born: date, words: str
) -> None:
    person_id = journey.add_person(world, born=born)
    assert words in refused(world, world.cm, lambda uow: acting.propose(uow, person_id, entry))


def test_a_child_s_nominee_is_chosen_by_an_active_parent(world: World) -> None:
    person_id = journey.add_person(world, born=TEN)
    journey.parent(world, person_id)
    part = journey.nominee(world, person_id, by=NominatedBy.REPRESENTATIVE)
    assert row(world, PersonRole, part).board_agreed_by == world.approver.user_id


def test_somebody_is_on_a_record_once_in_a_part(world: World) -> None:
    person_id = journey.add_person(world)
    propose(world, NEIGHBOUR, person_id)
    twice = replace(NEIGHBOUR, name="NIGEL  next")
    assert "already" in refused(world, world.cm, lambda uow: acting.propose(uow, person_id, twice))


@pytest.mark.parametrize("who", ["clinician", "finance", "approver", "auditor", "admin", "other_cm"])
def test_only_a_case_manager_of_the_board_proposes(world: World, who: str) -> None:
    person_id = journey.add_person(world)
    said = refused(world, world.actors[who], lambda uow: acting.propose(uow, person_id, NEIGHBOUR))
    assert said in ("Only a case manager can do this.", "We could not find that.")


# Signing in, accepting, stopping -------------------------------------------------------------------------------------


def test_a_code_binds_one_user_and_an_earlier_code_no_longer_works(world: World) -> None:
    part = propose(world, NEIGHBOUR)
    first = world.do(world.cm, lambda uow: users.invite_to_act(uow, part))
    them = journey.user_of(world, part, Role.NOMINEE)
    assert row(world, PersonRole, part).user_id == them.user_id
    assert len(rows(world, Assignment, user_id=them.user_id)) == 1
    with world.unit(SYSTEM) as uow, pytest.raises(users.Unknown):
        users.open_invitation(uow.session, first, uow.now)
    assert "signed in already" in refused(world, world.cm, lambda uow: users.invite_to_act(uow, part))


@pytest.mark.parametrize("act", [acting.suspend, acting.end])
def test_whoever_is_put_on_hold_or_ended_by_the_team_is_signed_out_so_that_no_page_stays_open(
    nominated: Nominated, act: Callable[..., None]
) -> None:
    world = nominated.world
    them = journey.user_of(world, nominated.part, Role.NOMINEE)
    (held,) = rows(world, Assignment, user_id=them.user_id)
    session_of(world, replace(them, assignment_id=held.id), "theirs")
    session_of(world, world.finance, "another")
    world.do(world.cm, lambda uow: act(uow, nominated.part, "No longer able to"))
    assert rows(world, SignInSession, handle="theirs")[0].revoked_at is not None
    assert rows(world, SignInSession, handle="another")[0].revoked_at is None


def test_one_person_of_an_organisation_that_acts_is_ended_by_the_board_that_let_them_in(nominated: Nominated) -> None:
    world, person = nominated.world, nominated.case.person_id
    with world.unit(SYSTEM) as uow:
        ours = uow.add(Organisation, kind="ULO", name="Ours", search_name="ours", ods_code="ULO01").id
    entry = ActingEntry(
        Acting.NOMINEE, "Ours", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="ULO01"
    )
    part = journey.acts(world, person, entry, dbs_on=date(2026, 1, 5))
    leaver = replace(journey.user_of(world, part, Role.NOMINEE), organisation_id=ours)
    (held,) = rows(world, Assignment, user_id=leaver.user_id)
    session_of(world, replace(leaver, assignment_id=held.id), "leaver")
    for who in (world.cm, world.approver):
        with world.unit(who, writes=False) as uow:
            found = [one.id for one in who_signs_in(uow.session, who, uow.today, part)]
        assert found == ([str(held.id)] if who is world.cm else [])
    ending = lambda uow: end_sign_in(uow, part, held.id)  # noqa: E731
    for who in (world.other_cm, world.approver):
        assert refused(world, who, ending)
    assert "could not find" in refused(world, world.cm, lambda uow: end_sign_in(uow, nominated.part, held.id))
    assert "could not find" in refused(world, world.cm, lambda uow: end_sign_in(uow, part, world.finance.assignment_id))
    world.do(world.cm, ending)
    assert row(world, Assignment, held.id).revoked_at is not None
    assert rows(world, SignInSession, handle="leaver")[0].revoked_at is not None
    assert "ended already" in refused(world, world.cm, ending)


def test_the_one_who_is_named_accepts_and_nobody_else_does(world: World) -> None:
    part = propose(world, replace(NEIGHBOUR, relation=Relation.SIBLING))
    them = journey.user_of(world, part, Role.NOMINEE)
    stranger = replace(them, user_id=world.cm.user_id)
    assert refused(world, stranger, lambda uow: acting.accept(uow, part)) == "We could not find that."
    world.do(them, lambda uow: acting.accept(uow, part))
    assert row(world, PersonRole, part).agreed_on == world.today
    assert "already" in refused(world, them, lambda uow: acting.accept(uow, part))


def test_a_nominee_reads_what_is_taken_off_and_not_that_the_person_was_in_hospital(nominated: Nominated) -> None:
    """A stay is for the person and who represents them to read (§9.3); how much is paid, for the payee too."""
    world, case = nominated.world, nominated.case
    theirs = journey.user_of(world, nominated.part, Role.NOMINEE)
    nominated.pays()
    stay_id = stay(world, case.person_id, START, NEXT_START, on=NEXT_START)
    with world.unit(SYSTEM) as uow:
        uow.add(PaymentDeduction, stream_id=nominated.stream, phb_id=case.phb_id, icb_id=world.icb, stay_id=stay_id,
                first_night=START, last_night=END, amount_pence=10_000)  # fmt: skip
        uow.session.execute(update(PaymentItem).values(status="PAID", paid_on=START))
    with world.unit(theirs, on=NEXT_START, writes=False) as uow:
        (part,) = parts_of(uow.session, theirs, uow.now)
        (line,) = part.budgets[0].streams
    assert line.next[:2] == ["Your next payment is £4,900.00.", "£100.00 is taken off. The team can tell you why."]
    assert "hospital" not in str(part)


def test_t14_a_nominee_stops_and_the_stream_is_on_hold_with_a_review_due_in_14_days(nominated: Nominated) -> None:
    world = nominated.world
    them = journey.user_of(world, nominated.part, Role.NOMINEE)
    paid = nominated.pays()
    world.do(them, lambda uow: acting.stop(uow, nominated.part, "I am moving away"), on=START)
    assert row(world, Stream, nominated.stream).status == StreamStatus.SUSPENDED
    (task,) = rows(world, Task, kind="NOMINATION_CHANGED")
    assert task.due_on == START + timedelta(days=14)
    assert "on hold, so nothing can be paid" in nominated.may_not_pay()
    item = payment(world, paid)
    said = refused(world, world.finance2, lambda uow: payments.confirm_payment(uow, item.id, paid_on=START), on=START)
    assert "This stream is on hold" in said
    with world.unit(them, on=START, writes=False) as uow, pytest.raises(NotFound):
        uow.find(Stream, nominated.stream)


def test_a_part_on_hold_goes_on_only_when_an_approver_agrees_again(nominated: Nominated) -> None:
    world = nominated.world
    journey.confirm(world, nominated.pays(), on=START)
    world.do(world.cm, lambda uow: acting.suspend(uow, nominated.part, "A concern was raised"), on=START)
    assert row(world, Stream, nominated.stream).status == StreamStatus.SUSPENDED
    assert "Only an approver" in agreeing(world, nominated.part, world.cm)
    world.do(world.approver, lambda uow: acting.agree(uow, nominated.part), on=START)
    assert row(world, Stream, nominated.stream).status == StreamStatus.ACTIVE


def test_a_stream_is_not_paid_to_somebody_of_another_person(world: World) -> None:
    theirs = journey.nominee(world, journey.add_person(world))
    other = journey.add_person(world, number=journey.NUMBERS[1])
    with pytest.raises(Refusal, match="Choose the nominee by name"):
        journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 1, payee=(PayeeKind.NOMINEE, theirs)), person_id=other)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "Choose who the money is paid to."),
        ("NOMINEE", "Choose the nominee by name. If there is none, propose one on the person’s record first."),
        ("REPRESENTATIVE:x", "Choose the representative by name."),
        ("HOLDER:7", "Choose who the money is paid to."),
    ],
)
def test_the_form_of_a_stream_takes_a_payee_by_name(answer: str, words: str) -> None:
    form = {"method": "DIRECT_PAYMENT", "payee_kind": answer, "starts_on": "13/4/2026", "frequency": "FOUR_WEEKLY"}
    with pytest.raises(Refusal) as refusal:
        budgets.read_stream(form)
    (problem,) = refusal.value.problems
    assert problem.sentence.startswith(words)
    assert problem.field == "payee_kind"


# A representative's consent ------------------------------------------------------------------------------------------


def test_a_representative_consents_for_the_child_and_withdraws(world: World) -> None:
    person_id = journey.add_person(world, born=TEN)
    them = journey.user_of(world, journey.parent(world, person_id), Role.REPRESENTATIVE)
    given = world.do(them, lambda uow: consents.give_consent(uow, person_id))
    assert row(world, Consent, given).given_by == GivenBy.REPRESENTATIVE
    assert "in force already" in refused(world, them, lambda uow: consents.give_consent(uow, person_id))
    world.do(them, lambda uow: consents.take_back_consent(uow, person_id))
    assert row(world, Consent, given).withdrawn_on == world.today
    assert "no consent" in refused(world, them, lambda uow: consents.take_back_consent(uow, person_id))


def test_a_representative_of_one_child_does_not_consent_for_another(world: World) -> None:
    them = journey.user_of(world, journey.parent(world, journey.add_person(world, born=TEN)), Role.REPRESENTATIVE)
    other = journey.add_person(world, born=TEN, number=journey.NUMBERS[1])
    assert refused(world, them, lambda uow: consents.give_consent(uow, other)) == "We could not find that."


def test_a_stream_brought_in_without_a_name_is_given_its_payee(nominated: Nominated) -> None:
    world = nominated.world
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(Stream, nominated.stream), payee_role_id=None))
    assert "No nominee is named" in nominated.may_not_pay()
    assert world.do(world.cm, lambda uow: acting.name_payee(uow, nominated.part)) == 1
    assert row(world, Stream, nominated.stream).payee_role_id == nominated.part
    assert "already" in refused(world, world.cm, lambda uow: acting.name_payee(uow, nominated.part))
    nominated.pays()


def test_refusal_13_an_organisation_s_people_see_its_own_streams_and_not_another_organisation_s(
    nominated: Nominated,
) -> None:
    world, person = nominated.world, nominated.case.person_id
    with world.unit(SYSTEM) as uow:
        ours, theirs = (
            uow.add(Organisation, kind="ULO", name=name, search_name=name.lower(), ods_code=code).id
            for name, code in (("Ours", "ULO01"), ("Theirs", "ULO02"))
        )
    entry = ActingEntry(
        Acting.NOMINEE, "Ours", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="ulo01"
    )
    part = journey.acts(world, person, entry, dbs_on=date(2026, 1, 5))
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(Stream, nominated.stream), payee_role_id=part))
    users_of = {
        name: Actor(Role.NOMINEE, user_id=UUID(int=n), icb_id=world.icb, organisation_id=organisation)
        for n, (name, organisation) in enumerate((("ours", ours), ("theirs", theirs)), 1)
    }
    with world.unit(users_of["ours"], writes=False) as uow:
        assert uow.find(Stream, nominated.stream).id == nominated.stream
    with world.unit(users_of["theirs"], writes=False) as uow, pytest.raises(NotFound):
        uow.find(Stream, nominated.stream)


def test_a_code_of_one_board_does_not_open_what_another_board_gave_the_same_organisation(nominated: Nominated) -> None:
    """Anybody's case manager may name an organisation; that must not let them in to another board's people."""
    world, other = nominated.world, nominated.world.other_cm
    with world.unit(SYSTEM) as uow:
        ours = uow.add(Organisation, kind="ULO", name="Ours", search_name="ours", ods_code="ULO01").id
    entry = ActingEntry(
        Acting.NOMINEE, "Ours", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="ulo01"
    )
    part = journey.acts(world, nominated.case.person_id, entry, dbs_on=date(2026, 1, 5))
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(Stream, nominated.stream), payee_role_id=part))
    there = World(world.engine, world.today, world.other_icb, world.icb, {"cm": other})
    elsewhere = journey.add_person(there, number=journey.NUMBERS[5], names=("Chidi", "Marsh"))
    bait = propose(there, entry, elsewhere)
    stranger = replace(journey.user_of(there, bait, Role.NOMINEE), organisation_id=ours)
    with world.unit(stranger) as uow:
        for table, hidden in ((Stream, nominated.stream), (PersonRole, part)):
            with pytest.raises(NotFound):
                uow.find(table, hidden)
        assert [one.whose for one in parts_of(uow.session, stranger, uow.now)] == ["Chidi Marsh"]
        for act in (acting.accept, lambda uow, part: acting.stop(uow, part, "Not ours")):
            with pytest.raises(NotFound):
                act(uow, part)
    # Let in by the first board as well, they hold that role there, and see each board's people in its own.
    journey.user_of(world, part, Role.NOMINEE)
    held = {(one.icb_id, one.organisation_id) for one in rows(world, Assignment, role="NOMINEE")}
    assert {(world.icb, ours), (world.other_icb, ours)} <= held


def test_of_an_organisation_the_individual_who_looks_after_the_money_is_named_and_checked(world: World) -> None:
    person = journey.add_person(world)
    with world.unit(SYSTEM) as uow:
        uow.add(Organisation, kind="ULO", name="Ours", search_name="ours", ods_code="ULO01")
    entry = ActingEntry(
        Acting.NOMINEE, "Ours", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="ULO01"
    )
    part = propose(world, entry, person)
    seen = ChecksEntry(world.today, date(2026, 1, 5), "001234567890")
    nobody = refused(world, world.cm, lambda uow: acting.record_checks(uow, part, seen, seen_version=1))
    assert nobody == "Enter the name of whoever looks after the money at the organisation from day to day."
    check(world, part, replace(seen, individual="Ivy Dual"))
    other = ChecksEntry(individual="Olu Ther")
    assert "certificate of Olu Ther is needed" in refused(
        world, world.cm, lambda uow: acting.record_checks(uow, part, other, seen_version=2)
    )
    world.do(world.approver, lambda uow: acting.agree(uow, part))
    version = row(world, PersonRole, part).row_version
    change = lambda uow, e: individuals.change_individual(uow, part, e, seen_version=version)  # noqa: E731
    assert "certificate of Olu Ther is needed" in refused(world, world.cm, lambda uow: change(uow, other))
    assert "recorded already" in refused(world, world.cm, lambda uow: change(uow, ChecksEntry(individual="ivy dual")))
    newer = replace(other, dbs_on=date(2026, 3, 1), dbs_reference="009876543210")
    assert refused(world, world.approver, lambda uow: change(uow, newer)) == "Only a case manager can do this."
    world.do(world.cm, lambda uow: change(uow, newer))
    now = row(world, PersonRole, part)
    assert (now.individual, now.dbs_on, now.dbs_reference) == ("Olu Ther", date(2026, 3, 1), "009876543210")
    with world.unit(world.auditor, writes=False) as uow:
        facts = {f.key: f.value for f in helper_record(uow.session, uow.actor, uow.today, person, part).facts}
    assert facts["Looks after the money there"] == "Olu Ther"
    assert facts["DBS check"] == "Certificate 009876543210 for Olu Ther of 1 March 2026, seen by Cm"


def test_a_person_who_is_a_nominee_names_nobody_else(nominated: Nominated) -> None:
    entry = ChecksEntry(individual="Somebody Else")
    said = refused(
        nominated.world, nominated.world.cm,
        lambda uow: individuals.change_individual(uow, nominated.part, entry, seen_version=1),
    )  # fmt: skip
    assert said == "Only an organisation that represents somebody or is a nominee names an individual."


def test_a_new_nominee_takes_the_place_of_one_who_stopped_with_bank_details_of_their_own(nominated: Nominated) -> None:
    world, stream = nominated.world, nominated.stream
    world.do(world.cm, lambda uow: acting.end(uow, nominated.part, "Moved abroad"), on=START)
    entry = ActingEntry(Acting.NOMINEE, "Second Nominee", Relation.CHILD, nominated_by=NominatedBy.HOLDER)
    part = propose(world, entry, nominated.case.person_id)
    assert world.do(world.cm, lambda uow: acting.name_payee(uow, part), on=START) == 1
    named = row(world, Stream, stream)
    assert (named.payee_role_id, named.account_id, named.status) == (part, None, StreamStatus.SUSPENDED)
    check(world, part, ChecksEntry(agreed_on=world.today))
    world.do(world.approver, lambda uow: acting.agree(uow, part), on=START)
    assert row(world, Stream, stream).status == StreamStatus.AGREED
    assert "There is no bank account for this stream." in nominated.may_not_pay()
    journey.account(world, stream, on=START)
    nominated.pays(NEXT_START, NEXT_END)
