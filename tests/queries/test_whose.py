"""Whose a row is, however far its person stands from it: each look at a record is noted with its person (I33)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.streams import Method
from phbportal.queries.whose import budget_of, budgets_of, person_of
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.consents import Consent
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan, PlanService
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.world import World, make_world


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=date(2026, 4, 1))


def test_a_row_leads_to_its_person_and_its_budget(world: World) -> None:
    person = journey.add_person(world)
    journey.allow_direct_payment(world, person)
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 20_000), person_id=person)
    tables: tuple[Any, ...] = (Phb, Plan, Outcome, PlanService, BudgetVersion, BudgetLine, Stream)
    with world.unit(world.cm, writes=False) as uow:
        for table in tables:
            rows = uow.session.execute(select(person_of(table), budget_of(table)).select_from(table)).all()
            known = case.phb_id if table is not Phb else None  # a budget is the budget: nothing leads to it
            assert set(rows) == {(person, known)}, table.__name__
        lines = list(uow.session.execute(select(col(BudgetLine.id))).scalars())
        assert budgets_of(BudgetLine)(uow.session, uow.actor, uow.today, lines) == dict.fromkeys(lines, case.reference)
        assert set(uow.session.execute(select(person_of(Consent), budget_of(Consent)).select_from(Consent))) == {
            (person, None)
        }
        nobodys = uow.session.execute(
            select(person_of(Organisation), budget_of(Organisation)).select_from(Organisation)
        )
        assert set(nobodys) == {(None, None)}
