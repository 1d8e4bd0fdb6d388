"""``phbportal invite``: a code for a board's first two administrators, a proposal for every later member of staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from phbportal.cli.main import main
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM
from phbportal.settings import settings
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Invitation
from tests.cli.import_files import world_of_today
from tests.services.asking import rows
from tests.support.world import World, add_staff

WHO = ["invite", "--icb", "QT1", "--name", "Nia Newcomer", "--email", "nia@example.org"]


@pytest.fixture
def world(engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("PHB_DATABASE_URL", database_url)
    settings.cache_clear()
    yield world_of_today(engine)
    settings.cache_clear()


def test_the_second_administrator_gets_a_code_and_the_third_is_refused(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WHO, "--role", "ADMIN"]) == 0
    assert "Code: " in capsys.readouterr().out
    assert main([*WHO, "--role", "ADMIN"]) == 1
    assert "first two administrators" in capsys.readouterr().err
    assert len(rows(world, Invitation)) == 1


def test_a_member_of_staff_is_proposed_by_the_administrator_who_is_named_and_gets_no_code_yet(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WHO, "--role", "FINANCE"]) == 1
    with world.unit(SYSTEM) as uow:
        add_staff(uow, "admin2", Role.ADMIN, world.icb, world.today)
    by_name = [*WHO, "--role", "APPROVER", "--limit", "1000", "--as", "admin@example.org"]
    assert main(by_name) == 1
    assert "Say why" in capsys.readouterr().err
    assert main([*by_name, "--reason", "Joins the team."]) == 0
    told = capsys.readouterr().out
    (grant,) = rows(world, RoleGrant)
    assert f"/staff/role-grants/{grant.id}" in told
    assert (grant.status, grant.sign_off_limit_pence, grant.proposed_by) == (
        "PROPOSED", 100_000, world.admin.user_id,
    )  # fmt: skip
    assert rows(world, Invitation) == []
