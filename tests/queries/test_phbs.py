"""What the pages of a budget read: who sees what, figures to the penny, nothing lost between pages, no N + 1."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import NotFound
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import Cycle
from phbportal.domain.streams import Method
from phbportal.policy.actors import Actor
from phbportal.queries.accounts import account_of_stream
from phbportal.queries.balances import BalanceView, balance_view
from phbportal.queries.budgets import budget_view
from phbportal.queries.entries import EntryRow, entries_page
from phbportal.queries.history import history_page
from phbportal.queries.ledger import balances_of
from phbportal.queries.next_steps import next_step
from phbportal.queries.paging import Place
from phbportal.queries.payments import next_periods, payment_of, payments_page
from phbportal.queries.phbs import case_of, reviews_of
from phbportal.queries.plans import plan_of, versions_of
from phbportal.queries.streams import PAYABLE, StreamRecord, streams_of
from phbportal.services import payments, spending
from phbportal.services.plan_acts import plan_acts
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.people import PersonResponsibility
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.statements import statements
from tests.support.world import World, at, make_world

DIRECT = StreamPlan(Method.DIRECT_PAYMENT, 125_000, 59_800, line_type=LineType.PA_WAGE)


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=date(2026, 4, 1))


def streams(uow: UnitOfWork, case: Case) -> tuple[StreamRecord, ...]:
    found = case_of(uow.session, uow.actor, uow.today, case.reference)
    return streams_of(uow.session, uow.actor, uow.now, found, balances_of(uow.session, case.phb_id))


def balance(world: World, case: Case) -> BalanceView:
    with world.unit(world.finance, writes=False) as uow:
        return balance_view(uow.session, uow.actor, case.phb_id, balances_of(uow.session, case.phb_id))


def said_next(world: World, actor: Actor, case: Case, *, now: datetime | None = None) -> str:
    """The sentence of a budget's page, as the page asks for it."""
    with world.unit(actor, writes=False, now=now) as uow:
        about = (uow.session, uow.actor, uow.today)
        found, ways = case_of(*about, case.reference), streams(uow, case)
        periods = next_periods(*about, found.icb_id, found.id, ways)
        return next_step(
            found.status, plan_of(*about, found.id), ways, now=uow.now, waiting=payments_page(*about, found.id).waiting,
            next_period=min(periods.values(), key=lambda p: p.starts_on, default=None),
            sees_payments=actor is not world.clinician,
        )  # fmt: skip


def spend(world: World, stream: UUID, pence: int, line: LineType, on: date, verb: Verb = Verb.ACCOUNT_FOR) -> None:
    entry = spending.SpendingEntry(verb, pence, on, line, "Receipt")
    world.do(world.finance, lambda uow: spending.record_spending(uow, stream, entry, key=f"{pence}{verb}"), on=on)


def paid(world: World) -> Case:
    """T01 up to its first payment."""
    case = journey.approved(world, DIRECT)
    journey.account(world, case.streams[0])
    journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
    return case


# Figures --------------------------------------------------------------------------------------------------------------


def test_t01_reads_to_the_penny(world: World) -> None:
    case = journey.approved(world, DIRECT)
    before = balance(world, case)
    assert (before.allocated, before.left, before.whole) == ("£63,633.71", "£63,633.71", "£63,633.71")
    stream = case.streams[0]
    journey.account(world, stream)
    journey.pay(world, stream, date(2026, 4, 13), date(2026, 5, 3))
    spend(world, stream, 59_800, LineType.RECRUITMENT, date(2026, 5, 3))
    spend(world, stream, 341_127, LineType.PA_WAGE, date(2026, 5, 3))
    after = balance(world, case)
    assert (after.spent, after.with_payee, after.set_aside, after.left) == (
        "£4,009.27", "£338.73", "£0.00", "£59,285.71",
    )  # fmt: skip
    assert after.sentence == (
        "Of £63,633.71, £4,009.27 has been spent, £338.73 is with the payee, £0.00 is set aside for payments and "
        "£59,285.71 is left to pay out."
    )
    with world.unit(world.finance2, writes=False, on=date(2026, 5, 3)) as uow:
        periods = next_periods(uow.session, uow.actor, uow.today, world.icb, case.phb_id, streams(uow, case))
        (review,) = reviews_of(uow.session, uow.actor, uow.today, case.phb_id, case.reference)
    assert periods == {stream: Cycle(date(2026, 5, 4), date(2026, 5, 31))}
    assert (review.kind, review.due, review.status) == ("First review", "13 July 2026", "Due")


@pytest.mark.parametrize(
    ("today", "starts_on", "pounds"),
    [
        (date(2026, 4, 1), date(2026, 4, 13), "£63,633.71"),
        (date(2026, 4, 10), date(2026, 3, 20), "£67,919.43"),  # 12 days of the year before too
        (date(2027, 3, 20), date(2027, 4, 5), "£65,240.86"),  # 362 days, all of them next year's
    ],
)
def test_the_approver_reads_exactly_what_approving_allocates(
    engine: Engine, today: date, starts_on: date, pounds: str
) -> None:
    world = make_world(engine, today=min(today, starts_on))
    person = journey.add_person(world)
    journey.allow_direct_payment(world, person)
    world.today = today
    case = journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, 59_800, starts_on), person_id=person)
    journey.submit(world, case)
    journey.sign_off(world, case)
    with world.unit(world.approver, writes=False) as uow:
        ways = streams(uow, case)
        view = budget_view(uow.session, uow.actor, uow.today, case.phb_id, case.plan_id, ways)
    journey.approve(world, case)
    year = 2027 if today.year == 2026 else 2028
    assert view.commitment == f"Approving this commits {pounds} up to 31 March {year}."
    assert balance(world, case).allocated == pounds


def test_money_that_is_not_the_boards_is_named_beside_the_bar(world: World) -> None:
    case = paid(world)
    spend(world, case.streams[0], 2_000, LineType.OTHER, date(2026, 4, 20), Verb.OWN_MONEY)
    spend(world, case.streams[0], 500_000, LineType.PA_WAGE, date(2026, 4, 21))
    view = balance(world, case)
    assert (view.allocated, view.whole, view.with_payee) == ("£63,633.71", "£63,653.71", "-£632.00")
    assert view.facts == (
        "The whole includes £20.00 of the holder’s own money.",
        "More was spent than was paid: the payee’s account is £632.00 overdrawn.",
    )


def test_lines_are_shown_with_what_they_come_to_so_far(world: World) -> None:
    case = journey.draft(
        world,
        StreamPlan(Method.NOTIONAL, 40_000, 10_000),
        StreamPlan(Method.DIRECT_PAYMENT, 65_000, 5_050, line_type=LineType.PA_WAGE),
    )
    with world.unit(world.cm, writes=False) as uow:
        view = budget_view(uow.session, uow.actor, uow.today, case.phb_id, case.plan_id, streams(uow, case))
    assert [(row.stream, row.running_weekly, row.running_one_off) for row in view.lines] == [
        ("Notional budget", "£400.00", "£100.00"),
        ("Direct payment", "£1,050.00", "£150.50"),
    ]
    assert (view.weekly, view.one_off) == ("£1,050.00", "£150.50")


def test_a_payment_says_how_its_amount_came_about_and_who_may_not_confirm_it(world: World) -> None:
    case = journey.approved(world, DIRECT)
    journey.account(world, case.streams[0])
    entry = payments.PaymentEntry(date(2026, 4, 13), date(2026, 5, 3))
    on = date(2026, 4, 13)
    reference = world.do(
        world.finance, lambda uow: payments.record_payment(uow, case.streams[0], entry, key="first"), on=on
    )
    for actor, may, because in (
        (world.finance, False, "You recorded this payment, so another finance officer must confirm it."),
        (world.finance2, True, ""),
        (world.cm, False, "Only a finance officer can do this."),
    ):
        with world.unit(actor, writes=False, on=on) as uow:
            found = payment_of(uow.session, uow.actor, uow.today, case.phb_id, reference)
        assert (found.row.may_confirm, found.because) == (may, because)
        assert found.sum_words == "21 days at £1,250.00 a week is £3,750.00, plus £598.00 start-up costs."


# Who sees what --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "number", "cohort"),
    [
        ("cm", "999 000 0018", "NHS continuing healthcare"),
        ("clinician", "999 000 0018", "NHS continuing healthcare"),
        ("approver", "999 000 0018", "NHS continuing healthcare"),
        ("auditor", "999 000 0018", "NHS continuing healthcare"),
        ("finance", "", ""),
    ],
)
def test_the_nhs_number_and_the_reason_are_for_those_who_may_see_them(
    world: World, role: str, number: str, cohort: str
) -> None:
    case = journey.draft(world)
    with world.unit(world.actors[role], writes=False) as uow:
        head = case_of(uow.session, uow.actor, uow.today, case.reference).head
    assert (head.person, head.nhs_number, head.cohort) == ("Amina Okafor-Reyes", number, cohort)


@pytest.mark.parametrize("role", ["other_cm", "other_finance", "admin"])
def test_a_budget_of_another_board_is_not_found_nor_is_any_by_an_administrator(world: World, role: str) -> None:
    case = journey.draft(world)
    with world.unit(world.actors[role], writes=False) as uow:
        with pytest.raises(NotFound):
            case_of(uow.session, uow.actor, uow.today, case.reference)


def test_a_holder_who_moved_away_is_not_named_to_the_board_they_left(world: World) -> None:
    case = journey.draft(world)
    with world.unit(world.cm) as uow:
        of = select(PersonResponsibility).where(col(PersonResponsibility.person_id) == case.person_id)
        row = uow.session.execute(of).scalar_one()
        row.ends_on = world.today
    with world.unit(world.cm, writes=False, on=world.today + timedelta(days=1)) as uow:
        head = case_of(uow.session, uow.actor, uow.today, case.reference).head
    assert (head.reference, head.person, head.person_href, head.nhs_number, head.born) == (
        case.reference,
        "",
        "",
        "",
        "",
    )


def test_a_clinician_is_told_nothing_of_payments_accounts_or_entries(world: World) -> None:
    case = paid(world)
    with world.unit(world.clinician, writes=False, on=date(2026, 4, 13)) as uow:
        about = (uow.session, uow.actor, uow.today)
        assert payments_page(*about, case.phb_id).rows == ()
        assert entries_page(*about, case.phb_id).rows == ()
        assert account_of_stream(uow.session, uow.actor, uow.now, case.streams[0]) is None
        (stream,) = streams(uow, case)
        told = " ".join(row.sentence for row in history_page(*about, phb_id=case.phb_id, size=100).rows)
    assert (stream.view.account, stream.view.account_status) == ("", "")
    assert "Approved the plan" in told
    assert not [word for word in ("payment PAY", "bank details", "4958") if word in told]
    assert said_next(world, world.clinician, case, now=at(date(2026, 4, 13))) == "Finance officers see to its payments."


@pytest.mark.parametrize(
    ("role", "name", "number", "may", "because"),
    [
        ("cm", "", "Ending 4958", False, "A finance officer other than whoever entered them must approve"),
        ("auditor", "", "Ending 4958", False, "A finance officer other than whoever entered them must approve"),
        ("finance", "A Okafor-Reyes", "66374958", False, "You entered these bank details"),
        ("finance2", "A Okafor-Reyes", "66374958", True, ""),
    ],
)
def test_whole_bank_details_are_for_finance(
    world: World, role: str, name: str, number: str, may: bool, because: str
) -> None:
    from phbportal.services.accounts import AccountEntry, propose_account

    case = journey.approved(world, DIRECT)
    entry = AccountEntry("A Okafor-Reyes", "089999", "66374958")
    world.do(world.finance, lambda uow: propose_account(uow, case.streams[0], entry))
    with world.unit(world.actors[role], writes=False) as uow:
        found = account_of_stream(uow.session, uow.actor, uow.now, case.streams[0])
    assert found is not None
    assert (found.view.name, found.view.number, found.view.may_decide) == (name, number, may)
    assert found.view.because.startswith(because)
    assert bool(found.view.because) != may


def test_new_bank_details_say_when_they_can_be_paid_by_the_clock_in_london(world: World) -> None:
    case = journey.approved(world, DIRECT)
    journey.account(world, case.streams[0])
    for moment, words in (
        (at(date(2026, 4, 2)), "nothing can be paid to this account until 3 April 2026 at 13:00."),
        (at(date(2026, 4, 3)), "This account can be paid."),
    ):
        with world.unit(world.finance, writes=False, now=moment) as uow:
            found = account_of_stream(uow.session, uow.actor, uow.now, case.streams[0])
        assert found is not None
        assert found.view.cooling.endswith(words)


# What happens next ----------------------------------------------------------------------------------------------------


def test_every_step_of_the_journey_says_who_must_act(world: World) -> None:
    person = journey.add_person(world)
    journey.allow_direct_payment(world, person)
    case = journey.draft(world, DIRECT, person_id=person)
    stream = case.streams[0]
    assert said_next(world, world.cm, case).startswith("A case manager must finish the plan")
    journey.submit(world, case)
    assert said_next(world, world.cm, case).startswith("A clinician who did not write or send the plan")
    journey.sign_off(world, case)
    assert said_next(world, world.cm, case).startswith("An approver who had no hand in the plan")
    journey.approve(world, case)
    assert "must enter the bank details" in said_next(world, world.cm, case)
    journey.account(world, stream)
    cooling = "The bank details are new: nothing can be paid to them until 3 April 2026 at 13:00."
    assert said_next(world, world.finance, case) == cooling
    warm = at(date(2026, 4, 13))
    assert said_next(world, world.finance, case, now=warm) == (
        "A finance officer can record the next direct payment, for 13 April 2026 to 3 May 2026."
    )
    entry = payments.PaymentEntry(date(2026, 4, 13), date(2026, 5, 3))
    reference = world.do(
        world.finance, lambda uow: payments.record_payment(uow, stream, entry, key="first"), on=date(2026, 4, 13)
    )
    assert f"A finance officer who did not record {reference} must confirm it." in said_next(
        world, world.finance, case, now=warm
    )


def test_a_missing_consent_is_told_before_approval_and_before_payment(world: World) -> None:
    case = journey.draft(world, DIRECT)
    with world.unit(world.cm, writes=False) as uow:
        (stream,) = streams(uow, case)
    assert "There is no consent to a direct payment in force. Record it first." in stream.view.hindrance
    assert "Nobody has checked whether this person is excluded" in stream.view.hindrance
    assert "bank account" not in stream.view.hindrance


def test_streams_are_payable_here_exactly_when_the_service_pays_them() -> None:
    assert PAYABLE == payments.PAYABLE


def test_the_open_acts_are_those_the_services_allow(world: World) -> None:
    case = journey.draft(world)

    def acts(role: str) -> set[str]:
        with world.unit(world.actors[role], writes=False) as uow:
            own = case_of(uow.session, uow.actor, uow.today, case.reference)
            found = plan_acts(uow, own, plan_of(uow.session, uow.actor, uow.today, own.id))
        names = ("start", "write", "budget", "submit", "sign_off", "approve", "send_back")
        return {name for name in names if getattr(found, name)}

    assert [acts(r) for r in ("cm", "clinician", "finance", "approver", "auditor")] == [
        {"write", "budget", "submit"}, {"write"}, {"budget"}, set(), set(),
    ]  # fmt: skip
    journey.submit(world, case)
    assert [acts(r) for r in ("cm", "clinician", "approver")] == [set(), {"sign_off", "send_back"}, {"send_back"}]
    journey.sign_off(world, case)
    assert [acts(r) for r in ("clinician", "approver")] == [{"send_back"}, {"approve", "send_back"}]
    journey.approve(world, case)
    assert [acts(r) for r in ("cm", "approver")] == [{"start"}, set()]


# Pages and statements -------------------------------------------------------------------------------------------------


def many_entries(world: World, case: Case, count: int) -> None:
    for n in range(count):
        entry = payments.PaymentEntry(date(2026, 4, 6), date(2026, 4, 12), 100 + n, LineType.AGENCY, f"INV-{n}")
        world.do(
            world.finance, lambda uow, e=entry, k=n: payments.record_payment(uow, case.streams[0], e, key=f"{k}"),
            on=date(2026, 4, 13),
        )  # fmt: skip


def test_every_entry_is_on_one_page_and_the_way_back_is_the_way_there(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.NOTIONAL, 40_000, starts_on=date(2026, 4, 6)))
    many_entries(world, case, 45)
    there: list[tuple[EntryRow, ...]] = []
    with world.unit(world.auditor, writes=False, on=date(2026, 4, 13)) as uow:
        about = (uow.session, uow.actor, uow.today, case.phb_id)
        page = entries_page(*about)
        assert page.newer == ""
        there.append(page.rows)
        while page.older:
            page = entries_page(*about, place=Place(page.older, "older"))
            there.append(page.rows)
        back = [page.rows]
        while page.newer:
            page = entries_page(*about, place=Place(page.newer, "newer"))
            back.append(page.rows)
    assert [len(rows) for rows in there] == [20, 20, 6]
    assert back[::-1] == there
    amounts = [row.amount for rows in there for row in rows]
    assert len(set(amounts)) == 46
    assert there[2][-1].what == "Set aside for the budget"


def test_reading_a_budget_takes_as_many_statements_however_much_there_is_of_it(world: World) -> None:
    small = journey.approved(
        world,
        StreamPlan(Method.NOTIONAL, 40_000, starts_on=date(2026, 4, 6)),
        StreamPlan(Method.DIRECT_PAYMENT, 10_000, starts_on=date(2026, 4, 6)),
    )
    large = journey.approved(
        world,
        *[StreamPlan(Method.NOTIONAL, 40_000 + n, starts_on=date(2026, 4, 6)) for n in range(4)],
        *[StreamPlan(Method.DIRECT_PAYMENT, 10_000 + n, starts_on=date(2026, 4, 6)) for n in range(3)],
        person_id=journey.add_person(world, number=journey.NUMBERS[1]),
    )
    many_entries(world, small, 1)

    def count(case: Case) -> int:
        with world.unit(world.finance, writes=False, on=date(2026, 4, 13)) as uow:
            about = (uow.session, uow.actor, uow.today)
            with statements(world.engine) as sent:
                found = case_of(*about, case.reference)
                ways = streams(uow, case)
                plan = plan_of(*about, found.id)
                budget_view(*about, found.id, case.plan_id, ways)
                balance_view(uow.session, uow.actor, found.id, balances_of(uow.session, found.id))
                payments_page(*about, found.id)
                next_periods(*about, found.icb_id, found.id, ways)
                entries_page(*about, found.id)
                history_page(*about, phb_id=found.id)
                reviews_of(*about, found.id, found.head.reference)
                versions_of(*about, found.id, found.head.plan_href)
                plan_acts(uow, found, plan)
            return len(sent)

    first = count(small)
    for n in range(30):
        entry = payments.PaymentEntry(date(2026, 4, 6), date(2026, 4, 12), 100 + n, LineType.AGENCY, f"MORE-{n}")
        world.do(
            world.finance, lambda uow, e=entry, k=n: payments.record_payment(uow, large.streams[0], e, key=f"more {k}"),
            on=date(2026, 4, 13),
        )  # fmt: skip
    assert count(large) == first <= 24
