"""Who could grant a role: on a board's first day its one administrator is told that nobody can."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM
from phbportal.queries.users import somebody_else_grants
from phbportal.services.unit_of_work import open_unit
from phbportal.services.unsaid import Unsaid
from phbportal.tables.organisations import Organisation
from tests.support.world import add_staff, at

TODAY = date(2026, 4, 6)


def test_a_board_s_only_administrator_has_nobody_to_grant_what_they_propose(engine: Engine) -> None:
    with open_unit(engine, SYSTEM, writes=True, now=at(TODAY)) as uow:
        board = uow.add(Organisation, kind="ICB", name="NHS New ICB", search_name="nhs new icb", ods_code="QN1")
        first = add_staff(uow, "first", Role.ADMIN, board.id, TODAY)
        add_staff(uow, "writes_plans", Role.CASE_MANAGER, board.id, TODAY)
        assert not somebody_else_grants(uow.session, first, TODAY)
        add_staff(uow, "second", Role.ADMIN, board.id, TODAY)
        assert somebody_else_grants(uow.session, first, TODAY)
        uow.unsaid = Unsaid()
