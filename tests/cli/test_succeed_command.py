"""``phbportal succeed``: tried, carried out by two people's names, and done once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.cli.main import main
from phbportal.policy.actors import SYSTEM
from phbportal.settings import settings
from phbportal.tables.base import new_id
from phbportal.tables.organisations import OrganisationSuccession
from phbportal.tables.people import PassedOn, PersonResponsibility
from phbportal.tables.phbs import Task
from tests.cli.import_files import world_of_today
from tests.services.asking import rows, rows_in_all
from tests.support import journey
from tests.support.world import World

WHO = ["succeed", "--from", "QT1", "--to", "QT2", "--as", "admin@example.org"]


@pytest.fixture
def world(engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("PHB_DATABASE_URL", database_url)
    settings.cache_clear()
    built = world_of_today(engine)
    journey.add_person(built)
    yield built
    settings.cache_clear()


def today(world: World) -> list[str]:
    return ["--on", world.today.isoformat(), "--reason", "By order of Parliament."]


def test_it_is_tried_carried_out_by_two_and_done_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    main([*WHO, "--dry-run", *today(world)])  # loads the boards of the package, once
    before = rows_in_all(world)
    assert main([*WHO, "--dry-run", *today(world)]) == 0
    told = capsys.readouterr()
    assert "NHS Test Two ICB (QT2) takes over 1 person, 0 budgets, 0 open tasks" in told.out
    assert told.out.endswith("Nothing was written.\n")
    assert rows_in_all(world) == before
    assert main([*WHO, *today(world)]) == 1
    assert "A second person must approve this." in capsys.readouterr().err
    assert main([*WHO, *today(world), "--approve-as", "admin@example.org"]) == 1
    assert "You proposed this, so someone else must decide it." in capsys.readouterr().err
    assert rows_in_all(world) == before


def test_the_second_person_may_be_of_the_board_that_takes_over(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WHO, *today(world), "--approve-as", "other_approver@example.org"]) == 0
    assert capsys.readouterr().out.endswith("It is done.\n")
    (passed,) = rows(world, PassedOn)
    assert (passed.from_icb_id, passed.icb_id) == (world.icb, world.other_icb)
    before = rows_in_all(world)
    assert main([*WHO, *today(world), "--approve-as", "other_approver@example.org"]) == 0
    assert capsys.readouterr().out == "It is done: NHS Test One ICB, taken over by NHS Test Two ICB.\n"
    assert rows_in_all(world) == before
    with world.unit(SYSTEM) as uow:  # somebody at the old board was writing when it was carried out
        uow.add(Task, icb_id=world.icb, kind="test", role="FINANCE", person_id=passed.person_id, sentence="Look.")
    assert main([*WHO, "--approve-as", "nobody@example.org"]) == 0
    assert "1 row written in the moment of it came along." in capsys.readouterr().out
    assert [one.icb_id for one in rows(world, Task)] == [world.other_icb]


def test_a_split_is_by_a_file(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = ["succeed", "--from", "QT1", "--to", "QT2,QYG", "--as", "admin@example.org", *today(world)]
    assert main(to) == 1
    assert "With several boards, say who goes to which of them." in capsys.readouterr().err
    file = tmp_path / "who.csv"
    file.write_text("postcode,board\nSL,QT2\n")
    assert main([*to, "--by", str(file), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert "No line is about 1 person: somebody without a reference, postcode not known." in told.err
    assert "Nobody is meant by 1 line: SL." in told.err
    assert main([*to, "--by", str(file), "--approve-as", "approver@example.org"]) == 1
    assert main([*to, "--by", str(tmp_path / "none.csv")]) == 2
    assert rows(world, PassedOn) == []


def test_the_day_is_taken_from_what_is_known_of_the_boards(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WHO, "--dry-run"]) == 1
    assert "Enter the day the board is taken over." in capsys.readouterr().err
    with world.unit(SYSTEM) as uow:
        uow.add(OrganisationSuccession, id=new_id(), predecessor_id=world.icb, successor_id=world.other_icb,
                succeeds_on=world.today, kind="merger")  # fmt: skip
    assert main([*WHO, "--reason", "x", "--approve-as", "approver@example.org"]) == 0
    with world.unit(SYSTEM, writes=False) as uow:
        starts = uow.session.execute(
            select(col(PersonResponsibility.starts_on)).where(col(PersonResponsibility.icb_id) == world.other_icb)
        ).scalars()
        assert list(starts) == [world.today]
    assert len(rows(world, OrganisationSuccession)) > 1
