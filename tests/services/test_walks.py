"""The night's acts by themselves: one that is refused keeps nothing else from being done."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import by_itself
from phbportal.tables.organisations import Organisation

NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)


def founds(name: str, *, refused: bool = False) -> object:
    def act(uow: UnitOfWork) -> int:
        uow.add(Organisation, kind="SUPPLIER", name=name, search_name=name.lower())
        if refused:
            raise Refusal(f"{name} may not be founded.")
        return 1

    return act


def test_what_is_refused_leaves_nothing_half_written_and_names_nobody(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "phbportal.night"):
        done = [
            by_itself(engine, founds("First"), "organisation", UUID(int=1), NOW),  # pyright: ignore
            by_itself(engine, founds("Second", refused=True), "organisation", UUID(int=2), NOW),  # pyright: ignore
            by_itself(engine, founds("Third"), "organisation", UUID(int=3), NOW),  # pyright: ignore
        ]
    assert done == [1, 0, 1]
    with open_unit(engine, SYSTEM, writes=False) as uow:
        names = uow.session.execute(select(col(Organisation.name)).order_by(col(Organisation.name))).scalars().all()
    assert names == ["First", "Third"]
    (said,) = caplog.messages
    assert str(UUID(int=2)) in said
    assert "Second" not in said
