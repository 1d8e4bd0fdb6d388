"""Other people's tables are read whatever program saved them, and refused in words where they cannot be."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.gateways.tabular import Table, Unreadable, read_table, stray_problem

WANTED = {"name": ["Surname", "Last name"], "amount": ["Weekly £"], "town": []}


def read(text: str, encoding: str = "utf-8") -> Table:
    return read_table(text.encode(encoding), wanted=WANTED)


def cells(table: Table, key: str) -> list[str]:
    return [row.cells[key] for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_read_in_any_encoding_an_office_saves(encoding: str) -> None:
    table = read("Surname,Weekly £,Town\nBrontë,£12.50,Truro\n", encoding)
    assert cells(table, "name") == ["Brontë"]
    assert table.columns == {"name": "Surname", "amount": "Weekly £", "town": "Town"}


def test_an_encoding_that_cannot_be_told_is_refused_and_not_guessed() -> None:
    with pytest.raises(Unreadable, match="in which encoding"):
        read("name,town\nFrançois,Nîmes\n", "mac_roman")
    with pytest.raises(Unreadable, match="in which encoding"):
        read_table(b"\xff\xfen", wanted=WANTED)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = read(f"name{delimiter}amount\nHay, Dee{delimiter}3\n".replace("Hay, Dee", '"Hay, Dee"'))
    assert table.delimiter == delimiter
    assert cells(table, "name") == ["Hay, Dee"]


def test_titles_above_the_headings_are_kept_apart_and_counted() -> None:
    table = read("Caseload, finance copy\n\nprinted on Monday\nname,amount\nHay,3\n")
    assert table.titles == ("Caseload finance copy", "printed on Monday")
    assert table.header_row == 4
    assert table.rows[0].number == 5


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    table = read('name,amount\n"Hay\nwood\nHouse",1\n\n,\nDee,2\nTotal,3\nEsk,4\n')
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(2, "Hay wood House"), (5, "Dee"), (7, "Esk")]
    assert table.total_rows == (6,)


@pytest.mark.parametrize("total", ["Total,", "TOTAL,£1,234.50", "Grand total:,3", "Totals,(12.00)", ",Total 14"])
def test_a_row_of_totals_is_passed_over(total: str) -> None:
    quoted = total.replace("£1,234.50", '"£1,234.50"')
    table = read(f"name,amount\nHay,3\n{quoted}\n")
    assert cells(table, "name") == ["Hay"]
    assert table.total_rows == (3,)


def test_somebody_called_total_is_not_a_row_of_totals() -> None:
    table = read("name,amount,town\nTotal Care Ltd,3,Truro\nTotal,3,Truro\n")
    assert cells(table, "name") == ["Total Care Ltd", "Total"]


def test_a_long_cell_that_begins_like_a_total_is_no_total_and_takes_no_time() -> None:
    assert len(read(f"name,amount\ntotal {'1' * 9_000}!,3\n").rows) == 1


def test_headings_are_known_however_they_are_written() -> None:
    table = read("  LAST_NAME , weekly (£)\nHay,3\n")
    assert table.columns == {"name": "LAST_NAME", "amount": "weekly (£)"}


def test_headings_nobody_asked_for_are_listed() -> None:
    table = read("name,amount,Shoe size\nHay,3,7\n")
    assert table.unknown == ("Shoe size",)
    assert table.heading("town") == "town"
    assert table.heading("name") == "name"


def test_headings_repeated_further_down_are_passed_over() -> None:
    assert cells(read("name,amount\nHay,3\nname,amount\nDee,4\n"), "name") == ["Hay", "Dee"]


def test_two_columns_that_say_the_same_are_refused() -> None:
    with pytest.raises(Unreadable, match=r"“Surname” and “Last name”"):
        read("Surname,Last name,amount\nHay,Hay,3\n")


def test_a_comma_that_was_not_quoted_is_said_to_shift_the_row() -> None:
    table = read("name,amount\nHay,1,234.50\nDee,3\n")
    problem = stray_problem(table.rows[0])
    assert problem is not None
    assert problem.row == 2
    assert "more cells than there are headings" in problem.reason
    assert stray_problem(table.rows[1]) is None


def test_a_cell_under_an_empty_heading_is_a_stray_cell() -> None:
    assert read("name,,amount\nHay,note,3\n").rows[0].stray == ("note",)


def test_a_short_row_has_empty_cells_at_its_end() -> None:
    assert read("name,amount,town\nHay\n").rows[0].cells == {"name": "Hay", "amount": "", "town": ""}


def test_nothing_invisible_is_left_in_a_cell() -> None:
    table = read("name,amount\n\u200bHay\xa0 Dee\u00ad ,\ufeff3\n")
    assert table.rows[0].cells["name"] == "Hay Dee"
    assert table.rows[0].cells["amount"] == "3"


def test_noughts_guarded_from_excel_are_read() -> None:
    assert cells(read('name,amount\nHay,="089999"\n'), "amount") == ["089999"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_is_read(ending: str) -> None:
    table = read(ending.join(["name,amount", "Hay,3", "Dee,4", ""]))
    assert [row.number for row in table.rows] == [2, 3]


def test_the_digest_is_of_the_bytes_brought() -> None:
    content = b"\xef\xbb\xbfname,amount\r\nHay,3\r\n"
    assert read_table(content, wanted=WANTED).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \n", "empty|no row of headings"),
        (b"PK\x03\x04\x14\x00\x06\x00", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"%PDF-1.7 name,amount", "PDF"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"  <!DOCTYPE html><table><tr><td>name", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "XML"),
        (b"name,amount\nHay,\x00\x01\x02\n", "not text"),
        (b"n\x00a\x00m\x00e\x00", "not text"),
        (b"Hay,3\nDee,4\n", "no row of headings"),
        (b"name,amount\n", "no rows under the headings in row 1"),
        (b"name,amount\n,\nTotal,\n", "no rows under the headings"),
        (b'name,amount\nHay,3\n"Dee,4\nEsk,5\n', "quotation marks in row 3"),
        (b'name,amount\n"Hay"s,3\n', "quotation marks in row 2"),
        (b"name,amount\nHay,3\n" + b"x" * 10_001 + b",3\n", "Row 3 has a cell of more than 10,000 letters"),
        (b"name,amount\nHay,3\n" + b"x" * 200_000 + b",3\n", "row 3"),
        (b"x" * 200_000 + b",3\nHay,3\n", "no row of headings"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_table(content, wanted=WANTED)


def test_a_file_that_is_too_big_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match=r"0\.2 MB, and 0\.1 MB is the most"):
        read_table(b"name,amount\n" + b"Hay,3\n" * 40_000, wanted=WANTED, max_bytes=104_858)


_UNSEEN = dict.fromkeys([0x034F, *range(0xFE00, 0xFE10)])
_WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters='"='), min_size=1, max_size=12
).filter(lambda word: not word.casefold().startswith(("total", "grand", "sub", "overall")))
_CELL = st.lists(_WORD, max_size=3).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(_WORD, _CELL, _CELL), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoted=st.booleans(),
    titles=st.integers(0, 4),
)
def test_what_was_written_is_what_is_read(
    rows: list[tuple[str, str, str]], delimiter: str, quoted: bool, titles: int
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerows([["A title"]] * titles)
    writer.writerow(["Surname", "Weekly £", "Town"])
    writer.writerows([name, amount.replace(" ", "\n"), town] for name, amount, town in rows)
    table = read(out.getvalue())
    said = [tuple(cell.translate(_UNSEEN) for cell in row) for row in rows]
    assert [tuple(row.cells.values()) for row in table.rows] == [row for row in said if any(row)]
    assert table.header_row == titles + 1


def test_what_stands_below_the_total_and_says_one_thing_is_passed_over_and_told() -> None:
    found = read("Name,Amount\nHay,3\nLow,4\nTotal,7\n,\nChecked by BH,\nOn 6 April,\n")
    assert [row.cells["name"] for row in found.rows] == ["Hay", "Low"]
    assert len(found.notes) == 2
    assert found.notes[0].startswith("Row 6 was passed over")


def test_a_row_that_says_more_or_has_no_total_above_it_is_kept() -> None:
    more = read("Name,Amount\nHay,3\nTotal,3\nLow,\nWye,5\n")
    assert [row.cells["name"] for row in more.rows] == ["Hay", "Low", "Wye"]
    bare = read("Name,Amount\nHay,3\nLow,\n")
    assert [row.cells["name"] for row in bare.rows] == ["Hay", "Low"]
    assert more.notes == bare.notes == ()
