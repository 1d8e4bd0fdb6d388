"""``phbportal import``: any list by the same engine as the screens; what it prints, and how it exits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from phbportal.cli.main import main
from phbportal.domain.streams import Method
from phbportal.settings import settings
from phbportal.tables.equipment import Equipment
from phbportal.tables.imports import ImportBatch
from tests.cli.import_files import world_of_today
from tests.gateways.books import book
from tests.support import journey
from tests.support.world import World

STREAM = journey.StreamPlan(Method.NOTIONAL, 10_000)
WHO = ["--icb", "QT1", "--as", "cm@example.org"]


@pytest.fixture(autouse=True)
def database(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PHB_DATABASE_URL", database_url)
    monkeypatch.setenv("PHB_FILES_DIR", str(tmp_path / "files"))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def world(engine: Engine) -> World:
    return world_of_today(engine)


def written(path: Path, *rows: str, headings: str = "Budget reference,Name,Price,Bought on") -> str:
    file = path / "list.csv"
    file.write_text("\n".join([headings, *rows]) + "\n")
    return str(file)


def rows(world: World, table: Any) -> list[Any]:
    with world.unit(world.cm, writes=False) as uow:
        return list(uow.session.execute(select(table)).scalars())


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = main(["import", *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_a_list_is_tried_brought_in_brought_again_and_taken_back(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = journey.draft(world, STREAM).reference
    file = written(tmp_path, f"{reference},Hoist,12.50,6/4/2026", f"{reference},,1,6/4/2026")
    status, said = answer(capsys, "equipment", file, *WHO, "--dry-run")
    assert (status, said["created"], [one["row"] for one in said["refused"]]) == (1, 1, [3])
    assert rows(world, Equipment) == []
    assert list((tmp_path / "files" / "imports").iterdir()) == []

    status, said = answer(capsys, "equipment", file, *WHO)
    assert (status, said["status"], said["created"]) == (1, "DONE", 1)
    (hoist,) = rows(world, Equipment)
    assert hoist.price_pence == 1_250
    brought = said["id"]
    good = written(tmp_path, f"{reference},Hoist,12.50,6/4/2026")
    status, said = answer(capsys, "equipment", good, *WHO)
    assert (status, said["unchanged"], said["created"]) == (0, 1, 0)

    status, said = answer(capsys, "equipment", "--take-back", brought, *WHO)
    assert (status, said["status"]) == (0, "UNDONE")
    assert rows(world, Equipment) == []


def test_a_heading_is_named_and_what_is_wrong_is_said(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = journey.draft(world, STREAM).reference
    file = written(tmp_path, f"{reference},Hoist,1,6/4/2026", headings="Budget reference,Kit,Price,Bought on")
    assert main(["import", "equipment", file, *WHO]) == 1
    assert "No column was chosen for “Name”" in capsys.readouterr().err
    assert main(["import", "equipment", file, *WHO, "--column", "Kit=name"]) == 0
    assert "1 new" in capsys.readouterr().out
    assert main(["import", "nothing", file, *WHO]) == 1
    assert main(["import", "equipment", str(tmp_path / "none.csv"), *WHO]) == 2
    assert main(["import", "equipment", file, "--icb", "QT1", "--as", "clinician@example.org"]) == 1
    assert len(rows(world, ImportBatch)) == 1


def test_a_caseload_needs_a_second_person(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(Path(__file__).parents[1] / "data" / "caseload" / "messy.csv")
    status, said = answer(capsys, "phbs", file, *WHO, "--dry-run")
    assert said["rows"] > 0
    assert status in (0, 1)
    if not said["refused"]:
        assert main(["import", "phbs", file, *WHO]) == 1
        assert "A second person must agree" in capsys.readouterr().err


def test_the_sheets_of_a_workbook_are_named_where_it_is_not_plain_which_are_meant(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = journey.draft(world, STREAM).reference
    ours, theirs = (
        ["Budget reference", "Name", "Price", "Bought on"],
        ["Budget reference", "Thing", "Price", "Bought on"],
    )
    file = tmp_path / "ours.xlsx"
    file.write_bytes(
        book(
            {
                "Ours": [ours, [reference, "Hoist", 10, "2026-04-06"]],
                "Theirs": [theirs, [reference, "Bed", 12, "2026-04-06"]],
            }
        )
    )
    assert main(["import", "equipment", str(file), *WHO]) == 2
    assert "Say with --sheet which sheets are meant. There are: “Ours”, “Theirs”." in capsys.readouterr().err
    assert main(["import", "equipment", str(file), *WHO, "--sheet", "Nobody's"]) == 2
    assert rows(world, ImportBatch) == []
    both = ["--sheet", "ours", "--sheet", "Theirs", "--column", "Thing=name"]
    assert main(["import", "equipment", str(file), *WHO, "--sheet", "Ours"]) == 0
    assert [one.name for one in rows(world, Equipment)] == ["Hoist"]
    status, said = answer(capsys, "equipment", str(file), *WHO, *both)
    assert (status, said["created"], said["unchanged"]) == (0, 1, 1)


def test_a_list_of_which_there_are_two_kinds_asks_which(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "Hay Together,ULO", headings="Organisation,Type")
    who = ["--icb", "QT1", "--as", "admin@example.org"]
    assert main(["import", "providers", file, *who]) == 1
    assert "Say which kind of file with --way: directory, list." in capsys.readouterr().err
    status, said = answer(capsys, "providers", file, *who, "--way", "list")
    assert (status, said["created"]) == (0, 1)
    status, said = answer(capsys, "providers", file, *who, "--way", "list")
    assert (status, said["unchanged"]) == (0, 1), "the same list again is in no doubt"
