"""A caseload in a workbook says what it would say as CSV, whatever Excel has made of its cells."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import read_caseload
from tests.gateways.books import book
from tests.gateways.caseload_rows import ANOTHER, ROW, TODAY

FILES = Path(__file__).parents[1] / "data" / "caseload"


def workbook(**sheets: list[dict[str, object]]) -> bytes:
    """A sheet for each list of rows that differ from ``ROW`` as said."""
    return book(
        {
            name: [list(LABELS), *([{**ROW, **row}.get(c) for c in LABELS] for row in rows)]
            for name, rows in sheets.items()
        }
    )


def as_excel_keeps_it(value: str, column: str) -> object:
    """What Excel makes of a cell of the CSV: dates are dates, amounts and NHS numbers are numbers."""
    if column.endswith("_on") or column in ("date_of_birth", "eligible_from"):
        return date.fromisoformat(value) if value else None
    if column in ("weekly_amount", "one_off_amount", "balance"):
        return float(value) if value else None
    return int(value) if column == "nhs_number" and value else value


def test_the_clean_file_as_a_workbook_is_the_clean_file() -> None:
    content = (FILES / "clean.csv").read_bytes()
    lines = list(csv.reader(content.decode().splitlines()))
    rows = [[as_excel_keeps_it(v, c) for v, c in zip(line, lines[0], strict=True)] for line in lines[1:]]
    found = read_caseload(book({"Caseload": [lines[0], *rows]}), today=TODAY)
    assert found.problems == ()
    assert found.rows == read_caseload(content, today=TODAY).rows


def test_the_broken_file_as_a_workbook_has_the_same_faults() -> None:
    content = (FILES / "broken.csv").read_bytes()
    lines = list(csv.reader(content.decode().splitlines()))
    found = read_caseload(book({"Caseload": lines}), today=TODAY)
    assert found.problems == read_caseload(content, today=TODAY).problems


@pytest.mark.parametrize(
    "said",
    ["1970-12-10", "10/12/1970", "10.12.1970", "10 December 1970", "10-Dec-1970", "25912", 25912, 25912.0,
     date(1970, 12, 10)],
)  # fmt: skip
def test_a_date_is_read_in_every_form_it_takes_in_an_office(said: object) -> None:
    found = read_caseload(workbook(S=[{"date_of_birth": said}]), today=TODAY)
    assert found.problems == ()
    assert found.rows[0].date_of_birth == date(1970, 12, 10)


@pytest.mark.parametrize(
    ("column", "said", "words"),
    [
        ("nhs_number", 999000001, "a spreadsheet may have dropped a 0"),
        ("sort_code", 89999, "any 0 at the front"),
        ("account_number", 663749, "put 0s in front"),
        ("weekly_amount", 100.005, "no more than 2 figures after the point"),
        ("date_of_birth", "10/12/70", "year with all 4 figures"),
        ("date_of_birth", 1970, "day, a month and a year"),
    ],
)
def test_what_excel_has_lost_is_not_guessed(column: str, said: object, words: str) -> None:
    found = read_caseload(workbook(S=[{column: said}]), today=TODAY)
    assert [(p.row, p.column) for p in found.problems] == [(2, column)]
    assert words in found.problems[0].reason


def test_streams_of_one_person_on_two_sheets_are_one_budget_or_are_refused_with_both_values() -> None:
    second = {"method": "NOTIONAL", "payee_kind": "", "frequency": "", "balance": "", "balance_on": "",
              "account_name": "", "sort_code": "", "account_number": ""}  # fmt: skip
    found = read_caseload(workbook(Direct=[{}, ANOTHER], Notional=[second]), today=TODAY)
    assert found.problems == ()
    assert found.person_count == 2
    assert found.rows[0].phb_key == found.rows[2].phb_key
    other = read_caseload(workbook(Direct=[{}], Notional=[second | {"family_name": "Lovelace"}]), today=TODAY)
    assert [(str(p.row), p.column) for p in other.problems] == [("2 of “Notional”", "family_name")]
    assert other.problems[0].reason == (
        "Rows 2 of “Direct” and 2 of “Notional” are one person, but the family name is “Byron” in row 2 of “Direct” "
        "and “Lovelace” here. Write the same in both."
    )


def test_one_sheet_can_be_named_and_what_is_passed_over_is_told() -> None:
    content = workbook(Now=[{}], Before=[ANOTHER])
    assert [row.given_name for row in read_caseload(content, today=TODAY, sheet="Before").rows] == ["Mary"]
    notes = read_caseload(book({"Notes": [["hello"]], "S": [list(LABELS), [ROW.get(c) for c in LABELS]]}), today=TODAY)
    assert [(note.row, note.reason) for note in notes.notes] == [
        (0, "The sheet “Notes” was passed over: it has no headings we know.")
    ]


def test_rows_keep_their_numbers_when_one_sheet_is_read() -> None:
    one = read_caseload(workbook(S=[{}, ANOTHER]), today=TODAY)
    assert [replace(row, row=0) for row in one.rows] == [
        replace(row, row=0) for row in read_caseload(workbook(S=[{}], T=[ANOTHER]), today=TODAY).rows
    ]
    assert [row.row for row in one.rows] == [2, 3]
