"""Which sheets of a workbook are meant: those most likely are proposed, and a person chooses."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from sqlalchemy import delete
from sqlmodel import col

from phbportal import routes
from phbportal.admin.imports.columns_state import ImportColumnsState
from phbportal.admin.imports.reading import look_at, needs_choice, read_file, strange_values
from phbportal.admin.imports.sheets_state import ImportSheetsState
from phbportal.gateways.tabular import Unreadable
from phbportal.resources.everything import EQUIPMENT
from phbportal.resources.providers import OWN_LIST
from phbportal.tables.equipment import Equipment
from phbportal.tables.imports import ImportBatch, ImportMade, ImportRow, ImportWord
from phbportal.tables.settings import Job
from tests.admin import bringing
from tests.admin.bringing import HEADINGS, batch, columns, page_of, post, worked
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal

Rows = Sequence[Sequence[str | int | float]]
(LIST,) = EQUIPMENT.imports


@pytest.fixture(autouse=True)
def _no_equipment(portal: Portal) -> Any:
    yield
    for table in (ImportMade, ImportRow, ImportBatch, ImportWord, Equipment, Job):
        portal.change(lambda uow, t=table: uow.session.execute(delete(t)))


def workbook(hidden: Sequence[str] = (), **sheets: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.replace("_", " "))
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
            if name in hidden:
                sheet.hide()
    return out.getvalue()


def thing(portal: Portal, name: str) -> list[str | int | float]:
    return [portal.budgets["own"], name, "", 10, "2026-04-06"]


def sent(portal: Portal, content: bytes) -> tuple[UUID, str]:
    """The file's id, and the page its sender is led to."""
    answer = post(portal, content, name="ours.xlsx")
    assert answer.status_code == 303, answer.text
    _, _, brought, page = answer.headers["location"].rsplit("/", 3)
    return UUID(brought), page


def sheets_of(portal: Portal, batch_id: UUID, *, subject: str = "cm") -> Opened:
    path = routes.of_import(routes.STAFF_IMPORT_SHEETS, batch_id)
    return opened(portal, subject, ImportSheetsState, path, brought=str(batch_id))


def names(portal: Portal) -> set[str]:
    return {one.name for one in portal.rows(Equipment)}


def test_a_workbook_of_one_list_is_not_asked_about(portal: Portal) -> None:
    content = workbook(List=[HEADINGS, thing(portal, "Hoist")], Notes=[["Ask Ben", "about the ramp"]])
    batch_id, page = sent(portal, content)
    assert page == "columns"
    path = routes.of_import(routes.STAFF_IMPORT_COLUMNS, batch_id)
    page = opened(portal, "cm", ImportColumnsState, path, brought=str(batch_id))
    assert page.var("sheets") == "“List”; left out: “Notes”"
    assert page.var("sheets_href").endswith("/sheets")
    columns(portal, batch_id)
    worked(portal)
    bringing.page_of(portal, batch_id).send("go")
    worked(portal)
    assert names(portal) == {"Hoist"}
    facts = {line["key"]: line["value"] for line in page_of(portal, batch_id).var("lines")}
    assert facts["Sheets"] == "“List”; left out: “Notes”"


def test_sheets_with_the_same_headings_are_proposed_together_and_one_can_be_left_out(portal: Portal) -> None:
    content = workbook(
        Adults=[HEADINGS, thing(portal, "Hoist"), thing(portal, "Ramp")], Children=[HEADINGS, thing(portal, "Bed")],
        Notes=[["Ask Ben", "about the ramp"]], Old=[HEADINGS, thing(portal, "Chair")], hidden=["Old"],
    )  # fmt: skip
    batch_id, page = sent(portal, content)
    assert page == "sheets"
    asked = sheets_of(portal, batch_id)
    assert [one["text"] for one in asked.var("sheets")] == [
        "Adults (2 rows)", "Children (1 row)", "Notes (0 rows)", "Old (1 row, hidden in the workbook)",
    ]  # fmt: skip
    assert asked.var("ticked") == {"s0": "yes", "s1": "yes", "s2": "", "s3": ""}
    refused = asked.submit("save")
    assert asked.after(refused, "errors")["s0"] == "Choose at least one sheet."
    asked.submit("save", s1="yes", s3="yes")
    columns(portal, batch_id)
    worked(portal)
    assert [one["number"] for one in page_of(portal, batch_id).var("rows")] == ["Row 2 of “Children”", "Row 2 of “Old”"]
    page_of(portal, batch_id).send("go")
    worked(portal)
    assert names(portal) == {"Bed", "Chair"}


def test_chosen_sheets_may_have_other_headings_for_the_same_column(portal: Portal) -> None:
    ours, theirs = list(HEADINGS), ["PHB ref", "Thing", "Cost", "Day bought"]
    mine = portal.budgets["own"]
    content = workbook(Ours=[ours, thing(portal, "Hoist")], Theirs=[theirs, [mine, "Bed", 12, "2026-05-04"]])
    batch_id, page = sent(portal, content)
    assert page == "sheets"
    assert sheets_of(portal, batch_id).var("ticked") == {"s0": "yes", "s1": ""}
    sheets_of(portal, batch_id).submit("save", s0="yes", s1="yes")
    page = columns(portal, batch_id, c6="name")  # the others are proposed, in each sheet by itself
    assert page.after(page.frames, "problems") == []
    worked(portal)
    page_of(portal, batch_id).send("go")
    worked(portal)
    assert {(one.name, one.price_pence) for one in portal.rows(Equipment)} == {("Hoist", 1_000), ("Bed", 1_200)}


def test_two_headings_of_one_sheet_for_one_column_are_refused_as_before(portal: Portal) -> None:
    batch_id, _page = sent(portal, workbook(List=[[*HEADINGS, "Thing"], [*thing(portal, "Hoist"), "Bed"]]))
    page = columns(portal, batch_id, c5="name")
    assert "“Name” and “Thing” cannot both be “Name”" in page.after(page.frames, "errors")["c5"]


def test_a_chosen_sheet_without_any_of_the_columns_is_named(portal: Portal) -> None:
    content = workbook(List=[HEADINGS, thing(portal, "Hoist")], Notes=[["Ask Ben", "about the ramp"], ["or", "Sue"]])
    batch_id, _page = sent(portal, content)
    sheets_of(portal, batch_id).submit("save", s0="yes", s1="yes")
    columns(portal, batch_id)
    worked(portal)
    assert (batch(portal, batch_id).status, batch(portal, batch_id).problem) == (
        "READ", "The sheet “Notes” has none of the columns that were chosen. Leave it out.",
    )  # fmt: skip


def test_other_sheets_after_a_try_ask_everything_anew(portal: Portal) -> None:
    content = workbook(Adults=[HEADINGS, thing(portal, "Hoist")], Children=[HEADINGS, thing(portal, "Bed")])
    batch_id, _page = sent(portal, content)
    columns(portal, batch_id)
    worked(portal)
    assert batch(portal, batch_id).new_count == 2
    sheets_of(portal, batch_id).submit("save", s0="yes")
    row = batch(portal, batch_id)
    assert (row.status, row.new_count, row.columns) == ("READ", 0, "{}")
    assert portal.rows(ImportRow, col(ImportRow.batch_id) == batch_id) == []
    page_of(portal, batch_id).send("go")
    assert batch(portal, batch_id).status == "READ", "what was not tried is not brought in"


def test_the_sheets_are_asked_of_the_one_who_brought_the_file(portal: Portal) -> None:
    content = workbook(Adults=[HEADINGS, thing(portal, "Hoist")], Children=[HEADINGS, thing(portal, "Bed")])
    batch_id, _page = sent(portal, content)
    before = batch(portal, batch_id).look
    for subject in ("cm2", "finance", "approver", "auditor"):
        page = sheets_of(portal, batch_id, subject=subject)
        page.submit("save", s0="yes")
    assert batch(portal, batch_id).look == before
    plain = bringing.sent(portal, bringing.as_csv(tuple(map(str, thing(portal, "Bed")))))
    assert sheets_of(portal, plain).var("missing") is True, "a text file has none"


def test_sheets_of_which_none_is_like_ours_are_asked_about() -> None:
    other = [["Kit", "Tag"], ["Hoist", "H-1"]]
    sheets = look_at(workbook(A=other, B=[["One", "Two"], ["x", "y"]]), LIST, {})
    assert [one.proposed for one in sheets] == [True, False]
    assert needs_choice(sheets, LIST, {})
    assert not needs_choice(look_at(workbook(A=other), LIST, {}), LIST, {})


def test_a_workbook_with_everything_hidden_says_so() -> None:
    # A workbook always shows one sheet; here it is an empty one.
    with pytest.raises(Unreadable, match="that says something is hidden"):
        look_at(workbook(Empty=[], Old=[HEADINGS, ["x", "Hoist"]], hidden=["Old"]), LIST, {})


def test_of_sheets_with_other_columns_each_value_is_read_and_named_under_its_own() -> None:
    content = workbook(
        Ours=[["Name", "Kind", "Led by its users"], ["Alder", "Bureau", "yes"], ["Birch", "Odd", "perhaps"]],
        Theirs=[["ULO", "Organisation"], ["no", "'=Cedar"], ["hardly", "Bureau"]],
    )
    said = {"Name": "name", "Kind": "kind", "Led by its users": "user_led", "ULO": "user_led", "Organisation": "name"}
    table = read_file(content, said, {("kind", "bureau"): "PAYROLL_BUREAU"}, ["Ours", "Theirs"])
    assert [row.cells for row in table.rows] == [
        {"name": "Alder", "kind": "PAYROLL_BUREAU", "user_led": "yes"},
        {"name": "Birch", "kind": "Odd", "user_led": "perhaps"},
        {"user_led": "no", "name": "=Cedar"},
        {"user_led": "hardly", "name": "Bureau"},
    ]
    assert strange_values(OWN_LIST, table) == {"kind": ["Odd"], "user_led": ["perhaps", "hardly"]}
