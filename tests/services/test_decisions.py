"""Decisions: two people, reasons, notice, care that goes on, and what they do to a budget on their day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.decisions import DecisionKind, Early, Ground
from phbportal.domain.eligibility import Cohort
from phbportal.domain.streams import Method, PayeeKind
from phbportal.services import decisions
from phbportal.services.decisions import DecisionEntry, carry_out_decisions, lift_suspension
from phbportal.services.payments import confirm_payment
from phbportal.services.tick import tick
from phbportal.tables.budgets import Stream
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.letters import Letter
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from tests.services.asking import NEXT_END, NEXT_START, Copy, Paying, payment, refused, row, rows
from tests.services.deciding import (
    REASONS,
    REFUSE,
    approve,
    approving,
    decision,
    issued,
    letters,
    prepared,
    reduce,
    stop,
    suspend,
)
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.world import World, at

TODAY = date(2026, 4, 1)
NOTICE = TODAY + timedelta(days=28)


def status(world: World, case: journey.Case) -> str:
    return row(world, Phb, case.phb_id).status


def stream(world: World, stream_id: UUID) -> Stream:
    return row(world, Stream, stream_id)


def test_a_refusal_is_prepared_by_one_and_approved_by_another_and_ends_the_case(drafted: Copy) -> None:
    world, case = drafted
    one = prepared(world, case, REFUSE)
    assert (decision(world, one).status, status(world, case)) == ("PREPARED", "PLANNING")
    approve(world, one)
    phb = row(world, Phb, case.phb_id)
    assert (phb.status, phb.ended_on, phb.end_reason) == ("REFUSED", TODAY, "REFUSED")
    assert (decision(world, one).status, decision(world, one).issued_on) == ("IN_EFFECT", TODAY)
    (letter,) = letters(world, one)
    assert letter.addressee == "Amina Okafor-Reyes"
    assert REASONS in letter.body
    assert "you can ask us to look at this decision again" in letter.body
    assert "within 28 days" in letter.body


def test_i12_who_prepared_a_decision_does_not_approve_it_whatever_their_role(drafted: Copy) -> None:
    world, case = drafted
    one = prepared(world, case, REFUSE)
    both = world.approver.__class__(world.approver.role, world.cm.user_id, "Both", world.icb)
    assert refused(world, both, approving(one)).startswith("You prepared this decision")
    assert refused(world, world.cm2, approving(one)).startswith("Only an approver")


def test_i23_refusal_9_no_decision_without_reasons(drafted: Copy) -> None:
    world, case = drafted
    entry = DecisionEntry(DecisionKind.REFUSE_PHB, "Not eligible.", Ground.NOT_APPROPRIATE)
    said = refused(world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, entry))
    assert said == "Write the reasons to the person, in a sentence or more."


def test_somebody_with_a_right_to_have_a_budget_is_not_refused_by_the_local_offer(drafted: Copy) -> None:
    world, case = drafted
    entry = DecisionEntry(DecisionKind.REFUSE_PHB, REASONS, Ground.NOT_LOCAL_OFFER)
    said = refused(world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, entry))
    assert said.startswith("This person has a right to have a budget.")


def test_a_template_that_does_not_say_how_to_disagree_sends_no_letter(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(world.admin) as uow:
        uow.add(DocumentTemplate, icb_id=world.icb, code="REFUSAL", kind="LETTER", version=1, title="Refusal",
                search_title="refusal", body="{decision} {reasons}", law_as_of=TODAY, status="IN_USE")  # fmt: skip
    said = refused(world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, REFUSE))
    assert "does not say {how_to_disagree}" in said


def test_a_letter_is_written_from_the_board_s_template_and_keeps_its_version(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(world.admin) as uow:
        uow.add(DocumentTemplate, icb_id=world.icb, code="REFUSAL", kind="LETTER", version=3, title="Our decision",
                search_title="our decision", body="Dear {addressee_name}\n\n{decision}\n\n{reasons} {how_to_disagree}",
                law_as_of=TODAY, status="IN_USE")  # fmt: skip
    (letter,) = letters(world, issued(world, case, REFUSE))
    assert (letter.title, letter.template_version) == ("Our decision", 3)
    assert letter.body.startswith(
        "Dear Amina Okafor-Reyes\n\nWe have decided not to give you a personal health budget."
    )


def test_what_is_approved_is_what_was_read(drafted: Copy) -> None:
    world, case = drafted
    one = prepared(world, case, REFUSE)
    said = refused(world, world.approver, lambda uow: decisions.approve_decision(uow, one, seen="another letter"))
    assert said == decisions.CHANGED


def test_a_returned_decision_is_prepared_again_or_withdrawn(drafted: Copy) -> None:
    world, case = drafted
    one = prepared(world, case, REFUSE)
    world.do(world.approver, lambda uow: decisions.return_decision(uow, one, "Say which care."))
    assert decision(world, one).return_reason == "Say which care."
    seen = decision(world, one).row_version
    world.do(world.cm2, lambda uow: decisions.prepare_again(uow, one, REFUSE, seen_version=seen))
    assert (decision(world, one).status, decision(world, one).prepared_by) == ("PREPARED", world.cm2.user_id)
    world.do(world.cm, lambda uow: decisions.withdraw_decision(uow, one))
    assert "it is “Withdrawn”" in refused(world, world.approver, approving(one))
    assert letters(world, one) == []


def test_two_decisions_about_one_thing_do_not_wait_at_once(drafted: Copy) -> None:
    world, case = drafted
    prepared(world, case, REFUSE)
    said = refused(world, world.cm2, lambda uow: decisions.prepare_decision(uow, case.phb_id, REFUSE))
    assert said.startswith("A decision about this is prepared")


def test_t19_notice_of_28_days_is_owed_and_the_days_are_paid_at_each_amount(direct: Paying) -> None:
    """Reduced from £1,250.00 to £1,120.00 from 5 October 2026: issued by 7 September, and a cycle across the day pays
    14 days of each."""
    world, case, october = direct.world, direct.case, date(2026, 10, 5)
    entry = reduce(direct.stream, 112_000, october)
    late = refused(
        world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, entry), on=date(2026, 9, 8)
    )
    assert "this can take effect on 6 October 2026 at the earliest" in late
    issued(world, case, entry, on=date(2026, 9, 7))
    reference = direct.record(date(2026, 9, 21), date(2026, 10, 18), key="across", on=date(2026, 9, 21))
    assert payment(world, reference).amount_pence == 474_000 + 59_800
    assert stream(world, direct.stream).weekly_pence == 125_000
    tick(world.engine, now=at(october, 2))
    assert stream(world, direct.stream).weekly_pence == 112_000
    after = direct.record(date(2026, 10, 19), date(2026, 11, 15), key="after", on=october)
    assert payment(world, after).amount_pence == 448_000


def test_notice_that_became_too_short_while_it_waited_is_refused_when_it_is_approved(direct: Paying) -> None:
    world, case = direct.world, direct.case
    one = prepared(world, case, stop(NOTICE))
    said = refused(world, world.approver, approving(one), on=TODAY + timedelta(days=1))
    assert "Notice of 28 days is owed" in said


@pytest.mark.parametrize("early", list(Early))
def test_fraud_or_safety_do_not_wait_for_notice_and_say_why(direct: Paying, early: Early) -> None:
    world, case = direct.world, direct.case
    entry = suspend(TODAY, early=early)
    said = refused(world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, entry))
    assert said == "Say why notice cannot be waited for, in a sentence or more."
    issued(world, case, suspend(TODAY, early=early, early_words="Money was taken out as cash this morning."))
    assert status(world, case) == "SUSPENDED"
    assert stream(world, direct.stream).status == "SUSPENDED"


def test_a_consent_that_was_withdrawn_stops_the_money_without_notice(direct: Paying) -> None:
    world, case = direct.world, direct.case
    issued(world, case, stop(TODAY, ground=Ground.CONSENT_WITHDRAWN))
    assert stream(world, direct.stream).status == "CLOSED", "it would have begun on 13 April"
    assert status(world, case) == "CLOSING"


def test_i25_refusal_8_a_stop_without_care_in_its_place_is_refused(direct: Paying) -> None:
    world, case = direct.world, direct.case
    entry = stop(NOTICE, no_replacement="")
    said = refused(world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, entry))
    assert said.startswith("Care must go on.")


def test_i25_the_stream_that_takes_its_place_starts_by_the_day_of_the_stop(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 65_000), StreamPlan(Method.NOTIONAL, 40_000))
    paid, care = case.streams
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Stream, care), starts_on=NOTICE + timedelta(days=1))
    entry = stop(NOTICE, stream_id=paid, replacement_id=care, no_replacement="")
    said = refused(world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, entry))
    assert "after this takes effect" in said
    issued(world, case, stop(NOTICE + timedelta(days=1), stream_id=paid, replacement_id=care, no_replacement=""))
    assert (stream(world, paid).status, stream(world, paid).ends_on) == ("STOPPING", NOTICE)
    assert stream(world, care).status == "AGREED"
    assert status(world, case) == "SETUP", "the budget goes on with the other stream"


def test_a_stop_pays_to_its_last_day_and_takes_effect_once_on_its_day(direct: Paying) -> None:
    world, case = direct.world, direct.case
    direct.confirm(direct.record())
    one = issued(world, case, stop(date(2026, 6, 1)), on=date(2026, 5, 4))
    assert (status(world, case), stream(world, direct.stream).ends_on) == ("STOPPING", date(2026, 5, 31))
    last = direct.record(date(2026, 5, 4), date(2026, 6, 7), key="last", on=date(2026, 5, 4))
    assert payment(world, last).amount_pence == 500_000, "28 days, not 35"
    assert carry_out_decisions(world.engine, now=at(date(2026, 5, 31))) == 0
    assert carry_out_decisions(world.engine, now=at(date(2026, 6, 3))) == 1, "days off are caught up"
    assert carry_out_decisions(world.engine, now=at(date(2026, 6, 3))) == 0
    assert (status(world, case), stream(world, direct.stream).status) == ("CLOSING", "WINDING_DOWN")
    assert decision(world, one).status == "IN_EFFECT"
    assert [task.kind for task in rows(world, Task, phb_id=case.phb_id, kind="DECISION_FOLLOWS")] == [
        "DECISION_FOLLOWS"
    ]
    assert len(rows(world, PaymentItem)) == 2


def test_a_suspension_is_lifted_and_everything_is_as_it_was(direct: Paying) -> None:
    world, case = direct.world, direct.case
    direct.confirm(direct.record())
    before = stream(world, direct.stream).status
    one = issued(world, case, suspend(date(2026, 6, 1)), on=date(2026, 5, 4))
    tick(world.engine, now=at(date(2026, 6, 1)))
    assert status(world, case) == "SUSPENDED"
    assert "on hold" in direct.refused(date(2026, 6, 1), date(2026, 6, 28), on=date(2026, 6, 1))
    world.do(world.cm, lambda uow: lift_suspension(uow, one), on=date(2026, 6, 8))
    assert (status(world, case), stream(world, direct.stream).status) == ("ACTIVE", before)
    assert (decision(world, one).status, decision(world, one).ended_on) == ("LIFTED", date(2026, 6, 8))


def test_a_payment_that_waits_does_not_leave_while_its_stream_is_on_hold(direct: Paying) -> None:
    world, case = direct.world, direct.case
    direct.confirm(direct.record())
    waits = direct.record(date(2026, 5, 4), date(2026, 5, 31), key="waits", on=date(2026, 5, 4))
    one = issued(world, case, suspend(date(2026, 6, 1)), on=date(2026, 5, 4))
    tick(world.engine, now=at(date(2026, 6, 1)))
    late = refused(world, world.finance2, lambda uow: confirm_payment(uow, payment(world, waits).id, paid_on=uow.today),
                   on=date(2026, 6, 2))  # fmt: skip
    assert late.startswith("This stream is on hold")
    assert payment(world, waits).status == "PLANNED"
    world.do(world.cm, lambda uow: lift_suspension(uow, one), on=date(2026, 6, 8))
    world.do(
        world.finance2, lambda uow: confirm_payment(uow, payment(world, waits).id, paid_on=uow.today),
        on=date(2026, 6, 8),
    )  # fmt: skip
    assert payment(world, waits).status == "PAID"


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "budget"])
def test_a_stream_on_hold_is_not_paid_because_its_stop_is_told(direct: Paying, whole: bool) -> None:
    """Lifted before the day of the stop it is paid to that day; otherwise it is over."""
    direct.confirm(direct.record())
    world, about = direct.world, None if whole else direct.stream
    early = {"early": Early.SAFETY, "early_words": "The money went on a holiday of somebody else."}
    held = issued(world, direct.case, suspend(NEXT_START, **early), on=NEXT_START)
    stopped = date(2026, 6, 15)
    issued(world, direct.case, stop(stopped, stream_id=about), on=NEXT_START)
    assert "on hold" in direct.refused(NEXT_START, NEXT_END, on=NEXT_START)
    world.do(world.cm, lambda uow: lift_suspension(uow, held), on=NEXT_START)
    found = stream(world, direct.stream)
    assert (found.status, found.ends_on) == ("STOPPING", date(2026, 6, 14))
    direct.record(NEXT_START, NEXT_END, key="next", on=NEXT_START)
    carry_out_decisions(world.engine, now=at(stopped))
    assert stream(world, direct.stream).status == "WINDING_DOWN"


def test_what_left_before_a_hold_is_confirmed_with_its_day(direct: Paying) -> None:
    world, case = direct.world, direct.case
    direct.confirm(direct.record())
    waits = direct.record(date(2026, 5, 4), date(2026, 5, 31), key="waits", on=date(2026, 5, 4))
    issued(world, case, suspend(date(2026, 6, 1)), on=date(2026, 5, 4))
    tick(world.engine, now=at(date(2026, 6, 1)))
    world.do(
        world.finance2, lambda uow: confirm_payment(uow, payment(world, waits).id, paid_on=date(2026, 5, 5)),
        on=date(2026, 6, 2),
    )  # fmt: skip
    assert payment(world, waits).status == "PAID"


def test_nothing_is_decided_about_the_budget_of_somebody_who_has_died(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Person, case.person_id), died_on=TODAY)
    said = refused(world, world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, REFUSE))
    assert "has died" in said


def test_a_child_s_letter_goes_to_the_parent_and_a_nominee_is_told_what_is_decided_about_their_money(
    world: World,
) -> None:
    child = journey.add_person(world, born=date(2014, 5, 6), number=journey.NUMBERS[1])
    journey.parent(world, child, "Pat Parent")
    case = journey.draft(world, person_id=child, cohort=Cohort.CYPCC)
    (letter,) = letters(world, issued(world, case, REFUSE))
    assert (letter.addressee, letter.part_id is not None) == ("Pat Parent", True)
    assert "not to give Amina Okafor-Reyes a personal health budget" in letter.body
    adult = journey.add_person(world, number=journey.NUMBERS[2])
    part = journey.nominee(world, adult, "Nell Ominee")
    paid = journey.approved(
        world, StreamPlan(Method.DIRECT_PAYMENT, 65_000, payee=(PayeeKind.NOMINEE, part)), person_id=adult
    )
    one = issued(world, paid, reduce(paid.streams[0], 60_000, NOTICE))
    assert {letter.addressee for letter in letters(world, one)} == {"Amina Okafor-Reyes", "Nell Ominee"}


def test_a_direct_payment_that_has_not_begun_is_refused_and_its_stream_closed(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 65_000), StreamPlan(Method.NOTIONAL, 40_000))
    entry = DecisionEntry(DecisionKind.REFUSE_DP, REASONS, Ground.CANNOT_MANAGE, case.streams[0])
    one = issued(world, case, entry)
    assert [stream(world, one).status for one in case.streams] == ["CLOSED", "AGREED"]
    assert "can still have a budget that is managed in another way" in letters(world, one)[0].body


def test_another_board_s_case_manager_finds_nothing(drafted: Copy) -> None:
    world, case = drafted
    one = prepared(world, case, REFUSE)
    assert refused(world, world.other_approver, approving(one)) == "We could not find that."


def test_a_letter_says_by_when_it_is_posted(drafted: Copy) -> None:
    world, case = drafted
    issued(world, case, REFUSE)
    (letter,) = rows(world, Letter)
    assert letter.post_by == date(2026, 4, 10), "five working days after Wednesday 1 April, with Easter between"
