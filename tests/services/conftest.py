"""A small world on each kind of database for every test of the services."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.support.world import World, make_world


@pytest.fixture
def world(engine: Engine) -> World:
    """Two boards with their staff; today is 1 April 2026."""
    return make_world(engine, today=date(2026, 4, 1))
