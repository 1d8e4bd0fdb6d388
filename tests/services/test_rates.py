"""Rates by day: no day has two, every change by two people, and a slip can be put right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from phbportal.domain.errors import NotFound, Refusal
from phbportal.queries.rates import rate_form, rate_view, rates_list
from phbportal.services.change_requests import approve
from phbportal.services.rates import propose_rate, propose_rate_change, read_rate
from phbportal.tables.settings import Rate
from tests.services.asking import refused, rows
from tests.services.proposing import (
    APRIL,
    NEXT_APRIL,
    REASON,
    WAGE,
    proposed_rate,
    proposed_rate_change,
    wage,
    wages,
)
from tests.support.world import World

LAST_APRIL, DAY = date(2025, 4, 1), timedelta(days=1)


def set_rate(world: World, amount: int, starts_on: date) -> None:
    change_id = proposed_rate(world, wage(amount, starts_on))
    world.do(world.approver, lambda uow: approve(uow, change_id))


def test_each_ends_the_day_before_the_next_in_whatever_order_they_are_written(world: World) -> None:
    for amount, day in ((1221, LAST_APRIL), (1340, NEXT_APRIL), (1271, APRIL)):
        set_rate(world, amount, day)
    assert wages(world) == [
        (1221, LAST_APRIL, APRIL - DAY), (1271, APRIL, NEXT_APRIL - DAY), (1340, NEXT_APRIL, None),
    ]  # fmt: skip


def test_a_rate_is_put_right_and_its_neighbours_follow(world: World) -> None:
    set_rate(world, 1221, LAST_APRIL)
    set_rate(world, 1217, APRIL)
    wrong = rows(world, Rate, amount=1217)[0]
    change_id = proposed_rate_change(world, wrong, wage(1271, APRIL + 5 * DAY))
    world.do(world.finance2, lambda uow: approve(uow, change_id))
    assert wages(world) == [(1221, LAST_APRIL, APRIL + 4 * DAY), (1271, APRIL + 5 * DAY, None)]


def test_there_is_one_rate_a_day(world: World) -> None:
    set_rate(world, 1271, APRIL)
    said = refused(world, world.finance, lambda uow: propose_rate(uow, WAGE, wage(1300, APRIL), REASON))
    assert said == "There is a rate from that day already. Change that one instead."
    set_rate(world, 1340, NEXT_APRIL)
    later = rows(world, Rate, amount=1340)[0]
    with pytest.raises(Refusal):
        proposed_rate_change(world, later, wage(1340, APRIL))


def test_a_form_opened_before_somebody_else_changed_the_rate_is_refused(world: World) -> None:
    set_rate(world, 1271, APRIL)
    rate = rows(world, Rate)[0]
    said = refused(
        world, world.finance, lambda uow: propose_rate_change(uow, rate.id, wage(1300), REASON, seen_version=99)
    )
    assert said.startswith("Somebody else changed this rate")


def test_the_list_says_what_holds_today_and_what_is_to_come(world: World) -> None:
    for amount, day in ((1221, LAST_APRIL), (1271, APRIL), (1340, NEXT_APRIL)):
        set_rate(world, amount, day)
    with world.unit(world.cm, writes=False) as uow:
        first = rates_list(uow.session, uow.actor, uow.today)[0]
        before = rates_list(uow.session, uow.actor, APRIL - DAY)[0]
        view = rate_view(uow.session, uow.actor, uow.today, WAGE)
    assert (first.now, first.since, first.coming) == (
        "£12.71 an hour",
        "1 April 2026",
        "£13.40 an hour from 1 April 2027",
    )
    assert (before.now, before.since) == ("£12.21 an hour", "1 April 2025")
    assert [(one.value, one.status, one.ends) for one in view.rows] == [
        ("£13.40 an hour", "To come", ""), ("£12.71 an hour", "In force", "31 March 2027"),
        ("£12.21 an hour", "Past", "31 March 2026"),
    ]  # fmt: skip
    assert not view.may_propose
    assert all(one.change_href == "" for one in view.rows)


def test_those_who_propose_are_led_to_the_form_of_each(world: World) -> None:
    set_rate(world, 1271, APRIL)
    rate = rows(world, Rate)[0]
    with world.unit(world.finance, writes=False) as uow:
        view = rate_view(uow.session, uow.actor, uow.today, WAGE)
        start = rate_form(uow.session, uow.actor, uow.today, WAGE, rate.id)
        with pytest.raises(NotFound):
            rate_form(uow.session, uow.actor, uow.today, "mileage", rate.id)
        with pytest.raises(NotFound):
            rate_view(uow.session, uow.actor, uow.today, "no_such_rate")
    assert view.rows[0].change_href.endswith(f"?row={rate.id}")
    assert (start.value, start.day, start.month, start.year) == ("12.71", "1", "4", "2026")


def test_the_form_is_read_with_every_problem_beside_its_field() -> None:
    with pytest.raises(Refusal) as refusal:
        read_rate({"value": "much"}, WAGE)
    assert [problem.field for problem in refusal.value.problems] == ["value", "starts_on", "source", "reason"]
    typed = {"value": "12.71", "starts_on-day": "1", "starts_on-month": "4", "starts_on-year": "2026",
             "source": "GOV.UK", "reason": "New year."}  # fmt: skip
    assert read_rate(typed, WAGE) == (wage(), "New year.")
    with pytest.raises(NotFound):
        read_rate(typed, "no_such_rate")
