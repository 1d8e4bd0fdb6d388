"""A small world on each kind of database for every test of the services."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.queries.conftest import module_engine
from tests.support.world import World, make_world

__all__ = ["module_engine"]


@pytest.fixture
def world(engine: Engine) -> World:
    """Two boards with their staff; today is 1 April 2026."""
    return make_world(engine, today=date(2026, 4, 1))


@pytest.fixture(scope="module")
def shared_world(module_engine: Engine) -> World:
    """The same for all tests of a module: for those that only ask for what must be refused, and write nothing."""
    return make_world(module_engine, today=date(2026, 4, 1))
