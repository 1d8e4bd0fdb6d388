"""Where somebody signed in belongs: the first page of a role is one its own navigation leads to."""

from __future__ import annotations

import pytest

from phbportal.domain.roles import Role
from phbportal.edge.frame import NAVS, STAFF_NAV
from phbportal.sign_in.own_page import home_of


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_everybody_begins_on_the_first_page_of_their_navigation(role: Role) -> None:
    assert home_of(role) == NAVS.get(role, STAFF_NAV)[0][1]
