"""What of a plan's parts is told to whoever a part is shared with, and what is the team's."""

from __future__ import annotations

from typing import Any

import pytest

from phbportal.admin.sight import seen
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.resources.plans import SERVICES

WHY: Any = ("excused", "excused_because", "exempt", "exempt_because", "exempt_on")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.NOMINEE])
def test_a_service_that_is_shared_does_not_tell_why_two_people_let_it_off(role: Role) -> None:
    assert [one.name for one in seen(Actor(role), SERVICES, ("description", *WHY))] == ["description"]


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.APPROVER, Role.HOLDER])
def test_the_team_and_the_person_read_why(role: Role) -> None:
    assert [one.name for one in seen(Actor(role), SERVICES, WHY)] == list(WHY)
