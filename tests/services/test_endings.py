"""Deaths and endings: payments stop at once, the accounts are settled, somebody else closes (domain.md §3.1, T06)."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.holder_words import GIVEN_BACK
from phbportal.domain.ledger import Verb, available, held, outside
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.domain.retention import KeptUntil
from phbportal.domain.roles import Role
from phbportal.domain.streams import StreamStatus
from phbportal.domain.tasks import AFTER_A_DEATH, CLOSE_ACCOUNTS
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.endings import settling_of
from phbportal.queries.holder_facts import entries
from phbportal.queries.ledger import check_ledger
from phbportal.queries.retention import kept_of
from phbportal.services import change_requests, closing, endings, people, phbs, plans, spending
from phbportal.services.endings import DeathEntry
from phbportal.services.spending import SpendingEntry
from phbportal.tables.budgets import Stream
from phbportal.tables.endings import PhbEnding
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.settings import PolicySetting
from tests.services.asking import END, NEXT_END, NEXT_START, Paying, balance, balances, payment, refused, rows
from tests.support import journey
from tests.support.living import close, die, ending_of, settle, waiting_reviews
from tests.support.world import World

DIED, TOLD = date(2026, 4, 28), date(2026, 4, 30)
MOVED = {"reason": "MOVED_AREA", "ends_on": date(2026, 5, 31), "care": "Leeds arranges the same help from 1 June."}


@pytest.fixture
def live(direct: Paying) -> Paying:
    """T01: £4,348.00 paid on 13 April for the days to 3 May."""
    direct.confirm(direct.record())
    return direct


def phb(live: Paying) -> Phb:
    return rows(live.world, Phb, id=live.case.phb_id)[0]


def begin(live: Paying, on: date = date(2026, 6, 1), **changed: object) -> PhbEnding:
    values = {"phb_id": live.case.phb_id, **MOVED, **changed}
    live.world.do(live.world.cm, lambda uow: endings.begin_ending(uow, values), on=on)
    return ending_of(live.world, live.case)


def spend(live: Paying, verb: Verb, pence: int, on: date) -> None:
    entry = SpendingEntry(verb, pence, on, reference="Receipts")
    key = f"{verb} {pence} {on}"
    live.world.do(live.world.finance, lambda uow: spending.record_spending(uow, live.stream, entry, key=key), on=on)


def write_off(world: World, ending: PhbEnding, *, on: date, agree: bool = True) -> None:
    """Finance proposes, the approver agrees."""

    def propose(uow: object) -> object:
        row = uow.find(PhbEnding, ending.id)  # pyright: ignore
        return change_requests.propose(
            uow, subject="phb-ending", act="write-off", title="A write-off", before={"Written off": "£0.00"},  # pyright: ignore
            after={"Written off": "all that is left"}, values={}, reason="It costs more to ask for it.",
            permission=closing.Permission.ENDING_SETTLE, row=row,
        )  # fmt: skip

    request = world.do(world.finance, propose, on=on)
    if agree:
        world.do(world.approver, lambda uow: change_requests.approve(uow, request), on=on)  # pyright: ignore


# -- a death


def test_i26_after_a_death_payments_are_held_streams_end_and_the_budget_is_being_closed(live: Paying) -> None:
    waiting = live.record(NEXT_START, NEXT_END, key="next", on=date(2026, 4, 27))
    die(live.world, live.case.person_id, DIED, on=TOLD)
    assert payment(live.world, waiting).status == PaymentStatus.HELD
    stream = rows(live.world, Stream, id=live.stream)[0]
    assert (stream.status, stream.ends_on) == (StreamStatus.WINDING_DOWN, DIED)
    found = phb(live)
    assert (found.status, found.ended_on, found.end_reason) == (PhbStatus.CLOSING, DIED, "DIED")
    (review,) = waiting_reviews(live.world, live.case)
    assert (review.kind, review.due_on) == ("DEATH", date(2026, 5, 26)), "not before the family may be asked"
    with pytest.raises(Refusal, match="On hold"):
        live.confirm(waiting, on=TOLD)
    with pytest.raises(Refusal, match="This stream has ended"):
        live.record(date(2026, 6, 1), date(2026, 6, 28), key="later", on=TOLD)
    refusal = refused(live.world, live.world.cm, lambda uow: plans.start_plan(uow, live.case.phb_id), on=TOLD)
    assert refusal == "This budget is being closed, so a plan cannot be written for it."


def test_the_family_is_written_to_and_nobody_is_asked_for_money_for_four_weeks(live: Paying) -> None:
    die(live.world, live.case.person_id, DIED, on=TOLD)
    tasks = {t.kind: t for t in rows(live.world, Task)}
    assert "how sorry we are" in tasks[AFTER_A_DEATH].sentence
    assert tasks[CLOSE_ACCOUNTS].due_on == date(2026, 5, 26)
    assert "Ask nobody for money before 26 May 2026" in tasks[CLOSE_ACCOUNTS].sentence
    assert (tasks[AFTER_A_DEATH].role, tasks[CLOSE_ACCOUNTS].role) == (Role.CASE_MANAGER, Role.FINANCE)


def test_the_sign_in_of_somebody_who_died_is_over_and_cannot_be_switched_on(live: Paying) -> None:
    live.world.do(live.world.cm, lambda uow: people.switch_sign_in(uow, live.case.person_id, on=True))
    die(live.world, live.case.person_id, DIED, on=TOLD)
    assert rows(live.world, Person, id=live.case.person_id)[0].sign_in_on is False
    with pytest.raises(Refusal, match="has died"):
        live.world.do(live.world.cm, lambda uow: people.switch_sign_in(uow, live.case.person_id, on=True), on=TOLD)


@pytest.mark.parametrize(
    ("died_on", "sentence"),
    [(date(2026, 5, 1), "The date of death cannot be in the future."),
     (date(1961, 2, 2), "This person was born on 3 February 1961. Check the date.")],
    ids=["tomorrow", "before birth"],
)  # fmt: skip
def test_an_impossible_date_of_death_is_refused(live: Paying, died_on: date, sentence: str) -> None:
    told = DeathEntry(died_on, "A daughter")
    act = lambda uow: endings.record_death(uow, live.case.person_id, told)  # noqa: E731
    assert refused(live.world, live.world.cm, act, on=TOLD) == sentence


def test_a_death_is_recorded_once_and_only_by_a_case_manager_of_the_board(live: Paying) -> None:
    told = DeathEntry(DIED, "A daughter")
    for name in ("finance", "clinician", "admin", "other_cm"):
        with pytest.raises(Refusal):
            live.world.do(
                live.world.actors[name], lambda uow: endings.record_death(uow, live.case.person_id, told), on=TOLD
            )
    die(live.world, live.case.person_id, DIED, on=TOLD)
    with pytest.raises(Refusal, match="is recorded already"):
        die(live.world, live.case.person_id, DIED, on=TOLD)


def test_a_budget_that_was_being_planned_is_closed_at_once(drafted: tuple[World, journey.Case]) -> None:
    world, case = drafted
    die(world, case.person_id, date(2026, 4, 2), on=date(2026, 4, 3))
    found = rows(world, Phb, id=case.phb_id)[0]
    assert (found.status, found.end_reason) == (PhbStatus.CLOSED, "DIED")
    assert rows(world, PhbEnding) == []


def test_whoever_represents_somebody_who_died_still_sees_the_accounts(world: World) -> None:
    """Domain.md §1.13: the representative settles them; the holder's own page is closed."""
    person = journey.add_person(world, born=date(2014, 5, 6))
    part = journey.parent(world, person)
    journey.allow_direct_payment(world, person, given_by=journey.GivenBy.REPRESENTATIVE)
    stream = journey.StreamPlan(journey.Method.DIRECT_PAYMENT, 30_000, payee=(journey.PayeeKind.REPRESENTATIVE, part))
    case = journey.draft(world, stream, person_id=person, cohort=journey.Cohort.CYPCC)
    for step in (journey.submit, journey.sign_off, journey.approve):
        step(world, case)
    parent = journey.user_of(world, part, Role.REPRESENTATIVE)
    die(world, person, date(2026, 4, 20), on=date(2026, 4, 21))
    with world.unit(parent, on=date(2026, 4, 22), writes=False) as uow:
        assert uow.find(Phb, case.phb_id).status == PhbStatus.CLOSING
        assert uow.find(Stream, case.streams[0]).status == StreamStatus.WINDING_DOWN


def test_a_provider_s_invoice_for_days_before_the_death_is_still_paid(notional: Paying) -> None:
    first = notional.recording(
        date(2026, 4, 6), date(2026, 4, 19), key="a", invoice_pence=80_000, invoice_reference="1"
    )
    notional.world.do(notional.world.finance, first, on=date(2026, 4, 19))
    reference = rows(notional.world, PaymentItem)[0].reference
    notional.confirm(reference, on=date(2026, 4, 20))
    die(notional.world, notional.case.person_id, DIED, on=TOLD)
    owed = notional.recording(date(2026, 4, 20), DIED, key="b", invoice_pence=40_000, invoice_reference="2")
    notional.world.do(notional.world.finance, owed, on=TOLD)
    after = notional.recording(DIED, date(2026, 5, 3), key="c", invoice_pence=10_000, invoice_reference="3")
    with pytest.raises(Refusal, match="This stream ended on 28 April 2026"):
        notional.world.do(notional.world.finance, after, on=TOLD)


def test_a_death_recorded_by_mistake_is_taken_back_by_somebody_else_and_all_is_as_it_was(live: Paying) -> None:
    waiting = live.record(NEXT_START, NEXT_END, key="next", on=date(2026, 4, 27))
    live.world.do(live.world.cm, lambda uow: people.switch_sign_in(uow, live.case.person_id, on=True))
    die(live.world, live.case.person_id, DIED, on=TOLD)
    ending = ending_of(live.world, live.case)
    live.world.do(live.world.approver, lambda uow: endings.take_back(uow, ending.id, {}), on=TOLD)
    person = rows(live.world, Person, id=live.case.person_id)[0]
    assert (person.died_on, person.sign_in_on) == (None, True)
    assert (phb(live).status, phb(live).ended_on) == (PhbStatus.ACTIVE, None)
    stream = rows(live.world, Stream, id=live.stream)[0]
    assert (stream.status, stream.ends_on) == (StreamStatus.ACTIVE, None)
    live.confirm(waiting, on=NEXT_START)
    assert balance(live.world, held(live.stream)) == 434_800 + 500_000


# -- another ending


def test_what_is_a_fact_of_a_life_ends_a_budget_and_what_is_decided_needs_the_decision_first(live: Paying) -> None:
    values = {"phb_id": live.case.phb_id, **MOVED, "reason": "MISUSE"}
    said = refused(live.world, live.world.cm, lambda uow: endings.begin_ending(uow, values), on=date(2026, 6, 1))
    assert said.startswith("For this reason the budget must be stopped first, with notice and reasons in writing.")
    with live.world.unit(live.world.cm) as uow:
        uow.change(uow.find(Phb, live.case.phb_id), status=PhbStatus.STOPPING.value)
    assert begin(live, reason="MISUSE").reason == "MISUSE"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"care": "None"}, "Say what care they have from now on, and who arranges it."),
        ({"ends_on": date(2026, 6, 2)}, "A budget is closed when it has ended. The day cannot be in the future."),
        ({"ends_on": date(2026, 3, 31)}, "The budget was opened on 1 April 2026. Check the day."),
        ({"reason": "ONE_OFF_COMPLETE"}, "This is an ongoing budget. Choose another reason."),
        ({"reason": "AGED_OUT"}, "Only a child’s continuing care ends at 18. Choose another reason."),
        ({"reason": "DIED"}, "Record the death on the person’s record. Their budgets then end by themselves."),
    ],
    ids=["no care follows", "tomorrow", "before it was opened", "not a one-off", "an adult's", "a death"],
)
def test_i25_an_ending_that_cannot_be_is_refused(live: Paying, changed: dict[str, object], sentence: str) -> None:
    values = {"phb_id": live.case.phb_id, **MOVED, **changed}
    act = lambda uow: endings.begin_ending(uow, values)  # noqa: E731
    assert refused(live.world, live.world.cm, act, on=date(2026, 6, 1)) == sentence


def test_an_ending_begins_once(live: Paying) -> None:
    begin(live)
    with pytest.raises(Refusal, match="is being closed already"):
        begin(live)


def test_i02_whoever_moved_is_offered_a_budget_while_the_accounts_of_the_old_one_are_settled(live: Paying) -> None:
    """A budget that has ended is active no more; but then its end is no mistake any more either."""
    ending = begin(live)
    old = phb(live)
    assert old.eligibility_id is not None
    entry = phbs.PhbEntry(old.eligibility_id, PhbKind.ONGOING)
    new = live.world.do(live.world.cm, lambda uow: phbs.open_phb(uow, old.person_id, entry), on=date(2026, 6, 1))
    act = lambda uow: endings.take_back(uow, ending.id, {})  # noqa: E731
    said = refused(live.world, live.world.approver, act, on=date(2026, 6, 2))
    assert said.startswith(f"This person already has an ongoing budget for the same reason: {new}.")


# -- the accounts


def test_everything_that_is_left_to_do_is_said_at_once(live: Paying) -> None:
    waiting = live.record(NEXT_START, NEXT_END, key="next", on=date(2026, 4, 27))
    ending = begin(live, on=date(2026, 5, 20), ends_on=date(2026, 5, 20))
    said = refused(live.world, live.world.finance2, lambda uow: closing.close_phb(uow, ending.id, {}), on=END)
    assert payment(live.world, waiting).status == PaymentStatus.HELD
    for part in ("A payment still waits or is on hold.", "The final return is not here yet.",
                 "Nobody has said what is still owed", "There is still £4,348.00 with the payee.",
                 "There is still £5,000.00 set aside"):  # fmt: skip
        assert part in said


def test_t06_what_is_owed_is_set_aside_before_the_rest_is_asked_back(live: Paying) -> None:
    """The payee holds £4,348.00 and owes £3,499.86: £848.14 is to be paid back."""
    ending = begin(live)
    settle(live.world, ending.id, balance=434_800, owed=349_986, on=date(2026, 6, 8))
    with live.world.unit(live.world.finance, writes=False) as uow:
        found = settling_of(uow.session, uow.find(PhbEnding, ending.id))
    assert found.to_ask_back_pence == 84_814


def test_a_final_balance_that_does_not_agree_is_refused_with_the_difference(live: Paying) -> None:
    ending = begin(live)
    values = {"return_on": date(2026, 6, 8), "balance": 434_000}
    act = lambda uow: closing.record_return(uow, ending.id, values)  # noqa: E731
    assert refused(live.world, live.world.finance, act, on=date(2026, 6, 8)) == (
        "The portal has £4,348.00 for this money, which the account says is £8.00 less. Record what is missing, or "
        "check the figure."
    )


def test_a_settled_budget_is_closed_by_somebody_else_and_no_penny_is_lost(live: Paying) -> None:
    ending = begin(live)
    settle(live.world, ending.id, balance=434_800, owed=400_000, on=date(2026, 6, 8))
    spend(live, Verb.ACCOUNT_FOR, 400_000, date(2026, 6, 9))
    spend(live, Verb.REPAY, 34_800, date(2026, 6, 10))
    left = balances(live.world, live.case).available_pence
    board = balance(live.world, outside("icb", live.world.icb))
    close(live.world, ending.id, on=date(2026, 6, 15))
    found = phb(live)
    assert (found.status, found.ended_on, found.end_reason) == (PhbStatus.CLOSED, date(2026, 5, 31), "MOVED_AREA")
    assert balance(live.world, available(live.case.phb_id)) == 0
    assert balance(live.world, outside("icb", live.world.icb)) == board + left
    assert rows(live.world, Stream, id=live.stream)[0].status == StreamStatus.CLOSED
    closed = ending_of(live.world, live.case)
    assert (closed.closed_by, closed.given_back_pence) == (live.world.finance2.user_id, left)
    with live.world.unit(live.world.finance, writes=False) as uow:
        assert check_ledger(uow.session) == []
    person = Actor(Role.HOLDER, user_id=live.world.cm.user_id, person_id=live.case.person_id)
    with live.world.unit(person, writes=False) as uow:
        latest = entries(uow.session, person, date(2026, 6, 15), [live.case.phb_id])[0]
        assert (latest.words, latest.amount_pence) == (GIVEN_BACK, left), "it is not agreed a second time"
    with pytest.raises(Refusal, match="is closed, so nothing more is paid by it"):
        live.record(date(2026, 6, 1), date(2026, 6, 28), key="later", on=date(2026, 6, 16))
    with pytest.raises(Refusal, match="closed already"):
        close(live.world, ending.id, on=date(2026, 6, 16))


def test_whoever_began_an_ending_does_not_close_it(live: Paying) -> None:
    ending = begin(live)
    both = Actor(Role.APPROVER, user_id=live.world.cm.user_id, icb_id=live.world.icb)
    said = refused(live.world, both, lambda uow: closing.close_phb(uow, ending.id, {}), on=date(2026, 6, 2))
    assert said == "You began this ending, so someone else must do this."


def test_a_small_rest_is_written_off_by_two_and_counts_neither_as_spent_nor_as_paid_back(live: Paying) -> None:
    ending = begin(live)
    spend(live, Verb.ACCOUNT_FOR, 431_000, date(2026, 6, 5))
    settle(live.world, ending.id, balance=3_800, on=date(2026, 6, 8))
    write_off(live.world, ending, on=date(2026, 6, 9))
    assert balance(live.world, held(live.stream)) == 0
    assert balance(live.world, outside("written_off")) == 3_800
    close(live.world, ending.id, on=date(2026, 6, 10))
    assert ending_of(live.world, live.case).written_off_pence == 3_800


def test_more_than_the_board_writes_off_is_asked_back(live: Paying) -> None:
    ending = begin(live)
    settle(live.world, ending.id, balance=434_800, on=date(2026, 6, 8))
    with pytest.raises(Refusal, match="your board writes off £50"):
        write_off(live.world, ending, on=date(2026, 6, 9))


def test_an_account_that_is_overdrawn_is_made_good_before_the_close(live: Paying) -> None:
    ending = begin(live)
    spend(live, Verb.ACCOUNT_FOR, 440_000, date(2026, 6, 5))
    settle(live.world, ending.id, balance=-5_200, on=date(2026, 6, 8))
    said = refused(live.world, live.world.finance2, lambda uow: closing.close_phb(uow, ending.id, {}),
                   on=date(2026, 6, 9))  # fmt: skip
    assert said.startswith("The payee’s account is £52.00 overdrawn.")
    spend(live, Verb.OWN_MONEY, 5_200, date(2026, 6, 9))
    close(live.world, ending.id, on=date(2026, 6, 10))


def test_a_held_payment_that_is_cancelled_is_the_board_s_again(live: Paying) -> None:
    waiting = live.record(NEXT_START, NEXT_END, key="next", on=date(2026, 4, 27))
    before = balances(live.world, live.case).available_pence
    die(live.world, live.case.person_id, DIED, on=TOLD)
    live.cancel(waiting, on=TOLD)
    assert balances(live.world, live.case).available_pence == before + 500_000


def test_until_when_the_records_of_a_closed_budget_are_kept_is_its_boards_choice_of_today(live: Paying) -> None:
    world, ending = live.world, begin(live)
    closed = date(2026, 6, 10)

    def kept(on: date = closed, by: Actor | None = None) -> KeptUntil | None:
        with world.unit(by or world.cm, on=on, writes=False) as uow:
            return kept_of(uow.session, uow.actor, on, [ending.id]).get(ending.id)

    assert kept() is None, "it is not closed yet"
    spend(live, Verb.ACCOUNT_FOR, 434_800, date(2026, 6, 5))
    settle(world, ending.id, balance=0, on=date(2026, 6, 8))
    close(world, ending.id, on=closed)
    assert kept() == KeptUntil(care=date(2034, 6, 10), money=date(2033, 6, 10))
    with world.unit(SYSTEM) as uow:
        for icb_id, years, starts_on in (
            (None, "9", date(2026, 7, 1)), (world.icb, "12", date(2026, 8, 1)), (None, "9", date(2026, 9, 1)),
            (world.other_icb, "20", date(2026, 9, 1)),
        ):  # fmt: skip
            uow.add(PolicySetting, icb_id=icb_id, name="retention_years_clinical", value=years, starts_on=starts_on)
    found = [kept(on) for on in (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 2))]
    assert [one and one.care.year for one in found] == [2035, 2038, 2038]
    assert kept(by=world.actors["other_cm"]) is None
