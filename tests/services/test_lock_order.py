"""Two acts on one budget, each with its first lock taken before the other goes on: both come to an end (ADR 0040).
In different orders PostgreSQL would kill one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from threading import Barrier, BrokenBarrierError, local
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from phbportal.domain.errors import Refusal
from phbportal.domain.reconsiderations import Asker, How, Outcome
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import budgets, decisions, endings, payments, plans
from phbportal.services.decisions import carry_out_decisions
from phbportal.services.reconsiderations import Answer, AskedEntry, answer_asked, record_asked
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.payments import PaymentItem
from tests.services.asking import NEXT_END, NEXT_START, Act, Paying, payment, row, rows
from tests.services.deciding import REASONS, issued, reduce
from tests.services.together import all_together
from tests.support.world import World, at

DAY, ISSUED, LAST = date(2026, 10, 5), date(2026, 9, 1), date(2026, 5, 4)
WAIT = 0.3


@contextmanager
def meeting(world: World, parties: int) -> Iterator[None]:
    """Whoever has taken a first lock waits a moment for the others to take theirs."""
    barrier, mine = Barrier(parties), local()

    def met(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        locks = statement.rstrip().endswith("UPDATE") or " UPDATE OF " in statement
        if locks and not getattr(mine, "met", False):
            mine.met = True
            with suppress(BrokenBarrierError):  # the other waits for what this one holds, as it should
                barrier.wait(WAIT)

    event.listen(world.engine, "after_cursor_execute", met)
    yield
    event.remove(world.engine, "after_cursor_execute", met)


def both(world: World, *acts: tuple[Actor, Act], on: date) -> list[Any]:
    """Do all acts at once, each on a connection of its own. What came of each, or what it raised."""
    with meeting(world, len(acts)):
        return all_together(*(partial(world.do, by, act, on=on) for by, act in acts))


def none_was_killed(outcomes: list[Any]) -> None:
    killed = [one for one in outcomes if isinstance(one, BaseException) and "same record" in str(one)]
    assert not killed, outcomes
    assert all(isinstance(one, Refusal) for one in outcomes if isinstance(one, BaseException)), outcomes


def carry_out(live: Paying) -> tuple[Actor, Act]:
    """A reduction whose day has come."""
    decision = issued(live.world, live.case, reduce(live.stream, 112_000, DAY), on=ISSUED)
    return SYSTEM, partial(decisions._carry_out, decision_id=decision)


def recording(live: Paying) -> tuple[Actor, Act]:
    return live.world.finance, live.recording(NEXT_START, NEXT_END, key="next")


def confirming(live: Paying) -> tuple[Actor, Act]:
    reference = live.record(NEXT_START, NEXT_END, key="next")
    return live.world.finance2, live.confirming(reference, DAY)


def cancelling(live: Paying) -> tuple[Actor, Act]:
    item = payment(live.world, live.record(NEXT_START, NEXT_END, key="next")).id
    return live.world.finance, lambda uow: payments.cancel_payment(uow, item, reason="Wrong days.")


def ending(live: Paying) -> tuple[Actor, Act]:
    values = {"phb_id": live.case.phb_id, "reason": "MOVED_AREA", "ends_on": LAST,
              "care": "Leeds arranges the same help from 5 May."}  # fmt: skip
    return live.world.cm, lambda uow: endings.begin_ending(uow, values)


def growing(live: Paying) -> tuple[Actor, Act]:
    entry = budgets.StreamEntry(Method.NOTIONAL, PayeeKind.NONE, DAY, Frequency.FOUR_WEEKLY)
    plan = live.world.do(live.world.cm, lambda uow: plans.start_plan(uow, live.case.phb_id).id)
    return live.world.cm, lambda uow: budgets.add_stream(uow, plan, entry)


def reversing(live: Paying, decision: UUID) -> Act:
    """A decision that somebody asked to be looked at again is reversed."""
    asked = AskedEntry(Asker.HOLDER, "Amina", How.LETTER, DAY, "I do not agree with this.")
    found = live.world.do(live.world.cm, lambda uow: record_asked(uow, decision, asked), on=DAY)
    return lambda uow: answer_asked(uow, found, Answer(Outcome.REVERSED, REASONS))


MAKES: dict[str, Callable[[Paying], tuple[Actor, Act]]] = {
    "record": recording, "confirm": confirming, "cancel": cancelling, "end": ending, "grow": growing,
}  # fmt: skip


@pytest.fixture
def live(direct: Paying) -> Paying:
    direct.confirm(direct.record())
    return direct


@pytest.mark.parametrize("name", MAKES)
def test_a_reduction_on_its_day_and_another_act_on_the_same_budget_both_come_to_an_end(live: Paying, name: str) -> None:
    other = MAKES[name](live)
    outcomes = both(live.world, carry_out(live), other, on=DAY)
    none_was_killed(outcomes)
    assert outcomes[0] is True
    versions = [one.version for one in rows(live.world, BudgetVersion, phb_id=live.case.phb_id)]
    assert len(set(versions)) == len(versions)


@pytest.mark.parametrize("name", ["record", "confirm", "cancel"])
def test_an_end_and_a_payment_at_once_leave_no_payment_for_days_after_it(live: Paying, name: str) -> None:
    outcomes = both(live.world, ending(live), MAKES[name](live), on=DAY)
    none_was_killed(outcomes)
    assert outcomes[0] is None or not isinstance(outcomes[0], BaseException), outcomes
    assert not [one for one in rows(live.world, PaymentItem, status="PLANNED") if one.period_end > LAST]


def test_two_decisions_about_one_stream_reversed_at_once_both_come_to_an_end(live: Paying) -> None:
    """The later one found what the earlier had left, so the earlier writes into it."""
    world = live.world
    first = issued(world, live.case, reduce(live.stream, 112_000, date(2026, 9, 30)), on=ISSUED)
    carry_out_decisions(world.engine, now=at(date(2026, 9, 30)))
    second = issued(world, live.case, reduce(live.stream, 100_000, DAY), on=date(2026, 9, 2))
    carry_out_decisions(world.engine, now=at(DAY))
    acts = [(world.approver2, reversing(live, one)) for one in (first, second)]
    none_was_killed(both(world, *acts, on=DAY))
    assert row(world, Stream, live.stream).weekly_pence == 125_000
