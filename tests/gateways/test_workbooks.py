"""Workbooks from life: each ends in rows, or in a sentence that says what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime

import pytest

from phbportal.gateways.table_rows import Place, whereabouts
from phbportal.gateways.tabular import Table, Unreadable, read_table, stray_problem
from tests.gateways.books import book, changed, repacked, zipped

WANTED = {"name": ["Surname"], "born": ["DOB"], "amount": ["Weekly £"], "town": []}
HEAD = ["Surname", "DOB", "Weekly £", "Town"]
HAY = ["Hay", date(1970, 12, 10), 12.5, "Truro"]
DEE = ["Dee", date(1980, 1, 2), 3, "Bath"]
SHEET = "xl/worksheets/sheet1.xml"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD = book({"Caseload": [HEAD, HAY, DEE]})


def read(content: bytes, sheet: str | None = None) -> Table:
    return read_table(content, wanted=WANTED, sheet=sheet)


def column(table: Table, key: str) -> list[str]:
    return [row.cells[key] for row in table.rows]


def test_a_workbook_reads_as_its_csv_would() -> None:
    table = read(GOOD)
    assert [row.values for row in table.rows] == [
        ("Hay", "1970-12-10", "12.5", "Truro"),
        ("Dee", "1980-01-02", "3", "Bath"),
    ]
    assert [row.number for row in table.rows] == [2, 3]
    assert not any(isinstance(row.number, Place) for row in table.rows)
    assert (table.sheets, table.header_row, table.encoding, table.delimiter) == (("Caseload",), 1, "", "")
    assert table.sha256 == hashlib.sha256(GOOD).hexdigest()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (9990000018, "9990000018"),  # an NHS number kept as a number
        (9990000018.0, "9990000018"),
        ("999 000 0018", "999 000 0018"),
        (0.1 + 0.2, "0.3"),  # what a computer sees behind the point
        (1234.5, "1234.5"),
        ("£1,234.50", "£1,234.50"),
        (-86.4, "-86.4"),
        (46118, "46118"),  # a date that lost its format: the reader of the column knows
        (datetime(2026, 4, 6), "2026-04-06"),  # noqa: DTZ001
        (datetime(2026, 4, 6, 9, 30), "2026-04-06 09:30:00"),  # noqa: DTZ001
        ("line\nbreak \u200b\xa0 and blanks   ", "line break and blanks"),
        ('="089999"', "089999"),
    ],
)
def test_a_cell_says_what_a_person_reads_in_it(value: object, said: str) -> None:
    table = read(book({"S": [HEAD, ["Hay", value, 1, "Truro"]]}))
    assert column(table, "born") == [said]


def test_a_table_that_stands_away_from_the_corner_is_found_and_its_rows_are_numbered_as_excel_does() -> None:
    away = [
        [],
        [None, "Caseload 2026"],
        [],
        [None, None, *HEAD],
        [],
        [None, None, *HAY],
        [None, None, "Total", None, 9],
    ]
    table = read(book({"S": away}))
    assert table.titles == ("Caseload 2026",)
    assert (table.header_row, table.total_rows) == (4, (7,))
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(6, "Hay")]


def test_blank_rows_that_are_only_formatted_say_nothing() -> None:
    def format_far_down(made, sheets) -> None:
        grey = made.add_format({"bg_color": "#eeeeee"})
        sheets["S"].set_column(0, 200, None, grey)
        sheets["S"].write_blank(900_000, 3, None, grey)
        sheets["S"].write_blank(2, 16_000, None, grey)

    assert column(read(book({"S": [HEAD, HAY, DEE]}, format_far_down)), "name") == ["Hay", "Dee"]


def test_a_formula_that_was_worked_out_is_its_value() -> None:
    def add(made, sheets) -> None:
        sheets["S"].write_formula("C2", "=5*3", None, 15)
        sheets["S"].write_formula("D2", '=""', None, "")

    table = read(book({"S": [HEAD, HAY]}, add))
    assert table.rows[0].values == ("Hay", "1970-12-10", "15", "")
    assert stray_problem(table.rows[0]) is None


def _formula(cell: str, value: object = 15) -> Callable:
    return lambda made, sheets: sheets["S"].write_formula(cell, "=5*3", None, value)


NO_VALUE = changed(book({"S": [HEAD, HAY, DEE]}, _formula("C3")), SHEET, b"<v>15</v>", b"")


def _merge(made, sheets) -> None:
    sheets["S"].merge_range("C2:C3", 12.5)


@pytest.mark.parametrize(
    ("content", "row", "heading", "words"),
    [
        (NO_VALUE, 3, "Weekly £", "never worked out"),
        (book({"S": [HEAD, HAY, DEE]}, _formula("C3", "#DIV/0!")), 3, "Weekly £", "shows an error"),
        (book({"S": [HEAD, HAY, ["Dee", None, "#N/A", "Bath"]]}), 3, "Weekly £", "shows an error"),
        (book({"S": [HEAD, HAY, DEE]}, _merge), 3, "Weekly £", "merged with others. Unmerge them"),
        (book({"S": [HEAD, HAY, ["Dee", None, 6759649826438453123, "Bath"]]}), 3, "Weekly £", "more than 15 figures"),
    ],
    ids=["formula not worked out", "formula in error", "error as text", "merged", "long number"],
)  # fmt: skip
def test_a_cell_in_doubt_refuses_its_row_and_no_other(content: bytes, row: int, heading: str, words: str) -> None:
    doubtful = [problem for line in read(content).rows if (problem := stray_problem(line))]
    assert [(problem.row, problem.column) for problem in doubtful] == [(row, heading)]
    assert words in doubtful[0].reason


def test_formulas_of_a_program_that_never_worked_them_out_are_not_believed() -> None:
    # XlsxWriter and others write 0 beside a formula, and ask Excel to work it out when it opens the file.
    made = book({"S": [HEAD, HAY, DEE]}, _formula("C3", 0))
    assert column(read(made), "amount") == ["12.5", "0"]
    asked = changed(made, "xl/workbook.xml", b"<calcPr", b'<calcPr fullCalcOnLoad="1"')
    problem = stray_problem(read(asked).rows[1])
    assert problem is not None
    assert "never worked out" in problem.reason


def test_merged_titles_and_merged_blanks_do_no_harm() -> None:
    def merge(made, sheets) -> None:
        sheets["S"].merge_range("A1:D1", "Caseload")
        sheets["S"].merge_range("F2:F4", "")

    table = read(book({"S": [["Caseload"], HEAD, HAY, DEE]}, merge))
    assert table.titles == ("Caseload",)
    assert [stray_problem(row) for row in table.rows] == [None, None]


def test_hidden_rows_are_neither_taken_nor_lost_in_silence() -> None:
    def hide(made, sheets) -> None:
        sheets["S"].set_row(2, None, None, {"hidden": True})
        sheets["S"].set_row(7, None, None, {"hidden": True})  # nothing stands there

    with pytest.raises(Unreadable, match=r"Some rows of “S” are hidden, perhaps by a filter \(3\)\. Clear the filter"):
        read(book({"S": [HEAD, HAY, DEE]}, hide))

    def hide_blank(made, sheets) -> None:
        sheets["S"].set_row(7, None, None, {"hidden": True})

    assert len(read(book({"S": [HEAD, HAY, DEE]}, hide_blank)).rows) == 2


def test_sheets_with_the_same_headings_are_read_one_after_the_other() -> None:
    table = read(
        book({"Adults": [HEAD, HAY], "Children": [["Young people"], HEAD[::-1], DEE[::-1]], "Notes": [["Hello"]]})
    )
    assert table.sheets == ("Adults", "Children")
    assert column(table, "name") == ["Hay", "Dee"]
    assert [str(row.number) for row in table.rows] == ["2 of “Adults”", "3 of “Children”"]
    assert [whereabouts(row.number) for row in table.rows] == [("Adults", 2), ("Children", 3)]
    assert len({row.number for row in table.rows}) == 2
    assert table.notes == ("The sheet “Notes” was passed over: it has no headings we know.",)


def test_sheets_with_other_headings_are_refused_until_one_is_named() -> None:
    content = book({"Adults": [HEAD, HAY], "Old": [["Surname", "Weekly £", "Shoe size"], ["Esk", 2, 7]]})
    with pytest.raises(Unreadable, match=r"“Adults” has “DOB” and “Town” and only “Old” has “Shoe size”.*Say which"):
        read(content)
    assert column(read(content, sheet=" old "), "name") == ["Esk"]
    assert [row.number for row in read(content, sheet="Old").rows] == [2]
    with pytest.raises(Unreadable, match=r"There is no sheet “Older” in this workbook\. It has “Adults” and “Old”"):
        read(content, sheet="Older")


def test_a_hidden_sheet_is_passed_over_and_said_to_be_or_read_when_named() -> None:
    def hide(made, sheets) -> None:
        sheets["Last year"].hide()

    content = book({"Now": [HEAD, HAY], "Last year": [HEAD, DEE]}, hide)
    assert column(read(content), "name") == ["Hay"]
    assert read(content).notes == ("The sheet “Last year” was passed over: it is hidden.",)
    assert column(read(content, sheet="Last year"), "name") == ["Dee"]


def test_names_of_sheets_and_cells_with_marks_of_xml_in_them_are_read() -> None:
    table = read(book({"Adults & <others>": [HEAD, ['O\'Hay & "Dee" <x>', None, 1, "Truro"]]}))
    assert table.sheets == ("Adults & <others>",)
    assert column(table, "name") == ['O\'Hay & "Dee" <x>']


def test_a_workbook_whose_tags_have_a_prefix_is_read_and_looked_at_alike() -> None:
    def prefix(name: str, data: bytes) -> bytes:
        if name != SHEET:
            return data
        for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f", b"dimension", b"sheetViews", b"sheetView",
                    b"sheetFormatPr", b"pageMargins"):  # fmt: skip
            for before in (b"<", b"</"):
                for after in (b" ", b">", b"/"):
                    data = data.replace(before + tag + after, before + b"x:" + tag + after)
        return data.replace(b"xmlns=", b"xmlns:x=")

    content = book({"S": [HEAD, HAY, DEE]}, _formula("C3"))
    assert column(read(repacked(content, prefix)), "amount") == ["12.5", "15"]
    without = repacked(changed(content, SHEET, b"<v>15</v>", b""), prefix)
    assert stray_problem(read(without).rows[1]) is not None


def _two_corners(name: str, data: bytes) -> bytes:
    far = b'<row r="190000"><c r="XFD190000"><v>1</v></c></row></sheetData>'
    return data.replace(b"</sheetData>", far) if name == SHEET else data


def _entity(name: str, data: bytes) -> bytes:
    return data.replace(b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet") if name == SHEET else data


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLD + bytes(600), r"old Excel workbook \(.xls\). Open it in Excel, save it as"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "password. Take the password off"),
        (b"<html><table><tr><td>Surname</td></tr></table></html>", "web page or XML file, whatever its name says"),
        (repacked(GOOD, **{"xl/vbaProject.bin": b"x"}), "macros in it.*Save it as an Excel workbook"),
        (zipped("xl/workbook.bin"), "binary Excel workbook"),
        (zipped("word/document.xml"), "Word document"),
        (zipped("content.xml"), "OpenDocument"),
        (zipped("Index/Document.iwa"), "Apple Numbers"),
        (zipped("holiday.jpg"), "zip file and not a workbook"),
        (GOOD[:-40], "damaged"),
        (repacked(GOOD, _two_corners), "too large to be opened: it has too many cells, a cell far from the others"),
        (repacked(GOOD, _entity), "cannot read how this workbook is put together"),
        (changed(GOOD, "xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"'), "from 1904"),
        (changed(GOOD, SHEET, b'<c r="A2"', b'<c s="0" r="A2"'), "cannot read how this workbook"),
        (book({"S": [["Hay", 3], ["Dee", 4]]}), "no row of headings"),
        (book({"S": [HEAD], "T": []}), "no rows under the headings in row 1"),
        (book({"S": [[*HEAD, "Surname"], HAY]}), "More than one column says the same"),
        (changed(GOOD, "xl/workbook.xml", b"sheetId=", b'state="hidden" sheetId='), "is hidden. Show it in Excel"),
    ],
    ids=["old", "password", "web page", "macros", "binary", "Word", "OpenDocument", "Numbers", "zip", "cut short",
         "two corners", "entities", "1904", "unusual cell", "no headings", "no rows", "twice", "hidden"],
)  # fmt: skip
def test_a_workbook_that_is_not_read_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_120_000_rows_are_read_and_more_than_200_000_are_refused() -> None:
    many = read(book({"S": [HEAD, *([["Hay", "10/12/1970", 12.5, "Truro"]] * 120_000)]}))
    assert (len(many.rows), many.rows[-1].number) == (120_000, 120_001)
    far = b'<row r="250000"><c r="A250000"><v>1</v></c></row></sheetData>'
    with pytest.raises(Unreadable, match="more than 200,000 rows, the most we read"):
        read(changed(GOOD, SHEET, b"</sheetData>", far))


def test_a_bomb_is_not_unpacked() -> None:
    huge = repacked(GOOD, **{"xl/media/image1.png": bytes(500 * 1024 * 1024)})
    assert len(huge) < 2 * 1024 * 1024
    with pytest.raises(Unreadable, match="unpacks to more than 400 MB"):
        read(huge)


def test_a_text_that_every_cell_repeats_is_a_bomb_too() -> None:
    long = ["x" * 30_000, None, 1, "Truro"]
    with pytest.raises(Unreadable, match="too large to be opened"):
        read(book({"S": [HEAD, *([long] * 12_000)]}))


def test_a_part_that_is_larger_than_it_says_is_damaged() -> None:
    # A zip file says twice how large a part is, and a reader may believe either.
    content = bytearray(GOOD)
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable, match=r"damaged|put together"):
        read(bytes(content))


def test_a_password_on_the_zip_itself_is_said() -> None:
    content = bytearray(GOOD)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    with pytest.raises(Unreadable, match="password"):
        read(bytes(content))
