"""A large workbook, which another process opens: what it hands over, and what becomes of one that ends it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from phbportal.gateways import workbook_process, workbooks
from phbportal.gateways.import_files import first_rows
from phbportal.gateways.table_rows import Unreadable
from phbportal.gateways.tabular import read_table
from phbportal.gateways.workbook_process import read_sheets
from tests.gateways.books import book, changed

WANTED = {"name": ["Surname"], "born": ["DOB"], "amount": ["Weekly £"]}
HEAD = ["Surname", "DOB", "Weekly £"]


def _spoil(_made: Any, sheets: dict[str, Any]) -> None:
    sheets["Adults"].merge_range(3, 0, 4, 0, "Siân “Ó” \U0001f9d1")
    sheets["Old"].hide()
    sheets["Old"].set_row(2, None, None, {"hidden": True})


ROWS = [[f"Hay{n}", date(1970, 12, 10), 10**16 if n == 7 else n / 4] for n in range(600)]
SEVERAL = book({"Notes": [["for us"]], "Old": [HEAD, *ROWS[:3]], "Adults": [HEAD, *ROWS]}, _spoil)


@pytest.fixture(autouse=True)
def any_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_process, "LARGE", 0)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were begun."""
    begun: list[subprocess.Popen[bytes]] = []
    begin: Any = subprocess.Popen

    def noted(*args: Any, **more: Any) -> subprocess.Popen[bytes]:
        begun.append(begin(*args, **more))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    return begun


def test_rows_come_from_another_process_as_they_are_read_in_this_one(begun: list[subprocess.Popen[bytes]]) -> None:
    def all_of(read: Callable[[bytes], Any]) -> list[Any]:
        return [(one.name, one.hidden, one.hidden_rows, list(one.rows)) for one in read(SEVERAL)]

    found = all_of(read_sheets)
    assert found == all_of(workbooks.read_sheets)
    assert [(name, hidden, len(rows)) for name, hidden, _, rows in found] == [
        ("Notes", False, 1), ("Old", True, 4), ("Adults", False, 601),
    ]  # fmt: skip
    assert found[2][3][8].doubts.keys() == {2}, "a number too long"
    assert len(begun) == 1


def test_a_table_and_its_headings_are_read_past_sheets_nobody_asked_for(begun: list[subprocess.Popen[bytes]]) -> None:
    table = read_table(SEVERAL, wanted=WANTED)
    assert (table.sheets, len(table.rows)) == (("Adults",), 600)
    assert table.notes[0].startswith("The sheet “Old” was passed over")
    assert [(one.name, one.count, len(one.rows)) for one in first_rows(SEVERAL)] == [("Old", 4, 4), ("Adults", 601, 50)]
    assert all(one.returncode is not None for one in begun), "none is left"


def test_why_a_workbook_cannot_be_read_is_told_in_the_same_words() -> None:
    spoilt = changed(SEVERAL, "xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"')
    with pytest.raises(Unreadable, match="counts its days from 1904"):
        list(read_sheets(spoilt))


def test_a_workbook_that_wants_a_newer_reader_is_told_in_a_sentence() -> None:
    made = bytearray(SEVERAL)
    listed = made.index(b"PK\x01\x02")
    made[listed + 6] = 255  # the version of zip needed to unpack it
    with pytest.raises(Unreadable, match="is damaged"):
        list(read_sheets(bytes(made)))


def test_nothing_that_lies_beside_the_files_brought_in_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever brings in files from a folder others write to runs nothing of theirs."""
    (tmp_path / "zipfile.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert [sheet.name for sheet in read_sheets(SEVERAL)] == ["Notes", "Old", "Adults"]


def test_a_process_that_ends_in_the_midst_is_told_in_a_sentence(begun: list[subprocess.Popen[bytes]]) -> None:
    sheets = read_sheets(book({"Adults": [HEAD, *ROWS * 20]}))  # more than a pipe holds
    sheet = next(sheets)
    begun[0].kill()
    with pytest.raises(Unreadable, match="could not be opened: it is damaged, or too large"):
        list(sheet.rows)


def test_whoever_stops_reading_leaves_no_process_behind(begun: list[subprocess.Popen[bytes]]) -> None:
    for sheet in read_sheets(SEVERAL):
        next(sheet.rows)
        break
    del sheet
    assert begun[0].returncode is not None


@pytest.mark.skipif(sys.platform != "linux", reason="looks at a process the way Linux shows it")
def test_the_process_has_no_settings_and_only_so_much_memory_and_time(
    begun: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHB_KEY", "secret")
    sheets = read_sheets(SEVERAL)
    next(sheets)
    number = begun[0].pid
    with open(f"/proc/{number}/environ", "rb") as there:
        assert b"PHB_" not in there.read()
    assert resource.prlimit(number, resource.RLIMIT_AS)[0] == workbook_process.MOST_MEMORY
    assert resource.prlimit(number, resource.RLIMIT_CPU)[0] == workbook_process.MOST_SECONDS
    assert os.getpriority(os.PRIO_PROCESS, number) > os.getpriority(os.PRIO_PROCESS, 0)
    sheets.close()


def test_a_small_workbook_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(*_args: Any, **_more: Any) -> None:
        raise AssertionError("a process was begun")

    monkeypatch.setattr(workbook_process, "LARGE", 1024 * 1024)
    monkeypatch.setattr(subprocess, "Popen", begin)
    assert [sheet.name for sheet in read_sheets(SEVERAL)] == ["Notes", "Old", "Adults"]
    monkeypatch.setattr(workbook_process, "LARGE", 0)
    with pytest.raises(AssertionError, match="a process was begun"):
        list(read_sheets(SEVERAL))
