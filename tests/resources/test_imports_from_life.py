"""Caseloads as offices keep them: brought in, taken back and brought in again; or refused in a sentence that helps."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.domain.roles import Role
from phbportal.queries.ledger import check_ledger
from phbportal.services import imports
from phbportal.tables.imports import ImportRow
from phbportal.tables.ledger import LedgerAccount
from phbportal.tables.people import Person
from phbportal.tables.users import User
from tests.admin.bringing import batch, columns, post, tried, worked
from tests.gateways.books import book, changed, repacked
from tests.gateways.offices import AT, DAYS, HEAD, handmade, typed
from tests.gateways.offices import ROWS as OFFICE_ROWS
from tests.pages.opening import OPEN
from tests.support.portal import Portal, portal
from tests.support.world import add_staff

__all__ = ["portal"]
FILES = Path(__file__).parents[1] / "data" / "caseload"
# The world of these tests has an Amina of its own, born the same day.
ROWS = [[cell.replace("1961-02-03", "1962-02-03") for cell in row] for row in OFFICE_ROWS]
WAY = "phbs/caseload"
PEOPLE, STREAMS = 12, 13


@pytest.fixture(autouse=True)
def _case_manager(portal: Portal) -> Any:
    """Whom the files name."""
    if not portal.rows(User, col(User.display_name) == "case.manager"):
        portal.change(lambda uow: add_staff(uow, "case.manager", Role.CASE_MANAGER, portal.world.icb, uow.today))
    yield
    while OPEN:
        OPEN.pop().close()


def text(rows: list[list[str]], delimiter: str = ",", ending: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return out.getvalue()


def each(change: Callable[[int, int, str], str]) -> list[list[str]]:
    """The clean rows with every cell changed: the row's number, the column's, and what stands there."""
    return [HEAD, *([change(n, at, cell) for at, cell in enumerate(row)] for n, row in enumerate(ROWS))]


def in_five_forms(n: int, at: int, cell: str) -> str:
    if at not in DAYS or not cell:
        return cell
    day = date.fromisoformat(cell)
    serial = str((day - date(1899, 12, 30)).days)
    forms = (f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}", f"{day:%d.%m.%Y}", f"{day.day}-{day:%b-%Y}", serial, cell)
    return forms[(n + at) % len(forms)]


def as_people_type(_n: int, at: int, cell: str) -> str:
    """NHS numbers with spaces, pounds with commas, names broken over lines, blanks around everything."""
    if at == AT["nhs_number"] and cell:
        cell = f"{cell[:3]} {cell[3:6]} {cell[6:]}"
    if at in (AT["weekly_amount"], AT["balance"]) and cell:
        cell = f"£{float(cell):,.2f}"
    if at == AT["payee_name"]:
        cell = cell.replace(" ", "\n", 1)
    return f"  {cell} " if cell else "   "


def lost_noughts(_n: int, at: int, cell: str) -> str:
    return cell.lstrip("0") if at == AT["sort_code"] else cell


GOOD: dict[str, Callable[[], bytes]] = {
    "clean": lambda: text([HEAD, *ROWS]).encode(),
    "messy": lambda: (FILES / "messy.csv").read_bytes().replace(b"03/02/1961", b"03/02/1962")
    .replace(b"3 Feb 1961", b"3 Feb 1962"),
    "a byte-order mark": lambda: b"\xef\xbb\xbf" + text([HEAD, *ROWS]).encode(),
    "CP1252 with semicolons": lambda: text([HEAD, *ROWS], ";").replace("Wiśniewska", "Wisniewska")
    .replace("ś", "s").encode("cp1252"),
    "UTF-16 with tabs": lambda: text([HEAD, *ROWS], "\t").encode("utf-16"),
    "days in five forms and as serial numbers": lambda: text(each(in_five_forms)).encode(),
    "line breaks, blanks and pounds": lambda: text(each(as_people_type)).encode(),
    "titles, totals and headings repeated": lambda: text(
        [["PHB caseload 2026"], [], HEAD, *ROWS[:6], [], HEAD, *ROWS[6:], ["Grand total", "", "", "", "", "12,345.67"]]
    ).encode(),
    "a workbook with days and numbers": lambda: book({"Caseload": [HEAD, *map(typed, ROWS)]}),
    "a workbook made by hand": lambda: handmade(ROWS),
}  # fmt: skip


def spoilt_book(spoil: Callable[[Any, dict[str, Any]], None]) -> bytes:
    return book({"Caseload": [HEAD, *ROWS]}, spoil)


def uncached() -> bytes:
    """A formula that nothing has worked out."""
    made = spoilt_book(
        lambda _made, sheets: sheets["Caseload"].write_formula(3, AT["weekly_amount"], "=700+58", None, "")
    )
    return changed(made, "xl/worksheets/sheet1.xml", b"<v></v>", b"")


REFUSED_BY_ROW: dict[str, tuple[Callable[[], bytes], str]] = {
    "broken": (lambda: (FILES / "broken.csv").read_bytes(), "account number"),
    "a sort code that lost its nought": (lambda: text(each(lost_noughts)).encode(), "Sort code: Enter the 6 digits"),
    "merged cells": (
        lambda: spoilt_book(lambda _made, sheets: sheets["Caseload"].merge_range(1, 0, 2, 0, "Amina")),
        "is merged with others. Unmerge them",
    ),
    "a formula nobody worked out": (uncached, "has a formula that was never worked out"),
}
REFUSED_WHOLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "hidden rows": (
        lambda: spoilt_book(lambda _made, sheets: sheets["Caseload"].set_row(4, None, None, {"hidden": True})),
        "Some rows of “Caseload” are hidden",
    ),
}
NOT_TAKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "a web page named .xls": (lambda: b"<html><table><tr><td>First name</td></tr></table></html>", "web page"),
    "a password": (lambda: b"\xd0\xcf\x11\xe0" + b"EncryptedPackage".decode().encode("utf-16-le"), "password"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel workbook"),
    "macros": (
        lambda: repacked(book({"Caseload": [HEAD, *ROWS]}), lambda _n, data: data, **{"xl/vbaProject.bin": b"x"}),
        "macros",
    ),
    "a zip bomb": (
        lambda: repacked(book({"Caseload": [HEAD, *ROWS]}), lambda name, data: data + b" " * 450_000_000
                         if name == "xl/worksheets/sheet1.xml" else data),
        "",
    ),
    "half of a workbook": (lambda: book({"Caseload": [HEAD, *ROWS]})[:3_000], "damaged"),
}  # fmt: skip


def known(portal: Portal) -> list[Person]:
    return portal.rows(Person, col(Person.nhs_number).like("9995%"))


def reasons(portal: Portal, batch_id: UUID) -> str:
    return " ".join(row.reason for row in portal.rows(ImportRow, col(ImportRow.batch_id) == batch_id))


def into_the_portal(portal: Portal, content: bytes) -> UUID:
    """A caseload tried, agreed to by a second person, and brought in."""
    batch_id = tried(portal, content, way=WAY, name="ours.xlsx")
    row = batch(portal, batch_id)
    assert (row.status, row.refused_count) == ("TRIED", 0), (row.problem, reasons(portal, batch_id))
    world = portal.world
    world.do(world.cm, lambda uow: imports.bring_in(uow, batch_id))
    world.do(world.approver, lambda uow: imports.agree_import(uow, batch_id))
    worked(portal)
    assert batch(portal, batch_id).status == "DONE", batch(portal, batch_id).problem
    return batch_id


def out_of_the_portal(portal: Portal, batch_id: UUID) -> None:
    portal.world.do(portal.world.approver, lambda uow: imports.take_back(uow, batch_id))
    worked(portal)
    assert batch(portal, batch_id).status == "UNDONE", batch(portal, batch_id).problem


@pytest.mark.parametrize("name", GOOD)
def test_it_is_brought_in_taken_back_and_brought_in_again(portal: Portal, name: str) -> None:
    content = GOOD[name]()
    held: list[int] = []
    for _twice in range(2):
        batch_id = into_the_portal(portal, content)
        assert batch(portal, batch_id).new_count == STREAMS
        people = known(portal)
        assert len(people) == PEOPLE
        accounts = portal.rows(LedgerAccount, col(LedgerAccount.balance_pence) > 0)
        held.append(sum(one.balance_pence for one in accounts if one.path.endswith(":held")))
        out_of_the_portal(portal, batch_id)
        assert known(portal) == []
    assert held[0] == held[1] == portal.kept("held", lambda _portal: held[0]), (
        "to the penny, whatever the file looks like"
    )
    with portal.world.unit(portal.world.finance, writes=False) as uow:
        assert check_ledger(uow.session) == []


@pytest.mark.parametrize("name", REFUSED_BY_ROW)
def test_it_is_refused_by_row_and_the_rows_are_handed_back_to_mend(portal: Portal, name: str) -> None:
    make, sentence = REFUSED_BY_ROW[name]
    batch_id = tried(portal, make(), way=WAY, name="ours.xlsx")
    row = batch(portal, batch_id)
    assert row.status == "TRIED", row.problem
    assert row.refused_count > 0
    assert sentence in reasons(portal, batch_id)
    answer = portal.signed_in("cm").get(f"{routes.IMPORT_REFUSED}/{batch_id}?kind=CSV")
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert len(rows) == row.refused_count
    assert all(line[heading.index("What to put right")] for line in rows)
    assert known(portal) == []


@pytest.mark.parametrize("name", REFUSED_WHOLE)
def test_it_is_refused_as_a_whole_with_a_sentence_on_its_page(portal: Portal, name: str) -> None:
    make, sentence = REFUSED_WHOLE[name]
    batch_id = tried(portal, make(), way=WAY, name="ours.xlsx")
    assert batch(portal, batch_id).status == "READ"
    assert sentence in batch(portal, batch_id).problem


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_it_is_not_even_taken_and_the_sentence_says_why(portal: Portal, name: str) -> None:
    make, sentence = NOT_TAKEN[name]
    answer = post(portal, make(), way=WAY, name="ours.xls")
    assert answer.status_code == 415, answer.text
    assert sentence in answer.text


def test_a_row_whose_values_moved_on_is_handed_back_so_that_it_is_not_taken_for_right(portal: Portal) -> None:
    """A comma in an address that was not quoted: what stands beyond the headings is handed back beyond the reason."""
    lines = text([HEAD, *ROWS], ending="\n").splitlines()
    lines[1] = lines[1].replace("Okafor-Reyes", "Okafor,Reyes", 1)
    batch_id = tried(portal, "\n".join(lines).encode(), way=WAY, name="ours.csv")
    assert "more cells than there are headings" in reasons(portal, batch_id)
    answer = portal.signed_in("cm").get(f"{routes.IMPORT_REFUSED}/{batch_id}?kind=CSV")
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row[len(heading) - 1].startswith("This row has more cells")
    assert row[len(heading) :] == ["2027-05-10"]
    again = tried(portal, answer.content, way=WAY, name="again.csv")
    assert "more cells than there are headings" in reasons(portal, again)
    assert columns(portal, again) is not None
