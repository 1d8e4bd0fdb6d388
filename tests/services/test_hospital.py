"""Stays in hospital: paid in full for the board's days, then a person decides and another agrees (domain.md §4.9)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.hospital import nights_after, taken_off
from phbportal.domain.ledger import available, reserved
from phbportal.domain.periods import Rate
from phbportal.domain.roles import Role
from phbportal.domain.tasks import HOSPITAL_DECIDE
from phbportal.policy.actors import Actor
from phbportal.queries.holders import own_budgets
from phbportal.services import change_requests, hospital
from phbportal.services.decisions import carry_out_decisions
from phbportal.services.payment_preview import preview_payment
from phbportal.services.payments import PaymentEntry
from phbportal.services.review_clock import run_review_clock
from phbportal.tables.endings import HospitalStay, PaymentDeduction
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Task
from tests.services.asking import Paying, balance, payment, refused, rows
from tests.services.deciding import issued, reduce
from tests.support.living import stay, waiting_reviews
from tests.support.world import World, at

IN, HOME = date(2026, 6, 2), date(2026, 7, 11)
CYCLE = date(2026, 7, 27), date(2026, 8, 23)


@pytest.fixture
def live(direct: Paying) -> Paying:
    direct.confirm(direct.record())
    return direct


def less(world: World, stay_id: UUID, *, on: date = HOME) -> None:
    """The case manager proposes that less is paid, the approver agrees."""

    def propose(uow: object) -> UUID:
        row = uow.find(HospitalStay, stay_id)  # pyright: ignore
        return change_requests.propose(
            uow, subject="hospital-stay", act="pay-less", title="A stay in hospital", values={},  # pyright: ignore
            before={"Decided": "Nothing yet"}, after={"Decided": "Less"}, reason="His assistants worked elsewhere.",
            permission=hospital.Permission.STAY_WRITE, row=row,
        )  # fmt: skip

    request = world.do(world.cm, propose, on=on)
    with pytest.raises(Refusal):
        world.do(world.cm, lambda uow: change_requests.approve(uow, request), on=on)
    world.do(world.approver, lambda uow: change_requests.approve(uow, request), on=on)


def test_t15_eleven_nights_beyond_the_28_are_taken_off_the_next_payment(live: Paying) -> None:
    """Admitted 2 June, home 11 July: £1,964.29 of £5,000.00, so £3,035.71 is paid on 27 July."""
    nights = nights_after(IN, HOME, 28)
    assert nights is not None
    assert nights == (date(2026, 6, 30), date(2026, 7, 10))
    assert taken_off([Rate(125_000, date(2026, 4, 13))], nights) == 196_429
    may = date(2026, 5, 4)
    live.confirm(live.record(may, date(2026, 7, 26), key="to 26 July", on=may), on=may)
    stay_id = stay(live.world, live.case.person_id, IN, HOME, on=HOME)
    less(live.world, stay_id)
    assert rows(live.world, HospitalStay)[0].taken_off_pence == 196_429
    before = balance(live.world, available(live.case.phb_id))
    with live.world.unit(live.world.finance, on=date(2026, 7, 24), writes=False) as uow:
        shown = preview_payment(uow, live.stream, PaymentEntry(*CYCLE))
    assert (shown.amount_pence, shown.words) == (
        303_571,
        "28 days at £1,250.00 a week is £5,000.00. £1,964.29 is taken off for nights in hospital.",
    )
    holder = Actor(role=Role.HOLDER, user_id=None, person_id=live.case.person_id)
    with live.world.unit(holder, on=date(2026, 7, 24), writes=False) as uow:
        (budget,) = own_budgets(uow.session, uow.actor, uow.now, uow.today).budgets
    assert budget.streams[0].next[:2] == [
        "Your next payment is £3,035.71.", "£1,964.29 is taken off for nights in hospital.",
    ]  # fmt: skip
    reference = live.record(*CYCLE, key="july", on=date(2026, 7, 24))
    assert payment(live.world, reference).amount_pence == 303_571
    assert balance(live.world, available(live.case.phb_id)) == before - 303_571
    second = live.record(date(2026, 8, 24), date(2026, 9, 20), key="august", on=date(2026, 8, 21))
    assert payment(live.world, second).amount_pence == 500_000


def test_each_night_is_taken_off_at_the_amount_of_its_own_day(live: Paying) -> None:
    """The amount falls on 6 July, after six of the eleven nights; the decision about them is made later still."""
    changed = date(2026, 7, 6)
    issued(live.world, live.case, reduce(live.stream, 112_000, changed), on=date(2026, 6, 1))
    carry_out_decisions(live.world.engine, now=at(changed))
    less(live.world, stay(live.world, live.case.person_id, IN, HOME, on=HOME))
    assert [one.amount_pence for one in rows(live.world, PaymentDeduction)] == [(6 * 125_000 + 5 * 112_000 + 3) // 7]


def test_what_was_taken_off_a_cancelled_payment_waits_for_the_next(live: Paying) -> None:
    less(live.world, stay(live.world, live.case.person_id, IN, HOME, on=HOME))
    first = live.record(*CYCLE, key="july", on=date(2026, 7, 24))
    live.cancel(first, on=date(2026, 7, 25))
    assert [d.payment_id for d in rows(live.world, PaymentDeduction)] == [None]
    again = live.record(*CYCLE, key="july again", on=date(2026, 7, 25))
    assert payment(live.world, again).amount_pence == 303_571
    assert balance(live.world, reserved(live.case.phb_id)) == 303_571


def test_i16_a_deduction_never_makes_a_payment_nothing_or_less(live: Paying) -> None:
    less(live.world, stay(live.world, live.case.person_id, IN, HOME, on=HOME))
    said = live.refused(date(2026, 7, 27), date(2026, 8, 2), on=date(2026, 7, 24))
    assert said.startswith("There is £1,964.29 to take off for nights in hospital, which is all of these days.")
    assert [item.status for item in rows(live.world, PaymentItem)] == ["PAID"]


def test_a_start_up_cost_that_was_paid_is_not_paid_again_after_a_deduction(live: Paying) -> None:
    less(live.world, stay(live.world, live.case.person_id, IN, HOME, on=HOME))
    live.confirm(live.record(*CYCLE, key="july", on=date(2026, 7, 24)), on=CYCLE[0])
    second = live.record(date(2026, 8, 24), date(2026, 9, 20), key="august", on=date(2026, 8, 21))
    assert payment(live.world, second).amount_pence == 500_000


def test_a_stay_prompts_a_review_within_two_weeks(live: Paying) -> None:
    stay(live.world, live.case.person_id, IN, None, on=IN)
    found = [(r.kind, r.due_on, r.reason) for r in waiting_reviews(live.world, live.case)]
    assert ("CHANGE", date(2026, 6, 16), "In hospital since 2 June 2026.") in found


def night(world: World, on: date) -> int:
    return run_review_clock(world.engine, now=at(on, 2))


def test_after_the_days_of_full_pay_the_case_manager_is_asked_once(live: Paying) -> None:
    stay(live.world, live.case.person_id, IN, None, on=IN)
    assert night(live.world, date(2026, 6, 29)) == 0
    assert [night(live.world, date(2026, 6, 30)), night(live.world, date(2026, 7, 1))] == [1, 0]
    task = rows(live.world, Task, kind=HOSPITAL_DECIDE)[0]
    assert (task.due_on, task.person_id) == (date(2026, 7, 7), live.case.person_id)


def test_nobody_is_asked_about_somebody_who_was_home_in_time(live: Paying) -> None:
    stay(live.world, live.case.person_id, IN, date(2026, 6, 20), on=date(2026, 6, 20))
    assert night(live.world, date(2026, 7, 20)) == 0
    assert rows(live.world, Task, kind=HOSPITAL_DECIDE) == []


def test_paying_in_full_is_decided_with_a_reason_and_ends_the_task(live: Paying) -> None:
    stay_id = stay(live.world, live.case.person_id, IN, None, on=IN)
    night(live.world, date(2026, 7, 1))
    why = {"why": "Her assistants visit her on the ward every day."}
    live.world.do(live.world.cm, lambda uow: hospital.keep_paying(uow, stay_id, why), on=date(2026, 7, 2))
    assert rows(live.world, HospitalStay)[0].decision == "KEEP_PAYING"
    assert rows(live.world, Task, kind=HOSPITAL_DECIDE)[0].done_at is not None
    with pytest.raises(Refusal, match="has been decided already"):
        less(live.world, stay_id)


@pytest.mark.parametrize(
    ("admitted", "home", "sentence"),
    [
        (date(2026, 7, 12), None, "The day they went in cannot be in the future."),
        (IN, date(2026, 6, 1), "They went in on 2 June 2026. The day they came home cannot be before."),
        (IN, date(2026, 7, 12), "The day they came home cannot be in the future."),
    ],
    ids=["tomorrow", "home before", "home tomorrow"],
)
def test_impossible_days_are_refused(live: Paying, admitted: date, home: date | None, sentence: str) -> None:
    values = {"person_id": live.case.person_id, "admitted_on": admitted, "discharged_on": home, "reported_by": "Ward"}
    act = lambda uow: hospital.record_stay(uow, values)  # noqa: E731
    assert refused(live.world, live.world.cm, act, on=HOME) == sentence


def test_two_stays_do_not_overlap(live: Paying) -> None:
    stay(live.world, live.case.person_id, IN, HOME, on=HOME)
    with pytest.raises(Refusal, match="A stay from 2 June 2026 is recorded already"):
        stay(live.world, live.case.person_id, date(2026, 7, 1), None, on=HOME)
    stay(live.world, live.case.person_id, HOME, None, on=HOME)


def test_nothing_is_taken_off_for_somebody_who_is_in_hospital_still_or_was_home_in_time(live: Paying) -> None:
    stay_id = stay(live.world, live.case.person_id, IN, None, on=IN)
    with pytest.raises(Refusal, match="in hospital still"):
        less(live.world, stay_id, on=HOME)
    home = {"discharged_on": date(2026, 6, 20)}
    live.world.do(live.world.cm, lambda uow: hospital.come_home(uow, stay_id, home), on=HOME)
    assert rows(live.world, PaymentDeduction) == []
