"""The night's acts by themselves, and its walks: what is refused keeps nothing else from being done."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services import walks
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import TRIES, Left, One, Stretch, by_itself, come_back, part, walked
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


def organisations(engine: Engine, many: int) -> list[UUID]:
    with open_unit(engine, SYSTEM, writes=True) as uow:
        return [uow.add(Organisation, kind="SUPPLIER", name=f"Old {n}", search_name=f"old {n}").id for n in range(many)]


class Renames:
    """A walk that finds some rows held."""

    def __init__(self, *held: UUID) -> None:
        self.held, self.refusals = set(held), 0

    def __call__(self, uow: UnitOfWork, after: UUID, end: UUID) -> int:
        o = Organisation
        found = uow.session.execute(select(o).where(col(o.id) > after, col(o.id) <= end)).scalars().all()
        for one in found:
            uow.change(one, name=one.name.replace("Old", "New"))
        if self.held & {one.id for one in found}:
            self.refusals += 1
            raise Refusal("Somebody else is changing the same record.")
        return len(found)


def names_now(engine: Engine) -> list[str]:
    with open_unit(engine, SYSTEM, writes=False) as uow:
        return list(uow.session.execute(select(col(Organisation.name)).order_by(col(Organisation.id))).scalars())


def test_a_stretch_that_is_held_is_come_back_to_and_only_the_held_row_is_left(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(walks, "STRETCH", 5)
    ids, left = organisations(engine, 12), Left()
    renames = Renames(ids[3])
    assert walked(engine, Organisation, renames, NOW, left) == 7, "the other stretches are not kept waiting"
    assert left.things == [Stretch(Organisation, renames, walks.BEFORE_ALL, ids[4])]
    assert left.of(renames) == left.things
    with caplog.at_level(logging.ERROR, "phbportal.night"):
        assert come_back(engine, left, NOW)[renames] == 4
    assert left.things == [Stretch(Organisation, renames, ids[2], ids[3])]
    assert [name.split()[0] for name in names_now(engine)] == ["New"] * 3 + ["Old"] + ["New"] * 8
    (said,) = caplog.messages
    assert str(ids[3]) in said
    assert "Old" not in said

    renames.held.clear()
    assert come_back(engine, left, NOW)[renames] == 1
    assert left.things == []
    assert set(names_now(engine)) == {f"New {n}" for n in range(12)}


def test_a_night_does_not_wait_for_ever_where_everything_is_held(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "MOST_REFUSED", 3)
    ids, left = organisations(engine, 8), Left()
    renames = Renames(*ids)
    assert walked(engine, Organisation, renames, NOW, left) == 0
    before = renames.refusals
    assert come_back(engine, left, NOW)[renames] == 0
    assert renames.refusals == before + 3
    ends = [(one.after, one.end) for one in left.of(renames)]
    assert ends[0][0] == walks.BEFORE_ALL
    assert ends[-1][1] == ids[-1]
    assert all(one[1] == following[0] for one, following in pairwise(ends)), "none is forgotten"


def test_a_night_does_not_wait_for_ever_for_acts_that_are_held(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "MOST_REFUSED", 3)
    tried: list[int] = []

    def held(_uow: UnitOfWork, n: int) -> int:
        tried.append(n)
        raise Refusal("Somebody else is changing the same record.")

    renames = Renames()
    end = organisations(engine, 1)[-1]
    left = Left([One(partial(held, n=n), "act", UUID(int=n)) for n in range(1, 9)])
    left.things.append(Stretch(Organisation, renames, walks.BEFORE_ALL, end))
    assert come_back(engine, left, NOW)[renames] == 1, "acts cost a walk nothing"
    assert tried == [1, 2, 3]
    assert [one.row_id for one in left.things if isinstance(one, One)] == [UUID(int=n) for n in range(1, 9)]


def test_acts_and_parts_are_come_back_to_in_their_order(engine: Engine) -> None:
    left, did, busy = Left(), list[str](), {"act", "whole part"}

    def act(_uow: UnitOfWork) -> int:
        return does("act")

    def whole_part(_engine: Engine, *, now: datetime | None = None) -> int:
        return does("whole part")

    def does(name: str) -> int:
        if name in busy:
            raise Refusal("Somebody else is changing the same record.")
        did.append(name)
        return 1

    assert by_itself(engine, act, "act", UUID(int=1), NOW, left) == 0
    assert part(engine, whole_part, NOW, left) == 0
    busy.discard("act")
    come_back(engine, left, NOW)
    assert did == ["act"]
    assert [getattr(one, "name", "") for one in left.things] == ["whole part"]
    assert not any(isinstance(one, One) for one in left.things)
    busy.clear()
    come_back(engine, left, NOW)
    assert (did, left.things) == (["act", "whole part"], [])
