"""The night's acts by themselves, and its walks: what is refused keeps nothing else from being done."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services import walks
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import TRIES, by_itself, walked
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


@pytest.mark.parametrize("losses", range(TRIES + 1))
def test_a_stretch_that_loses_a_race_is_walked_again_and_counted_once(
    engine: Engine, losses: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "STRETCH", 2)
    with open_unit(engine, SYSTEM, writes=True) as uow:
        for number in range(4):
            uow.add(Organisation, kind="SUPPLIER", name=f"Old {number}", search_name=f"old {number}")
    lost: list[UUID] = []

    def renames(uow: UnitOfWork, after: UUID, end: UUID) -> int:
        o = Organisation
        found = uow.session.execute(select(o).where(col(o.id) > after, col(o.id) <= end)).scalars().all()
        for one in found:
            uow.change(one, name=one.name.replace("Old", "New"))
        if after != walks.BEFORE_ALL and len(lost) < losses:  # the second stretch, once it has written
            lost.append(end)
            raise Refusal("Somebody else is changing the same record.")
        return len(found)

    def names() -> list[str]:
        with open_unit(engine, SYSTEM, writes=False) as uow:
            return list(uow.session.execute(select(col(Organisation.name)).order_by(col(Organisation.id))).scalars())

    if losses < TRIES:
        assert walked(engine, Organisation, renames, NOW) == 4
        assert names() == ["New 0", "New 1", "New 2", "New 3"]
    else:
        with pytest.raises(Refusal, match="Somebody else"):
            walked(engine, Organisation, renames, NOW)
        assert names() == ["New 0", "New 1", "Old 2", "Old 3"]
