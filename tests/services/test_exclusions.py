"""What the money cannot buy: refused where it is written, let through by two people, and what a board adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from phbportal.admin.proposing import propose_form
from phbportal.admin.second import REASON
from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.resources.local_rules import RULES
from phbportal.services import budgets, change_requests, exclusions, excuses, plans
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.local_rules import LocalRule
from phbportal.tables.plans import Outcome, PlanService
from tests.services.asking import Copy, refused, row, rows
from tests.support.world import World

GEL = "Hand gel with alcohol in it"
WHY = "It is for washing hands before a feed, nobody drinks it."
RULE = {"words": "rent", "easy": "Rent", "looks_like": "rent, mortgage", "policy": "PHB policy 4.2"}


def service(world: World, words: str) -> plans.ServiceEntry:
    (outcome,) = rows(world, Outcome)
    return plans.ServiceEntry(words, outcome.id)


def add_rule(world: World, starts_on: date) -> UUID:
    """A rule, as it stands once two people have agreed on it."""
    values = {**RULE, "starts_on": starts_on}
    return world.do(world.finance, lambda uow: exclusions._add_rule(uow, None, values, None))


def test_i21_a_service_the_money_cannot_buy_is_refused_beside_its_words(drafted: Copy) -> None:
    world, case = drafted
    with pytest.raises(Refusal) as refusal:
        world.do(world.cm, lambda uow: plans.add_service(uow, case.plan_id, service(world, "Wine and cigarettes")))
    assert [problem.field for problem in refusal.value.problems] == ["description", "description"]
    assert "(X01)" in str(refusal.value)
    assert "(X02)" in str(refusal.value)
    assert len(rows(world, PlanService)) == 1


def test_i21_a_line_the_money_cannot_buy_is_refused_beside_its_words(drafted: Copy) -> None:
    world, case = drafted
    line = budgets.LineEntry(case.streams[0], LineType.OTHER, 500, 0, None, "Lottery tickets")
    with pytest.raises(Refusal) as refusal:
        world.do(world.cm, lambda uow: budgets.add_line(uow, case.plan_id, line))
    assert [problem.field for problem in refusal.value.problems] == ["description"]


def propose(world: World, plan_id: UUID, words: str = GEL, because: str = WHY) -> UUID:
    return world.do(world.cm, lambda uow: excuses.propose_service(uow, plan_id, service(world, words), because))


def test_two_people_let_through_what_only_looks_like_it(drafted: Copy) -> None:
    world, case = drafted
    request = propose(world, case.plan_id)
    assert len(rows(world, PlanService)) == 1, "nothing is written before the second person"
    for who in (world.finance, world.clinician, world.other_approver):
        refused(world, who, lambda uow: change_requests.approve(uow, request))
    made = world.do(world.approver, lambda uow: change_requests.approve(uow, request))
    found = row(world, PlanService, made)
    assert (found.description, found.excused, found.excused_because) == (GEL, "X01", WHY)
    line = budgets.LineEntry(case.streams[0], LineType.OTHER, 500, 0, made, "Alcohol gel")
    world.do(world.cm, lambda uow: budgets.add_line(uow, case.plan_id, line))
    told = [event.details for event in rows(world, AuditEvent) if event.kind == "change_proposed"]
    assert told
    assert not [details for details in told if "gel" in details], "history tells no one's words"


def test_whoever_proposed_it_does_not_agree_to_it_in_another_role(drafted: Copy) -> None:
    world, case = drafted
    request = propose(world, case.plan_id)
    both = replace(world.approver, user_id=world.cm.user_id)
    said = refused(world, both, lambda uow: change_requests.approve(uow, request))
    assert said == "You proposed this, so someone else must decide it."


def test_a_reason_is_not_taken_where_nothing_stands_in_the_way(drafted: Copy) -> None:
    world, case = drafted
    with pytest.raises(Refusal, match="Nothing stands in the way"):
        propose(world, case.plan_id, "Support at home")


def test_a_rule_that_came_since_sends_the_excuse_back(drafted: Copy) -> None:
    world, case = drafted
    request = propose(world, case.plan_id, "Alcohol gel for the rented bathroom")
    add_rule(world, world.today)
    said = refused(world, world.approver, lambda uow: change_requests.approve(uow, request))
    assert "a rule now that this was not judged by (L01)" in said


@pytest.mark.parametrize(("day", "holds"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_rule_of_the_board_holds_from_its_first_day_to_its_last(drafted: Copy, day: int, holds: bool) -> None:
    world, _case = drafted
    starts = world.today + timedelta(days=10)
    rule = add_rule(world, starts)
    last = {"ends_on": starts + timedelta(days=30)}
    world.do(world.finance, lambda uow: exclusions._end_rule(uow, rule, last, None))
    on = starts + timedelta(days=day)

    def found(uow: UnitOfWork) -> Any:
        return [one.code for one in exclusions.found_in(uow, world.icb, "Three months of rent")]

    assert world.do(world.cm, found, on=on) == (["L01"] if holds else [])
    assert world.do(world.other_cm, lambda uow: exclusions.found_in(uow, world.other_icb, "rent"), on=on) == ()


def test_a_rule_is_written_by_two_people_and_numbered_in_its_board(world: World) -> None:
    form = RULES.new
    assert form is not None
    for words in ("rent", "travel abroad"):
        given = {**RULE, "words": words, "starts_on": world.today, REASON.name: "Agreed in March."}
        request = world.do(world.finance, lambda uow, it=given: propose_form(uow, RULES, form, None, it))
        own = replace(world.approver, user_id=world.finance.user_id)
        assert "You proposed this" in refused(world, own, lambda uow, it=request: change_requests.approve(uow, it))
        world.do(world.approver, lambda uow, it=request: change_requests.approve(uow, it))
    assert [(rule.code, rule.search_words) for rule in rows(world, LocalRule)] == [
        ("L01", "rent"), ("L02", "travel abroad"),
    ]  # fmt: skip


def test_a_rule_does_not_begin_or_end_in_the_past(world: World) -> None:
    with pytest.raises(Refusal, match="stands"):
        add_rule(world, world.today - timedelta(days=1))
    rule = add_rule(world, world.today)
    for last in (world.today - timedelta(days=2), world.today - timedelta(days=1)):
        with pytest.raises(Refusal):
            world.do(world.finance, lambda uow, on=last: exclusions._end_rule(uow, rule, {"ends_on": on}, None))
