"""Consents, the excluded-persons check, and eligibility, as they are recorded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort, Right
from phbportal.domain.errors import Refusal
from phbportal.services import consents, eligibility
from phbportal.services.consents import ConsentEntry
from phbportal.services.decisions import carry_out_decisions, lift_suspension
from phbportal.services.eligibility import EligibilityEntry
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import Stream
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.phbs import Task
from tests.services.asking import Paying, refused, row, rows
from tests.services.deciding import issued, suspend
from tests.support import journey
from tests.support.world import World, at

FIFTEEN = date(2010, 6, 15)  # 16 on 15 June 2026


def give(world: World, person_id: UUID, by: GivenBy, on: date) -> UUID:
    entry = ConsentEntry(by, on, "A. Parent" if by is GivenBy.REPRESENTATIVE else "")
    return world.do(world.cm, lambda uow: consents.record_consent(uow, person_id, entry), on=on)


def test_i04_a_person_of_15_cannot_consent_alone(world: World) -> None:
    person_id = journey.add_person(world, born=FIFTEEN)
    entry = ConsentEntry(GivenBy.SELF, world.today)
    said = refused(world, world.cm, lambda uow: consents.record_consent(uow, person_id, entry))
    assert said == "A person under 16 cannot consent to a direct payment alone. A representative must consent."


def test_i04_a_person_of_15_may_have_a_representative_consent(world: World) -> None:
    person_id = journey.add_person(world, born=FIFTEEN)
    consent = give(world, person_id, GivenBy.REPRESENTATIVE, world.today)
    assert row(world, Consent, consent).giver_name == "A. Parent"


def test_i04_on_the_16th_birthday_a_person_consents_alone(world: World) -> None:
    person_id = journey.add_person(world, born=FIFTEEN)
    consent = give(world, person_id, GivenBy.SELF, date(2026, 6, 15))
    assert row(world, Consent, consent).given_by == "SELF"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"given_on": "1/4/2026"}, "given_by"),
        ({"given_by": "SELF"}, "given_on"),
        ({"given_by": "SELF", "given_on": "2/4/2026"}, "given_on"),
        ({"given_by": "REPRESENTATIVE", "given_on": "1/4/2026"}, "giver_name"),
    ],
)
def test_a_consent_form_that_lacks_something_says_what(form: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        consents.read_consent(form, date(2026, 4, 1))
    assert [p.field for p in refusal.value.problems] == [field]


def test_a_consent_is_withdrawn_once_and_not_before_it_was_given(world: World) -> None:
    consent = give(world, journey.add_person(world), GivenBy.SELF, world.today)
    early = refused(world, world.cm, lambda uow: consents.withdraw_consent(uow, consent, date(2026, 3, 31)))
    assert "before it was given" in early
    world.do(world.cm, lambda uow: consents.withdraw_consent(uow, consent, date(2026, 4, 20)))
    assert row(world, Consent, consent).withdrawn_on == date(2026, 4, 20)
    again = refused(world, world.cm, lambda uow: consents.withdraw_consent(uow, consent, date(2026, 4, 21)))
    assert "already been withdrawn" in again


def test_the_check_keeps_yes_or_no_who_and_when_and_the_history_not_even_that(world: World) -> None:
    person_id = journey.add_person(world)
    world.do(world.cm, lambda uow: consents.record_exclusion_check(uow, person_id, excluded=True))
    check = rows(world, ExclusionAttestation)[0]
    assert (check.excluded, check.attested_on, check.attested_by) == (True, world.today, world.cm.user_id)
    assert rows(world, AuditEvent, kind="exclusion_checked")[0].details == "{}"


@pytest.mark.parametrize("who", ["clinician", "finance", "approver", "auditor", "admin", "other_cm"])
def test_only_a_case_manager_of_the_board_records_consents_and_checks(world: World, who: str) -> None:
    person_id = journey.add_person(world)
    entry = ConsentEntry(GivenBy.SELF, world.today)
    words = ("Only a case manager can do this.", "We could not find that.")
    actor = world.actors[who]
    assert refused(world, actor, lambda uow: consents.record_consent(uow, person_id, entry)) in words
    assert refused(world, actor, lambda uow: consents.record_exclusion_check(uow, person_id, excluded=False)) in words


@pytest.mark.parametrize(
    ("cohort", "right"), [(Cohort.CHC, Right.HAVE), (Cohort.WHEELCHAIR, Right.HAVE), (Cohort.LTC, Right.ASK)]
)
def test_eligibility_brings_the_right_of_its_cohort(world: World, cohort: Cohort, right: Right) -> None:
    person_id = journey.add_person(world)
    entry = EligibilityEntry(cohort, world.today, world.today)
    made = world.do(world.cm, lambda uow: eligibility.record_eligibility(uow, person_id, entry))
    assert row(world, Eligibility, made).entitlement == right.value


def test_i28_a_child_has_continuing_care_for_children_and_an_adult_does_not(world: World) -> None:
    child = journey.add_person(world, born=FIFTEEN)
    adult = journey.add_person(world, number=journey.NUMBERS[1])
    for_child = EligibilityEntry(Cohort.CYPCC, world.today, world.today)
    for_adult = EligibilityEntry(Cohort.CHC, world.today, world.today)
    said_child = refused(world, world.cm, lambda uow: eligibility.record_eligibility(uow, child, for_adult))
    said_adult = refused(world, world.cm, lambda uow: eligibility.record_eligibility(uow, adult, for_child))
    assert "starts at 18" in said_child
    assert "ends at 18" in said_adult
    world.do(world.cm, lambda uow: eligibility.record_eligibility(uow, child, for_child))
    assert len(rows(world, Eligibility)) == 1


def test_a_hold_that_is_lifted_brings_nothing_back_as_ready_that_nobody_consents_to(direct: Paying) -> None:
    world, day = direct.world, date(2026, 4, 29)
    hold = issued(world, direct.case, suspend(day, stream_id=direct.stream))
    carry_out_decisions(world.engine, now=at(day))
    (live,) = rows(world, Consent, withdrawn_on=None)
    world.do(world.cm, lambda uow: consents.withdraw_consent(uow, live.id, day), on=day)
    assert row(world, Stream, direct.stream).status == "SUSPENDED"
    world.do(world.cm, lambda uow: lift_suspension(uow, hold), on=day)
    assert row(world, Stream, direct.stream).status == "AGREED"


@pytest.mark.parametrize("what", ["CONSENT_GONE", "BARRED"])
def test_what_was_ready_to_pay_is_so_no_more_without_consent_or_check_and_is_again_with_them(
    direct: Paying, what: str
) -> None:
    """domain.md §9.4, READY: the case manager is asked once, and nobody has to set anything up again."""
    world, person = direct.world, direct.case.person_id
    assert row(world, Stream, direct.stream).status == "READY"

    def lose() -> None:
        if what == "CONSENT_GONE":
            (live,) = rows(world, Consent, withdrawn_on=None)
            world.do(world.cm, lambda uow: consents.withdraw_consent(uow, live.id, world.today))
        else:
            world.do(world.cm, lambda uow: consents.record_exclusion_check(uow, person, excluded=True))

    lose()
    assert row(world, Stream, direct.stream).status == "AGREED"
    (task,) = rows(world, Task, kind=what)
    assert (task.phb_id, task.role, task.done_at) == (direct.case.phb_id, "CASE_MANAGER", None)
    journey.allow_direct_payment(world, person)
    assert row(world, Stream, direct.stream).status == "READY"
    assert [one.done_at is not None for one in rows(world, Task, kind=what)] == [True]
    assert direct.record()
